"""Comparing by meaning: what counts as the same, and what does not."""

import pytest

from scim_conformance.client.features import core_features
from scim_conformance.judge import differences
from scim_conformance.judge.compare import instant


@pytest.fixture(scope="module")
def attributes():
    """The attributes of a user with the enterprise extension, as the RFC defines them."""
    features = core_features()
    user = features.resource_type("User")
    return [a for a in features.attributes(user) if not a.parent]


SAME = [
    ({"userName": "Ada@Example.com"}, {"userName": "ada@example.com"}),
    ({"userName": "ada"}, {"username": "ada", "active": True, "id": "1"}),
    ({"title": None, "emails": []}, {}),
    ({"title": None}, {"title": None}),
    ({"name": {"givenName": "Ada"}}, {"name": {"formatted": "Ada L", "givenName": "Ada"}}),
    (
        {"emails": [{"value": "b@x.org"}, {"value": "a@x.org", "type": "home"}]},
        {"emails": [{"type": "home", "value": "A@x.org"}, {"value": "b@x.org", "primary": True}]},
    ),
    ({"phoneNumbers": [{"value": "+1 201 555-0123"}]}, {"phoneNumbers": [{"value": "tel:+1-201-555-0123"}]}),
    ({"profileUrl": "people/1"}, {"profileUrl": "https://scim.test/v2/people/1"}),
    ({"id": "mine", "groups": [{"value": "1"}]}, {"id": "2"}),
    ({"password": "secret"}, {}),
    ({"roles": ["admin"]}, {"roles": [{"value": "admin"}]}),
    ({"schemas": ["a"]}, {"schemas": ["b"]}),
    (
        {"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "R"}},
        {"urn:ietf:params:scim:schemas:extension:enterprise:2.0:user": {"Department": "R"}},
    ),
]
DIFFERENT = [
    ({"userName": "ada"}, {"userName": "bob"}),
    ({"active": True}, {"active": "true"}),
    ({"active": True}, {"active": 1}),
    ({"active": False}, {}),
    ({"name": {"givenName": "Ada"}}, {"name": "Ada"}),
    ({"emails": [{"value": "a@x.org"}]}, {"emails": {"value": "a@x.org"}}),
    ({"emails": [{"value": "a@x.org"}, {"value": "b@x.org"}]}, {"emails": [{"value": "a@x.org"}]}),
    ({"emails": [{"value": "a@x.org", "type": "work"}]}, {"emails": [{"value": "a@x.org", "type": "home"}]}),
    ({"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "R"}}, {"department": "R"}),
    ({"externalId": "Ext-1"}, {"externalId": "ext-1"}),
]


@pytest.mark.parametrize(("sent", "got"), SAME)
def test_the_same_meaning_is_no_difference(attributes, sent, got):
    """Order, letter case where it does not count, unassigned forms, and what was not sent make no difference."""
    assert differences(sent, got, attributes) == []


@pytest.mark.parametrize(("sent", "got"), DIFFERENT)
def test_another_meaning_is_a_difference(attributes, sent, got):
    """A value that was lost, changed or turned into another type is told, with its path."""
    found = differences(sent, got, attributes)
    assert len(found) == 1
    assert found[0].split(":")[0].split(".")[0] in str(sent)


def test_exactness_is_asked_for(attributes):
    """Elements that nobody sent, and values that should be gone, count only where exactness is asked for."""
    sent, got = {"emails": [{"value": "a@x.org"}]}, {"emails": [{"value": "a@x.org"}, {"value": "old@x.org"}]}
    assert differences(sent, got, attributes) == []
    assert "old@x.org" in differences(sent, got, attributes, exact=True)[0]
    assert differences({"title": None}, {"title": "Dr"}, attributes, exact=True) == [
        "title: cleared, came back as 'Dr'"
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2024-05-06T07:08:09Z", "2024-05-06T09:08:09+02:00"),
        ("2024-05-06T07:08:09Z", "2024-05-06T07:08:09.000Z"),
        ("2024-05-06T07:08:09.1234567Z", "2024-05-06T07:08:09.123Z"),
        ("2024-05-06T07:08:09", "2024-05-06T07:08:09Z"),
    ],
)
def test_dates_are_instants(first, second):
    """Two spellings of one instant are the same instant."""
    assert instant(first) == instant(second) is not None


@pytest.mark.parametrize("text", ["2024-05-06", "yesterday", "", "2024-13-01T00:00:00Z"])
def test_a_date_alone_is_no_instant(text):
    """What is no xsd:dateTime has no instant."""
    assert instant(text) is None

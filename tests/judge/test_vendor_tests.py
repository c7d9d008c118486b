"""What the vendors' own tests share: values at a vendor's paths, what counts as the same, and discretion."""

import json

import pytest

from scim_conformance.judge import Violation
from scim_conformance.judge.vendor_tests import ENTERPRISE, keeps, unlike, value_at, veiled

USER = {
    "id": "1",
    "userName": "a@example.com",
    "active": True,
    "name": {"givenName": "Ada"},
    "emails": [{"type": "work", "value": "a@example.com", "primary": True}, {"type": "home", "value": "h@example.com"}],
    "roles": [{"primary": True, "value": "R"}],
    ENTERPRISE: {"department": "D", "manager": {"value": "2"}},
}


class _Journal:
    """Stands for a run's journal that holds one resource."""

    def holds(self, resource):
        """Tell whether it is that one."""
        return resource.get("id") == "own"


class _Scim:
    """Stands for a client, of which only the journal is asked."""

    journal = _Journal()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("userName", "a@example.com"),
        ("USERNAME", "a@example.com"),
        ("name.givenName", "Ada"),
        ('emails[type eq "home"].value', "h@example.com"),
        ('emails[type eq "other"].value', None),
        ('roles[primary eq "True"].value', "R"),
        (f"{ENTERPRISE}:department", "D"),
        (f"{ENTERPRISE}:manager.value", "2"),
        (f"{ENTERPRISE}:division", None),
        ("title", None),
        ("no path at all", None),
    ],
)
def test_values_are_found_at_a_vendors_paths(path, value):
    """The paths that Entra ID sends lead to what they mean, and to nothing where there is nothing."""
    assert value_at(USER, path) == value


def test_a_boolean_may_be_sent_as_text_and_not_come_back_so():
    """The text "True" comes back as true; true does not come back as a text."""
    assert unlike({"active": "True"}, {"active": True}) == []
    assert unlike({"active": True}, {"active": "True"}) != []


def test_each_value_that_does_not_come_back_is_named():
    """Elements are looked for in any order, members in any letter case, and what is missing is named by its place."""
    sent = {"schemas": ["x"], "emails": USER["emails"][::-1], "name": {"givenName": "Ada", "familyName": "L"}}
    found = unlike(sent, USER)
    assert len(found) == 1
    assert found[0].startswith("name.familyName")


def test_values_that_are_not_kept_are_counted():
    """What was sent and is not there is a violation that names the paths."""
    with pytest.raises(Violation, match="1 of the values"):
        keeps(USER, [("userName", "a@example.com"), ("name.givenName", "Bea")])


def test_a_record_keeps_nothing_of_foreign_resources(answer):
    """The values of resources that a run did not create leave its record; its own ones, names and kinds stay."""
    foreign = {"id": "9", "userName": "somebody@corp.example", "active": False, "emails": [{"value": "s@corp.example"}]}
    response = answer(200, {"totalResults": 2, "Resources": [foreign, {"id": "own", "userName": "mine"}]})
    assert veiled(response, _Scim()) is response
    assert response.json["Resources"][0]["userName"] == "somebody@corp.example"
    kept = json.loads(response.exchange.response_body)
    assert b"corp.example" not in response.exchange.response_body
    assert kept["Resources"][0] == {
        "id": "(text)",
        "userName": "(text)",
        "active": False,
        "emails": [{"value": "(text)"}],
    }
    assert kept["Resources"][1] == {"id": "own", "userName": "mine"}


@pytest.mark.parametrize("body", [{"id": "9", "userName": "somebody"}, [{"id": "9", "userName": "somebody"}]])
def test_a_record_of_one_foreign_resource_or_a_bare_list_is_veiled_too(answer, body):
    """A single resource, and a list without its message, are treated like the resources of a list."""
    response = veiled(answer(200, body), _Scim())
    assert b"somebody" not in response.exchange.response_body


def test_errors_stay_in_the_record(answer):
    """An error holds nothing of a resource, and its detail is what is judged."""
    response = veiled(answer(404, {"detail": "nobody", "status": "404"}), _Scim())
    assert b"nobody" in response.exchange.response_body

"""Filters by construction: how they are written, whom they match, and where the answer stays open."""

import pytest

from scim_conformance.client.features import ENTERPRISE, USER, core_features
from scim_conformance.client.served import Attribute
from scim_conformance.judge.filters import And, Comparison, FilterSchema, Group, Not, Or, Present, ValuePath

ANNA = {
    "schemas": [USER, ENTERPRISE],
    "id": "Abc",
    "externalId": "Ext-1",
    "userName": "Anna@example.com",
    "name": {"givenName": "Anna", "familyName": "Berg"},
    "title": "Zo\u00eb's Clerk",
    "nickName": "",
    "active": False,
    "level": 9,
    "since": "2024-03-01T13:00:00+02:00",
    "emails": [
        {"value": "a@example.com", "type": "home", "primary": True},
        {"value": "b@example.org", "type": "work"},
    ],
    "x509Certificates": [{"value": "QUJD"}],
    "profileUrl": "https://example.com/Anna",
    "password": "secret",
    ENTERPRISE: {"department": "Research", "manager": {"value": "Abc"}},
    "meta": {"resourceType": "User", "created": "2024-05-01T10:00:00.123Z"},
}


@pytest.fixture(scope="module")
def schema():
    """What names mean for the RFC's own user, who also has a level and a time since when."""
    features = core_features()
    user = features.resource_type("User")
    more = [Attribute("level", "level", USER, "integer"), Attribute("since", "since", USER, "dateTime")]
    return FilterSchema([*features.attributes(user), *more], user.schema)


def c(text, value):
    """Write a comparison: `c("title eq", "x")`."""
    return Comparison(*text.split(), value)


WRITTEN = [
    (c("title eq", 'Zo\u00eb "Z" \\'), 'title eq "Zo\u00eb \\"Z\\" \\\\"'),
    (c("active eq", True), "active eq true"),
    (c("level gt", 9.5), "level gt 9.5"),
    (Comparison("title", "eq", "A", written='"\\u0041"'), 'title eq "\\u0041"'),
    (And((Present("a"), Or((Present("b"), Present("c"))))), "a pr and (b pr or c pr)"),
    (Or((Present("a"), And((Present("b"), Present("c"))))), "a pr or b pr and c pr"),
    (Not(Present("a")), "not (a pr)"),
    (Not(Present("a"), tight=True), "not(a pr)"),
    (Group(Present("a")), "(a pr)"),
    (ValuePath("emails", And((c("type eq", "work"), Present("value")))), 'emails[type eq "work" and value pr]'),
]


@pytest.mark.parametrize(("tree", "text"), WRITTEN, ids=lambda each: each if isinstance(each, str) else "")
def test_a_filter_is_written_as_the_grammar_has_it(tree, text):
    """Strings stand in JSON, `or` inside `and` in brackets, and nothing else is added."""
    assert tree.text() == text


MATCHING = [
    c("userName eq", "aNNA@example.com"),
    c("USERNAME EQ", "anna@example.com"),
    c(f"{USER}:userName sw", "anna"),
    c(f"{USER.lower()}:name.familyname eq", "berg"),
    c(f"{ENTERPRISE}:department co", "SEARCH"),
    c(f"{ENTERPRISE}:manager.value eq", "Abc"),
    c("externalId eq", "Ext-1"),
    c("externalId ne", "ext-1"),
    c("title ew", "CLERK"),
    c("title gt", "zA"),
    c("name.familyName le", "BERG"),
    c("active eq", False),
    c("active ne", True),
    c("level lt", 10),
    c("level gt", 8.5),
    c("since eq", "2024-03-01T11:00:00Z"),
    c("since lt", "2024-03-01T12:00:00Z"),
    c("meta.created gt", "2024-05-01T11:00:00+02:00"),
    c("emails.type ne", "work"),
    c("emails.type eq", "work"),
    c("emails co", "example.org"),
    c("emails.primary eq", False),
    c("schemas eq", ENTERPRISE),
    c("x509Certificates.value eq", "QUJD"),
    Present("active"),
    Present("name"),
    Present(f"{ENTERPRISE}:manager"),
    ValuePath("emails", And((c("type eq", "work"), c("primary eq", False)))),
    ValuePath("emails", Not(c("type eq", "work"))),
    Not(c("locale eq", "de")),
    Or((Present("locale"), Group(Present("title")))),
    Or((c("locale ne", "de"), Present("title"))),
]
OTHER = [
    c("userName eq", "anna"),
    c("userName ne", "ANNA@example.com"),
    c("externalId eq", "ext-1"),
    c("externalId sw", "EXT"),
    c("locale eq", "de"),
    c("locale gt", "de"),
    c("level eq", 10),
    c("since ge", "2024-03-01T14:00:00+02:00"),
    c("profileUrl eq", "https://example.com/Berta"),
    c("id eq", "abc"),
    Present("nickName"),
    Present("locale"),
    Present("addresses"),
    ValuePath("emails", And((c("type eq", "work"), c("value co", "example.com")))),
    ValuePath("phoneNumbers", Present("value")),
    Not(Present("title")),
    And((c("locale ne", "de"), Present("locale"))),
]
OPEN = [
    c("locale ne", "de"),
    c("locale eq", None),
    c("title eq", None),
    c("noSuch eq", "x"),
    c("userName.sub eq", "x"),
    c("department eq", "Research"),
    c("urn:example:none:title eq", "x"),
    c("password eq", "secret"),
    c("active gt", True),
    c("active eq", "false"),
    c("x509Certificates.value gt", "A"),
    c("level co", "9"),
    c("level eq", "9"),
    c("title eq", 9),
    c("name eq", "Anna"),
    c("title eq", "ZOE\u0308'S CLERK"),
    c("title gt", "Zo\u00ea"),
    c("profileUrl eq", "https://example.com/anna"),
    c("meta.created eq", "2024-05-01T10:00:00.123Z"),
    c("meta.created gt", "2024-05-01T10:00:01Z"),
    c("since gt", "2024-01-01T00:00:00"),
    Present("noSuch"),
    Present("password"),
    ValuePath("name", Present("givenName")),
    ValuePath("noSuch", Present("value")),
    Not(c("locale ne", "de")),
    And((c("locale ne", "de"), Present("title"))),
    Or((c("locale ne", "de"), Present("locale"))),
]


@pytest.mark.parametrize("tree", MATCHING, ids=lambda tree: tree.text())
def test_a_filter_matches(schema, tree):
    """The specifications say that the resource matches."""
    assert tree.matches(ANNA, schema) is True


@pytest.mark.parametrize("tree", OTHER, ids=lambda tree: tree.text())
def test_a_filter_does_not_match(schema, tree):
    """The specifications say that the resource does not match."""
    assert tree.matches(ANNA, schema) is False


@pytest.mark.parametrize("tree", OPEN, ids=lambda tree: tree.text())
def test_what_is_open_stays_open(schema, tree):
    """Where the specifications do not say, or want a refusal, nothing is expected."""
    assert tree.matches(ANNA, schema) is None


@pytest.mark.parametrize(
    ("value", "wanted", "greater"),
    [("b", "a", True), ("ab", "a", True), ("a", "ab", False), ("B", "a", True), ("a1", "a", True), ("9", "a", False)],
)
def test_texts_have_an_order(schema, value, wanted, greater):
    """Letters and digits of ASCII have an order in which letter case does not count where the schema says so."""
    assert c("title gt", wanted).matches({"title": value}, schema) is greater


def test_texts_in_which_case_counts_are_ordered_within_one_case_only(schema):
    """Whether capitals come before small letters is open, since alphabets differ in it."""
    assert c("externalId gt", "EXT").matches({"externalId": "F"}, schema) is True
    assert c("externalId gt", "EXT").matches({"externalId": "f"}, schema) is None

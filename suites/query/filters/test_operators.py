"""The operators of filters on every type of attribute that users have, RFC 7644 section 3.4.2.2, Table 3."""

import pytest

from scim_conformance.judge import note
from scim_conformance.judge.filters import And, Comparison, Present, ValuePath

ordered = pytest.mark.parametrize(
    "operator",
    [
        pytest.param("gt", marks=pytest.mark.requirement("RFC7644-3.4.2.2-16")),
        pytest.param("ge", marks=pytest.mark.requirement("RFC7644-3.4.2.2-18")),
        pytest.param("lt", marks=pytest.mark.requirement("RFC7644-3.4.2.2-20")),
        pytest.param("le", marks=pytest.mark.requirement("RFC7644-3.4.2.2-22")),
    ],
)


GIVEN_ACTIVE = "abcdefh"
"""The users to whom the run gave a value of active, so that none is the target's own."""
AT_HOME = Comparison("emails.type", "eq", "home")


@pytest.mark.requirement("RFC7644-3.4.2.2-11")
def test_ne_finds_other_values(scoped, finds):
    """An ne filter finds the users whose value is another one, and none whose value is the given one."""
    finds(Comparison(scoped.word, "ne", "Clerk"), scoped.word)


@pytest.mark.requirement("RFC7644-3.4.2.2-11")
@pytest.mark.usefixtures("booleans")
def test_ne_with_another_type(finds):
    """An ne filter on a boolean finds the users with the other value."""
    finds(Comparison("active", "ne", True), "active", only=GIVEN_ACTIVE)


@pytest.mark.requirement("RFC7644-3.4.2.2-11", "RFC7644-3.4.2.2-36")
def test_ne_finds_any_other_element(finds, plainly_finds):
    """An ne filter on a multi-valued attribute finds a user as soon as one of the elements has another value."""
    plainly_finds(AT_HOME, "emails.type")
    finds(Comparison("emails.type", "ne", "work"), "emails.type")


@pytest.mark.requirement("RFC7644-3.4.2.2-12")
def test_co_finds_parts(scoped, finds):
    """A co filter finds the users whose value has the given text anywhere in it."""
    finds(Comparison(scoped.word, "co", "Clerk"), scoped.word)
    finds(Comparison(scoped.word, "co", "eta"), scoped.word)


@pytest.mark.requirement("RFC7644-3.4.2.2-13")
def test_sw_finds_beginnings(scoped, finds):
    """An sw filter finds the users whose value begins with the given text, or is that text."""
    finds(Comparison(scoped.word, "sw", "Clerk"), scoped.word)
    finds(Comparison(scoped.word, "sw", "Beta"), scoped.word)


@pytest.mark.requirement("RFC7644-3.4.2.2-13", "RFC7644-3.4.2-01")
def test_sw_finds_user_names(scoped, finds):
    """An sw filter on the beginning of userName finds just the users whose userName begins so."""
    finds(Comparison("userName", "sw", scoped.mark), "userName", whole=True)


@pytest.mark.requirement("RFC7644-3.4.2-06")
def test_a_list_may_be_a_page(scoped, answers):
    """The answer to a query holds all that was found, or a page of it."""
    found = answers.first(scoped.scope).body.get("Resources") or []
    note("a query answers with a page" if len(found) < len(scoped.users) else "a query answers with all it found")


@pytest.mark.requirement("RFC7644-3.4.2.2-14")
def test_ew_finds_endings(scoped, finds):
    """An ew filter finds the users whose value ends with the given text, or is that text."""
    finds(Comparison(scoped.word, "ew", "Clerk"), scoped.word)


@pytest.mark.requirement("RFC7644-3.4.2.2-15")
def test_pr_finds_values(scoped, finds):
    """A pr filter finds the users who have a value, and none who has not."""
    finds(Present(scoped.word), scoped.word)


@pytest.mark.requirement("RFC7644-3.4.2.2-15")
def test_pr_finds_false(finds):
    """A pr filter finds the users whose value is false: that is a value."""
    finds(Present("active"), "active", only=GIVEN_ACTIVE)


@pytest.mark.requirement("RFC7644-3.4.2.2-15")
def test_pr_finds_complex_values(finds):
    """A pr filter on a complex attribute finds the users who have anything in it, and none who has nothing."""
    finds(Present("emails"), "emails")


@ordered
@pytest.mark.usefixtures("names")
def test_order_of_texts(finds, operator):
    """A text is greater than another by the order of letters."""
    finds(Comparison("name.givenName", operator, "Carla"), "name.givenName")


@ordered
def test_order_of_numbers(scoped, finds, operator):
    """A number is greater than another by its value, not by its digits."""
    numbers = scoped.typed("integer", "decimal")
    if not numbers:
        pytest.skip("unsupported: users have no number that clients may set")
    for path in numbers:
        whole = scoped.attribute(path).type == "integer"
        finds(Comparison(path, operator, 10 if whole else 10.5), path)


@pytest.mark.requirement("RFC7644-3.4.2.2-10")
def test_eq_of_other_types(scoped, finds):
    """An eq filter finds numbers, instants and references by their value."""
    by_type = {"integer": 9, "decimal": 9.5, "dateTime": "2024-03-01T11:00:00Z"}
    for path in scoped.typed(*by_type):
        finds(Comparison(path, "eq", by_type[scoped.attribute(path).type]), path)
    finds(Comparison("profileUrl", "eq", scoped["b"].sent.get("profileUrl", "")), "profileUrl")


@pytest.mark.requirement("RFC7643-2.4-01", "RFC7644-3.4.2.2-36")
def test_elements_are_complex_values(finds):
    """The elements of a multi-valued attribute are complex values, whose sub-attributes can be filtered."""
    finds(AT_HOME, "emails.type")


@pytest.mark.requirement("RFC7643-2.4-04")
@pytest.mark.usefixtures("booleans")
def test_primary_is_false_unless_given(finds, plainly_finds, brackets, work_and_primary):
    """An element of which primary was not given is not primary, in square brackets too."""
    plainly_finds(AT_HOME, "emails.type")
    finds(Comparison("emails.primary", "eq", True), "emails.primary")
    finds(Comparison("emails.primary", "eq", False), "emails.primary")
    if brackets.status == 200:
        plainly_finds(work_and_primary, "emails.primary")
        work = (Comparison("type", "eq", "work"), Comparison("primary", "eq", False))
        finds(ValuePath("emails", And(work)), "emails.type")


@pytest.mark.requirement("RFC7644-3.4.2.2-33")
def test_booleans_stand_without_quotes(finds):
    """A filter compares a boolean with true and false as JSON writes them."""
    finds(Comparison("active", "eq", False), "active")


@pytest.mark.requirement("RFC7644-3.4.2.2-38")
@pytest.mark.usefixtures("booleans")
def test_defaulted_attributes_are_found_as_shown(scoped, finds):
    """A filter finds an attribute that the target defaulted by the value that it showed to the client."""
    defaulted = scoped["g"].shown.get("active")
    if not isinstance(defaulted, bool) or "active" in scoped["g"].sent:
        pytest.skip("unsupported: the target gives a user no active of its own")
    finds(Comparison("active", "eq", defaulted), only="g")
    finds(Present("active"), only="g")

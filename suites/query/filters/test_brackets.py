"""Filters in square brackets on the elements of a multi-valued attribute, RFC 7644 section 3.4.2.2, Table 5."""

import pytest

from scim_conformance.judge import expect, note, warn
from scim_conformance.judge.filters import And, Comparison, Not, Or, ValuePath

WORK = Comparison("type", "eq", "work")
PRIMARY = Comparison("primary", "eq", True)


@pytest.fixture
def bracketed(brackets, plainly_finds):
    """Filters in square brackets: the check does not apply where they are refused (A94)."""
    if brackets.status in (400, 501):
        pytest.skip("unsupported: the target refuses filters in square brackets, which it may")
    plainly_finds(Comparison("emails.primary", "eq", True), "emails.primary")


@pytest.mark.requirement("RFC7644-3.4.2.2-28")
def test_square_brackets_are_answered_or_refused(brackets):
    """A filter in square brackets is answered, or refused with 400 invalidFilter."""
    if brackets.status == 200:
        note("the target supports filters in square brackets")
        return
    expect(brackets).refused(400, scim_type="invalidFilter")
    warn(
        "Filters in square brackets are not supported, although ServiceProviderConfig advertises filters.",
        expected=["a list: clients look for emails[type eq ...]"],
        actual=f"status {brackets.status}",
    )


@pytest.mark.requirement("RFC7644-3.4.2.2-29")
@pytest.mark.usefixtures("bracketed")
def test_one_element_meets_all_conditions(finds, work_and_primary):
    """The conditions in square brackets apply to one and the same element."""
    finds(work_and_primary, "emails.type")


@pytest.mark.requirement("RFC7644-3.4.2.2-31")
@pytest.mark.usefixtures("bracketed")
def test_brackets_hold_or_and_groups(finds):
    """Square brackets may hold or, and and round brackets."""
    home = Comparison("type", "eq", "home")
    finds(ValuePath("emails", And((Or((WORK, home)), PRIMARY))), "emails.type")


@pytest.mark.requirement("RFC7644-3.4.2.2-31")
@pytest.mark.usefixtures("bracketed")
def test_brackets_hold_not(finds):
    """Square brackets may hold not."""
    finds(ValuePath("emails", Not(WORK)), "emails.type")


INVALID = {
    "nothing": "emails[]",
    "no-value": "emails[type eq]",
    "not-closed": 'emails[type eq "work"',
}


@pytest.mark.requirement("RFC7644-3.4.2.2-30")
@pytest.mark.parametrize("which", INVALID)
@pytest.mark.usefixtures("bracketed")
def test_invalid_text_in_brackets_is_refused(scoped, scim, which):
    """What stands in square brackets has to be a filter: anything else is refused with 400 invalidFilter."""
    response = scim.query("User", f"{scoped.scope} and {INVALID[which]}", count=1)
    expect(response).refused(400, scim_type=("invalidFilter", "invalidSyntax"))

"""Filters joined by and, or and not, grouped by round brackets, RFC 7644 section 3.4.2.2, Tables 4 and 5."""

import pytest

from scim_conformance.judge import warn
from scim_conformance.judge.filters import And, Comparison, Not, Or


@pytest.fixture
def named(scoped):
    """Write the filter that finds one user of the population, or nobody: `named("a")`."""
    return lambda letter: Comparison("userName", "eq", f"{scoped.mark}{letter}@example.com")


NOBODY = "z"


def no_clerk(scoped):
    """Write the filter on all but the clerks."""
    return Not(Comparison(scoped.word, "eq", "Clerk"))


@pytest.fixture
def either(scoped, named):
    """A plain filter with or: one user by both sides, one by one side alone."""
    return Or((named("a"), named("b"), Comparison("userName", "sw", f"{scoped.mark}a")))


@pytest.mark.requirement("RFC7644-3.4.2.2-25", "RFC7644-3.4.2.2-08")
def test_or_needs_one_side(finds, either):
    """A filter with or finds the users who match either side, or both."""
    finds(either, whole=True)


@pytest.mark.requirement("RFC7644-3.4.2.2-26")
def test_not_turns_round(scoped, finds):
    """A filter with not finds the users who do not match what stands in the brackets, those without a value among them.

    The expression is false for them, since `eq` asks for an identical value.
    """
    finds(no_clerk(scoped), scoped.word)


@pytest.mark.requirement("RFC7644-3.4.2.2-26")
@pytest.mark.usefixtures("booleans")
def test_not_takes_the_whole_bracket(scoped, finds, plainly_finds, either):
    """A filter with not turns round all that stands in the brackets."""
    plainly_finds(either, whole=True)
    clerk, inactive = Comparison(scoped.word, "eq", "Beta Clerk"), Comparison("active", "eq", False)
    finds(Not(Or((clerk, inactive))), scoped.word, "active")


@pytest.mark.requirement("RFC7644-3.4.2.2-26")
def test_not_may_stand_at_the_bracket(scoped, answers, finds, plainly_finds):
    """A filter with not directly before the bracket is understood, as the grammar writes it without a blank."""
    plainly_finds(no_clerk(scoped), scoped.word)
    tree = Not(no_clerk(scoped).part, tight=True)
    response = answers.first(And((scoped.within, tree)).text())
    if response.status == 400:
        warn(
            "not without a blank before the bracket is refused.",
            expected=["a list: erratum 7319 allows a blank, which the grammar does not have"],
            actual=f"status {response.status}",
        )
        return
    finds(tree, scoped.word)


@pytest.mark.requirement("RFC7644-3.4.2.2-35", "RFC7644-3.4.2.2-27", "RFC7644-3.4.2.2-09")
@pytest.mark.usefixtures("booleans")
def test_brackets_change_the_order(finds, plainly_finds, named, either):
    """Round brackets let or be evaluated before and."""
    plainly_finds(either, whole=True)
    finds(And((Or((named("b"), named("a"))), Comparison("active", "eq", True))), "active", whole=True)


@pytest.mark.requirement("RFC7644-3.4.2.2-35")
def test_and_binds_more_than_or_on_the_right(finds, plainly_finds, named, either):
    """A filter `a or b and c` means `a or (b and c)`."""
    plainly_finds(either, whole=True)
    finds(Or((named("a"), And((named("b"), named(NOBODY))))), whole=True)


@pytest.mark.requirement("RFC7644-3.4.2.2-35")
def test_and_binds_more_than_or_on_the_left(finds, plainly_finds, named, either):
    """A filter `a and b or c` means `(a and b) or c`."""
    plainly_finds(either, whole=True)
    finds(Or((And((named(NOBODY), named("b"))), named("c"))), whole=True)


@pytest.mark.requirement("RFC7644-3.4.2.2-35")
@pytest.mark.usefixtures("booleans")
def test_not_binds_more_than_and(scoped, finds, plainly_finds):
    """A filter `not (a) and b` means `(not (a)) and b`."""
    plainly_finds(no_clerk(scoped), scoped.word)
    finds(And((no_clerk(scoped), Comparison("active", "eq", False))), scoped.word, "active")

"""What the checks of filters share: whom a filter has to find, and the plain filters that others stand on."""

import json
from typing import Any

import pytest

from scim_conformance.judge import Blocked, Violation
from scim_conformance.judge.filters import And, Comparison, Filter, FilterSchema, ValuePath


@pytest.fixture(scope="session")
def filter_schema(scim_session, features):
    """What names mean in filters on users, as the target serves its schemas."""
    return FilterSchema.of(features, scim_session.baseline.resource_type("User"))


@pytest.fixture
def finds(scoped, answers, filter_schema):
    """Expect that a filter, joined by `and` with the scope, finds the users that match it: `finds(tree, "title")`.

    The attributes named are those that users have to be kept with. With `whole` the filter is sent as it is; `only`
    names the users who are judged.
    """

    def judge(tree: Filter, *needed: str, whole: bool = False, only: str = "") -> None:
        scoped.require(*needed)
        filter_ = (tree if whole else And((scoped.within, tree))).text()
        wanted = {letter: tree.matches(scoped[letter].shown, filter_schema) for letter in only or scoped.users}
        if set(wanted.values()) == {None}:
            raise Blocked(f"the target shows nothing by which to tell whom the filter {tree.text()} is to find")
        found = scoped.letters(answers.ids(filter_))
        for letter, answer in wanted.items():
            if answer is not None and answer != (letter in found):
                seen = _seen(scoped[letter], needed)
                raise Violation(
                    f"The filter {filter_} {'does not find' if answer else 'finds'} a user that "
                    f"{'matches' if answer else 'does not match'}.",
                    expected=[f"{'found' if answer else 'not found'}: {seen}"],
                    actual=f"found {', '.join(scoped[each].shown.get('userName') or each for each in found) or 'none'}",
                )

    return judge


@pytest.fixture
def plainly_finds(finds):
    """Block a check where a plainer filter, which another check judges, does not find those who match it."""

    def judge(tree: Filter, *needed: str, whole: bool = False) -> None:
        try:
            finds(tree, *needed, whole=whole)
        except Violation as violation:
            raise Blocked(f"a plain filter does not work: {violation}") from violation

    return judge


@pytest.fixture(scope="session")
def work_and_primary():
    """A filter in square brackets: on users with an address that is both for work and the primary one."""
    return ValuePath("emails", And((Comparison("type", "eq", "work"), Comparison("primary", "eq", True))))


@pytest.fixture
def brackets(scoped, answers, work_and_primary):
    """The answer to a plain filter in square brackets."""
    return answers.first(And((scoped.within, work_and_primary)).text())


@pytest.fixture
def booleans(scoped, plainly_finds):
    """Booleans in filters: blocked where users are not found by a plain one."""
    if scoped.keeps("active"):
        plainly_finds(Comparison("active", "eq", False), "active")


@pytest.fixture
def names(scoped, plainly_finds):
    """Sub-attributes of names in filters: blocked where users are not found by a plain one."""
    if scoped.keeps("name.familyName"):
        plainly_finds(Comparison("name.familyName", "eq", "Berg"), "name.familyName")


def _seen(member: Any, needed: Any) -> str:
    """Show what counts of a user."""
    names = {"userName"} | {path.partition(".")[0] for path in needed if not path.lower().startswith("urn:")}
    urns = {name for name in member.shown if any(path.lower().startswith(name.lower() + ":") for path in needed)}
    return json.dumps({name: member.shown.get(name) for name in sorted(names | urns)}, ensure_ascii=False)

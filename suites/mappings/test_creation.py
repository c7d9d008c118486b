"""What a mapping provisions on creation: it comes back, is found, and stays as it is."""

from itertools import chain

import pytest

from scim_conformance.idp.arrivals import broken, fairly, judge, kept, row_of
from scim_conformance.idp.provisioning import comparable
from scim_conformance.judge import Blocked, HarnessError, Violation, expect, note, warn


@pytest.mark.requirement("MAPPING-14")
def test_everything_is_created_at_once(whole, mapped):
    """One POST with everything that is mapped is accepted."""
    for response in whole(mapped, "created").values():
        if response is not None:
            expect(response).success()


@pytest.mark.requirement("MAPPING-16")
def test_the_schema_has_a_place(rounds, mapping_line):
    """Each row of the mapping can be used: its target path is in the served schema."""
    if mapping_line.problem is not None:
        raise HarnessError(f"{mapping_line.mapping.path}, {mapping_line.problem}")
    row = row_of(mapping_line)
    problem = rounds.way(mapping_line.mapping, row.object).unserved.get(row.target)
    if problem is None:
        return
    if not row.evidence:  # a row of the operator's own
        warn(f"The value of {row.words} is lost: {problem}", expected=[f"an attribute {row.target}"], actual="none")
    raise Violation(f"The value of {row.words} has no place: {problem}", expected=[f"an attribute {row.target}"])


@pytest.mark.requirement("MAPPING-01")
def test_the_value_comes_back(on, mapped_row):
    """A provisioned value comes back through GET at the target path of its row."""
    way, step = on(mapped_row, "created")
    with fairly(mapped_row):
        judge(mapped_row, way, step, step.first_shown(row_of(mapped_row).target), "on creation")


@pytest.mark.requirement("MAPPING-02")
def test_the_value_comes_back_in_a_list(on_sound, mapped_row):
    """The answer to the matching filter shows a provisioned value as GET does."""
    way, step = on_sound(mapped_row, "created")
    kept(mapped_row, way, step)
    listed = next((each for each in chain(*step.found.values()) if each.get("id") == step.id), None)
    if listed is None:
        raise Blocked("the search by the matching attribute does not find what was created")
    with fairly(mapped_row):
        judge(mapped_row, way, step, listed, "in the list that the matching filter is answered with")


@pytest.mark.requirement("MAPPING-03")
def test_the_matching_attribute_finds_it(on_sound, matching_row):
    """A filter on a matching attribute finds the object that was provisioned, and no other."""
    _, step = on_sound(matching_row, "created")
    row = row_of(matching_row)
    found = [each.get("id") for each in step.found[row.target]]
    if found != [step.id]:
        raise Violation(
            f"Searching by {row.target} does not find what was provisioned.",
            expected=[f'{row.target} eq "{comparable(row, step.wanted[row.target])}" finds one: {step.id}'],
            actual=f"found: {', '.join(map(str, found)) or 'nothing'}",
        )


@pytest.mark.requirement("MAPPING-06")
def test_a_second_cycle_sends_nothing(on_sound, mapped_row):
    """A second cycle with nothing changed sends nothing of this row."""
    kept(mapped_row, *on_sound(mapped_row, "created"))
    _, step = on_sound(mapped_row, "again")
    row, shown = row_of(mapped_row), step.shown()
    value, stored = comparable(row, step.wanted[row.target]), row.stored(shown)
    with fairly(mapped_row):
        if row.target in step.sent and mapped_row.mapping.idp == "entra":
            raise broken(mapped_row, step, shown, "is not stored as it was sent, so that every cycle sends it again")
        if row.target in step.sent:
            # Okta compares with what it knows itself, so it writes only after the next import.
            warn(str(broken(mapped_row, step, shown, "is not stored as it was sent, which an import brings back")))
        elif value != stored:
            note(f"{row.target} is kept in another letter case: sent {value!r}, stored {stored!r}")

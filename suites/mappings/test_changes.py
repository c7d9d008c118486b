"""What a mapping provisions later: a value that changes arrives, one that is cleared goes, and others stay."""

import pytest

from scim_conformance.idp.arrivals import arrived, broken, fairly, judge, row_of, shown
from scim_conformance.idp.targets import MISSING
from scim_conformance.judge import expect, note, warn


@pytest.mark.requirement("MAPPING-15")
def test_everything_is_changed_at_once(whole, mapped):
    """One request with all changes of a person is accepted."""
    answers = [*whole(mapped, "changed").values(), *whole(mapped, "cleared").values()]
    for response in answers:
        if response is not None:
            expect(response).success()


@pytest.mark.requirement("MAPPING-04")
def test_a_changed_value_arrives(on, on_sound, changing_row):
    """A changed source value arrives at the target path of its row."""
    way, before = on_sound(changing_row, "again")
    row, judged = row_of(changing_row), 0
    for name in ("changed", "switched") if row.object == "user" else ("changed",):
        _, step = on(changing_row, name)
        if step.wanted.get(row.target) != before.wanted.get(row.target):
            judged += 1
            with fairly(changing_row):
                judge(changing_row, way, step, step.shown(), "when it was changed")
        before = step
    assert judged, "the people of this mapping have no other value for the row"


@pytest.mark.requirement("MAPPING-07")
def test_other_values_stay(on_sound, staying_row):
    """A change of another mapped value leaves this one as it was."""
    row = row_of(staying_row)
    way, created = on_sound(staying_row, "created")
    _, step = on_sound(staying_row, "touched")
    if created.early is None and not step.sent:
        pytest.skip("unsupported: the target has no place for a value that could change by itself")
    with fairly(staying_row):
        for each, request in ((created, "references alone"), (step, f"{', '.join(step.sent)} alone")):
            if not arrived(way, row, each, each.shown()):
                raise broken(staying_row, each, each.shown(), f"changed with a request that was about {request}")


@pytest.mark.requirement("MAPPING-05")
def test_a_cleared_value_goes(on, on_sound, clearing_row):
    """A value whose source was cleared goes from the target path of its row."""
    way, before = on_sound(clearing_row, "switched")
    _, step = on(clearing_row, "cleared")
    row = row_of(clearing_row)
    stored = row.stored(step.shown())
    gone = step.wanted[row.target] is MISSING
    if gone and stored == "":
        note(f"{row.target} is kept as an empty text when its value is cleared")
    if gone and stored is not MISSING and clearing_row.mapping.idp == "okta":
        left_out(row, stored, row.stored(before.shown()))
        return
    with fairly(clearing_row):
        judge(clearing_row, way, step, step.shown(), "when its source was cleared")


def left_out(row, stored, former):
    """Tell what became of a value that a PUT leaves out: it may be kept, or a default may take its place (A01)."""
    if stored == former:
        expected = ["no value, as the replacement has none"]
        warn(f"{row.target} keeps what a PUT leaves out.", expected=expected, actual=shown(stored))
    else:
        note(f"{row.target} has a default where a PUT leaves it out: {shown(stored)}")

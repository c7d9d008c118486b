"""Attributes without a value, RFC 7643 section 2.5: absent, null and an empty array are one state."""

import pytest

from scim_conformance.judge import Blocked, note, warn
from scim_conformance.judge.compare import empty, same
from scim_conformance.judge.expect import member_of
from scim_conformance.judge.values import found_in, visible


@pytest.mark.requirement("RFC7643-2.5-01")
def test_null_and_empty_arrays_unassign_every_attribute(specimen, blame):
    """A PUT with null, or an empty array, for each attribute that need not be there takes all values away."""
    step, stored, changed = specimen.emptied, specimen.stored(), specimen.replaced
    if step.refused:
        status = next(iter(step.refused.values())).status
        warn(
            "PUT refuses null or an empty array.",
            expected=["null taken as: no value"],
            actual=f"status {status}: {', '.join(sorted(step.refused))}",
        )
    left: list[str] = []
    defaults: list[str] = []
    for path in step.sent:
        attribute = specimen.by_path[path]
        shown = found_in(step.shown, attribute)
        if path not in stored or not visible(attribute) or empty(shown):
            continue
        if path in changed.refused or (
            path in changed.sent and specimen.kept(changed, path)
        ):  # whatever PUT says of it is ignored
            continue
        # A provider may put a default in its place (RFC 7644 section 3.5.1), which of a boolean may well be the same.
        old = attribute.type != "boolean" and same(step.before[path], shown, attribute)
        (left if old else defaults).append(path)
    if defaults:
        note(f"A default takes the place of null in {', '.join(defaults)}.")
    blame(left, "A value is still there after null or an empty array.", expected="no value, or a default")


@pytest.mark.requirement("RFC7643-2.5-03")
def test_how_unassigned_attributes_are_shown(specimen):
    """An attribute without a value is left out, or shown as null or an empty array."""
    step = specimen.emptied
    if not step.sent:
        raise Blocked("no attribute could be taken away")
    shown = [path for path in step.sent if ":" not in path and path in step.shown]
    nothing = [path for path in shown if empty(member_of(step.shown, path))]
    if nothing:
        note(f"Attributes without a value are shown as null or an empty array: {', '.join(nothing[:4])} ...")

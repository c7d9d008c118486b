"""How resources are written in JSON, RFC 7643 sections 2.1 and 2.3.8: names, and the order of members."""

from typing import Any

import pytest

from scim_conformance.judge import Blocked, Violation, differences, expect
from scim_conformance.judge.values import assembled


@pytest.mark.requirement("RFC7643-2.3.8-01")
def test_the_order_of_members_does_not_count(specimen, blame):
    """A POST whose objects have their members in another order creates the same resource."""
    step = specimen.repeated
    first = next(iter(step.body), "")
    if first == "schemas":
        raise Violation(
            "A POST was refused whose members are in reverse order, and accepted in the usual one.",
            expected=["status 201"],
            actual=f"the first member that is accepted is {first}",
        )
    stored = specimen.stored()
    wrong = [each for path in step.sent if path in stored for each in specimen.kept(step, path)]
    blame(wrong, "A value was lost with the order of members.", expected="the values that were sent")


@pytest.mark.requirement("RFC7643-2.1-03")
def test_letter_case_of_names_does_not_count(scim, scim_session, specimen, specimens):
    """A POST whose attribute names are written in other letter case is understood as if they were not."""
    stored, fresh = specimen.stored(), specimen.values(0)
    values = {path: fresh[path] for path in specimen.created.sent if path in fresh}
    body = assembled(specimen.resource_type, values, specimen.attributes)
    response = scim.create(specimen.resource_type, swapped(body))
    made = scim_session.baseline.created(response, specimen.resource_type)
    if made is None:
        expect(response).success()
        raise Blocked("the answer to POST does not tell the id of the new resource")
    specimens.keep(made)
    plain = assembled(specimen.resource_type, {p: v for p, v in values.items() if p in stored}, specimen.attributes)
    lost = differences(plain, made, specimen.attributes)
    expect(response).where(not lost, expected="the values that were sent", actual="; ".join(lost[:4]))


def swapped(body: Any) -> Any:
    """Swap the letter case of a body's names, but for schemas and the URIs of extensions, and leave values alone."""
    if isinstance(body, list):
        return [swapped(each) for each in body]
    if not isinstance(body, dict):
        return body
    kept = {name: value for name, value in body.items() if name == "schemas"}
    return kept | {
        name if ":" in name else name.swapcase(): swapped(value) for name, value in body.items() if name not in kept
    }

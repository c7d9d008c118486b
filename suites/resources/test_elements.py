"""Elements of multi-valued attributes, RFC 7643 section 2.4: complex values whose parts are shown and changed alone."""

import json
from typing import Any

import pytest

from scim_conformance.judge import Violation, expect, note, warn
from scim_conformance.judge.compare import empty, same
from scim_conformance.judge.expect import member_of
from scim_conformance.judge.values import found_in, in_extension, refers, seen, visible


@pytest.fixture
def listed(specimen):
    """The multi-valued complex attributes of which the first resource shows the elements that it was given."""
    stored = specimen.stored()
    found = [
        specimen.by_path[path]
        for path in sorted(stored)
        if specimen.by_path[path].multi_valued and specimen.by_path[path].type == "complex"
    ]
    if not found:
        pytest.skip(f"unsupported: {specimen.resource_type.name} keeps no elements with sub-attributes")
    return found


@pytest.mark.requirement("RFC7643-2.4-01")
def test_sub_attributes_of_elements_are_shown_alone(scim, specimen, listed):
    """A GET that asks for one sub-attribute of elements shows it in every element, and nothing else of them."""
    chosen = {}
    for attribute in listed:
        sub = next((each for each in attribute.sub_attributes if each.name == "value" and visible(each)), None)
        if sub is not None and all(
            member_of(each, "value") is not None for each in found_in(specimen.created.shown, attribute)
        ):
            chosen[attribute.path] = attribute
    if not chosen:
        pytest.skip(f"unsupported: no elements of {specimen.resource_type.name} have a value")
    response = scim.read(specimen.first, attributes=",".join(f"{path}.value" for path in chosen))
    shown = expect(response).success().json_object().response.json
    for path, attribute in chosen.items():
        wanted = [member_of(each, "value") for each in found_in(specimen.created.shown, attribute)]
        elements = found_in(shown, attribute)
        elements = [each for each in elements if isinstance(each, dict)] if isinstance(elements, list) else []
        got = [member_of(each, "value") for each in elements]
        if sorted(map(str, got)) != sorted(map(str, wanted)):
            raise Violation(
                f"A GET with attributes={path}.value does not show the values of the elements.",
                expected=[f"{path} with the values {json.dumps(wanted)}"],
                actual=f"{path} = {json.dumps(found_in(shown, attribute))[:200]}",
            )
        always = {"value", *(sub.name for sub in attribute.sub_attributes if sub.returned == "always")}
        more = sorted({name for each in elements for name in each if name not in always and not empty(each[name])})
        if more:  # A45
            warn(f"A GET with attributes={path}.value shows {', '.join(more)} too.", expected=["value alone"])


@pytest.mark.requirement("RFC7643-2.4-01")
@pytest.mark.usefixtures("patches")
def test_sub_attributes_of_one_element_are_changed_alone(scim, specimen, listed, read):
    """A PATCH of a sub-attribute of one element, selected by its type, changes that one and no other."""
    operations, wanted = [], {}
    for attribute in listed:
        change = selected(attribute, found_in(specimen.created.shown, attribute))
        if change is None or in_extension(attribute):
            continue
        label, sub = change
        value = f"Changed {specimen.resource_type.name} {label}"
        operations.append(
            {"op": "replace", "path": f"{attribute.path}[type eq {json.dumps(label)}].{sub.name}", "value": value}
        )
        wanted[attribute.path] = (attribute, label, sub, value)
    if not operations:
        pytest.skip(f"unsupported: no elements of {specimen.resource_type.name} have a type and a further text")
    before = {path: found_in(specimen.created.shown, each[0]) for path, each in wanted.items()}
    response = scim.modify(specimen.first, *operations)
    expect(response).success()
    shown = read(specimen.first)
    for path, (attribute, label, sub, value) in wanted.items():
        now = found_in(shown, attribute)
        others = [each for each in before[path] if member_of(each, "type") != label]
        left = [each for each in now or [] if member_of(each, "type") != label]
        texts = [member_of(each, sub.name) for each in now or [] if member_of(each, "type") == label]
        if texts != [value] or not same(others, left, attribute) or len(others) != len(left):
            raise Violation(
                f"A PATCH of {path}[type eq {json.dumps(label)}].{sub.name} did something else.",
                expected=[f"{sub.name} = {value!r} in that element, and the others as they were"],
                actual=f"{path} = {json.dumps(now)[:300]}",
            )


def selected(attribute: Any, elements: Any) -> Any:
    """Choose an element by its type, and a text in it that can be changed freely; None where there is none."""
    if refers(attribute) or not isinstance(elements, list):
        return None
    labels = [member_of(each, "type") for each in elements if isinstance(each, dict)]
    label = next((each for each in labels if isinstance(each, str) and labels.count(each) == 1), None)
    free = [
        sub
        for sub in attribute.sub_attributes
        if (sub.type, sub.mutability, sub.multi_valued) == ("string", "readWrite", False)
        and not sub.canonical_values
        and sub.name.lower() in ("display", "formatted", "name", "description", "locality")
        and visible(sub)
    ]
    return (label, free[0]) if label and free else None


@pytest.mark.requirement("RFC7643-2.4-03")
def test_no_two_elements_are_primary(specimen, shown, blame):
    """No attribute of a resource is shown with more than one element that is primary, after POST, PUT and PATCH."""
    twice = [
        attribute.path
        for body in shown
        for attribute in specimen.all
        if attribute.multi_valued
        and sum(each.attribute.name == "primary" and each.value is True for each in seen(body, [attribute])) > 1
    ]
    blame(dict.fromkeys(twice), "Several elements are primary.", expected="at most one element with primary true")


@pytest.mark.requirement("RFC7643-2.4-09")
def test_one_value_of_two_types(scim, specimen, listed, read):
    """Elements with the same value and another type are kept, merged or refused."""
    attribute = next(
        (each for each in listed if each.name in ("emails", "phoneNumbers") and not in_extension(each)), None
    )
    labels = next((s.canonical_values for s in attribute.sub_attributes if s.name == "type"), ()) if attribute else ()
    if attribute is None or len(labels) < 2:
        pytest.skip(f"unsupported: {specimen.resource_type.name} has no elements that are told apart by their type")
    value = specimen.values(0)[attribute.path][0]["value"]
    given = [{"value": value, "type": label} for label in labels[:2]]
    fact_of = scim.modify(specimen.second, {"op": "replace", "path": attribute.path, "value": given})
    if not fact_of.is_success:
        note(f"The same value under two types is refused in {attribute.path}: {fact_of.status}.")
        return
    shown = found_in(read(specimen.second), attribute)
    note(f"The same value under two types becomes {len(shown or [])} elements of {attribute.path}.")

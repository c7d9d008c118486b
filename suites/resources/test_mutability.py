"""Mutability, RFC 7643 section 7: what POST, PUT and PATCH make of each attribute by who may write it, and when."""

import json
from typing import Any

import pytest

from scim_conformance.judge import Blocked, Violation, expect, note, warn
from scim_conformance.judge.compare import same
from scim_conformance.judge.expect import member_of
from scim_conformance.judge.values import COMMON, assembled, found_in, refers, seen, visible

MARK = "invented-by-scim-conformance"


@pytest.fixture
def judge_change(specimen, unstated, blame):
    """Judge one change of all attributes: each that is stored, and was taken in, has its new value."""

    def judge(step: Any, how: str, rows: Any) -> None:
        mutable = [path for path, response in step.refused.items() if _scim_type(response) == "mutability"]
        stored = specimen.stored()
        for path in [*step.sent, *mutable]:
            attribute = specimen.by_path[path]
            if path not in stored or not visible(attribute) or unstated(attribute, "mutability"):
                continue
            wrong = [f"{path} is refused with mutability"] if path in mutable else specimen.kept(step, path)
            blame(
                wrong, f"{how} did not change a readWrite attribute.", expected="the new value", requirement=rows(path)
            )
        other = sorted(set(step.refused) - set(mutable))
        if other:
            status = step.refused[other[0]].status
            warn(f"{how} refuses a value.", expected=["a 2xx status"], actual=f"status {status}: {', '.join(other)}")

    return judge


def _scim_type(response: Any) -> Any:
    body = response.json if response.is_json else None
    return body.get("scimType") if isinstance(body, dict) else None


@pytest.mark.requirement("RFC7644-3.5.1-04", "RFC7643-7-29")
def test_put_changes_every_attribute(specimen, judge_change):
    """A PUT with another value for each readWrite attribute changes all of them, extensions included."""
    judge_change(specimen.replaced, "PUT", lambda _path: "RFC7644-3.5.1-04")


@pytest.mark.requirement("RFC7644-3.5.2.3-02", "RFC7644-3.5.2.3-03", "RFC7643-7-29")
def test_patch_changes_every_attribute(specimen, judge_change):
    """A PATCH that replaces each readWrite attribute by its path changes all of them, extensions included."""
    several = {path for path, attribute in specimen.by_path.items() if attribute.multi_valued}
    judge_change(
        specimen.patched, "PATCH", lambda path: "RFC7644-3.5.2.3-03" if path in several else "RFC7644-3.5.2.3-02"
    )


@pytest.mark.requirement("RFC7643-2.2-04")
def test_attributes_without_mutability_can_be_changed(specimen, without, blame):
    """An attribute whose served definition has no mutability is readWrite: a PUT changes it."""
    step, stored = specimen.replaced, specimen.stored()
    chosen = [each.path for each in without("mutability") if each.path in stored and visible(each)]
    wrong = [each for path in chosen if path in step.sent for each in specimen.kept(step, path)]
    wrong += [f"{path}: refused" for path in chosen if path in step.refused]
    blame(wrong, "PUT did not change an attribute that is readWrite by default.", expected="the new value")


@pytest.mark.parametrize(
    "mutability",
    [
        pytest.param("readWrite", marks=pytest.mark.requirement("RFC7643-7-29")),
        pytest.param("immutable", marks=pytest.mark.requirement("RFC7643-7-30")),
    ],
)
def test_served_attributes_are_stored(specimen, mutability, features):
    """What a POST gives the attributes that the served schema lets clients write is there in a GET."""
    if features.schema_of(specimen.resource_type).assumed:
        pytest.skip(f"unsupported: the schema of {specimen.resource_type.name} is not served")
    step = specimen.created
    chosen = [path for path, attribute in specimen.by_path.items() if attribute.mutability == mutability]
    if not chosen:
        pytest.skip(f"unsupported: no attribute of {specimen.resource_type.name} is {mutability}")
    shown = [path for path in step.sent if path in chosen and visible(specimen.by_path[path])]
    lost = [wrong for path in shown for wrong in specimen.kept(step, path)]
    if lost:  # A provider is free to alter or ignore what is posted (RFC 7644 section 3.3).
        warn(
            "A POST gave attributes values that a GET does not show.",
            expected=["what was sent"],
            actual="; ".join(lost[:4]) + (f" and {len(lost) - 4} more" if len(lost) > 4 else ""),
        )
    refused = sorted(set(step.refused) & set(chosen))
    if refused:
        note(f"A POST is refused for its values of {', '.join(refused)}.")


# -- writeOnly ------------------------------------------------------------------------------


@pytest.mark.requirement("RFC7643-7-33", "RFC7643-7-32")
def test_write_only_values_are_never_returned(specimen, blame):
    """The value of a writeOnly attribute is in no answer to POST, PUT, PATCH or GET."""
    steps = [specimen.created, specimen.repeated]
    for later in ("replaced", "patched"):
        try:
            steps.append(getattr(specimen, later))
        except Blocked:
            continue
    secret = [each for each in specimen.attributes if any(part.mutability == "writeOnly" for part in each.walk())]
    if not secret:
        pytest.skip(f"unsupported: no attribute of {specimen.resource_type.name} is writeOnly")
    shown: list[str] = []
    for step in steps:
        for attribute in secret:
            parts = seen(
                assembled(specimen.resource_type, {attribute.path: step.sent.get(attribute.path)}, secret), secret
            )
            hidden = [each for each in parts if each.attribute.mutability == "writeOnly"]
            shown += [
                f"{each.attribute.path} in the answer to {response.exchange.method}"
                for each in hidden
                for response in step.responses
                if (isinstance(each.value, str) and each.value in response.text)
                or _shows(response, attribute, each.attribute)
            ]
        if all(each.path in step.refused for each in secret):
            note(f"A value is refused for {', '.join(each.path for each in secret)}.")
    blame(
        dict.fromkeys(shown),
        "A writeOnly value was returned.",
        expected="no value of it in any answer",
        requirement="RFC7643-7-33",
    )


def _shows(response: Any, attribute: Any, part: Any) -> bool:
    """Tell whether a resource in an answer has a value of a writeOnly attribute, or of a writeOnly sub-attribute."""
    body = response.json if response.is_json else None
    if not isinstance(body, dict) or not response.is_success:
        return False
    return any(each.attribute is part for each in seen(body, [attribute]))


# -- readOnly -------------------------------------------------------------------------------


@pytest.mark.requirement("RFC7644-3.5.1-14", "RFC7643-7-28")
def test_put_ignores_every_read_only_attribute(scim, specimen, read):
    """A PUT that asserts values for readOnly attributes, sub-attributes included, succeeds, and sets none of them."""
    values = specimen.created.sent
    invented = {
        each.path: _invented(each)
        for each in specimen.all
        if each.mutability == "readOnly" and each.name.lower() not in COMMON
    }
    named = dict(invented)
    for path, value in values.items():
        subs = [s for s in specimen.by_path[path].sub_attributes if s.mutability == "readOnly" and s.type == "string"]
        if subs:
            extra = {sub.name: MARK for sub in subs}
            named[path] = [{**each, **extra} for each in value] if isinstance(value, list) else {**value, **extra}
    if not named:
        pytest.skip(f"unsupported: {specimen.resource_type.name} has no readOnly attribute that could be sent")
    body = assembled(specimen.resource_type, values | named, specimen.all)
    response = scim.replace(specimen.first, {"id": specimen.first["id"], **body})
    if 400 <= response.status < 500:
        expect(response).should.success()  # A58
        return
    expect(response).success()
    shown = read(specimen.first)
    taken = [each for each in seen(shown, specimen.all) if _is_invented(each)]
    computed = [each for each in taken if each.attribute.name.lower() in ("display", "displayname")]
    if computed:  # A56, A69
        warn("PUT set a readOnly name.", expected=["the provider's own"], actual="; ".join(map(str, computed)))
    if len(taken) > len(computed):
        raise Violation(
            "PUT set a readOnly attribute.",
            expected=["the provider's own value, or none"],
            actual="; ".join(str(each) for each in taken if each not in computed),
            requirement="RFC7643-7-28",
        )


def _invented(attribute: Any) -> Any:
    """Make up a value that says who made it up, as far as the attribute's type can."""
    if attribute.type == "complex":
        value: Any = {sub.name: MARK for sub in attribute.sub_attributes if sub.type in ("string", "reference")}
    else:
        value = {"boolean": True, "integer": 424242, "decimal": 424242.5, "dateTime": "1999-01-02T03:04:05Z"}.get(
            attribute.type, MARK
        )
    return [value] if attribute.multi_valued else value


def _is_invented(each: Any) -> bool:
    if each.attribute.type == "complex":
        return False
    told = json.dumps(each.value)
    return MARK in told or told in ("424242", "424242.5") or "1999-01-02T03:04:05" in told


# -- immutable ------------------------------------------------------------------------------


@pytest.fixture
def fixed(specimen):
    """The immutable attributes of the type at hand that the target keeps and shows, the first resource having them."""
    stored = specimen.stored()
    found = [specimen.by_path[path] for path in stored if specimen.by_path[path].mutability == "immutable"]
    return [each for each in found if visible(each)]


@pytest.fixture
def unchanged(specimen, read):
    """Expect that the first resource still has the values it was created with, for these attributes."""

    def judge(how: str, attributes: Any, accepted: Any) -> None:
        shown = read(specimen.first)
        for attribute in attributes:
            before, now = found_in(specimen.created.shown, attribute), found_in(shown, attribute)
            if not same(before, now, attribute):
                raise Violation(
                    f"{how} changed {attribute.path}, which is immutable.",
                    expected=[f"{attribute.path} = {before!r}"],
                    actual=f"{attribute.path} = {now!r}",
                    requirement="RFC7643-7-31",
                )
        if accepted:
            warn(
                f"{how} with another immutable value was accepted and ignored.",
                expected=["status 400 with scimType mutability"],
                actual=", ".join(accepted),
            )

    return judge


@pytest.mark.requirement("RFC7643-7-31", "RFC7644-3.5.1-12")
def test_put_changes_no_immutable_attribute(scim, specimen, fixed, unchanged):
    """A PUT with another value for an immutable attribute, of any type and in any schema, does not change it."""
    if not fixed:
        pytest.skip(f"unsupported: no attribute of {specimen.resource_type.name} with a value is immutable")
    other, accepted = specimen.values(1), []
    for attribute in fixed:
        values = specimen.created.sent | {attribute.path: other[attribute.path]}
        body = assembled(specimen.resource_type, values, specimen.attributes)
        response = scim.replace(specimen.first, {"id": specimen.first["id"], **body})
        if response.is_success:
            accepted.append(attribute.path)
        else:
            expect(response).refused(400, scim_type="mutability")
    unchanged("PUT", fixed, accepted)


@pytest.mark.requirement("RFC7643-7-31")
@pytest.mark.usefixtures("patches")
def test_patch_changes_no_immutable_attribute(scim, specimen, fixed, unchanged):
    """A PATCH that replaces or removes the value of an immutable attribute does not change it."""
    if not fixed:
        pytest.skip(f"unsupported: no attribute of {specimen.resource_type.name} with a value is immutable")
    other, accepted = specimen.values(1), []
    for attribute in fixed:
        replace = {"op": "replace", "path": attribute.path, "value": other[attribute.path]}
        for operation in (replace, {"op": "remove", "path": attribute.path}):
            response = scim.modify(specimen.first, operation)
            if response.is_success:
                accepted.append(f"{operation['op']} of {attribute.path}")
            else:
                expect(response).refused(400, scim_type="mutability")
    unchanged("PATCH", fixed, accepted)


@pytest.mark.requirement("RFC7643-7-31")
@pytest.mark.usefixtures("patches")
def test_patch_changes_no_immutable_sub_attribute(scim, specimen, read, blame):
    """A PATCH of an immutable sub-attribute in an element that is there does not change it."""
    tried = []
    for path, attribute, sub, element in _fixed_parts(specimen):
        value = element.get("value")
        where = f"{path}[value eq {json.dumps(value)}].{sub.name}" if attribute.multi_valued else f"{path}.{sub.name}"
        new = next(iter(specimen.values(1)[path]), {}) if attribute.multi_valued else specimen.values(1)[path]
        given = new.get(sub.name)
        if given is None or (attribute.multi_valued and not isinstance(value, str)):
            continue
        response = scim.modify(specimen.first, {"op": "replace", "path": where, "value": given})
        tried.append((where, response, sub, given))
    if not tried:
        pytest.skip(f"unsupported: no sub-attribute of {specimen.resource_type.name} with a value is immutable")
    shown = list(seen(read(specimen.first), specimen.attributes))
    changed = [where for where, _, sub, given in tried if any(e.attribute is sub and e.value == given for e in shown)]
    blame(changed, "PATCH changed an immutable sub-attribute.", expected="the value it had")
    for where, response, _, _ in tried:
        if response.is_success:
            warn(f"PATCH of {where} was accepted and ignored.", expected=["status 400"], actual=str(response.status))
        else:
            expect(response).refused(400, scim_type=("mutability", "noTarget", "invalidPath"))


def _fixed_parts(specimen: Any) -> Any:
    """Give the immutable sub-attributes that the first resource has values of, each with an element that has one."""
    step = specimen.created
    for path in sorted(specimen.stored()):
        attribute = specimen.by_path[path]
        if attribute.mutability == "immutable":
            continue
        shown = found_in(step.shown, attribute)
        element = next((each for each in (shown if isinstance(shown, list) else [shown]) if isinstance(each, dict)), {})
        for sub in attribute.sub_attributes:
            named = sub.name.lower()
            # What a reference shows besides the id is worked out by the provider, and display is left open (A56).
            derived = refers(attribute) and named != "value"
            if sub.mutability == "immutable" and visible(sub) and not derived and member_of(element, sub.name):
                yield path, attribute, sub, element

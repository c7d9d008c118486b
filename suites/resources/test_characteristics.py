"""Characteristics that a definition leaves out, or that go beyond one attribute: RFC 7643 sections 2.2, 6 and 7."""

import pytest

from scim_conformance.judge import Violation, expect, note
from scim_conformance.judge.compare import empty
from scim_conformance.judge.expect import member_of
from scim_conformance.judge.values import ANY_WORD, found_in, in_extension, refers, seen, visible


def is_spelled(specimen, path):
    """Tell whether an attribute was given a text of all scripts, which a check of its own judges."""
    return specimen.spelled is not None and path == specimen.spelled.path


def outcome(step, path):
    """Say what became of an attribute in a POST: refused, with its status, or taken in."""
    return f"{path} is refused with status {step.refused[path].status}"


# -- required -------------------------------------------------------------------------------


@pytest.mark.requirement("RFC7643-2.2-01")
def test_attributes_without_required_are_optional(specimen, without):
    """A POST that leaves out the attributes whose served definition has no required is accepted."""
    chosen = {each.path for each in without("required")}
    values = {path: value for path, value in specimen.created.sent.items() if path not in chosen}
    fresh = specimen.values(0)
    response, _ = specimen.send({path: fresh[path] for path in values if path in fresh})
    expect(response).success()


@pytest.mark.requirement("RFC7643-7-19")
def test_required_attributes_are_demanded(specimen):
    """A POST without a required attribute, sub-attribute or attribute of an extension in use is refused with 400."""
    tried = 0
    for path, name, values in _lacking(specimen):
        tried += 1
        response, made = specimen.send(values)
        if made is None:
            expect(response).refused(400, scim_type="invalidValue")
            continue
        shown = found_in(made, specimen.by_path[path])
        given = next((each.value for each in seen(made, specimen.all) if each.attribute.path == name), None)
        if empty(given if name != path else shown):
            raise Violation(
                f"A POST without {name}, which is required, was accepted.",
                expected=["status 400 with scimType invalidValue"],
                actual=f"status {response.status}",
            )
        note(f"A default takes the place of {name}, which is required.")
    if not tried:
        pytest.skip(f"unsupported: {specimen.resource_type.name} has no further required attribute")


def _lacking(specimen):
    """Give, for each required attribute, its path, its name or that of its sub-attribute, and values without it."""
    sent = specimen.created.sent
    for path in sent:
        attribute = specimen.by_path[path]
        if attribute.required and attribute.name.lower() != "username":
            yield path, path, {name: each for name, each in specimen.values(0).items() if name in sent and name != path}
        for sub in attribute.sub_attributes if not refers(attribute) else ():
            if not sub.required or sub.mutability == "readOnly":
                continue
            values = {name: each for name, each in specimen.values(0).items() if name in sent}
            given = values[path]
            elements = [
                {n: v for n, v in each.items() if n != sub.name}
                for each in (given if isinstance(given, list) else [given])
            ]
            if all(elements):
                values[path] = elements if isinstance(given, list) else elements[0]
                yield path, sub.path, values


@pytest.mark.requirement("RFC7643-6-15")
def test_required_extensions_are_demanded(specimen):
    """A POST without an extension that the resource type requires is refused with 400."""
    needed = {urn.lower() for urn, required in specimen.resource_type.extensions if required}
    inside = {path for path, each in specimen.by_path.items() if in_extension(each) and each.schema.lower() in needed}
    if not inside & set(specimen.created.sent):
        pytest.skip(f"unsupported: {specimen.resource_type.name} requires no extension")
    fresh = specimen.values(0)
    response, _ = specimen.send({name: each for name, each in fresh.items() if name not in inside})
    expect(response).refused(400, scim_type="invalidValue")


# -- canonicalValues ------------------------------------------------------------------------


@pytest.mark.requirement("RFC7643-2.2-02", "RFC7643-8.7.2-02")
def test_attributes_without_canonical_values_take_any_word(specimen, blame):
    """An attribute without canonicalValues, whose text is the client's own, takes any word in and keeps it."""
    step = specimen.created
    free = {
        each.path
        for attribute in specimen.attributes
        for each in (attribute, *attribute.sub_attributes)
        if each.type == "string" and not each.canonical_values and each.name.lower() in ANY_WORD and visible(each)
    }
    if not free:
        pytest.skip(f"unsupported: {specimen.resource_type.name} has no attribute whose text is the client's own")
    blame(
        [outcome(step, path) for path in sorted(step.refused) if path in free and not is_spelled(specimen, path)],
        "A word was refused although no canonicalValues are served.",
        expected="status 201: no vocabulary is served",
    )
    wrong = []
    for path, sent in step.sent.items():
        if is_spelled(specimen, path):
            continue
        attribute = specimen.by_path[path]
        single = attribute.sub_attributes and not attribute.multi_valued
        shown = found_in(step.shown, attribute)
        for name in [path] if path in free else [sub.path for sub in attribute.sub_attributes if single]:
            before = sent if name == path else sent.get(name.rpartition(".")[2])
            now = shown if name == path else member_of(shown or {}, name.rpartition(".")[2])
            if name in free and isinstance(before, str) and isinstance(now, str) and now.lower() != before.lower():
                wrong.append(f"{name}: sent {before!r}, came back as {now!r}")
    blame(wrong, "A word was changed although no canonicalValues are served.", expected="the word that was sent")


@pytest.mark.requirement("RFC7643-2.3.1-03", "RFC7643-7-21")
def test_values_outside_canonical_values(specimen):
    """A value that is not among the canonicalValues of its attribute is kept, ignored or refused."""
    values, outside = {}, []
    for path, sent in specimen.created.sent.items():
        attribute = specimen.by_path[path]
        if refers(attribute) or not visible(attribute):
            continue
        if attribute.type == "string" and attribute.canonical_values and not attribute.multi_valued:
            values[path] = "outside"
            outside.append(path)
        named = [sub.name for sub in attribute.sub_attributes if sub.type == "string" and sub.canonical_values]
        if named and isinstance(sent, list):
            values[path] = [{**sent[0], **dict.fromkeys(named, "outside")}]
            outside.append(path)
    if not outside:
        pytest.skip(f"unsupported: no attribute of {specimen.resource_type.name} that can be tried has canonicalValues")
    response, made = specimen.send(specimen.beside(values))
    if made is None:
        expect(response).refused(400, scim_type=("invalidValue", "invalidSyntax"))
        note(f"A value outside the canonicalValues of {', '.join(outside)} is refused.")
        return
    kept = [path for path in outside if "'outside'" in repr(found_in(made, specimen.by_path[path]))]
    note(f"Values outside canonicalValues are kept in {', '.join(kept) or 'no attribute'} of {', '.join(outside)}.")


@pytest.mark.requirement("RFC7643-2.4-08")
def test_labels_are_shown_in_canonical_form(specimen):
    """A label such as type that is one of the canonicalValues is shown as the schema spells it."""
    odd = []
    for each in seen(specimen.created.shown, specimen.all):
        words = {word.lower(): word for word in each.attribute.canonical_values}
        if isinstance(each.value, str) and each.value.lower() in words and each.value != words[each.value.lower()]:
            odd.append(str(each))
    if odd:
        raise Violation(
            "A label is not in its canonical form.", expected=["as in canonicalValues"], actual="; ".join(odd)
        )


# -- caseExact ------------------------------------------------------------------------------


@pytest.mark.requirement("RFC7643-7-24")
def test_letter_case_of_case_exact_values_is_kept(specimen, blame):
    """The letter case of a value is kept where the served schema says caseExact, as it does of externalId."""
    step = specimen.created
    changed = []
    external = step.body.get("externalId")
    shown = member_of(step.shown, "externalId")
    if isinstance(shown, str) and shown != external and shown.lower() == str(external).lower():
        changed.append(f"externalId: sent {external!r}, came back as {shown!r}")
    given = {(each.attribute.path, each.value.lower()): each.value for each in _case_exact(step.body, specimen)}
    for each in _case_exact(step.shown, specimen):
        before = given.get((each.attribute.path, each.value.lower()))
        if before is not None and before != each.value:
            changed.append(f"{each}, sent as {before!r}")
    blame(changed, "The letter case of a caseExact value was changed.", expected="the letter case that was sent")


def _case_exact(body, specimen):
    for each in seen(body, specimen.attributes):
        # Letter case says something in a text; a reference may be written in another form (A54, A18).
        if each.attribute.case_exact and each.attribute.type == "string" and isinstance(each.value, str):
            yield each


@pytest.mark.requirement("RFC7643-7-25")
def test_letter_case_of_other_values(specimen):
    """The letter case of a value that is not caseExact is kept or changed."""
    step = specimen.created
    given = {
        (each.attribute.path, str(each.value).lower()): each.value for each in seen(step.body, specimen.attributes)
    }
    changed = {
        each.attribute.path
        for each in seen(step.shown, specimen.attributes)
        if isinstance(each.value, str)
        and given.get((each.attribute.path, each.value.lower()), each.value) != each.value
    }
    if changed:
        note(f"The letter case of values of {', '.join(sorted(changed))} is changed.")

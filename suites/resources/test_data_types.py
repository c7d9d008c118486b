"""Data types, RFC 7643 section 2.3: what a GET shows of attributes, and what a POST makes of values of other types."""

import base64
import binascii
import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from scim_conformance.judge import Blocked, Violation, expect, note, warn
from scim_conformance.judge.compare import instant, same
from scim_conformance.judge.expect import member_of
from scim_conformance.judge.values import WRONG, found_in, refers, seen, visible

_URI = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%\u00a0-\U0010ffff]+")
_BARE = re.compile(r"-?\d{4,}-\d\d-\d\d")


def is_number(value: Any) -> bool:
    """Tell whether a JSON value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_base64(value: Any) -> bool:
    """Tell whether a JSON value is base64, of either alphabet, padded or not."""
    if not isinstance(value, str):
        return False
    plain = "".join(value.split()).translate(str.maketrans("-_", "+/")).rstrip("=")
    try:
        base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def is_uri(value: Any) -> bool:
    """Tell whether a JSON value is an absolute or relative URI."""
    if not isinstance(value, str) or not _URI.fullmatch(value) or re.search(r"%(?![0-9A-Fa-f]{2})", value):
        return False
    try:
        urlsplit(value)
    except ValueError:
        return False
    return True


IS = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "decimal": is_number,
    "integer": lambda value: is_number(value) and isinstance(value, int),
    "dateTime": lambda value: isinstance(value, str) and instant(value) is not None,
    "binary": is_base64,
    "reference": is_uri,
}
KIND = {
    "string": "a JSON string",
    "boolean": "true or false",
    "decimal": "a JSON number",
    "integer": "a JSON number without fraction and exponent",
    "dateTime": "a text such as 2024-05-06T07:08:09Z",
    "binary": "a text in base64",
    "reference": "a text that is a URI",
}
ROWS = {
    "string": "RFC7643-2.3.1-01",
    "boolean": "RFC7643-2.3.2-01",
    "decimal": "RFC7643-2.3.3-01",
    "integer": "RFC7643-2.3.4-01",
    "dateTime": "RFC7643-2.3.5-01",
    "binary": "RFC7643-2.3.6-01",
    "reference": "RFC7643-2.3.7-02",
}


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("string", marks=pytest.mark.requirement("RFC7643-2.3.1-01")),
        pytest.param("boolean", marks=pytest.mark.requirement("RFC7643-2.3.2-01")),
        pytest.param("decimal", marks=pytest.mark.requirement("RFC7643-2.3.3-01")),
        pytest.param("integer", marks=pytest.mark.requirement("RFC7643-2.3.4-01")),
        pytest.param(
            "dateTime", marks=pytest.mark.requirement("RFC7643-2.3.5-01", "RFC7643-2.3.5-02", "RFC7643-2.3.5-03")
        ),
        pytest.param("binary", marks=pytest.mark.requirement("RFC7643-2.3.6-01")),
        pytest.param("reference", marks=pytest.mark.requirement("RFC7643-2.3.7-02")),
    ],
)
def test_values_are_of_the_type_that_is_served(specimen, shown, kind, blame):
    """Every value that an answer shows is of the data type that the served schema gives its attribute."""
    values = [each for body in shown for each in seen(body, specimen.all) if each.attribute.type == kind]
    if not values:
        pytest.skip(f"unsupported: {specimen.resource_type.name} shows no value of the type {kind}")
    offending = [each for each in values if not IS[kind](each.value)]
    row = ROWS[kind]
    if kind == "dateTime":
        texts = [each for each in offending if isinstance(each.value, str)]
        row = "RFC7643-2.3.5-02" if any(_BARE.fullmatch(each.value) for each in texts) else row
        row = row if texts else "RFC7643-2.3.5-03"
    blame(dict.fromkeys(map(str, offending)), f"A {kind} is none.", expected=KIND[kind], requirement=row)


@pytest.mark.requirement("RFC7643-2.3.1-01")
def test_text_of_every_script_is_kept(specimen, blame):
    """A text with accents, other alphabets, characters outside the basic plane and JSON escapes comes back equal."""
    attribute = specimen.spelled
    if attribute is None:
        pytest.skip(f"unsupported: {specimen.resource_type.name} has no attribute that need not be there, for any text")
    step = specimen.created
    if attribute.path in step.refused:
        expect(step.refused[attribute.path]).success()
    if attribute.path not in step.sent:
        raise Blocked(f"{attribute.path} could not be given a value")
    blame(specimen.kept(step, attribute.path), "A text came back changed.", expected="the text as it was sent")


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("decimal", marks=pytest.mark.requirement("RFC7643-2.3.3-01")),
        pytest.param("integer", marks=pytest.mark.requirement("RFC7643-2.3.4-01")),
    ],
)
def test_numbers_are_kept(specimen, kind, blame):
    """A number comes back with the same value: no digit of its fraction is lost, and none is added."""
    step = specimen.created
    numbers = [
        (given, shown)
        for path, sent in step.sent.items()
        for given, shown in _pairs(specimen.by_path[path], sent, found_in(step.shown, specimen.by_path[path]))
        if given.attribute.type == kind and is_number(shown)
    ]
    if not numbers:
        pytest.skip(f"unsupported: {specimen.resource_type.name} shows no {kind} that was sent")
    changed = [f"{given}, came back as {shown!r}" for given, shown in numbers if shown != given.value]
    blame(changed, f"A {kind} came back changed.", expected="the number that was sent")


def _pairs(attribute: Any, sent: Any, shown: Any) -> Any:
    """Give each value that was sent with the one in its place, where the two are as many."""
    listed = [each if isinstance(each, list) else [each] for each in (sent, shown)]
    if len(listed[0]) != len(listed[1]):
        return
    for one, other in zip(*listed, strict=True):
        if attribute.type != "complex":
            yield _seen(attribute, one), other
        elif isinstance(other, dict):
            for sub in attribute.sub_attributes:
                if sub.name in one:
                    yield _seen(sub, one[sub.name]), member_of(other, sub.name)


def _seen(attribute: Any, value: Any) -> Any:
    """Give one value as `seen` gives it, wherever its attribute stands."""
    return next(seen({attribute.name: value}, [replace(attribute, path=attribute.name)]))


@pytest.mark.requirement("RFC7643-2.3.4-01")
def test_counts_are_integers(scim, features, shared_user, blame):
    """The counts of a list, and the limits in ServiceProviderConfig, are JSON numbers without fraction and exponent."""
    named = shared_user.get("userName")
    wanted = f'userName eq "{named}"' if isinstance(named, str) and features.fact("filter").holds else None
    response = scim.query("User", wanted, count=2)
    body = response.json if response.status == 200 and response.is_json else {}
    counts = {name: member_of(body, name) for name in ("totalResults", "itemsPerPage", "startIndex")}
    config = features.service_provider_config or {}
    limits = ("bulk.maxOperations", "bulk.maxPayloadSize", "filter.maxResults")
    counts |= {f"ServiceProviderConfig {name}": member_of(config, name) for name in limits}
    wrong = [f"{name} = {value!r}" for name, value in counts.items() if value is not None and not IS["integer"](value)]
    blame(wrong, "A count is no integer.", expected=KIND["integer"])


# -- values of other types ------------------------------------------------------------------

REFUSED = {**ROWS, "integer": "RFC7643-2.3.4-02", "dateTime": "RFC7643-2.3.5-02"}


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("string", marks=pytest.mark.requirement("RFC7643-2.3.1-01", "RFC7644-3.3-13")),
        pytest.param("boolean", marks=pytest.mark.requirement("RFC7643-2.3.2-01", "RFC7644-3.3-13")),
        pytest.param("decimal", marks=pytest.mark.requirement("RFC7643-2.3.3-01", "RFC7644-3.3-13")),
        pytest.param("integer", marks=pytest.mark.requirement("RFC7643-2.3.4-02", "RFC7644-3.3-13")),
        pytest.param("dateTime", marks=pytest.mark.requirement("RFC7643-2.3.5-02", "RFC7644-3.3-13")),
        pytest.param("binary", marks=pytest.mark.requirement("RFC7643-2.3.6-01", "RFC7644-3.3-13")),
        pytest.param("reference", marks=pytest.mark.requirement("RFC7643-2.3.7-02", "RFC7644-3.3-13")),
    ],
)
def test_values_of_another_type_are_not_taken_in(specimen, kind):
    """A POST with a value that is not of its attribute's data type is refused with 400, and never stored as it is."""
    wrong = _wrong_values(specimen, kind)
    if not wrong:
        pytest.skip(f"unsupported: no attribute of {specimen.resource_type.name} that can be tried is of type {kind}")
    response, made = specimen.send(specimen.beside(wrong))
    if made is None:
        expect(response).refused(400, scim_type=("invalidValue", "invalidSyntax"))
        return
    attributes = [each for each in specimen.all if each.path in wrong]
    stored = [each for each in seen(made, attributes) if each.attribute.type == kind and each.value == WRONG[kind]]
    if stored and kind == "reference":  # A73: the form of a URI may be checked, and need not be.
        note(f"A text that is no URI is kept: {', '.join(each.attribute.path for each in stored)}.")
        return
    if stored:
        raise Violation(
            f"A value that is no {kind} was stored.",
            expected=["status 400 with scimType invalidValue"],
            actual="; ".join(map(str, stored)),
            requirement=REFUSED[kind],
        )
    warn(
        f"A POST with {WRONG[kind]!r} for a {kind} was accepted, and the value changed or ignored.",
        expected=["status 400 with scimType invalidValue"],
        actual=f"status {response.status}",
    )


@pytest.mark.requirement("RFC7644-3.3-13")
def test_texts_for_objects_are_not_taken_in(specimen, blame):
    """A POST with a text where an attribute is complex is refused with 400, and never stored as it is."""
    values = specimen.created.sent
    wrong = {
        path: [WRONG["complex"]] if isinstance(values[path], list) else WRONG["complex"]
        for path in values
        if specimen.by_path[path].type == "complex"
        # A list of plain values is what some servers make of these (A88), and a manager's id an old habit (A69).
        and specimen.by_path[path].name.lower() not in ("roles", "entitlements", "manager")
    }
    if not wrong:
        pytest.skip(f"unsupported: no attribute of {specimen.resource_type.name} is complex")
    response, made = specimen.send(specimen.beside(wrong))
    if made is None:
        expect(response).refused(400, scim_type=("invalidValue", "invalidSyntax"))
        return
    stored = [path for path in wrong if same(wrong[path], found_in(made, specimen.by_path[path]))]
    blame(stored, "A text was stored for an object.", expected="status 400 with scimType invalidValue")
    warn("A POST with a text for an object was accepted.", expected=["status 400"], actual=f"status {response.status}")


def _wrong_values(specimen: Any, kind: str) -> dict[str, Any]:
    """Give attributes of the resource values that their data type does not allow, all else being right."""
    wrong: dict[str, Any] = {}
    for path, value in specimen.created.sent.items():
        attribute = specimen.by_path[path]
        if refers(attribute) or specimen.is_unique(attribute) or not visible(attribute):
            continue
        if attribute.type == kind:
            wrong[path] = [WRONG[kind]] if attribute.multi_valued else WRONG[kind]
        names = [sub.name for sub in attribute.sub_attributes if sub.type == kind and visible(sub)]
        first = value[0] if isinstance(value, list) else value
        if isinstance(first, dict) and any(name in first for name in names):
            given = {**first, **{name: WRONG[kind] for name in names if name in first}}
            wrong[path] = [given] if isinstance(value, list) else given
    return wrong


@pytest.mark.requirement("RFC7643-2.3.6-03")
@pytest.mark.usefixtures("patches")
def test_base64_without_padding(scim, specimen, read):
    """A binary value whose padding is left out is taken in as if it were there, or refused."""
    stored = specimen.stored()
    chosen = [
        (path, each) for path in sorted(stored) for each in specimen.by_path[path].walk() if each.type == "binary"
    ]
    if not chosen:
        pytest.skip(f"unsupported: {specimen.resource_type.name} keeps no binary value")
    path, part = chosen[0]
    sent = specimen.values(1)[path]
    first = sent[0] if isinstance(sent, list) else sent
    bare = {**first, part.name: first[part.name].rstrip("=")} if isinstance(first, dict) else first.rstrip("=")
    value = [bare] if isinstance(sent, list) else bare
    response = scim.modify(specimen.second, {"op": "replace", "path": path, "value": value})
    if not response.is_success:
        expect(response).refused(400, scim_type=("invalidValue", "mutability"))
        note(f"A value of {path} without padding is refused.")
        return
    shown = found_in(read(specimen.second), specimen.by_path[path])
    if not same(value, shown, specimen.by_path[path]):
        note(f"A value of {path} without padding is accepted, and then shown as {shown!r}.")


@pytest.mark.requirement("RFC7643-2.3.1-02")
def test_formats_of_texts(specimen):
    """A text of the usual format of its attribute is taken in, or refused for a format that the provider demands."""
    step = specimen.created
    texts = sorted(path for path in step.refused if specimen.by_path[path].type == "string")
    if texts:
        note(f"A POST is refused for the text of {', '.join(texts)}.")


@pytest.mark.requirement("RFC7643-2.2-07")
def test_attributes_without_type_are_texts(specimen, without, blame):
    """An attribute whose served definition has no type takes a text in, and shows it as it is."""
    step = specimen.created
    chosen = [each for each in without("type") if each.type == "string"]
    refused = [each.path for each in chosen if each.path in step.refused]
    blame(refused, "An attribute without type does not take a text.", expected="status 201")
    kept = [each.path for each in chosen if each.path in step.sent and visible(each)]
    blame(
        [wrong for path in kept for wrong in specimen.kept(step, path)],
        "An attribute without type did not keep a text.",
        expected="the text that was sent: its type is string by default",
    )

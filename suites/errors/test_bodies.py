"""What every body is: one JSON object in UTF-8, a message with its own URI, RFC 7644 sections 3.1, 3.8 and 8.2."""

from unicodedata import normalize

import pytest

from scim_conformance.judge import Blocked, Violation, expect, warn
from scim_conformance.judge.expect import member_of

PREFIX = "urn:ietf:params:scim:api:"
MESSAGES = f"{PREFIX}messages:2.0:"
LIST_RESPONSE = f"{MESSAGES}ListResponse"
KNOWN = {MESSAGES + name for name in ("SearchRequest", "PatchOp", "BulkRequest", "BulkResponse", "Error")} | {
    LIST_RESPONSE
}
LISTS = ("list", "search", "resource types", "schemas")
RESOURCES = ("create", "read", "replace", "patch", "list", "search")


@pytest.mark.requirement("RFC7643-2.1-04", "RFC7644-3.2-10")
def test_every_body_is_one_json_object(gallery, is_outside):
    """Every answer with a body has exactly one JSON object in it."""
    offending = []
    for kind, response in gallery.every():
        if not response.content or (response.is_json and isinstance(response.json, dict)):
            continue
        found = f"{response.status} with {response.text[:80]!r}"
        if is_outside(kind):
            warn("A body is no JSON object.", expected=["a JSON object"], actual=f"{kind}: {found}")
        else:
            offending.append((response, found))
    gallery.reject(offending, "A body is no JSON object.", expected=["one JSON object"])


@pytest.mark.requirement("RFC7644-3.8-01", "RFC7644-3.8-02")
@pytest.mark.usefixtures("working_replace")
def test_utf_8_is_the_encoding(gallery):
    """Text in UTF-8 is taken without a charset, kept letter by letter, and shown in UTF-8."""
    expect(gallery.one("replace")).success()
    shown = gallery.one("foreign text")
    if shown.status != 200:
        raise Blocked(f"a plain GET does not work: it answered {shown.status}")
    try:
        shown.content.decode("utf-8")
    except UnicodeDecodeError:
        raise Violation("A body is not UTF-8.", expected=["UTF-8"], actual=repr(shown.content[:120])) from None
    found = member_of(expect(shown).json_object().response.body, gallery.path)
    if not isinstance(found, str) or found == member_of(gallery.sent, gallery.path):
        raise Blocked(f"a plain PUT does not work: it did not change {gallery.path}")
    expect(shown).where(
        normalize("NFC", found) == normalize("NFC", gallery.foreign),
        expected=f"{gallery.path} = {gallery.foreign!r}",
        actual=f"{gallery.path} = {found!r}",
    )


@pytest.mark.requirement("RFC7644-3.8-10")
def test_values_have_the_shape_of_their_attribute(gallery, objects, features):
    """Multi-valued attributes are arrays, complex ones objects, and single ones neither."""
    served = [(a.name, a) for a in features.schema_of(gallery.type).attributes]
    offending = []
    for _, response, body in objects(*RESOURCES):
        listed = body.get("Resources")
        shown = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else [body]
        for resource in shown if response.status < 300 else ():
            wrong = [text for name, attribute in served for text in _misshapen(name, resource.get(name), attribute)]
            offending += [(response, text) for text in wrong]
    gallery.reject(offending, "A value does not have the shape of its attribute.", expected=["as the schema has it"])


def _misshapen(name, value, attribute):
    """Tell how a value differs from the shape of its attribute: array, object, or a single value."""
    if value is None:
        return
    if isinstance(value, list) != attribute.multi_valued:
        yield f"{name} is {'an array' if isinstance(value, list) else 'no array'}"
        return
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict) != (attribute.type == "complex") or isinstance(each, list):
            yield f"{name} holds {str(each)[:60]!r}, its type is {attribute.type}"


@pytest.mark.requirement("RFC7644-3.1-03")
def test_every_message_has_a_schema(gallery, objects, refusals):
    """Every list and every error names in schemas a URI of the SCIM protocol."""
    offending = []
    for response in _messages(objects, refusals):
        schemas = member_of(response.json, "schemas")
        named = schemas if isinstance(schemas, list) else []
        if not any(isinstance(uri, str) and uri.lower().startswith(PREFIX) for uri in named):
            offending.append((response, f"schemas = {schemas!r}"))
    gallery.reject(
        offending, "A message does not say what it is.", expected=[f"schemas with a URI that begins {PREFIX}"]
    )


@pytest.mark.requirement("RFC7644-8.2-01")
def test_messages_have_the_registered_uris(gallery, objects, refusals):
    """The URIs by which lists and errors say what they are, are those that RFC 7644 registers, letter by letter."""
    offending = []
    for response in _messages(objects, refusals):
        schemas = member_of(response.json, "schemas")
        named = [uri for uri in schemas if isinstance(uri, str)] if isinstance(schemas, list) else []
        if any(uri.lower().startswith(PREFIX) and uri not in KNOWN for uri in named):
            offending.append((response, f"schemas = {schemas!r}"))
    gallery.reject(offending, "A message has a URI that is not registered.", expected=sorted(KNOWN))


def _messages(objects, refusals):
    """Give the answers that are messages: lists, and errors with a JSON object in them."""
    yield from (response for _, response, body in objects(*LISTS) if response.status < 300 and "Resources" in body)
    errors = [response for _, response in refusals if response.content and response.is_json]
    yield from (response for response in errors if isinstance(response.json, dict))

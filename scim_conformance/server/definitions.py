"""A folder of definitions: schemas and resource types in JSON files, as GET /Schemas and GET /ResourceTypes show them.

A file holds one document, or the whole list of an endpoint. Whatever cannot be used is refused with one sentence that
names the file, the line or member, and the word that was probably meant.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scim_conformance.server.resource_types import RESOURCE_TYPE, ResourceType, load_resource_type
from scim_conformance.server.schema import CORE, DATA, KEYWORDS, SCHEMA, BadSchema, Schema, load_schema

if TYPE_CHECKING:
    from scim_conformance.server.service import Service

EXAMPLES = DATA / "examples"
"""A resource type Device and an extension of it, with every data type and characteristic there is."""

_FIXED = {CORE + "ServiceProviderConfig", RESOURCE_TYPE, SCHEMA}
_RESERVED = ("/serviceproviderconfig", "/resourcetypes", "/schemas", "/bulk", "/me", "/.search")
_COMMON = ("schemas", "id", "externalid", "meta")
_NAME = re.compile(r"\$ref|[A-Za-z][A-Za-z0-9$_-]*")
_SCHEMA_MEMBERS = ("schemas", "id", "name", "description", "attributes", "meta", "externalId")
_TYPE_MEMBERS = (
    *("schemas", "id", "name", "description", "endpoint", "schema", "schemaExtensions", "meta", "externalId"),
)
_FLAGS = ("multiValued", "required", "caseExact")
_LISTS = ("canonicalValues", "referenceTypes")
_OWN = ("name", "type", "description", "mutability", "returned", "uniqueness", "subAttributes")
_ATTRIBUTE_MEMBERS = (*_OWN, *_FLAGS, *_LISTS)

Document = Mapping[str, Any]
Found = tuple[str, Document]
"""A document, and the place to speak of it by."""


def load_definitions(folder: Path) -> tuple[list[Schema], list[ResourceType]]:
    """Read the schemas and resource types of a folder; raise BadSchema for the first thing that cannot be used."""
    documents = list(_documents(folder))
    schemas = [(place, each) for place, each in documents if "attributes" in each and each.get("id") not in _FIXED]
    kinds = [(place, each) for place, each in documents if "attributes" not in each]
    for place, document in schemas:
        _check_schema(place, document)
    for place, document in kinds:
        _check_resource_type(place, document)
    _check_unique(schemas, "id", "schema")
    _check_unique(kinds, "name", "resource type")
    _check_unique(kinds, "endpoint", "endpoint")
    return [load_schema(each) for _, each in schemas], [load_resource_type(each) for _, each in kinds]


def check_together(folder: Path, schemas: Iterable[Schema], kinds: Iterable[ResourceType]) -> None:
    """Refuse resource types of a folder whose schemas are nowhere; `schemas` and `kinds` are all that there are."""
    known = {schema.id.lower(): schema.id for schema in schemas}
    taken: dict[str, str] = {}
    for kind in kinds:
        for urn in (kind.schema, *(urn for urn, _ in kind.extensions)):
            if urn.lower() not in known:
                raise BadSchema(
                    f"{folder}: the resource type {kind.name} names the schema {urn!r}, {_near(urn, known.values())}."
                )
        other = taken.setdefault(kind.endpoint.lower(), kind.name)
        if other != kind.name:
            raise BadSchema(f"{folder}: the endpoint {kind.endpoint} of {kind.name} is that of {other} already.")


@cache
def examples() -> tuple[tuple[Schema, ...], tuple[ResourceType, ...]]:
    """Give the definitions that are shipped as an example: the resource type Device and its extension."""
    schemas, kinds = load_definitions(EXAMPLES)
    return tuple(schemas), tuple(kinds)


def serve_examples(service: "Service") -> None:
    """Let a service serve the example definitions besides what it serves already."""
    schemas, kinds = examples()
    for schema in schemas:
        service.schemas.put(schema)
    for kind in kinds:
        service.resource_types.put(kind)


# -- files ----------------------------------------------------------------------------------


def _documents(folder: Path) -> Iterator[Found]:
    if not folder.is_dir():
        raise BadSchema(f"{folder} is no folder; name one with schemas and resource types in JSON files.")
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise BadSchema(f"{folder} has no file whose name ends in .json; put schemas and resource types there.")
    for path in paths:
        yield from _documents_of(str(path), _read(path))


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as problem:
        raise BadSchema(f"{path}, line {problem.lineno}, column {problem.colno}: {problem.msg}.") from None
    except UnicodeDecodeError:
        raise BadSchema(f"{path} is not UTF-8; write it as JSON in UTF-8.") from None
    except (OSError, RecursionError) as problem:
        raise BadSchema(f"{path} cannot be read: {problem}.") from None


def _documents_of(place: str, content: Any) -> Iterator[Found]:
    """Give the documents in a file: the one that it is, or those of the list that it is."""
    listed = content.get("Resources") if isinstance(content, dict) else content
    if isinstance(listed, list):
        for number, each in enumerate(listed):
            yield from _documents_of(f"{place}: Resources[{number}]", each)
        return
    if not isinstance(content, dict):
        raise BadSchema(f"{place} does not hold a JSON object.")
    if "attributes" not in content and "endpoint" not in content:
        near = _guess([*content], ("attributes", "endpoint"))
        raise BadSchema(f"{place} is neither a schema, with attributes, nor a resource type, with an endpoint{near}.")
    yield place, content


def _check_unique(documents: Iterable[Found], member: str, what: str) -> None:
    seen: dict[str, str] = {}
    for place, document in documents:
        value = "/" + str(document[member]).strip("/") if member == "endpoint" else str(document[member])
        first = seen.setdefault(value.lower(), place)
        if first != place:
            raise BadSchema(f"{place}: the {what} {value} is defined in {first} already.")


# -- schemas --------------------------------------------------------------------------------


def _check_schema(place: str, document: Document) -> None:
    _check_members(place, document, _SCHEMA_MEMBERS)
    urn = document.get("id")
    if not isinstance(urn, str) or ":" not in urn:
        raise BadSchema(f"{place}: id is {urn!r}; it has to be the URI of the schema.")
    _check_texts(place, document, ("name", "description"))
    _check_attributes(place, "attributes", document["attributes"], None)


def _check_attributes(place: str, member: str, definitions: Any, parent: str | None) -> None:
    if not isinstance(definitions, list) or not definitions:
        raise BadSchema(f"{place}: {member} has to be a list of attribute definitions, and not empty.")
    names: set[str] = set()
    for number, definition in enumerate(definitions):
        where = f"{place}: {member}[{number}]"
        if not isinstance(definition, dict):
            raise BadSchema(f"{where} is no object; an attribute definition is an object with a name.")
        _check_attribute(where, definition, parent)
        name = definition["name"].lower()
        if name in names:
            raise BadSchema(f"{where}: the attribute {definition['name']} is defined twice.")
        names.add(name)


def _check_attribute(place: str, definition: Document, parent: str | None) -> None:
    name = definition.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        guess = _guess([*definition], ("name",)) if name is None else ""
        raise BadSchema(
            f"{place}.name is {name!r}; it has to be a letter, followed by letters, digits, -, _ or ${guess}."
        )
    place = f"{place} ({f'{parent}.' if parent else ''}{name})"
    _check_members(place, definition, _ATTRIBUTE_MEMBERS)
    _check_texts(place, definition, ("description",))
    for member, words in KEYWORDS.items():
        value = definition.get(member, words[0])
        if value not in words:
            raise BadSchema(f"{place}: {member} is {value!r}; it can be {', '.join(words)}{_guess([value], words)}.")
    for member in _FLAGS:
        if not isinstance(definition.get(member, False), bool):
            raise BadSchema(f"{place}: {member} is {definition[member]!r}; it has to be true or false.")
    for member in _LISTS:
        value = definition.get(member, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise BadSchema(f"{place}: {member} is {value!r}; it has to be a list of texts.")
    _check_structure(place, definition, parent)


def _check_structure(place: str, definition: Document, parent: str | None) -> None:
    is_complex = definition.get("type") == "complex"
    if "subAttributes" in definition and not is_complex:
        raise BadSchema(f"{place} has subAttributes; its type has to be complex.")
    if is_complex and parent is not None:
        raise BadSchema(
            f"{place}: type is complex inside a complex attribute, which only the schema of schemas may be."
        )
    if is_complex:
        _check_attributes(place, "subAttributes", definition.get("subAttributes"), definition["name"])
    if parent is None and definition["name"].lower() in _COMMON:
        raise BadSchema(f"{place}: every resource has {definition['name']} already; leave it out.")
    if definition.get("referenceTypes") and definition.get("type") != "reference":
        raise BadSchema(f"{place} has referenceTypes; its type has to be reference.")


# -- resource types -------------------------------------------------------------------------


def _check_resource_type(place: str, document: Document) -> None:
    _check_members(place, document, _TYPE_MEMBERS)
    for member in ("name", "endpoint", "schema"):
        value = document.get(member)
        if not isinstance(value, str) or not value.strip("/ "):
            raise BadSchema(f"{place}: {member} is {value!r}; a resource type needs it, a text.")
    _check_texts(place, document, ("description",))
    endpoint = "/" + document["endpoint"].strip("/")
    if "/" in endpoint[1:] or endpoint.lower() in _RESERVED:
        raise BadSchema(
            f"{place}: endpoint is {document['endpoint']!r}; it has to be one segment that is not taken by SCIM."
        )
    extensions = document.get("schemaExtensions", [])
    if not isinstance(extensions, list):
        raise BadSchema(f"{place}: schemaExtensions has to be a list of objects with schema and required.")
    for number, extension in enumerate(extensions):
        where = f"{place}: schemaExtensions[{number}]"
        if not isinstance(extension, dict) or not isinstance(extension.get("schema"), str):
            raise BadSchema(f"{where} has to be an object with schema, a URI, and required.")
        _check_members(where, extension, ("schema", "required"))
        if not isinstance(extension.get("required", False), bool):
            raise BadSchema(f"{where}: required is {extension['required']!r}; it has to be true or false.")


# -- what they share ------------------------------------------------------------------------


def _check_members(place: str, document: Document, known: tuple[str, ...]) -> None:
    for member in document:
        if member not in known:
            raise BadSchema(f"{place} has a member {member!r}, {_near(member, known)}.")


def _check_texts(place: str, document: Document, members: tuple[str, ...]) -> None:
    for member in members:
        if not isinstance(document.get(member, ""), str):
            raise BadSchema(f"{place}: {member} is {document[member]!r}; it has to be a text.")


def _near(word: str, known: Iterable[str]) -> str:
    names = list(known)
    return f"which is unknown{_guess([word], names)}" + (
        "" if _guess([word], names) else f"; there are {', '.join(names)}"
    )


def _guess(words: Iterable[Any], known: Iterable[str]) -> str:
    folded = {name.lower(): name for name in known}
    for word in words:
        close = get_close_matches(str(word).lower(), folded, 1)
        if close:
            return f"; did you mean {folded[close[0]]!r}?"
    return ""

"""Schemas and attribute characteristics (RFC 7643 sections 2 and 7), as the server follows and serves them."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from scim_conformance.paths import SCHEMAS

CORE = "urn:ietf:params:scim:schemas:core:2.0:"
SCHEMA = CORE + "Schema"
DATA = SCHEMAS / "scim"

KEYWORDS = {
    "type": ("string", "boolean", "decimal", "integer", "dateTime", "binary", "reference", "complex"),
    "mutability": ("readOnly", "readWrite", "immutable", "writeOnly"),
    "returned": ("always", "never", "default", "request"),
    "uniqueness": ("none", "server", "global"),
}


class BadSchema(ValueError):  # noqa: N818 it says what is wrong
    """A schema or resource type cannot be used; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute or sub-attribute with its characteristics; the defaults are those of RFC 7643 section 2.2."""

    name: str
    type: str = "string"
    multi_valued: bool = False
    description: str = ""
    required: bool = False
    canonical_values: tuple[str, ...] = ()
    case_exact: bool = False
    mutability: str = "readWrite"
    returned: str = "default"
    uniqueness: str = "none"
    reference_types: tuple[str, ...] = ()
    sub_attributes: "tuple[Attribute, ...]" = ()

    def sub(self, name: str) -> "Attribute | None":
        """Find a sub-attribute; letter case does not count."""
        wanted = name.lower()
        return next((sub for sub in self.sub_attributes if sub.name.lower() == wanted), None)

    def with_sub(self, sub: "Attribute") -> "Attribute":
        """Give this attribute with a sub-attribute added, or put in the place of its namesake."""
        others = [other for other in self.sub_attributes if other.name != sub.name]
        position = next((n for n, other in enumerate(self.sub_attributes) if other.name == sub.name), len(others))
        return replace(self, sub_attributes=(*others[:position], sub, *others[position:]))

    def document(self) -> dict[str, Any]:
        """Write the definition as it is served in a Schema resource."""
        document: dict[str, Any] = {
            "name": self.name,
            "type": self.type,
            "multiValued": self.multi_valued,
            "description": self.description,
            "required": self.required,
            "caseExact": self.case_exact,
            "mutability": self.mutability,
            "returned": self.returned,
            "uniqueness": self.uniqueness,
        }
        if self.canonical_values:
            document["canonicalValues"] = list(self.canonical_values)
        if self.reference_types:
            document["referenceTypes"] = list(self.reference_types)
        if self.sub_attributes:
            document["subAttributes"] = [sub.document() for sub in self.sub_attributes]
        return document


@dataclass(frozen=True, slots=True)
class Schema:
    """One schema: a URI and the attributes it defines."""

    id: str
    name: str = ""
    description: str = ""
    attributes: tuple[Attribute, ...] = ()

    def attribute(self, name: str) -> Attribute | None:
        """Find an attribute; letter case does not count."""
        wanted = name.lower()
        return next((attribute for attribute in self.attributes if attribute.name.lower() == wanted), None)

    def document(self) -> dict[str, Any]:
        """Write the schema as it is served at /Schemas, but for meta."""
        document: dict[str, Any] = {"schemas": [SCHEMA], "id": self.id}
        if self.name:
            document["name"] = self.name
        if self.description:
            document["description"] = self.description
        document["attributes"] = [attribute.document() for attribute in self.attributes]
        return document


def _common(name: str, **characteristics: Any) -> Attribute:
    return Attribute(name, **characteristics)


def _meta(name: str, **characteristics: Any) -> Attribute:
    return Attribute(name, mutability="readOnly", **characteristics)


ID = _common("id", case_exact=True, mutability="readOnly", returned="always", uniqueness="server")
EXTERNAL_ID = _common("externalId", case_exact=True)
SCHEMAS_ATTRIBUTE = _common("schemas", type="reference", multi_valued=True, case_exact=True, returned="always")
META = _common(
    "meta",
    type="complex",
    mutability="readOnly",
    sub_attributes=(
        _meta("resourceType", case_exact=True),
        _meta("created", type="dateTime"),
        _meta("lastModified", type="dateTime"),
        _meta("location", type="reference", case_exact=True, reference_types=("uri",)),
        _meta("version", case_exact=True),
    ),
)
COMMON = (SCHEMAS_ATTRIBUTE, ID, EXTERNAL_ID, META)
"""The attributes every resource has whatever its schemas say (RFC 7643 section 3.1)."""


class Schemas:
    """The schemas in force; changing one changes both what is served and what is done."""

    def __init__(self, schemas: Iterable[Schema] = ()) -> None:
        self._schemas = {schema.id.lower(): schema for schema in schemas}
        self.revision = 0  # counts the changes, so that what was worked out from older schemas can be told

    def __iter__(self) -> Iterator[Schema]:
        return iter(self._schemas.values())

    def get(self, urn: str) -> Schema | None:
        """Find a schema by its URI; letter case does not count."""
        return self._schemas.get(urn.lower())

    def put(self, schema: Schema) -> None:
        """Add a schema, or replace the one of that URI."""
        self._schemas[schema.id.lower()] = schema
        self.revision += 1

    def drop(self, urn: str) -> None:
        """Take a schema away."""
        self._schemas.pop(urn.lower(), None)
        self.revision += 1

    def add(self, urn: str, attribute: Attribute) -> None:
        """Add an attribute to a schema, or replace its namesake where that stands."""
        schema = self._known(urn)
        holder = Attribute("", sub_attributes=schema.attributes).with_sub(attribute)
        self.put(replace(schema, attributes=holder.sub_attributes))

    def remove(self, urn: str, name: str) -> None:
        """Take an attribute out of a schema."""
        schema = self._known(urn)
        self.put(replace(schema, attributes=tuple(a for a in schema.attributes if a.name != name)))

    def change(self, urn: str, path: str, **characteristics: Any) -> None:
        """Change characteristics of an attribute, or of a sub-attribute given as `emails.value`."""
        name, _, sub_name = path.partition(".")
        attribute = self._known(urn).attribute(name)
        target = attribute.sub(sub_name) if attribute and sub_name else attribute
        if attribute is None or target is None:
            raise BadSchema(f"{urn} has no attribute {path}.")
        changed = replace(target, **characteristics)
        self.add(urn, attribute.with_sub(changed) if sub_name else changed)

    def _known(self, urn: str) -> Schema:
        schema = self.get(urn)
        if schema is None:
            raise BadSchema(f"There is no schema {urn}; known are {', '.join(s.id for s in self)}.")
        return schema


def load_schema(source: "Path | Mapping[str, Any]") -> Schema:
    """Read a schema from a JSON file or document written as RFC 7643 section 7 has it; raise BadSchema."""
    document = read_document(source)
    urn = document.get("id")
    if not isinstance(urn, str) or ":" not in urn:
        raise BadSchema(f"A schema's id has to be a URI, not {urn!r}.")
    definitions = document.get("attributes", [])
    if not isinstance(definitions, list):
        raise BadSchema(f"{urn}: attributes has to be a list of definitions.")
    attributes = tuple(_attribute(definition, urn) for definition in definitions)
    return Schema(urn, str(document.get("name", "")), str(document.get("description", "")), attributes)


def read_document(source: "Path | Mapping[str, Any]") -> Mapping[str, Any]:
    """Read a JSON object from a file, or take it as it is; raise BadSchema."""
    if isinstance(source, Mapping):
        return source
    try:
        document = json.loads(source.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise BadSchema(f"{source} cannot be read as JSON: {problem}.") from None
    if not isinstance(document, dict):
        raise BadSchema(f"{source} does not hold a JSON object.")
    return document


def _attribute(definition: Any, where: str) -> Attribute:
    if not isinstance(definition, Mapping) or not isinstance(definition.get("name"), str):
        raise BadSchema(f"{where}: an attribute definition is an object with a name.")
    place = f"{where}, attribute {definition['name']}"
    words = {key: _keyword(definition, key, place) for key in KEYWORDS if key in definition}
    subs = tuple(_attribute(sub, place) for sub in definition.get("subAttributes", []))
    return Attribute(
        name=definition["name"],
        multi_valued=_flag(definition, "multiValued", place),
        description=str(definition.get("description", "")),
        required=_flag(definition, "required", place),
        canonical_values=tuple(definition.get("canonicalValues", ())),
        case_exact=_flag(definition, "caseExact", place),
        reference_types=tuple(definition.get("referenceTypes", ())),
        sub_attributes=subs,
        **words,
    )


def _keyword(definition: Mapping[str, Any], key: str, place: str) -> str:
    value = definition[key]
    if value not in KEYWORDS[key]:
        raise BadSchema(f"{place}: {key} is {value!r}; it can be {', '.join(KEYWORDS[key])}.")
    return str(value)


def _flag(definition: Mapping[str, Any], key: str, place: str) -> bool:
    value = definition.get(key, False)
    if not isinstance(value, bool):
        raise BadSchema(f"{place}: {key} is {value!r}; it has to be true or false.")
    return value


@cache
def standard_schemas() -> tuple[Schema, ...]:
    """Read the schemas that come with the server: those of RFC 7643 and its own workspace extension."""
    return tuple(load_schema(path) for path in [*sorted(DATA.glob("*.json")), *sorted(DATA.glob("extensions/*.json"))])

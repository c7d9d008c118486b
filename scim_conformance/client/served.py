"""What a target serves as its schemas and resource types, read however it is written (RFC 7643 sections 6 and 7)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final

from scim_conformance.paths import SCHEMAS

USER: Final = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP: Final = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE: Final = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
SCHEMA: Final = "urn:ietf:params:scim:schemas:core:2.0:Schema"

_TYPES = ("string", "boolean", "decimal", "integer", "dateTime", "binary", "reference", "complex")
_MUTABILITIES = ("readOnly", "readWrite", "immutable", "writeOnly")
_RETURNED = ("always", "never", "default", "request")
_UNIQUENESS = ("none", "server", "global")
_MOST_ATTRIBUTES = 1000
_DEEPEST = 4

Complain = Callable[[str], None]


@dataclass(frozen=True)
class Defect:
    """Something wrong with a discovery document: which one, what, and the numbers of the exchanges that show it."""

    document: str
    message: str
    exchanges: tuple[int, ...] = ()

    def __str__(self) -> str:
        return f"{self.document}: {self.message}"


@dataclass(frozen=True)
class Attribute:
    """One attribute of a served schema with its characteristics, the defaults of RFC 7643 section 2.2 filled in.

    `path` names it in filters and PATCH ("name.givenName", "emails.value", "urn:...:2.0:User:department"); `parent` is
    the name of the attribute that it is a sub-attribute of, or "".
    """

    name: str
    path: str
    schema: str
    type: str = "string"
    multi_valued: bool = False
    required: bool = False
    case_exact: bool = False
    mutability: str = "readWrite"
    returned: str = "default"
    uniqueness: str = "none"
    canonical_values: tuple[str, ...] = ()
    reference_types: tuple[str, ...] = ()
    sub_attributes: tuple[Attribute, ...] = ()
    description: str = ""
    parent: str = ""

    def walk(self) -> Iterator[Attribute]:
        """Yield the attribute, then its sub-attributes."""
        yield self
        for sub in self.sub_attributes:
            yield from sub.walk()

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        plain = {name: getattr(self, name) for name in _PLAIN}
        plain["canonical_values"] = list(self.canonical_values)
        plain["reference_types"] = list(self.reference_types)
        plain["sub_attributes"] = [sub.to_json() for sub in self.sub_attributes]
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Attribute:
        """Make an attribute of what `to_json` returned."""
        return cls(
            **{name: plain[name] for name in _PLAIN},
            canonical_values=tuple(plain["canonical_values"]),
            reference_types=tuple(plain["reference_types"]),
            sub_attributes=tuple(cls.from_json(sub) for sub in plain["sub_attributes"]),
        )


_PLAIN: Final = (
    "name", "path", "schema", "type", "multi_valued", "required", "case_exact", "mutability", "returned", "uniqueness",
    "description", "parent",
)  # fmt: skip


@dataclass(frozen=True)
class ServedSchema:
    """A schema as served; `assumed` when it is the RFC's, because the target serves none, or a broken one."""

    id: str
    name: str = ""
    description: str = ""
    attributes: tuple[Attribute, ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)
    assumed: bool = False

    def walk(self) -> Iterator[Attribute]:
        """Yield every attribute, each followed by its sub-attributes."""
        for attribute in self.attributes:
            yield from attribute.walk()

    def as_extension(self, *, extension: bool) -> ServedSchema:
        """Return the schema with the paths that its attributes have in an extension, or in a base schema."""
        prefix = f"{self.id}:" if extension else ""
        return replace(self, attributes=tuple(_placed(attribute, prefix) for attribute in self.attributes))

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "attributes": [attribute.to_json() for attribute in self.attributes],
            "raw": dict(self.raw),
            "assumed": self.assumed,
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> ServedSchema:
        """Make a schema of what `to_json` returned."""
        return cls(**{**plain, "attributes": tuple(Attribute.from_json(one) for one in plain["attributes"])})


@dataclass(frozen=True)
class ResourceType:
    """A resource type as served: `endpoint` starts with a slash, `extensions` pair a URN with being required."""

    name: str
    endpoint: str
    schema: str
    extensions: tuple[tuple[str, bool], ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)
    assumed: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "name": self.name,
            "endpoint": self.endpoint,
            "schema": self.schema,
            "extensions": [list(pair) for pair in self.extensions],
            "raw": dict(self.raw),
            "assumed": self.assumed,
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> ResourceType:
        """Make a resource type of what `to_json` returned."""
        return cls(
            **{**plain, "extensions": tuple((str(urn), bool(required)) for urn, required in plain["extensions"])}
        )


def parse_schema(raw: Any, complain: Complain) -> ServedSchema | None:
    """Return a schema as served, None when nothing can be made of it; everything odd is complained of."""
    if not isinstance(raw, Mapping):
        complain(f"an element is {json_kind(raw)}, not a Schema object")
        return None
    urn = _member(raw, "id")
    if not isinstance(urn, str) or not urn.strip():
        complain(f"a schema named {_short(_member(raw, 'name'))} has no id")
        return None
    attributes = _member(raw, "attributes")
    if not isinstance(attributes, list):
        complain(f"the schema {_short(urn)} has {json_kind(attributes)} for its attributes, not an array")
        return None
    reader = _Reader(urn, complain)
    parsed = reader.attributes(attributes, parent="", depth=1)
    reader.done()
    if attributes and not parsed:
        complain(f"none of the attributes of the schema {_short(urn)} can be read")
        return None
    name, description = _member(raw, "name"), _member(raw, "description")
    return ServedSchema(
        urn, name if isinstance(name, str) else "", description if isinstance(description, str) else "", parsed, raw
    )


class _Reader:
    """Reads the attributes of one schema, and sums up what is wrong with them."""

    def __init__(self, urn: str, complain: Complain) -> None:
        self._urn = urn
        self._complain = complain
        self._odd: list[str] = []
        self._count = 0

    def attributes(self, raw: list[Any], parent: str, depth: int) -> tuple[Attribute, ...]:
        found: dict[str, Attribute] = {}
        for element in raw:
            self._count += 1
            if self._count > _MOST_ATTRIBUTES:
                break
            attribute = self._attribute(element, parent, depth)
            if attribute is not None and attribute.name.lower() not in found:
                found[attribute.name.lower()] = attribute
        return tuple(found.values())

    def done(self) -> None:
        if self._count > _MOST_ATTRIBUTES:
            self._complain(
                f"the schema {_short(self._urn)} has more than {_MOST_ATTRIBUTES} attributes; the rest is passed over"
            )
        if self._odd:
            more = f" and {len(self._odd) - 3} more" if len(self._odd) > 3 else ""  # noqa: PLR2004 - as many as are shown
            self._complain(f"in the schema {_short(self._urn)} {'; '.join(self._odd[:3])}{more}")

    def _attribute(self, raw: Any, parent: str, depth: int) -> Attribute | None:
        name = _member(raw, "name") if isinstance(raw, Mapping) else None
        if not isinstance(name, str) or not name.strip():
            self._odd.append(f"an attribute {f'of {parent} ' if parent else ''}has no name")
            return None
        where = f"{parent}.{name}" if parent else name
        subs = _member(raw, "subAttributes")
        nested = self.attributes(subs, name, depth + 1) if isinstance(subs, list) and depth < _DEEPEST else ()
        kind = self._word(raw, "type", _TYPES, "complex" if nested else "string", where)
        description = _member(raw, "description")
        return Attribute(
            name=name,
            path=where,
            schema=self._urn,
            type=kind,
            multi_valued=self._truth(raw, "multiValued", where),
            required=self._truth(raw, "required", where),
            case_exact=self._truth(raw, "caseExact", where),
            mutability=self._word(raw, "mutability", _MUTABILITIES, "readWrite", where),
            returned=self._word(raw, "returned", _RETURNED, "default", where),
            uniqueness=self._word(raw, "uniqueness", _UNIQUENESS, "none", where),
            canonical_values=self._texts(raw, "canonicalValues", where),
            reference_types=self._texts(raw, "referenceTypes", where),
            sub_attributes=nested,
            description=description if isinstance(description, str) else "",
            parent=parent,
        )

    def _word(self, raw: Mapping[str, Any], member: str, known: tuple[str, ...], default: str, where: str) -> str:
        value = _member(raw, member)
        if value is None:
            return default
        if isinstance(value, str):
            found = next((word for word in known if word.lower() == value.strip().lower()), None)
            if found is not None:
                return found
        self._odd.append(f"{where} has the {member} {_short(json.dumps(value))}, taken for {default}")
        return default

    def _truth(self, raw: Mapping[str, Any], member: str, where: str) -> bool:
        value = _member(raw, member)
        if value is None or isinstance(value, bool):
            return bool(value)
        self._odd.append(f"{where} has {_short(json.dumps(value))} for {member}, not a boolean")
        return str(value).strip().lower() in ("true", "1")

    def _texts(self, raw: Mapping[str, Any], member: str, where: str) -> tuple[str, ...]:
        value = _member(raw, member)
        if value is None:
            return ()
        if isinstance(value, list):
            return tuple(text for text in value if isinstance(text, str))
        self._odd.append(f"{where} has {json_kind(value)} for {member}, not an array")
        return (value,) if isinstance(value, str) else ()


def parse_resource_type(raw: Any, relative: Callable[[str], str | None], complain: Complain) -> ResourceType | None:
    """Return a resource type as served, None when nothing can be made of it.

    `relative` turns an absolute endpoint into one below the base URL, or None when it lies elsewhere.
    """
    if not isinstance(raw, Mapping):
        complain(f"an element is {json_kind(raw)}, not a ResourceType object")
        return None
    name = next(
        (value for value in (_member(raw, "name"), _member(raw, "id")) if isinstance(value, str) and value.strip()),
        None,
    )
    if name is None:
        complain("a resource type has no name")
        return None
    schema = _member(raw, "schema")
    if not isinstance(schema, str) or not schema.strip():
        schema = {"user": USER, "group": GROUP}.get(name.lower())
        complain(f"the resource type {_short(name)} has no schema" + (", the core one is assumed" if schema else ""))
        if schema is None:
            return None
    endpoint = _endpoint(raw, name, relative, complain)
    extensions = tuple(_extensions(_member(raw, "schemaExtensions"), name, complain))
    return ResourceType(name, endpoint, schema, extensions, raw)


def _endpoint(raw: Mapping[str, Any], name: str, relative: Callable[[str], str | None], complain: Complain) -> str:
    value = _member(raw, "endpoint")
    if not isinstance(value, str) or not value.strip().strip("/"):
        complain(f"the resource type {_short(name)} has no endpoint, /{_short(name)}s is assumed")
        return f"/{name}s"
    text = value.strip()
    if "://" in text or text.startswith("//"):
        complain(f"the endpoint of {_short(name)} is absolute ({_short(text)}), it should be relative to the base URL")
        found = relative(text)
        if found is None:
            complain(f"the endpoint of {_short(name)} lies outside the base URL; its last part is used below it")
            found = text.rstrip("/").rpartition("/")[2]
        text = found
    elif text.startswith("/"):
        text = relative(text) or text
    text = "/" + text.partition("?")[0].partition("#")[0].strip("/")
    if any(segment in ("", ".", "..") for segment in text[1:].split("/")):
        complain(f"the endpoint of {_short(name)} is {_short(value)}, which is no path; /{_short(name)}s is assumed")
        return f"/{name}s"
    return text


def _extensions(raw: Any, name: str, complain: Complain) -> Iterator[tuple[str, bool]]:
    if raw is None:
        return
    if not isinstance(raw, list):
        complain(f"schemaExtensions of {_short(name)} is {json_kind(raw)}, not an array")
        raw = [raw]
    seen: set[str] = set()
    for element in raw:
        urn = _member(element, "schema") if isinstance(element, Mapping) else element
        required = _member(element, "required") if isinstance(element, Mapping) else None
        if not isinstance(urn, str) or not urn.strip():
            complain(f"an element of schemaExtensions of {_short(name)} has no schema")
            continue
        if not isinstance(required, bool):
            complain(f"the schema extension {_short(urn)} of {_short(name)} has no boolean for required")
        if urn.lower() not in seen:
            seen.add(urn.lower())
            yield urn, required is True or str(required).lower() == "true"


def json_kind(value: Any) -> str:
    """Name the JSON type of a value, with its article."""
    if value is None:
        return "nothing"
    kinds = {bool: "a boolean", str: "a string", int: "a number", float: "a number", list: "an array"}
    return kinds.get(type(value), "an object")


def member(raw: Any, name: str) -> Any:
    """Return a member of a JSON object by its name in any letter case, None when there is none."""
    return _member(raw, name) if isinstance(raw, Mapping) else None


@cache
def core_schemas() -> Mapping[str, ServedSchema]:
    """Return the RFC's own User, Group and enterprise schemas (RFC 7643 section 8.7.1) by id, marked as assumed."""
    found: dict[str, ServedSchema] = {}
    for path in sorted((SCHEMAS / "scim").glob("*.json")):
        raw = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(raw, dict) or SCHEMA not in raw.get("schemas", ()):
            continue
        schema = parse_schema(raw, lambda _: None)
        if schema is not None and schema.id in (USER, GROUP, ENTERPRISE):
            found[schema.id] = replace(schema.as_extension(extension=schema.id == ENTERPRISE), assumed=True)
    return found


def core_resource_types() -> tuple[ResourceType, ...]:
    """Return User with the enterprise extension, and Group, as the RFC describes them, marked as assumed."""
    return (
        ResourceType("User", "/Users", USER, ((ENTERPRISE, False),), assumed=True),
        ResourceType("Group", "/Groups", GROUP, assumed=True),
    )


def _placed(attribute: Attribute, prefix: str) -> Attribute:
    """Return an attribute with its paths below a prefix; those it has are replaced."""

    def place(one: Attribute, above: str) -> Attribute:
        path = f"{above}{one.name}"
        return replace(one, path=path, sub_attributes=tuple(place(sub, f"{path}.") for sub in one.sub_attributes))

    return place(attribute, prefix)


def _member(raw: Mapping[str, Any], name: str) -> Any:
    if name in raw:
        return raw[name]
    return next((value for key, value in raw.items() if key.lower() == name.lower()), None)


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return text if len(text) <= 100 else f"{text[:97]}..."  # noqa: PLR2004 - characters of a message

"""Resource types (RFC 7643 section 6) and where an attribute path leads in a resource of such a type."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from scim_conformance.server.paths import AttributePath
from scim_conformance.server.schema import (
    COMMON,
    CORE,
    DATA,
    Attribute,
    BadSchema,
    Schema,
    Schemas,
    read_document,
)

_CACHED = 4096
RESOURCE_TYPE = CORE + "ResourceType"


@dataclass(frozen=True, slots=True)
class ResourceType:
    """A kind of resource: its endpoint with a leading slash, base schema, and extensions with whether required."""

    name: str
    endpoint: str
    schema: str
    extensions: tuple[tuple[str, bool], ...] = ()
    description: str = ""

    def document(self) -> dict[str, Any]:
        """Write the resource type as it is served at /ResourceTypes, but for meta."""
        document: dict[str, Any] = {"schemas": [RESOURCE_TYPE], "id": self.name, "name": self.name}
        if self.description:
            document["description"] = self.description
        document |= {"endpoint": self.endpoint, "schema": self.schema}
        if self.extensions:
            document["schemaExtensions"] = [{"schema": u, "required": needed} for u, needed in self.extensions]
        return document


@dataclass(frozen=True, slots=True)
class Located:
    """Where a path leads: an attribute, perhaps a sub-attribute of it, perhaps inside an extension.

    Without an attribute it is the whole extension.
    """

    extension: str
    attribute: Attribute | None
    sub: Attribute | None = None

    @property
    def leaf(self) -> Attribute | None:
        """The attribute or sub-attribute at the end of the path."""
        return self.sub or self.attribute

    def holder(self, resource: Mapping[str, Any]) -> Mapping[str, Any]:
        """Give the object the attribute is a member of: the resource or its extension."""
        if not self.extension:
            return resource
        extension: Mapping[str, Any] = resource.get(self.extension) or {}
        return extension


class ResourceTypes:
    """The resource types in force, over the schemas in force."""

    def __init__(self, schemas: Schemas, resource_types: Iterable[ResourceType] = ()) -> None:
        self.schemas = schemas
        self._types = {each.name: each for each in resource_types}
        self._located: dict[tuple[str, str, int], Located | None] = {}
        for each in self:
            self._check(each)

    def __iter__(self) -> Iterator[ResourceType]:
        return iter(self._types.values())

    def get(self, name: str) -> ResourceType | None:
        """Find a resource type by its name or id."""
        return self._types.get(name)

    def at(self, endpoint: str) -> ResourceType | None:
        """Find the resource type served at an endpoint such as /Users."""
        return next((each for each in self if each.endpoint == endpoint), None)

    def put(self, resource_type: ResourceType) -> None:
        """Add a resource type, or replace its namesake."""
        self._check(resource_type)
        self._located.clear()
        self._types[resource_type.name] = resource_type

    def drop(self, name: str) -> None:
        """Take a resource type away."""
        self._located.clear()
        self._types.pop(name, None)

    def extend(self, name: str, urn: str, *, required: bool = False) -> None:
        """Give a resource type an extension, or change whether it is required."""
        known = self._types[name]
        extensions = dict(known.extensions) | {urn: required}
        self.put(replace(known, extensions=tuple(extensions.items())))

    def retract(self, name: str, urn: str) -> None:
        """Take an extension from a resource type, and its schema from the served ones."""
        known = self._types[name]
        self._located.clear()
        self._types[name] = replace(known, extensions=tuple(p for p in known.extensions if p[0] != urn))
        self.schemas.drop(urn)

    def _check(self, resource_type: ResourceType) -> None:
        if not resource_type.endpoint.startswith("/"):
            raise BadSchema(f"{resource_type.name}: the endpoint {resource_type.endpoint!r} has to begin with a slash.")
        for urn in (resource_type.schema, *(urn for urn, _ in resource_type.extensions)):
            if self.schemas.get(urn) is None:
                raise BadSchema(f"{resource_type.name}: there is no schema {urn}.")

    # What a resource of a type is made of

    def base(self, resource_type: ResourceType) -> Schema:
        """Give the base schema."""
        schema = self.schemas.get(resource_type.schema)
        if schema is None:
            raise BadSchema(f"{resource_type.name}: there is no schema {resource_type.schema}.")
        return schema

    def extensions(self, resource_type: ResourceType) -> list[Schema]:
        """Give the extension schemas that are in force."""
        found = (self.schemas.get(urn) for urn, _ in resource_type.extensions)
        return [schema for schema in found if schema is not None]

    def extension(self, resource_type: ResourceType, urn: str) -> Schema | None:
        """Find an extension of the type by its URI; letter case does not count."""
        return next((s for s in self.extensions(resource_type) if s.id.lower() == urn.lower()), None)

    def locate(self, resource_type: ResourceType, path: AttributePath) -> Located | None:
        """Find where a path leads; None if the type has no such attribute.

        A name without URI is looked for in the base schema, among the common attributes, then in the extensions
        (RFC 7644 section 3.5.2: unqualified paths are resolved by the schemas of the resource).
        """
        key = (resource_type.name, path.text, self.schemas.revision)
        if key not in self._located:
            if len(self._located) > _CACHED:
                self._located.clear()
            self._located[key] = self._locate(resource_type, path)
        return self._located[key]

    def _locate(self, resource_type: ResourceType, path: AttributePath) -> Located | None:
        whole = self.extension(resource_type, path.text)
        if whole is not None:
            return Located(whole.id, None)
        for extension, attribute in self._candidates(resource_type, path):
            if not path.sub:
                return Located(extension, attribute)
            sub = attribute.sub(path.sub)
            return Located(extension, attribute, sub) if sub else None
        return None

    def _candidates(self, resource_type: ResourceType, path: AttributePath) -> Iterator[tuple[str, Attribute]]:
        base = self.base(resource_type)
        if not path.urn or path.urn.lower() == base.id.lower():
            own = base.attribute(path.name)
            # The common attributes keep their characteristics whatever a schema says (RFC 7643 section 3.1).
            common = next((each for each in COMMON if each.name.lower() == path.name.lower()), None)
            if common or own:
                yield "", common or own  # type: ignore[misc]
        for schema in self.extensions(resource_type):
            if not path.urn or path.urn.lower() == schema.id.lower():
                own = schema.attribute(path.name)
                if own is not None:
                    yield schema.id, own


def load_resource_type(source: "Path | Mapping[str, Any]") -> ResourceType:
    """Read a resource type from a JSON file or document written as RFC 7643 section 6 has it; raise BadSchema."""
    document = read_document(source)
    for member in ("name", "endpoint", "schema"):
        if not isinstance(document.get(member), str):
            raise BadSchema(f"A resource type needs {member}, a string; it is {document.get(member)!r}.")
    extensions = document.get("schemaExtensions", [])
    try:
        pairs = tuple((str(each["schema"]), bool(each.get("required", False))) for each in extensions)
    except (TypeError, KeyError):
        raise BadSchema(
            f"{document['name']}: each of schemaExtensions is an object with schema and required."
        ) from None
    endpoint = "/" + str(document["endpoint"]).strip("/")
    name, schema = str(document["name"]), str(document["schema"])
    return ResourceType(name, endpoint, schema, pairs, str(document.get("description", "")))


@cache
def standard_resource_types() -> tuple[ResourceType, ...]:
    """Read the resource types that come with the server: User and Group."""
    paths = sorted(DATA.glob("resource-types/*.json"), reverse=True)
    return tuple(load_resource_type(path) for path in paths)

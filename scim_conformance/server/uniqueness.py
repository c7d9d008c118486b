"""Values that no two resources may share (RFC 7643 section 7, uniqueness)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scim_conformance.server.comparison import Comparison
from scim_conformance.server.errors import ScimError, uniqueness
from scim_conformance.server.resource_types import ResourceType, ResourceTypes
from scim_conformance.server.schema import Attribute
from scim_conformance.server.store import Taken

_SEPARATOR = "\x1f"


class Uniqueness:
    """Makes the keys under which the store lets one resource in."""

    def __init__(self, resource_types: ResourceTypes, comparison: Comparison) -> None:
        self.resource_types = resource_types
        self.comparison = comparison

    def keys(self, kind: ResourceType, resource: Mapping[str, Any]) -> frozenset[str]:
        """Give the keys of a resource's unique values."""
        found = set(self._keys(kind, self.resource_types.base(kind).attributes, resource, ""))
        for schema in self.resource_types.extensions(kind):
            found |= set(self._keys(kind, schema.attributes, resource.get(schema.id) or {}, schema.id + ":"))
        return frozenset(found | self.identity(kind, resource))

    def identity(self, kind: ResourceType, resource: Mapping[str, Any]) -> set[str]:
        """Give the key by which a group is known to be the same one: its name and its externalId together.

        Groups may share a displayName, but a second POST of both is a conflict (RFC 7644 section 3.3): Entra ID finds
        groups by their name, and its validator asks for the 409.
        """
        name, external = resource.get("displayName"), resource.get("externalId")
        if kind.name != "Group" or not name or not external:
            return set()
        return {_SEPARATOR.join((kind.name, "displayName and externalId", str(name).casefold(), str(external)))}

    def _keys(
        self, kind: ResourceType, attributes: Iterable[Attribute], holder: Mapping[str, Any], prefix: str
    ) -> Iterator[str]:
        for attribute in attributes:
            value = holder.get(attribute.name)
            for element in value if isinstance(value, list) else [value]:
                if isinstance(element, dict):
                    yield from self._keys(kind, attribute.sub_attributes, element, f"{prefix}{attribute.name}.")
                elif self.is_unique(attribute) and element is not None:
                    yield self.key(kind, attribute, prefix + attribute.name, element)

    def is_unique(self, attribute: Attribute) -> bool:
        """Tell whether no two resources may share a value of the attribute."""
        return attribute.uniqueness in ("server", "global")

    def key(self, kind: ResourceType, attribute: Attribute, place: str, value: Any) -> str:
        """Make the key of one value: within its resource type, or for `global` across all."""
        scope = kind.name if attribute.uniqueness == "server" else ""
        return _SEPARATOR.join((scope, place, str(self.comparison.key(value, attribute))))

    def conflict(self, taken: Taken) -> ScimError:
        """Make the refusal 409, which names the attribute (RFC 7644 section 3.3)."""
        return uniqueness(f"Another resource has this {taken.key.split(_SEPARATOR)[1]}.")

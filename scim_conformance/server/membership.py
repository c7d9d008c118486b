"""Resources that refer to resources: members, groups, managers (RFC 7643 sections 4.1.2, 4.2 and 4.3).

Stored is only the id referred to, and its type; $ref, display names and a user's groups are derived when shown.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from scim_conformance.server.errors import invalid_value
from scim_conformance.server.locations import Locations
from scim_conformance.server.messages import Request
from scim_conformance.server.resource_types import ResourceType, ResourceTypes
from scim_conformance.server.schema import Attribute
from scim_conformance.server.store import Record, Store
from scim_conformance.server.validation import Resource


class Membership:
    """The rules of references between resources."""

    def __init__(self, store: Store, resource_types: ResourceTypes, locations: Locations) -> None:
        self.store = store
        self.resource_types = resource_types
        self.locations = locations

    # Which attributes refer

    def referring(self, kind: ResourceType) -> Iterator[tuple[str, Attribute]]:
        """Give the attributes of a type that refer to resources and that clients write, with their extension."""
        for attribute in self.resource_types.base(kind).attributes:
            if self.is_reference(attribute):
                yield "", attribute
        for schema in self.resource_types.extensions(kind):
            for attribute in schema.attributes:
                if self.is_reference(attribute):
                    yield schema.id, attribute

    def is_reference(self, attribute: Attribute) -> bool:
        """Tell whether an attribute's elements have a value and a $ref to a type of resource."""
        ref = attribute.sub("$ref")
        if ref is None or attribute.sub("value") is None or attribute.mutability == "readOnly":
            return False
        return any(self.resource_types.get(name) for name in ref.reference_types)

    def elements(self, kind: ResourceType, resource: Mapping[str, Any]) -> Iterator[tuple[Attribute, Resource]]:
        """Give every element of a resource that refers to another."""
        for extension, attribute in self.referring(kind):
            holder = (resource.get(extension) or {}) if extension else resource
            value = holder.get(attribute.name)
            for element in value if isinstance(value, list) else [value]:
                if isinstance(element, dict):
                    yield attribute, element

    def references(self, kind: ResourceType, resource: Mapping[str, Any]) -> frozenset[str]:
        """Give the ids a resource refers to."""
        return frozenset(e["value"] for _, e in self.elements(kind, resource) if isinstance(e.get("value"), str))

    # Writing

    def settle(self, kind: ResourceType, resource: Resource, known: frozenset[str] = frozenset()) -> None:
        """Bring references into the form in which they are stored; ids in `known` were referred to before."""
        for attribute, element in self.elements(kind, resource):
            id_ = self.referred_id(attribute, element)
            found = self.store.find(id_)
            if found is None and id_ not in known:
                self.dangling(attribute, id_)
            element.clear()
            element["value"] = id_
            if found is not None and attribute.sub("type") is not None:
                element["type"] = found.kind

    def referred_id(self, attribute: Attribute, element: Mapping[str, Any]) -> str:
        """Read the id: the value, or else the end of $ref."""
        id_ = element.get("value") or unquote(str(element.get("$ref") or "").rpartition("/")[2])
        if not id_:
            raise invalid_value(f"{attribute.name} needs the id of a resource as its value.")
        return str(id_)

    def dangling(self, attribute: Attribute, id_: str) -> None:
        """Refuse a member that does not exist; other references may be to somebody this server does not know."""
        if attribute.multi_valued:
            raise invalid_value(f"{attribute.name} names {id_[:80]!r}, but there is no such resource.")

    def released(self, kind: ResourceType, resource: Resource, id_: str) -> None:
        """Take references to a deleted resource out of another."""
        for extension, attribute in self.referring(kind):
            holder = resource.get(extension, {}) if extension else resource
            value = holder.get(attribute.name)
            left = [element for element in _listed(value) if element and element.get("value") != id_]
            if not left:
                holder.pop(attribute.name, None)
            elif isinstance(value, list):
                holder[attribute.name] = left
            if extension and not holder:
                resource.pop(extension, None)

    # Reading

    def view(self, kind: ResourceType, resource: Mapping[str, Any], request: Request) -> Resource:
        """Give a resource with everything that is derived: locations, names of members, groups."""
        shown = dict(resource)
        shown["meta"] = {**resource["meta"], "location": self.location(kind, resource, request)}
        for extension, attribute in self.referring(kind):
            holder = shown.get(extension) if extension else shown
            if not holder or attribute.name not in holder:
                continue
            if extension:
                holder = shown[extension] = dict(holder)
            value = holder[attribute.name]
            described = [self.described(attribute, element, request) for element in _listed(value)]
            holder[attribute.name] = described if isinstance(value, list) else described[0]
        if self.has_groups(kind):
            shown["groups"] = self.groups(resource["id"], request) or None
        return shown

    def location(self, kind: ResourceType, resource: Mapping[str, Any], request: Request) -> str:
        """Give a resource's own location."""
        return self.locations.resource(request, kind.endpoint, resource["id"])

    def has_groups(self, kind: ResourceType) -> bool:
        """Tell whether resources of a type show the groups they belong to."""
        groups = self.resource_types.base(kind).attribute("groups")
        return groups is not None and groups.mutability == "readOnly"

    def described(self, attribute: Attribute, element: Mapping[str, Any], request: Request) -> Resource:
        """Give a reference with what is known about the resource it refers to."""
        shown = dict(element)
        found = self.store.find(element["value"])
        ref = self.reference(attribute, found, element["value"], request)
        if ref:
            shown["$ref"] = ref
        if found is not None:
            shown |= {
                sub: name for sub in ("display", "displayName") if attribute.sub(sub) and (name := self.name(found))
            }
        return shown

    def reference(self, attribute: Attribute, found: Record | None, id_: str, request: Request) -> str | None:
        """Give the URI of the resource an element refers to."""
        ref = attribute.sub("$ref")
        name = found.kind if found else ref.reference_types[0] if ref else ""
        kind = self.resource_types.get(name)
        return self.locations.reference(request, kind.endpoint, id_) if kind else None

    def name(self, record: Record) -> str | None:
        """Give the name by which a resource is shown to people."""
        resource = record.resource
        name = resource.get("displayName") or (resource.get("name") or {}).get("formatted") or resource.get("userName")
        return str(name) if name else None

    # A user's groups

    def groups(self, id_: str, request: Request) -> list[Resource]:
        """Give the groups a resource belongs to: first those it is a member of, then those around them."""
        direct = self.groups_of(id_)
        shown = [self.group(record, "direct", request) for record in direct]
        return shown + [self.group(record, "indirect", request) for record in self.indirect(direct)]

    def groups_of(self, id_: str) -> list[Record]:
        """Give the groups that have an id among their members."""
        return [record for record in self.store.referring(id_) if self.is_member(record, id_)]

    def is_member(self, record: Record, id_: str) -> bool:
        """Tell whether an id is among a resource's members."""
        return any(member.get("value") == id_ for member in record.resource.get("members") or [])

    def indirect(self, direct: list[Record]) -> list[Record]:
        """Give the groups around groups, each once, whatever circles they form."""
        seen = {record.id for record in direct}
        found: list[Record] = []
        waiting = list(direct)
        while waiting:
            for record in self.groups_of(waiting.pop(0).id):
                if record.id not in seen:
                    seen.add(record.id)
                    found.append(record)
                    waiting.append(record)
        return found

    def group(self, record: Record, how: str, request: Request) -> Resource:
        """Describe a group as an element of groups."""
        kind = self.resource_types.get(record.kind)
        shown = {"value": record.id, "type": how}
        if kind is not None:
            shown["$ref"] = self.locations.reference(request, kind.endpoint, record.id)
        name = self.name(record)
        return {**shown, "display": name} if name else shown


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

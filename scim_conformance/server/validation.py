"""Resource bodies against the schema: what is taken in, ignored or refused (RFC 7643 sections 2, 3 and 7)."""

import json
from collections.abc import Hashable, Iterable, Mapping
from typing import Any

from scim_conformance.server.comparison import Comparison, prepared
from scim_conformance.server.errors import invalid_syntax, invalid_value, mutability
from scim_conformance.server.resource_types import ResourceType, ResourceTypes
from scim_conformance.server.schema import EXTERNAL_ID, Attribute
from scim_conformance.server.values import Values

Resource = dict[str, Any]
UNASSIGNED = None
"""Absent, null and an empty list are one state (RFC 7643 section 2.5); this is how it is passed about."""


class Validation:
    """The rules for the body of a POST or PUT; PATCH uses those for single values and for the outcome."""

    def __init__(self, resource_types: ResourceTypes, values: Values, comparison: Comparison) -> None:
        self.resource_types = resource_types
        self.values = values
        self.comparison = comparison

    def resource(self, kind: ResourceType, body: Any, stored: Resource | None = None) -> Resource:
        """Give the resource a body asserts, without id and meta; `stored` is what a PUT replaces."""
        members = self.members(self.check_object(body), "The body")
        declared = self.declared_schemas(kind, members.get("schemas"))
        own = [*self.resource_types.base(kind).attributes, EXTERNAL_ID]
        resource = self.attributes(own, members, stored or {}, "")
        for schema in self.resource_types.extensions(kind):
            asserted = members.get(schema.id.lower())
            if asserted is None and schema.id not in (stored or {}):
                continue
            if not isinstance(asserted, dict | None):
                raise self.values.wrong_type(schema.id, "an object", asserted)
            inside = self.members(asserted or {}, schema.id)
            found = self.attributes(schema.attributes, inside, (stored or {}).get(schema.id) or {}, schema.id + ":")
            if found:
                resource[schema.id] = found
        resource["schemas"] = self.schemas_of(kind, resource, declared)
        return resource

    def check(self, kind: ResourceType, resource: Resource) -> None:
        """Refuse a resource, as it would be stored, that breaks a rule about the whole of it."""
        self.check_required(kind, resource)
        self.check_extensions(kind, resource)
        for attribute in self.resource_types.base(kind).attributes:
            self.check_primary(attribute, resource.get(attribute.name))

    # The body as a whole

    def check_object(self, body: Any) -> dict[str, Any]:
        """Refuse a body that is not a JSON object."""
        if not isinstance(body, dict):
            raise invalid_syntax("The body has to be a JSON object.")
        return body

    def members(self, body: Mapping[str, Any], place: str) -> dict[str, Any]:
        """Give the members by lower-case name, for attribute names are case-insensitive; refuse doubled ones."""
        members = {self.member_key(name): value for name, value in body.items()}
        if len(members) != len(body):
            raise invalid_syntax(f"{place} has the same member twice, differing in letter case alone.")
        return members

    def member_key(self, name: str) -> str:
        """Give the form of a member's name in which attributes look for it."""
        return name.lower()

    def declared_schemas(self, kind: ResourceType, schemas: Any) -> list[str]:
        """Read the schemas attribute: a list of URIs, not empty, with the base schema; foreign URIs are passed over."""
        if not isinstance(schemas, list) or not schemas or not all(isinstance(urn, str) for urn in schemas):
            raise invalid_syntax("schemas has to be a list of schema URIs, and not empty.")
        base = self.resource_types.base(kind)
        declared = {urn.lower() for urn in schemas}
        if base.id.lower() not in declared:
            raise invalid_syntax(f"schemas has to name {base.id}.")
        return [schema.id for schema in self.resource_types.extensions(kind) if schema.id.lower() in declared]

    def schemas_of(self, kind: ResourceType, resource: Resource, _declared: Iterable[str] = ()) -> list[str]:
        """Give the schemas attribute that is true of a resource: the base schema and the extensions it has data for."""
        base = self.resource_types.base(kind).id
        return [base, *(s.id for s in self.resource_types.extensions(kind) if resource.get(s.id))]

    # Attributes

    def attributes(
        self, attributes: Iterable[Attribute], members: Mapping[str, Any], stored: Mapping[str, Any], place: str
    ) -> Resource:
        """Give the assigned ones of these attributes; members that no attribute knows are ignored."""
        found: Resource = {}
        for attribute in attributes:
            asserted = members.get(self.member_key(attribute.name))
            value = self.by_mutability(attribute, asserted, stored.get(attribute.name), place + attribute.name)
            if value is not UNASSIGNED:
                found[attribute.name] = value
        return found

    def by_mutability(self, attribute: Attribute, asserted: Any, stored: Any, place: str) -> Any:
        """Give the value an attribute has after a POST or PUT (RFC 7644 sections 3.3 and 3.5.1)."""
        if attribute.mutability == "readOnly":
            return self.read_only(attribute, asserted, stored)
        value = self.value(attribute, asserted, place, stored)
        if attribute.mutability == "immutable":
            return self.immutable(attribute, value, stored, place)
        return value if value is not UNASSIGNED else self.omitted(attribute, stored)

    def read_only(self, _attribute: Attribute, _asserted: Any, stored: Any) -> Any:
        """Ignore what a client says about a readOnly attribute."""
        return stored

    def immutable(self, attribute: Attribute, value: Any, stored: Any, place: str) -> Any:
        """Keep a stored immutable value; refuse another one."""
        if stored is UNASSIGNED or value is UNASSIGNED:
            return value if stored is UNASSIGNED else stored
        if not self.comparison.same(value, stored, attribute):
            raise mutability(f"{place} is immutable and has a value already.")
        return stored

    def omitted(self, attribute: Attribute, stored: Any) -> Any:
        """Give the value of an attribute the client did not assign: none, but a writeOnly one is kept."""
        # A client cannot read back a password to send it again, so leaving it out must not take it away.
        return stored if attribute.mutability == "writeOnly" else UNASSIGNED

    def is_unassigned(self, value: Any) -> bool:
        """Tell whether this says that there is no value (RFC 7643 section 2.5)."""
        return value is None or value in ([], {})

    def value(self, attribute: Attribute, value: Any, place: str, stored: Any = None) -> Any:
        """Give one attribute's value in the form in which it is kept, UNASSIGNED if there is none, or refuse it."""
        if self.is_unassigned(value):
            return UNASSIGNED
        if attribute.multi_valued:
            return self.elements(attribute, value, place)
        return self.single(attribute, value, place, stored)

    def elements(self, attribute: Attribute, value: Any, place: str) -> list[Any] | None:
        """Give the elements of a multi-valued attribute, without doubles."""
        if not isinstance(value, list):
            raise self.values.wrong_type(place, "a list", value)
        found = [self.single(attribute, element, place) for element in value]
        kept = self.without_doubles(attribute, [element for element in found if element is not UNASSIGNED])
        return kept or UNASSIGNED

    def single(self, attribute: Attribute, value: Any, place: str, stored: Any = None) -> Any:
        """Give one value: an object for a complex attribute, else one by data type."""
        if attribute.type != "complex":
            return self.values.accept(attribute, value, place)
        if not isinstance(value, dict):
            raise self.values.wrong_type(place, "an object", value)
        before = stored if isinstance(stored, dict) else {}
        found = self.attributes(attribute.sub_attributes, self.members(value, place), before, place + ".")
        self.check_sub_attributes(attribute, found, place)
        return found or UNASSIGNED

    def without_doubles(self, attribute: Attribute, elements: list[Any]) -> list[Any]:
        """Drop elements that repeat an earlier one's type and value (RFC 7643 section 2.4)."""
        kept: list[Any] = []
        alike: dict[Hashable, list[Any]] = {}
        for element in elements:
            others = alike.setdefault(self.likeness(attribute, element), [])
            if not any(self.is_double(attribute, element, other) for other in others):
                others.append(element)
                kept.append(element)
        return kept

    def likeness(self, attribute: Attribute, element: Any) -> Hashable:
        """Give what two elements have in common if they can be doubles, so that few need to be compared."""
        if not isinstance(element, dict):
            return self._likeness(attribute, element)
        if "value" not in element:
            return prepared(json.dumps(element, sort_keys=True)).casefold()
        names = ("value",) if attribute.name == "members" else ("value", "type")
        return tuple(self._likeness(attribute.sub(name) or attribute, element.get(name)) for name in names)

    def _likeness(self, attribute: Attribute, value: Any) -> Hashable:
        return self.comparison.text(value, attribute) if isinstance(value, str) else repr(value)

    def is_double(self, attribute: Attribute, one: Any, other: Any) -> bool:
        """Tell whether two elements are one: the same type and value, or the same altogether."""
        if isinstance(one, dict) and isinstance(other, dict) and "value" in one:
            significant = ("value",) if attribute.name == "members" else ("type", "value")
            one = {name: one[name] for name in significant if name in one}
            other = {name: other[name] for name in significant if name in other}
        return self.comparison.same(one, other, attribute)

    # Rules about the whole

    def check_required(self, kind: ResourceType, resource: Mapping[str, Any]) -> None:
        """Refuse a resource that lacks a required attribute, or has an empty one."""
        self._require(self.resource_types.base(kind).attributes, resource, "")
        for schema in self.resource_types.extensions(kind):
            if schema.id in resource:
                self._require(schema.attributes, resource[schema.id], schema.id + ":")

    def _require(self, attributes: Iterable[Attribute], holder: Mapping[str, Any], place: str) -> None:
        for attribute in attributes:
            if self.is_required(attribute) and self.is_empty(holder.get(attribute.name)):
                raise invalid_value(f"{place}{attribute.name} is required.")

    def is_required(self, attribute: Attribute) -> bool:
        """Tell whether clients have to give the attribute; what they cannot write they need not give."""
        return attribute.required and attribute.mutability != "readOnly"

    def is_empty(self, value: Any) -> bool:
        """Tell whether a required attribute's value is as good as none: blank text counts as empty."""
        return self.is_unassigned(value) or (isinstance(value, str) and not value.strip())

    def check_sub_attributes(self, attribute: Attribute, value: Mapping[str, Any], place: str) -> None:
        """Refuse a complex value that lacks a required sub-attribute."""
        self._require(attribute.sub_attributes, value, place + ".")

    def check_extensions(self, kind: ResourceType, resource: Mapping[str, Any]) -> None:
        """Refuse a resource without an extension that its type requires (RFC 7643 section 6)."""
        for urn, required in kind.extensions:
            if required and urn not in resource:
                raise invalid_value(f"The extension {urn} is required.")

    def check_primary(self, attribute: Attribute, value: Any) -> None:
        """Refuse several primary elements (RFC 7643 section 2.4)."""
        if not attribute.multi_valued or not isinstance(value, list):
            return
        primaries = [element for element in value if isinstance(element, dict) and element.get("primary") is True]
        if len(primaries) > 1:
            raise invalid_value(f"{attribute.name} has more than one primary element.")

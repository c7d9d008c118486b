"""The order of a query's result (RFC 7644 section 3.4.2.3)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scim_conformance.server.comparison import Comparison
from scim_conformance.server.errors import invalid_value
from scim_conformance.server.paths import AttributePath, BadPath, attribute_path
from scim_conformance.server.resource_types import ResourceType, ResourceTypes
from scim_conformance.server.schema import Attribute

Found = tuple[ResourceType, Mapping[str, Any]]


class Sorting:
    """The rules of sortBy and sortOrder."""

    def __init__(self, resource_types: ResourceTypes, comparison: Comparison) -> None:
        self.resource_types = resource_types
        self.comparison = comparison

    def ordered(self, found: Sequence[Found], path: AttributePath, *, descending: bool) -> list[Found]:
        """Put resources in order; those without a value come last, in descending order first."""
        keyed = [(self.key(kind, resource, path), kind, resource) for kind, resource in found]
        assigned = [each for each in keyed if each[0] is not None]
        unassigned = [(kind, resource) for key, kind, resource in keyed if key is None]
        try:
            assigned.sort(key=lambda each: each[0], reverse=descending)
        except TypeError:  # resources of several types may have values of several types under one name
            assigned.sort(key=lambda each: str(each[0]), reverse=descending)
        return self.joined([(kind, resource) for _, kind, resource in assigned], unassigned, descending=descending)

    def joined(self, assigned: list[Found], unassigned: list[Found], *, descending: bool) -> list[Found]:
        """Put the resources without a value where they belong."""
        return unassigned + assigned if descending else assigned + unassigned

    def key(self, kind: ResourceType, resource: Mapping[str, Any], path: AttributePath) -> Any:
        """Give the value by which a resource is sorted, None if it has none."""
        located = self.resource_types.locate(kind, path)
        if located is None or located.attribute is None or located.leaf is None:
            return None
        value = located.holder(resource).get(located.attribute.name)
        if isinstance(value, list):
            value = self.chosen(value)
        name = located.sub.name if located.sub else "value"
        if isinstance(value, Mapping):
            value = value.get(name)
        leaf = located.sub or located.attribute.sub("value") or located.attribute
        return None if value is None else self.comparable(value, leaf)

    def chosen(self, elements: list[Any]) -> Any:
        """Choose the element that stands for a multi-valued attribute: the primary one, else the first."""
        primary = (e for e in elements if isinstance(e, Mapping) and e.get("primary") is True)
        return next(primary, elements[0] if elements else None)

    def comparable(self, value: Any, attribute: Attribute) -> Any:
        """Bring a value into the form in which it is put in order, by the attribute's type and case rule."""
        return self.comparison.key(value, attribute)

    def sort_path(self, kinds: Iterable[ResourceType], name: str) -> AttributePath:
        """Read sortBy; refuse a name none of the types has, one that is never shown, and a complex value as a whole."""
        try:
            path = attribute_path(name)
        except BadPath as problem:
            raise invalid_value(f"sortBy: {problem}") from None
        leaves = [located.leaf for kind in kinds if (located := self.resource_types.locate(kind, path)) is not None]
        if not any(leaf is not None and self.is_sortable(leaf) for leaf in leaves):
            raise invalid_value(f"sortBy names {name!r}, by which nothing can be sorted.")
        return path

    def is_sortable(self, attribute: Attribute) -> bool:
        """Tell whether resources can be put in order by an attribute."""
        simple = attribute.type != "complex" or attribute.sub("value") is not None
        return simple and attribute.returned != "never"

    def is_descending(self, order: str | None) -> bool:
        """Read sortOrder; without it the order is ascending."""
        if order is None or order.lower() == "ascending":
            return False
        if order.lower() != "descending":
            raise invalid_value(f"sortOrder is ascending or descending, not {order[:40]!r}.")
        return True

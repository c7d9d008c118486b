"""Whether a resource matches a filter (RFC 7644 section 3.4.2.2), one method an operator."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scim_conformance.server.comparison import Comparison, instant
from scim_conformance.server.errors import ScimError, invalid_filter
from scim_conformance.server.filters import And, Compare, Filter, FilterParser, Not, Or, Present, ValuePath
from scim_conformance.server.paths import AttributePath
from scim_conformance.server.resource_types import ResourceType, ResourceTypes
from scim_conformance.server.schema import Attribute
from scim_conformance.server.values import Values

ORDER = ("gt", "ge", "lt", "le")
PARTS = ("co", "sw", "ew")


@dataclass(frozen=True, slots=True)
class Scope:
    """Where names are looked up: a resource of a type, or one element of a multi-valued attribute."""

    kind: ResourceType
    holder: Mapping[str, Any]
    element_of: Attribute | None = None


class Evaluation:
    """Reads filters, checks them against the schema, and evaluates them."""

    parser: type[FilterParser] = FilterParser

    def __init__(self, resource_types: ResourceTypes, comparison: Comparison, values: Values) -> None:
        self.resource_types = resource_types
        self.comparison = comparison
        self.forms = values

    def parse(self, text: str) -> Filter:
        """Read a filter; raise invalidFilter."""
        return self.parser(text).parse()

    # Checks that do not depend on any resource

    def check(self, kind: ResourceType, filter_: Filter, element_of: Attribute | None = None) -> None:
        """Refuse a filter on attributes the type lacks, or with operators the attribute's type does not go with."""
        scope = Scope(kind, {}, element_of)
        match filter_:
            case And(parts) | Or(parts):
                for part in parts:
                    self.check(kind, part, element_of)
            case Not(inner):
                self.check(kind, inner, element_of)
            case ValuePath(path, inner):
                self.check(kind, inner, self.check_value_path(scope, path, filter_.column))
            case Present(path):
                self.check_known(scope, path, filter_.column)
            case Compare(path):
                self.check_comparison(self.significant(self.check_known(scope, path, filter_.column)), filter_)

    def check_known(self, scope: Scope, path: AttributePath, column: int) -> Attribute:
        """Refuse an attribute that the type lacks."""
        attribute = self.attribute(scope, path)
        if attribute is None:
            raise invalid_filter(f"{scope.kind.name} has no attribute {path} (column {column} of the filter).")
        return attribute

    def check_value_path(self, scope: Scope, path: AttributePath, column: int) -> Attribute:
        """Refuse square brackets on anything but a complex attribute."""
        attribute = self.check_known(scope, path, column)
        if attribute.type != "complex" or path.sub:
            raise invalid_filter(f"{path} has no sub-attributes to filter (column {column} of the filter).")
        return attribute

    def check_comparison(self, attribute: Attribute, compare: Compare) -> None:
        """Refuse an operator or value that does not go with the attribute's type."""
        if attribute.type == "complex":
            raise self.mismatch(compare, "a complex attribute is compared by its sub-attributes")
        if self.is_secret(attribute):
            self.check_secret(compare)
        if compare.operator in ORDER:
            self.check_order(attribute, compare)
        if compare.operator in PARTS:
            self.check_part(attribute, compare)
        if not self.is_comparable(attribute, compare.value):
            raise self.mismatch(compare, f"the value is not of type {attribute.type}")

    def is_secret(self, attribute: Attribute) -> bool:
        """Tell whether an attribute is kept as a digest: the password."""
        return attribute.name == "password" and attribute.returned == "never"

    def check_secret(self, compare: Compare) -> None:
        """Refuse to tell more of a password than whether it is a given text (RFC 7643 section 4.1.1)."""
        if compare.operator != "eq" or not isinstance(compare.value, str):
            raise self.mismatch(compare, "a password is compared by eq alone")

    def check_order(self, attribute: Attribute, compare: Compare) -> None:
        """Refuse gt, ge, lt and le on booleans and binaries, and with null."""
        if attribute.type in ("boolean", "binary") or compare.value is None:
            raise self.mismatch(compare, f"{compare.operator} does not work on it")

    def check_part(self, attribute: Attribute, compare: Compare) -> None:
        """Refuse co, sw and ew on what is no text."""
        if attribute.type in ("boolean", "integer", "decimal", "dateTime") or compare.value is None:
            raise self.mismatch(compare, f"{compare.operator} works on text only")

    def is_comparable(self, attribute: Attribute, value: Any) -> bool:
        """Tell whether a filter's value is of the attribute's type; null goes with every type."""
        if value is None:
            return True
        if attribute.type == "boolean":
            return isinstance(value, bool) or str(value).lower() in ("true", "false")
        if attribute.type in ("integer", "decimal"):
            return isinstance(value, int | float) and not isinstance(value, bool)
        return isinstance(value, str) and (attribute.type != "dateTime" or _is_instant(value))

    @staticmethod
    def mismatch(compare: Compare, why: str) -> ScimError:
        """Make the refusal of a comparison."""
        return invalid_filter(f"{compare} cannot be evaluated: {why} (column {compare.column} of the filter).")

    # Evaluation

    def matches(self, kind: ResourceType, filter_: Filter, resource: Mapping[str, Any]) -> bool:
        """Tell whether a resource matches a filter; an attribute its type lacks counts as unassigned."""
        return self.evaluate(filter_, Scope(kind, resource))

    def element_matches(self, kind: ResourceType, attribute: Attribute, filter_: Filter, element: Any) -> bool:
        """Tell whether one element of an attribute matches a filter in square brackets."""
        holder = element if isinstance(element, Mapping) else {"value": element}
        return self.evaluate(filter_, Scope(kind, holder, attribute))

    def evaluate(self, filter_: Filter, scope: Scope) -> bool:
        """Evaluate one part of a filter."""
        match filter_:
            case And(parts):
                return self.all_of(parts, scope)
            case Or(parts):
                return self.any_of(parts, scope)
            case Not(inner):
                return self.negation(inner, scope)
            case ValuePath(path, inner):
                return self.value_path(path, inner, scope)
            case Present(path):
                return self.present(path, scope)
        return self.compare(filter_, scope)

    def all_of(self, parts: tuple[Filter, ...], scope: Scope) -> bool:
        """Evaluate `and`."""
        return all(self.evaluate(part, scope) for part in parts)

    def any_of(self, parts: tuple[Filter, ...], scope: Scope) -> bool:
        """Evaluate `or`."""
        return any(self.evaluate(part, scope) for part in parts)

    def negation(self, inner: Filter, scope: Scope) -> bool:
        """Evaluate `not`."""
        return not self.evaluate(inner, scope)

    def value_path(self, path: AttributePath, inner: Filter, scope: Scope) -> bool:
        """Evaluate square brackets: one element has to meet all of the filter."""
        attribute = self.attribute(scope, path)
        if attribute is None:
            return False
        elements = self.values(scope, path)
        return any(self.element_matches(scope.kind, attribute, inner, element) for element in elements)

    def present(self, path: AttributePath, scope: Scope) -> bool:
        """Evaluate `pr`: there is a value that is not empty."""
        return any(self.is_assigned(value) for value in self.values(scope, path))

    def is_assigned(self, value: Any) -> bool:
        """Tell whether a value is not empty; of a complex one, whether a sub-attribute is not."""
        if isinstance(value, Mapping):
            return any(self.is_assigned(each) for each in value.values())
        return value is not None and value not in ("", [])

    def compare(self, compare: Compare, scope: Scope) -> bool:
        """Evaluate a comparison: on a multi-valued attribute one matching element is enough."""
        attribute = self.attribute(scope, compare.path)
        if attribute is None:
            return self.unassigned(compare)
        leaf = self.significant(attribute)
        found = self.significant_values(attribute, self.values(scope, compare.path))
        values = [v for v in (self.assumed(leaf, v) for v in found) if v is not None]
        if not values or compare.value is None:
            return self.unassigned(compare) if not values else self.assigned(compare)
        if self.is_secret(leaf):
            return self.is_password(compare.value, values)
        return self.any_value(compare.operator, values, self.operand(leaf, compare.value), leaf)

    def is_password(self, wanted: str, stored: list[Any]) -> bool:
        """Tell whether a text is the password of which the digest is stored."""
        return any(self.forms.is_password(wanted, digest) for digest in stored)

    def assumed(self, attribute: Attribute, value: Any) -> Any:
        """Give the value to compare: an element without primary counts as not primary (RFC 7643 section 2.4)."""
        return False if value is None and attribute.name == "primary" and attribute.type == "boolean" else value

    def any_value(self, operator: str, values: list[Any], wanted: Any, attribute: Attribute) -> bool:
        """Tell whether one of the values meets the operator."""
        test = getattr(self, operator)
        return any(test(self.comparison.key(value, attribute), wanted) for value in values)

    def unassigned(self, compare: Compare) -> bool:
        """Evaluate a comparison with an attribute that has no value: it equals null and nothing else."""
        return (compare.value is None) == (compare.operator == "eq") and compare.operator in ("eq", "ne")

    def assigned(self, compare: Compare) -> bool:
        """Evaluate a comparison of a value with null."""
        return compare.operator == "ne"

    def operand(self, attribute: Attribute, value: Any) -> Any:
        """Bring a filter's value into the form in which the attribute's values compare."""
        if attribute.type == "boolean":
            return str(value).lower() == "true"
        return self.comparison.key(value, attribute)

    # Operators: a value of the resource, the value of the filter, both in the form in which they compare

    def eq(self, value: Any, wanted: Any) -> bool:
        """Tell whether they are identical."""
        return bool(value == wanted)

    def ne(self, value: Any, wanted: Any) -> bool:
        """Tell whether they are not identical."""
        return bool(value != wanted)

    def co(self, value: str, wanted: str) -> bool:
        """Tell whether the value contains the wanted text."""
        return wanted in value

    def sw(self, value: str, wanted: str) -> bool:
        """Tell whether the value starts with the wanted text."""
        return value.startswith(wanted)

    def ew(self, value: str, wanted: str) -> bool:
        """Tell whether the value ends with the wanted text."""
        return value.endswith(wanted)

    def gt(self, value: Any, wanted: Any) -> bool:
        """Tell whether the value is greater."""
        return bool(value > wanted)

    def ge(self, value: Any, wanted: Any) -> bool:
        """Tell whether the value is greater or the same."""
        return bool(value >= wanted)

    def lt(self, value: Any, wanted: Any) -> bool:
        """Tell whether the value is less."""
        return bool(value < wanted)

    def le(self, value: Any, wanted: Any) -> bool:
        """Tell whether the value is less or the same."""
        return bool(value <= wanted)

    # Names

    def attribute(self, scope: Scope, path: AttributePath) -> Attribute | None:
        """Find what a name means in a scope; None if it means nothing there."""
        if scope.element_of is not None:
            return scope.element_of.sub(path.name) if not path.sub else None
        located = self.resource_types.locate(scope.kind, path)
        return located.leaf if located else None

    def significant(self, attribute: Attribute) -> Attribute:
        """Give the sub-attribute `value` of a complex attribute that has one: `emails co "x"` is about the value."""
        return attribute.sub("value") or attribute if attribute.type == "complex" else attribute

    def significant_values(self, attribute: Attribute, values: Iterator[Any]) -> Iterator[Any]:
        """Give the values of the significant sub-attribute."""
        name = self.significant(attribute).name
        for value in values:
            yield value.get(name) if isinstance(value, Mapping) else value

    def values(self, scope: Scope, path: AttributePath) -> Iterator[Any]:
        """Give all values a path leads to: the elements of a list, and inside each its sub-attribute."""
        if scope.element_of is not None:
            sub = scope.element_of.sub(path.name)
            value = scope.holder.get(sub.name) if sub else None
            yield from [None] if value is None else _elements(value)
            return
        located = self.resource_types.locate(scope.kind, path)
        if located is None or located.attribute is None:
            return
        for element in _elements(located.holder(scope.holder).get(located.attribute.name)):
            yield element.get(located.sub.name) if located.sub and isinstance(element, Mapping) else element


def _elements(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _is_instant(text: str) -> bool:
    try:
        instant(text)
    except (ValueError, OverflowError):
        return False
    return True

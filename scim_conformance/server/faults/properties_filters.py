"""Faults of filters that only long or unusual ones show (RFC 7644 section 3.4.2.2)."""

from collections.abc import Callable

from scim_conformance.server.evaluation import Scope
from scim_conformance.server.faults import around, fault
from scim_conformance.server.filters import And, Filter, Not, Or
from scim_conformance.server.paths import AttributePath
from scim_conformance.server.service import Service

Parts = tuple[Filter, ...]
Logic = Callable[[Parts, Scope], bool]


@fault("RFC7644-3.4.2.2-24")
def the_third_part_of_and_is_ignored(service: Service) -> None:
    """A filter of three parts joined by `and` is evaluated by the first two."""
    around(service.evaluation, "all_of", lambda original, parts, scope: original(parts[:2], scope))


@fault("RFC7644-3.4.2.2-25")
def the_third_part_of_or_is_ignored(service: Service) -> None:
    """A filter of three parts joined by `or` is evaluated by the first two."""
    around(service.evaluation, "any_of", lambda original, parts, scope: original(parts[:2], scope))


@fault("RFC7644-3.4.2.2-26")
def not_inside_of_or_is_ignored(service: Service) -> None:
    """A negation that is part of an `or` is evaluated as if it were none."""

    def any_of(original: Logic, parts: Parts, scope: Scope) -> bool:
        return original(tuple(part.filter if isinstance(part, Not) else part for part in parts), scope)

    around(service.evaluation, "any_of", any_of)


@fault("RFC7644-3.4.2.2-26")
def not_of_and_denies_each_part(service: Service) -> None:
    """The negation of an `and` matches only where no part does, as if it were the negation of an `or`."""

    def negation(original: Callable[[Filter, Scope], bool], inner: Filter, scope: Scope) -> bool:
        return original(Or(inner.parts) if isinstance(inner, And) else inner, scope)

    around(service.evaluation, "negation", negation)


@fault("RFC7644-3.4.2.2-29")
def or_in_square_brackets_needs_all(service: Service) -> None:
    """An `or` inside of square brackets is evaluated as an `and`."""

    def any_of(original: Logic, parts: Parts, scope: Scope) -> bool:
        return service.evaluation.all_of(parts, scope) if scope.element_of is not None else original(parts, scope)

    around(service.evaluation, "any_of", any_of)


@fault("RFC7644-3.4.2.2-35")
def or_inside_of_and_is_cut(service: Service) -> None:
    """An `or` in round brackets that is part of an `and` is evaluated by its first part alone."""

    def all_of(original: Logic, parts: Parts, scope: Scope) -> bool:
        return original(tuple(part.parts[0] if isinstance(part, Or) else part for part in parts), scope)

    around(service.evaluation, "all_of", all_of)


@fault("RFC7644-3.4.2.2-04")
def parts_of_one_letter_match_everything(service: Service) -> None:
    """The operators sw, co and ew match every text when what they look for is one character."""

    def part(original: Callable[[str, str], bool], value: str, wanted: str) -> bool:
        return len(wanted) == 1 or original(value, wanted)

    for name in ("sw", "co", "ew"):
        around(service.evaluation, name, part)


@fault("RFC7644-3.4.2.2-29")
def square_brackets_look_at_one_element(service: Service) -> None:
    """A filter in square brackets is tried on the first element alone."""

    def value_path(_original: Callable[..., bool], path: AttributePath, inner: Filter, scope: Scope) -> bool:
        attribute = service.evaluation.attribute(scope, path)
        if attribute is None:
            return False
        first = list(service.evaluation.values(scope, path))[:1]
        return any(service.evaluation.element_matches(scope.kind, attribute, inner, element) for element in first)

    around(service.evaluation, "value_path", value_path)

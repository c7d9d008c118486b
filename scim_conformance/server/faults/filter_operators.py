"""Faults of the operators of filters (RFC 7644 section 3.4.2.2, Table 3)."""

from collections.abc import Callable, Sequence
from typing import Any

from scim_conformance.server.errors import ScimError
from scim_conformance.server.evaluation import Scope
from scim_conformance.server.faults import answer, around, fault, skip, swap
from scim_conformance.server.faults.finding import querying
from scim_conformance.server.filters import Compare
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.schema import Attribute
from scim_conformance.server.service import Service

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ORDER = {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}
Test = Callable[[Any, Any], bool]


def operating(service: Service, operator: str, test: Test) -> None:
    """Let an operator of queries be another test of the value of a resource and that of the filter."""
    querying(service, service.evaluation, operator, lambda _original, value, wanted: test(value, wanted))


def choosing(service: Service, operator: str, join: Callable[[list[bool]], bool]) -> None:
    """Let an operator look at the elements of a multi-valued attribute in another way."""

    def any_value(original: Callable[..., bool], given: str, values: Sequence[Any], *rest: Any) -> bool:
        if given != operator:
            return original(given, values, *rest)
        return join([original(given, [value], *rest) for value in values])

    querying(service, service.evaluation, "any_value", any_value)


# ne


@fault("RFC7644-3.4.2.2-11")
def ne_is_taken_for_eq(service: Service) -> None:
    """A filter with ne finds whose value is the given one."""
    operating(service, "ne", lambda value, wanted: bool(value == wanted))


@fault("RFC7644-3.4.2.2-11")
def ne_finds_everybody_with_a_value(service: Service) -> None:
    """A filter with ne finds all who have a value, whatever it is."""
    answer(service.evaluation, "ne", value=True)


@fault("RFC7644-3.4.2.2-11", "RFC7644-3.4.2.2-36")
def ne_needs_all_elements_to_differ(service: Service) -> None:
    """A filter with ne on a multi-valued attribute finds a resource only if all elements differ."""
    choosing(service, "ne", all)


# co, sw, ew


@fault("RFC7644-3.4.2.2-12")
def co_looks_at_the_beginning(service: Service) -> None:
    """A filter with co finds values that begin with the text, as if it were sw."""
    operating(service, "co", lambda value, wanted: str(value).startswith(wanted))


@fault("RFC7644-3.4.2.2-12")
def co_looks_at_the_end(service: Service) -> None:
    """A filter with co finds values that end with the text, as if it were ew."""
    operating(service, "co", lambda value, wanted: str(value).endswith(wanted))


@fault("RFC7644-3.4.2.2-12")
def co_is_turned_round(service: Service) -> None:
    """A filter with co finds values that are a part of the text."""
    operating(service, "co", lambda value, wanted: value in wanted)


@fault("RFC7644-3.4.2.2-12")
def co_does_not_find_the_whole(service: Service) -> None:
    """A filter with co does not find a value that is the text itself."""
    operating(service, "co", lambda value, wanted: wanted in value and value != wanted)


@fault("RFC7644-3.4.2.2-13")
def sw_looks_anywhere(service: Service) -> None:
    """A filter with sw finds values that have the text anywhere, as if it were co."""
    operating(service, "sw", lambda value, wanted: wanted in value)


@fault("RFC7644-3.4.2.2-13")
def sw_does_not_find_the_whole(service: Service) -> None:
    """A filter with sw does not find a value that is the text itself."""
    operating(service, "sw", lambda value, wanted: str(value).startswith(wanted) and value != wanted)


@fault("RFC7644-3.4.2.2-13")
def sw_finds_nothing(service: Service) -> None:
    """A filter with sw finds nothing."""
    operating(service, "sw", lambda _value, _wanted: False)


@fault("RFC7644-3.4.2.2-14")
def ew_looks_anywhere(service: Service) -> None:
    """A filter with ew finds values that have the text anywhere, as if it were co."""
    operating(service, "ew", lambda value, wanted: wanted in value)


@fault("RFC7644-3.4.2.2-14")
def ew_does_not_find_the_whole(service: Service) -> None:
    """A filter with ew does not find a value that is the text itself."""
    operating(service, "ew", lambda value, wanted: str(value).endswith(wanted) and value != wanted)


# pr


def assigning(service: Service, test: Callable[[Callable[[Any], bool], Any], bool]) -> None:
    """Let pr take other values for empty."""
    querying(service, service.evaluation, "is_assigned", test)


@fault("RFC7644-3.4.2.2-15")
def pr_finds_everybody(service: Service) -> None:
    """A filter with pr finds all resources."""
    querying(service, service.evaluation, "present", lambda *_: True)


@fault("RFC7644-3.4.2.2-15")
def pr_does_not_find_false(service: Service) -> None:
    """A filter with pr does not find a boolean that is false."""
    assigning(service, lambda original, value: original(value) and value is not False)


@fault("RFC7644-3.4.2.2-15")
def pr_does_not_look_into_complex_values(service: Service) -> None:
    """A filter with pr finds no value of a complex attribute."""
    assigning(service, lambda original, value: original(value) and not isinstance(value, dict))


@fault("RFC7643-2.5-01")
def cleared_attributes_count_as_present(service: Service) -> None:
    """A filter with pr finds attributes that were set to null or to an empty array, as if that were a value."""
    cleared: dict[str, set[str]] = {}

    def replace(original: Callable[..., Any], request: Any, kind: ResourceType, id_: str) -> Any:
        response = original(request, kind, id_)
        body = service.bodies.json(request)
        cleared[id_] = {name.lower() for name, value in body.items() if value in (None, [])}
        return response

    def present(original: Callable[..., bool], path: Any, scope: Scope) -> bool:
        return path.name.lower() in cleared.get(str(scope.holder.get("id")), ()) or original(path, scope)

    around(service.lifecycle, "replace", replace)
    querying(service, service.evaluation, "present", present)


# gt, ge, lt, le


@fault("RFC7644-3.4.2.2-16")
def gt_finds_what_is_equal(service: Service) -> None:
    """A filter with gt finds equal values, as if it were ge."""
    operating(service, "gt", lambda value, wanted: bool(value >= wanted))


@fault("RFC7644-3.4.2.2-18")
def ge_does_not_find_what_is_equal(service: Service) -> None:
    """A filter with ge does not find equal values, as if it were gt."""
    operating(service, "ge", lambda value, wanted: bool(value > wanted))


@fault("RFC7644-3.4.2.2-20")
def lt_finds_what_is_equal(service: Service) -> None:
    """A filter with lt finds equal values, as if it were le."""
    operating(service, "lt", lambda value, wanted: bool(value <= wanted))


@fault("RFC7644-3.4.2.2-22")
def le_does_not_find_what_is_equal(service: Service) -> None:
    """A filter with le does not find equal values, as if it were lt."""
    operating(service, "le", lambda value, wanted: bool(value < wanted))


@fault("RFC7644-3.4.2.2-16", "RFC7644-3.4.2.2-18", "RFC7644-3.4.2.2-20", "RFC7644-3.4.2.2-22")
def order_is_turned_round(service: Service) -> None:
    """Filters with gt, ge, lt and le compare in the wrong direction."""
    originals = {name: getattr(service.evaluation, name) for name in ORDER}
    for name, other in ORDER.items():
        swap(service.evaluation, name, originals[other])


@fault("RFC7644-3.4.2.2-16", "RFC7644-3.4.2.2-18", "RFC7644-3.4.2.2-20", "RFC7644-3.4.2.2-22")
def texts_are_ordered_by_length(service: Service) -> None:
    """Filters with gt, ge, lt and le compare texts by their length."""
    ordering(service, lambda value: len(value) if isinstance(value, str) else value)


@fault("RFC7644-3.4.2.2-16", "RFC7644-3.4.2.2-18", "RFC7644-3.4.2.2-20", "RFC7644-3.4.2.2-22")
def texts_have_no_order(service: Service) -> None:
    """Filters with gt, ge, lt and le find no texts."""
    for name in ORDER:
        around(
            service.evaluation,
            name,
            lambda original, value, wanted: not isinstance(value, str) and original(value, wanted),
        )


@fault("RFC7644-3.4.2.2-16", "RFC7644-3.4.2.2-18", "RFC7644-3.4.2.2-20", "RFC7644-3.4.2.2-22")
def numbers_are_ordered_as_texts(service: Service) -> None:
    """Filters with gt, ge, lt and le compare numbers by their digits; users have a number to show it."""
    service.schemas.add(USER, Attribute("grade", "integer", description="A number."))
    ordering(service, lambda value: str(value) if isinstance(value, int | float) else value)


def ordering(service: Service, key: Callable[[Any], Any]) -> None:
    """Let gt, ge, lt and le compare by something else than the values."""
    for name in ORDER:
        around(service.evaluation, name, lambda original, value, wanted: original(key(value), key(wanted)))


@fault("RFC7644-3.4.2.2-10")
def numbers_equal_their_neighbours(service: Service) -> None:
    """A filter with eq finds a number that differs by one; users have a number to show it."""
    service.schemas.add(USER, Attribute("grade", "integer", description="A number."))

    def test(original: Test, value: Any, wanted: Any) -> bool:
        number = isinstance(value, int) and not isinstance(value, bool)
        return abs(value - wanted) <= 1 if number else original(value, wanted)

    querying(service, service.evaluation, "eq", test)


@fault("RFC7644-3.4.2.2-17", "RFC7644-3.4.2.2-19", "RFC7644-3.4.2.2-21", "RFC7644-3.4.2.2-23")
def order_needs_no_order(service: Service) -> None:
    """Filters with gt, ge, lt and le on booleans and binaries are evaluated instead of refused."""
    skip(service.evaluation, "check_order")


@fault("RFC7644-3.4.2.2-17", "RFC7644-3.4.2.2-19", "RFC7644-3.4.2.2-21", "RFC7644-3.4.2.2-23")
def binaries_have_an_order(service: Service) -> None:
    """Filters with gt, ge, lt and le on binaries are evaluated instead of refused."""
    unchecked(service, lambda attribute, _compare: attribute.type == "binary")


@fault("RFC7644-3.4.2.2-17", "RFC7644-3.4.2.2-21")
def gt_and_lt_take_booleans(service: Service) -> None:
    """Filters with gt and lt on booleans are evaluated instead of refused."""
    unchecked(service, lambda attribute, compare: attribute.type == "boolean" and compare.operator in ("gt", "lt"))


@fault("RFC7644-3.4.2.2-19", "RFC7644-3.4.2.2-23")
def ge_and_le_take_booleans(service: Service) -> None:
    """Filters with ge and le on booleans are evaluated instead of refused."""
    unchecked(service, lambda attribute, compare: attribute.type == "boolean" and compare.operator in ("ge", "le"))


def unchecked(service: Service, chosen: Callable[[Attribute, Compare], bool]) -> None:
    """Let some comparisons by order pass unchecked."""

    def check_order(original: Callable[..., None], attribute: Attribute, compare: Compare) -> None:
        if not chosen(attribute, compare):
            original(attribute, compare)

    around(service.evaluation, "check_order", check_order)


@fault("RFC7644-3.4.2.2-17", "RFC7644-3.4.2.2-19", "RFC7644-3.4.2.2-21", "RFC7644-3.4.2.2-23")
def order_of_booleans_fails(service: Service) -> None:
    """Filters with gt, ge, lt and le on booleans and binaries are answered with 500."""

    def check_order(original: Callable[..., None], attribute: Attribute, compare: Compare) -> None:
        if attribute.type in ("boolean", "binary"):
            raise ScimError(500, None, "The server made a mistake.")
        original(attribute, compare)

    around(service.evaluation, "check_order", check_order)


# Multi-valued attributes


@fault("RFC7643-2.4-04")
def primary_is_nothing_unless_given(service: Service) -> None:
    """A filter takes an element of which primary was not given for one without a value, not for one that is false."""
    querying(service, service.evaluation, "assumed", lambda _original, _attribute, value: value)


@fault("RFC7643-2.4-04")
def primary_is_true_unless_given(service: Service) -> None:
    """A filter takes an element of which primary was not given for the primary one."""
    querying(
        service,
        service.evaluation,
        "assumed",
        lambda _original, attribute, value: True if value is None and attribute.name == "primary" else value,
    )


@fault("RFC7643-2.4-01")
def sub_attributes_of_elements_are_not_looked_at(service: Service) -> None:
    """A filter on a sub-attribute of an element looks at the element's value instead."""

    def values(original: Callable[..., Any], scope: Scope, path: Any) -> Any:
        located = service.resource_types.locate(scope.kind, path) if scope.element_of is None else None
        if located is None or located.sub is None or located.attribute is None or not located.attribute.multi_valued:
            yield from original(scope, path)
            return
        for element in located.holder(scope.holder).get(located.attribute.name) or []:
            yield element.get("value")

    querying(service, service.evaluation, "values", values)

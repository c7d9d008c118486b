"""Faults of the order of results (RFC 7644 section 3.4.2.3)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from scim_conformance.server.faults import around, fault, swap
from scim_conformance.server.paths import AttributePath
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.schema import Attribute
from scim_conformance.server.service import Service
from scim_conformance.server.sorting import Found

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
Parameters = Mapping[str, str]
Order = Callable[[list[Found]], list[Found]]


def sorting(service: Service, change: Callable[[Order, list[Found], dict[str, str]], list[Found]]) -> None:
    """Let results be put in another order: `change` gets the rest of the server, what was found, and the parameters."""

    def order(
        original: Callable[..., list[Found]],
        kinds: Sequence[ResourceType],
        found: list[Found],
        parameters: Parameters,
    ) -> list[Found]:
        asked = dict(parameters)
        return change(lambda those: original(kinds, those, asked), found, asked) if asked.get("sortBy") else found

    around(service.query, "sorted", order)


def by_path(service: Service, is_ignored: Callable[[AttributePath], bool]) -> None:
    """Leave results as they are where the attribute to sort by is one of these."""

    def ordered(
        original: Callable[..., list[Found]], found: Sequence[Found], path: AttributePath, **how: Any
    ) -> list[Found]:
        return list(found) if is_ignored(path) else original(found, path, **how)

    around(service.sorting, "ordered", ordered)


# -- the order itself -----------------------------------------------------------------------


@fault("RFC7644-3.4.2.3-03", "RFC7644-3.4.2.3-07")
def sorting_is_ignored(service: Service) -> None:
    """Queries with sortBy are not sorted, though ServiceProviderConfig says that sorting is supported."""
    sorting(service, lambda _order, found, _parameters: found)


@fault("RFC7644-3.4.2.3-03", "RFC7644-3.4.2.3-07")
def every_order_is_ascending(service: Service) -> None:
    """Queries with sortOrder=descending are sorted in ascending order."""
    around(service.sorting, "is_descending", lambda original, order: original(order) and False)


@fault("RFC7644-3.4.2.3-03", "RFC7644-3.4.2.3-07")
def results_are_sorted_by_id(service: Service) -> None:
    """Queries with sortBy are sorted by id, whatever attribute they name."""
    sorting(service, lambda _order, found, _parameters: sorted(found, key=lambda each: str(each[1]["id"])))


@fault("RFC7644-3.4.2.3-05")
def sub_attributes_do_not_sort(service: Service) -> None:
    """Queries with a sub-attribute in sortBy are not sorted."""
    by_path(service, lambda path: path.name == "name")


@fault("RFC7644-3.4.2.3-05")
def another_sub_attribute_sorts(service: Service) -> None:
    """Queries with name.familyName in sortBy are sorted by the first sub-attribute of name."""

    def ordered(
        original: Callable[..., list[Found]], found: Sequence[Found], path: AttributePath, **how: Any
    ) -> list[Found]:
        other = AttributePath("name.givenName", path.urn, "name", "givenName")
        return original(found, other if path.name == "name" else path, **how)

    around(service.sorting, "ordered", ordered)


@fault("RFC7644-3.4.2.3-08")
def the_default_order_is_descending(service: Service) -> None:
    """Queries with sortBy and no sortOrder are sorted in descending order."""
    around(service.sorting, "is_descending", lambda original, order: order is None or original(order))


@fault("RFC7644-3.4.2.3-08")
def there_is_no_default_order(service: Service) -> None:
    """Queries with sortBy and no sortOrder are not sorted."""
    sorting(service, lambda order, found, parameters: order(found) if "sortOrder" in parameters else found)


@fault("RFC7644-3.4.2.3-07")
def another_order_is_descending(service: Service) -> None:
    """Queries with a sortOrder that nobody knows are sorted in descending order."""
    around(service.sorting, "is_descending", lambda _original, order: order is not None and order != "ascending")


@fault("RFC7644-3.4.2.3-07")
def another_order_breaks_the_server(service: Service) -> None:
    """Queries with a sortOrder that nobody knows are answered with 500."""
    swap(service.sorting, "is_descending", lambda order: {None: False, "ascending": False, "descending": True}[order])


@fault("RFC7644-3.4.2.3-09")
def letter_case_counts_when_sorting(service: Service) -> None:
    """Texts whose letter case does not count by the schema are sorted with regard to letter case."""
    swap(service.sorting, "comparable", lambda value, _attribute: value)


@fault("RFC7644-3.4.2.3-09")
def times_do_not_sort(service: Service) -> None:
    """Queries that are sorted by a time of meta are not in order."""
    by_path(service, lambda path: path.name == "meta")


@fault("RFC7644-3.4.2.3-09")
def numbers_are_sorted_as_texts(service: Service) -> None:
    """Users have an integer, by whose text they are sorted: 10 before 9."""
    service.schemas.add(USER, Attribute("badgeNumber", type="integer"))
    around(
        service.sorting,
        "comparable",
        lambda original, value, attribute: str(value) if attribute.type == "integer" else original(value, attribute),
    )


# -- several values, or none ----------------------------------------------------------------


@fault("RFC7644-3.4.2.3-04")
def the_first_value_sorts_beside_a_primary(service: Service) -> None:
    """An attribute with several values is sorted by the first one though another one is primary."""
    swap(service.sorting, "chosen", lambda elements: elements[0] if elements else None)


@fault("RFC7644-3.4.2.3-04")
def the_last_value_sorts(service: Service) -> None:
    """An attribute with several values, none of them primary, is sorted by the last one."""

    def chosen(original: Callable[[list[Any]], Any], elements: list[Any]) -> Any:
        return original(list(reversed(elements)))

    around(service.sorting, "chosen", chosen)


@fault("RFC7644-3.4.2.3-04")
def the_least_value_sorts(service: Service) -> None:
    """An attribute with several values is sorted by the least of them."""
    swap(
        service.sorting, "chosen", lambda elements: min(elements, key=lambda each: str(each.get("value")), default=None)
    )


@fault("RFC7644-3.4.2.3-06")
def resources_without_a_value_come_first(service: Service) -> None:
    """Resources without a value of the attribute come first in ascending order as well."""
    swap(service.sorting, "joined", lambda assigned, unassigned, **_how: unassigned + assigned)


@fault("RFC7644-3.4.2.3-06")
def resources_without_a_value_come_last(service: Service) -> None:
    """Resources without a value of the attribute come last in descending order as well."""
    swap(service.sorting, "joined", lambda assigned, unassigned, **_how: assigned + unassigned)


@fault("RFC7644-3.4.2.3-06")
def resources_without_a_value_are_left_out(service: Service) -> None:
    """Resources without a value of the attribute are not in the result."""
    swap(service.sorting, "joined", lambda assigned, _unassigned, **_how: assigned)


# -- extensions, pages, other types ---------------------------------------------------------


@fault("RFC7644-3.4.2.3-03", "RFC7644-3.10-01")
def extensions_do_not_sort(service: Service) -> None:
    """Queries with an attribute of an extension in sortBy are not sorted."""
    by_path(service, lambda path: ":extension:" in path.urn.lower())


@fault("RFC7644-3.4.2.3-03")
def groups_do_not_sort(service: Service) -> None:
    """Queries for groups are not sorted."""

    def order(
        original: Callable[..., list[Found]], kinds: Sequence[ResourceType], found: list[Found], parameters: Parameters
    ) -> list[Found]:
        return found if [kind.name for kind in kinds] == ["Group"] else original(kinds, found, parameters)

    around(service.query, "sorted", order)


@fault("RFC7644-3.4.2.3-10")
def each_page_is_sorted_by_itself(service: Service) -> None:
    """A sorted query is cut into pages before each page is sorted."""
    pages: dict[str, dict[str, str]] = {}

    def result(original: Callable[..., Any], request: Any, kinds: Any, parameters: Parameters, **how: Any) -> Any:
        pages["asked"] = dict(parameters)
        return original(request, kinds, parameters, **how)

    def page(original: Callable[..., Any], found: Sequence[Found], start: int, count: int) -> Any:
        asked = pages.get("asked", {})
        if not asked.get("sortBy") or count >= len(found):
            return original(found, start, count)
        unsorted = sorted(found, key=lambda each: str(each[1]["meta"]["created"]))
        path = service.sorting.sort_path(list(service.resource_types), asked["sortBy"])
        falling = asked.get("sortOrder") == "descending"
        return service.sorting.ordered(list(original(unsorted, start, count)), path, descending=falling)

    around(service.query, "result", result)
    around(service.query, "page", page)

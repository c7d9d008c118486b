"""Faults of paging by index (RFC 7644 section 3.4.2.4)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from scim_conformance.server.errors import invalid_value, not_found
from scim_conformance.server.faults import after, around, fault
from scim_conformance.server.service import Service

Result = dict[str, Any]


def number(parameters: Mapping[str, str], name: str) -> int | None:
    """Read a parameter of a query; None where it is not there."""
    text = parameters.get(name)
    return int(text) if text is not None and text.lstrip("-").isdigit() else None


def asked(service: Service, new: Callable[[Callable[..., Result], Any, Any, dict[str, str]], Result]) -> None:
    """Wrap queries that are paged by index; `new` gets the original, the request, the types and the parameters."""

    def result(
        original: Callable[..., Result], request: Any, kinds: Any, parameters: Mapping[str, str], **how: Any
    ) -> Result:
        if service.query.is_by_cursor(parameters):
            return original(request, kinds, parameters, **how)
        return new(lambda changed: original(request, kinds, changed, **how), request, kinds, dict(parameters))

    around(service.query, "result", result)


def pages(service: Service, change: Callable[[Result], Result]) -> None:
    """Show the pages of queries by index in another way."""
    asked(service, lambda ask, _request, _kinds, parameters: change(ask(parameters)))


def without(parameters: dict[str, str], name: str) -> dict[str, str]:
    """Give the parameters without one of them."""
    return {key: value for key, value in parameters.items() if key != name}


@fault("RFC7644-3.4.2.4-05")
def count_is_ignored(service: Service) -> None:
    """A page holds all matches, whatever positive count is asked for."""
    around(
        service.query,
        "count",
        lambda original, text: original(None if (number({"": text or ""}, "") or 0) > 0 else text),
    )


@fault("RFC7644-3.4.2.4-05")
def pages_hold_one_too_many(service: Service) -> None:
    """A page holds one resource more than count asks for."""
    after(service.query, "count", lambda count: count + 1 if count else 0)


@fault("RFC7644-3.4.2.4-10", "RFC7644-3.4.2-05")
def total_counts_the_page(service: Service) -> None:
    """On a page with resources totalResults is the number of those."""

    def result(found: Result) -> Result:
        return {**found, "totalResults": len(found["Resources"]) or found["totalResults"]}

    pages(service, result)


@fault("RFC7644-3.4.2.4-08")
def count_0_shows_everything(service: Service) -> None:
    """A query with count=0 is answered as if there were no count."""

    def result(ask: Callable[..., Result], _request: Any, _kinds: Any, parameters: dict[str, str]) -> Result:
        return ask(without(parameters, "count") if number(parameters, "count") == 0 else parameters)

    asked(service, result)


@fault("RFC7644-3.4.2.4-08")
def count_0_is_refused(service: Service) -> None:
    """A query with count=0 is refused with 400."""

    def result(ask: Callable[..., Result], _request: Any, _kinds: Any, parameters: dict[str, str]) -> Result:
        if number(parameters, "count") == 0:
            raise invalid_value("count has to be positive.")
        return ask(parameters)

    asked(service, result)


@fault("RFC7644-3.4.2.4-08")
def count_0_hides_the_total(service: Service) -> None:
    """A query with count=0 is answered with totalResults 0."""

    def result(ask: Callable[..., Result], _request: Any, _kinds: Any, parameters: dict[str, str]) -> Result:
        found = ask(parameters)
        return {**found, "totalResults": 0} if number(parameters, "count") == 0 else found

    asked(service, result)


@fault("RFC7644-3.4.2.4-07")
def negative_count_is_refused(service: Service) -> None:
    """A query with a negative count is refused with 400."""

    def result(ask: Callable[..., Result], _request: Any, _kinds: Any, parameters: dict[str, str]) -> Result:
        if (number(parameters, "count") or 0) < 0:
            raise invalid_value("count cannot be negative.")
        return ask(parameters)

    asked(service, result)


@fault("RFC7644-3.4.2.4-07")
def negative_count_is_ignored(service: Service) -> None:
    """A query with a negative count is answered as if there were no count."""

    def result(ask: Callable[..., Result], _request: Any, _kinds: Any, parameters: dict[str, str]) -> Result:
        return ask(without(parameters, "count") if (number(parameters, "count") or 0) < 0 else parameters)

    asked(service, result)


@fault("RFC7644-3.4.2-08")
def pages_hide_their_start(service: Service) -> None:
    """A partial page has no startIndex."""
    pages(service, lambda found: {name: found[name] for name in found if name != "startIndex"})


@fault("RFC7644-3.4.2-09")
def pages_hide_their_size(service: Service) -> None:
    """A partial page has no itemsPerPage."""
    pages(service, lambda found: {name: found[name] for name in found if name != "itemsPerPage"})


@fault("RFC7644-3.4.2-09")
def items_per_page_is_the_total(service: Service) -> None:
    """The itemsPerPage of a page is the number of all matches."""
    pages(service, lambda found: {**found, "itemsPerPage": found["totalResults"]})


@fault("RFC7644-3.4.2.4-04")
def pages_always_say_they_are_the_first(service: Service) -> None:
    """The startIndex of a page is 1 whatever was asked for."""
    pages(service, lambda found: {**found, "startIndex": 1})


@fault("RFC7644-3.4.2.4-04")
def pages_count_from_0(service: Service) -> None:
    """The startIndex of a page is counted from 0."""
    pages(service, lambda found: {**found, "startIndex": found["startIndex"] - 1})


def paging(service: Service, cut: Callable[[Sequence[Any], int, int], Sequence[Any]]) -> None:
    """Cut pages out of results in another way."""
    around(service.query, "page", lambda _original, found, start, count: cut(found, start, count))


@fault("RFC7644-3.4.2.4-11", "RFC7644-3.4.2.4-12")
def start_index_is_ignored(service: Service) -> None:
    """Every page is the first one."""
    paging(service, lambda found, _start, count: found[:count])


@fault("RFC7644-3.4.2.4-11")
def start_index_counts_from_0(service: Service) -> None:
    """A page begins one resource after the one that startIndex names."""

    def result(ask: Callable[..., Result], _request: Any, _kinds: Any, parameters: dict[str, str]) -> Result:
        start = number(parameters, "startIndex")
        return (
            ask(parameters)
            if start is None
            else {**ask({**parameters, "startIndex": str(max(1, start) + 1)}), "startIndex": start}
        )

    asked(service, result)


@fault("RFC7644-3.4.2.4-11")
def start_index_counts_pages(service: Service) -> None:
    """The startIndex of a query is taken for the number of the page."""
    paging(service, lambda found, start, count: found[(start - 1) * count : start * count])


@fault("RFC7644-3.4.2.4-03")
def start_index_0_is_refused(service: Service) -> None:
    """A startIndex below 1 is refused with 400."""

    def start_index(original: Callable[[str | None], int], text: str | None) -> int:
        if (number({"": text or ""}, "") or 1) < 1 or text == "0":
            raise invalid_value("startIndex begins at 1.")
        return original(text)

    around(service.query, "start_index", start_index)


@fault("RFC7644-3.4.2.4-03")
def start_index_below_1_shifts_the_page(service: Service) -> None:
    """A page that begins before 1 is as much shorter."""

    def result(ask: Callable[..., Result], _request: Any, _kinds: Any, parameters: dict[str, str]) -> Result:
        start, found = number(parameters, "startIndex"), ask(parameters)
        if start is None or start > 0:
            return found
        kept = found["Resources"][: max(0, len(found["Resources"]) + start - 1)]
        return {**found, "Resources": kept, "itemsPerPage": len(kept)}

    asked(service, result)


@fault("RFC7644-3.4.2.4-12")
def beyond_the_end_is_404(service: Service) -> None:
    """A startIndex beyond the last match is answered with 404."""

    def result(ask: Callable[..., Result], _request: Any, _kinds: Any, parameters: dict[str, str]) -> Result:
        found = ask(parameters)
        if found["totalResults"] and (number(parameters, "startIndex") or 1) > found["totalResults"]:
            raise not_found("There is no such page.")
        return found

    asked(service, result)


@fault("RFC7644-3.4.2.4-12")
def beyond_the_end_is_the_last_page(service: Service) -> None:
    """A startIndex beyond the last match is answered with the last page."""
    paging(service, lambda found, start, count: found[start - 1 : start - 1 + count] or found[-count:][:count])

"""Faults of paging by cursor: pages and how they lead to one another (RFC 9865 sections 2, 2.2 and 3)."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from scim_conformance.server.cursors import Page, Result
from scim_conformance.server.errors import ScimError
from scim_conformance.server.faults import after, around, fault
from scim_conformance.server.service import Service

Document = dict[str, Any]
Parameters = Mapping[str, str]


def pages(service: Service, change: Callable[[Document, Page], Document]) -> None:
    """Let pages of cursor queries be shown in another way."""
    around(
        service.cursors,
        "list_response",
        lambda original, body, page: change(original(body, page), page),
    )


def without(body: Document, *names: str) -> Document:
    """Give a document without some of its members."""
    return {name: value for name, value in body.items() if name not in names}


def cut(service: Service, change: Callable[[Page, str, Result, int, int], Page]) -> None:
    """Let pages be cut in another way: `change` gets the page, the result's name, the result, position and count."""

    def page(original: Callable[..., Page], name: str, result: Result, position: int, count: int) -> Page:
        return change(original(name, result, position, count), name, result, position, count)

    around(service.cursors, "page", page)


def asked(service: Service, change: Callable[[Callable[[Parameters], Document], Parameters], Document]) -> None:
    """Let queries by cursor be answered in another way: `change` gets the rest of the server, and the parameters."""

    def by_cursor(
        original: Callable[..., Document], request: Any, kinds: Any, parameters: Parameters, *, in_url: bool
    ) -> Document:
        return change(lambda changed: original(request, kinds, changed, in_url=in_url), parameters)

    around(service.query, "by_cursor", by_cursor)


# -- the first page -------------------------------------------------------------------------


@fault("RFC9865-2-01")
def empty_cursor_is_refused(service: Service) -> None:
    """A query with an empty cursor is refused with 400 invalidCursor."""

    def change(ask: Callable[[Parameters], Document], parameters: Parameters) -> Document:
        if not parameters.get("cursor"):
            raise service.cursors.invalid()
        return ask(parameters)

    asked(service, change)


@fault("RFC9865-2-01")
def empty_cursor_finds_nothing(service: Service) -> None:
    """A query with an empty cursor is answered with an empty list."""

    def change(ask: Callable[[Parameters], Document], parameters: Parameters) -> Document:
        body = ask(parameters)
        return body if parameters.get("cursor") else {**without(body, "nextCursor"), "Resources": [], "itemsPerPage": 0}

    asked(service, change)


@fault("RFC9865-2-14")
def first_page_has_a_previous_cursor(service: Service) -> None:
    """The first page has a previousCursor, which leads to itself."""
    cut(
        service,
        lambda page, name, _result, position, _count: (
            page if position else replace(page, previous=service.cursors.sealed(name, 0))
        ),
    )


# -- what a page holds ----------------------------------------------------------------------


@fault("RFC9865-2-18")
def cursor_pages_hide_their_size(service: Service) -> None:
    """Pages of cursor queries have no itemsPerPage."""
    pages(service, lambda body, _page: without(body, "itemsPerPage"))


@fault("RFC9865-2-18")
def cursor_pages_are_no_lists(service: Service) -> None:
    """Pages of cursor queries do not say by their schemas that they are list responses."""
    pages(service, lambda body, _page: without(body, "schemas"))


@fault("RFC9865-2-18")
def items_per_page_of_cursor_pages_is_the_total(service: Service) -> None:
    """The itemsPerPage of a page of a cursor query is the number of all matches."""
    pages(service, lambda body, page: {**body, "itemsPerPage": page.total})


@fault("RFC9865-2-19")
def cursor_total_counts_the_page(service: Service) -> None:
    """The totalResults of a page of a cursor query counts the resources of that page."""
    pages(service, lambda body, _page: {**body, "totalResults": len(body["Resources"])})


@fault("RFC9865-2-19")
def cursor_total_counts_what_is_left(service: Service) -> None:
    """The totalResults of a cursor query shrinks from page to page."""
    cut(service, lambda page, _name, _result, position, _count: replace(page, total=page.total - position))


@fault("RFC9865-2-06")
def cursor_pages_hold_one_too_many(service: Service) -> None:
    """A page of a cursor query holds one resource more than count asks for."""
    around(
        service.cursors, "count", lambda original, text, default: original(text, default) + bool(text and text != "0")
    )


@fault("RFC9865-2-06")
def cursor_query_ignores_count(service: Service) -> None:
    """A page of a cursor query holds all matches, whatever positive count is asked for."""
    around(
        service.cursors,
        "count",
        lambda original, text, _default: original(
            text if text == "0" else None, service.capabilities.default_page_size
        ),
    )


@fault("RFC9865-2-05")
def cursor_count_0_shows_a_page(service: Service) -> None:
    """A cursor query with count=0 is answered as if there were no count."""
    around(service.cursors, "count", lambda original, text, default: original(None if text == "0" else text, default))


@fault("RFC9865-2-05")
def cursor_count_0_is_refused(service: Service) -> None:
    """A cursor query with count=0 is refused with 400 invalidCount."""

    def count(original: Callable[..., int], text: str | None, default: int) -> int:
        if text == "0":
            raise ScimError(400, "invalidCount", "count begins at 1.")
        return original(text, default)

    around(service.cursors, "count", count)


@fault("RFC9865-2-05")
def cursor_count_0_hides_the_total(service: Service) -> None:
    """A cursor query with count=0 is answered with totalResults 0."""
    pages(service, lambda body, page: body if page.places else {**body, "totalResults": 0})


@fault("RFC9865-2-04")
def negative_count_of_a_cursor_query_shows_a_page(service: Service) -> None:
    """A cursor query with a negative count is answered as if there were no count."""
    around(
        service.cursors,
        "count",
        lambda original, text, default: original(None if (text or "").startswith("-") else text, default),
    )


@fault("RFC9865-2-08")
def cursor_query_without_count_is_refused(service: Service) -> None:
    """A cursor query without count is refused with 400 invalidCount."""

    def first(original: Callable[..., Page], found: Any, endpoints: Any, parameters: Parameters) -> Page:
        if "count" not in parameters:
            raise ScimError(400, "invalidCount", "count is needed.")
        return original(found, endpoints, parameters)

    around(service.cursors, "first", first)


@fault("RFC9865-2-08")
def default_page_size_is_not_kept(service: Service) -> None:
    """A cursor query without count is answered with more than the 3 resources of the advertised defaultPageSize."""
    service.capabilities.default_page_size = 3
    around(service.cursors, "count", lambda original, text, default: original(text, default) if text else 100)


@fault("RFC9865-4-12")
def largest_page_size_is_not_kept(service: Service) -> None:
    """A page holds more than the 3 resources of the advertised maxPageSize."""
    service.capabilities.max_results = 3
    around(service.cursors, "count", lambda original, text, default: original(text, default) if text else 100)


# -- from page to page ----------------------------------------------------------------------


@fault("RFC9865-2-10")
def first_page_leads_nowhere(service: Service) -> None:
    """The first of several pages has no nextCursor."""
    pages(service, lambda body, page: body if page.previous else without(body, "nextCursor"))


@fault("RFC9865-2-10")
def next_cursor_is_a_number(service: Service) -> None:
    """The nextCursor of a page is a number."""
    pages(service, lambda body, _page: {**body, "nextCursor": 2} if "nextCursor" in body else body)


@fault("RFC9865-2-10")
def next_cursor_is_empty(service: Service) -> None:
    """The nextCursor of a page that is not the last one is an empty text."""
    pages(service, lambda body, _page: {**body, "nextCursor": ""} if "nextCursor" in body else body)


@fault("RFC9865-2-03", "RFC9865-2-11")
def next_cursor_leads_nowhere(service: Service) -> None:
    """The nextCursor of a page is refused when it is used."""

    def change(ask: Callable[[Parameters], Document], parameters: Parameters) -> Document:
        if parameters.get("cursor"):
            raise service.cursors.invalid()
        return ask(parameters)

    asked(service, change)


@fault("RFC9865-2-11")
def second_page_leads_nowhere(service: Service) -> None:
    """The second of three pages has no nextCursor."""
    pages(service, lambda body, page: without(body, "nextCursor") if page.previous else body)


@fault("RFC9865-2-11")
def cursors_skip_a_resource(service: Service) -> None:
    """Each page begins one resource after the one that is due."""
    around(service.cursors, "sealed", lambda original, name, position: original(name, position + bool(position)))


@fault("RFC9865-2-11")
def cursors_repeat_a_resource(service: Service) -> None:
    """Each page begins with the last resource of the page before."""
    around(service.cursors, "sealed", lambda original, name, position: original(name, max(0, position - 1)))


@fault("RFC9865-2-11")
def last_page_leads_to_itself(service: Service) -> None:
    """The last page has a nextCursor, which leads to the last page."""

    def change(page: Page, name: str, _result: Result, position: int, count: int) -> Page:
        return replace(page, next=page.next or (service.cursors.sealed(name, position) if count else None))

    cut(service, change)


@fault("RFC9865-2-11")
def pages_never_end(service: Service) -> None:
    """The last page leads to the first one again, by a new cursor each time."""

    def change(page: Page, _name: str, result: Result, _position: int, count: int) -> Page:
        if page.next or not count:
            return page
        again = secrets.token_urlsafe(9)
        service.cursors._results[again] = result  # noqa: SLF001 - a fault may
        return replace(page, next=service.cursors.sealed(again, 0))

    cut(service, change)


@fault("RFC9865-2-11")
def last_page_leads_to_an_empty_one(service: Service) -> None:
    """The last page has a nextCursor, which leads to a page without resources."""

    def change(page: Page, name: str, result: Result, position: int, count: int) -> Page:
        due = count and position < len(result.places)
        return replace(page, next=service.cursors.sealed(name, position + count) if due else None)

    cut(service, change)


@fault("RFC9865-2-02")
def cursors_need_encoding(service: Service) -> None:
    """Cursors end in equals signs, which are no unreserved characters."""
    after(service.cursors, "sealed", lambda cursor: cursor + "==")
    around(service.cursors, "opened", lambda original, cursor: original(cursor.rstrip("=")))


@fault("RFC9865-2-21")
def previous_cursor_leads_to_its_own_page(service: Service) -> None:
    """The previousCursor of a page leads to that page."""

    def change(page: Page, name: str, _result: Result, position: int, _count: int) -> Page:
        return replace(page, previous=page.previous and service.cursors.sealed(name, position))

    cut(service, change)


@fault("RFC9865-2-21")
def previous_cursor_is_invalid(service: Service) -> None:
    """The previousCursor of a page is refused when it is used."""
    pages(service, lambda body, _page: {**body, "previousCursor": "previous"} if "previousCursor" in body else body)


@fault("RFC9865-2.2-01")
def cursor_queries_are_not_sorted(service: Service) -> None:
    """A query by cursor ignores sortBy."""
    asked(service, lambda ask, parameters: ask(without(dict(parameters), "sortBy")))


@fault("RFC9865-2.2-01")
def each_cursor_page_is_sorted_by_itself(service: Service) -> None:
    """A sorted query by cursor is cut into pages before each page is sorted."""

    def change(ask: Callable[[Parameters], Document], parameters: Parameters) -> Document:
        body = ask(without(dict(parameters), "sortBy"))
        if "sortBy" not in parameters:
            return body
        falling = parameters.get("sortOrder") == "descending"
        found = sorted(body["Resources"], key=lambda each: str(each.get(parameters["sortBy"])), reverse=falling)
        return {**body, "Resources": found}

    asked(service, change)


# -- searches -------------------------------------------------------------------------------


def searches(service: Service, change: Callable[[dict[str, str]], dict[str, str]]) -> None:
    """Let the body of a search be read in another way."""
    after(service.bodies, "search_parameters", change)


@fault("RFC9865-3-01", "RFC9865-1-01")
def search_by_cursor_is_refused(service: Service) -> None:
    """A search with a cursor in its body is refused with 400 invalidSyntax."""

    def change(parameters: dict[str, str]) -> dict[str, str]:
        if "cursor" in parameters:
            raise ScimError(400, "invalidSyntax", "cursor is no member of a search request.")
        return parameters

    searches(service, change)


@fault("RFC9865-3-01", "RFC9865-1-01")
def search_by_cursor_ignores_count(service: Service) -> None:
    """A search with a cursor in its body is answered with a page of all matches, whatever its count."""
    searches(service, lambda parameters: without(parameters, "count") if "cursor" in parameters else parameters)


@fault("RFC9865-3-02")
def search_ignores_the_cursor(service: Service) -> None:
    """A search with a cursor in its body is answered with a first page without nextCursor."""
    searches(service, lambda parameters: without(parameters, "cursor"))


@fault("RFC9865-3-02")
def every_search_begins_anew(service: Service) -> None:
    """A search with any cursor in its body is answered with the first page."""
    searches(service, lambda parameters: parameters | {"cursor": ""} if "cursor" in parameters else parameters)

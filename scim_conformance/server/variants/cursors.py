"""Variants of paging by cursor: what RFC 9865, or note A76, leaves to the service provider."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from scim_conformance.server.cursors import Page, Result
from scim_conformance.server.errors import ScimError
from scim_conformance.server.service import Service
from scim_conformance.server.variants import after, answer, around, variant

Document = dict[str, Any]


@variant()
def cursors_by_default(service: Service) -> None:
    """Queries with neither startIndex nor cursor are paged by cursor, as ServiceProviderConfig says (section 2.4)."""
    service.capabilities.default_method = "cursor"


@variant()
def cursors_alone(service: Service) -> None:
    """There is no paging by index, as ServiceProviderConfig says; startIndex is ignored (section 2.3)."""
    service.capabilities.index = False
    service.capabilities.default_method = "cursor"


@variant()
def cursor_defaults_not_told(service: Service) -> None:
    """ServiceProviderConfig says of pagination only what it has to: cursor and index (section 4)."""
    after(service.discovery, "pagination", lambda paging: {name: paging[name] for name in ("cursor", "index")})


@variant()
def cursors_without_timeout(service: Service) -> None:
    """Cursors do not expire, and ServiceProviderConfig has no cursorTimeout (section 4)."""
    service.capabilities.cursor_timeout = None


@variant()
def cursors_outlive_their_timeout(service: Service) -> None:
    """Cursors do not expire, though cursorTimeout is given, which is the least time that they are valid (section 4)."""
    answer(service.cursors, "is_expired", value=False)


@variant()
def cursor_pages_without_total(service: Service) -> None:
    """Pages by cursor have no totalResults, because it cannot be estimated (section 2)."""
    after(service.cursors, "list_response", lambda body: {n: body[n] for n in body if n != "totalResults"})


@variant()
def no_previous_cursor(service: Service) -> None:
    """Pages have no previousCursor, which is optional (section 2)."""
    after(service.cursors, "page", lambda page: replace(page, previous=None))


@variant()
def short_cursor_pages(service: Service) -> None:
    """Pages by cursor hold fewer resources than count asks for, also before the last one (section 2)."""
    around(
        service.cursors,
        "page",
        lambda original, name, result, position, count: original(name, result, position, (count + 1) // 2),
    )


@variant()
def null_cursors(service: Service) -> None:
    """The last page has a nextCursor that is null, and the first a previousCursor that is null (A76)."""

    def list_response(original: Callable[..., Document], body: Document, page: Page) -> Document:
        return {"nextCursor": None, "previousCursor": None, **original(body, page)}

    around(service.cursors, "list_response", list_response)


@variant()
def cursors_bound_to_count(service: Service) -> None:
    """A count that is negative, or another than that of the first page, is invalidCount (section 2.1, A76)."""

    def count(original: Callable[..., int], text: str | None, default: int) -> int:
        if text and text.startswith("-"):
            raise ScimError(400, "invalidCount", "count is 0 or more.")
        return original(text, default)

    def following(original: Callable[..., Page], cursor: str, endpoints: Any, parameters: Mapping[str, str]) -> Page:
        name, _ = service.cursors.opened(cursor)
        result = service.cursors._results.get(name)  # noqa: SLF001 - a variant may
        if result is not None and parameters.get("count") not in (None, str(result.count)):
            raise ScimError(400, "invalidCount", f"count was {result.count}.")
        return original(cursor, endpoints, parameters)

    around(service.cursors, "count", count)
    around(service.cursors, "following", following)


@variant()
def cursors_serve_every_client(service: Service) -> None:
    """A cursor works for other clients too, and shows each what it may see (section 5.2)."""
    answer(service.cursors, "is_other_asker", value=False)


@variant()
def cursors_keep_their_query(service: Service) -> None:
    """A cursor leads on in its own query, whatever filter and order are sent with it (A76)."""

    def is_other_query(_original: Callable[..., bool], _result: Result, _parameters: Mapping[str, str]) -> bool:
        return False

    around(service.cursors, "is_other_query", is_other_query)

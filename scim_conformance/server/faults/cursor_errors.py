"""Faults of cursors: refusals, expiry, who may use one, and what is advertised (RFC 9865 sections 2.1, 2.4, 4, 5.2)."""

import itertools
from collections.abc import Callable, Mapping
from typing import Any

from scim_conformance.server.cursors import Result
from scim_conformance.server.errors import ScimError, not_found
from scim_conformance.server.faults import after, answer, around, fault, swap
from scim_conformance.server.faults.cursors import Document, Parameters, asked, without
from scim_conformance.server.messages import Request
from scim_conformance.server.service import Service

# -- cursors that are not valid -------------------------------------------------------------


@fault("RFC9865-2.1-01", "RFC9865-5.2-04")
def invalid_cursor_begins_anew(service: Service) -> None:
    """A cursor that was never given out, or was changed, is answered with the first page."""

    def change(ask: Callable[[Parameters], Document], parameters: Parameters) -> Document:
        try:
            return ask(parameters)
        except ScimError as error:
            if error.scim_type != "invalidCursor":
                raise
            return ask({**parameters, "cursor": ""})

    asked(service, change)


def refusal(service: Service, make: Callable[[], ScimError]) -> None:
    """Let cursors that are not valid be refused in another way."""
    swap(service.cursors, "invalid", make)


@fault("RFC9865-2.1-01", "RFC9865-5.2-04")
def invalid_cursor_breaks_the_server(service: Service) -> None:
    """A cursor that is not valid is answered with 500."""
    refusal(service, lambda: ScimError(500, None, "The cursor could not be read."))


@fault("RFC9865-2.1-01")
def invalid_cursor_is_refused_in_a_foreign_form(service: Service) -> None:
    """The refusal of a cursor that is not valid is no SCIM error, but a body of another form."""

    def error_body(original: Callable[..., Document], error: ScimError, *rest: Any) -> Document:
        body = original(error, *rest)
        return {"scimType": "invalidCursor", "error": error.detail} if error.scim_type == "invalidCursor" else body

    around(service.answers, "error_body", error_body)


@fault("RFC9865-2.1-02", "RFC9865-2.1-03", "RFC9865-5.2-04")
def invalid_cursor_is_an_invalid_value(service: Service) -> None:
    """A cursor that is not valid is refused with the scimType invalidValue."""
    refusal(service, lambda: ScimError(400, "invalidValue", "The cursor is not valid."))


@fault("RFC9865-2.1-02", "RFC9865-5.2-04")
def invalid_cursor_is_not_found(service: Service) -> None:
    """A cursor that is not valid is refused with 404."""
    refusal(service, lambda: not_found("There is no such page."))


@fault("RFC9865-5.2-04")
def cursors_are_numbers(service: Service) -> None:
    """Cursors are numbers that count up, so that everybody can guess those of others."""
    numbers = itertools.count(1)
    known: dict[str, tuple[str, int]] = {}

    def sealed(name: str, position: int) -> str:
        cursor = str(next(numbers))
        known[cursor] = (name, position)
        return cursor

    def opened(cursor: str) -> tuple[str, int]:
        if cursor not in known:
            raise service.cursors.invalid()
        return known[cursor]

    swap(service.cursors, "sealed", sealed)
    swap(service.cursors, "opened", opened)


@fault("RFC9865-5.2-04")
def signatures_of_cursors_are_not_checked(service: Service) -> None:
    """A cursor that was changed in its signature is taken as if it were whole."""

    def opened(cursor: str) -> tuple[str, int]:
        name, _, rest = cursor.partition("~")
        position, _, _signature = rest.partition("~")
        if not position.isdecimal():
            raise service.cursors.invalid()
        return name, int(position)

    swap(
        service.cursors,
        "sealed",
        lambda name, position: f"{name}~{position}~{service.cursors.signature(f'{name}.{position}')}",
    )
    swap(service.cursors, "opened", opened)


@fault("RFC9865-2-16")
def later_pages_mix_queries(service: Service) -> None:
    """A cursor that is sent with another filter is answered with the place it names in the result of that filter."""

    def following(original: Callable[..., Any], cursor: str, endpoints: Any, parameters: Mapping[str, str]) -> Any:
        name, position = service.cursors.opened(cursor)
        result = service.cursors._results.get(name)  # noqa: SLF001 - a fault may
        if result is None or not service.cursors.is_other_query(result, parameters):
            return original(cursor, endpoints, parameters)
        other = Result((), result.asker, result.asked, result.count, result.born)
        return service.cursors.page(name, other, position, result.count)

    around(service.cursors, "following", following)


# -- counts that are not valid --------------------------------------------------------------


def bad_count(service: Service, answer: Callable[[], int]) -> None:
    """Let a count that is no number be taken in another way."""

    def count(original: Callable[..., int], text: str | None, default: int) -> int:
        try:
            return original(text, default)
        except ScimError:
            return answer()

    around(service.cursors, "count", count)


@fault("RFC9865-2.1-05")
def cursor_query_takes_any_count(service: Service) -> None:
    """A cursor query whose count is no number is answered as if there were no count."""
    bad_count(service, lambda: service.capabilities.default_page_size)


@fault("RFC9865-2.1-05")
def bad_count_of_a_cursor_query_is_an_invalid_value(service: Service) -> None:
    """A cursor query whose count is no number is refused with the scimType invalidValue."""

    def refuse() -> int:
        raise ScimError(400, "invalidValue", "count has to be a whole number.")

    bad_count(service, refuse)


# -- age ------------------------------------------------------------------------------------


@fault("RFC9865-4-11")
def cursors_expire_too_early(service: Service) -> None:
    """A cursor expires after half of the cursorTimeout that is advertised."""
    around(
        service.cursors,
        "is_expired",
        lambda original, result: (
            original(result) or service.cursors.clock() - result.born > (service.capabilities.cursor_timeout or 0) / 2
        ),
    )


def expired(service: Service, make: Callable[[], ScimError]) -> None:
    """Let a cursor that is too old be refused in another way."""

    def change(ask: Callable[[Parameters], Document], parameters: Parameters) -> Document:
        try:
            return ask(parameters)
        except ScimError as error:
            raise make() if error.scim_type == "expiredCursor" else error from None

    asked(service, change)


@fault("RFC9865-2.1-04")
def expired_cursor_is_invalid(service: Service) -> None:
    """A cursor that has expired is refused as invalidCursor."""
    expired(service, service.cursors.invalid)


@fault("RFC9865-2.1-04")
def expired_cursor_is_gone(service: Service) -> None:
    """A cursor that has expired is refused with 410."""
    expired(service, lambda: ScimError(410, "expiredCursor", "The cursor has expired."))


# -- who may use a cursor -------------------------------------------------------------------


def has_good_cursor(service: Service, request: Request) -> bool:
    """Tell whether a request has a cursor that the server gave out."""
    try:
        service.cursors.opened(request.parameter("cursor") or "")
    except ScimError:
        return False
    return True


@fault("RFC9865-5.2-01", "RFC9865-5.2-02")
def cursor_is_a_key(service: Service) -> None:
    """A request with a good cursor is let in without credentials."""

    def check(original: Callable[..., None], request: Request, path: str) -> None:
        if not has_good_cursor(service, request):
            original(request, path)

    around(service.access, "check", check)


@fault("RFC9865-5.2-01", "RFC9865-5.2-02")
def cursor_revives_a_token(service: Service) -> None:
    """A request with a good cursor is let in with any bearer token, though it be revoked."""

    def check(original: Callable[..., None], request: Request, path: str) -> None:
        bearer = (request.headers.get("Authorization") or "").startswith("Bearer ")
        if not (bearer and has_good_cursor(service, request)):
            original(request, path)

    around(service.access, "check", check)


@fault("RFC9865-5.2-01")
def pages_show_what_the_first_client_saw(service: Service) -> None:
    """A page is shown to whoever has its cursor as the client saw it that asked for the first page."""
    seen: dict[str, Document] = {}

    def first(original: Callable[..., Any], found: Any, endpoints: Any, parameters: Parameters) -> Any:
        seen.update({resource["id"]: dict(resource) for _, resource in found})
        return original(found, endpoints, parameters)

    def shown(original: Callable[..., Document], request: Request, kind: Any, resource: Any, wanted: Any) -> Document:
        former = seen.get(resource["id"], resource) if request.parameter("cursor") else resource
        return original(request, kind, {**resource, **former}, wanted)

    answer(service.cursors, "is_other_asker", value=False)
    around(service.cursors, "first", first)
    around(service.query, "shown", shown)


@fault("RFC9865-5.2-01")
def cursor_widens_rights(service: Service) -> None:
    """A user, who may read nobody else, reads on with a good cursor of another client."""

    def check_rights(original: Callable[..., None], request: Request, path: str) -> None:
        if not has_good_cursor(service, request):
            original(request, path)

    answer(service.cursors, "is_other_asker", value=False)
    around(service.access, "check_rights", check_rights)


@fault("RFC9865-5.2-05")
def outsiders_learn_which_cursors_there_are(service: Service) -> None:
    """A request without credentials is told, by 400 or 401, whether its cursor exists."""

    def check(original: Callable[..., None], request: Request, path: str) -> None:
        if request.parameter("cursor") and not has_good_cursor(service, request):
            raise service.cursors.invalid()
        original(request, path)

    around(service.access, "check", check)


@fault("RFC9865-5.2-05")
def cursor_errors_show_data(service: Service) -> None:
    """The refusal of a cursor that is not valid names the user names that were found last."""
    shown: list[str] = []

    def show(body: Document) -> Document:
        shown[:] = [str(each.get("userName")) for each in body["Resources"]] or shown
        return body

    after(service.cursors, "list_response", show)
    refusal(service, lambda: ScimError(400, "invalidCursor", f"The cursor is not one of {', '.join(shown)}."))


# -- what is advertised, and which method is taken ------------------------------------------


@fault("RFC9865-4-01")
def cursors_are_not_advertised(service: Service) -> None:
    """Queries are paged by cursor where they ask for it, but ServiceProviderConfig has no pagination."""
    after(service.discovery, "service_provider_config", lambda document: without(document, "pagination"))


@fault("RFC9865-2.4-02")
def default_method_is_not_the_advertised_one(service: Service) -> None:
    """The defaultPaginationMethod is cursor, but queries with neither parameter are paged by index."""
    after(service.discovery, "pagination", lambda paging: {**paging, "defaultPaginationMethod": "cursor"})


@fault("RFC9865-2.4-01", "RFC7644-3.4.2-08", "RFC7644-3.4.2.4-11", "RFC7644-3.4.2.4-12")
def start_index_gives_way_to_cursors(service: Service) -> None:
    """A query with startIndex is paged by cursor, from the first page on."""
    around(
        service.query, "is_by_cursor", lambda original, parameters: original(parameters) or "startIndex" in parameters
    )

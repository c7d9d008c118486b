"""Faults that Entra ID meets on the wire: encodings, media types, the flag behind every URL."""

from collections.abc import Callable, Mapping
from typing import Any

from scim_conformance.server.edge import Ask, at
from scim_conformance.server.errors import ScimError, invalid_filter
from scim_conformance.server.faults import around, fault
from scim_conformance.server.filters import Filter
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Service

FLAG = "aadOptscim062020"
USERS, GROUPS, A_USER = "/Users", "/Groups", "/Users/"
READING = ("GET", "HEAD")
Rows = list[tuple[ResourceType, Mapping[str, Any]]]


def unsupported(what: str) -> ScimError:
    """Refuse a media type."""
    return ScimError(415, None, f"{what} is not supported.")


# -- transport ------------------------------------------------------------------------------


@fault("ENTRA-T01", "ENTRA-U06-a")
def entra_reads_need_a_content_type(service: Service) -> None:
    """GET of a user without Content-Type is refused with 415."""

    def read(ask: Ask, request: Request) -> Response:
        if not request.headers.get("Content-Type"):
            raise unsupported("A request without a media type")
        return ask(request)

    at(service, "GET", A_USER, read)


@fault("ENTRA-T02", "ENTRA-U04-a")
def entra_charsets_are_refused(service: Service) -> None:
    """A request body of application/scim+json; charset=utf-8 is refused with 415."""

    def check(original: Callable[[Request], None], request: Request) -> None:
        if "charset" in (request.headers.get("Content-Type") or ""):
            raise unsupported("A charset")
        original(request)

    around(service.bodies, "check_media_type", check)


@fault("ENTRA-T02")
def entra_charsets_of_changes_are_refused(service: Service) -> None:
    """The body of a PATCH of application/scim+json; charset=utf-8 is refused with 415."""

    def modify(ask: Ask, request: Request) -> Response:
        if "charset" in (request.headers.get("Content-Type") or ""):
            raise unsupported("A charset")
        return ask(request)

    at(service, "PATCH", A_USER, modify)


def flagged(service: Service, meant: Callable[[Request], bool]) -> None:
    """Refuse requests with a parameter that the service does not know."""

    def check(original: Callable[[Request], Response], request: Request) -> Response:
        if request.parameter(FLAG) is not None and meant(request):
            raise ScimError(400, "invalidSyntax", f"There is no parameter {FLAG}.")
        return original(request)

    around(service, "answer", check)


@fault("ENTRA-T03")
def entra_unknown_parameters_of_queries_are_refused(service: Service) -> None:
    """A query with a parameter that nobody knows is refused."""
    flagged(service, lambda request: request.method in READING and request.parameter("filter") is not None)


@fault("ENTRA-T03")
def entra_unknown_parameters_of_reads_are_refused(service: Service) -> None:
    """GET of a user with a parameter that nobody knows is refused."""
    flagged(service, lambda request: request.method in READING and request.parameter("filter") is None)


@fault("ENTRA-T03")
def entra_unknown_parameters_of_deletions_are_refused(service: Service) -> None:
    """DELETE with a parameter that nobody knows is refused."""
    flagged(service, lambda request: request.method == "DELETE")


@fault("ENTRA-T03")
def entra_unknown_parameters_of_creations_are_refused(service: Service) -> None:
    """POST with a parameter that nobody knows is refused."""
    flagged(service, lambda request: request.method == "POST")


@fault("ENTRA-T03")
def entra_the_flag_finds_nobody(service: Service) -> None:
    """A query with a parameter that nobody knows finds nothing."""

    def matching(original: Callable[..., Rows], request: Request, *args: Any) -> Rows:
        return [] if request.parameter(FLAG) is not None else original(request, *args)

    around(service.query, "matching", matching)


@fault("ENTRA-T04-a", "ENTRA-U01", "ENTRA-U02", "ENTRA-U03-a", "ENTRA-U03-d", "ENTRA-G03-b")
def entra_a_plus_sign_is_no_blank(service: Service) -> None:
    """A plus sign in a query string is taken for itself, so that filters that are encoded as forms are refused."""
    around(service, "query_pairs", lambda original, text: original(text.replace("+", "%2B")))


@fault("ENTRA-T04-a", "ENTRA-U03-a")
def entra_at_signs_stay_encoded(service: Service) -> None:
    """An at sign that was encoded stays as it came, where plus signs stand for blanks."""

    def query_pairs(original: Callable[[str], list[tuple[str, str]]], text: str) -> list[tuple[str, str]]:
        return original(text.replace("%40", "%2540") if "+" in text else text)

    around(service, "query_pairs", query_pairs)


def reading_filters(service: Service, change: Callable[[str], str]) -> None:
    """Change the text of filters."""
    around(service.evaluation, "parse", lambda original, text: original(change(text)))


@fault("ENTRA-T04-b")
def entra_plus_signs_are_decoded_twice(service: Service) -> None:
    """A plus sign in the value of a filter becomes a blank."""
    reading_filters(service, lambda text: text.replace("+", " "))


@fault("ENTRA-T04-b")
def entra_apostrophes_end_a_value(service: Service) -> None:
    """A filter with an apostrophe in its value is refused."""

    def parse(original: Callable[[str], Filter], text: str) -> Filter:
        if "'" in text:
            raise invalid_filter("A value has no apostrophes.")
        return original(text)

    around(service.evaluation, "parse", parse)


@fault("ENTRA-T05")
def entra_users_are_shown_as_plain_json(service: Service) -> None:
    """GET of a user is answered as application/json."""

    def read(ask: Ask, request: Request) -> Response:
        response = ask(request)
        response.headers.set("Content-Type", "application/json")
        return response

    at(service, "GET", A_USER, read)

"""Faults of the service origin: which requests pass without it, and what is taken for it."""

import re
from collections.abc import Callable

from scim_conformance.server.faults import around, fault
from scim_conformance.server.faults.access import open_where
from scim_conformance.server.messages import Request
from scim_conformance.server.service import Service

WHOLE = "SEED-ORIGIN-04"
READS = ("GET", "HEAD")


def values(service: Service, request: Request) -> list[str]:
    """Give the values of the origin header; several may stand in one field, apart by commas."""
    return request.headers.get_all(service.settings.origin_header)


def take_for_the_origin(service: Service, resembles: Callable[[str, str], bool]) -> None:
    """Accept also what resembles the origin: `resembles` gets what is sent, and the origin of the settings."""

    def matches(original: Callable[..., bool], sent: str) -> bool:
        return original(sent) or (bool(sent) and resembles(sent, service.settings.service_origin))

    around(service.access, "origin_matches", matches)


def read_elsewhere(service: Service, read: Callable[[Request], str | None]) -> None:
    """Let a request pass whose origin stands elsewhere: `read` gives what stands there."""
    open_where(service, "check_origin", lambda request: read(request) == service.settings.service_origin)


# -- where it is not looked for -------------------------------------------------------------


@fault("SEED-ORIGIN-02")
def origin_checked_on_writes_alone(service: Service) -> None:
    """GET and HEAD pass without a look at the origin header."""
    open_where(service, "check_origin", lambda request: request.method in READS)


@fault("SEED-ORIGIN-02", "SEED-ORIGIN-03", WHOLE, "SEED-ORIGIN-05")
def origin_checked_on_reads_alone(service: Service) -> None:
    """Writes pass without a look at the origin header."""
    open_where(service, "check_origin", lambda request: request.method not in READS)


@fault("SEED-ORIGIN-02", "SEED-ORIGIN-03")
def origin_not_checked_on_discovery(service: Service) -> None:
    """The discovery documents need the token, and no origin."""
    open_where(service, "check_origin", lambda request: request.path.endswith(("Config", "Types", "Schemas")))


@fault("SEED-ORIGIN-02")
def missing_origin_accepted_for_delete(service: Service) -> None:
    """DELETE is done without an origin header."""
    open_where(service, "check_origin", lambda request: request.method == "DELETE" and not values(service, request))


@fault("SEED-ORIGIN-02", "SEED-ORIGIN-03")
def origin_not_checked_on_search(service: Service) -> None:
    """Searching by POST needs no origin."""
    open_where(service, "check_origin", lambda request: request.path.endswith("/.search"))


@fault("SEED-ORIGIN-03")
def any_origin_accepted_for_patch(service: Service) -> None:
    """PATCH is done whatever the origin header says, as long as it is there."""
    open_where(service, "check_origin", lambda request: request.method == "PATCH" and bool(values(service, request)))


@fault("SEED-ORIGIN-03")
def empty_origin_accepted(service: Service) -> None:
    """An empty origin header is accepted."""
    open_where(service, "check_origin", lambda request: values(service, request) == [""])


@fault("SEED-ORIGIN-01")
def origin_found_behind_the_token_alone(service: Service) -> None:
    """The origin header counts only where it comes behind the Authorization header."""

    def check(original: Callable[..., None], request: Request) -> None:
        original(request)
        names = [name.lower() for name, _ in request.headers]
        if names.index(service.settings.origin_header.lower()) < names.index("authorization"):
            raise service.access.unauthorized("There is no origin.")

    around(service.access, "check_origin", check)


# -- what is taken for it -------------------------------------------------------------------


@fault(WHOLE, "SEED-ORIGIN-05")
def beginning_of_the_origin_header_compared(service: Service) -> None:
    """What follows the origin in its header does not matter."""
    take_for_the_origin(service, lambda sent, origin: sent.startswith(origin))


@fault(WHOLE, "SEED-ORIGIN-05")
def end_of_the_origin_header_compared(service: Service) -> None:
    """What stands before the origin in its header does not matter."""
    take_for_the_origin(service, lambda sent, origin: sent.endswith(origin))


@fault(WHOLE)
def sub_domains_of_the_origin_accepted(service: Service) -> None:
    """Every sub-domain of the origin is taken for it."""
    take_for_the_origin(service, lambda sent, origin: sent.endswith(f".{origin}") and "," not in sent)


@fault(WHOLE)
def part_of_the_origin_accepted(service: Service) -> None:
    """A part of the origin is taken for it."""
    take_for_the_origin(service, lambda sent, origin: sent in origin)


@fault(WHOLE)
def origin_taken_for_a_pattern(service: Service) -> None:
    """The configured origin is used as a regular expression, in which a dot stands for any character."""
    take_for_the_origin(service, lambda sent, origin: re.fullmatch(origin, sent) is not None)


@fault(WHOLE)
def origin_header_taken_for_a_pattern(service: Service) -> None:
    """A star in the origin header stands for anything."""
    take_for_the_origin(
        service, lambda sent, origin: re.fullmatch(re.escape(sent).replace(r"\*", ".*"), origin) is not None
    )


@fault(WHOLE)
def port_and_scheme_of_the_origin_ignored(service: Service) -> None:
    """A scheme before the origin and a port behind it do not matter."""
    take_for_the_origin(service, lambda sent, origin: re.sub(r"^https?://|:\d+$", "", sent) == origin)


@fault(WHOLE)
def trailing_dot_of_the_origin_ignored(service: Service) -> None:
    """A dot behind the origin does not matter."""
    take_for_the_origin(service, lambda sent, origin: sent == f"{origin}.")


@fault(WHOLE)
def blanks_in_the_origin_ignored(service: Service) -> None:
    """Blanks within the origin do not matter."""
    take_for_the_origin(service, lambda sent, origin: sent.replace(" ", "") == origin)


@fault(WHOLE)
def null_origin_accepted(service: Service) -> None:
    """The word null, which browsers send, is accepted."""
    take_for_the_origin(service, lambda sent, _origin: sent == "null")


@fault(WHOLE, "SEED-ORIGIN-05")
def origin_accepted_in_a_list(service: Service) -> None:
    """The origin may be anywhere in a list."""
    take_for_the_origin(service, lambda sent, origin: origin in [part.strip() for part in sent.split(",")])


@fault(WHOLE, "SEED-ORIGIN-05")
def first_of_two_origins_counts(service: Service) -> None:
    """Of two origin headers the first one counts."""
    take_for_the_origin(service, lambda sent, origin: sent.split(",")[0].strip() == origin)


@fault(WHOLE, "SEED-ORIGIN-05")
def last_of_two_origins_counts(service: Service) -> None:
    """Of two origin headers the last one counts."""
    take_for_the_origin(service, lambda sent, origin: "," in sent and sent.split(",")[-1].strip() == origin)


@fault("SEED-ORIGIN-05", WHOLE)
def two_origins_break_the_server(service: Service) -> None:
    """Two origin headers lead to an error of the server."""

    def matches(original: Callable[..., bool], origin: str) -> bool:
        if "," in origin:
            raise RuntimeError("too many origins")
        return original(origin)

    around(service.access, "origin_matches", matches)


@fault("SEED-ORIGIN-07")
def capitals_in_the_origin_break_the_server(service: Service) -> None:
    """An origin in capitals leads to an error of the server."""

    def matches(original: Callable[..., bool], origin: str) -> bool:
        if origin.isupper():
            raise RuntimeError("not in the table")
        return original(origin)

    around(service.access, "origin_matches", matches)


# -- where else it is found -----------------------------------------------------------------


@fault("SEED-ORIGIN-08")
def other_editions_header_accepted(service: Service) -> None:
    """The origin is also found in the header that the other edition of the documents names."""
    read_elsewhere(service, lambda request: request.headers.get("X-Origin-Request"))


@fault("SEED-ORIGIN-09")
def origin_of_browsers_accepted(service: Service) -> None:
    """The origin is also found in the Origin header."""
    read_elsewhere(service, lambda request: request.headers.get("Origin"))


@fault("SEED-ORIGIN-09")
def referer_accepted_as_origin(service: Service) -> None:
    """The origin is also found in the Referer header."""
    read_elsewhere(service, lambda request: (request.headers.get("Referer") or "").removeprefix("https://").rstrip("/"))


@fault("SEED-ORIGIN-09")
def forwarded_host_accepted_as_origin(service: Service) -> None:
    """The origin is also found in the X-Forwarded-Host header."""
    read_elsewhere(service, lambda request: request.headers.get("X-Forwarded-Host"))


@fault("SEED-ORIGIN-09")
def origin_in_the_query_accepted(service: Service) -> None:
    """The origin is also found in the query."""
    read_elsewhere(service, lambda request: request.parameter(service.settings.origin_header))

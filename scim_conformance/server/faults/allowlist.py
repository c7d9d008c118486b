"""Faults of the IP allowlist: where it is not looked at, what it is taken to say, and which address is judged."""

import re
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address

from scim_conformance.server.allowlist import Address, Allowlist, Span, parse
from scim_conformance.server.errors import ScimError
from scim_conformance.server.faults import around, fault, swap
from scim_conformance.server.faults.access import open_where, tokenless
from scim_conformance.server.messages import Request
from scim_conformance.server.service import Service

SPOOFED = "SEED-ALLOW-04"
READS = ("GET", "HEAD")


def judge(service: Service, lets_in: Callable[[Address, tuple[Span, ...]], bool]) -> None:
    """Judge addresses by another rule: `lets_in` gets the address and the spans of an allowlist that is not empty."""

    def check_address(request: Request) -> None:
        allowlist = service.access.settings.allowed()
        address = service.access.address(request)
        if allowlist and (address is None or not lets_in(address, allowlist.spans)):
            raise service.access.unauthorized("Requests from this address are not allowed.")

    swap(service.access, "check_address", check_address)


def read_as(service: Service, change: Callable[[Span], Span]) -> None:
    """Take every entry of the allowlist for another one."""
    judge(service, lambda address, spans: any(address in change(span) for span in spans))


def kind(span: Span) -> str:
    """Tell whether a span is one address, a CIDR block, or a range that is none."""
    size = int(span.last) - int(span.first) + 1
    if size == 1:
        return "address"
    return "block" if size & (size - 1) == 0 and int(span.first) % size == 0 else "range"


def refused(service: Service, request: Request) -> bool:
    """Tell whether the sound rule refuses a request's address."""
    try:
        type(service.access).check_address(service.access, request)
    except ScimError:
        return True
    return False


# -- where it is not looked at --------------------------------------------------------------


@fault("SEED-ALLOW-03")
def allowlist_ignored_for_get(service: Service) -> None:
    """GET passes from any address."""
    open_where(service, "check_address", lambda request: request.method == "GET")


@fault("SEED-ALLOW-03")
def allowlist_ignored_for_head(service: Service) -> None:
    """HEAD passes from any address."""
    open_where(service, "check_address", lambda request: request.method == "HEAD")


@fault("SEED-ALLOW-03", SPOOFED)
def allowlist_ignored_for_delete(service: Service) -> None:
    """DELETE is done from any address."""
    open_where(service, "check_address", lambda request: request.method == "DELETE")


@fault("SEED-ALLOW-03")
def allowlist_ignored_for_put(service: Service) -> None:
    """PUT is done from any address."""
    open_where(service, "check_address", lambda request: request.method == "PUT")


@fault("SEED-ALLOW-03")
def allowlist_ignored_on_discovery(service: Service) -> None:
    """The discovery documents are served to any address."""
    open_where(service, "check_address", lambda request: request.path.endswith(("Config", "Types", "Schemas")))


@fault("SEED-ALLOW-03")
def allowlist_ignored_for_groups(service: Service) -> None:
    """Groups are left out of the allowlist."""
    open_where(service, "check_address", lambda request: "/Groups" in request.path)


@fault("SEED-ALLOW-03")
def allowlist_ignored_on_search(service: Service) -> None:
    """Searching by POST passes from any address."""
    open_where(service, "check_address", lambda request: request.path.endswith("/.search"))


# -- what its entries are taken to say ------------------------------------------------------


@fault("SEED-ALLOW-02", "SEED-ALLOW-08", "SEED-ALLOW-09")
def range_end_exclusive(service: Service) -> None:
    """The last address of a range is refused."""
    read_as(service, lambda span: Span(span.first, span.last - 1) if kind(span) == "range" else span)


@fault("SEED-ALLOW-02", "SEED-ALLOW-08", "SEED-ALLOW-09")
def range_start_exclusive(service: Service) -> None:
    """The first address of a range is refused."""
    read_as(service, lambda span: Span(span.first + 1, span.last) if kind(span) == "range" else span)


@fault("SEED-ALLOW-03", "SEED-ALLOW-08", "SEED-ALLOW-09")
def range_one_too_long(service: Service) -> None:
    """A range lets in the address behind its last one."""
    read_as(service, lambda span: Span(span.first, span.last + 1) if kind(span) == "range" else span)


@fault("SEED-ALLOW-02", "SEED-ALLOW-08")
def range_compared_as_text(service: Service) -> None:
    """The ends of a range of IPv4 addresses are compared as texts."""
    judge(
        service,
        lambda address, spans: any(
            str(span.first) <= str(address) <= str(span.last) if kind(span) == "range" and address.version == 4  # noqa: PLR2004
            else address in span
            for span in spans
        ),
    )  # fmt: skip


@fault("SEED-ALLOW-03", "SEED-ALLOW-08")
def range_compared_by_its_last_number(service: Service) -> None:
    """Of the addresses of an IPv4 range only the last number is compared."""
    judge(
        service,
        lambda address, spans: any(
            (int(span.first) & 255) <= (int(address) & 255) <= (int(span.last) & 255)
            if kind(span) == "range" and address.version == 4  # noqa: PLR2004 - the version of IP
            else address in span
            for span in spans
        ),
    )


@fault("SEED-ALLOW-02", "SEED-ALLOW-08", "SEED-ALLOW-09")
def network_and_broadcast_address_refused(service: Service) -> None:
    """The first and the last address of a CIDR block are refused."""
    read_as(service, lambda span: Span(span.first + 1, span.last - 1) if kind(span) == "block" else span)


@fault("SEED-ALLOW-03", "SEED-ALLOW-08")
def block_taken_for_24_bits(service: Service) -> None:
    """Every block of IPv4 addresses is taken for one of 24 bits."""
    read_as(service, lambda span: _wide(span) if kind(span) == "block" else span)


@fault("SEED-ALLOW-03", "SEED-ALLOW-07", "SEED-ALLOW-08")
def address_taken_for_24_bits(service: Service) -> None:
    """Every single IPv4 address lets in its whole neighbourhood of 24 bits."""
    read_as(service, lambda span: _wide(span) if kind(span) == "address" else span)


def _wide(span: Span) -> Span:
    if isinstance(span.first, IPv6Address) or isinstance(span.last, IPv6Address):
        return span
    return Span(IPv4Address(int(span.first) & ~255), IPv4Address(int(span.last) | 255))


@fault("SEED-ALLOW-02", "SEED-ALLOW-08")
def block_taken_for_its_first_address(service: Service) -> None:
    """Of an IPv4 block only the address that it is written with is let in."""
    read_as(service, lambda span: Span(span.first, span.first) if _is_ipv4_block(span) else span)


def _is_ipv4_block(span: Span) -> bool:
    return kind(span) == "block" and isinstance(span.first, IPv4Address)


@fault("SEED-ALLOW-03", "SEED-ALLOW-07")
def address_compared_by_its_beginning(service: Service) -> None:
    """An address whose text begins with an allowed address is let in."""
    judge(
        service,
        lambda address, spans: any(
            address in span or (kind(span) == "address" and str(address).startswith(str(span.first))) for span in spans
        ),
    )


@fault("SEED-ALLOW-02", "SEED-ALLOW-07")
def only_the_first_entry_counts(service: Service) -> None:
    """Only the first entry of the allowlist counts."""
    judge(service, lambda address, spans: address in spans[0])


@fault("SEED-ALLOW-07")
def blanks_after_commas_matter(service: Service) -> None:
    """An entry of the allowlist that has a blank before it is not recognised."""

    def allowed() -> Allowlist:
        return parse(re.sub(r",\s[^,]*", "", service.access.settings.allowlist))

    def check_address(request: Request) -> None:
        address = service.access.address(request)
        written = service.access.settings.allowlist
        if written and service.settings is not service.access.settings and not allowed().contains(address or ""):
            raise service.access.unauthorized("Requests from this address are not allowed.")
        type(service.access).check_address(service.access, request)

    swap(service.access, "check_address", check_address)


# -- IPv6 -----------------------------------------------------------------------------------


@fault("SEED-ALLOW-02", "SEED-ALLOW-09")
def ipv6_entries_ignored(service: Service) -> None:
    """Entries of IPv6 addresses are taken and ignored."""
    judge(service, lambda address, spans: any(address in span for span in spans if address.version == 4))  # noqa: PLR2004


@fault("SEED-ALLOW-03", "SEED-ALLOW-09")
def ipv6_addresses_not_judged(service: Service) -> None:
    """A request from an IPv6 address is let in whatever the allowlist says."""
    open_where(service, "check_address", lambda request: ":" in request.peer and not request.peer.startswith("::ffff:"))


@fault("SEED-ALLOW-09")
def mapped_addresses_not_judged(service: Service) -> None:
    """A request from an IPv4-mapped IPv6 address is let in whatever the allowlist says."""
    open_where(service, "check_address", lambda request: request.peer.startswith("::ffff:"))


@fault("SEED-ALLOW-09")
def mapped_addresses_refused(service: Service) -> None:
    """A request from an IPv4-mapped IPv6 address is refused though its IPv4 address is allowed."""

    def check(original: Callable[..., None], request: Request) -> None:
        original(request)
        if request.peer.startswith("::ffff:") and service.access.settings.allowlist:
            raise service.access.unauthorized("Requests from this address are not allowed.")

    around(service.access, "check_address", check)


# -- which address is judged ----------------------------------------------------------------


def believe(service: Service, header: str, pick: int = 0) -> None:
    """Judge the address that a header names, where it names one; `pick` says which of several."""

    def address(original: Callable[..., Address | None], request: Request) -> Address | None:
        named = [hop.strip() for value in request.headers.get_all(header) for hop in value.split(",")]
        try:
            return ip_address(named[pick])
        except (IndexError, ValueError):
            return original(request)

    around(service.access, "address", address)


@fault(SPOOFED)
def x_forwarded_for_believed(service: Service) -> None:
    """The first address of X-Forwarded-For is believed, whoever wrote it."""
    believe(service, "X-Forwarded-For")


@fault(SPOOFED)
def last_of_x_forwarded_for_believed(service: Service) -> None:
    """The last address of X-Forwarded-For is believed, although no proxy is trusted."""
    believe(service, "X-Forwarded-For", -1)


@fault(SPOOFED)
def x_real_ip_believed(service: Service) -> None:
    """The address in X-Real-IP is believed."""
    believe(service, "X-Real-IP")


@fault(SPOOFED)
def client_ip_believed(service: Service) -> None:
    """The address in True-Client-IP is believed."""
    believe(service, "True-Client-IP")


@fault(SPOOFED)
def forwarded_believed(service: Service) -> None:
    """The address in Forwarded is believed."""

    def passes(request: Request) -> bool:
        named = re.search(r'for="?\[?([0-9a-fA-F.:]+)', request.headers.get("Forwarded") or "")
        return named is not None and service.access.settings.allowed().contains(named[1])

    open_where(service, "check_address", passes)


@fault(SPOOFED)
def forwarded_addresses_have_to_be_allowed(service: Service) -> None:
    """A request from an allowed address is refused where a header names another one."""

    def check(original: Callable[..., None], request: Request) -> None:
        original(request)
        named = request.headers.get("X-Forwarded-For")
        if named and not service.access.settings.allowed().contains(named):
            raise service.access.unauthorized("Requests from this address are not allowed.")

    around(service.access, "check_address", check)


@fault("SEED-ALLOW-05")
def address_in_the_origin_header_breaks_the_server(service: Service) -> None:
    """An address in the origin header of a request from outside leads to an error of the server."""

    def check(original: Callable[..., None], request: Request) -> None:
        if refused(service, request) and request.headers.get(service.settings.origin_header) == "192.0.2.10":
            raise RuntimeError("an address is no origin")
        original(request)

    around(service.access, "check_address", check)


@fault("SEED-ALLOW-06")
def allowed_ipv6_address_replaces_the_token(service: Service) -> None:
    """A request from an allowed IPv6 address needs no token."""
    open_where(service, "check_token", lambda request: ":" in request.peer and tokenless(request))

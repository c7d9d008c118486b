"""The IP allowlist: requests from addresses outside it are refused, whatever else they carry."""

import dataclasses
import socket
from ipaddress import ip_address, ip_network
from typing import Any

import pytest

from scim_conformance.judge import Blocked, BrokenAnswer, HarnessError, expect, note

FORMS = ("address", "block", "range")
SPOOFED = {
    "x-forwarded-for": ("X-Forwarded-For", "{inside}"),
    "x-forwarded-for-first": ("X-Forwarded-For", "{inside}, {outside}"),
    "x-forwarded-for-last": ("X-Forwarded-For", "{outside}, {inside}"),
    "x-forwarded-for-port": ("X-Forwarded-For", "{inside}:443"),
    "forwarded": ("Forwarded", 'for="{quoted}"'),
    "forwarded-by": ("Forwarded", 'for="{quoted}";by="{quoted}";proto=https'),
    "x-real-ip": ("X-Real-IP", "{inside}"),
    "true-client-ip": ("True-Client-IP", "{inside}"),
    "cf-connecting-ip": ("CF-Connecting-IP", "{inside}"),
    "fastly-client-ip": ("Fastly-Client-IP", "{inside}"),
    "client-ip": ("Client-IP", "{inside}"),
    "x-client-ip": ("X-Client-IP", "{inside}"),
    "x-cluster-client-ip": ("X-Cluster-Client-IP", "{inside}"),
    "x-originating-ip": ("X-Originating-IP", "{inside}"),
    "x-remote-addr": ("X-Remote-Addr", "{inside}"),
    "x-remote-ip": ("X-Remote-IP", "{inside}"),
    "remote-addr": ("Remote-Addr", "{inside}"),
    "via": ("Via", "1.1 {inside}"),
}


@dataclasses.dataclass(frozen=True)
class Span:
    """One entry of an allowlist: the addresses from first to last, and how it was written."""

    text: str
    form: str
    first: Any
    last: Any

    def holds(self, address: Any) -> bool:
        """Tell whether an address is in it."""
        return address.version == self.first.version and self.first <= address <= self.last


def read_allowlist(text: str) -> list[Span]:
    """Read an allowlist as the operator gave it: addresses, CIDR blocks and ranges, separated by commas."""
    spans = []
    for entry in filter(None, (part.strip() for part in text.split(","))):
        try:
            if "-" in entry:
                first, _, last = entry.partition("-")
                spans.append(Span(entry, "range", ip_address(first.strip()), ip_address(last.strip())))
            elif "/" in entry:
                block = ip_network(entry, strict=False)
                spans.append(Span(entry, "block", block[0], block[-1]))
            else:
                spans.append(Span(entry, "address", ip_address(entry), ip_address(entry)))
        except ValueError as problem:
            raise Blocked(f"the allowlist given by the operator cannot be read: {entry!r}: {problem}") from None
    return spans


def _resembling(text: str) -> list[Any]:
    """Return addresses whose text begins with this one, or lacks its last character."""
    found = []
    for other in (f"{text}0", f"{text}5", text[:-1]):
        try:
            found.append(ip_address(other))
        except ValueError:
            continue
    return found


class Addresses:
    """The addresses that the operator's allowlist names, those just outside it, and requests from them."""

    def __init__(self, target):
        self.target = target
        self.spans = read_allowlist(target.allowlist or "")
        self.takes_any = target.kind != "url"

    def lets_in(self, address: Any) -> bool:
        """Tell whether an address is on the list."""
        return any(span.holds(address) for span in self.spans)

    def inside(self, form: str) -> list[Any]:
        """Return both ends, and one address between, of every entry of this form."""
        ends = [
            (span.first, span.first + (int(span.last) - int(span.first)) // 2, span.last) for span in self._of(form)
        ]
        return list(dict.fromkeys(address for trio in ends for address in trio))

    def beside(self, form: str) -> list[Any]:
        """Return the addresses just before and just after every entry of this form, unless another entry has them."""
        found = []
        for span in self._of(form):
            for end, step in ((span.first, -1), (span.last, 1)):
                if 0 <= int(end) + step < 2**end.max_prefixlen:
                    found.append(end + step)
            if form == "address":
                found += _resembling(span.text)
        return [address for address in dict.fromkeys(found) if not self.lets_in(address)]

    def first_of_each(self) -> list[Any]:
        """Return the first address of every entry."""
        return [span.first for span in self.spans]

    def _of(self, form: str) -> list[Span]:
        return [span for span in self.spans if span.form == form]

    def can_send_from(self, address: Any) -> bool:
        """Tell whether this machine has the address; a target in this process believes any."""
        if self.takes_any:
            return True
        family = socket.AF_INET if ip_address(str(address)).version == 4 else socket.AF_INET6
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.bind((str(address), 0))
        except OSError:
            return False
        return True

    @property
    def allowed(self) -> str:
        """One address that is let in, as text."""
        if self.target.source_address:
            return str(self.target.source_address)
        if not self.spans:
            pytest.skip("unsupported: no allowed address is known; give --allowlist or --allowed-address")
        return str(self.spans[0].first)

    @property
    def known_outside(self) -> str | None:
        """One address that is not let in and that can be sent from, as text."""
        given = self.target.outside_address
        if given:
            return str(given) if self.can_send_from(given) else None
        beside = [address for form in FORMS for address in self.beside(form)]
        return str(beside[0]) if self.takes_any and beside else None

    @property
    def outside(self) -> str:
        """The same; skips where there is none."""
        found = self.known_outside
        if found is None:
            pytest.skip("unsupported: no address outside the allowlist can be sent from; see --source-address")
        return found


@pytest.fixture(scope="session")
def addresses(scim):
    """The addresses on the operator's allowlist and beside it."""
    return Addresses(scim.target)


@pytest.fixture
def from_each(addresses, reading):
    """Read from each of these addresses; those that this machine cannot send from are left out, and recorded."""

    def ask(found: list[Any]) -> list[tuple[str, Any]]:
        answers, left_out, unreachable = [], [], set()
        for address in found:
            try:
                if address.version in unreachable or not addresses.can_send_from(address):
                    left_out.append(str(address))
                else:
                    answers.append((str(address), reading.knock(source_address=str(address))))
            except HarnessError:  # the target is not of this address's family
                unreachable.add(address.version)
                left_out.append(str(address))
        if left_out:
            note(f"Not tried, because this machine cannot send from there: {', '.join(left_out)}")
        if not answers:
            pytest.skip("unsupported: the allowlist names no such address that this machine can send from")
        return answers

    return ask


@pytest.fixture(scope="session")
def plainly_refused(addresses, doors, some_type):
    """Why nothing can be said of forwarding headers and other methods: a plain read from outside is served."""
    plain = doors.door("read", some_type)
    if addresses.known_outside is None:
        return plain, ""
    try:
        status = plain.knock(source_address=addresses.outside).status
    except (BrokenAnswer, HarnessError):
        return plain, ""
    return plain, "" if 400 <= status < 500 else f"a plain read from {addresses.outside} is answered with {status}"


@pytest.fixture
def refused_outside(addresses, plainly_refused):
    """Expect that a door refuses a request from outside the allowlist; a connection cut off is a refusal as well."""

    def judge(door: Any, **how: Any) -> None:
        plain, open_door = plainly_refused
        if open_door and (how or door.name != plain.name):
            raise Blocked(open_door)
        try:
            door.must_refuse(401, 403, source_address=addresses.outside, **how)
        except BrokenAnswer as cut:
            note(f"From outside the allowlist no answer comes at all: {cut.reason}")
        except HarnessError as problem:
            pytest.skip(f"unsupported: nothing can be sent from {addresses.outside}: {problem}")

    return judge


# -- from inside ------------------------------------------------------------------------------


@pytest.mark.requirement("SEED-ALLOW-02")
def test_allowed_address_opens_resources(reading_door, must_serve, addresses):
    """A request from an allowed address, with token and origin, is let in."""
    must_serve(reading_door.knock(source_address=addresses.target.source_address))


@pytest.mark.requirement("SEED-ALLOW-02")
@pytest.mark.parametrize("form", FORMS)
def test_allowlist_lets_in_what_it_names(addresses, from_each, form):
    """Each address on the allowlist, both ends of a block or range and what lies between, is let in."""
    for address, answer in from_each(addresses.inside(form)):
        expect(answer).where(answer.status not in (401, 403), expected=f"a request from {address} is let in",
                             actual=f"from {address}: status {answer.status}")  # fmt: skip


# -- from outside -----------------------------------------------------------------------------


@pytest.mark.requirement("SEED-ALLOW-03")
def test_outside_address_opens_no_resource(door, refused_outside):
    """From outside the allowlist every method on every resource endpoint is refused and does nothing."""
    refused_outside(door)


@pytest.mark.requirement("SEED-ALLOW-03")
def test_outside_address_opens_no_side_door(side_door, refused_outside):
    """From outside the allowlist neither search, nor bulk, nor /Me is a way in."""
    refused_outside(side_door)


@pytest.mark.requirement("SEED-ALLOW-03")
def test_outside_address_opens_no_closed_discovery(closed_discovery_door, refused_outside):
    """From outside the allowlist discovery documents that ask for credentials are refused."""
    refused_outside(closed_discovery_door)


@pytest.mark.requirement("SEED-ALLOW-03")
@pytest.mark.parametrize("form", FORMS)
def test_allowlist_ends_where_it_says(addresses, from_each, plainly_refused, form):
    """The addresses just before and just after each entry of the allowlist are refused."""
    if plainly_refused[1]:
        raise Blocked(plainly_refused[1])
    for address, answer in from_each(addresses.beside(form)):
        expect(answer).where(400 <= answer.status < 500, expected=f"a request from {address} is refused",
                             actual=f"from {address}: status {answer.status}")  # fmt: skip


@pytest.mark.requirement("SEED-ALLOW-04")
@pytest.mark.parametrize("kind", SPOOFED)
def test_forwarding_headers_open_nothing(addresses, reading, refused_outside, kind):
    """A forwarding header that names an allowed address does not let in a request from outside the allowlist."""
    header, form = SPOOFED[kind]
    inside = addresses.allowed
    quoted = f"[{inside}]" if ":" in inside else inside
    if ":" in inside and kind == "x-forwarded-for-port":
        inside = quoted
    value = form.format(inside=inside, outside=addresses.outside, quoted=quoted)
    refused_outside(reading, headers=[(header, value)])


@pytest.mark.requirement("SEED-ALLOW-04")
@pytest.mark.parametrize("operation", ["create", "delete"])
def test_forwarding_headers_write_nothing(addresses, doors, some_type, refused_outside, operation):
    """Forwarding headers that name an allowed address, all at once, let nothing be created or deleted from outside."""
    inside = addresses.allowed
    headers = {"X-Forwarded-For": inside, "X-Real-IP": inside, "Forwarded": f'for="{inside}"', "Client-IP": inside}
    refused_outside(doors.door(operation, some_type), headers=list(headers.items()))


@pytest.mark.requirement("SEED-ALLOW-04")
def test_forwarding_header_twice_opens_nothing(addresses, reading, refused_outside):
    """A repeated X-Forwarded-For does not let in a request from outside the allowlist."""
    refused_outside(reading, headers=[("X-Forwarded-For", addresses.allowed)] * 2)


@pytest.mark.requirement("SEED-ALLOW-04")
def test_forwarding_headers_close_nothing(addresses, reading, must_serve):
    """A forwarding header that names an address outside the allowlist does not matter to a request from inside it."""
    answer = reading.knock(headers=[("X-Forwarded-For", addresses.outside), ("X-Real-IP", addresses.outside)])
    must_serve(answer)


@pytest.mark.requirement("SEED-ALLOW-05")
@pytest.mark.parametrize("form", ["alone", "after-the-origin"])
def test_address_in_the_origin_header_is_recorded(addresses, reading, keys, record_choice, form):
    """Whether an allowed address in the origin header lets in a request from outside is the target's choice."""
    value = addresses.allowed if form == "alone" or not keys.origin else f"{keys.origin}, {addresses.allowed}"
    try:
        answer = reading.knock(source_address=addresses.outside, **keys.named_origin(value))
    except (BrokenAnswer, HarnessError) as problem:
        pytest.skip(f"unsupported: no answer comes from outside the allowlist: {problem}")
    record_choice(answer, "an allowed address in the origin header of a request from outside the allowlist")


@pytest.mark.requirement("SEED-ALLOW-06")
@pytest.mark.parametrize("credentials", ["missing", "wrong"])
@pytest.mark.usefixtures("token_checked")
def test_allowed_address_does_not_replace_the_token(reading_or_deleting, attempt, credentials):
    """From an allowed address, a missing or wrong token is refused all the same."""
    way = "no token" if credentials == "missing" else "a wrong token"
    attempt(reading_or_deleting, way).must_be_refused(401)


@pytest.mark.requirement("SEED-ALLOW-06")
@pytest.mark.usefixtures("token_checked")
def test_no_allowed_address_replaces_the_token(addresses, reading, keys):
    """No entry of the allowlist is let in without the token."""
    for address in map(str, addresses.first_of_each() if addresses.takes_any else ()):
        answer = reading.knock(source_address=address, **keys.none())
        expect(answer).where(
            400 <= answer.status < 500,
            expected=f"a request without the token from {address} is refused",
            actual=f"from {address}: status {answer.status}",
        )

"""The allowlist of the provisioning settings: addresses, CIDR blocks and ranges, separated by commas."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_FORMS = "write single addresses, CIDR blocks or ranges, such as 192.0.2.7, 198.51.100.0/24, 203.0.113.1-203.0.113.9"
Address = IPv4Address | IPv6Address


class BadAllowlist(ValueError):  # noqa: N818 it says what is wrong
    """The text is no allowlist; the message names the entry and says what an entry looks like."""


@dataclass(frozen=True, slots=True)
class Span:
    """The addresses from `first` to `last`, both included, of one IP version."""

    first: Address
    last: Address

    def __contains__(self, address: Address) -> bool:
        return address.version == self.first.version and int(self.first) <= int(address) <= int(self.last)


@dataclass(frozen=True, slots=True)
class Allowlist:
    """Addresses that may send requests; an empty list restricts nothing."""

    spans: tuple[Span, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.spans)

    def contains(self, address: "Address | str") -> bool:
        """Tell whether the address is listed; an IPv4-mapped IPv6 address counts as the IPv4 address it holds."""
        try:
            plain = unmapped(address)
        except ValueError:
            return False
        return any(plain in span for span in self.spans)


@lru_cache(maxsize=32)
def parse(text: str) -> Allowlist:
    """Read an allowlist; raise BadAllowlist for the first entry that is none. Blank entries are passed over."""
    return Allowlist(tuple(_spans(text)))


def unmapped(address: "Address | str") -> Address:
    """Give the address itself, an IPv4-mapped IPv6 address as IPv4, without a zone; raise ValueError for other text."""
    found = ip_address(address.strip().partition("%")[0]) if isinstance(address, str) else address
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        return found.ipv4_mapped
    return found


def _spans(text: str) -> Iterator[Span]:
    for entry in (part.strip() for part in text.split(",")):
        if not entry:
            continue
        try:
            yield _span(entry)
        except ValueError as problem:
            raise BadAllowlist(f"{entry!r} is not an allowlist entry ({problem}); {_FORMS}.") from None


def _span(entry: str) -> Span:
    if "-" in entry:
        return _range(entry)
    if "/" in entry:
        return _block(entry)
    address = unmapped(entry)
    return Span(address, address)


def _range(entry: str) -> Span:
    start, _, end = entry.partition("-")
    first, last = unmapped(start), unmapped(end)
    if first.version != last.version:
        raise ValueError("a range cannot go from IPv4 to IPv6")
    if int(first) > int(last):
        raise ValueError("the range ends before it begins")
    return Span(first, last)


def _block(entry: str) -> Span:
    # Host bits may be set, as people write 10.0.0.5/8: the block is meant.
    block = ip_network(entry.replace(" ", ""), strict=False)
    first, last = unmapped(block[0]), unmapped(block[-1])
    if first.version != last.version:  # ::ffff:0:0/95 and wider: more than the mapped addresses, so IPv6 as written
        return Span(block[0], block[-1])
    return Span(first, last)

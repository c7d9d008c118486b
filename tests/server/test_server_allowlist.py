"""The allowlist: addresses, CIDR blocks and ranges of both IP versions."""

from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scim_conformance.server.allowlist import BadAllowlist, parse

addresses = st.ip_addresses(v=4) | st.ip_addresses(v=6).filter(lambda a: a.ipv4_mapped is None)


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("192.0.2.7", ["192.0.2.7", "::ffff:192.0.2.7"], ["192.0.2.6", "192.0.2.8", "2001:db8::7"]),
        ("198.51.100.0/24", ["198.51.100.0", "198.51.100.255"], ["198.51.99.255", "198.51.101.0"]),
        ("10.0.0.5/8", ["10.0.0.0", "10.255.255.255"], ["9.255.255.255", "11.0.0.0"]),
        ("203.0.113.1-203.0.113.9", ["203.0.113.1", "203.0.113.9"], ["203.0.113.0", "203.0.113.10"]),
        ("10.0.0.250 - 10.0.1.5", ["10.0.0.255", "10.0.1.0"], ["10.0.1.6", "10.0.0.249"]),
        ("2001:db8::/32", ["2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"], ["2001:db9::", "10.0.0.1"]),
        ("2001:db8::1-2001:db8::ff", ["2001:db8::1", "2001:DB8::FF"], ["2001:db8::100", "2001:db8::"]),
        ("::ffff:192.0.2.0/120", ["192.0.2.0", "192.0.2.255", "::ffff:192.0.2.9"], ["192.0.3.0"]),
        ("192.0.2.1, 10.0.0.0/8 ,, 2001:db8::1", ["192.0.2.1", "10.1.2.3", "2001:db8::1"], ["192.0.2.2"]),
        ("fe80::/10", ["fe80::1", "fe80::1%eth0"], ["fec0::1"]),
        ("0.0.0.0/0", ["0.0.0.1", "255.255.255.255"], ["::1"]),
        ("::ffff:0:0/95", ["::fffe:1.2.3.4"], ["1.2.3.4"]),
        ("::/0", ["::1"], ["127.0.0.1", "::ffff:127.0.0.1"]),
    ],
)
def test_entries_hold_their_edges_and_nothing_beyond(text, inside, outside):
    """Every kind of entry contains its first and last address and not their neighbours."""
    allowlist = parse(text)
    assert [address for address in inside if not allowlist.contains(address)] == []
    assert [address for address in outside if allowlist.contains(address)] == []


def test_empty_list_restricts_nothing():
    """No entry at all is no allowlist, which is for the caller to see."""
    assert not parse("")
    assert not parse(" , ,")
    assert not parse("").contains("10.0.0.1")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("10.0.0.256", "10.0.0.256"),
        ("10.0.0.0/33", "10.0.0.0/33"),
        ("10.0.0.9-10.0.0.1", "ends before it begins"),
        ("10.0.0.1-2001:db8::1", "IPv4 to IPv6"),
        ("localhost", "localhost"),
        ("10.0.0.1;10.0.0.2", "10.0.0.1;10.0.0.2"),
        ("10.0.0.1-", "10.0.0.1-"),
        ("10.0.0.0/8-10.1.0.0/16", "10.0.0.0/8"),
    ],
)
def test_bad_entries_are_named_with_what_an_entry_looks_like(text, word):
    """The message names the bad entry and shows the possible forms."""
    with pytest.raises(BadAllowlist, match="CIDR blocks or ranges") as caught:
        parse(f"192.0.2.1,{text}")
    assert word in str(caught.value)


@pytest.mark.parametrize("text", ["", "unix:", "not an address", "1.2.3"])
def test_what_is_no_address_is_not_contained(text):
    """Asking for something that is no address gives no, not an error."""
    assert not parse("0.0.0.0/0, ::/0").contains(text)


@given(addresses, addresses)
def test_range_contains_what_lies_between(one, other):
    """A range contains an address exactly when it lies between its ends."""
    if one.version != other.version:
        return
    first, last = sorted((one, other))
    allowlist = parse(f"{first}-{last}")
    assert allowlist.contains(first)
    assert allowlist.contains(last)
    middle = type(first)((int(first) + int(last)) // 2)
    assert allowlist.contains(str(middle))
    if int(first) > 0:
        assert not allowlist.contains(type(first)(int(first) - 1))


@given(st.ip_addresses(v=4), st.integers(0, 32), st.ip_addresses(v=4))
def test_block_agrees_with_the_mask(address, prefix, other):
    """A CIDR block contains an address exactly when the bits of the prefix are the same, mapped into IPv6 or not."""
    mask = (2**32 - 1) << (32 - prefix) & (2**32 - 1)
    expected = int(address) & mask == int(other) & mask
    assert parse(f"{address}/{prefix}").contains(other) == expected
    assert parse(f"{address}/{prefix}").contains(IPv6Address(f"::ffff:{other}")) == expected


@given(st.lists(addresses, min_size=1, max_size=5), addresses)
def test_list_is_the_union_of_its_entries(listed, asked):
    """A list contains what one of its entries contains."""
    text = ",".join(str(address) for address in listed)
    assert parse(text).contains(asked) == any(parse(str(address)).contains(asked) for address in listed)


@given(st.text(alphabet="0123456789abcdef.:/-, ", max_size=40))
def test_any_text_is_read_or_refused(text):
    """Text of the alphabet is read as an allowlist or refused with the one error there is."""
    with suppress(BadAllowlist):
        assert isinstance(parse(text).contains(IPv4Address("10.0.0.1")), bool)

"""The provisioning settings: what has to be filled in, and the token that is shown once."""

import pytest

from scim_conformance.judge import Blocked, Violation, note

OUTSIDE = "192.0.2.99"
FAR_OUTSIDE = "240.0.0.1"
BLOCK = "198.51.100.16/28"
RANGE = "203.0.113.5-203.0.113.20"
METHODS = ("okta-app", "okta-custom-app", "entra-id", "custom")
# What each entry of an allowlist lets in, and what lies just beside it.
EDGES = {
    BLOCK: (("198.51.100.16", "198.51.100.22", "198.51.100.31"), ("198.51.100.15", "198.51.100.32", "198.51.101.16")),
    "198.51.100.128/25": (("198.51.100.128", "198.51.100.255"), ("198.51.100.127", "198.51.101.0")),
    "10.20.0.0/14": (("10.20.0.0", "10.23.255.255"), ("10.19.255.255", "10.24.0.0")),
    "192.0.2.7/32": (("192.0.2.7",), ("192.0.2.6", "192.0.2.8")),
    RANGE: (("203.0.113.5", "203.0.113.12", "203.0.113.20"), ("203.0.113.4", "203.0.113.21", "203.0.114.12")),
    "203.0.113.5 - 203.0.113.5": (("203.0.113.5",), ("203.0.113.4", "203.0.113.6")),
    "192.0.2.250-192.0.3.3": (("192.0.2.250", "192.0.2.255", "192.0.3.0", "192.0.3.3"), ("192.0.2.249", "192.0.3.4")),
}
IPV6 = {
    "2001:db8::7": (("2001:db8::7", "2001:DB8:0:0::7"), ("2001:db8::8", "2001:db8::6")),
    "2001:db8:1::/64": (("2001:db8:1::", "2001:db8:1:0:ffff:ffff:ffff:ffff"), ("2001:db8:1:1::", "2001:db8:0:ffff::1")),
    "2001:db8:2::5-2001:db8:2::9": (("2001:db8:2::5", "2001:db8:2::9"), ("2001:db8:2::4", "2001:db8:2::a")),
}
MAPPED = {
    "192.0.2.10": (("::ffff:192.0.2.10", "::ffff:c000:20a"), ("::ffff:203.0.113.10",)),
    "::ffff:192.0.2.10": (("192.0.2.10", "::ffff:192.0.2.10"), ("203.0.113.10", "::c000:20a")),
}
UNREADABLE = {
    "no-address": "192.0.2.10, office",
    "too-many-numbers": "192.0.2.10.1",
    "number-too-large": "192.0.2.256",
    "prefix-too-long": "192.0.2.0/33",
    "range-backwards": "192.0.2.20-192.0.2.10",
    "range-of-two-kinds": "192.0.2.1-2001:db8::1",
    "range-without-end": "192.0.2.1-",
}


@pytest.fixture
def ready(administrator):
    """Open a settings page with the required fields filled in, and others as given, and generate its token."""

    def fill_in(**filled_in):
        try:
            page = administrator.page(**administrator.required(), **filled_in)
        except ValueError as problem:
            raise Blocked(f"the settings page cannot be filled in: {problem}") from None
        token, message = page.generate()
        if token is None or not page.accepts(token):
            raise Blocked(f"no token that works can be generated: {message}")
        return page, token

    return fill_in


def must(holds, message: str, expected: str, actual: str) -> None:
    """Raise a violation unless something holds."""
    if not holds:
        raise Violation(message, expected=[expected], actual=actual)


def must_need(administrator, field: str, name: str, value: str) -> None:
    """Expect that no token can be generated with this field left empty, and that the page names the field."""
    page = administrator.page(**{**administrator.required(), field: value})
    token, message = page.generate()
    must(token is None, f"A token is generated although the {name} is empty.", "no token", "a token")
    must(name in message.lower(), f"The page does not ask for the {name}.", f"a message on the {name}", message or "-")


def must_let_in(page, token: str, inside=(), outside=()) -> None:
    """Expect that requests from these addresses are let in, and from those not."""
    allowlist = page.settings.allowlist
    if outside:
        must_restrict(page, token)
    for address in inside:
        must(page.lets_in(token, address=address), f"{address} is refused.", "let in", f"refused by {allowlist!r}")
    for address in outside:
        must(not page.lets_in(token, address=address), f"{address} is let in.", "refused", f"let in by {allowlist!r}")


def must_restrict(page, token: str) -> None:
    """Raise Blocked where the allowlist is not looked at: that is another check's finding."""
    if page.lets_in(token, address=FAR_OUTSIDE):
        raise Blocked("the allowlist does not restrict anything")


# -- generating a token -----------------------------------------------------------------------


@pytest.mark.requirement("SEED-WORKSPACE-04", "SEED-TOKEN-13")
@pytest.mark.parametrize("value", ["", "  "], ids=["empty", "blank"])
def test_default_workspace_is_required(administrator, value):
    """Without a default workspace no token can be generated, and the page says what is missing."""
    must_need(administrator, "default_workspace", "workspace", value)


@pytest.mark.requirement("SEED-ORIGIN-11", "SEED-TOKEN-13")
@pytest.mark.parametrize("value", ["", "  "], ids=["empty", "blank"])
def test_service_origin_is_required(administrator, value):
    """Without a service origin no token can be generated, and the page says what is missing."""
    must_need(administrator, "service_origin", "origin", value)


@pytest.mark.requirement("SEED-TOKEN-13")
def test_empty_page_names_all_that_is_missing(administrator):
    """An empty page generates no token, nor does its reset button, and names each missing field."""
    page = administrator.page()
    token, message = page.generate()
    must(token is None, "A token is generated on an empty page.", "no token", "a token")
    for name in ("workspace", "origin"):
        must(name in message.lower(), f"The page does not ask for the {name}.", f"a message on the {name}", message)
    must(page.reset()[0] is None, "The reset button makes a token on an empty page.", "no token", "a token")


@pytest.mark.requirement("SEED-TOKEN-13")
def test_filled_in_page_generates_a_token_that_works(administrator):
    """Once the required fields are filled in, a token can be generated, and it works."""
    page = administrator.page(**administrator.required())
    token, message = page.generate()
    must(token, "A token cannot be generated although the required fields are filled in.", "a token", message)
    must(page.accepts(token), "The generated token is refused.", "accepted", "refused")


@pytest.mark.requirement("SEED-TOKEN-14")
def test_token_is_shown_once(ready):
    """The page shows the token when it is generated, and never again."""
    page, token = ready()
    again, _ = page.generate()
    must(again is None, "The generate button shows a token once more.", "no token", "a token")
    must(page.accepts(token), "Pressing the button again made the token invalid.", "it still works", "refused")


@pytest.mark.requirement("SEED-TOKEN-14")
@pytest.mark.parametrize("button", ["generate", "reset"])
def test_token_is_not_kept_in_clear(ready, button):
    """Neither the settings nor what is stored of them holds the token in clear."""
    page, token = ready()
    if button == "reset":
        token, message = page.reset()
        if token is None:
            raise Blocked(f"resetting gives no token: {message}")
    must(not page.shows(token), "The settings hold the token in clear.", "a digest alone", "the token itself")


@pytest.mark.requirement("SEED-TOKEN-15")
def test_endpoint_is_shown_with_the_token(scim, administrator, ready):
    """Generating the token shows the SCIM endpoint, the base URL under which the token works."""
    page = administrator.page(**administrator.required())
    must(page.endpoint() is None, "The endpoint is shown before there is a token.", "none yet", str(page.endpoint()))
    page, _ = ready()
    shown = page.endpoint()
    must(shown and shown.rstrip("/") == scim.target.base_url.rstrip("/"), "The page shows another endpoint.",
         scim.target.base_url, str(shown))  # fmt: skip


# -- resetting it -----------------------------------------------------------------------------


@pytest.mark.requirement("SEED-TOKEN-16")
def test_reset_gives_another_token_that_works(ready):
    """Resetting gives another token, which works."""
    page, former = ready()
    token, message = page.reset()
    must(token is not None, "Resetting gives no token.", "a new token", message)
    must(token != former, "Resetting gives the same token.", "another token", "the same one")
    must(page.accepts(token), "The token that resetting gave is refused.", "accepted", "refused")


@pytest.mark.requirement("SEED-TOKEN-10", "SEED-TOKEN-16")
def test_reset_makes_every_former_token_invalid(ready):
    """Each reset makes the token before it invalid, the first one too."""
    page, token = ready()
    former = [token]
    for _ in range(2):
        former.append(page.reset()[0] or former[-1])
        for old in former[:-1]:
            must(not page.accepts(old), "A token is accepted after it was reset.", "refused", "accepted")


# -- the allowlist ----------------------------------------------------------------------------


@pytest.mark.requirement("SEED-ALLOW-01")
def test_allowlist_is_optional(administrator):
    """Without an allowlist a token can be generated, and requests from any address are let in."""
    page = administrator.page(**administrator.required(), allowlist="")
    token, message = page.generate()
    must(token is not None, "No token is generated without an allowlist.", "a token", message)
    if not page.accepts(token):
        raise Blocked("the generated token does not work")
    must_let_in(page, token, inside=(OUTSIDE, "2001:db8::1", "::ffff:192.0.2.1", "127.0.0.1"))


@pytest.mark.requirement("SEED-ALLOW-07")
@pytest.mark.parametrize("between", [",", ", ", " , ", ",\t"], ids=["comma", "blank-after", "blanks-around", "tab"])
def test_allowlist_takes_several_addresses(ready, between):
    """The allowlist takes addresses separated by commas, with or without blanks: each is let in and no other."""
    page, token = ready(allowlist=between.join(["192.0.2.10", "198.51.100.7", "203.0.113.9"]))
    must_let_in(page, token, inside=("192.0.2.10", "198.51.100.7", "203.0.113.9"),
                outside=("192.0.2.1", "192.0.2.100", "192.0.2.9", "198.51.100.8", "203.0.113.90"))  # fmt: skip


@pytest.mark.requirement("SEED-ALLOW-08")
@pytest.mark.parametrize("entry", EDGES)
def test_blocks_and_ranges_hold_both_ends(ready, entry):
    """A CIDR block or a range lets in both its ends and what lies between, and nothing beside it."""
    page, token = ready(allowlist=entry)
    must_let_in(page, token, *EDGES[entry])


@pytest.mark.requirement("SEED-ALLOW-07", "SEED-ALLOW-08")
def test_allowlist_takes_all_forms_at_once(ready):
    """Addresses, blocks and ranges may stand in one allowlist, and each counts."""
    page, token = ready(allowlist=f"192.0.2.10,{BLOCK}, {RANGE}")
    inside = ("192.0.2.10", *EDGES[BLOCK][0], *EDGES[RANGE][0])
    must_let_in(page, token, inside, ("192.0.2.11", *EDGES[BLOCK][1], *EDGES[RANGE][1]))


@pytest.mark.requirement("SEED-ALLOW-09")
@pytest.mark.parametrize("entry", IPV6)
def test_allowlist_takes_ipv6(ready, entry):
    """IPv6 addresses, blocks and ranges count like those of IPv4."""
    page, token = ready(allowlist=entry)
    must_let_in(page, token, IPV6[entry][0], (*IPV6[entry][1], "192.0.2.10"))


@pytest.mark.requirement("SEED-ALLOW-09")
@pytest.mark.parametrize("entry", MAPPED)
def test_mapped_addresses_are_judged_as_ipv4(ready, entry):
    """An IPv4 caller that is seen as an IPv4-mapped IPv6 address is judged by its IPv4 address."""
    page, token = ready(allowlist=entry)
    must_let_in(page, token, *MAPPED[entry])


@pytest.mark.requirement("SEED-ALLOW-09")
def test_ipv6_block_holds_no_ipv4_caller(ready):
    """A block of IPv6 addresses does not let in IPv4 callers, mapped or not."""
    page, token = ready(allowlist="2001:db8::/32")
    must_let_in(page, token, ("2001:db8:ffff::1",), ("192.0.2.10", "::ffff:192.0.2.10", "::ffff:32.1.13.184"))


@pytest.mark.requirement("SEED-ALLOW-10")
@pytest.mark.parametrize("kind", UNREADABLE)
def test_unreadable_allowlist_is_refused(administrator, kind):
    """An allowlist that cannot be read is refused when it is set, with the entry named."""
    text = UNREADABLE[kind]
    try:
        page = administrator.page(**administrator.required(), allowlist=text)
        token, message = page.generate()
    except ValueError as problem:
        token, message = None, str(problem)
    must(
        token is None, "An allowlist that cannot be read is taken.", "refused, with the entry named", f"{text!r} taken"
    )
    entry = text.split(",")[-1].strip()
    must(entry in message, "The page does not say which entry it cannot read.", f"a message on {entry!r}", message)


@pytest.mark.requirement("SEED-ALLOW-10")
def test_empty_entries_open_nothing(administrator, ready):
    """An empty entry of the allowlist is refused or passed over; it opens the endpoint to nobody else."""
    must_restrict(*ready(allowlist="192.0.2.10"))
    try:
        page = administrator.page(**administrator.required(), allowlist="192.0.2.10,,")
    except ValueError:
        note("An allowlist with an empty entry is refused.")
        return
    token, _ = page.generate()
    for address in ("192.0.2.11", "0.0.0.0", "2001:db8::1"):  # noqa: S104 - an address, nothing is bound
        must(not page.lets_in(token, address=address), f"An empty entry lets in {address}.", "refused", "let in")
    note("An empty entry of the allowlist is passed over.")


# -- the provisioning method ------------------------------------------------------------------


@pytest.mark.requirement("SEED-METHOD-01")
@pytest.mark.parametrize("method", METHODS)
def test_four_methods_are_offered(administrator, method):
    """The settings offer the vendor's Okta app, a custom Okta app, Entra ID and a custom integration."""
    try:
        administrator.page(**administrator.required(), method=method)
    except ValueError as problem:
        raise Violation(f"The method {method} is not offered.", expected=[method], actual=str(problem)) from None


@pytest.mark.requirement("SEED-METHOD-01")
def test_no_other_method_is_offered(administrator):
    """The settings take no provisioning method beside the four."""
    try:
        administrator.page(**administrator.required(), method="carrier-pigeon")
    except ValueError:
        return
    raise Violation("A method that does not exist is taken.", expected=list(METHODS), actual="carrier-pigeon")


@pytest.mark.requirement("SEED-METHOD-02")
@pytest.mark.parametrize("method", METHODS[:3])
def test_access_rules_are_the_same_for_every_method(ready, method):
    """Token, service origin and allowlist count for every provisioning method as they count for a custom one."""
    found, custom = outcomes(*ready(method=method, allowlist=BLOCK)), outcomes(*ready(method="custom", allowlist=BLOCK))
    for what, let_in in custom.items():
        expected, actual = ("let in" if way else "refused" for way in (let_in, found[what]))
        must(found[what] == let_in, f"With the method {method} another rule counts for {what}.", expected, actual)


def outcomes(page, token: str) -> dict[str, bool]:
    """Tell for the right request, and for some wrong ones, whether each is let in."""
    inside = EDGES[BLOCK][0][1]
    return {
        "the right request": page.lets_in(token, address=inside),
        "a wrong token": page.lets_in(f"{token}x", address=inside),
        "no token": page.lets_in(None, address=inside),
        "a wrong origin": page.lets_in(token, address=inside, origin="other.example.net"),
        "no origin": page.lets_in(token, address=inside, origin=None),
        "an address outside the allowlist": page.lets_in(token, address=FAR_OUTSIDE),
    }

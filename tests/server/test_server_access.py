"""Access control: token, origin header and address, on every endpoint and before anything is revealed."""

import pytest

from scim_conformance.server.messages import Headers, Request

ORIGIN = ("X-Request-Origin", "idp.example.com")
BEARER = ("Authorization", "Bearer a-token-of-the-tests")

ENDPOINTS = [
    (method, path)
    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "FOO")
    for path in (
        "/Users",
        "/Users/1",
        "/Groups",
        "/.search",
        "/Bulk",
        "/Me",
        "/ServiceProviderConfig",
        "/x",
        "/",
        "/v9/Users",
    )
]


def challenge(response):
    """Give the one challenge of a refusal."""
    (value,) = response.headers.get_all("WWW-Authenticate")
    return value


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
def test_every_endpoint_and_method_needs_credentials(ask, method, path):
    """Without credentials every method on every path gives the same 401 with a challenge and an error body."""
    response = ask(method, path, {}, headers=[])
    assert response.status == 401
    assert challenge(response) == 'Bearer realm="SCIM"'
    if method != "HEAD":
        assert response.json["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
        assert response.json["status"] == "401"


def test_nothing_reveals_whether_a_resource_exists(ask):
    """Without credentials the answer about a resource that exists is the answer about one that does not."""
    user = ask.user()
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        known = ask(method, f"/Users/{user['id']}", {}, headers=[])
        unknown = ask(method, "/Users/00000000-0000-0000-0000-000000000000", {}, headers=[])
        assert (known.status, list(known.headers), known.body) == (unknown.status, list(unknown.headers), unknown.body)


@pytest.mark.parametrize(
    "value", ["Bearer wrong", "Bearer a-token-of-the-testsx", "Bearer A-TOKEN-OF-THE-TESTS", "bearer x"]
)
def test_wrong_token_is_called_invalid(ask, value):
    """A token that is not in force gives 401 and error="invalid_token"."""
    response = ask("GET", "/Users", headers=[ORIGIN, ("Authorization", value)])
    assert response.status == 401
    assert challenge(response) == 'Bearer realm="SCIM", error="invalid_token"'


@pytest.mark.parametrize("value", ["Basic dTpw", "a-token-of-the-tests", "", "Bearera-token-of-the-tests", "Token x"])
def test_other_schemes_are_no_credentials(ask, value):
    """Another scheme, or none, is no bearer token: 401 without an error in the challenge."""
    response = ask("GET", "/Users", headers=[ORIGIN, ("Authorization", value)])
    assert response.status == 401
    assert challenge(response) == 'Bearer realm="SCIM"'


@pytest.mark.parametrize("value", ["Bearer", "Bearer ", "Bearer a b", "Bearer a,b", "Bearer a, Bearer b"])
def test_malformed_credentials_are_an_invalid_request(ask, value):
    """Bearer without exactly one token is the 400 of RFC 6750 section 3.1."""
    response = ask("GET", "/Users", headers=[ORIGIN, ("Authorization", value)])
    assert response.status == 400
    assert challenge(response) == 'Bearer realm="SCIM", error="invalid_request"'


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR"])
def test_scheme_is_case_insensitive(ask, scheme):
    """The name of the scheme is matched without regard to letter case."""
    assert ask("GET", "/Users", headers=[ORIGIN, ("authorization", f"{scheme} a-token-of-the-tests")]).status == 200


def test_two_tokens_are_an_invalid_request(ask):
    """The token twice, even the same one, or in two places, is refused."""
    assert ask("GET", "/Users", headers=[ORIGIN, BEARER, BEARER]).status == 400
    assert ask("GET", "/Users", query={"access_token": "a-token-of-the-tests"}).status == 400


def test_token_in_the_query_is_not_accepted(ask):
    """A token in the URL alone is no credential."""
    response = ask("GET", "/Users", query={"access_token": "a-token-of-the-tests"}, headers=[ORIGIN])
    assert response.status == 401
    assert "error" not in challenge(response)


def test_reset_takes_effect_at_once(ask):
    """After a reset the old token is refused and the new one works."""
    new = ask.service.settings.reset_token()
    assert ask("GET", "/Users").status == 401
    assert ask("GET", "/Users", headers=[ORIGIN, ("Authorization", f"Bearer {new}")]).status == 200


@pytest.mark.parametrize(
    "origins",
    [
        [],
        [""],
        ["idp.example.org"],
        ["idp.example.com.evil.example"],
        ["evil.example/idp.example.com"],
        ["https://idp.example.com"],
        ["idp.example.com", "idp.example.com"],
        ["idp.example.com, idp.example.com"],
        ["example.com"],
        ["*"],
    ],
)
def test_origin_must_be_there_once_and_right(ask, origins):
    """Without the origin header, with another value, a near miss, or twice, a request is refused."""
    response = ask("GET", "/Users", headers=[BEARER, *(("X-Request-Origin", value) for value in origins)])
    assert response.status == 401
    assert challenge(response) == 'Bearer realm="SCIM"'


@pytest.mark.parametrize("value", ["idp.example.com", "IDP.Example.COM", " idp.example.com\t"])
def test_origin_is_compared_as_a_domain(ask, value):
    """Letter case of the origin does not count, nor does white space around it."""
    assert ask("GET", "/Users", headers=[BEARER, ("x-request-origin", value)]).status == 200


def test_older_name_of_the_origin_header_is_a_setting(make):
    """With X-Origin-Request set, that header counts and the newer one does not."""
    ask = make(origin_header="X-Origin-Request")
    assert ask("GET", "/Users").status == 401
    assert ask("GET", "/Users", headers=[BEARER, ("X-Origin-Request", "idp.example.com")]).status == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
def test_outside_address_is_refused_on_every_method(make, method):
    """An address that is not on the allowlist gets 401, whatever it asks and whatever headers it sends."""
    ask = make(allowlist="192.0.2.0/24")
    spoofed = [(name, "192.0.2.1") for name in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Request-Origin")]
    assert ask(method, "/Users/1", {}, peer="198.51.100.1", extra=spoofed).status == 401
    assert ask(method, "/Users/1", {}, peer="198.51.100.1", headers=[]).status == 401
    assert ask(method, "/Users/1", {}, peer="192.0.2.1").status != 401


def test_address_is_checked_before_the_token(make):
    """From outside, a right token and a wrong one get the same answer."""
    ask = make(allowlist="192.0.2.0/24")
    right = ask("GET", "/Users", peer="198.51.100.1")
    wrong = ask("GET", "/Users", peer="198.51.100.1", headers=[ORIGIN, ("Authorization", "Bearer wrong")])
    assert (right.status, list(right.headers), right.body) == (wrong.status, list(wrong.headers), wrong.body)


@pytest.mark.parametrize("peer", ["", "unix:", "not-an-address"])
def test_unknown_address_is_outside(make, peer):
    """With an allowlist, a request whose address cannot be read is refused."""
    assert make(allowlist="0.0.0.0/0, ::/0")("GET", "/Users", peer=peer).status == 401


def test_mapped_peer_is_its_ipv4_address(make):
    """A dual-stack socket reports IPv4 peers as mapped IPv6 addresses, which count as IPv4."""
    assert make(allowlist="127.0.0.1")("GET", "/Users", peer="::ffff:127.0.0.1").status == 200


@pytest.mark.parametrize(
    ("peer", "forwarded", "status"),
    [
        ("10.0.0.1", ["192.0.2.1"], 200),
        ("10.0.0.1", ["192.0.2.1:4711"], 200),
        ("10.0.0.1", ["198.51.100.1, 192.0.2.1"], 200),
        ("10.0.0.1", ["198.51.100.1", "192.0.2.1, 10.0.0.2"], 200),
        ("10.0.0.1", ["192.0.2.1, 198.51.100.1"], 401),
        ("10.0.0.1", ["nonsense"], 401),
        ("10.0.0.1", [], 401),
        ("198.51.100.1", ["192.0.2.1"], 401),
        ("192.0.2.1", ["198.51.100.1"], 200),
    ],
)
def test_only_a_trusted_proxy_may_say_the_address(make, peer, forwarded, status):
    """X-Forwarded-For counts from trusted proxies alone, and of it the last hop that is no trusted proxy."""
    ask = make(allowlist="192.0.2.0/24", address_from="forwarded", trusted_proxies="10.0.0.0/24")
    extra = [("X-Forwarded-For", value) for value in forwarded]
    assert ask("GET", "/Users", peer=peer, extra=extra).status == status


def test_forwarded_ipv6_address_may_stand_in_brackets(make):
    """An IPv6 hop is read with and without brackets and port."""
    ask = make(allowlist="2001:db8::/32", address_from="forwarded", trusted_proxies="10.0.0.1")
    for hop in ("2001:db8::7", "[2001:db8::7]", "[2001:db8::7]:4711"):
        assert ask("GET", "/Users", peer="10.0.0.1", extra=[("X-Forwarded-For", hop)]).status == 200


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ("idp.example.com, 192.0.2.1", 200),
        ("IDP.example.com,192.0.2.1", 200),
        ("idp.example.com, 198.51.100.1", 401),
        ("idp.example.com", 401),
        ("evil.example, 192.0.2.1", 401),
        ("192.0.2.1", 401),
    ],
)
def test_address_may_be_carried_in_the_origin_header(make, value, status):
    """As the product's documents describe it, the origin header can hold the origin and the address."""
    ask = make(allowlist="192.0.2.0/24", address_from="origin")
    assert ask("GET", "/Users", peer="198.51.100.9", headers=[BEARER, ("X-Request-Origin", value)]).status == status


def test_discovery_may_be_anonymous_by_setting(make):
    """With the setting, discovery needs no credentials; wrong ones are refused, and all else needs them."""
    ask = make(anonymous_discovery=True, allowlist="127.0.0.1")
    for path in ("/ServiceProviderConfig", "/ResourceTypes", "/Schemas", "/ResourceTypes/User", "/v2/Schemas"):
        assert ask("GET", path, headers=[]).status == 200
        assert ask("GET", path, headers=[("Authorization", "Bearer wrong")]).status == 401
        assert ask("GET", path, headers=[], peer="192.0.2.1").status == 401
        assert ask("POST", path, {}, headers=[]).status == 401
    for path in ("/Users", "/", "/SchemasX", "/.search"):
        assert ask("GET", path, headers=[]).status == 401


def test_secrets_do_not_show(ask):
    """Neither a request's nor the headers' repr holds a credential."""
    request = Request("GET", "/Users", [], Headers([BEARER]), b"a-token-of-the-tests")
    assert "a-token-of-the-tests" not in repr(request)
    assert "a-token-of-the-tests" not in repr(ask.service.access.settings)

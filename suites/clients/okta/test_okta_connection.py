"""Okta's connection: the test of its credentials, and what can be seen of its transport."""

import pytest

from scim_conformance.idp.okta import pause_after
from scim_conformance.idp.outcome import Conclusion, concluded
from scim_conformance.judge import Blocked, Violation, expect

USERS = "/Users"
FEW = "startIndex=1&count=2"
MEDIA_TYPE = "application/scim+json; charset=utf-8"


@pytest.fixture(scope="session")
def connection(once, wizard):
    """What testing the API credentials came to."""
    return lambda: once("okta tests the credentials", wizard.test_connection)


@pytest.mark.requirement("OKTA-U01")
def test_the_credentials_can_be_tested(connection):
    """Okta's test of the API credentials, GET /Users?startIndex=1&count=2, succeeds."""
    concluded(connection(), Conclusion.CONNECTED)


@pytest.mark.requirement("OKTA-U01-a")
def test_the_test_of_credentials_brings_integers(connection, integers):
    """The list that answers Okta's test of the API credentials has its numbers as integers."""
    integers(connection().responses[-1])


@pytest.mark.requirement("OKTA-T02")
def test_requests_with_the_headers_of_okta_are_served(connection, blame, wizard):
    """A GET with Okta's Accept-Charset and Accept-Encoding is served."""
    headers = {"accept-charset": None, "accept-encoding": None}
    blame(
        connection(), "Accept-Charset or Accept-Encoding", lambda: wizard.wire.ask("GET", USERS, FEW, headers=headers)
    )


@pytest.mark.requirement("OKTA-T03")
def test_a_get_without_content_type_is_served(connection, blame, wizard):
    """A GET without Content-Type, as Okta sends it, is served."""
    headers = {"content-type": MEDIA_TYPE}
    blame(connection(), "the missing Content-Type", lambda: wizard.wire.ask("GET", USERS, FEW, headers=headers))


@pytest.mark.requirement("OKTA-T04")
def test_a_get_with_content_type_is_served(connection, scim):
    """A GET with a Content-Type, as Okta's SPEC test sends it, is served."""
    if not connection().ok:
        raise Blocked("a GET without Content-Type is not served, which another check judges")
    expect(scim.get(USERS, query=FEW, headers={"Content-Type": MEDIA_TYPE})).status(200)


@pytest.mark.requirement("OKTA-T06")
def test_a_wrong_token_is_refused(scim):
    """Okta's test of wrong credentials is answered with 401."""
    headers = {"Authorization": "non-token", "User-Agent": "OKTA SCIM Integration"}
    response = scim.get(USERS, query="count=1&startIndex=1", headers=headers)
    expect(response).status(401, tolerated=(403,))


@pytest.mark.requirement("OKTA-T08")
def test_throttling_says_how_long_in_seconds(scim, connection):
    """A 429 says in Retry-After how many whole seconds Okta has to wait."""
    connection()
    throttled = [exchange for exchange in scim.exchanges if exchange.status == 429]
    if not throttled:
        pytest.skip("unsupported: the target has throttled no request of this run")
    scim.recall_exchanges(throttled[:1])
    for exchange in throttled:
        value = exchange.response_headers.first("retry-after")
        if not (value or "").strip().isdecimal():
            raise Violation(
                f"A 429 has the Retry-After {value!r}, so that Okta pauses for {pause_after(value)} seconds.",
                expected=["Retry-After: a whole number of seconds"],
                actual=f"Retry-After: {value}",
            )


@pytest.mark.requirement("OKTA-T09")
def test_the_base_url_suits_okta(scim):
    """The base URL is one that Okta takes: https, and no underscore in its host."""
    base = scim.base
    host = base.netloc.rpartition(":")[0] or base.netloc
    if scim.target.kind != "url" or host in ("localhost", "127.0.0.1", "[::1]"):
        pytest.skip("unsupported: the target is not reached at an address that Okta could use")
    problems = ["https"] if base.scheme != "https" else []
    problems += ["a host without underscore"] if "_" in host else []
    if problems:
        raise Violation("Okta does not take this base URL.", expected=problems, actual=base.url)

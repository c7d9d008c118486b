"""TLS, RFC 7644 sections 7.2 and 7.4, RFC 6750 section 5.2."""

import ipaddress
from urllib.parse import urlsplit

import pytest

from scim_conformance.judge import BrokenAnswer, HarnessError, Violation, expect

CONFIG = "/ServiceProviderConfig"
SHORT = 5.0
"""Seconds to wait for a port that is better closed, and may swallow what is sent there."""


def is_local(host: str) -> bool:
    """Tell whether a host is this machine, or has a private address: a test server, which needs no TLS (A98)."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


@pytest.fixture(scope="session")
def address(scim):
    """The base URL of a target that should be reached by TLS, taken apart."""
    parts = urlsplit(scim.base.url)
    if scim.target.kind in ("wsgi", "asgi"):
        pytest.skip("disabled: an application in this process is not reached by any connection")
    if parts.scheme == "http" and is_local(parts.hostname or ""):
        pytest.skip("disabled: a test server on this machine, or in a private network, needs no TLS")
    return parts


@pytest.fixture
def in_clear(scim_session, scim, address):
    """Ask over plain HTTP, once a run and without any credentials; None where nothing there answers for itself."""

    def ask():
        try:
            answer = scim_session.elsewhere(f"http://{address.netloc}{address.path}", timeout=SHORT).get(CONFIG)
        except (BrokenAnswer, HarnessError):
            return None
        return None if answer.url.startswith("https:") else answer  # It was redirected, as it should be.

    def answer():
        if address.scheme == "http":
            raise Violation("The base URL is plain HTTP.", expected=["an https URL"], actual=scim.base.root)
        return scim_session.baseline.once("plain HTTP", ask)

    return answer


@pytest.mark.requirement("RFC7644-7.2-01")
def test_plain_http_is_not_spoken(in_clear):
    """Plain HTTP is refused, or redirected to https: neither is a resource served nor are credentials asked for."""
    answer = in_clear()
    if answer is not None:
        spoken = answer.status < 300 or answer.status == 401
        expect(answer).where(not spoken, expected="no connection, a redirect to https, or a refusal such as 403")


@pytest.mark.requirement("RFC7644-7.4-03", "RFC6750-5.2-02")
def test_tokens_are_not_asked_for_in_clear(in_clear):
    """No answer over plain HTTP invites a client to send a token in clear, or sets a cookie beside a resource."""
    answer = in_clear()
    if answer is not None:
        expect(answer).no_header("WWW-Authenticate")
        if answer.status < 300:
            expect(answer).no_header("Set-Cookie")


@pytest.mark.requirement("RFC7644-7.2-02")
def test_tls_1_2_is_supported(scim_session, scim, address):
    """A client that speaks no newer TLS than 1.2 can connect."""
    if address.scheme == "http":
        raise Violation("The base URL is plain HTTP.", expected=["an https URL"], actual=scim.base.root)
    if scim.target.kind != "url":
        pytest.skip("disabled: an application in this process is not reached by any connection")
    if scim.target.proxy:
        pytest.skip("disabled: through a proxy the handshake is not seen")
    problem = scim_session.handshake("1.2")
    if problem:
        raise Violation("A TLS 1.2 handshake failed.", expected=["TLS 1.2, best with 1.3 beside it"], actual=problem)

"""Tokens that have expired, RFC 7644 section 7.4 and RFC 6750 section 5.2."""

import re

import pytest

from scim_conformance.judge import expect


@pytest.mark.requirement("RFC7644-7.4-04", "RFC6750-5.2-04")
@pytest.mark.usefixtures("tokens_are_checked")
def test_expired_token_reads_nothing(scim, attempts, acting):
    """A token that has expired is refused with 401 and opens no resource."""
    expect(scim.read(attempts.victim(), **acting("expired"))).refused(401)


@pytest.mark.requirement("RFC7644-7.4-04", "RFC6750-5.2-04")
@pytest.mark.parametrize("write", ["POST", "DELETE"])
@pytest.mark.usefixtures("tokens_are_checked")
def test_expired_token_changes_nothing(write, attempts, acting):
    """A token that has expired is refused with 401 by methods that write, and they do nothing."""
    attempts.of("expired", write, acting("expired")).must_be_in_vain(401)


@pytest.mark.requirement("RFC6750-3.1-02")
def test_expired_token_is_called_invalid(attempts, acting):
    """The challenge to a token that has expired says, if it says anything, that it is an invalid_token."""
    attempt = attempts.of("expired", "DELETE", acting("expired"))
    attempt.must_be_refused()
    written = ", ".join(attempt.response.headers.get_all("WWW-Authenticate"))
    for error in re.findall(r'(?<![\w-])error\s*=\s*"?([\w-]+)', written):
        expect(attempt.response).where(error == "invalid_token", expected='error="invalid_token"', actual=written)

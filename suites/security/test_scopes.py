"""Tokens that may read and not write, RFC 7644 sections 2 and 2.1, RFC 6750 section 3.1."""

import re

import pytest

from scim_conformance.judge import Violation, expect, note

ERROR = re.compile(r'(?<![\w-])error\s*=\s*"?([\w-]+)', re.IGNORECASE)


@pytest.fixture
def attempt(write, attempts, acting):
    """A write with a token that may only read."""
    return attempts.of("read-only", write, acting("read-only"))


def challenge_of(attempt) -> str:
    """Return the Bearer challenge that goes with a refusal, which need not have one."""
    attempt.must_be_refused()
    values = [v for v in attempt.response.headers.get_all("WWW-Authenticate") if v.lower().startswith("bearer")]
    if not values:
        pytest.skip("unsupported: the refusal has no Bearer challenge, which is allowed")
    return ", ".join(values)


@pytest.mark.requirement("RFC7644-2-08")
def test_read_only_token_may_read(scim, attempts, acting):
    """A client that may only read is let in to read a resource."""
    response = scim.read(attempts.victim(), **acting("read-only"))
    expect(response).where(response.status not in (401, 403, 404), expected="the resource")


@pytest.mark.requirement("RFC7644-2-08")
def test_read_only_token_changes_nothing(attempt):
    """A client that may only read is refused POST, PUT, PATCH and DELETE, and they do nothing."""
    attempt.must_be_in_vain(403, 404)


@pytest.mark.requirement("RFC7644-3.12-11", "RFC9110-11.4-02", "RFC7644-2.1-01")
def test_lack_of_rights_is_answered_403(attempt):
    """A request whose valid token does not permit it is answered 403, or 404 to hide what it is about."""
    attempt.must_be_refused()
    expect(attempt.response).status(403, 404)


@pytest.mark.requirement("RFC6750-3.1-04")
def test_lack_of_rights_is_called_insufficient_scope(attempt):
    """A Bearer challenge to a token that lacks a right says insufficient_scope, and goes with 403."""
    for error in ERROR.findall(challenge_of(attempt)):
        if error != "insufficient_scope":
            raise Violation("The challenge names another error.", expected=["insufficient_scope"], actual=error)
        expect(attempt.response).status(403)


@pytest.mark.requirement("RFC6750-3.1-05")
def test_needed_scope_is_recorded(attempts, acting):
    """Whether the challenge to a token that lacks a right names the scope that is needed is the target's choice."""
    challenge = challenge_of(attempts.of("read-only", "DELETE", acting("read-only")))
    named = re.search(r'(?<![\w-])scope\s*=\s*"([^"]*)"', challenge)
    note(f"The challenge names the scope {named[1]!r}." if named else "The challenge does not name the needed scope.")

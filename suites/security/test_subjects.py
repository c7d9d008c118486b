"""What a user may do with the resources of others, RFC 7644 sections 2 and 7.7, RFC 7643 section 9.3."""

import pytest

from scim_conformance.judge import expect, note


@pytest.fixture
def look(scim_session, scim, attempts, acting):
    """The answer to a user who reads another user."""
    victim = attempts.victim()
    return scim_session.baseline.once("a user looks at another", lambda: scim.read(victim, **acting("user")))


@pytest.mark.requirement("RFC7644-2-10", "RFC7643-9.3-03")
def test_user_does_not_read_others(look):
    """What a client application may read, a user who is somebody else is refused with 403 or 404."""
    expect(look).refused(403, 404)


@pytest.mark.requirement("RFC9110-15.5.4-01")
def test_hiding_is_recorded(look):
    """Whether a forbidden resource is hidden by 404 is the target's choice."""
    if look.status in (403, 404):
        note(
            "A forbidden resource is hidden by 404." if look.status == 404 else "A forbidden resource is answered 403."
        )


@pytest.mark.requirement("RFC7644-7.7-03")
@pytest.mark.parametrize("write", ["PUT", "DELETE"])
def test_user_does_not_change_others(write, attempts, acting):
    """What a client application may write, a user is refused for others than himself, and it does nothing."""
    attempts.of("user", write, acting("user")).must_be_in_vain(403, 404)

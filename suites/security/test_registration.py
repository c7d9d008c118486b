"""Users who register without credentials, RFC 7644 sections 2.2 and 7.6."""

import pytest

from scim_conformance.judge import Blocked, expect


@pytest.fixture(scope="session")
def registration(scim_session, scim, operator, acting):
    """The answer to somebody without credentials who creates a user, and that user as it is shown."""
    if not operator.registration_path:
        pytest.skip("disabled: no path was given at which anybody may create a user (--registration-path)")
    baseline = scim_session.baseline
    kind = baseline.resource_type("User")
    response = scim.post(operator.registration_path, json=baseline.body(kind, active=True), **acting("nobody"))
    created = baseline.created(response, kind)
    yield response, created
    if created is not None:
        scim_session.discard([created])


@pytest.mark.requirement("RFC7644-2.2-01")
def test_anybody_may_register(scim, registration):
    """A user can be created without credentials where the operator says so."""
    expect(scim.recall(registration[0])).success()


@pytest.mark.requirement("RFC7644-7.6-03")
def test_registered_user_waits_for_confirmation(scim, registration):
    """A user who was created without credentials is not active until somebody confirms that the person is real."""
    response, created = registration
    if created is None:
        raise Blocked(f"nobody could register: POST answered {response.status}")
    expect(scim.recall(response)).where(created.get("active") is False, expected="active = false")

"""Deactivating and reactivating users by their attribute active, RFC 7643 section 4.1.1."""

import json
from typing import Any, NamedTuple

import pytest

from scim_conformance.judge import Blocked, Violation, differences, expect


@pytest.fixture
def made(make, read):
    """Make a user who is active or not, as it is shown: by the answer to its POST, else by a GET."""

    def build(*, active):
        user = make("User", active=active)
        return user if user.get("active") is active else {**read(user), "id": user["id"]}

    return build


@pytest.fixture
def open_account(made):
    """Make a user who is active; the check does not apply where the target shows no active."""

    def build():
        user = made(active=True)
        if user.get("active") is None:
            pytest.skip("unsupported: the target shows no active of a user")
        if user["active"] is not True:
            raise Blocked(f"a user made with active = true shows active = {user['active']!r}")
        return user

    return build


@pytest.fixture
def account(open_account):
    """A user of this check's own who is active."""
    return open_account()


class Deactivation(NamedTuple):
    """A user before a PATCH of active, the answer, and the answer to a GET after it."""

    before: dict[str, Any]
    response: Any
    got: Any


@pytest.fixture
def deactivation(once, open_account, as_made, scim):
    """A PATCH that replaces active by false, which has to succeed, and what is there before and after it."""

    def deactivate():
        user = open_account()
        response = scim.modify(user, {"op": "replace", "path": "active", "value": False})
        return Deactivation(as_made(user), response, scim.read(user))

    found = once("PATCH: deactivation", deactivate)
    expect(found.response).success()
    return found


@pytest.fixture
def created_inactive(once, scim_session, activating):  # noqa: ARG001 - nothing is made where there is no such thing
    """A user who was inactive from the first, to be read alone."""
    return once("a user created inactive", lambda: scim_session.baseline.make("User", active=False))


@pytest.fixture
def activating(once, scim_session, read):
    """The check does not apply where the target shows no active of a user."""

    def shown():
        return read(scim_session.baseline.make("User", active=True)).get("active")

    if once("active is shown", shown) is None:
        pytest.skip("unsupported: the target shows no active of a user")


@pytest.fixture
def inactive(made, activating):  # noqa: ARG001 - nothing is made where there is no such thing
    """A user of this check's own who was made inactive when it was made."""
    user = made(active=False)
    if user.get("active") is not False:
        raise Blocked("a user made with active = false is not inactive")
    return user


@pytest.mark.requirement("RFC7643-4.1.1-21", "RFC7644-3.5.2.3-02")
@pytest.mark.usefixtures("working_patch")
def test_patch_deactivates(deactivation):
    """A PATCH that replaces active by false deactivates a user."""
    expect(deactivation.got).status(200).has("active", False)


@pytest.mark.requirement("RFC7643-4.1.1-21", "RFC7644-3.5.2.3-02")
@pytest.mark.usefixtures("working_patch")
def test_patch_without_path_deactivates(account, patched):
    """A PATCH without path whose value holds active false deactivates a user."""
    patched(account, {"op": "replace", "value": {"active": False}}).has("active", False)


@pytest.mark.requirement("RFC7643-4.1.1-21", "RFC7644-3.5.1-04")
@pytest.mark.usefixtures("working_replace")
def test_put_deactivates(account, replaced):
    """A PUT with active false deactivates a user."""
    replaced(account, active=False).has("active", False)


@pytest.mark.requirement("RFC7643-4.1.1-21", "RFC7644-3.5.2.3-02")
@pytest.mark.usefixtures("working_patch")
def test_patch_reactivates(inactive, patched):
    """A PATCH that replaces active by true makes an inactive user active again."""
    patched(inactive, {"op": "replace", "path": "active", "value": True}).has("active", True)


@pytest.mark.requirement("RFC7643-4.1.1-21", "RFC7644-3.5.1-04")
@pytest.mark.usefixtures("working_replace")
def test_put_reactivates(inactive, replaced):
    """A PUT with active true makes an inactive user active again."""
    replaced(inactive, active=True).has("active", True)


@pytest.mark.requirement("RFC7643-4.1.1-21", "RFC7644-3.5.2.3-02")
@pytest.mark.usefixtures("working_patch")
def test_deactivating_changes_nothing_else(deactivation, features, user_name):
    """Deactivating a user leaves its name and its addresses as they were."""
    before = deactivation.before
    after = expect(deactivation.got).status(200).has("userName", user_name(before))
    kept = {name: before[name] for name in ("displayName", "name", "emails", "externalId") if name in before}
    changed = differences(kept, after.response.body, features.schema_of("User").attributes)
    after.where(not changed, expected="the same name, addresses and externalId", actual="; ".join(changed))


@pytest.mark.requirement("RFC7644-3.4.1-01", "RFC7643-4.1.1-21")
def test_inactive_users_can_be_read(scim, created_inactive):
    """An inactive user is still there: a GET answers 200 and shows it inactive."""
    response = scim.read(created_inactive)
    if response.status != 200:
        raise Violation(
            f"A GET of an inactive user answered {response.status}.",
            requirement="RFC7644-3.4.1-01",
            expected=["status 200"],
            actual=f"status {response.status}",
        )
    expect(response).json_object().has("active", False)


@pytest.mark.requirement("RFC7644-3.4.2.2-10")
@pytest.mark.usefixtures("working_filter")
def test_inactive_users_are_found(scim, created_inactive, as_made, user_name):
    """An inactive user is found by a filter on its userName."""
    inactive = as_made(created_inactive)
    if inactive.get("active") is not False:
        raise Blocked("a user made with active = false is not inactive")
    response = scim.query("User", f"userName eq {json.dumps(user_name(inactive))}")
    found = response.json.get("Resources") if response.is_json and isinstance(response.json, dict) else None
    hit = any(isinstance(each, dict) and each.get("id") == inactive["id"] for each in found or [])
    expect(response).status(200).where(hit, expected="the inactive user among the Resources")

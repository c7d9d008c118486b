"""Disabling users, which is how Entra ID takes people away, and enabling them again."""

import pytest

from scim_conformance.idp.outcome import Conclusion, concluded
from scim_conformance.judge import Blocked, Violation

NO = (False, "False", "false")
YES = (True, "True", "true")


@pytest.fixture
def disabled(once, scim, account_for, needs):
    """Somebody who was disabled as the RFC has it; blocked where that fails."""
    needs("active")
    user = account_for("disabled")
    operation = {"op": "replace", "path": "active", "value": False}
    response = once("entra disabled", lambda: scim.modify(user, operation))
    if response.status not in (200, 204):
        raise Blocked(f"a user cannot be made inactive: PATCH answered {response.status}")
    if response.content and response.is_json and response.json.get("active") is True:
        raise Blocked("a user cannot be made inactive: PATCH shows active = true")
    return user


@pytest.fixture
def former(hired, needs):
    """A user of the check's own who was created disabled."""
    needs("active")
    return hired(active=False)


@pytest.fixture
def dismissed(once, entra, shown, account_for, needs):
    """What became of disabling somebody by the string False, and how the user is shown after it."""
    needs("active")
    user = account_for("dismissed")

    def dismiss():
        outcome = entra.disable(user, value="string")
        return outcome, shown(user)

    return once("entra dismissed", dismiss)


@pytest.mark.requirement("ENTRA-U12-a")
@pytest.mark.usefixtures("capitals")
def test_a_user_is_disabled_by_a_string(dismissed):
    """A user is disabled by Replace of active by the string False."""
    outcome, view = dismissed
    concluded(outcome, Conclusion.DISABLED)
    view.expect("active", *NO)


@pytest.mark.requirement("ENTRA-U12-b")
@pytest.mark.usefixtures("capitals")
def test_a_user_is_disabled_by_a_boolean(entra, hired, needs, shown):
    """A user is disabled by Replace of active by false, though the Operations stand before the schemas."""
    needs("active")
    user = hired()
    concluded(entra.disable(user, value="boolean"), Conclusion.DISABLED)
    shown(user).expect("active", *NO)


@pytest.mark.requirement("ENTRA-U12-c")
@pytest.mark.usefixtures("flag")
def test_a_user_is_disabled_with_the_flag(flagged, hired, needs, shown):
    """With the flag a user is disabled by replace of active by false."""
    needs("active")
    user = hired()
    concluded(flagged.disable(user), Conclusion.DISABLED)
    shown(user).expect("active", *NO)


@pytest.mark.requirement("ENTRA-U13-a")
@pytest.mark.usefixtures("capitals")
def test_a_user_is_enabled_by_a_string(entra, former, shown):
    """A disabled user is enabled again by the string True."""
    concluded(entra.enable(former), Conclusion.ENABLED)
    shown(former).expect("active", *YES)


@pytest.mark.requirement("ENTRA-U13-b")
@pytest.mark.usefixtures("flag")
def test_a_user_is_enabled_by_a_boolean(flagged, former, shown):
    """A disabled user is enabled again by true."""
    concluded(flagged.enable(former), Conclusion.ENABLED)
    shown(former).expect("active", *YES)


@pytest.mark.requirement("ENTRA-Q02")
@pytest.mark.usefixtures("capitals")
def test_activity_is_shown_as_a_boolean(dismissed):
    """After it was set by a string, active is shown as true or false."""
    outcome, view = dismissed
    found = view.at("active")
    if not outcome.ok or found not in NO:
        raise Blocked("a user cannot be disabled by a string")
    if not isinstance(found, bool):
        raise Violation("active is shown as a string.", expected=["active = false"], actual=f'active = "{found}"')


@pytest.mark.requirement("ENTRA-U06-b")
def test_a_disabled_user_is_read_by_id(entra, disabled):
    """A disabled user is still shown by id."""
    concluded(entra.read_user(disabled), Conclusion.LINKED)


@pytest.mark.requirement("ENTRA-Q11")
@pytest.mark.usefixtures("searches")
def test_a_disabled_user_is_found(entra, disabled):
    """A disabled user is still found by a search, and shown as inactive."""
    found = concluded(entra.match("userName", disabled["userName"]), Conclusion.LINKED).resource
    if found.get("active", False) not in NO:
        raise Violation("The user is shown as active.", expected=["active = false"], actual=f"{found['active']!r}")

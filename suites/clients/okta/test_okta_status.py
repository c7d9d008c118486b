"""Okta's deactivation, reactivation and re-assignment of users, by PUT and by PATCH; their passwords."""

import pytest

from scim_conformance.idp.okta.reading import with_status
from scim_conformance.idp.outcome import Conclusion, concluded
from scim_conformance.judge import Blocked, Violation, expect

PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
FLAVOURS = pytest.mark.parametrize("flavour", ["aiw", "oin"])


def status(shown, *, active):
    """Expect that a user is active, or not."""
    if with_status(shown).get("active") is not active:
        raise Violation(
            f"The user is {'not active' if active else 'still active'} afterwards.",
            expected=[f"active = {str(active).lower()}"],
            actual=f"active = {shown.get('active')!r}",
        )


@pytest.mark.requirement("OKTA-U07")
def test_an_app_of_the_wizard_deactivates(life, replaced):
    """An app of the wizard deactivates a user by GET and PUT."""
    replaced()
    deactivated(life("aiw"))


@pytest.mark.requirement("OKTA-U07-a")
def test_an_app_of_the_wizard_reactivates(life, replaced):
    """An app of the wizard reactivates a user by GET and PUT."""
    replaced()
    reactivated(life("aiw"))


@pytest.mark.requirement("OKTA-U08")
def test_an_app_of_the_network_deactivates(life):
    """An app of the Integration Network deactivates a user by a PATCH without path."""
    deactivated(life("oin"))


@pytest.mark.requirement("OKTA-U08-a")
def test_an_app_of_the_network_reactivates(life):
    """An app of the Integration Network reactivates a user by a PATCH without path."""
    reactivated(life("oin"))


def deactivated(life):
    """Judge a deactivation by what is there afterwards; that a deactivated user can be read is for another check."""
    concluded(life.leaving, Conclusion.DISABLED)
    shown = life.left.resource if life.left.ok else life.leaving.resource
    status(shown, active=False)


def reactivated(life):
    """Judge a reactivation by what is there afterwards."""
    outcome, shown = life.reviving
    concluded(outcome, Conclusion.ENABLED)
    status(shown, active=True)


@pytest.mark.requirement("OKTA-Q10")
@FLAVOURS
def test_a_deactivated_user_is_still_read(life, flavour, reading):
    """A user whom Okta deactivated is still shown by GET."""
    if not reading().ok:
        raise Blocked("a plain GET of a user fails, which another check judges")
    concluded(life(flavour).left, Conclusion.LINKED)


@pytest.mark.requirement("OKTA-Q11")
@FLAVOURS
def test_a_deactivated_user_is_still_matched(life, flavour, matching):
    """A user whom Okta deactivated is still found by userName."""
    if matching().resource is None:
        raise Blocked("a plain match finds nobody, which another check judges")
    concluded(life(flavour).searched, Conclusion.LINKED)


@pytest.mark.requirement("OKTA-Q12")
@FLAVOURS
def test_a_person_is_assigned_again(life, flavour):
    """A person who is assigned again gets the old user back, active and with the same id."""
    live = life(flavour)
    if not live.left.ok or with_status(live.left.resource).get("active") is not False:
        raise Blocked("a user cannot be deactivated, which another check judges")
    concluded(live.returning, Conclusion.UPDATED, Conclusion.ENABLED)
    status(live.returned, active=True)


@pytest.mark.requirement("OKTA-U08-b")
def test_an_app_of_the_network_pushes_a_password(network, employ, mark):
    """An app of the Integration Network pushes a password by a PATCH without path."""
    concluded(network.change_password(employ()[1], f"Zz9!{mark()}"), Conclusion.UPDATED)


@pytest.mark.requirement("OKTA-U08-c")
def test_an_app_of_the_wizard_pushes_a_password(wizard, employ, mark):
    """An app of the wizard pushes a password by GET and PUT."""
    concluded(wizard.change_password(employ()[1], f"Zz9!{mark()}"), Conclusion.UPDATED)


@pytest.mark.requirement("OKTA-U08-d")
def test_several_operations_are_applied(network, employ, preparing, scim):
    """A PATCH with several operations, with and without path, is applied whole."""
    user = employ()[1]
    operations = [
        {"op": "replace", "path": "name.givenName", "value": "Bea"},
        {"op": "replace", "path": "name.familyName", "value": "Bell"},
        {"op": "replace", "value": {"active": False}},
    ]
    body = {"schemas": [PATCH_OP], "Operations": operations}
    expect(network.wire.ask("PATCH", scim.location(user), body=body)).status(200, 204)
    shown = preparing(network.read_user(user)).resource
    name = shown.get("name") or {}
    if (name.get("givenName"), name.get("familyName"), shown.get("active")) != ("Bea", "Bell", False):
        raise Violation(
            "Not every operation was applied.",
            expected=["Bea Bell, not active"],
            actual=f"{name}, {shown.get('active')}",
        )


@pytest.mark.requirement("OKTA-U08-e")
def test_a_patch_without_schemas_is_applied(network, employ, preparing, scim):
    """A PATCH whose body lacks schemas is applied."""
    user = employ()[1]
    body = {"Operations": [{"op": "replace", "value": {"active": False}}]}
    expect(network.wire.ask("PATCH", scim.location(user), body=body)).status(200, 204)
    status(preparing(network.read_user(user)).resource, active=False)

"""App roles that are given after a user was created."""

import pytest

from scim_conformance.idp.entra.bodies import ROLE_TYPE, role_as_text, roles_of
from scim_conformance.idp.outcome import Conclusion, concluded
from scim_conformance.judge import Blocked, Violation


@pytest.fixture
def role_values(shown):
    """Return the values of the roles that a user is shown with."""

    def look(user):
        roles = shown(user).at("roles") or []
        return sorted(str(role.get("value")) for role in roles if isinstance(role, dict))

    return look


@pytest.mark.requirement("ENTRA-U16-a")
@pytest.mark.usefixtures("capitals")
def test_roles_may_come_as_json_text(entra, account, role_names, needs):
    """Roles whose value is JSON text are accepted, two of them in one operation."""
    needs("roles.value")
    roles = [role_as_text(f"06b0-{number}", str(number), name) for number, name in enumerate(role_names)]
    concluded(entra.set_roles(account, roles), Conclusion.UPDATED)


@pytest.mark.requirement("ENTRA-U16-b")
@pytest.mark.usefixtures("flag")
def test_roles_are_replaced_by_a_list(flagged, account, role_names, needs, role_values):
    """A list of roles takes the place of those that were there."""
    needs("roles.value")
    for names in (role_names, role_names[:1]):
        concluded(flagged.set_roles(account, roles_of(names, "assertive")), Conclusion.UPDATED)
    found = role_values(account)
    if found != role_names[:1]:
        raise Violation("The user is shown with other roles.", expected=role_names[:1], actual=", ".join(found))


@pytest.mark.requirement("ENTRA-U16-c")
@pytest.mark.usefixtures("flag")
def test_the_primary_role_is_selected_by_a_string(flagged, scim, account, role_names, needs, role_values):
    """The path roles[primary eq "True"].value selects the primary role."""
    needs("roles.value", "roles.primary")
    first, second = role_names
    roles = [{"primary": True, "type": ROLE_TYPE, "value": first}]
    response = scim.modify(account, {"op": "replace", "path": "roles", "value": roles})
    shown = response.is_json and [role.get("value") for role in response.json.get("roles") or []]
    if (shown or role_values(account)) != [first]:
        raise Blocked("a user cannot be given a primary role")
    operation = {"op": "replace", "path": 'roles[primary eq "True"].value', "value": second}
    concluded(flagged.operate(account, operation), Conclusion.UPDATED)
    found = role_values(account)
    if found != [second]:
        raise Violation("The user is shown with other roles.", expected=[second], actual=", ".join(found))

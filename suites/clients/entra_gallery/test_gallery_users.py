"""Microsoft's gallery tests of users that Entra ID provisions: what it sends, and what the Logic App looks up then."""

import pytest

from scim_conformance.judge import Violation
from scim_conformance.judge.vendor_tests import (
    ENTERPRISE,
    answers,
    keeps,
    listed,
    place,
    succeeds,
    value_at,
)

MANAGER = f"{ENTERPRISE}:manager"


@pytest.mark.requirement("ENTRA-GALLERY-01")
def test_create_user(entra, logic_app, new_user, query, found_nowhere, found_by):
    """Gallery, Create_User_Test: a user who is not found is created, and found then."""
    body = {**new_user(), "meta": {"resourceType": "User"}, "roles": []}
    name = query("userName", body["userName"])
    found_nowhere(entra.get("/Users", name), "a userName that nobody has")
    answers(entra.post("/Users", body), 200, 201, what="The POST of a user by Entra ID")
    found_by(logic_app.get("/Users", name), "the user who was created")


@pytest.mark.requirement("ENTRA-GALLERY-02")
def test_update_user(entra, logic_app, a_user, served, query, found_by):
    """Gallery, Update_User_Test: what Entra ID changes in one PATCH is there afterwards."""
    new = {"title": "Software Dev Engineer", f"{ENTERPRISE}:department": "Legal", "name.givenName": "User2 Given"}
    new |= {'addresses[type eq "work"].locality': "Sanjose", 'phoneNumbers[type eq "mobile"].value': "+1-555-0120"}
    values = [(path, new[path]) for path in served(new)]
    answers(entra.get(place("/Users", a_user)), 200, what="GET of the user before the update")
    operations = [{"op": "Replace", "path": path, "value": value} for path, value in values]
    succeeds(entra.patch(place("/Users", a_user), *operations), "The PATCH by Entra ID")
    keeps(found_by(logic_app.get("/Users", query("userName", a_user["userName"])), "the user by userName"), values)


@pytest.mark.requirement("ENTRA-GALLERY-03")
def test_disable_user(entra, logic_app, a_user):
    """Gallery, Disable_User_Test: the text "False" disables the user, who is still there."""
    operation = {"op": "Replace", "path": "active", "value": "False"}
    succeeds(entra.patch(place("/Users", a_user), operation), 'The PATCH of active to the text "False"')
    keeps(logic_app.read(place("/Users", a_user)), [("active", False)])


@pytest.mark.requirement("ENTRA-GALLERY-04")
def test_delete_user(entra, logic_app, a_user, query):
    """Gallery, Delete_User_Test: a user who was purged is neither read nor found afterwards."""
    answers(entra.delete(place("/Users", a_user)), 200, 204, what="The DELETE of a user by Entra ID")
    answers(logic_app.get(place("/Users", a_user)), 404, what="GET of the deleted user")
    left = listed(logic_app.get("/Users", query("userName", a_user["userName"])))
    if left:
        raise Violation("The deleted user is found by userName.", expected=["nobody"], actual=f"{len(left)} users")


@pytest.mark.requirement("ENTRA-GALLERY-05")
@pytest.mark.usefixtures("managers_are_served")
def test_user_update_manager(entra, logic_app, a_user, new_user):
    """Gallery, User_Update_Manager_Test: Entra ID sets, changes and removes a manager by the id alone."""
    first, second = (logic_app.created("/Users", new_user())["id"] for _ in range(2))
    for operation in ("Add", first), ("Replace", second):
        change = {"op": operation[0], "path": MANAGER, "value": operation[1]}
        succeeds(entra.patch(place("/Users", a_user), change), f"The PATCH {operation[0]} of the manager")
        keeps(logic_app.read(place("/Users", a_user)), [(f"{MANAGER}.value", operation[1])])
    succeeds(entra.patch(place("/Users", a_user), {"op": "Remove", "path": MANAGER}), "The PATCH Remove of the manager")
    if value_at(logic_app.read(place("/Users", a_user)), f"{MANAGER}.value"):
        raise Violation("The manager is still there.", expected=["no manager"], actual="the second manager's id")


@pytest.mark.requirement("ENTRA-GALLERY-06")
def test_restore_user(entra, logic_app, a_user, query, found_by):
    """Gallery, Restore_User_Test: a user who was disabled is found again by userName, and enabled."""
    off = {"op": "Replace", "path": "active", "value": "False"}
    succeeds(entra.patch(place("/Users", a_user), off), "The PATCH that disables the user")
    name = query("userName", a_user["userName"])
    again = found_by(entra.get("/Users", name), "the disabled user")
    succeeds(entra.patch(place("/Users", again), {**off, "value": "True"}), "The PATCH that enables the user")
    keeps(found_by(logic_app.get("/Users", name), "the restored user"), [("id", a_user["id"]), ("active", True)])

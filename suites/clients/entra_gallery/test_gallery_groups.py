"""Microsoft's gallery tests of groups that Entra ID provisions: what it sends, and what the Logic App looks up then."""

import pytest

from scim_conformance.judge import Blocked, Violation
from scim_conformance.judge.vendor_tests import answers, keeps, listed, place, succeeds

ADSCIM = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"
CORE = "urn:ietf:params:scim:schemas:core:2.0:Group"
WITHOUT_MEMBERS = "excludedAttributes=members&"


@pytest.mark.requirement("ENTRA-GALLERY-08")
def test_create_group(entra, logic_app, new_group, query, found_nowhere, found_by, groups_are_served):
    """Gallery, Create_Group_Test: a group that is not found is created, and found then; a foreign schema is no harm."""
    groups_are_served()
    body = {**new_group(schemas=(CORE, ADSCIM)), "meta": {"resourceType": "Group"}}
    name = query("displayName", body["displayName"])
    found_nowhere(entra.get("/Groups", WITHOUT_MEMBERS + name), "a displayName that no group has")
    answers(entra.post("/Groups", body), 200, 201, what="The POST of a group by Entra ID")
    found_by(logic_app.get("/Groups", name), "the group that was created")


@pytest.mark.requirement("ENTRA-GALLERY-09")
def test_update_group(entra, logic_app, make_group, mark, query, found_by):
    """Gallery, Update_Group_Test: a group that Entra ID renames is found by its new name."""
    group = make_group()
    new = f"LASUpdated-{mark()}"
    operation = {"op": "Replace", "path": "displayName", "value": new}
    succeeds(entra.patch(place("/Groups", group), operation), "The PATCH of displayName by Entra ID")
    shown = found_by(logic_app.get("/Groups", query("displayName", new)), "the group by its new name")
    keeps(shown, [("id", group["id"])])


@pytest.mark.requirement("ENTRA-GALLERY-10")
def test_delete_group(entra, logic_app, make_group, query, found_nowhere):
    """Gallery, Delete_Group_Test: a group that Entra ID deletes is not found by its name."""
    group = make_group()
    answers(entra.delete(place("/Groups", group)), 200, 204, what="The DELETE of a group by Entra ID")
    found_nowhere(logic_app.get("/Groups", query("displayName", group["displayName"])), "the deleted group's name")


def members_of(group: dict) -> set:
    """Return the ids of a group's members."""
    return {each.get("value") for each in group.get("members") or [] if isinstance(each, dict)}


@pytest.mark.requirement("ENTRA-GALLERY-11")
def test_group_update_add_member(entra, logic_app, make_group, a_user):
    """Gallery, Group_Update_Add_Member_Test: a member that Entra ID adds, $ref being null, is there."""
    group = make_group()
    operation = {"op": "Add", "path": "members", "value": [{"$ref": None, "value": a_user["id"]}]}
    succeeds(entra.patch(place("/Groups", group), operation), "The PATCH Add of a member by Entra ID")
    if a_user["id"] not in members_of(logic_app.read(place("/Groups", group))):
        raise Violation("The new member is not in the group.", expected=["the member"], actual="others or nobody")


@pytest.mark.requirement("ENTRA-GALLERY-12")
def test_group_update_remove_member(entra, logic_app, make_group, a_user, new_user):
    """Gallery, Group_Update_Remove_Member_Test: the members in the value are removed, and no others."""
    group = make_group()
    other = logic_app.created("/Users", new_user())
    both = [{"$ref": None, "value": each["id"]} for each in (a_user, other)]
    prepared = entra.patch(place("/Groups", group), {"op": "Add", "path": "members", "value": both})
    if prepared.status not in (200, 204):
        raise Blocked(f"the PATCH that gives the group two members is answered {prepared.status}")
    operation = {"op": "Remove", "path": "members", "value": both[:1]}
    succeeds(entra.patch(place("/Groups", group), operation), "The PATCH Remove of a member by Entra ID")
    left = members_of(logic_app.read(place("/Groups", group)))
    if left != {other["id"]}:
        removed = "every member" if not left else "no member" if a_user["id"] in left else "another member"
        raise Violation(
            f"Remove with a list of one of two members removes {removed}.",
            expected=["the other member alone is left"],
            actual=f"{len(left)} members",
        )


@pytest.mark.requirement("ENTRA-GALLERY-14")
def test_restore_group(entra, logic_app, make_group, query, found_by):
    """Gallery, Restore_Group_Test: a group that was deleted is created again, and found by its name."""
    group = make_group()
    if entra.delete(place("/Groups", group)).status not in (200, 204):
        raise Blocked("the group cannot be deleted, which Delete_Group_Test judges")
    name = query("displayName", group["displayName"])
    if listed(entra.get("/Groups", WITHOUT_MEMBERS + name)):
        raise Blocked("the deleted group is still found, which Delete_Group_Test judges")
    body = {"schemas": [CORE, ADSCIM], "externalId": group.get("externalId"), "displayName": group["displayName"]}
    answers(entra.post("/Groups", body), 200, 201, what="The second POST of a group that was deleted")
    found_by(logic_app.get("/Groups", name), "the restored group")

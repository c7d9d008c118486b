"""The permissions of dashboard users: of the company, by role, in workspaces and teams, by permission sets."""

import pytest

from scim_conformance.judge import Blocked, Violation, expect

TEAM = "Team of the check"
ROLE = "Role of the check"
SET = "Set of the check"


def workspaces(user):
    """Give the workspaces in the permissions of a user, by their names."""
    listed = (user.get("permissions") or {}).get("appGroup") or []
    return {each.get("appGroupName"): each for each in listed if isinstance(each, dict)}


def must_name(holder, name_member, name, id_member):
    """Expect that something is shown with its name and an id, and return the id."""
    if holder.get(name_member) != name or not isinstance(holder.get(id_member), str) or not holder[id_member]:
        raise Violation(f"The answer does not show both {name_member} and {id_member}.",
                        expected=[f"{name_member} = {name!r} and its {id_member}"], actual=repr(holder))  # fmt: skip
    return holder[id_member]


def must_grant(shown, sent, where):
    """Expect just these permissions."""
    if not isinstance(shown, list) or sorted(map(str, shown)) != sorted(sent):
        raise Violation(f"Other permissions are shown {where} than were sent.", expected=[", ".join(sent)],
                        actual=repr(shown))  # fmt: skip


def only(elements, what):
    """Give the one element of a list."""
    if not isinstance(elements, list) or len(elements) != 1 or not isinstance(elements[0], dict):
        raise Violation(f"The answer does not show the one {what} that was sent.", expected=[f"one {what}"],
                        actual=repr(elements))  # fmt: skip
    return elements[0]


@pytest.mark.requirement("BRAZE-05")
def test_permissions_are_shown(hire, in_workspace, default_workspace, look_up):
    """The answers to a POST and to a GET show the permissions that were sent."""
    granted = in_workspace("basic_access", "send_campaigns_canvases")
    user = hire(permissions={"companyPermissions": ["manage_company_settings", "add_remove_app_groups"], **granted})
    for seen in (user, look_up(user)):
        company = (seen.get("permissions") or {}).get("companyPermissions")
        must_grant(company, ["manage_company_settings", "add_remove_app_groups"], "for the company")
        workspace = workspaces(seen).get(default_workspace, {})
        must_grant(workspace.get("appGroupPermissions"), ["basic_access", "send_campaigns_canvases"], "in a workspace")


@pytest.mark.requirement("BRAZE-13")
@pytest.mark.parametrize("place", ["company", "workspace", "team"])
def test_unknown_permissions_are_refused(braze, somebody, operator, place):
    """A permission that is none, of the company, a workspace or a team, is refused with 400."""
    unknown, name = ["basic_access", "walk_on_water"], operator.workspace or "Any workspace"
    permissions = {
        "company": {"companyPermissions": ["walk_on_water"]},
        "workspace": {"appGroup": [{"appGroupName": name, "appGroupPermissions": unknown}]},
        "team": {"appGroup": [{"appGroupName": name, "team": [{"teamName": TEAM, "teamPermissions": unknown}]}]},
    }[place]
    expect(braze.create(braze.body(somebody(permissions=permissions)))).refused(400)


@pytest.mark.requirement("BRAZE-13")
def test_permissions_of_another_place_are_refused(braze, somebody):
    """A permission of workspaces is none of the company, and is refused there with 400."""
    person = somebody(permissions={"companyPermissions": ["send_campaigns_canvases"]})
    expect(braze.create(braze.body(person))).refused(400)


@pytest.mark.requirement("BRAZE-14")
@pytest.mark.parametrize("named", ["no permissions", "company alone"])
def test_default_workspace_is_used(hire, default_workspace, look_up, named):
    """A user whose permissions name no workspace is added to the default workspace of the settings."""
    user = hire(**({} if named == "no permissions" else {"permissions": {"companyPermissions": ["admin"]}}))
    found = workspaces(look_up(user))
    if list(found) != [default_workspace]:
        raise Violation("A user for whom no workspace is named is not in the default workspace.",
                        expected=[f"the workspace {default_workspace!r} alone"], actual=repr(list(found)))  # fmt: skip


@pytest.mark.requirement("BRAZE-14")
def test_a_named_workspace_is_used(hire, administrator):
    """A user whose permissions name another workspace is added to that one alone."""
    if administrator is None:
        pytest.skip("disabled: no workspace is known besides the default one")
    user = hire(permissions={"appGroup": [{"appGroupName": "Another", "appGroupPermissions": ["basic_access"]}]})
    found = workspaces(user)
    if list(found) != ["Another"]:
        raise Violation("A user is not in the workspace that was named, and in no other.", expected=["'Another' alone"],
                        actual=repr(list(found)))  # fmt: skip


@pytest.mark.requirement("BRAZE-15")
def test_workspace_has_an_id(hire, in_workspace, default_workspace):
    """The answer to a POST gives each workspace that was named an appGroupId."""
    user = hire(permissions=in_workspace("basic_access"))
    must_name(workspaces(user).get(default_workspace, {}), "appGroupName", default_workspace, "appGroupId")


@pytest.mark.requirement("BRAZE-16")
def test_workspace_is_known_by_its_id(braze, somebody, hire, in_workspace, default_workspace):
    """A workspace can be named by appGroupId as well as by appGroupName."""
    id_ = workspaces(hire(permissions=in_workspace("basic_access"))).get(default_workspace, {}).get("appGroupId")
    if not id_:
        raise Blocked("the id of the default workspace is not shown")
    granted = {"appGroup": [{"appGroupId": id_, "appGroupPermissions": ["basic_access", "publish_cards"]}]}
    answer = braze.create(braze.body(somebody(permissions=granted)))
    expect(answer).success()
    found = workspaces(answer.body).get(default_workspace, {})
    must_grant(found.get("appGroupPermissions"), ["basic_access", "publish_cards"], "in a workspace known by its id")


@pytest.mark.requirement("BRAZE-17")
def test_team_is_known_by_name_and_by_id(hire, in_workspace, default_workspace):
    """Team permissions are granted by teamName or teamId, and the answer has both."""

    def granted(**named):
        return in_workspace("basic_access", team=[{**named, "teamPermissions": ["export_user_data"]}])

    named: dict[str, str] = {"teamName": TEAM}
    for _ in range(2):
        shown = workspaces(hire(permissions=granted(**named))).get(default_workspace, {}).get("team")
        team = only(shown, "team")
        named = {"teamId": must_name(team, "teamName", TEAM, "teamId")}
        must_grant(team.get("teamPermissions"), ["export_user_data"], "in a team")


@pytest.mark.requirement("BRAZE-18")
def test_role_is_known_by_name_and_by_id(hire):
    """A role is given by roleName or roleId, and the answer has both."""
    named = {"roleName": ROLE}
    for _ in range(2):
        shown = (hire(permissions={"roles": [named]}).get("permissions") or {}).get("roles")
        named = {"roleId": must_name(only(shown, "role"), "roleName", ROLE, "roleId")}


@pytest.mark.requirement("BRAZE-19")
def test_permission_set_is_shown_with_its_id(hire, in_workspace, default_workspace):
    """A permission set is given by its name inside of a workspace, and the answer has its id as well."""
    user = hire(permissions=in_workspace(appGroupPermissionSets=[{"appGroupPermissionSetName": SET}]))
    shown = workspaces(user).get(default_workspace, {}).get("appGroupPermissionSets")
    must_name(only(shown, "permission set"), "appGroupPermissionSetName", SET, "appGroupPermissionSetId")


@pytest.mark.requirement("BRAZE-20")
def test_permission_set_is_known_in_both_spellings(braze, somebody, hire, in_workspace, default_workspace):
    """A permission set is known by appGroupPermissionSetID as well as by appGroupPermissionSetId."""
    user = hire(permissions=in_workspace(appGroupPermissionSets=[{"appGroupPermissionSetName": SET}]))
    shown = only(workspaces(user).get(default_workspace, {}).get("appGroupPermissionSets"), "permission set")
    id_ = must_name(shown, "appGroupPermissionSetName", SET, "appGroupPermissionSetId")
    for member in ("appGroupPermissionSetID", "appGroupPermissionSetId"):
        person = somebody(permissions=in_workspace(appGroupPermissionSets=[{member: id_}]))
        expect(braze.create(braze.body(person))).success()

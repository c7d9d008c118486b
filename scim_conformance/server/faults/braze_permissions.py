"""Faults of the server like Braze's: the permissions of dashboard users."""

from collections.abc import Callable
from typing import Any

from scim_conformance.server.braze import Braze
from scim_conformance.server.faults import after, answer, around, swap
from scim_conformance.server.faults.braze import like_braze


@like_braze("BRAZE-05")
def braze_company_permissions_are_lost(service: Braze) -> None:
    """Permissions for the company are not kept."""
    after(service.permissions, "company_permissions", lambda _: [])


@like_braze("BRAZE-05")
def braze_first_company_permission_alone(service: Braze) -> None:
    """Of several permissions for the company the first alone is kept."""
    after(service.permissions, "company_permissions", lambda granted: granted[:1])


@like_braze("BRAZE-05")
def braze_workspace_permissions_are_more(service: Braze) -> None:
    """Whoever may do something in a workspace is shown as its admin too."""
    after(service.permissions, "workspace_permissions", lambda granted: ["admin", *granted] if granted else granted)


@like_braze("BRAZE-13")
def braze_any_company_permission(service: Braze) -> None:
    """Any word is taken for a permission of the company."""
    swap(service.permissions, "company_permissions", lambda given: list(given or []))


@like_braze("BRAZE-13")
def braze_any_workspace_permission(service: Braze) -> None:
    """Any word is taken for a permission in a workspace."""
    swap(service.permissions, "workspace_permissions", lambda given: list(given or []))


@like_braze("BRAZE-13")
def braze_any_team_permission(service: Braze) -> None:
    """Any word is taken for a permission in a team."""
    swap(service.permissions, "team_permissions", lambda given: list(given or []))


@like_braze("BRAZE-13")
def braze_unknown_permissions_are_dropped(service: Braze) -> None:
    """Permissions that are none are left out without a word."""
    swap(
        service.permissions,
        "known",
        lambda given, _member, known, granular: [each for each in given if each in known or granular],
    )


@like_braze("BRAZE-14")
def braze_no_default_workspace(service: Braze) -> None:
    """A user for whom no workspace is named is in none."""
    answer(service.permissions, "without_workspace", [])


@like_braze("BRAZE-14")
def braze_another_default_workspace(service: Braze) -> None:
    """A user for whom no workspace is named is in another one than the settings say."""
    swap(
        service.permissions,
        "without_workspace",
        lambda: [service.permissions.workspace({"appGroupName": "First workspace"})],
    )


@like_braze("BRAZE-14")
def braze_default_workspace_besides(service: Braze) -> None:
    """A user for whom another workspace is named is in the default workspace too."""

    def resolved(original: Callable[[Any], Any], given: Any) -> Any:
        found = original(given)
        names = [each["appGroupName"] for each in found["appGroup"]]
        if service.settings.default_workspace not in names:
            found["appGroup"] += service.permissions.without_workspace()
        return found

    around(service.permissions, "resolved", resolved)


def anonymous(service: Braze, rule: str, member: str) -> None:
    """Leave an id out of what is granted."""
    after(service.permissions, rule, lambda found: {name: value for name, value in found.items() if name != member})


def by_name_alone(service: Braze, member: str) -> None:
    """Do not know something by its id."""

    def identified(original: Callable[..., Any], kind: Any, given: Any, name_member: str, id_member: str) -> Any:
        return original(kind, given, name_member, "" if id_member == member else id_member)

    around(service.permissions, "identified", identified)


@like_braze("BRAZE-15")
def braze_workspace_without_id(service: Braze) -> None:
    """Workspaces are shown without appGroupId."""
    anonymous(service, "workspace", "appGroupId")


@like_braze("BRAZE-16")
def braze_workspace_by_name_alone(service: Braze) -> None:
    """A workspace is not known by its appGroupId."""
    by_name_alone(service, "appGroupId")


@like_braze("BRAZE-17")
def braze_team_without_id(service: Braze) -> None:
    """Teams are shown without teamId."""
    anonymous(service, "team", "teamId")


@like_braze("BRAZE-17")
def braze_team_permissions_are_lost(service: Braze) -> None:
    """Permissions in a team are not kept."""
    after(service.permissions, "team_permissions", lambda _: [])


@like_braze("BRAZE-18")
def braze_role_without_id(service: Braze) -> None:
    """Roles are shown without roleId."""
    anonymous(service, "role", "roleId")


@like_braze("BRAZE-18")
def braze_roles_are_lost(service: Braze) -> None:
    """Roles are not kept."""
    after(service.permissions, "resolved", lambda found: {**found, "roles": []})


@like_braze("BRAZE-19")
def braze_permission_set_without_id(service: Braze) -> None:
    """Permission sets are shown without their ids."""
    anonymous(service, "permission_set", "appGroupPermissionSetId")


@like_braze("BRAZE-20")
def braze_permission_set_in_one_spelling(service: Braze) -> None:
    """A permission set is not known by appGroupPermissionSetID."""

    def permission_set(original: Callable[[Any], Any], given: Any) -> Any:
        return original({name: value for name, value in given.items() if name != "appGroupPermissionSetID"})

    around(service.permissions, "permission_set", permission_set)

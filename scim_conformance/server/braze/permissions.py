"""Permissions: of the company, by role, and in workspaces and their teams, by permission sets or one by one."""

from collections.abc import Iterable, Iterator
from typing import Any

from scim_conformance.server.braze.company import Company, Kind
from scim_conformance.server.braze.refusals import bad_request
from scim_conformance.server.braze.vocabulary import COMPANY, TEAM, WORKSPACE, is_granular
from scim_conformance.server.settings import Settings

_SHOWN = 60


class Permissions:
    """Reads the permissions of a request and gives them as answers show them: names, ids and all."""

    def __init__(self, settings: Settings, company: Company) -> None:
        self.settings = settings
        self.company = company

    def resolved(self, given: Any) -> dict[str, Any]:
        """Give what a request grants; a user whom it puts in no workspace is put in the default one."""
        given = self.object(given, "permissions") if given is not None else {}
        roles = [self.role(each) for each in self.listed(given.get("roles"), "roles")]
        found: dict[str, Any] = {"companyPermissions": self.company_permissions(given.get("companyPermissions"))}
        if roles:
            found["roles"] = roles
        groups = [self.workspace(each) for each in self.listed(given.get("appGroup"), "appGroup")]
        found["appGroup"] = groups or self.without_workspace()
        return found

    def without_workspace(self) -> list[dict[str, Any]]:
        """Give the workspaces of a user for whom none is named: the default workspace, if the settings name one."""
        if not self.settings.default_workspace.strip():
            return []
        return [
            self.workspace({"appGroupName": self.settings.default_workspace, "appGroupPermissions": ["basic_access"]})
        ]

    def company_permissions(self, given: Any) -> list[str]:
        """Read the permissions for the whole company."""
        return self.granted(given, "companyPermissions", COMPANY, granular=False)

    # Roles

    def role(self, given: Any) -> dict[str, Any]:
        """Read a role by name or id; show what it grants."""
        name, id_ = self.identified("role", self.object(given, "roles"), "roleName", "roleId")
        workspace = self.settings.default_workspace
        granted = {
            "appGroupName": workspace,
            "appGroupId": self.company.named("workspace", workspace),
            "appGroupPermissionSets": [self.permission_set({"appGroupPermissionSetName": name})],
        }
        return {"roleName": name, "roleId": id_, "appGroup": [granted]}

    # Workspaces

    def workspace(self, given: Any) -> dict[str, Any]:
        """Read what is granted in a workspace."""
        given = self.object(given, "appGroup")
        name, id_ = self.identified("workspace", given, "appGroupName", "appGroupId")
        found: dict[str, Any] = {"appGroupName": name, "appGroupId": id_}
        found["appGroupPermissions"] = self.workspace_permissions(given.get("appGroupPermissions"))
        sets = [
            self.permission_set(each) for each in self.listed(given.get("appGroupPermissionSets"), "permission sets")
        ]
        if sets:
            found["appGroupPermissionSets"] = sets
        found["team"] = [self.team(each) for each in self.listed(given.get("team"), "team")]
        return found

    def workspace_permissions(self, given: Any) -> list[str]:
        """Read the permissions in a workspace."""
        return self.granted(given, "appGroupPermissions", WORKSPACE)

    def permission_set(self, given: Any) -> dict[str, Any]:
        """Read a permission set by name or id; show what it grants."""
        members = dict(self.object(given, "appGroupPermissionSets"))
        if "appGroupPermissionSetID" in members:
            members.setdefault("appGroupPermissionSetId", members["appGroupPermissionSetID"])
        name, id_ = self.identified("permission set", members, "appGroupPermissionSetName", "appGroupPermissionSetId")
        return {
            "appGroupPermissionSetName": name,
            "appGroupPermissionSetId": id_,
            "permissions": ["basic_access"],
        }

    # Teams

    def team(self, given: Any) -> dict[str, Any]:
        """Read what is granted in a team."""
        given = self.object(given, "team")
        name, id_ = self.identified("team", given, "teamName", "teamId")
        return {"teamName": name, "teamId": id_, "teamPermissions": self.team_permissions(given.get("teamPermissions"))}

    def team_permissions(self, given: Any) -> list[str]:
        """Read the permissions in a team."""
        return self.granted(given, "teamPermissions", TEAM)

    # What they share

    def identified(self, kind: Kind, given: dict[str, Any], name_member: str, id_member: str) -> tuple[str, str]:
        """Give name and id of what is meant by either; refuse an id that nothing has."""
        id_, name = given.get(id_member), given.get(name_member)
        if isinstance(id_, str) and id_:
            known = self.company.name(kind, id_)
            if known is None:
                raise bad_request(f"There is no {kind} with the id {id_[:_SHOWN]!r}.")
            return known, id_
        if isinstance(name, str) and name.strip():
            return name, self.company.named(kind, name)
        raise bad_request(f"A {kind} needs {name_member} or {id_member}.")

    def granted(self, given: Any, member: str, known: Iterable[str], *, granular: bool = True) -> list[str]:
        """Read a list of permissions; each counts once."""
        return list(dict.fromkeys(self.known(self.listed(given, member), member, known, granular=granular)))

    def known(self, given: list[Any], member: str, known: Iterable[str], *, granular: bool) -> Iterator[str]:
        """Give permissions one by one; refuse the first one that is none."""
        words = tuple(known)
        for each in given:
            if not isinstance(each, str) or not (each in words or (granular and is_granular(each))):
                raise bad_request(f"{member} has {str(each)[:_SHOWN]!r}; there are {', '.join(words)}.")
            yield each

    def listed(self, given: Any, member: str) -> list[Any]:
        """Read a list; one that is left out is empty."""
        if given is None:
            return []
        if not isinstance(given, list):
            raise bad_request(f"{member} has to be a list.")
        return given

    def object(self, given: Any, member: str) -> dict[str, Any]:
        """Read an object."""
        if not isinstance(given, dict):
            raise bad_request(f"{member} has to be an object.")
        return given

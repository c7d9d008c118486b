"""Group Push: match, import, create, read, rename, members, delete, unlink."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from scim_conformance.client.client import PATCH_OP
from scim_conformance.client.features import GROUP
from scim_conformance.client.response import Response
from scim_conformance.idp.okta.profile import member
from scim_conformance.idp.okta.reading import resource_of
from scim_conformance.idp.okta.steps import PAGE, Steps, resource_or
from scim_conformance.idp.okta.wire import place
from scim_conformance.idp.outcome import Conclusion, Outcome

GROUPS: Final = "/Groups"
_PUSH = "group push"

Members = Iterable[Mapping[str, Any]]


class Groups(Steps):
    """The requests about pushed groups; members are linked users."""

    def match_group(self, name: str) -> Outcome:
        """Look whether a group of this name is there: LINKED with it, or UNCHANGED where it has to be created."""
        return self.looked_up("match the group", "displayName", name, self.wire.matching(GROUPS, "displayName", name))

    def import_groups(self, page: int = PAGE, most: int = 50) -> Outcome:
        """Import all groups, a page of 100 after the other; `most` bounds how many pages are read."""
        return self.imported("import groups", GROUPS, page, most)

    def create_group(self, name: str, members: Members = ()) -> Outcome:
        """Push a new group; some apps were seen to send its members at once."""
        body = {"schemas": [GROUP], "displayName": name, "members": [member(one) for one in members]}
        response = self.wire.ask("POST", GROUPS, body=body)
        if self.late(response) or response.status not in (200, 201):
            return self.task("create group", name, _PUSH, response)
        resource = resource_of(response)
        if resource is None:
            return self.task("create group", name, _PUSH, response, "the answer shows no group")
        return Outcome("create group", Conclusion.CREATED, responses=(response,), resource=resource)

    def read_group(self, resource: Mapping[str, Any]) -> Outcome:
        """Read a pushed group: Okta does so before it replaces one, and to see whether it still exists."""
        response = self.wire.ask("GET", place(GROUPS, resource["id"]))
        found = resource_of(response) if response.status == 200 and not self.late(response) else None  # noqa: PLR2004
        if found is None:
            return self.task("read group", _name(resource), _PUSH, response)
        return Outcome("read group", Conclusion.LINKED, responses=(response,), resource=found)

    def rename_group(self, resource: Mapping[str, Any], name: str) -> Outcome:
        """Push another name of a group, or the same once more: Okta does so with each change of members."""
        if self.flavour == "aiw":
            return self._replace(resource, name, None)
        response = self._patch_group(
            resource, [{"op": "replace", "value": {"id": resource["id"], "displayName": name}}]
        )
        return self.changed(
            "rename group", name, _PUSH, response, Conclusion.UPDATED, {**resource, "displayName": name}
        )

    def change_members(self, resource: Mapping[str, Any], add: Members = (), remove: Members = ()) -> Outcome:
        """Push who joined and who left a group."""
        added, gone = [member(one) for one in add], [one["id"] for one in remove]
        if self.flavour == "aiw":
            return self._replace(resource, None, lambda now: [one for one in now if one["value"] not in gone] + added)
        operations: list[dict[str, Any]] = [{"op": "remove", "path": f'members[value eq "{id_}"]'} for id_ in gone]
        operations += [{"op": "add", "path": "members", "value": added}] if added else []
        return self._with_the_name(resource, "change members", operations)

    def add_members(self, resource: Mapping[str, Any], members: Members) -> Outcome:
        """Push who joined a group."""
        return self.change_members(resource, add=members)

    def remove_members(self, resource: Mapping[str, Any], members: Members) -> Outcome:
        """Push who left a group."""
        return self.change_members(resource, remove=members)

    def push_now(self, resource: Mapping[str, Any], members: Members) -> Outcome:
        """Press "Push now": the members of a group become exactly these."""
        listed = [member(one) for one in members]
        if self.flavour == "aiw":
            return self._replace(resource, None, lambda _: listed)
        return self._with_the_name(
            resource, "push all members", [{"op": "replace", "path": "members", "value": listed}]
        )

    def unlink_group(self, resource: Mapping[str, Any], *, delete: bool = True) -> Outcome:
        """Unlink a pushed group, and delete it on the target or leave it there."""
        if not delete:
            return Outcome("unlink group", Conclusion.UNCHANGED, "the group is left as it is", resource={**resource})
        return self.delete_group(resource)

    def delete_group(self, resource: Mapping[str, Any]) -> Outcome:
        """Delete a pushed group."""
        response = self.wire.ask("DELETE", place(GROUPS, resource["id"]))
        if self.late(response) or response.status not in (200, 204):
            return self.task("delete group", _name(resource), _PUSH, response)
        return Outcome("delete group", Conclusion.DELETED, responses=(response,))

    # -- how -------------------------------------------------------------------------------

    def _patch_group(self, resource: Mapping[str, Any], operations: list[dict[str, Any]]) -> Response:
        body = {"schemas": [PATCH_OP], "Operations": operations}
        return self.wire.ask("PATCH", place(GROUPS, resource["id"]), body=body)

    def _with_the_name(self, resource: Mapping[str, Any], step: str, operations: list[dict[str, Any]]) -> Outcome:
        """Send the name, as with every change of members, and then the change."""
        renamed = self.rename_group(resource, _name(resource))
        if not renamed.ok:
            return renamed
        response = self._patch_group(resource, operations)
        outcome = self.changed(step, _name(resource), _PUSH, response, Conclusion.UPDATED, resource)
        return Outcome(
            step,
            outcome.conclusion,
            outcome.why,
            outcome.shown,
            (*renamed.responses, response),
            outcome.resource,
        )

    def _replace(self, resource: Mapping[str, Any], name: str | None, change: Any) -> Outcome:
        """Read a group and send it back whole, without its id: the way of apps made with the wizard."""
        read = self.read_group(resource)
        if not read.ok or read.resource is None:
            return read
        now = [
            {"value": one["value"], "display": one.get("display", "")}
            for one in read.resource.get("members") or []
            if isinstance(one, dict) and "value" in one
        ]
        body = {
            "schemas": [GROUP],
            "displayName": name or read.resource.get("displayName"),
            "members": change(now) if change else now,
        }
        response = self.wire.ask("PUT", place(GROUPS, resource["id"]), body=body)
        if self.late(response) or response.status not in (200, 204):
            failed = self.task("update group", _name(resource), _PUSH, response)
            return Outcome(failed.step, failed.conclusion, failed.why, failed.shown, (*read.responses, response))
        shown = resource_or(response, {**resource, **body})
        return Outcome("update group", Conclusion.UPDATED, "", "", (*read.responses, response), shown)


def _name(resource: Mapping[str, Any]) -> str:
    return str(resource.get("displayName", resource["id"]))

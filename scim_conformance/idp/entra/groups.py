"""What Entra ID does with one group of an application."""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from scim_conformance.idp.entra.bodies import group_body
from scim_conformance.idp.entra.conclusions import (
    created,
    found,
    refused,
    removed,
    unreadable,
    written,
)
from scim_conformance.idp.entra.dialects import Change, Dialect, Operation, patch_body
from scim_conformance.idp.entra.wire import GROUPS, Wire, condition, parameter, single
from scim_conformance.idp.outcome import Conclusion, Outcome

Resource = Mapping[str, Any]
_WITHOUT_MEMBERS = "excludedAttributes=members"


class Groups:
    """The requests about groups, in one of the dialects; every method tells what Entra ID concludes."""

    dialect: Dialect
    wire: Wire

    def match_group(self, group: Mapping[str, Any]) -> Outcome:
        """Look for the group of the same displayName; its members are never asked for."""
        query = parameter("filter", condition("displayName", str(group["displayName"])))
        return found("match group", self.wire.get(GROUPS, _WITHOUT_MEMBERS, query))

    def create_group(self, group: Mapping[str, Any], *, foreign_schema: bool = True) -> Outcome:
        """Create a group, without members, from its displayName and objectId."""
        body = group_body(str(group["displayName"]), str(group["objectId"]), foreign_schema=foreign_schema)
        return created("create group", self.wire.post(GROUPS, body))

    def read_group(self, resource: Resource) -> Outcome:
        """Read a linked group, without its members."""
        response = self.wire.get(single(GROUPS, resource), _WITHOUT_MEMBERS)
        if response.status != HTTPStatus.OK:
            return refused("read group", response)
        body = response.json_object
        if not body:
            return unreadable("read group", response, "group")
        return Outcome("read group", Conclusion.LINKED, "", "", (response,), body)

    def is_member(self, resource: Resource, id_: str, *, swapped: bool = False) -> Outcome:
        """Ask whether a group has a member: LINKED if so, UNCHANGED if not."""
        terms = [condition("id", str(resource["id"])), condition("members", id_)]
        text = " and ".join(reversed(terms) if swapped else terms)
        return found("check membership", self.wire.get(GROUPS, parameter("filter", text), _WITHOUT_MEMBERS))

    def rename_group(self, resource: Resource, name: str) -> Outcome:
        """Give a group another displayName."""
        operations = self.dialect.changes([Change("replace", "displayName", name)])
        return self._patched("rename group", resource, operations)

    def add_members(self, resource: Resource, ids: Iterable[str]) -> Outcome:
        """Add members to a group, all by one operation."""
        return self._patched("add members", resource, self.dialect.add_members(ids))

    def remove_members(self, resource: Resource, ids: Iterable[str], *, with_ref: bool = True) -> Outcome:
        """Remove members from a group, the listed ones and no others."""
        return self._patched("remove members", resource, self.dialect.remove_members(ids, with_ref=with_ref))

    def delete_group(self, resource: Resource) -> Outcome:
        """Delete a group."""
        return removed("delete group", self.wire.delete(single(GROUPS, resource)))

    def _patched(self, step: str, resource: Resource, operations: Sequence[Operation]) -> Outcome:
        response = self.wire.patch(single(GROUPS, resource), patch_body(operations))
        return written(step, Conclusion.UPDATED, response, resource)

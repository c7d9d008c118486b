"""Faults that Entra ID meets with groups: created, found without members, given and relieved of members."""

from collections.abc import Callable, Mapping
from typing import Any

from scim_conformance.server.edge import Ask, Body, at, sent
from scim_conformance.server.errors import ScimError, invalid_syntax, invalid_value, mutability, uniqueness
from scim_conformance.server.faults import around, fault
from scim_conformance.server.faults.entra import GROUPS
from scim_conformance.server.faults.entra_changes import Change, ignoring, on, refusing
from scim_conformance.server.faults.entra_users import refusing as refusing_creation
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.patch_changes import Target
from scim_conformance.server.service import Service
from scim_conformance.server.store import Record
from scim_conformance.server.validation import Resource

A_GROUP = "/Groups/"
FOREIGN = "http://schemas.microsoft.com/"


# -- create, read, delete -------------------------------------------------------------------


@fault("ENTRA-G01-b")
def entra_foreign_schemas_are_refused(service: Service) -> None:
    """POST of a group whose schemas name a URI that nobody knows is refused."""

    def problem(body: Body) -> str:
        return "Unknown schema." if any(urn.startswith(FOREIGN) for urn in body["schemas"]) else ""

    refusing_creation(service, GROUPS, problem)


@fault("ENTRA-G01-a", "ENTRA-G01-b")
def entra_meta_of_groups_is_the_servers_own(service: Service) -> None:
    """POST of a group with meta is refused."""
    refusing_creation(service, GROUPS, lambda body: "meta is readOnly." if "meta" in body else "")


@fault("ENTRA-G01-a", "ENTRA-G01-b")
def entra_groups_need_members(service: Service) -> None:
    """POST of a group with an externalId and without members is refused."""

    def problem(body: Body) -> str:
        return "A group has members." if "externalId" in body and not body.get("members") else ""

    refusing_creation(service, GROUPS, problem)


@fault("ENTRA-G02", "ENTRA-G03-a")
def entra_members_are_always_shown(service: Service) -> None:
    """The parameter excludedAttributes is ignored."""
    around(service.projection, "names", lambda original, text: original(None if text == "members" else text))


@fault("ENTRA-G03-a")
def entra_lists_show_members(service: Service) -> None:
    """The parameter excludedAttributes is ignored in queries."""

    def wanted(original: Callable[..., Any], parameters: Mapping[str, str]) -> Any:
        return original({name: value for name, value in parameters.items() if name != "excludedAttributes"})

    around(service.query, "wanted", wanted)


@fault("ENTRA-G02")
def entra_groups_without_members_are_not_shown(service: Service) -> None:
    """GET of a group with excludedAttributes is refused."""

    def read(ask: Ask, request: Request) -> Response:
        if request.parameter("excludedAttributes") is not None:
            raise invalid_value("Only attributes is supported.")
        return ask(request)

    at(service, "GET", A_GROUP, read)


@fault("ENTRA-G08")
def entra_deleted_groups_are_kept(service: Service) -> None:
    """DELETE of a group succeeds and does nothing."""

    def remove(original: Callable[[Record], None], record: Record) -> None:
        if record.kind != "Group":
            original(record)

    around(service.lifecycle, "remove", remove)


@fault("ENTRA-G08")
def entra_groups_are_not_deleted_by_this_client(service: Service) -> None:
    """DELETE of a group is refused with 403."""

    def delete(_ask: Ask, _request: Request) -> Response:
        raise ScimError(403, None, "Ask an administrator.")

    at(service, "DELETE", A_GROUP, delete)


# -- rename ---------------------------------------------------------------------------------


@fault("ENTRA-G05")
def entra_names_of_groups_are_for_ever(service: Service) -> None:
    """PATCH of a group's displayName is refused."""

    def modify(ask: Ask, request: Request) -> Response:
        if "displayName" in str(sent(request)):
            raise mutability("displayName is immutable.")
        return ask(request)

    at(service, "PATCH", A_GROUP, modify)


@fault("ENTRA-G05")
def entra_groups_are_not_renamed_by_a_path(service: Service) -> None:
    """Replace of a group's displayName at its path succeeds and does nothing."""

    def modify(ask: Ask, request: Request) -> Response:
        operations = sent(request).get("Operations") or [{}]
        if operations[0].get("path") == "displayName":
            return Response(204)
        return ask(request)

    at(service, "PATCH", A_GROUP, modify)


@fault("ENTRA-G05")
def entra_groups_are_not_renamed_without_a_path(service: Service) -> None:
    """Replace of a group's displayName without path is refused."""

    def modify(ask: Ask, request: Request) -> Response:
        if any("path" not in operation for operation in sent(request).get("Operations") or []):
            raise invalid_syntax("path is missing.")
        return ask(request)

    at(service, "PATCH", A_GROUP, modify)


# -- members --------------------------------------------------------------------------------


def refusing_members(service: Service, when: Callable[[Body], bool], op: str) -> None:
    """Refuse members that meet a condition."""

    def modify(ask: Ask, request: Request) -> Response:
        for operation in sent(request).get("Operations") or []:
            value = operation.get("value")
            listed = value if isinstance(value, list) else []
            if operation["op"].lower() == op and any(when(each) for each in listed):
                raise invalid_value("This is no reference.")
        return ask(request)

    at(service, "PATCH", A_GROUP, modify)


@fault("ENTRA-G06-a", "ENTRA-G06-b")
def entra_added_references_may_not_be_null(service: Service) -> None:
    """A member to be added whose $ref is null is refused."""
    refusing_members(service, lambda member: "$ref" in member and member["$ref"] is None, "add")


@fault("ENTRA-G06-a", "ENTRA-G06-b")
def entra_added_members_replace_the_others(service: Service) -> None:
    """Add of members takes those away who were there."""
    on(service, "add", "members", lambda _old, holder, target, value: service.patching.replace(holder, target, value))


@fault("ENTRA-G06-a")
def entra_one_member_is_added(service: Service) -> None:
    """Of several members that are added the first is."""
    on(service, "add", "members", lambda original, holder, target, value: original(holder, target, value[:1]))


@fault("ENTRA-G06-b")
def entra_members_are_added_again(service: Service) -> None:
    """A member who is there already is added a second time."""

    def add(_original: Change, holder: Resource, target: Target, value: Any) -> None:
        new = [{"value": member["value"]} for member in value]
        holder[target.attribute.name] = [*(holder.get(target.attribute.name) or []), *new]

    on(service, "add", "members", add)


@fault("ENTRA-G06-b")
def entra_members_may_not_be_there(service: Service) -> None:
    """To add a member who is there already is refused with 409."""

    def add(original: Change, holder: Resource, target: Target, value: Any) -> None:
        there = {member["value"] for member in holder.get("members") or []}
        if there & {member["value"] for member in value}:
            raise uniqueness("This is a member already.")
        original(holder, target, value)

    on(service, "add", "members", add)


def listed(service: Service, new: Change) -> None:
    """Change what a remove with a list of values does."""
    around(service.patching, "remove_listed", lambda _original, *args: new(*args))


@fault("ENTRA-G07-a", "ENTRA-G07-b")
def entra_removed_members_take_all_with_them(service: Service) -> None:
    """Remove of members with a list empties the group."""
    listed(service, lambda holder, target, _value: service.patching.unassign(holder, target.attribute))


@fault("ENTRA-G07-a", "ENTRA-G07-b")
def entra_listed_members_are_not_removed(service: Service) -> None:
    """Remove of members with a list succeeds and does nothing."""
    listed(service, lambda _holder, _target, _value: None)


@fault("ENTRA-G07-a")
def entra_one_listed_member_is_removed(service: Service) -> None:
    """Of the members in the list of a Remove the first is removed."""
    around(
        service.patching, "remove_listed", lambda original, holder, target, value: original(holder, target, value[:1])
    )


@fault("ENTRA-G07-a")
def entra_removed_references_may_not_be_null(service: Service) -> None:
    """A member to be removed whose $ref is null is refused."""
    refusing_members(service, lambda member: "$ref" in member and member["$ref"] is None, "remove")


@fault("ENTRA-G07-b")
def entra_removed_references_may_not_be_missing(service: Service) -> None:
    """A member to be removed without $ref is refused."""
    refusing_members(service, lambda member: "$ref" not in member, "remove")


@fault("ENTRA-G07-c")
def entra_selected_members_take_all_with_them(service: Service) -> None:
    """Remove of one member who is selected by the path empties the group."""

    def remove(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if target.filter is not None:
            service.patching.unassign(holder, target.attribute)
        else:
            original(holder, target, value)

    on(service, "remove", "members", remove)


@fault("ENTRA-G07-c")
def entra_selected_members_stay(service: Service) -> None:
    """Remove of one member who is selected by the path succeeds and does nothing."""
    ignoring(service, lambda operation: operation.path.startswith("members["))


@fault("ENTRA-G07-c")
def entra_members_are_not_selected(service: Service) -> None:
    """A path that selects a member is refused."""
    refusing(service, lambda operation: operation.path.startswith("members["))

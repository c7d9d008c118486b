"""Faults of groups (RFC 7643 section 4.2) and of the groups that users show (section 4.1.2)."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from scim_conformance.server.during import during
from scim_conformance.server.errors import ScimError, invalid_value
from scim_conformance.server.faults import after, around, fault
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.schema import Attribute
from scim_conformance.server.service import Service
from scim_conformance.server.store import Record
from scim_conformance.server.validation import Resource

GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
Draft = Callable[[ResourceType, Resource], Resource]


def creating(service: Service, change: Callable[[Resource], Resource]) -> None:
    """Change what is stored of a new group."""

    def new_resource(original: Draft, kind: ResourceType, draft: Resource) -> Resource:
        return original(kind, change(draft) if kind.name == "Group" else draft)

    around(service.lifecycle, "new_resource", new_resource)


def showing(service: Service, name: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Change how resources of one type are shown."""

    def show(original: Callable[..., dict[str, Any]], kind: ResourceType, *rest: Any) -> dict[str, Any]:
        found = original(kind, *rest)
        return change(found) if kind.name == name else found

    around(service.projection, "show", show)


# -- groups ---------------------------------------------------------------------------------


@fault("RFC7643-4.2-01")
def groups_name_another_schema(service: Service) -> None:
    """A group shows a URI of the server's own in the place of the core Group schema."""
    showing(service, "Group", lambda group: {**group, "schemas": ["urn:example:schemas:Team"]})


@fault("RFC7644-3.3-08")
def groups_need_members(service: Service) -> None:
    """A group without members is refused with 400, though the schema does not require them."""

    def change(draft: Resource) -> Resource:
        if not draft.get("members"):
            raise invalid_value("members is missing.")
        return draft

    creating(service, change)


@fault("RFC7643-8.4-01")
def groups_hide_their_name(service: Service) -> None:
    """A group is shown without displayName."""
    showing(service, "Group", lambda group: {name: group[name] for name in group if name != "displayName"})


@fault("RFC7643-4.2-02")
def groups_need_no_name(service: Service) -> None:
    """A group without displayName is created."""

    def check_required(original: Callable[..., None], kind: ResourceType, resource: Mapping[str, Any]) -> None:
        if kind.name != "Group":
            original(kind, resource)

    during(service.lifecycle, "create", service.validation, "check_required", check_required)


@fault("RFC7643-4.2-05")
def groups_are_created_without_members(service: Service) -> None:
    """A group that is created with members has none."""
    creating(service, lambda draft: {name: draft[name] for name in draft if name != "members"})


@fault("RFC7643-4.2-05")
def groups_are_created_with_one_member(service: Service) -> None:
    """A group that is created with several members has the first of them only."""
    creating(service, lambda draft: {**draft, "members": draft["members"][:1]} if "members" in draft else draft)


@fault("RFC7643-4.2-05")
def members_refer_to_nothing(service: Service) -> None:
    """The $ref of a member is the URI of another resource than its value names."""
    describing(service, lambda element: {**element, "$ref": f"{str(element.get('$ref')).rpartition('/')[0]}/somebody"})


@fault("RFC7643-4.2-05")
def members_refer_to_the_collection(service: Service) -> None:
    """The $ref of a member is the URI of all users."""
    describing(service, lambda element: {**element, "$ref": str(element.get("$ref")).rpartition("/")[0]})


@fault("RFC7643-8.4-01")
def members_have_no_value(service: Service) -> None:
    """A member is shown without its value."""
    describing(service, lambda element: {name: element[name] for name in element if name != "value"})


def describing(service: Service, change: Callable[[Resource], Resource]) -> None:
    """Change how members are shown."""

    def described(original: Callable[..., Resource], attribute: Attribute, *rest: Any) -> Resource:
        found = original(attribute, *rest)
        return change(found) if attribute.name == "members" else found

    around(service.membership, "described", described)


@fault("RFC7643-2.4-10")
def members_are_kept_twice(service: Service) -> None:
    """A group that is created with the same member twice keeps both."""
    during(service.lifecycle, "create", service.validation, "is_double", lambda *_: False)


@fault("RFC7643-4.2-05")
def members_named_twice_are_dropped(service: Service) -> None:
    """A group that is created with the same member twice has it not at all."""

    def without_doubles(_original: Callable[..., Any], attribute: Attribute, elements: list[Any]) -> list[Any]:
        double = service.validation.is_double
        return [e for e in elements if sum(double(attribute, e, other) for other in elements) == 1]

    during(service.lifecycle, "create", service.validation, "without_doubles", without_doubles)


@fault("RFC7643-4.2-05")
def unknown_members_fail(service: Service) -> None:
    """A member that does not exist is answered with 500."""

    def dangling(_attribute: Attribute, _id: str) -> None:
        raise ScimError(500, None, "The server made a mistake.")

    around(service.membership, "dangling", lambda _original, attribute, id_: dangling(attribute, id_))


@fault("RFC7643-4.2-05")
def a_deleted_member_breaks_the_group(service: Service) -> None:
    """When a member is deleted its groups cannot be read any more."""

    def release(_original: Callable[[str], None], _id: str) -> None:
        """Leave references as they are."""

    def described(original: Callable[..., Resource], attribute: Attribute, element: Resource, *rest: Any) -> Resource:
        if service.store.find(element["value"]) is None:
            raise ScimError(500, None, "The server made a mistake.")
        return original(attribute, element, *rest)

    around(service.lifecycle, "release", release)
    around(service.membership, "described", described)


@fault("RFC7643-4.2-05")
def a_deleted_member_takes_the_others_along(service: Service) -> None:
    """When a member is deleted its groups lose all members."""

    def released(original: Callable[..., None], kind: ResourceType, resource: Resource, id_: str) -> None:
        original(kind, resource, id_)
        resource.pop("members", None)

    around(service.membership, "released", released)


@fault("RFC7643-4.2-05")
def a_deleted_member_deletes_the_group(service: Service) -> None:
    """When a member is deleted its groups are deleted too."""

    def release(_original: Callable[[str], None], id_: str) -> None:
        for record in service.store.referring(id_):
            service.lifecycle.remove(record)

    around(service.lifecycle, "release", release)


@fault("RFC7643-4.2-06")
def groups_cannot_be_members(service: Service) -> None:
    """A group that is named as member of another is left out, though nesting is supported."""

    def change(draft: Resource) -> Resource:
        members = [each for each in draft.get("members") or [] if service.store.get("Group", each.get("value")) is None]
        return {**draft, "members": members} if members else {n: draft[n] for n in draft if n != "members"}

    creating(service, change)


@fault("RFC7643-4.2-07")
def required_parts_of_members_are_not_asked_for(service: Service) -> None:
    """The served schema requires the type of a member, and a member without it is accepted."""
    service.schemas.change(GROUP, "members.type", required=True)

    def check(original: Callable[..., None], attribute: Attribute, value: Mapping[str, Any], place: str) -> None:
        if attribute.name != "members":
            original(attribute, value, place)

    around(service.validation, "check_sub_attributes", check)


# -- the groups of a user -------------------------------------------------------------------


def grouping(service: Service, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Change how a group is shown among the groups of a user."""
    after(service.membership, "group", change)


@fault("RFC7643-4.1.2-26", "RFC7643-4.1.2-23")
def groups_of_users_have_names_as_values(service: Service) -> None:
    """An element of a user's groups has the name of the group as its value."""
    grouping(service, lambda element: {**element, "value": element.get("display")})


@fault("RFC7643-4.1.2-26")
def groups_of_users_refer_to_nothing(service: Service) -> None:
    """The $ref in a user's groups is the URI of another group."""
    grouping(service, lambda element: {**element, "$ref": f"{str(element.get('$ref')).rpartition('/')[0]}/no-group"})


@fault("RFC7643-4.1.2-24")
def direct_groups_are_called_indirect(service: Service) -> None:
    """A membership that was made through the group is of the type indirect."""
    grouping(service, lambda element: {**element, "type": "indirect"})


@fault("RFC7643-4.1.2-23")
def users_show_groups_they_left(service: Service) -> None:
    """A user shows a group for ever, once it was a member."""
    seen: dict[str, dict[str, Record]] = {}

    def groups_of(original: Callable[[str], list[Record]], id_: str) -> list[Record]:
        ever = seen.setdefault(id_, {})
        ever.update({record.id: record for record in original(id_)})
        return [record for record in ever.values() if service.store.get("Group", record.id) is not None]

    around(service.membership, "groups_of", groups_of)


@fault("RFC7643-4.1.2-23")
def users_show_deleted_groups(service: Service) -> None:
    """A user shows a group that was deleted."""
    seen: dict[str, dict[str, Record]] = {}

    def groups_of(original: Callable[[str], list[Record]], id_: str) -> list[Record]:
        ever, now = seen.setdefault(id_, {}), original(id_)
        ever.update({record.id: record for record in now})
        return now + [record for record in ever.values() if service.store.get("Group", record.id) is None]

    around(service.membership, "groups_of", groups_of)


def joining(service: Service, verb: str, groups_in: Callable[[Any], list[Any]]) -> None:
    """Let the groups in the body of a request about a user make the user a member of them."""

    def perform(original: Callable[..., Response], request: Request, kind: ResourceType, *id_: str) -> Response:
        response = original(request, kind, *id_)
        user = response.json.get("id")
        for element in groups_in(service.bodies.json(request)) if kind.name == "User" else []:
            record = service.store.get("Group", str(element.get("value")))
            group = service.resource_types.get("Group")
            if record is not None and group is not None:
                draft = deepcopy(record.resource)
                draft["members"] = [*(draft.get("members") or []), {"value": user, "type": "User"}]
                service.lifecycle.update(group, record, draft)
        return response

    around(service.lifecycle, verb, perform)


@fault("RFC7643-4.1.2-27")
def groups_are_written_by_post(service: Service) -> None:
    """POST of a user makes it a member of the groups that the body names."""
    joining(service, "create", lambda body: body.get("groups") or [])


@fault("RFC7643-4.1.2-27")
def groups_are_written_by_put(service: Service) -> None:
    """PUT of a user makes it a member of the groups that the body names."""
    joining(service, "replace", lambda body: body.get("groups") or [])


@fault("RFC7643-4.1.2-27", "RFC7644-3.3-02", "RFC7644-3.3-03")
def groups_are_echoed(service: Service) -> None:
    """POST and PUT of a user keep and show the groups of the body, though the user is no member of them."""
    named: dict[str, list[Any]] = {}

    def view(
        original: Callable[..., Resource], kind: ResourceType, resource: Mapping[str, Any], request: Request
    ) -> Any:
        shown = original(kind, resource, request)
        return {**shown, "groups": named[resource["id"]]} if resource["id"] in named else shown

    def keep(original: Callable[..., Response], request: Request, kind: ResourceType, *id_: str) -> Response:
        response = original(request, kind, *id_)
        groups = service.bodies.json(request).get("groups")
        if kind.name == "User" and groups:
            named[response.json["id"]] = groups
        return response

    around(service.membership, "view", view)
    around(service.lifecycle, "create", keep)
    around(service.lifecycle, "replace", keep)


@fault("RFC7643-4.1.2-27")
def groups_are_written_by_patch(service: Service) -> None:
    """PATCH of a user's groups makes it a member of the groups it names."""

    def groups_in(body: Any) -> list[Any]:
        return [e for op in body["Operations"] if op.get("path") == "groups" for e in op["value"]]

    def check(original: Callable[[Any], None], target: Any) -> None:
        if target.attribute.name != "groups":
            original(target)

    around(service.patching, "check_read_only", check)
    joining(service, "modify", groups_in)

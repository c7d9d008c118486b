"""Faults that Okta's Group Push meets: groups created, renamed, and their members by PATCH and by PUT."""

from collections.abc import Callable
from typing import Any

from scim_conformance.server.edge import Ask, Body, at, sending, sent, showing
from scim_conformance.server.errors import ScimError, invalid_value
from scim_conformance.server.faults import fault
from scim_conformance.server.faults.okta_users import asserted, less, refusing
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.service import Service

GROUPS, ONE = "/Groups", "/Groups/"


def stored(service: Service, request: Request) -> Body:
    """Give the group that a request is about, as it is stored."""
    id_ = request.path.rpartition("/")[2]
    return next((dict(record.resource) for record in service.domains.scan("Group") if record.id == id_), {})


def operations(service: Service, change: Callable[[list[Body]], list[Body]]) -> None:
    """Change the operations of a PATCH of a group; without any left it does nothing."""

    def answer(ask: Ask, request: Request) -> Response:
        body = sent(request)
        left = change(body.get("Operations") or [])
        if not left:
            return Response(204)
        request.body = service.answers.encoded(body | {"Operations": left})
        return ask(request)

    at(service, "PATCH", ONE, answer)


def is_rename(body: Body) -> bool:
    """Tell whether a PATCH renames a group without a path."""
    return "displayName" in asserted(body)


@fault("OKTA-G03")
def empty_groups_are_refused(service: Service) -> None:
    """POST of a group without members is refused with 400."""

    def answer(ask: Ask, request: Request) -> Response:
        if not sent(request).get("members"):
            raise invalid_value("A group needs members.")
        return ask(request)

    at(service, "POST", GROUPS, answer)


@fault("OKTA-G03-a")
def members_of_new_groups_are_dropped(service: Service) -> None:
    """The members that a POST of a group names are not stored."""
    sending(service, "POST", GROUPS, lambda body: less(body, "members"))


@fault("OKTA-G04")
def groups_hide_their_members(service: Service) -> None:
    """GET of a group shows no members."""
    showing(service, "GET", ONE, lambda body: less(body, "members"))


@fault("OKTA-G04")
def members_are_shown_by_reference_alone(service: Service) -> None:
    """GET of a group shows members without value."""
    showing(
        service, "GET", ONE, lambda body: body | {"members": [less(one, "value") for one in body.get("members", [])]}
    )


@fault("OKTA-G04-a")
def members_have_no_display(service: Service) -> None:
    """GET of a group shows members without display."""
    showing(
        service, "GET", ONE, lambda body: body | {"members": [less(one, "display") for one in body.get("members", [])]}
    )


# -- rename -----------------------------------------------------------------------------------


@fault("OKTA-G05")
def a_rename_without_path_is_ignored(service: Service) -> None:
    """PATCH of a group without path leaves the name as it was."""
    operations(service, lambda listed: [one for one in listed if not is_rename({"Operations": [one]})])


@fault("OKTA-G05", "OKTA-Q08")
def an_id_in_a_rename_is_refused(service: Service) -> None:
    """PATCH of a group without path whose value has the id is refused with 400."""
    refusing(service, "PATCH", ONE, lambda body: "id" in asserted(body), "id is readOnly.")


@fault("OKTA-G05")
def renamed_groups_are_not_shown(service: Service) -> None:
    """PATCH of a group is answered with 200 and an object without id and displayName."""
    showing(service, "PATCH", ONE, lambda body: less(body, "id", "displayName"))


@fault("OKTA-G05-a")
def a_rename_empties_the_group(service: Service) -> None:
    """PATCH of a group's name without path takes its members away."""

    def change(body: Body) -> Body:
        extra = [{"op": "remove", "path": "members"}] if is_rename(body) else []
        return body | {"Operations": body["Operations"] + extra}

    sending(service, "PATCH", ONE, change)


@fault("OKTA-G05-b")
def the_same_name_is_a_conflict(service: Service) -> None:
    """PATCH of a group to the name that it has is answered with 409."""

    def answer(ask: Ask, request: Request) -> Response:
        name = asserted(sent(request)).get("displayName")
        if name and name == stored(service, request).get("displayName"):
            raise ScimError(409, "uniqueness", "There is such a group.")
        return ask(request)

    at(service, "PATCH", ONE, answer)


# -- members by PATCH -------------------------------------------------------------------------


@fault("OKTA-G06")
def an_added_member_replaces_the_others(service: Service) -> None:
    """PATCH add of members leaves those alone who were added."""
    operations(service, lambda listed: [one | {"op": "replace"} if one["op"] == "add" else one for one in listed])


@fault("OKTA-G06")
def members_with_a_display_are_refused(service: Service) -> None:
    """PATCH add of members who have a display is refused with 400."""

    def when(body: Body) -> bool:
        return any(
            one["op"] == "add" and any("display" in member for member in one.get("value") or [])
            for one in body["Operations"]
        )

    refusing(service, "PATCH", ONE, when, "members.display is computed.")


@fault("OKTA-G06-a")
def a_removed_member_empties_the_group(service: Service) -> None:
    """PATCH remove of one member takes all members away."""
    operations(service, lambda listed: [one | {"path": "members"} if one["op"] == "remove" else one for one in listed])


@fault("OKTA-G06-a")
def removed_members_stay(service: Service) -> None:
    """PATCH remove of a member does nothing."""
    operations(service, lambda listed: [one for one in listed if one["op"] != "remove"])


@fault("OKTA-G06-b")
def a_group_changes_one_thing_at_a_time(service: Service) -> None:
    """Of several operations of a PATCH of a group only the last is applied."""
    operations(service, lambda listed: listed[-1:])


@fault("OKTA-G07")
def a_full_push_only_adds(service: Service) -> None:
    """PATCH replace of members keeps those who were there."""
    operations(
        service,
        lambda listed: (
            [one | {"op": "add"} if one.get("path") == "members" and one["value"] else one for one in listed]
            if all("value" in one for one in listed)
            else listed
        ),
    )


@fault("OKTA-G07-a")
def an_empty_push_is_ignored(service: Service) -> None:
    """PATCH replace of members with an empty list does nothing."""
    operations(
        service, lambda listed: [one for one in listed if not (one.get("path") == "members" and one.get("value") == [])]
    )


# -- by PUT -----------------------------------------------------------------------------------


@fault("OKTA-G08")
def a_put_without_id_is_refused(service: Service) -> None:
    """PUT of a group whose body has no id is refused with 400."""
    refusing(service, "PUT", ONE, lambda body: "id" not in body, "id is required.")


@fault("OKTA-G08")
def a_put_keeps_the_name(service: Service) -> None:
    """PUT of a group leaves the name as it was."""

    def answer(ask: Ask, request: Request) -> Response:
        name = stored(service, request).get("displayName")
        request.body = service.answers.encoded(sent(request) | {"displayName": name})
        return ask(request)

    at(service, "PUT", ONE, answer)


@fault("OKTA-G08")
def a_put_of_a_name_loses_the_members(service: Service) -> None:
    """PUT of a group that changes its name takes its members away."""

    def answer(ask: Ask, request: Request) -> Response:
        body = sent(request)
        if body.get("displayName") != stored(service, request).get("displayName"):
            request.body = service.answers.encoded(less(body, "members"))
        return ask(request)

    at(service, "PUT", ONE, answer)


def with_the_old(service: Service, when: Callable[[list[Any]], bool]) -> None:
    """Let a PUT of a group keep the members who were there."""

    def answer(ask: Ask, request: Request) -> Response:
        body = sent(request)
        listed = body.get("members") or []
        if when(listed):
            old = stored(service, request).get("members") or []
            request.body = service.answers.encoded(body | {"members": [*old, *listed]})
        return ask(request)

    at(service, "PUT", ONE, answer)


@fault("OKTA-G08-a")
def a_put_only_adds_members(service: Service) -> None:
    """PUT of a group keeps the members whom it does not list, unless it lists none."""
    with_the_old(service, bool)


@fault("OKTA-G08-b")
def a_put_without_members_keeps_them(service: Service) -> None:
    """PUT of a group with an empty list of members keeps those who were there."""
    with_the_old(service, lambda listed: not listed)


# -- delete -----------------------------------------------------------------------------------


@fault("OKTA-G09")
def deleted_groups_stay(service: Service) -> None:
    """DELETE of a group is answered with 204, and the group stays."""
    at(service, "DELETE", ONE, lambda _ask, _request: Response(204))


@fault("OKTA-G09")
def groups_cannot_be_deleted(service: Service) -> None:
    """DELETE of a group is refused with 403."""

    def answer(_ask: Ask, _request: Request) -> Response:
        raise ScimError(403, None, "Groups are kept.")

    at(service, "DELETE", ONE, answer)

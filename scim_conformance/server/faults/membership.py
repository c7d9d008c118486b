"""Faults of changing the members of groups, by PATCH (RFC 7644 section 3.5.2) and PUT (section 3.5.1)."""

from collections.abc import Callable
from typing import Any

from scim_conformance.server.during import during
from scim_conformance.server.errors import ScimError, not_found
from scim_conformance.server.faults import around, fault
from scim_conformance.server.faults.patch_add import Change
from scim_conformance.server.patch_changes import Target
from scim_conformance.server.schema import Attribute
from scim_conformance.server.service import Service
from scim_conformance.server.validation import Resource


def of_members(service: Service, rule: str, new: Callable[[Change, Resource, Target, Any], None]) -> None:
    """Wrap one rule of PATCH where it is about members."""

    def change(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if target.attribute.name == "members":
            new(original, holder, target, value)
        else:
            original(holder, target, value)

    around(service.patching, rule, change)


def chosen(service: Service, new: Callable[[list[Any], list[Any]], list[Any]]) -> None:
    """Change which members a remove with a filter takes away; `new` gets the matching ones and all."""

    def matching(original: Callable[..., list[Any]], holder: Resource, target: Target) -> list[Any]:
        found = original(holder, target)
        return new(found, holder.get("members") or []) if target.attribute.name == "members" else found

    during(service.patching, "remove", service.patching, "matching", matching)


@fault("RFC7644-3.5.2.1-12")
def adding_a_member_replaces_the_others(service: Service) -> None:
    """PATCH add of a member takes all other members out of the group."""

    def append(original: Change, holder: Resource, target: Target, value: Any) -> None:
        holder.pop("members", None)
        original(holder, target, value)

    of_members(service, "append", append)


@fault("RFC7644-3.5.2.1-12")
def adding_a_member_doubles_it(service: Service) -> None:
    """PATCH add of somebody who is a member already names it twice."""

    def is_double(original: Callable[..., bool], attribute: Attribute, one: Any, other: Any) -> bool:
        return attribute.name != "members" and original(attribute, one, other)

    during(service.patching, "add", service.validation, "is_double", is_double)


@fault("RFC7644-3.5.2.1-12")
def adding_a_present_member_is_refused(service: Service) -> None:
    """PATCH add of somebody who is a member already is answered with 409."""

    def append(original: Change, holder: Resource, target: Target, value: Any) -> None:
        present = {each["value"] for each in holder.get("members") or []}
        if any(each["value"] in present for each in service.patching.new_elements(target, value)):
            raise ScimError(409, "uniqueness", "That is a member already.")
        original(holder, target, value)

    of_members(service, "append", append)


@fault("RFC7644-3.5.2.1-12")
def adding_members_takes_the_first(service: Service) -> None:
    """PATCH add of several members adds the first of them only."""

    def append(original: Change, holder: Resource, target: Target, value: Any) -> None:
        original(holder, target, value[:1])

    of_members(service, "append", append)


@fault("RFC7644-3.5.2.2-08")
def removing_a_member_removes_all(service: Service) -> None:
    """PATCH remove of one member, selected by a filter, empties the group."""
    chosen(service, lambda matching, members: members if matching else [])


@fault("RFC7644-3.5.2.2-08")
def removing_a_member_removes_the_first(service: Service) -> None:
    """PATCH remove of one member, selected by a filter, takes the first one out of the group."""
    chosen(service, lambda matching, members: members[:1] if matching else [])


@fault("RFC7644-3.5.2.2-08")
def removing_a_member_removes_the_others(service: Service) -> None:
    """PATCH remove of one member, selected by a filter, takes all the others out of the group."""
    chosen(service, lambda matching, members: [each for each in members if each not in matching] if matching else [])


@fault("RFC7644-3.5.2.2-08")
def removing_a_member_is_ignored(service: Service) -> None:
    """PATCH remove of one member, selected by a filter, succeeds and does nothing."""
    chosen(service, lambda _matching, _members: [])


@fault("RFC7644-3.5.2.2-09")
def removing_a_stranger_is_404(service: Service) -> None:
    """PATCH remove of somebody who is no member is answered with 404."""

    def check(matching: list[Any], _members: list[Any]) -> list[Any]:
        if not matching:
            raise not_found("There is no such member.")
        return matching

    chosen(service, check)


@fault("RFC7644-3.5.2.2-09")
def removing_a_stranger_removes_all(service: Service) -> None:
    """PATCH remove of somebody who is no member empties the group."""
    chosen(service, lambda matching, members: matching or members)


@fault("RFC7644-3.5.2.2-10")
def removing_members_leaves_one(service: Service) -> None:
    """PATCH remove of members without a filter leaves the first one."""

    def remove(original: Change, holder: Resource, target: Target, value: Any) -> None:
        first = (holder.get("members") or [])[:1]
        original(holder, target, value)
        if target.filter is None and target.sub is None and first:
            holder["members"] = first

    of_members(service, "remove", remove)


@fault("RFC7644-3.5.2.2-10")
def removing_members_is_ignored(service: Service) -> None:
    """PATCH remove of members without a filter succeeds and does nothing."""

    def remove(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if target.filter is not None or target.sub is not None:
            original(holder, target, value)

    of_members(service, "remove", remove)


@fault("RFC7644-3.5.2.3-10")
def replacing_members_adds_them(service: Service) -> None:
    """PATCH replace of members keeps those that were there."""
    of_members(service, "replace_all", lambda _original, *change: service.patching.append(*change))


@fault("RFC7644-3.5.2.3-10")
def replacing_members_only_removes(service: Service) -> None:
    """PATCH replace of members takes those out that are not named, and adds nobody."""

    def replace_all(original: Change, holder: Resource, target: Target, value: Any) -> None:
        before = [each["value"] for each in holder.get("members") or []]
        original(holder, target, [each for each in value if each["value"] in before])

    of_members(service, "replace_all", replace_all)


@fault("RFC7644-3.5.1-04", "RFC7643-4.2-05")
def put_adds_members(service: Service) -> None:
    """PUT of a group keeps the members that were there."""

    def value(original: Callable[..., Any], attribute: Attribute, asserted: Any, place: str, before: Any = None) -> Any:
        found = original(attribute, asserted, place, before)
        if attribute.name != "members" or not before or not found:
            return found
        new = [each["value"] for each in found]
        return found + [each for each in before if each["value"] not in new]

    during(service.lifecycle, "replace", service.validation, "value", value)


@fault("RFC7643-4.2-04")
def changing_a_member_removes_the_others(service: Service) -> None:
    """PATCH of the value of one member makes that value the only member."""

    def replace_elements(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if target.sub is not None and target.sub.name == "value":
            holder["members"] = [{"value": value}]
        else:
            original(holder, target, value)

    of_members(service, "replace_elements", replace_elements)


@fault("RFC7643-4.2-04")
def changing_a_member_adds_one(service: Service) -> None:
    """PATCH of the value of one member adds a member of that value."""

    def replace_elements(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if target.sub is not None and target.sub.name == "value":
            holder["members"] = [*(holder.get("members") or []), {"value": value}]
        else:
            original(holder, target, value)

    of_members(service, "replace_elements", replace_elements)

"""Faults of the PATCH operation remove (RFC 7644 section 3.5.2.2)."""

from collections.abc import Callable
from typing import Any

from scim_conformance.server.bodies import Operation
from scim_conformance.server.during import during
from scim_conformance.server.errors import invalid_value
from scim_conformance.server.faults import around, fault, skip
from scim_conformance.server.faults.patch_add import Change, without_path
from scim_conformance.server.patch_changes import Target
from scim_conformance.server.service import Service
from scim_conformance.server.validation import Resource


def removing(service: Service, new: Callable[[Change, Resource, Target, Any], None]) -> None:
    """Wrap the operation remove."""
    around(service.patching, "remove", new)


def among_matches(service: Service, new: Callable[[Callable[..., list[Any]], Resource, Target], list[Any]]) -> None:
    """Change which elements a remove with a filter takes away, but for members."""

    def matching(original: Callable[..., list[Any]], holder: Resource, target: Target) -> list[Any]:
        if target.attribute.name == "members":
            return original(holder, target)
        return new(original, holder, target)

    during(service.patching, "remove", service.patching, "matching", matching)


@fault("RFC7644-3.5.2.2-02")
def remove_is_ignored(service: Service) -> None:
    """PATCH remove of an attribute with one value succeeds and leaves it."""

    def remove(original: Change, holder: Resource, target: Target, value: Any) -> None:
        service.patching.check_removable(target.sub or target.attribute, None, target.place)
        if target.attribute.multi_valued:
            original(holder, target, value)

    removing(service, remove)


@fault("RFC7644-3.5.2.2-02")
def remove_leaves_empty_text(service: Service) -> None:
    """PATCH remove of a text attribute leaves an empty text."""

    def unassign(original: Callable[..., None], holder: Resource, attribute: Any) -> None:
        if attribute.type == "string" and attribute.name in holder:
            holder[attribute.name] = ""
        else:
            original(holder, attribute)

    around(service.patching, "unassign", unassign)


@fault("RFC7644-3.5.2.2-02")
def remove_of_a_sub_attribute_removes_the_whole(service: Service) -> None:
    """PATCH remove of a sub-attribute takes the whole complex attribute away."""

    def remove(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if target.sub is not None and not target.attribute.multi_valued:
            holder.pop(target.attribute.name, None)
        else:
            original(holder, target, value)

    removing(service, remove)


@fault("RFC7644-3.5.2.2-03")
def remove_of_elements_leaves_one(service: Service) -> None:
    """PATCH remove of a multi-valued attribute leaves its first element, but for members."""

    def remove(original: Change, holder: Resource, target: Target, value: Any) -> None:
        name, plain = target.attribute.name, target.filter is None and target.sub is None
        first = (holder.get(name) or [])[:1] if target.attribute.multi_valued and plain and name != "members" else []
        original(holder, target, value)
        if first:
            holder[name] = first

    removing(service, remove)


@fault("RFC7644-3.5.2.2-04", "RFC7644-3.5.2.2-11")
def remove_with_a_filter_removes_every_element(service: Service) -> None:
    """PATCH remove with a value filter takes every element away."""

    def matching(_original: Callable[..., list[Any]], holder: Resource, target: Target) -> list[Any]:
        return list(holder.get(target.attribute.name) or [])

    among_matches(service, matching)


@fault("RFC7644-3.5.2.2-04")
def remove_with_a_filter_removes_the_first_element(service: Service) -> None:
    """PATCH remove with a value filter takes the first element away, whichever matches."""

    def matching(original: Callable[..., list[Any]], holder: Resource, target: Target) -> list[Any]:
        return list(holder.get(target.attribute.name) or [])[:1] if original(holder, target) else []

    among_matches(service, matching)


@fault("RFC7644-3.5.2.2-04")
def remove_without_match_removes_every_element(service: Service) -> None:
    """PATCH remove whose filter matches nothing takes every element away."""

    def matching(original: Callable[..., list[Any]], holder: Resource, target: Target) -> list[Any]:
        return original(holder, target) or list(holder.get(target.attribute.name) or [])

    among_matches(service, matching)


@fault("RFC7644-3.5.2.2-11")
def remove_looks_at_one_condition(service: Service) -> None:
    """PATCH remove takes elements away that meet one of the conditions joined by and."""

    def all_of(_original: Callable[..., bool], parts: Any, scope: Any) -> bool:
        return service.evaluation.any_of(parts, scope)

    during(service.patching, "remove", service.evaluation, "all_of", all_of)


@fault("RFC7644-3.5.2.2-06")
def remove_keeps_the_last_element(service: Service) -> None:
    """PATCH remove with a value filter never takes the last element away, but for members."""

    def drop(original: Callable[..., None], holder: Resource, attribute: Any, unwanted: list[Any]) -> None:
        kept = len(holder.get(attribute.name) or []) - len(unwanted)
        if kept or attribute.name == "members":
            original(holder, attribute, unwanted)

    around(service.patching, "drop_elements", drop)


@fault("RFC7644-3.5.2.2-05")
def remove_of_a_selected_sub_attribute_removes_the_element(service: Service) -> None:
    """PATCH remove of a sub-attribute of selected elements takes the elements away."""

    def remove(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if target.filter is not None and target.sub is not None:
            target = Target(target.kind, target.extension, target.attribute, None, target.filter)
        original(holder, target, value)

    removing(service, remove)


@fault("RFC7644-3.5.2.2-05")
def remove_of_a_selected_sub_attribute_hits_every_element(service: Service) -> None:
    """PATCH remove of a sub-attribute of selected elements takes it from every element."""

    def remove(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if target.filter is not None and target.sub is not None:
            target = Target(target.kind, target.extension, target.attribute, target.sub)
        original(holder, target, value)

    removing(service, remove)


@fault("RFC7644-3.5.2.2-01")
def remove_without_path_succeeds(service: Service) -> None:
    """PATCH remove without path succeeds and does nothing."""
    without_path(service, "remove", lambda *_: None)


@fault("RFC7644-3.5.2.2-07")
def remove_takes_required_attributes_away(service: Service) -> None:
    """PATCH remove of a required attribute takes it away."""
    skip(service.patching, "check_removable")
    during(service.lifecycle, "modify", service.validation, "check_required", lambda *_: None)


@fault("RFC7644-3.5.2.2-07")
def remove_of_read_only_attributes_succeeds(service: Service) -> None:
    """PATCH remove of a readOnly attribute succeeds and does nothing."""

    def on_target(original: Callable[..., None], draft: Resource, target: Target, operation: Operation) -> None:
        if operation.op != "remove" or target.attribute.mutability != "readOnly":
            original(draft, target, operation)

    around(service.patching, "on_target", on_target)


@fault("RFC7644-3.5.2.2-03", "RFC7644-3.5.2.2-06")
def remove_refuses_to_empty_attributes(service: Service) -> None:
    """PATCH remove that would leave a multi-valued attribute of a user without elements is answered with 400."""

    def remove(original: Change, holder: Resource, target: Target, value: Any) -> None:
        name, had = target.attribute.name, target.attribute.name in holder
        original(holder, target, value)
        if target.attribute.multi_valued and had and name != "members" and not holder.get(name):
            raise invalid_value(f"{name} cannot be empty.")

    removing(service, remove)

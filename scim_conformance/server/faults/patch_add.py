"""Faults of the PATCH operation add (RFC 7644 section 3.5.2.1)."""

from collections.abc import Callable
from typing import Any

from scim_conformance.server.bodies import Operation
from scim_conformance.server.during import during
from scim_conformance.server.errors import invalid_value
from scim_conformance.server.faults import answer, around, fault, skip
from scim_conformance.server.patch_changes import Target
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Service
from scim_conformance.server.validation import Resource

Change = Callable[[Resource, Target, Any], None]


def adding(service: Service, new: Callable[[Change, Resource, Target, Any], None]) -> None:
    """Wrap the operation add."""
    around(service.patching, "add", new)


def without_path(service: Service, op: str, new: Callable[..., None]) -> None:
    """Wrap operations of one kind that have no path."""

    def apply(original: Callable[..., None], kind: ResourceType, draft: Resource, operation: Operation) -> None:
        if operation.op == op:
            new(original, kind, draft, operation)
        else:
            original(kind, draft, operation)

    around(service.patching, "without_path", apply)


@fault("RFC7644-3.5.2.1-04")
def add_changes_present_attributes_only(service: Service) -> None:
    """PATCH add to an attribute without value succeeds and sets nothing."""

    def add(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if target.attribute.name in holder or target.attribute.multi_valued:
            original(holder, target, value)

    adding(service, add)


@fault("RFC7644-3.5.2.1-04", "RFC7644-3.5.2.1-05")
def add_wipes_the_rest_of_complex_attributes(service: Service) -> None:
    """PATCH add to a complex attribute takes the sub-attributes away that it does not name."""
    during(service.patching, "add", service.patching, "kept_sub_attributes", lambda _original, _stored: {})


@fault("RFC7644-3.5.2.1-07")
def add_keeps_present_values(service: Service) -> None:
    """PATCH add to an attribute with one value succeeds and leaves the old value."""

    def add(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if target.attribute.multi_valued or target.sub or target.attribute.name not in holder:
            original(holder, target, value)

    adding(service, add)


@fault("RFC7644-3.5.2.1-03")
def add_without_path_is_ignored(service: Service) -> None:
    """PATCH add without path succeeds and does nothing."""
    without_path(service, "add", lambda *_: None)


@fault("RFC7644-3.5.2.1-03")
def add_without_path_is_refused(service: Service) -> None:
    """PATCH add without path is answered with 400."""

    def refuse(*_: Any) -> None:
        raise invalid_value("An operation needs a path.")

    without_path(service, "add", refuse)


@fault("RFC7644-3.5.2.1-03")
def add_without_path_replaces_elements(service: Service) -> None:
    """PATCH add without path replaces the elements of multi-valued attributes."""

    def apply(original: Callable[..., None], kind: ResourceType, draft: Resource, operation: Operation) -> None:
        original(kind, draft, Operation("replace", "", operation.value))

    without_path(service, "add", apply)


@fault("RFC7644-3.5.2.1-06")
def add_replaces_elements(service: Service) -> None:
    """PATCH add to a multi-valued attribute replaces the elements that were there, but for members."""

    def append(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if target.attribute.name != "members":
            holder.pop(target.attribute.name, None)
        original(holder, target, value)

    around(service.patching, "append", append)


@fault("RFC7644-3.5.2.1-06")
def add_fails_on_a_single_element(service: Service) -> None:
    """PATCH add to a multi-valued attribute stores nothing when the element is not wrapped in a list."""

    def append(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if isinstance(value, list):
            original(holder, target, value)

    around(service.patching, "append", append)


@fault("RFC7644-3.5.2.1-08")
def add_with_a_filter_appends(service: Service) -> None:
    """PATCH add to a sub-attribute of a selected element makes a new element."""

    def add_to_elements(_original: Change, holder: Resource, target: Target, value: Any) -> None:
        element = service.patching.described_element(holder, target)
        service.patching.change_element(holder, target, element, value)

    around(service.patching, "add_to_elements", add_to_elements)


@fault("RFC7644-3.5.2.1-08")
def add_with_a_filter_hits_every_element(service: Service) -> None:
    """PATCH add to a sub-attribute of a selected element sets it in every element."""
    during(service.patching, "add", service.patching, "is_match", lambda _original, _target, _element: True)


@fault("RFC7644-3.5.2.1-09", "RFC7643-2.4-10")
def add_doubles_elements(service: Service) -> None:
    """PATCH add of an element that is there already makes a second one, but for members."""

    def is_double(original: Callable[..., bool], attribute: Any, one: Any, other: Any) -> bool:
        return attribute.name == "members" and original(attribute, one, other)

    during(service.patching, "add", service.validation, "is_double", is_double)


@fault("RFC7644-3.5.2.1-10")
def add_refuses_a_present_element(service: Service) -> None:
    """PATCH add of an element that is there already is answered with 400, but for members."""

    def append(original: Change, holder: Resource, target: Target, value: Any) -> None:
        elements = holder.get(target.attribute.name) or []
        new = service.patching.new_elements(target, value)
        double = service.validation.is_double
        if target.attribute.name != "members" and any(double(target.attribute, e, n) for e in elements for n in new):
            raise invalid_value(f"{target.place} has that value already.")
        original(holder, target, value)

    around(service.patching, "append", append)


@fault("RFC7644-3.5.2.1-10", "RFC7644-3.5.2.1-12", "RFC7644-3.5.2.2-09")
def add_of_a_present_value_answers_304(service: Service) -> None:
    """PATCH that changes nothing answers 304."""

    def modify(original: Callable[..., Any], request: Any, kind: ResourceType, id_: str) -> Any:
        before = service.lifecycle.existing(kind, id_).resource
        response = original(request, kind, id_)
        if service.lifecycle.existing(kind, id_).resource is before:
            response.status, response.body = 304, b""
        return response

    around(service.lifecycle, "modify", modify)


@fault("RFC7644-3.5.2.1-11")
def add_of_a_present_value_moves_last_modified(service: Service) -> None:
    """PATCH that changes nothing moves meta.lastModified."""
    answer(service.lifecycle, "is_unchanged", value=False)


@fault("RFC7644-3.5.2.1-11")
def add_of_a_present_element_moves_last_modified(service: Service) -> None:
    """PATCH add of an element that is there already changes nothing, but moves meta.lastModified."""

    def is_unchanged(original: Callable[..., bool], before: Any, later: Any) -> bool:
        return original(before, later) and not touched

    def append(original: Change, holder: Resource, target: Target, value: Any) -> None:
        touched.append(target.place)
        original(holder, target, value)

    def patched(original: Callable[..., Resource], *arguments: Any) -> Resource:
        touched.clear()
        return original(*arguments)

    touched: list[str] = []
    around(service.patching, "append", append)
    around(service.patching, "patched", patched)
    around(service.lifecycle, "is_unchanged", is_unchanged)


@fault("RFC7644-3.5.2-18", "RFC7643-2.4-03")
def a_new_primary_leaves_the_old_one(service: Service) -> None:
    """PATCH that makes an element primary leaves another one primary too."""
    skip(service.patching, "switch_primary")
    during(service.lifecycle, "modify", service.validation, "check_primary", lambda *_: None)


@fault("RFC7644-3.5.2-18")
def a_new_primary_is_not_primary(service: Service) -> None:
    """PATCH that makes an element primary while another is leaves the other one primary, and not the new one."""

    def switch(_original: Callable[..., None], elements: list[Any], changed: Any) -> None:
        others = [e for e in elements if e is not changed and isinstance(e, dict) and e.get("primary") is True]
        if others and isinstance(changed, dict) and changed.get("primary") is True:
            changed["primary"] = False

    around(service.patching, "switch_primary", switch)

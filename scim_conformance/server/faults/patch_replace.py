"""Faults of the PATCH operation replace (RFC 7644 section 3.5.2.3)."""

from collections.abc import Callable
from typing import Any

from scim_conformance.server.bodies import Operation
from scim_conformance.server.during import during
from scim_conformance.server.errors import ScimError, no_target
from scim_conformance.server.faults import around, fault
from scim_conformance.server.faults.patch_add import Change, without_path
from scim_conformance.server.patch_changes import Target
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Service
from scim_conformance.server.validation import Resource


def replacing(service: Service, new: Callable[[Change, Resource, Target, Any], None]) -> None:
    """Wrap the operation replace."""
    around(service.patching, "replace", new)


@fault("RFC7644-3.5.2.3-02")
def replace_is_ignored(service: Service) -> None:
    """PATCH replace of an attribute with one value succeeds and leaves the old value."""

    def replace(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if target.attribute.multi_valued or target.attribute.name not in holder:
            original(holder, target, value)

    replacing(service, replace)


@fault("RFC7644-3.5.2.3-02", "RFC7644-3.5.2.3-04")
def replace_of_a_sub_attribute_wipes_the_others(service: Service) -> None:
    """PATCH replace of a sub-attribute takes its neighbours away."""

    def replace(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if target.sub is not None and not target.attribute.multi_valued:
            holder.pop(target.attribute.name, None)
        original(holder, target, value)

    replacing(service, replace)


@fault("RFC7644-3.5.2.3-04")
def replace_refuses_attributes_without_value(service: Service) -> None:
    """PATCH replace of an attribute that has no value is answered with 400 noTarget."""

    def replace(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if target.attribute.name not in holder:
            raise no_target(f"{target.place} has no value.")
        original(holder, target, value)

    replacing(service, replace)


@fault("RFC7644-3.5.2.3-04")
def replace_refuses_sub_attributes_without_value(service: Service) -> None:
    """PATCH replace of a sub-attribute that has no value is answered with 400 noTarget."""

    def replace(original: Change, holder: Resource, target: Target, value: Any) -> None:
        stored = holder.get(target.attribute.name)
        if target.sub and isinstance(stored, dict) and target.sub.name not in stored:
            raise no_target(f"{target.place} has no value.")
        original(holder, target, value)

    replacing(service, replace)


@fault("RFC7644-3.5.2.3-01", "RFC7644-3.5.2.3-02", "RFC7644-3.5.2.3-03")
def replace_without_path_is_ignored(service: Service) -> None:
    """PATCH replace without path succeeds and does nothing."""
    without_path(service, "replace", lambda *_: None)


@fault("RFC7644-3.5.2.3-03")
def replace_without_path_adds_elements(service: Service) -> None:
    """PATCH replace without path adds the elements of multi-valued attributes to those that were there."""

    def apply(original: Callable[..., None], kind: ResourceType, draft: Resource, operation: Operation) -> None:
        original(kind, draft, Operation("add", "", operation.value))

    without_path(service, "replace", apply)


@fault("RFC7644-3.5.2.3-02")
def replace_without_path_fails_on_simple_attributes(service: Service) -> None:
    """PATCH replace without path applies multi-valued attributes only."""

    def apply(original: Callable[..., None], kind: ResourceType, draft: Resource, operation: Operation) -> None:
        kept = {name: value for name, value in operation.value.items() if isinstance(value, list)}
        original(kind, draft, Operation("replace", "", kept))

    without_path(service, "replace", apply)


@fault("RFC7644-3.5.2.3-06")
def replace_wipes_the_rest_of_complex_attributes(service: Service) -> None:
    """PATCH replace of a complex attribute takes the sub-attributes away that it does not name."""
    during(service.patching, "replace", service.patching, "kept_sub_attributes", lambda _original, _stored: {})


@fault("RFC7644-3.5.2.3-03")
def replace_adds_elements(service: Service) -> None:
    """PATCH replace of a multi-valued attribute keeps the elements that were there, but for members."""

    def replace_all(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if target.attribute.name == "members":
            original(holder, target, value)
        else:
            service.patching.append(holder, target, value)

    around(service.patching, "replace_all", replace_all)


@fault("RFC7644-3.5.2.3-07", "RFC7644-3.5.2.3-08")
def replace_with_a_filter_hits_every_element(service: Service) -> None:
    """PATCH replace with a value filter changes every element."""

    def replace_elements(original: Change, holder: Resource, target: Target, value: Any) -> None:
        matching = service.patching.matching(holder, target)
        everything = Target(target.kind, target.extension, target.attribute, target.sub) if matching else target
        original(holder, everything, value)

    around(service.patching, "replace_elements", replace_elements)


@fault("RFC7644-3.5.2.3-07", "RFC7644-3.5.2.3-08")
def replace_with_a_filter_hits_the_first_element(service: Service) -> None:
    """PATCH replace with a value filter changes the first element, whichever matches."""

    def matching(original: Callable[..., list[Any]], holder: Resource, target: Target) -> list[Any]:
        return list(holder.get(target.attribute.name) or [])[:1] if original(holder, target) else []

    during(service.patching, "replace", service.patching, "matching", matching)


@fault("RFC7644-3.5.2.3-08")
def replace_with_a_filter_hits_one_match_only(service: Service) -> None:
    """PATCH replace with a value filter changes the first of the elements that match, and leaves the others."""
    during(service.patching, "replace", service.patching, "matching", lambda original, *args: original(*args)[:1])


@fault("RFC7644-3.5.2.3-07")
def replace_with_a_filter_adds_the_element(service: Service) -> None:
    """PATCH replace of a selected element adds the new one and keeps the old one."""

    def replace_elements(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if target.sub is None and service.patching.matching(holder, target):
            service.patching.append(holder, target, value)
        else:
            original(holder, target, value)

    around(service.patching, "replace_elements", replace_elements)


@fault("RFC7644-3.5.2.3-09")
def replace_without_match_creates_the_element(service: Service) -> None:
    """PATCH replace whose filter matches nothing makes the element that it describes."""

    def replace_elements(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if service.patching.matching(holder, target):
            original(holder, target, value)
        else:
            service.patching.add_to_elements(holder, target, value)

    around(service.patching, "replace_elements", replace_elements)


@fault("RFC7644-3.5.2.3-09")
def replace_without_match_succeeds(service: Service) -> None:
    """PATCH replace whose filter matches nothing succeeds and does nothing."""

    def replace_elements(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if service.patching.matching(holder, target):
            original(holder, target, value)

    around(service.patching, "replace_elements", replace_elements)


@fault("RFC7643-3.1-20")
def patch_leaves_external_id(service: Service) -> None:
    """PATCH replace of externalId succeeds and leaves the old value."""

    def replace(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if target.attribute.name != "externalId":
            original(holder, target, value)

    replacing(service, replace)


@fault("RFC7643-2.5-02")
def replace_with_null_fails(service: Service) -> None:
    """PATCH replace with null is answered with 500."""

    def replace(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if value is None:
            raise ScimError(500, None, "The server made a mistake.")
        original(holder, target, value)

    replacing(service, replace)

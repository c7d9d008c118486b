"""Faults of PATCH that show on some targets alone: extensions, selected elements, values without path."""

from collections.abc import Callable, Iterable
from typing import Any

from scim_conformance.server.bodies import Operation
from scim_conformance.server.during import during
from scim_conformance.server.errors import ScimError, no_target
from scim_conformance.server.faults import around, fault
from scim_conformance.server.faults.patch_add import Change, adding, without_path
from scim_conformance.server.faults.patch_remove import removing
from scim_conformance.server.faults.patch_replace import replacing
from scim_conformance.server.patch_changes import Target
from scim_conformance.server.paths import attribute_path
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Service
from scim_conformance.server.validation import Resource

CORE = "urn:ietf:params:scim:schemas:core:"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def operating(service: Service, new: Callable[..., None]) -> None:
    """Wrap the application of one operation."""
    around(service.patching, "operate", new)


# -- schemas --------------------------------------------------------------------------------


@fault("RFC7644-3.5.2-09")
def patch_refuses_the_core_schema_in_paths(service: Service) -> None:
    """PATCH does not understand a path that begins with the URI of the core schema, and answers 400."""

    def operate(original: Callable[..., None], kind: ResourceType, draft: Resource, operation: Operation) -> None:
        if operation.path.lower().startswith(CORE):
            raise no_target(f"There is no attribute {operation.path}.")
        original(kind, draft, operation)

    operating(service, operate)


@fault("RFC7644-3.5.2-15")
def patch_knows_the_schemas_of_the_beginning(service: Service) -> None:
    """PATCH refuses an operation on an extension that an earlier operation of the request has added."""

    def patched(original: Callable[..., Resource], kind: ResourceType, old: Resource, all_: Iterable[Operation]) -> Any:
        operations = list(all_)
        late = [each for each in operations if each.path.startswith(ENTERPRISE)][1:]
        if late and ENTERPRISE not in old:
            raise no_target(f"The resource has no attribute {late[0].path}.")
        return original(kind, old, operations)

    around(service.patching, "patched", patched)


@fault("RFC7644-3.5.2-15")
def patch_starts_extensions_anew(service: Service) -> None:
    """PATCH of several attributes of an extension that the resource did not have keeps the last alone."""

    def patched(original: Callable[..., Resource], kind: ResourceType, old: Resource, all_: Iterable[Operation]) -> Any:
        operations = list(all_)
        if ENTERPRISE in old:
            return original(kind, old, operations)
        last = next((each for each in reversed(operations) if each.path.startswith(ENTERPRISE)), None)
        return original(kind, old, [e for e in operations if e is last or not e.path.startswith(ENTERPRISE)])

    around(service.patching, "patched", patched)


@fault("RFC7644-3.5.2-14")
def patch_looks_in_the_extension_first(service: Service) -> None:
    """PATCH of a resource with an extension looks for a name without URI in the extension alone."""

    def operate(original: Callable[..., None], kind: ResourceType, draft: Resource, operation: Operation) -> None:
        plain = operation.path.isalpha()
        if plain and ENTERPRISE in draft and operation.op == "replace":
            path = attribute_path(f"{ENTERPRISE}:{operation.path}")
            if service.resource_types.locate(kind, path) is None:
                raise no_target(f"There is no attribute {operation.path}.")
        original(kind, draft, operation)

    operating(service, operate)


@fault("RFC7644-3.5.2-14")
def patch_without_uri_drops_the_extension(service: Service) -> None:
    """PATCH replace of a core attribute by its bare name takes the extension away."""

    def replace(original: Change, holder: Resource, target: Target, value: Any) -> None:
        original(holder, target, value)
        if not target.extension and target.sub is None and not target.attribute.multi_valued:
            holder.pop(ENTERPRISE, None)

    replacing(service, replace)


# -- extensions -----------------------------------------------------------------------------


def in_extensions(service: Service, op: str, new: Change) -> None:
    """Put something else in the place of an operation on an attribute of an extension."""

    def apply(original: Change, holder: Resource, target: Target, value: Any) -> None:
        (new if target.extension else original)(holder, target, value)

    around(service.patching, op, apply)


@fault("RFC7644-3.5.2.1-04")
def add_ignores_complex_extension_attributes(service: Service) -> None:
    """PATCH add of a complex attribute of an extension succeeds and does nothing."""

    def add(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if not (target.extension and target.attribute.type == "complex"):
            original(holder, target, value)

    adding(service, add)


@fault("RFC7644-3.5.2.1-04")
def add_ignores_dotted_paths(service: Service) -> None:
    """PATCH add of a sub-attribute by its path succeeds and does nothing."""

    def add(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if target.sub is None or target.filter is not None:
            original(holder, target, value)

    adding(service, add)


@fault("RFC7644-3.5.2.3-02")
def replace_ignores_extensions(service: Service) -> None:
    """PATCH replace of an attribute of an extension that has a value succeeds and leaves the old one."""

    def replace(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if not target.extension or target.attribute.name not in holder or "costCenter" not in holder:
            original(holder, target, value)

    replacing(service, replace)


@fault("RFC7644-3.5.2.1-03")
def add_without_path_ignores_extensions(service: Service) -> None:
    """PATCH add without path passes over an extension in its value."""

    def apply(original: Callable[..., None], kind: ResourceType, draft: Resource, operation: Operation) -> None:
        kept = {name: value for name, value in operation.value.items() if not name.startswith("urn:")}
        original(kind, draft, Operation("add", "", kept))

    without_path(service, "add", apply)


@fault("RFC7644-3.5.2.2-02")
def remove_ignores_extensions(service: Service) -> None:
    """PATCH remove of an attribute of an extension succeeds and does nothing."""
    in_extensions(service, "remove", lambda _holder, _target, _value: None)


@fault("RFC7644-3.5.2.2-02")
def remove_empties_extensions(service: Service) -> None:
    """PATCH remove of an attribute of an extension takes all of the extension away."""
    in_extensions(service, "remove", lambda holder, _target, _value: holder.clear())


@fault("RFC7644-3.5.2.2-02")
def remove_of_nothing_fails(service: Service) -> None:
    """PATCH remove of a text attribute that has no value answers 500."""

    def remove(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if target.sub is None and target.attribute.type == "string" and target.attribute.name not in holder:
            raise ScimError(500, None, "The server made a mistake.")
        original(holder, target, value)

    removing(service, remove)


# -- values without path --------------------------------------------------------------------


@fault("RFC7644-3.5.2.1-13")
def add_without_path_is_case_sensitive(service: Service) -> None:
    """PATCH add without path passes over names that are not in the very letters of the schema."""

    def apply(original: Callable[..., None], kind: ResourceType, draft: Resource, operation: Operation) -> None:
        known = {each.name for each in service.resource_types.base(kind).attributes}
        kept = {name: value for name, value in operation.value.items() if name in known or ":" in name}
        original(kind, draft, Operation("add", "", kept))

    without_path(service, "add", apply)


@fault("RFC7644-3.5.2.3-01", "RFC7644-3.5.2.3-05")
def replace_without_path_ignores_complex_attributes(service: Service) -> None:
    """PATCH replace without path passes over complex attributes in its value."""

    def apply(original: Callable[..., None], kind: ResourceType, draft: Resource, operation: Operation) -> None:
        kept = {name: value for name, value in operation.value.items() if not isinstance(value, dict)}
        original(kind, draft, Operation("replace", "", kept))

    without_path(service, "replace", apply)


@fault("RFC7644-3.5.2.3-05")
def replace_of_complex_attributes_adds_only(service: Service) -> None:
    """PATCH replace of a complex attribute sets sub-attributes that have no value, and leaves the others."""

    def replace(original: Change, holder: Resource, target: Target, value: Any) -> None:
        stored = holder.get(target.attribute.name)
        if isinstance(stored, dict) and isinstance(value, dict) and target.sub is None:
            value = {name: each for name, each in value.items() if name not in stored} or dict(stored)
        original(holder, target, value)

    replacing(service, replace)


# -- selected elements ----------------------------------------------------------------------


@fault("RFC7644-3.5.2.1-08")
def add_to_an_element_replaces_it(service: Service) -> None:
    """PATCH add to a selected element takes the sub-attributes away that it does not name."""

    def change(original: Callable[..., None], holder: Resource, target: Target, element: Resource, value: Any) -> None:
        if target.sub is None and isinstance(value, dict) and len(value) == 1:
            element.clear()
        original(holder, target, element, value)

    during(service.patching, "add", service.patching, "change_element", change)


@fault("RFC7644-3.5.2.1-08")
def add_to_an_element_hits_every_element(service: Service) -> None:
    """PATCH add of an object to a selected element adds it to every element."""

    def is_match(original: Callable[..., bool], target: Target, element: Any) -> bool:
        return target.sub is None or original(target, element)

    during(service.patching, "add", service.patching, "is_match", is_match)


@fault("RFC7644-3.5.2.1-08")
def add_without_match_replaces_every_element(service: Service) -> None:
    """PATCH add whose filter matches nothing leaves the element that it makes alone."""

    def described(original: Callable[..., Resource], holder: Resource, target: Target) -> Resource:
        holder.pop(target.attribute.name, None)
        return original(holder, target)

    around(service.patching, "described_element", described)


@fault("RFC7644-3.5.2-18")
def patch_of_primary_leaves_the_others(service: Service) -> None:
    """PATCH that sets primary by its path leaves other elements primary."""

    def change(_original: Callable[..., None], *_: Any) -> None:
        return None

    during(service.patching, "replace_elements", service.patching, "switch_primary", change)
    during(service.lifecycle, "modify", service.validation, "check_primary", lambda *_: None)


@fault("RFC7644-3.5.2.3-08")
def replace_with_a_filter_on_a_boolean_finds_nothing(service: Service) -> None:
    """PATCH replace whose path selects by a boolean is refused, as if nothing matched."""
    by_boolean(service, lambda _original, _target, _element: False)


@fault("RFC7644-3.5.2.3-08")
def replace_with_a_filter_on_a_boolean_hits_every_element(service: Service) -> None:
    """PATCH replace whose path selects by a boolean changes every element."""
    by_boolean(service, lambda _original, _target, _element: True)


def by_boolean(service: Service, new: Callable[..., bool]) -> None:
    """Change which elements a filter on a boolean selects, for replace."""

    def is_match(original: Callable[..., bool], target: Target, element: Any) -> bool:
        value = getattr(target.filter, "value", None)
        return new(original, target, element) if isinstance(value, bool) else original(target, element)

    during(service.patching, "replace", service.patching, "is_match", is_match)

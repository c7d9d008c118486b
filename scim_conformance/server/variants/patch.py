"""Variants of PATCH: what RFC 7644 section 3.5.2 leaves open, contradicts itself in, or lets pass with a warning."""

from collections.abc import Callable, Iterable
from typing import Any

from scim_conformance.server.bodies import Operation
from scim_conformance.server.during import during
from scim_conformance.server.errors import ScimError, invalid_value, no_target
from scim_conformance.server.messages import Request
from scim_conformance.server.patch_changes import Target
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.schema import Attribute
from scim_conformance.server.service import Service
from scim_conformance.server.validation import Resource
from scim_conformance.server.variants import around, swap, variant

Change = Callable[[Resource, Target, Any], None]


def operating(service: Service, new: Callable[..., None]) -> None:
    """Wrap the application of one operation of a PATCH."""
    around(service.patching, "operate", new)


def calling(service: Service, right: str, other: str) -> None:
    """Call what PATCH refuses otherwise."""

    def operate(original: Callable[..., None], *args: Any) -> None:
        try:
            original(*args)
        except ScimError as error:
            if error.scim_type == right:
                raise ScimError(error.status, other, error.detail) from None
            raise

    operating(service, operate)


@variant()
def patch_of_nothing_succeeds(service: Service) -> None:
    """A PATCH without operations succeeds, which earns no more than a warning; Entra ID sends such (A77)."""

    def operations(original: Callable[[Request], list[Operation]], request: Request) -> list[Operation]:
        try:
            return original(request)
        except ScimError as error:
            if error.detail.startswith("Operations has"):
                return []
            raise

    around(service.bodies, "patch_operations", operations)


@variant()
def patch_without_schemas_is_performed(service: Service) -> None:
    """A PATCH that does not name its schema is performed, which earns no more than a warning (A15)."""
    around(
        service.bodies,
        "check_message_schema",
        lambda original, members, urn: None if urn.endswith("PatchOp") else original(members, urn),
    )


@variant()
def patch_refuses_null(service: Service) -> None:
    """A PATCH whose value is null or empty is refused with invalidValue (A13)."""

    def operate(original: Callable[..., None], kind: ResourceType, draft: Resource, operation: Operation) -> None:
        if operation.op != "remove" and operation.value in (None, []):
            raise invalid_value("null is no value of a PATCH.")
        original(kind, draft, operation)

    operating(service, operate)


@variant()
def removing_what_is_unassigned_has_no_target(service: Service) -> None:
    """A PATCH remove of an attribute that has no value is refused with noTarget (A05)."""

    def remove(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if target.filter is None and target.attribute.name not in holder and target.attribute.name != "members":
            raise no_target(f"{target.place} has no value.")
        original(holder, target, value)

    around(service.patching, "remove", remove)


@variant()
def adding_to_nothing_does_nothing(service: Service) -> None:
    """A PATCH add by a filter that matches nothing does nothing (A34)."""

    def add(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if target.filter is None or service.patching.matching(holder, target):
            original(holder, target, value)

    around(service.patching, "add", add)


@variant()
def no_target_is_an_invalid_path(service: Service) -> None:
    """A PATCH whose path selects nothing is refused with invalidPath, which earns no more than a warning (A06)."""
    calling(service, "noTarget", "invalidPath")


@variant()
def bad_values_are_bad_syntax(service: Service) -> None:
    """A PATCH with a value of the wrong type is refused with invalidSyntax (A39)."""
    calling(service, "invalidValue", "invalidSyntax")


@variant()
def removing_what_is_required_is_a_bad_value(service: Service) -> None:
    """A PATCH remove of a required attribute is refused with invalidValue, as Table 9 suggests (A38)."""

    def check(original: Callable[..., None], attribute: Attribute, *rest: Any) -> None:
        if attribute.required:
            raise invalid_value(f"{attribute.name} is required.")
        original(attribute, *rest)

    around(service.patching, "check_removable", check)


@variant()
def patch_ignores_read_only_attributes(service: Service) -> None:
    """A PATCH replace of a readOnly attribute succeeds and changes nothing, which earns a warning (A37)."""

    def on_target(original: Callable[..., None], draft: Resource, target: Target, operation: Operation) -> None:
        leaf = target.sub or target.attribute
        read_only = "readOnly" in (leaf.mutability, target.attribute.mutability)
        if not read_only or operation.op == "remove":
            original(draft, target, operation)

    around(service.patching, "on_target", on_target)


@variant()
def values_without_path_replace_the_whole(service: Service) -> None:
    """A PATCH replace without path replaces complex attributes as a whole, which earns a warning (A32)."""

    def member(original: Callable[..., None], kind: ResourceType, draft: Resource, name: str, each: Operation) -> None:
        if (
            each.op == "replace"
            and isinstance(each.value, dict)
            and isinstance(draft.get(name), dict)
            and ":" not in name
        ):
            draft.pop(name)
        original(kind, draft, name, each)

    around(service.patching, "member", member)


@variant()
def single_elements_are_refused(service: Service) -> None:
    """A PATCH add of one element that is not in a list is refused, which earns no more than a warning (A33)."""

    def append(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if not isinstance(value, list):
            raise invalid_value(f"{target.place} takes a list.")
        original(holder, target, value)

    around(service.patching, "append", append)


@variant()
def extensions_have_no_paths_of_their_own(service: Service) -> None:
    """A PATCH path that is the URI of an extension and nothing else is refused; the grammar has none (A36)."""

    def whole(original: Callable[..., None], kind: ResourceType, draft: Resource, urn: str, each: Operation) -> None:
        if each.path:
            raise no_target(f"{urn} is no attribute.")
        original(kind, draft, urn, each)

    def member(original: Callable[..., None], kind: ResourceType, draft: Resource, name: str, each: Operation) -> None:
        original(kind, draft, name, Operation(each.op, "", each.value) if name.startswith("urn:") else each)

    around(service.patching, "whole_extension", whole)
    around(service.patching, "member", member)


@variant()
def remove_with_a_value_removes_all(service: Service) -> None:
    """A PATCH remove takes no account of a value, which the RFC does not know there (A35)."""
    around(service.patching, "remove", lambda original, holder, target, _value: original(holder, target, None))


@variant()
def replacing_by_the_same_moves_last_modified(service: Service) -> None:
    """A PATCH replace by the value that is there counts as a change; the rule is about add alone (A40)."""
    replaced: list[bool] = []

    def patched(original: Callable[..., Resource], kind: ResourceType, old: Resource, all_: Iterable[Operation]) -> Any:
        operations = list(all_)
        replaced[:] = [any(each.op == "replace" for each in operations)]
        return original(kind, old, operations)

    def unchanged(original: Callable[..., bool], *args: Any) -> bool:
        return not replaced[0] and original(*args)

    around(service.patching, "patched", patched)
    during(service.lifecycle, "modify", service.lifecycle, "is_unchanged", unchanged)


@variant()
def doubled_elements_are_kept(service: Service) -> None:
    """Elements given twice in POST and PUT are kept, which earns no more than a warning (A23)."""
    around(
        service.validation,
        "without_doubles",
        lambda original, attribute, elements: (
            original(attribute, elements) if attribute.name == "members" else list(elements)
        ),
    )


@variant()
def put_ignores_another_immutable_value(service: Service) -> None:
    """A PUT with another value for an immutable attribute leaves it as it was, which earns a warning (A41)."""
    swap(service.validation, "immutable", lambda _attribute, value, stored, _place: value if stored is None else stored)

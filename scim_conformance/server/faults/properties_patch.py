"""Faults of PATCH that only several operations in one request show (RFC 7644 section 3.5.2)."""

from collections.abc import Callable, Iterable
from typing import Any

from scim_conformance.server.bodies import Operation
from scim_conformance.server.errors import ScimError
from scim_conformance.server.faults import around, fault, swap
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Service
from scim_conformance.server.validation import Resource

Patched = Callable[[ResourceType, Resource, Iterable[Operation]], Resource]


def rearranged(service: Service, change: Callable[[list[Operation]], list[Operation]]) -> None:
    """Apply other operations than those that were sent."""

    def patched(original: Patched, kind: ResourceType, resource: Resource, operations: Iterable[Operation]) -> Resource:
        return original(kind, resource, change(list(operations)))

    around(service.patching, "patched", patched)


def attribute_of(operation: Operation) -> str:
    """Give the attribute that an operation is about, in lower case; "" without path."""
    return operation.path.partition("[")[0].partition(".")[0].lower()


@fault("RFC7644-3.5.2-17")
def the_third_operation_is_ignored(service: Service) -> None:
    """The third operation of a PATCH request is passed over."""
    rearranged(service, lambda operations: operations[:2] + operations[3:])


@fault("RFC7644-3.5.2-17")
def removals_are_done_last(service: Service) -> None:
    """PATCH removes what is to be removed after it has added and replaced, whatever the order of the operations."""

    def change(operations: list[Operation]) -> list[Operation]:
        return sorted(operations, key=lambda operation: operation.op == "remove")

    rearranged(service, change)


@fault("RFC7644-3.5.2-17")
def of_operations_on_one_attribute_the_last_counts(service: Service) -> None:
    """Of several operations of one PATCH request on the same attribute only the last is applied."""

    def change(operations: list[Operation]) -> list[Operation]:
        last = {attribute_of(operation): number for number, operation in enumerate(operations)}
        return [
            operation
            for number, operation in enumerate(operations)
            if not operation.path or last[attribute_of(operation)] == number
        ]

    rearranged(service, change)


@fault("RFC7644-3.5.2-18")
def a_new_primary_switches_off_the_first_element_only(service: Service) -> None:
    """PATCH that makes an element primary makes the first of the others not primary, and leaves the rest."""

    def switch(original: Callable[..., None], elements: list[Any], changed: Any) -> None:
        others = [element for element in elements if element is not changed]
        original([*others[:1], changed], changed)

    around(service.patching, "switch_primary", switch)
    swap(service.validation, "check_primary", lambda *_: None)


@fault("RFC7644-3.5.2-20")
def a_failed_patch_keeps_changes_inside_of_values(service: Service) -> None:
    """A PATCH that fails leaves behind what its operations changed inside of complex and multi-valued attributes."""
    swap(service.patching, "draft", dict)


@fault("RFC7644-3.5.2-21")
def later_operations_fail_in_silence(service: Service) -> None:
    """The failure of any operation but the first is passed over, and the PATCH succeeds."""

    def operate(original: Callable[..., None], kind: ResourceType, draft: Resource, operation: Operation) -> None:
        try:
            original(kind, draft, operation)
        except ScimError:
            if operation is first[0]:
                raise

    def patched(original: Patched, kind: ResourceType, resource: Resource, operations: Iterable[Operation]) -> Resource:
        listed = list(operations)
        first[:] = listed[:1]
        return original(kind, resource, listed)

    first: list[Operation] = []
    around(service.patching, "operate", operate)
    around(service.patching, "patched", patched)

"""Faults of PATCH as a whole (RFC 7644 section 3.5.2): its answer, the order of operations, paths, what is readOnly."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from scim_conformance.server.bodies import Operation
from scim_conformance.server.during import during
from scim_conformance.server.errors import ScimError, no_target, not_implemented
from scim_conformance.server.faults import after, around, fault, swap
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.patch_changes import Target
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Service
from scim_conformance.server.validation import Resource

Modify = Callable[[Request, ResourceType, str], Response]
Patched = Callable[[ResourceType, Resource, Iterable[Operation]], Resource]


def answering(service: Service, change: Callable[[Response], Response]) -> None:
    """Change the answer to a successful PATCH."""
    after(service.answers, "modified", change)


# -- the answer -----------------------------------------------------------------------------


@fault("RFC7644-3.5.2-23")
def patch_answers_201(service: Service) -> None:
    """PATCH answers 201, as if it had created something."""

    def modified(response: Response) -> Response:
        response.status = 201
        return response

    answering(service, modified)


@fault("RFC7644-3.5.2-23")
def patch_answers_202(service: Service) -> None:
    """PATCH answers 202, as if it were done some time later."""
    answering(service, lambda response: Response(202, response.headers))


@fault("RFC7644-3.5.2-23")
def patch_answers_200_without_body(service: Service) -> None:
    """PATCH answers 200 without the resource."""

    def modified(response: Response) -> Response:
        response.headers.remove("Content-Type")
        response.body = b""
        return response

    answering(service, modified)


@fault("RFC7644-3.5.2-23")
def patch_answers_with_a_part(service: Service) -> None:
    """PATCH answers 200 with schemas, id, meta and the name of the resource alone."""

    def modified(response: Response) -> Response:
        kept = ("schemas", "id", "meta", "displayName")
        response.body = json.dumps({name: value for name, value in response.json.items() if name in kept}).encode()
        return response

    answering(service, modified)


@fault("RFC7644-3.5.2-23")
def patch_answers_with_the_old_resource(service: Service) -> None:
    """PATCH stores the new values, and answers with the old ones."""

    def modify(original: Modify, request: Request, kind: ResourceType, id_: str) -> Response:
        before = service.lifecycle.read(request, kind, id_).body
        response = original(request, kind, id_)
        response.body = before
        return response

    around(service.lifecycle, "modify", modify)


@fault("RFC7644-3.5.2-25")
def patch_with_attributes_answers_204(service: Service) -> None:
    """PATCH answers 204 even if it asks for attributes."""

    def modify(original: Modify, request: Request, kind: ResourceType, id_: str) -> Response:
        response = original(request, kind, id_)
        return Response(204) if request.query else response

    around(service.lifecycle, "modify", modify)


@fault("RFC7644-3.5.2-26")
def patch_of_an_unknown_id_succeeds(service: Service) -> None:
    """PATCH of an id that does not exist answers 200."""

    def modify(original: Modify, request: Request, kind: ResourceType, id_: str) -> Response:
        if service.store.get(kind.name, id_) is None:
            return service.answers.document(request, 200, {"id": id_})
        return original(request, kind, id_)

    around(service.lifecycle, "modify", modify)


@fault("RFC7644-3.5.2-26")
def patch_of_an_unknown_id_fails(service: Service) -> None:
    """PATCH of an id that does not exist answers 500."""

    def modify(original: Modify, request: Request, kind: ResourceType, id_: str) -> Response:
        if service.store.get(kind.name, id_) is None:
            raise ScimError(500, None, "The server made a mistake.")
        return original(request, kind, id_)

    around(service.lifecycle, "modify", modify)


@fault("RFC7644-3.5-02")
def patch_is_advertised_only(service: Service) -> None:
    """ServiceProviderConfig says that PATCH is supported, and PATCH answers 501."""

    def modify(_original: Modify, _request: Request, _kind: ResourceType, _id: str) -> Response:
        raise not_implemented("PATCH is not supported.")

    around(service.lifecycle, "modify", modify)


@fault("RFC7644-3.12-17", "RFC7644-3.5.2-01")
def patch_unadvertised_pretends(service: Service) -> None:
    """ServiceProviderConfig says that PATCH is not supported, and PATCH answers 200 and does nothing."""
    service.capabilities.patch = False
    around(service.lifecycle, "modify", lambda _, request, kind, id_: service.lifecycle.read(request, kind, id_))


@fault("RFC7643-3.1-26")
def patch_leaves_last_modified(service: Service) -> None:
    """PATCH changes the resource, and leaves meta.lastModified as it was."""

    def stamped(original: Callable[..., Resource], before: Mapping[str, Any], draft: Resource) -> Resource:
        return {**original(before, draft), "meta": before["meta"]}

    during(service.lifecycle, "modify", service.lifecycle, "stamped_change", stamped)


# -- operations together --------------------------------------------------------------------


def patching(service: Service, new: Callable[[Patched, ResourceType, Resource, list[Operation]], Resource]) -> None:
    """Wrap the application of all operations of a PATCH."""
    around(service.patching, "patched", lambda original, kind, resource, ops: new(original, kind, resource, list(ops)))


def save(service: Service, kind: ResourceType, id_: str, draft: Resource) -> Resource:
    """Store what operations made so far."""
    return service.lifecycle.changed(kind, service.lifecycle.existing(kind, id_), draft)


@fault("RFC7644-3.5.2-19", "RFC7644-3.5.2-20")
def patch_keeps_the_operations_before_a_failure(service: Service) -> None:
    """PATCH stores each operation by itself, so that a failing one leaves those before it in force."""

    def patched(original: Patched, kind: ResourceType, resource: Resource, operations: list[Operation]) -> Resource:
        for operation in operations:
            resource = save(service, kind, resource["id"], original(kind, resource, [operation]))
        return original(kind, resource, [])

    patching(service, patched)


@fault("RFC7644-3.5.2-19", "RFC7644-3.5.2-20")
def patch_goes_on_after_a_failure(service: Service) -> None:
    """PATCH refuses a request with a failing operation, but applies those after it."""

    def patched(original: Patched, kind: ResourceType, resource: Resource, operations: list[Operation]) -> Resource:
        try:
            return original(kind, resource, operations)
        except ScimError:
            failed = False
            for operation in operations:
                try:
                    draft = original(kind, resource, [operation])
                except ScimError:
                    failed = True
                else:
                    resource = save(service, kind, resource["id"], draft) if failed else resource
            raise

    patching(service, patched)


@fault("RFC7644-3.5.2-20")
def patch_that_fails_moves_last_modified(service: Service) -> None:
    """PATCH that is refused changes nothing, but moves meta.lastModified."""

    def patched(original: Patched, kind: ResourceType, resource: Resource, operations: list[Operation]) -> Resource:
        try:
            return original(kind, resource, operations)
        except ScimError:
            record = service.lifecycle.existing(kind, resource["id"])
            service.lifecycle.update(kind, record, dict(resource))
            raise

    patching(service, patched)


@fault("RFC7644-3.5.2-17")
def patch_applies_operations_backwards(service: Service) -> None:
    """PATCH applies the last operation first."""
    patching(service, lambda original, kind, resource, operations: original(kind, resource, operations[::-1]))


@fault("RFC7644-3.5.2-17")
def patch_applies_the_first_operation_only(service: Service) -> None:
    """PATCH applies the first operation and ignores the others."""
    patching(service, lambda original, kind, resource, operations: original(kind, resource, operations[:1]))


@fault("RFC7644-3.5.2-17")
def patch_sorts_operations(service: Service) -> None:
    """PATCH applies all removals first, then the other operations."""

    def patched(original: Patched, kind: ResourceType, resource: Resource, operations: list[Operation]) -> Resource:
        return original(kind, resource, sorted(operations, key=lambda operation: operation.op != "remove"))

    patching(service, patched)


@fault("RFC7644-3.5.2-02", "RFC7644-3.5.2-05")
def patch_takes_unknown_operations_for_replace(service: Service) -> None:
    """PATCH takes an operation that it does not know for a replace."""
    names = ("add", "remove", "replace")
    swap(service.bodies, "operation_name", lambda op: op.lower() if str(op).lower() in names else "replace")


@fault("RFC7644-3.5.2-02", "RFC7644-3.5.2-05")
def patch_ignores_unknown_operations(service: Service) -> None:
    """PATCH passes over an operation that it does not know, and succeeds."""
    swap(service.bodies, "operation_name", lambda op: str(op).lower())

    def operate(original: Callable[..., None], kind: ResourceType, draft: Resource, operation: Operation) -> None:
        if operation.op in ("add", "remove", "replace"):
            original(kind, draft, operation)

    around(service.patching, "operate", operate)


# -- paths ----------------------------------------------------------------------------------


@fault("RFC7644-3.5.2-09")
def patch_ignores_malformed_paths(service: Service) -> None:
    """PATCH passes over an operation whose path it cannot read, and succeeds."""

    def operate(original: Callable[..., None], kind: ResourceType, draft: Resource, operation: Operation) -> None:
        try:
            original(kind, draft, operation)
        except ScimError as problem:
            if problem.scim_type not in ("invalidPath", "invalidFilter"):
                raise

    around(service.patching, "operate", operate)


@fault("RFC7644-3.5.2-09")
def patch_fails_on_malformed_paths(service: Service) -> None:
    """PATCH answers 500 when it cannot read a path."""

    def operate(original: Callable[..., None], kind: ResourceType, draft: Resource, operation: Operation) -> None:
        try:
            original(kind, draft, operation)
        except ScimError as problem:
            if problem.scim_type in ("invalidPath", "invalidFilter"):
                raise ScimError(500, None, "The server made a mistake.") from problem
            raise

    around(service.patching, "operate", operate)


@fault("RFC7644-3.10-05")
def patch_paths_are_case_sensitive(service: Service) -> None:
    """PATCH knows an attribute only by its name in the very letters of the schema."""

    def target(original: Callable[..., Target], kind: ResourceType, located: Any, path: Any) -> Target:
        found = original(kind, located, path)
        sub = path.attribute.sub
        if path.attribute.name != found.attribute.name or (sub and found.sub and sub != found.sub.name):
            raise no_target(f"There is no attribute {path.attribute}.")
        return found

    around(service.patching, "target", target)


@fault("RFC7644-3.10-05")
def patch_sub_attributes_are_case_sensitive(service: Service) -> None:
    """PATCH knows a sub-attribute only by its name in the very letters of the schema, and ignores it otherwise."""

    def on_target(original: Callable[..., None], draft: Resource, target: Target, operation: Operation) -> None:
        if target.sub is None or target.sub.name in (operation.path or target.sub.name):
            original(draft, target, operation)

    around(service.patching, "on_target", on_target)


@fault("RFC7644-3.10-04", "RFC7644-3.5.2.3-02")
def patch_has_no_dotted_paths(service: Service) -> None:
    """PATCH does not understand the dot before a sub-attribute, and answers 400."""

    def operate(original: Callable[..., None], kind: ResourceType, draft: Resource, operation: Operation) -> None:
        if "." in operation.path.partition("[")[0] and not operation.path.lower().startswith("urn:"):
            raise no_target(f"There is no attribute {operation.path}.")
        original(kind, draft, operation)

    around(service.patching, "operate", operate)


@fault("RFC7644-3.10-03", "RFC7644-3.5.2-09")
def patch_has_no_extension_paths(service: Service) -> None:
    """PATCH does not understand a path that begins with the URI of an extension, and answers 400."""

    def operate(original: Callable[..., None], kind: ResourceType, draft: Resource, operation: Operation) -> None:
        if operation.path.lower().startswith("urn:"):
            raise no_target(f"There is no attribute {operation.path}.")
        original(kind, draft, operation)

    around(service.patching, "operate", operate)


@fault("RFC7644-3.10-03")
def patch_ignores_extension_paths(service: Service) -> None:
    """PATCH passes over an operation on an attribute of an extension, and succeeds."""

    def operate(original: Callable[..., None], kind: ResourceType, draft: Resource, operation: Operation) -> None:
        if not operation.path.lower().startswith("urn:"):
            original(kind, draft, operation)

    around(service.patching, "operate", operate)


# -- values and mutability ------------------------------------------------------------------


@fault("RFC7644-3.5.2-10")
def patch_takes_any_text_for_a_boolean(service: Service) -> None:
    """PATCH takes any text but "true" for false."""

    def boolean(_original: Callable[..., bool], value: Any, _place: str) -> bool:
        return value is True or str(value).lower() == "true"

    during(service.lifecycle, "modify", service.values, "boolean", boolean)


@fault("RFC7643-2.3.2-01")
def patch_stores_booleans_as_text(service: Service) -> None:
    """PATCH stores a boolean that is sent as a string as that string."""

    def boolean(original: Callable[..., bool], value: Any, place: str) -> Any:
        return value if isinstance(value, str) and original(value, place) is not None else original(value, place)

    during(service.lifecycle, "modify", service.values, "boolean", boolean)


@fault("RFC7643-7-28", "RFC7644-3.5.2-10", "RFC7644-3.5.2-11")
def patch_changes_created(service: Service) -> None:
    """PATCH replaces meta.created."""
    changing_meta(service, "created")


@fault("RFC7643-7-28", "RFC7644-3.5.2-10", "RFC7644-3.5.2-11")
def patch_changes_the_resource_type(service: Service) -> None:
    """PATCH replaces meta.resourceType."""
    changing_meta(service, "resourceType")


def changing_meta(service: Service, name: str) -> None:
    """Let PATCH replace one member of meta."""

    def on_target(original: Callable[..., None], draft: Resource, target: Target, operation: Operation) -> None:
        if target.place == f"meta.{name}" and operation.op == "replace":
            draft["meta"][name] = operation.value
        else:
            original(draft, target, operation)

    def stamped(original: Callable[..., Resource], before: Mapping[str, Any], draft: Resource) -> Resource:
        changed = original(before, draft)
        return {**changed, "meta": {**changed["meta"], name: draft.get("meta", before["meta"])[name]}}

    around(service.patching, "on_target", on_target)
    during(service.lifecycle, "modify", service.lifecycle, "stamped_change", stamped)


@fault("RFC7643-7-28", "RFC7644-3.5.2-10")
def patch_changes_the_id(service: Service) -> None:
    """PATCH replaces the id, and the resource is found there from then on."""

    def modify(original: Modify, request: Request, kind: ResourceType, id_: str) -> Response:
        operations = service.bodies.patch_operations(request)
        new = next((each.value for each in operations if each.op == "replace" and each.path == "id"), None)
        if new is None:
            return original(request, kind, id_)
        record = service.lifecycle.existing(kind, id_)
        service.store.remove(kind.name, id_)
        service.lifecycle.insert(kind, {**record.resource, "id": new})
        return service.lifecycle.read(request, kind, new)

    around(service.lifecycle, "modify", modify)

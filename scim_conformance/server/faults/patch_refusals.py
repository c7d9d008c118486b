"""Faults in what PATCH refuses, and how it says so (RFC 7644 sections 3.5.2 and 3.12)."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from scim_conformance.server.bodies import Operation
from scim_conformance.server.during import during
from scim_conformance.server.errors import ScimError, mutability
from scim_conformance.server.faults import around, fault, swap
from scim_conformance.server.messages import Headers, Request, Response
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.schema import Attribute
from scim_conformance.server.service import Service
from scim_conformance.server.validation import Resource

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
Modify = Callable[[Request, ResourceType, str], Response]


def operating(service: Service, new: Callable[..., None]) -> None:
    """Wrap the application of one operation."""
    around(service.patching, "operate", new)


def refusing(service: Service, change: Callable[[Request, ScimError], Response | None]) -> None:
    """Answer a PATCH that is refused otherwise, or change the refusal."""

    def modify(original: Modify, request: Request, kind: ResourceType, id_: str) -> Response:
        try:
            return original(request, kind, id_)
        except ScimError as error:
            answer = change(request, error) if error.status == HTTPStatus.BAD_REQUEST else None
            if answer is None:
                raise
            return answer

    around(service.lifecycle, "modify", modify)


# -- what does not suit ---------------------------------------------------------------------


@fault("RFC7644-3.5.2-10", "RFC7644-3.5.2-13")
def patch_passes_over_unfit_values(service: Service) -> None:
    """PATCH passes over an operation whose value does not suit the attribute's type, and succeeds."""

    def operate(original: Callable[..., None], kind: ResourceType, draft: Resource, operation: Operation) -> None:
        try:
            original(kind, draft, operation)
        except ScimError as problem:
            if problem.scim_type != "invalidValue" or operation.path == "":
                raise

    operating(service, operate)


@fault("RFC7644-3.5.2-10", "RFC7644-3.5.2-13")
def patch_fails_on_unfit_values(service: Service) -> None:
    """PATCH answers 500 to a value that does not suit the attribute's type."""

    def operate(original: Callable[..., None], kind: ResourceType, draft: Resource, operation: Operation) -> None:
        try:
            original(kind, draft, operation)
        except ScimError as problem:
            if problem.scim_type == "invalidValue" and operation.path:
                raise ScimError(500, None, "The server made a mistake.") from problem
            raise

    operating(service, operate)


@fault("RFC7644-3.5.2-10", "RFC7644-3.5.2-13")
def patch_writes_objects_as_text(service: Service) -> None:
    """PATCH takes any value for a text attribute, and stores it written out."""

    def string(original: Callable[..., str], value: Any, *rest: Any) -> str:
        return original(value if isinstance(value, str) else str(value), *rest)

    during(service.lifecycle, "modify", service.values, "string", string)


@fault("RFC7644-3.5.2-11", "RFC7644-3.5.2-13")
def patch_fails_on_read_only_attributes(service: Service) -> None:
    """PATCH answers 500 to an operation on a readOnly attribute."""

    def operate(original: Callable[..., None], kind: ResourceType, draft: Resource, operation: Operation) -> None:
        try:
            original(kind, draft, operation)
        except ScimError as problem:
            if problem.scim_type == "mutability" and problem.detail.endswith("is readOnly."):
                raise ScimError(500, None, "The server made a mistake.") from problem
            raise

    operating(service, operate)


@fault("RFC7644-3.5.2-13")
def patch_refuses_unfit_values_with_text(service: Service) -> None:
    """PATCH refuses a value that does not suit with 400 and a line of text."""

    def change(_request: Request, error: ScimError) -> Response | None:
        text = Headers([("Content-Type", "text/plain")])
        return Response(400, text, b"bad value") if error.scim_type == "invalidValue" else None

    refusing(service, change)


@fault("RFC7644-3.5.2-13")
def patch_refuses_read_only_attributes_without_body(service: Service) -> None:
    """PATCH refuses an operation on a readOnly attribute with 400 and no body."""
    refusing(service, lambda _, error: Response(400) if error.scim_type == "mutability" else None)


# -- what fails -----------------------------------------------------------------------------


@fault("RFC7644-3.5.2-21", "RFC7644-3.5.2-22", "RFC7644-3.5.2-27")
def patch_that_fails_answers_200(service: Service) -> None:
    """PATCH of several operations of which one fails changes nothing, and answers 200 with the resource."""

    def modify(original: Modify, request: Request, kind: ResourceType, id_: str) -> Response:
        try:
            return original(request, kind, id_)
        except ScimError:
            if len(service.bodies.patch_operations(request)) > 1:
                return service.lifecycle.read(request, kind, id_)
            raise

    around(service.lifecycle, "modify", modify)


@fault("RFC7644-3.5.2-21")
def patch_leaves_failures_out(service: Service) -> None:
    """PATCH of several operations passes over those with a path to nothing, and applies the others."""

    def patched(original: Callable[..., Resource], kind: ResourceType, old: Resource, all_: Iterable[Operation]) -> Any:
        operations = list(all_)
        kept = [each for each in operations if not leads_nowhere(service, kind, each)] if operations[1:] else operations
        return original(kind, old, kept)

    around(service.patching, "patched", patched)


def leads_nowhere(service: Service, kind: ResourceType, operation: Operation) -> bool:
    """Tell whether an operation's path names no attribute."""
    try:
        path = service.patching.path_parser(operation.path).path()
    except ScimError:
        return False
    return service.resource_types.locate(kind, path.attribute) is None


@fault("RFC7644-3.5.2-22")
def patch_that_fails_answers_without_body(service: Service) -> None:
    """PATCH of several operations of which one fails answers 400 without a body."""

    def modify(original: Modify, request: Request, kind: ResourceType, id_: str) -> Response:
        try:
            return original(request, kind, id_)
        except ScimError as error:
            if len(service.bodies.patch_operations(request)) > 1:
                return Response(error.status)
            raise

    around(service.lifecycle, "modify", modify)


@fault("RFC7644-3.5.2-27")
def patch_takes_taken_names(service: Service) -> None:
    """PATCH gives a user the userName of another."""
    during(service.lifecycle, "modify", service.uniqueness, "is_unique", lambda _original, _attribute: False)


@fault("RFC7644-3.5.2-27")
def patch_fails_on_taken_names(service: Service) -> None:
    """PATCH answers 500 when a name is taken."""

    def modify(original: Modify, request: Request, kind: ResourceType, id_: str) -> Response:
        try:
            return original(request, kind, id_)
        except ScimError as error:
            if error.scim_type == "uniqueness":
                raise ScimError(500, None, "The server made a mistake.") from error
            raise

    around(service.lifecycle, "modify", modify)


# -- requests that are none -----------------------------------------------------------------


@fault("RFC7644-3.5.2-09")
def patch_passes_over_unknown_attributes(service: Service) -> None:
    """PATCH passes over an operation alone in its request whose path names no attribute, and succeeds."""

    def patched(original: Callable[..., Resource], kind: ResourceType, old: Resource, all_: Iterable[Operation]) -> Any:
        operations = list(all_)
        lost = len(operations) == 1 and leads_nowhere(service, kind, operations[0])
        return original(kind, old, [] if lost else operations)

    around(service.patching, "patched", patched)


def reading(service: Service, change: Callable[[dict[str, Any]], object]) -> None:
    """Change operations before they are read."""

    def operation(original: Callable[[Any], Operation], document: Any) -> Operation:
        asked = dict(document) if isinstance(document, dict) else {}
        change(asked)
        return original(asked)

    around(service.bodies, "operation", operation)


@fault("RFC7644-3.5.2-05")
def patch_takes_no_op_for_replace(service: Service) -> None:
    """PATCH takes an operation without op for a replace."""
    reading(service, lambda asked: asked.setdefault("op", "replace"))


@fault("RFC7644-3.5.2.1-01")
def patch_takes_no_value_for_null(service: Service) -> None:
    """PATCH takes an add without value for one of null, and succeeds."""
    reading(service, lambda asked: asked.setdefault("value", None) if asked.get("op") == "add" else None)


@fault("RFC7644-3.5.2-04")
def patch_without_operations_succeeds(service: Service) -> None:
    """PATCH without operations, or with none in them, succeeds."""

    def operations(original: Callable[[Request], list[Operation]], request: Request) -> list[Operation]:
        try:
            return original(request)
        except ScimError as error:
            if error.detail.startswith("Operations has"):
                return []
            raise

    around(service.bodies, "patch_operations", operations)


@fault("RFC7644-3.5.2-03")
def patch_needs_no_schema(service: Service) -> None:
    """PATCH that does not name its schema is performed."""
    around(
        service.bodies,
        "check_message_schema",
        lambda original, members, urn: None if urn.endswith("PatchOp") else original(members, urn),
    )


# -- keywords -------------------------------------------------------------------------------


def calling(service: Service, right: str, wrong: str | None) -> None:
    """Call what PATCH refuses otherwise."""

    def change(_request: Request, error: ScimError) -> None:
        error.scim_type = wrong if error.scim_type == right else error.scim_type

    refusing(service, change)


@fault("RFC7644-3.12-21")
def patch_has_no_word_for_mutability(service: Service) -> None:
    """PATCH refuses to change readOnly attributes without a scimType."""
    calling(service, "mutability", None)


@fault("RFC7644-3.12-23")
def patch_calls_bad_paths_bad_syntax(service: Service) -> None:
    """PATCH refuses a malformed path with the scimType invalidSyntax."""
    calling(service, "invalidPath", "invalidSyntax")


@fault("RFC7644-3.12-24")
def patch_calls_no_target_a_bad_value(service: Service) -> None:
    """PATCH refuses a path that selects nothing with the scimType invalidValue."""
    calling(service, "noTarget", "invalidValue")


@fault("RFC7644-3.12-25")
def patch_calls_bad_values_mutability(service: Service) -> None:
    """PATCH refuses a value of the wrong type with the scimType mutability."""
    calling(service, "invalidValue", "mutability")


# -- what can be set once -------------------------------------------------------------------


def with_badge(service: Service, check: Callable[..., None]) -> None:
    """Serve an immutable attribute badgeNumber of users, and let PATCH treat it by another rule."""
    service.schemas.add(USER, Attribute("badgeNumber", mutability="immutable"))
    swap(service.patching, "check_immutable", check)


@fault("RFC7644-3.5.2-11")
def patch_replaces_what_is_set_once(service: Service) -> None:
    """PATCH changes the value of an immutable attribute."""
    with_badge(service, lambda *_: None)


@fault("RFC7644-3.5.2-12")
def patch_never_sets_immutable_attributes(service: Service) -> None:
    """PATCH refuses to give a value to an immutable attribute that has none."""

    def check(attribute: Attribute, _stored: Any, _new: Any, place: str) -> None:
        if attribute.name == "badgeNumber":
            raise mutability(f"{place} is immutable.")

    with_badge(service, check)

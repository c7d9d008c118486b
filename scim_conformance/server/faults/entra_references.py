"""Faults that Entra ID meets with references and roles of users, which it sends once both sides exist."""

from collections.abc import Callable, Mapping
from typing import Any

from scim_conformance.server.edge import Ask, Body, at, sending, sent, showing
from scim_conformance.server.errors import invalid_path, invalid_value
from scim_conformance.server.faults import around, fault
from scim_conformance.server.faults.entra import A_USER, FLAG
from scim_conformance.server.faults.entra_changes import Change, ignoring, on, refusing
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.patch_changes import Target
from scim_conformance.server.service import Service
from scim_conformance.server.validation import Resource

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


# -- managers -------------------------------------------------------------------------------


def managers(service: Service, when: Callable[[Any], bool]) -> None:
    """Refuse a manager in some shapes."""

    def complex_value(original: Callable[..., Any], attribute: Any, value: Any) -> Any:
        if attribute.name == "manager" and when(value):
            raise invalid_value("manager has to be an object.")
        return original(attribute, value)

    around(service.patching, "complex_value", complex_value)


@fault("ENTRA-U14-a")
def entra_managers_in_lists_are_refused(service: Service) -> None:
    """A manager in a list is refused."""
    managers(service, lambda value: isinstance(value, list))


@fault("ENTRA-U14-a")
def entra_managers_need_their_urn(service: Service) -> None:
    """The path manager, without the URN of its extension, is refused."""
    refusing(service, lambda operation: operation.path == "manager", invalid_path)


@fault("ENTRA-U14-b", "ENTRA-U14-d", "ENTRA-U15-b")
def entra_managers_in_text_are_refused(service: Service) -> None:
    """A manager who is a plain string is refused."""
    managers(service, lambda value: isinstance(value, str))


@fault("ENTRA-U14-d")
def entra_managers_are_for_ever(service: Service) -> None:
    """Replace of a manager by a string leaves the manager who is there."""

    def replace(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if not (isinstance(value, str) and value and holder.get("manager")):
            original(holder, target, value)

    on(service, "replace", "manager", replace)


@fault("ENTRA-U14-c")
def entra_managers_are_not_added_as_objects(service: Service) -> None:
    """The add of a manager who is an object succeeds and does nothing."""
    ignoring(service, lambda operation: operation.op == "add" and isinstance(operation.value, dict) and operation.path)


@fault("ENTRA-U14-c")
def entra_managers_are_not_replaced_with_the_flag(service: Service) -> None:
    """Replace of a manager, with the flag in the URL, succeeds and does nothing."""

    def modify(ask: Ask, request: Request) -> Response:
        operation = (sent(request).get("Operations") or [{}])[0]
        meant = operation.get("op") == "replace" and str(operation.get("path")).endswith(":manager")
        return Response(204) if meant and request.parameter(FLAG) is not None and operation["value"] else ask(request)

    at(service, "PATCH", A_USER, modify)


@fault("ENTRA-U14-e")
def entra_managers_are_shown_as_text(service: Service) -> None:
    """A manager is shown as a plain string."""

    def shown(body: Body) -> Body:
        extension = body.get(ENTERPRISE)
        if not isinstance(extension, Mapping) or "manager" not in extension:
            return body
        return {**body, ENTERPRISE: {**extension, "manager": extension["manager"]["value"]}}

    showing(service, "GET", A_USER, shown)


def nobody(service: Service, when: Callable[[Any], bool]) -> None:
    """Leave a manager who is to be taken away."""

    def replace(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if not when(value):
            original(holder, target, value)

    on(service, "replace", "manager", replace)


@fault("ENTRA-U15-a")
def entra_empty_objects_leave_the_manager(service: Service) -> None:
    """Replace of a manager by an object with an empty value succeeds and does nothing."""
    nobody(service, lambda value: value == {"value": ""})


@fault("ENTRA-U15-a")
def entra_nobody_is_an_unknown_manager(service: Service) -> None:
    """A manager with an empty value is refused as unknown."""
    managers(service, lambda value: value == {"value": ""})


@fault("ENTRA-U15-b")
def entra_empty_texts_leave_the_manager(service: Service) -> None:
    """Replace of a manager by an empty string succeeds and does nothing."""
    nobody(service, lambda value: value == "")


@fault("ENTRA-U15-c")
def entra_managers_are_not_removed(service: Service) -> None:
    """Remove of a manager succeeds and does nothing."""
    ignoring(service, lambda operation: operation.op == "remove" and operation.path.endswith(":manager"))


# -- roles ----------------------------------------------------------------------------------


@fault("ENTRA-U16-a")
def entra_roles_in_text_are_refused(service: Service) -> None:
    """A role whose value is JSON text is refused."""

    def check(body: Body) -> Body:
        if '{"id"' in str(body):
            raise invalid_value("There is no such role.")
        return body

    sending(service, "PATCH", A_USER, check)


@fault("ENTRA-U16-b")
def entra_roles_are_never_taken_away(service: Service) -> None:
    """Replace of roles adds to those who are there."""
    on(
        service,
        "replace",
        "roles",
        lambda _original, holder, target, value: service.patching.add(holder, target, value),
    )


@fault("ENTRA-U16-b")
def entra_roles_are_given_once(service: Service) -> None:
    """PATCH of roles that are there succeeds and does nothing."""

    def replace(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if not holder.get("roles") or (target.filter is None and isinstance(value, list) and len(value) > 1):
            original(holder, target, value)

    on(service, "replace", "roles", replace)


@fault("ENTRA-U16-c")
def entra_booleans_are_compared_with_booleans(service: Service) -> None:
    """A filter that compares a boolean with a string is refused."""

    def is_comparable(original: Callable[..., bool], attribute: Any, value: Any) -> bool:
        return not (attribute.type == "boolean" and isinstance(value, str)) and original(attribute, value)

    around(service.evaluation, "is_comparable", is_comparable)

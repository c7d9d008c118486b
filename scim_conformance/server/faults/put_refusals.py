"""Faults in what PUT and DELETE refuse (RFC 7644 sections 3.5.1 and 3.6)."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from scim_conformance.server.during import during
from scim_conformance.server.errors import ScimError
from scim_conformance.server.faults import around, fault
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Service

Verb = Callable[[Request, ResourceType, str], Response]


@fault("RFC7644-3.5.1-18")
def put_takes_taken_names(service: Service) -> None:
    """PUT gives a user the userName of another."""
    during(service.lifecycle, "replace", service.uniqueness, "is_unique", lambda _original, _attribute: False)


@fault("RFC7644-3.5.1-18")
def put_fails_on_taken_names(service: Service) -> None:
    """PUT answers 500 when a name is taken."""
    refusing(service, lambda error: error.scim_type == "uniqueness", 500)


def refusing(service: Service, which: Callable[[ScimError], bool], status: int) -> None:
    """Answer some refusals of PUT with another status."""

    def replace(original: Verb, request: Request, kind: ResourceType, id_: str) -> Response:
        try:
            return original(request, kind, id_)
        except ScimError as error:
            if which(error):
                error.status = status
            raise

    around(service.lifecycle, "replace", replace)


@fault("RFC7644-3.5.1-19")
def put_fails_on_bad_json(service: Service) -> None:
    """PUT answers 500 to a body that is no JSON object."""
    refusing(service, lambda error: error.scim_type == "invalidSyntax" and error.status == HTTPStatus.BAD_REQUEST, 500)


@fault("RFC7644-3.5.1-19")
def put_takes_any_text_for_a_boolean(service: Service) -> None:
    """PUT takes any text for a boolean, and passes over a text in the place of an object."""

    def boolean(_original: Callable[..., bool], value: Any, _place: str) -> bool:
        return str(value).lower() == "true"

    def single(original: Callable[..., Any], attribute: Any, value: Any, *rest: Any) -> Any:
        return None if attribute.type == "complex" and isinstance(value, str) else original(attribute, value, *rest)

    during(service.lifecycle, "replace", service.values, "boolean", boolean)
    during(service.lifecycle, "replace", service.validation, "single", single)


@fault("RFC7644-3.5.1-19")
def put_that_is_refused_clears_the_name(service: Service) -> None:
    """PUT whose body breaks the schema is refused with 400, but takes the display name away."""

    def replace(original: Verb, request: Request, kind: ResourceType, id_: str) -> Response:
        try:
            return original(request, kind, id_)
        except ScimError as error:
            record = service.lifecycle.existing(kind, id_)
            if error.scim_type == "invalidValue" and kind.name == "User" and "displayName" in record.resource:
                kept = {name: each for name, each in record.resource.items() if name != "displayName"}
                service.lifecycle.update(kind, record, kept)
            raise

    around(service.lifecycle, "replace", replace)


@fault("RFC7644-3.6-08")
def delete_ignores_if_match(service: Service) -> None:
    """DELETE does not look at If-Match."""
    during(service.lifecycle, "delete", service.versions, "check_write", lambda *_: None)

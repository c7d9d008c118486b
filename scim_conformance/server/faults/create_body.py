"""Faults of POST: bodies that are no JSON object, and values of a wrong type."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

from scim_conformance.server.faults import around, fault
from scim_conformance.server.faults.create import Document, crash, document, misread, rewritten
from scim_conformance.server.messages import Headers, Request, Response
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Service

# -- values of a wrong type -----------------------------------------------------------------


def _convert(service: Service, names: tuple[str, ...], wrong: type, convert: Callable[[Any], Any]) -> None:
    def change(_: ResourceType, body: Document) -> Document:
        return {name: convert(v) if name in names and isinstance(v, wrong) else v for name, v in body.items()}

    rewritten(service, change)


@fault("RFC7644-3.3-13")
def object_is_taken_for_text(service: Service) -> None:
    """POST takes an object for the value of a text attribute and stores how it is written."""
    _convert(service, ("displayName", "userName"), dict, str)


@fault("RFC7644-3.3-13")
def list_is_taken_for_text(service: Service) -> None:
    """POST takes a list for the value of a text attribute and stores its first element."""
    _convert(service, ("displayName", "userName"), list, lambda value: str(value[0]))


@fault("RFC7644-3.3-13")
def any_text_is_true(service: Service) -> None:
    """POST takes any text for the value true."""
    _convert(service, ("active",), str, bool)


@fault("RFC7644-3.3-13")
def text_is_taken_for_an_object(service: Service) -> None:
    """POST takes a text for a complex value and stores nothing of it."""
    _convert(service, ("name",), str, lambda _: {})


@fault("RFC7644-3.3-13")
def text_is_taken_for_a_list(service: Service) -> None:
    """POST takes a text for a multi-valued attribute and stores nothing of it."""
    _convert(service, ("emails", "members"), str, lambda _: [])


@fault("RFC7644-3.3-13")
def text_for_a_list_breaks_the_server(service: Service) -> None:
    """POST answers 500 to a text in the place of a list."""

    def convert(_: Any) -> Any:
        raise crash()

    _convert(service, ("emails", "members"), str, convert)


# -- what is no JSON object -----------------------------------------------------------------


@fault("RFC7644-3.3-12")
def truncated_json_is_completed(service: Service) -> None:
    """POST closes the brackets that are missing at the end of its body, and creates what it then says."""
    misread(service, lambda _, text: text + "}" if document(text.encode()) is None else None)


@fault("RFC7644-3.3-12")
def truncated_json_creates_and_is_refused(service: Service) -> None:
    """POST of truncated JSON is refused with 400, but creates the resource all the same."""

    def create(original: Callable[..., Response], request: Request, kind: ResourceType) -> Response:
        if document(request.body) is None and document(request.body + b"}") is not None:
            original(replace(request, body=request.body + b"}"), kind)
        return original(request, kind)

    around(service.lifecycle, "create", create)


@fault("RFC7644-3.3-12")
def bad_json_breaks_the_server(service: Service) -> None:
    """POST answers 500 to a body that is no JSON."""

    def make(_: ResourceType, text: str) -> None:
        if text and document(text.encode()) is None:
            raise crash()

    misread(service, make)


@fault("RFC7644-3.3-12")
def empty_body_breaks_the_server(service: Service) -> None:
    """POST answers 500 to an empty body."""

    def make(_: ResourceType, text: str) -> None:
        if not text:
            raise crash()

    misread(service, make)


@fault("RFC7644-3.3-12")
def empty_body_creates_somebody(service: Service) -> None:
    """POST of an empty body creates a resource with a name of the server's own."""

    def make(kind: ResourceType, text: str) -> str | None:
        named = {"schemas": [kind.schema], "userName": f"nobody-{uuid4()}", "displayName": f"nobody-{uuid4()}"}
        return None if text else json.dumps(named)

    misread(service, make)


@fault("RFC7644-3.3-12")
def array_is_unwrapped(service: Service) -> None:
    """POST of an array creates its first element."""

    def make(_: ResourceType, text: str) -> str | None:
        body = document(text.encode())
        return json.dumps(body[0]) if isinstance(body, list) and body else None

    misread(service, make)


@fault("RFC7644-3.3-12")
def scalar_breaks_the_server(service: Service) -> None:
    """POST answers 500 to a JSON text, number or null."""

    def make(_: ResourceType, text: str) -> None:
        if text and not isinstance(document(text.encode()), dict | list) and not text.startswith("{"):
            raise crash()

    misread(service, make)


@fault("RFC7644-3.3-12")
def number_is_passed_over(service: Service) -> None:
    """POST of a number answers 200 and does nothing."""

    def create(original: Callable[..., Response], request: Request, kind: ResourceType) -> Response:
        return Response(200, Headers(), b"") if isinstance(document(request.body), int) else original(request, kind)

    around(service.lifecycle, "create", create)

"""Faults of reading JSON and of text that is taken for code (RFC 7643 sections 2.1, 2.3.8 and 9.2)."""

import html
from collections.abc import Callable
from typing import Any

from scim_conformance.server.errors import invalid_syntax
from scim_conformance.server.faults import after, around, fault, swap
from scim_conformance.server.faults.create import crash
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.schema import Attribute
from scim_conformance.server.service import Service


@fault("RFC7643-2.1-03")
def letter_case_of_names_counts(service: Service) -> None:
    """A member whose name differs from an attribute's by letter case is unknown, and ignored."""
    swap(
        service.validation,
        "member_key",
        lambda name: name.lower() if ":" in name or name.lower() == "schemas" else name,
    )


@fault("RFC7643-2.3.8-01")
def schemas_have_to_come_first(service: Service) -> None:
    """A body is refused whose last member is schemas."""

    def check_object(original: Callable[..., dict[str, Any]], body: Any) -> dict[str, Any]:
        found = original(body)
        if len(found) > 1 and list(found)[-1] == "schemas":
            raise invalid_syntax("schemas has to be the first member.")
        return found

    around(service.validation, "check_object", check_object)


@fault("RFC7643-2.3.8-01")
def values_after_their_type_are_lost(service: Service) -> None:
    """The value of an address book entry is lost where it stands behind the type."""

    def single(original: Callable[..., Any], attribute: Attribute, value: Any, *rest: Any) -> Any:
        if attribute.name == "ims" and isinstance(value, dict) and list(value)[-1] == "value":
            value = {name: each for name, each in value.items() if name != "value"}
        return original(attribute, value, *rest)

    around(service.validation, "single", single)


@fault("RFC7643-9.2-03")
def quotes_in_an_id_break_the_server(service: Service) -> None:
    """A GET of an id with a quotation mark answers 500."""

    def read(original: Callable[..., Response], request: Request, kind: ResourceType, id_: str) -> Response:
        if "'" in id_:
            raise crash()
        return original(request, kind, id_)

    around(service, "read", read)


@fault("RFC7643-9.2-03")
def quotes_in_a_filter_find_everybody(service: Service) -> None:
    """A filter whose value holds a piece of SQL finds all resources."""

    def get(original: Callable[..., Response], request: Request, kinds: list[ResourceType]) -> Response:
        if "' OR '1'='1" in (request.parameter("filter") or ""):
            request = Request(
                request.method,
                request.path,
                [(name, value) for name, value in request.query if name != "filter"],
                request.headers,
                request.body,
                request.peer,
            )
        return original(request, kinds)

    around(service.query, "get", get)


@fault("RFC7643-9.2-03")
def markup_is_stored_escaped(service: Service) -> None:
    """A text with angle brackets is stored as it would stand in a page, and no longer what was sent."""
    after(service.values, "string", lambda text: html.escape(text) if "<script" in text else text)

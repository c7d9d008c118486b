"""Faults of the attribute schemas of resources: what POST makes of it, and what is shown."""

from collections.abc import Callable

from scim_conformance.server.errors import invalid_value
from scim_conformance.server.faults import around, fault
from scim_conformance.server.faults.create import Document, crash, document, reshaped, rewritten
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Service


@fault("RFC7643-3-03")
def body_without_schemas_breaks_the_server(service: Service) -> None:
    """POST answers 500 to a body whose schemas are missing, empty or no array."""

    def change(_: ResourceType, body: Document) -> Document:
        if not isinstance(body.get("schemas"), list) or not body["schemas"]:
            raise crash()
        return body

    rewritten(service, change)


@fault("RFC7643-3.3-03")
def extension_alone_breaks_the_server(service: Service) -> None:
    """POST answers 500 to a body whose schemas name extensions alone."""

    def change(kind: ResourceType, body: Document) -> Document:
        schemas = body.get("schemas")
        if isinstance(schemas, list) and schemas and kind.schema not in schemas:
            raise crash()
        return body

    rewritten(service, change)


@fault("RFC7643-3-06")
def unknown_schema_is_taken_over(service: Service) -> None:
    """The schemas of a new resource hold whatever URIs its POST named."""

    def create(original: Callable[..., Response], request: Request, kind: ResourceType) -> Response:
        body = document(request.body)
        asked = body.get("schemas") if isinstance(body, dict) else None
        response, more = original(request, kind), asked if isinstance(asked, list) else []
        return reshaped(response, lambda b: b | {"schemas": list(dict.fromkeys([*b["schemas"], *more]))})

    around(service.lifecycle, "create", create)


@fault("RFC7643-3-08")
def base_schema_has_to_come_first(service: Service) -> None:
    """POST refuses a body whose schemas name an extension before the base schema."""

    def change(kind: ResourceType, body: Document) -> Document:
        schemas = body.get("schemas")
        if isinstance(schemas, list) and kind.schema in schemas and schemas[0] != kind.schema:
            raise invalid_value(f"schemas has to begin with {kind.schema}.")
        return body

    rewritten(service, change)


@fault("RFC7643-3-08")
def schemas_after_the_base_schema_count_alone(service: Service) -> None:
    """POST passes over the data of an extension that its schemas name before the base schema."""

    def change(kind: ResourceType, body: Document) -> Document:
        schemas = body.get("schemas")
        if not isinstance(schemas, list) or kind.schema not in schemas:
            return body
        early = schemas[: schemas.index(kind.schema)]
        return {name: value for name, value in body.items() if name not in early}

    rewritten(service, change)

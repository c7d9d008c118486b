"""Faults of the attribute schemas of resources: what POST makes of it, and what is shown."""

from collections.abc import Callable
from typing import Any

from scim_conformance.server.errors import invalid_value
from scim_conformance.server.faults import after, around, fault
from scim_conformance.server.faults.create import Document, crash, document, reshaped, rewritten
from scim_conformance.server.faults.lists import listing
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


# -- what is shown --------------------------------------------------------------------------


def named(service: Service, change: Callable[[ResourceType, list[str]], object]) -> None:
    """Let every GET and list show other schemas of its resources."""

    def show(original: Callable[..., Document], kind: ResourceType, *rest: Any, **options: Any) -> Document:
        shown = original(kind, *rest, **options)
        return shown | {"schemas": change(kind, shown["schemas"])} if "schemas" in shown else shown

    around(service.projection, "show", show)


@fault("RFC7643-3-03", "RFC7643-3-05", "RFC7643-2.1-01", "RFC7643-3.3-02")
def schemas_are_not_listed(service: Service) -> None:
    """Lists show resources without their schemas."""

    def change(body: Document) -> Document:
        return body | {"Resources": [{n: v for n, v in r.items() if n != "schemas"} for r in body["Resources"]]}

    listing(service, change)


@fault("RFC7643-3-03", "RFC7643-3-05", "RFC7643-2.1-01", "RFC7643-3.3-02")
def schemas_are_empty(service: Service) -> None:
    """A GET shows an empty array of schemas."""
    after(service.answers, "found", lambda response: reshaped(response, lambda body: body | {"schemas": []}))


@fault("RFC7643-3-03", "RFC7643-3-05", "RFC7643-2.1-01", "RFC7643-3.3-02")
def schemas_are_one_text(service: Service) -> None:
    """A GET shows the base schema as a text in place of the array of schemas."""

    def change(body: Document) -> Document:
        return body | {"schemas": body["schemas"][0]} if "schemas" in body else body

    after(service.answers, "found", lambda response: reshaped(response, change))


@fault("RFC7643-3-04", "RFC7643-3-07")
def schemas_are_named_twice(service: Service) -> None:
    """Every resource names its base schema twice."""
    named(service, lambda kind, schemas: [*schemas, kind.schema])


@fault("RFC7643-3-04", "RFC7643-3-06", "RFC7643-3.1-03")
def schemas_hold_a_name(service: Service) -> None:
    """Every resource has the name of its type among its schemas, which is no URI."""
    named(service, lambda kind, schemas: [*schemas, kind.name])


@fault("RFC7643-3-06", "RFC7643-3.1-03")
def common_attributes_have_a_schema(service: Service) -> None:
    """Every resource names a schema of the common attributes, which has none."""
    named(service, lambda _, schemas: [*schemas, "urn:ietf:params:scim:schemas:core:2.0:Common"])


@fault("RFC7643-3-06", "RFC7643-3.1-03")
def group_names_the_schema_of_users(service: Service) -> None:
    """Groups name the schema of users beside their own."""
    user = "urn:ietf:params:scim:schemas:core:2.0:User"
    named(service, lambda _, schemas: schemas if user in schemas else [*schemas, user])


@fault("RFC7643-3-10", "RFC7643-3.3-03")
def extension_hides_the_base_schema(service: Service) -> None:
    """A resource with data of an extension does not name its base schema."""
    named(service, lambda kind, schemas: [urn for urn in schemas if urn != kind.schema] or schemas)


@fault("RFC7643-3-10", "RFC7643-3-11", "RFC7643-3.3-08")
def extension_is_spread_out(service: Service) -> None:
    """The attributes of extensions are shown beside those of the base schema."""

    def show(original: Callable[..., Document], kind: ResourceType, *rest: Any, **options: Any) -> Document:
        shown = original(kind, *rest, **options)
        for urn, _ in kind.extensions:
            shown |= shown.pop(urn, {})
        return shown

    around(service.projection, "show", show)


@fault("RFC7643-3-10", "RFC7643-3-11", "RFC7643-3.3-08")
def extension_is_shown_twice(service: Service) -> None:
    """The attributes of extensions are shown in their member and beside those of the base schema as well."""

    def show(original: Callable[..., Document], kind: ResourceType, *rest: Any, **options: Any) -> Document:
        shown = original(kind, *rest, **options)
        for urn, _ in kind.extensions:
            shown |= shown.get(urn) or {}
        return shown

    around(service.projection, "show", show)


# -- extensions that are written ------------------------------------------------------------

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


@fault("RFC7643-3.3-08")
def extension_is_gathered(service: Service) -> None:
    """POST takes attributes beside those of the base schema for those of an extension."""

    def change(kind: ResourceType, body: Document) -> Document:
        for schema in service.resource_types.extensions(kind):
            stray = {a.name: body[a.name] for a in schema.attributes if a.name in body}
            body = body | {schema.id: {**stray, **(body.get(schema.id) or {})}} if stray else body
        return body

    rewritten(service, change)


@fault("RFC7643-3.3-05")
def extension_takes_the_place_of_the_base(service: Service) -> None:
    """POST of a resource with the enterprise extension stores no displayName of the base schema."""

    def change(_: ResourceType, body: Document) -> Document:
        return {name: value for name, value in body.items() if name != "displayName"} if ENTERPRISE in body else body

    rewritten(service, change)

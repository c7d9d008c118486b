"""Faults of the resource types and schemas as they are served (RFC 7643 sections 6 and 7); what is done stays right."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from scim_conformance.server.errors import not_found
from scim_conformance.server.faults import after, around, fault
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.schema import CORE, Attribute, BadSchema, Schema
from scim_conformance.server.service import Service

Document = dict[str, Any]
Edit = Callable[[Document], object]

USER = CORE + "User"
GROUP = CORE + "Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
WORKSPACE = "urn:scim-conformance:schemas:extension:workspace:2.0:User"
DEVICE = "urn:example:params:scim:schemas:2.0:Device"


def edit_type(service: Service, name: str, edit: Edit) -> None:
    """Edit one resource type as it is served."""
    if service.resource_types.get(name) is None:
        raise BadSchema(f"There is no resource type {name}.")

    def edited(documents: list[Document]) -> list[Document]:
        edit(next(each for each in documents if each["id"] == name))
        return documents

    after(service.discovery, "resource_type_documents", edited)


def edit_schema(service: Service, urn: str, edit: Edit) -> None:
    """Edit one schema as it is served."""
    if service.schemas.get(urn) is None:
        raise BadSchema(f"There is no schema {urn}.")

    def edited(documents: list[Document]) -> list[Document]:
        edit(next(each for each in documents if each["id"] == urn))
        return documents

    after(service.discovery, "schema_documents", edited)


def edit_attribute(service: Service, urn: str, path: str, edit: Edit) -> None:
    """Edit one attribute definition as it is served: `nickName`, or `name.givenName`."""
    schema = service.schemas.get(urn)
    found = schema.attribute(path.partition(".")[0]) if schema else None
    if found is None or ("." in path and found.sub(path.partition(".")[2]) is None):
        raise BadSchema(f"{urn} has no attribute {path}.")

    def edited(document: Document) -> None:
        name, _, sub = path.partition(".")
        definition = next(each for each in document["attributes"] if each["name"] == name)
        edit(next(each for each in definition["subAttributes"] if each["name"] == sub) if sub else definition)

    edit_schema(service, urn, edited)


def hide_schema(service: Service, urn: str) -> None:
    """Leave one schema out of what is served."""
    after(service.discovery, "schema_documents", lambda documents: [each for each in documents if each["id"] != urn])


def add_type(service: Service, resource_type: ResourceType) -> None:
    """Add a resource type of the server's own, which works."""
    name = Attribute("displayName", required=True, description="The name of the device, for display.")
    service.schemas.put(Schema(resource_type.schema, "Device", "A device", (name,)))
    service.resource_types.put(resource_type)


# -- resource types -------------------------------------------------------------------------


@fault("RFC7643-6-03")
def resource_type_without_schemas(service: Service) -> None:
    """A resource type has no schemas."""
    edit_type(service, "Group", lambda document: document.pop("schemas"))


@fault("RFC7643-6-03")
def resource_type_names_a_wrong_schema(service: Service) -> None:
    """A resource type names its base schema instead of ResourceType in its schemas."""
    edit_type(service, "Group", lambda document: document.update(schemas=[GROUP]))


@fault("RFC7643-6-01", "RFC7643-6-05", "RFC7643-6-06")
def resource_type_without_name(service: Service) -> None:
    """A resource type has no name, only an id."""
    edit_type(service, "Group", lambda document: document.pop("name"))


@fault("RFC7643-6-01", "RFC7643-6-09")
def resource_type_without_endpoint(service: Service) -> None:
    """A resource type has no endpoint."""
    edit_type(service, "Group", lambda document: document.pop("endpoint"))


@fault("RFC7643-6-01", "RFC7643-6-11")
def resource_type_without_schema(service: Service) -> None:
    """A resource type has no schema."""
    edit_type(service, "Group", lambda document: document.pop("schema"))


@fault("RFC7643-6-07")
def resource_type_without_description(service: Service) -> None:
    """A resource type has no description."""
    edit_type(service, "Group", lambda document: document.pop("description"))


@fault("RFC7643-8.6-01")
def resource_type_is_located_elsewhere(service: Service) -> None:
    """The meta.location of a resource type is that of another."""

    def edit(document: Document) -> None:
        document["meta"]["location"] = document["meta"]["location"].replace("/Group", "/User")

    edit_type(service, "Group", edit)


@fault("RFC7643-8.6-01")
def resource_type_goes_by_its_own_name(service: Service) -> None:
    """The meta.resourceType of a resource type is its name instead of ResourceType."""
    edit_type(service, "Group", lambda document: document["meta"].update(resourceType="Group"))


@fault("RFC7643-6-09")
def endpoint_leads_nowhere(service: Service) -> None:
    """The endpoint of a resource type answers 404 to a GET without a filter."""

    def get(original: Callable[..., Response], request: Request, kinds: list[ResourceType]) -> Response:
        if [kind.name for kind in kinds] == ["Group"] and request.parameter("filter") is None:
            raise not_found("There is no such endpoint.")
        return original(request, kinds)

    around(service.query, "get", get)


@fault("RFC7644-3.2-01")
def users_are_at_people(service: Service) -> None:
    """Users live at /People."""
    user = service.resource_types.get("User")
    if user is None:
        raise BadSchema("There is no resource type User.")
    service.resource_types.put(replace(user, endpoint="/People"))


@fault("RFC7644-3.2-02")
def endpoint_is_singular(service: Service) -> None:
    """The endpoint of a resource type of the server's own is its name without an s."""
    add_type(service, ResourceType("Device", "/Device", DEVICE, description="A device"))


@fault("RFC7643-3.2-01", "RFC7643-6-10", "RFC7643-7-01", "RFC7644-4-03", "RFC7644-4-09")
def own_schema_is_not_served(service: Service) -> None:
    """The schema of a resource type of the server's own is missing from /Schemas."""
    add_type(service, ResourceType("Device", "/Devices", DEVICE, description="A device"))
    hide_schema(service, DEVICE)


@fault("RFC7643-6-10", "RFC7643-7-01", "RFC7644-4-03", "RFC7644-4-09")
def base_schema_is_not_served(service: Service) -> None:
    """The schema of a resource type is missing from /Schemas."""
    hide_schema(service, GROUP)


@fault("RFC7643-6-13", "RFC7643-7-01", "RFC7644-4-03", "RFC7644-4-09")
def extension_schema_is_not_served(service: Service) -> None:
    """The schema of an extension is missing from /Schemas."""
    hide_schema(service, WORKSPACE)


@fault("RFC7643-6-13", "RFC7643-7-01", "RFC7644-4-03", "RFC7644-4-09")
def extension_is_misspelled(service: Service) -> None:
    """A resource type names an extension by another URI than that of its schema."""
    edit_type(service, "User", lambda document: document["schemaExtensions"][-1].update(schema=f"{WORKSPACE}s"))


@fault("RFC7643-6-12")
def extensions_are_texts(service: Service) -> None:
    """The schemaExtensions of a resource type are URIs instead of objects."""

    def edit(document: Document) -> None:
        document["schemaExtensions"] = [each["schema"] for each in document["schemaExtensions"]]

    edit_type(service, "User", edit)


@fault("RFC7643-6-14")
def extension_without_schema(service: Service) -> None:
    """An element of schemaExtensions has no schema."""
    edit_type(service, "User", lambda document: document["schemaExtensions"][-1].pop("schema"))


@fault("RFC7643-6-17")
def extension_without_required(service: Service) -> None:
    """An element of schemaExtensions does not say whether it is required."""
    edit_type(service, "User", lambda document: document["schemaExtensions"][-1].pop("required"))


@fault("RFC7643-6-17")
def extension_with_required_as_a_text(service: Service) -> None:
    """An element of schemaExtensions says by a text whether it is required."""
    edit_type(service, "User", lambda document: document["schemaExtensions"][-1].update(required="false"))


# -- schemas --------------------------------------------------------------------------------


@fault("RFC7643-7-03")
def schema_without_schemas(service: Service) -> None:
    """A schema has no schemas."""
    edit_schema(service, GROUP, lambda document: document.pop("schemas"))


@fault("RFC7643-7-06", "RFC7643-7-08")
def schema_without_id(service: Service) -> None:
    """A schema has no id."""
    edit_schema(service, CORE + "ResourceType", lambda document: document.update(id=""))


@fault("RFC7643-7-07")
def schema_id_is_a_name(service: Service) -> None:
    """The id of a schema is a name instead of a URI."""
    edit_schema(service, CORE + "ResourceType", lambda document: document.update(id="ResourceType"))


@fault("RFC7643-7-08")
def schema_is_listed_twice(service: Service) -> None:
    """A schema is listed twice."""
    after(service.discovery, "schema_documents", lambda documents: [*documents, documents[0]])


@fault("RFC7643-7-06")
def schema_without_attributes(service: Service) -> None:
    """A schema has no attributes."""
    edit_schema(service, CORE + "ResourceType", lambda document: document.pop("attributes"))


@fault("RFC7643-7-06")
def schema_attributes_are_an_object(service: Service) -> None:
    """The attributes of a schema are an object by name instead of an array."""

    def edit(document: Document) -> None:
        document["attributes"] = {each["name"]: each for each in document["attributes"]}

    edit_schema(service, CORE + "ResourceType", edit)


@fault("RFC7643-7-09")
def schema_without_name(service: Service) -> None:
    """A schema has no name."""
    edit_schema(service, GROUP, lambda document: document.pop("name"))


@fault("RFC7643-7-11")
def schema_without_description(service: Service) -> None:
    """A schema has no description."""
    edit_schema(service, GROUP, lambda document: document.pop("description"))


@fault("RFC7643-8.7.1-08")
def schema_goes_by_another_resource_type(service: Service) -> None:
    """The meta.resourceType of a schema is another name."""
    edit_schema(service, GROUP, lambda document: document["meta"].update(resourceType="Schemas"))


@fault("RFC7643-8.7.1-08")
def schema_is_located_elsewhere(service: Service) -> None:
    """The meta.location of a schema ends in its name instead of its URI."""
    edit_schema(
        service,
        GROUP,
        lambda document: document["meta"].update(location=document["meta"]["location"].replace(GROUP, "Group")),
    )


@fault("RFC7643-7-04")
def schema_loses_its_id_in_a_projection(service: Service) -> None:
    """The id of a schema is not returned when other attributes are asked for."""

    def single(original: Callable[..., Response], request: Request, urn: str) -> Response:
        response = original(request, urn)
        wanted = (request.parameter("attributes") or "").split(",")
        shown = {name: value for name, value in response.json.items() if name in wanted}
        return service.answers.document(request, 200, shown) if request.parameter("attributes") else response

    around(service.discovery, "get_schema", single)


@fault("RFC7644-3.1-04")
def message_schema_is_listed(service: Service) -> None:
    """The schema of a message is listed at /Schemas."""
    text = Attribute("filter", description="The filter.")
    service.schemas.put(
        Schema("urn:ietf:params:scim:api:messages:2.0:SearchRequest", "SearchRequest", "A search", (text,))
    )


@fault("RFC7644-3.1-04")
def message_schema_is_retrievable(service: Service) -> None:
    """The schema of a message can be retrieved below /Schemas, though it is not listed."""

    def single(original: Callable[..., Response], request: Request, urn: str) -> Response:
        if urn.startswith("urn:ietf:params:scim:api:"):
            document = {"schemas": [CORE + "Schema"], "id": urn, "name": urn.rpartition(":")[2], "attributes": []}
            return service.answers.document(request, 200, document)
        return original(request, urn)

    around(service.discovery, "get_schema", single)


@fault("RFC7643-8.7.2-01")
def fixed_schema_is_writable(service: Service) -> None:
    """The patch of the ServiceProviderConfig schema is readWrite."""
    edit_attribute(
        service, CORE + "ServiceProviderConfig", "patch", lambda definition: definition.update(mutability="readWrite")
    )

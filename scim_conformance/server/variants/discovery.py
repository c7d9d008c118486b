"""Variants of discovery documents: what they leave out or add as RFC 7643 sections 5 to 7 allow."""

from typing import Any

from scim_conformance.server.messages import Request
from scim_conformance.server.schema import CORE
from scim_conformance.server.service import Service
from scim_conformance.server.variants import after, swap, variant

Document = dict[str, Any]
DOCUMENTS = ("service_provider_config", "resource_type_documents", "schema_documents")


def without(document: Document, *names: str) -> Document:
    """Give a document without these members."""
    return {name: value for name, value in document.items() if name not in names}


@variant()
def discovery_lists_without_paging(service: Service) -> None:
    """Discovery lists have neither startIndex nor itemsPerPage, which partial pages alone need (A30)."""

    def listed(request: Request, documents: list[Document]) -> Any:
        body = without(service.answers.list_response(documents, len(documents), 1), "startIndex", "itemsPerPage")
        return service.answers.listed(request, body)

    swap(service.discovery, "listed", listed)


@variant()
def discovery_with_more_members(service: Service) -> None:
    """Discovery documents hold members of the vendor's own, at every level."""

    def more(document: Document) -> Document:
        extended = {**document, "x-vendor": {"build": "7.1"}, "links": []}
        for name in ("attributes", "schemaExtensions", "authenticationSchemes"):
            if name in document:
                extended[name] = [{**each, "xVendorOrder": 1} for each in document[name]]
        return extended

    after(service.discovery, "service_provider_config", more)
    for name in DOCUMENTS[1:]:
        after(service.discovery, name, lambda documents: [more(document) for document in documents])


@variant()
def discovery_without_meta(service: Service) -> None:
    """Discovery documents have no meta, from which they are exempt (A57)."""
    after(service.discovery, "service_provider_config", lambda document: without(document, "meta"))
    for name in DOCUMENTS[1:]:
        after(service.discovery, name, lambda documents: [without(document, "meta") for document in documents])


@variant()
def resource_types_without_id(service: Service) -> None:
    """Resource types have no id, which is optional; they are found by their name (RFC 7643 section 6)."""
    after(service.discovery, "resource_type_documents", lambda documents: [without(each, "id") for each in documents])


@variant()
def endpoints_without_slash(service: Service) -> None:
    """The endpoint of a resource type is written without a leading slash (A89)."""
    after(
        service.discovery,
        "resource_type_documents",
        lambda documents: [{**each, "endpoint": each["endpoint"].lstrip("/")} for each in documents],
    )


@variant()
def fixed_schemas_are_not_listed(service: Service) -> None:
    """/Schemas lists resource schemas alone, not the three fixed ones (A74)."""
    for name in ("ServiceProviderConfig", "ResourceType", "Schema"):
        service.schemas.drop(CORE + name)


@variant()
def definitions_as_in_the_examples(service: Service) -> None:
    """Definitions leave out caseExact and uniqueness where they mean nothing, as the RFC's examples do (A91)."""

    def trimmed(definition: Document) -> Document:
        meaningless = ("caseExact", "uniqueness") if definition["type"] in ("boolean", "complex") else ()
        kept = without(definition, *meaningless)
        if "subAttributes" in kept:
            kept["subAttributes"] = [trimmed(sub) for sub in kept["subAttributes"]]
        return kept

    def change(documents: list[Document]) -> list[Document]:
        return [{**each, "attributes": [trimmed(one) for one in each["attributes"]]} for each in documents]

    after(service.discovery, "schema_documents", change)


@variant()
def schemas_list_common_attributes(service: Service) -> None:
    """Served schemas repeat id, externalId and meta among their attributes (RFC 7643 section 3.1)."""
    common = [
        {"name": "id", "type": "string", "multiValued": False, "description": "The id.", "required": True,
         "caseExact": True, "mutability": "readOnly", "returned": "always", "uniqueness": "server"},
        {"name": "externalId", "type": "string", "multiValued": False, "description": "The client's id.",
         "required": False, "caseExact": True, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
    ]  # fmt: skip

    def change(documents: list[Document]) -> list[Document]:
        resource_schemas = {CORE + "User", CORE + "Group"}
        return [
            {**each, "attributes": common + each["attributes"]} if each["id"] in resource_schemas else each
            for each in documents
        ]

    after(service.discovery, "schema_documents", change)


@variant()
def more_authentication_schemes(service: Service) -> None:
    """ServiceProviderConfig lists a second scheme and help for people; pagination, which is optional, is not there."""
    basic = {"type": "httpbasic", "name": "HTTP Basic", "description": "User name and password, for administrators"}
    after(service.discovery, "authentication_schemes", lambda schemes: [*schemes, basic])
    after(
        service.discovery,
        "service_provider_config",
        lambda document: {**without(document, "pagination"), "documentationUri": "https://example.com/help/scim.html"},
    )


@variant(hints={"provisioning-settings": False})
def discovery_is_anonymous(service: Service) -> None:
    """Discovery can be read without credentials, as RFC 7643 section 5 recommends.

    The product's pages expect a token on every request; a server that lets clients read discovery is not one of theirs.
    """
    service.settings.anonymous_discovery = True


@variant()
def lists_without_paging(service: Service) -> None:
    """Complete lists have neither startIndex nor itemsPerPage, which partial pages alone need (RFC 7644 3.4.2)."""

    def trimmed(body: Document) -> Document:
        complete = body["totalResults"] == len(body["Resources"])
        return without(body, "startIndex", "itemsPerPage") if complete else body

    after(service.answers, "list_response", trimmed)


@variant()
def empty_lists_without_resources(service: Service) -> None:
    """A list without resources has no Resources member (RFC 7644 section 3.4.2, A11)."""
    after(service.answers, "list_response", lambda body: body if body["Resources"] else without(body, "Resources"))

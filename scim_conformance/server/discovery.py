"""Discovery: ServiceProviderConfig, ResourceTypes and Schemas (RFC 7644 section 4, RFC 7643 sections 5 to 7)."""

from typing import Any

from scim_conformance.server.answers import Answers
from scim_conformance.server.capabilities import Capabilities
from scim_conformance.server.errors import ScimError, not_found
from scim_conformance.server.locations import Locations
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.resource_types import ResourceTypes
from scim_conformance.server.schema import CORE, Schemas

Document = dict[str, Any]


class Discovery:
    """Tells clients what the service provider supports; nothing here can be written."""

    def __init__(
        self,
        schemas: Schemas,
        resource_types: ResourceTypes,
        capabilities: Capabilities,
        locations: Locations,
        answers: Answers,
    ) -> None:
        self.schemas = schemas
        self.resource_types = resource_types
        self.capabilities = capabilities
        self.locations = locations
        self.answers = answers

    # ServiceProviderConfig

    def get_service_provider_config(self, request: Request) -> Response:
        """Answer GET /ServiceProviderConfig."""
        self.check_filter(request)
        return self.answers.document(request, 200, self.service_provider_config(request))

    def service_provider_config(self, request: Request) -> Document:
        """Write what is supported, as the capabilities have it."""
        able = self.capabilities
        return {
            "schemas": [CORE + "ServiceProviderConfig"],
            "patch": {"supported": able.patch},
            "bulk": self.bulk(),
            "filter": {"supported": able.filter, "maxResults": able.max_results},
            "changePassword": {"supported": able.change_password},
            "sort": {"supported": able.sort},
            "etag": {"supported": able.etag},
            "pagination": self.pagination(),
            "authenticationSchemes": self.authentication_schemes(),
            "meta": self.meta("ServiceProviderConfig", self.locations.base(request) + "/ServiceProviderConfig"),
        }

    def bulk(self) -> Document:
        """Write whether bulk jobs are supported, and their limits."""
        able = self.capabilities
        operations, size = (able.max_operations, able.max_payload) if able.bulk else (0, 0)
        return {"supported": able.bulk, "maxOperations": operations, "maxPayloadSize": size}

    def pagination(self) -> Document:
        """Write the ways of paging (RFC 9865 section 4)."""
        able = self.capabilities
        paging: Document = {
            "cursor": able.cursor,
            "index": able.index,
            "defaultPaginationMethod": able.default_method,
            "defaultPageSize": able.default_page_size,
            "maxPageSize": able.max_results,
        }
        timeout = able.cursor_timeout if able.cursor else None
        return paging if timeout is None else {**paging, "cursorTimeout": timeout}

    def authentication_schemes(self) -> list[Document]:
        """Write the ways of authenticating: the bearer token."""
        return [
            {
                "type": "oauthbearertoken",
                "name": "OAuth Bearer Token",
                "description": "The SCIM token of the provisioning settings in the Authorization header",
                "specUri": "https://www.rfc-editor.org/info/rfc6750",
                "primary": True,
            }
        ]

    # ResourceTypes

    def get_resource_types(self, request: Request) -> Response:
        """Answer GET /ResourceTypes with all of them."""
        self.check_filter(request)
        return self.listed(request, self.resource_type_documents(request))

    def get_resource_type(self, request: Request, name: str) -> Response:
        """Answer GET /ResourceTypes/{name}."""
        self.check_filter(request)
        found = next((each for each in self.resource_type_documents(request) if self.is_named(each, name)), None)
        if found is None:
            raise not_found(f"There is no resource type {name[:80]!r}.")
        return self.answers.document(request, 200, found)

    def resource_type_documents(self, request: Request) -> list[Document]:
        """Write all resource types."""
        base = self.locations.base(request) + "/ResourceTypes/"
        return [
            {**each.document(), "meta": self.meta("ResourceType", base + each.name)} for each in self.resource_types
        ]

    def is_named(self, document: Document, name: str) -> bool:
        """Tell whether this is the resource type asked for, by id or name."""
        return name in (document.get("id"), document.get("name"))

    # Schemas

    def get_schemas(self, request: Request) -> Response:
        """Answer GET /Schemas with all of them."""
        self.check_filter(request)
        return self.listed(request, self.schema_documents(request))

    def get_schema(self, request: Request, urn: str) -> Response:
        """Answer GET /Schemas/{URI}."""
        self.check_filter(request)
        found = next((s for s in self.schema_documents(request) if str(s.get("id")).lower() == urn.lower()), None)
        if found is None:
            raise not_found(f"There is no schema {urn[:120]!r}.")
        return self.answers.document(request, 200, found)

    def schema_documents(self, request: Request) -> list[Document]:
        """Write all schemas."""
        base = self.locations.base(request) + "/Schemas/"
        return [{**schema.document(), "meta": self.meta("Schema", base + schema.id)} for schema in self.schemas]

    # What they share

    def listed(self, request: Request, documents: list[Document]) -> Response:
        """Answer with a list of all; sorting and paging are ignored here (RFC 7644 section 4)."""
        return self.answers.listed(request, self.answers.list_response(documents, len(documents), 1))

    def check_filter(self, request: Request) -> None:
        """Refuse a filter, so that nobody takes the whole for a part (RFC 7644 section 4)."""
        if request.parameter("filter") is not None:
            raise ScimError(403, None, "Discovery endpoints cannot be filtered.")

    def meta(self, resource_type: str, location: str) -> Document:
        """Write the meta attribute of a discovery resource."""
        return {"resourceType": resource_type, "location": location}

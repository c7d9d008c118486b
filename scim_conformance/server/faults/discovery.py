"""Faults of the endpoints of discovery, and of the addresses that are told (RFC 7644 sections 1.3, 3.13 and 4).

Those of the documents are in the modules configuration, schemas and definitions.
"""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from scim_conformance.server.errors import ScimError, invalid_filter, not_found
from scim_conformance.server.faults import after, around, fault, skip, swap
from scim_conformance.server.messages import Headers, Request, Response
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Handlers, Service

Document = dict[str, Any]


def broken(_request: Request) -> Response:
    """Answer as a server does that broke."""
    return Response(500, Headers([("Content-Type", "text/plain")]), b"Something went wrong.")


def parameter(request: Request, name: str, default: int) -> int:
    """Read a query parameter that is a number."""
    return int(request.parameter(name) or default)


# -- the endpoints --------------------------------------------------------------------------


@fault("RFC7644-3.2-07")
def service_provider_config_missing(service: Service) -> None:
    """There is no /ServiceProviderConfig."""

    def refuse(_request: Request) -> Response:
        raise not_found("There is no such endpoint.")

    swap(service.discovery, "get_service_provider_config", refuse)


@fault("RFC7644-3.2-07")
def resource_types_break(service: Service) -> None:
    """/ResourceTypes answers 500."""
    swap(service.discovery, "get_resource_types", broken)


@fault("RFC7644-3.2-07")
def schemas_are_a_page(service: Service) -> None:
    """/Schemas answers 200 with an HTML page instead of JSON."""
    page = Response(200, Headers([("Content-Type", "text/html")]), b"<!doctype html><title>Sign in</title>")
    swap(service.discovery, "get_schemas", lambda _request: page)


def reshape(service: Service, method: str, shape: Callable[[list[Document]], Any]) -> None:
    """Answer a listing with something made of its entries instead of a ListResponse."""

    def reshaped(response: Response) -> Response:
        response.body = service.answers.encoded(shape(response.json["Resources"]))
        return response

    after(service.discovery, method, reshaped)


@fault("RFC7644-4-06")
def resource_types_are_a_bare_array(service: Service) -> None:
    """/ResourceTypes answers with a bare array instead of a ListResponse."""
    reshape(service, "get_resource_types", list)


@fault("RFC7644-4-03", "RFC7644-4-06")
def schemas_are_a_bare_array(service: Service) -> None:
    """/Schemas answers with a bare array instead of a ListResponse."""
    reshape(service, "get_schemas", list)


@fault("RFC7644-4-03", "RFC7644-4-06")
def schemas_are_one_object(service: Service) -> None:
    """/Schemas answers with one schema alone, not in a list."""
    reshape(service, "get_schemas", lambda entries: entries[-1])


def edit_lists(service: Service, edit: Callable[[Document], object]) -> None:
    """Edit the list responses of /ResourceTypes and /Schemas."""

    def listed(request: Request, documents: list[Document]) -> Response:
        body = service.answers.list_response(documents, len(documents), 1)
        edit(body)
        return service.answers.listed(request, body)

    swap(service.discovery, "listed", listed)


@fault("RFC7644-4-03", "RFC7644-4-06")
def discovery_lists_without_total(service: Service) -> None:
    """The lists of discovery have no totalResults."""
    edit_lists(service, lambda body: body.pop("totalResults"))


@fault("RFC7644-4-03", "RFC7644-4-06")
def discovery_lists_with_a_wrong_total(service: Service) -> None:
    """The lists of discovery have a totalResults higher than the number of entries there are."""
    edit_lists(service, lambda body: body.update(totalResults=body["totalResults"] + 1))


@fault("RFC7644-4-03", "RFC7644-4-06")
def discovery_lists_name_no_list_schema(service: Service) -> None:
    """The lists of discovery name another schema than ListResponse."""
    edit_lists(service, lambda body: body.update(schemas=["urn:ietf:params:scim:api:messages:2.0:SearchResponse"]))


@fault("RFC7644-4-03", "RFC7644-4-06")
def discovery_lists_of_names(service: Service) -> None:
    """The lists of discovery hold ids instead of objects."""
    edit_lists(service, lambda body: body.update(Resources=[each["id"] for each in body["Resources"]]))


@fault("RFC7644-4-05")
def resource_types_are_empty(service: Service) -> None:
    """/ResourceTypes lists nothing, though there are users and groups."""
    reshape(service, "get_resource_types", lambda _entries: service.answers.list_response([], 0, 1))


# -- one entry ------------------------------------------------------------------------------


@fault("RFC7644-4-05", "RFC7643-6-04")
def resource_type_alone_is_not_found(service: Service) -> None:
    """GET /ResourceTypes/{id} answers 404 for every id."""
    swap(service.discovery, "is_named", lambda _document, _name: False)


@fault("RFC7644-4-05", "RFC7643-6-04")
def resource_type_alone_is_a_list(service: Service) -> None:
    """GET /ResourceTypes/{id} answers with a list of one instead of the object."""

    def single(request: Request, name: str) -> Response:
        found = [each for each in service.discovery.resource_type_documents(request) if each["id"] == name]
        if not found:
            raise not_found("There is no such resource type.")
        return service.discovery.listed(request, found)

    swap(service.discovery, "get_resource_type", single)


@fault("RFC7644-4-05")
def unknown_resource_type_is_answered(service: Service) -> None:
    """GET /ResourceTypes/{id} answers 200 for an id that no resource type has."""

    def single(original: Callable[..., Response], request: Request, name: str) -> Response:
        try:
            return original(request, name)
        except ScimError:
            return service.discovery.listed(request, [])

    around(service.discovery, "get_resource_type", single)


@fault("RFC7644-4-04")
def schema_alone_is_not_found(service: Service) -> None:
    """GET /Schemas/{URI} answers 404 for the URI of an extension, whose dots it does not understand."""

    def single(original: Callable[..., Response], request: Request, urn: str) -> Response:
        if ":extension:" in urn:
            raise not_found("There is no such schema.")
        return original(request, urn)

    around(service.discovery, "get_schema", single)


@fault("RFC7644-4-04")
def unknown_schema_is_answered(service: Service) -> None:
    """GET /Schemas/{URI} answers 200 with an empty list for a URI that no schema has."""

    def single(original: Callable[..., Response], request: Request, urn: str) -> Response:
        if urn.lower().startswith("urn:ietf:"):
            return original(request, urn)
        try:
            return original(request, urn)
        except ScimError:
            return service.discovery.listed(request, [])

    around(service.discovery, "get_schema", single)


@fault("RFC7644-4-04")
def unknown_schema_breaks(service: Service) -> None:
    """GET /Schemas/{URI} answers 500 for a URI that no schema has."""

    def single(original: Callable[..., Response], request: Request, urn: str) -> Response:
        if urn.lower().startswith("urn:ietf:"):
            return original(request, urn)
        try:
            return original(request, urn)
        except ScimError:
            return broken(request)

    around(service.discovery, "get_schema", single)


# -- query parameters -----------------------------------------------------------------------


@fault("RFC7644-4-07")
def discovery_is_paged_by_count(service: Service) -> None:
    """The count parameter cuts the lists of discovery."""
    around(
        service.discovery,
        "listed",
        lambda original, request, documents: original(request, documents[: parameter(request, "count", 100)]),
    )


@fault("RFC7644-4-07")
def discovery_is_paged_by_start_index(service: Service) -> None:
    """The startIndex parameter skips entries of the lists of discovery."""
    around(
        service.discovery,
        "listed",
        lambda original, request, documents: original(request, documents[parameter(request, "startIndex", 1) - 1 :]),
    )


@fault("RFC7644-4-07")
def discovery_comes_in_pages(service: Service) -> None:
    """The lists of discovery come in pages of one entry, without being asked."""

    def listed(request: Request, documents: list[Document]) -> Response:
        start = parameter(request, "startIndex", 1)
        page = documents[start - 1 : start]
        return service.answers.listed(request, service.answers.list_response(page, len(documents), start))

    swap(service.discovery, "listed", listed)


@fault("RFC7644-4-07")
def discovery_is_sorted(service: Service) -> None:
    """The sortBy parameter puts the lists of discovery in order."""

    def listed(original: Callable[..., Response], request: Request, documents: list[Document]) -> Response:
        if request.parameter("sortBy"):
            descending = request.parameter("sortOrder") == "descending"
            documents = sorted(documents, key=lambda each: str(each["id"]), reverse=descending)
        return original(request, documents)

    around(service.discovery, "listed", listed)


@fault("RFC7644-4-08")
def discovery_is_filtered(service: Service) -> None:
    """A filter is applied to the lists of discovery."""
    skip(service.discovery, "check_filter")

    def listed(original: Callable[..., Response], request: Request, documents: list[Document]) -> Response:
        wanted = re.findall(r'"([^"]*)"', request.parameter("filter") or "")
        return original(request, [each for each in documents if not wanted or each.get("name") in wanted])

    around(service.discovery, "listed", listed)


@fault("RFC7644-4-08")
def discovery_ignores_filters(service: Service) -> None:
    """A filter on the lists of discovery is ignored, and everything comes."""
    skip(service.discovery, "check_filter")


@fault("RFC7644-4-08")
def discovery_refuses_filters_as_invalid(service: Service) -> None:
    """A filter on the lists of discovery is answered with 400 invalidFilter."""

    def check(request: Request) -> None:
        if request.parameter("filter") is not None:
            raise invalid_filter("Discovery cannot be filtered.")

    swap(service.discovery, "check_filter", check)


# -- writes ---------------------------------------------------------------------------------


def accept_writes(service: Service, endpoint: str, method: str) -> None:
    """Let a method seem to work on a discovery endpoint and its entries."""

    def fixed(original: Callable[..., Handlers | None], segments: list[str]) -> Handlers | None:
        handlers = original(segments)
        if handlers is not None and segments[0] == endpoint:
            handlers = {**handlers, method: lambda _request: Response(204)}
        return handlers

    around(service, "fixed_endpoint", fixed)


@fault("RFC7643-5-02")
def service_provider_config_can_be_replaced(service: Service) -> None:
    """PUT of /ServiceProviderConfig succeeds."""
    accept_writes(service, "ServiceProviderConfig", "PUT")


@fault("RFC7643-5-02")
def service_provider_config_can_be_patched(service: Service) -> None:
    """PATCH of /ServiceProviderConfig succeeds."""
    accept_writes(service, "ServiceProviderConfig", "PATCH")


@fault("RFC7643-6-02")
def resource_type_can_be_replaced(service: Service) -> None:
    """PUT of an entry of /ResourceTypes succeeds."""
    accept_writes(service, "ResourceTypes", "PUT")


@fault("RFC7643-6-02")
def resource_type_can_be_patched(service: Service) -> None:
    """PATCH of an entry of /ResourceTypes succeeds."""
    accept_writes(service, "ResourceTypes", "PATCH")


@fault("RFC7643-7-02")
def schema_can_be_replaced(service: Service) -> None:
    """PUT of an entry of /Schemas succeeds."""
    accept_writes(service, "Schemas", "PUT")


@fault("RFC7643-7-02")
def schema_can_be_patched(service: Service) -> None:
    """PATCH of an entry of /Schemas succeeds."""
    accept_writes(service, "Schemas", "PATCH")


# -- addresses ------------------------------------------------------------------------------


@fault("RFC7644-1.3-01")
def discovery_locations_have_a_query(service: Service) -> None:
    """The locations of discovery documents have a query string."""
    around(service.discovery, "meta", lambda original, kind, location: original(kind, f"{location}?tenant=1"))


@fault("RFC7644-1.3-01")
def resource_locations_have_a_query(service: Service) -> None:
    """The locations of resources have a query string."""
    after(service.locations, "resource", lambda location: f"{location}?tenant=1")


@fault("RFC7644-1.3-04")
def locations_lose_the_prefix(service: Service) -> None:
    """The locations of resources lack the path of the base URL."""
    locations = service.locations
    swap(
        locations,
        "resource",
        lambda request, endpoint, id_: f"{request.scheme}://{locations.host(request)}{endpoint}/{quote(id_)}",
    )


@fault("RFC7644-3.13-02")
def version_stands_first(service: Service) -> None:
    """In the locations of discovery documents the version stands at the beginning of the path."""

    def meta(original: Callable[..., Document], kind: str, location: str) -> Document:
        return original(kind, re.sub(r"(://[^/]+)(/.*)/(v\d+)/", r"\1/\3\2/", location))

    around(service.discovery, "meta", meta)


@fault("RFC7644-3.13-03")
def unknown_version_is_served(service: Service) -> None:
    """A request for version 9 is served as if it were for version 2."""
    swap(service, "unversioned", lambda path: re.sub(r"^/v\d+", "", path))


@fault("RFC7644-3.13-04")
def old_version_is_the_default(service: Service) -> None:
    """Without a version segment, SCIM 1.1 answers."""

    def collection(original: Callable[[ResourceType], Handlers], kind: ResourceType) -> Handlers:
        def get(request: Request) -> Response:
            if re.search(r"/v\d+/", request.path):
                return original(kind)["GET"](request)
            old = {"schemas": ["urn:scim:schemas:core:1.0"], "totalResults": 0, "Resources": []}
            return service.answers.document(request, 200, old)

        return {**original(kind), "GET": get}

    around(service, "collection", collection)

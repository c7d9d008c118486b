"""Faults of ServiceProviderConfig, as a document and as a promise (RFC 7643 section 5, RFC 9865 section 4)."""

from collections.abc import Callable
from typing import Any

from scim_conformance.server.errors import not_implemented
from scim_conformance.server.faults import after, around, fault, swap
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Handlers, Service

Document = dict[str, Any]


def edit_config(service: Service, edit: Callable[[Document], object]) -> None:
    """Edit the ServiceProviderConfig as it is served."""

    def edited(document: Document) -> Document:
        edit(document)
        return document

    after(service.discovery, "service_provider_config", edited)


# -- the document ---------------------------------------------------------------------------


@fault("RFC7644-4-02")
def config_is_in_a_list(service: Service) -> None:
    """/ServiceProviderConfig answers with a list of one instead of the object."""
    discovery = service.discovery
    swap(
        discovery,
        "get_service_provider_config",
        lambda request: discovery.listed(request, [discovery.service_provider_config(request)]),
    )


@fault("RFC7644-4-02", "RFC7643-5-01")
def config_names_a_wrong_schema(service: Service) -> None:
    """ServiceProviderConfig names a schema that is spelled in the plural."""
    urn = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfigs"
    edit_config(service, lambda document: document.update(schemas=[urn]))


@fault("RFC7644-4-02", "RFC7643-5-01")
def config_names_its_schema_in_a_text(service: Service) -> None:
    """The schemas of ServiceProviderConfig is a text instead of an array."""
    edit_config(service, lambda document: document.update(schemas=document["schemas"][0]))


@fault("RFC7643-3-07")
def config_names_its_schema_twice(service: Service) -> None:
    """The schemas of ServiceProviderConfig has the same URI twice."""
    edit_config(service, lambda document: document.update(schemas=document["schemas"] * 2))


@fault("RFC7643-3-04")
def config_names_a_schema_that_is_no_uri(service: Service) -> None:
    """The schemas of ServiceProviderConfig holds a name beside the URI."""
    edit_config(service, lambda document: document["schemas"].append("ServiceProviderConfig"))


@fault("RFC7643-5-20")
def config_breaks_without_credentials(service: Service) -> None:
    """/ServiceProviderConfig answers 500 to a request without credentials."""

    def finished(original: Callable[..., Response], request: Request, response: Response) -> Response:
        if request.path.endswith("/ServiceProviderConfig") and "Authorization" not in request.headers:
            response.status = 500
        return original(request, response)

    around(service, "finished", finished)


@fault("RFC7643-8.5-01")
def config_goes_by_another_resource_type(service: Service) -> None:
    """The meta.resourceType of ServiceProviderConfig is another name."""
    edit_config(service, lambda document: document["meta"].update(resourceType="Config"))


@fault("RFC7643-8.5-01")
def config_is_located_elsewhere(service: Service) -> None:
    """The meta.location of ServiceProviderConfig is that of another endpoint."""

    def edit(document: Document) -> None:
        document["meta"]["location"] = document["meta"]["location"].replace("ServiceProviderConfig", "Config")

    edit_config(service, edit)


# -- features -------------------------------------------------------------------------------


@fault("RFC7643-5-05")
def config_without_patch(service: Service) -> None:
    """ServiceProviderConfig has no patch."""
    edit_config(service, lambda document: document.pop("patch"))


@fault("RFC7643-5-05")
def config_with_patch_as_a_boolean(service: Service) -> None:
    """The patch of ServiceProviderConfig is a boolean instead of an object."""
    edit_config(service, lambda document: document.update(patch=True))


@fault("RFC7643-5-07")
def config_without_bulk(service: Service) -> None:
    """ServiceProviderConfig has no bulk, as if what is not supported need not be told."""
    edit_config(service, lambda document: document.pop("bulk"))


@fault("RFC7643-5-11")
def config_without_filter(service: Service) -> None:
    """ServiceProviderConfig has no filter."""
    edit_config(service, lambda document: document.pop("filter"))


@fault("RFC7643-5-14")
def config_without_change_password(service: Service) -> None:
    """ServiceProviderConfig has no changePassword."""
    edit_config(service, lambda document: document.pop("changePassword"))


@fault("RFC7643-5-16")
def config_without_sort(service: Service) -> None:
    """ServiceProviderConfig has no sort."""
    edit_config(service, lambda document: document.pop("sort"))


@fault("RFC7643-5-18")
def config_without_etag(service: Service) -> None:
    """ServiceProviderConfig has no etag."""
    edit_config(service, lambda document: document.pop("etag"))


@fault("RFC7643-5-06", "RFC7643-5-12", "RFC7643-5-15", "RFC7643-5-17", "RFC7643-5-19")
def config_with_booleans_as_texts(service: Service) -> None:
    """The supported flags of ServiceProviderConfig are the texts "true" and "false"."""

    def edit(document: Document) -> None:
        for feature in ("patch", "filter", "changePassword", "sort", "etag"):
            document[feature]["supported"] = str(document[feature]["supported"]).lower()

    edit_config(service, edit)


@fault("RFC7643-5-08")
def config_without_bulk_supported(service: Service) -> None:
    """The bulk of ServiceProviderConfig does not say whether it is supported."""
    edit_config(service, lambda document: document["bulk"].pop("supported"))


@fault("RFC7643-5-08")
def config_with_bulk_supported_as_a_number(service: Service) -> None:
    """The flag bulk.supported is 1 instead of true."""
    edit_config(service, lambda document: document["bulk"].update(supported=1))


@fault("RFC7643-5-09")
def config_without_max_operations(service: Service) -> None:
    """The bulk of ServiceProviderConfig has no maxOperations."""
    edit_config(service, lambda document: document["bulk"].pop("maxOperations"))


@fault("RFC7643-5-10")
def config_with_max_payload_size_as_a_text(service: Service) -> None:
    """The limit bulk.maxPayloadSize is a text."""
    edit_config(service, lambda document: document["bulk"].update(maxPayloadSize="1048576"))


@fault("RFC7643-5-13")
def config_with_a_fractional_max_results(service: Service) -> None:
    """The limit filter.maxResults is written with a fraction."""
    edit_config(service, lambda document: document["filter"].update(maxResults=200.0))


@fault("RFC7643-5-13")
def config_without_max_results(service: Service) -> None:
    """The filter of ServiceProviderConfig has no maxResults."""
    edit_config(service, lambda document: document["filter"].pop("maxResults"))


# -- authentication -------------------------------------------------------------------------


@fault("RFC7643-5-21")
def config_without_authentication_schemes(service: Service) -> None:
    """ServiceProviderConfig has no authenticationSchemes."""
    edit_config(service, lambda document: document.pop("authenticationSchemes"))


@fault("RFC7643-5-21")
def config_with_one_authentication_scheme(service: Service) -> None:
    """The authenticationSchemes of ServiceProviderConfig is an object instead of an array."""
    edit_config(service, lambda document: document.update(authenticationSchemes=document["authenticationSchemes"][0]))


@fault("RFC7643-5-22")
def authentication_scheme_without_type(service: Service) -> None:
    """An authentication scheme has no type."""
    edit_config(service, lambda document: document["authenticationSchemes"][0].pop("type"))


@fault("RFC7643-5-23")
def authentication_scheme_without_name(service: Service) -> None:
    """An authentication scheme has no name."""
    edit_config(service, lambda document: document["authenticationSchemes"][0].pop("name"))


@fault("RFC7643-5-24")
def authentication_scheme_without_description(service: Service) -> None:
    """An authentication scheme has an empty description."""
    edit_config(service, lambda document: document["authenticationSchemes"][0].update(description=""))


@fault("RFC7643-5-04")
def documentation_is_at_no_url(service: Service) -> None:
    """The documentationUri of ServiceProviderConfig is a text for people."""
    edit_config(service, lambda document: document.update(documentationUri="see our wiki"))


@fault("RFC7643-5-25")
def authentication_specification_is_at_no_url(service: Service) -> None:
    """The specUri of an authentication scheme is the name of a specification."""
    edit_config(service, lambda document: document["authenticationSchemes"][0].update(specUri="RFC 6750"))


@fault("RFC7643-5-26")
def authentication_documentation_is_relative(service: Service) -> None:
    """The documentationUri of an authentication scheme is a path."""
    edit_config(service, lambda document: document["authenticationSchemes"][0].update(documentationUri="/help"))


# -- pagination -----------------------------------------------------------------------------


@fault("RFC9865-4-03")
def pagination_cursor_is_a_text(service: Service) -> None:
    """The flag pagination.cursor is the text "true"."""
    edit_config(service, lambda document: document["pagination"].update(cursor="true"))


@fault("RFC9865-4-03")
def pagination_without_cursor(service: Service) -> None:
    """The pagination of ServiceProviderConfig has no cursor."""
    edit_config(service, lambda document: document["pagination"].pop("cursor"))


@fault("RFC9865-4-04")
def pagination_without_index(service: Service) -> None:
    """The pagination of ServiceProviderConfig has no index."""
    edit_config(service, lambda document: document["pagination"].pop("index"))


@fault("RFC9865-4-05")
def default_pagination_method_is_unknown(service: Service) -> None:
    """The defaultPaginationMethod is neither cursor nor index."""
    edit_config(service, lambda document: document["pagination"].update(defaultPaginationMethod="offset"))


@fault("RFC9865-4-05")
def default_pagination_method_is_unsupported(service: Service) -> None:
    """The defaultPaginationMethod is cursor, though pagination.cursor is false."""
    service.capabilities.cursor = False
    edit_config(service, lambda document: document["pagination"].update(defaultPaginationMethod="cursor"))


@fault("RFC9865-4-06")
def default_page_size_is_zero(service: Service) -> None:
    """The defaultPageSize is 0."""
    edit_config(service, lambda document: document["pagination"].update(defaultPageSize=0))


@fault("RFC9865-4-07")
def max_page_size_is_a_text(service: Service) -> None:
    """The maxPageSize is a text."""
    edit_config(service, lambda document: document["pagination"].update(maxPageSize="200"))


@fault("RFC9865-4-08")
def cursor_timeout_is_negative(service: Service) -> None:
    """The cursorTimeout is -1."""
    edit_config(service, lambda document: document["pagination"].update(cursorTimeout=-1))


# -- claims and behaviour -------------------------------------------------------------------


@fault("RFC7643-5-06", "RFC7644-3.5.2-23")
def patch_is_advertised_but_not_implemented(service: Service) -> None:
    """PATCH answers 501, though patch.supported is true."""

    def modify(*_: object) -> Response:
        raise not_implemented("PATCH is not supported.")

    swap(service.lifecycle, "modify", modify)


@fault("RFC7643-5-06", "RFC7644-3.5.2-23")
def patch_is_advertised_but_not_allowed(service: Service) -> None:
    """PATCH answers 405, though patch.supported is true."""

    def single(original: Callable[..., Handlers], kind: ResourceType, id_: str) -> Handlers:
        return {method: handler for method, handler in original(kind, id_).items() if method != "PATCH"}

    around(service, "single", single)


@fault("RFC7643-5-12")
def filter_is_advertised_but_not_implemented(service: Service) -> None:
    """A filter is answered with 501, though filter.supported is true."""

    def filtered(*arguments: Any, **_: Any) -> None:
        if arguments[1] is not None:
            raise not_implemented("Filters are not supported.")

    swap(service.query, "filter", filtered)


@fault("RFC7643-5-12", "RFC7644-3.4.2.2-04")
def filter_is_advertised_but_ignored(service: Service) -> None:
    """A filter is read, but everything is listed, though filter.supported is true."""
    around(service.query, "matching", lambda original, request, kinds, _filter: original(request, kinds, None))

"""Variants of what is supported: a function is missing, and discovery says so."""

from scim_conformance.server.service import Service
from scim_conformance.server.variants import variant

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


@variant()
def no_patch(service: Service) -> None:
    """PATCH is not supported, ServiceProviderConfig says so, and it answers 501 (RFC 7644 section 3.5.2, A64)."""
    service.capabilities.patch = False


@variant()
def no_filter(service: Service) -> None:
    """Filters are not supported, ServiceProviderConfig says so, and one is refused with invalidFilter (A29)."""
    service.capabilities.filter = False


@variant()
def no_sort(service: Service) -> None:
    """Sorting is not supported, ServiceProviderConfig says so, and sortBy is ignored (A47)."""
    service.capabilities.sort = False


@variant()
def no_etag(service: Service) -> None:
    """Versions are not supported, ServiceProviderConfig says so, and conditions are ignored (RFC 7644 section 3.14)."""
    service.capabilities.etag = False


@variant()
def no_search(service: Service) -> None:
    """Searching by POST answers 501; ServiceProviderConfig has no flag for it (A49)."""
    service.capabilities.search = False


@variant()
def no_root_query(service: Service) -> None:
    """The base URL cannot be queried: such queries are a MAY (RFC 7644 section 3.4.2.1, A49)."""
    service.capabilities.root_query = False


@variant()
def no_cursor(service: Service) -> None:
    """Paging by cursor is not supported, and ServiceProviderConfig says so (RFC 9865 section 4)."""
    service.capabilities.cursor = False


@variant()
def nothing_optional(service: Service) -> None:
    """Nothing that is optional is supported, and ServiceProviderConfig says so."""
    able = service.capabilities
    able.bulk = able.patch = able.filter = able.sort = able.etag = able.search = able.root_query = False
    able.change_password = able.cursor = False
    service.schemas.remove(USER, "password")


@variant()
def no_groups(service: Service) -> None:
    """There are no groups: no resource type, no schema, no attribute of users (RFC 7643 section 3)."""
    service.resource_types.drop("Group")
    service.schemas.drop(GROUP)
    service.schemas.remove(USER, "groups")


@variant()
def no_enterprise_extension(service: Service) -> None:
    """There is no enterprise extension; what clients send of it is ignored (RFC 7643 section 4.3)."""
    service.resource_types.retract("User", ENTERPRISE)


@variant()
def no_groups_of_users(service: Service) -> None:
    """Users do not show their groups, an optional attribute that the served schema lacks (A67)."""
    service.schemas.remove(USER, "groups")


@variant()
def small_pages(service: Service) -> None:
    """A page holds three resources at most, and ServiceProviderConfig says so (RFC 7644 section 3.4.2.4)."""
    service.capabilities.max_results = 3
    service.capabilities.default_page_size = 2


@variant()
def few_attributes(service: Service) -> None:
    """The user schema has a handful of attributes, the required one among them (RFC 7643 section 8.7.1)."""
    kept = ("userName", "name", "displayName", "active", "emails", "groups")
    schema = service.schemas.get(USER)
    for attribute in schema.attributes if schema else ():
        if attribute.name not in kept:
            service.schemas.remove(USER, attribute.name)
    service.capabilities.change_password = False

"""Variants of queries: the order of results, projections and searches, where the RFC or a note leaves a choice."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from scim_conformance.server.errors import ScimError, invalid_value, not_found, not_implemented
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.paths import AttributePath
from scim_conformance.server.projection import Wanted
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Service
from scim_conformance.server.variants import around, variant

_MANY = 2
USER = "urn:ietf:params:scim:schemas:core:2.0:User"

# -- the order of results -------------------------------------------------------------------


@variant()
def sorting_is_refused(service: Service) -> None:
    """Sorting is not supported, ServiceProviderConfig says so, and sortBy is answered 501 (A47)."""
    service.capabilities.sort = False

    def order(original: Callable[..., Any], kinds: Any, found: Any, parameters: Mapping[str, str]) -> Any:
        if parameters.get("sortBy"):
            raise not_implemented("Sorting is not supported.")
        return original(kinds, found, parameters)

    around(service.query, "sorted", order)


@variant()
def other_orders_are_ascending(service: Service) -> None:
    """A sortOrder that nobody knows is taken for ascending (RFC 7644 section 3.4.2.3)."""
    around(service.sorting, "is_descending", lambda original, order: order == "descending" and original(order))


@variant()
def accents_do_not_count_when_sorting(service: Service) -> None:
    """Letters with accents are sorted like those without (A48)."""

    def plain(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return "".join(each for each in unicodedata.normalize("NFD", value) if not unicodedata.combining(each))

    around(service.sorting, "comparable", lambda original, value, attribute: plain(original(value, attribute)))


@variant()
def equal_values_stand_the_other_way_round(service: Service) -> None:
    """Resources with equal values, or without one, come in the order in which the last one was created first (A48)."""
    around(
        service.sorting, "ordered", lambda original, found, path, **how: original(list(reversed(found)), path, **how)
    )


@variant()
def times_cannot_be_sorted_by(service: Service) -> None:
    """A query that is to be sorted by a time of meta is refused (A48)."""

    def sort_path(original: Callable[..., AttributePath], kinds: Any, name: str) -> AttributePath:
        if name.startswith("meta."):
            raise invalid_value(f"Nothing can be sorted by {name}.")
        return original(kinds, name)

    around(service.sorting, "sort_path", sort_path)


# -- projections ----------------------------------------------------------------------------


@variant()
def projections_show_meta(service: Service) -> None:
    """With attributes a resource is shown with meta, which earns no more than a warning (A45)."""

    def wanted(original: Callable[..., Wanted], *texts: str | None) -> Wanted:
        found = original(*texts)
        return Wanted(found.attributes and (*found.attributes, "meta"), found.excluded)

    around(service.projection, "wanted", wanted)


@variant()
def projected_elements_show_their_type(service: Service) -> None:
    """With emails.value in attributes the type of each is shown too, which earns no more than a warning (A45)."""

    def wanted(original: Callable[..., Wanted], *texts: str | None) -> Wanted:
        found = original(*texts)
        more = ("emails.type",) if "emails.value" in (found.attributes or ()) else ()
        return Wanted(found.attributes and (*found.attributes, *more), found.excluded)

    around(service.projection, "wanted", wanted)


@variant()
def unknown_projected_names_are_refused(service: Service) -> None:
    """A name in attributes that no attribute has is refused with 400, which earns no more than a warning (A44)."""

    def key(original: Callable[..., str], kind: ResourceType, name: str) -> str:
        found = original(kind, name)
        if not found:
            raise invalid_value(f"There is no attribute {name}.")
        return found

    around(service.projection, "key", key)


@variant()
def user_type_on_request(service: Service) -> None:
    """The userType is returned only where it is asked for, or was sent, and the served schema says so (A92)."""
    service.schemas.change(USER, "userType", returned="request")


@variant()
def display_name_is_always_returned(service: Service) -> None:
    """The displayName of users is always returned, and the served schema says so (RFC 7643 section 7)."""
    service.schemas.change(USER, "displayName", returned="always")


# -- searches and many results --------------------------------------------------------------


@variant()
def no_search_at_the_base(service: Service) -> None:
    """Searches work below the endpoints of types, and are answered 404 at the base URL (A49)."""

    def search(original: Callable[..., Response], request: Request, kinds: Sequence[ResourceType]) -> Response:
        if len(kinds) > 1:
            raise not_found("There is no such endpoint.")
        return original(request, kinds)

    around(service.query, "search", search)


@variant()
def unfiltered_queries_have_too_many_results(service: Service) -> None:
    """A query without a filter that finds more than two is refused with 400 tooMany (RFC 7644 section 3.4.2.1)."""

    def result(original: Callable[..., Any], request: Any, kinds: Any, parameters: Any, **how: Any) -> Any:
        found = original(request, kinds, parameters, **how)
        if not parameters.get("filter") and found["totalResults"] > _MANY:
            raise ScimError(400, "tooMany", "There are too many results; use a filter.")
        return found

    around(service.query, "result", result)


@variant()
def filters_on_one_resource_are_ignored(service: Service) -> None:
    """A filter on the URL of one resource does not count (A93)."""

    def read(_original: Callable[..., Response], request: Request, kind: ResourceType, id_: str) -> Response:
        return service.lifecycle.read(request, kind, id_)

    around(service, "read", read)


@variant()
def filters_on_one_resource_find_it_or_nothing(service: Service) -> None:
    """A filter on the URL of one resource that does not match is answered 404 (A93)."""

    def one(original: Callable[..., Response], request: Request, kind: ResourceType, record: Any) -> Response:
        response = original(request, kind, record)
        if not response.json["totalResults"]:
            raise not_found("The resource does not match the filter.")
        return response

    around(service.query, "one", one)

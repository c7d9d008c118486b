"""Faults of searches by POST, and of queries over all types (RFC 7644 sections 3.4.2.1 and 3.4.3)."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from scim_conformance.server.errors import ScimError, invalid_filter, invalid_syntax
from scim_conformance.server.faults import after, around, fault
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.projection import Wanted
from scim_conformance.server.query import leaves
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Service

Kinds = Sequence[ResourceType]
Parameters = dict[str, str]


def searching(service: Service, change: Callable[[Callable[[], Response], Request, Kinds], Response]) -> None:
    """Let searches be answered in another way: `change` gets the rest of the server, the request and the types."""

    def search(original: Callable[..., Response], request: Request, kinds: Kinds) -> Response:
        return change(lambda: original(request, kinds), request, kinds)

    around(service.query, "search", search)


def asked(service: Service, change: Callable[[Parameters], Parameters]) -> None:
    """Let the bodies of searches be read in another way."""
    after(service.bodies, "search_parameters", change)


def rewritten(response: Response, change: Callable[[dict[str, Any]], Any]) -> Response:
    """Give a response with another body."""
    response.body = json.dumps(change(response.json)).encode()
    return response


def without(parameters: Parameters, *names: str) -> Parameters:
    """Give parameters without some of them."""
    return {name: value for name, value in parameters.items() if name not in names}


# -- searches -------------------------------------------------------------------------------


@fault("RFC7644-3.4.3-02")
def a_search_answers_201(service: Service) -> None:
    """A search is answered with 201, as if something had been created."""

    def change(answer: Callable[[], Response], _request: Request, _kinds: Kinds) -> Response:
        response = answer()
        response.status = 201
        return response

    searching(service, change)


@fault("RFC7644-3.4.3-02")
def a_search_for_groups_is_a_creation(service: Service) -> None:
    """A search below the endpoint of groups is refused, for its body is taken for a group."""

    def change(answer: Callable[[], Response], _request: Request, kinds: Kinds) -> Response:
        if [kind.name for kind in kinds] == ["Group"]:
            raise invalid_syntax("schemas does not name the schema of groups.")
        return answer()

    searching(service, change)


@fault("RFC7644-3.4.3-02")
def a_search_breaks_the_server(service: Service) -> None:
    """A search is answered with 500."""

    def change(_answer: Callable[[], Response], _request: Request, _kinds: Kinds) -> Response:
        raise ScimError(500, None, "The search broke.")

    searching(service, change)


@fault("RFC7644-3.4.3-18")
def a_search_shows_another_total(service: Service) -> None:
    """The totalResults of a search is one more than that of the same query by GET."""
    searching(
        service,
        lambda answer, _request, _kinds: rewritten(
            answer(), lambda body: {**body, "totalResults": body["totalResults"] + 1}
        ),
    )


@fault("RFC7644-3.4.3-18")
def a_search_shows_less_of_each_resource(service: Service) -> None:
    """A search does not show emails, which the same query by GET shows."""

    def change(answer: Callable[[], Response], _request: Request, _kinds: Kinds) -> Response:
        return rewritten(
            answer(), lambda body: {**body, "Resources": [without(each, "emails") for each in body["Resources"]]}
        )

    searching(service, change)


@fault("RFC7644-3.4.3-18")
def a_search_stops_at_five(service: Service) -> None:
    """A search shows five resources at most, whatever its count."""
    asked(service, lambda parameters: parameters | {"count": str(min(5, int(parameters.get("count", "5"))))})


@fault("RFC7644-3.4.3-18")
def a_search_ignores_start_index(service: Service) -> None:
    """A search begins at the first result whatever its startIndex."""
    asked(service, lambda parameters: without(parameters, "startIndex"))


@fault("RFC7644-3.4.3-18")
def a_search_ignores_attributes(service: Service) -> None:
    """A search shows the default set of attributes whatever its body names."""
    asked(service, lambda parameters: without(parameters, "attributes"))


@fault("RFC7644-3.4.3-18")
def a_search_ignores_count(service: Service) -> None:
    """A search shows as many resources as there are, whatever its count."""
    asked(service, lambda parameters: parameters if "cursor" in parameters else without(parameters, "count"))


@fault("RFC7644-3.4.3-07")
def a_search_leaves_out_the_id(service: Service) -> None:
    """A search with id in excludedAttributes shows resources without it."""

    def shown(original: Callable[..., Any], request: Request, kind: Any, resource: Any, wanted: Wanted) -> Any:
        found = original(request, kind, resource, wanted)
        return without(found, "id") if request.method == "POST" and "id" in (wanted.excluded or ()) else found

    around(service.query, "shown", shown)


@fault("RFC7644-3.4.3-07")
def a_search_ignores_excluded_attributes(service: Service) -> None:
    """A search shows what excludedAttributes names."""
    asked(service, lambda parameters: without(parameters, "excludedAttributes"))


@fault("RFC7644-3.4.3-12")
def a_search_is_not_sorted(service: Service) -> None:
    """A search with sortBy in its body is not sorted."""
    asked(service, lambda parameters: without(parameters, "sortBy", "sortOrder"))


@fault("RFC7644-3.4.3-12")
def a_search_is_always_ascending(service: Service) -> None:
    """A search with sortOrder=descending in its body is sorted in ascending order."""
    asked(service, lambda parameters: without(parameters, "sortOrder"))


@fault("RFC7644-3.4.3-19")
def a_search_at_the_base_finds_users_alone(service: Service) -> None:
    """A search at the base URL covers users alone."""

    def search(original: Callable[..., Response], request: Request, kinds: Kinds) -> Response:
        return original(request, [kind for kind in kinds if kind.name == "User"] or kinds)

    around(service.query, "search", search)


@fault("RFC7644-3.4.3-19")
def a_search_below_users_finds_everything(service: Service) -> None:
    """A search below the endpoint of users covers all types."""

    def search(original: Callable[..., Response], request: Request, kinds: Kinds) -> Response:
        every = [kind.name for kind in kinds] == ["User"]
        return original(request, list(service.resource_types) if every else kinds)

    around(service.query, "search", search)


# -- queries at the base URL ----------------------------------------------------------------


def at_the_base(service: Service, change: Callable[[Callable[[Kinds], Response], Request, Kinds], Response]) -> None:
    """Let queries at the base URL by GET be answered in another way."""

    def get(original: Callable[..., Response], request: Request, kinds: Kinds) -> Response:
        return (
            change(lambda those: original(request, those), request, kinds)
            if len(kinds) > 1
            else original(request, kinds)
        )

    around(service.query, "get", get)


@fault("RFC7644-3.4.2.1-03")
def the_base_lists_users_alone(service: Service) -> None:
    """A query at the base URL covers users alone."""
    at_the_base(service, lambda ask, _request, kinds: ask([kind for kind in kinds if kind.name == "User"]))


@fault("RFC7644-3.4.2.1-03")
def the_base_lists_nothing(service: Service) -> None:
    """A query at the base URL is answered with an empty list."""
    at_the_base(service, lambda ask, _request, _kinds: ask([]))


def refused_at_the_base(service: Service, refuses: Callable[[str], bool]) -> None:
    """Refuse some filters at the base URL with 400 invalidFilter."""

    def change(ask: Callable[[Kinds], Response], request: Request, kinds: Kinds) -> Response:
        if refuses(request.parameter("filter") or ""):
            raise invalid_filter("The filter does not go with all types.")
        return ask(kinds)

    at_the_base(service, change)


@fault("RFC7644-3.4.2.1-06")
def the_base_knows_no_resource_type(service: Service) -> None:
    """A filter on meta.resourceType is refused at the base URL."""
    refused_at_the_base(service, lambda text: "meta.resourceType" in text)


@fault("RFC7644-3.4.2.1-06")
def the_base_ignores_the_first_condition(service: Service) -> None:
    """A filter on meta.resourceType is true of every resource at the base URL."""

    def matches(original: Callable[..., bool], kind: ResourceType, filter_: Any, resource: Any) -> bool:
        named = any(part.path.name == "meta" for part in leaves(filter_))
        return original(kind, filter_.parts[-1] if named and hasattr(filter_, "parts") else filter_, resource)

    around(service.evaluation, "matches", matches)


@fault("RFC7644-3.4.2.1-07")
def the_base_refuses_attributes_of_one_type(service: Service) -> None:
    """A filter on an attribute that groups do not have is refused at the base URL."""
    refused_at_the_base(service, lambda text: "userName" in text)


@fault("RFC7644-3.4.2.1-07")
def an_attribute_that_a_type_lacks_matches(service: Service) -> None:
    """At the base URL a condition on userName is true of groups."""

    def matches(original: Callable[..., bool], kind: ResourceType, filter_: Any, resource: Any) -> bool:
        named = any(part.path.name == "userName" for part in leaves(filter_))
        if kind.name == "Group" and named and hasattr(filter_, "parts"):
            return original(kind, filter_.parts[-1], resource)
        return original(kind, filter_, resource)

    around(service.evaluation, "matches", matches)


# -- many results ---------------------------------------------------------------------------


def unfiltered(service: Service, refuse: Callable[[], ScimError]) -> None:
    """Refuse queries for users that have no filter."""

    def result(original: Callable[..., Any], request: Any, kinds: Kinds, parameters: Any, **how: Any) -> Any:
        if "filter" not in parameters and [kind.name for kind in kinds] == ["User"]:
            raise refuse()
        return original(request, kinds, parameters, **how)

    around(service.query, "result", result)


@fault("RFC7644-3.4.2.1-05")
def many_results_are_an_invalid_filter(service: Service) -> None:
    """A query without a filter is refused with the scimType invalidFilter."""
    unfiltered(service, lambda: invalid_filter("A filter is needed."))


@fault("RFC7644-3.4.2.1-05")
def many_results_break_the_server(service: Service) -> None:
    """A query without a filter is answered with 500."""
    unfiltered(service, lambda: ScimError(500, None, "There are too many results."))

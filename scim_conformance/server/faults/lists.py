"""Faults of lists of resources."""

from collections.abc import Callable, Sequence
from typing import Any

from scim_conformance.server.errors import invalid_filter, not_found
from scim_conformance.server.faults import after, around, fault
from scim_conformance.server.faults.create import Document
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Service


def listing(service: Service, change: Callable[[Document], Any]) -> None:
    """Let queries give another list response; discovery is left alone."""
    after(service.query, "result", change)


def empty(service: Service, make: Callable[[], Response]) -> None:
    """Let a query that finds nothing be answered with what `make` gives."""

    def get(original: Callable[..., Response], request: Request, kinds: Sequence[ResourceType]) -> Response:
        response = original(request, kinds)
        return response if response.json["totalResults"] else make()

    around(service.query, "get", get)


def without(*names: str) -> Callable[[Document], Document]:
    """Make the change that takes members out of a document."""
    return lambda body: {name: value for name, value in body.items() if name not in names}


@fault("RFC7644-3.2-06")
def endpoint_answers_a_bare_array(service: Service) -> None:
    """GET of an endpoint answers with a bare array of resources."""
    listing(service, lambda body: body["Resources"])


@fault("RFC7644-3.2-06")
def groups_cannot_be_listed(service: Service) -> None:
    """GET of the endpoint of groups answers 404."""

    def get(original: Callable[..., Response], request: Request, kinds: Sequence[ResourceType]) -> Response:
        if [kind.name for kind in kinds] == ["Group"]:
            raise not_found("Groups are not listed.")
        return original(request, kinds)

    around(service.query, "get", get)


@fault("RFC7644-3.4.2-04")
def list_without_schemas(service: Service) -> None:
    """A list response has no schemas."""
    listing(service, without("schemas"))


@fault("RFC7644-3.4.2-04")
def list_with_the_schema_of_its_resources(service: Service) -> None:
    """A list response has the schema of its resources for its own."""
    listing(service, lambda body: body | {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"]})


@fault("RFC7644-3.4.2-05")
def list_without_a_total(service: Service) -> None:
    """A list response that found something has no totalResults."""
    listing(service, lambda body: without("totalResults")(body) if body["Resources"] else body)


@fault("RFC7644-3.4.2-05")
def total_is_text(service: Service) -> None:
    """The totalResults of a list is a number in a string."""
    listing(service, lambda body: body | {"totalResults": str(body["totalResults"])} if body["Resources"] else body)


@fault("RFC7644-3.4.2-05", "RFC7644-3.4.2.4-10")
def total_of_the_page(service: Service) -> None:
    """The totalResults of a page counts what is on the page, not what was found."""
    listing(service, lambda body: body | {"totalResults": len(body["Resources"])})


@fault("RFC7644-3.4.2-05")
def total_of_the_endpoint(service: Service) -> None:
    """The totalResults of a filtered list counts the resources of the endpoint, not those that were found."""

    def result(
        original: Callable[..., Document], request: Request, kinds: Sequence[ResourceType], *rest: Any
    ) -> Document:
        body = original(request, kinds, *rest)
        every = sum(len(service.store.scan(kind.name)) for kind in kinds)
        return body | {"totalResults": every} if body["Resources"] else body

    around(service.query, "result", result)


@fault("RFC7644-3.4.2-07")
def list_without_resources(service: Service) -> None:
    """A list response has a total, but no Resources."""
    listing(service, without("Resources"))


@fault("RFC7644-3.4.2-07")
def single_resource_of_a_list_is_no_array(service: Service) -> None:
    """A list response that found one resource has it in Resources without an array around it."""
    listing(service, lambda body: body | {"Resources": body["Resources"][0]} if len(body["Resources"]) == 1 else body)


@fault("RFC7644-3.4.2-07")
def list_of_ids(service: Service) -> None:
    """The Resources of a list are ids in place of resources."""
    listing(service, lambda body: body | {"Resources": [resource["id"] for resource in body["Resources"]]})


@fault("RFC7644-3.4.2-07")
def listed_resources_are_cut_short(service: Service) -> None:
    """A list shows of each resource no more than schemas, id, its names and meta."""
    kept = ("schemas", "id", "userName", "displayName", "meta")

    def change(body: Document) -> Document:
        return body | {"Resources": [{n: r[n] for n in kept if n in r} for r in body["Resources"]]}

    listing(service, change)


@fault("RFC7644-3.4.2-07")
def listed_resources_show_another_value(service: Service) -> None:
    """A list shows another externalId of each resource than a GET does."""

    def change(body: Document) -> Document:
        return body | {"Resources": [resource | {"externalId": "of the list"} for resource in body["Resources"]]}

    listing(service, change)


@fault("RFC7644-3.4.2-10")
def nothing_found_answers_404(service: Service) -> None:
    """A query that finds nothing answers 404."""

    def make() -> Response:
        raise not_found("Nothing was found.")

    empty(service, make)


@fault("RFC7644-3.4.2-10")
def nothing_found_answers_204(service: Service) -> None:
    """A query that finds nothing answers 204 without a body."""
    empty(service, lambda: Response(204))


@fault("RFC7644-3.4.2-10")
def nothing_found_answers_400(service: Service) -> None:
    """A query that finds nothing answers 400 invalidFilter."""

    def make() -> Response:
        raise invalid_filter("The filter matches nothing.")

    empty(service, make)


@fault("RFC7644-3.4.2-10")
def nothing_found_shows_everything(service: Service) -> None:
    """A query that finds nothing answers with all resources of the endpoint."""

    def matching(
        original: Callable[..., list[Any]], request: Request, kinds: Sequence[ResourceType], filter_: Any
    ) -> Any:
        return original(request, kinds, filter_) or original(request, kinds, None)

    around(service.query, "matching", matching)


@fault("RFC7644-3.4.2-10")
def nothing_found_has_no_total(service: Service) -> None:
    """A query that finds nothing answers with a list that has no totalResults."""
    listing(service, lambda body: body if body["Resources"] else without("totalResults")(body))

"""Faults of GET and HEAD of single resources."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from scim_conformance.server.errors import ScimError, invalid_value
from scim_conformance.server.faults import after, around, fault, swap
from scim_conformance.server.faults.create import Document, crash, reshaped
from scim_conformance.server.messages import Headers, Request, Response
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.schema import Attribute
from scim_conformance.server.service import Service

Read = Callable[[Request, ResourceType, str], Response]


def unknown(service: Service, make: Callable[[str], Response]) -> None:
    """Let GET of an id that no resource has be answered with what `make` gives."""

    def read(original: Read, request: Request, kind: ResourceType, id_: str) -> Response:
        if service.store.get(kind.name, id_) is None:
            return make(id_)
        return original(request, kind, id_)

    around(service.lifecycle, "read", read)


def found_header(service: Service, name: str, write: Callable[[str], str]) -> None:
    """Let the answer to GET have a header, made from the location of the resource."""

    def change(response: Response) -> Response:
        location = response.json.get("meta", {}).get("location")
        if location:
            response.headers.set(name, write(location))
        return response

    after(service.answers, "found", change)


@fault("RFC7644-3.4.1-01", "RFC7644-3.4.1-02", "RFC7644-3.2-06")
def get_of_a_group_is_not_supported(service: Service) -> None:
    """GET of a single group answers 501."""

    def read(original: Read, request: Request, kind: ResourceType, id_: str) -> Response:
        if kind.name == "Group":
            raise ScimError(501, None, "Ask for a list.")
        return original(request, kind, id_)

    around(service.lifecycle, "read", read)


@fault("RFC7644-3.4.1-01", "RFC7644-3.4.1-02", "RFC7644-3.2-06")
def get_of_a_group_answers_nothing(service: Service) -> None:
    """GET of a single group answers 200 with an empty object."""

    def read(original: Read, request: Request, kind: ResourceType, id_: str) -> Response:
        response = original(request, kind, id_)
        return reshaped(response, lambda _: {}) if kind.name == "Group" else response

    around(service.lifecycle, "read", read)


@fault("RFC7644-3.4.1-03")
def single_group_is_listed(service: Service) -> None:
    """GET of a single group answers with a list response around it."""

    def read(original: Read, request: Request, kind: ResourceType, id_: str) -> Response:
        response = original(request, kind, id_)
        if kind.name != "Group":
            return response
        return reshaped(response, lambda body: service.answers.list_response([body], 1, 1))

    around(service.lifecycle, "read", read)


@fault("RFC7644-3.4.1-05", "RFC7644-3.6-02")
def unknown_id_answers_200(service: Service) -> None:
    """GET of an unknown id answers 200 with an empty object."""
    unknown(service, lambda _: Response(200, Headers([("Content-Type", "application/scim+json")]), b"{}"))


@fault("RFC7644-3.4.1-05", "RFC7644-3.6-02")
def unknown_id_answers_an_empty_list(service: Service) -> None:
    """GET of an unknown id answers 200 with an empty list response."""
    request = Request("GET", "/")
    unknown(service, lambda _: service.answers.listed(request, service.answers.list_response([], 0, 1)))


@fault("RFC7644-3.4.1-05", "RFC7644-3.6-02")
def unknown_id_breaks_the_server(service: Service) -> None:
    """GET of an unknown id answers 500."""

    def make(_: str) -> Response:
        raise crash()

    unknown(service, make)


@fault("RFC7644-3.4.1-05")
def unknown_id_answers_a_page(service: Service) -> None:
    """GET of an unknown id answers 404 with an HTML page."""
    page = Response(404, Headers([("Content-Type", "text/html")]), b"<html><h1>Not Found</h1></html>")
    unknown(service, lambda _: replace(page, headers=Headers(page.headers)))


@fault("RFC7644-3.4.1-05")
def unknown_id_answers_404_without_a_body(service: Service) -> None:
    """GET of an unknown id answers 404 without a body."""
    unknown(service, lambda _: Response(404))


@fault("RFC7644-3.4.1-05")
def endpoint_does_not_matter_to_a_get(service: Service) -> None:
    """GET finds a resource by its id under the endpoint of another type as well."""

    def read(original: Read, request: Request, kind: ResourceType, id_: str) -> Response:
        found = service.store.find(id_)
        own = service.resource_types.get(found.kind) if found is not None else None
        return original(request, own or kind, id_)

    around(service.lifecycle, "read", read)


@fault("RFC7644-3.4.2-03")
def unknown_parameter_of_a_get_is_refused(service: Service) -> None:
    """GET of a resource refuses query parameters that it does not know."""

    def read(original: Read, request: Request, kind: ResourceType, id_: str) -> Response:
        if any(name not in ("attributes", "excludedAttributes") for name, _ in request.query):
            raise invalid_value("There is no such parameter.")
        return original(request, kind, id_)

    around(service.lifecycle, "read", read)


@fault("RFC7644-3.4.2-03")
def unknown_parameter_of_a_query_is_refused(service: Service) -> None:
    """A query refuses query parameters that it does not know."""
    known = {"filter", "attributes", "excludedAttributes", "sortBy", "sortOrder", "startIndex", "count"}

    def get(original: Callable[..., Response], request: Request, kinds: list[ResourceType]) -> Response:
        if any(name not in known for name, _ in request.query):
            raise invalid_value("There is no such parameter.")
        return original(request, kinds)

    around(service.query, "get", get)


@fault("RFC7644-3.4.1-04")
def location_of_a_get_names_the_endpoint(service: Service) -> None:
    """The answer to GET of a resource has a Location header with the URI of its endpoint."""
    found_header(service, "Location", lambda location: location.rpartition("/")[0])


@fault("RFC9110-8.7-01", "RFC7643-3.1-28")
def content_location_of_a_get_names_the_endpoint(service: Service) -> None:
    """The answer to GET of a resource has the URI of its endpoint in Content-Location."""
    found_header(service, "Content-Location", lambda location: location.rpartition("/")[0])


@fault("RFC9110-8.7-01", "RFC7643-3.1-28")
def content_location_of_a_get_names_another(service: Service) -> None:
    """The answer to GET of a resource has the URI of another one in Content-Location."""
    found_header(service, "Content-Location", lambda location: location[:-1] + ("0" if location[-1] != "0" else "1"))


# -- HEAD -----------------------------------------------------------------------------------


def head(service: Service, change: Callable[[Response], Response]) -> None:
    """Let HEAD be answered otherwise than it was."""

    def finished(original: Callable[..., Response], request: Request, response: Response) -> Response:
        response = original(request, response)
        return change(response) if request.method == "HEAD" else response

    around(service, "finished", finished)


@fault("RFC9110-9.1-01")
def head_is_not_found(service: Service) -> None:
    """HEAD answers 404 where GET answers 200."""
    head(service, lambda response: replace(response, status=404))


@fault("RFC9110-9.1-01")
def head_is_not_allowed(service: Service) -> None:
    """HEAD answers 405 where GET answers 200."""
    head(service, lambda response: replace(response, status=405))


@fault("RFC9110-9.3.2-01")
def head_has_a_body(service: Service) -> None:
    """HEAD is answered with the body that GET has."""
    swap(service, "finished", lambda _request, response: response)


@fault("RFC9110-9.3.2-02")
def head_lacks_the_content_type(service: Service) -> None:
    """The answer to HEAD has no Content-Type, though that to GET has one."""

    def change(response: Response) -> Response:
        response.headers.remove("Content-Type")
        return response

    head(service, change)


@fault("RFC9110-9.3.2-02")
def head_has_another_version(service: Service) -> None:
    """The answer to HEAD has another ETag than that to GET."""

    def change(response: Response) -> Response:
        response.headers.set("ETag", 'W/"head"')
        return response

    head(service, change)


# -- what is shown --------------------------------------------------------------------------


@fault("RFC7643-3.1-12")
def id_has_to_be_asked_for(service: Service) -> None:
    """The id is left out where other attributes are asked for."""

    def always(original: Callable[..., bool], attribute: Attribute, key: str, *asked: Any) -> bool:
        named = asked[0]
        return original(attribute, key, *asked) and (key != "id" or named is None or key in named)

    around(service.projection, "always_is_shown", always)


@fault("RFC7643-3.1-12")
def id_can_be_left_out(service: Service) -> None:
    """The id is left out where excludedAttributes names it."""

    def always(original: Callable[..., bool], attribute: Attribute, key: str, *asked: Any) -> bool:
        return original(attribute, key, *asked) and (key != "id" or key not in asked[1])

    around(service.projection, "always_is_shown", always)


@fault("RFC7643-3.1-22")
def meta_cannot_be_left_out(service: Service) -> None:
    """The meta of a resource is shown even where excludedAttributes names it."""

    def default(original: Callable[..., bool], attribute: Attribute, key: str, *asked: Any) -> bool:
        return key == "meta" or original(attribute, key, *asked)

    around(service.projection, "default_is_shown", default)


@fault("RFC7643-3.1-11")
def letter_case_of_an_id_is_overlooked(service: Service) -> None:
    """GET finds a resource by its id in any letter case."""

    def read(original: Read, request: Request, kind: ResourceType, id_: str) -> Response:
        return original(request, kind, id_.lower())

    around(service.lifecycle, "read", read)


@fault("RFC7643-8.1-01", "RFC7644-3.1-06")
def user_is_shown_without_its_name(service: Service) -> None:
    """GET of a user shows no userName."""

    def change(body: Document) -> Document:
        return {name: value for name, value in body.items() if name != "userName"}

    after(service.answers, "found", lambda response: reshaped(response, change))


@fault("RFC7643-8.4-01", "RFC7644-3.1-06")
def group_is_shown_without_its_name(service: Service) -> None:
    """GET of a group shows no displayName."""

    def read(original: Read, request: Request, kind: ResourceType, id_: str) -> Response:
        response = original(request, kind, id_)
        change: Callable[[Document], Document] = lambda body: {n: v for n, v in body.items() if n != "displayName"}  # noqa: E731
        return reshaped(response, change) if kind.name == "Group" else response

    around(service.lifecycle, "read", read)

"""Faults of HTTP: media types, encodings, methods, and what a body is."""

import json
from collections.abc import Callable
from typing import Any

from scim_conformance.server.errors import ScimError
from scim_conformance.server.faults import after, around, fault, swap
from scim_conformance.server.faults.create import reshaped
from scim_conformance.server.messages import Headers, Request, Response
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import METHODS, Service

Search = Callable[[Request, list[ResourceType]], Response]
NOT_ACCEPTABLE = 406


def searched(service: Service, change: Callable[[Response], Response]) -> None:
    """Let the answer to a search be another one."""
    after(service.query, "search", change)


def named(response: Response, media_type: str | None) -> Response:
    """Give an answer another Content-Type, or none."""
    response.headers.remove("Content-Type")
    if media_type:
        response.headers.set("Content-Type", media_type)
    return response


def accepting(service: Service, accept: str | None, make: Callable[[Request], Response]) -> None:
    """Let a GET of a resource with one value of Accept (None: without it) be answered with what `make` gives."""

    def read(original: Callable[..., Response], request: Request, kind: ResourceType, id_: str) -> Response:
        response = original(request, kind, id_)
        return make(request) if request.headers.get("Accept") == accept else response

    around(service.lifecycle, "read", read)


def refuse(_: Request) -> Response:
    """Answer that nothing acceptable is at hand."""
    raise ScimError(NOT_ACCEPTABLE, None, "Nothing of that kind is at hand.")


def crash(_: Request) -> Response:
    """Answer as if something had broken."""
    raise ScimError(500, None, "The server made a mistake.")


def sent(service: Service, media_type: str, status: int) -> None:
    """Let a body of one Content-Type, parameters included, be refused."""

    def check(original: Callable[[Request], None], request: Request) -> None:
        if (request.headers.get("Content-Type") or "").replace(" ", "").lower() == media_type:
            raise ScimError(status, None, "This media type is not supported.")
        original(request)

    around(service.bodies, "check_media_type", check)


# -- one JSON object ------------------------------------------------------------------------


@fault("RFC7643-2.1-04", "RFC7644-3.2-10")
def search_answers_an_array(service: Service) -> None:
    """A search is answered with a bare array of resources."""

    def bare(response: Response) -> Response:
        response.body = json.dumps(response.json["Resources"]).encode()
        return response

    searched(service, bare)


@fault("RFC7643-2.1-04", "RFC7644-3.2-10")
def patch_answers_two_objects(service: Service) -> None:
    """A PATCH is answered with the resource and one more JSON object behind it."""

    def doubled(response: Response) -> Response:
        response.body += b"\n{}"
        return response

    after(service.answers, "modified", doubled)


@fault("RFC7644-3.1-03")
def search_does_not_say_what_it_is(service: Service) -> None:
    """The list that answers a search has no schemas."""
    searched(service, lambda response: reshaped(response, lambda body: body | {"schemas": []}))


@fault("RFC7644-8.2-01")
def search_is_another_message(service: Service) -> None:
    """The list that answers a search is called a SearchResponse, which is no registered message."""
    uri = "urn:ietf:params:scim:api:messages:2.0:SearchResponse"
    searched(service, lambda response: reshaped(response, lambda body: body | {"schemas": [uri]}))


@fault("RFC7644-8.2-01")
def lists_have_an_old_uri(service: Service) -> None:
    """Lists name the URI that a draft of RFC 7644 had, beside the registered one."""
    uri = "urn:ietf:params:scim:api:messages:1.0:ListResponse"
    after(service.answers, "list_response", lambda body: {**body, "schemas": [*body["schemas"], uri]})


@fault("RFC7644-3.8-10")
def one_email_is_no_array(service: Service) -> None:
    """The answer to a PATCH shows one e-mail address as an object, not as an array of one."""

    def bare(body: dict[str, Any]) -> dict[str, Any]:
        emails = body.get("emails")
        return {**body, "emails": emails[0]} if isinstance(emails, list) and len(emails) == 1 else body

    after(service.answers, "modified", lambda response: reshaped(response, bare))


@fault("RFC7644-3.8-10")
def single_values_are_arrays(service: Service) -> None:
    """The answer to a PATCH shows displayName as an array of one text."""

    def listed(body: dict[str, Any]) -> dict[str, Any]:
        return {**body, "displayName": [body["displayName"]]} if "displayName" in body else body

    after(service.answers, "modified", lambda response: reshaped(response, listed))


@fault("RFC7644-3.8-10")
def complex_values_are_texts(service: Service) -> None:
    """A search shows the name of a user as one text."""

    def flat(body: dict[str, Any]) -> dict[str, Any]:
        for resource in body.get("Resources", []):
            if isinstance(resource.get("name"), dict):
                resource["name"] = resource["name"].get("formatted", "")
        return body

    searched(service, lambda response: reshaped(response, flat))


# -- encoding -------------------------------------------------------------------------------


@fault("RFC7644-3.8-01", "RFC7644-3.8-02")
def bodies_are_read_as_latin_1(service: Service) -> None:
    """A body without a charset is read as Latin-1, the default of old HTTP."""

    def json_(original: Callable[[Request], Any], request: Request) -> Any:
        if "charset" not in (request.headers.get("Content-Type") or ""):
            request.body = request.body.decode("latin-1").encode("utf-8")
        return original(request)

    around(service.bodies, "json", json_)


@fault("RFC7644-3.8-01", "RFC7644-3.8-02")
def foreign_letters_are_lost(service: Service) -> None:
    """Letters that are not in ASCII are replaced by question marks."""
    after(service.bodies, "decoded", lambda text: text.encode("ascii", "replace").decode("ascii"))


@fault("RFC7644-3.8-01", "RFC7644-3.8-02")
def foreign_letters_are_refused(service: Service) -> None:
    """A body with letters that are not in ASCII is refused."""

    def decoded(text: str) -> str:
        if not text.isascii():
            raise ScimError(400, "invalidSyntax", "The body holds letters that are not understood.")
        return text

    after(service.bodies, "decoded", decoded)


@fault("RFC7644-3.8-01", "RFC7644-3.8-02", "RFC7643-2.1-04", "RFC7644-3.2-10")
def answers_are_written_in_latin_1(service: Service) -> None:
    """Answers are written in Latin-1, as far as it goes."""
    after(service.answers, "encoded", lambda body: body.decode("utf-8").encode("latin-1", "replace"))


@fault("RFC7644-3.8-01", "RFC7644-3.8-02")
def letters_of_three_bytes_are_cut(service: Service) -> None:
    """Letters beyond the Latin script are dropped."""
    after(service.bodies, "decoded", lambda text: "".join(letter for letter in text if ord(letter) < 0x800))  # noqa: PLR2004


# -- media types of answers -----------------------------------------------------------------


@fault("RFC9110-8.3-01")
def search_has_no_content_type(service: Service) -> None:
    """The answer to a search has no Content-Type."""
    searched(service, lambda response: named(response, None))


@fault("RFC7644-3.1-01", "RFC7644-8.1-01")
def search_answers_text(service: Service) -> None:
    """The answer to a search is called text/plain."""
    searched(service, lambda response: named(response, "text/plain; charset=utf-8"))


@fault("RFC7644-3.1-01", "RFC7644-8.1-01")
def patch_answers_patch_json(service: Service) -> None:
    """The answer to a PATCH is called application/json-patch+json."""
    after(service.answers, "modified", lambda response: named(response, "application/json-patch+json"))


@fault("RFC7644-3.1-01", "RFC7644-8.1-01")
def errors_are_called_html(service: Service) -> None:
    """Errors are called text/html, although they are JSON."""
    after(service.answers, "error", lambda response: named(response, "text/html"))


@fault("RFC7644-3.8-08")
def no_accept_is_not_acceptable(service: Service) -> None:
    """A GET without Accept is answered 406."""
    accepting(service, None, refuse)


@fault("RFC7644-3.8-08")
def no_accept_asks_for_xml(service: Service) -> None:
    """A GET without Accept is answered as application/xml."""
    page = Headers([("Content-Type", "application/xml")])
    accepting(service, None, lambda _: Response(200, page, b"<User/>"))


@fault("RFC7644-3.8-08")
def anything_is_not_acceptable(service: Service) -> None:
    """A GET with Accept: */* is answered 406."""
    accepting(service, "*/*", refuse)


@fault("RFC7644-3.8-06")
def scim_json_is_not_acceptable_to_searches(service: Service) -> None:
    """A search with Accept: application/scim+json is answered 406, for application/json alone is known there."""

    def search(original: Search, request: Request, kinds: list[ResourceType]) -> Response:
        if "application/json" not in (request.headers.get("Accept") or "application/json"):
            refuse(request)
        return original(request, kinds)

    around(service.query, "search", search)


@fault("RFC7644-3.8-07", "RFC7644-3.8-05")
def plain_json_is_not_acceptable(service: Service) -> None:
    """A GET with Accept: application/json is answered 406."""
    accepting(service, "application/json", refuse)


@fault("RFC9110-15.5.7-01", "RFC7644-3.8-03")
def a_page_breaks_the_server(service: Service) -> None:
    """A GET with Accept: text/html is answered 500."""
    accepting(service, "text/html", crash)


@fault("RFC9110-15.5.7-01", "RFC7644-3.8-03")
def a_page_is_sent(service: Service) -> None:
    """A GET with Accept: text/html is answered with a page to log in on."""
    page = Headers([("Content-Type", "text/html")])
    accepting(service, "text/html", lambda _: Response(200, page, b"<html>Log in</html>"))


# -- media types of requests ----------------------------------------------------------------


@fault("RFC7644-3.8-09")
def charset_is_refused(service: Service) -> None:
    """A body that is application/scim+json; charset=utf-8 is refused with 415."""
    sent(service, "application/scim+json;charset=utf-8", 415)


@fault("RFC7644-3.8-09")
def plain_json_is_refused(service: Service) -> None:
    """A body that is application/json is refused with 400."""
    sent(service, "application/json", 400)


@fault("RFC9110-15.5.16-01", "RFC7644-3.8-03")
def text_is_read_as_json(service: Service) -> None:
    """A body that is text/plain is read as if it were JSON."""
    around(
        service.bodies,
        "is_supported",
        lambda original, media_type: original(media_type) or media_type == "text/plain",
    )


@fault("RFC9110-15.5.16-01", "RFC7644-3.8-03")
def text_breaks_the_server(service: Service) -> None:
    """A body that is text/plain is answered 500."""
    sent(service, "text/plain", 500)


# -- methods --------------------------------------------------------------------------------


@fault("RFC9110-9.1-03")
def put_to_all_is_a_creation(service: Service) -> None:
    """A PUT to the endpoint of all resources is answered 200, as if all had been replaced."""

    def collection(original: Callable[..., Any], kind: ResourceType) -> Any:
        empty = service.answers.list_response([], 0, 1)
        return {**original(kind), "PUT": lambda request: service.answers.listed(request, empty)}

    around(service, "collection", collection)


@fault("RFC9110-9.1-03")
def post_to_one_is_a_creation(service: Service) -> None:
    """A POST to a single resource creates another one."""

    def single(original: Callable[..., Any], kind: ResourceType, id_: str) -> Any:
        return {**original(kind, id_), "POST": lambda request: service.lifecycle.create(request, kind)}

    around(service, "single", single)


@fault("RFC9110-9.1-03", "RFC7644-3.12-05")
def missing_methods_break_the_server(service: Service) -> None:
    """A method that an endpoint does not have is answered 500."""
    swap(service, "method_not_allowed", lambda _handlers: ScimError(500, None, "The server made a mistake."))


@fault("RFC9110-10.2.1-01")
def nothing_is_said_to_be_allowed(service: Service) -> None:
    """A 405 has no Allow."""
    swap(service, "method_not_allowed", lambda _handlers: ScimError(405, None, "The method is not allowed here."))


@fault("RFC9110-9.1-02", "RFC9110-15.6.2-01")
def unknown_methods_are_taken_for_get(service: Service) -> None:
    """A method that nobody knows is answered as if it were GET."""

    def dispatch(original: Callable[..., Response], request: Request, handlers: Any) -> Response:
        if request.method not in METHODS:
            request.method = "GET"
        return original(request, handlers)

    around(service, "dispatch", dispatch)


@fault("RFC9110-9.1-02", "RFC9110-15.6.2-01", "RFC7644-3.12-05")
def unknown_methods_break_the_server(service: Service) -> None:
    """A method that nobody knows is answered 500."""

    def dispatch(original: Callable[..., Response], request: Request, handlers: Any) -> Response:
        if request.method not in METHODS:
            raise ScimError(500, None, "The server made a mistake.")
        return original(request, handlers)

    around(service, "dispatch", dispatch)

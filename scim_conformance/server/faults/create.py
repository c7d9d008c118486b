"""Faults of POST: status, Location and body of the answer, and what is made of the body that was sent."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

from scim_conformance.server.errors import ScimError, invalid_value, not_found
from scim_conformance.server.faults import after, around, fault
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.schema import Attribute
from scim_conformance.server.service import Service

Document = dict[str, Any]

# -- tools that the other modules of single resources use too --------------------------------


def document(body: bytes) -> Any:
    """Read a body as JSON, None where it is none."""
    try:
        return json.loads(body)
    except ValueError:
        return None


def reshaped(response: Response, change: Callable[[Document], Any]) -> Response:
    """Give a success with another JSON body: `change` gets the one that was there."""
    body = document(response.body)
    if response.status < 300 and isinstance(body, dict):  # noqa: PLR2004 the class of success codes
        response.body = json.dumps(change(body)).encode()
    return response


def rewritten(service: Service, change: Callable[[ResourceType, Document], Document]) -> None:
    """Let POST find another JSON object in its body than was sent."""

    def create(original: Callable[..., Response], request: Request, kind: ResourceType) -> Response:
        body = document(request.body)
        if isinstance(body, dict):
            request = replace(request, body=json.dumps(change(kind, body)).encode())
        return original(request, kind)

    around(service.lifecycle, "create", create)


def misread(service: Service, make: Callable[[ResourceType, str], str | None]) -> None:
    """Let POST take another text for its body where `make` gives one, whatever JSON it is."""

    def create(original: Callable[..., Response], request: Request, kind: ResourceType) -> Response:
        text = make(kind, request.body.decode("utf-8", "replace"))
        return original(request if text is None else replace(request, body=text.encode()), kind)

    around(service.lifecycle, "create", create)


def crash() -> ScimError:
    """Make the answer of a server that fell over what it was sent."""
    return ScimError(500, None, "The server made a mistake.")


# -- the answer -----------------------------------------------------------------------------


@fault("RFC7644-3.3-08", "RFC9110-9.3.3-01")
def post_answers_200(service: Service) -> None:
    """POST answers 200 instead of 201, with everything else as it should be."""
    after(service.lifecycle, "create", lambda response: replace(response, status=200))


@fault("RFC7644-3.3-08", "RFC9110-9.3.3-01")
def post_of_a_group_answers_202(service: Service) -> None:
    """POST of a group answers 202, as if it were still to be done."""

    def create(original: Callable[..., Response], request: Request, kind: ResourceType) -> Response:
        return replace(original(request, kind), status=202 if kind.name == "Group" else 201)

    around(service.lifecycle, "create", create)


@fault("RFC7644-3.3-01")
def new_resource_is_not_there_yet(service: Service) -> None:
    """What a POST has created answers 404 to the first GET; only the first resource of each type is there at once."""
    waiting: set[str] = set()

    def insert(original: Callable[..., None], kind: ResourceType, resource: Document) -> None:
        original(kind, resource)
        if len(service.store.scan(kind.name)) > 1:
            waiting.add(resource["id"])

    def read(original: Callable[..., Response], request: Request, kind: ResourceType, id_: str) -> Response:
        if id_ in waiting:
            waiting.remove(id_)
            raise not_found("It is not there yet.")
        return original(request, kind, id_)

    around(service.lifecycle, "insert", insert)
    around(service.lifecycle, "read", read)


def _without(name: str) -> Callable[[Response], Response]:
    def change(response: Response) -> Response:
        response.headers.remove(name)
        return response

    return change


def _with_location(service: Service, write: Callable[[str], str]) -> None:
    def change(response: Response) -> Response:
        response.headers.set("Location", write(response.headers.get("Location") or ""))
        return response

    after(service.lifecycle, "create", change)


@fault("RFC7644-3.3-10", "RFC9110-9.3.3-01")
def no_location_header(service: Service) -> None:
    """The answer to POST has no Location header."""
    after(service.lifecycle, "create", _without("Location"))


@fault("RFC7644-3.3-10", "RFC9110-10.2.2-01")
def location_of_the_endpoint(service: Service) -> None:
    """The Location header of the answer to POST is the URI of the endpoint, not of the new resource."""
    _with_location(service, lambda location: location.rpartition("/")[0])


@fault("RFC7644-3.3-10", "RFC9110-10.2.2-01")
def location_of_the_resource_before(service: Service) -> None:
    """The Location header of the answer to POST is that of the resource which was created before."""
    before = [""]

    def write(location: str) -> str:
        last, before[0] = before[0], location
        return last or location

    _with_location(service, write)


@fault("RFC7644-3.3-10", "RFC9110-10.2.2-01")
def location_leads_nowhere(service: Service) -> None:
    """The Location header of the answer to POST is relative and leaves out the path of the base URL."""
    _with_location(service, lambda location: "/" + "/".join(location.split("/")[-2:]))


@fault("RFC7644-3.3-10", "RFC9110-10.2.2-01")
def location_with_another_id(service: Service) -> None:
    """The Location header of the answer to POST ends in an id that the new resource does not have."""
    _with_location(service, lambda location: location[:-1] + ("0" if location[-1] != "0" else "1"))


@fault("RFC7644-3.3-10", "RFC9110-10.2.2-01")
def two_location_headers(service: Service) -> None:
    """The answer to POST has two Location headers."""

    def change(response: Response) -> Response:
        response.headers.add("Location", (response.headers.get("Location") or "").rpartition("/")[0])
        return response

    after(service.lifecycle, "create", change)


@fault("RFC7644-3.3-10")
def answer_to_post_without_meta_location(service: Service) -> None:
    """The body of the answer to POST has no meta.location."""

    def change(body: Document) -> Document:
        return body | {"meta": {name: value for name, value in body["meta"].items() if name != "location"}}

    after(service.lifecycle, "create", lambda response: reshaped(response, change))


@fault("RFC7644-3.3-10")
def answer_to_post_with_another_meta_location(service: Service) -> None:
    """The body of the answer to POST has the URI of the endpoint in meta.location."""

    def change(body: Document) -> Document:
        location = body["meta"]["location"].rpartition("/")[0]
        return body | {"meta": {**body["meta"], "location": location}}

    def create(response: Response) -> Response:
        response.headers.remove("Content-Location")
        return reshaped(response, change)

    after(service.lifecycle, "create", create)


@fault("RFC9110-8.7-01", "RFC7643-3.1-28")
def post_with_another_content_location(service: Service) -> None:
    """The answer to POST has the URI of the endpoint in Content-Location, though its body is the new resource."""

    def change(response: Response) -> Response:
        response.headers.set("Content-Location", (response.headers.get("Location") or "").rpartition("/")[0])
        return response

    after(service.lifecycle, "create", change)


@fault("RFC7644-3.3-09")
def post_answers_without_a_body(service: Service) -> None:
    """The answer to POST has no body."""
    after(service.lifecycle, "create", lambda response: replace(response, body=b""))


@fault("RFC7644-3.3-09")
def post_answers_with_the_id_alone(service: Service) -> None:
    """The answer to POST has a resource with id and meta, but without the values that were sent."""
    kept = ("schemas", "id", "meta")
    change: Callable[[Document], Document] = lambda body: {name: body[name] for name in kept}  # noqa: E731 one line
    after(service.lifecycle, "create", lambda response: reshaped(response, change))


@fault("RFC7644-3.1-06")
def post_answers_with_another_name(service: Service) -> None:
    """The answer to POST shows another displayName than is stored."""
    change: Callable[[Document], Document] = lambda body: body | {"displayName": "Somebody else"}  # noqa: E731 one line
    after(service.lifecycle, "create", lambda response: reshaped(response, change))


@fault("RFC7644-3.1-06")
def post_answers_with_what_it_did_not_keep(service: Service) -> None:
    """The answer to POST shows an e-mail address that is not stored."""

    def change(body: Document) -> Document:
        return body | {"emails": [*body["emails"], {"value": "other@example.com"}]} if body.get("emails") else body

    after(service.lifecycle, "create", lambda response: reshaped(response, change))


@fault("RFC7644-3.1-06")
def post_answers_with_other_schemas(service: Service) -> None:
    """The answer to POST names the schema of an extension of which the resource has nothing."""

    def create(original: Callable[..., Response], request: Request, kind: ResourceType) -> Response:
        every = [kind.schema, *(urn for urn, _ in kind.extensions)]
        return reshaped(original(request, kind), lambda body: body | {"schemas": every})

    around(service.lifecycle, "create", create)


# -- what has to be there, and what has not ---------------------------------------------------


def _demand(service: Service, name: str) -> None:
    def change(_: ResourceType, body: Document) -> Document:
        if not body.get(name):
            raise invalid_value(f"{name} is required.")
        return body

    rewritten(service, change)


@fault("RFC7643-1.1-01")
def display_name_of_users_is_demanded(service: Service) -> None:
    """POST of a user without displayName is refused, though the served schema does not require one."""
    _demand(service, "displayName")


@fault("RFC7643-1.1-01", "RFC7643-3.1-21")
def external_id_is_demanded(service: Service) -> None:
    """POST without externalId is refused."""
    _demand(service, "externalId")


@fault("RFC7643-2.5-02")
def null_in_post_is_refused(service: Service) -> None:
    """POST refuses null as the value of an attribute that is not required."""

    def change(_: ResourceType, body: Document) -> Document:
        if any(value is None for value in body.values()):
            raise invalid_value("null is no value.")
        return body

    rewritten(service, change)


@fault("RFC7643-2.5-02")
def empty_array_in_post_breaks_the_server(service: Service) -> None:
    """POST answers 500 to an empty array."""

    def change(_: ResourceType, body: Document) -> Document:
        if [] in [value for name, value in body.items() if name != "schemas"]:
            raise crash()
        return body

    rewritten(service, change)


def _supply(service: Service, wanted: str, applies: Callable[[Document], bool]) -> None:
    def change(kind: ResourceType, body: Document) -> Document:
        return body | {wanted: f"nobody-{uuid4()}"} if kind.name in ("User", "Group") and applies(body) else body

    rewritten(service, change)


@fault("RFC7643-4.1.1-01", "RFC7644-3.3-13")
def user_without_user_name_is_created(service: Service) -> None:
    """POST of a user without userName creates one, with a name of the server's own."""
    _supply(service, "userName", lambda body: "userName" not in body)


@fault("RFC7643-4.1.1-01", "RFC7644-3.3-13")
def user_name_may_be_null(service: Service) -> None:
    """POST of a user whose userName is null creates one, with a name of the server's own."""
    _supply(service, "userName", lambda body: "userName" in body and body["userName"] is None)


@fault("RFC7643-4.1.1-01", "RFC7644-3.3-13")
def user_name_may_be_empty(service: Service) -> None:
    """POST of a user whose userName is empty creates one, with a name of the server's own."""
    _supply(service, "userName", lambda body: body.get("userName") == "")


@fault("RFC7643-4.1.1-01", "RFC7644-3.3-13")
def missing_user_name_breaks_the_server(service: Service) -> None:
    """POST of a user without userName answers 500."""

    def change(kind: ResourceType, body: Document) -> Document:
        if kind.name == "User" and "userName" not in body:
            raise crash()
        return body

    rewritten(service, change)


@fault("RFC7644-3.3-13")
def required_title_is_not_asked_for(service: Service) -> None:
    """The served schema requires a title of every user, and a POST without one creates a user."""
    service.schemas.change("urn:ietf:params:scim:schemas:core:2.0:User", "title", required=True)

    def is_required(original: Callable[..., bool], attribute: Attribute) -> bool:
        return attribute.name != "title" and original(attribute)

    around(service.validation, "is_required", is_required)

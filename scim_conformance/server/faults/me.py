"""Faults in /Me."""

from dataclasses import replace
from typing import Any

from scim_conformance.server.errors import ScimError
from scim_conformance.server.faults import after, around, fault, swap
from scim_conformance.server.messages import Headers, Request, Response
from scim_conformance.server.own_resource import Handler
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Service


def responses(service: Service, change: Any, *methods: str) -> None:
    """Change the answers of these methods of /Me, all of them by default."""

    def located(original: Any, handler: Handler, kind: ResourceType, id_: str) -> Handler:
        inner = original(handler, kind, id_)

        def answer(request: Request) -> Response:
            response: Response = inner(request)
            return change(request, response) if request.method in (methods or (request.method,)) else response

        return answer

    around(service.own_resource, "located", located)


def unplaced(_request: Request, response: Response) -> Response:
    """Take Location from an answer."""
    response.headers.remove("Location")
    return response


@fault("RFC7644-3.11-07")
def me_read_without_location(service: Service) -> None:
    """GET /Me does not tell where the resource really is."""
    responses(service, unplaced, "GET")


@fault("RFC7644-3.11-07")
def me_patched_without_location(service: Service) -> None:
    """PATCH /Me does not tell where the resource really is."""
    responses(service, unplaced, "PATCH")


@fault("RFC7644-3.11-07")
def me_replaced_without_location(service: Service) -> None:
    """PUT /Me does not tell where the resource really is."""
    responses(service, unplaced, "PUT")


@fault("RFC7644-3.11-07")
def me_located_at_me(service: Service) -> None:
    """Location names /Me itself, not the permanent location."""
    own = service.own_resource
    swap(own, "location", lambda request, _kind, _id: service.locations.base(request) + "/Me")


@fault("RFC7644-3.11-07")
def me_shown_as_me(service: Service) -> None:
    """The resource's meta.location is /Me when it is read there."""

    def renamed(request: Request, response: Response) -> Response:
        if response.status != 200 or not response.body:  # noqa: PLR2004 there is a resource
            return response
        body = response.json
        body["meta"]["location"] = service.locations.base(request) + "/Me"
        return replace(response, body=service.answers.encoded(body))

    responses(service, renamed)


@fault("RFC7644-3.11-07")
def me_is_somebody_else(service: Service) -> None:
    """GET /Me shows, and locates, another user than the one who asks."""
    own, users = service.own_resource, service.resource_types.get("User")
    if users is None:
        raise LookupError("There are no users.")
    other = service.lifecycle.new_resource(users, {"schemas": [users.schema], "userName": "somebody.else@example.com"})
    service.lifecycle.insert(users, other)

    def handlers(original: Any, request: Request) -> dict[str, Handler]:
        kind, id_ = own.kind(), service.grants.user_of(request.grant)
        if kind is None or id_ is None or request.method != "GET":
            return original(request)  # type: ignore[no-any-return]
        return {"GET": own.located(own.single(kind, other["id"])["GET"], kind, other["id"])}

    around(own, "handlers", handlers)


@fault("RFC7644-3.11-08")
def post_me_creates_nothing(service: Service) -> None:
    """POST /Me answers 201 with a resource that is not there afterwards."""

    def register(original: Any, request: Request) -> Response:
        response: Response = original(request)
        if request.grant.subject:
            service.store.remove("User", str(response.json["id"]))
        return response

    around(service.own_resource, "register", register)


@fault("RFC7644-3.11-08")
def post_me_answers_200(service: Service) -> None:
    """POST /Me creates a resource and answers 200, as if it had been there."""
    after(service.own_resource, "register", lambda response: replace(response, status=200))


@fault("RFC7644-3.11-08")
def post_me_says_nothing(service: Service) -> None:
    """POST /Me answers 201 with neither a resource nor where it is, and creates none."""

    def register(original: Any, request: Request) -> Response:
        return Response(201, Headers()) if request.grant.subject else original(request)

    around(service.own_resource, "register", register)


def unperformed(service: Service, method: str) -> None:
    """Answer a method of /Me without doing anything."""

    def handlers(original: Any, request: Request) -> dict[str, Handler]:
        known: dict[str, Handler] = original(request)
        if request.method == method and "GET" in known and method != "POST":
            known[method] = known["GET"] if method != "DELETE" else lambda _request: Response(204)
        return known

    around(service.own_resource, "handlers", handlers)


@fault("RFC7644-3.11-06")
def patch_of_me_changes_nothing(service: Service) -> None:
    """PATCH /Me answers with the resource as it was."""
    unperformed(service, "PATCH")


@fault("RFC7644-3.11-06")
def put_of_me_changes_nothing(service: Service) -> None:
    """PUT /Me answers with the resource as it was."""
    unperformed(service, "PUT")


@fault("RFC7644-3.11-06")
def delete_of_me_deletes_nothing(service: Service) -> None:
    """DELETE /Me answers 204 and deletes nothing, though it says where that was."""
    own = service.own_resource

    def single(original: Any, kind: ResourceType, id_: str) -> dict[str, Handler]:
        return {**original(kind, id_), "DELETE": lambda _request: Response(204)}

    around(own, "single", single)


@fault("RFC7644-3.11-03")
def me_is_not_allowed(service: Service) -> None:
    """/Me, which is not there for services, answers 405."""

    def missing(_request: Request) -> Response:
        raise ScimError(405, None, "This is not for you.", [("Allow", "")])

    swap(service, "me", missing)


@fault("RFC7644-3.11-03")
def me_is_unauthorized(service: Service) -> None:
    """/Me, which is not there for services, answers valid credentials with 401."""

    def missing(_request: Request) -> Response:
        raise service.access.unauthorized("Who are you?")

    swap(service, "me", missing)

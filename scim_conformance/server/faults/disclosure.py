"""Faults of what answers give away: whether a resource exists, and the token."""

from collections.abc import Callable
from typing import Any

from scim_conformance.server.errors import ScimError, not_found, uniqueness
from scim_conformance.server.faults import after, around, fault
from scim_conformance.server.faults.access import after_refusal, authorization
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.service import Service
from scim_conformance.server.store import Record

EXISTENCE = "SEED-TOKEN-12"
REPEATED = "SEED-TOKEN-11"


def asked_for(service: Service, request: Request) -> Record | None:
    """Find the resource that a path names."""
    return service.store.find(request.path.rpartition("/")[2])


def names_a_resource(service: Service, request: Request) -> bool:
    """Tell whether a path is that of a single resource, be it there or not."""
    endpoints = [f"{service.locations.base_path}{kind.endpoint}/" for kind in service.resource_types]
    return any(request.path.startswith(endpoint) for endpoint in endpoints) and not request.path.endswith("/.search")


# -- whether a resource exists --------------------------------------------------------------


@fault(EXISTENCE)
def unknown_ids_answer_404_before_the_token(service: Service) -> None:
    """An unknown id is answered 404 before the token is looked at."""

    def check(original: Callable[..., None], request: Request, path: str) -> None:
        if request.method != "DELETE" and names_a_resource(service, request) and not asked_for(service, request):
            raise not_found("There is no such resource.")
        original(request, path)

    around(service.access, "check", check)


@fault(EXISTENCE)
def refused_delete_tells_of_existence(service: Service) -> None:
    """A refused DELETE says in its detail that the resource is there."""

    def tell(request: Request, refusal: ScimError) -> None:
        if request.method == "DELETE" and asked_for(service, request):
            refusal.detail = "You may not delete this resource."

    after_refusal(service, tell)


@fault(EXISTENCE)
def refusals_carry_the_etag(service: Service) -> None:
    """A refusal carries the ETag of a resource that exists."""

    def tell(request: Request, refusal: ScimError) -> None:
        if found := asked_for(service, request):
            refusal.headers = (*refusal.headers, *service.versions.headers(found.resource))

    after_refusal(service, tell)


@fault(EXISTENCE)
def challenge_names_the_endpoint(service: Service) -> None:
    """The challenge has another realm where a resource exists."""

    def tell(request: Request, refusal: ScimError) -> None:
        if asked_for(service, request):
            refusal.headers = tuple((name, value.replace('"SCIM"', '"People"')) for name, value in refusal.headers)

    after_refusal(service, tell)


@fault(EXISTENCE)
def refused_filter_tells_of_a_match(service: Service) -> None:
    """The refusal of a query says whether its filter matches."""

    def tell(request: Request, refusal: ScimError) -> None:
        value = (request.parameter("filter") or "").partition('"')[2].rstrip('"')
        names = {str(record.resource.get(name)) for kind in service.resource_types
                 for record in service.store.scan(kind.name) for name in ("userName", "displayName")}  # fmt: skip
        if value in names:
            refusal.detail += " One resource matches."

    after_refusal(service, tell)


@fault(EXISTENCE)
def taken_name_answers_409_before_the_token(service: Service) -> None:
    """Creating a resource under a taken name is answered 409 before the token is looked at."""

    def check(original: Callable[..., None], request: Request, path: str) -> None:
        if request.method == "POST" and path.endswith("/Users"):
            user_name = service.bodies.json(request).get("userName")
            users = service.store.scan("User")
            if any(str(record.resource.get("userName")).lower() == str(user_name).lower() for record in users):
                raise uniqueness("The userName is taken.")
        original(request, path)

    around(service.access, "check", check)


# -- the token ------------------------------------------------------------------------------


def in_documents(service: Service, which: Callable[[Request, int, Any], bool]) -> None:
    """Write the token of the request into those documents that `which` chooses by request, status and document."""

    def document(
        original: Callable[..., Response], request: Request, status: int, document: Any, headers: Any = ()
    ) -> Response:
        if isinstance(document, dict) and which(request, status, document):
            document = {**document, "caller": authorization(request)}
        return original(request, status, document, headers)

    around(service.answers, "document", document)


@fault(REPEATED)
def token_in_a_header_of_every_answer(service: Service) -> None:
    """Every answer repeats the token in a header."""

    def handle(original: Callable[..., Response], request: Request) -> Response:
        response = original(request)
        response.headers.add("X-Caller", authorization(request))
        return response

    around(service, "handle", handle)


@fault(REPEATED)
def token_in_resources(service: Service) -> None:
    """A resource, created, read or listed, repeats the token of the request in its body."""
    latest = [""]

    def handle(original: Callable[..., Response], request: Request) -> Response:
        latest[0] = authorization(request)
        return original(request)

    around(service, "handle", handle)
    after(service.projection, "show", lambda shown: {**shown, "caller": latest[0]})


@fault(REPEATED)
def token_in_lists(service: Service) -> None:
    """A list repeats the token in its body."""
    in_documents(service, lambda _request, status, document: status == 200 and "Resources" in document)  # noqa: PLR2004


@fault(REPEATED)
def token_in_service_provider_config(service: Service) -> None:
    """ServiceProviderConfig gives the token as an example of how to authenticate."""
    in_documents(service, lambda request, _status, _document: request.path.endswith("/ServiceProviderConfig"))


@fault(REPEATED)
def token_in_refusals(service: Service) -> None:
    """A refusal of credentials repeats them."""
    in_documents(service, lambda _request, status, _document: status in (400, 401))


@fault(REPEATED)
def token_in_errors(service: Service) -> None:
    """An error other than a refusal repeats the token."""
    in_documents(service, lambda _request, status, _document: status == 404)  # noqa: PLR2004 - Not Found


@fault("RFC6750-5.3-01", REPEATED)
def token_in_a_cookie(service: Service) -> None:
    """Answers set a cookie with the token."""

    def handle(original: Callable[..., Response], request: Request) -> Response:
        response = original(request)
        token = authorization(request).removeprefix("Bearer ")
        response.headers.add("Set-Cookie", f"session={token}; Path=/; HttpOnly")
        return response

    around(service, "handle", handle)


@fault("RFC6750-5.3-02", REPEATED)
def token_in_links(service: Service) -> None:
    """Answers link to the schemas with the token in the URL's query."""

    def handle(original: Callable[..., Response], request: Request) -> Response:
        response = original(request)
        token = authorization(request).removeprefix("Bearer ")
        url = f"{service.locations.base(request)}/Schemas?access_token={token}"
        response.headers.add("Link", f"<{url}>; rel=describedby")
        return response

    around(service, "handle", handle)

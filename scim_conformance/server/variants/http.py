"""Variants of HTTP and of errors: media types, methods, redirects, versions in the URL, and what errors say."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from scim_conformance.server.errors import ScimError, not_found
from scim_conformance.server.messages import Headers, Request, Response
from scim_conformance.server.service import METHODS, Handlers, Service
from scim_conformance.server.variants import after, around, swap, variant

_EVERY = 20
_NOT_ACCEPTABLE, _UNPROCESSABLE = 406, 422


# -- media types ----------------------------------------------------------------------------


@variant()
def unknown_media_types_are_read(service: Service) -> None:
    """A body of any media type is read as JSON, which earns no more than a warning (A63)."""
    swap(service.bodies, "check_media_type", lambda _request: None)


@variant()
def bodies_in_plain_json_are_refused(service: Service) -> None:
    """A body that is application/json is refused with 415, which earns no more than a warning (A63)."""
    swap(service.bodies, "is_supported", lambda media_type: media_type == "application/scim+json")


@variant()
def other_media_types_are_not_acceptable(service: Service) -> None:
    """An Accept that leaves no room for JSON is answered 406 (RFC 7644 section 3.8, A63)."""
    known = ("application/scim+json", "application/json", "application/*", "*/*")

    def answer(original: Callable[[Request], Response], request: Request) -> Response:
        kinds = [each.partition(";")[0].strip() for each in (request.headers.get("Accept") or "*/*").split(",")]
        response = original(request)
        if not any(kind in known for kind in kinds):
            raise ScimError(_NOT_ACCEPTABLE, None, "Answers are application/scim+json.")
        return response

    around(service, "answer", answer)


@variant()
def errors_are_problem_json(service: Service) -> None:
    """Errors are called application/problem+json, which earns no more than a warning (A63)."""

    def named(response: Response) -> Response:
        response.headers.set("Content-Type", "application/problem+json")
        return response

    after(service.answers, "error", named)


# -- errors ---------------------------------------------------------------------------------


@variant()
def the_status_of_errors_is_a_number(service: Service) -> None:
    """The status in an error body is a number, which earns no more than a warning (A82)."""
    after(service.answers, "error_body", lambda body: {**body, "status": int(body["status"])})


@variant()
def unset_members_of_errors_are_null(service: Service) -> None:
    """Error bodies have scimType and detail as null where there is nothing to say (RFC 7643 section 2.5)."""
    after(service.answers, "error_body", lambda body: {"scimType": None, "detail": None, **body})


@variant()
def errors_have_no_scim_type(service: Service) -> None:
    """Errors have no scimType, which earns no more than a warning (A39)."""
    after(service.answers, "error_body", lambda body: {name: body[name] for name in body if name != "scimType"})


@variant()
def bad_values_are_invalid_syntax(service: Service) -> None:
    """A value that is missing or of a wrong type is refused with invalidSyntax: it breaks the schema (A39)."""
    _renamed(service, "invalidValue", "invalidSyntax")


@variant()
def bad_bodies_are_invalid_values(service: Service) -> None:
    """A body that is malformed is refused with invalidValue (A39)."""
    _renamed(service, "invalidSyntax", "invalidValue")


@variant()
def bad_values_are_unprocessable(service: Service) -> None:
    """A value that is missing or of a wrong type is refused with 422, which earns no more than a warning (A39)."""

    def error(original: Callable[..., Response], request: Request, problem: ScimError) -> Response:
        if problem.scim_type == "invalidValue":
            problem = ScimError(_UNPROCESSABLE, "invalidValue", problem.detail)
        return original(request, problem)

    around(service.answers, "error", error)


@variant()
def unknown_paths_are_answered_by_the_framework(service: Service) -> None:
    """A path outside all endpoints is answered 404 with a page, before SCIM has a say (A95)."""

    def error(original: Callable[..., Response], request: Request, problem: ScimError) -> Response:
        if problem.detail.startswith("There is no endpoint"):
            return Response(404, Headers([("Content-Type", "text/html")]), b"<html><h1>Not Found</h1></html>")
        return original(request, problem)

    around(service.answers, "error", error)


@variant()
def strangers_are_answered_by_a_gateway(service: Service) -> None:
    """A 401 comes from a gateway, with its challenge and without a SCIM body (A95)."""

    def error(original: Callable[..., Response], request: Request, problem: ScimError) -> Response:
        if problem.status == 401:  # noqa: PLR2004
            return Response(401, Headers([*problem.headers, ("Content-Type", "text/plain")]), b"Unauthorized")
        return original(request, problem)

    around(service.answers, "error", error)


# -- methods --------------------------------------------------------------------------------


@variant()
def wrong_methods_are_not_implemented(service: Service) -> None:
    """A method that an endpoint lacks is answered 501, which refuses it as well (A75)."""
    swap(service, "method_not_allowed", lambda _: ScimError(501, None, "The method is not implemented."))


@variant()
def wrong_methods_are_forbidden(service: Service) -> None:
    """A method that an endpoint lacks is answered 403, which refuses it as well (A75)."""
    swap(service, "method_not_allowed", lambda _: ScimError(403, None, "The method is forbidden here."))


@variant()
def nothing_is_said_of_allowed_methods(service: Service) -> None:
    """A 405 has no Allow, which earns no more than a warning (A75)."""
    swap(service, "method_not_allowed", lambda _: ScimError(405, None, "The method is not allowed here."))


@variant()
def unknown_methods_are_not_allowed(service: Service) -> None:
    """A method that nobody knows is answered 405 (A75)."""

    def dispatch(original: Callable[..., Response], request: Request, handlers: Handlers) -> Response:
        if request.method not in METHODS:
            raise service.method_not_allowed(handlers)
        return original(request, handlers)

    around(service, "dispatch", dispatch)


@variant()
def unsupported_patch_is_not_allowed(service: Service) -> None:
    """PATCH is not supported, ServiceProviderConfig says so, and it answers 405 with Allow (A64)."""
    service.capabilities.patch = False
    _without_patch(service)


@variant()
def unsupported_patch_is_not_found(service: Service) -> None:
    """PATCH is not supported, ServiceProviderConfig says so, and it answers 404 (A64)."""
    service.capabilities.patch = False

    def modify(*_: Any) -> Response:
        raise not_found("There is nothing to be patched.")

    swap(service.lifecycle, "modify", modify)


# -- redirects and versions -----------------------------------------------------------------


@variant()
def redirects_now_and_then(service: Service) -> None:
    """Now and then a request is redirected by 307 to the same URL with one more parameter (A80)."""
    counted = {"requests": 0}

    def answer(original: Callable[[Request], Response], request: Request) -> Response:
        counted["requests"] += 1
        if request.parameter("node") is not None or counted["requests"] % _EVERY:
            return original(request)
        service.access.check(request, service.relative_path(request.path) or "")
        return Response(307, Headers([("Location", "?" + _query(request))]))

    around(service, "answer", answer)


@variant()
def other_versions_are_not_found(service: Service) -> None:
    """A request for another version than 2 is answered 404 (A86)."""

    def unversioned(original: Callable[[str], str], path: str) -> str:
        try:
            return original(path)
        except ScimError:
            raise not_found("There is no such endpoint.") from None

    around(service, "unversioned", unversioned)


@variant()
def other_versions_are_served(service: Service) -> None:
    """A request for another version than 2 is answered as one for version 2: worth a warning (A86)."""

    def unversioned(original: Callable[[str], str], path: str) -> str:
        return original(path.replace("/v9", "/v2", 1))

    around(service, "unversioned", unversioned)


@variant()
def the_version_has_to_be_named(service: Service) -> None:
    """A request without a version is answered 404 (A86)."""

    def relative(original: Callable[[str], str | None], path: str) -> str | None:
        return original(path) if path.startswith(service.locations.base_path) else None

    around(service, "relative_path", relative)


def _renamed(service: Service, former: str, scim_type: str) -> None:
    def change(body: dict[str, Any]) -> dict[str, Any]:
        return {**body, "scimType": scim_type} if body.get("scimType") == former else body

    after(service.answers, "error_body", change)


def _without_patch(service: Service) -> None:
    def single(handlers: Handlers) -> Handlers:
        return {method: handler for method, handler in handlers.items() if method != "PATCH"}

    after(service, "single", single)


def _query(request: Request) -> str:
    return urlencode([*request.query, ("node", "7")])

"""Variants of answers: status codes, bodies and how their JSON is written."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from scim_conformance.server.errors import ScimError
from scim_conformance.server.messages import Headers, Request, Response
from scim_conformance.server.service import Service
from scim_conformance.server.variants import after, around, swap, variant

_EVERY = 25


@variant()
def patch_answers_204(service: Service) -> None:
    """PATCH answers 204 without a body, unless attributes are asked for (RFC 7644 section 3.5.2, A04)."""
    original = service.answers.modified

    def modified(request: Request, resource: Mapping[str, Any], shown: Any, location: str) -> Response:
        if request.parameter("attributes") or request.parameter("excludedAttributes"):
            return original(request, resource, shown, location)
        return Response(204, Headers(service.versions.headers(resource)))

    swap(service.answers, "modified", modified)


@variant()
def no_content_location(service: Service) -> None:
    """No answer has a Content-Location header: it is nowhere required (A19)."""
    swap(service.answers, "about", lambda resource, _location: service.versions.headers(resource))


@variant()
def reads_name_their_location(service: Service) -> None:
    """GET, PUT and PATCH answer with a Location header, as in the examples of RFC 7644 (A19)."""

    def located(response: Response) -> Response:
        response.headers.set("Location", response.headers.get("Content-Location") or "")
        return response

    for name in ("found", "replaced", "modified"):  # not POST, which has a Location already
        after(service.answers, name, located)


@variant()
def json_reversed_and_indented(service: Service) -> None:
    """JSON is written with white space and its members in another order, which carries no meaning (RFC 7643 2.3.8)."""

    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: turned(value[name]) for name in reversed(value)}
        return [turned(each) for each in value] if isinstance(value, list) else value

    swap(service.answers, "encoded", lambda document: json.dumps(turned(document), indent=3).encode() + b"\n")


@variant()
def json_in_ascii(service: Service) -> None:
    """JSON is written in ASCII, with escapes for all other characters, which is the same text (RFC 8259)."""
    swap(service.answers, "encoded", lambda document: json.dumps(document, ensure_ascii=True).encode())


@variant()
def charset_in_content_type(service: Service) -> None:
    """Content-Type says application/scim+json; charset=utf-8 (RFC 7644 section 3.8, A63)."""
    after(service.answers, "media_type", lambda media_type: f"{media_type}; charset=utf-8")


@variant()
def answers_application_json(service: Service) -> None:
    """Answers are application/json, which is tolerated (A63)."""
    swap(service.answers, "media_type", lambda _request: "application/json")


@variant()
def unassigned_attributes_are_null(service: Service) -> None:
    """Resources show unassigned attributes as null, or as [] where they are multi-valued (RFC 7643 section 2.5)."""

    def show(
        original: Callable[..., dict[str, Any]], kind: Any, resource: Any, wanted: Any, *rest: Any
    ) -> dict[str, Any]:
        shown = original(kind, resource, wanted, *rest)
        if wanted.attributes is None and wanted.excluded is None:
            for attribute in service.resource_types.base(kind).attributes:
                if attribute.returned == "default":
                    shown.setdefault(attribute.name, [] if attribute.multi_valued else None)
        return shown

    around(service.projection, "show", show)


@variant()
def errors_without_detail(service: Service) -> None:
    """Error bodies have no detail, which is optional (RFC 7644 section 3.12) but in answers to bulk jobs (3.7.3)."""
    performing: list[Request] = []

    def bulk(original: Callable[..., Response], request: Request) -> Response:
        performing.append(request)
        try:
            return original(request)
        finally:
            performing.pop()

    def error(original: Callable[..., Response], request: Request, problem: ScimError) -> Response:
        if performing or request.path.endswith("/Bulk"):
            return original(request, problem)
        return original(request, ScimError(problem.status, problem.scim_type, "", problem.headers))

    around(service, "bulk", bulk)
    around(service.answers, "error", error)


@variant()
def errors_with_more_members(service: Service) -> None:
    """Error bodies hold members of the vendor's own beside those of RFC 7644 section 3.12."""
    after(service.answers, "error_body", lambda body: {**body, "traceId": "4bf92f3577b34da6", "errors": []})


@variant()
def conflicts_on_change_are_400(service: Service) -> None:
    """PUT and PATCH refuse a taken value with 400 and scimType uniqueness (RFC 7643 section 7, Table 9, A20)."""

    def update(original: Callable[..., Any], *args: Any) -> Any:
        try:
            return original(*args)
        except ScimError as error:
            if error.scim_type == "uniqueness":
                error.status = 400
            raise

    around(service.lifecycle, "update", update)


@variant()
def unknown_media_type_is_400(service: Service) -> None:
    """A request body of an unknown media type is refused with 400 (A63)."""

    def check(original: Callable[..., None], request: Request) -> None:
        try:
            original(request)
        except ScimError as error:
            raise ScimError(400, "invalidSyntax", error.detail) from None

    around(service.bodies, "check_media_type", check)


@variant()
def head_is_not_allowed(service: Service) -> None:
    """HEAD answers 405, which earns no more than a warning (A75)."""

    def dispatch(original: Callable[..., Response], request: Request, handlers: Any) -> Response:
        if request.method == "HEAD":
            raise service.method_not_allowed(handlers)
        return original(request, handlers)

    around(service, "dispatch", dispatch)
    after(service, "allowed", lambda methods: methods.replace("HEAD, ", "").replace(", HEAD", ""))


@variant()
def wrong_methods_are_not_found(service: Service) -> None:
    """A method that an endpoint lacks is answered 404, which refuses it as well (A75)."""
    swap(
        service, "method_not_allowed", lambda _handlers: ScimError(404, None, "There is nothing here for this method.")
    )


@variant()
def unsupported_functions_are_not_found(service: Service) -> None:
    """/Me and /Bulk, which are not supported, answer 404 (A50, A61)."""

    def missing(_request: Request) -> Response:
        raise ScimError(404, None, "There is no such endpoint.")

    service.capabilities.bulk = False
    swap(service, "me", missing)
    swap(service, "bulk", missing)


@variant()
def more_headers(service: Service) -> None:
    """Answers have further header fields: caching, security, a request id, a cookie of a load balancer."""
    fields = {
        "Cache-Control": "no-store",
        "Strict-Transport-Security": "max-age=31536000",
        "X-Content-Type-Options": "nosniff",
        "X-Request-Id": "4bf92f35-77b3-4da6-a3ce-929d0e0e4736",
        "Set-Cookie": "node=7; Path=/; Secure; HttpOnly",
        "Vary": "Accept",
    }

    def finished(response: Response) -> Response:
        for name, value in fields.items():
            response.headers.add(name, value)
        return response

    after(service, "finished", finished)


@variant()
def throttles_now_and_then(service: Service) -> None:
    """Now and then a request is answered 429 with Retry-After: 0, to be sent again (A85)."""
    counted = {"requests": 0}

    def answer(original: Callable[..., Response], request: Request) -> Response:
        counted["requests"] += 1
        if counted["requests"] % _EVERY == 0:
            raise ScimError(429, None, "Too many requests.", [("Retry-After", "0")])
        return original(request)

    around(service, "answer", answer)


@variant()
def unavailable_now_and_then(service: Service) -> None:
    """Now and then a request is answered 503 with Retry-After: 0, to be sent again (A85)."""
    counted = {"requests": 0}

    def handle(original: Callable[..., Response], request: Request) -> Response:
        counted["requests"] += 1
        if counted["requests"] % _EVERY == 0:
            return Response(503, Headers([("Retry-After", "0"), ("Content-Type", "text/plain")]), b"back in a moment")
        return original(request)

    around(service, "handle", handle)

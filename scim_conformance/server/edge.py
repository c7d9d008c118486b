"""Damage at the edge of a service: to requests of one kind on their way in, or to their answers on the way out."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scim_conformance.server.alter import around
from scim_conformance.server.messages import Headers, Request, Response

if TYPE_CHECKING:
    from scim_conformance.server.service import Service

Ask = Callable[[Request], Response]
Body = dict[str, Any]


def at(service: "Service", method: str, place: str, new: Callable[[Ask, Request], Response]) -> None:
    """Answer requests in another way: `at(service, "GET", "/Users/", new)` is about GET of one user.

    A place that ends with a slash stands for each resource below it, any other for itself. `new` is given what answers
    such requests, and the request, whose sender was let in; it may raise a ScimError.
    """

    def dispatch(original: Callable[..., Response], request: Request, handlers: Any) -> Response:
        path = (service.relative_path(request.path) or "").removeprefix("/v2")
        meant = path.startswith(place) and path != place if place.endswith("/") else path == place
        if meant and request.method == method:
            return new(lambda changed: original(changed, handlers), request)
        return original(request, handlers)

    around(service, "dispatch", dispatch)


def sending(service: "Service", method: str, place: str, change: Callable[[Body], Body]) -> None:
    """Change the body of requests; one that is no JSON object is left as it is."""

    def new(ask: Ask, request: Request) -> Response:
        body = sent(request)
        return ask(replace(request, body=_written(change(body))) if body else request)

    at(service, method, place, new)


def showing(service: "Service", method: str, place: str, change: Callable[[Body], Any]) -> None:
    """Change the body of answers that succeed and have one."""

    def new(ask: Ask, request: Request) -> Response:
        response = ask(request)
        if response.body and response.status < 300:  # noqa: PLR2004 - the class of success codes
            return replace(response, body=_written(change(response.json)))
        return response

    at(service, method, place, new)


def sent(request: Request) -> Body:
    """Read the body of a request; empty where it is no JSON object."""
    try:
        body = json.loads(request.body)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def bare(response: Response, status: int, body: Mapping[str, Any] | None = None) -> Response:
    """Give an answer with this status and body, and the media type of another."""
    fields = [("Content-Type", response.headers.get("Content-Type") or "application/scim+json")] if body else []
    return Response(status, Headers(fields), _written(body) if body else b"")


def _written(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()

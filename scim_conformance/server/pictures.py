"""Pictures that the server keeps itself, for faults and variants: the bundled server shows the URLs of its clients."""

from collections.abc import Callable
from typing import Any

from scim_conformance.server.alter import around
from scim_conformance.server.messages import Headers, Request, Response
from scim_conformance.server.service import Service


def keeping_pictures(service: Service, media_type: str, body: bytes) -> None:
    """Let the server keep the pictures of users itself, and show them by URLs of its own."""

    def view(original: Callable[..., dict[str, Any]], kind: Any, resource: Any, request: Request) -> dict[str, Any]:
        shown = original(kind, resource, request)
        if "photos" not in shown:
            return shown
        url = service.locations.base(request) + "/Pictures/"
        photos = [{**photo, "value": f"{url}{number}"} for number, photo in enumerate(shown["photos"])]
        return {**shown, "photos": photos}

    def endpoint(original: Callable[[list[str]], Any], segments: list[str]) -> Any:
        if segments[0] != "Pictures":
            return original(segments)
        return {"GET": lambda _request: Response(200, Headers({"Content-Type": media_type}), body)}

    around(service.membership, "view", view)
    around(service, "fixed_endpoint", endpoint)

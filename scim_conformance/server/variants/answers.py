"""Variants of status codes and bodies."""

from collections.abc import Mapping
from typing import Any

from scim_conformance.server.messages import Headers, Request, Response
from scim_conformance.server.service import Service
from scim_conformance.server.variants import swap, variant


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
def no_patch(service: Service) -> None:
    """PATCH is not supported, ServiceProviderConfig says so, and it answers 501 (RFC 7644 section 3.5.2, A64)."""
    service.capabilities.patch = False

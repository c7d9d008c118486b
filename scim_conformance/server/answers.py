"""Answers: status, header fields and body of every kind of response (RFC 7644 sections 3.3 to 3.6 and 3.12)."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from scim_conformance.server.bodies import MEDIA_TYPES, MESSAGES
from scim_conformance.server.errors import ScimError
from scim_conformance.server.messages import Headers, Request, Response
from scim_conformance.server.versions import Versions

LIST_RESPONSE = MESSAGES + "ListResponse"
Fields = Iterable[tuple[str, str]]


class Answers:
    """Makes responses, one method a kind."""

    def __init__(self, versions: Versions) -> None:
        self.versions = versions

    def document(self, request: Request, status: int, document: Any, headers: Fields = ()) -> Response:
        """Answer with a JSON document."""
        fields = Headers([("Content-Type", self.media_type(request)), *headers])
        return Response(status, fields, self.encoded(document))

    def encoded(self, document: Any) -> bytes:
        """Write JSON as UTF-8."""
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8")

    def media_type(self, request: Request) -> str:
        """Choose application/scim+json, unless a client accepts application/json and nothing that covers the other."""
        accepted = [kind.partition(";")[0].strip().lower() for kind in (request.headers.get("Accept") or "").split(",")]
        covers = ("application/scim+json", "application/*", "*/*")
        plain = "application/json" in accepted and not any(kind in covers for kind in accepted)
        return MEDIA_TYPES[1] if plain else MEDIA_TYPES[0]

    # Successes; `resource` is as stored, `shown` what the client gets to see

    def created(self, request: Request, resource: Mapping[str, Any], shown: Any, location: str) -> Response:
        """Answer a POST: 201, Location and the resource."""
        headers = [("Location", location), *self.about(resource, location)]
        return self.document(request, 201, shown, headers)

    def found(self, request: Request, resource: Mapping[str, Any], shown: Any, location: str) -> Response:
        """Answer a GET of one resource."""
        return self.document(request, 200, shown, self.about(resource, location))

    def not_modified(self, resource: Mapping[str, Any], location: str) -> Response:
        """Answer a conditional GET whose client has the resource already, with the fields 200 would have had."""
        return Response(304, Headers(self.about(resource, location)))

    def replaced(self, request: Request, resource: Mapping[str, Any], shown: Any, location: str) -> Response:
        """Answer a PUT with the whole resource."""
        return self.document(request, 200, shown, self.about(resource, location))

    def modified(self, request: Request, resource: Mapping[str, Any], shown: Any, location: str) -> Response:
        """Answer a PATCH with the whole resource."""
        return self.document(request, 200, shown, self.about(resource, location))

    def deleted(self) -> Response:
        """Answer a DELETE: 204, without body."""
        return Response(204)

    def listed(self, request: Request, body: Mapping[str, Any]) -> Response:
        """Answer a query."""
        return self.document(request, 200, body)

    def about(self, resource: Mapping[str, Any], location: str) -> list[tuple[str, str]]:
        """Give the header fields about the one resource a body holds (RFC 7643 section 3.1: location, version)."""
        return [("Content-Location", location), *self.versions.headers(resource)]

    def list_response(self, resources: list[Any], total: int, start_index: int) -> dict[str, Any]:
        """Write a list response (RFC 7644 section 3.4.2)."""
        return {
            "schemas": [LIST_RESPONSE],
            "totalResults": total,
            "startIndex": start_index,
            "itemsPerPage": len(resources),
            "Resources": resources,
        }

    # Refusals

    def error(self, request: Request, error: ScimError) -> Response:
        """Answer with an error body."""
        return self.document(request, error.status, self.error_body(error), error.headers)

    def error_body(self, error: ScimError) -> dict[str, Any]:
        """Write an error body."""
        return error.body()

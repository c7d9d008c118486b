"""Answers of Braze's SCIM API: application/json, and errors whose status is a number."""

from typing import Any

from scim_conformance.server.answers import LIST_RESPONSE, Answers
from scim_conformance.server.braze.refusals import JSON, UNPARSABLE, Refusal
from scim_conformance.server.errors import ERROR, ScimError
from scim_conformance.server.messages import Request, Response


class BrazeAnswers(Answers):
    """Makes responses, one method a kind."""

    def media_type(self, request: Request) -> str:  # noqa: ARG002 - whatever the client accepts
        """Choose application/json, whatever the client accepts."""
        return JSON

    def created_user(self, request: Request, shown: Any) -> Response:
        """Answer a POST: the user, without a Location."""
        return self.document(request, 201, shown)

    def found_user(self, request: Request, shown: Any) -> Response:
        """Answer a GET of one user."""
        return self.document(request, 200, shown)

    def updated_user(self, request: Request, shown: Any) -> Response:
        """Answer a PUT with the whole user."""
        return self.document(request, 200, shown)

    def found_users(self, request: Request, users: list[Any]) -> Response:
        """Answer a search; the list has neither startIndex nor itemsPerPage."""
        return self.document(request, 200, {"schemas": [LIST_RESPONSE], "totalResults": len(users), "Resources": users})

    # Refusals

    def error(self, request: Request, error: ScimError) -> Response:
        """Answer with an error body in the media type that belongs to it."""
        response = super().error(request, error)
        response.headers.set("Content-Type", self.error_type(error))
        return response

    def error_type(self, error: ScimError) -> str:
        """Give the media type of an error."""
        return error.media_type if isinstance(error, Refusal) else JSON

    def error_body(self, error: ScimError) -> dict[str, Any]:
        """Write an error body; its status is a number."""
        return {"schemas": [ERROR], "status": error.status, "detail": self.detail(error)}

    def detail(self, error: ScimError) -> str:
        """Write what went wrong; every 400 begins with the documented sentence."""
        if error.status != 400 or isinstance(error, Refusal):  # noqa: PLR2004 - bad request
            return error.detail
        return f"{UNPARSABLE} {error.detail}".strip()

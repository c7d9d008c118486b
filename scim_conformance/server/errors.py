"""The errors of RFC 7644 section 3.12, raised where a rule is broken and answered as SCIM error bodies."""

from collections.abc import Iterable
from typing import Any

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


class ScimError(Exception):
    """A refusal: HTTP status, scimType (or None), a detail for people, and header fields that belong to the answer."""

    def __init__(
        self, status: int, scim_type: str | None = None, detail: str = "", headers: Iterable[tuple[str, str]] = ()
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.scim_type = scim_type
        self.detail = detail
        self.headers = tuple(headers)

    def body(self) -> dict[str, Any]:
        """Give the error body; `status` is a string by RFC 7644 section 3.12."""
        body: dict[str, Any] = {"schemas": [ERROR], "status": str(self.status)}
        if self.scim_type:
            body["scimType"] = self.scim_type
        if self.detail:
            body["detail"] = self.detail
        return body


def invalid_filter(detail: str) -> ScimError:
    """Refuse a filter: bad syntax, or an attribute and operator that do not go together."""
    return ScimError(400, "invalidFilter", detail)


def invalid_path(detail: str) -> ScimError:
    """Refuse a PATCH path that does not follow the grammar."""
    return ScimError(400, "invalidPath", detail)


def invalid_syntax(detail: str) -> ScimError:
    """Refuse a body that is malformed or does not follow the schema of its message."""
    return ScimError(400, "invalidSyntax", detail)


def invalid_value(detail: str) -> ScimError:
    """Refuse a value: missing though required, of the wrong type, or unfit for the operation."""
    return ScimError(400, "invalidValue", detail)


def mutability(detail: str) -> ScimError:
    """Refuse a change that the attribute's mutability does not allow."""
    return ScimError(400, "mutability", detail)


def no_target(detail: str) -> ScimError:
    """Refuse a PATCH operation whose path leads nowhere."""
    return ScimError(400, "noTarget", detail)


def uniqueness(detail: str) -> ScimError:
    """Refuse a value that another resource has."""
    return ScimError(409, "uniqueness", detail)


def not_found(detail: str) -> ScimError:
    """Answer that there is no such resource or endpoint."""
    return ScimError(404, None, detail)


def not_implemented(detail: str) -> ScimError:
    """Answer that the service provider does not support the operation."""
    return ScimError(501, None, detail)

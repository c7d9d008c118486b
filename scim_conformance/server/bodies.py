"""Request bodies: media type, encoding, JSON, and the message schemas (RFC 7644 sections 3.1 and 3.8)."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from scim_conformance.server.errors import ScimError, invalid_syntax, invalid_value
from scim_conformance.server.messages import Request

MESSAGES = "urn:ietf:params:scim:api:messages:2.0:"
PATCH_OP = MESSAGES + "PatchOp"
SEARCH_REQUEST = MESSAGES + "SearchRequest"
MEDIA_TYPES = ("application/scim+json", "application/json")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a PATCH request; `path` is empty when there is none, `has_value` tells null from absent.

    `capital` says that the name of the operation began with a capital letter, as Entra ID writes it.
    """

    op: str
    path: str = ""
    value: Any = None
    has_value: bool = field(default=True)
    capital: bool = False


class Bodies:
    """Reads bodies, one method a rule."""

    def json(self, request: Request) -> Any:
        """Give the body as JSON."""
        self.check_media_type(request)
        return self.parsed(self.decoded(request.body))

    def check_media_type(self, request: Request) -> None:
        """Refuse a media type that is no JSON, or a charset other than UTF-8."""
        kind, _, parameters = (request.headers.get("Content-Type") or "").partition(";")
        if kind.strip() and not self.is_supported(kind.strip().lower()):
            raise ScimError(415, None, f"{kind.strip()[:80]} is not supported; send {MEDIA_TYPES[0]}.")
        charset = next(
            (p.partition("=")[2] for p in parameters.split(";") if p.strip().lower().startswith("charset")), ""
        )
        if charset.strip(' "').lower() not in ("", "utf-8", "utf8"):
            raise ScimError(415, None, "Only UTF-8 is supported.")

    def is_supported(self, media_type: str) -> bool:
        """Tell whether bodies of a media type are read."""
        return media_type in MEDIA_TYPES

    def decoded(self, body: bytes) -> str:
        """Decode UTF-8."""
        try:
            return body.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise invalid_syntax("The body is not UTF-8.") from None

    def parsed(self, text: str) -> Any:
        """Parse JSON; NaN, infinite numbers and halves of surrogate pairs are none."""
        try:
            found = json.loads(text, parse_constant=_refused, parse_float=_finite)
            if "\\u" in text:
                json.dumps(found, ensure_ascii=False).encode("utf-8")
        except RecursionError:
            raise invalid_syntax("The body nests too deeply.") from None
        except ValueError as problem:
            reason = problem.msg if isinstance(problem, json.JSONDecodeError) else "a value that JSON does not have"
            raise invalid_syntax(f"The body is not JSON: {reason}.") from None
        return found

    # Messages

    def message(self, request: Request, urn: str) -> dict[str, Any]:
        """Give a message body's members by lower-case name; refuse one whose schemas does not name it."""
        body = self.json(request)
        if not isinstance(body, dict):
            raise invalid_syntax("The body has to be a JSON object.")
        members = {name.lower(): value for name, value in body.items()}
        self.check_message_schema(members, urn)
        return members

    def check_message_schema(self, members: Mapping[str, Any], urn: str) -> None:
        """Refuse a message whose schemas does not name it."""
        schemas = members.get("schemas")
        if not isinstance(schemas, list) or urn.lower() not in [str(each).lower() for each in schemas]:
            raise invalid_syntax(f"schemas has to name {urn}.")

    def patch_operations(self, request: Request) -> list[Operation]:
        """Read the operations of a PATCH request."""
        operations = self.message(request, PATCH_OP).get("operations")
        if not isinstance(operations, list) or not operations:
            raise invalid_syntax("Operations has to be a list of one or more operations.")
        return [self.operation(each) for each in operations]

    def operation(self, document: Any) -> Operation:
        """Read one operation."""
        if not isinstance(document, dict):
            raise invalid_syntax("An operation has to be a JSON object.")
        members = {name.lower(): value for name, value in document.items()}
        path = members.get("path")
        if not isinstance(path, str | None):
            raise invalid_syntax("The path of an operation has to be a string.")
        op = self.operation_name(members.get("op"))
        if op != "remove" and "value" not in members:
            raise invalid_value(f"The operation {op} needs a value.")
        capital = str(members.get("op"))[:1].isupper()
        return Operation(op, path or "", members.get("value"), "value" in members, capital)

    def operation_name(self, op: Any) -> str:
        """Read op; letter case does not count, because Entra ID writes Add and Replace."""
        name = op.lower() if isinstance(op, str) else ""
        if name not in ("add", "remove", "replace"):
            raise invalid_syntax(f"op has to be add, remove or replace, not {str(op)[:40]!r}.")
        return name

    def search_parameters(self, request: Request) -> dict[str, str]:
        """Read a search request; give it as the query parameters that ask for the same."""
        members = self.message(request, SEARCH_REQUEST)
        parameters: dict[str, str] = {}
        for name in ("attributes", "excludedAttributes"):
            listed = members.get(name.lower())
            if not isinstance(listed, list | None) or not all(isinstance(each, str) for each in listed or []):
                raise invalid_value(f"{name} has to be a list of attribute names.")
            if listed:
                parameters[name] = ",".join(listed)
        for name in ("filter", "sortBy", "sortOrder", "cursor"):
            text = members.get(name.lower())
            if not isinstance(text, str | None):
                raise invalid_value(f"{name} has to be a string.")
            if text is not None:
                parameters[name] = text
        for name in ("startIndex", "count"):
            number = members.get(name.lower())
            if isinstance(number, bool) or not isinstance(number, int | None):
                raise invalid_value(f"{name} has to be a whole number.")
            if number is not None:
                parameters[name] = str(number)
        return parameters


def _refused(constant: str) -> NoReturn:
    raise ValueError(constant)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number

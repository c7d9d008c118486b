"""What Okta reads in an answer: a resource, a list, or the error text that it shows to the administrator."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from scim_conformance.client.response import Response
from scim_conformance.idp.okta.wire import PATIENCE
from scim_conformance.judge.expect import phrase

LIST_RESPONSE: Final = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
COUNTS: Final = ("totalResults", "startIndex", "itemsPerPage")

Resource = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as Okta takes it: its resources and how many there are in all."""

    resources: list[Resource]
    total: int


def resource_of(response: Response) -> Resource | None:
    """Return the resource that an answer shows, None where it shows none with an id."""
    body = response.json_object
    return body if isinstance(body.get("id"), str) and body["id"] else None


def listing_of(response: Response) -> Listing | None:
    """Return the list that an answer holds, None where it is none; numbers written as texts are read all the same."""
    body = response.json_object
    total = number(body.get("totalResults"))
    found = body.get("Resources") or []
    if response.status != 200 or total is None or not isinstance(found, list):  # noqa: PLR2004 - OK
        return None
    return Listing([dict(one) for one in found if isinstance(one, Mapping)], total)


def number(value: Any) -> int | None:
    """Return a whole number, also of a text that is one."""
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def with_status(resource: Mapping[str, Any]) -> Resource:
    """Return a resource with its active as a boolean, also where it is a text that says one."""
    said = {"true": True, "false": False}.get(str(resource.get("active")).lower())
    return dict(resource) if said is None else {**resource, "active": said}


def problem_of(response: Response) -> str:
    """Say in a line what Okta reports of an answer that is no success."""
    if response.exchange.seconds > PATIENCE:
        return f"no answer within {PATIENCE:g} seconds, so that the connection was closed"
    text = phrase(response.status)
    detail = detail_of(response)
    return f"{text}. Errors reported by remote server: {detail}" if detail else text


def detail_of(response: Response) -> str:
    """Return the detail of an error body, "" where there is none."""
    detail = response.json_object.get("detail")
    return detail if isinstance(detail, str) else ""

"""Is this a SCIM service at all, and does it let us in? If not, one sentence says what to do next."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from scim_conformance.client.client import ScimClient
from scim_conformance.client.response import NotJson, Response
from scim_conformance.client.served import member


@dataclass
class Answer:
    """What came of one request: a response, or why there is none."""

    document: str
    response: Response | None = None
    broken: str = ""
    number: int = 0

    @property
    def status(self) -> int:
        """The status, 0 without a response."""
        return self.response.status if self.response is not None else 0

    @property
    def json(self) -> Any:
        """The JSON value, None when there is none."""
        try:
            return self.response.json if self.response is not None else None
        except NotJson:
            return None


def refusal(client: ScimClient, answer: Answer) -> str:
    """Say that no request is let in, and what to check."""
    credentials = client.target.credentials
    given = credentials.token is not None or any(name.lower() == "authorization" for name, _ in credentials.headers)
    advice = (
        "check the token (expired, reset, of another environment?)" if given else "give a token with --token-env NAME"
    )
    landed = answer.response.url if answer.response is not None and answer.response.redirects else None
    if landed is not None and not client.base.has(landed):
        return (
            f"The target redirects to another origin, {client.redactor.url(landed)[:200]}, where credentials "
            "are not sent; if that is where it is, give its address as the base URL."
        )
    origin = "" if credentials.origin else ", the origin header (--origin) where the target wants one,"
    return (
        f"The target lets no request in: GET {answer.document} is answered {answer.status}; "
        f"{advice}{origin} and see whether its allowlist has this machine's address."
    )


def strangeness(client: ScimClient, answers: Sequence[Answer]) -> str:
    """Say that nothing here looks like SCIM, and what to do about it."""
    if all(answer.response is None for answer in answers):
        return f"The target was reached but gave no usable answer: {answers[-1].broken}."
    statuses = sorted({answer.status for answer in answers if answer.status})
    pages = any(is_page(answer.response) for answer in answers if answer.response is not None)
    came = "HTML pages" if pages else "no SCIM messages"
    landed = next((a.response.url for a in answers if a.response is not None and a.response.redirects), None)
    text = (
        "This does not look like a SCIM base URL: /ServiceProviderConfig, /ResourceTypes, /Schemas and users "
        f"brought {came} (status {', '.join(map(str, statuses))})."
    )
    path = urlsplit(client.base.url).path
    if re.search(r"/(Users|Groups|ServiceProviderConfig|Schemas|ResourceTypes|Me|Bulk)(/|$)", path, re.IGNORECASE):
        return f"{text} It ends in an endpoint; give the address above it."
    if landed is not None:
        return f"{text} Requests are redirected to {client.redactor.url(landed)[:200]}; is that the address?"
    return f"{text} Give the address that /Users comes after, often ending in /scim/v2."


def is_scim(value: Any) -> bool:
    """Tell whether a JSON value looks like a SCIM message, a list of resource types or schemas, or a configuration."""
    if isinstance(value, list):
        return any(isinstance(one, Mapping) and ("attributes" in one or "endpoint" in one) for one in value)
    if not isinstance(value, Mapping):
        return False
    schemas = member(value, "schemas")
    if isinstance(schemas, list) and any(
        isinstance(urn, str) and urn.lower().startswith("urn:ietf:params:scim:") for urn in schemas
    ):
        return True
    return member(value, "Resources") is not None or member(member(value, "patch"), "supported") is not None


def is_page(response: Response) -> bool:
    """Tell whether an answer is a page for people."""
    return response.media_type in ("text/html", "application/xhtml+xml") or response.content.lstrip()[:1] == b"<"

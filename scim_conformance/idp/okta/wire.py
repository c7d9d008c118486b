"""Okta's requests on the wire: header fields, encodings, patience (Okta developer docs; recorded requests)."""

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from scim_conformance.client.addresses import encode_id
from scim_conformance.client.client import ScimClient
from scim_conformance.client.response import Response

MEDIA_TYPE: Final = "application/scim+json; charset=utf-8"
HEADERS: Final = {
    "accept": "application/scim+json",
    "accept-charset": "utf-8",
    "accept-encoding": "gzip,deflate",
    "user-agent": "Okta SCIM Client 1.0.0",
}
PATIENCE: Final = 60.0
"""Seconds after which Okta closes the connection."""

_PAUSE: Final = 300
"""Seconds that a job pauses after a 429 that does not say how long in whole seconds."""


class Wire:
    """Sends requests as Okta does, and keeps account of how long its job would have paused."""

    def __init__(self, scim: ScimClient) -> None:
        self.scim = scim
        self.pauses: list[int] = []

    def ask(
        self,
        method: str,
        path: str,
        query: str | None = None,
        body: Any = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> Response:
        """Send a request; only one with a body has a Content-Type. Headers given here take the place of Okta's."""
        fields: dict[str, str | None] = dict(HEADERS)
        content = None
        if body is not None:
            fields["content-type"] = MEDIA_TYPE
            content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        response = self.scim.request(method, path, query=query, content=content, headers=fields | dict(headers or {}))
        for exchange in response.exchanges:
            if exchange.status == 429:  # noqa: PLR2004 - too many requests
                before = self.pauses[-1] if self.pauses else 0
                self.pauses.append(pause_after(exchange.response_headers.first("retry-after"), before))
        return response

    def matching(self, endpoint: str, attribute: str, value: str) -> Response:
        """Look for what has this value, as Okta does before it creates anything."""
        text = value.replace("\\", "\\\\").replace('"', '\\"')
        encoded = quote(f'{attribute} eq "{text}"', safe="")
        return self.ask("GET", endpoint, f"filter={encoded}&startIndex=1&count=100")

    def page(self, endpoint: str, start: int, count: int) -> Response:
        """Ask for one page of a list."""
        return self.ask("GET", endpoint, f"startIndex={start}&count={count}")


def place(endpoint: str, id_: Any) -> str:
    """Return the path of a resource."""
    return f"{endpoint}/{encode_id(str(id_))}"


def pause_after(retry_after: str | None, before: int = 0) -> int:
    """Return the seconds for which Okta pauses a job after a 429; `before` is how long it paused the last time.

    Retry-After counts only as whole seconds; a date counts as little as none. Each further pause doubles.
    """
    text = (retry_after or "").strip()
    if text.isascii() and text.isdecimal():
        return int(text)
    return before * 2 if before else _PAUSE

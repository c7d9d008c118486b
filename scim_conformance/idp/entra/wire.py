"""How Entra ID writes a request: query strings, header fields, and the flag behind every URL."""

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote_plus

from scim_conformance.client.addresses import encode_id
from scim_conformance.client.client import ScimClient
from scim_conformance.client.response import Response

FLAG: Final = "aadOptscim062020"
"""What an administrator appends to the tenant URL as a query string to get the newer dialect."""

CONTENT_TYPE: Final = "application/scim+json; charset=utf-8"
USERS: Final = "/Users"
GROUPS: Final = "/Groups"


def condition(attribute: str, value: str) -> str:
    """Return the one kind of comparison that Entra ID makes: `attribute eq "value"`."""
    return f"{attribute} eq {json.dumps(value, ensure_ascii=False)}"


def parameter(name: str, value: str) -> str:
    """Return one query parameter as Entra ID encodes it: a blank as `+`, an at sign as `%40`, a quote as `%22`."""
    return f"{name}={quote_plus(value)}"


class Wire:
    """Sends requests to one SCIM endpoint; with `flag` its name stands, without a value, in every URL.

    Neither Accept nor User-Agent of the service are documented; the harness sends its own.
    """

    def __init__(self, scim: ScimClient, *, flag: bool = False) -> None:
        self._scim = scim
        self._flag = flag

    def get(self, path: str, *parameters: str) -> Response:
        """Send GET, which has no Content-Type."""
        return self._scim.request("GET", path, query=self._query(parameters))

    def post(self, path: str, body: Mapping[str, Any]) -> Response:
        """Send POST."""
        return self._write("POST", path, body)

    def patch(self, path: str, body: Mapping[str, Any]) -> Response:
        """Send PATCH."""
        return self._write("PATCH", path, body)

    def delete(self, path: str) -> Response:
        """Send DELETE, which has no body."""
        return self._scim.request("DELETE", path, query=self._query(()))

    def url(self, path: str) -> str:
        """Return the absolute URL of a path, without the flag."""
        return self._scim.base.resolve(path)

    def _write(self, method: str, path: str, body: Mapping[str, Any]) -> Response:
        return self._scim.request(
            method,
            path,
            content=json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(),
            query=self._query(()),
            headers={"Content-Type": CONTENT_TYPE},
        )

    def _query(self, parameters: tuple[str, ...]) -> str | None:
        # The flag belongs to the tenant URL, so what a request adds of its own comes after it.
        return "&".join(([FLAG] if self._flag else []) + list(parameters)) or None


def single(endpoint: str, resource: Mapping[str, Any]) -> str:
    """Return the path of one resource."""
    return f"{endpoint}/{encode_id(str(resource['id']))}"

"""Where resources are: absolute URIs made from the address the client used (RFC 7643 section 3.1, meta.location)."""

import re
from urllib.parse import quote

from scim_conformance.server.messages import Request

_HOST = re.compile(r"[A-Za-z0-9.\-_~:\[\]]+")


class Locations:
    """Writes URIs below the base URL; `base_path` is the path of the base URL, without a slash at its end."""

    def __init__(self, base_path: str = "") -> None:
        self.base_path = "/" + base_path.strip("/") if base_path.strip("/") else ""

    def base(self, request: Request) -> str:
        """Give the base URL as this client sees it."""
        return f"{request.scheme}://{self.host(request)}{quote(request.mount)}{self.base_path}"

    def host(self, request: Request) -> str:
        """Give the host the client addressed; a Host header that is no host counts as none."""
        host = request.headers.get("Host") or ""
        return host if _HOST.fullmatch(host) else "localhost"

    def resource(self, request: Request, endpoint: str, id_: str) -> str:
        """Give the URI of a resource."""
        return f"{self.base(request)}{endpoint}/{quote(id_, safe=':~')}"

    def reference(self, request: Request, endpoint: str, id_: str) -> str:
        """Give the URI by which one resource refers to another."""
        return self.resource(request, endpoint, id_)

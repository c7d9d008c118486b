"""The reference service on a socket, in front of which one way of chaos stands."""

import random
import socket
import struct
import threading
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from scim_conformance.server.chaos import Chaos
from scim_conformance.server.messages import Headers, Request, Response
from scim_conformance.server.service import Service


def written(response: Response, length: int | None = None) -> bytes:
    """Write a whole HTTP answer, with another Content-Length than its own where one is given."""
    fields = Headers(response.headers)
    if length is not None:
        fields.set("Content-Length", str(length))
    elif response.status != HTTPStatus.NO_CONTENT and not {"Transfer-Encoding", "Content-Length"} & names(fields):
        fields.set("Content-Length", str(len(response.body)))
    phrase = HTTPStatus(response.status).phrase
    lines = [f"HTTP/1.1 {response.status} {phrase}", *(f"{name}: {value}" for name, value in fields)]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + response.body


def names(fields: Headers) -> set[str]:
    """Give the names of header fields, as HTTP's documents write them."""
    return {name.title() for name, _ in fields}


class Moment:
    """One request that is to be spoiled, the answer that the service gives to it, and the connection.

    `target` is the request's path and query as they came; `number` counts the spoiled requests from 1; `dice` are
    seeded, so that what happens at random happens again; `memory` is kept from moment to moment.
    """

    def __init__(self, server: "ChaosServer", request: Request, handler: BaseHTTPRequestHandler) -> None:
        self.server = server
        self.request = request
        self.service = server.service
        self.dice = server.dice
        self.memory = server.memory
        self.number = server.next_number()
        self.target = handler.path
        self._handler = handler
        self._response: Response | None = None

    @property
    def response(self) -> Response:
        """The answer of the service, which carries the request out when this is first asked for."""
        if self._response is None:
            self._response = self.service.handle(self.request)
        return self._response

    def send(self, data: bytes) -> None:
        """Send some octets as they are."""
        self._handler.wfile.write(data)
        self._handler.wfile.flush()

    def answer(self, response: Response | None = None, *, length: int | None = None) -> bytes:
        """Write a whole HTTP answer, by default the service's own, with another Content-Length where one is given."""
        return written(response or self.response, length)

    def plainly(self, response: Response | None = None) -> bool:
        """Answer as it should be done, and keep the connection."""
        self.send(self.answer(response))
        return True

    def document(self, status: int, body: bytes, fields: Mapping[str, str] | None = None) -> Response:
        """Make another answer, of SCIM's media type."""
        return Response(status, Headers({"Content-Type": "application/scim+json", **(fields or {})}), body)

    def wait(self, seconds: float) -> bool:
        """Wait; False when the server is closed meanwhile."""
        return not self.server.closed.wait(seconds)

    def reset(self) -> None:
        """Reset the connection instead of closing it."""
        self._handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._handler.connection.close()


class ChaosServer:
    """A service behind a way of chaos on a socket: bound when made, answering between `run` and `close`."""

    def __init__(
        self, service: Service, chaos: Chaos, host: str = "127.0.0.1", port: int = 0, *, seed: int = 1
    ) -> None:
        self.service = service
        self.chaos = chaos
        self.dice = random.Random(seed)  # noqa: S311 nothing secret: what happens at random shall happen again
        self.memory: dict[str, Any] = {}
        self.closed = threading.Event()
        self._spoiled = 0
        self._running = False
        self._lock = threading.Lock()
        sockets = type("Sockets", (_Sockets,), {"address_family": socket.AF_INET6 if ":" in host else socket.AF_INET})
        self._http: ThreadingHTTPServer = sockets((host, port), type("Handler", (_Handler,), {"front": self}))
        self.host, self.port = self._http.server_address[0], self._http.server_address[1]

    @property
    def url(self) -> str:
        """The base URL, with the port that was really bound."""
        host = f"[{self.host!s}]" if ":" in str(self.host) else str(self.host)
        return f"http://{host}:{self.port}{self.service.locations.base_path}"

    def next_number(self) -> int:
        """Count a spoiled request."""
        with self._lock:
            self._spoiled += 1
            return self._spoiled

    def run(self) -> None:
        """Answer requests until `close` is called from another thread, or the process is interrupted."""
        self._running = True
        self._http.serve_forever(poll_interval=0.05)

    def close(self) -> None:
        """Stop answering, wake whoever waits, and free the port."""
        self.closed.set()
        if self._running:
            self._http.shutdown()
        self._http.server_close()


class _Sockets(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that go before the answer has come: that is what chaos makes them do."""


class _Handler(BaseHTTPRequestHandler):
    front: ChaosServer
    protocol_version = "HTTP/1.1"

    def __getattr__(self, name: str) -> Any:
        """Answer every method alike."""
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def log_message(self, *_: Any) -> None:
        """Log nothing: a request may hold a credential."""

    def _serve(self) -> None:
        request = self._request()
        chaos = self.front.chaos
        if not chaos.when(request):
            self.wfile.write(written(self.front.service.handle(request)))
            return
        self.close_connection = True
        self.close_connection = not chaos.spoil(Moment(self.front, request, self))

    def _request(self) -> Request:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        return Request(
            method=self.command,
            path=unquote(parts.path, errors="replace"),
            query=parse_qsl(parts.query, keep_blank_values=True, errors="replace"),
            headers=Headers(self.headers.items()),
            body=self.rfile.read(min(length, self.front.service.capabilities.max_body + 1)),
            peer=str(self.client_address[0]),
        )

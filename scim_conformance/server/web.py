"""HTTP at the edge: a Flask application around the service, and waitress to serve it."""

import socket
from collections.abc import Callable, Iterator
from typing import Any

import flask
from waitress.server import create_server  # type: ignore[import-untyped]

from scim_conformance.server.messages import Headers, Request, Response
from scim_conformance.server.service import Service

_PLAIN = {"CONTENT_TYPE": "Content-Type", "CONTENT_LENGTH": "Content-Length"}


def create_app(service: Service) -> flask.Flask:
    """Make a WSGI application that hands every request to the service as it came, whatever its method and path."""
    app = flask.Flask("scim_conformance.server", static_folder=None)

    # Before routing has a say: there are no routes, so every path and method, known to Flask or not, comes here.
    @app.before_request
    def answer() -> flask.Response:
        response = service.handle(_request(flask.request, service))
        return _response(response)

    inner = app.wsgi_app
    app.wsgi_app = lambda environ, start_response: inner(_repaired(environ), start_response)  # type: ignore[method-assign]
    return app


def _repaired(environ: dict[str, Any]) -> dict[str, Any]:
    # WSGI (PEP 3333) has the bytes of the path as Latin-1 text. httpx's WSGI transport puts the decoded text there.
    path = environ.get("PATH_INFO", "")
    try:
        path.encode("latin-1").decode("utf-8")
    except UnicodeError:
        environ = {**environ, "PATH_INFO": path.encode("utf-8", "replace").decode("latin-1")}
    return environ


class _AsIs(flask.Response):
    """A response that goes out as the service made it, even where HTTP has no body: a fault may want just that."""

    def get_wsgi_headers(self, environ: Any) -> Any:  # noqa: ARG002 the framework's signature
        """Leave the header fields as they are."""
        return self.headers

    def get_app_iter(self, environ: Any) -> list[bytes]:  # noqa: ARG002 the framework's signature
        """Send the body, whatever method and status it belongs to."""
        return [self.get_data()]


def _request(incoming: flask.Request, service: Service) -> Request:
    environ, limit = incoming.environ, service.capabilities.max_body
    return Request(
        method=environ["REQUEST_METHOD"],
        path=environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace"),
        query=service.query_pairs(environ.get("QUERY_STRING", "")),
        headers=Headers(_fields(environ)),
        body=incoming.stream.read(limit + 1),  # one more than is allowed, so that too much is seen as too much
        peer=environ.get("REMOTE_ADDR") or "",
        scheme=environ.get("wsgi.url_scheme", "http"),
        mount=environ.get("SCRIPT_NAME", "").rstrip("/"),
    )


def _fields(environ: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in environ.items():
        if key.startswith("HTTP_"):
            yield key[5:].replace("_", "-").title(), value
        elif key in _PLAIN and value:
            yield _PLAIN[key], value


def _response(response: Response) -> flask.Response:
    answer = _AsIs(response.body, status=response.status)
    answer.headers.clear()
    for name, value in response.headers:
        answer.headers.add(name, value)
    if response.status not in (204, 304) and "Content-Length" not in response.headers:
        answer.headers["Content-Length"] = str(len(response.body))
    return answer


class Server:
    """A service on a socket: bound when made, answering between `run` and `close`."""

    def __init__(self, service: Service, host: str = "127.0.0.1", port: int = 0, threads: int = 8) -> None:
        # A name may stand for several addresses; one is bound, so that there is one port.
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listening = socket.create_server(address[:2], family=family)
        # X-Forwarded-For is left to the service, whose settings say whom to trust; bodies are limited there as well.
        self._server = create_server(
            create_app(service), sockets=[listening], threads=threads, ident=None, clear_untrusted_proxy_headers=False
        )
        self._running = False
        self.service = service
        self.host = str(address[0])
        self.port: int = listening.getsockname()[1]

    @property
    def url(self) -> str:
        """The base URL, with the port that was really bound."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}{self.service.locations.base_path}"

    def run(self) -> None:
        """Answer requests until `close` is called from another thread, or the process is interrupted."""
        self._running = True
        try:
            self._server.run()
        finally:
            self._running = False
            self._close_sockets()
            self._server.task_dispatcher.shutdown()

    def close(self) -> None:
        """Stop answering, also on connections that are open, and free the port."""
        if self._running:
            # The sockets belong to the thread that waits on them, which is woken to close them.
            self._server.trigger.pull_trigger(self._close_sockets)
        else:
            self._close_sockets()

    def _close_sockets(self) -> None:
        for each in list(self._server._map.values()):  # noqa: SLF001 waitress has no other list of its connections
            each.close()


def serve(
    service: Service,
    host: str = "127.0.0.1",
    port: int = 0,
    threads: int = 8,
    announce: Callable[[str, int], None] | None = None,
) -> None:
    """Answer requests on a socket until interrupted; `announce` is told the host and the port once it is bound.

    Raise OSError if the address cannot be bound. Whoever wants to go on meanwhile makes a Server.
    """
    server = Server(service, host, port, threads)
    try:
        if announce is not None:
            announce(server.host, server.port)
        server.run()
    finally:
        server.close()

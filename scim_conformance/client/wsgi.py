"""Calling a WSGI application in this process, the way a server in front of it would (PEP 3333).

Not httpx's WSGI transport: that one keeps only the last of several headers of one name, and fails on header values and
paths outside ASCII, all of which checks send. The application runs in the caller's thread, because applications under
test often keep connections and transactions per thread; so a call that hangs cannot be cut off.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast
from urllib.parse import unquote_to_bytes, urlsplit

from scim_conformance.client.exchange import HeaderList
from scim_conformance.client.transports import Broken, Incoming, Outgoing, raised, remaining

Application = Callable[[dict[str, Any], Callable[..., Callable[[bytes], object]]], Iterable[bytes]]


class WsgiTransport:
    """Calls one application as if requests came from one address."""

    def __init__(self, app: object, address: str) -> None:
        self._app = cast("Application", app)
        self._address = address

    def send(self, request: Outgoing, deadline: float) -> Incoming:
        """Call the application; an exception it lets escape is Broken, for no answer came."""
        remaining(deadline, "a free moment")
        call = _Call()
        result: Iterable[bytes] = ()
        try:
            result = self._app(environ_of(request, self._address), call.start_response)
            return call.answer(result)
        except BaseException as problem:
            getattr(result, "close", bool)()
            if isinstance(problem, (Exception, SystemExit)) and not isinstance(problem, Broken):
                raise Broken(raised(problem)) from problem
            raise

    def close(self) -> None:
        """Nothing is kept."""


class _Answer(Incoming):
    closing: Callable[[], object] | None = None

    def close(self) -> None:
        if self.closing is not None:
            closing, self.closing = self.closing, None
            closing()


class _Call:
    """One call of the application: what it told start_response and write."""

    def __init__(self) -> None:
        self._status: str | None = None
        self._headers: list[tuple[str, str]] = []
        self._written: list[bytes] = []

    def start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], object]:
        if self._status is not None and exc_info is None:
            raise AssertionError("start_response was called twice")
        self._status, self._headers = status, list(headers)
        return self._written.append

    def answer(self, result: Iterable[bytes]) -> _Answer:
        pieces = iter(result)
        first = next(pieces, b"")
        while not first and self._status is None:
            try:
                first = next(pieces)
            except StopIteration:
                break
        if self._status is None:
            raise Broken("the application did not call start_response")
        code, _, reason = self._status.partition(" ")
        if len(code) != 3 or not code.isdecimal():  # noqa: PLR2004 - digits of a status code
            raise Broken(f"the application gave {self._status[:40]!r} for a status line")
        headers = HeaderList((name, _text(value)) for name, value in self._headers)
        answer = _Answer(int(code), reason, headers, self._pieces(first, pieces))
        answer.closing = getattr(result, "close", None)
        return answer

    def _pieces(self, first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
        try:
            yield from self._written
            yield first
            yield from rest
        except (Exception, SystemExit) as problem:  # the application may raise anything
            raise Broken(raised(problem)) from problem


def environ_of(request: Outgoing, address: str) -> dict[str, Any]:
    """Return the environment of a request; as servers do, join headers of one name, drop names with an underscore."""
    parts = urlsplit(request.url)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(parts.path or "/").decode("latin-1"),
        "QUERY_STRING": parts.query,
        "REQUEST_URI": (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
        "RAW_URI": (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
        "SERVER_NAME": parts.hostname or "scim.test",
        "SERVER_PORT": str(parts.port or (443 if parts.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": address,
        "REMOTE_HOST": address,
        "REMOTE_PORT": "49152",
        "HTTP_HOST": parts.netloc,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    if request.body or request.method in ("POST", "PUT", "PATCH"):
        environ["CONTENT_LENGTH"] = str(len(request.body))
    joined: dict[str, str] = {}
    for name, value in request.headers:
        if "_" in name:
            continue
        key = name.upper().replace("-", "_")
        separator = "; " if key == "COOKIE" else ", "
        text = value.encode("utf-8").decode("latin-1")
        joined[key] = f"{joined[key]}{separator}{text}" if key in joined else text
    for key, text in joined.items():
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = text
    return environ


def _text(value: str) -> str:
    """Return a header's value as it would be read off the wire, where WSGI gives its bytes as Latin-1."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value

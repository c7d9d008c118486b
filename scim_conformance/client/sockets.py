"""Reaching a target over a socket; the one module that knows httpx.

httpx's own client is left out: redirects, cookies, proxies from the environment and log lines with URLs are not wanted
here. httpx's timeouts count from read to read, so a dripping server would never run into them; `_Clocked` wraps the
socket and holds every read and write to the deadline of the whole request. It also keeps a connection out of the pool
unless the answer on it ended exactly where its headers said: otherwise the rest would be taken for the next answer, and
the next check would be blamed.
"""

from __future__ import annotations

import errno
import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from scim_conformance.client.errors import BadTarget, HarnessError, Unreachable
from scim_conformance.client.exchange import HeaderList
from scim_conformance.client.target import Target
from scim_conformance.client.transports import Broken, Incoming, Outgoing, OutOfTime, remaining

_KEPT_IDLE: Final = 2.0
"""Seconds that an unused connection is kept: less than servers keep theirs, so that they seldom close it under us."""

_DEEPEST_CHAIN: Final = 10
_SHOWN: Final = 40

_LONGEST_HEAD: Final = 256 * 1024

_current = threading.local()
"""The deadline of the request that this thread is sending, and the stream that it went over."""


class SocketTransport:
    """HTTP/1.1 to one origin, with kept connections, from one source address; safe to use from several threads."""

    def __init__(self, target: Target, source_address: str | None) -> None:
        self._target = target
        self._source = source_address
        try:
            proxy = httpx.Proxy(target.proxy) if target.proxy else None
            self._httpx = httpx.HTTPTransport(
                verify=_tls(target),
                proxy=proxy,
                local_address=source_address,
                limits=httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=_KEPT_IDLE),
            )
        except (ValueError, ImportError, httpx.InvalidURL):
            raise BadTarget(
                "The proxy must be a URL like http://host:3128, without anything behind the port."
            ) from None
        pool: Any = self._httpx._pool  # noqa: SLF001 - httpx has no public way to its sockets; a test guards it
        pool._network_backend = _Clock(pool._network_backend)  # noqa: SLF001 - see above
        _hush()

    def send(self, request: Outgoing, deadline: float) -> Incoming:
        """Send a request; raises Unreachable, Broken, OutOfTime or HarnessError."""
        _current.deadline, _current.stream, _current.stage = deadline, None, "a connection"
        made = self._request(request, remaining(deadline, "a connection"))
        try:
            response = self._httpx.handle_request(made)
        except Exception as problem:  # noqa: BLE001 - sorted into whose fault it is
            raise self._translated(problem) from None
        stream: _Clocked | None = _current.stream
        raw_reason = response.extensions.get("reason_phrase", b"")
        headers = HeaderList((_text(name), _text(value)) for name, value in response.headers.raw)
        reason = _text(raw_reason) if isinstance(raw_reason, bytes) else ""
        answer = _Answer(response.status_code, reason, headers, iter(()))
        answer.bodiless = request.method == "HEAD" or response.status_code in (204, 304)
        answer.response, answer.stream, answer.deadline = response, stream, deadline
        answer.translated = self._translated
        answer.pieces = answer.read()
        return answer

    def close(self) -> None:
        """Close all connections."""
        self._httpx.close()

    def _request(self, request: Outgoing, timeout: float) -> httpx.Request:
        headers = [(name.encode("ascii", "replace"), value.encode("utf-8")) for name, value in request.headers]
        named = {name.lower() for name, _ in headers}
        has_body = request.body or request.method in ("POST", "PUT", "PATCH")
        if has_body and not named & {b"content-length", b"transfer-encoding"}:
            headers.append((b"Content-Length", str(len(request.body)).encode()))
        times = {"connect": timeout, "read": timeout, "write": timeout, "pool": timeout}
        try:
            url = httpx.URL(request.url)
            if b"host" not in named:
                headers.insert(0, (b"Host", url.netloc))
            stream = httpx.ByteStream(request.body)
            return httpx.Request(request.method, url, headers=headers, stream=stream, extensions={"timeout": times})
        except httpx.InvalidURL as problem:
            raise BadTarget(f"The base URL or a path below it cannot be asked for: {problem}.") from None

    def _translated(self, problem: Exception) -> Exception:
        """Return our own exception for one of httpx's."""
        stream: _Clocked | None = _current.stream
        if isinstance(problem, (OutOfTime, Broken, HarnessError)):
            return problem
        if isinstance(problem, (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)):
            return self._unreachable(problem)
        if isinstance(problem, httpx.TimeoutException):
            return OutOfTime(_current.stage)
        if isinstance(problem, httpx.LocalProtocolError):
            return HarnessError(f"The request is not valid HTTP, so it was not sent: {problem}")
        if isinstance(problem, httpx.RemoteProtocolError):
            nothing = "without sending a response" in str(problem)
            stale = nothing and stream is not None and stream.requests > 1 and not stream.received
            return Broken(_protocol_error(str(problem), stream), stale=stale)
        if isinstance(problem, (httpx.ReadError, httpx.WriteError, httpx.NetworkError)):
            stale = stream is not None and stream.requests > 1 and not stream.received
            return Broken(f"the connection broke off ({_cause(problem)})", stale=stale)
        return problem

    def _unreachable(self, problem: Exception) -> HarnessError:
        parts = urlsplit(self._target.proxy or self._target.base_url)
        where = f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
        behind = "the proxy " if self._target.proxy else ""
        cause = _root(problem)
        if isinstance(cause, ssl.SSLError):
            return Unreachable(_tls_failure(cause, where, self._target))
        number = cause.errno if isinstance(cause, OSError) else None
        if self._source and (number == errno.EADDRNOTAVAIL or isinstance(cause, socket.gaierror)):
            return HarnessError(
                f"Requests cannot be sent from {self._source}: it is not an address of this machine, or is of another "
                "family (IPv4, IPv6) than the target's."
            )
        if isinstance(cause, socket.gaierror):
            return Unreachable(
                f"The host name {parts.hostname} of {behind or 'the target '}is not known; is it spelled right, "
                "and does its network or VPN have to be joined first?"
            )
        if isinstance(cause, ConnectionRefusedError):
            return Unreachable(
                f"Nothing listens on {behind}{where} (connection refused); start the server, or correct host and port."
            )
        if isinstance(problem, httpx.ConnectTimeout) or isinstance(cause, TimeoutError):
            return Unreachable(
                f"{behind}{where} did not take the connection within {self._target.timeout:g} s; "
                "is a firewall between, or the port wrong?"
            )
        if isinstance(problem, httpx.ProxyError):
            return Unreachable(f"The proxy {where} refused to connect to the target: {problem}.")
        return Unreachable(
            f"No connection to {behind}{where} could be made ({_cause(problem)}); "
            "is the address right and the network up?"
        )


class _Answer(Incoming):
    response: httpx.Response
    stream: _Clocked | None
    deadline: float
    bodiless: bool
    translated: Callable[[Exception], Exception]
    length = 0

    def read(self) -> Iterator[bytes]:
        _current.deadline, _current.stream, _current.stage = self.deadline, self.stream, "the rest of the body"
        pieces = iter(self.response.stream)  # type: ignore[arg-type]
        while True:
            try:
                piece = next(pieces)
            except StopIteration:
                break
            except Exception as problem:  # noqa: BLE001 - sorted into whose fault it is
                raise self.translated(problem) from None
            self.length += len(piece)
            yield piece
        if self.stream is not None:
            extra = self.stream.settle(self._expected())
            if extra:
                self.notes.append(f"{extra} more bytes followed the answer's end")

    def _expected(self) -> int | None:
        """Return how many body bytes belong to this answer, None when only its framing knows."""
        if self.bodiless:
            return 0
        return self.length if (self.headers.first("content-length") or "").strip().isdecimal() else None

    def close(self) -> None:
        _current.deadline, _current.stream = time.monotonic() + 1, self.stream
        self.response.close()


class _Clock:
    """Wraps httpx's network backend: connections are made, and their streams used, within the thread's deadline."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, **more: Any) -> _Clocked:
        left = remaining(_current.deadline, "a connection")
        return _Clocked(self._inner.connect_tcp(host, port, timeout=min(left, timeout or left), **more))

    def connect_unix_socket(self, path: str, **more: Any) -> Any:
        return self._inner.connect_unix_socket(path, **more)

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


class _Clocked:
    """One connection, held to the deadline of the request that uses it.

    It calls itself readable, which makes httpx drop it, until `settle` has found that the last answer ended cleanly.
    """

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self._clean = False
        self._writing = False
        self.requests = 0
        self.received = 0
        self._head = b""
        self._tail = b""

    def write(self, data: bytes, timeout: float | None = None) -> None:
        if not self._writing:
            self._writing, self._clean, self.received, self._head = True, False, 0, b""
            self.requests += 1
        _current.stream, _current.stage = self, "the request to be taken"
        self._inner.write(data, timeout=_limit(timeout, _current.stage))

    def read(self, size: int, timeout: float | None = None) -> bytes:
        self._writing = False
        if _current.stage != "the rest of the body":
            _current.stage = "an answer"
        data: bytes = self._inner.read(size, timeout=_limit(timeout, _current.stage))
        self.received += len(data)
        if _head_end(self._head) < 0:
            self._head += data
            if len(self._head) > _LONGEST_HEAD:
                raise Broken(f"the answer's head is longer than {_LONGEST_HEAD // 1024} KiB")
        self._tail = (self._tail + data)[-5:]
        return data

    @property
    def start(self) -> str:
        """The first characters of the answer, as far as it came."""
        return self._head[:_SHOWN].decode("utf-8", errors="replace")

    def settle(self, body: int | None) -> int:
        """Judge where the answer ended (after `body` bytes, None: by its last chunk); return the bytes beyond."""
        head = _head_end(self._head)
        if head < 0:
            return 0
        extra = self.received - head - body if body is not None else 0
        self._clean = extra == 0 if body is not None else self._tail.endswith(b"0\r\n\r\n")
        return max(extra, 0)

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> _Clocked:
        try:
            left = _limit(timeout, "the TLS handshake")
            return _Clocked(self._inner.start_tls(ssl_context, server_hostname=server_hostname, timeout=left))
        except BaseException:
            self.close()
            raise

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable" and not self._clean:
            return True
        return self._inner.get_extra_info(info)

    def close(self) -> None:
        self._inner.close()


def _head_end(data: bytes) -> int:
    """Return where the head of the final answer ends, interim (1xx) answers passed over; -1 while it is not whole."""
    start = 0
    while True:
        end = data.find(b"\r\n\r\n", start)
        if end < 0:
            return -1
        if data[start : start + 7] != b"HTTP/1." or data[start + 9 : start + 10] != b"1":
            return end + 4
        start = end + 4


def _limit(timeout: float | None, stage: str) -> float:
    left = remaining(_current.deadline, stage)
    return left if timeout is None else min(left, timeout)


def _tls(target: Target) -> ssl.SSLContext:
    try:
        if target.insecure:
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            return context
        if target.ca_file is not None:
            return ssl.create_default_context(cafile=str(target.ca_file))
        return httpx.create_ssl_context()
    except (OSError, ssl.SSLError):
        raise BadTarget(
            f"The certificate file {target.ca_file or ''} cannot be read as PEM certificates of authorities."
        ) from None


def _tls_failure(cause: ssl.SSLError, where: str, target: Target) -> str:
    if isinstance(cause, ssl.SSLCertVerificationError):
        advice = (
            "does it belong to this host and to the file given with --ca-file?"
            if target.ca_file
            else "if a private authority signed it, give that authority's certificate with --ca-file FILE"
        )
        return (
            f"The TLS certificate of {where} was not accepted: {cause.verify_message}; {advice} "
            "(on a test system only, --insecure leaves the certificate unverified)."
        )
    words = (cause.reason or str(cause)).replace("_", " ").lower()
    if "wrong version number" in words or "record layer" in words or "http request" in words:
        return f"{where} does not speak TLS; is the base URL http:// rather than https://?"
    return (
        f"TLS with {where} failed: {words}; check the port, give a private authority's certificate with --ca-file, "
        "or, on a test system only, use --insecure."
    )


def _protocol_error(text: str, stream: _Clocked | None) -> str:
    start = f"; it starts {stream.start!r}" if stream is not None and stream.start else ""
    if "without sending a response" in text:
        return (
            f"the connection was closed {'within the head of the answer' if start else 'before an answer came'}{start}"
        )
    if "incomplete" in text or "without sending complete" in text:
        return f"the connection was closed before the whole body had come ({text})"
    return f"the answer is not valid HTTP ({text}){start}"


def _root(problem: BaseException) -> BaseException:
    """Return the exception at the bottom of a chain; httpcore hides what it re-raises, so that is looked at too."""
    for _ in range(_DEEPEST_CHAIN):
        deeper = problem.__cause__ or problem.__context__
        if deeper is None:
            break
        problem = deeper
    return problem


def _cause(problem: BaseException) -> str:
    root = _root(problem)
    return root.strerror or type(root).__name__ if isinstance(root, OSError) else str(root) or type(root).__name__


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


class _HeadersLeftOut(logging.Filter):
    """Takes response headers (cookies, echoed credentials) out of httpcore's debug lines."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, str) and "return_value" in record.msg:
            record.msg = record.msg.partition("return_value")[0].rstrip()
        return True


_LEFT_OUT = _HeadersLeftOut()


def _hush() -> None:
    for name in ("httpcore.http11", "httpcore.proxy", "httpcore.connection"):
        logging.getLogger(name).addFilter(_LEFT_OUT)

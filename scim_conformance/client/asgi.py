"""Calling an ASGI application in this process: an event loop in a thread, start-up and shut-down included."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import threading
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from typing import Any, cast
from urllib.parse import unquote_to_bytes, urlsplit

from scim_conformance.client.errors import BadTarget
from scim_conformance.client.exchange import HeaderList
from scim_conformance.client.transports import Broken, Incoming, Outgoing, OutOfTime, raised, remaining

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]

_START_UP = 60.0
_SHUT_DOWN = 10.0
_AHEAD = 16
"""Pieces of a body that an application may send before we have read them."""


class AsgiTransport:
    """Calls one application as if requests came from one address; transports of the same target share loop and life."""

    def __init__(self, app: object, address: str, *, beside: AsgiTransport | None = None) -> None:
        self._address = address
        self.life: _Life = beside.life if beside else _Life(cast("Application", app))

    def send(self, request: Outgoing, deadline: float) -> Incoming:
        """Call the application; an exception it lets escape before its answer is complete is Broken."""
        self.life.start()
        call = _Call(self.life.app, _scope(request, self._address, self.life.state), request.body)
        call.task = self.life.run(call.run())
        return call.answer(deadline)

    def close(self) -> None:
        """Shut the application down and stop the thread; closing twice is fine."""
        self.life.stop()


class _Life:
    """An application's life: the loop's thread and the lifespan protocol."""

    def __init__(self, app: Application) -> None:
        self.app = app
        self.state: dict[str, Any] = {}
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self.lifespan: concurrent.futures.Future[None] | None = None
        self._events: asyncio.Queue[Message] | None = None
        self._started: concurrent.futures.Future[str] = concurrent.futures.Future()
        self._stopped: concurrent.futures.Future[str] = concurrent.futures.Future()

    def run(self, work: Any) -> concurrent.futures.Future[None]:
        if self._loop is None:
            raise BadTarget("The application has been shut down.")
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def start(self) -> None:
        """Start thread, loop and application once; raises BadTarget when its start-up fails."""
        with self._lock:
            if self._thread is not None:
                return
            loop = asyncio.new_event_loop()
            self._loop = loop
            self._thread = threading.Thread(target=_run_loop, args=(loop,), name="scim-asgi", daemon=True)
            self._thread.start()
            self._events = asyncio.Queue()
            self.lifespan = asyncio.run_coroutine_threadsafe(self._live(), loop)
            try:
                problem = self._started.result(_START_UP)
            except concurrent.futures.TimeoutError:
                problem = f"it was not ready after {_START_UP:.0f} s"
        if problem:
            self.stop()
            raise BadTarget(f"The application did not start: {problem}")

    def stop(self) -> None:
        """Shut the application down, end what still runs, stop and join the thread."""
        with self._lock:
            loop, thread, self._loop = self._loop, self._thread, None
        if loop is None or thread is None:
            return
        if self.lifespan is not None and not self.lifespan.done() and self._events is not None:
            loop.call_soon_threadsafe(self._events.put_nowait, {"type": "lifespan.shutdown"})
            with contextlib.suppress(concurrent.futures.TimeoutError):
                self._stopped.result(_SHUT_DOWN)
        with contextlib.suppress(concurrent.futures.TimeoutError):
            asyncio.run_coroutine_threadsafe(_cancel_all(), loop).result(_SHUT_DOWN)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(_SHUT_DOWN)

    async def _live(self) -> None:
        assert self._events is not None  # noqa: S101 - for the type checker
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": self.state}
        try:
            await self.app(scope, self._events_first(), self._told)
        except asyncio.CancelledError:
            raise
        except BaseException:  # noqa: BLE001 - an application without lifespan raises whatever it likes
            _settle(self._started, "")
        finally:
            _settle(self._started, "")
            _settle(self._stopped, "")

    def _events_first(self) -> Receive:
        sent_startup = False

        async def receive() -> Message:
            nonlocal sent_startup
            if not sent_startup:
                sent_startup = True
                return {"type": "lifespan.startup"}
            assert self._events is not None  # noqa: S101 - for the type checker
            return await self._events.get()

        return receive

    async def _told(self, message: Message) -> None:
        kind = message["type"]
        if kind == "lifespan.startup.complete":
            _settle(self._started, "")
        elif kind == "lifespan.startup.failed":
            lines = str(message.get("message") or "").strip().splitlines()
            _settle(self._started, lines[-1][:300] if lines else "its start-up failed")
        elif kind in ("lifespan.shutdown.complete", "lifespan.shutdown.failed"):
            _settle(self._stopped, "")


class _Call:
    """One call of the application: body in, answer out, piece by piece between the two threads."""

    def __init__(self, app: Application, scope: dict[str, Any], body: bytes) -> None:
        self._app = app
        self._scope = scope
        self._body = body
        self._condition = threading.Condition()
        self._head: tuple[int, HeaderList] | None = None
        self._pieces: list[bytes] = []
        self._done = False
        self._problem: str | None = None
        self._abandoned = False
        self._asked = False
        self.task: concurrent.futures.Future[None] | None = None

    async def run(self) -> None:
        """Run the application; runs in the loop's thread."""
        problem: str | None = None
        try:
            await self._app(self._scope, self._receive, self._send)
        except asyncio.CancelledError:
            problem = "the application cancelled the request"
            raise
        except (Exception, SystemExit) as error:  # noqa: BLE001 - the application may raise anything
            problem = raised(error)
        finally:
            with self._condition:
                if not self._done:
                    self._problem = problem or "the application returned before its answer was complete"
                    self._done = True
                self._condition.notify_all()

    async def _receive(self) -> Message:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": self._body, "more_body": False}
        while not (self._done or self._abandoned):  # noqa: ASYNC110 - the other thread has no loop for an event
            await asyncio.sleep(0.01)
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [
                (bytes(name).decode("latin-1"), _text(bytes(value))) for name, value in message.get("headers", ())
            ]
            with self._condition:
                self._head = (int(message["status"]), HeaderList(headers))
                self._condition.notify_all()
        elif message["type"] == "http.response.body":
            while len(self._pieces) >= _AHEAD and not self._abandoned:  # noqa: ASYNC110 - the same
                await asyncio.sleep(0.001)
            if self._abandoned:
                raise OSError("the client has gone")
            with self._condition:
                self._pieces.append(bytes(message.get("body", b"")))
                self._done = self._done or not message.get("more_body", False)
                self._condition.notify_all()

    def answer(self, deadline: float) -> Incoming:
        """Wait for the head of the answer; runs in the caller's thread."""
        with self._condition:
            while self._head is None or not (self._pieces or self._done):
                if self._done:
                    raise Broken(self._problem or "the application sent a body without a status")
                try:
                    self._condition.wait(remaining(deadline, "the answer's head"))
                except OutOfTime:
                    self.abandon()
                    raise
            if self._problem is not None and not self._pieces:
                raise Broken(self._problem)
            status, headers = self._head
        answer = _Answer(status, "", headers, self._read(deadline))
        answer.call = self
        return answer

    def _read(self, deadline: float) -> Iterator[bytes]:
        while True:
            with self._condition:
                while not self._pieces and not self._done:
                    self._condition.wait(remaining(deadline, "the rest of the body"))
                piece = self._pieces.pop(0) if self._pieces else None
                over, problem = self._done and not self._pieces, self._problem
            if piece is not None:
                yield piece
            if over:
                if problem is not None:
                    raise Broken(problem)
                return

    def abandon(self) -> None:
        """Tell the application that nobody listens any more, and cancel it when it goes on."""
        self._abandoned = True
        if self.task is not None and not self._done:
            self.task.cancel()


class _Answer(Incoming):
    call: _Call | None = None

    def close(self) -> None:
        if self.call is not None:
            self.call.abandon()


def _scope(request: Outgoing, address: str, state: dict[str, Any]) -> dict[str, Any]:
    parts = urlsplit(request.url)
    path = parts.path or "/"
    headers = [(name.lower().encode("ascii"), value.encode("utf-8")) for name, value in request.headers]
    named = {name for name, _ in headers}
    if b"host" not in named:
        headers.insert(0, (b"host", parts.netloc.encode()))
    if (request.body or request.method in ("POST", "PUT", "PATCH")) and b"content-length" not in named:
        headers.append((b"content-length", str(len(request.body)).encode()))
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method.upper(),
        "scheme": parts.scheme,
        "path": unquote_to_bytes(path).decode("utf-8", errors="replace"),
        "raw_path": path.encode("ascii", errors="replace"),
        "query_string": parts.query.encode("ascii", errors="replace"),
        "root_path": "",
        "headers": headers,
        "client": (address, 49152),
        "server": (parts.hostname or "scim.test", parts.port or (443 if parts.scheme == "https" else 80)),
        "state": dict(state),
    }


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _settle(future: concurrent.futures.Future[str], value: str) -> None:
    if not future.done():
        future.set_result(value)


def _run_loop(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


async def _cancel_all() -> None:
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

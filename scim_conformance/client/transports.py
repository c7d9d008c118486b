"""How a request reaches a target: over a socket, or by calling an application in this process.

A transport sends one request and hands back status, headers and the undecoded body in pieces; recording, decoding,
limits and retries are the client's.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from scim_conformance.client.errors import HarnessError
from scim_conformance.client.exchange import HeaderList
from scim_conformance.client.target import Target

LOOPBACK = "127.0.0.1"


class OutOfTime(Exception):  # noqa: N818 - the client words it
    """The deadline of a request has passed; `stage` says what was being waited for."""

    def __init__(self, stage: str = "") -> None:
        super().__init__(stage)
        self.stage = stage


class Broken(Exception):  # noqa: N818 - the client makes a BrokenAnswer of it
    """The target gave no whole, valid answer; `stale` when a kept connection may only have been closed meanwhile."""

    def __init__(self, reason: str, *, stale: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.stale = stale


@dataclass(frozen=True, repr=False)
class Outgoing:
    """A request for the wire: an absolute, encoded URL, every header but Host and Content-Length, the body."""

    method: str
    url: str
    headers: HeaderList
    body: bytes


@dataclass(repr=False)
class Incoming:
    """The head of an answer, and its body to be read in undecoded pieces; `close` must be called."""

    status: int
    reason: str
    headers: HeaderList
    pieces: Iterator[bytes]
    notes: list[str] = field(default_factory=list)

    def close(self) -> None:
        """Let go of what the answer holds."""


class Transport(Protocol):
    """One way to a target. `deadline` is a time of `time.monotonic`."""

    def send(self, request: Outgoing, deadline: float) -> Incoming:
        """Send a request; raises Unreachable, Broken, OutOfTime or HarnessError."""

    def close(self) -> None:
        """Close connections and stop threads."""


class Transports:
    """The transports of one target, one for each source address; safe to use from several threads."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._lock = threading.Lock()
        self._made: dict[str | None, Transport] = {}
        self._closed = False

    def get(self, source_address: str | None = None) -> Transport:
        """Return the transport whose requests come from this address (None: wherever the system sends them from)."""
        with self._lock:
            if self._closed:
                raise HarnessError("The client is closed.")
            if source_address not in self._made:
                self._made[source_address] = self._make(source_address)
            return self._made[source_address]

    def close(self) -> None:
        """Close every transport; closing twice is fine."""
        with self._lock:
            made, self._made, self._closed = list(self._made.values()), {}, True
        for transport in made:
            transport.close()

    def _make(self, source_address: str | None) -> Transport:
        if self._target.kind == "url":
            from scim_conformance.client.sockets import SocketTransport  # noqa: PLC0415 - httpx is heavy

            return SocketTransport(self._target, source_address)
        if self._target.kind == "asgi":
            from scim_conformance.client.asgi import AsgiTransport  # noqa: PLC0415 - brings asyncio

            first = next((made for made in self._made.values() if isinstance(made, AsgiTransport)), None)
            return AsgiTransport(self._target.app, source_address or LOOPBACK, beside=first)
        from scim_conformance.client.wsgi import WsgiTransport  # noqa: PLC0415 - symmetry

        return WsgiTransport(self._target.app, source_address or LOOPBACK)


def remaining(deadline: float, stage: str) -> float:
    """Return the seconds left; raises OutOfTime when there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise OutOfTime(stage)
    return left


def raised(problem: BaseException) -> str:
    """Say what an application in this process let escape, and where."""
    frames = traceback.extract_tb(problem.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if len(frames) > 1 else ""
    return f"the application raised {type(problem).__name__}{where}: {problem}"

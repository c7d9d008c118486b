"""One call to a target: every request recorded, waits and redirects bounded, shown and never silent."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urljoin, urlsplit

from scim_conformance.client.addresses import Base, origin_of
from scim_conformance.client.errors import BrokenAnswer, HarnessError, Throttled, Unreachable
from scim_conformance.client.exchange import BODY_KEPT, Exchange, HeaderList
from scim_conformance.client.reading import read_body
from scim_conformance.client.redaction import Redactor
from scim_conformance.client.response import Response
from scim_conformance.client.target import Target
from scim_conformance.client.transports import Broken, Incoming, Outgoing, OutOfTime, Transport, Transports

MOST_REDIRECTS: Final = 5
MOST_WAITS: Final = 8
_IDEMPOTENT: Final = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_THROTTLED, _UNAVAILABLE = 429, 503
_DIGITS: Final = 9


@dataclass(frozen=True, repr=False)
class Call:
    """What is asked for: `credentials` are the headers that go to the target's own origin only."""

    method: str
    url: str
    headers: HeaderList
    credentials: HeaderList
    body: bytes
    source_address: str | None = None
    may_follow: Callable[[str, str], bool] = lambda method, url: True  # noqa: ARG005 - what it is asked about


class Calls:
    """Makes calls to one target and keeps the record of every exchange; safe to use from several threads.

    With `beside` the record is that of other calls, which alone hands it out. `throttled` counts the calls in a row,
    up to the last one, that were answered 429 for as long as they could wait.
    """

    def __init__(self, target: Target, base: Base, redactor: Redactor, *, beside: Calls | None = None) -> None:
        self._target = target
        self._base = base
        self._redactor = redactor
        self._transports = Transports(target)
        self._lock: threading.Lock = beside._lock if beside else threading.Lock()  # noqa: SLF001 - of the same class
        self.exchanges: list[Exchange] = beside.exchanges if beside else []
        self.throttled = 0
        self._taken = 0
        self._recalled: dict[int, Exchange] = {}

    def take(self) -> list[Exchange]:
        """Return the exchanges since the last take."""
        with self._lock:
            fresh, self._taken = self.exchanges[self._taken :], len(self.exchanges)
            return fresh

    def peek(self) -> list[Exchange]:
        """Return the exchanges since the last take, and leave them to the next one."""
        with self._lock:
            return self.exchanges[self._taken :]

    def recall(self, exchanges: Iterable[Exchange]) -> None:
        """Keep exchanges of earlier as evidence of what is judged now."""
        with self._lock:
            self._recalled |= {exchange.number: exchange for exchange in exchanges}

    def take_recalled(self) -> list[Exchange]:
        """Return the exchanges recalled since the last time this was asked."""
        with self._lock:
            recalled, self._recalled = self._recalled, {}
            return [recalled[number] for number in sorted(recalled)]

    def close(self) -> None:
        """Close connections and stop threads."""
        self._transports.close()

    def make(self, call: Call) -> Response:
        """Make a call, waits and redirects included; raises BrokenAnswer, Unreachable, Throttled or HarnessError."""
        chain: list[Exchange] = []
        redirects: list[Exchange] = []
        budget = self._target.max_wait
        method, url, body = call.method, call.url, call.body
        waits = 0
        while True:
            try:
                exchange, content = self._send(call, method, url, body, chain)
            except Unreachable as problem:
                if not redirects or self._base.has(url):
                    raise
                reason = f"redirected to {urlsplit(url).netloc}, which cannot be reached"
                raise self._broken(redirects[-1], reason) from problem
            pause = self._pause(exchange, waits, budget)
            if pause is not None:
                exchange.annotate(f"waited {pause:.3g} s: {exchange.status}")
                time.sleep(pause)
                budget, waits = budget - pause, waits + 1
                continue
            if exchange.status == _THROTTLED:
                self.throttled += 1
                raise Throttled(self._throttled(exchange))
            self.throttled = 0
            onward = self._onward(call, exchange, method, url)
            if onward is None:
                return Response(chain, content, redirects, self._redactor)
            if len(redirects) == MOST_REDIRECTS:
                raise self._broken(exchange, f"{MOST_REDIRECTS} redirects in a row led to a further one")
            redirects.append(exchange)
            method, url, body = onward[0], onward[1], body if onward[2] else b""

    # -- one exchange ----------------------------------------------------------------------

    def _send(self, call: Call, method: str, url: str, body: bytes, chain: list[Exchange]) -> tuple[Exchange, bytes]:
        for attempt in (1, 2):
            transport = self._transports.get(call.source_address)
            exchange = self._new(call, method, url, body)
            chain.append(exchange)
            began = time.monotonic()
            try:
                content = self._exchanged(exchange, body, transport, began + self._target.timeout)
            except Broken as problem:
                if problem.stale and attempt == 1 and method in _IDEMPOTENT:
                    exchange.error = problem.reason
                    exchange.annotate("the kept connection had been closed; asked again on a new one")
                    continue
                raise self._broken(exchange, problem.reason) from None
            except OutOfTime as late:
                waited_for = f" (while waiting for {late.stage})" if late.stage else ""
                raise self._broken(exchange, f"no whole answer within {self._target.timeout:g} s{waited_for}") from None
            except HarnessError as problem:
                exchange.error = self._redactor.text(str(problem))
                raise type(problem)(exchange.error) from None
            finally:
                exchange.seconds = time.monotonic() - began
            return exchange, content
        raise AssertionError("the second attempt returns or raises")

    def _exchanged(self, exchange: Exchange, body: bytes, transport: Transport, deadline: float) -> bytes:
        answer = transport.send(Outgoing(exchange.method, exchange.url, exchange.request_headers, body), deadline)
        try:
            exchange.status, exchange.reason, exchange.response_headers = answer.status, answer.reason, answer.headers
            return self._body(exchange, answer, deadline)
        finally:
            for note in answer.notes:
                exchange.annotate(note)
            answer.close()

    def _body(self, exchange: Exchange, answer: Incoming, deadline: float) -> bytes:
        bodiless = exchange.method == "HEAD" or answer.status in (204, 304)
        content = read_body(answer, self._target.max_body, deadline, bodiless=bodiless)
        exchange.response_body, exchange.response_size = content[:BODY_KEPT], len(content)
        return content

    def _new(self, call: Call, method: str, url: str, body: bytes) -> Exchange:
        headers = HeaderList(call.headers)
        if method != call.method and not body:
            headers = HeaderList((name, value) for name, value in headers if not name.lower().startswith("content-"))
        if self._base.has(url):
            headers.extend(call.credentials)
        else:
            headers = HeaderList((name, value) for name, value in headers if name.lower() in _PLAIN)
        with self._lock:
            exchange = Exchange(len(self.exchanges) + 1, method, url, headers, body[:BODY_KEPT], request_size=len(body))
            self.exchanges.append(exchange)
        return exchange

    def _broken(self, exchange: Exchange, reason: str) -> BrokenAnswer:
        exchange.error = self._redactor.text(reason)
        path = urlsplit(exchange.url).path
        return BrokenAnswer(self._redactor.text(f"{exchange.method} {path}: {reason}"), exchange)

    # -- waiting ---------------------------------------------------------------------------

    def _pause(self, exchange: Exchange, waits: int, budget: float) -> float | None:
        """Return how many seconds to wait before asking again, None to take the answer as it is."""
        if exchange.status not in (_THROTTLED, _UNAVAILABLE):
            return None
        asked = retry_after(exchange.response_headers.first("retry-after"))
        if asked is None and exchange.status == _UNAVAILABLE:
            return None
        pause: float = 0.5 * 2**waits if asked is None else max(asked, 0.05 * 2**waits)
        if pause > budget or waits == MOST_WAITS:
            exchange.annotate(f"not waited {pause:.3g} s more: the limit is {self._target.max_wait:g} s a call")
            return None
        return pause

    def _throttled(self, exchange: Exchange) -> str:
        path = urlsplit(exchange.url).path
        return self._redactor.text(
            f"{exchange.method} {path} is answered 429 (too many requests) still; its Retry-After says "
            f"{exchange.response_headers.first('retry-after') or 'nothing'}, and --max-wait allows "
            f"{self._target.max_wait:g} s a request; raise it, judge with fewer processes, or ask for a higher limit."
        )

    # -- redirects -------------------------------------------------------------------------

    def _onward(self, call: Call, exchange: Exchange, method: str, url: str) -> tuple[str, str, bool] | None:
        """Return method, URL and whether the body goes along to follow a redirect with; None to stop here."""
        location = exchange.response_headers.first("location")
        if exchange.status not in _REDIRECTS or not location:
            return None
        try:
            onward = self._clean(urljoin(url, location))
            same = self._base.has(onward) if self._base.has(url) else origin_of(onward) == origin_of(url)
        except (ValueError, HarnessError):
            exchange.annotate("not followed: its Location is not an http URL")
            return None
        kept = exchange.status in (307, 308)
        following = method if kept or method in ("GET", "HEAD") else ""
        if exchange.status == 303 and not following:  # noqa: PLR2004 - See Other
            following = "GET"
        if not following:
            exchange.annotate(f"not followed: {exchange.status} does not say to send {method} again")
            return None
        if following not in ("GET", "HEAD") and (not same or not call.may_follow(following, onward)):
            exchange.annotate(f"not followed: a {following} is only sent to what this run created on the target itself")
            return None
        if not same:
            exchange.annotate("the redirect leads to another origin: followed without credentials")
        exchange.annotate(f"followed {exchange.status}")
        return following, onward, kept

    @staticmethod
    def _clean(url: str) -> str:
        origin_of(url)
        parts = urlsplit(url)
        clean = Base(parts.scheme.lower(), parts.netloc.rpartition("@")[2], "")
        return clean.resolve(parts.path or "/", parts.query or None)


_PLAIN: Final = frozenset({"accept", "accept-encoding", "user-agent"})
"""The request headers that may go to another origin."""


def retry_after(value: str | None) -> float | None:
    """Return the seconds that a Retry-After header asks for, as a number or an HTTP date; None when unusable."""
    text = (value or "").strip()
    if not text:
        return None
    if text.isascii() and text.isdecimal():
        return float(text) if len(text) <= _DIGITS else float("inf")
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def merged(defaults: Sequence[tuple[str, str]], explicit: Sequence[tuple[str, str | None]]) -> HeaderList:
    """Return the defaults with the explicit headers in their place; an explicit None takes a default away."""
    named = {name.lower() for name, _ in explicit}
    kept = [(name, value) for name, value in defaults if name.lower() not in named]
    return HeaderList([*kept, *((name, value) for name, value in explicit if value is not None)])

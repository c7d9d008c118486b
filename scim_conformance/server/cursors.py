"""Paging by cursor (RFC 9865): a page tells the cursor of the next one.

A query's result is remembered as the ids it had; a cursor names such a result and a position in it, signed, so that
invented and altered cursors are known at once. What was deleted meanwhile is missing from its page, what was added is
not there: every resource that was there all the time is seen exactly once.
"""

import base64
import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scim_conformance.server.capabilities import Capabilities
from scim_conformance.server.errors import ScimError
from scim_conformance.server.sorting import Found

_REMEMBERED = 1000
_ASKED = ("filter", "sortBy", "sortOrder")


@dataclass(frozen=True, slots=True)
class Result:
    """What a query found: types and ids in order, by whom and where it was asked, what was asked, and when."""

    places: tuple[tuple[str, str], ...]
    asker: tuple[str, ...]
    asked: tuple[str | None, ...]
    count: int
    born: float


@dataclass(frozen=True, slots=True)
class Page:
    """One page: places in the store, the total, and the cursors of its neighbours."""

    places: tuple[tuple[str, str], ...]
    total: int
    next: str | None
    previous: str | None


class Cursors:
    """The rules of cursors."""

    clock: Callable[[], float] = staticmethod(time.monotonic)

    def __init__(self, capabilities: Capabilities) -> None:
        self.capabilities = capabilities
        self._key = secrets.token_bytes(32)
        self._results: OrderedDict[str, Result] = OrderedDict()
        self._lock = threading.Lock()

    def first(self, found: Sequence[Found], asker: tuple[str, ...], parameters: Mapping[str, str]) -> Page:
        """Remember what a query found and give its first page."""
        places = tuple((kind.name, resource["id"]) for kind, resource in found)
        count = self.count(parameters.get("count"), self.capabilities.default_page_size)
        name = secrets.token_urlsafe(9)
        result = Result(places, asker, self.asked(parameters), count, self.clock())
        with self._lock:
            self._results[name] = result
            while len(self._results) > _REMEMBERED:
                self._results.popitem(last=False)
        return self.page(name, result, 0, count)

    def following(self, cursor: str, asker: tuple[str, ...], parameters: Mapping[str, str]) -> Page:
        """Give the page a cursor leads to; refuse one that is invented, expired, or of another query."""
        name, position = self.opened(cursor)
        with self._lock:
            result = self._results.get(name)
        if result is None or self.is_expired(result):
            raise ScimError(400, "expiredCursor", "The cursor has expired; begin the query again.")
        if self.is_other_asker(result, asker) or self.is_other_query(result, parameters):
            raise self.invalid()
        return self.page(name, result, position, self.count(parameters.get("count"), result.count))

    def is_other_asker(self, result: Result, asker: tuple[str, ...]) -> bool:
        """Tell whether another client asks, or the same one at another endpoint (section 5.2)."""
        return asker != result.asker

    def asked(self, parameters: Mapping[str, str]) -> tuple[str | None, ...]:
        """Give what of a query decides about its result."""
        return tuple(parameters.get(name) for name in _ASKED)

    def is_other_query(self, result: Result, parameters: Mapping[str, str]) -> bool:
        """Tell whether a later request asks something else; what it does not repeat stays as it was."""
        return any(now not in (None, before) for now, before in zip(self.asked(parameters), result.asked, strict=True))

    def is_expired(self, result: Result) -> bool:
        """Tell whether the cursors of a result are older than cursorTimeout."""
        timeout = self.capabilities.cursor_timeout
        return timeout is not None and self.clock() - result.born > timeout

    def count(self, text: str | None, default: int) -> int:
        """Read count: a negative one counts as 0, one over the limit or that is no number is invalidCount."""
        if not text:
            return min(default, self.capabilities.max_results)
        digits = text.strip().removeprefix("-").removeprefix("+")
        if not digits.isascii() or not digits.isdigit() or len(digits) > 18:  # noqa: PLR2004 enough for any count
            raise ScimError(400, "invalidCount", "count has to be a whole number.")
        count = max(0, int(text))
        if count > self.capabilities.max_results:
            raise ScimError(400, "invalidCount", f"count is at most {self.capabilities.max_results}.")
        return count

    def page(self, name: str, result: Result, position: int, count: int) -> Page:
        """Cut the page out of a result."""
        end = position + count
        places = result.places[position:end]
        following = self.sealed(name, end) if count and end < len(result.places) else None
        previous = self.sealed(name, max(0, position - count)) if position and count else None
        return Page(places, self.total(result), following, previous)

    def total(self, result: Result) -> int:
        """Count all matches."""
        return len(result.places)

    # The cursors themselves

    def sealed(self, name: str, position: int) -> str:
        """Write a cursor, of unreserved characters alone (RFC 9865 section 2)."""
        text = f"{name}.{position}"
        return base64.urlsafe_b64encode(f"{text}.{self.signature(text)}".encode()).decode().rstrip("=")

    def opened(self, cursor: str) -> tuple[str, int]:
        """Read a cursor; refuse one that this server did not write."""
        try:
            text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
            name, position, signature = text.split(".")
        except ValueError:
            raise self.invalid() from None
        if not hmac.compare_digest(signature, self.signature(f"{name}.{position}")):
            raise self.invalid()
        return name, int(position)

    def signature(self, text: str) -> str:
        """Sign a text."""
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()[:24]

    def invalid(self) -> ScimError:
        """Make the refusal of a cursor, the same whatever is wrong with it (section 5.2)."""
        return ScimError(400, "invalidCursor", "The cursor is not valid for this query.")

    def list_response(self, body: dict[str, Any], page: Page) -> dict[str, Any]:
        """Turn a list response into a page of a cursor query: cursors instead of startIndex."""
        paged = {name: value for name, value in body.items() if name != "startIndex"}
        neighbours = {"previousCursor": page.previous, "nextCursor": page.next}
        return paged | {name: cursor for name, cursor in neighbours.items() if cursor is not None}

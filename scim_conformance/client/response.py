"""An answer of the target, read whole, with the chain of exchanges that led to it."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NoReturn

from scim_conformance.client.exchange import Exchange
from scim_conformance.client.redaction import Redactor

DEEPEST: Final = 100
"""Levels of nesting beyond which JSON is refused; SCIM needs fewer than ten."""

_SHOWN = 60


class Headers(Mapping[str, str]):
    """Response headers by name in any letter case; `get_all` keeps duplicates apart, item access joins them."""

    def __init__(self, items: Iterable[tuple[str, str]] = ()) -> None:
        self.items_on_wire: tuple[tuple[str, str], ...] = tuple((name, value) for name, value in items)
        self._by_name: dict[str, list[str]] = {}
        for name, value in self.items_on_wire:
            self._by_name.setdefault(name.lower(), []).append(value)

    def __getitem__(self, name: str) -> str:
        return ", ".join(self._by_name[name.lower()])

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._by_name

    def __repr__(self) -> str:
        return f"<headers {', '.join(self._by_name)}>"

    def get_all(self, name: str) -> list[str]:
        """Return the values of every header of this name, in the order of the wire."""
        return list(self._by_name.get(name.lower(), ()))


class NotJson(ValueError):  # noqa: N818 - named after what the body is
    """The body is not JSON, or not the JSON that was asked for; `reason` says what it is instead."""

    def __init__(self, response: Response, reason: str) -> None:
        super().__init__(reason)
        self.response = response
        self.reason = reason


class Response:
    """A whole answer: status, headers and body, as they came.

    `exchange` is the last exchange of the call, `exchanges` all of them (waits and redirects included), `redirects`
    those that were redirected. `url` is where the answer came from.
    """

    def __init__(
        self,
        exchanges: list[Exchange],
        content: bytes,
        redirects: list[Exchange] | None = None,
        redactor: Redactor | None = None,
    ) -> None:
        self.exchange = exchanges[-1]
        self.exchanges = exchanges
        self.redirects = redirects or []
        self.status: int = self.exchange.status or 0
        self.headers = Headers(self.exchange.response_headers)
        self.content = content
        self._redactor = redactor or Redactor()
        self.url = self.exchange.url

    def __repr__(self) -> str:
        return f"<Response {self.status}, {len(self.content)} bytes>"

    @property
    def is_success(self) -> bool:
        """Whether the status is of the class of success (RFC 9110 section 15.3)."""
        return 200 <= self.status < 300  # noqa: PLR2004 - the class of success codes

    @property
    def media_type(self) -> str:
        """The media type in lower case without parameters, or "" when the header is missing."""
        values = self.headers.get_all("content-type")
        return values[0].partition(";")[0].strip().lower() if values else ""

    @property
    def text(self) -> str:
        """The body as text: UTF-8 unless the header names another known charset; undecodable bytes are replaced."""
        charset = "utf-8"
        for parameter in self.headers.get("content-type", "").split(";")[1:]:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "charset":
                charset = value.strip(" \"'") or charset
        try:
            return self.content.decode(charset, errors="replace")
        except (LookupError, ValueError):
            return self.content.decode("utf-8", errors="replace")

    @property
    def json(self) -> Any:
        """The body as JSON values, parsed anew at each access; raises NotJson."""
        if not self.content.strip():
            raise NotJson(self, "the body is empty")
        try:
            text = self.content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise NotJson(self, f"the body is not UTF-8: it starts {self._start()}") from None
        try:
            value = jsonlib.loads(text, parse_constant=self._refuse)
        except jsonlib.JSONDecodeError as error:
            raise NotJson(self, self._why(text, error)) from None
        except RecursionError:
            raise NotJson(self, f"the JSON is nested deeper than {DEEPEST} levels") from None
        except NotJson:
            raise
        except ValueError:
            raise NotJson(self, "the JSON holds a number with more digits than can be read") from None
        if _is_too_deep(value):
            raise NotJson(self, f"the JSON is nested deeper than {DEEPEST} levels")
        return value

    @property
    def doubled(self) -> list[str]:
        """The names that an object of the body holds more than once, against the advice of RFC 8259 section 4."""
        found: dict[str, None] = {}

        def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
            whole = dict(pairs)
            if len(whole) < len(pairs):
                names = [name for name, _ in pairs]
                found.update(dict.fromkeys(name for name in names if names.count(name) > 1))
            return whole

        if self.is_json:
            jsonlib.loads(self.content.decode("utf-8-sig"), object_pairs_hook=members)
        return list(found)

    @property
    def is_json(self) -> bool:
        """Whether the body is valid JSON, whatever the header says."""
        try:
            _ = self.json
        except NotJson:
            return False
        return True

    @property
    def body(self) -> dict[str, Any]:
        """The body as a JSON object; raises NotJson when it is anything else."""
        value = self.json
        if not isinstance(value, dict):
            kinds = {list: "array", str: "string", bool: "boolean", int: "number", float: "number", type(None): "null"}
            raise NotJson(self, f"the body is a JSON {kinds[type(value)]}, not an object")
        return value

    @property
    def json_object(self) -> dict[str, Any]:
        """The JSON object that the body is; an empty one where it is anything else, for who need not know what."""
        try:
            return self.body
        except NotJson:
            return {}

    def _refuse(self, constant: str) -> NoReturn:
        raise NotJson(self, f"the body holds {constant}, which is not JSON")

    def _why(self, text: str, error: jsonlib.JSONDecodeError) -> str:
        start = text.lstrip()[:200].lower()
        if start.startswith(("<!doctype html", "<html")):
            return "the body is an HTML page, not JSON"
        if start.startswith("<"):
            return "the body is XML or HTML, not JSON"
        if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated"):
            return f"the JSON ends early, after {len(text)} characters"
        return (
            f"the body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}; it starts {self._start()}"
        )

    def _start(self) -> str:
        text = self._redactor.body(self.content, self.media_type, _SHOWN * 4)
        return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")


def _is_too_deep(value: Any) -> bool:
    """Tell whether arrays and objects nest beyond DEEPEST, level by level rather than by recursion."""
    level = [value]
    for _ in range(DEEPEST):
        inner: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                inner.extend(one.values())
            elif isinstance(one, list):
                inner.extend(one)
        if not inner:
            return False
        level = inner
    return any(isinstance(one, (dict, list)) for one in level)

"""One request and what came back, as recorded for reports: credentials are taken out on the way out, never before."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from scim_conformance.client.redaction import REDACTED, Redactor

BODY_SHOWN: Final = 16 * 1024
"""Characters of a body that a report shows."""

BODY_KEPT: Final = 64 * 1024
"""Bytes of a body that an exchange keeps; the whole body is in the Response."""

_LEFT_OUT_OF_CURL: Final = frozenset({"content-length", "host", "connection", "transfer-encoding", "accept-encoding"})


class HeaderList(list[tuple[str, str]]):
    """Headers in the order of the wire, duplicates kept; the repr shows names only."""

    def __repr__(self) -> str:
        return f"<headers {', '.join(name for name, _ in self)}>"

    def first(self, name: str) -> str | None:
        """Return the value of the first header of this name, in any letter case."""
        lowered = name.lower()
        return next((value for found, value in self if found.lower() == lowered), None)


@dataclass(repr=False)
class Exchange:
    """One request on the wire and its answer, or the error that came instead of one.

    `number` counts from 1 within a run; `seconds` is the time from sending to the last byte; `note` says what was done
    about the answer ("waited 2 s: 429", "followed 307"). Values are raw: show them through `to_json` and `curl` only.
    """

    number: int
    method: str
    url: str
    request_headers: HeaderList
    request_body: bytes = b""
    status: int | None = None
    reason: str = ""
    response_headers: HeaderList = field(default_factory=HeaderList)
    response_body: bytes = b""
    seconds: float = 0.0
    error: str | None = None
    note: str = ""
    request_size: int = 0
    response_size: int = 0

    def __repr__(self) -> str:
        return f"<Exchange {self.number}: {self.method} -> {self.status if self.status is not None else 'no answer'}>"

    def annotate(self, note: str) -> None:
        """Add a remark on what was done about this exchange."""
        self.note = f"{self.note}; {note}" if self.note else note

    def to_json(self, redactor: Redactor) -> dict[str, Any]:
        """Return the exchange as plain JSON values without any credential, bodies cut at 16 KiB."""
        answer: dict[str, Any] | None = None
        if self.status is not None:
            answer = {
                "status": self.status,
                "headers": _shown(self.response_headers, redactor),
                "body": redactor.body(self.response_body, _type(self.response_headers), BODY_SHOWN),
            }
            if self.response_size > len(self.response_body):
                answer["body"] += f" (of {self.response_size} bytes)"
        return {
            "number": self.number,
            "method": redactor.text(self.method),
            "url": redactor.url(self.url),
            "request": {
                "headers": _shown(self.request_headers, redactor),
                "body": redactor.body(self.request_body, _type(self.request_headers), BODY_SHOWN),
            },
            "response": answer,
            "seconds": round(self.seconds, 6),
            "error": None if self.error is None else redactor.text(self.error),
            "note": redactor.text(self.note),
        }

    def curl(self, redactor: Redactor) -> str:
        """Return one shell line that repeats the request, with `$SCIM_TOKEN` for the token and `***` for the rest."""
        words = ["curl", "--globoff"]
        words += ["--head"] if self.method == "HEAD" else ["-X", shlex.quote(redactor.text(self.method))]
        words.append(shlex.quote(redactor.url(self.url)))
        for name, value in self.request_headers:
            if name.lower() in _LEFT_OUT_OF_CURL:
                continue
            scheme, _, rest = value.partition(" ")
            if name.lower() == "authorization" and redactor.is_token(rest) and scheme.isalpha():
                words += ["-H", f'"{name}: {scheme} $SCIM_TOKEN"']
            else:
                shown = redactor.header(name, value)
                words += ["-H", shlex.quote(f"{name}: {shown}" if shown else f"{name};")]
        if self.request_body:
            body = redactor.body(self.request_body, _type(self.request_headers))
            words += ["--data-binary", shlex.quote(body)]
        return " ".join(words)


def _type(headers: HeaderList) -> str:
    return (headers.first("content-type") or "").partition(";")[0].strip().lower()


def _shown(headers: Iterable[tuple[str, str]], redactor: Redactor) -> list[list[str]]:
    return [[redactor.text(name), redactor.header(name, value)] for name, value in headers]


__all__ = ["BODY_KEPT", "BODY_SHOWN", "REDACTED", "Exchange", "HeaderList"]

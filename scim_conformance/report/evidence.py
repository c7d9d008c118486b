"""Exchanges as readers see them: a line, headers, a body, and a curl command that repeats the request.

Everything here works on the JSON form of an exchange, as it stands in report.json, credentials taken out.
"""

import json
import shlex
from collections.abc import Iterable, Mapping
from typing import Any

from scim_conformance.report.text import one_line

Headers = list[tuple[str, str]]

# Sent by curl itself, or meaningless outside the original connection.
_NOT_REPEATED = frozenset(
    {"content-length", "host", "connection", "transfer-encoding", "accept-encoding", "user-agent"}
)
_HIDDEN = "***"


def line(exchange: Mapping[str, Any]) -> str:
    """Return an exchange in one line: `POST https://scim.example.com/Users -> 201 (12 ms)`."""
    asked = f"{one_line(str(exchange.get('method', '')))} {one_line(str(exchange.get('url', '')))}"
    remark = one_line(str(exchange.get("note") or ""))
    return f"{asked} -> {answer(exchange)} ({duration(exchange.get('seconds'))}{', ' + remark if remark else ''})"


def answer(exchange: Mapping[str, Any]) -> str:
    """Return the status that came back, or why none did."""
    response = exchange.get("response")
    if isinstance(response, Mapping):
        return str(response.get("status", "?"))
    return f"no answer: {one_line(str(exchange.get('error') or 'unknown reason'))}"


def duration(seconds: Any) -> str:
    """Return a time in the unit that suits it: `12 ms`, `1.3 s`, `2 min 5 s`."""
    if not isinstance(seconds, int | float):
        return "?"
    if seconds < 0.001:  # noqa: PLR2004 - a millisecond
        return "<1 ms"
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:  # noqa: PLR2004 - a minute
        return f"{seconds:.1f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"


def headers(message: Any) -> Headers:
    """Return the headers of a request or response, duplicates kept."""
    found = message.get("headers", ()) if isinstance(message, Mapping) else ()
    pairs: Iterable[Any] = found.items() if isinstance(found, Mapping) else found
    return [(str(name), str(value)) for name, value in pairs]


def body(message: Any) -> str:
    """Return the body of a request or response as text; JSON is laid out to be read."""
    text = message.get("body") if isinstance(message, Mapping) else None
    if not isinstance(text, str):
        return ""
    if text[:1] not in ("{", "["):
        return text
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def curl(exchange: Mapping[str, Any]) -> str:
    """Return one shell line that repeats the request; the token is read from `$SCIM_TOKEN`."""
    if isinstance(exchange.get("curl"), str):
        return str(exchange["curl"])
    request = exchange.get("request")
    method = str(exchange.get("method", "GET"))
    words = ["curl", "--globoff", *(["--head"] if method == "HEAD" else ["-X", shlex.quote(method)])]
    words.append(shlex.quote(str(exchange.get("url", ""))))
    for name, value in headers(request):
        if name.lower() in _NOT_REPEATED:
            continue
        if name.lower() == "authorization" and value == f"Bearer {_HIDDEN}":
            words += ["-H", f'"{name}: Bearer $SCIM_TOKEN"']
        else:
            words += ["-H", shlex.quote(f"{name}: {value}" if value else f"{name};")]
    text = request.get("body") if isinstance(request, Mapping) else None
    if text:
        words += ["--data-binary", shlex.quote(str(text))]
    return " ".join(words)

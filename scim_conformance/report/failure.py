"""The text of one failing check: what was asked, what came, who breaks on it, and the evidence.

pytest shows it as the failure of the test, and junit.xml carries it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scim_conformance.report import evidence
from scim_conformance.report.model import CheckResult, Described
from scim_conformance.report.text import cut, one_line, visible

_BODY = 2_000
_HEADER = 200
_IN_FULL = 4  # exchanges; the last ones tell most

# Headers that decide something in SCIM; the whole lists are in report.json and report.html.
_TELLING = frozenset(
    {
        "accept",
        "authorization",
        "content-location",
        "content-type",
        "etag",
        "if-match",
        "if-none-match",
        "location",
        "retry-after",
        "www-authenticate",
        "x-forwarded-for",
        "x-origin-request",
        "x-request-origin",
    }
)


def render(check: CheckResult, requirements: Mapping[str, Described] | None = None) -> str:
    """Return the text of a check that failed, warned or broke; nothing in it can act on a terminal.

    `requirements` is the catalogue, or the roll-up of a report; the catalogue is loaded where it is not given.
    """
    known = _catalogue() if requirements is None else requirements
    parts = [
        _of_requirements([known[name] for name in check.requirements if name in known], check.broken),
        [visible(check.message)] if check.message else [],
        findings(check),
        _exchanges(check.exchanges),
        [visible(check.detail.rstrip())] if check.detail else [],
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)


def _catalogue() -> Mapping[str, Described]:
    from scim_conformance.catalogue import load  # noqa: PLC0415 - only where nobody hands it in

    return load()


def where(requirement: Described) -> str:
    """Return the place a requirement is read in: `RFC 7644 section 3.6`, or `SEED, workspace`."""
    document = requirement.document
    if document.startswith("RFC"):
        return f"RFC {document[3:]} section {requirement.section}"
    return ", ".join(part for part in (document, requirement.section) if part)


def _of_requirements(requirements: Sequence[Described], broken: str) -> list[str]:
    lines = []
    for requirement in sorted(requirements, key=lambda each: each.id != broken):
        lines.append(f"{requirement.id}  {requirement.level}  ({where(requirement)})")
        lines.append(f"    {requirement.summary}")
        if requirement.breaks:
            lines.append(f"    Who breaks on it: {requirement.breaks}")
    return lines


def findings(check: CheckResult) -> list[str]:
    """Return what was expected and what was there, and the same for the smaller findings."""
    lines = _expectation(check.expected, check.actual)
    for warning in check.warnings:
        if warning.get("message") != check.message:
            lines.append(f"Also: {visible(str(warning.get('message', '')))}")
            lines += [f"  {line}" for line in _expectation(warning.get("expected", ()), str(warning.get("actual", "")))]
    return lines


def _expectation(expected: Iterable[str], actual: str) -> list[str]:
    lines = []
    for position, allowed in enumerate(expected):
        lines.append(f"{'      or: ' if position else 'Expected: '}{visible(allowed)}")
    if actual:
        lines.append(f"Actual:   {visible(actual)}")
    return lines


def _exchanges(exchanges: Sequence[Mapping[str, Any]]) -> list[str]:
    if not exchanges:
        return []
    lines = [f"Exchanges ({len(exchanges)}):"]
    first_in_full = len(exchanges) - _IN_FULL
    for position, exchange in enumerate(exchanges):
        lines.append(f"  {exchange.get('number', position + 1)}. {evidence.line(exchange)}")
        if position >= first_in_full:
            lines += _message(exchange.get("request"), ">") + _message(exchange.get("response"), "<")
    lines.append("Repeat the last one:")
    lines.append(f"  {visible(evidence.curl(exchanges[-1]))}")
    return lines


def _message(message: Any, mark: str) -> list[str]:
    lines = [
        f"     {mark} {one_line(name)}: {one_line(value, _HEADER)}"
        for name, value in evidence.headers(message)
        if name.lower() in _TELLING
    ]
    body = message.get("body") if isinstance(message, Mapping) else None
    shown = cut(visible(str(body or "")), _BODY)
    return lines + [f"     {mark} {line}" for line in shown.splitlines()]

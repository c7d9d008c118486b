"""The summary that a run ends with on the terminal: broken MUSTs first, then what else there is to know.

`lines` yields (text, markup) pairs for `TerminalReporter.write_line(text, **markup)`. No control character of the
target reaches the terminal, and no line is wider than it.
"""

import textwrap
from collections.abc import Iterable, Iterator, Mapping

from scim_conformance.report.evidence import duration
from scim_conformance.report.model import CheckResult, Judged, Report
from scim_conformance.report.overview import blocked_by_cause, extent, generated, totals
from scim_conformance.report.providers import standings
from scim_conformance.report.text import columns, counted, one_line

Line = tuple[str, dict[str, bool]]

_BOLD = {"bold": True}
_DIM = {"light": True}
_COLOURS = {
    "fail": {"red": True},
    "error": {"red": True},
    "warn": {"yellow": True},
    "blocked": {"yellow": True},
    "note": {"cyan": True},
    "pass": {"green": True},
    "skip": {},
}
_NARROWEST = 40
_TEXT = 400  # characters of one text; the whole is in the reports
_SHORT_LIST = 20


def lines(report: Report, width: int = 80, files: Iterable[str] = ()) -> Iterator[Line]:
    """Yield the summary of a run, for a terminal of so many columns; `files` are the reports to point at."""
    width = max(width, _NARROWEST)
    yield from _broken(report, width)
    yield from _errors(report, width)
    yield from _warnings(report, width)
    yield from _blocked(report, width)
    yield from _waived(report, width)
    yield from _problems(report, width)
    yield from _providers(report, width)
    yield from _end(report, width, files)


def _broken(report: Report, width: int) -> Iterator[Line]:
    """Yield each broken requirement with its checks; a check that judges none known stands alone."""
    for weight, title in (
        (2, "Broken: what is required"),
        (1, "Broken: what is recommended"),
        (0, "Broken"),
    ):
        fails = [check for check in report.with_verdict("fail") if report.weight(check) == weight]
        if not fails:
            continue
        yield from _heading(title, width, _COLOURS["fail"])
        for entry, checks in _by_requirement(report, fails):
            if entry is not None:
                yield f"{entry.id}  {entry.level}", _BOLD | _COLOURS["fail"]
                yield from _wrapped(entry.summary, width, "  ")
                if entry.contradiction:
                    yield from _wrapped(f"The RFCs differ: {entry.contradiction}", width, "  ")
                if entry.breaks:
                    yield from _wrapped(f"Who breaks on it: {entry.breaks}", width, "  ")
            for check in checks:
                yield from _fail(check, width)
            yield "", {}


def _by_requirement(report: Report, checks: Iterable[CheckResult]) -> Iterator[tuple[Judged | None, list[CheckResult]]]:
    grouped: dict[str, list[CheckResult]] = {}
    for check in checks:
        entries = report.judged(check)
        grouped.setdefault(entries[0].id if entries else "", []).append(check)
    for name, its_checks in sorted(grouped.items()):
        yield report.requirements.get(name), its_checks


def _fail(check: CheckResult, width: int) -> Iterator[Line]:
    yield from _wrapped(check.id, width, "  * ", "    ", _BOLD)
    yield from _wrapped(check.message or check.title, width, "    ")
    for position, allowed in enumerate(check.expected):
        yield from _wrapped(allowed, width, "         or: " if position else "    Expected: ", " " * 14)
    if check.actual:
        yield from _wrapped(check.actual, width, "    Actual:   ", " " * 14)
    for text in check.shown:
        yield from _wrapped(f"The administrator sees: {text}", width, "    ", " " * 6)


def _errors(report: Report, width: int) -> Iterator[Line]:
    errors = report.with_verdict("error")
    if errors:
        yield from _heading(
            "Errors: of the harness, the network or a mapping; the target is not blamed", width, _COLOURS["error"]
        )
        yield from _list(errors, width)


def _warnings(report: Report, width: int) -> Iterator[Line]:
    warnings = report.with_verdict("warn")
    if warnings:
        yield from _heading("Warnings: recommendations not followed, or small flaws", width, _COLOURS["warn"])
        yield from _list(warnings, width, report)


def _list(checks: list[CheckResult], width: int, report: Report | None = None) -> Iterator[Line]:
    for check in checks[:_SHORT_LIST]:
        entries = report.judged(check) if report else []
        label = f"{entries[0].id} {entries[0].level}" if entries else check.id
        yield from _wrapped(f"{label}: {check.message or check.title}", width, "  * ", "    ")
        if entries:
            yield from _wrapped(check.id, width, "    ", "    ", _DIM)
    if len(checks) > _SHORT_LIST:
        yield f"  ... and {len(checks) - _SHORT_LIST} more in the report", _DIM
    yield "", {}


def _blocked(report: Report, width: int) -> Iterator[Line]:
    causes = blocked_by_cause(report)
    if not causes:
        return
    yield from _heading("Blocked: could not be judged", width, _COLOURS["blocked"])
    for cause, checks in causes.items():
        yield from _wrapped(f"{counted(len(checks), 'check')}: {cause}", width, "  * ", "    ")
        if len(checks) == 1:
            yield from _wrapped(checks[0].id, width, "    ", "    ", _DIM)
    yield "", {}


def _waived(report: Report, width: int) -> Iterator[Line]:
    if not report.waived:
        return
    yield from _heading("Waived: known fails", width, {})
    for check in report.waived:
        waiver: Mapping[str, str] = check.waived or {}
        text = f"{check.id}: {waiver.get('reason')} ({waiver.get('owner')}, until {waiver.get('expires')})"
        yield from _wrapped(text, width, "  * ", "    ")
    yield "", {}


def _problems(report: Report, width: int) -> Iterator[Line]:
    if report.problems:
        yield from _heading("To put right besides", width, _COLOURS["fail"])
        for problem in report.problems:
            yield from _wrapped(problem, width, "  * ", "    ")
        yield "", {}


def _providers(report: Report, width: int) -> Iterator[Line]:
    """Yield how the target stands with each identity provider, where the run judged by any."""
    found = standings(report)
    if not found:
        return
    yield from _heading("Identity providers", width, {})
    colours = {"bad": "fail", "mixed": "warn", "good": "pass"}
    for standing in found:
        yield from _wrapped(standing.opening, width, "  * ", "    ", _COLOURS[colours[standing.tone]])
    yield "", {}


def _end(report: Report, width: int, files: Iterable[str]) -> Iterator[Line]:
    if not report.complete:
        yield from _wrapped("The run was interrupted: what follows is incomplete.", width, "", "", _COLOURS["fail"])
    yield from _wrapped(f"Target: {report.target}", width, "", "  ")
    yield from _wrapped(totals(report), width, "", "  ", _BOLD | _end_colour(report))
    yield from _wrapped(f"{extent(report)}, {duration(report.seconds)}", width, "", "  ")
    if generated(report):
        yield from _wrapped(f"Generated examples: {generated(report)}", width, "", "  ")
    for file in files:
        yield f"Report: {one_line(file)}", {}  # a path is worth more whole than wrapped


def _end_colour(report: Report) -> dict[str, bool]:
    if report.with_verdict("fail", "error") or report.problems or not report.complete:
        return _COLOURS["fail"]
    if report.totals["warn"] or report.totals["blocked"]:
        return _COLOURS["warn"]
    return _COLOURS["pass"]


def _heading(title: str, width: int, markup: dict[str, bool]) -> Iterator[Line]:
    yield from _wrapped(title, width, "", "", _BOLD | markup)
    yield "-" * min(len(title), width), markup


def _wrapped(
    text: str, width: int, first: str, rest: str = "", markup: dict[str, bool] | None = None
) -> Iterator[Line]:
    """Yield a text of unknown origin in lines no wider than the terminal, hanging behind its first indent."""
    room = width - max(len(first), len(rest or first))
    clean = one_line(text, _TEXT)
    if columns(clean) > len(clean):
        room //= 2  # every character may be a wide one
    shown = textwrap.wrap(clean, max(room, 10), break_on_hyphens=False) or [""]
    for position, line in enumerate(shown):
        indent = (rest or " " * len(first)) if position else first
        yield indent + line, dict(markup or {})

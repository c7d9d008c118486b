"""summary.md: the run as a comment on a pull request, the broken MUSTs first.

GitHub takes 65,536 characters; the summary stays well below and says what it left out. Texts of the target
are wrapped so that nothing in them is Markdown, HTML, a mention or a reference.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from scim_conformance.report.evidence import duration
from scim_conformance.report.model import CheckResult, Judged, Report
from scim_conformance.report.overview import blocked_by_cause, extent, generated, headline, mark, totals, when
from scim_conformance.report.providers import standings
from scim_conformance.report.text import counted, one_line, write_whole

LIMIT = 60_000
_TEXT = 300
_PLAIN = frozenset(" ,;?/%='\"")
_MARKDOWN = frozenset("\\`*_{}[]()<>#+|~$&!^")


def write(report: Report, path: Path) -> None:
    """Write summary.md, atomically."""
    write_whole(path, render(report))


def render(report: Report) -> str:
    """Return the summary; what does not fit is counted, the gravest part always comes first."""
    head = _head(report)
    foot = _foot(report)
    room = LIMIT - len(head) - len(foot)
    parts = []
    for title, rows, row_head in _sections(report):
        part = _section(title, rows, row_head, room)
        room -= len(part)
        parts.append(part)
    return head + "".join(parts) + foot


def code(text: str, limit: int = _TEXT) -> str:
    """Return a text of the target as code in which no character means anything."""
    shown = one_line(text, limit)
    if not shown:
        return ""
    return f"<code>{''.join(_entity(character) for character in shown)}</code>"


def _entity(character: str) -> str:
    harmless = character.isalnum() or character in _PLAIN or not character.isascii()
    return character if harmless else f"&#{ord(character)};"


def prose(text: str, limit: int = _TEXT) -> str:
    """Return a text of ours, or of the operator, as running text in which nothing is Markdown or a mention."""
    shown = one_line(text, limit)
    escaped = "".join(f"&#{ord(character)};" if character in _MARKDOWN else character for character in shown)
    return escaped.replace("@", "@\N{ZERO WIDTH SPACE}").replace("://", ":\N{ZERO WIDTH SPACE}//")


def _head(report: Report) -> str:
    profiles = ", ".join(prose(profile) for profile in report.profiles)
    return (
        f"## {mark(report)} SCIM conformance: {headline(report)}\n\n"
        f"{code(report.target)}, judged by {profiles or 'no profile'}\n\n"
        f"**{totals(report)}**: {extent(report)}, {duration(report.seconds)}\n"
    )


def _foot(report: Report) -> str:
    return (
        f"\n<sub>{prose(report.tool['name'])} {prose(report.tool['version'])}, {when(report.started)}. "
        + (f"Generated examples: {generated(report)}. " if generated(report) else "")
        + "The exchanges behind every line are in report.html and report.json.</sub>\n"
    )


def _sections(report: Report) -> Iterator[tuple[str, list[str], str]]:
    fails = sorted(report.with_verdict("fail"), key=lambda check: -report.weight(check))
    row = _rows(report)
    signs = {"bad": "❌", "mixed": "⚠️", "good": "✅"}
    yield "Identity providers", [f"- {signs[one.tone]} {prose(one.opening)}\n" for one in standings(report)], ""
    grave = [check for check in fails if report.weight(check) == 2]  # noqa: PLR2004 - the weight of a MUST
    mild = [check for check in fails if check not in grave]
    table = "| requirement | what happened | check |\n| --- | --- | --- |\n"
    yield "Broken requirements", [row(check) for check in grave], table
    yield "Broken recommendations", [row(check) for check in mild], table
    yield "To put right besides", [f"- {prose(problem)}\n" for problem in report.problems], ""
    yield "Errors of the harness or the network", [row(check) for check in report.with_verdict("error")], table
    yield "Warnings", [row(check) for check in report.with_verdict("warn")], table
    yield (
        "Waived",
        [_waived(report, check) for check in report.waived],
        "| requirement | reason | owner | until | check |\n| --- | --- | --- | --- | --- |\n",
    )
    causes = blocked_by_cause(report)
    yield "Blocked", [f"- {counted(len(checks), 'check')}: {code(cause)}\n" for cause, checks in causes.items()], ""


def _section(title: str, rows: list[str], row_head: str, room: int) -> str:
    """Return a heading and as many rows as there is room for."""
    if not rows:
        return ""
    part = f"\n### {title} ({len(rows)})\n\n{row_head}"
    left = f"\n… and {len(rows)} more, see report.html\n"
    if room < len(part) + len(left):
        return ""
    kept = 0
    for row in rows:
        if len(part) + len(row) + len(left) > room:
            break
        part += row
        kept += 1
    return part if kept == len(rows) else part + f"\n… and {len(rows) - kept} more, see report.html\n"


def _rows(report: Report) -> Callable[[CheckResult], str]:
    def row(check: CheckResult) -> str:
        return f"| {_requirements(report.judged(check))} | {_happened(check)} | {code(check.id)} |\n"

    return row


def _requirements(entries: Iterable[Judged]) -> str:
    first, *_ = [*list(entries), None]
    if first is None:
        return ""
    breaks = f"<br>Breaks: {prose(first.breaks)}" if first.breaks else ""
    return f"**{prose(first.id)}** {first.level}<br>{prose(first.summary)}{breaks}"


def _happened(check: CheckResult) -> str:
    parts = [code(check.message or check.title)]
    if check.expected:
        parts.append("Expected: " + " or ".join(code(allowed, 120) for allowed in check.expected[:4]))
    if check.actual:
        parts.append(f"Actual: {code(check.actual)}")
    return "<br>".join(parts)


def _waived(report: Report, check: CheckResult) -> str:
    waiver = check.waived or {}
    texts = [prose(waiver.get(name, "")) for name in ("reason", "owner", "expires")]
    entries = report.judged(check)
    return f"| {prose(entries[0].id) if entries else ''} | {' | '.join(texts)} | {code(check.id)} |\n"

"""A run in a sentence, and its parts as every face groups them."""

from datetime import UTC, datetime

from scim_conformance.report.model import VERDICTS, CheckResult, Report
from scim_conformance.report.text import counted, one_line


def headline(report: Report) -> str:
    """Return the run in one sentence."""
    fails = report.with_verdict("fail")
    errors = report.with_verdict("error")
    if not report.complete:
        return "The run was interrupted: its result is incomplete"
    if fails:
        broken = {entry.id for check in fails for entry in report.judged(check)[:1]}
        return f"{counted(len(broken) or len(fails), 'requirement')} broken"
    if errors:
        return f"{counted(len(errors), 'check')} could not be judged for an error of the harness or the network"
    if not any(check.verdict not in ("skip", "blocked") for check in report.checks):
        return "Nothing was judged"
    waived = f" besides {counted(len(report.waived), 'waived fail')}" if report.waived else ""
    return f"No requirement broken{waived}"


def mark(report: Report) -> str:
    """Return the sign before the headline."""
    if report.with_verdict("fail", "error") or report.problems or not report.complete:
        return "❌"
    judged = any(check.verdict not in ("skip", "blocked") for check in report.checks)
    return "⚠️" if report.totals["warn"] or report.totals["blocked"] or not judged else "✅"


def totals(report: Report) -> str:
    """Return the verdicts that occurred with their numbers: `2 fail (1 waived), 1 warn, 30 pass`."""
    said = remarks(report)
    parts = []
    for verdict in VERDICTS:
        if report.totals[verdict]:
            remark = said.get(verdict)
            parts.append(f"{report.totals[verdict]} {verdict}{f' ({remark})' if remark else ''}")
    return ", ".join(parts) or "no check ran"


def remarks(report: Report) -> dict[str, str]:
    """Return what there is to say about the number of a verdict: how many fails are waived, who gated what off."""
    kinds = {kind: sum(check.kind == kind for check in report.checks) for kind in ("unsupported", "disabled")}
    skips = ", ".join(f"{number} {kind}" for kind, number in kinds.items() if number)
    every = {"fail": f"{len(report.waived)} waived" if report.waived else "", "skip": skips}
    return {verdict: remark for verdict, remark in every.items() if remark}


def when(instant: str) -> str:
    """Return a moment as people write it: `22 November 2026, 04:00 UTC`."""
    moment = datetime.fromisoformat(instant).astimezone(UTC)
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"


def extent(report: Report) -> str:
    """Return how much was done: `9 checks on 8 requirements, 42 requests`."""
    numbers = (
        f"{counted(len(report.checks), 'check')} on {counted(len(report.requirements), 'requirement')}",
        counted(report.requests, "request"),
    )
    return ", ".join(numbers)


def generated(report: Report) -> str:
    """Return what the examples of properties follow from, where any were generated: `6 for a property, from seed 1`."""
    if not any(check.suite == "properties" for check in report.checks) or "seed" not in report.tool:
        return ""
    return f"{report.tool['examples']} for a property, from seed {report.tool['seed']}"


def blocked_by_cause(report: Report) -> dict[str, list[CheckResult]]:
    """Return the blocked checks by what blocked them, the most fateful cause first."""
    causes: dict[str, list[CheckResult]] = {}
    for check in report.with_verdict("blocked"):
        causes.setdefault(one_line(check.message) or "for an unknown reason", []).append(check)
    return dict(sorted(causes.items(), key=lambda cause: (-len(cause[1]), cause[0])))

"""From one pytest outcome to one verdict, with all that a reader needs to act on it."""

import traceback
from collections.abc import Sequence
from typing import Any

import pytest

from scim_conformance.catalogue import Catalogue, Fact, Requirement
from scim_conformance.client.errors import BrokenAnswer, HarnessError, Throttled
from scim_conformance.client.exchange import Exchange
from scim_conformance.client.redaction import Redactor
from scim_conformance.client.response import NotJson
from scim_conformance.judge.verdicts import Blocked, Finding, Observations, Verdict, Violation
from scim_conformance.report import failure
from scim_conformance.report.model import CheckResult, each_text

REQUIREMENTS = pytest.StashKey[Sequence[Requirement]]()
"""What a check judges."""
GATE = pytest.StashKey[Fact | None]()
"""Why a check does not apply to the target at hand, if it does not."""
OBSERVATIONS = pytest.StashKey[Observations]()
"""What a check warned of or noted while it ran."""

STATUS = {
    Verdict.WARN: ("warned", "w", "WARNED"),
    Verdict.NOTE: ("noted", "n", "NOTED"),
    Verdict.BLOCKED: ("blocked", "b", "BLOCKED"),
    Verdict.ERROR: ("error", "E", "ERROR"),
}


def judge(session: Any, item: pytest.Item, call: pytest.CallInfo[None], report: Any, id_: str) -> CheckResult:
    """Return the result of a check whose set-up, call or tear-down just ended."""
    requirements = item.stash[REQUIREMENTS]
    observations = item.stash.get(OBSERVATIONS, Observations())
    verdict, finding, detail = _verdict(call, report, observations)
    exchanges = _evidence(session, verdict)
    result = CheckResult(
        id=id_,
        title=title(item),
        suite=id_.split("/", maxsplit=1)[0] if "/" in id_ else "",
        verdict=verdict.value,
        requirements=[requirement.id for requirement in requirements],
        message=finding.message,
        expected=list(finding.expected),
        actual=finding.actual,
        warnings=[warning.to_json() for warning in observations.warnings],
        notes=list(observations.notes),
        observed=dict(observations.observed),
        shown=list(observations.shown),
        seconds=round(call.duration, 6),
        waived=_waiver(session, id_, requirements) if verdict is Verdict.FAIL else None,
        detail=detail,
        kind=_kind(item, finding.message) if verdict is Verdict.SKIP else "",
        broken=_broken(call) or observations.broken,
    )
    result = CheckResult.from_json(each_text(result.to_json(), session.redactor.text))
    result.exchanges = exchanges  # redacted already, each part as what it is
    return result


def _evidence(session: Any, verdict: Verdict) -> list[dict[str, Any]]:
    """Return the exchanges of a check as reports show them.

    Where nothing is wrong they are left out of a run that writes no report, and so is what was recalled of earlier.
    """
    recalled, fresh = session.client.take_recalled(), session.client.take()
    if not session.options.evidence:
        return []
    if verdict in (Verdict.PASS, Verdict.NOTE, Verdict.SKIP):
        recalled = []
        fresh = fresh if session.options.output else []
    every = {exchange.number: exchange for exchange in [*recalled, *fresh]}
    return [_shown(every[number], session.redactor) for number in sorted(every)]


def _shown(exchange: Exchange, redactor: Redactor) -> dict[str, Any]:
    """Return an exchange as reports show it; its curl line tells a deliberately wrong token from the right one."""
    return exchange.to_json(redactor) | {"curl": exchange.curl(redactor)}


def title(item: pytest.Item) -> str:
    """Return the first line of the check's docstring, else its name as words."""
    text = getattr(getattr(item, "function", None), "__doc__", None) or item.name.replace("_", " ")
    return str(text).strip().splitlines()[0].strip()


def apply(result: CheckResult, report: Any, catalogue: Catalogue) -> None:
    """Make pytest's own report agree with the verdict."""
    verdict = Verdict(result.verdict)
    if verdict is Verdict.FAIL and result.waived:
        report.outcome = "skipped"
        report.wasxfail = f"waived: {result.waived['reason']}"
    elif verdict is Verdict.BLOCKED:
        report.outcome = "skipped"
        report.longrepr = (str(report.location[0]), report.location[1] or 0, f"blocked: {result.message}")
    elif verdict in (Verdict.FAIL, Verdict.ERROR):
        report.outcome = "failed"
        report.longrepr = failure.render(result, catalogue)


def _verdict(call: pytest.CallInfo[None], report: Any, seen: Observations) -> tuple[Verdict, Finding, str]:
    nothing = Finding("")
    if call.excinfo is None:
        if seen.warnings:
            return Verdict.WARN, seen.warnings[0], ""
        return (Verdict.NOTE, Finding(seen.notes[0]), "") if seen.notes else (Verdict.PASS, nothing, "")
    problem = call.excinfo.value
    if isinstance(problem, pytest.skip.Exception):
        return Verdict.SKIP, Finding(str(problem.msg)), ""
    if isinstance(problem, Blocked | Throttled):  # A target that asks to wait is never held guilty of it (A85).
        return Verdict.BLOCKED, Finding(str(problem)), ""
    if call.when == "call":
        if isinstance(problem, Violation):
            return Verdict.FAIL, problem.finding, problem.detail
        if isinstance(problem, BrokenAnswer | NotJson):
            return Verdict.FAIL, Finding(str(problem), ("a usable answer",), str(problem)), ""
        if isinstance(problem, AssertionError | pytest.fail.Exception):
            return Verdict.FAIL, Finding(str(problem).split("\n")[0] or "an assertion failed"), str(report.longrepr)
    elif call.when == "setup" and isinstance(problem, Violation | BrokenAnswer | NotJson):
        return Verdict.BLOCKED, Finding(str(problem)), ""
    text = "".join(traceback.format_exception(problem)) if problem is not None else ""
    return Verdict.ERROR, Finding(_in_words(problem)), text


def _in_words(problem: BaseException | None) -> str:
    """Say what went wrong; a `HarnessError` is whole sentences already."""
    return str(problem) if isinstance(problem, HarnessError) else f"{type(problem).__name__}: {problem}"


def _kind(item: pytest.Item, message: str) -> str:
    """Return who says that a skipped check does not apply: the target (`unsupported`) or the operator (`disabled`)."""
    gate = item.stash.get(GATE, None)
    if gate is not None:
        return gate.kind
    return "disabled" if message.startswith("disabled:") else "unsupported"


def _broken(call: pytest.CallInfo[None]) -> str:
    problem = call.excinfo.value if call.excinfo is not None else None
    return (problem.requirement or "") if isinstance(problem, Violation) else ""


def _waiver(session: Any, id_: str, requirements: Sequence[Requirement]) -> dict[str, str] | None:
    waiver = session.waivers.match(id_, [requirement.id for requirement in requirements])
    return None if waiver is None else waiver.to_json()

"""Gather the checks of a run, from one process or from several workers, and add them up."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from scim_conformance.report import claims
from scim_conformance.report.model import VERDICTS, CheckResult, Described, Judged, Report, worst


class Collector:
    """Take the results of checks in any order and make the report of them.

    A check whose tear-down went wrong too comes twice: it counts once, as the worse of the two,
    with the evidence of both.
    """

    def __init__(self) -> None:
        self._checks: dict[str, CheckResult] = {}

    def __len__(self) -> int:
        return len(self._checks)

    def add(self, result: CheckResult) -> None:
        """Take one result."""
        former = self._checks.get(result.id)
        self._checks[result.id] = result if former is None else _joined(former, result)

    @property
    def checks(self) -> list[CheckResult]:
        """The results so far, by id."""
        return sorted(self._checks.values(), key=lambda check: check.id)

    def finish(  # noqa: PLR0913 - the head of a report has this many members, all named
        self,
        *,
        catalogue: Mapping[str, Described],
        tool: Mapping[str, str],
        started: str,
        finished: str,
        target: str,
        profiles: Iterable[str],
        features: Mapping[str, Any],
        requests: int,
        problems: Iterable[str] = (),
        complete: bool = True,
    ) -> Report:
        """Return the report; `complete` is false for a run that was interrupted, and nothing reads that as a result.

        `started` and `finished` are ISO 8601 with a time zone, `target` and all texts redacted already.
        """
        checks = self.checks
        return Report(
            tool=dict(tool),
            started=started,
            finished=finished,
            target=target,
            profiles=list(profiles),
            features=dict(features),
            checks=checks,
            requirements=roll_up(checks, catalogue),
            totals=totals(checks),
            requests=requests,
            claims=claims.compute(features, checks, catalogue),
            problems=list(problems),
            complete=complete,
        )


def _joined(first: CheckResult, second: CheckResult) -> CheckResult:
    worse = second if worst((first.verdict, second.verdict)) != first.verdict else first
    known = {exchange.get("number") for exchange in first.exchanges}
    more = [exchange for exchange in second.exchanges if exchange.get("number") not in known]
    return replace(worse, exchanges=first.exchanges + more, seconds=first.seconds + second.seconds)


def totals(checks: Iterable[CheckResult]) -> dict[str, int]:
    """Return how many checks had each of the seven verdicts; a waived fail counts as a fail."""
    counted = dict.fromkeys(VERDICTS, 0)
    for check in checks:
        counted[check.verdict] += 1
    return counted


def roll_up(checks: Iterable[CheckResult], catalogue: Mapping[str, Described]) -> dict[str, Judged]:
    """Return every requirement that some check judges, with the worst of their verdicts.

    Ids that the catalogue does not know are left out: collection refuses them long before.
    """
    judging: dict[str, list[CheckResult]] = {}
    for check in checks:
        for requirement in check.requirements:
            if requirement in catalogue:
                judging.setdefault(requirement, []).append(check)
    entries = {}
    for requirement, its_checks in sorted(judging.items()):
        entry = Judged.of(catalogue[requirement], worst(check.verdict_on(requirement) for check in its_checks))
        entry.checks = [check.id for check in its_checks]
        fails = [check for check in its_checks if check.verdict_on(requirement) == "fail"]
        entry.waived = bool(fails) and all(check.waived for check in fails)
        entries[requirement] = entry
    return entries

"""The end of a run: what it left behind, the report in all its faces, and the exit code."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from scim_conformance import __version__
from scim_conformance.report import json_file, junit, markdown
from scim_conformance.report.collect import Collector
from scim_conformance.report.model import JUDGED, Report
from scim_conformance.session.session import Session

VIOLATION: Final = 1
INTERRUPTED: Final = 2
OURS: Final = 3
USAGE_ERROR: Final = 4
NOTHING_RAN: Final = 5


def sum_up(judging: Any, *, left: Iterable[str], requests: int, complete: bool) -> Report:
    """Return the report of a run; `left` names what could not be deleted from the target."""
    session: Session = judging.session
    collector: Collector = judging.collector
    assert session.features is not None  # noqa: S101 - open() has set it
    today = datetime.now(UTC).date()
    problems = session.waivers.problems(collector.checks, today, partial=judging.partial)
    return collector.finish(
        catalogue=session.catalogue,
        tool={
            "name": "scim-conformance",
            "version": __version__,
            "seed": str(session.options.seed),
            "examples": str(session.options.examples),
        },
        started=session.started.isoformat(timespec="milliseconds"),
        finished=datetime.now(UTC).isoformat(timespec="milliseconds"),
        target=session.description,
        profiles=[chosen.name for chosen in session.profiles],
        features=session.features.to_json(),
        requests=requests,
        problems=[*problems, *(f"left behind on the target: {what}" for what in left)],
        complete=complete,
    )


def write(report: Report, folder: Path) -> list[str]:
    """Write report.json, junit.xml and summary.md; pytest-html writes report.html. Return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    json_file.write(report, folder / "report.json")
    junit.write(report, folder / "junit.xml")
    markdown.write(report, folder / "summary.md")
    return [str(folder / name) for name in ("report.json", "junit.xml", "summary.md")]


def exit_code(report: Report, pytest_code: int) -> int:
    """Return the exit code of a run: pytest's own where it was interrupted or could not start, else by the verdicts.

    A violation, or a waiver that expired or is no longer needed, is 1; where only the harness or the network broke it
    is 3; where nothing could be judged it is 5.
    """
    if pytest_code in (INTERRUPTED, OURS, USAGE_ERROR):
        return pytest_code
    if any(check.failed for check in report.checks) or report.problems:
        return VIOLATION
    if any(check.verdict == "error" for check in report.checks):
        return OURS
    if report.checks and not any(check.verdict in JUDGED for check in report.checks):
        return NOTHING_RAN
    return pytest_code


def close_run(judging: Any, left: list[str], pytest_code: int, *, stopped: bool) -> tuple[Report, int, list[str]]:
    """Sum a run up, write its reports, and return the report, the exit code and the files written.

    `stopped` says that pytest ended before the last check (`-x`, `--maxfail`): such a report is not complete.
    """
    session = judging.session
    report = sum_up(
        judging,
        left=[*left, *judging.workers_left],
        requests=session.client.count + judging.workers_requests,
        complete=pytest_code not in (INTERRUPTED, OURS) and not stopped,
    )
    files = []
    if session.options.output:
        report = report.redacted(session.redactor.text)  # the last net: every text was redacted when it was taken down
        files = write(report, Path(session.options.output))
    return report, exit_code(report, pytest_code), files

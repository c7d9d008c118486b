"""One case: a run of the suites in this process, with a server, a probe and gates of its own."""

import io
from collections.abc import Iterable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from scim_conformance.catalogue.checks import checks
from scim_conformance.config import Options
from scim_conformance.proof.outcome import Case, Outcome

_IDLE = (
    "unraisableexception",
    "threadexception",
    "faulthandler",
    "doctest",
    "unittest",
    "junitxml",
    "logging",
    "pastebin",
)
"""Parts of pytest that a case has no use for; the first two collect garbage for longer than a case takes."""

_NOTHING_JUDGED = 5
_EXAMPLES = 3
"""How many examples of a property a variant is tried on: generating them takes longer than many a suite."""


class _Listener:
    """Collects the verdicts of one in-process run."""

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome

    def pytest_runtest_logreport(self, report: Any) -> None:
        result = getattr(report, "scim", None)
        if result is None:
            return
        id_ = result["id"]
        if self._outcome.verdicts.get(id_) in ("fail", "error"):
            return
        self._outcome.verdicts[id_] = result["verdict"]
        self._outcome.claims[id_] = result["requirements"]
        self._outcome.messages[id_] = result["message"]


def examine(case: Case, *, collateral: bool = True, suite: Iterable[str] = ()) -> Outcome:
    """Run the suites against one case in this process; without `collateral` only the checks that judge the fault.

    `suite` names the suites to run, by default all.
    """
    from time import perf_counter  # noqa: PLC0415 - stands beside its only use

    from scim_conformance.cli.run import judge, pytest_words  # noqa: PLC0415 - imports pytest

    requirements = list(case.requirements) if case.kind == "fault" and not collateral else []
    options = Options(
        bundled=True, timeout=10.0, profile=list(case.profiles), suite=list(suite), requirement=requirements
    )
    options.evidence = False
    if case.kind == "fault":
        options.fault = case.id
    elif case.kind == "variant":
        options.variant = case.id
        options.examples = _EXAMPLES
    outcome = Outcome(case)
    words = pytest_words(
        options, workers=None, keyword=None, quiet=True, paths=_only(case) or _files_that_judge(options)
    )
    words += [word for name in _IDLE for word in ("-p", f"no:{name}")]
    started = perf_counter()
    printed = io.StringIO()
    with redirect_stdout(printed), redirect_stderr(printed):
        code = judge(options, words, _Listener(outcome))
    outcome.seconds = perf_counter() - started
    if case.only and code == _NOTHING_JUDGED:
        return outcome  # the variant has nothing of what these checks judge
    if code not in (0, 1) or not outcome.verdicts:
        last = [line for line in printed.getvalue().splitlines() if line.strip()][-1:] or ["nothing was printed"]
        outcome.problem = f"the run ended with code {code}: {last[0]}"
    return outcome


def _only(case: Case) -> list[str]:
    """Return the checks that alone are to be run, as pytest is told of them."""
    chosen = [check for check in checks() if check.id in case.only]
    return [f"{check.path}::{check.id.partition('::')[2]}" for check in chosen]


def _files_that_judge(options: Options) -> list[Path]:
    """Return the suites' files with checks of these requirements; collecting the others would take most of the time."""
    wanted = {check for check in checks() if set(check.requirements) & set(options.requirement)}
    return sorted({check.path for check in wanted if not options.suite or check.suite in options.suite})

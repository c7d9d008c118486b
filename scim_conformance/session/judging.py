"""The hooks of a run: selection and gates at collection, verdicts while it runs, reports at its end.

Registered as a plugin of its own, and only when a run is asked for.
"""

import sys
import traceback
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from scim_conformance.catalogue import Requirement, UnknownProfile, UnknownRequirement
from scim_conformance.client.errors import BadTarget, Unreachable
from scim_conformance.client.features import Features
from scim_conformance.config import BadConfiguration, Options, gather
from scim_conformance.judge.verdicts import Blocked, Observations, Verdict, Violation, observing, of_violation
from scim_conformance.paths import SUITES
from scim_conformance.report.collect import Collector
from scim_conformance.report.html import Page
from scim_conformance.report.model import CheckResult, Report
from scim_conformance.report.waivers import BadWaivers
from scim_conformance.session import outcome
from scim_conformance.session.outcome import GATE, OBSERVATIONS, REQUIREMENTS
from scim_conformance.session.session import Session

_CANNOT_START = (BadConfiguration, BadTarget, BadWaivers, LookupError, Unreachable, UnknownProfile, UnknownRequirement)


def begin(
    config: pytest.Config,
    given: dict[str, Any],
    *,
    handover: Any = None,
    worker: dict[str, Any] | None = None,
    target: Any = None,
) -> "Judging":
    """Open a session and register its hooks; what the operator got wrong becomes one usage error."""
    try:
        if worker is not None:
            session = Session(Options.from_json(worker["options"]), run_id=worker["run"], worker=worker["worker"])
            session.open(features=Features.from_json(worker["features"]))
        else:
            options = handover.options if handover else gather(given, folder=Path.cwd())
            session = Session(options)
            session.open(target=session.wrap(target) if target is not None else None)
    except _CANNOT_START as problem:
        raise pytest.UsageError(str(problem)) from None
    judging = Judging(config, session, is_worker=worker is not None)
    config.pluginmanager.register(judging, "scim-conformance-judging")
    if worker is None:
        config.pluginmanager.register(Page(lambda: judging.report), "scim-conformance-page")
    return judging


class Judging:
    """The hooks that turn pytest's outcomes into verdicts on requirements."""

    def __init__(self, config: pytest.Config, session: Session, *, is_worker: bool) -> None:
        self.config = config
        self.session = session
        self.is_worker = is_worker
        self.collector = Collector()
        self.report: Report | None = None
        self.files: list[str] = []
        self.partial = False
        self.workers_left: list[str] = []
        self.workers_requests = 0
        self.workers_crashed: list[str] = []
        self._finished = False

    @pytest.hookimpl(trylast=True)
    def pytest_sessionstart(self) -> None:
        """Say what generated examples will follow from, before there are any."""
        reporter = self.config.pluginmanager.get_plugin("terminalreporter")
        options = self.session.options
        if self.is_worker or reporter is None or self.config.option.verbose < -1:
            return
        is_judged = any("RFC7644" in profile.documents for profile in self.session.profiles)
        if is_judged and (not options.suite or "properties" in options.suite):
            reporter.write_line(f"Generated examples: {options.examples} for a property, from seed {options.seed}")

    # -- collection ------------------------------------------------------------------------

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Resolve each check's ids, leave out what was not asked for, and find out what does not apply."""
        kept: list[pytest.Item] = []
        dropped: list[pytest.Item] = []
        for item in items:
            ids = [id_ for mark in item.iter_markers("requirement") for id_ in mark.args]
            if not ids:
                kept.append(item)
                continue
            try:
                requirements = self.session.requirements(dict.fromkeys(ids))
            except UnknownRequirement as problem:
                message = f"{item.nodeid}: {problem}"
                raise pytest.UsageError(message) from None
            item.stash[REQUIREMENTS] = requirements
            item.stash[GATE] = self.session.gate(requirements)
            item.user_properties.extend(("requirement", requirement.id) for requirement in requirements)
            (kept if self._selected(item, requirements) else dropped).append(item)
        if dropped:
            config.hook.pytest_deselected(items=dropped)
            items[:] = kept

    def pytest_collectreport(self, report: Any) -> None:
        """Say what is wrong with a file that cannot be collected, which `--tb=no` would hide."""
        if report.failed and not self.is_worker and self.config.option.tbstyle == "no":
            sys.stderr.write(f"{report.nodeid}: {report.longreprtext}\n")

    def _selected(self, item: pytest.Item, requirements: list[Requirement]) -> bool:
        suites = self.session.options.suite
        if suites and check_id(item).split("/")[0] not in suites:
            return False
        return self.session.selects(requirements)

    # -- running ---------------------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Skip what does not apply; block what cannot be judged since the target has fallen silent."""
        self.session.client.take()
        self.session.client.take_recalled()
        self._enter(item)

    def _enter(self, item: pytest.Item) -> None:
        """Find out what a check judges, unless collection did, and let it in only where it applies."""
        if REQUIREMENTS not in item.stash:
            ids = [id_ for mark in item.iter_markers("requirement") for id_ in mark.args]
            if not ids:
                return
            item.stash[REQUIREMENTS] = self.session.requirements(dict.fromkeys(ids))
            item.stash[GATE] = self.session.gate(item.stash[REQUIREMENTS])
        gate = item.stash[GATE]
        if gate is not None:
            pytest.skip(f"{gate.kind}: {gate.reason}")
        if self.session.silence:
            raise Blocked(self.session.silence)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Record what the check observes; a violation of a mere SHOULD or MAY becomes a warning or a note."""
        if REQUIREMENTS not in item.stash:
            self._enter(item)  # the run began in this check's own fixtures, after its set-up had been announced
        requirements = item.stash.get(REQUIREMENTS, None)
        if requirements is None:
            return (yield)
        observations = item.stash[OBSERVATIONS] = Observations()
        with observing(observations):
            try:
                result = yield
            except Violation as violation:
                match of_violation(violation, requirements, strict=self.session.options.strict):
                    case Verdict.WARN:
                        observations.warnings.append(violation.finding)
                        observations.broken = violation.requirement or ""
                    case Verdict.NOTE:
                        observations.notes.append(str(violation))
                    case _:
                        raise
                return None
        if observations.warnings and self.session.options.strict:
            first = observations.warnings[0]
            raise Violation(first.message, expected=first.expected, actual=first.actual)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
        """Attach the verdict of a check to pytest's report of it."""
        report: Any = yield
        if REQUIREMENTS in item.stash and (call.when == "call" or not report.passed):
            result = outcome.judge(self.session, item, call, report, check_id(item))
            outcome.apply(result, report, self.session.catalogue)
            report.scim = result.to_json()
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: Any) -> tuple[str, str, str] | None:
        """Show the verdicts that pytest has no word for."""
        verdict = getattr(report, "scim", {}).get("verdict")
        if verdict is None or (report.when == "teardown" and report.passed):
            return None
        return outcome.STATUS.get(verdict) if not hasattr(report, "wasxfail") else ("waived", "x", "WAIVED")

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        """Hear that checks were left out, by us, by -k or by anyone else."""
        self.partial = self.partial or bool(items)

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Collect the verdicts, on the controller or in a single process."""
        if not self.is_worker and hasattr(report, "scim"):
            self.collector.add(CheckResult.from_json(report.scim))

    # -- the ends --------------------------------------------------------------------------

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Hand an xdist worker what the controller was asked for and has learnt."""
        features = self.session.features
        assert features is not None  # noqa: S101 - open() has set it
        node.workerinput["scim"] = {
            "options": self.session.options.to_json(),
            "run": self.session.run_id,
            "worker": node.workerinput["workerid"],
            "features": features.to_json(),
        }

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: Any) -> None:  # noqa: ARG002 - the hook's signature
        """Hear from an xdist worker that has ended; `finish` cleans up after one that crashed, which tells nothing."""
        told = getattr(node, "workeroutput", {}).get("scim")
        if told is None:
            self.workers_crashed.append(node.gateway.id)
            return
        self.workers_left += told["left"]
        self.workers_requests += told["requests"]

    @pytest.hookimpl(tryfirst=True)
    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Leave out what pytest cannot show: a signal may strike at an instruction to which CPython gives no line."""
        lines = [line for _, line in traceback.walk_tb(excinfo.tb)]
        shown = [entry for entry, line in zip(excinfo.traceback, lines, strict=True) if line is not None and line > 0]
        excinfo.traceback = type(excinfo.traceback)(shown)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Clean the target up; on the controller also sum up, write the reports and settle the exit code."""
        left = self.finish()
        if self.is_worker:
            self.config.workeroutput["scim"] = {"left": left, "requests": self.session.client.count}  # type: ignore[attr-defined]
            return
        from scim_conformance.session.closing import close_run  # noqa: PLC0415 - only the controller needs it

        self.report, status, self.files = close_run(
            self, left, int(exitstatus), stopped=bool(session.shouldfail or session.shouldstop)
        )
        session.exitstatus = status

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say what was found, broken MUSTs first."""
        if self.report is None or not self.report.checks:
            return
        from scim_conformance.report import terminal  # noqa: PLC0415 - only the controller needs it

        width = terminalreporter._tw.fullwidth  # noqa: SLF001 - pytest has no public way to ask
        files = [*self.files, *([path] if (path := self.config.option.__dict__.get("htmlpath")) else [])]
        terminalreporter.ensure_newline()
        for text, markup in terminal.lines(self.report, width, files):
            terminalreporter.write_line(text, **markup)

    def finish(self) -> list[str]:
        """Delete what the session and its crashed workers created, once; return what could not be deleted."""
        if self._finished:
            return []
        self._finished = True
        try:
            left = [line for worker in self.workers_crashed for line in self.session.clean_after(worker)]
            return [*left, *self.session.close().left]
        except Exception as problem:  # noqa: BLE001 - whatever it is, the operator must learn what may be left
            text = self.session.redactor.text(str(problem))
            sys.stderr.write(f"scim-conformance: cleaning up failed: {text}\n")
            return [f"unknown; run: scim-conformance clean {self.session.journal.path}"]


def check_id(item: pytest.Item) -> str:
    """Return the id of a check: its path below the suites, else below pytest's root, and its name."""
    path = item.path.resolve()
    for folder in (SUITES, item.config.rootpath):
        if path.is_relative_to(folder):
            return f"{path.relative_to(folder).as_posix()}::{item.name}"
    return f"{path.name}::{item.name}"

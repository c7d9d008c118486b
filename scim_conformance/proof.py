"""The proof that verdicts can be trusted: every check against broken servers, and against lawfully different ones.

Each case is a run of its own in process, with a server, a probe and gates of its own: a
fault may well change what a target advertises. For a fault the outcome is turned round:
a check that fails has caught it.
"""

import io
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Literal

from scim_conformance.catalogue import Severity, load
from scim_conformance.catalogue.checks import checks
from scim_conformance.config import Options

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

CAUGHT = {
    Severity.FAIL: {"fail"},
    Severity.WARN: {"fail", "warn"},
    Severity.NOTE: {"fail", "warn", "note"},
}
"""The verdicts that mean a fault was caught, by the severity of the requirement it breaks."""


@dataclass(frozen=True, slots=True)
class Case:
    """One server to run against: the sound one, a fault, or a variant."""

    kind: Literal["sound", "fault", "variant"]
    id: str = ""
    title: str = ""
    requirements: tuple[str, ...] = ()


@dataclass(slots=True)
class Outcome:
    """What the checks said of one case."""

    case: Case
    verdicts: dict[str, str] = field(default_factory=dict)
    claims: dict[str, list[str]] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    problem: str = ""

    def judging(self) -> list[str]:
        """The ids of the checks that judge what the fault breaks."""
        return sorted(id_ for id_, ids in self.claims.items() if set(ids) & set(self.case.requirements))

    def caught_by(self) -> dict[str, list[str]]:
        """For each requirement the fault breaks, the checks that noticed."""
        catalogue = load()
        return {
            requirement: sorted(
                id_
                for id_, ids in self.claims.items()
                if requirement in ids and self.verdicts[id_] in CAUGHT[catalogue[requirement].severity]
            )
            for requirement in self.case.requirements
        }

    def caught(self) -> bool:
        """Tell whether every requirement the fault claims to break was noticed by a check that names it."""
        return all(self.caught_by().values())

    def collateral(self) -> list[str]:
        """The checks outside the fault's requirements that failed as well."""
        return sorted(
            id_
            for id_, verdict in self.verdicts.items()
            if verdict in ("fail", "error") and not set(self.claims[id_]) & set(self.case.requirements)
        )

    def complaints(self) -> dict[str, str]:
        """What was said against a server with nothing wrong: check id to verdict and message."""
        loud = {"fail", "error", "blocked"} | ({"warn"} if self.case.kind == "sound" else set())
        return {
            id_: f"{verdict}: {self.messages.get(id_, '')}" for id_, verdict in self.verdicts.items() if verdict in loud
        }


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


def cases(faults: Iterable[str] = (), variants: Iterable[str] = ()) -> list[Case]:
    """Return the cases asked for, by default the sound server, every fault and every variant.

    Raises `LookupError` with the closest ids for one that does not exist.
    """
    from scim_conformance.server import faults as fault_registry  # noqa: PLC0415 - the server is heavy
    from scim_conformance.server import variants as variant_registry  # noqa: PLC0415

    known_faults, known_variants = fault_registry.load_all(), variant_registry.load_all()
    asked, varied = list(faults), list(variants)
    every = not asked and not varied
    chosen = [Case("sound", "", "the sound server")] if every else []
    wanted_faults = known_faults.values() if every else map(fault_registry.find, asked)
    chosen += [Case("fault", fault.id, fault.title, tuple(fault.requirements)) for fault in wanted_faults]
    wanted_variants = known_variants.values() if every else map(variant_registry.find, varied)
    chosen += [Case("variant", variant.id, variant.title) for variant in wanted_variants]
    return chosen


def examine(case: Case, *, collateral: bool = True, suite: Iterable[str] = ()) -> Outcome:
    """Run the suites against one case in this process; without `collateral` only the checks that judge the fault.

    `suite` names the suites to run, by default all.
    """
    from time import perf_counter  # noqa: PLC0415 - stands beside its only use

    from scim_conformance.cli.run import judge, pytest_words  # noqa: PLC0415 - imports pytest

    options = Options(bundled=True, timeout=10.0, profile=["rfc"], suite=list(suite))
    if case.kind == "fault":
        options.fault = case.id
        options.requirement = [] if collateral else list(case.requirements)
    elif case.kind == "variant":
        options.variant = case.id
    outcome = Outcome(case)
    words = pytest_words(options, workers=None, keyword=None, quiet=True, paths=_files_that_judge(options))
    words += [word for name in _IDLE for word in ("-p", f"no:{name}")]
    started = perf_counter()
    printed = io.StringIO()
    with redirect_stdout(printed), redirect_stderr(printed):
        code = judge(options, words, _Listener(outcome))
    outcome.seconds = perf_counter() - started
    if code not in (0, 1) or not outcome.verdicts:
        last = [line for line in printed.getvalue().splitlines() if line.strip()][-1:] or ["nothing was printed"]
        outcome.problem = f"the run ended with code {code}: {last[0]}"
    return outcome


def _files_that_judge(options: Options) -> list[Path]:
    """Return the suites' files with checks of these requirements; collecting the others would take most of the time."""
    wanted = {check for check in checks() if set(check.requirements) & set(options.requirement)}
    return sorted({check.path for check in wanted if not options.suite or check.suite in options.suite})


def prove(
    chosen: list[Case],
    *,
    workers: int = 1,
    collateral: bool = True,
    suite: Iterable[str] = (),
    told: Callable[[Outcome], None] = lambda _: None,
) -> list[Outcome]:
    """Examine the cases in `workers` processes; `told` hears of each outcome as it comes."""
    outcomes = []
    for outcome in _outcomes(chosen, workers, partial(examine, collateral=collateral, suite=tuple(suite))):
        told(outcome)
        outcomes.append(outcome)
    return outcomes


def _outcomes(chosen: list[Case], workers: int, look: Callable[[Case], Outcome]) -> Iterator[Outcome]:
    if workers <= 1 or len(chosen) <= 1:
        yield from map(look, chosen)
        return
    with ProcessPoolExecutor(min(workers, len(chosen)), mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(look, case) for case in chosen]
        for future in waiting:
            yield future.result()


def processors() -> int:
    """Return how many processes fit this machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def summary(outcomes: list[Outcome]) -> dict[str, Any]:
    """Return the proof as JSON data: what caught each fault, what was missed, what complained without cause."""
    faults = {o.case.id: o for o in outcomes if o.case.kind == "fault"}
    quiet = [o for o in outcomes if o.case.kind != "fault"]
    return {
        "faults": {
            id_: {
                "title": outcome.case.title,
                "requirements": list(outcome.case.requirements),
                "caught_by": outcome.caught_by(),
                "collateral": outcome.collateral(),
                "problem": outcome.problem,
            }
            for id_, outcome in sorted(faults.items())
        },
        "missed": sorted(id_ for id_, outcome in faults.items() if outcome.problem or not outcome.caught()),
        "unproven_checks": unproven(outcomes),
        "variants": {
            o.case.id or "sound": {"title": o.case.title, "complaints": o.complaints(), "problem": o.problem}
            for o in quiet
        },
        "loud": sorted(o.case.id or "sound" for o in quiet if o.problem or o.complaints()),
    }


def unproven(outcomes: list[Outcome]) -> list[str]:
    """Return the checks that no fault made fail, with their parameters taken off."""
    seen: set[str] = set()
    caught: set[str] = set()
    for outcome in outcomes:
        seen |= {plain(id_) for id_ in outcome.verdicts}
        if outcome.case.kind == "fault":
            caught |= {plain(id_) for ids in outcome.caught_by().values() for id_ in ids}
    return sorted(seen - caught)


def plain(check_id: str) -> str:
    """Return a check's id without its parameters."""
    return check_id.split("[", 1)[0]

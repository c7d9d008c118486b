"""All cases, in as many processes as the machine has processors for."""

import gc
import itertools
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context, parent_process
from threading import Thread

from scim_conformance.catalogue import PROFILES, load
from scim_conformance.catalogue.profiles import narrowest
from scim_conformance.proof.examine import examine
from scim_conformance.proof.outcome import Case, Outcome
from scim_conformance.proof.packs import each, halves, joined, packs


def cases(faults: Iterable[str] = (), variants: Iterable[str] = ()) -> list[Case]:
    """Return the cases asked for, by default the sound server, every fault and every variant.

    Raises `LookupError` with the closest ids for one that does not exist.
    """
    from scim_conformance.server import faults as fault_registry  # noqa: PLC0415 - the server is heavy
    from scim_conformance.server import variants as variant_registry  # noqa: PLC0415

    known_faults, known_variants = fault_registry.load_all(), variant_registry.load_all()
    asked, varied = list(faults), list(variants)
    every = not asked and not varied
    chosen = _sound(variant.profiles for variant in known_variants.values()) if every else []
    wanted_faults = known_faults.values() if every else map(fault_registry.find, asked)
    chosen += [
        Case("fault", fault.id, fault.title, fault.requirements, profiles=_judging(fault.requirements))
        for fault in wanted_faults
    ]
    wanted_variants = known_variants.values() if every else map(variant_registry.find, varied)
    chosen += [Case("variant", variant.id, variant.title, profiles=variant.profiles) for variant in wanted_variants]
    return chosen


def _sound(judged: Iterable[tuple[str, ...]]) -> list[Case]:
    """Return the sound servers: one by the RFCs, one by each set of profiles that judges variants, or by what is left.

    A run of a pack of variants is compared with the one that was judged by the same profiles.
    """
    sets = [profiles for profiles in dict.fromkeys(judged) if profiles != ("rfc",)]
    left = PROFILES.keys() - {"rfc", *(name for profiles in sets for name in profiles)}
    sets += [(name,) for name in PROFILES if name in left]
    rest = [
        Case("sound", f"sound-for-{'-and-'.join(one)}", f"the sound server, by {', '.join(one)}", profiles=one)
        for one in sets
    ]
    return [Case("sound", "", "the sound server"), *rest]


def _judging(requirements: Iterable[str]) -> tuple[str, ...]:
    """Return the profiles that judge by these requirements, and by as little else as there is."""
    catalogue = load()
    return tuple(dict.fromkeys(narrowest(catalogue[id_].document) for id_ in requirements if id_ in catalogue))


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
    look = partial(_examined, collateral=collateral, suite=tuple(suite))
    for outcome in _outcomes(chosen, workers, look):
        told(outcome)
        outcomes.append(outcome)
    return outcomes


_BETWEEN_COLLECTIONS = 20
_count = itertools.count(1)


def _examined(case: Case, *, collateral: bool, suite: tuple[str, ...]) -> Outcome:
    """Examine a case; where garbage is not collected by itself, collect that of the cases before, now and then."""
    is_short = case.kind == "fault" or case.only
    if not gc.isenabled() and (not is_short or next(_count) % _BETWEEN_COLLECTIONS == 0):
        gc.collect()
        gc.freeze()  # what is left stays for good: modules and caches, which the next collection need not look at
    return examine(case, collateral=collateral, suite=suite)


def _outcomes(chosen: list[Case], workers: int, look: Callable[[Case], Outcome]) -> Iterator[Outcome]:
    """Yield one outcome a case; of a pack those of its members, once nothing of it is left open."""
    with _processes(min(workers, len(chosen))) as pool:
        waiting: deque[tuple[Outcome | None, Future[Outcome] | _Later]] = deque()
        waiting.extend((None, pool.submit(look, case)) for case in packs(chosen))
        sound: dict[tuple[str, ...], Outcome] = {}
        while waiting:
            before, future = waiting.popleft()
            outcome = joined(future.result(), before)
            if outcome.case.kind == "sound":
                sound[outcome.case.profiles] = outcome
            rest = halves(outcome, sound.get(outcome.case.profiles)) if outcome.case.members else []
            waiting.extend((outcome, pool.submit(look, case)) for case in rest)
            if not rest:
                yield from each(outcome)


class _Later:
    """One outcome, examined in this process when it is asked for."""

    def __init__(self, look: Callable[[Case], Outcome], case: Case) -> None:
        self._look, self._case = look, case

    def result(self) -> Outcome:
        return self._look(self._case)


class _InThisProcess:
    """Takes what a pool of processes takes, for one worker: the start of a process would cost more than most cases."""

    submit = _Later


@contextmanager
def _processes(workers: int) -> Iterator[ProcessPoolExecutor | _InThisProcess]:
    if workers <= 1:
        yield _InThisProcess()
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_settle) as pool:
        yield pool


def _settle() -> None:
    """Prepare a process for many cases."""
    # Each case is a short life with much garbage: collecting while it lasts would take a fifth of its time.
    gc.disable()
    Thread(target=_end_with_the_parent, daemon=True).start()


def _end_with_the_parent() -> None:
    """End this process when the one that started it is gone: killed, it cannot say so, and the cases would go on."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def processors() -> int:
    """Return how many processes fit this machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

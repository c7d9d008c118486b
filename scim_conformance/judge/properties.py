"""Properties: a statement is tried on generated examples, and what breaks it is made as simple as possible.

Hypothesis generates and simplifies. What it calls a failure, a flaky test or several failures becomes a verdict here:

- the same seed gives the same examples: nothing is kept on disk, no time limit cuts in, and what modules are loaded
  does not count;
- what is no verdict on the target (Blocked, a skip, throttling, the network) ends the search at once;
- after a first counterexample at most so many further requests are spent on simplifying it;
- the simplest one is tried once more, and only its requests are shown as evidence. Where it goes well this time, the
  target answers the same requests differently, and the verdict says so.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.errors import HypothesisException
from hypothesis.internal.conjecture import providers
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test
from hypothesis.strategies import SearchStrategy

from scim_conformance.client.client import ScimClient
from scim_conformance.client.errors import BrokenAnswer, HarnessError
from scim_conformance.client.exchange import Exchange
from scim_conformance.client.response import NotJson, Response
from scim_conformance.judge.verdicts import Blocked, Observations, Violation, note, observing, warn

SIMPLIFYING: Final = 60
"""Requests that may be spent on making a counterexample simpler."""
_PATIENCE: Final = 30.0
"""Seconds that may be."""
_WARNINGS: Final = 3
"""Warnings of generated examples that a report shows; more of them say the same."""


class _Broken(Exception):  # noqa: N818 - it is what is told, and not an error
    """What Hypothesis is told of a violation: always the same, so that it looks for one counterexample."""


class _Ended(BaseException):
    """Ends a search at once, past everything that Hypothesis would catch."""

    def __init__(self, problem: BaseException) -> None:
        super().__init__(str(problem))
        self.problem = problem


class _Enough(BaseException):
    """Ends the simplifying of a counterexample."""


@dataclass
class Counterexample:
    """A violation, the example that showed it, and the exchanges of that example."""

    violation: Violation
    exchanges: list[Exchange]
    again: Callable[[], None] = field(repr=False)


class Search:
    """Looks for an example that breaks a property; `name` keeps the examples of one property from those of another."""

    def __init__(self, client: ScimClient, *, seed: int, examples: int, name: str = "") -> None:
        self.client = client
        self.seed = seed
        self.examples = examples
        self._name = name
        self._known: dict[str, Counterexample | None] = {}
        self._first: tuple[int, float] | None = None
        self._simplest: tuple[int, str] | None = None
        self._tried = 0
        self._warned = 0

    def again(self) -> "Search":
        """Return a search that tries the same examples, and knows nothing of them yet."""
        return Search(self.client, seed=self.seed, examples=self.examples, name=self._name)

    # -- the two kinds of search -----------------------------------------------------------

    def over(
        self,
        strategies: Sequence[SearchStrategy[Any]],
        trial: Callable[[Any], None],
        *,
        examples: int | None = None,
        after: Sequence[Response] = (),
    ) -> None:
        """Try values of strategies in turn, as many as the operator asked for; raise the simplest violation.

        `trial` sends requests and raises Violation. It has to start from the same state whatever was tried before.
        `after` are responses that came before all examples, and belong to the evidence.
        """

        def one(number: int) -> None:
            begun: list[Any] = []

            @seed(self._own_seed() + number)
            @_settings()
            @given(strategies[number % len(strategies)])
            def each(value: Any) -> None:
                if begun:
                    self.attempt(key_of(value), lambda: trial(value))
                # The first is the simplest value there is: always the same, it is not worth its requests.
                begun.append(value)

            each()

        self._run(one, examples or self.examples, after)

    def machine(self, machine: Callable[[], RuleBasedStateMachine], *, examples: int, steps: int) -> None:
        """Let a state machine write programs of so many steps; it hands each to `attempt` when it is torn down."""
        chosen = settings(_settings(), stateful_step_count=steps)

        def one(number: int) -> None:
            def made() -> RuleBasedStateMachine:
                return machine()

            made._hypothesis_internal_use_seed = self._own_seed() + number  # type: ignore[attr-defined]  # noqa: SLF001 - as @seed does
            run_state_machine_as_test(made, settings=chosen)  # type: ignore[arg-type]

        self._run(one, examples, ())

    # -- one example -----------------------------------------------------------------------

    @property
    def _spent(self) -> bool:
        """Whether as much was spent on simplifying as may be."""
        if self._first is None:
            return False
        requests, began = self._first
        return self.client.count - requests >= SIMPLIFYING or time.monotonic() - began > _PATIENCE

    def attempt(self, key: str, trial: Callable[[], None]) -> None:
        """Try one example, unless it was tried before; end the search when enough was spent on simplifying."""
        if key not in self._known:
            if self._spent:
                raise _Enough
            self._known[key] = self._tried_out(trial)
        if self._known[key] is not None:
            # The shortest text is the simplest example, whatever order they came in.
            self._simplest = min(self._simplest or (len(key), key), (len(key), key))
            raise _Broken  # in one place, and not while another exception is handled: one kind of failure

    def _tried_out(self, trial: Callable[[], None]) -> Counterexample | None:
        self.client.take()
        self._tried += 1
        seen = Observations()
        try:
            with observing(seen):
                trial()
        except (Violation, NotJson) as problem:
            violation = problem if isinstance(problem, Violation) else _unreadable(problem)
            self._first = self._first or (self.client.count, time.monotonic())
            return Counterexample(violation, _without_clean_up(self.client.peek()), trial)
        except (Blocked, HarnessError, BrokenAnswer, pytest.skip.Exception) as problem:
            if self._first is None:
                raise _Ended(problem) from None
            raise _Enough from None  # what was found before stands, however far it was simplified
        else:
            self._tell(seen)
        return None

    def _tell(self, seen: Observations) -> None:
        for text in seen.notes:
            note(text)
        for warning in seen.warnings[: max(0, _WARNINGS - self._warned)]:
            self._warned += 1
            warn(warning.message, expected=warning.expected, actual=warning.actual)

    # -- the end ---------------------------------------------------------------------------

    def _run(self, engine: Callable[[int], None], examples: int, after: Sequence[Response]) -> None:
        """Let Hypothesis begin anew for each example: the second one of a search is often like the first."""
        with _of_no_modules():
            try:
                for number in range(examples):
                    engine(number)
            except _Ended as ended:
                raise ended.problem from None
            except (_Broken, _Enough, HypothesisException, BaseExceptionGroup) as problem:
                if self._simplest is None:
                    raise HarnessError(f"No examples could be generated: {type(problem).__name__}: {problem}") from None
        found = self._known[self._simplest[1]] if self._simplest else None
        if found is not None:
            raise self._confirmed(found, after) from None

    def _confirmed(self, found: Counterexample, after: Sequence[Response]) -> Violation:
        """Try the simplest counterexample once more; give the violation to report, its exchanges as the evidence."""
        first, message = found.violation.finding, ""
        self.client.take()
        exchanges = found.exchanges
        try:
            with observing(Observations()):
                found.again()
            message = " It was right when the same was sent again: the target answers the same requests differently."
        except Violation as violation:
            first, exchanges = violation.finding, _without_clean_up(self.client.peek())
        except (NotJson, BrokenAnswer, Blocked, HarnessError):
            pass
        self.client.take()
        evidence = [exchange for response in after for exchange in response.exchanges] + exchanges
        self.client.recall_exchanges(evidence)
        return Violation(
            first.message + message,
            expected=first.expected,
            actual=first.actual,
            requirement=found.violation.requirement,
            detail=self._detail(evidence),
        )

    def _detail(self, exchanges: Sequence[Exchange]) -> str:
        lines = [exchange.curl(self.client.redactor) for exchange in exchanges]
        head = f"The simplest of {self._tried} generated examples tried (seed {self.seed}); these requests show it:"
        return "\n".join([head, *(f"  {line}" for line in lines)])

    def _own_seed(self) -> int:
        return int.from_bytes(hashlib.sha256(f"{self.seed}:{self._name}".encode()).digest()[:6], "big")


def _without_clean_up(exchanges: Sequence[Exchange]) -> list[Exchange]:
    """Leave out the deletions at the end, by which an example takes away what it made."""
    kept = list(exchanges)
    while len(kept) > 1 and kept[-1].method == "DELETE" and 200 <= (kept[-1].status or 0) < 300:  # noqa: PLR2004 - success
        kept.pop()
    return kept


def _unreadable(problem: NotJson) -> Violation:
    return Violation(str(problem), expected=["a usable answer"], actual=str(problem))


def key_of(value: Any) -> str:
    """Return a text that tells one example from another."""
    return json.dumps(value, sort_keys=True, default=repr)


def _settings() -> settings:
    return settings(
        max_examples=2,  # the simplest, which comes first always, and one by chance
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
        verbosity=Verbosity.quiet,
    )


@contextmanager
def _of_no_modules() -> Iterator[None]:
    """Let nothing be generated from constants in the source of loaded modules, which are others in every process."""
    replaced: dict[str, Any] = {}
    for name, make in (
        ("_get_local_constants", lambda: getattr(providers, "Constants", None)),
        ("CONSTANTS_CACHE", lambda: type(providers.CONSTANTS_CACHE)(1024)),
    ):
        if hasattr(providers, name) and (new := make()) is not None:  # nothing to do for a version without them
            replaced[name] = getattr(providers, name)
            setattr(providers, name, new)
    try:
        yield
    finally:
        for name, former in replaced.items():
            setattr(providers, name, former)

"""What a check can say, and how it says it.

Blame is a type: a `Violation` is the target's, a `Blocked` is nobody's yet, and a
`HarnessError` (from `scim_conformance.client.errors`) is ours or the network's.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum

from scim_conformance.catalogue import Requirement, Severity


class Verdict(StrEnum):
    """The outcome of one check, as reports show it."""

    PASS = "pass"  # noqa: S105 - the word of the verdict
    FAIL = "fail"
    WARN = "warn"
    NOTE = "note"
    SKIP = "skip"
    BLOCKED = "blocked"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check saw: a sentence, what would have been right, and what was there."""

    message: str
    expected: tuple[str, ...] = ()
    actual: str = ""

    def to_json(self) -> dict[str, object]:
        """Return the finding as JSON members."""
        return {"message": self.message, "expected": list(self.expected), "actual": self.actual}


class Violation(Exception):  # noqa: N818 - the word is the vocabulary's
    """The target broke the requirement that the check judges.

    `requirement` names the breached one where a check judges several; `detail` are further lines for the report.
    """

    def __init__(
        self,
        message: str,
        *,
        expected: Sequence[str] = (),
        actual: str = "",
        requirement: str | None = None,
        detail: str = "",
    ) -> None:
        super().__init__(message)
        self.finding = Finding(message, tuple(expected), actual)
        self.requirement = requirement
        self.detail = detail


class Blocked(Exception):  # noqa: N818 - the word is the vocabulary's
    """A precondition of the check did not hold, so that nothing can be said about its requirement."""


@dataclass(slots=True)
class Observations:
    """What one check recorded while it went on.

    `broken` is the requirement that a violation named, if it did; `observed` tells of capabilities whether they work;
    `shown` is what the administrator of an identity provider would see.
    """

    warnings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    broken: str = ""
    observed: dict[str, bool] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)


_observations: ContextVar[Observations | None] = ContextVar("observations", default=None)


@contextmanager
def observing(observations: Observations) -> Iterator[Observations]:
    """Record the warnings and notes given within this block in `observations`."""
    token = _observations.set(observations)
    try:
        yield observations
    finally:
        _observations.reset(token)


def warn(message: str, *, expected: Sequence[str] = (), actual: str = "") -> None:
    """Record that something is worth a warning, and let the check go on.

    For a SHOULD that is not followed beside the requirement at hand, and for the right
    refusal in the wrong decoration.
    """
    observations = _observations.get()
    if observations is not None:
        finding = Finding(message, tuple(expected), actual)
        if finding not in observations.warnings:
            observations.warnings.append(finding)


def note(message: str) -> None:
    """Record what the target does where the specifications leave it free."""
    observations = _observations.get()
    if observations is not None and message not in observations.notes:
        observations.notes.append(message)


def observe(capability: str, *, works: bool) -> None:
    """Record whether a capability that the target does not advertise, such as `sort`, works all the same."""
    observations = _observations.get()
    if observations is not None:
        observations.observed[capability] = works


def shown(text: str) -> None:
    """Record what the administrator of an identity provider would see of this."""
    observations = _observations.get()
    if observations is not None and text not in observations.shown:
        observations.shown.append(text)


def of_violation(violation: Violation, requirements: Iterable[Requirement], *, strict: bool = False) -> Verdict:
    """Return the verdict that a violation means at the levels of what the check judges.

    The requirement named by the violation decides, else the gravest of the check's own.
    """
    severities = {r.severity for r in requirements if violation.requirement in (None, r.id)}
    if not severities or Severity.FAIL in severities:
        return Verdict.FAIL
    if Severity.WARN in severities:
        return Verdict.FAIL if strict else Verdict.WARN
    return Verdict.NOTE

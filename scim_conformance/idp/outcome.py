"""What an identity provider concludes from the answers it got, and what its administrator sees of that."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from scim_conformance.client.response import Response
from scim_conformance.judge.verdicts import Violation, shown


class Conclusion(StrEnum):
    """What one step of provisioning ended in, as the identity provider sees it."""

    CONNECTED = "connected"
    LINKED = "linked"
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DISABLED = "disabled"
    ENABLED = "enabled"
    DELETED = "deleted"
    IMPORTED = "imported"
    RETRIED = "retried"
    QUARANTINED = "quarantined"
    FAILED = "failed"


_BAD = (Conclusion.RETRIED, Conclusion.QUARANTINED, Conclusion.FAILED)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One step of provisioning, what the identity provider concluded, and why.

    `shown` is what its administrator sees, "" where all is well; `resource` is the identity provider's idea of the one
    resource that the step was about, `resources` what an import brought.
    """

    step: str
    conclusion: Conclusion
    why: str = ""
    shown: str = ""
    responses: tuple[Response, ...] = ()
    resource: dict[str, Any] | None = None
    resources: list[dict[str, Any]] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether the identity provider goes on as if all were well."""
        return self.conclusion not in _BAD


def concluded(outcome: Outcome, *allowed: Conclusion) -> Outcome:
    """Return the outcome if the identity provider concluded one of these; else raise Violation, and tell what is shown.

    Without `allowed`, any conclusion will do with which it goes on.
    """
    if outcome.conclusion in allowed or (not allowed and outcome.ok):
        return outcome
    if outcome.shown:
        shown(outcome.shown)
    expected = [str(one) for one in allowed] or ["a conclusion with which the identity provider goes on"]
    why = f": {outcome.why}" if outcome.why else ""
    raise Violation(
        f"{outcome.step} ends as {outcome.conclusion}{why}",
        expected=expected,
        actual=str(outcome.conclusion),
        detail=f"The administrator sees: {outcome.shown}" if outcome.shown else "",
    )

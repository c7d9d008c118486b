"""What the checks said of one server, and what that proves: a fault caught or missed, a lawful server left in peace."""

from dataclasses import dataclass, field
from typing import Any, Literal

from scim_conformance.catalogue import Severity, load

CAUGHT = {
    Severity.FAIL: {"fail"},
    Severity.WARN: {"fail", "warn"},
    Severity.NOTE: {"fail", "warn", "note"},
}
"""The verdicts that mean a fault was caught, by the severity of the requirement it breaks."""


@dataclass(frozen=True, slots=True)
class Case:
    """One server to run against: the sound one, a fault, a variant, or a pack of variants in one server.

    `members` are the variants of a pack; `only` the checks to run, by their ids without parameters, where not all;
    `profiles` those that it is judged by.
    """

    kind: Literal["sound", "fault", "variant"]
    id: str = ""
    title: str = ""
    requirements: tuple[str, ...] = ()
    members: "tuple[Case, ...]" = ()
    only: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ("rfc",)

    @property
    def name(self) -> str:
        """The id, or of a sound server that it is one."""
        return self.id or "sound"


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
            o.case.name: {"title": o.case.title, "complaints": o.complaints(), "problem": o.problem} for o in quiet
        },
        "loud": sorted(o.case.name for o in quiet if o.problem or o.complaints()),
    }


def unproven(outcomes: list[Outcome]) -> list[str]:
    """Return the checks that no fault made fail, with their parameters taken off.

    Left out are those that only record what is free to choose, and those of which the catalogue says why no fault can
    show that they notice.
    """
    catalogue = load()
    seen: set[str] = set()
    caught: set[str] = set()
    for outcome in outcomes:
        for id_, claimed in outcome.claims.items():
            rows = [catalogue[requirement] for requirement in claimed]
            if any(row.severity is not Severity.NOTE and not row.unproven for row in rows):
                seen.add(plain(id_))
        if outcome.case.kind == "fault":
            caught |= {plain(id_) for ids in outcome.caught_by().values() for id_ in ids}
    return sorted(seen - caught)


def plain(check_id: str) -> str:
    """Return a check's id without its parameters."""
    return check_id.split("[", 1)[0]

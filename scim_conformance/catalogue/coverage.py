"""How much of what binds a provider and can be seen has a check, and how much of that is proven by a fault."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from scim_conformance.catalogue.checks import CheckSource
from scim_conformance.catalogue.requirement import Level, Requirement


@dataclass(frozen=True, slots=True)
class Covered:
    """One requirement, the checks that judge it and the faults that prove them."""

    requirement: Requirement
    checks: tuple[str, ...]
    faults: tuple[str, ...]

    @property
    def proven(self) -> bool:
        """Whether a check judges it and a fault shows that the check notices."""
        return bool(self.checks and self.faults)


def coverage(
    requirements: Iterable[Requirement],
    checks: Iterable[CheckSource],
    faults: Mapping[str, Iterable[str]],
    proof: Mapping[str, Any] | None = None,
) -> list[Covered]:
    """Return one entry for each requirement that binds a provider and can be observed.

    `faults` maps a fault's id to the requirements it claims to break. `proof` is what `prove` writes,
    {"faults": {id: {"caught_by": {requirement: [checks]}}}}; with it a fault counts only where it was caught.
    """
    judged = _by_requirement({check.id: check.requirements for check in checks})
    proving = _by_requirement(faults if proof is None else _caught(proof))
    return [
        Covered(requirement, judged.get(requirement.id, ()), proving.get(requirement.id, ()))
        for requirement in requirements
        if requirement.binds_provider and requirement.observable
    ]


def _caught(proof: Mapping[str, Any]) -> dict[str, list[str]]:
    outcomes: Mapping[str, Any] = proof.get("faults", {})
    return {
        fault: [requirement for requirement, checks in outcome.get("caught_by", {}).items() if checks]
        for fault, outcome in outcomes.items()
    }


def _by_requirement(claims: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for id_, requirements in claims.items():
        for requirement in requirements:
            found[requirement] = (*found.get(requirement, ()), id_)
    return found


Counts = dict[str, int]


def counts(entries: Iterable[Covered]) -> dict[str, dict[str, Counts]]:
    """Count by document and level: total, covered (a check judges it) and proven (a fault shows that it notices)."""
    found: dict[str, dict[str, Counts]] = {}
    for entry in entries:
        levels = found.setdefault(entry.requirement.document, {})
        count = levels.setdefault(entry.requirement.level.value, {"total": 0, "covered": 0, "proven": 0})
        count["total"] += 1
        count["covered"] += bool(entry.checks)
        count["proven"] += entry.proven
    order = [level.value for level in Level]
    return {
        document: dict(sorted(levels.items(), key=lambda item: order.index(item[0])))
        for document, levels in found.items()
    }


def total(counted: Iterable[Counts]) -> Counts:
    """Add counts up."""
    summed = {"total": 0, "covered": 0, "proven": 0}
    for count in counted:
        for name in summed:
            summed[name] += count[name]
    return summed

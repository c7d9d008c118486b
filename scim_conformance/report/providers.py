"""A run as the teams of identity providers ask: will it work with theirs? What works, what breaks, what people see.

The requirements of identity providers are told apart from those of the specifications: one may work with a target
although the RFCs forbid what it sends, and the other way round. Where they contradict each other both verdicts stand.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from scim_conformance.report.model import JUDGED, CheckResult, Judged, Report
from scim_conformance.report.text import counted

NAMES: Mapping[str, str] = {
    "ENTRA": "Microsoft Entra ID",
    "ENTRA-VALIDATOR": "Microsoft's SCIM Validator",
    "ENTRA-GALLERY": "Microsoft's tests for the application gallery",
    "OKTA": "Okta",
    "OKTA-SPEC": "Okta's SPEC test",
    "OKTA-OIN": "Okta's test plan for the Integration Network",
    "BRAZE": "Braze's SCIM API",
    "OTHER-IDP": "Other identity providers",
    "METHOD": "The provisioning methods",
    "MAPPING": "The attribute mapping",
}
"""What speaks in each document of the catalogue that is no specification, in the order in which reports tell of it."""

_TESTS = ("ENTRA-VALIDATOR", "ENTRA-GALLERY", "OKTA-SPEC", "OKTA-OIN")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A rule of the RFCs that asks for something else than the identity provider, and the verdict on each."""

    rule: str
    verdict: str
    """The verdict on the rule; "" where this run did not judge it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement of an identity provider: its verdict, who said so, and what an administrator would see."""

    entry: Judged
    checks: tuple[CheckResult, ...]
    contradictions: tuple[Contradiction, ...]

    @property
    def title(self) -> str:
        """The vendor's own name of the test where it has one, else the requirement in a sentence."""
        return self.entry.vendor_name or self.entry.summary

    @property
    def shown(self) -> list[str]:
        """What an administrator would see, each thing once."""
        return list(dict.fromkeys(text for check in self.checks for text in check.shown))


@dataclass(slots=True)
class Standing:
    """How a target stands with one identity provider."""

    document: str
    broken: list[Line] = field(default_factory=list)
    flawed: list[Line] = field(default_factory=list)
    open: list[Line] = field(default_factory=list)
    works: list[Line] = field(default_factory=list)
    recorded: list[Line] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The identity provider, or the vendor's own test."""
        return NAMES[self.document]

    @property
    def is_gate(self) -> bool:
        """Whether this is a vendor's own test, which one passes or not."""
        return self.document in _TESTS

    @property
    def tone(self) -> str:
        """How bad it is: good, mixed or bad."""
        return "bad" if self.broken else "mixed" if self.open or self.flawed else "good"

    @property
    def sentence(self) -> str:
        """The answer in a sentence."""
        judged = len(self.broken) + len(self.flawed) + len(self.works)
        if self.is_gate:
            if self.broken:
                unknown = f", {len(self.open)} could not be judged" if self.open else ""
                return f"would fail: {len(self.broken)} of {counted(judged + len(self.open), 'test')}{unknown}"
            if self.open:
                return f"is open: {counted(len(self.open), 'test')} could not be judged"
            return f"would pass: {counted(judged, 'test')}" if judged else "was not judged"
        if self.broken:
            return f"{len(self.broken)} of {counted(judged, 'requirement')} broken"
        if not judged:
            return "nothing was judged"
        return f"works: {counted(judged, 'requirement')} kept" if not self.flawed else f"works, {self._flaws(judged)}"

    def _flaws(self, judged: int) -> str:
        return f"with {counted(len(self.flawed), 'flaw')} in {counted(judged, 'requirement')}"

    @property
    def opening(self) -> str:
        """The identity provider and the answer, as one sentence."""
        return f"{self.name} {self.sentence}" if self.is_gate else f"{self.name}: {self.sentence}"

    def sections(self) -> dict[str, list[Line]]:
        """Return what works by the part of the documentation that it belongs to."""
        found: dict[str, list[Line]] = {}
        for line in self.works:
            found.setdefault(line.entry.section, []).append(line)
        return found


def is_provider(entry: Judged) -> bool:
    """Tell whether a requirement is an identity provider's and not a specification's."""
    return entry.document in NAMES


def standings(report: Report) -> list[Standing]:
    """Return how the target stands with each identity provider that the run judged by; none for a run by the RFCs."""
    checks = {check.id: check for check in report.checks}
    found: dict[str, Standing] = {}
    for entry in report.requirements.values():
        if is_provider(entry):
            standing = found.setdefault(entry.document, Standing(entry.document))
            place = _place(standing, entry)
            if place is not None:
                place.append(_line(entry, _about(entry, checks), report))
    return [found[document] for document in NAMES if document in found]


def _place(standing: Standing, entry: Judged) -> list[Line] | None:
    """Return where a requirement belongs by its verdict; nowhere where it does not apply."""
    if entry.verdict == "fail":
        return standing.flawed if entry.waived else standing.broken
    if entry.weight == 0 and entry.verdict in JUDGED:
        return standing.recorded
    places = {"warn": standing.flawed, "note": standing.works, "pass": standing.works}
    return places.get(entry.verdict, None if entry.verdict == "skip" else standing.open)


def _about(entry: Judged, checks: Mapping[str, CheckResult]) -> Iterable[CheckResult]:
    """Return the checks that say about a requirement what its verdict is."""
    return (check for id_ in entry.checks if (check := checks[id_]).verdict_on(entry.id) == entry.verdict)


def _line(entry: Judged, checks: Iterable[CheckResult], report: Report) -> Line:
    against = []
    for rule in entry.contradicts:
        of_rule = report.requirements.get(rule)
        against.append(Contradiction(rule, of_rule.verdict if of_rule and of_rule.verdict in JUDGED else ""))
    return Line(entry, tuple(checks), tuple(against))

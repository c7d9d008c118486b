"""What a run found out, as plain data: `CheckResult` for one check, `Report` for the whole run.

Everything here can be written as JSON and read back without loss. Verdicts are kept as their words,
so that reading a report needs neither the judge nor the client.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Protocol

FORMAT = 1

# From the worst to the mildest: a requirement's verdict is the worst of its checks'.
VERDICTS = ("fail", "error", "warn", "blocked", "note", "pass", "skip")

# A check with one of these verdicts ran to its end and said something about the target.
JUDGED = ("fail", "warn", "note", "pass")

# How binding a requirement is, by what breaking it means.
WEIGHTS = {"fail": 2, "warn": 1, "note": 0}


class Described(Protocol):
    """What the faces say about a requirement; the catalogue's entries and `Judged` both offer it."""

    @property
    def id(self) -> str: ...  # noqa: D102 - the names are the contract
    @property
    def document(self) -> str: ...  # noqa: D102
    @property
    def section(self) -> str: ...  # noqa: D102
    @property
    def level(self) -> str: ...  # noqa: D102
    @property
    def severity(self) -> str: ...  # noqa: D102
    @property
    def summary(self) -> str: ...  # noqa: D102
    @property
    def area(self) -> str: ...  # noqa: D102
    @property
    def breaks(self) -> str: ...  # noqa: D102
    @property
    def vendor_name(self) -> str: ...  # noqa: D102
    @property
    def evidence(self) -> str: ...  # noqa: D102
    @property
    def contradicts(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def contradiction(self) -> str: ...  # noqa: D102


@dataclass(slots=True)
class CheckResult:
    """What one check said, with its evidence; every text in it is already free of secrets."""

    id: str
    title: str
    suite: str
    verdict: str
    requirements: list[str] = field(default_factory=list)
    message: str = ""
    expected: list[str] = field(default_factory=list)
    actual: str = ""
    warnings: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    exchanges: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0
    waived: dict[str, str] | None = None
    detail: str = ""
    kind: str = ""
    """Of a skip: `unsupported` (the target says so) or `disabled` (the operator said so)."""
    broken: str = ""
    """Of a check that judges several requirements: the one its fail is about; empty means all of them."""
    observed: dict[str, bool] = field(default_factory=dict)
    """Of capabilities that the target does not advertise: whether they work all the same."""
    shown: list[str] = field(default_factory=list)
    """What the administrator of an identity provider would see."""

    @property
    def failed(self) -> bool:
        """Whether this check fails the run: a fail that nobody waived."""
        return self.verdict == "fail" and self.waived is None

    def verdict_on(self, requirement: str) -> str:
        """Return what this check says about one of its requirements.

        A fail about another one of them leaves the rest unjudged, which is what `blocked` means.
        """
        if self.verdict in ("fail", "warn") and self.broken in self.requirements and self.broken != requirement:
            return "blocked"
        return self.verdict

    def to_json(self) -> dict[str, Any]:
        """Return the result as JSON members."""
        return asdict(self) | {"verdict": str(self.verdict), "seconds": round(self.seconds, 4)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "CheckResult":
        """Return the result that `to_json` wrote; unknown members are a TypeError."""
        return cls(**data)


@dataclass(slots=True)
class Judged:
    """One requirement, what the catalogue says of it, and the worst verdict of the checks that judge it."""

    id: str
    document: str
    section: str
    level: str
    severity: str
    area: str
    summary: str
    breaks: str
    verdict: str
    waived: bool = False
    checks: list[str] = field(default_factory=list)
    vendor_name: str = ""
    evidence: str = ""
    contradicts: list[str] = field(default_factory=list)
    contradiction: str = ""

    @property
    def weight(self) -> int:
        """How binding it is: 2 where breaking it is a fail, 1 a warning, 0 a matter of choice."""
        return WEIGHTS[self.severity]

    def to_json(self) -> dict[str, Any]:
        """Return the entry as JSON members; its id is the key it stands under."""
        members = asdict(self)
        del members["id"]
        return members

    @classmethod
    def of(cls, requirement: Described, verdict: str) -> "Judged":
        """Return the entry of a requirement of the catalogue."""
        return cls(
            id=requirement.id,
            document=requirement.document,
            section=requirement.section,
            level=str(requirement.level),
            severity=str(requirement.severity),
            area=requirement.area,
            summary=requirement.summary,
            breaks=requirement.breaks,
            verdict=verdict,
            vendor_name=requirement.vendor_name,
            evidence=requirement.evidence,
            contradicts=list(requirement.contradicts),
            contradiction=requirement.contradiction,
        )


@dataclass(slots=True)
class Report:
    """One run: what was tested and how, every check, and what that means for every requirement."""

    tool: dict[str, str]
    started: str
    finished: str
    target: str
    profiles: list[str]
    features: dict[str, Any]
    checks: list[CheckResult]
    requirements: dict[str, Judged]
    totals: dict[str, int]
    requests: int
    claims: list[dict[str, Any]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """What is wrong with the run besides its checks: waivers that expired or are no longer
    needed, resources that could not be deleted."""
    complete: bool = False
    format: int = FORMAT

    @property
    def seconds(self) -> float:
        """How long the run took."""
        return max(0.0, (_instant(self.finished) - _instant(self.started)).total_seconds())

    @property
    def waived(self) -> list[CheckResult]:
        """The fails that somebody waived."""
        return [check for check in self.checks if check.verdict == "fail" and check.waived is not None]

    def with_verdict(self, *verdicts: str) -> list[CheckResult]:
        """Return the checks with one of these verdicts, waived fails left out."""
        return [check for check in self.checks if check.verdict in verdicts and check.waived is None]

    def judged(self, check: CheckResult) -> list[Judged]:
        """Return the entries of the requirements that a check judges, the broken one and the gravest first."""
        entries = [self.requirements[name] for name in check.requirements if name in self.requirements]
        return sorted(entries, key=lambda entry: (entry.id != check.broken, -entry.weight))

    def area(self, check: CheckResult) -> str:
        """Return the area of a check: that of the requirement it is about, else its suite."""
        entries = self.judged(check)
        return entries[0].area if entries else check.suite

    def weight(self, check: CheckResult) -> int:
        """Return how binding what a check is about is; a check without a requirement counts as a MUST."""
        entries = self.judged(check)
        return entries[0].weight if entries else 2

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON members, `complete` last."""
        members = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("format", "complete")}
        members["checks"] = [check.to_json() for check in self.checks]
        members["requirements"] = {name: entry.to_json() for name, entry in self.requirements.items()}
        return {"format": self.format} | members | {"complete": self.complete}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Report":
        """Return the report that `to_json` wrote; `read` in `json_file` is the one to call for files."""
        members = dict(data)
        members["checks"] = [CheckResult.from_json(check) for check in data["checks"]]
        members["requirements"] = {name: Judged(id=name, **entry) for name, entry in data["requirements"].items()}
        return cls(**members)

    def redacted(self, redact: Callable[[str], str]) -> "Report":
        """Return a copy whose free texts have gone through `redact`, the last net before anything is written.

        Ids, words of the vocabulary and texts of the catalogue stay as they are.
        """
        return replace(
            self,
            target=redact(self.target),
            features=each_text(self.features, redact),
            problems=each_text(self.problems, redact),
            checks=[_redacted(check, redact) for check in self.checks],
        )


def _redacted(check: CheckResult, redact: Callable[[str], str]) -> CheckResult:
    names = ("message", "expected", "actual", "warnings", "notes", "exchanges", "detail", "shown")
    return replace(check, **{name: each_text(getattr(check, name), redact) for name in names})


def each_text(value: Any, change: Callable[[str], str]) -> Any:
    """Return JSON data with every text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {name: each_text(member, change) for name, member in value.items()}
    if isinstance(value, Sequence):
        return [each_text(member, change) for member in value]
    return value


def worst(verdicts: Iterable[str]) -> str:
    """Return the worst of some verdicts."""
    return min(verdicts, key=VERDICTS.index)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)

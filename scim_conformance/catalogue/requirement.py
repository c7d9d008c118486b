"""One normative statement, and how hard its breach weighs."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Party = Literal["service-provider", "client", "both", "spec"]
Testable = Literal["black-box", "conditional", "no"]
Evidence = Literal["", "DOC", "CAPTURE", "3RD", "UNVERIFIED"]
"""How sure it is that an identity provider does so: its vendor's documentation, a recorded exchange, a third party's
word, or none of them: what nobody has verified is recorded and never fails a target."""


class Severity(StrEnum):
    """What a broken requirement earns: its verdict when a check finds it broken."""

    FAIL = "fail"
    WARN = "warn"
    NOTE = "note"


class Level(StrEnum):
    """The word a specification uses; STATED is behaviour it tells without one of RFC 2119's words."""

    MUST = "MUST"
    MUST_NOT = "MUST NOT"
    REQUIRED = "REQUIRED"
    STATED = "STATED"
    SHOULD = "SHOULD"
    SHOULD_NOT = "SHOULD NOT"
    RECOMMENDED = "RECOMMENDED"
    MAY = "MAY"
    OPTIONAL = "OPTIONAL"

    @property
    def severity(self) -> Severity:
        """What breaking a statement of this level earns, unless its row says otherwise."""
        return _SEVERITIES[self]


_SEVERITIES = {
    Level.MUST: Severity.FAIL,
    Level.MUST_NOT: Severity.FAIL,
    Level.REQUIRED: Severity.FAIL,
    Level.STATED: Severity.FAIL,
    Level.SHOULD: Severity.WARN,
    Level.SHOULD_NOT: Severity.WARN,
    Level.RECOMMENDED: Severity.WARN,
    Level.MAY: Severity.NOTE,
    Level.OPTIONAL: Severity.NOTE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One normative statement of one document; the columns are explained at the head of each data file."""

    id: str
    document: str
    section: str
    level: Level
    party: Party
    summary: str
    testable: Testable
    area: str
    severity: Severity
    gates: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    keyword: str = ""
    why: str = ""
    source: str = ""
    severity_reason: str = ""
    breaks: str = ""
    contradiction: str = ""
    contradicts: tuple[str, ...] = ()
    """The requirements of the RFCs that ask for something else; `contradiction` says why."""
    evidence: Evidence = ""
    vendor_name: str = ""
    """The name that a vendor gives to a test of its own gate."""
    unchecked: str = ""
    unproven: str = ""

    @property
    def observable(self) -> bool:
        """Whether its breach can be seen from outside, on some target at least."""
        return self.testable != "no"

    @property
    def binds_provider(self) -> bool:
        """Whether a service provider has to obey it, alone or together with clients."""
        return self.party in ("service-provider", "both")


@dataclass(frozen=True, slots=True)
class Note:
    """What a specification leaves open or contradicts itself in, and the verdict that is fair there."""

    id: str
    title: str
    text: str

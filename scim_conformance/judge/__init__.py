"""The language that checks are written in: expectations, verdicts, and resources built from what a target serves."""

from scim_conformance.client.errors import BrokenAnswer, HarnessError
from scim_conformance.judge.compare import differences
from scim_conformance.judge.expect import Expectation, expect
from scim_conformance.judge.people import Person, person
from scim_conformance.judge.resources import build
from scim_conformance.judge.verdicts import Blocked, Verdict, Violation, note, observe, warn

__all__ = [
    "Blocked",
    "BrokenAnswer",
    "Expectation",
    "HarnessError",
    "Person",
    "Verdict",
    "Violation",
    "build",
    "differences",
    "expect",
    "note",
    "observe",
    "person",
    "warn",
]

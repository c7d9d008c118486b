"""The proof that verdicts can be trusted: every check against broken servers, and against lawfully different ones.

Each case is a run of its own in process, with a server, a probe and gates of its own: a
fault may well change what a target advertises. For a fault the outcome is turned round:
a check that fails has caught it.
"""

from scim_conformance.proof.outcome import CAUGHT, Case, Outcome, plain, summary, unproven
from scim_conformance.proof.proving import cases, processors, prove

__all__ = ["CAUGHT", "Case", "Outcome", "cases", "plain", "processors", "prove", "summary", "unproven"]

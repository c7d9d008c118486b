"""What can go wrong between us and a target; whose fault it is stands in the type.

HarnessError            ours, or the network's: never held against the target
Unreachable         no connection: name, port, TLS
BadTarget           options that cannot name a target
ForeignResource     the guard refused to touch what this run did not create
Throttled           the target keeps asking us to wait
BrokenAnswer            the target's: it was reached, and did not give a whole HTTP answer in time
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scim_conformance.client.exchange import Exchange


class HarnessError(Exception):
    """The harness, its options or the network failed; the target is not to blame."""


class Unreachable(HarnessError):  # noqa: N818 - the name says what happened, its base that it is an error
    """No connection to the target could be made; the text says why and what to do next."""


class BadTarget(HarnessError):  # noqa: N818 - the same
    """The options do not describe a target that can be talked to."""


class ForeignResource(HarnessError):  # noqa: N818 - the same
    """A write was refused before it was sent, because this run did not create the resource it aims at."""


class Throttled(HarnessError):  # noqa: N818 - the same
    """The target still answers 429 after all the waiting that the options allow."""


class BrokenAnswer(Exception):  # noqa: N818 - it says what the target did; "Error" names our own faults here
    """The target was reached but gave no whole, valid HTTP answer in time; `exchange` shows how far it came."""

    def __init__(self, reason: str, exchange: Exchange) -> None:
        super().__init__(reason)
        self.reason = reason
        self.exchange = exchange

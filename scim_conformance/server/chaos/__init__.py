"""Chaos: ways in which a sound service is spoiled on its way to the client, as broken proxies, networks and servers do.

A way is a function that is given one moment, a request with the answer that the service has made to it, and lets the
client see something else. It is called for the requests that `when` chooses; all others are answered as they should::

    @chaos(when=reading)
    def cut_bodies(moment: Moment) -> None:
        \"\"\"The connection is closed amid the body of a resource.\"\"\"
        answer = moment.answer()
        moment.send(answer[: -len(moment.response.body) // 2])

The service carries a request out when its answer is first asked for. The connection is closed afterwards, unless the
function returns True. Most ways leave discovery as it is, or few runs would begin. To put the reference server behind
one: `scim-conformance serve --chaos NAME`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from scim_conformance.server.messages import Request
from scim_conformance.server.registry import find_entry, load_package

__all__ = [
    "CHAOS",
    "Chaos",
    "always",
    "anything",
    "chaos",
    "creating",
    "deleting",
    "discovering",
    "find",
    "listing",
    "load_all",
    "reading",
]

When = Callable[[Request], bool]
_DISCOVERY = {"serviceproviderconfig", "resourcetypes", "schemas"}


@dataclass(frozen=True, slots=True)
class Chaos:
    """One way of spoiling the answers to those requests that `when` chooses."""

    id: str
    title: str
    spoil: Callable[[Any], bool | None] = field(repr=False)
    when: When = field(repr=False)


CHAOS: dict[str, Chaos] = {}
"""Every way that was loaded, by its id."""


def chaos(*, when: When) -> Callable[[Callable[[Any], Any]], Callable[[Any], Any]]:
    """Register a way of spoiling the answers to some requests."""

    def register(spoil: Callable[[Any], Any]) -> Callable[[Any], Any]:
        id_ = spoil.__name__.replace("_", "-")
        title = (spoil.__doc__ or "").strip().partition("\n")[0]
        CHAOS[id_] = Chaos(id_, title, spoil, when)
        return spoil

    return register


def load_all() -> dict[str, Chaos]:
    """Import every module of ways and give all of them."""
    load_package(__name__, list(__path__))
    return CHAOS


def find(id_: str) -> Chaos:
    """Find a way by its id; raise UnknownEntry, which names the closest."""
    return find_entry(load_all(), id_, "chaos")


def _segments(request: Request) -> Iterable[str]:
    parts = [part for part in request.path.split("/") if part]
    for number, part in enumerate(parts):
        if part.lower() in ("users", "groups", "me", "bulk", ".search", *_DISCOVERY):
            return parts[number:]
    return []


def anything(_request: Request) -> bool:
    """Choose every request."""
    return True


def discovering(request: Request) -> bool:
    """Choose every request for a discovery document."""
    segments = list(_segments(request))
    return bool(segments) and segments[0].lower() in _DISCOVERY


def always(request: Request) -> bool:
    """Choose every request that is not about discovery."""
    return not discovering(request)


def reading(request: Request) -> bool:
    """Choose each GET of one resource."""
    return request.method == "GET" and always(request) and len(list(_segments(request))) > 1


def listing(request: Request) -> bool:
    """Choose each query: a GET of an endpoint, and a search."""
    segments = list(_segments(request))
    searching = request.method == "POST" and bool(segments) and segments[-1] == ".search"
    return searching or (request.method == "GET" and always(request) and len(segments) == 1)


def creating(request: Request) -> bool:
    """Choose each POST that creates a resource."""
    return request.method == "POST" and list(_segments(request))[-1:] in (["Users"], ["Groups"])


def deleting(request: Request) -> bool:
    """Choose each DELETE."""
    return request.method == "DELETE"

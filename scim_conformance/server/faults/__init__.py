"""Faults: reference services broken in exactly one way that the specifications forbid.

A fault is a function that damages the one service it is given. It stands in the module of its area, names the
requirements it breaks, and says in its docstring's first line what is wrong::

    @fault("RFC7644-3.6-06")
    def delete_answers_200(service: Service) -> None:
        \"\"\"DELETE succeeds with 200 and a body instead of 204.\"\"\"
        swap(service.answers, "deleted", lambda: Response(200, Headers(), b"{}"))

The tools are `swap`, `around`, `after`, `answer` and `skip` of scim_conformance.server.alter.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from scim_conformance.server.alter import after, answer, around, skip, swap
from scim_conformance.server.registry import (
    Apply,
    BadEntry,
    area,
    check_new,
    entry_id,
    entry_title,
    find_entry,
    load_package,
)

__all__ = ["FAULTS", "Fault", "after", "answer", "around", "fault", "find", "load_all", "skip", "swap"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One way of being wrong: its id, the requirements it breaks, a title, and how a service comes to be so."""

    id: str
    requirements: tuple[str, ...]
    title: str
    area: str
    apply: Apply = field(repr=False)


FAULTS: dict[str, Fault] = {}
"""Every fault that was loaded, by its id."""


def fault(*requirements: str) -> Callable[[Apply], Apply]:
    """Register a fault that breaks these requirements; raise BadEntry if it names none or has no title."""

    def register(apply: Apply) -> Apply:
        id_ = entry_id(apply)
        check_new(FAULTS, id_, apply)
        if not requirements:
            raise BadEntry(f"{id_} names no requirement; a fault breaks at least one.")
        FAULTS[id_] = Fault(id_, requirements, entry_title(apply), area(apply), apply)
        return apply

    return register


def load_all() -> dict[str, Fault]:
    """Import every module of faults and give all of them."""
    load_package(__name__, list(__path__))
    return FAULTS


def find(id_: str) -> Fault:
    """Find a fault by its id; raise UnknownEntry, which names the closest."""
    return find_entry(load_all(), id_, "fault")

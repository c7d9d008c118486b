"""Variants: reference services that differ in exactly one way which the specifications allow.

A variant is a function that changes the one service it is given; its docstring's first line names what the RFC, or a
note on it, allows. `options` are what an operator would have to say for a run against such a server: `features` and
`hints` as in the configuration file, or `base_path`, where the base URL differs. `profiles` are those that have to
leave it in peace: what the RFCs allow may still be what an identity provider cannot work with.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from scim_conformance.server.alter import after, answer, around, skip, swap
from scim_conformance.server.registry import (
    Apply,
    Served,
    area,
    check_new,
    entry_id,
    entry_title,
    find_entry,
    load_package,
)
from scim_conformance.server.service import Service

__all__ = ["VARIANTS", "Variant", "after", "answer", "around", "find", "load_all", "skip", "swap", "variant"]


@dataclass(frozen=True, slots=True)
class Variant:
    """One way of being different and right: its id, a title, how a service comes to be so, and operator's options."""

    id: str
    title: str
    area: str
    apply: Apply = field(repr=False)
    options: Mapping[str, Any] = field(default_factory=dict)
    profiles: tuple[str, ...] = ("rfc",)
    server: Served = "rfc"


VARIANTS: dict[str, Variant] = {}
"""Every variant that was loaded, by its id."""


def variant(
    *, profiles: tuple[str, ...] = ("rfc",), server: Served = "rfc", **options: Any
) -> Callable[[Apply], Apply]:
    """Register a variant, with the operator's options a run against it needs; raise BadEntry if it has no title."""

    def register(apply: Apply) -> Apply:
        id_ = entry_id(apply)
        check_new(VARIANTS, id_, apply)
        VARIANTS[id_] = Variant(id_, entry_title(apply), area(apply), apply, options, profiles, server)
        return apply

    return register


def load_all() -> dict[str, Variant]:
    """Import every module of variants and give all of them."""
    load_package(__name__, list(__path__))
    return VARIANTS


def find(id_: str) -> Variant:
    """Find a variant by its id, or several at once by `id+id`; raise UnknownEntry, which names the closest."""
    known = load_all()
    found = [find_entry(known, each, "variant") for each in id_.split("+")]
    return found[0] if len(found) == 1 else _together(id_, found)


def _together(id_: str, several: list[Variant]) -> Variant:
    def apply(service: Service) -> None:
        for each in several:
            each.apply(service)

    options: dict[str, Any] = {}
    for each in several:
        for name, value in each.options.items():
            options[name] = {**options.get(name, {}), **value} if isinstance(value, Mapping) else value
    title = " ".join(each.title for each in several)
    return Variant(id_, title, "several", apply, options, several[0].profiles, several[0].server)

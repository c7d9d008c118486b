"""Lawful variants that can stand in one server: a run of the suites against several at once proves each of them quiet.

A whole run a variant would take most of the time of a proof. Variants share a server where they change different rules
of it. Where a variant of a pack keeps a check from judging, it could hide a false alarm against another; such checks
are run again against each half of the pack, until they were judged or one variant is left. So are those that complain:
two variants that are lawful each may not be so together.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scim_conformance.proof.outcome import Case, Outcome, plain
from scim_conformance.report.model import JUDGED

if TYPE_CHECKING:
    from scim_conformance.server.service import Service
    from scim_conformance.server.variants import Variant

SIZE = 16
"""How many variants share a server at most; where one of more is loud, more halves have to be run to find it."""

_NEEDED = (("capabilities", "patch"), ("capabilities", "filter"))
"""Who denies these is examined alone: so much is gated off then that hardly anything would be saved."""

_Place = tuple[str, ...]


def packs(chosen: Iterable[Case]) -> list[Case]:
    """Put variants that change different rules and are judged by the same profiles together.

    A proof without the sound server has none to compare with: there each stands alone.
    """
    from scim_conformance.server.variants import load_all  # noqa: PLC0415 - the server is heavy

    chosen = list(chosen)
    if not any(case.kind == "sound" for case in chosen):
        return chosen
    known = load_all()
    whole: list[Case] = []
    open_packs: list[tuple[list[Case], set[_Place]]] = []
    for case in chosen:
        places = _changed(known[case.id]) if case.kind == "variant" else None
        if not places:
            whole.append(case)
            continue
        for members, taken in open_packs:
            if members[0].profiles == case.profiles and len(members) < SIZE and not taken & places:
                members.append(case)
                taken.update(places)
                break
        else:
            open_packs.append(([case], set(places)))
    return whole + [_packed(members) for members, _ in open_packs]


def _packed(members: list[Case]) -> Case:
    if len(members) == 1:
        return members[0]
    ids = "+".join(member.id for member in members)
    titles = " ".join(member.title for member in members)
    return Case("variant", ids, titles, members=tuple(members), profiles=members[0].profiles)


def _changed(variant: "Variant") -> set[_Place] | None:
    """Return the places of a service that a variant changes; None where it denies much, or needs an option."""
    from scim_conformance.server import reference  # noqa: PLC0415 - the server is heavy
    from scim_conformance.server.braze import braze  # noqa: PLC0415 - the same

    if variant.options:
        return None
    service = braze() if variant.server == "braze" else reference()
    before = _places(service)
    variant.apply(service)
    after = _places(service)
    if any(before.get(place) and not after.get(place) for place in _NEEDED):
        return None
    return {place for place in before.keys() | after.keys() if before.get(place) is not after.get(place)}


def _places(service: "Service") -> dict[_Place, Any]:
    found: dict[_Place, Any] = {}
    for name, part in vars(service).items():
        found[name,] = part
        for member, value in getattr(part, "__dict__", {}).items():
            found[name, member] = value
            if isinstance(value, Mapping):
                found |= {(name, member, str(key)): each for key, each in value.items()}
    # A schema is made anew with each change of an attribute; its attributes tell which was changed.
    found = {place: each for place, each in found.items() if place[0] != "schemas" or len(place) == 1}
    for schema in getattr(service, "schemas", ()):
        found |= {("schemas", schema.id, attribute.name): attribute for attribute in schema.attributes}
    return found


def unjudged(outcome: Outcome, sound: Outcome | None) -> tuple[str, ...]:
    """Return the checks, without their parameters, that judged the sound server and not these variants."""
    judged = {id_ for id_, verdict in outcome.verdicts.items() if verdict in JUDGED}
    known = sound.verdicts.items() if sound else ()
    return tuple(sorted({plain(id_) for id_, verdict in known if verdict in JUDGED and id_ not in judged}))


def halves(outcome: Outcome, sound: Outcome | None) -> list[Case]:
    """Return what is still to be examined of a pack, each half of it by itself; nothing where it was all judged.

    All of it where the run broke off, or none of it can be told without the sound server; else only the checks that
    complained, or that some member kept from judging. So this member is found in a few steps.
    """
    only = outcome.case.only
    if sound is not None and not outcome.problem:
        only = tuple(sorted({*unjudged(outcome, sound), *map(plain, outcome.complaints())}))
        if not only:
            return []
    members = outcome.case.members
    middle = len(members) // 2
    return [replace(_packed(list(half)), only=only) for half in (members[:middle], members[middle:])]


def joined(outcome: Outcome, before: Outcome | None) -> Outcome:
    """Return an outcome with what an earlier run of a larger pack has shown; what complained there was run again."""
    if before is None or before.problem:
        return outcome
    again = {plain(id_) for id_ in before.complaints()}
    shown = {id_: verdict for id_, verdict in before.verdicts.items() if plain(id_) not in again}
    return replace(
        outcome,
        verdicts=shown | outcome.verdicts,
        claims=before.claims | outcome.claims,
        messages=before.messages | outcome.messages,
    )


def each(outcome: Outcome) -> list[Outcome]:
    """Return the outcome of a pack, or of one variant, as one of each variant in it."""
    members = outcome.case.members or (replace(outcome.case, only=()),)
    return [replace(outcome, case=member, seconds=outcome.seconds / len(members)) for member in members]

"""What the checks of attribute mappings share: rounds of provisioning, and the rows that apply to the target."""

from typing import Any

import pytest

from scim_conformance.idp.arrivals import row_of, sound
from scim_conformance.idp.cases import Case
from scim_conformance.idp.provisioning import Provisioning, Step, readable
from scim_conformance.idp.rounds import Rounds
from scim_conformance.judge import Blocked


@pytest.fixture(scope="session")
def rounds(scim, scim_session, features, mark):
    """The rounds of provisioning of this run, each gone through once."""
    known: dict[str, str | None] = {}

    def leader(name: str) -> str | None:
        if name not in known:
            try:
                known[name] = scim_session.baseline.make("User")["id"]
            except Blocked:
                known[name] = None
        return known[name]

    return Rounds(scim, features, leader, mark)


@pytest.fixture(scope="session")
def on(rounds):
    """Give how a row is provisioned and a round of it: `on(case, "created")`; skipped where the target has no place."""

    def look(case: Case, name: str) -> tuple[Provisioning, Step]:
        row = row_of(case)
        way = rounds.way(case.mapping, row.object)
        if row.target in way.unserved:
            pytest.skip(f"unsupported: {way.unserved[row.target]}")
        step = rounds.step(case.mapping, row.object, name)
        problem = readable(row, step.person)
        if problem:
            raise Blocked(f"{case.mapping.name}, line {row.line}: {problem}")
        return way, step

    return look


@pytest.fixture(scope="session")
def on_sound(on):
    """The same; blocked where the row's plain value does not come back in the first place."""

    def look(case: Case, name: str) -> tuple[Provisioning, Step]:
        sound(case, *on(case, "created"))
        return on(case, name)

    return look


@pytest.fixture(scope="session")
def whole(rounds):
    """Give the answers to the requests that had everything in them, by kind of object: `whole(case, "created")`."""

    def look(case: Case, name: str) -> dict[str, Any]:
        kinds = [kind for kind, rows in (("user", case.mapping.users), ("group", case.mapping.groups)) if rows]
        served = [kind for kind in kinds if rounds.way(case.mapping, kind).rows]
        if not served:
            pytest.skip("unsupported: the target's schemas have no place for any row of the mapping")
        if name != "created" and any(rounds.step(case.mapping, kind, "created").refused for kind in served):
            raise Blocked("values are refused by themselves, so that no request with all of them can be accepted")
        return {kind: rounds.step(case.mapping, kind, name).whole for kind in served}

    return look

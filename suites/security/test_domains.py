"""externalId belongs to the provisioning domain of the client, RFC 7643 sections 3.1 and 9.3."""

import json
from typing import Any, NamedTuple

import pytest

from scim_conformance.judge import Blocked, Violation, expect


class Namesakes(NamedTuple):
    """Two users whom two clients of different domains call the same, and what was answered when they were made."""

    external_id: str
    own: dict[str, Any]
    response: Any
    other: dict[str, Any] | None


@pytest.fixture(scope="session")
def finds(scim, listed_in, acting):
    """Give the ids of the users that a client, "" for the run itself, finds by an externalId."""

    def look(who: str, external_id: str) -> list[Any]:
        how = acting(who) if who else {}
        return [
            user.get("id") for user in listed_in(scim.query("User", f"externalId eq {json.dumps(external_id)}", **how))
        ]

    return look


@pytest.fixture(scope="session")
def namesakes(scim_session, scim, mark, finds, filters, acting):
    """A user of the run's, and one of the other client's with the same externalId; both are deleted by their own."""
    filters()
    baseline, external_id = scim_session.baseline, f"ext-{mark()}"
    own = baseline.make("User", externalId=external_id)
    if finds("", external_id) != [own["id"]]:
        raise Blocked("a user is not found by its externalId, even while there is no other client's")
    kind, how = baseline.resource_type("User"), acting("other")
    response = scim.create(kind, baseline.body(kind, externalId=external_id), **how)
    if response.status in (401, 403):
        raise Blocked(f"the other client may not create users: POST answered {response.status}")
    other = baseline.created(response, kind)
    yield Namesakes(external_id, own, response, other)
    scim_session.discard([own])
    if other is not None and scim.delete((kind, other["id"]), **how).status == 204:
        scim.journal.deleted(kind.endpoint, other["id"])


@pytest.fixture
def both(namesakes):
    """The two users, on a target that created both."""
    if namesakes.other is None:
        raise Blocked(f"the other client's user could not be created: POST answered {namesakes.response.status}")
    return namesakes


@pytest.mark.requirement("RFC7643-3.1-16")
def test_same_external_id_is_taken_from_two_clients(scim, namesakes):
    """A client may use an externalId that a client of another domain uses for another resource."""
    expect(scim.recall(namesakes.response)).success()


@pytest.mark.requirement("RFC7643-3.1-16")
@pytest.mark.parametrize("who", ["own", "other"])
def test_clients_find_their_own_by_external_id(both, finds, who):
    """A filter on externalId finds for each client the resource that it calls so, and not the other client's."""
    wanted = both.own["id"] if who == "own" else both.other["id"]
    found = finds("" if who == "own" else "other", both.external_id)
    if found != [wanted]:
        raise Violation(
            "A filter on externalId does not find exactly the client's own resource.",
            expected=[f"the user {wanted} alone"],
            actual=f"users {', '.join(map(str, found)) or 'none'}",
        )


@pytest.mark.requirement("RFC7643-9.3-02")
def test_external_id_of_another_domain_is_not_shown(scim, both, acting):
    """A client that may read a resource does not see what a client of another domain calls it."""
    response = scim.read(both.own, **acting("other"))
    if response.status != 200:
        pytest.skip(f"unsupported: the other client may not read the resource, it is answered {response.status}")
    expect(response).where(both.external_id not in response.text, expected="no externalId of the other domain")

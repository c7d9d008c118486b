"""What the checks of Braze's SCIM API share: a client that speaks it, and dashboard users of this run's own."""

import dataclasses
from typing import Any

import pytest

from scim_conformance.idp.braze import BrazeCustomClient
from scim_conformance.judge import Blocked, expect

NEVER_ISSUED = "never-issued"
OTHER_ORIGIN = "other.example.net"


@pytest.fixture(scope="session")
def braze(scim):
    """The client that speaks Braze's SCIM API."""
    return BrazeCustomClient(scim)


@pytest.fixture(scope="session")
def somebody(scim_session, braze):
    """Invent a person whom no other check has: `somebody(department="bi")`."""

    def invent(**overrides: Any) -> dict[str, Any]:
        return braze.person(scim_session.person().mark, **overrides)

    return invent


@pytest.fixture(scope="session")
def created(braze):
    """Create a user from a person; blocked where that fails, or where the first one cannot be looked up."""
    looked_up: list[int] = []

    def create(person: dict[str, Any]) -> dict[str, Any]:
        outcome = braze.create_user(person)
        if outcome.resource is None:
            raise Blocked(f"creating a user failed: {outcome.shown}")
        looked_up[:] = looked_up or [braze.read(outcome.resource["id"]).status]
        if looked_up == [404]:
            raise Blocked("creating a user failed: whoever was created cannot be looked up")
        return outcome.resource

    return create


@pytest.fixture
def hire(scim_session, created, somebody):
    """Create users of this check's own: `hire(permissions={...})`; they are deleted when the check is over."""
    made = []

    def create(**overrides: Any) -> dict[str, Any]:
        made.append(created(somebody(**overrides)))
        return made[-1]

    yield create
    scim_session.discard(made)


@pytest.fixture(scope="session")
def default_workspace(operator):
    """The name of the default workspace."""
    return operator.workspace


@pytest.fixture
def in_workspace(default_workspace):
    """Write permissions in the default workspace: `in_workspace("basic_access", team=[...])`."""

    def permissions(*granted: str, **more: Any) -> dict[str, Any]:
        return {"appGroup": [{"appGroupName": default_workspace, "appGroupPermissions": list(granted), **more}]}

    return permissions


@pytest.fixture(scope="session")
def employee(created, somebody):
    """A person, and the user made of it, whom many checks share: read, do not change."""
    kept: dict[str, Any] = {}

    def once() -> tuple[dict[str, Any], dict[str, Any]]:
        if not kept:
            person = somebody(permissions={"companyPermissions": ["manage_company_settings"]})
            kept["pair"] = (person, created(person))
        return kept["pair"]

    return once


@pytest.fixture
def look_up(braze):
    """Show a user as a GET shows it now; blocked where it cannot be read."""

    def read(user: dict[str, Any]) -> dict[str, Any]:
        answer = braze.read(user["id"])
        if answer.status != 200 or not answer.is_json or not isinstance(answer.json, dict):
            raise Blocked(f"looking the user up failed: GET answered {answer.status}")
        return answer.json

    return read


@pytest.fixture
def must_list():
    """Expect an answer to be a list of so many users, and return them."""

    def users(answer: Any, total: int) -> list[dict[str, Any]]:
        expect(answer).status(200).json_object().has("totalResults", total)
        found = answer.json.get("Resources")
        expect(answer).where(isinstance(found, list) and len(found) == total, expected=f"Resources with {total} users")
        return found

    return users


@pytest.fixture
def nobody_is_told(braze, once, scim):
    """Blocked where a GET does not tell by a 404 that nobody has an id: that is another check's finding."""
    answer = once("braze: nobody", lambda: braze.read(scim.unknown_id()))
    if answer.status != 404:
        raise Blocked(f"a GET of an id that nobody has is answered {answer.status}")


@pytest.fixture
def found_user(braze, employee, once):
    """Give the shared user as a search shows it; blocked where the search does not find it."""
    person, _ = employee()
    answer = once("braze: search for the shared user", lambda: braze.search(person["userName"]))
    found = answer.json.get("Resources") if answer.is_json and isinstance(answer.json, dict) else None
    if not isinstance(found, list) or not found or not isinstance(found[0], dict):
        raise Blocked("a search does not find the user who has the userName")
    return found[0]


@pytest.fixture(scope="session")
def strangers(scim):
    """The credentials of those who may not come in, by what is wrong with them."""
    right = scim.target.credentials
    without_secrets = right.of_another(None)
    return {
        "no token": {"credentials": without_secrets},
        "another token": {"credentials": without_secrets, "headers": {"Authorization": f"Bearer {NEVER_ISSUED}"}},
        "no origin": {"credentials": dataclasses.replace(right, origin=None)},
        "another origin": {"credentials": dataclasses.replace(right, origin=OTHER_ORIGIN)},
    }


@pytest.fixture
def must_keep_out(braze, somebody, hire):
    """Expect that a request of a stranger is refused with 401, be it to read, to create, to update or to delete."""

    def judge(operation: str, stranger: dict[str, Any]) -> Any:
        user, person = hire(), somebody()
        requests = {
            "search": lambda: braze.search(user["userName"], **stranger),
            "look-up": lambda: braze.read(user["id"], **stranger),
            "create": lambda: braze.create(braze.body(person), **stranger),
            "update": lambda: braze.update(user["id"], braze.update_body({**person, "department": "bi"}), **stranger),
            "delete": lambda: braze.delete(user["id"], **stranger),
        }
        answer = requests[operation]()
        expect(answer).refused(401)
        if operation in ("update", "delete"):
            after = braze.read(user["id"])
            still = after.status == 200 and after.is_json and after.json.get("department") != "bi"
            expect(after).where(still, expected=f"the user as before the {operation} that was refused")
        if operation == "create":
            after = braze.search(person["userName"])
            none = after.is_json and isinstance(after.json, dict) and not after.json.get("Resources")
            expect(after).where(none, expected="no user: creating it was refused")
        return answer

    return judge


OPERATIONS = ("search", "look-up", "create", "update", "delete")


@pytest.fixture(params=OPERATIONS)
def operation(request):
    """Each of the five endpoints."""
    return request.param

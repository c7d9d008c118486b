"""What the checks of other identity providers share: requests as they send them, users and groups of their own."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from scim_conformance.judge import Blocked, Violation, expect

USER = "urn:ietf:params:scim:schemas:core:2.0:User"


@pytest.fixture(scope="session")
def sent(scim):
    """Send a request as it is: `sent("PATCH", path, body, user_agent="")`; no header is added but those given."""

    def send(method: str, path: str, body: Any = None, *, query: str | None = None, user_agent: str | None = None):
        headers = {} if user_agent is None else {"User-Agent": user_agent}
        content = None
        if body is not None:
            headers["Content-Type"] = "application/scim+json"
            content = json.dumps(body, ensure_ascii=False).encode()
        return scim.request(method, path, content=content, query=query, headers=headers)

    return send


@pytest.fixture(scope="session")
def found(sent):
    """Search an endpoint by a filter, percent-encoded whole, and give the answer."""
    return lambda endpoint, text: sent("GET", endpoint, query=f"filter={quote(text, safe='')}")


@pytest.fixture(scope="session")
def template(scim_session):
    """Write a user as an administrator's template has it."""

    def write(**given: Any) -> dict[str, Any]:
        one = scim_session.person()
        return {
            "schemas": [USER],
            "userName": one.user_name,
            "name": {"givenName": one.given_name, "familyName": one.family_name, "formatted": one.display_name},
            "emails": [{"value": one.user_name, "type": "work", "primary": True}],
        } | given

    return write


@pytest.fixture(scope="session")
def peopled(once, scim_session):
    """Three users, to be read alone."""
    return lambda: once("others' staff", lambda: [scim_session.baseline.make("User") for _ in range(3)])


@pytest.fixture
def team(peopled, mark, make):
    """Create groups of a check's own with the first so many of the users."""

    def create(members: int) -> dict[str, Any]:
        listed = [{"value": one["id"]} for one in peopled()[:members]]
        return make("Group", displayName=f"Group {mark()}", members=listed)

    return create


@pytest.fixture
def consists(scim):
    """Expect that a group has exactly these users as its members; blocked where it cannot be read."""

    def judge(group: dict[str, Any], *users: dict[str, Any]) -> None:
        response = scim.read(group)
        if response.status != 200 or not response.is_json:
            raise Blocked(f"a group cannot be read: GET answered {response.status}")
        listed = {one.get("value") for one in response.json.get("members") or [] if isinstance(one, dict)}
        wanted = {one["id"] for one in users}
        missing, more = len(wanted - listed), len(listed - wanted)
        if missing or more:
            raise Violation(
                f"The group has {len(listed)} members: {missing} are missing, {more} too many.",
                expected=[", ".join(sorted(wanted)) or "nobody"],
                actual=", ".join(sorted(map(str, listed))) or "nobody",
            )

    return judge


@pytest.fixture(scope="session")
def one_user():
    """Expect that a search found one user and nobody else."""

    def judge(response: Any, user: dict[str, Any]) -> None:
        expect(response).status(200).json_object()
        ids = [one.get("id") for one in response.body.get("Resources") or [] if isinstance(one, dict)]
        expect(response).where(ids == [user["id"]], expected=f"the user {user['id']} alone", actual=f"{len(ids)} users")

    return judge

"""A service of a company's own as a client of Braze's SCIM API: the provisioning method `custom`.

Braze's documentation asks such a service for a bearer token, a header with the name that was configured as the service
origin, and JSON; it offers five endpoints on users. There is no PATCH and no `active`: who leaves is deleted.
"""

from collections.abc import Mapping
from typing import Any, Final

from scim_conformance.client.client import ScimClient
from scim_conformance.client.errors import BrokenAnswer
from scim_conformance.client.features import USER
from scim_conformance.client.response import NotJson, Response
from scim_conformance.idp.outcome import Conclusion, Outcome

DEPARTMENTS: Final = ("agency", "bi", "c_suite", "engineering", "finance", "marketing", "pm")
_HEADERS: Final = {"Accept": "*/*"}
_WITH_BODY: Final = {**_HEADERS, "Content-Type": "application/json"}
_GONE: Final = 404
_TAKEN: Final = 409

Person = Mapping[str, Any]
"""A person by the names of the API: userName (an e-mail address), name, department, and permissions or none."""


class BrazeCustomClient:
    """Keeps dashboard users up to date; each method is one step, and says what the service would conclude from it."""

    def __init__(self, scim: ScimClient) -> None:
        self.scim = scim

    # -- bodies ------------------------------------------------------------------------------

    def person(self, mark: str, **overrides: Any) -> dict[str, Any]:
        """Invent a person whose names carry `mark` (lower-case letters and digits)."""
        names = {"givenName": "Test", "familyName": f"User {mark}"}
        return {"userName": f"{mark}@example.com", "name": names, "department": "marketing", **overrides}

    def body(self, person: Person) -> dict[str, Any]:
        """Return the body that creates a person."""
        members = ("userName", "name", "department", "permissions")
        return {"schemas": [USER], **{name: person[name] for name in members if name in person}}

    def update_body(self, person: Person) -> dict[str, Any]:
        """Return the body that updates a person: without the userName, which cannot be changed, with permissions."""
        return {name: value for name, value in self.body({"permissions": {}, **person}).items() if name != "userName"}

    # -- steps -------------------------------------------------------------------------------

    def test_connection(self) -> Outcome:
        """Search for somebody who is not there: the cheapest request that needs the token and the origin."""
        response = self.search(f"{self.scim.unknown_id()}@example.com")
        if response.status in (200, _GONE) and _object(response) is not None:
            return Outcome("test connection", Conclusion.CONNECTED, responses=(response,))
        return _failed("test connection", response)

    def match_user(self, person: Person) -> Outcome:
        """Look for a person by userName."""
        response = self.search(str(person["userName"]))
        if response.status == _GONE:  # what is answered where nobody has the userName is not documented
            return Outcome("search user", Conclusion.UNCHANGED, "nobody has this userName: 404", responses=(response,))
        found = (_object(response) or {}).get("Resources")
        if response.status != 200 or not isinstance(found, list):  # noqa: PLR2004 - OK
            return _failed("search user", response, "the answer is no list of users")
        if not found:
            return Outcome("search user", Conclusion.UNCHANGED, "nobody has this userName", responses=(response,))
        if len(found) > 1 or not isinstance(found[0], dict) or not found[0].get("id"):
            return _failed("search user", response, "the answer does not tell which one user is meant")
        return Outcome("search user", Conclusion.LINKED, responses=(response,), resource=found[0])

    def create_user(self, person: Person) -> Outcome:
        """Create a dashboard user, with permissions where the person has any."""
        response = self.create(self.body(person))
        user = _object(response) or {}
        if response.is_success and user.get("id"):
            return Outcome("create user", Conclusion.CREATED, responses=(response,), resource=user)
        why = "the user exists already" if response.status == _TAKEN else "the answer shows no new user"
        return _failed("create user", response, why)

    def provision(self, person: Person) -> Outcome:
        """Bring a person into the dashboard: search, then create, or update whoever was found."""
        found = self.match_user(person)
        if not found.ok:
            return found
        done = self.create_user(person) if found.resource is None else self.update_user(found.resource, person)
        responses = (*found.responses, *done.responses)
        return Outcome(done.step, done.conclusion, done.why, done.shown, responses, done.resource)

    def read_user(self, user: Person) -> Outcome:
        """Look a user up by id."""
        response = self.read(str(user["id"]))
        shown = _object(response)
        if response.status != 200 or shown is None:  # noqa: PLR2004 - OK
            return _failed("look up user", response)
        return Outcome("look up user", Conclusion.LINKED, responses=(response,), resource=shown)

    def update_user(self, user: Person, person: Person) -> Outcome:
        """Replace the name, the department and the permissions of a user by those of a person."""
        response = self.update(str(user["id"]), self.update_body(person))
        if response.status != 200 or _object(response) is None:  # noqa: PLR2004 - OK
            return _failed("update user", response)
        return Outcome("update user", Conclusion.UPDATED, responses=(response,), resource=_object(response))

    def delete_user(self, user: Person) -> Outcome:
        """Delete a user; who is gone already counts as deleted."""
        response = self.delete(str(user["id"]))
        if response.status in (200, 204, _GONE):
            return Outcome("delete user", Conclusion.DELETED, responses=(response,))
        return _failed("delete user", response)

    # -- requests, as they go on the wire ------------------------------------------------------

    def search(self, user_name: str, **request: Any) -> Response:
        """Search by userName, with blanks as %20 and quotes as %22, as the documentation has it."""
        return self.find(f'userName eq "{user_name}"', **request)

    def find(self, condition: str | None, **request: Any) -> Response:
        """Search with any filter, or without one."""
        params = None if condition is None else {"filter": condition}
        return self.scim.get("/Users", params=params, **_with(_HEADERS, request))

    def read(self, user_id: str, **request: Any) -> Response:
        """Look a user up by id."""
        return self.scim.read(("/Users", user_id), **_with(_HEADERS, request))

    def create(self, body: Any, **request: Any) -> Response:
        """Send the body of a new user."""
        return self.scim.post("/Users", json=body, **_with(_WITH_BODY, request))

    def update(self, user_id: str, body: Any, **request: Any) -> Response:
        """Send the body of a user to be updated."""
        return self.scim.replace(("/Users", user_id), body, **_with(_WITH_BODY, request))

    def delete(self, user_id: str, **request: Any) -> Response:
        """Delete a user by id."""
        return self.scim.delete(("/Users", user_id), **_with(_HEADERS, request))


def _with(headers: Mapping[str, str], request: dict[str, Any]) -> dict[str, Any]:
    more = request.get("headers") or {}
    pairs = list(more.items()) if isinstance(more, Mapping) else list(more)
    named = {name.lower() for name, _ in pairs}
    return {**request, "headers": [*((k, v) for k, v in headers.items() if k.lower() not in named), *pairs]}


def _object(response: Response) -> dict[str, Any] | None:
    try:
        found = response.json
    except (NotJson, BrokenAnswer):
        return None
    return found if isinstance(found, dict) else None


def _failed(step: str, response: Response, why: str = "") -> Outcome:
    """Conclude that a step failed; the service's log shows the status, and the detail where there is one."""
    body = _object(response) or {}
    detail = str(body.get("detail") or "")[:200]
    shown = f"HTTP {response.status}" + (f": {detail}" if detail else "")
    return Outcome(step, Conclusion.FAILED, why or f"it was answered {response.status}", shown, (response,))

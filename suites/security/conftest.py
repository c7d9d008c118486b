"""What the checks of rights share: users of this run's own, and attempts of others to change them."""

import dataclasses
from typing import Any

import pytest

from scim_conformance.judge import Blocked, Violation, expect
from scim_conformance.judge.resources import naming_attribute

WRITES = ("POST", "PUT", "PATCH", "DELETE")


@dataclasses.dataclass
class Attempt:
    """A write by somebody who has no right to it: its answer, and in words what it did all the same."""

    response: Any
    harm: str = ""

    def must_be_in_vain(self, *preferred: int) -> None:
        """Expect a refusal, best with one of these statuses, that left everything as it was."""
        expect(self.response).refused(*preferred)
        if self.harm:
            exchange = self.response.exchange
            message = f"{exchange.method} {exchange.url} was refused, and yet {self.harm}."
            raise Violation(message, expected=["everything as it was"], actual=self.harm)

    def must_be_refused(self) -> None:
        """Block a check of how refusals look unless this is one; that it is one is another check's business."""
        if not 400 <= self.response.status < 500:
            raise Blocked(f"{self.response.exchange.method} was not refused but answered {self.response.status}")


class Attempts:
    """Tries writes on a user of this run's own, each once a run; what was deleted is not tried again."""

    def __init__(self, session: Any, client: Any, victim: dict[str, Any]):
        self._session, self._client, self._victim = session, client, victim
        self._kind = session.baseline.resource_type("User")
        self._name = naming_attribute(self._kind)
        served = {a.name: a for a in session.features.schema_of(self._kind).attributes}
        # Some targets let nobody change a userName, whatever rights he has.
        free = "displayName" in served and served["displayName"].mutability == "readWrite"
        self._changed = "displayName" if free else self._name
        self._gone = False

    def victim(self) -> dict[str, Any]:
        """Return the user that is tried to be changed."""
        if self._gone:
            raise Blocked("the user was deleted before by somebody who has no right to it")
        return self._victim

    def of(self, who: str, method: str, how: dict[str, Any]) -> Attempt:
        """Let somebody try a write; the answer to the first time serves every check that asks."""
        return self._session.baseline.once(("attempt", id(self), who, method), lambda: self._try(method, how))

    def _try(self, method: str, how: dict[str, Any]) -> Attempt:
        victim, new = self.victim(), self._session.baseline.body(self._kind)
        mark = self._session.person().user_name
        match method:
            case "POST":
                mark = new[self._name]
                response = self._client.create(self._kind, new, **how)
            case "PUT":
                kept = {name: victim[name] for name in ("id", self._name) if name in victim}
                response = self._client.replace(victim, new | kept | {self._changed: mark}, **how)
            case "PATCH":
                change = {"op": "replace", "path": self._changed, "value": mark}
                response = self._client.modify(victim, change, **how)
            case _:
                response = self._client.delete(victim, **how)
        attempt = Attempt(response)
        if 400 <= response.status < 500:
            attempt.harm = self._harm(method, mark)
        if method == "DELETE" and (attempt.harm or response.status < 400):
            self._gone = True
        return attempt

    def _harm(self, method: str, mark: str) -> str:
        """Look, with the rights of the run, for what a refused write did; without filters a POST keeps its secret."""
        if method == "POST":
            if not self._session.features.fact("filter").holds:
                return ""
            answer = self._client.query(self._kind, f'{self._name} eq "{mark}"')
            return "the user was created" if mark in answer.text and answer.status == 200 else ""
        answer = self._client.read(self.victim())
        if answer.status in (404, 410):
            return "the user is gone"
        if answer.status != 200:
            raise Blocked(f"reading the user back failed: GET answered {answer.status}")
        return "the user was changed" if mark in answer.text else ""


@pytest.fixture(scope="session")
def other_tenant(scim_session, scim):
    """The client to the second tenant, with that tenant's token, else with the same as here."""
    if scim.target.other_tenant_url is None:
        pytest.skip("disabled: no second tenant was given (--other-tenant-url)")
    held, token = scim.target.credentials, scim.target.tokens.get("other-tenant")
    return scim_session.elsewhere(scim.target.other_tenant_url, held.of_another(token) if token else held)


@pytest.fixture(scope="session")
def attempts_on(scim_session):
    """Make attempts to change a user that a client of this run's own has created."""
    return lambda client, victim: Attempts(scim_session, client, victim)


@pytest.fixture(scope="session")
def attempts(scim_session, scim, attempts_on):
    """Attempts to change a user of this run's own."""
    victim = scim_session.baseline.make("User")
    yield attempts_on(scim, victim)
    scim_session.discard([victim])


@pytest.fixture(params=WRITES)
def write(request, features):
    """Each method that writes; PATCH where the target supports it."""
    if request.param == "PATCH" and not features.fact("patch").holds:
        pytest.skip(f"{features.fact('patch').kind}: {features.fact('patch').reason}")
    return request.param


@pytest.fixture
def tokens_are_checked(scim_session, scim, attempts):
    """Blocked where a token that was never issued opens a resource: then it is not rights that are at fault."""

    def ask() -> int:
        held = scim.target.credentials
        invented = {**held_without_token(held), "headers": [("Authorization", "Bearer never-issued")]}
        return scim.read(attempts.victim(), **invented).status

    status = scim_session.baseline.once("a token that was never issued", ask)
    if status < 400:
        raise Blocked(f"a token that was never issued is answered with {status}")


def held_without_token(held: Any) -> dict[str, Any]:
    """Write the credentials of a request that brings an Authorization header of its own."""
    return {"credentials": held.of_another(None)}

"""What is said at /Me, once a run: somebody gets a resource of his own, reads, changes and deletes it by that name."""

import dataclasses
from typing import Any

import pytest

from scim_conformance.judge import Blocked
from scim_conformance.judge.resources import naming_attribute

ME = "/Me"
OURS = "GET /Me has shown that it means a resource which this run created"
NOT_OFFERED = (404, 405, 501)


@dataclasses.dataclass
class Conversation:
    """The answers to requests for /Me, by their names, and the resource they are about; `own` if this run made it."""

    answers: dict[str, Any] = dataclasses.field(default_factory=dict)
    names: dict[str, str] = dataclasses.field(default_factory=dict)
    created: dict[str, Any] | None = None
    place: tuple[str, str] = ("", "")
    own: bool = False


def object_of(answer: Any) -> dict[str, Any]:
    """Return the resource that a successful answer shows, an empty one where it shows none."""
    return answer.json if answer.status < 300 and answer.is_json and isinstance(answer.json, dict) else {}


class Caller:
    """A client that acts for a user, or the run's own where its token does."""

    def __init__(self, session: Any, how: dict[str, Any]):
        self._session, self._scim, self._how = session, session.client, how
        self._kind = session.baseline.resource_type("User")
        self._name = naming_attribute(self._kind)

    def talk(self) -> Conversation:
        """Read what is there; where nothing is, create it, and then change and delete it. What was there is left."""
        found = Conversation()
        found.answers["before"] = self._scim.get(ME, **self._how)
        if found.answers["before"].status == 404:
            self._create(found)
        if found.own:
            self._change(found)
        return found

    def _create(self, found: Conversation) -> None:
        body = self._session.baseline.body(self._kind)
        made = found.answers["POST"] = self._scim.post(ME, json=body, **self._how)
        if not made.is_success:
            return
        seen = found.answers["GET"] = self._scim.get(ME, **self._how)
        found.created = object_of(made) or object_of(seen)
        id_ = found.created.get("id")
        if not isinstance(id_, str) or not id_:
            return
        found.place = (self._endpoint(found.created), id_)
        found.answers["after POST"] = self._scim.read(found.place)
        found.own = object_of(seen).get("id") == object_of(found.answers["after POST"]).get("id") == id_

    def _endpoint(self, created: dict[str, Any]) -> str:
        """Return the endpoint of the resource's type, under which it is deleted, whatever Location said."""
        meta, places = created.get("meta"), self._scim.journal.endpoints_of(created["id"])
        type_ = meta.get("resourceType") if isinstance(meta, dict) else None
        served = self._session.features.resource_type(type_) if isinstance(type_, str) else None
        if served is None:
            return next((place for place in places if place != ME), self._kind.endpoint)
        if served.endpoint not in places:
            self._scim.journal.created(0, served.endpoint, created["id"])
        return served.endpoint

    def _change(self, found: Conversation) -> None:
        ask, names = self._scim.request, found.names
        names["PATCH"], names["PUT"] = (self._session.person().user_name for _ in range(2))
        found.answers["HEAD"] = ask("HEAD", ME, **self._how)
        if self._session.features.fact("patch").holds:
            change = {"op": "replace", "path": self._name, "value": names["PATCH"]}
            message = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [change]}
            found.answers["PATCH"] = ask("PATCH", ME, json=message, unguarded=OURS, **self._how)
            found.answers["after PATCH"] = self._scim.read(found.place)
        body = self._session.baseline.body(self._kind) | {self._name: names["PUT"], "id": found.place[1]}
        found.answers["PUT"] = ask("PUT", ME, json=body, unguarded=OURS, **self._how)
        found.answers["after PUT"] = self._scim.read(found.place)
        gone = found.answers["DELETE"] = ask("DELETE", ME, unguarded=OURS, **self._how)
        if gone.status not in NOT_OFFERED:
            found.answers["after DELETE"] = self._scim.read(found.place)
            if found.answers["after DELETE"].status == 404:
                self._scim.journal.deleted(*found.place)


@pytest.fixture(scope="session")
def talked(scim_session, acting):
    """Have the conversation, once a run."""
    caller = Caller(scim_session, acting("user"))
    return lambda: scim_session.baseline.once(ME, caller.talk)


@pytest.fixture
def conversation(talked):
    """What was said at /Me; the check does not apply where the target offers no such thing to this client."""
    found = talked()
    before, made = found.answers["before"], found.answers.get("POST")
    if before.status in (403, 405, 501):
        pytest.skip(f"unsupported: /Me is answered {before.status}")
    if before.status == 404 and (made is None or not made.is_success):
        pytest.skip(f"unsupported: the client has no resource of its own, and POST /Me was answered {made.status}")
    return found


@pytest.fixture
def own(conversation):
    """What was said at /Me about a resource that this run created there; where it found one, it changes nothing."""
    if conversation.created is None:
        pytest.skip("unsupported: the client has a resource already, and what this run did not create it leaves alone")
    if not conversation.own:
        raise Blocked("GET /Me does not show what POST /Me created")
    return conversation

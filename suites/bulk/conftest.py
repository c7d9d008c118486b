"""What the checks of bulk jobs share: people to work on, operations, and jobs that are sent once and judged often.

A job is sent once a run; each check judges another side of the answer. What jobs create is deleted by a job at the end.
"""

from contextlib import suppress
from typing import Any

import pytest

from scim_conformance.judge import Blocked
from scim_conformance.judge.bulk import BULK_REQUEST, Job
from scim_conformance.judge.expect import member_of

PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
MOST_AT_ONCE = 20


class Bulk:
    """Writes operations and sends jobs, and remembers what is to be deleted at the end."""

    def __init__(self, session: Any, text: str, *, patching: bool) -> None:
        self.session, self.scim, self.baseline = session, session.client, session.baseline
        self.text, self.patching = text, patching
        self.sent: dict[str, dict[str, Any]] = {}
        self.made: list[tuple[str, str]] = []

    # -- operations ------------------------------------------------------------------------

    def person(self) -> dict[str, Any]:
        """Create a user by a plain POST."""
        sent = self.baseline.body("User")
        response = self.scim.create(self.baseline.resource_type("User"), sent)
        resource = self.baseline.created(response, self.baseline.resource_type("User"))
        if resource is None:
            raise Blocked(f"creating a User failed: POST answered {response.status}")
        self.sent[resource["id"]] = sent
        self.made.append((self.scim.endpoint("User"), resource["id"]))
        return resource

    def place(self, resource: dict[str, Any], kind: str = "User") -> str:
        """Give the path of a resource."""
        return str(self.scim.location((kind, resource["id"])))

    def post(self, bulk_id: str, kind: str = "User", **given: Any) -> dict[str, Any]:
        """Write the operation that creates a resource."""
        data = self.baseline.body(kind, **given)
        return {"method": "POST", "path": self.scim.endpoint(kind), "bulkId": bulk_id, "data": data}

    def put(self, user: dict[str, Any], value: str) -> dict[str, Any]:
        """Write the operation that gives a user's text attribute a value by PUT."""
        data = {**self.sent[user["id"]], "id": user["id"], self.text: value}
        return {"method": "PUT", "path": self.place(user), "data": data}

    def patch(self, path: str, op: str, target: str, value: Any) -> dict[str, Any]:
        """Write the operation that changes one attribute by PATCH."""
        operation = {"op": op, "path": target, "value": value}
        return {"method": "PATCH", "path": path, "data": {"schemas": [PATCH_OP], "Operations": [operation]}}

    def change(self, user: dict[str, Any], value: str) -> dict[str, Any]:
        """Write the operation that gives a user's text attribute a value, by PATCH where that works."""
        return self.patch(self.place(user), "replace", self.text, value) if self.patching else self.put(user, value)

    def missing(self) -> dict[str, Any]:
        """Write an operation that has to fail with 404: it deletes what does not exist."""
        return {"method": "DELETE", "path": self.scim.location(("User", self.scim.unknown_id()))}

    # -- jobs ------------------------------------------------------------------------------

    def send(self, operations: dict[str, dict[str, Any]], **members: Any) -> Job:
        """Send a job; what it creates is deleted at the end."""
        before = {one.number for one in self.scim.journal.leftovers}
        message = {"schemas": [BULK_REQUEST], **members, "Operations": list(operations.values())}
        job = Job(operations, self.scim.post("/Bulk", json=message))
        new = [one for one in self.scim.journal.leftovers if one.number not in before and one.id]
        self.made += [(one.endpoint, one.id) for one in new]
        return job

    def shown(self, user: dict[str, Any]) -> Any:
        """Give the text attribute of a user as a GET shows it now."""
        return self.baseline.read(("User", user["id"])).get(self.text)

    def version(self, shown: Any) -> str:
        """Give the version that the answer to a GET shows, by its ETag or in meta; blocked where it shows none."""
        found = shown.headers.get("ETag") or (member_of(shown.json, "meta.version") if shown.is_json else None)
        if shown.status != 200 or not isinstance(found, str):
            raise Blocked("a GET of the resource shows no version")
        return found

    def fails_alone(self, operation: dict[str, Any]) -> bool:
        """Tell whether a change, sent as a request of its own, does not do what it should either."""
        response = self.scim.request(operation["method"], operation["path"], json=operation["data"])
        value = operation["data"].get(self.text) or operation["data"]["Operations"][0]["value"]
        shown = self.scim.get(operation["path"])
        return response.status >= 300 or not shown.is_json or shown.json.get(self.text) != value

    def tidy(self) -> None:
        """Delete what was made, the latest first: by jobs where those work, else one by one."""
        holds = self.scim.journal.holds
        waiting = [(endpoint, id_) for endpoint, id_ in reversed(self.made) if holds({"id": id_})]
        places = [self.scim.location(each) for each in waiting]
        for start in range(0, len(places), MOST_AT_ONCE):
            self.send({each: {"method": "DELETE", "path": each} for each in places[start : start + MOST_AT_ONCE]})
        for place, (_, id_) in zip(places, waiting, strict=True):
            if holds({"id": id_}):
                self.scim.discard(place)


@pytest.fixture(scope="session")
def text_of_users(user_attribute, is_free_text, keeps):
    """The name of a text attribute of users that jobs change: displayName, else title, nickName or userType."""
    for name in ("displayName", "title", "nickName", "userType"):
        attribute = user_attribute(name)
        if attribute and is_free_text(attribute) and keeps(**{name: "Clerk"}):
            return name
    pytest.skip("unsupported: the target keeps none of displayName, title, nickName and userType of a user")


@pytest.fixture(scope="session")
def bulk(scim_session, features, text_of_users):
    """Operations and jobs; what they make is deleted when the run is over."""
    patching = features.fact("patch").holds
    try:
        scim_session.baseline.patch_works()
    except Blocked:
        patching = False
    found = Bulk(scim_session, text_of_users, patching=patching)
    yield found
    found.tidy()


@pytest.fixture(scope="session")
def people(bulk):
    """Three users of whom one is changed by PUT, one by PATCH, and one deleted."""
    return [bulk.person() for _ in range(3)]


@pytest.fixture
def mixed(bulk, people, scim_session):
    """A job of one operation of each method, all of which have to succeed, and what is there afterwards."""

    def ask() -> Job:
        replaced, modified, deleted = people
        job = bulk.send(
            {
                "created": bulk.post("anna"),
                "replaced": bulk.put(replaced, "Replaced"),
                "modified": bulk.change(modified, "Modified"),
                "deleted": {"method": "DELETE", "path": bulk.place(deleted)},
            }
        )
        job.shown = {
            "replaced": bulk.scim.read(("User", replaced["id"])),
            "modified": bulk.scim.read(("User", modified["id"])),
            "deleted": bulk.scim.read(("User", deleted["id"])),
        }
        with suppress(Blocked):
            job.shown["created"] = bulk.scim.read(("User", job.created("created")))
        return job

    return scim_session.baseline.once("bulk: mixed", ask)


@pytest.fixture
def working(mixed, bulk):
    """Blocked unless a plain bulk job has results, and creates and changes what it says."""
    _ = mixed.results
    changed, created = mixed.shown["modified"], mixed.shown.get("created")
    if not changed.is_json or changed.json.get(bulk.text) != "Modified" or (created and created.status != 200):
        raise Blocked("a plain bulk job does not do what it should, which other checks judge")


@pytest.fixture
def refusing(working, failing):  # noqa: ARG001 - the one stands on the other
    """Blocked unless a plain bulk job says of an operation that has to fail that it failed."""
    if not 400 <= failing.status("gone") < 500:
        raise Blocked("a bulk job does not tell that an operation failed, which other checks judge")


@pytest.fixture
def going_on(refusing, failing):  # noqa: ARG001 - the one stands on the other
    """Blocked unless a plain bulk job goes on after failures, and has a result for each operation."""
    if failing.shown != {"early": "Early", "late": "Late"}:
        raise Blocked("a failure changes what becomes of other operations, which another check judges")
    if len(failing.results) != len(failing.operations):
        raise Blocked("a bulk job does not have a result for each operation, which another check judges")


@pytest.fixture
def failing(bulk, people, scim_session, features):
    """A job in which some operations have to fail, between two that have to be performed all the same."""

    def ask() -> Job:
        first, last, _ = people
        operations = {
            "early": bulk.change(first, "Early"),
            "gone": bulk.missing(),
            "invalid": bulk.post("invalid", userName=None),
            "taken": bulk.post("taken", userName=bulk.sent[last["id"]]["userName"]),
        }
        if features.fact("etag").holds:
            operations["stale"] = {**bulk.change(first, "Stale"), "version": 'W/"of-another-time"'}
        job = bulk.send(operations | {"late": bulk.change(last, "Late")})
        job.shown = {"early": bulk.shown(first), "late": bulk.shown(last)}
        return job

    return scim_session.baseline.once("bulk: failing", ask)


@pytest.fixture
def failures(failing):
    """The results of the operations that failed, by their names; blocked where none did."""
    found = {name: failing.of(name) for name in ("gone", "invalid", "taken", "stale") if name in failing.operations}
    failed = {name: each for name, each in found.items() if each is not None and not failing.done(name)}
    if not failed:
        raise Blocked("no operation of a bulk job failed that had to, which other checks judge")
    return failed

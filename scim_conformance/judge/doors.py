"""Requests that need permission: what lies behind them, and how to find out that a refused one did nothing."""

import dataclasses
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from scim_conformance.client.client import PATCH_OP
from scim_conformance.judge.expect import expect
from scim_conformance.judge.resources import naming_attribute
from scim_conformance.judge.verdicts import Blocked, Violation

BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
NOT_OFFERED = (404, 405, 501)


def is_refusal(answer: Any) -> bool:
    """Tell whether an answer says that the request is not carried out: its status is a 4xx."""
    return bool(HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR)


class Kept:
    """One resource of each type, of this run's own, that no refused request may change; made when first needed."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._resources: dict[str, dict[str, Any]] = {}

    def of(self, resource_type: Any) -> dict[str, Any]:
        """Return the resource of this type."""
        if resource_type.name not in self._resources:
            self._resources[resource_type.name] = self._session.baseline.make(resource_type)
        return self._resources[resource_type.name]

    def naming(self, resource_type: Any) -> str:
        """Return the attribute that refused writes try to change."""
        wanted, resource = naming_attribute(resource_type), self.of(resource_type)
        if wanted in resource:
            return wanted
        texts = [
            name for name, value in resource.items() if isinstance(value, str) and name not in ("id", "externalId")
        ]
        if not texts:
            raise Blocked(f"a {resource_type.name} has no plain attribute that a write could change")
        return texts[0]

    def forget(self, resource_type: Any) -> None:
        """Make another one next time, because this one may have been changed."""
        self._resources.pop(resource_type.name, None)

    def unharmed(self, resource_type: Any) -> Callable[[Any, str], None]:
        """Give the judge of an answer to a GET after a refused request, which has neither changed nor deleted it."""
        before, name = self.of(resource_type)[self.naming(resource_type)], self.naming(resource_type)

        def judge(answer: Any, what: str) -> None:
            if answer.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
                message = f"{what} was refused, and yet the resource is gone."
                actual = f"reading it answers {answer.status}"
                raise Violation(message, expected=["the resource as it was"], actual=actual)
            if answer.status != HTTPStatus.OK or not answer.is_json or not isinstance(answer.json, dict):
                raise Blocked(f"reading the resource back failed: GET answered {answer.status}")
            if answer.json.get(name) != before:
                expected, actual = f"{name} = {before!r}", f"{name} = {answer.json.get(name)!r}"
                message = f"{what} was refused, and yet the resource was changed."
                raise Violation(message, expected=[expected], actual=actual)

        return judge


@dataclasses.dataclass
class Door:
    """One request that needs permission, and how to find out that a refused one did nothing.

    `name` is the operation and the resource type, `about` the id or name that it asks for. `optional`: a target need
    not offer this, so that 404, 405 or 501 is no other refusal than to anybody. `look` asks what is there after a
    refusal, `unharmed` judges the answer, and `performed` is called where the request may have been carried out.
    """

    scim: Any
    method: str
    path: str
    options: dict[str, Any] = dataclasses.field(default_factory=dict)
    name: str = ""
    about: str = ""
    optional: bool = False
    look: Callable[[], Any] | None = None
    unharmed: Callable[[Any, str], None] = lambda _answer, _what: None
    performed: Callable[[], None] = lambda: None

    def knock(self, **how: Any) -> Any:
        """Send the request with these credentials, headers and source address."""
        answer = self.scim.request(self.method, self.path, **{**self.options, **how})
        if not is_refusal(answer):
            self.performed()
        return answer

    def attempt(self, **how: Any) -> "Attempt":
        """Knock, and look after a refusal whether it did anything."""
        answer = self.knock(**how)
        attempt = Attempt(self, answer, self.look() if self.look and is_refusal(answer) else None)
        try:
            attempt.must_be_harmless()
        except (Violation, Blocked):
            self.performed()
        return attempt

    def must_refuse(self, *preferred: int, **how: Any) -> None:
        """Knock and expect a refusal that leaves everything as it was."""
        self.attempt(**how).must_be_refused(*preferred)


@dataclasses.dataclass
class Attempt:
    """A request without permission, the answer to it, and, after a refusal, the answer to a look at what is there."""

    door: Door
    answer: Any
    after: Any

    def must_be_refused(self, *preferred: int) -> None:
        """Expect a refusal that left everything as it was."""
        if not (self.door.optional and self.answer.status in NOT_OFFERED):
            expect(self.answer).refused(*preferred)
        self.must_be_harmless()

    def must_be_harmless(self) -> None:
        """Expect that everything is as it was."""
        if self.after is not None:
            self.door.unharmed(self.after, f"{self.door.method} {self.answer.exchange.url}")


class Doors:
    """Makes the doors of one target."""

    def __init__(self, scim: Any, features: Any, kept: Kept, body: Callable[..., dict[str, Any]]) -> None:
        self.scim, self.features, self.kept, self.body = scim, features, kept, body

    def door(self, operation: str, resource_type: Any) -> Door:
        """Return the door of one operation on one resource type."""
        door: Door = getattr(self, f"_{operation}")(resource_type)
        door.name = f"{operation} {resource_type.name}"
        return door

    def _guarding(self, resource_type: Any) -> dict[str, Any]:
        """Say how a door finds out that the resource of this run is as it was."""
        resource = self.kept.of(resource_type)
        return {"look": lambda: self.scim.read(resource), "unharmed": self.kept.unharmed(resource_type),
                "performed": lambda: self.kept.forget(resource_type)}  # fmt: skip

    def _found(self, resource_type: Any) -> dict[str, str]:
        """Return query parameters that keep an answer, should there be one, to a resource of this run."""
        if self.features.supports("filter") is False:
            return {"count": "1"}
        return {"filter": f'{self.kept.naming(resource_type)} eq "{self._name(resource_type)}"', "count": "1"}

    def _name(self, resource_type: Any) -> str:
        return str(self.kept.of(resource_type)[self.kept.naming(resource_type)])

    def _changed(self, resource_type: Any) -> str:
        """Return another value for the attribute by which a change would be seen."""
        return str(self.body(resource_type).get(self.kept.naming(resource_type), "Changed without permission"))

    def _on_resource(self, method: str, resource_type: Any, **options: Any) -> Door:
        guarding = {} if method in ("GET", "HEAD") else self._guarding(resource_type)
        resource = self.kept.of(resource_type)
        return Door(self.scim, method, self.scim.location(resource), options, about=resource["id"], **guarding)

    def _list(self, resource_type: Any) -> Door:
        asking = {"params": self._found(resource_type)}
        return Door(self.scim, "GET", resource_type.endpoint, asking, about=self._name(resource_type))

    def _read(self, resource_type: Any) -> Door:
        return self._on_resource("GET", resource_type)

    def _head(self, resource_type: Any) -> Door:
        door = self._on_resource("HEAD", resource_type)
        door.optional = True
        return door

    def _create(self, resource_type: Any) -> Door:
        """Look for what a refused POST may have created; a target without a working filter keeps its secret."""
        new, name = self.body(resource_type), naming_attribute(resource_type)
        door = Door(self.scim, "POST", resource_type.endpoint, {"json": new}, about=str(new.get(name, "")))
        if self.features.supports("filter") is not False and name in new:
            door.look = lambda: self.scim.query(resource_type, f'{name} eq "{new[name]}"')
            door.unharmed = lambda answer, what: self._must_not_exist(resource_type, answer, str(new[name]), what)
        return door

    def _must_not_exist(self, resource_type: Any, answer: Any, value: str, what: str) -> None:
        name = naming_attribute(resource_type)
        listed = answer.json if answer.is_json and isinstance(answer.json, dict) else {}
        for resource in listed.get("Resources") or []:
            if isinstance(resource, dict) and str(resource.get(name)).lower() == value.lower():
                self.scim.journal.created(0, resource_type.endpoint, str(resource.get("id")))
                raise Violation(f"{what} was refused, and yet the resource was created.", expected=["no such resource"],
                                actual=f"{name} = {resource.get(name)!r} is found")  # fmt: skip

    def _replace(self, resource_type: Any) -> Door:
        name = self.kept.naming(resource_type)
        new = self.body(resource_type) | {name: self._changed(resource_type)}
        return self._on_resource("PUT", resource_type, json=new | {"id": self.kept.of(resource_type)["id"]})

    def _patch(self, resource_type: Any) -> Door:
        operation = {"op": "replace", "path": self.kept.naming(resource_type), "value": self._changed(resource_type)}
        door = self._on_resource("PATCH", resource_type, json={"schemas": [PATCH_OP], "Operations": [operation]})
        door.optional = self.features.supports("patch") is not True
        return door

    def _delete(self, resource_type: Any) -> Door:
        return self._on_resource("DELETE", resource_type)

    # Endpoints beside those of the resource types; a target need not have them.

    def bulk(self, resource_type: Any) -> Door:
        """Return the door of a bulk request that would delete a resource of this run."""
        operation = {"method": "DELETE", "path": self.scim.location(self.kept.of(resource_type))}
        message = {"schemas": [BULK], "Operations": [operation]}
        guarding = self._guarding(resource_type)
        return Door(self.scim, "POST", "/Bulk", {"json": message}, name="bulk", optional=True, **guarding)

    def search(self, path: str, resource_type: Any) -> Door:
        """Return the door of a search by POST."""
        found = self._found(resource_type)
        message = {"schemas": [SEARCH], **found, "count": 1}
        return Door(self.scim, "POST", path, {"json": message}, name=f"search {path}", optional=True)

    def discovery(self, name: str) -> Door:
        """Return the door of a discovery endpoint, such as GET /Schemas."""
        method, path = name.split(" ")
        return Door(self.scim, method, path, name=name, optional=method == "HEAD")

    def me(self) -> Door:
        """Return the door of the caller's own resource, for reading alone: it is not this run's."""
        return Door(self.scim, "GET", "/Me", name="me", optional=True)

"""What the checks of access control share: doors to knock at, keys that fit and keys that do not."""

import dataclasses
import re
from collections.abc import Callable
from typing import Any

import pytest

from scim_conformance.judge import Blocked, Violation, expect, note
from scim_conformance.judge.resources import naming_attribute

PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
NEVER_ISSUED = "never-issued"
OTHER_ORIGIN = "other.example.net"
NO_TOKEN, A_WRONG_TOKEN, THE_RIGHT_TOKEN = "no token", "a wrong token", "the right token"
NOT_OFFERED = (404, 405, 501)
WRITES = ("create", "replace", "patch", "delete")
OPERATIONS = ("list", "read", "head", *WRITES)
_CREDENTIAL = re.compile(r"auth|token|secret|key|cookie|session|password", re.IGNORECASE)


# -- keys -----------------------------------------------------------------------------------


class Keys:
    """The right credentials, and the ways to come without them or with others."""

    def __init__(self, scim, redactor):
        self._scim = scim
        self._redactor = redactor
        self.right = scim.target.credentials
        self.token = self.right.token.reveal() if self.right.token else ""
        self.origin = self.right.origin or ""
        self.origin_header = self.right.origin_header

    def none(self) -> dict[str, Any]:
        """No token and no other secret; the origin header stays."""
        kept = tuple((name, value) for name, value in self.right.headers if not _CREDENTIAL.search(name))
        return {"credentials": dataclasses.replace(self.right, token=None, headers=kept)}

    def authorization(self, *values: str) -> dict[str, Any]:
        """Other Authorization headers than the right one; what they hold is kept out of every report."""
        for value in values:
            secret = value.partition(" ")[2].strip()
            if secret not in ("", self.token, NEVER_ISSUED):
                self._redactor.add(secret)
        return {**self.none(), "headers": [("Authorization", value) for value in values]}

    def bearer(self, token: str) -> dict[str, Any]:
        """Another token than the right one, in the right place."""
        return self.authorization(f"Bearer {token}")

    def wrong(self) -> dict[str, Any]:
        """A well-formed token that was never issued: as long as the right one, each letter and digit moved by one."""
        return self.bearer("".join(_next(character) for character in self.token) or NEVER_ISSUED)

    def named_origin(self, *values: str, header: str = "") -> dict[str, Any]:
        """Other origin headers than the right one (none at all without `values`), beside the right token."""
        credentials = dataclasses.replace(self.right, origin=None)
        return {"credentials": credentials, "headers": [(header or self.origin_header, value) for value in values]}

    def on_the_way(self, way: str) -> dict[str, Any]:
        """How somebody comes: by the name of a way, else by an Authorization header in which {} is the right token."""
        match way:
            case "the right token":
                return {}
            case "no token":
                return self.none()
            case "a wrong token":
                return self.wrong()
            case "no origin":
                return self.named_origin()
            case "another origin":
                return self.named_origin(OTHER_ORIGIN)
            case _:
                return self.authorization(way.format(self.token))

    @property
    def is_signed(self) -> bool:
        """Whether the token looks like a JWT, whose base64 has several spellings of one signature."""
        return self.token.count(".") == 2  # header, payload, signature


def _next(character: str) -> str:
    for row in ("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"):
        if character in row:
            return row[(row.index(character) + 1) % len(row)]
    return character


@pytest.fixture(scope="session")
def keys(scim_session, scim):
    """The right credentials, and the ways to come without them or with others."""
    return Keys(scim, scim_session.redactor)


@pytest.fixture
def guarded(keys):
    """Skips where the target needs no credentials at all: there is nothing to be refused."""
    if not keys.token and not any(_CREDENTIAL.search(name) for name, _ in keys.right.headers):
        pytest.skip("disabled: no credentials were given, so the target seems to need none")


@pytest.fixture(scope="session")
def revoked(scim):
    """The token that was in force before the present one."""
    return scim.target.tokens["revoked"].reveal()


# -- what is behind the doors ---------------------------------------------------------------


class Kept:
    """One resource of each type, of this run's own, that no refused request may change; made when first needed."""

    def __init__(self, session):
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
            if answer.status in (404, 410):
                message = f"{what} was refused, and yet the resource is gone."
                actual = f"reading it answers {answer.status}"
                raise Violation(message, expected=["the resource as it was"], actual=actual)
            if answer.status != 200 or not answer.is_json or not isinstance(answer.json, dict):
                raise Blocked(f"reading the resource back failed: GET answered {answer.status}")
            if answer.json.get(name) != before:
                expected, actual = f"{name} = {before!r}", f"{name} = {answer.json.get(name)!r}"
                message = f"{what} was refused, and yet the resource was changed."
                raise Violation(message, expected=[expected], actual=actual)

        return judge


@pytest.fixture(scope="session")
def kept(scim_session):
    """Resources of this run's own that no refused request may change."""
    return Kept(scim_session)


# -- doors ----------------------------------------------------------------------------------


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
        if not 400 <= answer.status < 500:
            self.performed()
        return answer

    def attempt(self, **how: Any) -> "Attempt":
        """Knock, and look after a refusal whether it did anything."""
        answer = self.knock(**how)
        attempt = Attempt(self, answer, self.look() if self.look and 400 <= answer.status < 500 else None)
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


@pytest.fixture(scope="session")
def attempt(once, keys):
    """Give what a door answers to somebody who comes in a way: asked once a run, for several checks judge it."""

    def ask(door: Door, way: str) -> Attempt:
        return once(("attempt", door.name, way), lambda: door.attempt(**keys.on_the_way(way)))

    return ask


@pytest.fixture(scope="session")
def doors(scim, features, kept, body):
    """The requests that a resource type answers, by the name of the operation."""
    return Doors(scim, features, kept, body)


class Doors:
    """Makes the doors of one target."""

    def __init__(self, scim, features, kept, body):
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


@pytest.fixture(params=OPERATIONS)
def door(request, doors, resource_type):
    """The door of each operation on each resource type that is served."""
    return doors.door(request.param, resource_type)


@pytest.fixture(params=OPERATIONS)
def one_door(request, doors, some_type):
    """The door of each operation on one resource type."""
    return doors.door(request.param, some_type)


@pytest.fixture(params=("list", "read", "head"))
def reading_door(request, doors, resource_type):
    """The doors of each resource type that is served, for reading."""
    return doors.door(request.param, resource_type)


@pytest.fixture(scope="session")
def some_type(features):
    """The resource type for questions that one type answers for all: users, else the first that is served."""
    found = features.resource_type("User") or next(iter(features.resource_types), None)
    if found is None:
        pytest.skip("unsupported: the target serves no resource type")
    return found


@pytest.fixture(params=("search", "search-a-type", "bulk", "me"))
def side_door(request, doors, some_type):
    """The door of each endpoint beside those of the resource types."""
    match request.param:
        case "search":
            return doors.search("/.search", some_type)
        case "search-a-type":
            return doors.search(f"{some_type.endpoint}/.search", some_type)
        case "bulk":
            return doors.bulk(some_type)
        case _:
            return doors.me()


@pytest.fixture(params=("GET /ServiceProviderConfig", "GET /ResourceTypes", "GET /Schemas", "HEAD /Schemas"))
def discovery_door(request, doors):
    """The door of each discovery endpoint."""
    return doors.discovery(request.param)


@pytest.fixture
def closed_discovery_door(discovery_door, attempt):
    """The door of each discovery endpoint that asks for credentials; many targets let anybody read these."""
    answer = attempt(discovery_door, NO_TOKEN).answer
    if not 400 <= answer.status < 500:
        pytest.skip(f"unsupported: {discovery_door.path} can be read without credentials")
    if answer.status in NOT_OFFERED:
        pytest.skip(f"unsupported: the target has no {discovery_door.path}")
    return discovery_door


@pytest.fixture(params=("read", "delete"))
def reading_or_deleting(request, doors, some_type):
    """One reading and one writing door, where more would only ask the same question again."""
    return doors.door(request.param, some_type)


@pytest.fixture
def reading(doors, some_type):
    """The door to one resource, for reading."""
    return doors.door("read", some_type)


@pytest.fixture
def answered(attempt, reading):
    """Give the answer of that door to somebody who comes without a token, with a wrong one, with another header."""
    return lambda way: attempt(reading, way).answer


class Plain:
    """The plain refusals, each tried once a run: others stand on them.

    What nearly fits is only tried where what does not fit at all is refused. So a target that does not look at tokens
    fails one check, and the rest is blocked.
    """

    def __init__(self, doors, some_type, attempt):
        self._doors, self._type, self._attempt = doors, some_type, attempt
        self._known: dict[str, str] = {}

    def need(self, *ways: str, but: Door | None = None) -> None:
        """Raise Blocked unless a plain read is refused in these ways; the check of that read itself is excepted."""
        reading = self._doors.door("read", self._type)
        if but is not None and but.name == reading.name:
            return
        for way in ways:
            if way not in self._known:
                status = self._attempt(reading, way).answer.status
                self._known[way] = "" if 400 <= status < 500 else f"a plain read with {way} is answered with {status}"
            if self._known[way]:
                raise Blocked(self._known[way])


@pytest.fixture(scope="session")
def plain(doors, some_type, attempt):
    """The plain refusals that others stand on."""
    return Plain(doors, some_type, attempt)


@pytest.fixture
def token_checked(plain):
    """Blocked unless a missing and a wrong token are refused."""
    plain.need(NO_TOKEN, A_WRONG_TOKEN)


@pytest.fixture
def origin_checked(plain):
    """Blocked unless a missing and a wrong origin are refused."""
    plain.need("no origin", "another origin")


@pytest.fixture
def must_serve():
    """Expect that a request is not turned away; whether the answer is right otherwise is not the question here."""

    def judge(answer: Any) -> None:
        expect(answer).where(answer.status not in (401, 403, 407), expected="a status other than 401, 403 and 407")

    return judge


@pytest.fixture
def record_choice():
    """Record whether a request, for which both is right, was served or refused; anything else is a violation."""

    def judge(answer: Any, what: str) -> None:
        served = 200 <= answer.status < 300
        expect(answer).where(served or 400 <= answer.status < 500, expected="served, or refused with a 4xx status")
        note(f"{what}: {'served' if served else f'refused with {answer.status}'}")

    return judge

"""What the checks of access control share: doors to knock at, keys that fit and keys that do not."""

import dataclasses
import re
from typing import Any

import pytest

from scim_conformance.judge import Blocked, expect, note
from scim_conformance.judge.doors import NOT_OFFERED, Attempt, Door, Doors, Kept

NEVER_ISSUED = "never-issued"
OTHER_ORIGIN = "other.example.net"
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


@pytest.fixture(scope="session")
def kept(scim_session):
    """Resources of this run's own that no refused request may change."""
    return Kept(scim_session)


# -- doors ----------------------------------------------------------------------------------


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
    answer = attempt(discovery_door, "no token").answer
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
    plain.need("no token", "a wrong token")


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
        served = answer.is_success
        expect(answer).where(served or 400 <= answer.status < 500, expected="served, or refused with a 4xx status")
        note(f"{what}: {'served' if served else f'refused with {answer.status}'}")

    return judge

"""The requests of Okta's SPEC test, each sent once a run, and the judge of its assertions."""

import json
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from scim_conformance.judge import Blocked, Violation, note
from scim_conformance.judge.vendor_tests import VendorClient, listed, veiled

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
MESSAGES = "urn:ietf:params:scim:api:messages:2.0:"


class Answered(NamedTuple):
    """The answer to a request of the test, with how long it took, and what was sent with it."""

    response: Any
    milliseconds: float
    sent: dict[str, Any]


@pytest.fixture(scope="session")
def okta(scim):
    """The client of the SPEC test: a content type with GET too, and plain JSON with POST."""
    reading = {
        "Accept-Charset": "utf-8",
        "Content-Type": "application/scim+json; charset=utf-8",
        "Accept": "application/scim+json",
        "User-Agent": "OKTA SCIM Integration",
    }
    writing = {
        "Accept-Charset": None,
        "Content-Type": "application/json",
        "Accept": "application/scim+json; charset=utf-8",
        "User-Agent": None,
    }
    return VendorClient(scim, "the SPEC test", reading=reading, writing=writing)


@pytest.fixture(scope="session")
def asked(once, scim, okta):
    """Send a request of the test once a run, and keep what foreign users hold out of the record."""

    def ask(name: str, path: str, query: str | None = None, sent: Any = None, **headers: str) -> Answered:
        def send() -> Answered:
            begun = time.monotonic()
            response = okta.get(path, query, **headers)
            took = 1000 * (time.monotonic() - begun)
            return Answered(veiled(response, scim), took, sent or {})

        return once(("SPEC test", name), send)

    return ask


@pytest.fixture(scope="session")
def person(once, mark):
    """The invented user of the test; its userName is an e-mail address."""

    def invent() -> dict[str, Any]:
        name = mark()
        given, family = "Tessa", f"Spec {name}"
        return {
            "schemas": [USER],
            "userName": f"{name}@example.com",
            "name": {"givenName": given, "familyName": family},
            "emails": [{"primary": True, "value": f"{name}@example.com", "type": "work"}],
            "displayName": f"{given} {family}",
            "active": True,
        }

    return once("the SPEC test's user", invent)


@pytest.fixture
def posted(once, okta, person):
    """The answer to the POST of that user."""

    def post() -> Answered:
        begun = time.monotonic()
        return Answered(okta.post("/Users", person), 1000 * (time.monotonic() - begun), person)

    return once("the SPEC test's POST", post)


@pytest.fixture
def reposted(once, okta, person):
    """The answer to a second POST of that user."""
    return once("the SPEC test's second POST", lambda: Answered(okta.post("/Users", person), 0, person))


@pytest.fixture
def first_id(first_page):
    """The id of the first user of the list; blocked where there is none, for the test has none to ask for either."""
    value = found(first_page, "Resources.0.id")
    if not isinstance(value, str) or not value:
        raise Blocked("the first page shows no user with an id; the SPEC test fails here too")
    return value


@pytest.fixture
def new_id(posted):
    """The id of that user; blocked where it was not created."""
    found = posted.response.json_object.get("id")
    if not posted.response.is_success or not isinstance(found, str):
        raise Blocked(
            f"the POST of the test's user answered {posted.response.status} without an id; the SPEC test fails here too"
        )
    return found


@pytest.fixture
def first_page(once, asked, okta, person, mark):
    """The first page of one user; where nobody is there, which the test cannot stand, a user is made before."""

    def turn() -> Answered:
        page = asked("before", "/Users", "count=1&startIndex=1")
        if page.response.status != 200 or listed(page.response):
            return page
        okta.created("/Users", {**person, "userName": f"{mark()}@example.com"})
        return asked("1", "/Users", "count=1&startIndex=1")

    return once("the SPEC test's first page", turn)


def found(answered: Answered, path: str) -> Any:
    """Return the value at a path such as Resources.0.name.familyName, None where there is none."""
    return inside(answered.response.json_object, path)


def inside(body: dict[str, Any], path: str) -> Any:
    """Return what a body has at a path, None where there is nothing."""
    current: Any = body
    for step in path.split("."):
        if isinstance(current, list):
            current = current[int(step)] if step.isdecimal() and int(step) < len(current) else None
        else:
            current = current.get(step) if isinstance(current, dict) else None
    return current


def text(value: Any) -> str:
    """Write a value as the test compares it: numbers and booleans as JSON does."""
    return value if isinstance(value, str) else json.dumps(value)


Assertion = Callable[[Answered], None]


def broken(message: str, expected: str, actual: str) -> Violation:
    """Return the violation of one assertion; a value of somebody else's is never a part of it."""
    return Violation(f"An assertion of the SPEC test does not hold: {message}.", expected=[expected], actual=actual)


def kind_of(value: Any) -> str:
    """Say what a value is without showing it."""
    kinds = {dict: "an object", list: "a list", str: "a text", bool: "a boolean", int: "a number", float: "a number"}
    if value is None:
        return "nothing"
    return kinds[type(value)] if value not in ("", [], {}) else f"{kinds[type(value)]} with nothing in it"


class Assertions:
    """The comparisons that the test knows."""

    @staticmethod
    def status(answered: Answered, wanted: int) -> None:
        """Compare the status."""
        if answered.response.status != wanted:
            raise broken(f"the status is {answered.response.status}", f"status {wanted}", f"{answered.response.status}")

    @staticmethod
    def not_empty(answered: Answered, path: str) -> None:
        """Ask for a value; whether false counts as one is not known, so that it is noted."""
        value = found(answered, path)
        if value is False:
            note(f"{path} is false; whether the SPEC test takes this for empty is not known.")
        elif value in (None, "", [], {}):
            raise broken(f"{path} is {kind_of(value)}", f"a value of {path}", kind_of(value))

    @staticmethod
    def number(answered: Answered, path: str) -> None:
        """Ask for a number; whether one in a text counts is not known, so that it is noted."""
        value = found(answered, path)
        if isinstance(value, str) and value.isdecimal():
            note(f"{path} is a number in a text; whether the SPEC test takes it is not known, and Okta wants numbers.")
        elif isinstance(value, bool) or not isinstance(value, int | float):
            raise broken(f"{path} is {kind_of(value)}", f"{path} as a number", kind_of(value))

    @staticmethod
    def schema(answered: Answered, urn: str) -> None:
        """Ask for an URI among the schemas."""
        schemas = found(answered, "schemas")
        if not isinstance(schemas, list) or urn not in schemas:
            raise broken("schemas lacks an URI", f"schemas with {urn}", f"schemas = {text(schemas)[:120]}")

    @staticmethod
    def equal(answered: Answered, path: str, wanted: str) -> None:
        """Compare a value, as text, with what the test sent or expects."""
        value = found(answered, path)
        if value is None or text(value) != wanted:
            raise broken(f"{path} is not {wanted}", f"{path} = {wanted}", kind_of(value))

    @staticmethod
    def error_status(answered: Answered, wanted: str) -> None:
        """Compare the status in an error body; whether a number passes is not known, so that it is noted."""
        value = found(answered, "status")
        if isinstance(value, int) and not isinstance(value, bool) and str(value) == wanted:
            note("The status in the error is a number; whether it passes the SPEC test is not known (RFC: a text).")
        else:
            Assertions.equal(answered, "status", wanted)

    @staticmethod
    def faster(answered: Answered, milliseconds: int) -> None:
        """Compare the time that the answer took, from here and not from Okta."""
        if answered.milliseconds >= milliseconds:
            took = f"{answered.milliseconds:.0f} ms"
            raise broken(f"the answer took {took}", f"less than {milliseconds} ms", took)


@pytest.fixture(scope="session")
def holds():
    """Judge one assertion, given by its name: `holds(answered, "not_empty Resources")`."""

    def judge(answered: Answered, assertion: str) -> None:
        name, _, rest = assertion.partition(" ")
        if name in ("status", "faster"):
            getattr(Assertions, name)(answered, int(rest))
        elif name == "schema":
            Assertions.schema(answered, USER if rest == "User" else MESSAGES + rest)
        elif name == "equal":
            path, _, wanted = rest.partition(" ")
            sent = "" if wanted else text(inside(answered.sent, path))
            Assertions.equal(answered, path, wanted or sent)
        else:
            getattr(Assertions, name)(answered, rest)

    return judge

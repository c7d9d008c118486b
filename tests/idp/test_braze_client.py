"""The custom method's client: what it puts on the wire, and what it concludes from given answers."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from scim_conformance.client.client import ScimClient
from scim_conformance.client.journal import Journal
from scim_conformance.client.target import Credentials, Secret, Target
from scim_conformance.idp.braze import BrazeCustomClient
from scim_conformance.idp.outcome import Conclusion
from scim_conformance.server.braze import braze
from scim_conformance.server.web import create_app

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
BASE = "https://rest.iad-01.braze.example/scim/v2"
CREDENTIALS = Credentials(token=Secret("TOKEN-of-the-tests"), origin="MyService")
PERSON = {
    "userName": "sc1@example.com",
    "name": {"givenName": "Test", "familyName": "User"},
    "department": "finance",
    "permissions": {"companyPermissions": ["admin"]},
}
STORED = {"id": "dfa245b7-24195aec-887bb3ad-602b3340", **PERSON}


@dataclass
class Wire:
    """A target that records each request and gives the answers it was told to."""

    answers: list[tuple[int, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)

    def __call__(self, environ, start_response):
        """Record a request and give the next answer."""
        self.asked.append(f"{environ['REQUEST_METHOD']} {environ['REQUEST_URI']}")
        self.headers.append(
            {
                "type": environ.get("CONTENT_TYPE"),
                "accept": environ.get("HTTP_ACCEPT"),
                "origin": environ.get("HTTP_X_REQUEST_ORIGIN"),
                "authorization": environ.get("HTTP_AUTHORIZATION"),
            }
        )
        content = environ["wsgi.input"].read()
        self.bodies.append(json.loads(content) if content else None)
        status, body = self.answers.pop(0)
        start_response(f"{status} Answer", [("Content-Type", "application/json")])
        return [b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()]


@pytest.fixture
def connected():
    """Give the client to an application."""
    clients = []

    def connect(app):
        target = Target.wsgi(app, base_url=BASE, credentials=CREDENTIALS)
        clients.append(ScimClient(target, journal=Journal(None, {"run": "sc1"}), run_id="sc1"))
        return BrazeCustomClient(clients[-1])

    yield connect
    for client in clients:
        client.journal.forget()
        client.close()


@pytest.fixture
def wire():
    """A target that gives canned answers."""
    return Wire()


@pytest.fixture
def client(wire, connected):
    """The client to that target."""
    return connected(wire)


def found(*users):
    """Give the answer to a search."""
    return 200, {"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": len(users),
                 "Resources": list(users)}  # fmt: skip


# -- the wire ---------------------------------------------------------------------------------


def test_creation_on_the_wire(client, wire):
    """A creation is JSON with token and origin, and has the documented members alone."""
    wire.answers = [(201, STORED)]
    outcome = client.create_user({**PERSON, "nickName": "none of the API's"})
    assert (outcome.conclusion, outcome.resource) == (Conclusion.CREATED, STORED)
    assert wire.asked == ["POST /scim/v2/Users"]
    assert wire.headers == [
        {
            "type": "application/json",
            "accept": "*/*",
            "origin": "MyService",
            "authorization": "Bearer TOKEN-of-the-tests",
        }
    ]
    assert wire.bodies == [{"schemas": [USER], **PERSON}]


def test_search_on_the_wire(client, wire):
    """A search has its blanks as %20 and its quotation marks as %22, and no Content-Type."""
    wire.answers = [found(STORED)]
    assert client.match_user(PERSON).resource == STORED
    assert wire.asked == ["GET /scim/v2/Users?filter=userName%20eq%20%22sc1%40example.com%22"]
    assert not wire.headers[0]["type"]


def test_update_on_the_wire(client, wire):
    """An update is a PUT without userName, and with permissions even where there are none."""
    wire.answers = [(201, STORED), (200, STORED)]
    client.create_user(PERSON)
    without = {name: value for name, value in PERSON.items() if name != "permissions"}
    assert client.update_user(STORED, without).conclusion is Conclusion.UPDATED
    assert wire.asked[1] == f"PUT /scim/v2/Users/{STORED['id']}"
    assert wire.bodies[1] == {
        "schemas": [USER], "name": PERSON["name"], "department": "finance", "permissions": {},
    }  # fmt: skip


def test_assigning_searches_first(client, wire):
    """Whoever is there is updated, whoever is not is created."""
    wire.answers = [found(), (201, STORED), found(STORED), (200, STORED)]
    assert client.provision(PERSON).conclusion is Conclusion.CREATED
    assert client.provision(PERSON).conclusion is Conclusion.UPDATED
    assert [line.split()[0] for line in wire.asked] == ["GET", "POST", "GET", "PUT"]


# -- conclusions ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ((409, {"detail": "User already exists in the database.", "status": 409}),
         "HTTP 409: User already exists in the database."),
        ((500, b"<html>oops</html>"), "HTTP 500"),
        ((201, None), "HTTP 201"),
        ((200, {"userName": "sc1@example.com"}), "HTTP 200"),
        ((201, [STORED]), "HTTP 201"),
    ],
)  # fmt: skip
def test_creations_that_fail(client, wire, answer, shown):
    """Any other answer than a user with an id is a failure, and its status and detail are shown."""
    wire.answers = [answer]
    outcome = client.create_user(PERSON)
    assert (outcome.conclusion, outcome.shown, outcome.resource) == (Conclusion.FAILED, shown, None)


@pytest.mark.parametrize(
    ("answer", "conclusion"),
    [
        (found(), Conclusion.UNCHANGED),
        ((404, {"detail": "Resource not found"}), Conclusion.UNCHANGED),
        (found(STORED, STORED), Conclusion.FAILED),
        (found({"userName": "x"}), Conclusion.FAILED),
        ((200, {"totalResults": 1}), Conclusion.FAILED),
        ((400, {"detail": "no"}), Conclusion.FAILED),
    ],
)
def test_searches_that_find_no_one_user(client, wire, answer, conclusion):
    """An empty list or a 404 is nobody; anything but one user with an id is a failure."""
    wire.answers = [answer]
    outcome = client.match_user(PERSON)
    assert (outcome.conclusion, outcome.resource) == (conclusion, None)


@pytest.mark.parametrize("status", [401, 403, 500])
def test_connections_that_fail(client, wire, status):
    """The connection is there where a search is answered, be it by nobody; else it failed."""
    wire.answers = [found(), (404, {"status": 404}), (status, {"detail": "no"})]
    assert [client.test_connection().ok for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize(
    ("status", "conclusion"), [(204, "deleted"), (404, "deleted"), (500, "failed"), (401, "failed")]
)
def test_deletions(client, wire, status, conclusion):
    """Who is gone, or was gone already, counts as deleted."""
    wire.answers = [(201, STORED), (status, None)]
    client.create_user(PERSON)
    assert client.delete_user(STORED).conclusion == conclusion


# -- end to end -------------------------------------------------------------------------------


def test_people_come_and_go_at_the_server(connected):
    """At the server like Braze's a person is created, read, updated and deleted, and the outcomes say so."""
    service = braze(token="TOKEN-of-the-tests", service_origin="MyService", base_path="/scim/v2")
    client = connected(create_app(service))
    person = client.person("sc1a", permissions={"companyPermissions": ["admin"]})
    assert client.test_connection().conclusion is Conclusion.CONNECTED
    made = client.provision(person)
    assert made.conclusion is Conclusion.CREATED
    assert client.read_user(made.resource).resource["department"] == "marketing"
    assert client.update_user(made.resource, {**person, "department": "bi"}).resource["department"] == "bi"
    assert client.delete_user(made.resource).conclusion is Conclusion.DELETED
    gone = client.read_user(made.resource)
    assert (gone.conclusion, gone.shown) == (Conclusion.FAILED, "HTTP 404: Resource not found")

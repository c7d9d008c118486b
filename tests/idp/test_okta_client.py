"""Okta as a client: what it puts on the wire, byte by byte, and what it concludes from given answers."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from scim_conformance.client.client import ScimClient
from scim_conformance.client.journal import Journal
from scim_conformance.client.target import Target
from scim_conformance.idp.okta import OktaClient, pause_after
from scim_conformance.idp.okta.wire import PATIENCE
from scim_conformance.idp.outcome import Conclusion

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ANN = {
    "id": "00ujl29u0le5T6Aj10h7",
    "login": "test.user@okta.local",
    "email": "test.user@okta.local",
    "firstName": "Test",
    "lastName": "User",
    "displayName": "Test User",
    "locale": "en-US",
}
STORED = {
    "schemas": [USER],
    "id": "u1",
    "userName": "test.user@okta.local",
    "externalId": "00ujl29u0le5T6Aj10h7",
    "name": {"givenName": "Test", "familyName": "User"},
    "emails": [{"primary": True, "value": "test.user@okta.local", "type": "work", "display": "test.user@okta.local"}],
    "displayName": "Test User",
    "locale": "en-US",
    "active": True,
    "groups": [],
    "meta": {"resourceType": "User"},
}
GROUP = {"id": "g1", "displayName": "Test SCIMv2", "members": [{"value": "u1", "display": "test.user@okta.local"}]}


@dataclass
class Wire:
    """A target that records each request and gives the answers it was told to."""

    answers: list[tuple[int, Any, dict[str, str]]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def __call__(self, environ, start_response):
        """Record a request and give the next answer."""
        self.asked.append(f"{environ['REQUEST_METHOD']} {environ['REQUEST_URI']}")
        fields = {name[5:].lower(): value for name, value in environ.items() if name.startswith("HTTP_")}
        self.headers.append(fields | {"content_type": environ.get("CONTENT_TYPE")})
        self.bodies.append(environ["wsgi.input"].read())
        status, body, headers = self.answers.pop(0)
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        start_response(f"{status} X", [("Content-Type", "application/scim+json"), *headers.items()])
        return [content]

    def will(self, status: int, body: Any = None, **headers: str) -> "Wire":
        """Add an answer."""
        self.answers.append((status, body, {name.replace("_", "-"): value for name, value in headers.items()}))
        return self

    @property
    def last(self):
        """The last request and its body."""
        return self.asked[-1], self.bodies[-1].decode()


@pytest.fixture
def wire():
    """The target."""
    return Wire()


@pytest.fixture
def app(wire):
    """Make an app of either kind that is connected to it, and has created the user u1 and the group g1."""
    clients = []

    def connect(flavour="aiw"):
        journal = Journal(None, {"run": "ab12"})
        for endpoint, id_ in (("/Users", "u1"), ("/Groups", "g1")):
            journal.created(journal.intend(endpoint, "", ""), endpoint, id_)
        target = Target.wsgi(wire, base_url="https://scim.test/scim/v2", token="t0ken-of-okta", max_wait=1)
        clients.append(ScimClient(target, journal=journal, run_id="ab12"))
        return OktaClient(clients[-1], flavour)

    yield connect
    for client in clients:
        client.journal.forget()
        client.close()


def listing(*resources: Any, total: Any = None) -> dict[str, Any]:
    """Write a list response."""
    return {
        "schemas": [LIST],
        "totalResults": len(resources) if total is None else total,
        "startIndex": 1,
        "itemsPerPage": len(resources),
        "Resources": list(resources),
    }


def error(status: int, detail: str) -> dict[str, Any]:
    """Write an error body with a status as a number, as Okta's samples do."""
    return {"schemas": [ERROR], "detail": detail, "status": status}


# -- the wire ---------------------------------------------------------------------------------


def test_a_get_has_the_headers_of_okta(app, wire):
    """A GET carries Okta's four header fields and the token, and no Content-Type."""
    wire.will(200, listing())
    app().test_connection()
    assert wire.headers[0] == {
        "accept": "application/scim+json",
        "accept_charset": "utf-8",
        "accept_encoding": "gzip,deflate",
        "user_agent": "Okta SCIM Client 1.0.0",
        "authorization": "Bearer t0ken-of-okta",
        "host": "scim.test",
        "content_type": None,
    }


def test_the_connection_test_asks_for_two_users(app, wire):
    """Testing the API credentials is GET /Users?startIndex=1&count=2."""
    wire.will(200, listing())
    assert app().test_connection().conclusion is Conclusion.CONNECTED
    assert wire.asked == ["GET /scim/v2/Users?startIndex=1&count=2"]


@pytest.mark.parametrize(
    ("login", "encoded"),
    [
        ("test.user@okta.local", "test.user%40okta.local"),
        ("o'neil+1@okta.local", "o%27neil%2B1%40okta.local"),
        ('a"b\\c', "a%5C%22b%5C%5Cc"),
        ("zoë", "zo%C3%AB"),
    ],
)
def test_a_match_is_percent_encoded_whole(app, wire, login, encoded):
    """A match escapes blanks, quotation marks and everything else that is no plain letter, and asks for a page."""
    wire.will(200, listing())
    app().match_user({**ANN, "login": login})
    assert wire.asked == [f"GET /scim/v2/Users?filter=userName%20eq%20%22{encoded}%22&startIndex=1&count=100"]


def test_a_new_user_is_posted_as_in_the_reference(app, wire):
    """POST has the profile, the id in Okta, no groups, a password and active, in compact JSON."""
    wire.will(201, STORED)
    outcome = app().create_user({**ANN, "password": "1mz050nq"})
    assert wire.last == (
        "POST /scim/v2/Users",
        (
            '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"test.user@okta.local",'
            '"name":{"givenName":"Test","familyName":"User"},'
            '"emails":[{"type":"work","value":"test.user@okta.local","primary":true}],'
            '"displayName":"Test User","locale":"en-US","externalId":"00ujl29u0le5T6Aj10h7",'
            '"groups":[],"password":"1mz050nq","active":true}'
        ),
    )
    assert wire.headers[0]["content_type"] == "application/scim+json; charset=utf-8"
    assert (outcome.conclusion, outcome.resource) == (Conclusion.CREATED, STORED)


def test_a_placeholder_stands_for_the_password(app, wire):
    """Without a password to synchronise, eight invented letters and digits are sent, each time others."""
    for _ in range(2):
        wire.will(201, STORED)
        app().create_user(ANN)
    first, second = (json.loads(body)["password"] for body in wire.bodies)
    assert first.isalnum()
    assert (len(first), first.lower()) == (8, first)
    assert first != second


def test_enterprise_attributes_bring_their_schema(app, wire):
    """Once an enterprise attribute is mapped, schemas lists the extension and its object is there."""
    enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    wire.will(201, STORED)
    app().create_user({**ANN, "department": "Tours"})
    body = json.loads(wire.bodies[0])
    assert (body["schemas"], body[enterprise]) == ([USER, enterprise], {"department": "Tours"})


def test_an_update_sends_back_what_was_read(app, wire):
    """PUT repeats all that GET showed, id, meta, groups and display of an address included, but for what changed."""
    wire.will(200, STORED).will(200, STORED)
    outcome = app().update_user(STORED, ANN, {**ANN, "firstName": "Another", "middleName": "Excited"})
    assert wire.asked == ["GET /scim/v2/Users/u1", "PUT /scim/v2/Users/u1"]
    name = {"givenName": "Another", "middleName": "Excited", "familyName": "User"}
    assert json.loads(wire.bodies[1]) == {**STORED, "name": name}
    assert outcome.conclusion is Conclusion.UPDATED


def test_an_update_without_change_sends_nothing(app, wire):
    """Where no mapped attribute has changed, Okta sends nothing."""
    assert app().update_user(STORED, ANN, {**ANN, "costCentre": "unmapped"}).conclusion is Conclusion.UNCHANGED
    assert wire.asked == []


def test_an_update_leaves_out_what_was_cleared(app, wire):
    """An attribute that has lost its value in Okta is left out of the PUT."""
    before = {**ANN, "title": "Guide", "middleName": "M", "mobilePhone": "555-0100", "primaryPhone": "555-0101"}
    phones = [{"value": "555-0101", "type": "work"}, {"value": "555-0100", "type": "mobile"}]
    read = {**STORED, "title": "Guide", "name": {**STORED["name"], "middleName": "M"}, "phoneNumbers": phones}
    wire.will(200, read).will(200, STORED)
    app().update_user(STORED, before, {**ANN, "primaryPhone": "555-0101"})
    assert json.loads(wire.bodies[1]) == {**STORED, "phoneNumbers": phones[:1]}


@pytest.mark.parametrize("active", [True, False])
def test_an_app_of_the_wizard_puts_the_status(app, wire, active):
    """An app of the wizard reads the user and sends it back with the other status."""
    wire.will(200, STORED).will(200, {**STORED, "active": active})
    outcome = app("aiw").reactivate(STORED) if active else app("aiw").deactivate(STORED)
    assert wire.asked == ["GET /scim/v2/Users/u1", "PUT /scim/v2/Users/u1"]
    assert json.loads(wire.bodies[1]) == {**STORED, "active": active}
    assert outcome.conclusion is (Conclusion.ENABLED if active else Conclusion.DISABLED)


@pytest.mark.parametrize("active", [True, False])
def test_an_app_of_the_network_patches_the_status(app, wire, active):
    """An app of the Integration Network sends one replace without a path; 204 is as good as 200."""
    wire.will(204)
    outcome = app("oin").reactivate(STORED) if active else app("oin").deactivate(STORED)
    assert wire.last == (
        "PATCH /scim/v2/Users/u1",
        f'{{"schemas":["{PATCH_OP}"],"Operations":[{{"op":"replace","value":{{"active":{str(active).lower()}}}}}]}}',
    )
    assert outcome.resource["active"] is active


@pytest.mark.parametrize(("flavour", "method"), [("aiw", "PUT"), ("oin", "PATCH")])
def test_passwords_go_the_way_of_the_status(app, wire, flavour, method):
    """A password is pushed by PUT from an app of the wizard, and by PATCH without path from the other kind."""
    for _ in range(2):
        wire.will(200, STORED)
    app(flavour).change_password(STORED, "Zz9!new")
    assert wire.asked[-1] == f"{method} /scim/v2/Users/u1"
    assert '"password":"Zz9!new"' in wire.bodies[-1].decode()


def test_an_import_goes_on_by_a_hundred(app, wire):
    """Pages are asked for from 1, 101, 201 on until totalResults is reached, however many each one holds."""
    for number in range(3):
        wire.will(200, listing({"id": str(number)}, total=250))
    outcome = app().import_users()
    assert wire.asked == [f"GET /scim/v2/Users?startIndex={start}&count=100" for start in (1, 101, 201)]
    assert [one["id"] for one in outcome.resources] == ["0", "1", "2"]


def test_an_import_is_bounded(app, wire):
    """No more pages are read than asked for."""
    wire.will(200, listing({"id": "1"}, total=10**9))
    assert app().import_groups(most=1).conclusion is Conclusion.IMPORTED
    assert wire.asked == ["GET /scim/v2/Groups?startIndex=1&count=100"]


# -- groups -----------------------------------------------------------------------------------


def test_groups_are_matched_and_created(app, wire):
    """A group is matched by displayName and created with its members, or none."""
    wire.will(200, listing()).will(201, GROUP)
    app().match_group("Test SCIMv2")
    app().create_group("Test SCIMv2")
    assert wire.asked[0] == "GET /scim/v2/Groups?filter=displayName%20eq%20%22Test%20SCIMv2%22&startIndex=1&count=100"
    assert wire.last == (
        "POST /scim/v2/Groups",
        '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Test SCIMv2","members":[]}',
    )


def test_the_network_renames_with_the_id_inside(app, wire):
    """A rename is one replace without a path, whose value has the group's id and name."""
    wire.will(204)
    app("oin").rename_group(GROUP, "New")
    assert wire.last == (
        "PATCH /scim/v2/Groups/g1",
        f'{{"schemas":["{PATCH_OP}"],"Operations":[{{"op":"replace","value":{{"id":"g1","displayName":"New"}}}}]}}',
    )


def test_the_network_changes_members_after_the_name(app, wire):
    """A change of members is preceded by the name; a remove by value path comes before the add with display."""
    wire.will(200, {"id": "g1", "displayName": "Test SCIMv2", "members": None}).will(204)
    app("oin").change_members(GROUP, add=[{"id": "u2", "userName": "new@okta.local"}], remove=[{"id": "u1"}])
    assert json.loads(wire.bodies[0])["Operations"][0]["value"] == {"id": "g1", "displayName": "Test SCIMv2"}
    assert json.loads(wire.bodies[1])["Operations"] == [
        {"op": "remove", "path": 'members[value eq "u1"]'},
        {"op": "add", "path": "members", "value": [{"value": "u2", "display": "new@okta.local"}]},
    ]


def test_push_now_replaces_all_members(app, wire):
    """A full push of the network is one replace of members."""
    wire.will(204).will(204)
    app("oin").push_now(GROUP, [{"id": "u2", "userName": "new@okta.local"}])
    assert json.loads(wire.bodies[1])["Operations"] == [
        {"op": "replace", "path": "members", "value": [{"value": "u2", "display": "new@okta.local"}]}
    ]


def test_the_wizard_replaces_groups_without_their_id(app, wire):
    """An app of the wizard reads the group and sends schemas, name and members, nothing else."""
    wire.will(200, GROUP).will(200, GROUP)
    app("aiw").add_members(GROUP, [{"id": "u2", "userName": "new@okta.local"}])
    assert wire.asked == ["GET /scim/v2/Groups/g1", "PUT /scim/v2/Groups/g1"]
    assert wire.bodies[1].decode() == (
        '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Test SCIMv2","members":'
        '[{"value":"u1","display":"test.user@okta.local"},{"value":"u2","display":"new@okta.local"}]}'
    )


def test_unlinking_deletes_only_where_asked(app, wire):
    """A group that is unlinked is deleted or left as it is."""
    assert app().unlink_group(GROUP, delete=False).conclusion is Conclusion.UNCHANGED
    wire.will(204)
    assert app().unlink_group(GROUP).conclusion is Conclusion.DELETED
    assert wire.asked == ["DELETE /scim/v2/Groups/g1"]


def test_entitlements_are_discovered_in_order(app, wire):
    """Resource types come first, schemas where an unknown extension is named, then each list of roles."""
    roles = {"name": "Role", "endpoint": "/Roles", "schema": "urn:okta:scim:schemas:core:1.0:Role"}
    users = {"name": "User", "endpoint": "/Users", "schema": USER, "schemaExtensions": [{"schema": "urn:x:y"}]}
    wire.will(200, listing(roles, users)).will(200, listing()).will(200, listing({"id": "r1"}))
    assert [one["id"] for one in app().discover_entitlements().resources] == ["r1"]
    assert wire.asked == [
        "GET /scim/v2/ResourceTypes",
        "GET /scim/v2/Schemas",
        "GET /scim/v2/Roles?startIndex=1&count=100",
    ]


# -- conclusions ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body", "conclusion"),
    [
        (200, listing(), Conclusion.UNCHANGED),
        (404, error(404, "User not found"), Conclusion.UNCHANGED),
        (200, listing(STORED), Conclusion.LINKED),
        (200, listing(STORED | {"userName": "TEST.USER@okta.local"}), Conclusion.LINKED),
        (200, listing(STORED | {"userName": "somebody@else"}), Conclusion.FAILED),
        (200, listing(STORED, STORED), Conclusion.FAILED),
        (200, [STORED], Conclusion.FAILED),
        (200, b"<html></html>", Conclusion.FAILED),
        (500, None, Conclusion.FAILED),
    ],
)
def test_what_a_match_means(app, wire, status, body, conclusion):
    """One user of that name is linked, none is created, a 404 is none; anything else stops the assignment."""
    wire.will(status, body)
    assert app().match_user(ANN).conclusion is conclusion


def test_an_empty_new_user_is_an_error(app, wire):
    """A 201 without a user fails with the words that Okta has for it."""
    wire.will(201)
    outcome = app().create_user(ANN)
    assert outcome.conclusion is Conclusion.FAILED
    assert outcome.shown == (
        "Automatic provisioning of test.user@okta.local to app your app failed: "
        "Error while trying to create user: Create new user returned empty user"
    )


def test_the_administrator_sees_the_detail(app, wire):
    """What the target says in an error is what the administrator reads in the task."""
    wire.will(409, error(409, "User already exists in the database."))
    outcome = app().create_user(ANN)
    assert outcome.shown.endswith(
        "409 Conflict. Errors reported by remote server: User already exists in the database."
    )


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_a_connection_can_fail(app, wire, status):
    """Credentials that are refused, and a target that is not there, are told apart for the administrator."""
    wire.will(status, error(status, "No."))
    outcome = app().test_connection()
    assert outcome.conclusion is Conclusion.FAILED
    assert outcome.shown.startswith("Error authenticating" if status in (401, 403) else "Error connecting")


def test_a_user_who_is_gone_is_not_updated(app, wire):
    """Where reading before the update fails, nothing is written."""
    wire.will(404, error(404, "Not found"))
    assert app().update_user(STORED, ANN, {**ANN, "title": "Guide"}).conclusion is Conclusion.FAILED
    assert len(wire.asked) == 1


def test_a_group_that_cannot_be_renamed_keeps_its_members(app, wire):
    """Where the rename that precedes a change of members fails, the change is not sent."""
    wire.will(400, error(400, "id is readOnly"))
    outcome = app("oin").add_members(GROUP, [{"id": "u2"}])
    assert (outcome.step, outcome.conclusion, len(wire.asked)) == ("rename group", Conclusion.FAILED, 1)


def test_an_import_of_something_else_fails(app, wire):
    """A page that is no list ends the import."""
    wire.will(200, {"users": []})
    outcome = app().import_users()
    assert (outcome.conclusion, outcome.shown) == (
        Conclusion.FAILED,
        "Import from your app failed: the page is no list",
    )


def test_numbers_in_texts_are_read(app, wire):
    """A list that counts in texts is read all the same: that it does so is for a check to judge."""
    wire.will(200, listing(STORED, total="1"))
    assert app().import_users().conclusion is Conclusion.IMPORTED


def test_an_answer_after_a_minute_is_none(app, wire, monkeypatch):
    """What takes longer than Okta's patience fails, whatever it says."""
    monkeypatch.setattr("scim_conformance.idp.okta.steps.PATIENCE", -1.0)
    wire.will(201, STORED)
    assert app().create_user(ANN).conclusion is Conclusion.FAILED
    assert PATIENCE == 60


@pytest.mark.parametrize(
    ("retry_after", "before", "seconds"),
    [
        ("17", 0, 17),
        ("0", 300, 0),
        (None, 0, 300),
        ("", 0, 300),
        ("null", 0, 300),
        ("Sun, 22 Nov 2026 10:00:00 GMT", 0, 300),
        ("1.5", 300, 600),
        (None, 600, 1200),
    ],
)
def test_how_long_a_job_pauses(retry_after, before, seconds):
    """Only whole seconds count in Retry-After; else a job pauses five minutes, then twice as long each time."""
    assert pause_after(retry_after, before) == seconds


def test_pauses_are_kept_account_of(app, wire):
    """How long Okta would have paused is known afterwards, though nobody waited that long."""
    okta = app()
    wire.will(429, None, Retry_After="Sun, 22 Nov 2020 10:00:00 GMT").will(200, listing())
    assert okta.test_connection().ok
    assert okta.wire.pauses == [300]


# -- assignments ------------------------------------------------------------------------------


def test_somebody_new_is_created(app, wire):
    """An assignment is a match, and a POST where it finds nobody."""
    wire.will(200, listing()).will(201, STORED)
    outcome = app().assign(ANN)
    assert [each.partition("?")[0] for each in wire.asked] == ["GET /scim/v2/Users", "POST /scim/v2/Users"]
    assert (outcome.conclusion, len(outcome.responses)) == (Conclusion.CREATED, 2)


def test_a_cycle_without_change_writes_nothing(app, wire):
    """Where the user who is there is as it should be, a cycle sends the match alone."""
    wire.will(200, listing(STORED))
    assert app().cycle(ANN).conclusion is Conclusion.UNCHANGED
    assert len(wire.asked) == 1


def test_somebody_who_is_there_is_linked(app, wire):
    """A hit is brought up to date by a PUT of what the match showed, with the profile over it."""
    wire.will(200, listing({**STORED, "active": False, "title": "Guide"})).will(200, STORED)
    outcome = app("aiw").assign(ANN)
    assert wire.asked[-1] == "PUT /scim/v2/Users/u1"
    assert json.loads(wire.bodies[-1]) == {**STORED, "title": "Guide"}
    assert outcome.conclusion is Conclusion.UPDATED


def test_the_network_revives_by_patch(app, wire):
    """An app of the Integration Network makes the old user active by PATCH, and puts the rest only if it differs."""
    wire.will(200, listing({**STORED, "active": False})).will(204)
    assert app("oin").assign(ANN).conclusion is Conclusion.ENABLED
    assert [each.split()[0] for each in wire.asked] == ["GET", "PATCH"]


def test_a_value_that_was_cleared_is_taken_away_in_the_next_cycle(app, wire):
    """What Okta has sent before and has no value for any more leaves the target with the next cycle."""
    okta = app()
    wire.will(201, {**STORED, "title": "Guide"}).will(200, listing({**STORED, "title": "Guide"})).will(200, STORED)
    okta.create_user({**ANN, "title": "Guide"})
    assert okta.cycle(ANN).conclusion is Conclusion.UPDATED
    assert json.loads(wire.bodies[-1]) == STORED


def test_there_are_two_flavours(app):
    """Another flavour is refused in words."""
    with pytest.raises(ValueError, match="'saml' is no flavour of an Okta app; there are 'aiw' and 'oin'"):
        app("saml")

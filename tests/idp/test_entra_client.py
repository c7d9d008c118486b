"""Entra ID as a client: what it puts on the wire, byte by byte, and what it concludes from given answers."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from scim_conformance.client.client import ScimClient
from scim_conformance.client.journal import Journal
from scim_conformance.client.target import Target
from scim_conformance.idp.directory import entra_person
from scim_conformance.idp.entra import Change, EntraClient
from scim_conformance.idp.entra.bodies import older_user_body, role_as_text, roles_of, user_body
from scim_conformance.idp.outcome import Conclusion, concluded
from scim_conformance.judge.verdicts import Violation

CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
USER, GROUP = {"id": "u1"}, {"id": "g1"}
FLAG = "aadOptscim062020"
BASE = "https://scim.test/scim"


@dataclass
class Wire:
    """A target that records each request and gives the answers it was told to."""

    answers: list[tuple[int, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    types: list[str | None] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def __call__(self, environ, start_response):
        """Record a request and give the next answer, 204 when there is none left."""
        self.asked.append(f"{environ['REQUEST_METHOD']} {environ['REQUEST_URI']}")
        self.types.append(environ.get("CONTENT_TYPE"))
        self.bodies.append(environ["wsgi.input"].read())
        status, body = self.answers.pop(0) if self.answers else (204, None)
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        start_response(f"{status} X", [("Content-Type", "application/scim+json")])
        return [content]

    def will(self, status: int, body: Any = None) -> "Wire":
        """Add an answer."""
        self.answers.append((status, body))
        return self

    @property
    def sent(self):
        """The body of the last request."""
        return json.loads(self.bodies[-1])

    @property
    def operations(self):
        """The operations of the last request."""
        return self.sent["Operations"]


@pytest.fixture
def wire():
    """The target."""
    return Wire()


@pytest.fixture
def job(wire):
    """Make a provisioning job of either dialect for it, which has created the user u1 and the group g1."""
    clients = []

    def connect(dialect="default"):
        journal = Journal(None, {"run": "ab12"})
        for endpoint, id_ in (("/Users", "u1"), ("/Groups", "g1")):
            journal.created(journal.intend(endpoint, "", ""), endpoint, id_)
        target = Target.wsgi(wire, base_url=BASE, token="t0ken-of-entra", max_wait=0)
        clients.append(ScimClient(target, journal=journal, run_id="ab12"))
        return EntraClient(clients[-1], dialect)

    yield connect
    for client in clients:
        client.journal.forget()
        client.close()


def listing(*resources: Any) -> dict[str, Any]:
    """Write a list response."""
    return {"schemas": [LIST], "totalResults": len(resources), "Resources": list(resources)}


# -- searches -------------------------------------------------------------------------------


def test_a_search_is_encoded_as_a_form(wire, job):
    """Blanks are plus signs, at signs and quotes are encoded; neither startIndex nor a media type is sent."""
    wire.will(200, listing())
    job().match("userName", "bjensen@contoso.com")
    assert wire.asked == ["GET /scim/Users?filter=userName+eq+%22bjensen%40contoso.com%22"]
    assert wire.types == [None]


def test_odd_characters_of_a_value_are_kept(wire, job):
    """A plus sign is %2B, a quote in a value is escaped as JSON has it."""
    wire.will(200, listing())
    job().match("userName", 'a+"b"')
    assert wire.asked == ["GET /scim/Users?filter=userName+eq+%22a%2B%5C%22b%5C%22%22"]


def test_a_search_by_the_work_address_has_a_sub_attribute_after_its_brackets(wire, job):
    """The matching attribute stands in the filter as it does in the mapping."""
    wire.will(200, listing())
    job().match('emails[type eq "work"].value', "a@b.com")
    query = "emails%5Btype+eq+%22work%22%5D.value+eq+%22a%40b.com%22"
    assert wire.asked == [f"GET /scim/Users?filter={query}"]


def test_the_flag_stands_before_what_a_request_adds(wire, job):
    """The flag is a parameter without a value, on every URL, with every method."""
    wire.will(200, listing()).will(201, USER).will(200, USER).will(204)
    service = job(FLAG)
    service.match("userName", "x")
    service.create({})
    service.rename(USER, "y")
    service.delete_user(USER)
    assert wire.asked == [
        f"GET /scim/Users?{FLAG}&filter=userName+eq+%22x%22",
        f"POST /scim/Users?{FLAG}",
        f"PATCH /scim/Users/u1?{FLAG}",
        f"DELETE /scim/Users/u1?{FLAG}",
    ]


def test_writes_name_their_charset_and_deletions_have_no_body(wire, job):
    """POST and PATCH are application/scim+json; charset=utf-8."""
    wire.will(201, USER).will(204).will(204)
    service = job()
    service.create({})
    service.rename(USER, "y")
    service.delete_user(USER)
    assert wire.types == ["application/scim+json; charset=utf-8"] * 2 + [None]
    assert wire.bodies[2] == b""


def test_the_connection_test_asks_for_users_and_groups(wire, job):
    """Test Connection searches for a random user, then a random group without members."""
    wire.will(200, listing()).will(200, listing())
    outcome = job().test_connection()
    assert outcome.conclusion is Conclusion.CONNECTED
    assert len(outcome.responses) == 2
    assert wire.asked[0].startswith("GET /scim/Users?filter=userName+eq+%22")
    assert wire.asked[1].startswith("GET /scim/Groups?excludedAttributes=members&filter=displayName+eq+%22")


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (401, None, "InvalidCredentials"),
        (404, {"detail": "no"}, "Incompatible"),
        (500, None, "Incompatible"),
        (200, b"<html></html>", "Incompatible"),
        (200, [], "Incompatible"),
    ],
)
def test_a_connection_test_that_fails_says_what_the_administrator_sees(wire, job, status, body, said):
    """Whatever is no empty list makes the connection test fail, and no group is asked for any more."""
    wire.will(status, body)
    outcome = job().test_connection()
    assert outcome.conclusion is Conclusion.FAILED
    assert said in outcome.shown
    assert len(wire.asked) == 1


def test_a_connection_test_without_groups_fails(wire, job):
    """404 on Groups fails the connection test, although only users may be wanted."""
    wire.will(200, listing()).will(404)
    assert job().test_connection().conclusion is Conclusion.FAILED


def test_references_are_asked_about_by_two_terms(wire, job):
    """The check of a manager asks for the id alone, that of a member for no members; the terms come in either order."""
    wire.will(200, listing(USER)).will(200, listing()).will(200, listing(GROUP))
    service = job()
    assert service.refers(USER, "manager", "m1").conclusion is Conclusion.LINKED
    assert service.refers(USER, "manager", "m1", swapped=True).conclusion is Conclusion.UNCHANGED
    assert service.is_member(GROUP, "u1").conclusion is Conclusion.LINKED
    assert wire.asked == [
        "GET /scim/Users?filter=id+eq+%22u1%22+and+manager+eq+%22m1%22&attributes=id",
        "GET /scim/Users?filter=manager+eq+%22m1%22+and+id+eq+%22u1%22&attributes=id",
        "GET /scim/Groups?filter=id+eq+%22g1%22+and+members+eq+%22u1%22&excludedAttributes=members",
    ]


def test_accounts_are_discovered_by_start_index_and_count(wire, job):
    """Page two of five begins at six."""
    wire.will(200, listing(USER))
    outcome = job().import_users(2, 5)
    assert outcome.conclusion is Conclusion.IMPORTED
    assert outcome.resources == [USER]
    assert wire.asked == ["GET /scim/Users?startIndex=6&count=5"]


@pytest.mark.parametrize(
    ("status", "body", "conclusion"),
    [
        (200, listing(), Conclusion.UNCHANGED),
        (200, {"totalResults": 0}, Conclusion.UNCHANGED),
        (200, listing(USER), Conclusion.LINKED),
        (200, listing(USER, {"id": "u2"}), Conclusion.FAILED),
        (200, listing({"userName": "x"}), Conclusion.FAILED),
        (200, {"totalResults": 3}, Conclusion.FAILED),
        (204, None, Conclusion.FAILED),
        (400, {"detail": "bad filter"}, Conclusion.FAILED),
        (401, None, Conclusion.QUARANTINED),
        (403, None, Conclusion.QUARANTINED),
        (404, {"detail": "nobody"}, Conclusion.QUARANTINED),
        (500, None, Conclusion.RETRIED),
    ],
)
def test_what_is_concluded_from_a_search(wire, job, status, body, conclusion):
    """One hit is linked, none is created; 404 and bad credentials lead to quarantine, failures to a later try."""
    wire.will(status, body)
    outcome = job().match("userName", "x")
    assert outcome.conclusion is conclusion
    assert bool(outcome.shown) is (conclusion not in (Conclusion.UNCHANGED, Conclusion.LINKED))
    assert (outcome.resource is not None) is (conclusion is Conclusion.LINKED)


# -- creating -------------------------------------------------------------------------------


def test_the_body_of_a_new_user(wire, job):
    """The enterprise extension is listed without values, meta names the type, roles are there though empty."""
    wire.will(201, USER)
    attributes = {"userName": "a", "externalId": "e", "active": True, "name": {"givenName": "A"}}
    assert job().create(user_body(attributes)).conclusion is Conclusion.CREATED
    assert wire.bodies[-1].decode() == (
        f'{{"schemas":["{CORE}","{ENTERPRISE}"],"externalId":"e","userName":"a","active":true,'
        '"name":{"givenName":"A"},"meta":{"resourceType":"User"},"roles":[]}'
    )


def test_the_body_of_the_older_sample():
    """Nulls are said aloud, and the URN of the extension lacks its last colon."""
    body = older_user_body({"userName": "a"})
    assert body["schemas"] == [CORE, "urn:ietf:params:scim:schemas:extension:enterprise:2.0User"]
    assert all(body[name] is None for name in ("addresses", "phoneNumbers", "title", "department", "manager"))


def test_the_shapes_of_roles():
    """One primary role, several with displayName, several with display, and JSON text."""
    kind = "WindowsAzureActiveDirectoryRole"
    assert roles_of(["Admin", "User"], "single") == [{"primary": True, "type": kind, "value": "Admin"}]
    several = {"primary": False, "type": kind, "value": "Admin"}
    assert roles_of(["Admin"], "complex") == [{**several, "displayName": "Admin"}]
    assert roles_of(["Admin"], "assertive") == [{**several, "display": "Admin"}]
    assert role_as_text("06b0", "25", "R") == {"value": '{"id":"06b0","value":"25","displayName":"R"}'}


@pytest.mark.parametrize(
    ("status", "body", "conclusion"),
    [
        (201, USER, Conclusion.CREATED),
        (200, USER, Conclusion.CREATED),
        (201, {"userName": "a"}, Conclusion.FAILED),
        (201, None, Conclusion.FAILED),
        (400, {"detail": "roles is empty"}, Conclusion.FAILED),
        (409, None, Conclusion.FAILED),
        (401, None, Conclusion.QUARANTINED),
        (404, None, Conclusion.FAILED),
        (503, None, Conclusion.RETRIED),
    ],
)
def test_what_is_concluded_from_a_creation(wire, job, status, body, conclusion):
    """Without the id nothing can be done with a new user; a refusal tells its detail."""
    wire.will(status, body)
    outcome = job().create({})
    assert outcome.conclusion is conclusion
    if isinstance(body, dict) and "detail" in body:
        assert body["detail"] in outcome.why


def test_a_group_is_created_without_members(wire, job):
    """A schema that nobody knows is listed, unless it is asked to be left out."""
    wire.will(201, GROUP).will(201, GROUP)
    service, group = job(), {"displayName": "Sales", "objectId": "o1"}
    service.create_group(group)
    assert wire.sent == {
        "schemas": [
            "urn:ietf:params:scim:schemas:core:2.0:Group",
            "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group",
        ],
        "externalId": "o1",
        "displayName": "Sales",
        "meta": {"resourceType": "Group"},
    }
    service.create_group(group, foreign_schema=False)
    assert wire.sent["schemas"] == ["urn:ietf:params:scim:schemas:core:2.0:Group"]


def test_groups_are_found_and_read_without_members(wire, job):
    """ExcludedAttributes stands before the filter."""
    wire.will(200, listing(GROUP)).will(200, GROUP)
    service = job()
    service.match_group({"displayName": "Sales"})
    service.read_group(GROUP)
    assert wire.asked == [
        "GET /scim/Groups?excludedAttributes=members&filter=displayName+eq+%22Sales%22",
        "GET /scim/Groups/g1?excludedAttributes=members",
    ]


# -- changing -------------------------------------------------------------------------------

SEVERAL = (
    Change("replace", 'emails[type eq "work"].value', "t@x.com"),
    Change("replace", "displayName", "P"),
    Change("replace", "name.givenName", "G"),
    Change("replace", f"{ENTERPRISE}:employeeNumber", "7"),
)


def test_the_default_dialect_has_an_operation_for_each_attribute(wire, job):
    """All come in one request, in the order of the mapping, with a capital letter."""
    assert job().change(USER, *SEVERAL).conclusion is Conclusion.UPDATED
    assert wire.asked == ["PATCH /scim/Users/u1"]
    assert wire.sent["schemas"] == [PATCH_OP]
    assert wire.operations == [{"op": "Replace", "path": each.path, "value": each.value} for each in SEVERAL]


def test_the_flags_dialect_merges_what_has_no_brackets(wire, job):
    """What has square brackets keeps its path; the rest is one value with dotted names and URNs."""
    job(FLAG).change(USER, *SEVERAL)
    assert wire.operations == [
        {"op": "replace", "path": 'emails[type eq "work"].value', "value": "t@x.com"},
        {"op": "replace", "value": {"displayName": "P", "name.givenName": "G", f"{ENTERPRISE}:employeeNumber": "7"}},
    ]


def test_one_string_is_added_by_its_path(wire, job):
    """So do both dialects; several that are added with the flag are merged."""
    job().change(USER, Change("add", "nickName", "Babs"))
    assert wire.operations == [{"op": "Add", "path": "nickName", "value": "Babs"}]
    job(FLAG).change(USER, Change("add", "nickName", "Babs"))
    assert wire.operations == [{"op": "add", "path": "nickName", "value": "Babs"}]
    job(FLAG).change(USER, Change("add", "nickName", "Babs"), Change("add", "name.middleName", "J"))
    assert wire.operations == [{"op": "add", "value": {"nickName": "Babs", "name.middleName": "J"}}]


def test_a_rename_is_a_change_of_the_user_name(wire, job):
    """By its path, or with the flag without one."""
    job().rename(USER, "new")
    assert wire.operations == [{"op": "Replace", "path": "userName", "value": "new"}]
    job(FLAG).rename(USER, "new")
    assert wire.operations == [{"op": "replace", "value": {"userName": "new"}}]


def test_a_user_is_disabled_in_three_ways(wire, job):
    """A string by default, a boolean in a body that begins with Operations, a boolean in lower case with the flag."""
    assert job().disable(USER).conclusion is Conclusion.DISABLED
    assert wire.bodies[-1].decode() == (
        f'{{"schemas":["{PATCH_OP}"],"Operations":[{{"op":"Replace","path":"active","value":"False"}}]}}'
    )
    job().disable(USER, value="boolean")
    assert wire.bodies[-1].decode() == (
        f'{{"Operations":[{{"op":"Replace","path":"active","value":false}}],"schemas":["{PATCH_OP}"]}}'
    )
    job(FLAG).unassign(USER)
    assert wire.operations == [{"op": "replace", "path": "active", "value": False}]


def test_a_user_is_enabled_again(wire, job):
    """As the mirror of being disabled."""
    assert job().enable(USER).conclusion is Conclusion.ENABLED
    assert wire.operations == [{"op": "Replace", "path": "active", "value": "True"}]
    job(FLAG).enable(USER)
    assert wire.operations == [{"op": "replace", "path": "active", "value": True}]


def test_the_spellings_of_a_manager(wire, job):
    """A list at the bare path, a string and an object at the path with the URN."""
    path = f"{ENTERPRISE}:manager"
    job().set_manager(USER, "m1", "array")
    reference = {"$ref": f"{BASE}/Users/m1", "value": "m1"}
    assert wire.operations == [{"op": "Add", "path": "manager", "value": [reference]}]
    job().set_manager(USER, "m1")
    assert wire.operations == [{"op": "Add", "path": path, "value": "m1"}]
    job(FLAG).set_manager(USER, "m1", "object")
    assert wire.operations == [{"op": "add", "path": path, "value": {"value": "m1"}}]
    job().change_manager(USER, "m1")
    assert wire.operations == [{"op": "Replace", "path": path, "value": "m1"}]


def test_the_spellings_of_no_manager(wire, job):
    """An object with an empty value, an empty string, a Remove."""
    path = f"{ENTERPRISE}:manager"
    job(FLAG).clear_manager(USER)
    assert wire.operations == [{"op": "replace", "path": path, "value": {"value": ""}}]
    job(FLAG).clear_manager(USER, "empty text")
    assert wire.operations == [{"op": "replace", "path": path, "value": ""}]
    job().clear_manager(USER, "remove")
    assert wire.operations == [{"op": "Remove", "path": path}]


def test_roles_are_added_or_with_the_flag_replaced(wire, job):
    """The whole list comes in one operation."""
    job().set_roles(USER, [{"value": "A"}])
    assert wire.operations == [{"op": "Add", "path": "roles", "value": [{"value": "A"}]}]
    job(FLAG).set_roles(USER, [{"value": "A"}])
    assert wire.operations == [{"op": "replace", "path": "roles", "value": [{"value": "A"}]}]


def test_members_are_added_with_a_null_reference(wire, job):
    """Several members come in one operation."""
    job().add_members(GROUP, ["u1", "u2"])
    assert wire.asked == ["PATCH /scim/Groups/g1"]
    value = [{"$ref": None, "value": "u1"}, {"$ref": None, "value": "u2"}]
    assert wire.operations == [{"op": "Add", "path": "members", "value": value}]


def test_members_are_removed_by_a_list_or_with_the_flag_by_paths(wire, job):
    """The list stands beside a path that names them all; $ref may be missing."""
    job().remove_members(GROUP, ["u1"])
    assert wire.operations == [{"op": "Remove", "path": "members", "value": [{"$ref": None, "value": "u1"}]}]
    job().remove_members(GROUP, ["u1"], with_ref=False)
    assert wire.operations == [{"op": "Remove", "path": "members", "value": [{"value": "u1"}]}]
    job(FLAG).remove_members(GROUP, ["u1", "u2"])
    assert wire.operations == [{"op": "remove", "path": f'members[value eq "{id_}"]'} for id_ in ("u1", "u2")]


@pytest.mark.parametrize(
    ("status", "conclusion"),
    [
        (200, Conclusion.UPDATED),
        (204, Conclusion.UPDATED),
        (400, Conclusion.FAILED),
        (404, Conclusion.FAILED),
        (415, Conclusion.FAILED),
        (401, Conclusion.QUARANTINED),
        (500, Conclusion.RETRIED),
    ],
)
def test_what_is_concluded_from_a_change(wire, job, status, conclusion):
    """200 and 204 are as good; what else there is is seen by the administrator."""
    wire.will(status)
    outcome = job().change(USER, Change("replace", "title", "x"))
    assert outcome.conclusion is conclusion
    assert bool(outcome.shown) is not outcome.ok


def test_what_is_concluded_from_a_deletion(wire, job):
    """What is gone already is as good as deleted."""
    service = job()
    for status, conclusion in ((204, Conclusion.DELETED), (404, Conclusion.DELETED), (403, Conclusion.QUARANTINED)):
        journal = service.wire._scim.journal
        journal.created(journal.intend("/Users", "", ""), "/Users", "u1")
        wire.will(status)
        assert service.delete_user(USER).conclusion is conclusion


def test_a_violation_tells_what_the_administrator_sees(wire, job):
    """What Entra ID concluded, and what it shows, stand in the failure of a check."""
    wire.will(404)
    with pytest.raises(Violation, match="match user ends as quarantined: the answer was 404 Not Found") as caught:
        concluded(job().match("userName", "x"), Conclusion.LINKED)
    assert "quarantine" in caught.value.detail


# -- cycles ---------------------------------------------------------------------------------


def stored(body: dict[str, Any]) -> dict[str, Any]:
    """Give what a sound endpoint would show of a body."""
    return {**body, "id": "u1", "meta": {"resourceType": "User", "location": f"{BASE}/Users/u1"}}


def test_a_person_is_matched_and_created_then_left_alone(wire, job):
    """The second cycle reads the linked account by id and writes nothing."""
    service, person = job(), entra_person("ab12x")
    wire.will(200, listing()).will(201, USER)
    first = service.provision(person)
    assert first.conclusion is Conclusion.CREATED
    assert wire.asked[0].startswith("GET /scim/Users?filter=userName+eq+%22ab12x%40example.com%22")
    assert wire.sent["active"] is True
    assert wire.sent["userName"] == "ab12x@example.com"
    assert wire.sent["roles"] == []
    wire.will(200, stored(wire.sent))
    assert service.provision(person).conclusion is Conclusion.UNCHANGED
    assert wire.asked[2:] == ["GET /scim/Users/u1"]


@pytest.fixture
def settled(wire, job):
    """Provision somebody, and tell what the endpoint shows of the account."""

    def settle(dialect="default"):
        service, person = job(dialect), entra_person("ab12x", jobTitle=None)
        wire.will(200, listing()).will(201, USER)
        service.provision(person)
        return service, person, stored(wire.sent)

    return settle


def test_only_what_differs_is_sent(wire, settled):
    """Add where the account had no value, Replace where it had another; what the directory lacks is not sent."""
    service, person, account = settled()
    wire.will(200, account)
    outcome = service.provision({**person, "jobTitle": "Clerk", "displayName": "New Name", "department": None})
    assert outcome.conclusion is Conclusion.UPDATED
    assert wire.operations == [
        {"op": "Replace", "path": "displayName", "value": "New Name"},
        {"op": "Add", "path": "title", "value": "Clerk"},
    ]
    assert outcome.why == "different: displayName, title"


@pytest.mark.parametrize(("dialect", "value"), [("default", "False"), (FLAG, False)])
def test_somebody_who_is_disabled_in_the_directory_is_disabled(wire, settled, dialect, value):
    """Nothing else is sent, and that is what is concluded."""
    service, person, account = settled(dialect)
    wire.will(200, account)
    assert service.provision({**person, "accountEnabled": False}).conclusion is Conclusion.DISABLED
    assert wire.operations == [{"op": service.dialect.op("replace"), "path": "active", "value": value}]
    wire.will(200, {**account, "active": False})
    assert service.provision(person).conclusion is Conclusion.ENABLED


def test_an_activity_that_comes_back_as_text_is_sent_for_ever(wire, settled):
    """The string True is not the boolean that was meant, so that each cycle sends it again."""
    service, person, account = settled()
    for _ in range(2):
        wire.will(200, {**account, "active": "True"})
        assert service.provision(person).conclusion is Conclusion.ENABLED


def test_an_existing_account_is_linked_and_brought_up_to_date(wire, job):
    """Whoever is matched is not created."""
    wire.will(200, listing({**USER, "userName": "ab12x@example.com", "active": True}))
    service = job()
    assert service.provision(entra_person("ab12x")).conclusion is Conclusion.UPDATED
    assert [each.split()[0] for each in wire.asked] == ["GET", "PATCH"]
    assert {operation["op"] for operation in wire.operations} == {"Add"}


def test_the_manager_follows_once_both_are_linked(wire, settled):
    """A reference to somebody who is not linked waits; one that comes back as it was sent is not sent again."""
    service, person, account = settled()
    person = {**person, "manager": "boss"}
    wire.will(200, account)
    assert service.provision(person).conclusion is Conclusion.UNCHANGED
    service.linked["boss"] = "m1"
    wire.will(200, account).will(204)
    assert service.provision(person).conclusion is Conclusion.UPDATED
    assert wire.operations == [{"op": "Add", "path": f"{ENTERPRISE}:manager", "value": "m1"}]
    extension = {**account.get(ENTERPRISE, {}), "manager": {"value": "m1"}}
    wire.will(200, {**account, ENTERPRISE: extension})
    assert service.provision(person).conclusion is Conclusion.UNCHANGED
    wire.will(200, {**account, ENTERPRISE: {**extension, "manager": "m1"}}).will(204)
    assert service.provision(person).conclusion is Conclusion.UPDATED  # a plain string is no reference


def test_a_search_that_fails_ends_the_cycle(wire, job):
    """Nobody is created after a 404, which would make doubles."""
    wire.will(404)
    assert job().provision(entra_person("ab12x")).conclusion is Conclusion.QUARANTINED
    assert len(wire.asked) == 1


def test_an_update_sends_the_difference_of_two_states_of_a_person(wire, job):
    """Without a difference nothing is sent."""
    service, person = job(), entra_person("ab12x")
    assert service.update_user(USER, person, person).conclusion is Conclusion.UNCHANGED
    assert wire.asked == []
    after = {**person, "surname": "Byron"}
    assert service.update_user(USER, person, after).conclusion is Conclusion.UPDATED
    assert [operation["path"] for operation in wire.operations] == ["name.familyName", "name.formatted"]


def test_a_person_without_a_matching_value_is_skipped(wire, job):
    """Nothing is sent, and the administrator is told which attribute is missing."""
    outcome = job().provision(entra_person("ab12x", userPrincipalName=None))
    assert outcome.conclusion is Conclusion.FAILED
    assert "userPrincipalName" in outcome.shown
    assert wire.asked == []


def test_a_dialect_that_does_not_exist_is_named(job):
    """With the closest one."""
    with pytest.raises(ValueError, match="aadOptscim062020"):
        job("aadOptscim06202")


def test_a_group_gets_the_members_who_are_linked_and_only_what_changes(wire, job):
    """A second cycle with the same members writes nothing; who has left is removed."""
    service = job()
    service.linked |= {"o1": "u1", "o2": "u2"}
    group = {"displayName": "Sales", "objectId": "g", "members": ["o1", "o2", "o3"]}
    wire.will(200, listing()).will(201, GROUP).will(204)
    assert service.provision_group(group).conclusion is Conclusion.CREATED
    assert [each["value"] for each in wire.operations[0]["value"]] == ["u1", "u2"]
    wire.will(200, listing(GROUP))
    assert service.provision_group(group).conclusion is Conclusion.UNCHANGED
    wire.will(200, listing(GROUP)).will(204)
    assert service.provision_group({**group, "members": ["o2"]}).conclusion is Conclusion.UPDATED
    assert wire.operations == [{"op": "Remove", "path": "members", "value": [{"$ref": None, "value": "u1"}]}]
    assert len(wire.asked) == 6

"""The server like Braze's: five endpoints, permissions, the daily limit, and the settings it shares with the other."""

import json
import re
from datetime import UTC, datetime

import pytest

from scim_conformance.server.braze import OWNER, braze
from scim_conformance.server.messages import Headers, Request
from scim_conformance.server.settings import BadSetting
from scim_conformance.server.setup import setup
from scim_conformance.server.sqlite_store import SQLiteStore

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
UNPARSABLE = "Request is unparsable, syntactically incorrect, or violates schema."
TOKEN = "a-token-of-the-tests"
PERSON = {
    "schemas": [USER],
    "userName": "user@test.com",
    "name": {"givenName": "Test", "familyName": "User"},
    "department": "finance",
}
GRANTED = {
    "companyPermissions": ["manage_company_settings"],
    "roles": [{"roleName": "Marketer"}],
    "appGroup": [
        {
            "appGroupName": "Test Workspace",
            "appGroupPermissions": ["basic_access", "send_campaigns_canvases"],
            "team": [{"teamName": "Test Team", "teamPermissions": ["basic_access", "export_user_data"]}],
        },
        {"appGroupName": "Other", "appGroupPermissionSets": [{"appGroupPermissionSetName": "Set A"}]},
    ],
}


class Asking:
    """Sends requests to a service as a client with all credentials, unless told otherwise."""

    def __init__(self, service):
        self.service = service

    def __call__(self, method, path, body=None, *, origin="idp.example.com", token=TOKEN, peer="", **query):
        """Send a request and give the response."""
        fields = [("X-Request-Origin", origin)] if origin else []
        fields += [("Authorization", f"Bearer {token}")] if token else []
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return self.service.handle(Request(method, path, list(query.items()), Headers(fields), content, peer))

    def user(self, **members):
        """Create a user and give it."""
        response = self("POST", "/Users", {**PERSON, **members})
        assert response.status == 201, response.json
        return response.json


@pytest.fixture
def make():
    """Makes a way of asking a service with these options."""
    return lambda **options: Asking(braze(token=TOKEN, **options))


@pytest.fixture
def ask(make):
    """A way of asking a fresh service."""
    return make()


def media_type(response):
    """Give the media type of a response."""
    return response.headers.get("Content-Type")


# -- the five endpoints -----------------------------------------------------------------------


def test_a_user_lives(ask):
    """A user is created, found, read, updated and deleted."""
    made = ask.user(permissions=GRANTED)
    found = ask("GET", "/Users", filter='userName eq "user@test.com"').json
    assert (found["totalResults"], [each["id"] for each in found["Resources"]]) == (1, [made["id"]])
    assert "schemas" not in found["Resources"][0]
    assert set(found) == {"schemas", "totalResults", "Resources"}
    change = {"schemas": [USER], "name": PERSON["name"], "department": "pm", "permissions": {}}
    assert ask("PUT", f"/Users/{made['id']}", change).json["department"] == "pm"
    read = ask("GET", f"/Users/{made['id']}").json
    assert read["department"] == "pm"
    assert read["permissions"]["companyPermissions"] == []
    gone = ask("DELETE", f"/Users/{made['id']}")
    assert (gone.status, gone.body) == (204, b"")
    assert ask("GET", f"/Users/{made['id']}").status == 404


def test_a_new_user_is_shown_as_documented(ask):
    """The answer to a POST has the request's members, an id of four groups, and that the user never signed in."""
    response = ask("POST", "/Users", PERSON)
    assert media_type(response) == "application/json"
    shown = response.json
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{8}){3}", shown["id"])
    assert {name: shown[name] for name in PERSON} == PERSON
    assert shown["lastSignInAt"] == "N/A"
    assert "meta" not in shown
    assert "Location" not in response.headers


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2026, 11, 22, 10, 15, tzinfo=UTC), "2026 Nov 22, 10:15 AM"),
        (datetime(2026, 1, 2, 0, 5, tzinfo=UTC), "2026 Jan 02, 12:05 AM"),
        (datetime(2026, 7, 31, 12, 0, tzinfo=UTC), "2026 Jul 31, 12:00 PM"),
        (datetime(2026, 7, 31, 23, 59, tzinfo=UTC), "2026 Jul 31, 11:59 PM"),
    ],
)
def test_moments_are_written_for_people(ask, moment, written):
    """A moment has the month as a word and twelve hours a half day."""
    assert ask.service.users.moment(moment) == written


@pytest.mark.parametrize("path", ["/Groups", "/Me", "/Bulk", "/Schemas", "/ServiceProviderConfig", "/x", "/Users/1/2"])
def test_nothing_else_is_there(ask, path):
    """There is no other endpoint."""
    assert ask("GET", path).status == 404


def test_there_is_no_patch(ask):
    """PATCH is not allowed, and the answer says what is."""
    response = ask("PATCH", "/Users/1", {})
    assert (response.status, response.headers.get("Allow")) == (405, "GET, HEAD, PUT, DELETE")


def test_the_version_is_part_of_the_path(make):
    """Only the path of the base URL leads to the endpoints."""
    ask = make(base_path="/scim/v2")
    assert ask("GET", "/scim/v2/Users/1").json["detail"] == "Resource not found"
    assert ask("GET", "/scim/v2/Users", filter=f'userName eq "{OWNER}"').json["totalResults"] == 1
    assert ask("GET", "/scim/Users", filter=f'userName eq "{OWNER}"').status == 404


# -- refusals ---------------------------------------------------------------------------------


def test_errors_have_their_documented_bodies_and_types(ask):
    """Each error has the body and the media type that its sample has."""
    user = ask.user()
    change = {"schemas": [USER], "name": PERSON["name"], "department": "pm", "permissions": {}}
    found = {
        "look up": ask("GET", "/Users/1"),
        "update": ask("PUT", "/Users/1", change),
        "delete": ask("DELETE", "/Users/1"),
        "create": ask("POST", "/Users", PERSON),
        "search": ask("GET", "/Users", filter=f'id eq "{user["id"]}"'),
    }
    assert {name: (media_type(one), one.json["status"], one.json["detail"]) for name, one in found.items()} == {
        "look up": ("application/json", 404, "Resource not found"),
        "update": ("text/html", 404, "User not found"),
        "delete": ("text/html", 404, "User not found"),
        "create": ("text/json;charset=UTF-8", 409, "User already exists in the database."),
        "search": ("application/json", 400, UNPARSABLE),
    }
    assert all(one.status == one.json["status"] and one.json["schemas"] == [ERROR] for one in found.values())


@pytest.mark.parametrize(
    ("members", "word"),
    [
        ({"department": None}, "department is missing"),
        ({"userName": None, "name": None}, "userName and name are missing"),
        ({"schemas": []}, USER),
        ({"userName": "nobody"}, "e-mail address"),
        ({"name": "Test User"}, "givenName and familyName"),
        ({"name": {"givenName": "Test"}}, "familyName"),
        ({"department": "sales"}, "agency, bi, c_suite, engineering, finance, marketing, pm"),
        ({"permissions": []}, "permissions has to be an object"),
        ({"permissions": {"companyPermissions": "admin"}}, "companyPermissions has to be a list"),
        ({"permissions": {"companyPermissions": ["fly"]}}, "'fly'; there are admin, manage_company_settings"),
        ({"permissions": {"appGroup": [{"appGroupPermissions": ["admin"]}]}}, "appGroupName or appGroupId"),
        ({"permissions": {"appGroup": [{"appGroupId": "1"}]}}, "no workspace with the id '1'"),
        ({"permissions": {"appGroup": [{"appGroupName": "A", "appGroupPermissions": ["send_campaign_canvases"]}]}},
         "send_campaign_canvases"),
        ({"permissions": {"roles": [{"roleId": "1"}]}}, "no role with the id '1'"),
    ],
)  # fmt: skip
def test_a_400_says_what_is_wrong(ask, members, word):
    """A body that is refused is told the documented sentence, and what is wrong with it."""
    response = ask("POST", "/Users", {**PERSON, **members})
    assert response.status == 400
    assert response.json["detail"].startswith(UNPARSABLE)
    assert word in response.json["detail"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"null"])
def test_what_is_no_json_object_is_a_400(ask, body):
    """A body that is no JSON object is refused with the documented sentence."""
    response = ask("POST", "/Users", body)
    assert (response.status, response.json["detail"].startswith(UNPARSABLE)) == (400, True)


@pytest.mark.parametrize("how", [{"token": None}, {"token": "x"}, {"origin": None}, {"origin": "x.example.com"}])
def test_access_is_that_of_the_settings(ask, how):
    """Token and origin are checked before anything else, and refused with 401."""
    response = ask("GET", "/Users", **how)
    assert (response.status, response.json["status"]) == (401, 401)


def test_the_allowlist_counts(make):
    """An address outside of the allowlist is refused with 401."""
    ask = make(allowlist="192.0.2.0/24")
    assert ask("GET", "/Users/1", peer="192.0.2.7").status == 404
    assert ask("GET", "/Users/1", peer="198.51.100.7").status == 401


# -- users ------------------------------------------------------------------------------------


def test_user_names_are_unique_whatever_their_case(ask):
    """Two users cannot have one userName in different letter case, and a search finds it in any."""
    user = ask.user()
    assert ask("POST", "/Users", {**PERSON, "userName": "USER@test.com"}).status == 409
    found = ask("GET", "/Users", filter='USERNAME EQ "User@Test.com"').json
    assert found["Resources"][0]["id"] == user["id"]


@pytest.mark.parametrize("name", ['o"brien@test.com', "o\\brien@test.com"])
def test_escapes_in_a_filter_are_read(ask, name):
    """A quotation mark or a backslash in a userName is escaped in the filter."""
    user = ask.user(userName=name)
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    assert ask("GET", "/Users", filter=f'userName eq "{escaped}"').json["Resources"][0]["id"] == user["id"]


def test_user_name_cannot_be_changed(ask):
    """A PUT with another userName is refused; with the same one it is taken."""
    user = ask.user()
    body = {**PERSON, "permissions": {}}
    assert ask("PUT", f"/Users/{user['id']}", body).status == 200
    refused = ask("PUT", f"/Users/{user['id']}", {**body, "userName": "other@test.com"})
    assert (refused.status, "userName cannot be changed" in refused.json["detail"]) == (400, True)


def test_the_last_user_stays(make):
    """Nobody can delete the last user; with somebody else there it is no longer the last."""
    ask = make(owner="")
    user = ask.user()
    refused = ask("DELETE", f"/Users/{user['id']}")
    assert (refused.status, refused.json["detail"]) == (500, "Failed to delete user")
    ask.user(userName="other@test.com")
    assert ask("DELETE", f"/Users/{user['id']}").status == 204


def test_users_survive_in_a_file(tmp_path):
    """Kept in a SQLite file, users are there again, and so are the ids of workspaces, teams, roles and sets."""
    first = Asking(braze(token=TOKEN, store=SQLiteStore(tmp_path / "users.db")))
    user = first.user(permissions=GRANTED)
    second = Asking(braze(token=TOKEN, store=SQLiteStore(tmp_path / "users.db")))
    assert second("GET", f"/Users/{user['id']}").json["permissions"] == user["permissions"]
    ids = {"appGroup": [{"appGroupId": user["permissions"]["appGroup"][0]["appGroupId"]}]}
    assert second.user(userName="other@test.com", permissions=ids)["permissions"]["appGroup"][0]["appGroupName"]


# -- permissions ------------------------------------------------------------------------------


def test_names_are_answered_with_ids(ask):
    """Workspaces, teams, roles and permission sets are given by name or id, and shown with both."""
    shown = ask.user(permissions=GRANTED)["permissions"]
    workspace, other = shown["appGroup"]
    ids = {
        "roles": [{"roleId": shown["roles"][0]["roleId"]}],
        "appGroup": [
            {
                "appGroupId": workspace["appGroupId"],
                "appGroupPermissions": ["basic_access", "send_campaigns_canvases"],
                "team": [{"teamId": workspace["team"][0]["teamId"], "teamPermissions": ["export_user_data"]}],
            },
            {
                "appGroupId": other["appGroupId"],
                "appGroupPermissionSets": [
                    {"appGroupPermissionSetID": other["appGroupPermissionSets"][0]["appGroupPermissionSetId"]}
                ],
            },
        ],
    }
    again = ask.user(userName="other@test.com", permissions=ids)["permissions"]
    assert again["roles"] == shown["roles"]
    assert again["appGroup"][1] == other
    assert again["appGroup"][0]["team"][0]["teamName"] == "Test Team"


def test_newer_permissions_are_known(ask):
    """The granular permissions of workspaces and teams are known by their form."""
    granted = ["view_campaigns", "launch_canvases", "archive_segments"]
    user = ask.user(permissions={"appGroup": [{"appGroupName": "A", "appGroupPermissions": granted}]})
    assert user["permissions"]["appGroup"][0]["appGroupPermissions"] == granted


@pytest.mark.parametrize("permissions", [None, {}, {"companyPermissions": ["admin"]}, {"appGroup": []}])
def test_the_default_workspace_is_used(make, permissions):
    """A user for whom no workspace is named is in the default one."""
    ask = make(default_workspace="Home")
    user = ask.user(permissions=permissions)
    assert [group["appGroupName"] for group in user["permissions"]["appGroup"]] == ["Home"]


# -- the daily limit --------------------------------------------------------------------------


def test_the_limit_is_for_all_methods_and_a_day(make):
    """After so many requests every method is answered 429 until midnight UTC; who is not let in does not count."""
    ask = make(daily_limit=3)
    moment = datetime(2026, 11, 22, 23, 59, 30, tzinfo=UTC)
    ask.service.clock.now = lambda: moment
    for how in ({}, {"token": "x"}, {}, {"origin": "x"}, {}):
        assert ask("GET", "/Users/1", **how).status == (401 if how else 404)
    for method, body in (("GET", None), ("POST", PERSON), ("PUT", PERSON), ("DELETE", None)):
        refused = ask(method, "/Users" if method == "POST" else "/Users/1", body)
        assert (refused.status, refused.headers.get("Retry-After")) == (429, "30")
    moment = datetime(2026, 11, 23, 0, 0, 1, tzinfo=UTC)
    assert ask("GET", "/Users/1").status == 404


@pytest.mark.parametrize("limit", [0, -1, True, "many"])
def test_a_limit_is_a_number(limit):
    """A daily limit that is no number from 1 up is refused with what it can be."""
    with pytest.raises(BadSetting, match="whole number of requests from 1 up"):
        braze(daily_limit=limit)


# -- its own settings page --------------------------------------------------------------------


def test_identity_providers_are_sent_elsewhere(ask):
    """The table of values is made for custom alone: an identity provider needs PATCH and active."""
    ask.service.settings.method = "entra-id"
    with pytest.raises(BadSetting, match="neither active nor PATCH, which Microsoft Entra ID needs"):
        setup(ask.service, ask.service.settings, "https://localhost", None)
    ask.service.settings.method = "custom"
    targets = [row.target for row in setup(ask.service, ask.service.settings, "https://localhost", None).mapping]
    assert targets == ["userName", "name.givenName", "name.familyName", "department", "permissions"]

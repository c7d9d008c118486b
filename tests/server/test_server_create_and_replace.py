"""POST, PUT, GET and DELETE of resources: what is taken in, kept, ignored and refused."""

import base64

import pytest

from scim_conformance.server.schema import Attribute

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
WORKSPACE = "urn:scim-conformance:schemas:extension:workspace:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"

FULL = {
    "schemas": [ENTERPRISE, USER],
    "userName": "bjensen@example.com",
    "externalId": "701984",
    "name": {
        "formatted": "Ms. Barbara J Jensen, III",
        "familyName": "Jensen",
        "givenName": "Barbara",
        "middleName": "Jane",
        "honorificPrefix": "Ms.",
        "honorificSuffix": "III",
    },
    "displayName": "Babs Jensen",
    "nickName": "Babs",
    "profileUrl": "https://login.example.com/bjensen",
    "title": "Tour Guide",
    "userType": "Employee",
    "preferredLanguage": "en-US,fr;q=0.5",
    "locale": "en-US",
    "timezone": "America/Los_Angeles",
    "active": False,
    "emails": [
        {"value": "bjensen@example.com", "type": "work", "primary": True},
        {"value": "babs@jensen.org", "type": "home"},
    ],
    "phoneNumbers": [
        {"value": "tel:+1-555-555-5555", "type": "work"},
        {"value": "tel:+1-555-555-4444", "type": "satellite"},
    ],
    "ims": [{"value": "someaimhandle", "type": "aim"}],
    "photos": [{"value": "https://photos.example.com/F", "type": "photo"}],
    "addresses": [
        {
            "streetAddress": "100 Universal City Plaza\nHollywood",
            "locality": "Hollywood",
            "region": "CA",
            "postalCode": "91608",
            "country": "US",
            "formatted": "a\nb",
            "type": "work",
            "primary": True,
        }
    ],
    "entitlements": [{"value": "sailing"}],
    "roles": [{"value": "Student", "type": "x"}, {"value": "Faculty"}],
    "x509Certificates": [{"value": base64.b64encode(b"\x30\x03abc").decode()}],
    ENTERPRISE: {
        "employeeNumber": "701984",
        "costCenter": "4130",
        "organization": "Universal",
        "division": "Theme Park",
        "department": "Tours",
    },
}


def test_everything_sent_comes_back(ask):
    """Every attribute of the three RFC schemas survives a round trip."""
    created = ask("POST", "/Users", FULL)
    assert created.status == 201
    read = ask.again(created.json)
    assert read == created.json
    for name, value in FULL.items():
        assert read[name] == value or name == "schemas", name
    assert set(read["schemas"]) == {USER, ENTERPRISE, WORKSPACE}


def test_created_resource_tells_where_and_when(ask):
    """201 has Location, meta is complete, and created is lastModified."""
    response = ask("POST", "/Users", {"schemas": [USER], "userName": "a"})
    body = response.json
    assert response.headers.get("Location") == body["meta"]["location"] == f"http://scim.test/Users/{body['id']}"
    assert response.headers.get("ETag") == body["meta"]["version"]
    assert body["meta"]["created"] == body["meta"]["lastModified"]
    assert body["meta"]["resourceType"] == "User"


def test_unicode_and_escapes_survive(ask):
    """Any text is kept as it is: other scripts, surrogate pairs, control characters, empty and long strings."""
    for number, text in enumerate(["Ælfrēd 日本 😀", '\u0000\u001f"\\/', "", "x" * 10_000, "<script>", "' OR 1=1 --"]):
        user = ask.user(f"u{number}", nickName=text, displayName="d")
        assert ask.again(user)["nickName"] == text


@pytest.mark.parametrize(
    ("body", "scim_type"),
    [
        ({"userName": "a"}, "invalidSyntax"),
        ({"schemas": [], "userName": "a"}, "invalidSyntax"),
        ({"schemas": USER, "userName": "a"}, "invalidSyntax"),
        ({"schemas": [1], "userName": "a"}, "invalidSyntax"),
        ({"schemas": [ENTERPRISE], "userName": "a"}, "invalidSyntax"),
        ({"schemas": [USER]}, "invalidValue"),
        ({"schemas": [USER], "userName": None}, "invalidValue"),
        ({"schemas": [USER], "userName": ""}, "invalidValue"),
        ({"schemas": [USER], "userName": "  "}, "invalidValue"),
        ({"schemas": [USER], "userName": 1}, "invalidValue"),
        ({"schemas": [USER], "userName": ["a"]}, "invalidValue"),
        ({"schemas": [USER], "userName": "a", "active": "yes"}, "invalidValue"),
        ({"schemas": [USER], "userName": "a", "active": 1}, "invalidValue"),
        ({"schemas": [USER], "userName": "a", "name": "Anna"}, "invalidValue"),
        ({"schemas": [USER], "userName": "a", "name": {"givenName": {}, "familyName": 5}}, "invalidValue"),
        ({"schemas": [USER], "userName": "a", "emails": {"value": "a@b"}}, "invalidValue"),
        ({"schemas": [USER], "userName": "a", "emails": ["a@b"]}, "invalidValue"),
        (
            {
                "schemas": [USER],
                "userName": "a",
                "emails": [{"value": "a", "primary": True}, {"value": "b", "primary": True}],
            },
            "invalidValue",
        ),
        ({"schemas": [USER], "userName": "a", "profileUrl": "not a uri"}, "invalidValue"),
        ({"schemas": [USER], "userName": "a", "profileUrl": "http://x/%zz"}, "invalidValue"),
        ({"schemas": [USER], "userName": "a", "profileUrl": "http://[x/"}, "invalidValue"),
        ({"schemas": [USER], "userName": "a", "x509Certificates": [{"value": "not base64!"}]}, "invalidValue"),
        ({"schemas": [USER], "userName": "a", "addresses": [{"country": "USA"}]}, "invalidValue"),
        ({"schemas": [USER], "userName": "a", ENTERPRISE: []}, "invalidValue"),
        ({"schemas": [USER], "userName": "a", ENTERPRISE: "x"}, "invalidValue"),
        ({"schemas": [USER], "userName": "a", "USERNAME": "b"}, "invalidSyntax"),
        ([], "invalidSyntax"),
        ("text", "invalidSyntax"),
        (None, "invalidSyntax"),
    ],
)
def test_bodies_that_break_the_schema(ask, body, scim_type):
    """A body without schemas, required attributes or right types is refused and creates nothing."""
    response = ask("POST", "/Users", body, raw=b"null" if body is None else None)
    assert (response.status, response.json.get("scimType")) == (400, scim_type), response.json
    assert ask.get("/Users").json["totalResults"] == 0


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b'{"a":1,}',
        b"\xff\xfe",
        b'{"schemas":[NaN]}',
        b"[" * 100_000,
        b'{"userName":"\\ud800"}',
        b'{"a":1e999}',
        b"{'a':1}",
        b'{"a":' * 3000 + b"1" + b"}" * 3000,
        b'{"a":' + b"9" * 5000 + b"}",
    ],
)
def test_bodies_that_are_no_json(ask, raw):
    """What is not JSON, nests without end, or holds what JSON cannot, is invalidSyntax."""
    response = ask("POST", "/Users", raw=raw)
    assert (response.status, response.json["scimType"]) == (400, "invalidSyntax")


def test_attribute_names_are_case_insensitive(ask):
    """Members are recognised in any letter case, sub-attributes and extensions too."""
    body = {
        "SCHEMAS": [USER.upper()],
        "USERNAME": "a",
        "Name": {"GIVENNAME": "A"},
        ENTERPRISE.lower(): {"Department": "d"},
    }
    user = ask("POST", "/Users", body).json
    assert (user["userName"], user["name"], user[ENTERPRISE]) == ("a", {"givenName": "A"}, {"department": "d"})


def test_what_clients_cannot_write_is_ignored(ask):
    """id, meta, groups and other readOnly attributes in a POST or PUT are ignored, and unknown ones too."""
    extra = {
        "id": "mine",
        "meta": {"created": "2001-01-01T00:00:00Z"},
        "groups": [{"value": "x"}],
        "unknown": {"a": 1},
        "department": "top level",
        ENTERPRISE: {"manager": {"value": "m", "displayName": "x"}},
    }
    user = ask.user("a", **extra)
    assert user["id"] != "mine"
    assert not user["meta"]["created"].startswith("2001")
    assert user.keys().isdisjoint({"groups", "unknown", "department"})
    assert "displayName" not in user[ENTERPRISE]["manager"]
    replaced = ask("PUT", f"/Users/{user['id']}", {"schemas": [USER], "userName": "a", **extra})
    assert replaced.status == 200
    assert replaced.json["id"] == user["id"]
    assert replaced.json["meta"]["created"] == user["meta"]["created"]


def test_null_and_empty_lists_are_no_value(ask):
    """null, [] and absent are one: nothing is stored, and pr finds nothing."""
    user = ask.user("a", title=None, emails=[], name={"givenName": None}, roles=None)
    assert user.keys().isdisjoint({"title", "emails", "name", "roles"})
    assert ask.found("title pr or emails pr or name pr") == []


def test_foreign_schema_uris_are_passed_over(ask):
    """A URI that is no schema of the type, and one listed twice, does not appear in the result."""
    foreign = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"
    body = {"schemas": [GROUP, GROUP, foreign], "displayName": "g"}
    assert ask("POST", "/Groups", body).json["schemas"] == [GROUP]


def test_doubles_are_merged_and_forms_are_canonical(ask):
    """Elements of equal type and value become one; e-mail domains, IM addresses, countries and URLs are normalised."""
    user = ask.user(
        "a",
        emails=[
            {"value": "A@EXAMPLE.com", "type": "work"},
            {"value": "a@example.COM", "type": "work"},
            {"value": "A@example.com", "type": "home"},
        ],
        ims=[{"value": "Some Handle"}],
        addresses=[{"country": "us"}],
        profileUrl="HTTPS://Example.COM/a/../%7eb/%2f",
        active="False",
    )
    assert user["emails"] == [{"value": "A@example.com", "type": "work"}, {"value": "A@example.com", "type": "home"}]
    assert user["ims"] == [{"value": "somehandle"}]
    assert user["addresses"] == [{"country": "US"}]
    assert user["profileUrl"] == "https://example.com/~b/%2F"
    assert user["active"] is False


def test_one_certificate_a_value(ask):
    """Two concatenated certificates in one value are refused; one, padded or not, is taken."""
    one = b"\x30\x03abc"
    for value, status in ((one, 201), (one + one, 400), (b"\x30\x82\x00\x01a", 201), (b"anything", 201)):
        encoded = base64.b64encode(value).decode().rstrip("=")
        body = {"schemas": [USER], "userName": value.hex(), "x509Certificates": [{"value": encoded}]}
        assert ask("POST", "/Users", body).status == status


@pytest.mark.parametrize("other", ["bjensen", "BJensen", "\uff42jensen"])
def test_user_names_are_unique(ask, other):
    """A userName that differs in letter case or width alone is taken, on POST, PUT and PATCH."""
    ask.user("bjensen")
    second = ask.user("second")
    body = {"schemas": [USER], "userName": other}
    answers = [
        ask("POST", "/Users", body),
        ask("PUT", f"/Users/{second['id']}", body),
        ask.patch(second, {"op": "replace", "path": "userName", "value": other}),
    ]
    for response in answers:
        assert (response.status, response.json["scimType"]) == (409, "uniqueness")
        assert "userName" in response.json["detail"]
    assert ask.again(second)["userName"] == "second"
    assert ask.get("/Users").json["totalResults"] == 2


def test_own_name_and_deleted_names_are_free(ask):
    """A user may keep its name or change its case; the name of a deleted user is free, its id is not."""
    user = ask.user("bjensen")
    assert ask("PUT", f"/Users/{user['id']}", {"schemas": [USER], "userName": "BJENSEN"}).json["userName"] == "BJENSEN"
    assert ask("DELETE", f"/Users/{user['id']}").status == 204
    assert ask.user("bjensen")["id"] != user["id"]


def test_external_ids_are_the_clients_own_business(ask):
    """ExternalId need not be unique, keeps its case, can be changed, and is never invented."""
    one, two = ask.user("a", externalId="X"), ask.user("b", externalId="X")
    assert "externalId" not in ask.user("c")
    assert ask.patch(two, {"op": "replace", "path": "externalId", "value": "x"}).json["externalId"] == "x"
    assert ask.again(one)["externalId"] == "X"


def test_password_is_taken_and_never_shown(ask):
    """No answer holds the password, in clear or digested, asked for or not; it survives a PUT without it."""
    user = ask(
        "POST", "/Users", {"schemas": [USER], "userName": "a", "password": "s3cret"}, query={"attributes": "password"}
    )
    path = f"/Users/{user.json['id']}"
    answers = [
        user,
        ask.get(path, attributes="password"),
        ask.get("/Users"),
        ask("PUT", path, {"schemas": [USER], "userName": "a"}),
        ask.patch(ask.get(path).json, {"op": "replace", "path": "password", "value": "s3cret"}),
    ]
    for response in answers:
        assert b"assword" not in response.body
        assert b"s3cret" not in response.body
    stored = ask.service.store.find(user.json["id"]).resource["password"]
    assert "s3cret" not in stored
    assert ask.service.values.is_password("s3cret", stored)
    assert not ask.service.values.is_password("S3cret", stored)


def test_default_workspace(ask):
    """A user who names no workspace is in the default one, one who names another is there; others have none."""
    assert ask.user("a")[WORKSPACE] == {"workspace": "Main"}
    user = ask.user("b", **{WORKSPACE: {"workspace": "Other"}})
    assert user[WORKSPACE] == {"workspace": "Other"}
    assert WORKSPACE in user["schemas"]
    assert WORKSPACE not in ask.group()
    ask.service.settings.default_workspace = "Second"
    assert ask.user("c")[WORKSPACE] == {"workspace": "Second"}


def test_put_replaces_everything(ask):
    """PUT leaves only what it asserts, and defaults; it advances lastModified and nothing else of meta."""
    user = ask("POST", "/Users", FULL).json
    response = ask("PUT", f"/Users/{user['id']}", {"schemas": [USER], "userName": "a", "emails": [{"value": "x@y"}]})
    body = response.json
    assert response.status == 200
    assert body["emails"] == [{"value": "x@y"}]
    assert body.keys() == {"schemas", "id", "userName", "emails", "active", WORKSPACE, "meta"}
    assert body["meta"]["lastModified"] > user["meta"]["lastModified"]
    assert {k: v for k, v in body["meta"].items() if k not in ("lastModified", "version")} == {
        k: v for k, v in user["meta"].items() if k not in ("lastModified", "version")
    }
    assert body == ask.again(user)


def test_put_that_fails_changes_nothing(ask):
    """A refused PUT leaves the resource as it was."""
    user = ask.user("a", title="t")
    for body in ({}, {"schemas": [USER]}, {"schemas": [USER], "userName": "b", "active": 3}):
        assert ask("PUT", f"/Users/{user['id']}", body).status == 400
    assert ask.again(user) == user


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE"])
def test_unknown_and_deleted_resources_are_not_found(ask, method):
    """Every method gives 404 for an id that never was, one that is no more, one in other case, and another type's."""
    gone = ask.user("a")
    assert ask("DELETE", f"/Users/{gone['id']}").body == b""
    other = ask.user("b")
    body = {"schemas": [USER], "userName": "x"}
    for path in (f"/Users/{gone['id']}", "/Users/none", f"/Users/{other['id'].upper()}", f"/Groups/{other['id']}"):
        response = ask(method, path, body)
        assert response.status == 404
        assert method == "HEAD" or response.json["status"] == "404"
    assert ask.get("/Users").json["totalResults"] == 1


def test_deleted_resource_is_in_no_result(ask):
    """A deleted user is in no list, filter or search."""
    user = ask.user("a")
    ask("DELETE", f"/Users/{user['id']}")
    assert ask.found('userName eq "a"') == ask.found(f'id eq "{user["id"]}"') == ask.found("id pr", "/") == []


def test_immutable_attributes(service, ask):
    """An immutable attribute can be set when it has no value, is kept when left out, and refuses another value."""
    service.schemas.add(USER, Attribute("badge", mutability="immutable"))
    user = ask.user("a")
    path = f"/Users/{user['id']}"
    body = {"schemas": [USER], "userName": "a"}
    assert ask("PUT", path, {**body, "badge": "B1"}).json["badge"] == "B1"
    assert ask("PUT", path, body).json["badge"] == "B1"
    assert ask("PUT", path, {**body, "badge": "b1"}).json["badge"] == "B1"
    refused = ask("PUT", path, {**body, "badge": "B2"})
    assert (refused.status, refused.json["scimType"]) == (400, "mutability")
    for operation in (
        {"op": "replace", "path": "badge", "value": "B2"},
        {"op": "remove", "path": "badge"},
        {"op": "add", "value": {"badge": "B2"}},
    ):
        assert ask.patch(user, operation).json["scimType"] == "mutability"
    assert ask.patch(user, {"op": "replace", "path": "badge", "value": "B1"}).status == 200


def test_required_extension_and_attributes(service, ask):
    """A required extension or attribute, and a required sub-attribute of a value that is there, has to be given."""
    service.resource_types.extend("User", ENTERPRISE, required=True)
    body = {"schemas": [USER], "userName": "a"}
    assert ask("POST", "/Users", body).json["scimType"] == "invalidValue"
    user = ask.user("a", **{ENTERPRISE: {"department": "d"}})
    assert ask.patch(user, {"op": "remove", "path": f"{ENTERPRISE}:department"}).status == 400
    service.schemas.change(ENTERPRISE, "costCenter", required=True)
    service.schemas.change(USER, "emails.value", required=True)
    assert ask("POST", "/Users", {**body, "userName": "b", ENTERPRISE: {"department": "d"}}).status == 400
    complete = {**body, "userName": "b", ENTERPRISE: {"costCenter": "d"}}
    assert ask("POST", "/Users", {**complete, "emails": [{"type": "work"}]}).status == 400
    assert ask("POST", "/Users", complete).status == 201


@pytest.mark.parametrize(
    ("type_", "good", "bad"),
    [
        ("integer", [0, -5, 10**15], [1.5, "1", True, 1.0]),
        ("decimal", [0, 1.5, -2.25], ["1.5", True]),
        ("boolean", [True, False], ["x", 0, None.__class__.__name__]),
        (
            "dateTime",
            [
                "2026-01-31T23:59:59Z",
                "2026-01-31T23:59:59.123456789+05:30",
                "2026-01-31T24:00:00",
                "2000-02-29T00:00:00-12:00",
            ],
            ["2026-01-31", "23:59:59", "2026-02-30T00:00:00Z", "2026-01-31 23:59:59", 1, "2026-01-31T23:59Z", ""],
        ),
        ("binary", ["YWJj", "YWI=", "YWI", "-_-_", ""], ["a", "????", 1]),
        ("reference", ["https://example.com/é?x=1#y", "../Users/1", "urn:uuid:1"], ["a b", "<x>", ""]),
        ("string", ["", "x"], [1, {"a": 1}, True]),
    ],
)
def test_data_types(service, ask, type_, good, bad):
    """Each data type takes its own values and refuses others with invalidValue."""
    service.schemas.add(USER, Attribute("thing", type=type_))
    for number, value in enumerate(good):
        assert ask.user(f"good{number}", thing=value)["thing"] == value
    for value in bad:
        response = ask("POST", "/Users", {"schemas": [USER], "userName": "bad", "thing": value})
        assert (response.status, response.json["scimType"]) == (400, "invalidValue"), value
        assert "thing" in response.json["detail"]

"""Which attributes a response shows, by their `returned` and by what the client asks."""

import pytest

from scim_conformance.server.schema import Attribute

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
WORKSPACE = "urn:scim-conformance:schemas:extension:workspace:2.0:User"


@pytest.fixture
def user(ask):
    """A user with a complex, a multi-valued and an extension attribute."""
    return ask.user(
        "bjensen",
        name={"givenName": "Barbara", "familyName": "Jensen"},
        emails=[{"value": "a@x.example", "type": "work"}, {"type": "home"}],
        **{ENTERPRISE: {"department": "Tours", "costCenter": "1"}},
    )


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("userName", {"userName": "bjensen"}),
        (" USERNAME , unknown,, a b", {"userName": "bjensen"}),
        ("name.familyName", {"name": {"familyName": "Jensen"}}),
        ("name", {"name": {"givenName": "Barbara", "familyName": "Jensen"}}),
        ("name,name.givenName", {"name": {"givenName": "Barbara", "familyName": "Jensen"}}),
        ("emails.value", {"emails": [{"value": "a@x.example"}]}),
        ("emails.display", {}),
        (f"{USER}:userName", {"userName": "bjensen"}),
        (f"{USER}:name.givenName", {"name": {"givenName": "Barbara"}}),
        (f"{ENTERPRISE}:department", {ENTERPRISE: {"department": "Tours"}}),
        (f"{ENTERPRISE.upper()}:DEPARTMENT", {ENTERPRISE: {"department": "Tours"}}),
        (ENTERPRISE, {ENTERPRISE: {"department": "Tours", "costCenter": "1"}}),
        ("meta.resourceType", {"meta": {"resourceType": "User"}}),
        ("id", {}),
        ("unknown", {}),
        ("password", {}),
    ],
)
def test_named_attributes_alone_are_shown(ask, user, names, expected):
    """With attributes a resource holds schemas, id and what is named, on GET, in lists, on PUT, PATCH and POST."""
    path = f"/Users/{user['id']}"
    always = {"schemas": user["schemas"], "id": user["id"]}
    assert ask.get(path, attributes=names).json == {**always, **expected}
    assert ask.get("/Users", attributes=names).json["Resources"] == [{**always, **expected}]
    body = {name: value for name, value in user.items() if name not in ("id", "meta")}
    assert ask("PUT", path, body, query={"attributes": names}).json == {**always, **expected}
    created = ask("POST", "/Users", {**body, "userName": "other"}, query={"attributes": names}).json
    assert created.keys() == {**always, **expected}.keys()


@pytest.mark.parametrize(
    ("names", "gone"),
    [
        ("userName", ["userName"]),
        ("meta,NAME", ["meta", "name"]),
        ("id,schemas", []),
        (f"{ENTERPRISE},{WORKSPACE}", [ENTERPRISE, WORKSPACE]),
        (f"{ENTERPRISE}:department,{ENTERPRISE}:costCenter", [ENTERPRISE]),
        ("emails.value,emails.type", ["emails"]),
        ("unknown", []),
    ],
)
def test_excluded_attributes_are_left_out(ask, user, names, gone):
    """With excludedAttributes everything is shown but what is named; what is always shown stays."""
    shown = ask.get(f"/Users/{user['id']}", excludedAttributes=names).json
    assert shown == {name: value for name, value in user.items() if name not in gone}


def test_excluded_sub_attribute(ask, user):
    """Excluding a sub-attribute takes that one alone."""
    shown = ask.get(f"/Users/{user['id']}", excludedAttributes="emails.type,name.givenName").json
    assert shown["emails"] == [{"value": "a@x.example"}]
    assert shown["name"] == {"familyName": "Jensen"}


def test_both_parameters_exclude_each_other(ask, user):
    """Attributes and excludedAttributes together are invalidValue."""
    response = ask.get(f"/Users/{user['id']}", attributes="userName", excludedAttributes="name")
    assert (response.status, response.json["scimType"]) == (400, "invalidValue")


def test_always_never_and_request(service, ask):
    """Attributes follow their `returned`: always, never, and on request or when the request assigned them."""
    service.schemas.add(USER, Attribute("badge", returned="always"))
    service.schemas.add(USER, Attribute("secret", returned="never"))
    service.schemas.add(USER, Attribute("shy", returned="request"))
    response = ask("POST", "/Users", {"schemas": [USER], "userName": "a", "badge": "B", "secret": "S", "SHY": "Y"})
    user = response.json
    assert (user["badge"], user["shy"], "secret" in user) == ("B", "Y", False)
    path = f"/Users/{user['id']}"
    assert ask.get(path).json.keys() >= {"badge"}
    assert ask.get(path).json.keys().isdisjoint({"shy", "secret"})
    assert ask.get(path, attributes="shy,secret").json.keys() == {"schemas", "id", "badge", "shy"}
    assert "badge" in ask.get(path, excludedAttributes="badge").json
    assert "shy" not in ask("PUT", path, {"schemas": [USER], "userName": "a"}).json
    assert "shy" in ask.patch(user, {"op": "add", "path": "shy", "value": "Z"}).json
    assert "shy" in ask.patch(user, {"op": "add", "value": {"shy": "Q"}}).json
    assert "shy" not in ask.patch(user, {"op": "add", "path": "title", "value": "Z"}).json


def test_returned_of_sub_attributes(service, ask):
    """Sub-attributes follow their own `returned`."""
    service.schemas.add(
        USER,
        Attribute(
            "thing",
            type="complex",
            sub_attributes=(
                Attribute("usual"),
                Attribute("always", returned="always"),
                Attribute("never", returned="never"),
                Attribute("request", returned="request"),
            ),
        ),
    )
    user = ask.user("a", thing={"usual": "1", "always": "2", "never": "3", "request": "4"})
    assert user["thing"] == {"usual": "1", "always": "2", "request": "4"}
    path = f"/Users/{user['id']}"
    assert ask.get(path).json["thing"] == {"usual": "1", "always": "2"}
    assert ask.get(path, attributes="thing").json["thing"] == {"usual": "1", "always": "2"}
    assert ask.get(path, attributes="thing.request").json["thing"] == {"always": "2", "request": "4"}
    assert ask.get(path, attributes="userName").json["thing"] == {"always": "2"}
    assert ask.get(path, excludedAttributes="thing.always,thing.usual").json["thing"] == {"always": "2"}
    assert ask.get(path, excludedAttributes="thing").json["thing"] == {"always": "2"}

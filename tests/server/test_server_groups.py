"""Groups: members, a user's groups, nesting, and what happens when a member goes."""

import pytest

GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def test_members_are_described(ask):
    """A member is shown with its id, type, URI and name, whatever the client said about it."""
    user = ask.user("anna", displayName="Anna")
    body = {
        "schemas": [GROUP],
        "displayName": "g",
        "members": [{"value": user["id"], "type": "Group", "display": "x", "$ref": "http://evil.example/"}],
    }
    group = ask("POST", "/Groups", body).json
    assert group["members"] == [
        {"value": user["id"], "type": "User", "$ref": user["meta"]["location"], "display": "Anna"}
    ]
    assert ask.get("/Groups", filter='members.type eq "user"').json["totalResults"] == 1


def test_member_by_reference_alone(ask):
    """A member given by $ref alone is found by it; one given by neither value nor $ref is refused."""
    user = ask.user("anna")
    body = {"schemas": [GROUP], "displayName": "g", "members": [{"$ref": user["meta"]["location"]}]}
    assert ask("POST", "/Groups", body).json["members"][0]["value"] == user["id"]
    assert ask("POST", "/Groups", {**body, "members": [{"type": "User"}]}).json["scimType"] == "invalidValue"


def test_groups_of_a_user(ask):
    """A user shows the groups it is in, directly and by nesting, with id, URI, name and type."""
    user = ask.user("anna")
    inner = ask.group("inner", user)
    outer = ask.group("outer", inner)
    ask.group("other")
    assert ask.again(user)["groups"] == [
        {"value": inner["id"], "$ref": inner["meta"]["location"], "display": "inner", "type": "direct"},
        {"value": outer["id"], "$ref": outer["meta"]["location"], "display": "outer", "type": "indirect"},
    ]
    ask.patch(inner, {"op": "remove", "path": f'members[value eq "{user["id"]}"]'})
    assert "groups" not in ask.again(user)


def test_circles_of_groups(ask):
    """Groups that are members of each other, and of themselves, do not go round for ever."""
    user = ask.user("anna")
    one = ask.group("one", user)
    two = ask.group("two", one)
    ask.patch(one, {"op": "add", "path": "members", "value": [{"value": two["id"]}, {"value": one["id"]}]})
    groups = {each["display"]: each["type"] for each in ask.again(user)["groups"]}
    assert groups == {"one": "direct", "two": "indirect"}


@pytest.mark.parametrize(
    ("operation", "left"),
    [
        ({"op": "add", "path": "members", "value": [{"value": "C"}]}, "ABC"),
        ({"op": "add", "path": "members", "value": {"value": "C"}}, "ABC"),
        ({"op": "add", "value": {"members": [{"value": "C", "display": "c"}]}}, "ABC"),
        ({"op": "add", "path": "members", "value": [{"value": "A", "$ref": None}]}, "AB"),
        ({"op": "remove", "path": 'members[value eq "A"]'}, "B"),
        ({"op": "remove", "path": 'members[value eq "C"]'}, "AB"),
        ({"op": "Remove", "path": "members", "value": [{"value": "B", "$ref": None}]}, "A"),
        ({"op": "remove", "path": "members", "value": {"members": [{"value": "B"}]}}, "A"),
        ({"op": "remove", "path": "members"}, ""),
        ({"op": "replace", "path": "members", "value": [{"value": "C"}]}, "C"),
        ({"op": "replace", "value": {"id": "G", "displayName": "new", "members": [{"value": "C"}]}}, "C"),
        ({"op": "replace", "path": "members", "value": []}, ""),
    ],
)
def test_membership_changes(ask, operation, left):
    """Members are added, removed and replaced, by path or without, in the ways Entra ID and Okta do it."""
    users = {name: ask.user(name)["id"] for name in "ABC"}
    group = ask(
        "POST",
        "/Groups",
        {"schemas": [GROUP], "displayName": "g", "members": [{"value": users["A"]}, {"value": users["B"]}]},
    ).json
    text = str(operation)
    for name, id_ in users.items():
        text = text.replace(f"'{name}'", f"'{id_}'").replace(f'"{name}"', f'"{id_}"')
    response = ask.patch(group, eval(text))  # noqa: S307 our own text
    assert response.status == 200, response.json
    ids = {id_: name for name, id_ in users.items()}
    assert "".join(ids[each["value"]] for each in response.json.get("members", [])) == left


def test_adding_a_member_again_is_nothing(ask):
    """Adding somebody who is a member already changes neither members nor lastModified."""
    user = ask.user("anna")
    group = ask.group("g", user)
    again = ask.patch(group, {"op": "add", "path": "members", "value": [{"value": user["id"], "display": "Anna"}]})
    assert again.json == group


def test_sub_attributes_of_members_are_immutable(ask):
    """A member's id cannot be changed in place."""
    anna, bernd = ask.user("anna"), ask.user("bernd")
    group = ask.group("g", anna)
    for path in (f'members[value eq "{anna["id"]}"].value', "members.value"):
        response = ask.patch(group, {"op": "replace", "path": path, "value": bernd["id"]})
        assert (response.status, response.json["scimType"]) == (400, "mutability")


def test_members_have_to_exist(ask):
    """An id that is nobody's is refused, and nothing changes."""
    group = ask.group("g")
    refused = ask.patch(group, {"op": "add", "path": "members", "value": [{"value": "nobody"}]})
    assert (refused.status, refused.json["scimType"]) == (400, "invalidValue")
    assert ask.again(group) == group


def test_deleting_a_member(ask):
    """With a member its membership goes, and with a group its place in users' groups and in other groups."""
    anna, bernd = ask.user("anna"), ask.user("bernd")
    group = ask.group("g", anna, bernd)
    ask("DELETE", f"/Users/{anna['id']}")
    after = ask.again(group)
    assert [each["value"] for each in after["members"]] == [bernd["id"]]
    assert after["meta"]["lastModified"] > group["meta"]["lastModified"]
    outer = ask.group("outer", group)
    ask("DELETE", f"/Groups/{group['id']}")
    assert "groups" not in ask.again(bernd)
    assert "members" not in ask.again(outer)


def test_managers(ask):
    """A manager is shown with URI and name, may be somebody unknown, and goes with the user that it was."""
    boss = ask.user("boss", displayName="The Boss")
    user = ask.user("anna", **{ENTERPRISE: {"manager": {"value": boss["id"], "displayName": "x"}}})
    assert user[ENTERPRISE]["manager"] == {
        "value": boss["id"],
        "$ref": boss["meta"]["location"],
        "displayName": "The Boss",
    }
    other = ask.user("bernd", **{ENTERPRISE: {"manager": {"value": "4711"}}})
    assert other[ENTERPRISE]["manager"] == {"value": "4711", "$ref": "http://scim.test/Users/4711"}
    ask("DELETE", f"/Users/{boss['id']}")
    left = ask.again(user)
    assert ENTERPRISE not in left
    assert ENTERPRISE not in left["schemas"]


def test_group_needs_a_name(ask):
    """A group without displayName is refused; two groups may share one."""
    assert ask("POST", "/Groups", {"schemas": [GROUP]}).json["scimType"] == "invalidValue"
    assert ask.group("same")["id"] != ask.group("same")["id"]


def test_large_groups_take_no_time(ask):
    """Ten thousand members are added, added again and removed without comparing each with each."""
    ask.service.membership.dangling = lambda _attribute, _id: None
    ask.service.membership.described = lambda _attribute, element, _request: dict(element)
    group = ask.group("g")
    listed = [{"value": f"{number:06}"} for number in range(10_000)]
    assert len(ask.patch(group, {"op": "add", "path": "members", "value": listed}).json["members"]) == 10_000
    again = ask.patch(group, {"op": "add", "path": "members", "value": listed})
    assert len(again.json["members"]) == 10_000
    assert "members" not in ask.patch(group, {"op": "remove", "path": "members", "value": listed}).json
    body = {"schemas": [GROUP], "displayName": "g", "members": [*listed, *listed]}
    assert len(ask("POST", "/Groups", body).json["members"]) == 10_000

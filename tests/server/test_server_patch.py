"""PATCH: every operation on every kind of target, atomicity, no-ops, refusals."""

import pytest

from scim_conformance.server.schema import Attribute

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

WORK = {"value": "work@x.example", "type": "work", "primary": True, "display": "W"}
HOME = {"value": "home@x.example", "type": "home"}


@pytest.fixture
def user(ask):
    """A user with a simple, a complex, a multi-valued and an extension attribute."""
    return ask.user(
        "bjensen",
        title="Guide",
        name={"givenName": "Barbara", "familyName": "Jensen"},
        emails=[WORK, HOME],
        **{ENTERPRISE: {"department": "Tours", "manager": {"value": "m1"}}},
    )


def op(name, path=None, value=None):
    """Write an operation."""
    operation = {"op": name}
    if path is not None:
        operation["path"] = path
    if name != "remove" or value is not None:
        operation["value"] = value
    return operation


ADD_REPLACE = [
    ("title", "Boss", {"title": "Boss"}),
    ("TITLE", "Boss", {"title": "Boss"}),
    (f"{USER}:title", "Boss", {"title": "Boss"}),
    ("nickName", "Babs", {"nickName": "Babs"}),
    ("name.givenName", "Bob", {"name": {"givenName": "Bob", "familyName": "Jensen"}}),
    ("name", {"givenName": "Bob"}, {"name": {"givenName": "Bob", "familyName": "Jensen"}}),
    ("name", {"GivenName": "Bob", "familyName": None}, {"name": {"givenName": "Bob"}}),
    ("active", False, {"active": False}),
    ("active", "False", {"active": False}),
    (f"{ENTERPRISE}:department", "Sales", {ENTERPRISE: {"department": "Sales", "manager": "m1"}}),
    (f"{ENTERPRISE}:manager", {"value": "m2"}, {ENTERPRISE: {"department": "Tours", "manager": "m2"}}),
    (f"{ENTERPRISE}:manager", "m2", {ENTERPRISE: {"department": "Tours", "manager": "m2"}}),
    (f"{ENTERPRISE}:manager", [{"value": "m2", "$ref": None}], {ENTERPRISE: {"department": "Tours", "manager": "m2"}}),
    ("manager", [{"value": "m2"}], {ENTERPRISE: {"department": "Tours", "manager": "m2"}}),
    (f"{ENTERPRISE}:manager.value", "m2", {ENTERPRISE: {"department": "Tours", "manager": "m2"}}),
    (ENTERPRISE, {"department": "Sales"}, {ENTERPRISE: {"department": "Sales", "manager": "m1"}}),
    ('emails[type eq "work"].value', "new@x.example", {"emails": [{**WORK, "value": "new@x.example"}, HOME]}),
    (
        'emails[type eq "home" or primary eq "True"].display',
        "D",
        {"emails": [{**WORK, "display": "D"}, {**HOME, "display": "D"}]},
    ),
    (None, {"title": "Boss", "nickname": "B"}, {"title": "Boss", "nickName": "B"}),
    (None, {"name": {"givenName": "Bob"}}, {"name": {"givenName": "Bob", "familyName": "Jensen"}}),
    (None, {"name.givenName": "Bob"}, {"name": {"givenName": "Bob", "familyName": "Jensen"}}),
    (None, {ENTERPRISE: {"department": "Sales"}}, {ENTERPRISE: {"department": "Sales", "manager": "m1"}}),
    (None, {f"{ENTERPRISE}:department": "Sales"}, {ENTERPRISE: {"department": "Sales", "manager": "m1"}}),
    (
        None,
        {"id": "x", "meta": {"created": "x"}, "groups": [], "schemas": ["x"], "unknown": 1, "a b": 1, "title": "Boss"},
        {"title": "Boss"},
    ),
    (None, {}, {}),
]


def plain(resource):
    """Reduce a user to what operations are about."""
    kept = {name: value for name, value in resource.items() if name not in ("schemas", "meta")}
    if ENTERPRISE in kept and "manager" in kept[ENTERPRISE]:
        kept[ENTERPRISE] = {**kept[ENTERPRISE], "manager": kept[ENTERPRISE]["manager"]["value"]}
    return kept


@pytest.mark.parametrize("name", ["add", "replace", "Add", "Replace"])
@pytest.mark.parametrize(("path", "value", "expected"), ADD_REPLACE)
def test_add_and_replace(ask, user, name, path, value, expected):
    """Add and replace set single values, merge complex ones, reach into elements and extensions."""
    response = ask.patch(user, op(name, path, value))
    assert response.status == 200, response.json
    assert plain(response.json) == {**plain(user), **expected}
    assert response.json == ask.again(user)


NEW = {"value": "new@x.example", "type": "other"}


@pytest.mark.parametrize(
    ("operation", "emails"),
    [
        (op("add", "emails", [NEW]), [WORK, HOME, NEW]),
        (op("add", "emails", NEW), [WORK, HOME, NEW]),
        (op("add", None, {"emails": [NEW]}), [WORK, HOME, NEW]),
        (op("add", "emails", [HOME, NEW]), [WORK, HOME, NEW]),
        (op("add", "emails", []), [WORK, HOME]),
        (op("add", "emails", None), [WORK, HOME]),
        (op("add", "emails", [{**NEW, "primary": True}]), [{**WORK, "primary": False}, HOME, {**NEW, "primary": True}]),
        (op("add", "emails", [{**HOME, "primary": True}]), [{**WORK, "primary": False}, {**HOME, "primary": True}]),
        (op("add", 'emails[type eq "home"]', {"display": "H"}), [WORK, {**HOME, "display": "H"}]),
        (op("add", 'emails[type eq "other"].value', "new@x.example"), [WORK, HOME, NEW]),
        (op("add", 'emails[type eq "home"].primary', True), [{**WORK, "primary": False}, {**HOME, "primary": True}]),
        (
            op("replace", 'emails[type eq "home"].primary', True),
            [{**WORK, "primary": False}, {**HOME, "primary": True}],
        ),
        (op("replace", "emails", [NEW]), [NEW]),
        (op("replace", "emails", NEW), [NEW]),
        (op("replace", None, {"emails": [NEW]}), [NEW]),
        (op("replace", "emails", []), None),
        (op("replace", "emails", None), None),
        (op("replace", 'emails[type eq "home"]', NEW), [WORK, NEW]),
        (
            op("replace", 'emails[value co "x.example"].type', "other"),
            [{**WORK, "type": "other"}, {**HOME, "type": "other"}],
        ),
        (op("replace", "emails.display", "D"), [{**WORK, "display": "D"}, {**HOME, "display": "D"}]),
        (op("remove", "emails"), None),
        (op("remove", 'emails[type eq "home"]'), [WORK]),
        (op("remove", "emails[value pr]"), None),
        (op("remove", 'emails[type eq "work" and value ew "y.example"]'), [WORK, HOME]),
        (op("remove", 'emails[type eq "none"]'), [WORK, HOME]),
        (op("remove", 'emails[type eq "work"].display'), [{k: v for k, v in WORK.items() if k != "display"}, HOME]),
        (op("remove", "emails", [{"value": "home@x.example", "type": "home"}]), [WORK]),
    ],
)
def test_multi_valued_attributes(ask, user, operation, emails):
    """Elements are appended, changed, replaced and removed one by one or all; primary is true at most once."""
    response = ask.patch(user, operation)
    assert response.status == 200, response.json
    assert response.json.get("emails") == emails
    assert ask.again(user).get("emails") == emails


@pytest.mark.parametrize(
    ("path", "gone"),
    [
        ("title", "title"),
        ("nickName", "nickName"),
        ("name", "name"),
        (ENTERPRISE, ENTERPRISE),
        ("externalId", "externalId"),
    ],
)
def test_remove_leaves_attributes_unassigned(ask, user, path, gone):
    """Remove takes a value away, and succeeds where there is none."""
    response = ask.patch(user, op("remove", path))
    assert response.status == 200
    assert gone not in response.json
    assert gone not in response.json["schemas"]


def test_remove_sub_attributes_and_what_is_left(ask, user):
    """Removing the last sub-attribute takes the attribute with it, and the last attribute the extension and its URI."""
    both = ask.patch(user, op("remove", "name.givenName"), op("remove", "name.familyName")).json
    assert "name" not in both
    extension = ask.patch(user, op("remove", f"{ENTERPRISE}:department"), op("remove", f"{ENTERPRISE}:manager.value"))
    assert extension.status == 200
    assert ENTERPRISE not in extension.json
    assert ENTERPRISE not in extension.json["schemas"]
    back = ask.patch(user, op("add", f"{ENTERPRISE}:costCenter", "1")).json
    assert ENTERPRISE in back["schemas"]


@pytest.mark.parametrize(
    ("operation", "scim_type"),
    [
        (op("remove"), "noTarget"),
        (op("remove", "userName"), "mutability"),
        (op("remove", "id"), "mutability"),
        (op("replace", "id", "x"), "mutability"),
        (op("replace", "meta.created", "2020-01-01T00:00:00Z"), "mutability"),
        (op("replace", "groups", []), "mutability"),
        (op("add", 'groups[value eq "x"].display', "x"), "mutability"),
        (op("replace", f"{ENTERPRISE}:manager.displayName", "x"), "mutability"),
        (op("replace", "userName", ""), "invalidValue"),
        (op("replace", "userName", None), "invalidValue"),
        (op("replace", "active", "maybe"), "invalidValue"),
        (op("replace", "title", {"a": 1}), "invalidValue"),
        (op("replace", "name", 5), "invalidValue"),
        (op("add", "emails", ["x"]), "invalidValue"),
        (op("add", "emails", [{**NEW, "primary": True}, {**HOME, "value": "o@x.example", "primary": True}]), None),
        (op("replace", "emails", [{**NEW, "primary": True}, {**HOME, "primary": True}]), "invalidValue"),
        (op("replace", "unknown", 1), "noTarget"),
        (op("replace", "name.unknown", 1), "noTarget"),
        (op("replace", 'emails[type eq "work"].unknown', 1), "noTarget"),
        (op("replace", "urn:unknown:2.0:User:title", 1), "noTarget"),
        (op("replace", 'emails[type eq "none"].value', "x"), "noTarget"),
        (op("replace", 'emails[type eq "none"]', NEW), "noTarget"),
        (op("add", 'emails[value co "none"].value', "x"), "noTarget"),
        (op("replace", 'title[value eq "x"]', "x"), "noTarget"),
        (op("replace", "emails[type", "x"), "invalidFilter"),
        (op("replace", 'emails[unknown eq "x"].value', "x"), "invalidFilter"),
        (op("replace", "title title", "x"), "invalidPath"),
        (op("add", None, "text"), "invalidValue"),
        (op("add", None, [1]), "invalidValue"),
        (op("replace", "name.givenName.x", 1), "invalidPath"),
        ({"op": "add", "path": "title"}, "invalidValue"),
        ({"op": "replace", "path": "title"}, "invalidValue"),
        ({"op": "move", "path": "title", "value": "x"}, "invalidSyntax"),
        ({"path": "title", "value": "x"}, "invalidSyntax"),
        ({"op": 1, "value": "x"}, "invalidSyntax"),
        ({"op": "add", "path": 1, "value": "x"}, "invalidSyntax"),
        ("text", "invalidSyntax"),
    ],
)
def test_refusals_leave_everything_as_it_was(ask, user, operation, scim_type):
    """A bad operation is refused with the fitting scimType, and earlier operations of the request are undone."""
    response = ask.patch(user, op("replace", "title", "Changed"), operation)
    if scim_type is None:
        assert response.status == 200
        return
    assert (response.status, response.json["scimType"]) == (400, scim_type), response.json
    assert ask.again(user) == user


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"schemas": [PATCH_OP]},
        {"schemas": [PATCH_OP], "Operations": []},
        {"schemas": [PATCH_OP], "Operations": {}},
        {"Operations": [op("add", "title", "x")]},
        {"schemas": [USER], "Operations": [op("add", "title", "x")]},
        [op("add", "title", "x")],
    ],
)
def test_bad_patch_bodies(ask, user, body):
    """A body that is no PatchOp message with operations is invalidSyntax."""
    response = ask("PATCH", f"/Users/{user['id']}", body)
    assert (response.status, response.json["scimType"]) == (400, "invalidSyntax")


@pytest.mark.parametrize(
    "operation",
    [
        op("add", "title", "Guide"),
        op("replace", "title", "Guide"),
        op("add", "emails", [HOME]),
        op("add", "emails", HOME),
        op("replace", 'emails[type eq "home"]', HOME),
        op("add", None, {"name": {"givenName": "Barbara"}}),
        op("remove", "nickName"),
        op("remove", 'emails[type eq "none"]'),
        op("replace", None, {}),
        op("replace", f"{ENTERPRISE}:manager", "m1"),
    ],
)
def test_changing_nothing_touches_nothing(ask, user, operation):
    """An operation that changes nothing succeeds and leaves lastModified and version as they were."""
    response = ask.patch(user, operation)
    assert response.status == 200
    assert response.json == user


def test_operations_follow_one_another(ask, user):
    """Each operation works on the result of the one before."""
    changed = ask.patch(
        user,
        op("remove", "title"),
        op("add", "title", "New"),
        op("remove", "emails"),
        op("add", "emails", NEW),
        op("replace", 'emails[type eq "other"].type', "work"),
    ).json
    assert changed["title"] == "New"
    assert changed["emails"] == [{**NEW, "type": "work"}]
    assert changed["meta"]["lastModified"] > user["meta"]["lastModified"]


def test_patch_can_project(ask, user):
    """Attributes and excludedAttributes work on the answer of PATCH."""
    shown = ask.patch(user, op("replace", "title", "New"), query={"attributes": "title"}).json
    assert shown.keys() == {"schemas", "id", "title"}


def test_clearing_a_manager_in_the_ways_clients_do(ask, user):
    """An empty id, an empty string, null and remove all take a manager away."""
    for operation in (
        op("replace", f"{ENTERPRISE}:manager", {"value": ""}),
        op("replace", f"{ENTERPRISE}:manager", None),
        op("remove", f"{ENTERPRISE}:manager"),
        op("replace", "manager", ""),
    ):
        ask.patch(user, op("replace", f"{ENTERPRISE}:manager", "m1"))
        assert "manager" not in ask.patch(user, operation).json[ENTERPRISE]


def test_without_support_patch_is_not_implemented(ask, user):
    """With PATCH switched off the answer is 501, and ServiceProviderConfig says so."""
    ask.service.capabilities.patch = False
    assert ask.patch(user, op("replace", "title", "x")).status == 501
    assert ask.get("/ServiceProviderConfig").json["patch"] == {"supported": False}


def test_simple_multi_valued_attributes(service, ask):
    """A list of plain values can be added to, replaced and removed from as well."""
    service.schemas.add(USER, Attribute("tags", multi_valued=True))
    user = ask.user("a", tags=["x", "X", "y"])
    assert user["tags"] == ["x", "y"]
    assert ask.patch(user, op("add", "tags", "z")).json["tags"] == ["x", "y", "z"]
    assert ask.patch(user, op("add", "tags", ["Z", "w"])).json["tags"] == ["x", "y", "z", "w"]
    assert ask.patch(user, op("remove", "tags", ["x", "w"])).json["tags"] == ["y", "z"]
    assert ask.patch(user, op("replace", "tags", ["q"])).json["tags"] == ["q"]
    assert ask.found('tags eq "Q"') == ["a"]
    assert "tags" not in ask.patch(user, op("remove", "tags")).json
    assert ask.patch(user, op("add", 'tags[value eq "x"]', "z")).json["scimType"] == "noTarget"


def test_filters_on_a_complex_attribute_that_is_no_list(ask, user):
    """Square brackets on a single complex attribute select it when it matches."""
    assert ask.patch(user, op("replace", 'name[givenName eq "Barbara"].familyName', "X")).json["name"] == {
        "givenName": "Barbara",
        "familyName": "X",
    }
    assert "name" in ask.patch(user, op("remove", 'name[givenName eq "Nobody"]')).json
    assert "name" not in ask.patch(user, op("remove", 'name[givenName eq "Barbara"]')).json


def test_order_of_schemas_is_no_change(ask, service):
    """An operation that changes nothing touches nothing, whatever order the schemas were stored in."""
    user = ask.user("a", **{ENTERPRISE: {"department": "d"}})
    service.store.find(user["id"]).resource["schemas"].reverse()
    before = ask.again(user)
    assert ask.patch(user, op("add", f"{ENTERPRISE}:department", "d")).json == before

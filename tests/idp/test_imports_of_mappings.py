"""Exports of Entra ID and Okta, read as mappings."""

import json

import pytest

from scim_conformance.idp import mapping

WORK = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def attribute(target, source, **more):
    """Write one attribute mapping as Microsoft Graph does."""
    plain = {"flowBehavior": "FlowWhenChanged", "flowType": "Always", "matchingPriority": 0, "defaultValue": None}
    return {**plain, "exportMissingReferences": False, "targetAttributeName": target, "source": source, **more}


def direct(name):
    """Write the source of a direct mapping as Microsoft Graph does."""
    return {"expression": f"[{name}]", "name": name, "parameters": [], "type": "Attribute"}


SWITCH = {
    "expression": 'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
    "name": "Switch",
    "parameters": [{"key": "source", "value": direct("IsSoftDeleted")}],
    "type": "Function",
}
JOIN = {
    "name": "Join",
    "parameters": [
        {"key": "separator", "value": {"name": ", ", "type": "Constant"}},
        {"key": "source1", "value": direct("surname")},
        {"key": "source2", "value": direct("givenName")},
    ],
    "type": "Function",
}
ROWS = [
    attribute("userName", direct("userPrincipalName"), matchingPriority=1),
    attribute("externalId", direct("objectId"), matchingPriority=2),
    attribute("active", SWITCH),
    attribute("displayName", JOIN),
    attribute("title", direct("jobTitle"), defaultValue="Staff", flowType="ObjectAddOnly"),
    attribute("userType", {"expression": '"Employee"', "name": "Employee", "type": "Constant"}),
    attribute(f"{WORK}:manager", direct("manager")),
    attribute("nickName", direct("extension_0123456789abcdef0123456789abcdef_alias")),
    attribute("locale", direct("myOwnLocale")),
]


def entra(rows, **more):
    """Write an export of Entra ID's provisioning schema around attribute mappings of users."""
    users = {"name": "Users", "enabled": True, "sourceObjectName": "User", "targetObjectName": "User"}
    groups = {**users, "name": "Groups", "sourceObjectName": "Group", "enabled": False}
    members = [attribute("displayName", direct("displayName"), matchingPriority=1)]
    maps = [{**users, "attributeMappings": rows}, {**groups, "attributeMappings": members}]
    return {"id": "x", "directories": [], "synchronizationRules": [{"name": "OUT", "objectMappings": maps}], **more}


@pytest.fixture
def loaded(tmp_path):
    """Write files as JSON and load the first of them."""

    def load(document, **beside):
        for name, each in beside.items():
            (tmp_path / f"{name}.schema.json").write_text(json.dumps(each), encoding="utf-8")
        path = tmp_path / "export.json"
        path.write_text(document if isinstance(document, str) else json.dumps(document, indent=2), encoding="utf-8")
        return mapping.load(path)

    return load


def test_an_export_of_entra_is_read(loaded):
    """Direct, constant and function sources, defaults, flow types and precedence come over as rows."""
    found = loaded(entra(ROWS))
    rows = {row.target: row for row in found.users}
    assert (found.idp, found.problems) == ("entra", ())
    assert [row.target for row in found.matching()] == ["userName", "externalId"]
    assert (rows["userName"].kind, rows["userName"].source) == ("direct", "userPrincipalName")
    assert rows["active"].value({"accountEnabled": False}) == "False"
    assert rows["displayName"].source == 'Join(", ", [surname], [givenName])'
    assert (rows["title"].default, rows["title"].apply) == ("Staff", "create")
    assert (rows["userType"].kind, rows["userType"].constant) == ("constant", "Employee")
    assert rows[f"{WORK}:manager"].reference


def test_what_is_switched_off_is_read_and_not_used(loaded):
    """The rows of an object mapping that is not enabled are known, and provision nothing."""
    found = loaded(entra(ROWS))
    assert [row.target for row in found.rows if row.object == "group"] == ["displayName"]
    assert found.groups == ()


def test_references_are_known_from_the_directories(loaded):
    """A target attribute that the export's directory calls a reference is one, whatever its source is."""
    person = {"name": "User", "attributes": [{"name": "owner", "type": "Reference"}]}
    found = loaded(entra([attribute("owner", direct("department"))], directories=[{"objects": [person]}]))
    assert found.users[0].reference


def test_rows_of_entra_that_cannot_be_used_are_told_with_their_lines(loaded):
    """Each bad row of an export is one message with its line in the file; the others stand."""
    bad = [
        attribute("title", direct("jobTitel")),
        attribute("nickName", {"expression": "Upper([surname])", "type": "Function"}),
        attribute("locale", {"type": "Oracle"}),
        attribute("timezone", None),
        {"source": direct("mail")},
    ]
    found = loaded(entra([ROWS[0], *bad]))
    told = {problem.target: problem for problem in found.problems}
    assert [row.target for row in found.users] == ["userName"]
    assert "closest: jobTitle" in told["title"].message
    assert "there is no function Upper" in told["nickName"].message
    assert "a source of the type oracle is not known" in told["locale"].message
    assert "no source" in told["timezone"].message
    assert "no targetAttributeName" in told[""].message
    assert all(problem.line > 20 for problem in found.problems)


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"synchronizationRules": "none"}, "line 1: the export is broken: synchronizationRules is str"),
        ({"synchronizationRules": [{"name": "x"}]}, "the export is broken: objectMappings is missing"),
        ({"synchronizationRules": [{"objectMappings": []}]}, "maps neither User nor Group"),
        (entra([attribute("title", None)])["synchronizationRules"], "is no mapping"),
        ('{"synchronizationRules": [', "line 1: no valid JSON"),
    ],
)
def test_a_broken_export_is_one_sentence(loaded, document, told):
    """An export that is cut off, or has the wrong shape, is refused in one sentence with the line."""
    with pytest.raises(mapping.BadMapping) as caught:
        loaded(document)
    assert told in str(caught.value)


def okta(properties, target="appuser"):
    """Write an export of an Okta profile mapping."""
    source = {"id": "otysbe", "name": "user", "type": "user"}
    return {"id": "prm1", "source": source, "target": {"id": "0oa1", "type": target}, "properties": properties}


def push(expression, status="PUSH"):
    """Write one property of an Okta profile mapping."""
    return {"expression": expression, "pushStatus": status}


def test_an_export_of_okta_is_read(loaded):
    """Plain and computed properties go to the SCIM paths of Okta's apps; name and id come along by themselves."""
    found = loaded(
        okta(
            {
                "givenName": push("user.firstName"),
                "email": push("user.email"),
                "nickName": push("String.toUpperCase(user.nickName)"),
                "title": push("user.title", "DONT_PUSH"),
                "costCenter": push("user.costCenter"),
            }
        )
    )
    rows = {row.target: row for row in found.users}
    assert (found.idp, found.problems) == ("okta", ())
    assert [row.target for row in found.matching()] == ["userName"]
    assert (rows["name.givenName"].kind, rows["name.givenName"].source) == ("direct", "firstName")
    assert rows['emails[type eq "work"].value'].value({"email": "a@example.com"}) == "a@example.com"
    assert rows["nickName"].value({"nickName": "ann"}) == "ANN"
    assert rows["title"].apply == "create"
    assert f"{WORK}:costCenter" in rows
    assert rows["externalId"].source == "id"


SCHEMA = {
    "definitions": {
        "custom": {"properties": {"floor": {"externalName": "floor", "externalNamespace": f"{WORK}"}}},
        "base": {"properties": {"mobile": {"externalName": "phoneNumbers.^[type==mobile].value"}}},
    }
}


@pytest.mark.parametrize("inside", [True, False])
def test_external_names_come_from_the_apps_schema(loaded, inside):
    """Properties of the customer's own go where the app's schema says, in the same file or in the one beside it."""
    export = okta({"floor": push("user.city"), "mobile": push("user.mobilePhone")})
    found = loaded([export, SCHEMA]) if inside else loaded(export, export=SCHEMA)
    targets = [row.target for row in found.users]
    assert targets[:2] == [f"{WORK}:floor", 'phoneNumbers[type eq "mobile"].value']


def test_properties_of_okta_that_cannot_be_used_are_told(loaded):
    """A property without a place in SCIM, without an expression, or with a bad one is one message each."""
    found = loaded(
        okta({"floor": push("user.city"), "title": push(""), "nickName": push("Strin.len(user.login)"), "locale": {}})
    )
    told = {problem.target: problem for problem in found.problems}
    assert "export.schema.json" in told["floor"].message
    assert "no expression" in told["title"].message
    assert "cannot be read" in told["nickName"].message
    assert told["floor"].line == 13
    assert [row.target for row in found.users] == ["userName", "externalId"]


@pytest.mark.parametrize(
    ("document", "told"),
    [(okta({"x": push("y")}, "user"), "goes from the app to Okta"), (okta({}), "properties is empty")],
)
def test_an_export_of_okta_of_no_use_is_one_sentence(loaded, document, told):
    """A mapping of the other direction, or without properties, is refused in one sentence."""
    with pytest.raises(mapping.BadMapping, match=told):
        loaded(document)

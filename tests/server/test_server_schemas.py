"""The schema data, loading schemas and resource types, and changing them."""

import json

import pytest

from scim_conformance.server import reference
from scim_conformance.server.paths import AttributePath, BadPath, attribute_path
from scim_conformance.server.resource_types import (
    ResourceType,
    ResourceTypes,
    load_resource_type,
    standard_resource_types,
)
from scim_conformance.server.schema import Attribute, BadSchema, Schemas, load_schema, standard_schemas

CORE = "urn:ietf:params:scim:schemas:core:2.0:"
USER, GROUP = CORE + "User", CORE + "Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

LAMP = {
    "id": "urn:example:2.0:Lamp",
    "name": "Lamp",
    "attributes": [
        {"name": "label", "type": "string", "required": True, "uniqueness": "global", "caseExact": True},
        {"name": "watts", "type": "decimal"},
        {"name": "count", "type": "integer"},
        {"name": "built", "type": "dateTime"},
        {"name": "serial", "type": "string", "mutability": "immutable"},
        {"name": "pin", "type": "string", "mutability": "writeOnly", "returned": "never"},
        {
            "name": "owner",
            "type": "complex",
            "subAttributes": [
                {"name": "value", "type": "string"},
                {"name": "$ref", "type": "reference", "referenceTypes": ["User"]},
            ],
        },
    ],
}
LAMPS = {"name": "Lamp", "endpoint": "Lamps", "schema": LAMP["id"]}


def attributes():
    """Give every attribute and sub-attribute that comes with the server, by schema and path."""
    for schema in standard_schemas():
        for attribute in schema.attributes:
            yield f"{schema.id}:{attribute.name}", attribute
            for sub in attribute.sub_attributes:
                yield f"{schema.id}:{attribute.name}.{sub.name}", sub


def find(path):
    """Find an attribute that comes with the server."""
    return dict(attributes())[path]


def test_standard_schemas_are_the_ones_of_the_rfc():
    """The six schemas of RFC 7643 are there, and the workspace extension."""
    ids = {schema.id for schema in standard_schemas()}
    assert ids == {
        *(CORE + name for name in ("User", "Group", "ServiceProviderConfig", "ResourceType", "Schema")),
        ENTERPRISE,
        "urn:scim-conformance:schemas:extension:workspace:2.0:User",
    }


@pytest.mark.parametrize(("path", "attribute"), list(attributes()))
def test_every_definition_is_complete(path, attribute):
    """Every definition is described; references say to what, complex ones of what, and none nests twice."""
    assert attribute.description.endswith("."), path
    assert (attribute.type == "reference") == bool(attribute.reference_types)
    assert (attribute.type == "complex") == bool(attribute.sub_attributes)
    nested = [sub for sub in attribute.sub_attributes if sub.type == "complex"]
    assert not nested or path == f"{CORE}Schema:attributes"


@pytest.mark.parametrize(
    ("path", "characteristics"),
    [
        (f"{USER}:userName", {"required": True, "case_exact": False, "uniqueness": "server"}),
        (f"{USER}:password", {"mutability": "writeOnly", "returned": "never"}),
        (f"{USER}:groups", {"mutability": "readOnly", "multi_valued": True}),
        (f"{USER}:groups.type", {"canonical_values": ("direct", "indirect")}),
        (f"{USER}:x509Certificates.value", {"type": "binary", "case_exact": True}),
        (f"{USER}:profileUrl", {"type": "reference", "case_exact": True}),
        (f"{USER}:photos.value", {"type": "reference", "case_exact": True}),
        (f"{USER}:emails.type", {"canonical_values": ("work", "home", "other")}),
        (f"{USER}:addresses.primary", {"type": "boolean"}),
        (f"{GROUP}:displayName", {"required": True}),
        (f"{GROUP}:members.value", {"mutability": "immutable"}),
        (f"{GROUP}:members.$ref", {"mutability": "immutable", "reference_types": ("User", "Group")}),
        (f"{ENTERPRISE}:manager.displayName", {"mutability": "readOnly"}),
        (f"{CORE}ServiceProviderConfig:etag", {"required": True}),
        (f"{CORE}ServiceProviderConfig:authenticationSchemes.type", {"required": True}),
        (f"{CORE}ResourceType:schemaExtensions", {"multi_valued": True, "required": False}),
        (f"{CORE}Schema:id", {"returned": "always"}),
    ],
)
def test_characteristics_and_errata(path, characteristics):
    """Characteristics are those of RFC 7643, with the errata that the notes list."""
    found = find(path)
    assert {name: getattr(found, name) for name in characteristics} == characteristics


def test_served_schema_is_the_data(ask):
    """What is served is what the data files say, and reading it back gives the same schema."""
    for document in ask.get("/Schemas").json["Resources"]:
        schema = next(each for each in standard_schemas() if each.id == document["id"])
        assert load_schema(document) == schema


def test_defaults_of_characteristics():
    """A definition of a name alone has the defaults of RFC 7643 section 2.2."""
    schema = load_schema({"id": "urn:x:y", "attributes": [{"name": "a"}]})
    assert schema.attributes == (Attribute("a"),)
    assert (Attribute("a").type, Attribute("a").mutability, Attribute("a").returned) == (
        "string",
        "readWrite",
        "default",
    )


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({}, "id has to be a URI"),
        ({"id": "lamp"}, "id has to be a URI"),
        ({"id": "urn:x:y", "attributes": {}}, "list of definitions"),
        ({"id": "urn:x:y", "attributes": [{}]}, "object with a name"),
        ({"id": "urn:x:y", "attributes": [{"name": "a", "type": "datetime"}]}, "dateTime"),
        ({"id": "urn:x:y", "attributes": [{"name": "a", "returned": "sometimes"}]}, "always, never, default, request"),
        ({"id": "urn:x:y", "attributes": [{"name": "a", "required": "true"}]}, "true or false"),
        (
            {
                "id": "urn:x:y",
                "attributes": [{"name": "a", "type": "complex", "subAttributes": [{"name": "b", "type": 1}]}],
            },
            "attribute a, attribute b",
        ),
    ],
)
def test_bad_schemas_are_refused(document, words):
    """A schema that cannot be is refused with the place and what is possible."""
    with pytest.raises(BadSchema, match=words):
        load_schema(document)


def test_bad_files_are_refused(tmp_path):
    """A file that is missing, no JSON or no object is refused by name."""
    (tmp_path / "a.json").write_text("{")
    (tmp_path / "b.json").write_text("[]")
    for name in ("a.json", "b.json", "c.json"):
        with pytest.raises(BadSchema, match=name):
            load_schema(tmp_path / name)


def test_bad_resource_types_are_refused():
    """A resource type without name, endpoint or schema, or with a schema nobody knows, is refused."""
    with pytest.raises(BadSchema, match="endpoint"):
        load_resource_type({"name": "Lamp", "schema": "urn:x:y"})
    with pytest.raises(BadSchema, match="schemaExtensions"):
        load_resource_type({**LAMPS, "schemaExtensions": [{}]})
    with pytest.raises(BadSchema, match="there is no schema"):
        ResourceTypes(Schemas(), [load_resource_type(LAMPS)])
    with pytest.raises(BadSchema, match="slash"):
        ResourceTypes(Schemas(standard_schemas()), [ResourceType("X", "Xs", USER)])


def test_custom_resource_types_work_like_the_standard_ones(make, tmp_path):
    """A resource type and schema loaded from JSON is created, filtered, patched and discovered like User."""
    (tmp_path / "lamp.json").write_text(json.dumps(LAMP))
    schemas = [*standard_schemas(), load_schema(tmp_path / "lamp.json")]
    ask = make(schemas=schemas, resource_types=[*standard_resource_types(), load_resource_type(LAMPS)])
    user = ask.user("anna")
    body = {
        "schemas": [LAMP["id"]],
        "label": "A",
        "watts": 7.5,
        "count": 3,
        "built": "2026-01-01T00:00:00Z",
        "pin": "1",
        "serial": "S",
        "owner": {"value": user["id"]},
    }
    lamp = ask("POST", "/Lamps", body).json
    assert lamp["meta"]["location"] == f"http://scim.test/Lamps/{lamp['id']}"
    assert lamp["owner"]["$ref"] == user["meta"]["location"]
    assert "pin" not in lamp
    assert ask("POST", "/Lamps", body).status == 409
    assert ask("POST", "/Lamps", {**body, "label": "a"}).status == 201
    for filter_ in ("watts gt 7", "watts le 7.5", "count eq 3", 'built lt "2026-06-01T00:00:00Z"', 'label eq "A"'):
        assert ask.get("/Lamps", filter=filter_).json["totalResults"] >= 1, filter_
    assert ask.get("/Lamps", filter="count gt 3").json["totalResults"] == 0
    assert ask.patch(lamp, {"op": "replace", "path": "serial", "value": "T"}).json["scimType"] == "mutability"
    assert ask.patch(lamp, {"op": "replace", "path": "count", "value": 4.5}).json["scimType"] == "invalidValue"
    assert ask("PUT", f"/Lamps/{lamp['id']}", {"schemas": [LAMP["id"]], "label": "A"}).json["serial"] == "S"
    assert ask.service.store.find(lamp["id"]).resource["pin"] == "1"
    assert ask.get("/ResourceTypes/Lamp").json["endpoint"] == "/Lamps"
    assert ask.get(f"/Schemas/{LAMP['id']}").status == 200
    ask("DELETE", f"/Users/{user['id']}")
    assert "owner" not in ask.get(f"/Lamps/{lamp['id']}").json


def test_changes_reach_behaviour_and_discovery(ask):
    """A changed characteristic is served and followed; other services do not see it."""
    ask.service.schemas.change(USER, "title", required=True)
    ask.service.schemas.change(USER, "emails.value", required=True)
    ask.service.schemas.remove(USER, "nickName")
    served = {each["name"]: each for each in ask.get(f"/Schemas/{USER}").json["attributes"]}
    assert served["title"]["required"] is True
    assert served["emails"]["subAttributes"][0] == {
        **served["emails"]["subAttributes"][0],
        "name": "value",
        "required": True,
    }
    assert "nickName" not in served
    assert ask("POST", "/Users", {"schemas": [USER], "userName": "a"}).status == 400
    assert not reference().schemas.get(USER).attribute("title").required
    with pytest.raises(BadSchema, match="no attribute nickName"):
        ask.service.schemas.change(USER, "nickName", required=True)
    with pytest.raises(BadSchema, match="no schema urn:x"):
        ask.service.schemas.add("urn:x", Attribute("a"))


def test_types_and_extensions_can_be_taken_away(ask):
    """A dropped resource type has no endpoint; a retracted extension is neither served nor kept."""
    ask.service.resource_types.drop("Group")
    ask.service.resource_types.retract("User", ENTERPRISE)
    assert ask.get("/Groups").status == 404
    assert ask.get(f"/Schemas/{ENTERPRISE}").status == 404
    user = ask.user("a", **{ENTERPRISE: {"department": "x"}})
    assert ENTERPRISE not in user
    assert ask.get("/Users", filter=f'{ENTERPRISE}:department eq "x"').status == 400
    assert ask.get("/ResourceTypes").json["totalResults"] == 1


@pytest.mark.parametrize(
    ("text", "urn", "name", "sub"),
    [
        ("userName", "", "userName", ""),
        ("name.givenName", "", "name", "givenName"),
        ("members.$ref", "", "members", "$ref"),
        (f"{ENTERPRISE}:manager.value", ENTERPRISE, "manager", "value"),
        ("a-b_c$9", "", "a-b_c$9", ""),
        ("urn:example:x", "urn:example", "x", ""),
    ],
)
def test_attribute_notation(text, urn, name, sub):
    """An attribute path is an optional URI, a name and an optional sub-attribute."""
    assert attribute_path(text) == AttributePath(text, urn, name, sub)
    assert str(attribute_path(text)) == text


@pytest.mark.parametrize("text", ["", "1a", "a.b.c", "a b", ".a", "a.", "a:", "ä", "a[b]", "a..b", "a\n"])
def test_what_is_no_attribute_path(text):
    """Anything else is refused."""
    with pytest.raises(BadPath, match="attribute path"):
        attribute_path(text)


def test_names_with_other_types_elsewhere(make):
    """Types that give one name to values of other types are sorted and filtered together, none of them failing."""
    lamp = {**LAMP, "attributes": [*LAMP["attributes"], {"name": "title", "type": "integer"}]}
    ask = make(
        schemas=[*standard_schemas(), load_schema(lamp)],
        resource_types=[*standard_resource_types(), load_resource_type(LAMPS)],
    )
    ask.user("anna", title="9 to 5")
    assert ask("POST", "/Lamps", {"schemas": [LAMP["id"]], "label": "A", "title": 7}).status == 201
    assert ask.get("/", sortBy="title").json["totalResults"] == 2
    assert ask.get("/", filter="title eq 7").status == 400  # which makes no sense for users
    assert ask.get("/", filter="title pr").json["totalResults"] == 2


def test_folder_of_definitions(make, tmp_path):
    """A folder of JSON files adds schemas and resource types; one of a known name takes its place."""
    kind = {"name": "User", "endpoint": "/People", "schema": USER}
    for name, document in (("lamp", LAMP), ("lamps", LAMPS), ("user", kind)):
        (tmp_path / f"{name}.json").write_text(json.dumps(document))
    ask = make(definitions=tmp_path)
    endpoints = [each["endpoint"] for each in ask.get("/ResourceTypes").json["Resources"]]
    assert endpoints == ["/People", "/Groups", "/Lamps"]
    assert ask("POST", "/Lamps", {"schemas": [LAMP["id"]], "label": "A"}).status == 201
    (tmp_path / "other.json").write_text("{}")
    with pytest.raises(BadSchema, match=r"other\.json"):
        make(definitions=tmp_path)

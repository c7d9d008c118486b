"""Folders of schemas and resource types for the server to serve, and what it says of those it cannot use."""

import json
from copy import deepcopy

import pytest

from scim_conformance.server.definitions import EXAMPLES
from scim_conformance.server.schema import KEYWORDS, BadSchema, load_schema

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
LAMP = {
    "id": "urn:example:2.0:Lamp",
    "name": "Lamp",
    "attributes": [
        {"name": "label", "type": "string", "required": True},
        {"name": "owner", "type": "complex", "subAttributes": [{"name": "value", "type": "string"}]},
    ],
}
LAMPS = {"name": "Lamp", "endpoint": "/Lamps", "schema": LAMP["id"]}


@pytest.fixture
def serve(make, tmp_path):
    """Serve these documents from a folder, each a file of its own, named by letters from a."""

    def start(*documents):
        for letter, document in zip("abcdef", documents, strict=False):
            text = document if isinstance(document, str) else json.dumps(document)
            (tmp_path / f"{letter}.json").write_text(text, encoding="utf-8")
        return make(definitions=tmp_path)

    return start


def changed(document, **members):
    """Give a copy of a document with some members changed."""
    return {**deepcopy(document), **members}


def attribute(**members):
    """Give the schema with its first attribute changed."""
    return changed(LAMP, attributes=[{"name": "label", **members}, *LAMP["attributes"][1:]])


def test_whole_lists_of_definitions(serve, make):
    """Files as a server's own discovery endpoints show them can be served again, meta and fixed schemas and all."""
    ask = make()
    shown = [ask.get("/Schemas").json, ask.get("/ResourceTypes").json]
    again = serve(*shown, LAMP, LAMPS)
    assert [each["id"] for each in again.get("/Schemas").json["Resources"]] == [
        *(each["id"] for each in shown[0]["Resources"]),
        LAMP["id"],
    ]
    assert again("POST", "/Lamps", {"schemas": [LAMP["id"]], "label": "A"}).status == 201


def test_example_has_every_characteristic(make):
    """The definitions that are shipped have every data type, and every keyword of every characteristic."""
    found = {key: set() for key in KEYWORDS}
    for path in EXAMPLES.glob("*.json"):
        document = json.loads(path.read_text(encoding="utf-8"))
        for each in load_schema(document).attributes if "attributes" in document else ():
            for one in (each, *each.sub_attributes):
                for key in KEYWORDS:
                    found[key].add(getattr(one, key))
    assert found == {key: set(words) for key, words in KEYWORDS.items()}
    ask = make(definitions=EXAMPLES)
    body = {"schemas": ["urn:scim-conformance:schemas:example:2.0:Device"], "displayName": "Lamp", "serialNumber": "1"}
    assert ask("POST", "/Devices", body).status == 201
    assert ask("POST", "/Devices", body).status == 409


@pytest.mark.parametrize(
    ("documents", "says"),
    [
        (['{"id": "urn:a:b",\n "attributes": [}'], "a.json, line 2, column 17: "),
        (["[7]"], "a.json: Resources[0] does not hold a JSON object."),
        ([{"atributes": []}], "neither a schema, with attributes, nor a resource type, with an endpoint; did you mean"),
        ([changed(LAMP, id="Lamp")], "a.json: id is 'Lamp'; it has to be the URI of the schema."),
        ([changed(LAMP, descripton="")], "has a member 'descripton', which is unknown; did you mean 'description'?"),
        ([changed(LAMP, attributes={})], "a.json: attributes has to be a list"),
        ([attribute(type="datetime")], "attributes[0] (label): type is 'datetime'; it can be string,"),
        ([attribute(type="datetime")], "did you mean 'dateTime'?"),
        ([attribute(mutability="readwrite")], "mutability is 'readwrite'; it can be readOnly, readWrite, immutable"),
        ([attribute(multivalued=True)], "has a member 'multivalued', which is unknown; did you mean 'multiValued'?"),
        ([attribute(required="yes")], "required is 'yes'; it has to be true or false."),
        ([attribute(canonicalValues="a")], "canonicalValues is 'a'; it has to be a list of texts."),
        ([attribute(name="1st")], "attributes[0].name is '1st'"),
        ([attribute(name="owner")], "attributes[1]: the attribute owner is defined twice."),
        ([attribute(name="id")], "every resource has id already"),
        ([attribute(subAttributes=[])], "(label) has subAttributes; its type has to be complex."),
        ([attribute(type="complex")], "(label): subAttributes has to be a list of attribute definitions"),
        (
            [attribute(type="complex", subAttributes=[{"name": "a", "type": "complex"}])],
            "attributes[0] (label): subAttributes[0] (label.a): type is complex inside a complex attribute",
        ),
        ([attribute(referenceTypes=["User"])], "has referenceTypes; its type has to be reference."),
        ([LAMP, LAMP], "b.json: the schema urn:example:2.0:Lamp is defined in"),
        ([LAMP, changed(LAMPS, schema="urn:example:2.0:Lmap")], "did you mean 'urn:example:2.0:Lamp'?"),
        ([LAMP, changed(LAMPS, endpoint="/Users")], "the endpoint /Users of Lamp is that of User already."),
        ([LAMP, changed(LAMPS, endpoint="/Bulk")], "b.json: endpoint is '/Bulk'"),
        ([LAMP, {"name": "Lamp", "endpoint": "/Lamps"}], "b.json: schema is None; a resource type needs it, a text."),
        (
            [LAMP, changed(LAMPS, schemaExtensions=[{"schema": USER, "requried": True}])],
            "b.json: schemaExtensions[0] has a member 'requried', which is unknown; did you mean 'required'?",
        ),
    ],
)
def test_bad_definitions_are_explained(serve, documents, says):
    """What cannot be used is refused with one line that names the file, the member or line, and what was meant."""
    with pytest.raises(BadSchema) as refusal:
        serve(*documents)
    assert says in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_folder_that_is_none(make, tmp_path):
    """A folder that is not there, or holds no definitions, is refused."""
    with pytest.raises(BadSchema, match=r"nowhere is no folder"):
        make(definitions=tmp_path / "nowhere")
    with pytest.raises(BadSchema, match=r"no file whose name ends in \.json"):
        make(definitions=tmp_path)

"""The JSON Schemas of SCIM messages: sound themselves, and telling right bodies from wrong ones."""

import copy
import json

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from scim_conformance.paths import SCHEMAS

API = "urn:ietf:params:scim:api:messages:2.0:"
CORE = "urn:ietf:params:scim:schemas:core:2.0:"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
DOCUMENTS = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((SCHEMAS / "messages").glob("*.json"))}
REGISTRY = Registry().with_resources([(one["$id"], Resource.from_contents(one)) for one in DOCUMENTS.values()])

META = {
    "resourceType": "User",
    "created": "2031-02-03T04:05:06Z",
    "lastModified": "2031-02-03T04:05:06.789+01:00",
    "location": "https://scim.test/Users/7",
}
USER = {
    "schemas": [CORE + "User"],
    "id": "7",
    "externalId": "ada-1",
    "userName": "ada",
    "name": {"givenName": "Ada", "familyName": "Byron", "middleName": None},
    "active": True,
    "emails": [
        {"value": "ada@example.test", "type": "work", "primary": True},
        {"value": "ada@home.test", "primary": False},
    ],
    "roles": ["analyst", {"value": "poet", "primary": True}],
    "addresses": [{"country": "GB", "primary": True}],
    "phoneNumbers": [],
    "photos": None,
    "meta": META,
    "favouriteEngine": "difference",
}
SUPPORTED = {"supported": True}
CONFIG = {
    "schemas": [CORE + "ServiceProviderConfig"],
    "patch": SUPPORTED,
    "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
    "filter": {"supported": True, "maxResults": 200},
    "changePassword": SUPPORTED,
    "sort": SUPPORTED,
    "etag": SUPPORTED,
    "authenticationSchemes": [{"type": "oauthbearertoken", "name": "Token", "description": "A bearer token."}],
    "pagination": {"cursor": True, "index": True, "maxPageSize": 100},
}
NESTED = {"name": "value", "type": "string", "multiValued": False}
ACCEPTED = {
    "resource": [{"schemas": ["urn:example:Device"], "id": "1", "meta": META, "anything": [1]}],
    "user": [USER, {"schemas": [CORE + "User"], "id": "7", "userName": "ada", "meta": META, "password": None}],
    "enterprise-user": [
        USER,
        {
            **USER,
            "schemas": [CORE + "User", ENTERPRISE],
            ENTERPRISE: {"department": "engines", "manager": {"value": "3"}},
        },
    ],
    "group": [
        {"schemas": [CORE + "Group"], "id": "g", "displayName": "Poets", "meta": META, "members": [{"value": "7"}]},
        {"schemas": [CORE + "Group"], "id": "g", "meta": META, "members": None},
    ],
    "list-response": [
        {"schemas": [API + "ListResponse"], "totalResults": 0},
        {"schemas": [API + "ListResponse"], "totalResults": 0, "Resources": None},
        {"schemas": [API + "ListResponse"], "totalResults": 9, "startIndex": 1, "itemsPerPage": 0},
        {"schemas": [API + "ListResponse"], "Resources": [{"id": "7"}], "nextCursor": "abc"},
        {"schemas": [API + "ListResponse"], "totalResults": 1, "Resources": [USER], "tookMs": 3},
    ],
    "error": [
        {"schemas": [API + "Error"], "status": "404"},
        {"schemas": [API + "Error"], "status": "400", "detail": None},
    ],
    "patch-op": [
        {"schemas": [API + "PatchOp"], "Operations": [{"op": "Replace", "path": "active", "value": "False"}]},
        {"schemas": [API + "PatchOp"], "Operations": [{"op": "remove", "path": "title"}, {"op": "add", "value": {}}]},
    ],
    "bulk-request": [
        {
            "schemas": [API + "BulkRequest"],
            "failOnErrors": 1,
            "Operations": [
                {"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": "ada"}},
                {"method": "DELETE", "path": "/Users/7", "version": 'W/"1"'},
            ],
        }
    ],
    "bulk-response": [
        {
            "schemas": [API + "BulkResponse"],
            "Operations": [
                {"method": "POST", "bulkId": "a", "location": "/Users/7", "status": "201"},
                {"method": "PUT", "location": "/Users/7", "status": {"code": "200"}},
                {"method": "POST", "status": 400, "response": {"schemas": [API + "Error"], "status": 400}},
            ],
        }
    ],
    "search-request": [
        {"schemas": [API + "SearchRequest"]},
        {
            "schemas": [API + "SearchRequest"],
            "filter": "userName pr",
            "sortOrder": "descending",
            "count": 0,
            "cursor": "",
        },
    ],
    "service-provider-config": [CONFIG],
    "resource-type": [
        {"schemas": [CORE + "ResourceType"], "name": "User", "endpoint": "Users", "schema": CORE + "User"},
        {
            "schemas": [CORE + "ResourceType"],
            "name": "User",
            "endpoint": "/Users",
            "schema": CORE + "User",
            "schemaExtensions": [{"schema": ENTERPRISE, "required": False}],
        },
    ],
    "schema": [
        {"id": CORE + "User", "attributes": [{"name": "$ref", "type": "DateTime", "multiValued": False}]},
        {
            "schemas": [CORE + "Schema"],
            "id": "urn:x",
            "attributes": [{"name": "emails", "type": "complex", "multiValued": True, "subAttributes": [NESTED]}],
        },
    ],
}
GONE = object()
REJECTED = {
    "resource": [("id", ""), ("id", "bulkId:1"), ("schemas", []), ("schemas", ["User"]), ("meta", GONE), ("meta", {})],
    "user": [
        ("userName", ""),
        ("userName", GONE),
        ("schemas", ["urn:example:Other"]),
        ("schemas", [CORE + "User"] * 2),
        ("active", "true"),
        ("emails", {"value": "ada@example.test"}),
        ("emails", [{"value": "a", "primary": True}, {"value": "b", "primary": True}]),
        ("password", "secret"),
        ("meta", {**META, "created": "2031-02-03"}),
        ("name", [{"familyName": "Byron"}]),
    ],
    "enterprise-user": [(ENTERPRISE, {"manager": [{"value": "3"}]}), (ENTERPRISE, []), ("userName", GONE)],
    "group": [("members", [{"display": "Ada"}]), ("members", {"value": "7"}), ("displayName", ["Poets"])],
    "list-response": [
        ("totalResults", GONE),
        ("totalResults", "0"),
        ("totalResults", -1),
        ("Resources", [{"id": "7"}]),
        ("Resources", {}),
        ("schemas", [CORE + "User"]),
        ("startIndex", "1"),
    ],
    "error": [("status", 404), ("status", GONE), ("status", "4"), ("schemas", GONE), ("detail", {})],
    "patch-op": [
        ("Operations", []),
        ("Operations", GONE),
        ("Operations", [{"op": "move", "path": "a"}]),
        ("Operations", [{"op": "remove"}]),
        ("Operations", [{"op": "add", "path": "title"}]),
        ("Operations", [{"op": "replace", "value": "Ada"}]),
        ("schemas", [API + "BulkRequest"]),
    ],
    "bulk-request": [
        ("Operations", GONE),
        ("Operations", [{"method": "GET", "path": "/Users"}]),
        ("Operations", [{"method": "POST", "path": "/Users", "data": {}}]),
        ("Operations", [{"method": "PUT", "path": "/Users/7"}]),
    ],
    "bulk-response": [
        ("Operations", [{"method": "PUT", "status": "200"}]),
        ("Operations", [{"method": "POST", "bulkId": "a", "status": "201"}]),
        ("Operations", [{"method": "POST", "location": "/Users/7", "status": "201"}]),
        ("Operations", [{"method": "POST", "bulkId": "a", "status": "409"}]),
        ("Operations", [{"method": "POST", "status": "409", "response": {"detail": "taken"}}]),
        ("Operations", [{"method": "PUT", "location": "/Users/7", "status": "OK"}]),
    ],
    "search-request": [("filter", ["userName pr"]), ("count", "1"), ("sortOrder", "down"), ("attributes", "userName")],
    "service-provider-config": [
        ("patch", GONE),
        ("patch", True),
        ("patch", {"supported": "true"}),
        ("bulk", SUPPORTED),
        ("filter", SUPPORTED),
        ("authenticationSchemes", {"type": "oauth2"}),
        ("authenticationSchemes", [{"type": "oauth2"}]),
        ("pagination", {"cursor": True}),
        ("schemas", []),
    ],
    "resource-type": [
        ("endpoint", GONE),
        ("schema", ""),
        ("schemaExtensions", {"schema": ENTERPRISE, "required": True}),
    ],
    "schema": [
        ("id", GONE),
        ("attributes", [{"name": "a", "type": "text", "multiValued": False}]),
        ("attributes", [{"name": "1st", "type": "string", "multiValued": False}]),
        ("attributes", [{"name": "a", "type": "string"}]),
        ("attributes", [{"name": "a", "type": "string", "multiValued": False, "subAttributes": [NESTED]}]),
        ("attributes", [{**NESTED, "mutability": "readonly"}]),
    ],
}


def problems(name, body):
    """Return what the schema of that name has against the body."""
    return [error.message for error in Draft202012Validator(DOCUMENTS[name], registry=REGISTRY).iter_errors(body)]


def test_every_message_has_examples():
    """A schema without an example that it accepts and one that it rejects is not tested."""
    assert set(DOCUMENTS) == set(ACCEPTED) == set(REJECTED)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_schema_is_sound_and_says_what_it_is(name):
    """Each is valid JSON Schema with an id of its file's name, a title, and the RFC's section in its description."""
    document = DOCUMENTS[name]
    Draft202012Validator.check_schema(document)
    assert document["$id"] == f"urn:scim-conformance:message:{name}"
    assert document["title"]
    assert "RFC 76" in document["description"]
    assert "section" in document["description"]


def test_schemas_tolerate_members_they_do_not_know():
    """Providers may add members everywhere, so nothing closes an object."""
    assert '"additionalProperties"' not in json.dumps(DOCUMENTS)
    assert '"unevaluatedProperties"' not in json.dumps(DOCUMENTS)


@pytest.mark.parametrize(("name", "body"), [(name, body) for name, bodies in ACCEPTED.items() for body in bodies])
def test_right_bodies_are_accepted(name, body):
    """What the RFCs allow, their ambiguities included, is valid."""
    assert problems(name, body) == []


@pytest.mark.parametrize(
    ("name", "member", "value"), [(name, *change) for name, changes in REJECTED.items() for change in changes]
)
def test_wrong_bodies_are_rejected(name, member, value):
    """One change that the RFCs forbid makes a right body invalid."""
    body = copy.deepcopy(ACCEPTED[name][0])
    if value is GONE:
        del body[member]
    else:
        body[member] = value
    assert problems(name, body)


@pytest.mark.parametrize("path", sorted((SCHEMAS / "scim").glob("*.json")), ids=lambda path: path.stem)
def test_the_schemas_that_the_project_serves_are_accepted(path):
    """The RFC's own schemas, as shipped here, are valid schemas."""
    assert problems("schema", json.loads(path.read_text("utf-8"))) == []

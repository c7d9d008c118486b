"""Discovery is read however it comes; what is wrong with it is a defect, and the run goes on."""

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odd_servers import LIST, SmallScim, answer, error, saying

from scim_conformance.catalogue.gates import UnknownGate, known_gates
from scim_conformance.client.client import ScimClient
from scim_conformance.client.errors import Unreachable
from scim_conformance.client.features import ENTERPRISE, GROUP, USER, Features, core_features, probe
from scim_conformance.client.journal import Journal
from scim_conformance.client.target import Target

CONFIG = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
    "patch": {"supported": True},
    "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
    "filter": {"supported": True, "maxResults": 100},
    "changePassword": {"supported": False},
    "sort": {"supported": False},
    "etag": {"supported": True},
    "authenticationSchemes": [],
}
USER_TYPE = {
    "name": "User",
    "endpoint": "/Users",
    "schema": USER,
    "schemaExtensions": [{"schema": ENTERPRISE, "required": False}],
}
GROUP_TYPE = {"name": "Group", "endpoint": "/Groups", "schema": GROUP}


def attribute(name, **characteristics):
    """Return an attribute as a schema has it."""
    return {"name": name, "type": "string", "multiValued": False, **characteristics}


def schema(urn, *attributes):
    """Return a schema as it is served."""
    return {"id": urn, "name": urn.rpartition(":")[2], "attributes": list(attributes)}


SCHEMAS = [
    schema(
        USER,
        attribute("userName", required=True, uniqueness="server"),
        attribute("name", type="complex", subAttributes=[attribute("familyName")]),
    ),
    schema(GROUP, attribute("displayName", required=True)),
    schema(
        ENTERPRISE,
        attribute("department"),
        attribute(
            "manager", type="complex", subAttributes=[attribute("value", type="reference", referenceTypes=["User"])]
        ),
    ),
]


def listed(resources, **members):
    """Return a list response."""
    return {"schemas": [LIST], "totalResults": len(resources), "Resources": resources, **members}


def served(**documents):
    """Return a small service with sound discovery documents, save those given; None takes one away."""
    sound = {
        "ServiceProviderConfig": CONFIG,
        "ResourceTypes": listed([USER_TYPE, GROUP_TYPE]),
        "Schemas": listed(SCHEMAS),
    }
    return SmallScim(**{name: document for name, document in {**sound, **documents}.items() if document is not None})


def messages(features):
    """Return the defects as texts."""
    return [str(defect) for defect in features.defects]


def test_sound_discovery_costs_three_requests(client_of):
    """A sound target is learnt with three GETs, without a defect."""
    client = client_of(Target.wsgi(served(), "http://scim.test/"))
    features = probe(client)
    assert [exchange.method for exchange in client.exchanges] == ["GET"] * 3
    assert (features.defects, features.refused, features.looks_wrong, features.tried) == ((), False, "", {})
    assert [(one.name, one.endpoint, one.extensions, one.assumed) for one in features.resource_types] == [
        ("User", "/Users", ((ENTERPRISE, False),), False),
        ("Group", "/Groups", (), False),
    ]
    assert [one.path for one in features.attributes("User")] == [
        "userName", "name", "name.familyName",
        f"{ENTERPRISE}:department", f"{ENTERPRISE}:manager", f"{ENTERPRISE}:manager.value",
    ]  # fmt: skip
    assert [one.path for one in features.attributes("User", extensions=False)] == [
        "userName",
        "name",
        "name.familyName",
    ]
    name = features.schema_of("User").attributes[1]
    assert (name.sub_attributes[0].parent, name.sub_attributes[0].schema, name.sub_attributes[0].mutability) == (
        "name",
        USER,
        "readWrite",
    )
    assert features.schema_of("User").attributes[0].required


def test_features_travel_between_processes(client_of):
    """Features survive JSON unchanged."""
    features = probe(client_of(served()), {"sort": True}, {"search": True})
    assert Features.from_json(json.loads(json.dumps(features.to_json()))) == features
    assert Features.from_json(json.loads(json.dumps(core_features().to_json()))) == core_features()


def test_no_discovery_at_all(client_of):
    """Without discovery the RFC's User and Group are assumed; patch and filter are tried, nothing is listed."""
    app = served(ServiceProviderConfig=None, ResourceTypes=None, Schemas=None)
    client = client_of(app)
    features = probe(client)
    assert [(one.name, one.assumed) for one in features.resource_types] == [("User", True), ("Group", True)]
    assert {urn: one.assumed for urn, one in features.schemas.items()} == {USER: True, GROUP: True, ENTERPRISE: True}
    assert messages(features) == [
        f"/{name}: is answered 404" for name in ("ServiceProviderConfig", "ResourceTypes", "Schemas")
    ]
    assert [one.exchanges for one in features.defects] == [(1,), (2,), (3,)]
    assert client.count == 6
    for exchange in client.exchanges[3:]:
        assert "filter=" in exchange.url or exchange.method == "PATCH"
    assert features.fact("patch").holds
    assert features.fact("filter").holds
    assert features.fact("bulk").reason == "There is no usable ServiceProviderConfig, so bulk is not advertised."
    assert features.fact("pagination.index").holds


def test_no_groups_without_discovery(client_of):
    """Group is not assumed when a query for one is answered 404."""
    app = served(ServiceProviderConfig=None, ResourceTypes=None, Schemas=None)
    app.overrides["GET", "/Groups"] = ("404 Not Found", error(404), [])
    features = probe(client_of(app))
    assert [one.name for one in features.resource_types] == ["User"]
    assert features.fact("resource:Group").reason == "The resource type Group is not served (there are: User)."


@pytest.mark.parametrize(
    ("method", "path", "status", "flag"),
    [
        ("GET", "/Users", "501 Not Implemented", "filter"),
        ("GET", "/Users", "400 Bad Request", "filter"),
        ("PATCH", "", "501 No", "patch"),
        ("PATCH", "", "405 No", "patch"),
    ],
)
def test_what_is_refused_when_tried_is_not_supported(client_of, monkeypatch, method, path, status, flag):
    """When ServiceProviderConfig is missing, a refusal of the tried request closes the gate, with the reason."""
    app = served(ServiceProviderConfig=None)
    monkeypatch.setattr("scim_conformance.client.guard.uuid.uuid4", lambda: "fixed")
    app.overrides[method, path or "/Users/fixed"] = (status, error(status[:3]), [])
    fact = probe(client_of(app)).fact(flag)
    assert (fact.holds, fact.kind) == (False, "unsupported")
    assert f"was answered {status[:3]}" in fact.reason


ODD_LISTS = {
    "bare array": ([USER_TYPE, GROUP_TYPE], "is a bare array, not a list response", ["User", "Group"]),
    "single object": (USER_TYPE, "is a single object, not a list response", ["User"]),
    "object for Resources": (
        listed([]) | {"Resources": USER_TYPE},
        "has an object for Resources, not an array",
        ["User"],
    ),
    "text": ("hello", "is a string, not a list response", ["User", "Group"]),
    "number": (7, "is a number, not a list response", ["User", "Group"]),
    "no Resources": ({"schemas": [LIST]}, "is an object without Resources, not a list response", ["User", "Group"]),
    "other letters": ({"resources": [USER_TYPE], "TotalResults": 1}, "", ["User"]),
    "extra members": (listed([{**USER_TYPE, "x-color": "blue", "meta": 7}], hello=1), "", ["User"]),
    "odd elements": (
        listed([None, 7, "x", [], {}, USER_TYPE]),
        "an element is nothing, not a ResourceType object",
        ["User"],
    ),
    "twice": (listed([USER_TYPE, USER_TYPE]), "", ["User"]),
    "none": (listed([]), "", ["User", "Group"]),
}


@pytest.mark.parametrize(("document", "said", "names"), ODD_LISTS.values(), ids=ODD_LISTS)
def test_odd_lists_of_resource_types(client_of, document, said, names):
    """However /ResourceTypes is written, its types are found, or assumed; what is wrong is a defect."""
    features = probe(client_of(served(ResourceTypes=document)))
    assert [one.name for one in features.resource_types] == names
    assert (f"/ResourceTypes: {said}" in messages(features)) if said else not features.defects
    assert features.looks_wrong == ""


ODD_TYPES = {
    "absolute": ({"endpoint": "http://scim.test/base/Users"}, "/Users", "is absolute"),
    "other case": ({"endpoint": "HTTP://SCIM.TEST/base/Users/"}, "/Users", "is absolute"),
    "elsewhere": ({"endpoint": "https://other.test/api/People"}, "/People", "lies outside the base URL"),
    "with base path": ({"endpoint": "/base/Users"}, "/Users", ""),
    "no slash": ({"endpoint": "Users"}, "/Users", ""),
    "slash at the end": ({"endpoint": "/Users/"}, "/Users", ""),
    "nested": ({"endpoint": "/tenant/Users"}, "/tenant/Users", ""),
    "missing": ({"endpoint": None}, "/Users", "has no endpoint, /Users is assumed"),
    "number": ({"endpoint": 7}, "/Users", "has no endpoint, /Users is assumed"),
    "climbing": ({"endpoint": "/../admin"}, "/Users", "which is no path"),
    "query": ({"endpoint": "/Users?x=1"}, "/Users", ""),
    "no schema": ({"schema": None}, "/Users", "has no schema, the core one is assumed"),
    "no name": ({"name": None, "id": "User"}, "/Users", ""),
    "extensions as texts": ({"schemaExtensions": [ENTERPRISE]}, "/Users", "has no boolean for required"),
    "one extension": ({"schemaExtensions": {"schema": ENTERPRISE, "required": False}}, "/Users", "is an object, not"),
    "required as text": ({"schemaExtensions": [{"schema": ENTERPRISE, "required": "false"}]}, "/Users", "no boolean"),
    "URNs in other case": (
        {"schema": USER.upper(), "schemaExtensions": [{"schema": ENTERPRISE.lower(), "required": False}]}, "/Users", "",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("members", "endpoint", "said"), ODD_TYPES.values(), ids=ODD_TYPES)
def test_odd_resource_types(client_of, members, endpoint, said):
    """However a resource type is written, its endpoint is one below the base, and its schemas are found."""
    raw = {name: value for name, value in {**USER_TYPE, **members}.items() if value is not None}
    app = served(ResourceTypes=listed([raw]))
    app.documents = {f"base/{name}": document for name, document in app.documents.items()}
    features = probe(client_of(Target.wsgi(app, "http://scim.test/base/")))
    user = features.resource_type("user")
    assert (user.endpoint, user.schema, user.extensions) == (endpoint, USER, ((ENTERPRISE, False),))
    assert features.fact("extension:enterprise").holds
    assert any(said in one for one in messages(features)) if said else not features.defects


def test_odd_configurations(client_of):
    """Wrong types in ServiceProviderConfig are defects; what it does not tell is tried, or counts as not advertised."""
    config = {
        "patch": True,
        "bulk": {"supported": "true"},
        "sort": [],
        "etag": {"supported": None},
        "changePassword": {"supported": False},
    }
    features = probe(client_of(served(ServiceProviderConfig=config)))
    assert messages(features) == [
        "/ServiceProviderConfig: has a boolean for patch, not an object",
        "/ServiceProviderConfig: has a string for bulk.supported, not a boolean",
        "/ServiceProviderConfig: has no filter",
        "/ServiceProviderConfig: has an array for sort, not an object",
        "/ServiceProviderConfig: has nothing for etag.supported, not a boolean",
    ]
    assert {flag: features.fact(flag).holds for flag in ("patch", "bulk", "filter", "sort", "etag")} == {
        "patch": True, "bulk": True, "filter": True, "sort": False, "etag": False,
    }  # fmt: skip
    assert features.fact("etag").reason == "ServiceProviderConfig does not say whether etag is supported."
    assert features.supports("bulk") is True
    assert features.supports("patch") is None


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([CONFIG], "is an array with one element"),
        (listed([CONFIG]), "is a list response, not the one object"),
        ([], "is an array, not an object"),
        ("x", "is a string, not an object"),
        ({"hello": 1}, "has none of the members"),
    ],
)
def test_misshapen_configurations(client_of, document, said):
    """A ServiceProviderConfig in wrapping paper is unwrapped; anything else counts as missing."""
    features = probe(client_of(served(ServiceProviderConfig=document)))
    assert said in messages(features)[0]
    assert (features.service_provider_config is not None) is (
        "CONFIG" in said or "one element" in said or "the one object" in said
    )
    assert features.fact("patch").holds


ODD_SCHEMAS = {
    "missing": (None, "is answered 404", True),
    "bare array": (SCHEMAS, "is a bare array", False),
    "single": (SCHEMAS[0], "is a single object", False),
    "html": ("<html>", "is a string", True),
    "attributes not an array": (
        listed([{"id": USER, "attributes": {"a": 1}}]),
        "has an object for its attributes",
        True,
    ),
    "no attribute readable": (
        listed([{"id": USER, "attributes": [1, {}]}]),
        "none of the attributes of the schema",
        True,
    ),
    "no id": (listed([{"name": "User", "attributes": []}]), "a schema named User has no id", True),
    "another": (
        listed([schema("urn:x:Other", attribute("a"))]),
        f"lacks {USER}, which a resource type uses; the RFC's is assumed",
        True,
    ),
}


@pytest.mark.parametrize(("document", "said", "assumed"), ODD_SCHEMAS.values(), ids=ODD_SCHEMAS)
def test_odd_schemas(client_of, document, said, assumed):
    """However /Schemas is written, the User schema is found or the RFC's is assumed; what is wrong is a defect."""
    features = probe(client_of(served(Schemas=document)))
    assert any(said in one for one in messages(features))
    user = features.schema_of("User")
    assert user.assumed is assumed
    assert user.attributes[0].name == "userName"


def test_odd_attributes(client_of):
    """Wrong characteristics fall back on the defaults of RFC 7643 section 2.2, in one defect a schema."""
    odd = schema(
        USER,
        attribute("userName", mutability="READWRITE", returned="Always", caseExact="true", uniqueness=7),
        {
            "name": "name",
            "subAttributes": [attribute("familyName", type="DateTime", canonicalValues="x"), {"type": "string"}],
        },
        attribute("USERNAME"),
        attribute("age", type="int", canonicalValues=[1, "two"], required=None),
        {"Name": "other", "MultiValued": True},
    )
    features = probe(client_of(served(Schemas=listed([odd, *SCHEMAS[1:]]))))
    user_name, name, family_name, age, other = features.attributes("User", extensions=False)
    assert (user_name.mutability, user_name.returned, user_name.case_exact, user_name.uniqueness) == (
        "readWrite",
        "always",
        True,
        "none",
    )
    assert (name.type, family_name.type, family_name.canonical_values) == ("complex", "dateTime", ("x",))
    assert (age.type, age.canonical_values, age.required, other.name, other.multi_valued) == (
        "string",
        ("two",),
        False,
        "other",
        True,
    )
    [defect] = messages(features)
    assert defect.startswith(f'/Schemas: in the schema {USER} userName has "true" for caseExact, not a boolean')
    assert defect.endswith("and 2 more")


def test_paged_and_partial_discovery(client_of):
    """A list that says it has more is read on; a schema that the list lacks is asked for alone."""
    app = served(Schemas=listed(SCHEMAS[:1], totalResults=3))
    app.documents[f"Schemas/{ENTERPRISE}"] = SCHEMAS[2]
    plain = SmallScim._answer

    def paged(self, method, path, query, body):
        if path == "/Schemas" and "startIndex=2" in query:
            return "200 OK", listed(SCHEMAS[1:2], totalResults=3, startIndex=2), []
        return plain(self, method, path, query, body)

    app._answer = paged.__get__(app)
    features = probe(client_of(app))
    assert set(features.schemas) == {USER, GROUP, ENTERPRISE}
    assert not any(one.assumed for one in features.schemas.values())
    assert messages(features) == [
        "/Schemas: says totalResults is 3, but has 2",
        f"/Schemas: lacks {ENTERPRISE}, which is served alone",
    ]


def test_more_required_attributes_and_custom_types_are_kept(client_of):
    """Custom resource types, their own schemas, and attributes required beyond the RFC are served as they are."""
    device = {
        "name": "Device",
        "endpoint": "/Devices",
        "schema": "urn:x:Device",
        "schemaExtensions": [{"schema": "urn:x:Extra", "required": True}],
    }
    schemas = [
        *SCHEMAS,
        schema("urn:x:Device", attribute("serial", type="integer", required=True)),
        schema("urn:x:Extra", attribute("tag", returned="request")),
    ]
    features = probe(client_of(served(ResourceTypes=listed([USER_TYPE, device]), Schemas=listed(schemas))))
    assert [one.path for one in features.attributes("Device")] == ["serial", "urn:x:Extra:tag"]
    for gate in (
        "resource:Device",
        "type=integer",
        "returned=request",
        "schemaExtensions.required",
        "hint:custom-resource-types",
    ):
        assert features.fact(gate).holds, gate
    assert not features.fact("resource:Group").holds


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden"])
@pytest.mark.parametrize("public", [[], ["ServiceProviderConfig"], ["ServiceProviderConfig", "Schemas"]])
def test_being_refused_is_one_sentence(client_of, status, public):
    """When no request is let in, save those for public discovery, one sentence says what to check."""
    app = served()
    for path in ("/ServiceProviderConfig", "/ResourceTypes", "/Schemas", "/Users", "/Groups"):
        if path.strip("/") not in public:
            app.overrides["GET", path] = (status, error(401), [])
    features = probe(client_of(Target.wsgi(app, token="kanarienvogel")))
    assert features.refused
    assert re.match(
        rf"The target lets no request in: GET /\w+ is answered {status[:3]}; check the token", features.refusal
    )
    assert "--origin" in features.refusal
    features = probe(client_of(app))
    assert "give a token with --token-env NAME" in features.refusal


def test_protected_discovery_alone_is_no_refusal(client_of):
    """When only discovery is protected, but users can be queried, the run goes on."""
    app = served()
    for path in ("/ResourceTypes", "/Schemas"):
        app.overrides["GET", path] = ("403 Forbidden", error(403), [])
    features = probe(client_of(app))
    assert not features.refused
    assert [one.name for one in features.resource_types] == ["User", "Group"]


def test_a_redirect_to_another_origin_is_named(raw, client_of):
    """When the base URL redirects to where credentials are not sent, the sentence names that address."""
    elsewhere = raw(saying(answer("401 Unauthorized", headers=["WWW-Authenticate: Bearer"])))

    def talk(connection, request, _count):
        path = request.split()[1].decode()
        connection.sendall(
            answer("301 Moved Permanently", headers=[f"Location: http://127.0.0.1:{elsewhere.port}{path}"])
        )
        return True

    features = probe(client_of(raw(talk), token="kanarienvogel"))
    assert features.refused
    assert f"redirects to another origin, http://127.0.0.1:{elsewhere.port}/scim/v2/Users" in features.refusal
    assert "give its address as the base URL" in features.refusal
    assert not any(b"kanarienvogel" in request for request in elsewhere.requests)


def html(_environ, start_response):
    """Answer every request with a page, as a portal does."""
    start_response("200 OK", [("Content-Type", "text/html")])
    return [b"<html>Welcome</html>"]


def plain_404(_environ, start_response):
    """Answer every request with 404 in plain text."""
    start_response("404 Not Found", [("Content-Type", "text/plain")])
    return [b"not found"]


def other_json(_environ, start_response):
    """Answer every request with JSON that is no SCIM."""
    start_response("200 OK", [("Content-Type", "application/json")])
    return [b'{"message": "hello"}']


def login(environ, start_response):
    """Redirect every request to a login page."""
    if environ["PATH_INFO"].startswith("/login"):
        return html(environ, start_response)
    start_response("302 Found", [("Location", "/login?next=x&token=kanarienvogel")])
    return []


@pytest.mark.parametrize(
    ("app", "base", "said"),
    [
        (
            html,
            "http://scim.test/",
            r"brought HTML pages \(status 200\)\. Give the address that /Users comes after, often ending in /scim/v2",
        ),
        (plain_404, "http://scim.test/", r"brought no SCIM messages \(status 404\)"),
        (other_json, "http://scim.test/", r"brought no SCIM messages \(status 200\)"),
        (html, "http://scim.test/scim/v2/Users", "It ends in an endpoint; give the address above it"),
        (
            login,
            "http://scim.test/",
            r"Requests are redirected to http://scim\.test/login\?next=x&token=\*\*\*; is that the address",
        ),
    ],
)
def test_what_is_no_scim_is_one_sentence(client_of, app, base, said):
    """Pages, other JSON and plain 404s everywhere mean a wrong base URL, said once, with what to do."""
    client = client_of(Target.wsgi(app, base))
    features = probe(client)
    assert features.looks_wrong.startswith("This does not look like a SCIM base URL")
    assert re.search(said, features.looks_wrong)
    assert client.count <= 12


def test_pages_for_discovery_but_scim_for_users_go_on(client_of):
    """A target whose discovery is broken but whose users are SCIM is judged."""
    app = served(ServiceProviderConfig=None, ResourceTypes=None, Schemas=None)
    for name in ("ServiceProviderConfig", "ResourceTypes", "Schemas"):
        app.overrides["GET", f"/{name}"] = ("500 Internal Server Error", None, [])
    features = probe(client_of(app))
    assert features.looks_wrong == ""
    assert features.resource_type("User").assumed


def test_a_target_that_says_nothing_is_not_waited_for_long(raw, client_of):
    """Two requests without any answer are enough to know."""
    server = raw(lambda connection, *_: connection.recv(1))
    client = client_of(server, timeout=0.2)
    features = probe(client)
    assert features.looks_wrong.startswith("The target was reached but gave no usable answer: GET /scim/v2/")
    assert "no whole answer within 0.2 s" in features.looks_wrong
    assert client.count <= 3


def test_a_broken_document_is_one_defect(raw, client_of):
    """A document that breaks off is a defect, and the run goes on."""
    bodies = {b"ServiceProviderConfig": CONFIG, b"ResourceTypes": listed([USER_TYPE])}

    def talk(connection, request, _count):
        for name, document in bodies.items():
            if name in request.splitlines()[0]:
                connection.sendall(answer(body=json.dumps(document).encode()))
                return True
        connection.sendall(answer(body=b"{", length=99))
        return False

    features = probe(client_of(raw(talk)))
    assert len(features.defects) == 1
    assert (
        "gave no answer: GET /scim/v2/Schemas: the connection was closed before the whole body" in messages(features)[0]
    )
    assert features.schema_of("User").assumed


def test_unreachable_is_raised(client_of):
    """When nothing listens at the very first request, that is said by the exception."""
    with pytest.raises(Unreachable):
        probe(client_of("http://127.0.0.1:9/"))


def test_throttled_from_the_start_is_unreachable(raw, client_of):
    """A target that lets nothing through for its rate limit cannot be judged."""
    with pytest.raises(Unreachable, match="429"):
        probe(client_of(raw(saying(answer("429 Too Many Requests", headers=["Retry-After: 999"])))))


def test_the_operators_table_wins(client_of):
    """The [features] table switches gates on and off, by the gates' words and by plain ones; resource types vanish."""
    table = {"patch": False, "sort": True, "groups": False, "enterprise": False, "pagination": False, "cursor": True}
    features = probe(client_of(served()), table)
    assert [one.name for one in features.resource_types] == ["User"]
    assert features.resource_type("User").extensions == ()
    assert [one.path for one in features.attributes("User")][-1] == "name.familyName"
    for gate, word in (
        ("patch", "patch"),
        ("resource:Group", "groups"),
        ("extension:enterprise", "enterprise"),
        ("pagination", "pagination"),
    ):
        fact = features.fact(gate)
        assert (fact.holds, fact.kind) == (False, "disabled")
        assert f"[features] {word} = false" in fact.reason
    assert features.fact("sort").holds
    assert features.fact("pagination.index").kind == "disabled"
    assert features.fact("pagination.cursor").kind in ("", "disabled")
    assert probe(client_of(served()), {"schemaExtensions": False}).resource_type("User").extensions == ()
    assert [one.name for one in probe(client_of(served()), {"resource:User": False}).resource_types] == ["Group"]


def test_hints(client_of):
    """Hints come from the operator; a versioned base URL is seen; none given is a gate closed by the operator."""
    app = served()
    app.documents = {f"scim/v2/{name}": document for name, document in app.documents.items()}
    features = probe(
        client_of(Target.wsgi(app, "http://scim.test/scim/v2")), {}, {"search": False, "me": False, "bearer": True}
    )
    assert features.fact("hint:search").reason.startswith("The operator says no to the hint search")
    assert features.fact("hint:root-query").holds  # nobody has to give it, because the checks try it
    assert features.fact("hint:versioned-base").holds
    assert features.fact("bearer").holds
    assert features.fact("hint:me").reason.startswith("The operator says no to the hint me")
    assert (features.fact("hint:redirects").holds, features.fact("hint:redirects").kind) == (False, "disabled")
    assert core_features().fact("bearer").kind == "disabled"


def test_cursors(client_of):
    """The gates of RFC 9865 follow the pagination member."""
    cursor = probe(
        client_of(
            served(
                ServiceProviderConfig={**CONFIG, "pagination": {"cursor": True, "index": False, "cursorTimeout": 60}}
            )
        )
    )
    assert {gate: cursor.fact(gate).holds for gate in known_gates() if gate.startswith("pagination")} == {
        "pagination": True, "pagination.cursor": True, "pagination.index": False,
        "pagination.cursor.cursorTimeout": True,
    }  # fmt: skip
    without = probe(client_of(served(ServiceProviderConfig={**CONFIG, "pagination": {"cursor": False, "index": True}})))
    assert [gate for gate in known_gates() if gate.startswith("pagination") and without.fact(gate).holds] == [
        "pagination",
        "pagination.index",
    ]


def test_every_gate_has_a_fact_with_a_reason():
    """Every word of the catalogue is answered; a closed gate says why, on whose word; an unknown word is an error."""
    features = core_features()
    for gate in known_gates():
        fact = features.fact(gate)
        assert fact.holds or (fact.reason.endswith(".") and fact.kind in ("unsupported", "disabled"))
    assert features.fact("type=decimal").reason == "No served attribute has type decimal."
    with pytest.raises(UnknownGate, match="patch"):
        features.fact("ptach")


def test_core_features_are_the_rfcs():
    """The assumed schemas have the characteristics of RFC 7643 section 8.7.1."""
    found = {one.path: one for one in core_features().attributes("User")}
    assert found["userName"].required
    assert found["userName"].uniqueness == "server"
    assert found["password"].returned == "never"
    assert found["emails.value"].parent == "emails"
    assert found[f"{ENTERPRISE}:manager.displayName"].mutability == "readOnly"
    assert {one.path for one in core_features().attributes("Group")} >= {"displayName", "members", "members.value"}
    with pytest.raises(LookupError):
        core_features().schema_of("Device")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20)
    | st.sampled_from([USER, ENTERPRISE, "User", "/Users", "http://scim.test/Users", "string", "complex", "\ud800"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["Resources", "totalResults", "id", "name", "endpoint", "schema", "schemaExtensions",
                         "required", "schemas", "attributes", "subAttributes", "type", "multiValued", "patch",
                         "supported", "pagination",
                         "cursor", "x"]),
        inner, max_size=6),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(JSON, JSON, JSON)
def test_no_document_makes_the_probe_fail(config, types, schemas):
    """Whatever JSON a target answers, the probe ends with features that can be asked and handed on."""
    app = SmallScim(ServiceProviderConfig=config, ResourceTypes=types, Schemas=schemas)
    with ScimClient(Target.wsgi(app), journal=Journal(), run_id="scrun") as client:
        features = probe(client)
        assert client.count <= 20
        for gate in known_gates():
            features.fact(gate)
        for one in features.resource_types:
            list(features.attributes(one))
            assert client.base.below(client.base.resolve(client.endpoint(one)))
    assert Features.from_json(json.loads(json.dumps(features.to_json()))) == features

"""Only what the run created is changed; everything it creates is noticed, be it asked for or not."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odd_servers import RUN, SmallScim, error

from scim_conformance.client.addresses import encode_id, place_of
from scim_conformance.client.client import ScimClient
from scim_conformance.client.errors import BrokenAnswer, ForeignResource, HarnessError
from scim_conformance.client.features import core_features
from scim_conformance.client.journal import Journal
from scim_conformance.client.target import Target

WRITES = ["PUT", "PATCH", "DELETE", "put", "Delete"]


@pytest.fixture
def client(client_of, small):
    """Return a client of the small service, which holds one user and one group that are not ours."""
    small.add("/Users", userName="grace")
    small.add("/Groups", displayName="staff")
    return client_of(small)


def make(client, name="one"):
    """Create a user of this run."""
    return client.create("User", {"userName": f"{RUN}-{name}"}).body


@pytest.mark.parametrize("method", WRITES)
@pytest.mark.parametrize(
    "path",
    ["/Users/1", "/users/1", "/Users/1/", "/Users//1", "/Users/%31", "/Users/1?x=y", "http://scim.test/Users/1",
     "Users/1",
     "/Users", "/Users/", "/Me", "/", "", "/Schemas", "/ServiceProviderConfig", "/Bulk", "/Groups/3", "/Users/3/emails",
     "/Users/../Users/1", "/Users/x/%2e%2e/1", "/Users/3/../1", "/Users/3%2F..%2F1", "/Users/3\\..\\1"],
)  # fmt: skip
def test_a_foreign_write_is_never_sent(client, small, method, path):
    """PUT, PATCH and DELETE on anything but the run's own resources are refused before they are sent."""
    assert make(client)["id"] == "3"
    small.log.clear()
    with pytest.raises(ForeignResource, match=r"was not sent|was refused before it was sent"):
        client.request(method, path, json={})
    assert small.log == []


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_own_and_invented_resources_are_let_through(client, small, method):
    """Writes to what the run created, deleted ones included, and to invented ids are sent."""
    user = make(client)
    for path in (client.location(user), f"/Users/{client.unknown_id()}", f"/users/{user['id']}/"):
        small.log.clear()
        client.request(method, path, json={})
        assert len(small.log) == 1


def test_unguarded_says_why(client, small):
    """A write that can do no harm is sent when the caller says why."""
    assert client.put("/Users", json={}, unguarded="PUT on a collection must be refused").status == 404
    assert small.log[-1] == ("PUT", "/Users")


def test_a_method_override_is_seen_through(client, small):
    """A POST that a header turns into a DELETE is guarded as a DELETE."""
    small.log.clear()
    with pytest.raises(ForeignResource):
        client.post("/Users/1", headers={"X-HTTP-Method-Override": "DELETE"})
    assert small.log == []


def bulk(*operations):
    """Return a bulk request."""
    return {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": list(operations)}


@pytest.mark.parametrize(
    "operation",
    [
        {"method": "DELETE", "path": "/Users/1"},
        {"method": "delete", "path": "/Users/1"},
        {"METHOD": "DELETE", "Path": "/Users/1"},
        {"method": "PUT", "path": "Users/1", "data": {}},
        {"method": "PATCH", "path": "http://scim.test/Users/1", "data": {}},
        {"method": "DELETE", "path": "/Users"},
        {"method": "DELETE"},
        {"method": "DELETE", "path": 7},
        {"method": "DELETE", "path": "http://elsewhere.test/Users/1"},
    ],
)
@pytest.mark.parametrize("member", ["Operations", "operations"])
def test_bulk_operations_are_looked_into(client, small, operation, member):
    """A bulk request with one foreign write among its operations is refused whole."""
    mine = {"method": "DELETE", "path": client.location(make(client))}
    small.log.clear()
    with pytest.raises(HarnessError):
        client.post("/Bulk", json={member: [mine, operation]})
    assert small.log == []


def test_own_bulk_operations_are_let_through_and_recorded(client, small):
    """Creations, own writes and references inside a bulk request go through; what was created is in the journal."""
    user = make(client)
    answered = {
        "Operations": [
            {"method": "POST", "location": "http://scim.test/Users/77", "status": "201"},
            {"method": "DELETE", "location": client.base.url + client.location(user), "status": "204"},
            {"method": "POST", "status": {"code": "409"}},
            "odd",
        ]
    }
    small.overrides["POST", "/Bulk"] = ("200 OK", answered, [])
    client.post(
        "/Bulk",
        json=bulk(
            {"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": f"{RUN}-bulk"}},
            {"method": "PATCH", "path": "/Users/bulkId:a", "data": {}},
            {"method": "DELETE", "path": client.location(user)},
        ),
    )
    assert [(one.endpoint, one.id, one.value) for one in client.journal.leftovers] == [("/Users", "77", f"{RUN}-bulk")]


def test_a_refused_bulk_leaves_no_intent(client, small):
    """When the whole job is refused, nothing is left to look for."""
    small.overrides["POST", "/Bulk"] = ("413 Too Large", error(413), [])
    client.post("/Bulk", json=bulk({"method": "POST", "path": "/Users", "data": {"userName": f"{RUN}-bulk"}}))
    assert client.journal.leftovers == []


def test_other_origins_are_refused(client, small):
    """An absolute URL of another origin, in whatever form, is refused before it is sent."""
    small.log.clear()
    for url in ("http://elsewhere.test/Users", "https://scim.test/Users", "//elsewhere.test/x", "http://scim.test:81/",
                "http://scim.test@elsewhere.test/", "ftp://scim.test/"):  # fmt: skip
        with pytest.raises(HarnessError, match="another origin"):
            client.get(url)
    assert small.log == []


def test_a_creation_is_journaled_before_it_is_asked_for(client_of):
    """When the POST reaches the target, the intent with the value to look for is in the journal already."""
    seen = []
    journal = Journal(None, {"run": RUN})

    def app(_environ, start_response):
        seen.extend(journal.leftovers)
        start_response("400 Bad Request", [])
        return []

    client_of(app, journal=journal).create("User", {"userName": f"{RUN}@example.com"})
    assert [(one.endpoint, one.attribute, one.value, one.id) for one in seen] == [
        ("/Users", "userName", f"{RUN}@example.com", "")
    ]
    assert journal.leftovers == []


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"userName": f"X{RUN.upper()}"}, ("userName", f"X{RUN.upper()}")),
        ({"USERNAME": f"{RUN}"}, ("userName", RUN)),
        ({"displayName": f"{RUN} d", "externalId": RUN}, ("displayName", f"{RUN} d")),
        ({"userName": "fixed", "externalId": f"e{RUN}"}, ("externalId", f"e{RUN}")),
        ({"serial": f"s{RUN}"}, ("serial", f"s{RUN}")),
        ({"password": f"Zx7-{RUN}", "name": {"givenName": RUN}}, ("", "")),
        ({"userName": "nobody"}, ("", "")),
        ([1], ("", "")),
        ("text", ("", "")),
    ],
)
def test_the_value_to_look_for(client, body, found):
    """An intent carries the attribute that holds the run's id, userName first, and never a password."""
    client.journal.created = lambda *_: None
    client.post("/Users", json=body)
    assert [(one.attribute, one.value) for one in client.journal.leftovers] in ([found], [])
    entry = client.journal.intend("/Users", *client._creations._name(body))
    assert [(one.attribute, one.value) for one in client.journal.leftovers if one.number == entry] == [found]


ANSWERS = {
    "body and location": ("201 Created", {"id": "9"}, [("Location", "http://scim.test/Users/9")]),
    "body alone": ("201 Created", {"id": "9"}, []),
    "location alone": ("201 Created", None, [("Location", "http://scim.test/Users/9")]),
    "relative location": ("201 Created", None, [("Location", "/Users/9")]),
    "location behind a proxy": ("201 Created", None, [("Location", "https://inner:8443/api/scim/Users/9")]),
    "odd location": ("201 Created", {"id": "9"}, [("Location", "somewhere")]),
    "200 instead of 201": ("200 OK", {"id": "9"}, []),
    "id outside ASCII": ("201 Created", {"id": "9"}, [("Location", "http://scim.test/Users/%39")]),
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_whatever_a_post_creates_is_ours(client, small, answer):
    """A 2xx to any POST to a collection that shows an id is journaled, also when a refusal was expected."""
    small.overrides["POST", "/Users"] = answer
    client.post("/Users", content=b"{not json")
    assert [(one.endpoint, one.id) for one in client.journal.leftovers] == [("/Users", "9")]


@pytest.mark.parametrize("status", ["500 Internal Server Error", "200 OK", "202 Accepted"])
def test_an_unclear_answer_leaves_the_intent_open(client, small, status):
    """After a 5xx, or a 2xx that shows no id, the clean-up will look for what was meant."""
    small.overrides["POST", "/Users"] = (status, {"detail": "x"}, [])
    client.create("User", {"userName": RUN})
    assert [(one.id, one.value) for one in client.journal.leftovers] == [("", RUN)]


def test_no_answer_leaves_the_intent_open(client_of):
    """A POST that breaks off may have created something."""

    def app(_environ, _start_response):
        raise LookupError

    client = client_of(app)
    with pytest.raises(BrokenAnswer):
        client.create("User", {"userName": RUN})
    assert [one.value for one in client.journal.leftovers] == [RUN]


@pytest.mark.parametrize("shown", [{"id": "1", "userName": "grace"}, {"id": "1", "userName": f"x{RUN}"}])
def test_post_to_me_never_claims_somebody_else(client, small, shown):
    """A 200 to POST /Me that shows a resource without the run's id is nobody's of ours."""
    small.overrides["POST", "/Me"] = ("200 OK", shown, [("Location", "http://scim.test/Users/1")])
    client.post("/Me", json={"userName": RUN})
    assert client.journal.owns("/Users", "1") is (RUN in shown["userName"])


def test_queries_create_nothing(client):
    """A .search leaves no intent."""
    client.search("User", filter="x")
    client.search(None, filter="x")
    assert client.journal.leftovers == []


def test_put_that_creates_is_noticed(client, small):
    """A PUT to an invented id that succeeds has created something, which is then ours."""
    invented = client.unknown_id()
    small.overrides["PUT", f"/Users/{invented}"] = ("201 Created", {"id": "88"}, [])
    client.put(f"/Users/{invented}", json={})
    assert [(one.endpoint, one.id) for one in client.journal.leftovers] == [("/Users", "88")]


def test_deleting_settles_the_journal(client):
    """A DELETE answered 2xx or 404 takes the resource off the list; discard tells whether it is gone."""
    user = make(client)
    assert client.journal.holds(user)
    assert client.discard(user) is True
    assert client.journal.leftovers == []
    assert client.discard(user) is True
    assert client.discard({"id": "1", "meta": {"resourceType": "User"}}) is False


IDS = st.text(min_size=1, max_size=20)


@given(IDS)
def test_ids_travel_whole(resource_id):
    """Any id is one path segment, and is read back from the path as it was, or refused when it climbs."""
    place = place_of(f"/Users/{encode_id(resource_id)}")
    climbs = any(part in (".", "..") for part in resource_id.replace("\\", "/").split("/"))
    if climbs:
        assert place is None
    else:
        assert (place.endpoint, place.id) == ("/Users", resource_id.encode(errors="replace").decode())


@given(IDS.filter(lambda text: text.strip("./\\")))
def test_a_target_with_odd_ids_can_be_cleaned(resource_id):
    """A resource with slashes, blanks, dots or percent signs in its id is deleted by exactly that id."""
    deleted = []

    def app(environ, start_response):
        if environ["REQUEST_METHOD"] == "POST":
            start_response("201 Created", [])
            return [json.dumps({"id": resource_id}).encode()]
        deleted.append(environ["PATH_INFO"].encode("latin-1").decode())
        start_response("204 No Content", [])
        return []

    with ScimClient(Target.wsgi(app), journal=Journal(), run_id=RUN) as client:
        user = client.create("User", {"userName": RUN}).body
        try:
            client.delete(user)
        except ForeignResource:
            assert place_of(f"/Users/{encode_id(resource_id)}") is None
        else:
            assert deleted == [f"/Users/{resource_id}"]


def test_where_a_resource_is(client_of):
    """The path is the endpoint of creation, else that of meta.resourceType; meta.location is not trusted."""
    app = SmallScim()
    client = client_of(app)
    assert client.location(("User", "a b/c")) == "/Users/a%20b%2Fc"
    assert client.location(("/Devices", "1")) == "/Devices/1"
    resource = {"id": "5", "meta": {"resourceType": "Group", "location": "http://evil.test/x"}}
    assert client.location(resource) == "/Groups/5"
    client.journal.created(0, "/Teams", "5")
    assert client.location(resource) == "/Teams/5"
    client.journal.created(0, "/Groups", "5")
    assert client.location(resource) == "/Groups/5"
    client.features = core_features()
    assert client.location({"id": "6", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"]}) == "/Users/6"
    assert client.endpoint(client.features.resource_type("user")) == "/Users"
    for odd in ({"id": "7"}, {"id": 7}, {}, {"id": ""}):
        with pytest.raises(HarnessError):
            client.location(odd)


def test_verbs(client, small):
    """Each verb sends the request of its section of RFC 7644."""
    user = make(client)
    small.log.clear()
    client.read(user, attributes=["userName"], params={"x": "emails.value"}, headers={"X-A": "b"})
    client.query("User", 'userName eq "x y"', count=2, sortBy=None)
    client.search("User", filter="a", count=1)
    client.modify(user, {"op": "replace", "path": "active", "value": False})
    client.replace(user, {"userName": "z"})
    client.delete(user)
    assert [entry[0] for entry in small.log] == ["GET", "GET", "POST", "PATCH", "PUT", "DELETE"]
    queries = [environ["QUERY_STRING"] for environ in small.environs[-6:]]
    assert queries == [
        "attributes=userName&x=emails.value",
        "filter=userName%20eq%20%22x%20y%22&count=2",
        "",
        "",
        "",
        "",
    ]
    sent = [json.loads(exchange.request_body) for exchange in client.exchanges if exchange.method in ("POST", "PATCH")]
    assert sent[-2]["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]
    assert sent[-1] == {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "active", "value": False}],
    }


def test_contradicting_arguments_are_refused(client):
    """Two bodies or two queries in one request are a mistake of ours."""
    with pytest.raises(HarnessError, match="json or content"):
        client.post("/Users", json={}, content=b"{}")
    with pytest.raises(HarnessError, match="params or query"):
        client.get("/Users", params={"a": 1}, query="b=2")

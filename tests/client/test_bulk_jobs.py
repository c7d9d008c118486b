"""A bulk job touches what the run created and nothing else, and all that it creates is in the journal."""

import pytest
from odd_servers import RUN, error

from scim_conformance.client.bulk import operations, results
from scim_conformance.client.cleanup import clean_up
from scim_conformance.client.client import ScimClient
from scim_conformance.client.errors import ForeignResource
from scim_conformance.client.journal import Journal
from scim_conformance.client.target import Credentials, Secret, Target
from scim_conformance.server import create_app, reference

REQUEST = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"


@pytest.fixture
def client(client_of, small):
    """Return a client of the small service, which holds one user that is not ours."""
    small.add("/Users", userName="grace")
    return client_of(small)


def job(*asked):
    """Write a bulk request."""
    return {"schemas": [REQUEST], "Operations": list(asked)}


def post(bulk_id, name=None, path="/Users"):
    """Write the operation that creates a user."""
    return {
        "method": "POST",
        "path": path,
        "bulkId": bulk_id,
        "data": {"schemas": [USER], "userName": name or f"{RUN}-{bulk_id}"},
    }


def answered(small, *found, status="200 OK"):
    """Let the small service answer a job with these results."""
    small.overrides["POST", "/Bulk"] = (status, {"Operations": list(found)}, [])


def left(client):
    """Give what the journal has as not deleted yet: id and the value to look for."""
    return [(one.id, one.value) for one in client.journal.leftovers]


@pytest.mark.parametrize(
    "operation",
    [
        {"method": "DELETE", "path": "/Users/bulkId:other"},
        {"method": "DELETE", "path": "/Groups/bulkId:a"},
        {"method": "PUT", "path": "/Users/1/bulkId:a", "data": {}},
        {"method": "PATCH", "path": "/Users/bulkId:a%2F..%2F1", "data": {}},
        {"method": "DELETE", "path": "/Users/bulkId:a/../1"},
        {"method": "DELETE", "path": "/Users/bulkid:a"},
        {"method": "POST", "path": "/Bulk", "bulkId": "b", "data": job({"method": "DELETE", "path": "/Users/1"})},
        {"method": "POST", "path": "/v2/bulk/?x", "bulkId": "b", "data": {}},
        {"method": "DELETE", "Path": "/Users/bulkId:a", "path": "/Users/1"},
    ],
)
@pytest.mark.parametrize("path", ["/Bulk", "/bulk/", "/v2/Bulk", "/%42ulk"])
def test_a_reference_is_no_way_to_what_is_foreign(client, small, operation, path):
    """A bulkId in a path stands for what the same job creates there; anything else is judged like any path."""
    with pytest.raises(ForeignResource):
        client.post(path, json=job(post("a"), operation))
    assert small.log == []


def test_what_the_job_creates_it_may_change(client, small):
    """A job may change and delete by its bulkId what it creates itself, wherever in the job that stands."""
    answered(small)
    client.post("/Bulk", json=job({"method": "DELETE", "path": "/users/bulkId:a"}, post("a")))
    assert small.log == [("POST", "/Bulk")]


@pytest.mark.parametrize("status", ["201", 201, {"code": "201"}, {"code": 201}])
def test_results_find_their_intents_by_bulk_id(client, small, status):
    """In whatever order results come, the id is written beside the name that was sent; refused ones are settled."""
    answered(
        small,
        {"method": "POST", "bulkId": "c", "location": "https://inner/api/Users/33", "status": status},
        {"method": "POST", "bulkId": "a", "location": "http://scim.test/Users/31", "status": status},
        {"method": "POST", "bulkId": "b", "status": "409", "response": error(409)},
    )
    client.post("/Bulk", json=job(post("a"), post("b"), post("c"), post("d")))
    assert left(client) == [("31", f"{RUN}-a"), ("33", f"{RUN}-c"), ("", f"{RUN}-d")]


def test_results_without_bulk_ids_are_matched_in_order(client, small):
    """Where a target leaves bulkIds out, a failure does not shift the names of those after it."""
    answered(
        small,
        {"method": "POST", "status": "400"},
        {"method": "POST", "status": "201", "response": {"id": "32"}},
    )
    client.post("/Bulk", json=job(post("a"), post("b")))
    assert left(client) == [("32", f"{RUN}-b")]


@pytest.mark.parametrize("status", ["409", "400", "500", None, "2xx"])
def test_a_failed_creation_claims_nobody(client, small, status):
    """A failed POST may name the resource that is in its way; that one is not ours, and is never deleted."""
    answered(small, {"method": "POST", "bulkId": "a", "location": "http://scim.test/Users/1", "status": status})
    client.post("/Bulk", json=job(post("a", "grace")))
    assert not client.journal.owns("/Users", "1")
    clean_up(client, client.journal)
    assert ("/Users", "1") in small.resources


@pytest.mark.parametrize("status", ["400 Bad Request", "409 Conflict", "500 Oops", "200 OK"])
def test_a_job_that_may_be_half_done_leaves_intents(client, small, status):
    """After an error without results, or results that are missing, the clean-up looks for what was meant."""
    small.overrides["POST", "/Bulk"] = (status, {"detail": "x"}, [])
    client.post("/Bulk", json=job(post("a"), {"method": "DELETE", "path": f"/Users/{client.unknown_id()}"}))
    assert left(client) == [("", f"{RUN}-a")]


@pytest.mark.parametrize("status", ["400 Bad", "401 No", "404 No", "413 Too Large", "501 Not Implemented"])
def test_a_job_that_was_not_begun_leaves_none(client, small, status):
    """Where the job as a whole was turned away, nothing is left to look for."""
    small.overrides["POST", "/Bulk"] = (status, {"detail": "x"}, [])
    client.post("/Bulk", json=job(post("a")))
    assert left(client) == []


def test_results_in_an_error_count(client, small):
    """Results tell what was created even if the whole job is answered with an error."""
    answered(small, {"method": "POST", "bulkId": "a", "location": "/Users/31", "status": "201"}, status="400 Bad")
    client.post("/Bulk", json=job(post("a")))
    assert left(client) == [("31", f"{RUN}-a")]


def test_deletions_settle_the_journal(client, small):
    """What a job deletes is off the list: by path, by bulkId, and only what it was told to delete."""
    kept, gone, missing = (client.create("User", {"userName": f"{RUN}-{n}"}).body for n in range(3))
    answered(
        small,
        {"method": "POST", "bulkId": "a", "location": "http://scim.test/Users/31", "status": "201"},
        {"method": "DELETE", "location": "http://scim.test/Users/31", "status": "204"},
        {"method": "DELETE", "location": client.base.url + client.location(missing), "status": "404"},
        {"method": "DELETE", "location": client.base.url + client.location(gone), "status": "204"},
        {"method": "DELETE", "location": client.base.url + client.location(kept), "status": "204"},
    )
    client.post(
        "/Bulk",
        json=job(
            post("a"),
            {"method": "DELETE", "path": "/Users/bulkId:a"},
            {"method": "DELETE", "path": client.location(gone)},
            {"method": "DELETE", "path": client.location(missing)},
        ),
    )
    assert [one.id for one in client.journal.leftovers] == [kept["id"]]


def test_a_put_that_creates_is_noticed(client, small):
    """A PUT or PATCH to an invented id that succeeds in a job has created something, which is then ours."""
    invented = client.unknown_id()
    answered(small, {"method": "PUT", "location": f"http://scim.test/Users/{invented}", "status": "201"})
    client.post("/Bulk", json=job({"method": "PUT", "path": f"/Users/{invented}", "data": {}}))
    assert [one.id for one in client.journal.leftovers] == [invented]


def test_odd_jobs_and_answers_are_read():
    """Whatever stands in a job or in an answer to one is read without failing."""
    for body in (b"", b"{", b"[]", b"1", b'{"Operations": 1}', b'{"Operations": [1, {"method": 2}]}'):
        assert [each.method for each in operations(body)] in ([], ["2"])
    for body in (None, [], {"Operations": 1}, {"Operations": [1, None]}):
        assert results(body) == []
    assert results({"Operations": [{"status": [], "location": 3}]})[0].status == 0


def test_clean_up_after_real_jobs():
    """What jobs of a real service created, circles and references included, is gone after the clean-up."""
    service = reference(token=RUN)
    journal = Journal(None, {"run": RUN})
    target = Target.wsgi(
        create_app(service),
        credentials=Credentials(token=Secret(RUN), origin="idp.example.com", origin_header="X-Request-Origin"),
    )
    group = {
        "method": "POST",
        "path": "/Groups",
        "bulkId": "g",
        "data": {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
            "displayName": f"{RUN}-g",
            "members": [{"value": "bulkId:a"}],
        },
    }
    with ScimClient(target, journal=journal, run_id=RUN) as client:
        done = client.post("/Bulk", json=job(group, post("a"), post("b"), post("c", f"{RUN}-b")))
        assert [each["status"] for each in done.json["Operations"]] == ["201", "201", "201", "409"]
        assert len(journal.leftovers) == 3
        assert str(clean_up(client, journal)) == "3 deleted, 0 gone already"
        assert client.get("/Users").json["totalResults"] == client.get("/Groups").json["totalResults"] == 0

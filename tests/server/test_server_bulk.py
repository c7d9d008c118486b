"""Bulk jobs: results, bulkIds, circles, limits, failures."""

import pytest

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
REQUEST = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
RESPONSE = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


@pytest.fixture
def ask(make):
    """Ask a service that supports bulk jobs, under a base path."""
    return make(base_path="")


def post(bulk_id, name, **data):
    """Write the operation that creates a user."""
    return {
        "method": "POST",
        "path": "/Users",
        "bulkId": bulk_id,
        "data": {"schemas": [USER], "userName": name, **data},
    }


def group(bulk_id, name, *members):
    """Write the operation that creates a group with these members."""
    data = {"schemas": [GROUP], "displayName": name, "members": [{"value": member} for member in members]}
    return {"method": "POST", "path": "/Groups", "bulkId": bulk_id, "data": data}


def patch(path, op, target, value=None):
    """Write the operation that changes one attribute."""
    return {
        "method": "PATCH",
        "path": path,
        "data": {"schemas": [PATCH_OP], "Operations": [{"op": op, "path": target, "value": value}]},
    }


def job(ask, *operations, **members):
    """Send a job and give the results, which have to be those of a processed one."""
    response = ask("POST", "/Bulk", {"schemas": [REQUEST], "Operations": list(operations), **members})
    assert response.status == 200, response.json
    assert response.json["schemas"] == [RESPONSE]
    return response.json["Operations"]


def test_all_methods_in_one_job(ask):
    """Each operation does what the single request does, and its result tells method, location, version and status."""
    user = ask.user("old")
    path = f"/Users/{user['id']}"
    patch = {"schemas": [PATCH_OP], "Operations": [{"op": "add", "path": "title", "value": "t"}]}
    results = job(
        ask,
        post("q", "new"),
        {"method": "PUT", "path": path, "data": {"schemas": [USER], "userName": "changed"}},
        {"method": "patch", "path": path, "data": patch},
        {"method": "DELETE", "path": path},
    )
    assert [(each["method"], each["status"]) for each in results] == [
        ("POST", "201"), ("PUT", "200"), ("PATCH", "200"), ("DELETE", "204")
    ]  # fmt: skip
    assert results[0]["bulkId"] == "q"
    created = ask.get(results[0]["location"].removeprefix("http://scim.test")).json
    assert created["userName"] == "new"
    assert created["meta"]["version"] == results[0]["version"]
    assert "response" not in results[0]
    assert ask.get(path).status == 404


@pytest.mark.parametrize("order", ["before", "after"])
def test_references_between_operations(ask, order):
    """A bulkId in data, in an extension and in a path becomes the id, whichever operation comes first."""
    operations = [
        group("g", "guides", "bulkId:u"),
        post("u", "anna", **{ENTERPRISE: {"manager": {"value": "bulkId:boss"}}}),
        post("boss", "boss"),
        {"method": "PATCH", "path": "/Users/bulkId:u",
         "data": {"schemas": [PATCH_OP], "Operations": [{"op": "add", "path": "title", "value": "t"}]}},
    ]  # fmt: skip
    results = job(ask, *(operations if order == "before" else [*reversed(operations[:3]), operations[3]]))
    assert [each["status"] for each in results] == ["201", "201", "201", "200"]
    found = {each["userName"]: each for each in ask.get("/Users").json["Resources"]}
    assert found["anna"][ENTERPRISE]["manager"]["value"] == found["boss"]["id"]
    assert found["anna"]["title"] == "t"
    assert found["anna"]["groups"][0]["display"] == "guides"
    assert b"bulkId" not in ask.get("/").body


def test_circles_are_resolved(ask):
    """Groups that are members of each other, and one that is its own, are created with the references they ask for."""
    results = job(
        ask, group("a", "A", "bulkId:b"), group("b", "B", "bulkId:c"), group("c", "C", "bulkId:a", "bulkId:c")
    )
    assert [each["status"] for each in results] == ["201"] * 3
    found = {each["displayName"]: each for each in ask.get("/Groups").json["Resources"]}
    members = {name: sorted(m["display"] for m in each.get("members", [])) for name, each in found.items()}
    assert members == {"A": ["B"], "B": ["C"], "C": ["A", "C"]}
    assert {each["version"] for each in results} == {each["meta"]["version"] for each in found.values()}


def test_circles_that_cannot_be_resolved(ask):
    """When one operation of a circle fails the others fail with 409, and nothing half done is left."""
    ask.user("taken")
    circle = [
        post("a", "taken", **{ENTERPRISE: {"manager": {"value": "bulkId:b"}}}),
        post("b", "b", **{ENTERPRISE: {"manager": {"value": "bulkId:a"}}}),
    ]
    assert [each["status"] for each in job(ask, *circle)] == ["409", "409"]
    assert ask.get("/Users").json["totalResults"] == 1


def test_a_circle_is_closed_before_later_operations(ask):
    """What a later operation does to a resource of a circle is not undone when the circle is closed."""
    results = job(
        ask,
        group("a", "A", "bulkId:b"),
        group("b", "B", "bulkId:a"),
        patch("/Groups/bulkId:a", "replace", "displayName", "C"),
        patch("/Groups/bulkId:b", "remove", 'members[value eq "bulkId:a"]'),
    )
    assert [each["status"] for each in results] == ["201", "201", "200", "200"]
    found = {each["displayName"]: each for each in ask.get("/Groups").json["Resources"]}
    assert {name: [m["display"] for m in each.get("members", [])] for name, each in found.items()} == {
        "B": [], "C": ["B"]
    }  # fmt: skip


def test_a_bulk_id_is_taken_as_a_whole(ask):
    """A bulkId that begins like another one stands for its own resource, and text that only looks like one stays."""
    job(ask, post("u", "u", title="about bulkId:u"), post("uu", "uu"), group("g", "g", "bulkId:uu"))
    assert [each["display"] for each in ask.get("/Groups").json["Resources"][0]["members"]] == ["uu"]
    assert ask.found('title eq "about bulkId:u"') == ["u"]


def test_failures_are_results(ask):
    """A failed operation has its own error body; the others are done all the same."""
    ask.user("taken")
    results = job(
        ask,
        post("1", "taken"),
        post("2", "fine"),
        {"method": "DELETE", "path": "/Users/none"},
        group("3", "g", "bulkId:1"),
        group("4", "g", "bulkId:nobody"),
        {"method": "GET", "path": "/Users"},
        {"method": "POST", "path": "/Users", "data": {}},
        {"method": "PUT", "path": "/Users", "data": {}},
        {"path": "/Users"},
        "text",
        {"method": "DELETE", "path": 1},
        post("2", "doubled"),
        {"method": "POST", "path": "/Bulk", "bulkId": "5", "data": {}},
        {"method": "POST", "path": "/.search", "bulkId": "6", "data": {}},
    )
    assert [each["status"] for each in results] == [
        "409",
        "201",
        "404",
        "409",
        "400",
        "400",
        "400",
        "400",
        "400",
        "400",
        "400",
        "400",
        "404",
        "404",
    ]
    for result in results:
        if result["status"] != "201":
            assert result["response"]["schemas"] == [ERROR]
            assert result["response"]["status"] == result["status"]
            assert result["response"]["detail"]
    assert "location" not in results[0]
    assert results[2]["location"] == "http://scim.test/Users/none"


@pytest.mark.parametrize(("limit", "done"), [(1, 2), (2, 4), (3, 5), (None, 5), (0, 5)])
def test_fail_on_errors(ask, limit, done):
    """With failOnErrors the job ends after that many failures, with the results so far."""
    ask.user("taken")
    operations = [post("1", "a"), post("2", "taken"), post("3", "b"), post("4", "taken"), post("5", "c")]
    results = job(ask, *operations, **({} if limit is None else {"failOnErrors": limit}))
    assert len(results) == done
    assert ask.get("/Users").json["totalResults"] == 1 + sum(each["status"] == "201" for each in results)


def test_version_is_a_precondition(ask):
    """The version of an operation is its If-Match."""
    user = ask.user("a")
    data = {"schemas": [USER], "userName": "a"}
    put = {"method": "PUT", "path": f"/Users/{user['id']}", "data": data}
    stale = job(ask, {**put, "version": 'W/"x"'}, {**put, "version": user["meta"]["version"]})
    assert [each["status"] for each in stale] == ["412", "200"]


@pytest.mark.parametrize(
    "body",
    [{}, {"schemas": [REQUEST]}, {"schemas": [REQUEST], "Operations": []}, {"schemas": [REQUEST], "Operations": {}},
     {"schemas": [PATCH_OP], "Operations": [post("1", "a")]},
     {"schemas": [REQUEST], "Operations": [post("1", "a")], "failOnErrors": "1"}],
)  # fmt: skip
def test_what_is_no_job_is_refused(ask, body):
    """A body that is no bulk request is refused as a whole."""
    assert ask("POST", "/Bulk", body).status == 400
    assert ask.get("/Users").json["totalResults"] == 0


def test_limits(ask):
    """Too many operations, or too large a job, is a 413 that names the limit; discovery tells both."""
    able = ask.service.capabilities
    able.max_operations, able.max_payload = 2, 500
    for operations in ([post(str(n), str(n)) for n in range(3)], [post("1", "x" * 600)]):
        response = ask("POST", "/Bulk", {"schemas": [REQUEST], "Operations": operations})
        assert response.status == 413
        assert any(str(limit) in response.json["detail"] for limit in (2, 500))
    expected = {"supported": True, "maxOperations": 2, "maxPayloadSize": 500}
    assert ask.get("/ServiceProviderConfig").json["bulk"] == expected


def test_without_support_there_are_no_jobs(make):
    """Without support /Bulk is a 501 for every method; with it other methods than POST are a 405."""
    ask = make()
    ask.service.capabilities.bulk = False
    assert {ask(method, "/Bulk", {}).status for method in ("GET", "POST", "PUT")} == {501}
    assert ask.get("/ServiceProviderConfig").json["bulk"] == {
        "supported": False, "maxOperations": 0, "maxPayloadSize": 0
    }  # fmt: skip
    ask.service.capabilities.bulk = True
    assert ask.get("/Bulk").headers.get("Allow") == "POST"


def test_credentials_are_needed_once_and_always(ask):
    """A job without credentials does nothing."""
    assert ask("POST", "/Bulk", {"schemas": [REQUEST], "Operations": [post("1", "a")]}, headers=[]).status == 401
    assert ask.get("/Users").json["totalResults"] == 0

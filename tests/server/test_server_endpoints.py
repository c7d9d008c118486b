"""Endpoints, methods, media types, sizes, base path, discovery."""

import json

import pytest

from scim_conformance.server.errors import ScimError
from scim_conformance.server.messages import Headers, Response

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


@pytest.mark.parametrize(
    "path",
    [
        "/unknown",
        "/users",
        "/Users/a/b",
        "/Users//a",
        "/ServiceProviderConfig/x",
        "/Schemas/urn:unknown",
        "/ResourceTypes/Unknown",
        "/Users.scim",
        "/.search/x",
    ],
)
def test_unknown_endpoints_are_not_found(ask, path):
    """A path that leads nowhere is a 404 with an error body."""
    response = ask.get(path)
    assert response.status == 404
    assert response.json["schemas"] == [ERROR]
    assert response.headers.get("Content-Type") == "application/scim+json"


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/Users", "GET, HEAD, POST"),
        ("/Groups/", "GET, HEAD, POST"),
        ("/Users/1", "GET, HEAD, PUT, PATCH, DELETE"),
        ("/ServiceProviderConfig", "GET, HEAD"),
        ("/ResourceTypes/User", "GET, HEAD"),
        ("/Schemas", "GET, HEAD"),
        ("/.search", "POST"),
        ("/Users/.search", "POST"),
        ("/", "GET, HEAD"),
        ("", "GET, HEAD"),
    ],
)
def test_methods_that_are_not_allowed(ask, path, allowed):
    """A known method that an endpoint lacks is a 405 that lists the ones it has; an unknown one is a 501."""
    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        if method not in allowed:
            response = ask(method, path, {})
            assert response.status == 405
            assert response.headers.get("Allow") == allowed
    assert ask("BREW", path).status == 501


@pytest.mark.parametrize(("method", "path"), [("GET", "/Me"), ("PATCH", "/Me"), ("GET", "/Me/x")])
def test_what_is_not_supported_is_not_implemented(ask, method, path):
    """There is no resource of the client's own, which is a 501."""
    assert ask(method, path, {}).status == 501


def test_head_is_get_without_body(ask):
    """HEAD gives the header fields of GET and no body."""
    user = ask.user()
    for path in ("/Users", f"/Users/{user['id']}", "/Schemas", "/ServiceProviderConfig", "/nowhere"):
        got, head = ask("GET", path), ask("HEAD", path)
        assert head.status == got.status
        assert head.body == b""
        assert [*got.headers, ("Content-Length", str(len(got.body)))] == list(head.headers)


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/scim+json", 201),
        ("application/scim+json; charset=utf-8", 201),
        ('Application/SCIM+JSON;charset="UTF-8"', 201),
        ("application/json", 201),
        (None, 201),
        ("text/plain", 415),
        ("application/xml", 415),
        ("application/scim+json; charset=latin-1", 415),
        ("application/x-www-form-urlencoded", 415),
    ],
)
def test_media_types_of_requests(ask, content_type, status):
    """JSON in UTF-8 is read, whichever of the two names it has; other media types are a 415."""
    extra = [("Content-Type", content_type)] if content_type else []
    assert ask("POST", "/Users", {"schemas": [USER], "userName": "a"}, extra=extra).status == status


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "application/scim+json"),
        ("*/*", "application/scim+json"),
        ("application/scim+json", "application/scim+json"),
        ("application/json, application/scim+json;q=0.5", "application/scim+json"),
        ("application/json", "application/json"),
        ("application/json; charset=utf-8, text/html", "application/json"),
        ("text/html", "application/scim+json"),
    ],
)
def test_media_types_of_responses(ask, accept, expected):
    """Answers are application/scim+json, unless a client accepts application/json alone."""
    response = ask("GET", "/Users", extra=[("Accept", accept)] if accept else [])
    assert response.headers.get("Content-Type") == expected


def test_large_bodies_are_refused(ask):
    """A body over the limit is a 413 that names the limit."""
    response = ask("POST", "/Users", raw=b" " * (ask.service.capabilities.max_body + 1))
    assert response.status == 413
    assert str(ask.service.capabilities.max_body) in response.json["detail"]


def test_mistakes_of_the_server_are_answered(ask, caplog):
    """A mistake in the server is a 500 with an error body that tells nothing of it; the log has it."""

    def fail(*_args):
        raise RuntimeError("secret detail")

    ask.service.query.get = fail
    response = ask.get("/Users")
    assert (response.status, response.json["status"]) == (500, "500")
    assert b"secret detail" not in response.body
    assert "RuntimeError" in caplog.text


@pytest.mark.parametrize("base_path", ["/scim/v2", "scim/v2/", "/tenant-a/x7Q~/scim"])
def test_base_path(make, base_path):
    """Under a base path everything is found there and nowhere else, and locations keep it."""
    ask = make(base_path=base_path)
    base = "/" + base_path.strip("/")
    user = ask("POST", f"{base}/Users", {"schemas": [USER], "userName": "a"}).json
    assert user["meta"]["location"] == f"http://scim.test{base}/Users/{user['id']}"
    assert ask.get(f"{base}/Users/{user['id']}").status == 200
    assert (
        ask.get(f"{base}/ResourceTypes").json["Resources"][0]["meta"]["location"].startswith(f"http://scim.test{base}/")
    )
    assert ask.get(f"{base}").json["totalResults"] == 1
    for path in ("/Users", f"{base}x/Users", "/", f"/other{base}/Users"):
        assert ask.get(path).status == 404


def test_versions_of_the_protocol(make):
    """v2 may be left out or written; another version is refused with invalidVers."""
    ask = make(base_path="/v1/scim/v2")
    assert ask.get("/v1/scim/v2/Users").status == ask.get("/v1/scim/Users").status == 200
    assert ask.get("/v1/scim/v9/Users").json["scimType"] == "invalidVers"
    assert make().get("/v2/Users").status == 200
    assert make().get("/v1/Users").json["scimType"] == "invalidVers"


@pytest.mark.parametrize("host", ["scim.test", "scim.test:8443", "[::1]:80", "evil/?x", "a b", "<script>", None])
def test_locations_follow_the_host(ask, host):
    """Locations name the host the client addressed; what is no host is not echoed."""
    headers = [pair for pair in ask.headers if pair[0] != "Host"] + ([("Host", host)] if host else [])
    location = ask("GET", "/ServiceProviderConfig", headers=headers).json["meta"]["location"]
    good = host in ("scim.test", "scim.test:8443", "[::1]:80")
    assert location == f"http://{host if good else 'localhost'}/ServiceProviderConfig"


def test_service_provider_config_says_what_works(ask):
    """The document has every required attribute and agrees with the capabilities."""
    config = ask.get("/ServiceProviderConfig").json
    able = ask.service.capabilities
    assert config["schemas"] == ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"]
    for name, supported in (
        ("patch", able.patch),
        ("bulk", able.bulk),
        ("filter", able.filter),
        ("sort", able.sort),
        ("etag", able.etag),
        ("changePassword", able.change_password),
    ):
        assert config[name]["supported"] is supported
    assert config["filter"]["maxResults"] == able.max_results
    assert [scheme["type"] for scheme in config["authenticationSchemes"]] == ["oauthbearertoken"]
    assert all(scheme.keys() >= {"name", "description"} for scheme in config["authenticationSchemes"])


def test_discovery_lists_and_single_documents_agree(ask):
    """Each schema and resource type of a list is found by its id, at its location, and is the same."""
    for endpoint, count in (("/Schemas", 7), ("/ResourceTypes", 2)):
        listed = ask.get(endpoint, sortBy="id", count="1", startIndex="2", attributes="id").json
        assert listed["totalResults"] == len(listed["Resources"]) == count
        for document in listed["Resources"]:
            location = document["meta"]["location"].removeprefix("http://scim.test")
            assert location == f"{endpoint}/{document['id']}"
            assert ask.get(location).json == document
        assert ask.get(endpoint, filter='id eq "x"').status == 403
    assert ask.get("/ServiceProviderConfig", filter="id pr").status == 403
    assert ask.get("/Schemas/" + USER.upper()).json["id"] == USER


def test_every_schema_of_a_resource_type_is_served(ask):
    """Every schema that a resource type names is among /Schemas."""
    served = {document["id"] for document in ask.get("/Schemas").json["Resources"]}
    for kind in ask.get("/ResourceTypes").json["Resources"]:
        assert {kind["schema"], *(each["schema"] for each in kind.get("schemaExtensions", []))} <= served


def test_errors_carry_status_as_text(ask):
    """An error's status is a string; scimType and detail are left out when there is none."""
    response = ask.service.answers.error(ask.service.bodies and _request(ask), ScimError(404))
    assert response.json == {"schemas": [ERROR], "status": "404"}


def _request(ask):
    from scim_conformance.server.messages import Request  # noqa: PLC0415 used here alone

    return Request("GET", "/", headers=Headers(ask.headers))


def test_headers_are_case_insensitive_and_multiple():
    """Header fields are found in any letter case, may be several, and can be replaced and removed."""
    headers = Headers({"Content-Type": "a"})
    headers.add("content-type", "b")
    assert headers.get_all("CONTENT-TYPE") == ["a", "b"]
    assert headers.get("x", "none") == "none"
    headers.set("Content-TYPE", "c")
    assert list(headers) == [("Content-TYPE", "c")]
    headers.remove("content-type")
    assert "Content-Type" not in headers
    assert Response(200, Headers(), json.dumps({"a": 1}).encode()).json == {"a": 1}

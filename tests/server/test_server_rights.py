"""What tokens entitle to: scopes, subjects, clients, expiry, tenants, and what needs no token at all."""

from datetime import UTC, datetime, timedelta

import pytest

from scim_conformance.server import Settings, reference
from scim_conformance.server.messages import Headers, Request
from scim_conformance.server.service import Service

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"


@pytest.fixture
def act(ask):
    """Gives the headers of another client: `ask.get("/Me")` becomes `act(subject="ann")("GET", "/Me")`."""

    def become(**grant):
        token = ask.service.grants.issue(**grant)
        headers = [("Authorization", f"Bearer {token}"), *ask.headers[1:]]
        return lambda method, path, body=None, **more: ask(method, path, body, headers=headers, **more)

    return become


def test_read_only_token_reads_and_writes_nothing(ask, act):
    """A token with the scope read reads, searches and is refused every write with 403 and insufficient_scope."""
    user, reader = ask.user(), act(scopes=["read"])
    path = f"/Users/{user['id']}"
    assert reader("GET", path).json == user
    assert reader("POST", "/Users/.search", {"schemas": [SEARCH]}).json["totalResults"] == 1
    for method, where in (("POST", "/Users"), ("PUT", path), ("PATCH", path), ("DELETE", path), ("POST", "/Bulk")):
        response = reader(method, where, {"schemas": [USER], "userName": "x"})
        assert (response.status, response.json["status"]) == (403, "403")
        challenge = response.headers.get("WWW-Authenticate")
        assert 'error="insufficient_scope"' in challenge
        assert 'scope="write"' in challenge
    assert ask.again(user) == user
    assert act(scopes=[])("GET", path).status == 403


def test_token_expires_by_the_clock(ask, act):
    """A token is as good as any until its time is over, and then like one that was never issued."""
    client = act(expires=datetime.now(UTC) + timedelta(hours=1))
    assert client("GET", "/Users").status == 200
    ask.service.clock.now = lambda: datetime.now(UTC) + timedelta(hours=1)
    response = client("GET", "/Users")
    assert response.status == 401
    assert 'error="invalid_token"' in response.headers.get("WWW-Authenticate")


def test_subject_has_itself_alone(ask, act):
    """A client that acts for a user reaches /Me, that user and discovery, and nobody else, not even by a job."""
    own, other = ask.user("own"), ask.user("other")
    ask.service.grants.associate("own", own["id"])
    person = act(subject="own")
    assert person("GET", f"/Users/{own['id']}").json == person("GET", "/Me").json == own
    assert person("GET", "/ServiceProviderConfig").status == 200
    for method, path in (("GET", "/Users"), ("GET", f"/Users/{other['id']}"), ("POST", "/Bulk"), ("GET", "/")):
        assert person(method, path, {"schemas": [BULK], "Operations": []}).status == 403


def test_own_resource_by_its_alias(ask, act):
    """/Me works by every method, and every answer, an error too, names the permanent location."""
    person = act(subject="ann")
    assert person("GET", "/Me").status == 404
    made = person("POST", "/Me", {"schemas": [USER], "userName": "ann"})
    assert (made.status, made.json["active"]) == (201, True)
    location = made.json["meta"]["location"]
    assert made.headers.get("Location") == location
    assert location.endswith(f"/Users/{made.json['id']}")
    assert person("POST", "/Me", {"schemas": [USER], "userName": "ann2"}).status == 409
    assert person("GET", "/Me", query={"attributes": "userName"}).json.keys() == {"schemas", "id", "userName"}
    answers = [
        person("GET", "/Me"),
        person("HEAD", "/Me"),
        person("PUT", "/Me", {"schemas": [USER], "userName": "renamed"}),
        person("PUT", "/Me", {"schemas": [USER]}),
        person("DELETE", "/Me"),
    ]
    assert [answer.status for answer in answers] == [200, 200, 200, 400, 204]
    assert {answer.headers.get("Location") for answer in answers} == {location}
    assert person("GET", "/Me").status == 404
    assert ask.get(f"/Users/{made.json['id']}").status == 404
    assert person("GET", "/Me/x").status == ask.get("/Me").status == ask("POST", "/Me", {}).status == 501


def test_anybody_registers_where_the_setting_says_so(ask):
    """With self-registration POST /Me needs no credentials, and the new user is inactive; nothing else is opened."""
    body = {"schemas": [USER], "userName": "new", "active": True}
    assert ask("POST", "/Me", body, headers=[]).status == 401
    ask.service.settings.self_registration = True
    made = ask("POST", "/Me", body, headers=[])
    assert (made.status, made.json["active"]) == (201, False)
    assert ask("POST", "/Users", body, headers=[]).status == ask("GET", "/Me", headers=[]).status == 401
    wrong = [("Authorization", "Bearer wrong")]
    assert ask("POST", "/Me", body, headers=wrong).status == 401


def test_plain_http_is_refused_where_the_setting_says_so(ask):
    """With TLS only, plain HTTP is refused without a challenge, whatever it carries."""
    ask.service.settings.tls_only = True
    response = ask.get("/Users")
    assert response.status == 403
    assert response.headers.get("WWW-Authenticate") is None
    request = Request("GET", "/Users", headers=Headers(ask.headers), peer="127.0.0.1", scheme="https")
    assert ask.service.handle(request).status == 200


def test_clients_call_resources_by_names_of_their_own(ask, act):
    """Two provisioning domains have an externalId each for one resource, and the same one for two."""
    other = act(client="hr")
    user = ask.user(externalId="1")
    path = f"/Users/{user['id']}"
    assert "externalId" not in other("GET", path).json
    patch = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "add", "path": "externalId", "value": "A"}],
    }
    assert other("PATCH", path, patch).json["externalId"] == "A"
    assert ask.again(user)["externalId"] == "1"
    made = other("POST", "/Users", {"schemas": [USER], "userName": "second", "externalId": "1"}).json
    assert "externalId" not in ask.get(f"/Users/{made['id']}").json
    assert ask.found('externalId eq "1"') == ["bjensen"]
    found = other("GET", "/Users", query={"filter": 'externalId eq "1"'}).json["Resources"]
    assert [each["userName"] for each in found] == ["second"]
    assert other("PUT", path, {"schemas": [USER], "userName": "bjensen"}).status == 200
    assert "externalId" not in other("GET", path).json
    assert ask.again(user)["externalId"] == "1"
    assert ask("DELETE", path).status == 204


def test_tenants_share_nothing():
    """A tenant is named by its base path and has its own tokens and resources."""
    first = reference(token="first-token-of-tests", base_path="/scim/v2")
    second = Service(Settings(default_workspace="W", service_origin="idp.example.com"), base_path="/Tenants/b/v2")
    second.settings.set_token("second-token-of-tests")
    first.tenants.add(second)

    def ask(method, path, token, body=b""):
        headers = Headers(
            [("Authorization", f"Bearer {token}-token-of-tests"), ("X-Request-Origin", "idp.example.com")]
        )
        return first.handle(Request(method, path, headers=headers, body=body, peer="127.0.0.1"))

    body = f'{{"schemas": ["{USER}"], "userName": "ann"}}'.encode()
    made = ask("POST", "/Tenants/b/v2/Users", "second", body)
    assert made.status == 201
    assert ask("GET", "/scim/v2/Users", "first").json["totalResults"] == 0
    assert ask("GET", f"/scim/v2/Users/{made.json['id']}", "first").status == 404
    assert ask("GET", "/Tenants/b/v2/Users", "first").status == ask("GET", "/scim/v2/Users", "second").status == 401
    assert ask("GET", "/Tenants/c/v2/Users", "first").status == 404


def test_passwords_that_everybody_knows_are_refused(ask):
    """A well-known password is refused with invalidValue in any letter case, by POST, PUT and PATCH; others are not."""
    weak = ask("POST", "/Users", {"schemas": [USER], "userName": "a", "password": "Password1"})
    assert (weak.status, weak.json["scimType"]) == (400, "invalidValue")
    user = ask.user(password="t1meMa$heen")
    change = {"op": "replace", "path": "password", "value": "letmein"}
    assert ask.patch(user, change).json["scimType"] == "invalidValue"
    assert ask.patch(user, {**change, "value": "another 0ne"}).status == 200

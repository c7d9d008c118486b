"""A reference service provider and a way of asking it, for the tests of the server."""

import json

import pytest

from scim_conformance.server import reference
from scim_conformance.server.messages import Headers, Request

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
TOKEN = "a-token-of-the-tests"


class Asking:
    """Sends requests to a service as a client with all credentials, unless told otherwise."""

    def __init__(self, service):
        self.service = service
        self.headers = [
            ("Authorization", f"Bearer {TOKEN}"),
            ("X-Request-Origin", "idp.example.com"),
            ("Host", "scim.test"),
        ]

    def __call__(self, method, path, body=None, *, query=(), headers=None, extra=(), peer="127.0.0.1", raw=None):
        """Send a request and give the response."""
        content = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        pairs = query.items() if isinstance(query, dict) else query
        fields = Headers([*(self.headers if headers is None else headers), *extra])
        return self.service.handle(Request(method, path, list(pairs), fields, content, peer))

    def get(self, path, **query):
        """GET with these query parameters."""
        return self("GET", path, query=query)

    def user(self, user_name="bjensen", **attributes):
        """Create a user and give it."""
        response = self("POST", "/Users", {"schemas": [USER], "userName": user_name, **attributes})
        assert response.status == 201, response.json
        return response.json

    def group(self, name="Tour Guides", *members):
        """Create a group with these members and give it."""
        body = {"schemas": [GROUP], "displayName": name, "members": [{"value": each["id"]} for each in members]}
        response = self("POST", "/Groups", body)
        assert response.status == 201, response.json
        return response.json

    def patch(self, resource, *operations, **options):
        """PATCH a resource with these operations."""
        path = f"/{resource['meta']['resourceType']}s/{resource['id']}"
        return self("PATCH", path, {"schemas": [PATCH_OP], "Operations": list(operations)}, **options)

    def again(self, resource):
        """Read a resource once more."""
        return self.get(f"/{resource['meta']['resourceType']}s/{resource['id']}").json

    def found(self, filter_, path="/Users", **query):
        """Give the names of the resources a filter finds, in order."""
        response = self.get(path, filter=filter_, **query)
        assert response.status == 200, response.json
        return [each.get("userName") or each.get("displayName") for each in response.json["Resources"]]


@pytest.fixture
def make():
    """Makes a way of asking a reference service with these options."""
    return lambda **options: Asking(reference(token=TOKEN, **options))


@pytest.fixture
def ask(make):
    """A way of asking a fresh reference service."""
    return make()


@pytest.fixture
def service(ask):
    """The service that `ask` asks."""
    return ask.service

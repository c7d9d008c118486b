"""Damage at the edge of a service, and the entitlements that Okta discovers."""

from scim_conformance.server.edge import at, bare, sending, showing
from scim_conformance.server.entitlements import serve_entitlements
from scim_conformance.server.errors import ScimError


def test_a_place_is_a_collection_or_what_is_below_it(service, ask):
    """A place that ends with a slash stands for each resource below it, any other for itself alone."""
    asked = []
    at(service, "GET", "/Users", lambda go, request: (asked.append("list"), go(request))[1])
    at(service, "GET", "/Users/", lambda go, request: (asked.append("one"), go(request))[1])
    user = ask.user("bjensen")
    ask.get("/Users")
    ask.get("/Groups")
    ask.get(f"/Users/{user['id']}")
    assert asked == ["list", "one"]


def test_requests_and_answers_can_be_changed(service, ask):
    """The body of a request is changed on its way in, that of an answer on its way out."""
    sending(service, "POST", "/Users", lambda body: body | {"title": "Guide"})
    showing(service, "GET", "/Users/", lambda body: body | {"nickName": "Babs"})
    user = ask.user("bjensen")
    assert user["title"] == "Guide"
    assert ask.get(f"/Users/{user['id']}").json["nickName"] == "Babs"


def test_a_refusal_at_the_edge_is_a_scim_error(service, ask):
    """A ScimError raised at the edge is answered like any other."""

    def refuse(_go, _request):
        raise ScimError(400, "invalidValue", "No.")

    at(service, "GET", "/Users", refuse)
    assert ask.get("/Users").json["scimType"] == "invalidValue"


def test_a_bare_answer_has_a_type_only_with_a_body(service, ask):
    """An answer made bare has the media type of the other one where it has a body."""
    at(service, "GET", "/Users", lambda go, request: bare(go(request), 202))
    at(service, "GET", "/Groups", lambda go, request: bare(go(request), 404, {"detail": "No."}))
    assert (ask.get("/Users").status, ask.get("/Users").body) == (202, b"")
    assert ask.get("/Groups").headers.get("Content-Type") == "application/scim+json"


def test_roles_and_entitlements_are_resources(service, ask):
    """Roles and entitlements have resource types with Okta's schemas, and lists with names and types."""
    serve_entitlements(service)
    kinds = {one["name"]: one for one in ask.get("/ResourceTypes").json["Resources"]}
    assert kinds["Role"]["schema"] == "urn:okta:scim:schemas:core:1.0:Role"
    assert [one["type"] for one in ask.get("/Entitlements").json["Resources"]] == ["permission", "permission"]
    assert ask.get("/Roles", count="1").json["itemsPerPage"] == 1

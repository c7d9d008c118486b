"""ETags and conditional requests."""

import pytest

USER = "urn:ietf:params:scim:schemas:core:2.0:User"


@pytest.fixture
def user(ask):
    """A user, whose version is known."""
    return ask.user("anna", title="t")


def send(ask, user, method, *conditions):
    """Send a request with header fields of conditions."""
    if method == "PATCH":
        operation = {"op": "replace", "path": "title", "value": "new"}
        return ask.patch(user, operation, extra=conditions)
    body = {"schemas": [USER], "userName": "anna", "title": "new"} if method == "PUT" else None
    return ask(method, f"/Users/{user['id']}", body, extra=conditions)


def test_version_is_in_header_and_meta_and_changes_with_the_resource(ask, user):
    """ETag equals meta.version on every answer, stays over reads, and differs after every change."""
    path = f"/Users/{user['id']}"
    seen = [user["meta"]["version"]]
    for response in (ask.get(path), ask.get(path), ask("HEAD", path)):
        assert response.headers.get("ETag") == seen[0]
    for response in (
        send(ask, user, "PUT"),
        send(ask, user, "PUT"),
        ask.patch(user, {"op": "replace", "path": "title", "value": "t"}),
    ):
        assert response.headers.get("ETag") == response.json["meta"]["version"]
        seen.append(response.json["meta"]["version"])
    assert len(set(seen)) == 4
    assert all(version.startswith('W/"') for version in seen)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    ("header", "value", "done"),
    [
        ("If-Match", "{tag}", True),
        ("If-Match", '"{opaque}"', True),
        ("If-Match", 'W/"x", {tag}', True),
        ("If-Match", "*", True),
        ("If-Match", 'W/"x"', False),
        ("If-Match", '"x"', False),
        ("If-Match", "nonsense", False),
        ("If-Match", 'w/"{opaque}"', False),
        ("If-Match", 'nonsense "{opaque}"', False),
        ("If-Match", '"x,y" ,, "{opaque}" ,', True),
        ("If-None-Match", 'W/"x"', True),
        ("If-None-Match", "{tag}", False),
        ("If-None-Match", "*", False),
    ],
)
def test_conditional_writes(ask, user, method, header, value, done):
    """A write is done when its precondition holds; else it is a 412 and nothing happens."""
    tag = user["meta"]["version"]
    response = send(ask, user, method, (header, value.format(tag=tag, opaque=tag[3:-1])))
    assert (response.status in (200, 204)) == done
    if not done:
        assert response.status == 412
        assert response.json["status"] == "412"
        assert ask.again(user) == user


def test_if_match_comes_first(ask, user):
    """With both headers a false If-Match decides."""
    conditions = [("If-Match", 'W/"x"'), ("If-None-Match", user["meta"]["version"])]
    assert ask("GET", f"/Users/{user['id']}", extra=conditions).status == 412


def test_conditional_reads(ask, user):
    """GET and HEAD of a known version give 304, with ETag and Content-Location and without a body."""
    path, tag = f"/Users/{user['id']}", user["meta"]["version"]
    for method in ("GET", "HEAD"):
        for value in (tag, f'"other", {tag[2:]}', "*"):
            response = ask(method, path, extra=[("If-None-Match", value)])
            assert (response.status, response.body) == (304, b"")
            assert response.headers.get("ETag") == tag
            assert response.headers.get("Content-Location") == user["meta"]["location"]
            assert "Content-Type" not in response.headers
            assert "Content-Length" not in response.headers
        assert ask(method, path, extra=[("If-None-Match", 'W/"x"')]).status == 200


def test_conditions_do_not_outrank_other_checks(ask, user):
    """An unknown id is a 404, missing credentials a 401, a bad body a 400, whatever the precondition."""
    stale = [("If-Match", 'W/"x"')]
    assert ask("PUT", "/Users/none", {"schemas": [USER], "userName": "b"}, extra=stale).status == 404
    assert ask("GET", "/Users/none", extra=[("If-Match", "*")]).status == 404
    assert ask("PUT", f"/Users/{user['id']}", {}, headers=[], extra=stale).status == 401
    assert ask("PUT", f"/Users/{user['id']}", {}, extra=stale).status == 400


def test_without_support_there_are_no_versions(ask):
    """With ETags switched off there are none, and conditions are not looked at."""
    ask.service.capabilities.etag = False
    response = ask("POST", "/Users", {"schemas": [USER], "userName": "a"})
    assert "ETag" not in response.headers
    assert "version" not in response.json["meta"]
    assert send(ask, response.json, "PATCH", ("If-Match", 'W/"x"')).status == 200

"""Whatever is sent, the answer is a SCIM answer and never a 500, and what is refused changes nothing."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

NAMES = [
    "schemas",
    "id",
    "externalId",
    "meta",
    "userName",
    "name",
    "givenName",
    "emails",
    "value",
    "type",
    "primary",
    "$ref",
    "active",
    "password",
    "groups",
    "members",
    "displayName",
    "title",
    "addresses",
    "country",
    "x509Certificates",
    "profileUrl",
    "manager",
    "roles",
    "workspace",
    ENTERPRISE,
    USER,
    "",
    "a b",
    "ü",
    "created",
]
PIECES = [
    *NAMES,
    "emails.value",
    "name.givenName",
    f"{ENTERPRISE}:manager",
    f"{ENTERPRISE}:manager.displayName",
    'emails[type eq "work"]',
    'emails[type eq "work"].value',
    'emails[primary eq true and value co "x"].type',
    'addresses[not (country eq "US")].region',
    "members[value pr]",
    "[",
    "]",
    "(",
    ")",
    " and ",
    " eq ",
    '"x"',
]

scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8)
)
values = st.recursive(
    scalars
    | st.sampled_from(["work", "true", "US", "YWJj", "https://x.example/", "2026-01-01T00:00:00Z", USER, ENTERPRISE]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)
documents = st.dictionaries(st.sampled_from(NAMES), values, max_size=6)
paths = st.sampled_from(PIECES) | st.lists(st.sampled_from(PIECES), max_size=3).map("".join)
operations = st.fixed_dictionaries(
    {"op": st.sampled_from(["add", "remove", "replace", "Add", "move"])},
    optional={"path": paths, "value": values | documents},
)

texts = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)

PARAMETERS = ["filter", "sortBy", "attributes", "excludedAttributes", "startIndex", "count", "sortOrder"]

quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def user(ask):
    """Create a user with a bit of everything."""
    return ask.user(
        "bjensen",
        name={"givenName": "B"},
        emails=[{"value": "w@x.example", "type": "work", "primary": True}, {"value": "h@x.example"}],
        addresses=[{"country": "US"}],
        **{ENTERPRISE: {"department": "d", "manager": {"value": "m"}}},
    )


def proper(response):
    """Check that this is an answer a service provider may give, and give its status."""
    assert response.status in (200, 201, 204, 400, 403, 404, 405, 409, 413, 501), response.body
    if response.status >= 400:
        assert response.json["status"] == str(response.status)
    elif response.body:
        assert response.json["schemas"]
    return response.status


@quick
@given(documents)
def test_bodies(ask, user, document):
    """Any document is created and read back as it was shown, or refused; put in the place of a user likewise."""
    created = ask("POST", "/Users", document)
    if proper(created) == 201:
        assert ask.again(created.json) == created.json
        assert ask("DELETE", f"/Users/{created.json['id']}").status == 204
    before = ask.again(user)
    replaced = ask("PUT", f"/Users/{user['id']}", {"schemas": [USER], "userName": "bjensen", **document})
    after = ask.again(user)
    assert after == (replaced.json if proper(replaced) == 200 else before)


@quick
@given(st.lists(operations, min_size=1, max_size=3))
def test_patches(ask, user, changes):
    """Any operations end in what the answer shows, or in nothing; id, name and one primary e-mail stay."""
    before = ask.again(user)
    response = ask.patch(user, *changes)
    after = ask.again(user)
    assert after == (response.json if proper(response) == 200 else before)
    assert after["id"] == user["id"]
    assert isinstance(after["userName"], str)
    assert after["userName"]
    assert sum(each.get("primary") is True for each in after.get("emails", [])) <= 1
    assert json.loads(json.dumps(after)) == after


@quick
@given(texts, st.sampled_from(PARAMETERS), st.sampled_from(["/Users", "/Groups", "/", "/Schemas"]))
def test_queries(ask, user, text, parameter, path):
    """Any value of any query parameter gives a list or a refusal."""
    assert user
    proper(ask.get(path, **{parameter: text}))


@quick
@given(st.text(max_size=30), st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]))
def test_paths(ask, path, method):
    """Any path gives a proper answer to any method."""
    response = ask(method, "/" + path, {})
    assert method == "HEAD" or proper(response)


@quick
@given(st.binary(max_size=60))
def test_bytes(ask, body):
    """Any bytes as a body are refused, or are the document they happen to be."""
    assert proper(ask("POST", "/Users", raw=body)) == 400


@quick
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "Authorization",
                    "X-Request-Origin",
                    "Content-Type",
                    "Accept",
                    "If-Match",
                    "If-None-Match",
                    "Host",
                    "X-Forwarded-For",
                ]
            ),
            st.text(max_size=20),
        ),
        max_size=4,
    )
)
def test_headers(ask, user, fields):
    """Any header fields beside the credentials give a proper answer."""
    response = ask("GET", f"/Users/{user['id']}", extra=fields)
    assert response.status in (200, 304, 400, 401, 412), response.body

"""Bodies that no resource can be made of, RFC 7644 sections 3.3 and 3.12."""

import json

import pytest

from scim_conformance.judge import Violation, expect, warn
from scim_conformance.judge.compare import empty
from scim_conformance.judge.expect import member_of

SCIM_JSON = {"Content-Type": "application/scim+json"}
BAD_BODY = ("invalidSyntax", "invalidValue")

# What is sent instead of a JSON object; {} is the body of a resource that would be accepted.
NO_OBJECT = {
    "text": "this is not JSON",
    "empty": "",
    "form": "userName=someone&active=true",
    "array": "[{}]",
    "string": '"someone"',
    "number": "42",
    "null": "null",
}
CUT = {"cut by 1": 1, "cut by 10": 10}
# Values of a wrong type: for which attributes, and what is sent.
WRONG_TYPE = {
    "object-for-text": (lambda a: a.type == "string" and not a.multi_valued, {"unexpected": "object"}),
    "list-for-text": (lambda a: a.type == "string" and not a.multi_valued, ["unexpected", "list"]),
    "text-for-boolean": (lambda a: a.type == "boolean" and not a.multi_valued, "perhaps"),
    "text-for-object": (lambda a: a.type == "complex" and not a.multi_valued, "unexpected text"),
    "text-for-list": (lambda a: a.type == "complex" and a.multi_valued, "unexpected text"),
}
PREFERRED = ("displayName", "name", "emails", "members", "active")


@pytest.fixture
def attributes(features, resource_type):
    """The attributes of the base schema of the type at hand that a client can write."""
    schema = features.schema_of(resource_type)
    common = ("id", "externalid", "meta", "schemas")
    return [a for a in schema.attributes if a.mutability != "readOnly" and a.name.lower() not in common]


@pytest.fixture
def malformed(once, scim, body, resource_type):
    """Give the body of a resource, and the answer to a POST of what was made of it, which has to be refused."""

    def post(kind):
        sent = body(resource_type)
        text = json.dumps(sent)
        content = text[: -CUT[kind]] if kind in CUT else NO_OBJECT[kind].replace("{}", text)
        return sent, scim.post(resource_type.endpoint, content=content.encode(), headers=SCIM_JSON, resource=False)

    return lambda kind: once(("malformed", resource_type.name, kind), lambda: post(kind))


@pytest.mark.requirement("RFC7644-3.3-12")
@pytest.mark.parametrize("kind", NO_OBJECT)
@pytest.mark.usefixtures("shared_resource")
def test_what_is_no_json_object_is_refused(malformed, kind):
    """A POST whose body is no JSON, empty, an array or a scalar is refused with 400 invalidSyntax."""
    expect(malformed(kind)[1]).refused(400, scim_type=BAD_BODY)


@pytest.mark.requirement("RFC7644-3.3-12")
@pytest.mark.parametrize("cut", [1, 10])
@pytest.mark.usefixtures("shared_resource")
def test_truncated_json_is_refused(malformed, cut):
    """A POST whose JSON breaks off before its end is refused with 400 invalidSyntax, however little is missing."""
    expect(malformed(f"cut by {cut}")[1]).refused(400, scim_type=BAD_BODY)


@pytest.mark.requirement("RFC7644-3.3-12")
@pytest.mark.parametrize("kind", ["truncated", "array"])
@pytest.mark.usefixtures("finding")
def test_malformed_body_creates_nothing(scim, malformed, by_name, listed_in, resource_type, kind):
    """A POST whose body is malformed creates nothing, although it tells the name of a resource."""
    sent, _ = malformed("cut by 1" if kind == "truncated" else kind)
    response = scim.query(resource_type, by_name(resource_type, sent))
    created = [found for found in listed_in(response) if found.get("externalId") == sent["externalId"]]
    for resource in created:
        scim.journal.created(0, resource_type.endpoint, str(resource.get("id")))
    expect(response).where(not created, expected="no resource of that name", actual="there is one now")


@pytest.mark.requirement("RFC7644-3.3-13")
@pytest.mark.usefixtures("shared_resource")
def test_missing_required_attribute_is_refused(scim, body, attributes, resource_type):
    """A POST that lacks an attribute which the served schema requires is refused with 400 invalidValue."""
    judged_elsewhere = {"User": "username", "Group": "displayname"}.get(
        resource_type.name
    )  # the latter more softly, A68
    required = [a.name for a in attributes if a.required and a.name.lower() != judged_elsewhere]
    if not required:
        pytest.skip(f"unsupported: the schema of {resource_type.name} requires nothing more than a name")
    for name in required:
        response = scim.create(resource_type, body(resource_type, **{name: None}))
        if response.is_success and response.is_json and not empty(member_of(response.body, name)):
            warn(f"{name} is required, but has a default.", expected=["status 400"], actual=f"status {response.status}")
        else:
            expect(response).refused(400, scim_type=("invalidValue", "invalidSyntax"))


@pytest.mark.requirement("RFC7643-4.1.1-01", "RFC7644-3.3-13")
@pytest.mark.parametrize("kind", ["missing", "null", "empty"])
@pytest.mark.usefixtures("shared_user")
def test_user_without_user_name_is_refused(scim, body, kind):
    """The POST of a user whose userName is missing, null or empty is refused with 400 invalidValue."""
    sent = body("User", userName=None)
    if kind != "missing":
        sent["userName"] = None if kind == "null" else ""
    expect(scim.create("User", sent)).refused(400, scim_type=("invalidValue", "invalidSyntax"))


@pytest.mark.requirement("RFC7643-4.1.1-03")
def test_schema_requires_user_name(features):
    """The served schema of users says that userName is required."""
    schema = features.schema_of(features.resource_type("User"))
    if schema.assumed:
        pytest.skip("unsupported: the target serves no schema of users")
    found = next((attribute for attribute in schema.attributes if attribute.name.lower() == "username"), None)
    if found is None or not found.required:
        raise Violation(
            "The served schema of users does not require userName.",
            expected=["an attribute userName with required = true"],
            actual="no attribute userName" if found is None else "userName with required = false",
        )


@pytest.mark.requirement("RFC7644-3.3-13")
@pytest.mark.parametrize("kind", WRONG_TYPE)
@pytest.mark.usefixtures("shared_resource")
def test_value_of_wrong_type_is_refused(scim, body, attributes, resource_type, kind):
    """A POST with a value that is not of its attribute's type is refused with 400 invalidValue."""
    fits, value = WRONG_TYPE[kind]
    # Roles and entitlements are left out: plain values there are an old habit (A88).
    names = [a.name for a in attributes if fits(a) and a.name not in ("roles", "entitlements")]
    if not names:
        pytest.skip(f"unsupported: {resource_type.name} has no attribute for {kind}")
    name = next((name for name in PREFERRED if name in names), names[0])
    response = scim.create(resource_type, body(resource_type, **{name: value}))
    expect(response).refused(400, scim_type=("invalidValue", "invalidSyntax"))

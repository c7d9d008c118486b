"""What a client cannot set when it creates a resource, RFC 7644 section 3.3 and RFC 7643 section 3.1."""

import json

import pytest

from scim_conformance.judge import Blocked, expect

INVENTED_META = {
    "resourceType": "Invented",
    "created": "1999-01-02T03:04:05Z",
    "lastModified": "1999-06-07T08:09:10Z",
    "location": "https://example.com/invented/1",
    "version": 'W/"invented"',
}
MARK = "invented-by-scim-conformance"


@pytest.fixture
def accepted(scim, scim_session, body, resource_type):
    """Create a resource with readOnly attributes; None where they are refused instead of ignored: a warning (A58)."""

    def send(**readonly):
        response = scim.create(resource_type, body(resource_type, **readonly))
        if 400 <= response.status < 500:
            expect(response).should.status(201)
            return None
        resource = scim_session.baseline.created(expect(response).success().response, resource_type)
        if resource is None:
            raise Blocked("the answer to POST does not tell the id of the new resource")
        return expect(response), resource

    return send


@pytest.mark.requirement("RFC7644-3.3-03", "RFC7643-3.1-05")
@pytest.mark.usefixtures("shared_resource")
def test_id_of_the_client_is_ignored(accepted, scim):
    """An id that a client sends in a POST is ignored: the new resource has one of the provider's own."""
    invented = scim.unknown_id()
    if created := accepted(id=invented):
        answer, resource = created
        answer.where(resource["id"] != invented, expected="an id of the provider's own", actual=f"id = {invented}")


@pytest.mark.requirement("RFC7643-3.1-23", "RFC7644-3.3-03")
@pytest.mark.usefixtures("shared_resource")
def test_meta_of_the_client_is_ignored(accepted, scim, resource_type):
    """Whatever a client sends as meta in a POST is ignored: the new resource has nothing of it."""
    if created := accepted(meta=INVENTED_META):
        answer, resource = created
        response = scim.read((resource_type, resource["id"]))
        for expectation, shown in ((answer, resource), (expect(response).json_object(), response.json)):
            meta = shown["meta"] if isinstance(shown.get("meta"), dict) else {}
            taken = [f"meta.{name} = {value}" for name, value in INVENTED_META.items() if meta.get(name) == value]
            expectation.where(not taken, expected="meta as the provider made it", actual=", ".join(taken))


@pytest.mark.requirement("RFC7644-3.3.1-01")
@pytest.mark.usefixtures("shared_resource")
def test_endpoint_decides_on_the_resource_type(accepted, read, features, resource_type):
    """The endpoint decides on the type of a new resource, whatever type a client writes into meta.resourceType."""
    other = next((type_.name for type_ in features.resource_types if type_.name != resource_type.name), "Device")
    if created := accepted(meta={"resourceType": other}):
        answer, resource = created
        meta = read((resource_type, resource["id"])).get("meta")
        found = meta.get("resourceType") if isinstance(meta, dict) else None
        answer.where(
            found != other, expected=f"a resource of type {resource_type.name}", actual=f"meta.resourceType = {found}"
        )


@pytest.mark.requirement("RFC7644-3.3-02", "RFC7644-3.3-03")
@pytest.mark.usefixtures("shared_resource")
def test_readonly_attributes_of_the_client_are_ignored(accepted, scim, features, resource_type):
    """Attributes that the served schema says are readOnly are ignored in a POST: no value of them is taken over."""
    readonly = {}
    for attribute in features.attributes(resource_type):
        top_level = not attribute.parent and not attribute.path.lower().startswith("urn:")
        if top_level and attribute.mutability == "readOnly" and attribute.name.lower() not in ("id", "meta", "schemas"):
            readonly[attribute.name] = _invented(attribute)
    if not readonly:
        pytest.skip(f"unsupported: no attribute of {resource_type.name} is readOnly but id and meta")
    if created := accepted(**readonly):
        answer, resource = created
        response = scim.read((resource_type, resource["id"]))
        for expectation, shown in ((answer, resource), (expect(response).json_object(), response.json)):
            taken = [name for name in readonly if MARK in json.dumps(shown.get(name))]
            expectation.where(not taken, expected="no value of a client's", actual=f"{', '.join(taken)} taken over")


@pytest.mark.requirement("RFC7643-4.1.2-27", "RFC7644-3.3-03")
@pytest.mark.usefixtures("shared_user")
def test_groups_of_a_new_user_are_ignored(group, scim, scim_session, body, read):
    """Groups that a client sends in the POST of a user are ignored: the new user is a member of none."""
    response = scim.create("User", body("User", groups=[{"value": group["id"]}]))
    if 400 <= response.status < 500:
        expect(response).should.status(201)
        return
    baseline = scim_session.baseline
    user = baseline.created(expect(response).success().response, baseline.resource_type("User"))
    if user is None:
        raise Blocked("the answer to POST does not tell the id of the new user")
    members = json.dumps(read(group).get("members"))
    expect(response).where(user["id"] not in members, expected="a group without members", actual=f"members = {members}")
    groups = json.dumps(read(user).get("groups"))
    expect(response).where(group["id"] not in groups, expected="a user in no group", actual=f"groups = {groups}")


def _invented(attribute):
    """Return a value of the attribute's type that says who made it up, as far as its type can."""
    if attribute.type == "complex":
        value = {sub.name: MARK for sub in attribute.sub_attributes if sub.type in ("string", "reference")}
    else:
        value = MARK if attribute.type in ("string", "reference") else None
    return [value] if attribute.multi_valued else value

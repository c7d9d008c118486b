"""The schemas of resources, RFC 7643 sections 3, 3.1 and 3.3."""

import json
from urllib.parse import urlsplit

import pytest

from scim_conformance.judge import Blocked, Violation, expect
from scim_conformance.judge.compare import empty
from scim_conformance.judge.values import value

UNKNOWN = "urn:ietf:params:scim:schemas:scim-conformance:2.0:Unknown"


@pytest.fixture
def schemas(shown):
    """The schemas of a resource; blocked where they are no array."""
    if not isinstance(shown.get("schemas"), list) or not shown["schemas"]:
        raise Blocked("the resource has no array of schemas")
    return shown["schemas"]


@pytest.fixture
def extension(features, resource_type):
    """An extension of the type at hand and one of its attributes, of type string, that a client can write."""
    for urn, _ in resource_type.extensions:
        schema = features.schemas.get(urn)
        for attribute in schema.attributes if schema else ():
            plain = attribute.type == "string" and not attribute.multi_valued and not attribute.canonical_values
            if plain and attribute.mutability == "readWrite" and attribute.returned in ("always", "default"):
                return urn, attribute.name
    pytest.skip(f"unsupported: {resource_type.name} has no extension with a plain attribute")


@pytest.fixture
def data(features, scim_session, extension):
    """Write the data of the extension, its attribute having a value, with all that it requires beside it."""
    urn, name = extension

    def write(sample):
        needed = [each for each in features.schemas[urn].attributes if each.required and each.mutability != "readOnly"]
        given = {each.name: value(each, scim_session.person()) for each in needed}
        return {n: v for n, v in given.items() if v is not None} | {name: sample}

    return write


@pytest.fixture
def extended(once, post, body, read, resource_type, extension, data):
    """A resource of the type at hand created with data of the extension, and how a GET shows it."""
    urn, _ = extension

    def create():
        sent = body(resource_type)
        held = {**data("Sample"), **sent.get(urn, {}), extension[1]: "Sample"}
        sent |= {urn: held, "schemas": list(dict.fromkeys([*sent["schemas"], urn]))}
        created = post(resource_type, sent)
        return created, read((resource_type, created.resource["id"]))

    return once(("extended", resource_type.name), create)


@pytest.mark.requirement("RFC7643-3-03", "RFC7643-3-05", "RFC7643-2.1-01", "RFC7643-3.3-02")
def test_every_resource_has_schemas(shown, resource_type):
    """Every resource that is read or listed has schemas, an array that is not empty."""
    if not isinstance(shown.get("schemas"), list) or not shown["schemas"]:
        raise Violation(
            f"A {resource_type.name} is shown without schemas.",
            expected=["schemas, an array of URIs that is not empty"],
            actual=f"schemas = {shown.get('schemas')!r}",
        )


@pytest.mark.requirement("RFC7643-3-04", "RFC7643-3-07")
def test_every_schema_is_a_uri_and_there_once(schemas):
    """Each of the schemas of a resource is a URI, and no one is there twice."""
    strays = [schema for schema in schemas if not isinstance(schema, str) or not urlsplit(schema).scheme]
    twice = sorted({str(schema) for schema in schemas if schemas.count(schema) > 1})
    if strays or twice:
        raise Violation(
            "The schemas of a resource are no set of URIs.", expected=["URIs, each once"], actual=f"schemas = {schemas}"
        )


@pytest.mark.requirement("RFC7643-3-06", "RFC7643-3.1-03")
def test_schemas_are_those_of_the_type(schemas, resource_type):
    """The schemas of a resource are the base schema and extensions of its type, and none besides."""
    if resource_type.assumed:
        pytest.skip(f"unsupported: the target does not serve the extensions of {resource_type.name}")
    known = {resource_type.schema.lower(), *(urn.lower() for urn, _ in resource_type.extensions)}
    foreign = [schema for schema in schemas if isinstance(schema, str) and schema.lower() not in known]
    if foreign:
        raise Violation(
            f"A {resource_type.name} names schemas that its type does not have.",
            expected=[f"nothing but {', '.join(sorted(known))}"],
            actual=", ".join(foreign),
        )


@pytest.mark.requirement("RFC7643-3-10", "RFC7643-3.3-03")
def test_base_schema_is_named(schemas, resource_type):
    """The schemas of a resource include the base schema of its type."""
    if resource_type.schema.lower() not in [str(schema).lower() for schema in schemas]:
        raise Violation(
            f"A {resource_type.name} does not name its base schema.",
            expected=[f"schemas with {resource_type.schema}"],
            actual=f"schemas = {schemas}",
        )


@pytest.mark.requirement("RFC7643-3-03")
@pytest.mark.parametrize("kind", ["missing", "empty", "text"])
@pytest.mark.usefixtures("shared_resource")
def test_body_without_schemas_is_handled(scim, body, resource_type, kind):
    """The POST of a body without schemas, or with schemas that are no array of URIs, is refused with 400."""
    sent = body(resource_type)
    schema = sent.pop("schemas")[0]
    if kind != "missing":
        sent["schemas"] = [] if kind == "empty" else schema
    response = scim.create(resource_type, sent)
    if response.is_success:  # A client that is at fault need not be refused (A15).
        expect(response).should.status(400)
    else:
        expect(response).refused(400, scim_type=("invalidSyntax", "invalidValue"))


@pytest.mark.requirement("RFC7643-3.3-03")
@pytest.mark.usefixtures("shared_resource")
def test_extension_alone_makes_no_resource(scim, body, resource_type, extension):
    """The POST of a body whose schemas name an extension, but not the base schema, is refused with 400."""
    urn, name = extension
    sent = body(resource_type)
    sent |= {urn: sent.get(urn, {}) | {name: "Sample"}, "schemas": [urn]}
    response = scim.create(resource_type, sent)
    if response.is_success:  # A client that is at fault need not be refused (A16).
        expect(response).should.status(400)
    else:
        expect(response).refused(400, scim_type=("invalidSyntax", "invalidValue"))


@pytest.mark.requirement("RFC7643-3-06")
@pytest.mark.usefixtures("shared_resource")
def test_unknown_schema_is_not_taken_over(scim, scim_session, body, read, resource_type):
    """A schema that nobody knows, named in a POST, is not among the schemas of the new resource."""
    sent = body(resource_type)
    sent["schemas"] = [*sent["schemas"], UNKNOWN]
    response = scim.create(resource_type, sent)
    if not response.is_success:
        expect(response).refused(400)
        return
    resource = scim_session.baseline.created(response, resource_type)
    for shown in (resource, read(resource)) if resource else ():
        expect(response).where(UNKNOWN not in json.dumps(shown), expected=f"schemas without {UNKNOWN}")


@pytest.mark.requirement("RFC7643-3-08")
@pytest.mark.usefixtures("shared_resource")
def test_order_of_schemas_does_not_matter(scim, scim_session, body, read, resource_type, extension, data):
    """The order in which a POST names its schemas does not matter: an extension may come before the base schema."""
    urn, name = extension
    sent = body(resource_type)
    sample = f"Sample {sent['externalId']}"
    sent[urn] = {**data(sample), **sent.get(urn, {}), name: sample}
    sent["schemas"] = [urn, *(schema for schema in sent["schemas"] if schema != urn)]
    response = scim.create(resource_type, sent)
    resource = scim_session.baseline.created(expect(response).success().response, resource_type)
    if resource is None:
        raise Blocked("the answer to POST does not tell the id of the new resource")
    shown = read((resource_type, resource["id"]))
    expect(response).where(
        sample in json.dumps(shown), expected=f"a {resource_type.name} with {name}", actual=json.dumps(shown)
    )


@pytest.mark.requirement("RFC7643-3-10", "RFC7643-3-11", "RFC7643-3.3-08")
@pytest.mark.usefixtures("shared_resource")
def test_extension_has_a_member_of_its_own(extended, extension):
    """The attributes of the base schema stand in the resource itself, those of an extension in a member of its name."""
    urn, name = extension
    created, shown = extended
    member = shown.get(urn)
    expect(created.response).where(
        isinstance(member, dict) and member.get(name) == "Sample" and shown.get(name) != "Sample",
        expected=f"{name} inside the member {urn}, and not beside it",
        actual=json.dumps(shown),
    )


@pytest.mark.requirement("RFC7643-3.3-08")
@pytest.mark.usefixtures("shared_resource")
def test_extension_attribute_out_of_place_is_not_taken(scim, scim_session, body, read, resource_type, extension):
    """An attribute of an extension that a POST has beside those of the base schema is not taken for the extension's."""
    urn, name = extension
    sent = body(resource_type)
    sample = f"Sample {sent['externalId']}"
    response = scim.create(
        resource_type, sent | {name: sample, "schemas": list(dict.fromkeys([*sent["schemas"], urn]))}
    )
    if not response.is_success:  # An attribute that nobody knows may be refused (A17).
        expect(response).refused(400)
        return
    resource = scim_session.baseline.created(response, resource_type)
    shown = json.dumps(read((resource_type, resource["id"])).get(urn)) if resource else ""
    expect(response).where(sample not in shown, expected=f"no {name} in {urn}", actual=f"{urn} = {shown}")


@pytest.mark.requirement("RFC7643-3.3-05")
def test_extension_leaves_the_base_attributes(as_kept, extended, resource_type):
    """A resource with data of an extension has the attributes of its base schema as one without has."""
    created, shown = extended
    usual = as_kept(resource_type).keys() & created.sent.keys() - {
        "schemas",
        *(u for u, _ in resource_type.extensions),
    }
    lost = sorted(each for each in usual if empty(shown.get(each)))
    expect(created.response).where(not lost, expected="all that was sent", actual=f"{', '.join(lost)} lost")


@pytest.mark.requirement("RFC7643-8.1-01")
def test_every_user_shows_its_name(got_shared, scim_session):
    """Every user that is read shows its userName."""
    response = got_shared(scim_session.baseline.resource_type("User"))
    name = expect(response).status(200).has("userName").response.body["userName"]
    expect(response).where(isinstance(name, str) and name != "", expected="a userName that is not empty")


@pytest.mark.requirement("RFC7643-8.4-01")
def test_every_group_shows_its_name(got_shared, scim_session):
    """Every group that is read shows its displayName."""
    expect(got_shared(scim_session.baseline.resource_type("Group"))).status(200).has("displayName")

"""Reading single resources, RFC 7644 section 3.4.1, and what HTTP says about GET and HEAD."""

import pytest

from scim_conformance.judge import Blocked, expect
from scim_conformance.judge.resources import naming_attribute

LIST_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


@pytest.fixture
def got(shared_resource, got_shared, resource_type, plainly):
    """The answer to the GET of a resource of the type at hand; blocked where it does not show it."""
    response = got_shared(resource_type)
    plainly(response, shared_resource["id"])
    return response


@pytest.fixture
def answer_to_head(once, scim, resource_type, shared_resource):
    """The answer to the HEAD of a resource of the type at hand."""
    place = scim.location((resource_type, shared_resource["id"]))
    return once(("HEAD", resource_type.name), lambda: scim.head(place))


@pytest.fixture
def head(answer_to_head):
    """The same; the check does not apply where there is no HEAD."""
    if answer_to_head.status in (405, 501):
        pytest.skip("unsupported: the target has no HEAD")
    return answer_to_head


@pytest.mark.requirement("RFC7644-3.4.1-01", "RFC7644-3.4.1-02", "RFC7644-3.2-06")
def test_get_answers_with_the_resource(shared_resource, got_shared, resource_type):
    """A GET of an existing resource of any type answers 200 with a JSON object that is the resource asked for."""
    id_ = shared_resource["id"]
    expect(got_shared(resource_type)).status(200).json_object().where(
        lambda response: id_ in response.text, expected=f"the resource {id_}"
    )


@pytest.mark.requirement("RFC7644-3.4.1-03")
def test_single_resource_is_not_wrapped(got_shared, resource_type):
    """A single resource is answered as it is, not wrapped into a list response."""
    response = got_shared(resource_type)
    if response.status != 200:
        raise Blocked(f"a plain GET does not work: it answered {response.status}")
    schemas = expect(response).json_object().response.json.get("schemas") or []
    expect(response).lacks("Resources").where(
        LIST_RESPONSE not in schemas, expected="the schemas of a resource", actual=f"schemas = {schemas}"
    )


@pytest.mark.requirement("RFC7644-3.4.1-05")
@pytest.mark.usefixtures("reading")
def test_unknown_id_answers_404(scim, resource_type, unknown_id):
    """A GET of an id that no resource has answers 404 with a SCIM error body."""
    expect(scim.read((resource_type, unknown_id))).refused(404).error()


@pytest.mark.requirement("RFC7644-3.4.1-05")
@pytest.mark.usefixtures("reading")
def test_id_of_another_type_answers_404(resource_type, features, astray):
    """A GET of the id of a resource under the endpoint of another type answers 404."""
    other = next((type_ for type_ in features.resource_types if type_.endpoint != resource_type.endpoint), None)
    if other is None:
        pytest.skip("unsupported: the target has one resource type alone")
    response = astray(other, resource_type)
    if response.status == 200:
        expect(response).where(not _is(response, other), expected=f"no {other.name} below {resource_type.endpoint}")
    else:
        expect(response).refused(404)


def _is(response, resource_type):
    """Tell whether the answer shows a resource of a type."""
    body = response.json if response.is_json and isinstance(response.json, dict) else {}
    meta = body.get("meta")
    named = meta.get("resourceType") if isinstance(meta, dict) else None
    return named == resource_type.name or resource_type.schema in (body.get("schemas") or [])


@pytest.mark.requirement("RFC7644-3.4.2-03")
def test_unknown_parameter_of_a_get_is_ignored(got, scim, shared_resource, resource_type):
    """A query parameter that nobody knows is ignored when a resource is read."""
    expect(scim.read((resource_type, shared_resource["id"]), scimConformance="unknown")).status(200).where(
        lambda response: response.is_json and response.json == got.json, expected="the same answer as without it"
    )


@pytest.mark.requirement("RFC7644-3.4.1-04")
def test_location_of_a_get_agrees_with_meta(got, places, shared_resource, resource_type):
    """Where the answer to a GET has a Location header, it is the URI in meta.location."""
    meta = got.body.get("meta")
    location = meta.get("location") if isinstance(meta, dict) else None
    header = got.headers.get_all("Location")
    if header and isinstance(location, str):
        expect(got).where(
            places.agree(location, header[0], resource_type, shared_resource["id"]),
            expected=f"Location: {location}",
            actual=f"Location: {header[0]}",
        )


@pytest.mark.requirement("RFC9110-8.7-01", "RFC7643-3.1-28")
def test_content_location_of_a_get_agrees_with_meta(got, places, shared_resource, resource_type):
    """Where the answer to a GET has a Content-Location header, it is the URI in meta.location."""
    meta = got.body.get("meta")
    location = meta.get("location") if isinstance(meta, dict) else None
    header = got.headers.get_all("Content-Location")
    if header and isinstance(location, str):
        expect(got).where(
            places.agree(location, header[0], resource_type, shared_resource["id"]),
            expected=f"Content-Location: {location}",
            actual=f"Content-Location: {header[0]}",
        )


@pytest.mark.requirement("RFC9110-9.1-01")
@pytest.mark.usefixtures("got")
def test_head_is_supported(answer_to_head):
    """HEAD of a resource answers 200, as GET does."""
    expect(answer_to_head).status(200)


@pytest.mark.requirement("RFC9110-9.3.2-01")
@pytest.mark.usefixtures("got")
def test_head_has_no_body(head):
    """The answer to HEAD has no body."""
    expect(head).no_body()


@pytest.mark.requirement("RFC9110-9.3.2-02")
def test_head_has_the_headers_of_get(got, head):
    """The answer to HEAD has the headers that say what a GET would answer with."""
    for name in ("Content-Type", "ETag", "Location", "Content-Location", "Last-Modified"):
        values = got.headers.get_all(name)
        if values:
            expect(head).header(name, equals=values[0])


@pytest.mark.requirement("RFC7643-3.1-12")
@pytest.mark.parametrize("kind", ["attributes", "excludedAttributes"])
@pytest.mark.usefixtures("got")
def test_id_is_always_returned(scim, shared_resource, resource_type, kind):
    """The id is in every answer, also where others are asked for by attributes or it is named in excludedAttributes."""
    value = naming_attribute(resource_type) if kind == "attributes" else "id"
    response = scim.read((resource_type, shared_resource["id"]), **{kind: value})
    expect(response).status(200).has("id")


@pytest.mark.requirement("RFC7643-3.1-11")
@pytest.mark.usefixtures("got")
def test_letter_case_of_an_id_counts(scim, shared_resource, resource_type):
    """An id is compared exactly: a GET with other letter case does not find the resource."""
    id_ = shared_resource["id"]
    if id_.swapcase() == id_:
        pytest.skip("unsupported: the target's ids have no letters")
    expect(scim.read((resource_type, id_.swapcase()))).refused(404)

"""Creating resources, RFC 7644 section 3.3."""

import pytest

from scim_conformance.judge import Blocked, differences, expect, note, warn
from scim_conformance.judge.compare import empty


@pytest.fixture
def location(creation):
    """The Location header of the answer to a POST."""
    found = creation.response.headers.get_all("Location")
    if not found:
        raise Blocked("the answer to POST has no Location header")
    return ", ".join(found)


@pytest.mark.requirement("RFC7644-3.3-08", "RFC9110-9.3.3-01")
def test_create_answers_201(posting):
    """A successful POST to the endpoint of a resource type answers 201 Created."""
    expect(posting().response).status(201)


@pytest.mark.requirement("RFC7644-3.3-01")
@pytest.mark.usefixtures("reading")
def test_created_resource_is_there(creation, creation_got):
    """What a POST to an endpoint has created is there, at that endpoint, under its id."""
    id_ = creation.resource["id"]
    expect(creation_got).status(200).where(lambda response: id_ in response.text, expected=f"the resource {id_}")


@pytest.mark.requirement("RFC7643-1.1-01", "RFC7643-3.1-21")
@pytest.mark.usefixtures("shared_resource")
def test_required_attributes_are_enough(smallest):
    """A body with no attributes but those that the served schema requires is enough to create a resource."""
    expect(smallest).success()


@pytest.mark.requirement("RFC7644-3.3-10", "RFC9110-9.3.3-01")
def test_create_answers_with_location(creation):
    """The answer that says a resource was created has a Location header."""
    expect(creation.response).header("Location")


@pytest.mark.requirement("RFC7644-3.3-10", "RFC9110-10.2.2-01")
@pytest.mark.usefixtures("reading")
def test_location_leads_to_the_new_resource(creation, places, resource_type, location):
    """The Location header of the answer to a POST is one URI, and a GET of it shows the new resource."""
    places.lead_to("Location", location, creation.response.url, resource_type, creation.resource["id"])


@pytest.mark.requirement("RFC7644-3.3-10")
def test_body_has_the_location_too(creation, places, resource_type):
    """The body of the answer to a POST has the URI of the new resource in meta.location, and it is that of Location."""
    meta = creation.body.get("meta")
    shown, location = expect(creation.response).has("meta.location"), meta["location"] if isinstance(meta, dict) else ""
    header = creation.response.headers.get_all("Location")
    if header:
        shown.where(
            isinstance(location, str) and places.agree(header[0], location, resource_type, creation.resource["id"]),
            expected=f"meta.location is {header[0]}, as in the header",
            actual=f"meta.location = {location!r}",
        )


@pytest.mark.requirement("RFC9110-8.7-01", "RFC7643-3.1-28")
def test_content_location_of_the_answer_agrees_with_meta(creation, places, resource_type):
    """Where the answer to a POST has a Content-Location header, it is the URI in meta.location."""
    meta = creation.body.get("meta")
    location = meta.get("location") if isinstance(meta, dict) else None
    header = creation.response.headers.get_all("Content-Location")
    if header and isinstance(location, str):
        expect(creation.response).where(
            places.agree(location, header[0], resource_type, creation.resource["id"]),
            expected=f"Content-Location: {location}, as in meta.location",
            actual=f"Content-Location: {header[0]}",
        )


@pytest.mark.requirement("RFC7644-3.3-09")
def test_create_answers_with_the_resource(creation, features, resource_type):
    """The answer to a POST has the new resource for its body, with its id and the values that were sent."""
    shown = expect(creation.response).json_object().has("id")
    lost = differences(creation.sent, creation.response.json, top_level(features, resource_type))
    shown.where(not lost, expected="the values that were sent", actual="; ".join(lost))


@pytest.mark.requirement("RFC7644-3.1-06")
def test_answer_agrees_with_a_get(creation, created_and_read, features, resource_type):
    """The answer to a POST shows the resource as a GET right after it does: the same id, schemas and values."""
    answer, kept = creation.body, created_and_read
    attributes = [a for a in top_level(features, resource_type) if a.name not in ("meta", "schemas")]
    values = {name: value for name, value in answer.items() if name not in ("meta", "schemas")}
    contrary = differences(values, kept, attributes)
    schemas = [sorted(map(str, each["schemas"])) for each in (answer, kept) if isinstance(each.get("schemas"), list)]
    if len(schemas) == 2 and schemas[0] != schemas[1] and all(schemas):
        contrary.append(f"schemas: {schemas[0]}, then {schemas[1]}")
    expect(creation.response).where(
        not contrary, expected="the answer to POST and a GET show the same", actual="; ".join(contrary)
    )
    late = sorted(name for name in set(kept) - set(answer) if not empty(kept[name]))
    if late:
        warn(
            "The answer to POST lacks what a GET shows.",
            expected=["the provider's representation of the new resource"],
            actual=f"only the GET has {', '.join(late)}",
        )


@pytest.mark.requirement("RFC7643-2.5-02")
def test_null_and_empty_mean_no_value(smallest, scim, body, features, resource_type):
    """In a POST null for a single value, and an empty array for several, mean that there is none, and are no error."""
    nothing = {
        attribute.name: [] if attribute.multi_valued else None
        for attribute in top_level(features, resource_type)
        if not attribute.required
        and attribute.mutability == "readWrite"
        and not attribute.path.lower().startswith("urn:")
        and attribute.name != "externalId"
    }
    if not nothing:
        pytest.skip(f"unsupported: every attribute of {resource_type.name} is required")
    if not smallest.is_success:  # Else it would not be null that is refused.
        raise Blocked(f"creating a {resource_type.name} failed: POST answered {smallest.status}")
    response = scim.create(resource_type, body(resource_type, minimal=True) | nothing)
    expect(response).success()
    shown = response.json if response.is_json and isinstance(response.json, dict) else {}
    defaults = sorted(name for name in nothing if not empty(shown.get(name)))
    if defaults:
        note(f"A new {resource_type.name} has a value, though null or an empty array was sent: {', '.join(defaults)}.")


def top_level(features, resource_type):
    """Return the top-level attributes of a resource type, those of its extensions included."""
    return [attribute for attribute in features.attributes(resource_type) if not attribute.parent]

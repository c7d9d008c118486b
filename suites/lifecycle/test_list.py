"""Lists of resources, RFC 7644 section 3.4.2."""

import json

import pytest

from scim_conformance.judge import Blocked, differences, expect, warn
from scim_conformance.judge.compare import empty

LIST_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
JUDGED_ELSEWHERE = ("id", "meta", "schemas")


@pytest.fixture
def listed(listing, resource_type):
    """The answer to a query that finds a resource of the type at hand; blocked where it is not 200 with JSON."""
    response = listing(resource_type)
    if response.status != 200 or not response.is_json or not isinstance(response.json, dict):
        raise Blocked(f"a plain query does not work: GET {resource_type.endpoint} answered {response.status}")
    return response


@pytest.mark.requirement("RFC7644-3.2-06")
def test_get_of_an_endpoint_answers_a_list(listing, resource_type):
    """A GET of the endpoint of a resource type answers 200 with a JSON object."""
    expect(listing(resource_type)).status(200).json_object()


@pytest.mark.requirement("RFC7644-3.4.2-04")
def test_list_says_that_it_is_one(listed):
    """A list has the schema of list responses in its schemas."""
    schemas = listed.body.get("schemas")
    expect(listed).where(
        isinstance(schemas, list) and LIST_RESPONSE in schemas, expected=f"schemas with {LIST_RESPONSE}"
    )


@pytest.mark.requirement("RFC7644-3.4.2-05")
def test_list_has_a_total(listed, features, selecting):
    """A list has a whole number totalResults that counts what was found."""
    total = expect(listed).has("totalResults").response.body["totalResults"]
    expect(listed).where(
        isinstance(total, int) and not isinstance(total, bool) and total >= 1,
        expected="totalResults is a number, and counts the resource that is there",
        actual=f"totalResults = {total!r}",
    )
    if features.fact("filter").holds and total != 1:
        selecting()
        expect(listed).where(total == 1, expected="totalResults = 1", actual=f"totalResults = {total!r}")


@pytest.mark.requirement("RFC7644-3.4.2-05")
@pytest.mark.usefixtures("filtering")
def test_total_counts_beyond_the_page(make, scim, body):
    """The totalResults of a page counts all that was found, not only what is on the page."""
    label = body("User")["externalId"]
    for _ in range(2):
        make("User", displayName=label)
    response = scim.query("User", f"displayName eq {json.dumps(label)}", count=1)
    if response.status != 200:
        raise Blocked(f"displayName cannot be filtered: GET answered {response.status}")
    expect(response).has("totalResults", 2)


@pytest.mark.requirement("RFC7644-3.4.2-07")
def test_list_holds_resources(listed):
    """A list that found something has it in the array Resources, each element an object."""
    found = expect(listed).has("Resources").response.body["Resources"]
    expect(listed).where(
        isinstance(found, list) and all(isinstance(element, dict) and element for element in found),
        expected="Resources is an array of resources",
    )


@pytest.mark.requirement("RFC7644-3.4.2-07")
@pytest.mark.usefixtures("listed")
def test_listed_resource_is_whole(list_of, read, features, resource_type):
    """A resource in a list is whole: it shows what a GET of it shows."""
    listed = list_of(resource_type)  # As of now: groups that were made since show in a user.
    found = listed.body.get("Resources")
    element = found[0] if isinstance(found, list) and found else None
    if not isinstance(element, dict) or not isinstance(element.get("id"), str):
        raise Blocked("the list shows no resource with an id")
    single = read((resource_type, element["id"]))
    attributes = [a for a in features.attributes(resource_type) if not a.parent and a.name not in JUDGED_ELSEWHERE]
    values = {name: value for name, value in single.items() if name not in JUDGED_ELSEWHERE}
    lacking = sorted(name for name, value in values.items() if not empty(value) and empty(element.get(name)))
    contrary = differences(values, element, attributes)
    expect(listed).where(
        not lacking and not contrary,
        expected="the same attributes as in a GET",
        actual="; ".join([f"{name} is missing" for name in lacking] or contrary),
    )


@pytest.mark.requirement("RFC7644-3.4.2-10")
@pytest.mark.usefixtures("finding")
def test_nothing_found_is_an_empty_list(scim, body, by_name, resource_type):
    """A query that finds nothing answers 200 with totalResults 0 and no resources, not 404."""
    response = scim.query(resource_type, by_name(resource_type, body(resource_type)))
    shown = expect(response).status(200).json_object().has("totalResults", 0).lacks("Resources").response
    if "Resources" in shown.body and shown.body["Resources"] is None:
        warn("A list without resources has null for them.", expected=["no Resources, or []"], actual="Resources = null")


@pytest.mark.requirement("RFC7644-3.4.2-03")
def test_unknown_parameter_of_a_query_is_ignored(listed, list_of, resource_type, features, selecting):
    """A query parameter that nobody knows is ignored by a query."""
    if features.fact("filter").holds:
        selecting()  # else the total counts users that come and go
    response = list_of(resource_type, scimConformance="unknown")
    expect(response).status(200).json_object().has("totalResults", listed.body.get("totalResults"))

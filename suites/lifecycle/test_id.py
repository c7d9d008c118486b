"""The ids that a provider gives to its resources, RFC 7643 section 3.1."""

import pytest

from scim_conformance.judge import Blocked, Violation, expect


@pytest.mark.requirement("RFC7643-3.1-06")
def test_every_resource_shows_its_id(shown, resource_type):
    """Every resource that is read or listed has an id, a string that is not empty."""
    if not isinstance(shown.get("id"), str) or not shown["id"]:
        raise Violation(
            f"A {resource_type.name} is shown without an id.",
            expected=["id, a string that is not empty"],
            actual=f"id = {shown.get('id')!r}",
        )


@pytest.mark.requirement("RFC7643-3.1-06")
def test_answer_to_a_post_shows_the_id(creation):
    """The answer to a POST, where it shows the new resource, shows its id, a string that is not empty."""
    id_ = creation.body.get("id")
    expect(creation.response).where(
        isinstance(id_, str) and id_ != "", expected="id, a string that is not empty", actual=f"id = {id_!r}"
    )


@pytest.mark.requirement("RFC7643-3.1-10")
def test_id_does_not_contain_the_reserved_word(shared_resource, resource_type):
    """No id contains the word bulkId, which bulk requests need to themselves."""
    if "bulkId" in shared_resource["id"]:
        raise Violation(
            f"A new {resource_type.name} got an id with the reserved word in it.",
            expected=["an id without bulkId"],
            actual=f"id = {shared_resource['id']}",
        )


@pytest.mark.requirement("RFC7643-3.1-07")
def test_no_id_is_given_twice(features, scim, scim_session, first_of):
    """No two resources have one id, also not two of different types."""
    made = [(type_, scim_session.baseline.shared(type_.name)["id"]) for type_ in features.resource_types]
    made += [(type_, first_of(type_).resource["id"]) for type_ in features.resource_types]
    ids = [id_ for _, id_ in made]
    twice = {f"{type_.name} {id_}" for type_, id_ in made if ids.count(id_) > 1}
    # What was created earlier in this run counts as well: where each type counts for itself, the ids met before.
    for type_, id_ in made:
        others = [each for each in scim.journal.endpoints_of(id_) if each != type_.endpoint]
        twice |= {f"{type_.name} {id_}, which is or was below {other} too" for other in others}
    if twice:
        raise Violation("Two resources got one id.", expected=["ids of their own"], actual=", ".join(sorted(twice)))


@pytest.mark.requirement("RFC7643-3.1-07")
def test_id_belongs_to_one_type(features, scim_session, astray):
    """The id of a resource of one type is not also that of a resource of another type."""
    if len(features.resource_types) < 2:
        pytest.skip("unsupported: the target has one resource type alone")
    for type_ in features.resource_types:
        id_ = scim_session.baseline.shared(type_.name)["id"]
        for other in features.resource_types:
            if other.endpoint != type_.endpoint:
                response = astray(type_, other)
                expect(response).where(
                    not _shows(response, id_, other), expected=f"no {other.name} of an id that a {type_.name} has"
                )


@pytest.mark.requirement("RFC7643-3.1-08")
@pytest.mark.usefixtures("working_replace", "reading")
def test_id_outlives_a_replacement(replacement):
    """The id of a resource stays the same when the resource is replaced."""
    id_, response = replacement.before["id"], replacement.response
    if response.status == 200 and response.is_json and isinstance(response.json, dict):
        expect(response).has("id", id_)
    expect(replacement.got).status(200).has("id", id_)


@pytest.mark.requirement("RFC7643-3.1-08")
def test_id_of_a_deleted_resource_is_not_given_again(recreation, scim_session, resource_type):
    """The id of a deleted resource is given to no other, not even to one with the same name."""
    former, answer = recreation
    id_ = former["id"]
    second = scim_session.baseline.created(answer, resource_type)
    if second is None:
        raise Blocked(f"creating it again failed: POST answered {answer.status}")
    expect(answer).where(second["id"] != id_, expected="another id than that of the deleted one", actual=f"id = {id_}")


@pytest.mark.requirement("RFC7643-3.1-13", "RFC7643-3.1-05", "RFC9110-9.3.4-02")
@pytest.mark.usefixtures("working_replace", "reading")
def test_put_does_not_change_the_id(resource, scim, as_made, resource_type):
    """A PUT whose body has another id does not change the id of the resource."""
    id_, other = resource["id"], scim.unknown_id()
    sent = as_made(resource) | {"id": other}
    response = scim.replace((resource_type, id_), sent)
    if response.is_success:
        if response.is_json and isinstance(response.json, dict):
            expect(response).has("id", id_)
        expect(scim.read((resource_type, id_))).status(200).has("id", id_)
    else:
        expect(response).refused(400, scim_type=("mutability", "invalidValue"))
    moved = scim.read((resource_type, other))
    expect(moved).where(not _shows(moved, other, resource_type), expected="no resource of the id in the body")


@pytest.mark.requirement("RFC7643-3-09")
@pytest.mark.usefixtures("finding")
def test_resource_is_found_by_its_id(shared_resource, scim, resource_type):
    """The common attribute id can be used in a filter, without any schema before it, and finds the resource."""
    id_ = shared_resource["id"]
    response = scim.query(resource_type, f'id eq "{id_}"')
    found = expect(response).status(200).json_object().response.json.get("Resources") or []
    expect(response).where(
        [r.get("id") for r in found if isinstance(r, dict)] == [id_], expected=f"a list of {id_} alone"
    )


def _shows(response, id_, resource_type):
    """Tell whether an answer shows a resource of this type with this id."""
    body = response.json if response.is_json and isinstance(response.json, dict) else {}
    meta = body.get("meta")
    named = meta.get("resourceType") if isinstance(meta, dict) else None
    of_type = named == resource_type.name or resource_type.schema in (body.get("schemas") or [])
    return response.status == 200 and body.get("id") == id_ and of_type

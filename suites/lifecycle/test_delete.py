"""Deleting resources, RFC 7644 section 3.6."""

import pytest

from scim_conformance.judge import Blocked, expect


@pytest.fixture
def deletion(once, scim, scim_session, resource_type):
    """A resource of the type at hand, and the answer to its DELETE."""

    def delete():
        resource = scim_session.baseline.make(resource_type)
        return resource, scim.delete((resource_type, resource["id"]))

    return once(("deletion", resource_type.name), delete)


@pytest.fixture
def deleted(deletion):
    """That resource, which is gone now; blocked where DELETE fails."""
    resource, response = deletion
    if not response.is_success:
        raise Blocked(f"a plain DELETE does not work: it answered {response.status}")
    return resource


@pytest.mark.requirement("RFC7644-3.6-06", "RFC9110-9.3.5-01", "RFC9110-15.3.5-01")
def test_delete_answers_204(deletion):
    """A successful DELETE answers 204 and sends no body."""
    expect(deletion[1]).status(204).no_body()


@pytest.mark.requirement("RFC9110-8.6-01")
def test_204_has_no_content_length(deletion):
    """The 204 that answers a DELETE has no Content-Length header, not even one of 0."""
    response = deletion[1]
    if response.status != 204:
        raise Blocked(f"DELETE did not answer 204 but {response.status}")
    expect(response).no_header("Content-Length")


@pytest.mark.requirement("RFC7644-3.6-02")
@pytest.mark.usefixtures("reading")
def test_deleted_resource_cannot_be_read(deleted, scim, resource_type):
    """After a DELETE a GET of the resource answers 404."""
    expect(scim.read((resource_type, deleted["id"]))).refused(404)


@pytest.mark.requirement("RFC7644-3.6-03")
@pytest.mark.usefixtures("finding")
def test_deleted_resource_is_not_found(deleted, scim, by_name, listed_in, resource_type):
    """After a DELETE no query finds the resource."""
    response = scim.query(resource_type, by_name(resource_type, deleted))
    if response.status != 200:
        raise Blocked(f"a query for what is not there does not work: it answered {response.status}")
    found = [each.get("id") for each in listed_in(response)]
    expect(response).where(deleted["id"] not in found, expected="a list without the deleted resource")


@pytest.mark.requirement("RFC7644-3.6-02")
@pytest.mark.usefixtures("working_replace")
def test_deleted_resource_cannot_be_replaced(deleted, scim, body, resource_type):
    """After a DELETE a PUT to the resource answers 404."""
    sent = body(resource_type) | {"id": deleted["id"]}
    expect(scim.replace((resource_type, deleted["id"]), sent)).refused(404)


@pytest.mark.requirement("RFC7644-3.6-02")
@pytest.mark.usefixtures("patching")
def test_deleted_resource_cannot_be_patched(deleted, scim, resource_type):
    """After a DELETE a PATCH of the resource answers 404."""
    operation = {"op": "replace", "path": "displayName", "value": "Somebody else"}
    expect(scim.modify((resource_type, deleted["id"]), operation)).refused(404)


@pytest.mark.requirement("RFC7644-3.6-02")
def test_deleted_resource_cannot_be_deleted_again(deleted, scim, resource_type):
    """After a DELETE a second DELETE of the resource answers 404."""
    expect(scim.delete((resource_type, deleted["id"]))).refused(404)


@pytest.mark.requirement("RFC7644-3.6-04", "RFC7644-3.6-05")
def test_name_of_a_deleted_resource_is_free(recreation):
    """The name of a deleted resource is free: the same body creates a resource again."""
    expect(recreation[1]).success()


@pytest.mark.requirement("RFC7644-3.6-07")
def test_delete_of_an_unknown_id_answers_404(scim, resource_type, unknown_id):
    """The DELETE of an id that no resource has answers 404 with a SCIM error body."""
    expect(scim.delete((resource_type, unknown_id))).refused(404).should.error()

"""The identifier of the provisioning client, RFC 7643 section 3.1."""

import pytest

from scim_conformance.judge import Blocked, expect, warn
from scim_conformance.judge.compare import empty


@pytest.fixture
def kept(created_and_read):
    """A new resource whose externalId the target keeps; the check does not apply where it drops them, as it may."""
    shown = created_and_read
    if empty(shown.get("externalId")):
        pytest.skip("unsupported: the target does not keep externalId, which is optional")
    return shown


@pytest.fixture
def found_by_it(once, kept, scim, resource_type):
    """The answer to a query for the resources that have that externalId."""
    return once(("externalId", resource_type.name), lambda: _by(scim, resource_type, kept["externalId"]))


@pytest.mark.requirement("RFC7643-3.1-01")
def test_external_id_is_available(creation, created_and_read):
    """Every resource type has externalId: one that a client sends comes back."""
    shown = created_and_read
    if empty(shown.get("externalId")):
        # Support for it is OPTIONAL by its own paragraph, though all common attributes MUST be defined (A59).
        warn("The externalId of a new resource is dropped.", expected=["externalId as it was sent"], actual="none")
    else:
        expect(creation.response).where(
            shown["externalId"] == creation.sent["externalId"],
            expected=f"externalId = {creation.sent['externalId']}",
            actual=f"externalId = {shown['externalId']!r}",
        )


@pytest.mark.requirement("RFC7643-3.1-15")
def test_external_id_is_not_invented(smallest, scim_session, read, resource_type):
    """The provider never makes up an externalId: a resource created without one has none."""
    created = scim_session.baseline.created(smallest, resource_type)
    if created is None:
        raise Blocked(f"creating a {resource_type.name} failed: POST answered {smallest.status}")
    for shown in (created, read((resource_type, created["id"]))):
        expect(smallest).where(
            empty(shown.get("externalId")), expected="no externalId", actual=f"externalId = {shown.get('externalId')!r}"
        )


@pytest.mark.requirement("RFC7643-3.1-17")
def test_external_id_may_occur_twice(kept, scim, body, resource_type):
    """The provider does not enforce that an externalId is unique: a second resource with the same one is created."""
    expect(scim.create(resource_type, body(resource_type, externalId=kept["externalId"]))).success()


@pytest.mark.requirement("RFC7643-3.1-18")
@pytest.mark.usefixtures("finding")
def test_external_id_finds_the_resource(kept, found_by_it, listed_in):
    """A filter on externalId finds the resource that has it."""
    expect(found_by_it).status(200).where(
        any(
            kept["id"] == found.get("id") or kept["externalId"] == found.get("externalId")
            for found in listed_in(found_by_it)
        ),
        expected=f"a list with {kept['id']}, which has that externalId",
    )


@pytest.mark.requirement("RFC7643-3.1-19", "RFC7644-3.4.2.2-41", "RFC7643-7-23")
@pytest.mark.usefixtures("finding")
def test_letter_case_of_an_external_id_counts(kept, found_by_it, scim, listed_in, resource_type):
    """An externalId is compared exactly: a filter with other letter case does not find the resource."""
    value = kept["externalId"]
    if value not in [found.get("externalId") for found in listed_in(found_by_it)]:
        raise Blocked("a filter on externalId does not find the resource that has it")
    response = _by(scim, resource_type, value.swapcase())
    values = [found.get("externalId") for found in listed_in(response)]
    if any(found != value for found in values):
        raise Blocked("a filter that nothing meets shows other resources")
    expect(response).where(not values, expected="a list without the resource")


def _by(scim, resource_type, value):
    """Ask for the resources that have an externalId."""
    return scim.query(resource_type, f'externalId eq "{value}"')

"""Tenants, RFC 7644 section 6: each has resources of its own, and its clients reach no others."""

from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from scim_conformance.judge import Blocked, expect, note
from scim_conformance.judge.resources import naming_attribute


class Neighbours(NamedTuple):
    """A user of each tenant, with the same externalId, and the answer to the creation of the second."""

    here: dict[str, Any]
    response: Any
    there: dict[str, Any] | None


@pytest.fixture(scope="session")
def neighbours(scim_session, other_tenant, mark):
    """A user here and a user in the second tenant, whom both tenants' clients call the same."""
    baseline, external_id = scim_session.baseline, f"ext-{mark()}"
    kind = baseline.resource_type("User")
    here = baseline.make("User", externalId=external_id)
    response = other_tenant.create(kind, baseline.body(kind, externalId=external_id))
    shown = response.json if response.status < 300 and response.is_json else None
    there = shown if isinstance(shown, dict) and isinstance(shown.get("id"), str) else None
    yield Neighbours(here, response, there)
    scim_session.discard([here])
    if there is not None:
        other_tenant.discard(there)


@pytest.fixture
def apart(neighbours):
    """The two users, on a target that created both."""
    if neighbours.there is None:
        raise Blocked(f"no user could be created in the second tenant: POST answered {neighbours.response.status}")
    return neighbours


@pytest.fixture(scope="session")
def attempts_next_door(attempts_on, other_tenant, neighbours):
    """Attempts to change the user in the second tenant."""
    if neighbours.there is None:
        raise Blocked(f"no user could be created in the second tenant: POST answered {neighbours.response.status}")
    return attempts_on(other_tenant, neighbours.there)


@pytest.fixture
def separate_tokens(scim):
    """Skips where one token opens both tenants."""
    if "other-tenant" not in scim.target.tokens:
        pytest.skip("disabled: no token of the second tenant was given (--other-tenant-token-env)")


@pytest.fixture(params=["from here", "from there"])
def over_the_fence(request, scim, other_tenant, apart):
    """A tenant's client, its own user, and the user of the other tenant."""
    return (scim, apart.there) if request.param == "from here" else (other_tenant, apart.here)


@pytest.fixture
def name(scim_session, apart):
    """The attribute by which the two users are told apart."""
    found = naming_attribute(scim_session.baseline.resource_type("User"))
    if not isinstance(apart.here.get(found), str) or not isinstance(apart.there.get(found), str):
        raise Blocked(f"the answer to POST does not show {found}")
    return found


@pytest.mark.requirement("RFC7644-6.2-02")
def test_same_external_id_is_taken_in_two_tenants(scim, neighbours):
    """An externalId that one tenant uses can be used in another."""
    if neighbours.response.status in (401, 403, 404):
        raise Blocked(f"no user can be created in the second tenant: POST answered {neighbours.response.status}")
    expect(scim.recall(neighbours.response)).success()


@pytest.mark.requirement("RFC7644-6-02")
def test_tenant_does_not_read_another_tenants_resource(over_the_fence, name):
    """A resource of one tenant is not found by its id in another, where that may be the id of something else."""
    client, foreign = over_the_fence
    response = client.read(("User", foreign["id"]))
    if response.status != 200 or foreign[name] in response.text:
        expect(response).refused(404, 403)


@pytest.mark.requirement("RFC7644-6-02")
@pytest.mark.usefixtures("filtering")
def test_tenant_does_not_list_another_tenants_resources(over_the_fence, name, listed_in):
    """A list in one tenant does not hold a resource of another."""
    client, foreign = over_the_fence
    response = client.query("User", f'{name} eq "{foreign[name]}"')
    found = [each.get(name) for each in listed_in(response)]
    expect(response).where(foreign[name] not in found, expected="no resource of the other tenant")


@pytest.mark.requirement("RFC7644-6.1-03")
@pytest.mark.usefixtures("separate_tokens")
@pytest.mark.parametrize("way", ["from here", "from there"])
def test_foreign_token_reads_nothing(scim, other_tenant, apart, way):
    """The token of one tenant does not open a resource of another tenant that the URL names."""
    if way == "from here":
        response = other_tenant.read(("User", apart.there["id"]), credentials=scim.target.credentials)
    else:
        response = scim.read(apart.here, credentials=other_tenant.target.credentials)
    expect(response).refused(401, 403, 404)


@pytest.mark.requirement("RFC7644-6.1-03")
@pytest.mark.usefixtures("separate_tokens")
@pytest.mark.parametrize("write", ["POST", "DELETE"])
def test_foreign_token_changes_nothing(attempts_next_door, write, scim):
    """The token of one tenant neither creates nor deletes resources of another that the URL names."""
    attempts_next_door.of("tenant", write, {"credentials": scim.target.credentials}).must_be_in_vain(401, 403, 404)


@pytest.mark.requirement("RFC7644-6.1-01", "RFC7644-6.1-02")
def test_way_of_naming_a_tenant_is_recorded(scim, other_tenant):
    """Whether a tenant is inferred from the token, or named by the path or the host of the URL, is its choice."""
    here, there = urlsplit(scim.base.url), urlsplit(other_tenant.base.url)
    if here == there:
        note("The tenant is inferred from the token.")
    else:
        note(f"The tenant is named by the {'host' if here.netloc != there.netloc else 'path'} of the URL.")

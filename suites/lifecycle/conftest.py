"""What the checks of a resource's life share: a creation, and what a target shows of it."""

import pytest

from scim_conformance.judge import Blocked


@pytest.fixture
def creation(post, body, resource_type):
    """A resource of the type at hand, just created, with the answer to its POST."""
    return post(resource_type, body(resource_type))


@pytest.fixture(params=["read", "list"])
def shown(request, shared_resource, resource_type, scim, list_of, listed_in, plainly):
    """A resource of the type at hand as a GET of it shows it, and as a list shows it."""
    if request.param == "read":
        return plainly(scim.read((resource_type, shared_resource["id"])), shared_resource["id"])
    response = list_of(resource_type, shared_resource)
    found = listed_in(response)
    if not found:
        raise Blocked(f"the target does not list resources of type {resource_type.name}: it answered {response.status}")
    return found[0]

"""What the checks of a resource's life share: a creation, and what a target shows of it."""

from typing import Any, NamedTuple

import pytest

from scim_conformance.judge import Blocked


class Posted(NamedTuple):
    """A body that was posted, and the answer to it."""

    sent: dict[str, Any]
    response: Any


@pytest.fixture(scope="session")
def first_post(once, scim, body):
    """Give the body of a resource of a type and the answer to its POST, whatever it is, asked for once a run."""

    def give(resource_type: Any) -> Posted:
        def create() -> Posted:
            sent = body(resource_type)
            return Posted(sent, scim.create(resource_type, sent))

        return once(("first POST", resource_type.name), create)

    return give


@pytest.fixture
def posting(first_post, resource_type):
    """Ask for the first POST of the type at hand, `posting()`: the check that judges it fails where it has none."""
    return lambda: first_post(resource_type)


@pytest.fixture(scope="session")
def first_of(once, first_post, creation_of):
    """Give the resource that the first POST of a type created, with the answer, to be read alone."""

    def give(resource_type: Any) -> Any:
        return once(("creation", resource_type.name), lambda: creation_of(resource_type, *first_post(resource_type)))

    return give


@pytest.fixture
def creation(first_of, resource_type):
    """A resource of the type at hand with the answer to its POST, to be read alone: many checks judge it."""
    return first_of(resource_type)


@pytest.fixture
def smallest(once, scim, body, resource_type):
    """The answer to the POST of the smallest body that the served schema lets pass."""
    return once(("smallest", resource_type.name), lambda: scim.create(resource_type, body(resource_type, minimal=True)))


@pytest.fixture
def astray(once, scim, scim_session):
    """Give the answer to a GET of the shared resource of one type below the endpoint of another."""

    def ask(resource_type: Any, other: Any) -> Any:
        place = (other, scim_session.baseline.shared(resource_type.name)["id"])
        return once(("astray", resource_type.name, other.name), lambda: scim.read(place))

    return ask


@pytest.fixture
def creation_got(once, scim, creation, resource_type):
    """The answer to a GET of that resource."""
    place = (resource_type, creation.resource["id"])
    return once(("creation read", resource_type.name), lambda: scim.read(place))


@pytest.fixture
def created_and_read(creation_got, scim_session):
    """How a GET shows that resource; blocked where it shows none."""
    return scim_session.baseline.shown(creation_got)


@pytest.fixture
def recreation(once, scim, post, body, resource_type):
    """A resource of the type at hand that was created and deleted, and the answer to a second POST of its body."""

    def create_again():
        former = post(resource_type, body(resource_type))
        response = scim.delete((resource_type, former.resource["id"]))
        if not response.is_success:
            raise Blocked(f"a plain DELETE does not work: it answered {response.status}")
        return former.resource, scim.create(resource_type, former.sent)

    return once(("recreation", resource_type.name), create_again)


@pytest.fixture
def replacement(renaming, scim, asserted, text, resource_type):
    """A PUT of the type at hand that changes one text, and what is there before and after it: many checks judge it."""

    def replace(before, value):
        return scim.replace((resource_type, before["id"]), asserted(before, before, **text.body(value, before)))

    return renaming("PUT", replace)


@pytest.fixture(params=["read", "list"])
def shown(request, shared_resource, resource_type, got_shared, listing, listed_in, plainly):
    """A resource of the type at hand as a GET of it shows it, and as a list shows it."""
    if request.param == "read":
        return plainly(got_shared(resource_type), shared_resource["id"])
    response = listing(resource_type)
    found = listed_in(response)
    if not found:
        raise Blocked(f"the target does not list resources of type {resource_type.name}: it answered {response.status}")
    return found[0]

"""What the checks of a resource's life share: a creation, and what a target shows of it."""

from contextlib import suppress
from typing import Any, NamedTuple

import pytest

from scim_conformance.judge import Blocked


class Posted(NamedTuple):
    """A body that was posted, and the answer to it."""

    sent: dict[str, Any]
    response: Any


@pytest.fixture
def posting(once, scim, body, resource_type):
    """Ask for the first POST of the type at hand, `posting()`: the check that judges it fails where it has none."""

    def create():
        sent = body(resource_type)
        return Posted(sent, scim.create(resource_type, sent))

    return lambda: once(("first POST", resource_type.name), create)


@pytest.fixture
def first_post(posting):
    """The body of a resource of the type at hand and the answer to its POST, whatever it is."""
    return posting()


@pytest.fixture
def creation(once, first_post, creation_of, resource_type):
    """A resource of the type at hand with the answer to its POST, to be read alone: many checks judge it."""
    return once(("creation", resource_type.name), lambda: creation_of(resource_type, *first_post))


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
        if not 200 <= response.status < 300:
            raise Blocked(f"a plain DELETE does not work: it answered {response.status}")
        return former.resource, scim.create(resource_type, former.sent)

    return once(("recreation", resource_type.name), create_again)


class Replacement(NamedTuple):
    """A resource before a PUT of one new text, the answer, and the answer to a GET after it."""

    before: dict[str, Any]
    path: str
    value: str
    response: Any
    got: Any


@pytest.fixture
def replacement(once, scim_session, asserted, read, text, mark, tick, resource_type):
    """A PUT of the type at hand that changes one text, and what is there before and after it: many checks judge it."""

    def replace():
        resource = scim_session.baseline.make(resource_type)
        before, value = read(resource), f"Renamed {mark()}"
        with suppress(Blocked):  # a resource that does not tell when it was changed
            tick(before)
        response = scim_session.client.replace(resource, asserted(resource, before, **text.body(value, before)))
        return Replacement(before, text.path, value, response, scim_session.client.read(resource))

    return once(("replacement", resource_type.name), replace)


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

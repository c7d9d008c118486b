"""What the checks of PATCH share: a user with a name, and users that take many operations in sequence."""

import pytest

from scim_conformance.judge.patient import sparing


@pytest.fixture
def make(make, patient):
    """Make resources for a check; of users the one that check after check is given, to save requests."""
    return sparing(make, patient)


@pytest.fixture
def modification(renaming, scim, text, resource_type):
    """A PATCH of the type at hand that replaces one text, and what is there before and after: many checks judge it."""

    def modify(before, value):
        return scim.modify((resource_type, before["id"]), {"op": "replace", "path": text.path, "value": value})

    return renaming("PATCH", modify)


@pytest.fixture
def steady(once, scim_session):
    """A user for operations that have to be refused, made once a run: each leaves it as it is."""
    return once("a user that no operation changes", lambda: scim_session.baseline.make("User"))


@pytest.fixture
def steady_before(once, read, steady):
    """How a GET showed that user before the first of these operations."""
    return once("that user, read", lambda: read(steady))


@pytest.fixture
def anna(make, keeps):
    """A user of this check's own whose name has two parts: Anna Berg."""
    name = {"givenName": "Anna", "familyName": "Berg"}
    if not keeps(name=name):
        pytest.skip("unsupported: the target does not keep name.givenName and name.familyName of a user")
    return make("User", name=name)

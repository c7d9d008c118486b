"""What the checks of PATCH share: a user with a name, and users that take many operations in sequence."""

import pytest


@pytest.fixture
def anna(make, keeps):
    """A user of this check's own whose name has two parts: Anna Berg."""
    name = {"givenName": "Anna", "familyName": "Berg"}
    if not keeps(name=name):
        pytest.skip("unsupported: the target does not keep name.givenName and name.familyName of a user")
    return make("User", name=name)

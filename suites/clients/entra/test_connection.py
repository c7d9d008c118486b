"""The button Test Connection: searches for a user and a group that are not there."""

import pytest

from scim_conformance.idp.outcome import Conclusion, concluded


@pytest.mark.requirement("ENTRA-U01")
def test_the_connection_test_of_users_succeeds(entra):
    """Test Connection, which searches for a user who is not there, gets an empty list."""
    concluded(entra.test_users(), Conclusion.CONNECTED)


@pytest.mark.requirement("ENTRA-U02")
def test_the_connection_test_of_groups_succeeds(entra):
    """Test Connection, which searches for a group that is not there, gets an empty list, groups or no groups."""
    concluded(entra.test_groups(), Conclusion.CONNECTED)

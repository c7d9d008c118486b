"""A token that was reset is a wrong token from then on."""

import pytest

pytestmark = pytest.mark.usefixtures("token_checked")


@pytest.mark.requirement("SEED-TOKEN-10")
def test_revoked_token_opens_no_resource(door, keys, revoked):
    """After the token was reset, the earlier one is refused by every method of every resource type."""
    door.must_refuse(401, **keys.bearer(revoked))


@pytest.mark.requirement("SEED-TOKEN-10")
def test_revoked_token_opens_no_side_door(side_door, keys, revoked):
    """After the token was reset, the earlier one opens neither search, nor bulk, nor /Me."""
    side_door.must_refuse(401, **keys.bearer(revoked))


@pytest.mark.requirement("SEED-TOKEN-10")
def test_revoked_token_opens_no_closed_discovery(closed_discovery_door, keys, revoked):
    """After the token was reset, the earlier one does not open discovery documents that ask for one."""
    closed_discovery_door.must_refuse(401, **keys.bearer(revoked))

"""What the checks of PUT share: a PUT that has to succeed."""

from typing import Any

import pytest

from scim_conformance.judge import Blocked, expect
from scim_conformance.judge.patient import sparing


@pytest.fixture
def make(make, patient):
    """Make resources for a check; of users the one that check after check is given, to save requests."""
    return sparing(make, patient)


@pytest.fixture
def successful(replacement):
    """The same; blocked where the PUT failed, which is for its own check."""
    if not replacement.response.is_success:
        raise Blocked(f"PUT answered {replacement.response.status}")
    return replacement


@pytest.fixture
def replaced(scim, after, asserted):
    """Change some attributes by a PUT of the whole resource, which has to succeed, and expect something of it then."""

    def change(resource: dict[str, Any], seen: dict[str, Any] | None = None, /, **changes: Any) -> Any:
        response = scim.replace(resource, asserted(resource, seen, **changes))
        if response.status in (405, 501):
            raise Blocked(f"PUT answers {response.status}")
        expect(response).success()
        return after(resource)

    return change

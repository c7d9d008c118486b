"""What the checks of PUT share: a PUT that has to succeed."""

from typing import Any

import pytest

from scim_conformance.judge import Blocked, expect


@pytest.fixture
def replaced(scim, after, asserted):
    """Change some attributes by a PUT of the whole resource, which has to succeed, and expect something of it then."""

    def change(resource: dict[str, Any], **changes: Any) -> Any:
        response = scim.replace(resource, asserted(resource, **changes))
        if response.status in (405, 501):
            raise Blocked(f"PUT answers {response.status}")
        expect(response).success()
        return after(resource)

    return change

"""What the checks of groups share: people who can be members, and groups of them."""

from typing import Any

import pytest

from scim_conformance.judge import Blocked, Violation


@pytest.fixture(scope="session")
def people(scim_session):
    """Three users who can be members of groups; nothing else of them is changed."""
    return [scim_session.baseline.make("User") for _ in range(3)]


@pytest.fixture(scope="session")
def members_attribute(scim_session):
    """The attribute `members` of the served Group schema; the check does not apply where there is none."""
    served = scim_session.features.schema_of(scim_session.baseline.resource_type("Group"))
    found = next((a for a in served.attributes if a.name == "members"), None) if served else None
    if found is None:
        pytest.skip("unsupported: the served Group schema has no members")
    return found


@pytest.fixture(scope="session")
def member(scim, members_attribute):
    """Write the element by which a resource is named as a member: its id, and what else the served schema requires."""
    required = {sub.name for sub in members_attribute.sub_attributes if sub.required}

    def write(resource: dict[str, Any], kind: str = "User") -> dict[str, Any]:
        place = scim.base.resolve(scim.location((kind, resource["id"])))
        more = {"$ref": place, "type": kind, "display": "A member"}
        return {"value": resource["id"]} | {name: value for name, value in more.items() if name in required}

    return write


@pytest.fixture
def members_of(scim, members_attribute):
    """The ids of a group's members, doubles included, as a GET shows them; blocked where the group cannot be read."""

    def ids(group: dict[str, Any]) -> list[str]:
        params = {"attributes": "members"} if members_attribute.returned == "request" else {}
        response = scim.read(group, **params)
        if response.status != 200 or not response.is_json or not isinstance(response.json, dict):
            raise Blocked(f"reading the group back failed: GET answered {response.status}")
        shown = response.json.get("members") or []
        return sorted(str(m.get("value") if isinstance(m, dict) else m) for m in shown)

    return ids


@pytest.fixture
def expect_members(members_of):
    """Expect that a group has exactly these members, each once."""

    def judge(group: dict[str, Any], *wanted: dict[str, Any]) -> None:
        ids, shown = sorted(each["id"] for each in wanted), members_of(group)
        if shown != ids:
            raise Violation(
                "The group has other members than it should have.",
                expected=[f"members {', '.join(ids) or '(none)'}"],
                actual=f"members {', '.join(shown) or '(none)'}",
            )

    return judge


@pytest.fixture
def team(make, member, members_of):
    """Make a group of some people: `team(anna, bert)`; blocked unless it shows exactly them as members.

    Where the answer to the POST shows them no GET is asked for.
    """

    def build(*people: dict[str, Any]) -> dict[str, Any]:
        group = make("Group", **({"members": [member(each) for each in people]} if people else {}))
        ids, members = sorted(each["id"] for each in people), group.get("members")
        answered = sorted(str(m.get("value")) for m in members if isinstance(m, dict)) if members else []
        if not (people and answered == ids) and members_of(group) != ids:
            raise Blocked("a group does not show exactly the members that it was made with")
        return group

    return build

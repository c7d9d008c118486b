"""JumpCloud: the test of the connection, and what its activation creates and deletes."""

import pytest

from scim_conformance.judge import Blocked, Violation, differences, expect

PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"


@pytest.mark.requirement("OTHER-IDP-JUMPCLOUD-01")
def test_jumpcloud_tests_the_connection(sent):
    """GET /Users without any parameter, JumpCloud's test of the connection, brings a list."""
    expect(sent("GET", "/Users")).status(200).json_object().has("totalResults")


@pytest.fixture
def created(sent):
    """Create something as activation does; the check of creation itself fails where that is refused."""

    def create(endpoint, body):
        response = sent("POST", endpoint, body)
        expect(response).status(201).json_object().has("id")
        return response.body

    return create


def gone(sent, path, shown):
    """Read, delete and read again; where DELETE is not supported, deactivating has to be."""
    expect(sent("GET", path)).status(200)
    answer = sent("DELETE", path)
    if answer.status in (403, 405, 501) and shown.get("active") is True:
        expect(sent("PUT", path, shown | {"active": False})).status(200, 204)
        return
    expect(answer).status(204, 200)
    expect(sent("GET", path)).status(404, tolerated=(410,))


@pytest.mark.requirement("OTHER-IDP-JUMPCLOUD-02")
def test_jumpcloud_activates_with_a_test_user(sent, scim, template, created):
    """JumpCloud's test user is created, read and deleted, or deactivated."""
    user = created("/Users", template(active=True))
    gone(sent, scim.location(("User", user["id"])), user)


@pytest.mark.requirement("OTHER-IDP-JUMPCLOUD-03")
def test_jumpcloud_activates_with_a_test_group(sent, scim, mark, created):
    """JumpCloud's test group is created, read and deleted."""
    group = created("/Groups", {"schemas": [GROUP], "displayName": f"Group {mark()}"})
    gone(sent, scim.location(("Group", group["id"])), group)


@pytest.mark.requirement("OTHER-IDP-JUMPCLOUD-04")
def test_jumpcloud_updates_its_test_user(sent, scim, template, created):
    """JumpCloud's test user is updated by PUT."""
    sent_body = template()
    user = created("/Users", sent_body)
    changed = sent_body | {"id": user["id"], "name": {"givenName": "Test", "familyName": "Updated"}}
    path = scim.location(("User", user["id"]))
    expect(sent("PUT", path, changed)).status(200, 204)
    shown = sent("GET", path)
    if shown.status != 200:
        raise Blocked(f"the user cannot be read: GET answered {shown.status}")
    lost = differences({"name": changed["name"]}, shown.body, ())
    if lost:
        raise Violation("The update did not arrive.", expected=["the new name"], actual=lost[0])


@pytest.mark.requirement("OTHER-IDP-JUMPCLOUD-05")
def test_jumpcloud_removes_members_by_value(sent, scim, team, peopled, consists):
    """A remove of members with a list of values takes out those alone."""
    group = team(2)
    operation = {"op": "remove", "path": "members", "value": [{"value": peopled()[0]["id"]}]}
    expect(sent("PATCH", scim.location(group), {"schemas": [PATCH_OP], "Operations": [operation]})).status(200, 204)
    consists(group, peopled()[1])

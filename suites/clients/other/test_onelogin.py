"""OneLogin: an administrator's template, and groups by PATCH."""

import pytest

from scim_conformance.judge import expect

PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def joining(user):
    """Write the PATCH that makes somebody a member."""
    operation = {"op": "add", "path": "members", "value": [{"value": user["id"]}]}
    return {"schemas": [PATCH_OP], "Operations": [operation]}


@pytest.mark.requirement("OTHER-IDP-ONELOGIN-01")
def test_onelogin_creates_a_user(sent, template):
    """A user by OneLogin's usual template is created."""
    expect(sent("POST", "/Users", template())).status(201)


@pytest.mark.requirement("OTHER-IDP-ONELOGIN-02")
def test_onelogin_matches_a_user(found, shared_user, user_name, mark, one_user):
    """OneLogin's match by userName finds nobody, or the one user."""
    expect(found("/Users", f'userName eq "{mark()}@example.com"')).status(200).lacks("Resources")
    one_user(found("/Users", f'userName eq "{user_name(shared_user)}"'), shared_user)


@pytest.mark.requirement("OTHER-IDP-ONELOGIN-03")
def test_onelogin_adds_a_member(sent, scim, team, peopled, consists):
    """OneLogin's add of a member makes somebody a member, and the others stay."""
    group = team(1)
    expect(sent("PATCH", scim.location(group), joining(peopled()[1]))).status(200, 204)
    consists(group, *peopled()[:2])


@pytest.mark.requirement("OTHER-IDP-ONELOGIN-04")
def test_an_empty_user_agent_is_served(sent, scim, team, peopled):
    """A PATCH of a group with an empty User-Agent, as OneLogin sends it, is served."""
    group = team(1)
    expect(sent("PATCH", scim.location(group), joining(peopled()[1]), user_agent="")).status(200, 204)


@pytest.mark.requirement("OTHER-IDP-ONELOGIN-05")
def test_onelogin_is_told_of_unknown_users(sent, scim, unknown_id):
    """OneLogin's reading of a user who is not there is answered with 404."""
    expect(sent("GET", scim.location(("User", unknown_id)))).status(404)

"""PingOne's filter templates, and PingFederate's SCIM Provisioner."""

from copy import deepcopy

import pytest

from scim_conformance.judge import Blocked, Violation, differences, expect

GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
MOST = 1000


@pytest.mark.requirement("OTHER-IDP-PINGONE-01")
@pytest.mark.parametrize("attribute", ["username", "userName"])
def test_capitalised_operators_are_understood(found, shared_user, user_name, one_user, attribute):
    """PingOne's filter with the operator Eq finds the one user."""
    one_user(found("/Users", f'{attribute} Eq "{user_name(shared_user)}"'), shared_user)


@pytest.mark.requirement("OTHER-IDP-PINGONE-02")
def test_a_filter_on_email_does_no_harm(found, shared_user, user_name):
    """PingOne's filter on email, which no schema has, finds not everybody and is no server error."""
    user_name(shared_user)  # somebody is there
    response = found("/Users", 'email Co "nobody-at-all@example.com"')
    expect(response).status(200, 400)
    if response.status == 200:
        expect(response).json_object().lacks("Resources")


@pytest.mark.requirement("OTHER-IDP-PINGFEDERATE-01")
def test_pingfederate_matches_a_user(found, shared_user, user_name, one_user):
    """PingFederate's match by userName finds the one user."""
    one_user(found("/Users", f'userName eq "{user_name(shared_user)}"'), shared_user)


@pytest.mark.requirement("OTHER-IDP-PINGFEDERATE-02")
def test_pingfederate_reads_all_groups(sent, team):
    """PingFederate's list of a thousand groups has one that is there."""
    group = team(0)
    response = sent("GET", "/Groups", query=f"startIndex=1&count={MOST}")
    expect(response).status(200).json_object()
    listed = [one for one in response.body.get("Resources") or [] if isinstance(one, dict)]
    total = response.body.get("totalResults")
    if group["id"] in [one.get("id") for one in listed]:
        return
    if isinstance(total, int) and total > len(listed) > 0:
        raise Blocked(
            f"the first page shows {len(listed)} of {total} groups, and the one that was made is not among them"
        )
    raise Violation("The list lacks a group.", expected=[group["id"]], actual=f"{len(listed)} groups of {total}")


@pytest.fixture
def replaced(sent, scim, user, read):
    """Replace a user by PUT with some values changed; give the answer, and the user as GET shows it then."""

    def put(**changes):
        body = deepcopy(read(user)) | changes
        answer = sent("PUT", scim.location(user), body)
        expect(answer).status(200, 204)
        return read(user)

    return put


@pytest.mark.requirement("OTHER-IDP-PINGFEDERATE-03")
def test_pingfederate_updates_by_put(replaced):
    """PingFederate's PUT of a whole user changes the name."""
    name = {"givenName": "Bea", "familyName": "Bell"}
    lost = differences({"name": name}, replaced(name=name), ())
    if lost:
        raise Violation("The update did not arrive.", expected=["the new name"], actual=lost[0])


@pytest.mark.requirement("OTHER-IDP-PINGFEDERATE-04")
def test_pingfederate_disables_by_put(replaced):
    """PingFederate's PUT with active false disables a user."""
    inactive(replaced(active=False))


@pytest.mark.requirement("OTHER-IDP-PINGFEDERATE-05")
def test_pingfederate_deletes_users(sent, scim, user):
    """PingFederate's DELETE removes a user."""
    expect(sent("DELETE", scim.location(user))).status(204, tolerated=(200,))
    expect(sent("GET", scim.location(user))).status(404, tolerated=(410,))


@pytest.mark.requirement("OTHER-IDP-PINGFEDERATE-06")
def test_pingfederate_replaces_groups(sent, scim, team, peopled, consists):
    """PingFederate's PUT of a group makes its members exactly those listed."""
    group, staff = team(2), peopled()
    members = [{"value": one["id"]} for one in staff[1:3]]
    body = {"schemas": [GROUP], "id": group["id"], "displayName": group["displayName"], "members": members}
    expect(sent("PUT", scim.location(group), body)).status(200, 204)
    consists(group, *staff[1:3])


@pytest.mark.requirement("OTHER-IDP-PINGFEDERATE-07")
def test_a_disabled_person_can_be_created(sent, scim, template):
    """PingFederate's POST of a disabled person makes an inactive user."""
    response = sent("POST", "/Users", template(active=False))
    expect(response).status(201).json_object().has("id")
    shown = sent("GET", scim.location(("User", response.body["id"])))
    if shown.status != 200:
        raise Blocked(f"the user cannot be read: GET answered {shown.status}")
    inactive(shown.body)


def inactive(shown):
    """Expect that a user is not active."""
    if shown.get("active") is not False:
        raise Violation("The user is active.", expected=["active = false"], actual=f"active = {shown.get('active')!r}")

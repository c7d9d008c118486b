"""Okta's changes of pushed groups: by PATCH from the Integration Network, by PUT from apps of the wizard."""

import pytest

from scim_conformance.idp.outcome import Conclusion, concluded
from scim_conformance.judge import Blocked, Violation

PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def answered(outcome, *, renamed=False):
    """Expect that each change was answered 204, or 200 with the group's name and id; its members need not be there."""
    if not outcome.ok and outcome.step == "rename group" and not renamed:
        worked(outcome)
    concluded(outcome, Conclusion.UPDATED)
    for response in outcome.responses:
        if response.status == 204 or response.exchange.method != "PATCH":
            continue
        body = response.json if response.is_json else None
        if not isinstance(body, dict) or not body.get("id") or not body.get("displayName"):
            raise Violation(
                "The answer 200 does not show the group.",
                expected=["204", "200 with id and displayName"],
                actual=response.text[:200] or "no body",
            )
    return outcome


def consists(found, *members):
    """Expect that a group has exactly these members."""
    wanted = {one["id"] for one in members}
    if found != wanted:
        raise Violation(
            f"The group has {len(found)} members: {len(wanted - found)} are missing, {len(found - wanted)} too many.",
            expected=[", ".join(sorted(wanted)) or "nobody"],
            actual=", ".join(sorted(found)) or "nobody",
        )


def worked(outcome):
    """Block where a change was refused, which one check judges."""
    if not outcome.ok:
        raise Blocked(f"{outcome.step} fails, which another check judges: {outcome.why}")
    return outcome


@pytest.fixture
def renaming(once, network, preparing, staff, roster, mark):
    """A group with one member, what renaming it came to, and its name and members then."""

    def rename():
        group = preparing(network.create_group(f"Group {mark()}", staff()[:1])).resource
        name = f"Renamed {mark()}"
        return group, name, network.rename_group(group, name), roster(group)

    return once("okta renames a group", rename)


@pytest.mark.requirement("OKTA-G05")
def test_a_group_is_renamed(renaming):
    """An app of the Integration Network renames a group by a PATCH without path."""
    _, name, outcome, (shown, _) = renaming
    answered(outcome, renamed=True)
    if shown != name:
        raise Violation("The group has its old name.", expected=[name], actual=shown)


@pytest.mark.requirement("OKTA-G05-a")
def test_a_rename_keeps_the_members(renaming, staff):
    """Renaming a group by PATCH leaves its members."""
    _, _, outcome, (_, members) = renaming
    worked(outcome)
    consists(members, staff()[0])


@pytest.mark.requirement("OKTA-G05-b")
def test_the_same_name_can_be_sent_again(network, renaming):
    """Sending the name of a group once more, as Okta does with each change of members, is not refused."""
    group, name, outcome, _ = renaming
    worked(outcome)
    concluded(network.rename_group(group, name), Conclusion.UPDATED)


@pytest.mark.requirement("OKTA-Q08")
def test_the_id_in_a_rename_is_accepted(renaming, network, blame, scim):
    """The id inside the value of a group's rename is not refused."""
    group, name, outcome, _ = renaming
    body = {"schemas": [PATCH_OP], "Operations": [{"op": "replace", "value": {"displayName": name}}]}
    path = scim.location(group)
    blame(outcome, "the id in the value", lambda: network.wire.ask("PATCH", path, body=body))


@pytest.mark.requirement("OKTA-G06")
def test_a_member_is_added(network, team, staff, roster):
    """An app of the Integration Network adds a member by PATCH, and the others stay."""
    group = team(1)
    answered(network.add_members(group, staff()[1:2]))
    consists(roster(group)[1], *staff()[:2])


@pytest.mark.requirement("OKTA-G06-a")
def test_a_member_is_removed(network, team, staff, roster):
    """An app of the Integration Network removes a member by PATCH, and the others stay."""
    group = team(3)
    answered(network.remove_members(group, staff()[:1]))
    consists(roster(group)[1], *staff()[1:3])


@pytest.mark.requirement("OKTA-G06-b")
def test_a_member_replaces_another(network, team, staff, roster):
    """A PATCH that removes one member and adds another does both."""
    group = team(2)
    worked(network.change_members(group, add=staff()[2:3], remove=staff()[:1]))
    consists(roster(group)[1], *staff()[1:3])


@pytest.mark.requirement("OKTA-G07")
def test_push_now_sets_the_members(network, team, staff, roster):
    """Okta's "Push now" makes the members of a group exactly those listed."""
    group = team(2)
    answered(network.push_now(group, staff()[1:3]))
    consists(roster(group)[1], *staff()[1:3])


@pytest.mark.requirement("OKTA-G07-a")
def test_push_now_empties_a_group(network, team, roster):
    """Okta's "Push now" of a group without members empties it."""
    group = team(1)
    answered(network.push_now(group, []))
    consists(roster(group)[1])


@pytest.mark.requirement("OKTA-G08")
def test_an_app_of_the_wizard_renames(wizard, team, staff, roster, mark):
    """An app of the wizard renames a group by GET and PUT, and the members stay."""
    group, name = team(1), f"Renamed {mark()}"
    concluded(wizard.rename_group(group, name), Conclusion.UPDATED)
    shown, members = roster(group)
    if shown != name:
        raise Violation("The group has its old name.", expected=[name], actual=shown)
    consists(members, staff()[0])


@pytest.mark.requirement("OKTA-G08-a")
def test_an_app_of_the_wizard_sets_the_members(wizard, team, staff, roster):
    """An app of the wizard changes the members of a group by GET and PUT: they are exactly those listed."""
    group = team(2)
    worked(wizard.change_members(group, add=staff()[2:3], remove=staff()[:1]))
    consists(roster(group)[1], *staff()[1:3])


@pytest.mark.requirement("OKTA-G08-b")
def test_an_app_of_the_wizard_removes_the_last_member(wizard, team, staff, roster):
    """An app of the wizard empties a group by a PUT with no members."""
    group = team(1)
    worked(wizard.remove_members(group, staff()[:1]))
    consists(roster(group)[1])

"""Groups: found without members, created without members, and then given and relieved of them."""

import pytest

from scim_conformance.idp.entra.wire import GROUPS, single
from scim_conformance.idp.outcome import Conclusion, concluded
from scim_conformance.judge import Violation, expect


@pytest.fixture
def crew(once, scim_session, people):
    """The group that checks only read, and who is in it: the first two of three people."""

    def make():
        members = [{"value": person["id"]} for person in people()[:2]]
        name = {"displayName": f"Crew {scim_session.person().mark}"}
        return {**name, **scim_session.baseline.make("Group", minimal=True, members=members, **name)}

    return once("entra crew", make)


@pytest.fixture
def consists_of(members_of):
    """Expect a group's members, each once."""

    def look(group, ids):
        found = members_of(group)
        if found != sorted(ids):
            wanted = [f"members {', '.join(sorted(ids)) or '(none)'}"]
            raise Violation("The group has other members.", expected=wanted, actual=", ".join(found) or "(none)")

    return look


@pytest.mark.parametrize(
    "foreign",
    [
        pytest.param(False, marks=pytest.mark.requirement("ENTRA-G01-a"), id="known schemas"),
        pytest.param(True, marks=pytest.mark.requirement("ENTRA-G01-b"), id="a foreign schema"),
    ],
)
def test_a_group_is_created(entra, group_called, scim_session, foreign):
    """A group is created without members, whether or not its schemas name a URI that nobody knows."""
    outcome = concluded(entra.create_group(group_called(), foreign_schema=foreign), Conclusion.CREATED)
    scim_session.discard([outcome.resource])


@pytest.mark.requirement("ENTRA-G02")
def test_a_group_is_read_without_members(entra, crew):
    """A group is read without its members."""
    outcome = concluded(entra.read_group(crew), Conclusion.LINKED)
    expect(outcome.responses[-1]).lacks("members")


@pytest.mark.requirement("ENTRA-G03-a")
@pytest.mark.usefixtures("searches")
def test_a_group_is_found_by_name_without_members(entra, crew):
    """A search by displayName finds the group of this name alone, without its members."""
    outcome = concluded(entra.match_group(crew), Conclusion.LINKED)
    found = outcome.resource
    if found["id"] != crew["id"]:
        raise Violation("The search finds another group.", expected=[crew["id"]], actual=found["id"])
    if found.get("members"):
        raise Violation("The group is shown with its members.", expected=["no members"], actual=str(found["members"]))


@pytest.mark.requirement("ENTRA-G03-b")
def test_no_group_is_found_by_an_empty_list(entra, group_called):
    """A search for a group that is not there is answered by 200 with an empty list."""
    concluded(entra.match_group(group_called()), Conclusion.UNCHANGED)


@pytest.mark.requirement("ENTRA-G03-c")
@pytest.mark.usefixtures("searches")
def test_letter_case_does_not_hide_a_group(entra, crew):
    """A search by displayName in other letter case finds the group."""
    outcome = concluded(entra.match_group({"displayName": crew["displayName"].swapcase()}), Conclusion.LINKED)
    if outcome.resource["id"] != crew["id"]:
        raise Violation("The search finds another group.", expected=[crew["id"]], actual=outcome.resource["id"])


@pytest.mark.requirement("ENTRA-G04-a")
@pytest.mark.parametrize("swapped", [False, True], ids=["id first", "members first"])
@pytest.mark.usefixtures("searches")
def test_a_member_is_confirmed_by_a_search(entra, crew, people, swapped):
    """A search for a group by id and a member finds the group."""
    concluded(entra.is_member(crew, people()[0]["id"], swapped=swapped), Conclusion.LINKED)


@pytest.mark.requirement("ENTRA-G04-b")
@pytest.mark.usefixtures("searches")
def test_a_stranger_is_denied_by_a_search(entra, crew, people):
    """A search for a group by id and somebody who is no member finds nothing."""
    concluded(entra.is_member(crew, people()[2]["id"]), Conclusion.UNCHANGED)


@pytest.mark.requirement("ENTRA-G05")
def test_a_group_is_renamed(either, once, scim_session, group_called, shown):
    """A group is renamed by a PATCH of its displayName."""
    group = once("entra group to rename", lambda: scim_session.baseline.make("Group", minimal=True))
    name = group_called()["displayName"]
    concluded(either.rename_group(group, name), Conclusion.UPDATED)
    shown(group).expect("displayName", name)


@pytest.mark.requirement("ENTRA-G06-a")
def test_members_are_added(either, team, people, consists_of):
    """Several members are added by one operation, and those who were there stay."""
    group, _ = team(1)
    ids = [person["id"] for person in people()]
    concluded(either.add_members(group, ids[1:]), Conclusion.UPDATED)
    consists_of(group, ids)


@pytest.mark.requirement("ENTRA-G06-b")
@pytest.mark.usefixtures("capitals")
def test_a_member_is_not_added_twice(entra, team, consists_of):
    """To add a member who is there already succeeds and does not make it two."""
    group, ids = team(2)
    concluded(entra.add_members(group, ids[:1]), Conclusion.UPDATED)
    consists_of(group, ids)


@pytest.mark.parametrize(
    ("with_ref", "leaving"),
    [
        pytest.param(True, 2, marks=pytest.mark.requirement("ENTRA-G07-a"), id="with $ref"),
        pytest.param(False, 1, marks=pytest.mark.requirement("ENTRA-G07-b"), id="without $ref"),
    ],
)
@pytest.mark.usefixtures("capitals")
def test_listed_members_alone_are_removed(entra, team, consists_of, with_ref, leaving):
    """A Remove with a list removes the members that are in it and no others."""
    group, ids = team(3)
    concluded(entra.remove_members(group, ids[:leaving], with_ref=with_ref), Conclusion.UPDATED)
    consists_of(group, ids[leaving:])


@pytest.mark.requirement("ENTRA-G07-c")
@pytest.mark.usefixtures("flag")
def test_selected_members_alone_are_removed(flagged, team, consists_of):
    """With the flag members are removed one by one, each selected by its path."""
    group, ids = team(3)
    concluded(flagged.remove_members(group, ids[:2]), Conclusion.UPDATED)
    consists_of(group, ids[2:])


@pytest.mark.requirement("ENTRA-G08")
def test_a_deleted_group_is_gone(entra, team):
    """A group is deleted, and not shown any more."""
    group, _ = team(0)
    concluded(entra.delete_group(group), Conclusion.DELETED)
    expect(entra.wire.get(single(GROUPS, group))).status(404)

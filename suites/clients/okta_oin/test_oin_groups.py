"""The cases of Okta's test plan about groups, by their numbers: what Okta sends for each, and what it needs."""

import pytest

from scim_conformance.judge import Blocked, Violation
from scim_conformance.judge.vendor_tests import answers, keeps, place


def member(user: dict) -> dict:
    """Write a member as Okta does."""
    return {"value": user["id"], "display": user["userName"]}


def has_members(group: dict, *wanted: dict) -> None:
    """Raise Violation unless a group has exactly these members."""
    found = {each.get("value") for each in group.get("members") or [] if isinstance(each, dict)}
    expected = {each["id"] for each in wanted}
    if found != expected:
        raise Violation(
            "The group has other members than Okta left it.",
            expected=[f"{len(expected)} members"],
            actual=f"{len(found)} members, {len(found & expected)} of them the right ones",
        )


def renamed(group: dict, name: str) -> dict:
    """Write the operation by which Okta renames a group: without a path, the id inside the value."""
    return {"op": "replace", "value": {"id": group["id"], "displayName": name}}


@pytest.fixture
def others(okta, new_user):
    """Two users for the groups of a test."""
    made = [{**(body := new_user()), **okta.created("/Users", body)} for _ in range(2)]
    return [{"id": each["id"], "userName": each["userName"]} for each in made]


@pytest.fixture
def grouped(okta, new_group, others):
    """A group that was pushed with these two users as its members."""
    group = okta.created("/Groups", new_group(*(member(user) for user in others)))
    shown = okta.read(place("/Groups", group))
    if len(shown.get("members") or []) != len(others):
        raise Blocked("a group that was pushed with two members does not show them")
    return shown


@pytest.mark.requirement("OKTA-OIN-C9312")
def test_push_group(okta, new_group, matched):
    """Okta's case C9312: a group that is pushed is looked for, created, and there by its name."""
    sent = new_group()
    if matched("/Groups", "displayName", sent["displayName"]):
        raise Violation("The filter finds a group that is not there.", expected=["nothing"], actual="a group")
    made = answers(okta.post("/Groups", sent), 201, what="The POST of a pushed group").json_object
    if not made.get("id"):
        raise Violation("The answer to the POST shows no group.", expected=["the group with an id"], actual="none")
    keeps(okta.read(place("/Groups", made)), [("displayName", sent["displayName"])])


@pytest.mark.requirement("OKTA-OIN-C9317")
def test_push_empty_group(okta, new_group):
    """Okta's case C9317: an empty list of members makes a group without any."""
    made = answers(okta.post("/Groups", new_group()), 201, what="The POST of an empty group").json_object
    has_members(okta.read(place("/Groups", made)))


@pytest.mark.requirement("OKTA-OIN-C9315")
def test_link_and_rename_group(a_group, mark, linked, pushed):
    """Okta's case C9315: a group that is there is found by its name, and renamed with its id inside the value."""
    group, new = linked("/Groups", "displayName", a_group), f"Renamed {mark()}"
    shown = pushed("/Groups", group, renamed(group, new), what="The PATCH that renames")
    keeps(shown, [("id", a_group["id"]), ("displayName", new)])


@pytest.mark.requirement("OKTA-OIN-C9316")
def test_push_group_now(okta, new_user, grouped, pushed):
    """Okta's case C9316: "Push now" leaves the members that Okta has, and no others."""
    newcomer = okta.created("/Users", new_user())
    operation = {"op": "replace", "path": "members", "value": [member({"userName": "new", **newcomer})]}
    has_members(pushed("/Groups", grouped, operation, what="The PATCH that replaces the members"), newcomer)


@pytest.mark.requirement("OKTA-OIN-C9318")
def test_unlink_and_delete_group(okta, a_group, matched):
    """Okta's case C9318: a group that is deleted with its link is gone."""
    answers(okta.delete(place("/Groups", a_group)), 204, what="The DELETE of a group")
    answers(okta.get(place("/Groups", a_group)), 404, what="GET of the deleted group")
    if matched("/Groups", "displayName", a_group["displayName"]):
        raise Violation("The deleted group is found by its name.", expected=["nothing"], actual="a group")


@pytest.mark.requirement("OKTA-OIN-C9322")
def test_relink_group(okta, a_group, linked):
    """Okta's case C9322: a group that is linked again is found by its name, and read by the id that was found."""
    keeps(okta.read(place("/Groups", linked("/Groups", "displayName", a_group))), [("id", a_group["id"])])


@pytest.mark.requirement("OKTA-OIN-C9330")
def test_link_group_without_rename(a_group, others, linked, pushed):
    """Okta's case C9330: a group that is linked and not renamed gets its members, and keeps its name."""
    group = linked("/Groups", "displayName", a_group)
    operation = {"op": "replace", "path": "members", "value": [member(user) for user in others]}
    shown = pushed("/Groups", group, operation, what="The PATCH of the members")
    has_members(shown, *others)
    keeps(shown, [("displayName", a_group["displayName"])])


@pytest.mark.requirement("OKTA-OIN-C9332")
def test_add_members(okta, new_user, grouped, others, pushed):
    """Okta's case C9332: members are added beside those who are there, the name being sent along."""
    newcomer = okta.created("/Users", new_user())
    addition = {"op": "add", "path": "members", "value": [member({"userName": "new", **newcomer})]}
    name = renamed(grouped, grouped["displayName"])
    has_members(pushed("/Groups", grouped, name, addition, what="The PATCH that adds"), newcomer, *others)


@pytest.mark.requirement("OKTA-OIN-C9333")
def test_remove_members(grouped, others, pushed):
    """Okta's case C9333: a member is removed by a filter in the path, the others stay."""
    removal = {"op": "remove", "path": f'members[value eq "{others[0]["id"]}"]'}
    name = renamed(grouped, grouped["displayName"])
    has_members(pushed("/Groups", grouped, name, removal, what="The PATCH that removes"), others[1])


@pytest.mark.requirement("OKTA-OIN-C9338")
def test_import_groups(grouped, others, imported):
    """Okta's case C9338: the pages of an import hold a group that was just created, with its members."""
    shown = imported("/Groups", grouped["id"])
    keeps(shown, [("displayName", grouped["displayName"])])
    has_members(shown, *others)

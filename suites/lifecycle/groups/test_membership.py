"""Members of groups, by PATCH and PUT, and the groups of users, RFC 7643 sections 4.1.2 and 4.2."""

import pytest

from scim_conformance.judge import Blocked, Violation, expect, note, warn


@pytest.mark.requirement("RFC7644-3.5.2.1-12")
@pytest.mark.usefixtures("working_patch")
def test_patch_adds_a_member(scim, team, member, people, expect_members):
    """A PATCH that adds a member keeps the members that were there."""
    group = team(people[0])
    expect(scim.modify(group, {"op": "add", "path": "members", "value": [member(people[1])]})).success()
    expect_members(group, *people[:2])


@pytest.mark.requirement("RFC7644-3.5.2.1-12")
@pytest.mark.usefixtures("working_patch")
def test_patch_adds_the_first_member(scim, team, member, people, expect_members):
    """A PATCH that adds members to a group without any makes them its members."""
    group = team()
    value = [member(people[0]), member(people[1])]
    expect(scim.modify(group, {"op": "add", "path": "members", "value": value})).success()
    expect_members(group, *people[:2])


@pytest.mark.requirement("RFC7644-3.5.2.1-12")
@pytest.mark.usefixtures("working_patch")
def test_a_present_member_can_be_added_again(scim, team, member, people, expect_members):
    """A PATCH that adds a member who is one already succeeds, and the member is there once."""
    group = team(*people[:2])
    expect(scim.modify(group, {"op": "add", "path": "members", "value": [member(people[0])]})).success()
    expect_members(group, *people[:2])


@pytest.mark.requirement("RFC7644-3.5.2.2-08")
@pytest.mark.usefixtures("working_patch")
def test_patch_removes_one_member(scim, team, people, expect_members):
    """A PATCH that removes the member of an id takes just that one out of the group."""
    group = team(*people)
    path = f'members[value eq "{people[1]["id"]}"]'
    expect(scim.modify(group, {"op": "remove", "path": path})).success()
    expect_members(group, people[0], people[2])


@pytest.mark.requirement("RFC7644-3.5.2.2-09")
@pytest.mark.usefixtures("working_patch")
def test_somebody_who_is_no_member_can_be_removed(scim, team, people, expect_members):
    """A PATCH that removes somebody who is no member succeeds and changes nothing."""
    group = team(people[0])
    response = scim.modify(group, {"op": "remove", "path": f'members[value eq "{people[1]["id"]}"]'})
    if response.status == 400:
        warn("Removing somebody who is no member is refused.", expected=["success, and no change"], actual="status 400")
    else:
        expect(response).success()
    expect_members(group, people[0])


@pytest.mark.requirement("RFC7644-3.5.2.2-10")
@pytest.mark.usefixtures("working_patch")
def test_patch_removes_all_members(scim, team, people, expect_members):
    """A PATCH that removes members without a filter empties the group."""
    group = team(*people[:2])
    expect(scim.modify(group, {"op": "remove", "path": "members"})).success()
    expect_members(group)


@pytest.mark.requirement("RFC7644-3.5.2.3-10")
@pytest.mark.usefixtures("working_patch")
def test_patch_replaces_the_members(scim, team, member, people, expect_members):
    """A PATCH that replaces members leaves exactly the members given."""
    group = team(*people[:2])
    value = [member(people[1]), member(people[2])]
    expect(scim.modify(group, {"op": "replace", "path": "members", "value": value})).success()
    expect_members(group, *people[1:])


@pytest.mark.requirement("RFC7644-3.5.1-04", "RFC7643-4.2-05")
@pytest.mark.usefixtures("working_replace")
def test_put_replaces_the_members(scim, team, asserted, member, people, expect_members):
    """A PUT with members leaves exactly the members given."""
    group = team(*people[:2])
    response = scim.replace(group, asserted(group, members=[member(people[1]), member(people[2])]))
    if response.status in (405, 501):
        raise Blocked(f"PUT of a group answers {response.status}")
    expect(response).success()
    expect_members(group, *people[1:])


@pytest.mark.requirement("RFC7643-4.2-04", "RFC7644-3.5.2-10")
@pytest.mark.usefixtures("working_patch")
def test_the_value_of_a_member_is_immutable(scim, team, people, members_of):
    """A PATCH of the value of a member is refused with 400 mutability, or replaces that member as a whole."""
    group = team(*people[:2])
    path = f'members[value eq "{people[0]["id"]}"].value'
    response = scim.modify(group, {"op": "replace", "path": path, "value": people[2]["id"]})
    shown = members_of(group)
    old, new = (sorted(each["id"] for each in those) for those in (people[:2], people[1:]))
    if shown != old and (shown != new or response.status >= 400):
        raise Violation(
            "A PATCH of the value of one member changed other members.",
            requirement="RFC7643-4.2-04",
            expected=[f"members {', '.join(old)} or {', '.join(new)}"],
            actual=f"members {', '.join(shown)}",
        )
    if response.is_success:
        note("A PATCH of the value of a member " + ("replaces the member." if shown == new else "is ignored."))
    else:
        expect(response).refused(400, scim_type="mutability")


# -- groups of a user -------------------------------------------------------------------------


@pytest.fixture
def groups_of(user_attribute, read):
    """The elements of a user's groups; the check does not apply where the served schema has no groups."""
    attribute = user_attribute("groups")
    if attribute is None or attribute.returned not in ("default", "always"):
        pytest.skip("unsupported: the served User schema has no groups, or does not show them")

    def shown(user):
        found = read(user).get("groups") or []
        return [element if isinstance(element, dict) else {"value": element} for element in found]

    return shown


@pytest.fixture
def join(groups_of):
    """Give a user, its group, the element of the user's groups that names it, if any, and all elements."""

    def build(user, group):
        elements = groups_of(user)
        return user, group, next((each for each in elements if each.get("value") == group["id"]), None), elements

    return build


@pytest.fixture
def joined(join, people, team):
    """A user, a group of which it is the only member, and the element of the user's groups that names it, if any."""
    return join(people[2], team(people[2]))


@pytest.fixture
def looked_at(once, join, scim_session, people, member, members_of):
    """The same, made once a run for checks that only look."""

    def build():
        user = people[1]
        group = scim_session.baseline.make("Group", members=[member(user)])
        if members_of(group) != [user["id"]]:
            raise Blocked("a group does not show the member that it was made with")
        return join(user, group)

    return once("a user in a group", build)


@pytest.mark.requirement("RFC7643-4.1.2-23", "RFC7643-4.1.2-26")
def test_a_user_shows_its_groups(looked_at):
    """A user shows in groups the id of each group that it is a member of."""
    _, group, element, elements = looked_at
    if not elements:
        pytest.skip("unsupported: the target does not show the groups of a user")
    if element is None:
        raise Violation(
            "The groups of a user do not have the id of its group.",
            requirement="RFC7643-4.1.2-26",
            expected=[f"groups with value = {group['id']!r}"],
            actual=f"groups = {elements!r}"[:200],
        )


@pytest.mark.requirement("RFC7643-4.1.2-26")
def test_groups_of_a_user_refer_to_the_group(looked_at, places, features):
    """The $ref in a user's groups is the URI of the group."""
    _, group, element, _ = looked_at
    if element is None:
        pytest.skip("unsupported: the target does not show the groups of a user")
    if element.get("$ref") is None:
        warn("An element of groups has no $ref.", expected=["$ref, the URI of the group"], actual=f"{element!r}")
    elif not places.name(str(element["$ref"]), features.resource_type("Group"), group["id"]):
        raise Violation(
            "The $ref in a user's groups is not the URI of the group.",
            expected=[f"a URI that ends in {group['id']}"],
            actual=f"$ref = {element['$ref']!r}",
        )


@pytest.mark.requirement("RFC7643-4.1.2-24")
def test_direct_membership_is_called_direct(looked_at):
    """A membership that clients make through the group is of the type direct, where a type is shown."""
    element = looked_at[2]
    if element is None or element.get("type") is None:
        pytest.skip("unsupported: the target does not show the type of a membership")
    if str(element["type"]).lower() != "direct":
        raise Violation(
            "A membership made through the group is not called direct.",
            expected=["type = 'direct'"],
            actual=f"type = {element['type']!r}",
        )


@pytest.mark.requirement("RFC7643-4.1.2-23", "RFC7644-3.5.2.2-10")
@pytest.mark.usefixtures("working_patch")
def test_a_user_who_left_shows_the_group_no_more(scim, joined, groups_of):
    """A user who is taken out of a group does not show it in groups any more."""
    user, group, element, _ = joined
    if element is None:
        pytest.skip("unsupported: the target does not show the groups of a user")
    expect(scim.modify(group, {"op": "remove", "path": "members"})).success()
    if any(each.get("value") == group["id"] for each in groups_of(user)):
        raise Violation(
            "A user still shows a group that it was taken out of.",
            requirement="RFC7643-4.1.2-23",
            expected=["groups without the group"],
            actual=f"groups with {group['id']}",
        )


@pytest.mark.requirement("RFC7643-4.1.2-23")
@pytest.mark.usefixtures("working_delete")
def test_a_deleted_group_is_no_group_of_its_members(scim, joined, groups_of):
    """When a group is deleted its members stay, and do not show it in groups any more."""
    user, group, element, _ = joined
    if element is None:
        pytest.skip("unsupported: the target does not show the groups of a user")
    expect(scim.delete(group)).success()
    if any(each.get("value") == group["id"] for each in groups_of(user)):
        raise Violation(
            "A user still shows a group that was deleted.",
            expected=["groups without the group"],
            actual=f"groups with {group['id']}",
        )


@pytest.mark.requirement("RFC7643-4.1.2-27")
@pytest.mark.usefixtures("working_replace")
def test_groups_of_a_user_are_ignored_by_put(scim, read, asserted, team, people, members_of):
    """The groups that a PUT of a user names are ignored: the user is no member of them afterwards."""
    user, group = people[1], team(people[0])
    response = scim.replace(user, asserted(user, groups=[{"value": group["id"]}]))
    if response.status == 400:
        warn("A PUT with groups is refused.", expected=["groups ignored"], actual="status 400")
    else:
        expect(response).success()
    shown = members_of(group)
    if shown != [people[0]["id"]]:
        raise Violation(
            "The groups in a user's body changed the members of a group.",
            expected=[f"members {people[0]['id']}"],
            actual=f"members {', '.join(shown)}",
        )
    if any(isinstance(each, dict) and each.get("value") == group["id"] for each in read(user).get("groups") or []):
        raise Violation(
            "A user shows a group that it is no member of.",
            expected=["groups without the group"],
            actual=f"groups with {group['id']}",
        )


@pytest.mark.requirement("RFC7643-4.1.2-27", "RFC7644-3.5.2-10")
@pytest.mark.usefixtures("working_patch")
def test_groups_of_a_user_cannot_be_patched(scim, team, people, members_of, user_attribute):
    """A PATCH of the groups of a user is refused with 400 mutability, and makes nobody a member."""
    if user_attribute("groups") is None:
        pytest.skip("unsupported: the served User schema has no groups")
    user, group = people[1], team(people[0])
    response = scim.modify(user, {"op": "add", "path": "groups", "value": [{"value": group["id"]}]})
    shown = members_of(group)
    if shown != [people[0]["id"]]:
        raise Violation(
            "A PATCH of a user's groups changed the members of a group.",
            requirement="RFC7643-4.1.2-27",
            expected=[f"members {people[0]['id']}"],
            actual=f"members {', '.join(shown)}",
        )
    if response.is_success:
        warn(
            "A PATCH of a user's groups was accepted and ignored.",
            expected=["status 400 with scimType mutability"],
            actual=f"status {response.status}",
        )
        return
    expect(response).refused(400, scim_type="mutability")

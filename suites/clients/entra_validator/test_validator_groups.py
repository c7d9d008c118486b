"""SCIM Validator's tests of groups, each under its own name."""

import pytest

from scim_conformance.judge import Blocked, Violation
from scim_conformance.judge.vendor_tests import answers, listed, place, unlike

WITHOUT_MEMBERS = "excludedAttributes=members"


def by_name(name: str) -> str:
    """Write the query as the validator does: + for a blank."""
    return f'filter=displayName+eq+"{name}"'


def shows_no_members(*resources: dict) -> None:
    """Raise Violation where a group has members, be they none, although they were excluded."""
    if any("members" in each for each in resources):
        raise Violation(
            "The group shows members, which were excluded.",
            expected=["no members at all, not even an empty list"],
            actual=f"members = {[each.get('members') for each in resources]}",
        )


@pytest.mark.requirement("ENTRA-VALIDATOR-13")
def test_get_group_by_id_excluding_members(validator, existing_group):
    """SCIM Validator, "Get group by id excluding members": the group, without its members."""
    path = place("/Groups", existing_group.response.json_object)
    shown = answers(validator.get(path, WITHOUT_MEMBERS), 200, what="GET of the group").json_object
    wrong = unlike(existing_group.sent, shown)
    if wrong:
        raise Violation("The group is not shown as it was sent.", expected=wrong, actual=str(sorted(shown)))
    shows_no_members(shown)


@pytest.mark.requirement("ENTRA-VALIDATOR-14")
def test_filter_for_an_existing_group_excluding_members(validator, existing_group, lists_right):
    """SCIM Validator, "Filter for an existing group by displayName excluding members": without members."""
    name = existing_group.sent["displayName"]
    response = validator.get("/Groups", f"{WITHOUT_MEMBERS}&{by_name(name)}")
    lists_right(response, existing_group.sent)
    shows_no_members(*listed(response))


@pytest.mark.requirement("ENTRA-VALIDATOR-15")
def test_filter_for_an_existing_group(validator, existing_group, lists_right):
    """SCIM Validator, "Filter for an existing group": the list is right, and shows what was sent."""
    lists_right(validator.get("/Groups", by_name(existing_group.sent["displayName"])), existing_group.sent)


@pytest.mark.requirement("ENTRA-VALIDATOR-16")
def test_filter_for_a_non_existing_group(validator, mark, lists_right):
    """SCIM Validator, "Filter for a non-existing group": the list is there, and empty."""
    lists_right(validator.get("/Groups", by_name(f"nonexistent{mark()}_OZOT")))


@pytest.mark.requirement("ENTRA-VALIDATOR-17")
def test_filter_for_an_existing_group_with_a_different_case(validator, existing_group, lists_right):
    """SCIM Validator, "Filter for an existing group with a different case": small letters find capitals."""
    lists_right(validator.get("/Groups", by_name(existing_group.sent["displayName"].lower())), existing_group.sent)


@pytest.mark.requirement("ENTRA-VALIDATOR-18")
def test_create_a_new_group(first_group):
    """SCIM Validator, "Create a new Group": 201 with the group."""
    shown = answers(first_group.response, 201, what="The POST of a group").json_object
    wrong = unlike(first_group.sent, shown)
    if wrong or not shown.get("id"):
        wrong = wrong or ["an id"]
        raise Violation("The new group is not as it was sent.", expected=wrong, actual=str(sorted(shown)))


@pytest.mark.requirement("ENTRA-VALIDATOR-19")
def test_create_a_duplicate_group(validator, existing_group, looks_at_errors):
    """SCIM Validator, "Create a duplicate Group": the same POST for a second time is a conflict."""
    response = validator.post("/Groups", existing_group.sent)
    if response.status == 201:
        raise Violation(
            "The second POST of the same group is answered 201: right by RFC 7643, whose schema lets groups share a "
            "displayName, and a failed test of SCIM Validator.",
            expected=["409 Conflict"],
            actual="status 201 Created",
        )
    looks_at_errors(answers(response, 409, what="The second POST of the same group"))


@pytest.mark.requirement("ENTRA-VALIDATOR-20")
def test_replace_attributes_of_a_group(a_group, mark, patches):
    """SCIM Validator, "Patch Group - Replace Attributes": a PATCH without path gives it another externalId."""
    new = mark()
    patches("/Groups", a_group, [{"op": "replace", "value": {"externalId": new}}], [("externalId", new)])


@pytest.mark.requirement("ENTRA-VALIDATOR-21")
def test_update_group_display_name(a_group, mark, patches):
    """SCIM Validator, "Update Group displayName": a PATCH without path renames the group."""
    new = mark().upper()
    patches("/Groups", a_group, [{"op": "replace", "value": {"displayName": new}}], [("displayName", new)])


def members_of(group: dict) -> set:
    """Return the ids of a group's members."""
    return {each.get("value") for each in group.get("members") or [] if isinstance(each, dict)}


def has_members(group: dict, *wanted: dict) -> None:
    """Raise Violation unless a group has exactly these members."""
    expected = {each["id"] for each in wanted}
    if members_of(group) != expected:
        raise Violation(
            "The group does not have the members that the PATCH leaves it.",
            expected=[f"the members {sorted(expected)}"],
            actual=f"the members {sorted(map(str, members_of(group)))}",
        )


@pytest.mark.requirement("ENTRA-VALIDATOR-22")
def test_add_member(a_group, a_user, patches):
    """SCIM Validator, "Patch Group - Add Member": a list of one takes the place of the members."""
    operation = {"op": "replace", "path": "members", "value": [{"value": a_user["id"]}]}
    has_members(patches("/Groups", a_group, [operation], ()), a_user)


@pytest.mark.requirement("ENTRA-VALIDATOR-23")
def test_remove_member(validator, a_group, a_user, new_user, patches):
    """SCIM Validator, "Patch Group - Remove Member": a filter in the path takes one of two members away."""
    other = validator.created("/Users", new_user())
    both = {"op": "replace", "path": "members", "value": [{"value": a_user["id"]}, {"value": other["id"]}]}
    prepared = validator.patch(place("/Groups", a_group), both)
    if prepared.status not in (200, 204):
        raise Blocked(f"the PATCH that gives the group two members is answered {prepared.status}")
    removal = {"op": "remove", "path": f'members[value eq "{a_user["id"]}"]'}
    has_members(patches("/Groups", a_group, [removal], ()), other)


@pytest.mark.requirement("ENTRA-VALIDATOR-24")
def test_delete_a_group(validator, a_group, deletes, looks_at_errors):
    """SCIM Validator, "Delete a Group": 204, and 404 to whoever asks for the group afterwards."""
    deletes(place("/Groups", a_group), 204)
    looks_at_errors(answers(validator.get(place("/Groups", a_group)), 404, what="GET of the deleted group"))


@pytest.mark.requirement("ENTRA-VALIDATOR-P5")
def test_multiple_operations_on_same_attribute_of_a_group(a_group, a_user, patches):
    """SCIM Validator, preview "Patch Group - Multiple Operations on same attribute": added and removed, it is gone."""
    operations = [
        {"op": "add", "path": "members", "value": [{"value": a_user["id"]}]},
        {"op": "remove", "path": f'members[value eq "{a_user["id"]}"]'},
    ]
    has_members(patches("/Groups", a_group, operations, ()))


@pytest.mark.requirement("ENTRA-VALIDATOR-P6")
def test_delete_a_non_existent_group(scim, unknown_id, deletes):
    """SCIM Validator, preview "Delete a non-existent Group": 404."""
    deletes(scim.location(("/Groups", unknown_id)), 404)


@pytest.mark.requirement("ENTRA-VALIDATOR-P7")
def test_delete_the_same_group_twice(a_group, deletes):
    """SCIM Validator, preview "Delete the same Group twice": 204, then 404."""
    deletes(place("/Groups", a_group), 204)
    deletes(place("/Groups", a_group), 404)

"""SCIM Validator's tests of users, each under its own name."""

from urllib.parse import quote

import pytest

from scim_conformance.judge import Violation
from scim_conformance.judge.vendor_tests import ENTERPRISE, answers, place, value_at

MANAGER = f"{ENTERPRISE}:manager"


def by_user_name(name: str) -> str:
    """Write the query as the validator does: + for a blank, %40 for @."""
    return f'filter=userName+eq+"{quote(name)}"'


@pytest.mark.requirement("ENTRA-VALIDATOR-01")
def test_create_a_new_user(validator, first_user, lists_right):
    """SCIM Validator, "Create a new User": the full user is created, and a filter finds it."""
    answers(first_user.response, 201, what="The POST of a user with every attribute")
    sent = {"userName": first_user.sent["userName"]}
    lists_right(validator.get("/Users", by_user_name(sent["userName"])), sent)


@pytest.mark.requirement("ENTRA-VALIDATOR-02")
def test_create_a_duplicate_user(validator, existing_user, looks_at_errors):
    """SCIM Validator, "Create a duplicate User": the same POST for a second time is a conflict."""
    response = validator.post("/Users", existing_user.sent)
    looks_at_errors(answers(response, 409, what="The second POST of the same user"))


@pytest.mark.requirement("ENTRA-VALIDATOR-03")
def test_filter_for_an_existing_user(validator, existing_user, lists_right):
    """SCIM Validator, "Filter for an existing user": the list is right, and shows what was sent."""
    lists_right(validator.get("/Users", by_user_name(existing_user.sent["userName"])), existing_user.sent)


@pytest.mark.requirement("ENTRA-VALIDATOR-04")
def test_filter_for_a_non_existing_user(validator, mark, lists_right):
    """SCIM Validator, "Filter for a non-existing user": the list is there, and empty."""
    lists_right(validator.get("/Users", by_user_name(f"nonexistent{mark()}_justyn@example.com")))


@pytest.mark.requirement("ENTRA-VALIDATOR-05")
def test_filter_for_an_existing_user_with_a_different_case(validator, existing_user, lists_right):
    """SCIM Validator, "Filter for an existing user with a different case": capitals find small letters."""
    lists_right(validator.get("/Users", by_user_name(existing_user.sent["userName"].upper())), existing_user.sent)


@pytest.mark.requirement("ENTRA-VALIDATOR-06")
def test_replace_attributes_verbose(a_user, many_values, patches):
    """SCIM Validator, "Patch User - Replace Attributes Verbose": 36 operations replace, all of them performed."""
    values = many_values()
    patches("/Users", a_user, [{"op": "replace", "path": path, "value": value} for path, value in values], values)


@pytest.mark.requirement("ENTRA-VALIDATOR-07")
def test_update_user_user_name(a_user, mark, patches):
    """SCIM Validator, "Update User userName": a PATCH without path renames the user."""
    name = f"{mark()}@example.com"
    patches("/Users", a_user, [{"op": "replace", "value": {"userName": name}}], [("userName", name)])


@pytest.mark.requirement("ENTRA-VALIDATOR-08")
def test_disable_user(a_user, patches):
    """SCIM Validator, "Patch User - Disable User": the user is inactive afterwards."""
    patches("/Users", a_user, [{"op": "replace", "path": "active", "value": False}], [("active", False)])


@pytest.fixture
def manages(validator, new_user, patches):
    """Give a user, by one operation, a manager who is there."""

    def change(user, op):
        manager = validator.created("/Users", new_user())
        operation = {"op": op, "path": MANAGER, "value": {"value": manager["id"]}}
        patches("/Users", user, [operation], [(f"{MANAGER}.value", manager["id"])])

    return change


@pytest.mark.requirement("ENTRA-VALIDATOR-09")
def test_add_manager(a_user, manages):
    """SCIM Validator, "Patch User - Add Manager": the manager is that one afterwards."""
    manages(a_user, "add")


@pytest.mark.requirement("ENTRA-VALIDATOR-10")
def test_replace_manager(a_user, manages):
    """SCIM Validator, "Patch User - Replace Manager": the manager is that one afterwards."""
    manages(a_user, "replace")


@pytest.mark.requirement("ENTRA-VALIDATOR-11")
def test_remove_manager(a_user, patches):
    """SCIM Validator, "Patch User - Remove Manager": an empty value leaves no manager, or an empty one."""
    shown = patches("/Users", a_user, [{"op": "replace", "path": MANAGER, "value": {"value": ""}}], ())
    left = value_at(shown, f"{MANAGER}.value")
    if left:
        raise Violation("The manager is still there.", expected=["no manager, or an empty value"], actual=str(left))


@pytest.mark.requirement("ENTRA-VALIDATOR-12")
def test_delete_a_user(validator, a_user, deletes, looks_at_errors):
    """SCIM Validator, "Delete a User": 204, and 404 to whoever asks for the user afterwards."""
    deletes(place("/Users", a_user), 204)
    looks_at_errors(answers(validator.get(place("/Users", a_user)), 404, what="GET of the deleted user"))


@pytest.mark.requirement("ENTRA-VALIDATOR-25")
def test_add_attributes_verbose(validator, new_user, many_values, patches):
    """SCIM Validator, "Patch User - Add Attributes Verbose Request": 36 operations add make what is not there."""
    full, values = new_user(), many_values()
    user = validator.created("/Users", {"userName": full["userName"], "schemas": full["schemas"][:1]})
    patches("/Users", user, [{"op": "add", "path": path, "value": value} for path, value in values], values)


@pytest.mark.requirement("ENTRA-VALIDATOR-P1")
def test_multiple_operations_on_different_attributes(a_user, mark, patches):
    """SCIM Validator, preview "Patch User - Multiple Operations on different attributes": both are performed."""
    word = mark().upper()
    operations = [
        {"op": "add", "path": "displayName", "value": f"{word}DN"},
        {"op": "replace", "path": "title", "value": f"{word}TI"},
    ]
    patches("/Users", a_user, operations, [("displayName", f"{word}DN"), ("title", f"{word}TI")])


@pytest.mark.requirement("ENTRA-VALIDATOR-P2")
def test_multiple_operations_on_same_attribute(a_user, mark, patches):
    """SCIM Validator, preview "Patch User - Multiple Operations on same attribute": the last value stays."""
    first, last = mark(), mark()
    operations = [
        {"op": "remove", "path": "externalId"},
        {"op": "add", "value": {"externalId": first}},
        {"op": "replace", "value": {"externalId": last}},
    ]
    patches("/Users", a_user, operations, [("externalId", last)])


@pytest.mark.requirement("ENTRA-VALIDATOR-P3")
def test_delete_a_non_existent_user(scim, unknown_id, deletes):
    """SCIM Validator, preview "Delete a non-existent User": 404."""
    deletes(scim.location(("/Users", unknown_id)), 404)


@pytest.mark.requirement("ENTRA-VALIDATOR-P4")
def test_delete_the_same_user_twice(a_user, deletes):
    """SCIM Validator, preview "Delete the same User twice": 204, then 404."""
    deletes(place("/Users", a_user), 204)
    deletes(place("/Users", a_user), 404)

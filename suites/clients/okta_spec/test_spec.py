"""Okta's SPEC test for SCIM 2.0: twelve requests, and one check for each of their 52 assertions."""

import pytest

from scim_conformance.judge.vendor_tests import place

LIST_OF_NOBODY = ("status 200", "schema ListResponse", "equal totalResults 0")
NO_SUCH_USER = ("status 404", "not_empty detail", "schema Error")


def each(*assertions: str) -> pytest.MarkDecorator:
    """Make one check of each assertion, by its own words."""
    return pytest.mark.parametrize("assertion", assertions)


@pytest.mark.requirement("OKTA-SPEC-01")
@each(
    "status 200",
    "not_empty Resources",
    "schema ListResponse",
    "number itemsPerPage",
    "number startIndex",
    "number totalResults",
    "not_empty Resources.0.id",
    "not_empty Resources.0.name.familyName",
    "not_empty Resources.0.name.givenName",
    "not_empty Resources.0.userName",
    "not_empty Resources.0.active",
    "not_empty Resources.0.emails.0.value",
)
def test_users_endpoint(holds, first_page, assertion):
    """SPEC test 1, "Test Users endpoint": the first page of one user is as Okta reads it."""
    holds(first_page, assertion)


@pytest.fixture
def first_user(asked, first_id):
    """The first user of the list, read by its id."""
    return asked("2", place("/Users", {"id": first_id}), sent={"id": first_id})


@pytest.mark.requirement("OKTA-SPEC-02")
@each(
    "status 200",
    "not_empty id",
    "not_empty name.familyName",
    "not_empty name.givenName",
    "not_empty userName",
    "not_empty active",
    "not_empty emails.0.value",
    "equal id",
)
def test_get_user(holds, first_user, assertion):
    """SPEC test 2, "Get Users/{{id}}": that user is read by its id."""
    holds(first_user, assertion)


@pytest.mark.requirement("OKTA-SPEC-03")
@each(*LIST_OF_NOBODY)
def test_invalid_user_by_username(holds, asked, assertion):
    """SPEC test 3, "Test invalid User by username": a filter on a name that nobody has finds nobody."""
    holds(asked("3", "/Users", 'filter=userName eq "abcdefgh@atko.com"'), assertion)


@pytest.mark.requirement("OKTA-SPEC-04")
@each(*NO_SUCH_USER)
def test_invalid_user_by_id(holds, asked, assertion):
    """SPEC test 4, "Test invalid User by ID": an id that nobody has is answered by an error with a detail."""
    holds(asked("4", "/Users/010101001010101011001010101011"), assertion)


@pytest.mark.requirement("OKTA-SPEC-05")
@each(*LIST_OF_NOBODY)
def test_random_user_does_not_exist(holds, asked, mark, assertion):
    """SPEC test 5, "Make sure random user doesn't exist": a filter on an invented name finds nobody."""
    holds(asked("5", "/Users", f'filter=userName eq "random{mark()}@example.com"'), assertion)


@pytest.mark.requirement("OKTA-SPEC-06")
@each(
    "status 201",
    "equal active true",
    "not_empty id",
    "equal name.familyName",
    "equal name.givenName",
    "schema User",
    "equal userName",
)
def test_create_okta_user(holds, posted, assertion):
    """SPEC test 6, "Create Okta user with realistic values": the POST of plain JSON creates the user."""
    holds(posted, assertion)


@pytest.mark.requirement("OKTA-SPEC-07")
@each("status 200", "equal userName", "equal name.familyName", "equal name.givenName")
def test_verify_that_user_was_created(holds, asked, person, new_id, assertion):
    """SPEC test 7, "Verify that user was created": the new user is read by its id."""
    holds(asked("7", place("/Users", {"id": new_id}), sent=person), assertion)


@pytest.mark.requirement("OKTA-SPEC-08")
@pytest.mark.usefixtures("new_id")
@each("status 409")
def test_recreating_user_fails(holds, reposted, assertion):
    """SPEC test 8, "Expect failure when recreating user with same values": the second POST is a conflict."""
    holds(reposted, assertion)


@pytest.mark.requirement("OKTA-SPEC-09")
@each("status 200")
def test_username_case_sensitivity(holds, asked, person, assertion):
    """SPEC test 9, "Username Case Sensitivity Check": a filter on the name in capitals is answered."""
    holds(asked("9", "/Users", f'filter=userName eq "{person["userName"].upper()}"'), assertion)


@pytest.mark.requirement("OKTA-SPEC-10")
@each("status 200", "faster 600")
def test_groups_endpoint(holds, asked, assertion):
    """SPEC test 10, "Verify Groups endpoint": the list of groups is answered, and soon."""
    holds(asked("10", "/Groups"), assertion)


@pytest.mark.requirement("OKTA-SPEC-11")
@each("status 401", "not_empty detail", "error_status 401", "schema Error")
def test_status_401(holds, asked, person, assertion):
    """SPEC test 11, "Check status 401": a word that is no token is refused by an error with a detail."""
    query = f'filter=userName eq "{person["userName"].upper()}"'
    holds(asked("11", "/Users", query, Authorization="non-token"), assertion)


@pytest.mark.requirement("OKTA-SPEC-12")
@each("status 404", "not_empty detail", "error_status 404", "schema Error")
def test_status_404(holds, asked, assertion):
    """SPEC test 12, "Check status 404": another id that nobody has is answered by an error with a detail."""
    holds(asked("12", "/Users/00919288221112222"), assertion)

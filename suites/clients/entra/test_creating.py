"""Creating users with the bodies that Entra ID sends."""

import pytest

from scim_conformance.idp.entra.bodies import USER, older_user_body, roles_of, user_body
from scim_conformance.idp.entra.dialects import ENTERPRISE
from scim_conformance.idp.outcome import Conclusion, concluded
from scim_conformance.judge import Blocked, Violation, expect

OWN_EXTENSION = "urn:ietf:params:scim:schemas:extension:scimconformance:2.0:User"
NUMBERS = {"work": "+1 (425) 555-0100", "mobile": "425.555.0101", "fax": "1-425-555-0102"}


@pytest.mark.requirement("ENTRA-U04-a")
def test_the_documented_body_creates_a_user(newly_created):
    """The documented body creates a user, and the answer tells the id."""
    concluded(newly_created, Conclusion.CREATED)


@pytest.mark.requirement("ENTRA-U04-b")
@pytest.mark.usefixtures("documented")
def test_a_second_user_of_a_name_is_refused(created, documented_body):
    """A second user of the same userName is refused by 409."""
    expect(created(documented_body).responses[-1]).status(409)


@pytest.mark.requirement("ENTRA-U04-c")
def test_the_older_body_creates_a_user(created, sample):
    """The older documented body, with nulls and a misspelt URN, creates a user."""
    concluded(created(older_user_body(sample(displayName="Ada Byron"))), Conclusion.CREATED)


# -- roles ----------------------------------------------------------------------------------


@pytest.fixture
def with_roles(once, entra, sample, role_names):
    """Give what became of the creation of a user with roles in a shape."""

    def create(shape):
        body = user_body(sample(roles=roles_of(role_names, shape)))
        return once(("entra roles", shape), lambda: entra.create(body))

    return create


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param("single", marks=pytest.mark.requirement("ENTRA-U05-a")),
        pytest.param("complex", marks=pytest.mark.requirement("ENTRA-U05-b")),
        pytest.param("assertive", marks=pytest.mark.requirement("ENTRA-U05-c")),
    ],
)
@pytest.mark.usefixtures("documented")
def test_a_user_is_created_with_roles(with_roles, shape):
    """A user is created with app roles in the shape that a mapping function gives them."""
    concluded(with_roles(shape), Conclusion.CREATED)


@pytest.mark.requirement("ENTRA-U05-d")
def test_roles_of_a_new_user_are_shown(with_roles, role_names, needs, shown):
    """The roles with which a user was created are shown again."""
    needs("roles.value")
    outcome = with_roles("assertive")
    if outcome.resource is None:
        raise Blocked(f"the user could not be created: {outcome.why}")
    roles = shown(outcome.resource).at("roles") or []
    found = sorted(str(role.get("value")) for role in roles if isinstance(role, dict))
    if found != sorted(role_names):
        raise Violation("The user is shown with other roles.", expected=sorted(role_names), actual=f"roles = {roles!r}")


# -- what is odd about the bodies -----------------------------------------------------------


@pytest.mark.parametrize(
    "oddity",
    [
        pytest.param({"meta": {"resourceType": "User"}}, marks=pytest.mark.requirement("ENTRA-Q07-a"), id="meta"),
        pytest.param({"roles": []}, marks=pytest.mark.requirement("ENTRA-Q07-b"), id="empty roles"),
        pytest.param(
            {"schemas": [USER, ENTERPRISE]}, marks=pytest.mark.requirement("ENTRA-Q07-c"), id="extension unused"
        ),
        pytest.param(
            {OWN_EXTENSION: {"tag": "blue"}}, marks=pytest.mark.requirement("ENTRA-Q07-d"), id="extension unlisted"
        ),
    ],
)
def test_a_habit_of_the_bodies_is_tolerated(created, sample, oddity):
    """A user is created although the body has something that another client would leave out."""
    concluded(created({"schemas": [USER], **sample(), **oddity}), Conclusion.CREATED)


# -- values ---------------------------------------------------------------------------------


@pytest.mark.requirement("ENTRA-Q09-b")
@pytest.mark.usefixtures("documented")
def test_telephone_numbers_come_back_as_they_were_sent(created, sample, needs, shown):
    """Telephone numbers are shown as they were sent, blanks, brackets and dots included."""
    needs("phoneNumbers.value", "phoneNumbers.type")
    numbers = [{"type": kind, "value": number} for kind, number in NUMBERS.items()]
    outcome = created(user_body(sample(phoneNumbers=numbers)))
    if outcome.resource is None:
        raise Blocked(f"the user could not be created: {outcome.why}")
    view = shown(outcome.resource)
    for kind, number in NUMBERS.items():
        view.expect(f'phoneNumbers[type eq "{kind}"].value', number)


@pytest.mark.requirement("ENTRA-Q09-c")
@pytest.mark.usefixtures("documented")
def test_a_country_may_be_a_name(created, sample, needs, shown):
    """An address whose country is a name is accepted, and the name kept."""
    needs("addresses.country", "addresses.type")
    address = {"type": "work", "locality": "Tallinn", "country": "Estonia"}
    outcome = concluded(created(user_body(sample(addresses=[address]))), Conclusion.CREATED)
    shown(outcome.resource).expect('addresses[type eq "work"].country', "Estonia")

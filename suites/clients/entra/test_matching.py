"""Searching before anybody is created: by userName, by externalId, by the work address."""

import pytest

from scim_conformance.idp.outcome import Conclusion, concluded
from scim_conformance.judge import Violation


@pytest.fixture
def finds():
    """Expect that a search finds one user alone, the one that is meant."""

    def look(outcome, user):
        found = concluded(outcome, Conclusion.LINKED).resource
        if found["id"] != user["id"]:
            raise Violation("The search finds somebody else.", expected=[user["id"]], actual=found["id"])

    return look


@pytest.mark.requirement("ENTRA-U03-a")
def test_a_user_is_found_by_user_name(by_name, somebody, finds):
    """A search by userName finds the user of this name alone."""
    finds(by_name, somebody)


@pytest.mark.requirement("ENTRA-U03-b")
@pytest.mark.usefixtures("searches")
def test_a_user_is_found_by_external_id(entra, somebody, finds, by_name):
    """A search by externalId finds the user that has it."""
    if by_name.resource.get("externalId") is None:
        pytest.skip("unsupported: the target keeps no externalId")
    finds(entra.match("externalId", somebody["externalId"]), somebody)


@pytest.mark.requirement("ENTRA-U03-c")
@pytest.mark.usefixtures("searches")
def test_a_user_is_found_by_the_work_address(entra, somebody, needs, finds):
    """A search by emails[type eq "work"].value finds the user that has the address."""
    needs("emails.value", "emails.type")
    work = next((each["value"] for each in somebody["emails"] if each.get("type") == "work"), "")
    finds(entra.match('emails[type eq "work"].value', work), somebody)


@pytest.mark.requirement("ENTRA-U03-d")
@pytest.mark.usefixtures("somebody")
def test_nobody_is_found_by_an_empty_list(entra, address):
    """A search for somebody who has no account is answered by 200 with an empty list."""
    concluded(entra.match("userName", address("nobody-")), Conclusion.UNCHANGED)


@pytest.mark.requirement("ENTRA-U03-e")
@pytest.mark.usefixtures("searches")
def test_letter_case_does_not_hide_a_user(entra, somebody, finds):
    """A search by userName in other letter case finds the user."""
    finds(entra.match("userName", somebody["userName"].swapcase()), somebody)

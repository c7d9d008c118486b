"""Okta's reading of one user, and what it needs of a user it reads."""

import pytest

from scim_conformance.idp.okta.reading import detail_of
from scim_conformance.idp.outcome import Conclusion, concluded
from scim_conformance.judge import Blocked, Violation, expect


@pytest.fixture
def missing(once, wizard, scim):
    """The answer to reading a user who does not exist."""
    return once("okta reads nobody", lambda: wizard.read_user({"id": scim.unknown_id()}).responses[-1])


@pytest.mark.requirement("OKTA-U05")
def test_a_user_is_read(reading, linked):
    """Okta reads a user before it updates it, and gets it whole."""
    outcome = concluded(reading(), Conclusion.LINKED)
    if outcome.resource.get("userName", "").casefold() != linked().person["login"].casefold():
        raise Violation(
            "Another user is shown.", expected=[linked().person["login"]], actual=str(outcome.resource)[:200]
        )


@pytest.mark.requirement("OKTA-U05-a")
def test_an_unknown_user_is_404(missing):
    """Okta's reading of a user who is not there is answered with 404."""
    expect(missing).status(404)


@pytest.mark.requirement("OKTA-U05-b")
def test_an_unknown_user_is_told_in_words(missing):
    """The 404 of a user who is not there has an error body with a detail."""
    if missing.status != 404:
        raise Blocked("an unknown user is not answered with 404, which another check judges")
    expect(missing).error().where(bool(detail_of(missing)), expected="an error body with detail")


@pytest.mark.requirement("OKTA-Q02")
def test_an_id_is_no_address(linked, seen):
    """The id that Okta links is neither the userName nor the e-mail address."""
    person, id_ = linked().person, seen()["id"]
    if id_.casefold() in (person["login"].casefold(), person["email"].casefold()):
        raise Violation("The id is the address of the user.", expected=["an id of its own"], actual=id_)


@pytest.mark.requirement("OKTA-Q03")
def test_an_id_is_no_bulk_id(seen):
    """The id that Okta links does not contain bulkId."""
    if "bulkid" in seen()["id"].casefold():
        raise Violation("The id contains bulkId.", expected=["an id without bulkId"], actual=seen()["id"])


@pytest.mark.requirement("OKTA-Q13")
def test_active_is_a_boolean(seen):
    """The active of a user whom Okta reads is a boolean."""
    active = seen().get("active")
    if not isinstance(active, bool):
        raise Violation("active is no boolean.", expected=["true"], actual=repr(active))


@pytest.mark.requirement("OKTA-Q14")
def test_emails_are_a_list_with_types(seen):
    """The emails of a user whom Okta reads are a list of objects with value and type."""
    emails = seen().get("emails")
    if not isinstance(emails, list) or not emails:
        raise Violation("emails is no list.", expected=["a list of addresses"], actual=repr(emails)[:200])
    if not all(isinstance(one, dict) and one.get("value") and one.get("type") for one in emails):
        raise Violation("An address lacks value or type.", expected=["value and type"], actual=repr(emails)[:200])

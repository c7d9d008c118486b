"""Okta's match before it creates anybody: a filter on userName, percent-encoded whole."""

import pytest

from scim_conformance.idp.outcome import Conclusion, concluded
from scim_conformance.judge import Blocked, Violation, expect, note, warn


def tolerated_404(outcome):
    """Warn where an empty list was written as an error 404."""
    if outcome.responses[-1].status == 404:
        warn(
            "What matches nothing is answered with 404: Okta's reference takes it, its SPEC test does not.",
            expected=["200 with totalResults 0"],
            actual="404",
        )


def found_one(outcome, resource):
    """Expect that a match found this resource."""
    concluded(outcome, Conclusion.LINKED)
    if outcome.resource["id"] != resource["id"]:
        raise Violation(
            "The match finds another resource, which Okta would link.",
            expected=[f"id {resource['id']}"],
            actual=f"id {outcome.resource['id']}",
        )


@pytest.mark.requirement("OKTA-U02")
def test_a_match_that_finds_nobody_is_an_empty_list(wizard, someone, peopled):
    """Okta's match of a person who is not there finds nobody."""
    peopled()
    outcome = concluded(wizard.match_user(someone()), Conclusion.UNCHANGED)
    tolerated_404(outcome)


@pytest.mark.requirement("OKTA-U02-a")
def test_a_match_finds_the_user(matching, linked, peopled):
    """Okta's match of a person who is there finds that one user."""
    peopled()
    found_one(matching(), linked().user)


@pytest.mark.requirement("OKTA-U02-b")
def test_a_plus_sign_is_matched(wizard, employ, someone, matching, linked):
    """Okta's match finds a user whose userName has a plus sign."""
    if matching().resource is None or matching().resource["id"] != linked().user["id"]:
        raise Blocked("a plain match does not find the user, which another check judges")
    local, _, domain = someone()["login"].partition("@")
    person, user = employ(login=f"{local}+okta@{domain}")
    found_one(wizard.match_user(person), user)


@pytest.mark.requirement("OKTA-U02-c")
def test_a_match_in_upper_case_is_answered(wizard, linked, matching):
    """A match in upper case, as in Okta's SPEC test, is answered with 200."""
    if not matching().ok:
        raise Blocked("a plain match fails, which another check judges")
    response = wizard.wire.matching("/Users", "userName", linked().person["login"].upper())
    expect(response).status(200, tolerated=(404,))
    found = response.json.get("Resources") if response.is_json and isinstance(response.json, dict) else None
    note(f"A match in upper case finds {'the user' if found else 'nobody'}.")


@pytest.mark.requirement("OKTA-G01")
def test_a_match_that_finds_no_group_is_an_empty_list(wizard, mark):
    """Okta's match of a group that is not there finds none."""
    outcome = concluded(wizard.match_group(f"Group {mark()}"), Conclusion.UNCHANGED)
    tolerated_404(outcome)


@pytest.mark.requirement("OKTA-G01-a")
def test_a_match_finds_the_group(wizard, pushed):
    """Okta's match of a group that is there finds that one group."""
    group = pushed()
    found_one(wizard.match_group(group["displayName"]), group)

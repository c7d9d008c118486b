"""Pages of a list that changes meanwhile, RFC 7644 section 3.4.2.4."""

import json

import pytest

from scim_conformance.judge import Violation, note

PAGES, MOST = "RFC7644-3.4.2.4-11", "RFC7644-3.4.2.4-05"
COUNT = 2


@pytest.mark.usefixtures("finding_users")
@pytest.mark.requirement(PAGES, MOST)
def test_pages_of_a_changing_list_are_sound(scim, people, make, body, scim_session, unbroken, listed_in):
    """While users come and go every page is a sound one; when all is quiet the pages show each user once."""
    mark, users = people
    leaving = make("User", userName=f"{mark}8@example.com")
    coming = body("User", userName=f"{mark}9@example.com")

    def page(start):
        return scim.query("User", f"userName sw {json.dumps(mark)}", startIndex=start, count=COUNT)

    responses = scim.at_once(
        lambda: page(1),
        lambda: scim.create("User", coming),
        lambda: page(1 + COUNT),
        lambda: scim.delete(leaving),
    )
    made = [scim_session.baseline.created(responses[1], scim_session.baseline.resource_type("User"))]
    try:
        unbroken(responses, PAGES)
        seen = []
        for response in responses[::2]:
            ids = ids_of(response, listed_in)
            seen += ids
            if len(ids) > COUNT:
                raise wrong("A page held more than was asked for.", f"at most {COUNT}", str(len(ids)), MOST)
            if len(set(ids)) < len(ids):
                raise wrong("A page showed a resource twice.", "each once", str(ids), PAGES)
        lasting = [user["id"] for user in users]
        if any(seen.count(each) != 1 for each in lasting):
            # Clients have to cope with that (section 3.4.2.4), so it is no fault.
            note("While a list changes, pages miss resources that are there throughout, or show them twice.")
        wanted = {*lasting, *(each["id"] for each in made if each)}
        quiet = []
        for start in range(1, len(wanted) + 1, COUNT):
            quiet += ids_of(page(start), listed_in)
        if sorted(quiet) != sorted(wanted):
            raise wrong("The pages, read when all was quiet, are not complete.", str(sorted(wanted)), str(quiet), PAGES)
    finally:
        scim_session.discard([each for each in made if each])


@pytest.fixture
def finding_users(filters):
    """Filters on users: the check does not apply where there are none, and is blocked where a plain one fails."""
    filters()


def ids_of(response, listed_in):
    """Give the ids on a page."""
    if response.status != 200:
        raise wrong("A page was not answered.", "status 200", f"status {response.status}", PAGES)
    return [str(each.get("id")) for each in listed_in(response)]


def wrong(message, expected, actual, requirement):
    """Make the violation that a page showed."""
    return Violation(message, expected=[expected], actual=actual, requirement=requirement)

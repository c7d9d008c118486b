"""What the cases of Okta's test plan share: Okta's client, the people and groups it pushes, and its imports."""

import copy
from typing import Any

import pytest

from scim_conformance.judge import Violation, note
from scim_conformance.judge.vendor_tests import VendorClient, answers, listed, place, succeeds, veiled

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PAGE, MOST_PAGES = 100, 20


@pytest.fixture(scope="session")
def okta(scim):
    """Okta's provisioning client."""
    reading = {
        "Accept": "application/scim+json",
        "Accept-Charset": "utf-8",
        "Accept-Encoding": "gzip,deflate",
        "User-Agent": "Okta SCIM Client 1.0.0",
    }
    writing = {"Content-Type": "application/scim+json; charset=utf-8"}
    return VendorClient(scim, "Okta's test plan", reading=reading, writing=writing)


@pytest.fixture(scope="session")
def new_user(mark):
    """Write the body of a user as Okta does: no groups, a password that nobody asked for, its own id as externalId."""

    def write(**others: Any) -> dict[str, Any]:
        name = mark()
        return {
            "schemas": [USER],
            "userName": f"{name}@example.com",
            "name": {"givenName": "Test", "familyName": f"User {name}"},
            "emails": [{"primary": True, "value": f"{name}@example.com", "type": "work"}],
            "displayName": f"Test User {name}",
            "locale": "en-US",
            "externalId": f"00u{name}",
            "groups": [],
            "password": f"1mz{name}Q7-",
            "active": True,
            **others,
        }

    return write


@pytest.fixture(scope="session")
def new_group(mark):
    """Write the body of a group as Okta does: a name and members, be they none."""
    return lambda *members: {"schemas": [GROUP], "displayName": f"Test SCIMv2 {mark()}", "members": list(members)}


@pytest.fixture
def a_user(okta, new_user):
    """A user who was assigned before."""
    return okta.created("/Users", new_user())


@pytest.fixture
def a_group(okta, new_group):
    """A group that was pushed before, without members."""
    return okta.created("/Groups", new_group())


def matching(attribute: str, value: str) -> str:
    """Write the query by which Okta looks for somebody, %20 for a blank and %22 for a quotation mark."""
    encoded = value.replace("@", "%40").replace(" ", "%20")
    return f"filter={attribute}%20eq%20%22{encoded}%22&startIndex=1&count=100"


@pytest.fixture
def matched(okta):
    """Look for somebody as Okta does before it creates, and give those who are found."""

    def look(endpoint: str, attribute: str, value: str) -> list[dict[str, Any]]:
        response = okta.get(endpoint, matching(attribute, value))
        if response.status == 404:
            note("A filter that nothing matches is answered 404, which Okta takes; its SPEC test wants 200.")
            return []
        answers(response, 200, what=f"The filter on {attribute}")
        if not isinstance(response.json_object.get("totalResults"), int):
            raise Violation("The list has no number as totalResults.", expected=["totalResults"], actual="none")
        return listed(response)

    return look


@pytest.fixture
def linked(matched):
    """Look for somebody who is there; Okta goes on with the id that it finds."""

    def look(endpoint: str, attribute: str, resource: dict[str, Any]) -> dict[str, Any]:
        found = matched(endpoint, attribute, resource[attribute])
        if [each.get("id") for each in found] != [resource["id"]]:
            raise Violation(
                f"The filter on {attribute} does not find the one who is there, or others too.",
                expected=["the one resource that has it"],
                actual=f"{len(found)} resources",
            )
        return found[0]

    return look


@pytest.fixture
def profile_pushed(okta):
    """Change a user's profile as Okta does: read the user, and replace it by what was read and what has changed."""

    def push(user: dict[str, Any], **changes: Any) -> dict[str, Any]:
        body = copy.deepcopy(okta.read(place("/Users", user)))
        for name, value in changes.items():
            if value is None:
                body.pop(name, None)
            elif isinstance(value, dict):
                body[name] = {**(body.get(name) or {}), **value}
            else:
                body[name] = value
        answers(okta.put(place("/Users", user), body), 200, what="The PUT of what was read and has changed")
        return okta.read(place("/Users", user))

    return push


@pytest.fixture
def pushed(okta):
    """Send a PATCH as Okta does, which has to succeed, and give the resource as it is afterwards."""

    def push(endpoint: str, resource: dict[str, Any], *operations: dict[str, Any], what: str) -> dict[str, Any]:
        succeeds(okta.patch(place(endpoint, resource), *operations), what)
        return okta.read(place(endpoint, resource))

    return push


@pytest.fixture
def imported(scim, okta):
    """Read page after page as Okta's import does, until one resource has been seen, and give it as the page shows it.

    What foreign resources hold is left out of the record. A directory of more than two thousand is read no further.
    """

    def read(endpoint: str, wanted: str) -> dict[str, Any]:
        start = 1
        for _ in range(MOST_PAGES):
            response = veiled(okta.get(endpoint, f"startIndex={start}&count={PAGE}"), scim)
            page, found = answers(response, 200, what="A page of the import").json_object, listed(response)
            for name in ("totalResults", "startIndex", "itemsPerPage"):
                if not isinstance(page.get(name), int) or isinstance(page.get(name), bool):
                    raise Violation("A page of the import lacks a number.", expected=[name], actual=str(sorted(page)))
            one = next((each for each in found if each.get("id") == wanted), None)
            if one is not None:
                return one
            start += len(found)
            if not found or start > page["totalResults"]:
                raise Violation(
                    "The import has come to its end without a resource that is there.",
                    expected=["every resource on one of the pages"],
                    actual=f"{page['totalResults']} in all, {start - 1} seen",
                )
        return pytest.skip("unsupported: the directory is larger than this check reads, and shows the newest last")

    return read

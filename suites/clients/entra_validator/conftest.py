"""What the tests of SCIM Validator share: its client, the bodies it sends, and resources that several tests read."""

from typing import Any, NamedTuple

import pytest

from scim_conformance.judge import Blocked, Violation, note
from scim_conformance.judge.vendor_tests import (
    ENTERPRISE,
    VendorClient,
    answers,
    keeps,
    listed,
    place,
    succeeds,
    unlike,
)

CORE_USER = "urn:ietf:params:scim:schemas:core:2.0:User"
CORE_GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
LIST_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


class Posted(NamedTuple):
    """A body that was posted, and the answer to it."""

    sent: dict[str, Any]
    response: Any


@pytest.fixture(scope="session")
def validator(scim):
    """SCIM Validator's client: a content type with charset where there is a body, and no Accept."""
    return VendorClient(
        scim,
        "SCIM Validator",
        reading={"Accept": None},
        writing={"Content-Type": "application/scim+json; charset=utf-8"},
    )


@pytest.fixture(scope="session")
def new_user(mark):
    """Write the body of a user as SCIM Validator does: every attribute of its list, in its order, with random words."""

    def write() -> dict[str, Any]:
        name = mark()
        word = name.upper()
        return {
            "userName": f"{name}@example.com",
            "active": True,
            "displayName": f"{word}DN",
            "title": f"{word}TI",
            "emails": [{"type": "work", "value": f"{name}@example.com", "primary": True}],
            "preferredLanguage": "el-CY",
            "name": {
                "givenName": "Stefanie",
                "familyName": "Rollin",
                "formatted": "Omari",
                "middleName": "Jayce",
                "honorificPrefix": "Chesley",
                "honorificSuffix": "Hulda",
            },
            "addresses": [
                {
                    "type": "work",
                    "formatted": f"{word}AF",
                    "streetAddress": "3008 Jarret Rue",
                    "locality": f"{word}AL",
                    "region": f"{word}AR",
                    "postalCode": "pr01 7fy",
                    "primary": True,
                    "country": "Estonia",
                }
            ],
            "phoneNumbers": [
                {"type": "work", "value": "45-555-0123", "primary": True},
                {"type": "mobile", "value": "45-555-0123"},
                {"type": "fax", "value": "45-555-0123"},
            ],
            ENTERPRISE: {
                "employeeNumber": f"{word}EN",
                "department": f"{word}DE",
                "costCenter": f"{word}CC",
                "organization": f"{word}OR",
                "division": f"{word}DI",
                "manager": {"value": f"{word}MG"},
            },
            "roles": [{"primary": "True", "display": f"{word}RD", "value": f"{word}RV", "type": f"{word}RT"}],
            "userType": f"{word}UT",
            "nickName": f"{word}NN",
            "locale": f"{word}LO",
            "timezone": "America/Guyana",
            "profileUrl": f"{word}PU",
            "schemas": [CORE_USER, ENTERPRISE],
        }

    return write


@pytest.fixture(scope="session")
def new_group(mark):
    """Write the body of a group as SCIM Validator does: a name in capitals, an externalId, and schemas last."""

    def write() -> dict[str, Any]:
        name = mark()
        return {"displayName": name.upper(), "externalId": f"{name}-87c1-4be1", "schemas": [CORE_GROUP]}

    return write


@pytest.fixture(scope="session")
def many_values(mark):
    """Write the 36 paths of a verbose PATCH of SCIM Validator, each with a value that nothing had before."""

    def write() -> list[tuple[str, Any]]:
        word = mark().upper()
        work, role = '[type eq "work"]', 'roles[primary eq "True"]'
        texts = ("employeeNumber", "department", "costCenter", "organization", "division")
        names = ("givenName", "familyName", "formatted", "middleName", "honorificPrefix", "honorificSuffix")
        return [
            ("active", True),
            ("displayName", f"{word}D2"),
            ("title", f"{word}T2"),
            (f"emails{work}.value", f"{word.lower()}.art@example.com"),
            (f"emails{work}.primary", True),
            ("preferredLanguage", "nus-SS"),
            *((f"name.{part}", f"{part} {word}") for part in names),
            *((f"addresses{work}.{part}", f"{part} {word}") for part in ("formatted", "streetAddress", "locality")),
            (f"addresses{work}.region", f"{word}R2"),
            (f"addresses{work}.postalCode", "cd4 6xm"),
            (f"addresses{work}.primary", True),
            (f"addresses{work}.country", "Tunisia"),
            (f"phoneNumbers{work}.value", "16-555-0191"),
            (f"phoneNumbers{work}.primary", True),
            ('phoneNumbers[type eq "mobile"].value', "16-555-0191"),
            ('phoneNumbers[type eq "fax"].value', "16-555-0191"),
            *((f"{ENTERPRISE}:{part}", f"{part} {word}") for part in texts),
            *((f"{role}.{part}", f"{word}{part}") for part in ("display", "value", "type")),
            ("userType", f"{word}U2"),
            ("nickName", f"{word}N2"),
            ("locale", f"{word}L2"),
            ("timezone", "America/Costa_Rica"),
            ("profileUrl", f"{word}P2"),
        ]

    return write


@pytest.fixture
def first_user(once, validator, new_user):
    """The POST of a user that several tests look at, and the answer to it."""

    def create() -> Posted:
        sent = new_user()
        return Posted(sent, validator.post("/Users", sent))

    return once("SCIM Validator's first user", create)


@pytest.fixture
def first_group(once, validator, new_group):
    """The POST of a group that several tests look at, and the answer to it."""

    def create() -> Posted:
        sent = new_group()
        return Posted(sent, validator.post("/Groups", sent))

    return once("SCIM Validator's first group", create)


def _existing(posted: Posted, what: str) -> Posted:
    if not posted.response.is_success or "id" not in posted.response.json_object:
        raise Blocked(
            f"the test needs the {what} of 'Create a new {what.title()}', whose POST answered "
            f"{posted.response.status}; SCIM Validator counts this test as failed too"
        )
    return posted


@pytest.fixture
def existing_user(first_user):
    """A user who is there: the body of the POST, and the answer with the user; blocked where there is none."""
    return _existing(first_user, "user")


@pytest.fixture
def existing_group(first_group):
    """A group that is there: the body of the POST, and the answer with the group; blocked where there is none."""
    return _existing(first_group, "group")


@pytest.fixture
def a_user(validator, new_user):
    """A user of this test's own."""
    return validator.created("/Users", new_user())


@pytest.fixture
def a_group(validator, new_group):
    """A group of this test's own."""
    return validator.created("/Groups", new_group())


@pytest.fixture(scope="session")
def lists_right():
    """Judge a list as SCIM Validator does: its own members, how many there are, and what they show."""

    def judge(response: Any, *expected: dict[str, Any]) -> None:
        body, found = answers(response, 200, what="The filter").json_object, listed(response)
        problems = []
        if "totalResults" not in body or LIST_RESPONSE not in (body.get("schemas") or []):
            problems.append("schemas with the ListResponse URI, and totalResults")
        if body.get("totalResults") != len(expected):
            problems.append(f"totalResults {len(expected)}, not {body.get('totalResults')!r}")
        if expected and "Resources" not in body:
            problems.append("Resources")
        for sent in expected:
            name = "userName" if "userName" in sent else "displayName"
            shown = next((each for each in found if str(each.get(name)).lower() == sent[name].lower()), None)
            if shown is None:
                problems.append("the resource that was created")
            elif missing := [each for each in ("id", "schemas", name) if not shown.get(each)]:
                problems.append(f"the required attributes {', '.join(missing)}")
            else:
                problems += unlike(sent, shown)
        if problems:
            raise Violation(
                "The list is not as SCIM Validator wants it.", expected=problems[:8], actual=f"{len(found)} Resources"
            )

    return judge


@pytest.fixture(scope="session")
def patches(validator):
    """Send a PATCH, which has to succeed, and look up afterwards that each value is at its path.

    Whether an answer without a body passes for users is not known: the recorded run had none, so that it is noted.
    """

    def send(endpoint: str, resource: dict[str, Any], operations: list[dict[str, Any]], values: Any) -> dict[str, Any]:
        response = succeeds(validator.patch(place(endpoint, resource), *operations), "The PATCH")
        if response.status == 204 and endpoint == "/Users":
            note("A PATCH of a user is answered 204, which no recorded run of SCIM Validator had; it answered 200.")
        if response.status == 200 and not response.content:
            note(
                "A PATCH is answered 200 without a body: SCIM Validator lets it pass, while RFC 7644 section 3.5.2 "
                "wants the resource, or 204."
            )
        shown = validator.read(place(endpoint, resource))
        keeps(shown, values)
        return shown

    return send


@pytest.fixture(scope="session")
def deletes(validator):
    """Send a DELETE, which SCIM Validator wants to be answered with this status; it notes an error body's form."""

    def send(path: str, status: int) -> Any:
        response = answers(validator.delete(path), status, what=f"DELETE {path.split('/')[1]}")
        notes_errors(response)
        return response

    return send


def notes_errors(response: Any) -> Any:
    """Note where an error is not as the RFC wants it, which SCIM Validator does not look at."""
    if response.status < 400:
        return response
    if response.media_type != "application/scim+json" or not isinstance(response.json_object.get("status"), str):
        note(
            "SCIM Validator does not look at error bodies; RFC 7644 section 3.12 wants them as application/scim+json, "
            "with the status as a text."
        )
    return response


@pytest.fixture(scope="session")
def looks_at_errors():
    """Note where an error is not as the RFC wants it, which SCIM Validator does not look at."""
    return notes_errors

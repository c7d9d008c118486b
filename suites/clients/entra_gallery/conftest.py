"""What Microsoft's tests for the Entra application gallery share: two clients, the bodies they send, the mapping."""

import re
from typing import Any

import pytest

from scim_conformance.judge import Violation
from scim_conformance.judge.vendor_tests import ENTERPRISE, VendorClient, answers, listed

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
FOREIGN_GROUP = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"
WORK = '[type eq "work"]'
MAPPED = {
    "displayName": "Updated SCIM User",
    "title": "Senior Engineer",
    f"emails{WORK}.value": None,
    "preferredLanguage": "en-GB",
    "name.givenName": "UpdatedFirst",
    "name.familyName": "UpdatedLast",
    "name.formatted": "UpdatedFirst UpdatedLast",
    f"addresses{WORK}.formatted": None,
    f"addresses{WORK}.streetAddress": "456 Update Ave",
    f"addresses{WORK}.locality": "London",
    f"addresses{WORK}.region": "England",
    f"addresses{WORK}.postalCode": "EC1A 1BB",
    f"addresses{WORK}.country": "GB",
    f"phoneNumbers{WORK}.value": None,
    'phoneNumbers[type eq "mobile"].value': None,
    'phoneNumbers[type eq "fax"].value': None,
    f"{ENTERPRISE}:employeeNumber": None,
    f"{ENTERPRISE}:department": None,
}
"""The default mapping of users but for userName, active, externalId, roles and the manager, each target with the value
that the tests' parameters give it for an update; None where they invent one."""


@pytest.fixture(scope="session")
def logic_app(scim):
    """The client of the Logic App itself, which names the same media type in Accept and Content-Type."""
    kind = {"Accept": "application/scim+json"}
    return VendorClient(
        scim, "the gallery test", reading=kind, writing={"Content-Type": "application/scim+json", **kind}
    )


@pytest.fixture(scope="session")
def entra(scim):
    """The client of Entra ID, which the Logic App has provision: its default dialect, a content type with charset."""
    return VendorClient(
        scim,
        "the gallery test",
        reading={"Accept": None},
        writing={"Content-Type": "application/scim+json; charset=utf-8"},
    )


@pytest.fixture(scope="session")
def new_user(mark):
    """Write the body of a user as the tests make it from the default mapping and their default properties."""

    def write(**others: Any) -> dict[str, Any]:
        name = mark()
        return {
            "schemas": [USER, ENTERPRISE],
            "externalId": f"{name}-0a21-4f8e",
            "userName": f"lasc{name}@example.com",
            "active": True,
            "displayName": f"User1 {name}",
            "title": "Software Engineer",
            "emails": [{"type": "work", "primary": True, "value": f"{name}@example.com"}],
            "preferredLanguage": "en-US",
            "name": {"givenName": "User1 Given", "familyName": "User", "formatted": "User1 Given User"},
            "addresses": [
                {
                    "type": "work",
                    "primary": True,
                    "formatted": "Building A, Floor 3",
                    "streetAddress": "123 Test Street",
                    "locality": "Seattle",
                    "region": "WA",
                    "postalCode": "98101",
                    "country": "US",
                }
            ],
            "phoneNumbers": [
                {"type": "work", "primary": True, "value": "+1-555-0100"},
                {"type": "mobile", "primary": False, "value": "+1-555-0101"},
                {"type": "fax", "primary": False, "value": "+1-555-0102"},
            ],
            ENTERPRISE: {"employeeNumber": "E12345", "department": "Research"},
            **others,
        }

    return write


@pytest.fixture(scope="session")
def new_group(mark):
    """Write the body of a group as the tests make it; Entra ID names a foreign schema beside the right one."""

    def write(*, schemas: tuple[str, ...] = (GROUP,)) -> dict[str, Any]:
        name = mark()
        return {"schemas": list(schemas), "externalId": f"{name}-8aa1-4bc0", "displayName": f"LASCGroup-{name}"}

    return write


@pytest.fixture
def a_user(logic_app, new_user):
    """A user of this test's own."""
    return logic_app.created("/Users", new_user())


@pytest.fixture
def make_group(groups_are_served, logic_app, new_group):
    """Make a group of this test's own, once the target is seen to have groups."""

    def make() -> dict[str, Any]:
        groups_are_served()
        return logic_app.created("/Groups", new_group())

    return make


@pytest.fixture(scope="session")
def served(features):
    """Leave out what the target's schema of users lacks: an application takes such rows out of its mapping."""
    known = {each.path.lower() for each in features.attributes("User")} if features.schema_of("User") else set()

    def choose(targets: Any) -> list[str]:
        return [each for each in targets if not known or re.sub(r"\[.*\]", "", each).lower() in known]

    return choose


@pytest.fixture
def groups_are_served(features):
    """Raise Violation where the target has no groups: they are mandatory, and every test of them fails then."""

    def judge() -> None:
        if features.resource_type("Group") is None:
            raise Violation(
                "The target serves no groups: the test ends as FAILED, for group provisioning is mandatory.",
                expected=[f"the schema {GROUP} among those of /Schemas"],
                actual="no resource type Group",
            )

    return judge


@pytest.fixture
def managers_are_served(served):
    """A manager: the test is skipped, and lets pass, where the mapping has none."""
    if not served([f"{ENTERPRISE}:manager"]):
        pytest.skip("unsupported: the target's schema of users has no manager, and the test is skipped then")


def by(attribute: str, value: str) -> str:
    """Write the query by which the tests and Entra ID look for somebody."""
    return f'filter={attribute}+eq+"{value.replace("@", "%40")}"'


@pytest.fixture
def found_by():
    """Give the answer's one resource; a violation unless it is a list of just one."""

    def one(response: Any, what: str) -> dict[str, Any]:
        found = listed(answers(response, 200, what="The filter"))
        if len(found) != 1:
            raise Violation(
                f"The filter does not find {what}.", expected=["one resource"], actual=f"{len(found)} resources"
            )
        return found[0]

    return one


@pytest.fixture
def found_nowhere():
    """Raise a violation unless the answer is a list of nobody: totalResults 0, with status 200."""

    def none(response: Any, what: str) -> None:
        body = answers(response, 200, what=f"The filter on {what}").json_object
        if body.get("totalResults") != 0:
            raise Violation(
                f"The filter on {what} finds somebody, or says not how many.",
                expected=["totalResults 0"],
                actual=f"totalResults {body.get('totalResults')!r}",
            )

    return none


@pytest.fixture
def query():
    """Write the query by which the tests and Entra ID look for somebody: `query("userName", name)`."""
    return by


@pytest.fixture
def targets(served):
    """Give the mapped attributes that the target's schema has, each with the value of an update, None to invent one."""
    return {target: MAPPED[target] for target in served(MAPPED)}


@pytest.fixture
def untargeted(targets):
    """Give the mapped attributes that the target's schema lacks, whose rows have to be taken out of the mapping."""
    return [target for target in MAPPED if target not in targets]

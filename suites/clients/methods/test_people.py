"""Credentials tested as each identity provider tests them, and people who are assigned, changed and unassigned."""

import dataclasses

import pytest

from scim_conformance.idp.outcome import Conclusion, concluded
from scim_conformance.judge import Blocked, Violation, expect

NEVER_ISSUED = "never-issued"
CREATED = (Conclusion.CREATED,)
LINKED = (Conclusion.LINKED, Conclusion.UPDATED, Conclusion.UNCHANGED, Conclusion.ENABLED)


def must(holds, message: str, expected: str, actual: str) -> None:
    """Raise a violation unless something holds."""
    if not holds:
        raise Violation(message, expected=[expected], actual=actual)


def first_name(account):
    """Give the first name of an account."""
    return (account.get("name") or {}).get("givenName")


# -- credentials ------------------------------------------------------------------------------


@pytest.mark.requirement("METHOD-12")
def test_credentials_are_accepted(job):
    """The identity provider's own test of the credentials succeeds."""
    concluded(job.idp.test_connection(), Conclusion.CONNECTED)


@pytest.mark.requirement("METHOD-13")
@pytest.mark.parametrize("kind", ["never generated", "reset"])
def test_other_credentials_are_refused(set_up, method, kind):
    """With a token that was never generated, or was reset, the test of the credentials fails."""

    def wrong(held):
        return dataclasses.replace(held, token=type(held.token)(NEVER_ISSUED)) if kind == "never generated" else held

    connection = set_up(method, credentials=wrong)
    if kind == "reset" and connection.saved.reset()[0] is None:
        raise Blocked("resetting gives no token")
    outcome = connection.job.idp.test_connection()
    must(not outcome.ok, "The test of the credentials succeeds with a token that is not in force.", "it fails",
         str(outcome.conclusion))  # fmt: skip


# -- people -----------------------------------------------------------------------------------


@pytest.mark.requirement("METHOD-14")
def test_assigned_people_get_an_account(job, person, account_of, seen):
    """A person who is assigned gets an account, found by the unique identifier, active, with the right name."""
    account = account_of(person)
    found = concluded(job.idp.match_user(person), Conclusion.LINKED)
    must((found.resource or {}).get("id") == account["id"], "The unique identifier finds another account.",
         account["id"], repr((found.resource or {}).get("id")))  # fmt: skip
    shown = seen(account) or {}
    wanted = person.get("firstName") or person.get("givenName") or person["name"]["givenName"]
    must(first_name(shown) == wanted, "The account has another name.", wanted, repr(first_name(shown)))
    must(shown.get("active") in (True, None), "The account of an assigned person is not active.", "active = true",
         repr(shown.get("active")))  # fmt: skip


@pytest.mark.requirement("METHOD-15")
def test_known_people_are_linked(job, person, account_of):
    """A person who has an account already is linked to it: another job finds it and creates none."""
    account = account_of(person)
    outcome = concluded(job.another().assign(person), *LINKED)
    must((outcome.resource or {}).get("id") == account["id"], "A person who has an account is given another one.",
         account["id"], repr((outcome.resource or {}).get("id")))  # fmt: skip


@pytest.mark.requirement("METHOD-16")
def test_changes_arrive(job, person, account_of, seen):
    """A change of a mapped attribute arrives in the account."""
    account, after = account_of(person), job.changed(person)
    concluded(job.update(account, person, after), Conclusion.UPDATED)
    shown = seen(account) or {}
    must(first_name(shown) == "Changed", "A change of a name does not arrive.", "Changed", repr(first_name(shown)))


@pytest.mark.requirement("METHOD-17")
def test_unassigned_people_lose_access(job, method, person, account_of, seen):
    """A person who is unassigned loses access: the account is deactivated and still there, with custom deleted."""
    account = account_of(person)
    concluded(job.unassign(account), Conclusion.DELETED if method == "custom" else Conclusion.DISABLED)
    shown = seen(account)
    if method == "custom":
        must(shown is None, "The account of an unassigned person is still there.", "404", "the account")
        return
    must(shown is not None, "The account of an unassigned person is gone.", "the account, not active", "404")
    must(shown.get("active") is False, "The account of an unassigned person is active.", "active = false",
         repr(shown.get("active")))  # fmt: skip
    found = concluded(job.idp.match_user(person))
    must((found.resource or {}).get("id") == account["id"], "The account of an unassigned person is not found.",
         account["id"], repr((found.resource or {}).get("id")))  # fmt: skip


@pytest.mark.requirement("METHOD-18")
def test_people_who_come_back_have_access(job, method, person, account_of, seen, provisioned):
    """A person who is assigned again has access again: to the former account, with custom to a new one."""
    account = account_of(person)
    if not job.unassign(account).ok:
        raise Blocked("unassigning a person failed")
    if (seen(account) is None) != (method == "custom"):
        raise Blocked("the account of an unassigned person is not what it should be")
    outcome = concluded(job.reassign(account, person), *(CREATED if method == "custom" else LINKED))
    again = outcome.resource or {}
    if method == "custom":
        shown = seen(again)
        provisioned[0].discard(("/Users", again["id"]))
        must(shown is not None, "The new account of a person who came back is not there.", "the account", "404")
        return
    must(again.get("id") == account["id"], "A person who came back is given another account.", account["id"],
         repr(again.get("id")))  # fmt: skip
    shown = seen(account) or {}
    must(shown.get("active") is True, "The account of a person who came back is not active.", "active = true",
         repr(shown.get("active")))  # fmt: skip


# -- custom -----------------------------------------------------------------------------------


@pytest.fixture
def custom(connections):
    """A company with the method custom, and a person whom it has."""
    connection = connections("custom")
    return connection.client, connection.job


@pytest.fixture
def colleague(custom, mark):
    """A person and the account of it."""
    client, job = custom
    person = job.person(mark())
    outcome = job.assign(person)
    if not (outcome.resource or {}).get("id"):
        raise Blocked(f"creating a user failed: {outcome.shown}")
    yield person, outcome.resource
    client.discard(("/Users", outcome.resource["id"]))


@pytest.mark.requirement("METHOD-19")
@pytest.mark.parametrize("origin", [None, "other.example.net"], ids=["none", "another"])
@pytest.mark.parametrize("operation", ["search", "create", "update", "delete"])
def test_custom_requests_name_their_origin(custom, colleague, mark, operation, origin):
    """Without the service origin, or with another one, nothing is found, created, updated or deleted."""
    (client, job), (person, account) = custom, colleague
    stranger = {"credentials": dataclasses.replace(client.target.credentials, origin=origin)}
    new = job.person(mark())
    answer = {
        "search": lambda: job.idp.search(person["userName"], **stranger),
        "create": lambda: job.idp.create(job.idp.body(new), **stranger),
        "update": lambda: job.idp.update(account["id"], job.idp.update_body(job.changed(person)), **stranger),
        "delete": lambda: job.idp.delete(account["id"], **stranger),
    }[operation]()
    expect(answer).refused(401)
    still = client.read(("/Users", account["id"]))
    unharmed = still.status == 200 and first_name(still.body) != "Changed"
    expect(still).where(unharmed, expected="the user as before")
    if operation == "create":
        found = job.idp.search(new["userName"])
        expect(found).where(not found.body.get("Resources"), expected="no user: creating it was refused")


@pytest.mark.requirement("METHOD-20")
def test_custom_users_are_in_the_default_workspace(colleague, administrator):
    """A user for whom no workspace is named is added to the default workspace of the settings."""
    _, account = colleague
    groups = (account.get("permissions") or {}).get("appGroup") or []
    found = [group.get("appGroupName") for group in groups]
    wanted = administrator.required()["default_workspace"]
    must(found == [wanted], "A new user is not in the default workspace.", wanted, repr(found))

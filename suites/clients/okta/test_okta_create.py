"""Okta's creation of users: what it sends with each, and what has to come back."""

import pytest

from scim_conformance.idp.okta.profile import new_user
from scim_conformance.idp.okta.reading import detail_of, with_status
from scim_conformance.idp.outcome import Conclusion, concluded
from scim_conformance.judge import Blocked, Violation, differences, expect, warn

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
STRONG = "Zz9!okta-placeholder-Q7"
NEEDED = ("userName", "name", "emails", "active")


def kept(sent, shown):
    """Expect that what was sent is shown, by meaning."""
    lost = differences(sent, with_status(shown), ())
    if lost:
        raise Violation("The user is not as Okta sent it.", expected=["the values as they were sent"], actual=lost[0])


@pytest.fixture
def again(wizard, someone):
    """Create another person as Okta does, but for what is given; None leaves a member out."""

    def post(media_type=None, **changes):
        body = new_user(wizard.profile(someone(), creating=True)) | changes
        sent = {name: value for name, value in body.items() if value is not None}
        headers = {"content-type": media_type} if media_type else {}
        return wizard.wire.ask("POST", "/Users", body=sent, headers=headers)

    return post


@pytest.mark.requirement("OKTA-U03")
def test_a_user_is_created(creation):
    """Okta creates a user and gets it back with its id."""
    concluded(creation().outcome, Conclusion.CREATED)


@pytest.mark.requirement("OKTA-U03-a")
def test_a_created_user_is_as_sent(wizard, created, seen):
    """A user that Okta created has the userName, name, e-mail address and status that were sent."""
    profile = wizard.profile(created().person)
    kept({name: profile[name] for name in NEEDED}, seen())


@pytest.fixture
def conflict(once, wizard, created):
    """The answer to creating a user who is there."""
    person = created().person
    return once("okta creates a user twice", lambda: wizard.create_user(person).responses[-1])


@pytest.mark.requirement("OKTA-U03-b")
def test_a_user_is_not_created_twice(conflict):
    """Okta's creation of a user who is there is answered with 409."""
    expect(conflict).status(409)


@pytest.mark.requirement("OKTA-Q09")
def test_a_conflict_says_what_is_wrong(conflict):
    """The 409 has a detail, which Okta shows to the administrator."""
    if conflict.status != 409:
        raise Blocked("a user who is there is not answered with 409, which another check judges")
    expect(conflict).where(bool(detail_of(conflict)), expected="an error body with detail")


@pytest.mark.requirement("OKTA-U03-c")
def test_the_id_in_okta_is_kept(created, seen):
    """The externalId that Okta sends, the id of the person there, is kept."""
    kept({"externalId": created().person["id"]}, seen())


@pytest.mark.requirement("OKTA-U03-d")
def test_enterprise_attributes_are_kept(wizard, someone, created, preparing):
    """A user that Okta creates with an enterprise attribute has it."""
    created()
    person = someone(department="Tour Operations", employeeNumber="701984")
    user = concluded(wizard.create_user(person), Conclusion.CREATED).resource
    kept({ENTERPRISE: wizard.profile(person)[ENTERPRISE]}, preparing(wizard.read_user(user)).resource)


@pytest.mark.requirement("OKTA-U03-e")
def test_a_password_is_never_shown(created, seen):
    """The password that Okta sends with each user comes back neither with the new user nor with GET."""
    for where, shown in (("the answer to POST", created().user), ("GET", seen())):
        if "password" in {name.lower() for name in shown}:
            raise Violation(f"{where} shows the password.", expected=["no password"], actual="a member password")


@pytest.mark.requirement("OKTA-T01")
def test_the_media_type_of_okta_is_accepted(creation, blame, again):
    """A body of type application/scim+json with a charset, as Okta sends it, is accepted."""
    blame(creation().outcome, "the charset in the Content-Type", lambda: again("application/scim+json"))


@pytest.mark.requirement("OKTA-T05")
def test_plain_json_is_accepted(created, again):
    """A user posted as application/json, as in Okta's SPEC test, is created."""
    created()
    expect(again("application/json")).status(201, tolerated=(200,))


@pytest.mark.requirement("OKTA-Q04")
def test_empty_groups_are_ignored(creation, blame, again):
    """The empty list of groups that Okta sends with each new user is not refused."""
    blame(creation().outcome, "the empty groups", lambda: again(groups=None))


@pytest.mark.requirement("OKTA-Q05")
def test_a_password_is_accepted(again):
    """The placeholder that Okta sends as the password of each new user is not refused."""
    response = again()
    if response.status < 300:
        return
    if again(password=STRONG).status < 300:
        wanted = "a placeholder of eight letters and digits taken"
        warn("The target's policy refuses a placeholder like that of Okta's reference.", expected=[wanted])
    elif again(password=None).status < 300:
        expect(response).status(201)
    else:
        raise Blocked("a user is refused with a password and without, which another check judges")

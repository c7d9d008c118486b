"""The cases of Okta's test plan about users, by their numbers: what Okta sends for each, and what it needs."""

import pytest

from scim_conformance.judge import Violation, note
from scim_conformance.judge.vendor_tests import answers, keeps, listed, place, succeeds, value_at, veiled

DEACTIVATION = {"op": "replace", "value": {"active": False}}
REACTIVATION = {"op": "replace", "value": {"active": True}}


@pytest.mark.requirement("OKTA-OIN-C9290")
def test_assign_user(okta, new_user, matched):
    """Okta's case C9290: a user who is assigned is looked for, created, and there as sent."""
    sent = new_user()
    if matched("/Users", "userName", sent["userName"]):
        raise Violation("The filter finds somebody who is not there.", expected=["nobody"], actual="a user")
    made = answers(okta.post("/Users", sent), 201, what="The POST of an assigned user").json_object
    if not made.get("id"):
        raise Violation("The answer to the POST shows no user.", expected=["the user with an id"], actual="none")
    shown = okta.read(place("/Users", made))
    values = ["userName", "name.givenName", "name.familyName", "active"]
    keeps(shown, [(path, value_at(sent, path)) for path in values])
    if sent["password"] in str(made) + str(shown):
        raise Violation("A password that was sent is shown.", expected=["no password"], actual="the password")


@pytest.mark.requirement("OKTA-OIN-C9291", "OKTA-OIN-C9309")
def test_update_user(a_user, profile_pushed):
    """Okta's cases C9291 and C9309: a profile that changes is pushed by a PUT of what was read and has changed."""
    shown = profile_pushed(a_user, name={"givenName": "Another"})
    keeps(shown, [("name.givenName", "Another"), ("userName", a_user["userName"]), ("active", True)])


@pytest.mark.requirement("OKTA-OIN-C9310")
def test_update_several_attributes(a_user, mark, profile_pushed):
    """Okta's case C9310: several attributes change at once."""
    name = mark()
    mail = [{"primary": True, "value": f"{name}@example.com", "type": "work", "display": f"{name}@example.com"}]
    changes = {"name": {"givenName": "Another", "middleName": "Excited"}, "displayName": f"Another {name}"}
    shown = profile_pushed(a_user, **changes, emails=mail)
    keeps(shown, [("name.givenName", "Another"), ("name.middleName", "Excited"), ("displayName", f"Another {name}")])
    keeps(shown, [('emails[type eq "work"].value', f"{name}@example.com")])


@pytest.mark.requirement("OKTA-OIN-C9337")
def test_push_empty_values(okta, new_user, profile_pushed):
    """Okta's case C9337: an attribute that an update leaves out has no value afterwards."""
    user = okta.created("/Users", new_user(title="Clerk"))
    left = profile_pushed(user, title=None).get("title")
    if left:
        raise Violation("The title that the PUT left out is still there.", expected=["no title"], actual=str(left))


@pytest.mark.requirement("OKTA-OIN-C9292")
def test_deactivate_user(a_user, pushed):
    """Okta's case C9292: a user who is deactivated is inactive."""
    keeps(pushed("/Users", a_user, DEACTIVATION, what="The PATCH that deactivates"), [("active", False)])


@pytest.mark.requirement("OKTA-OIN-C9293")
def test_reactivate_user(okta, new_user, pushed):
    """Okta's case C9293: a user who is reactivated is active."""
    user = okta.created("/Users", new_user())
    succeeds(okta.patch(place("/Users", user), DEACTIVATION), "The PATCH that deactivates")
    keeps(pushed("/Users", user, REACTIVATION, what="The PATCH that reactivates"), [("active", True)])


@pytest.mark.requirement("OKTA-OIN-C9294", "OKTA-OIN-C9311")
def test_unassign_user(a_user, pushed, linked):
    """Okta's cases C9294 and C9311: a user who is unassigned is inactive, and still there to be linked again."""
    keeps(pushed("/Users", a_user, DEACTIVATION, what="The PATCH that unassigns"), [("active", False)])
    linked("/Users", "userName", a_user)


@pytest.mark.requirement("OKTA-OIN-C9301", "OKTA-OIN-C9302")
def test_push_password(okta, a_user, mark):
    """Okta's cases C9301 and C9302: a password that is pushed is taken, twice, and not shown."""
    for turn in ("first", "second"):
        secret = f"8kq{mark()}Z4-"
        response = okta.patch(place("/Users", a_user), {"op": "replace", "value": {"password": secret}})
        succeeds(response, f"The PATCH of the {turn} password")
        if secret in response.text:
            raise Violation("A password that was pushed is shown.", expected=["no password"], actual="the password")


@pytest.mark.requirement("OKTA-OIN-C9303")
def test_import_users(a_user, imported):
    """Okta's case C9303: the pages of an import hold a user who was just created."""
    keeps(imported("/Users", a_user["id"]), [("userName", a_user["userName"])])


@pytest.mark.requirement("OKTA-OIN-C9304")
def test_import_changed_users(okta, a_user, mark, imported):
    """Okta's case C9304: the pages of an import show what has changed of a user."""
    new = f"Changed {mark()}"
    change = {"op": "replace", "path": "displayName", "value": new}
    succeeds(okta.patch(place("/Users", a_user), change), "The PATCH of displayName")
    keeps(imported("/Users", a_user["id"]), [("displayName", new)])


@pytest.mark.requirement("OKTA-OIN-C9305")
def test_import_inactive_users(okta, a_user, imported):
    """Okta's case C9305: the pages of an import show an inactive user, and that it is inactive."""
    succeeds(okta.patch(place("/Users", a_user), DEACTIVATION), "The PATCH that deactivates")
    keeps(imported("/Users", a_user["id"]), [("active", False)])


@pytest.mark.requirement("OKTA-OIN-C9335")
def test_assign_user_already_there(a_user, linked, profile_pushed):
    """Okta's case C9335: a user who is in the application already is linked and updated, not doubled."""
    user = linked("/Users", "userName", a_user)
    keeps(profile_pushed(user, name={"givenName": "Linked"}, active=True), [("name.givenName", "Linked")])
    linked("/Users", "userName", a_user)


@pytest.mark.requirement("OKTA-OIN-C9340")
def test_wrong_credentials(scim, okta):
    """Okta's case C9340: wrong credentials are refused where Okta tests them."""
    response = veiled(okta.get("/Users", "startIndex=1&count=2", Authorization="Bearer wrong-credentials"), scim)
    if response.status == 403:
        note("Wrong credentials are answered 403: Okta shows an error, but RFC 6750 section 3.1 wants 401.")
        return
    answers(response, 401, what="The test of wrong credentials")
    if listed(response):
        raise Violation("Whoever has wrong credentials is shown users.", expected=["nothing"], actual="users")

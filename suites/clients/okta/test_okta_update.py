"""Okta's profile push: GET, then PUT of all that came back with the changes over it."""

from copy import deepcopy

import pytest

from scim_conformance.idp.okta.profile import merged
from scim_conformance.idp.okta.reading import with_status
from scim_conformance.idp.outcome import Conclusion, concluded
from scim_conformance.judge import Violation, differences, expect


@pytest.mark.requirement("OKTA-U06")
def test_a_profile_is_updated(pushing):
    """Okta's PUT of a changed profile is answered with the updated user, and the change is stored."""
    concluded(pushing().outcome, Conclusion.UPDATED)
    expect(pushing().outcome.responses[-1]).status(200, tolerated=(204,))
    lost = differences({"name": {"givenName": "Bea", "middleName": "Excited"}}, pushing().after, ())
    if lost:
        raise Violation("The profile push did not arrive.", expected=["the new names"], actual=lost[0])


@pytest.mark.requirement("OKTA-U06-a")
def test_a_profile_push_keeps_the_rest(wizard, replaced):
    """Okta's PUT of a changed profile keeps what it repeats unchanged."""
    update = replaced()
    sent = wizard.profile(update.person)
    rest = {name: sent[name] for name in ("userName", "displayName", "emails", "active", "title")}
    first = preparing_values(rest, update.user)
    lost = differences(first | {"name": {"familyName": update.person["lastName"]}}, with_status(update.after), ())
    if lost:
        raise Violation("A profile push lost something else.", expected=["the rest as it was"], actual=lost[0])


def preparing_values(rest, user):
    """Leave out what was not there before either: whether it is kept at all is for another check."""
    return {name: value for name, value in rest.items() if not differences({name: value}, user, ())}


@pytest.mark.requirement("OKTA-Q01")
def test_an_id_stays(replaced, linked, seen, matching):
    """A user has one id: in the answer to POST, in GET, in a match, and after an update."""
    created, update = linked().user["id"], replaced()
    matched = matching().resource
    ids = {"GET": seen()["id"], "the match": matched["id"] if matched else created}
    wrong = {where: id_ for where, id_ in ids.items() if id_ != created}
    pairs = {"the answer to PUT": update.outcome.resource["id"], "GET after PUT": update.after["id"]}
    wrong |= {where: id_ for where, id_ in pairs.items() if id_ != update.user["id"]}
    if wrong:
        raise Violation("The id of a user is not always the same.", expected=[created], actual=str(wrong)[:300])


@pytest.mark.requirement("OKTA-Q06")
def test_readonly_attributes_are_ignored(wizard, pushing, blame, scim):
    """The id, meta and groups that Okta sends back with each PUT are not refused."""

    def without():
        body = merged(pushing().after, {"name": {"givenName": "Bea"}})
        return wizard.wire.ask("PUT", scim.location(pushing().user), body=_less(body, "id", "meta", "groups"))

    blame(pushing().outcome, "id, meta or groups", without)


def _less(body, *names):
    return {name: value for name, value in body.items() if name not in names}


@pytest.mark.requirement("OKTA-Q07")
def test_the_display_of_an_address_is_accepted(wizard, replaced, blame, scim):
    """The display of an e-mail address that Okta sends back with a PUT is not refused."""
    update = replaced()
    emails = deepcopy(update.after.get("emails") or wizard.profile(update.person)["emails"])
    shown = [{**one, "display": one.get("value")} for one in emails]
    body = merged(update.after, {})
    outcome = wizard.put_user(update.user, {**body, "emails": shown}, Conclusion.UPDATED, "update user")
    blame(
        outcome,
        "the display of the e-mail address",
        lambda: wizard.wire.ask("PUT", scim.location(update.user), body=body),
    )


@pytest.mark.requirement("OKTA-Q15")
def test_groups_that_come_back_change_nothing(wizard, replaced, pushed, staff, preparing):
    """A profile push of a user who is in a group leaves the membership."""
    replaced()
    group = pushed()
    member = preparing(wizard.read_user(staff()[0])).resource
    outcome = wizard.put_user(member, merged(member, {"title": "Guide"}), Conclusion.UPDATED, "update user")
    concluded(outcome, Conclusion.UPDATED)
    left = preparing(wizard.read_group(group)).resource
    if member["id"] not in {one.get("value") for one in left.get("members") or []}:
        raise Violation("A profile push took the user out of a group.", expected=["still a member"], actual="no member")

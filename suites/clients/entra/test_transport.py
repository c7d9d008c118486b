"""How Entra ID's requests look on the wire: encodings, media types, and the flag behind every URL."""

import pytest

from scim_conformance.idp.entra.bodies import user_body
from scim_conformance.idp.outcome import Conclusion, concluded
from scim_conformance.judge import expect

UNSUPPORTED = 415
RENAMING = {"op": "replace", "path": "displayName", "value": "Ada Byron"}


@pytest.mark.requirement("ENTRA-T01")
def test_a_get_needs_no_content_type(by_id):
    """A GET without Content-Type is answered, not refused as an unsupported media type."""
    expect(by_id.responses[-1]).status(200)


@pytest.mark.requirement("ENTRA-T02")
def test_the_media_type_may_name_the_charset(newly_created, by_capital):
    """A POST and a PATCH of the type application/scim+json; charset=utf-8 are not refused for it."""
    for response in (newly_created.responses[-1], by_capital.responses[-1]):
        expect(response).where(response.status != UNSUPPORTED, expected="any status but 415")


@pytest.mark.requirement("ENTRA-T03")
@pytest.mark.usefixtures("searches")
def test_the_flag_changes_nothing_in_queries(flagged, somebody):
    """A user is read and found by URLs that carry the flag."""
    concluded(flagged.read_user(somebody), Conclusion.LINKED)
    concluded(flagged.match("userName", somebody["userName"]), Conclusion.LINKED)


@pytest.mark.requirement("ENTRA-T03")
@pytest.mark.usefixtures("documented")
def test_the_flag_changes_nothing_in_writes(flagged, scim_session, sample):
    """POST, PATCH and DELETE whose URLs carry the flag are performed."""
    resource = concluded(flagged.create(user_body(sample())), Conclusion.CREATED).resource
    try:
        concluded(flagged.operate(resource, RENAMING), Conclusion.UPDATED)
        concluded(flagged.delete_user(resource), Conclusion.DELETED)
    finally:
        scim_session.discard([resource])


@pytest.mark.requirement("ENTRA-T04-a")
@pytest.mark.usefixtures("plain_search")
def test_a_plus_sign_stands_for_a_blank(by_name):
    """A filter with plus signs for blanks and %40 for the at sign finds whom it names."""
    concluded(by_name, Conclusion.LINKED)


@pytest.mark.requirement("ENTRA-T04-b")
@pytest.mark.usefixtures("searches")
def test_names_with_a_plus_sign_or_an_apostrophe_are_found(entra, hired, address):
    """A user whose name has a plus sign and an apostrophe in it is found."""
    user = hired(userName=address("o'hara+ada-"))
    concluded(entra.match("userName", user["userName"]), Conclusion.LINKED)


@pytest.mark.requirement("ENTRA-T05")
def test_answers_are_of_scims_own_media_type(by_id):
    """The answer to a GET is of the media type application/scim+json."""
    expect(by_id.responses[-1]).media_type()

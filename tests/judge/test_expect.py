"""Expectations: what they let through, what they warn of, what they call a violation, and in which words."""

import pytest

from scim_conformance.judge import Violation, expect
from scim_conformance.judge.verdicts import Observations, observing

ERROR = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "404", "detail": "No such user."}


@pytest.fixture
def seen():
    """What the expectations of a test record."""
    with observing(Observations()) as observations:
        yield observations


def broken(call):
    """The violation that a call raises."""
    with pytest.raises(Violation) as caught:
        call()
    return caught.value.finding


def test_a_chain_reads_as_a_sentence(answer, seen):
    """What is right passes without a word."""
    expect(answer(204, method="DELETE")).status(204).no_body().no_header("Location")
    assert seen.warnings == []


def test_another_status_is_a_violation_that_names_both(answer):
    """A violation names the call, what would have been right, and what came."""
    finding = broken(lambda: expect(answer(200, {"id": "1"}, method="DELETE")).status(204))
    assert finding.message == "DELETE http://scim.test/Users/1 answered 200 OK."
    assert finding.expected == ("status 204 No Content",)
    assert finding.actual == 'status 200 OK, body {"id": "1"}'


def test_a_tolerated_status_is_a_warning(answer, seen):
    """A status that is tolerated lets the chain go on, with a warning."""
    expect(answer(410)).status(404, tolerated=(410,))
    assert [warning.actual for warning in seen.warnings] == ["status 410 Gone, no body"]


def test_should_turns_a_violation_into_a_warning(answer, seen):
    """Behind should, the chain goes on."""
    expect(answer(201)).status(201).should.header("Location").json_object()
    assert [warning.message.split(" answered ")[1] for warning in seen.warnings] == [
        "without the header Location.",
        "with a body that is no JSON object: the body is empty",
    ]


@pytest.mark.parametrize("status", [200, 204, 302, 500, 501])
def test_anything_but_a_4xx_is_no_refusal(answer, status):
    """A success, a redirect and a server error are no refusals."""
    assert "refusal" in broken(lambda: expect(answer(status)).refused(400)).expected[0]


def test_another_4xx_and_another_scim_type_are_warnings(answer, seen):
    """Right refusal, wrong decoration: a warning each."""
    expect(answer(422, ERROR | {"scimType": "uniqueness"})).refused(400, scim_type=("invalidValue", "invalidSyntax"))
    assert [warning.expected for warning in seen.warnings] == [
        ("status 400 Bad Request",),
        ("scimType invalidValue or invalidSyntax",),
    ]


def test_a_preferred_501_is_a_refusal(answer, seen):
    """Where 501 is a right answer, it is let through."""
    expect(answer(501)).refused(501, 405)
    assert seen.warnings == []


def test_error_bodies(answer, seen):
    """An error body has its schema and the status as a string; a number is a warning, another status a violation."""
    expect(answer(404, ERROR)).error()
    assert seen.warnings == []
    expect(answer(404, ERROR | {"status": 404})).error()
    assert len(seen.warnings) == 1
    assert '"status": "404"' in broken(lambda: expect(answer(404, ERROR | {"status": "400"})).error()).expected
    assert "no JSON object" in broken(lambda: expect(answer(404)).error()).message
    assert broken(lambda: expect(answer(404, {"status": "404"})).error()).expected[0].startswith('"schemas" with')


def test_media_types(answer, seen):
    """The SCIM type with any parameter passes, application/json is a warning, anything else a violation."""
    expect(answer(200, {}, media_type="application/scim+json; charset=utf-8")).media_type()
    assert seen.warnings == []
    expect(answer(200, {}, media_type="application/json")).media_type()
    assert len(seen.warnings) == 1
    assert (
        broken(lambda: expect(answer(200, {}, media_type="text/html")).media_type()).actual == "Content-Type: text/html"
    )


def test_members_are_found_in_any_letter_case(answer):
    """Attribute names are case-insensitive (RFC 7643 section 2.1)."""
    response = answer(200, {"Name": {"givenName": "Ada"}, "emails": []})
    expect(response).has("name.givenname", "Ada").lacks("emails").lacks("title")
    assert broken(lambda: expect(response).has("name.givenName", "Bob")).actual == 'name.givenName = "Ada"'
    assert broken(lambda: expect(response).lacks("name.givenName")).expected == ("no member name.givenName",)
    assert broken(lambda: expect(response).has("title")).expected == ("a member title",)


def test_message_schemas(answer):
    """A body is held against the message schema, and every problem is said with its place."""
    page = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": 0}
    expect(answer(200, page)).schema("list-response")
    finding = broken(lambda: expect(answer(200, page | {"totalResults": "0"})).schema("list-response"))
    assert "totalResults" in finding.expected[0]


def test_headers_by_value_and_pattern(answer):
    """A header can be asked for by value or by pattern, whatever the letter case of its name."""
    response = answer(401, WWW_Authenticate='Bearer realm="x"')
    expect(response).header("www-authenticate", matches="^Bearer ").header(
        "WWW-Authenticate", equals='Bearer realm="x"'
    )
    assert broken(lambda: expect(response).header("www-authenticate", equals="Basic")).actual.startswith("www-auth")
    assert broken(lambda: expect(response).header("Location")).message.endswith("without the header Location.")

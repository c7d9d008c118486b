"""Which status code and which scimType say what is wrong, RFC 7644 section 3.12, Tables 8 and 9."""

import pytest

from scim_conformance.judge import Blocked, Violation, expect

SYNTAX = ("invalidSyntax", "invalidValue")
"""Which of both a target uses for a bad body, a missing value and a wrong type is open (A39)."""


def scim_type(response, *wanted):
    """Expect one of these keywords in the body of an error."""
    body = response.json if response.is_json and isinstance(response.json, dict) else {}
    found = body.get("scimType")
    expect(response).where(
        found in wanted, expected=f"scimType {' or '.join(wanted)}", actual=f"scimType {found!r}: {response.text[:120]}"
    )


def refused(gallery, kind):
    """Give the refusal of a kind; that there is one at all is judged elsewhere."""
    response = gallery.one(kind)
    if not 400 <= response.status < 500:
        raise Blocked(f"the target does not refuse it but answers {response.status}")
    return response


@pytest.mark.requirement("RFC7644-3.12-09", "RFC7644-3.12-05")
@pytest.mark.parametrize("kind", ["malformed", "malformed replace", "malformed search"])
def test_body_that_is_no_json_answers_400(gallery, kind):
    """A POST, a PUT and a search whose body is no JSON are answered 400."""
    response = gallery.one(kind)
    if kind == "malformed replace" and response.status in (405, 501):
        raise Blocked(f"a plain PUT does not work: it answered {response.status}")
    expect(response).refused(400)


@pytest.mark.requirement("RFC7644-3.12-22")
@pytest.mark.parametrize("kind", ["malformed", "malformed replace", "malformed search"])
def test_body_that_is_no_json_is_invalid_syntax(gallery, kind):
    """A body that is no JSON is refused with the scimType invalidSyntax."""
    scim_type(refused(gallery, kind), *SYNTAX)


@pytest.mark.requirement("RFC7644-3.12-25")
@pytest.mark.parametrize("kind", ["missing value", "wrong type"])
def test_bad_value_is_invalid_value(gallery, kind):
    """A body that lacks a required value, or has one of a wrong type, is refused with 400 and invalidValue."""
    response = refused(gallery, kind)
    expect(response).status(400)
    scim_type(response, *SYNTAX)


@pytest.mark.requirement("RFC7644-3.12-12", "RFC7644-3.12-05")
def test_unknown_endpoint_answers_404(gallery):
    """A GET of an endpoint that does not exist is answered 404."""
    expect(gallery.one("unknown endpoint")).refused(404).should.error()


@pytest.mark.requirement("RFC7644-3.12-13", "RFC7644-3.12-05")
def test_duplicate_answers_409(gallery):
    """A POST of a userName that is taken is answered 409."""
    response = gallery.one("duplicate")
    if response.status == 201:
        raise Blocked("a second user of the same name was created, which another check judges")
    expect(response).refused(409)


@pytest.mark.requirement("RFC7644-3.12-20")
def test_duplicate_is_called_uniqueness(gallery):
    """A POST of a userName that is taken is refused with the scimType uniqueness."""
    scim_type(refused(gallery, "duplicate"), "uniqueness")


@pytest.mark.requirement("RFC7644-3.12-15")
def test_too_large_a_job_answers_413(gallery):
    """A bulk job larger than maxPayloadSize is answered 413, with the limit in the body."""
    response = gallery.one("too large")
    expect(response).status(413)
    limit = str(gallery.max_payload_size)
    digits = "".join(character for character in response.text if character not in ",._ ")
    expect(response).should.where(limit in digits, expected=f"a body that names the limit, {limit} bytes")


@pytest.mark.requirement("RFC7644-3.12-26")
def test_other_version_is_invalid_vers(gallery):
    """A request for a version that does not exist is answered 400 with invalidVers, or 404."""
    response = gallery.one("other version")
    if response.is_success:
        pytest.skip("unsupported: the target serves any version, which another check judges")
    if response.status != 404:
        expect(response).status(400)
        scim_type(response, "invalidVers")


@pytest.mark.requirement("RFC7644-3.12-27")
def test_sensitive_filter_is_called_sensitive(gallery):
    """A filter in a URL that the target's policy forbids is refused with 403 or 400 and the scimType sensitive."""
    response = refused(gallery, "sensitive filter")
    if response.status not in (400, 403):
        raise Violation("It was refused otherwise.", expected=["status 403 or 400"], actual=f"status {response.status}")
    scim_type(response, "sensitive")

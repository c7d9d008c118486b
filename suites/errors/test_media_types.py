"""Media types of requests and answers, RFC 7644 sections 3.1, 3.8 and 8.1, RFC 9110 sections 8.3 and 15.5."""

import pytest

from scim_conformance.judge import Blocked, expect, warn

SCIM_JSON = "application/scim+json"
TOLERATED = ("application/json", "application/problem+json")
GOOD = ("create", "read", "list", "search", "replace", "patch", "configuration", "resource types", "schemas")


@pytest.mark.requirement("RFC9110-8.3-01")
def test_every_body_has_a_content_type(gallery):
    """Every answer with a body has a Content-Type header."""
    offending = [(one, "no Content-Type") for _, one in gallery.every() if one.content and not one.media_type]
    gallery.reject(offending, "A body has no Content-Type.", expected=[f"Content-Type: {SCIM_JSON}"])


@pytest.mark.requirement("RFC7644-3.1-01", "RFC7644-8.1-01")
def test_answers_are_scim_json(gallery):
    """Every successful answer with a body is application/scim+json; application/json is tolerated."""
    offending = []
    for _, response in gallery.every(*GOOD):
        found = response.media_type
        if response.status >= 300 or not response.content or found in ("", SCIM_JSON):
            continue
        if found == "application/json":
            warn("An answer is application/json.", expected=[SCIM_JSON], actual=f"Content-Type: {found}")
        else:
            offending.append((response, f"Content-Type: {found}"))
    gallery.reject(offending, "An answer is no SCIM JSON.", expected=[SCIM_JSON])


@pytest.mark.requirement("RFC7644-3.1-01", "RFC7644-8.1-01")
def test_errors_are_scim_json(gallery, refusals, is_outside):
    """Every error with a body is application/scim+json; application/json and application/problem+json are tolerated."""
    offending = []
    for kind, response in refusals:
        found = response.media_type
        if not response.content or found in ("", SCIM_JSON):
            continue
        if found in TOLERATED or is_outside(kind):
            warn(f"An error is {found}.", expected=[SCIM_JSON], actual=f"{kind}: Content-Type: {found}")
        else:
            offending.append((response, f"Content-Type: {found}"))
    gallery.reject(offending, "An error is no SCIM JSON.", expected=[SCIM_JSON])


@pytest.mark.requirement("RFC7644-3.8-08")
@pytest.mark.parametrize("accept", ["nothing", "anything"])
def test_answer_is_scim_json_unless_asked_otherwise(gallery, accept):
    """A GET without Accept, or with Accept: */*, is answered as application/scim+json, else application/json."""
    _reading(gallery)
    expect(gallery.one(f"accept {accept}")).status(200).media_type()


@pytest.mark.requirement("RFC7644-3.8-06")
def test_scim_json_is_acceptable_everywhere(gallery):
    """No endpoint answers Accept: application/scim+json with 406."""
    offending = [(one, "status 406 Not Acceptable") for _, one in gallery.every() if one.status == 406]
    gallery.reject(offending, "SCIM JSON is refused to a client that asks for it.", expected=[SCIM_JSON])


@pytest.mark.requirement("RFC7644-3.8-07", "RFC7644-3.8-05")
def test_plain_json_is_acceptable(gallery):
    """A GET with Accept: application/json is answered with the resource, as JSON of either media type."""
    _reading(gallery)
    answer = expect(gallery.one("accept plain JSON")).status(200).json_object()
    answer.media_type("application/json", SCIM_JSON).has("id", gallery.resource["id"])


@pytest.mark.requirement("RFC9110-15.5.7-01", "RFC7644-3.8-03")
def test_what_is_not_json_may_be_refused(gallery):
    """A GET with Accept: text/html is answered 406, or with JSON all the same."""
    _reading(gallery)
    answer = expect(gallery.one("accept a page"))
    if answer.response.status != 406:
        answer.status(200).json_object()


@pytest.mark.requirement("RFC7644-3.8-09")
@pytest.mark.usefixtures("working_replace")
def test_charset_of_a_body_is_understood(gallery):
    """A body that is application/scim+json; charset=utf-8 is taken, as Entra ID and Okta send it."""
    expect(gallery.one("send charset")).success()


@pytest.mark.requirement("RFC7644-3.8-09")
@pytest.mark.usefixtures("working_replace")
def test_plain_json_of_a_body_is_understood(gallery):
    """A body that is application/json is taken; 415 is tolerated."""
    response = gallery.one("send plain JSON")
    if response.status == 415:
        warn("A body that is application/json is refused.", expected=["a 2xx status"], actual="status 415")
        return
    expect(response).success()


@pytest.mark.requirement("RFC9110-15.5.16-01", "RFC7644-3.8-03")
def test_what_is_not_json_is_refused(gallery):
    """A POST whose body is text/plain is answered 415."""
    expect(gallery.one("plain text")).status(415, 400)


def _reading(gallery):
    """Stop a check that reads where a plain GET does not work."""
    if gallery.one("read").status != 200:
        raise Blocked(f"a plain GET does not work: it answered {gallery.one('read').status}")

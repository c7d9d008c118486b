"""Error bodies: their schema, status, scimType and detail, RFC 7644 sections 3.2 and 3.12."""

import pytest

from scim_conformance.judge import expect, warn

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
KEYWORDS = {
    "invalidFilter",
    "tooMany",
    "uniqueness",
    "mutability",
    "invalidSyntax",
    "invalidPath",
    "noTarget",
    "invalidValue",
    "invalidVers",
    "sensitive",
    # RFC 9865 section 2.3
    "invalidCursor",
    "expiredCursor",
    "invalidCount",
}


@pytest.mark.requirement("RFC7644-3.12-01", "RFC7644-3.2-09")
def test_every_error_has_a_scim_body(gallery, refusals, is_outside):
    """Every error has a JSON body whose schemas names the Error message."""
    offending = []
    for kind, response in refusals:
        body = response.json if response.content and response.is_json else None
        named = body.get("schemas") if isinstance(body, dict) else None
        if isinstance(named, list) and ERROR in named:
            continue
        found = (
            f"{response.status} with {f'schemas = {named!r}' if isinstance(body, dict) else repr(response.text[:80])}"
        )
        if is_outside(kind):
            warn("An error has no SCIM body.", expected=[f"schemas with {ERROR}"], actual=f"{kind}: {found}")
        else:
            offending.append((response, found))
    gallery.reject(offending, "An error has no SCIM body.", expected=[f"a JSON body with schemas {ERROR}"])


@pytest.mark.requirement("RFC7644-3.12-02", "RFC7644-3.2-09")
def test_every_error_has_its_status(gallery, refusals):
    """Every error body has the HTTP status as its status, in a string."""
    offending = []
    for kind, response in refusals:
        body = response.json if response.content and response.is_json else None
        if not isinstance(body, dict) or ERROR not in (body.get("schemas") or []):
            continue
        status = body.get("status")
        if status == str(response.status):
            continue
        if isinstance(status, int) and status == response.status and not isinstance(status, bool):
            warn("The status of an error is a number.", expected=[f'"{status}"'], actual=f"{kind}: {status}")
        else:
            offending.append((response, f"HTTP status {response.status}, status {status!r} in the body"))
    gallery.reject(offending, "An error has another status in its body.", expected=["the HTTP status, as a string"])


@pytest.mark.requirement("RFC7644-3.2-08")
def test_errors_are_told_by_the_status_code(gallery, objects):
    """An error is told by the HTTP status code, and not by a body below 200."""
    offending = [
        (response, f"status {response.status} with an error in the body")
        for _, response, body in objects()
        if response.status < 400 and isinstance(body.get("schemas"), list) and ERROR in body["schemas"]
    ]
    gallery.reject(offending, "An error is answered as a success.", expected=["a 4xx or 5xx status"])


@pytest.mark.requirement("RFC7644-3.12-03")
def test_scim_type_is_a_keyword(gallery, refusals):
    """A scimType, which is optional, is one of the keywords that the specifications define."""
    offending = []
    for _, response in refusals:
        body = response.json if response.content and response.is_json else None
        found = body.get("scimType") if isinstance(body, dict) else None
        if found is not None and found not in KEYWORDS:
            offending.append((response, f"scimType {found!r}"))
    gallery.reject(offending, "A scimType is no defined keyword.", expected=sorted(KEYWORDS))


@pytest.mark.requirement("RFC7644-3.12-04")
def test_detail_is_a_text(gallery, refusals):
    """A detail, which is optional, is a text for people."""
    offending = []
    for _, response in refusals:
        body = response.json if response.content and response.is_json else None
        found = body.get("detail") if isinstance(body, dict) else None
        if found is not None and not isinstance(found, str):
            offending.append((response, f"detail {str(found)[:60]}"))
    gallery.reject(offending, "A detail is no text.", expected=["a text, or no detail"])


@pytest.mark.requirement("RFC7644-3.12-05")
def test_no_request_breaks_the_server(gallery):
    """No request of a client is answered with a status of the server's own errors; 501 is for what it does not do."""
    offending = [
        (response, f"status {response.status}")
        for _, response in gallery.every()
        if response.status >= 500 and response.status != 501
    ]
    gallery.reject(offending, "A request was answered as an error of the server.", expected=["a status below 500"])


@pytest.mark.requirement("RFC7644-3.1-07")
@pytest.mark.usefixtures("working_replace")
def test_unknown_attribute_is_not_kept(gallery):
    """A body with an attribute that no schema has is taken without it, or refused with 400."""
    response = gallery.one("unknown attribute")
    if response.status == 400:
        return
    expect(response).success()
    if response.content:
        expect(response).lacks("scimConformance")

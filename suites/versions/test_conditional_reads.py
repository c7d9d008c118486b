"""Reading on the condition that something changed: If-None-Match, RFC 7644 section 3.14, RFC 7232 sections 3.2, 4.1."""

import pytest

from scim_conformance.judge import Blocked, expect

REPEATED = ("Content-Location", "Cache-Control", "Vary")
"""RFC 7232 section 4.1: what a 304 has if the 200 would have it, beside the ETag."""
ABOUT_THE_BODY = ("Content-Type", "Content-Encoding", "Content-Language")


@pytest.fixture
def unchanged(story):
    """The answer to a GET on the condition that the version is another one; blocked where it is not 304."""
    response = story.read(if_none_match="current")
    if response.status != 304:
        raise Blocked(f"If-None-Match with the current version does not answer 304 but {response.status}")
    return response


@pytest.mark.requirement("RFC7232-3.2-06", "RFC7644-3.14-04")
@pytest.mark.parametrize("head", [False, True], ids=["GET", "HEAD"])
def test_unchanged_resource_answers_304(story, head):
    """GET and HEAD with If-None-Match and the current version answer 304."""
    if head and story.read("HEAD").status != 200:
        raise Blocked(f"a plain HEAD does not work: it answered {story.read('HEAD').status}")
    expect(story.read("HEAD" if head else "GET", if_none_match="current")).status(304)


@pytest.mark.requirement("RFC7232-3.2-06")
@pytest.mark.usefixtures("unchanged")
def test_one_of_several_versions_answers_304(story):
    """GET with If-None-Match and a list of versions answers 304 when the current one is among them."""
    expect(story.read(if_none_match="list")).status(304)


@pytest.mark.requirement("RFC7232-3.2-04")
@pytest.mark.usefixtures("unchanged")
def test_any_version_answers_304(story):
    """GET with If-None-Match: * answers 304 when the resource is there."""
    expect(story.read(if_none_match="*")).status(304)


@pytest.mark.requirement("RFC7232-2.3.2-01", "RFC7232-3.2-01")
@pytest.mark.usefixtures("unchanged")
def test_if_none_match_compares_weakly(story):
    """If-None-Match takes a version with W/ and the same without it for equal."""
    expect(story.read(if_none_match="other strength")).status(304)


@pytest.mark.requirement("RFC7644-3.14-05")
def test_changed_resource_is_shown(story):
    """GET with If-None-Match and an outdated version answers 200 with the resource as it is now."""
    response = story.read(if_none_match="stale")
    expect(response).status(200).where(story.user["id"] in response.text, expected=f"the resource {story.user['id']}")


@pytest.mark.requirement("RFC7232-4.1-03")
def test_304_has_no_body(unchanged):
    """An answer 304 has no body."""
    expect(unchanged).no_body()


@pytest.mark.requirement("RFC7232-4.1-01")
def test_304_has_the_etag(story, unchanged):
    """An answer 304 has the ETag, and what of Content-Location, Cache-Control and Vary the answer 200 has."""
    expect(unchanged).header("ETag", equals=story.tag)
    for name in REPEATED:
        if name in story.answer("read").headers:
            expect(unchanged).header(name)


@pytest.mark.requirement("RFC7232-4.1-02")
def test_304_says_nothing_of_a_body(unchanged):
    """An answer 304 has no headers that describe a body."""
    for name in ABOUT_THE_BODY:
        expect(unchanged).no_header(name)

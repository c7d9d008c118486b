"""The version of a resource in the ETag header and in meta, RFC 7644 section 3.14, RFC 7643 section 3.1, RFC 7232."""

import time

import pytest

from scim_conformance.judge import Blocked, Violation, expect, note, warn


@pytest.fixture
def tags(story, etag):
    """The ETags of two reads with nothing between them; blocked where a GET has none."""
    first, second = story.answer("read"), story.answer("read again")
    if not etag(first) or not etag(second):
        raise Blocked("a GET has no ETag, which another check judges")
    return etag(first), etag(second)


@pytest.mark.requirement("RFC7644-3.14-02", "RFC7232-2.3.1-01", "RFC7232-2.4-01")
def test_get_has_an_etag(shared_resource, scim, resource_type, plainly):
    """A GET of a resource of any type answers with an ETag header, where versions are supported."""
    response = scim.read((resource_type, shared_resource["id"]))
    plainly(response, shared_resource["id"])
    expect(response).header("ETag")


@pytest.mark.requirement("RFC7232-2.4-01")
@pytest.mark.usefixtures("tags")
def test_head_has_an_etag(story):
    """A HEAD of a resource answers with an ETag header, where versions are supported."""
    response = story.read("HEAD")
    if response.status != 200:
        raise Blocked(f"HEAD answered {response.status}")
    expect(response).header("ETag")


@pytest.mark.requirement("RFC7644-3.14-02", "RFC9110-9.3.4-04")
def test_answers_with_the_resource_have_an_etag(story):
    """The answers to GET, POST and PATCH have an ETag header; a PUT is free to have none."""
    for name, response in story.answers.items():
        if not response.is_success:
            continue
        if name.startswith("read"):
            expect(story.answer(name)).header("ETag")
        elif name != "PUT":
            expect(story.answer(name)).should.header("ETag")
        elif "ETag" not in response.headers:
            note("A PUT answers without ETag, as RFC 9110 section 9.3.4 wants of a provider that completes resources.")


@pytest.mark.requirement("RFC7644-3.14-03")
@pytest.mark.usefixtures("tags")
def test_meta_has_the_version(story):
    """A resource tells its version in meta.version, where versions are supported."""
    expect(story.answer("read")).has("meta.version")


@pytest.mark.requirement("RFC7643-3.1-29")
@pytest.mark.usefixtures("tags")
def test_meta_version_is_the_etag(story, etag, version_in):
    """In every answer that has both, meta.version is the ETag, character for character."""
    compared = 0
    for response in story.every():
        header, version = etag(response), version_in(response)
        if not header or version is None:
            continue
        compared += 1
        if header == version:
            continue
        if isinstance(version, str) and _bare(version) == _bare(header):
            warn("meta.version is written otherwise than the ETag.", expected=[header], actual=version)
            continue
        raise Violation(
            f"{response.exchange.method} answered with a meta.version that is not its ETag.",
            expected=[f"meta.version = {header}"],
            actual=f"meta.version = {version!r}",
        )
    if not compared:
        pytest.skip("unsupported: the target tells versions by the ETag alone")


def _bare(tag: str) -> str:
    return tag.removeprefix("W/").strip('" ')


@pytest.mark.requirement("RFC7232-2.3-01", "RFC7232-2.4-02", "RFC7644-3.14-01")
@pytest.mark.usefixtures("tags")
def test_etag_is_an_entity_tag(story, etag, is_entity_tag):
    """An ETag is a quoted string without blanks, with or without W/ before it; which of both is free."""
    for response in story.every():
        header = etag(response)
        if header and not is_entity_tag(header):
            raise Violation(
                f"{response.exchange.method} answered with an ETag that is no entity tag.",
                requirement="RFC7232-2.3-01",
                expected=['a tag such as W/"3694e05e9dff590" or "3694e05e9dff590"'],
                actual=f"ETag: {header}",
            )
    note(f"The target's versions are {'weak' if story.tag.startswith('W/') else 'strong'}.")


@pytest.mark.requirement("RFC7232-2.3-02", "RFC7643-3.1-31")
def test_strong_version_changes_with_all_that_is_shown(story, etag, features, tags, make):
    """A version without W/ changes with everything that a GET shows, the groups of a user among it."""
    if tags[0].startswith("W/"):
        return
    before = story.look()
    if features.resource_type("Group"):
        make("Group", members=[{"value": story.user["id"]}])
    after = story.look()
    if etag(before) == etag(after) and before.json != after.json:
        raise Violation(
            "Two answers that differ have the same version, which is not marked as weak.",
            expected=[f"W/{etag(after)}", "another version when anything in the answer is another"],
            actual=f"ETag: {etag(after)}",
        )


@pytest.mark.requirement("RFC7643-3.1-30")
def test_letter_case_of_a_version_counts(story):
    """A version in other letter case is another version: If-None-Match with it does not find the resource unchanged."""
    if story.read(if_none_match="current").status != 304:
        raise Blocked("If-None-Match with the current version does not answer 304")
    response = story.read(if_none_match="other letters")
    expect(response).where(
        response.status != 304, expected="the resource: a version in other letter case does not match"
    )


@pytest.mark.requirement("RFC7644-3.14-07")
def test_version_stays_while_nothing_changes(tags):
    """Two reads with no change between them show the same version."""
    if tags[0] != tags[1]:
        raise Violation("Two reads in a row show different versions.", expected=[tags[0]], actual=tags[1])


@pytest.mark.requirement("RFC7644-3.14-07", "RFC7232-2.1-01")
@pytest.mark.usefixtures("tags")
def test_version_changes_with_the_resource(story, etag, method):
    """After a PUT or PATCH that changed a resource, its version is another one."""
    story.answer(method)
    before, after = story.answer("read" if method == "PUT" else "read after PUT"), story.answer(f"read after {method}")
    if story.value(before.body) == story.value(after.body):
        raise Blocked(f"the {method} changed nothing that a GET shows")
    if etag(before) != etag(after):
        return
    time.sleep(1.1)  # A weak version may count whole seconds (RFC 7232 section 2.1): what is a second later differs.
    before = story.look()
    story.write(method)
    if etag(before) == etag(story.look()):
        raise Violation(
            f"{method} changed a resource, and its version stayed.",
            expected=["another version"],
            actual=f"ETag: {etag(before)}",
        )
    warn(
        "The version tells changes apart by their second alone.",
        expected=["another version after each change"],
        actual=f"ETag: {etag(after)}",
    )

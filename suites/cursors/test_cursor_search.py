"""Paging by cursor with POST to /.search, RFC 9865 section 3."""

import pytest

from scim_conformance.judge import Blocked, Violation, expect

SIZE = 5
COUNT = 2
NOT_OFFERED = (404, 405, 501)


@pytest.fixture(scope="session")
def walk_by_search(crew):
    """The walk through the crew by searches, two users a page; asked once a run."""
    return crew.walk(crew.search, count=COUNT)


@pytest.fixture
def searched(walk_by_search, walk, scim, crew):  # noqa: ARG001 - by GET it has to work
    """The walk by searches; the checks do not apply where the target has no /.search."""
    for page in walk_by_search.pages:
        scim.recall(page.response)
    broken = walk_by_search.broken
    if not walk_by_search.pages and broken.status in NOT_OFFERED:
        pytest.skip(f"unsupported: POST /.search answered {broken.status}")
    if not walk_by_search.pages and crew.search(count=COUNT).status != 200:
        raise Blocked("a search without a cursor does not work, which another check judges")
    return walk_by_search


@pytest.mark.requirement("RFC9865-3-01", "RFC9865-1-01")
def test_an_empty_cursor_begins_a_search(searched, walk, crew):
    """A search with an empty cursor in its body is answered with the first page, as large as count says."""
    first = searched.pages[0].response if searched.pages else searched.broken
    found = searched.pages[0].ids if searched.pages else []
    most = max(COUNT, len(walk.pages[0].ids))
    expect(first).status(200).json_object().where(
        0 < len(found) <= most and set(found) <= crew.ids,
        expected=f"one or {COUNT} of the users that match",
        actual=f"Resources with the ids {', '.join(map(str, found)) or '(none)'}",
    )


@pytest.mark.requirement("RFC9865-3-02")
def test_a_search_goes_on_by_its_cursor(searched, complete, crew):  # noqa: ARG001 - by GET it has to work
    """The nextCursor of a search leads, in the body of further searches, through all matches, each shown once."""
    if not searched.pages or not 0 < len(searched.pages[0].ids) <= COUNT:
        raise Blocked("a search does not begin with a first page, which another check judges")
    if not searched.ended or sorted(map(str, searched.ids)) != sorted(crew.ids):
        raise Violation(
            "Searches by cursor do not show every match exactly once, and then end.",
            expected=[f"{SIZE} different users, and no nextCursor on the last page"],
            actual=searched.in_words(),
        )

"""How paging by cursor is advertised and chosen, and how long a cursor lives: RFC 9865 sections 2.1, 2.3, 2.4 and 4."""

import time
from contextlib import contextmanager

import pytest

from scim_conformance.judge import Blocked, Violation, expect, note
from scim_conformance.judge.expect import member_of

COUNT = 2
PATIENCE = 10
"""Seconds that a check waits for a cursor to expire."""


@pytest.mark.requirement("RFC9865-4-01")
def test_cursors_are_advertised(scim, features, make):
    """A target that pages by cursor says so in the attribute pagination of its ServiceProviderConfig."""
    if member_of(features.service_provider_config or {}, "pagination.cursor") is not None:
        return
    for _ in range(2):
        make("User")
    answer = scim.query("User", cursor="", count=1)
    expect(answer).where(
        not (answer.is_json and isinstance(answer.json, dict) and answer.json.get("nextCursor")),
        expected="pagination.cursor in ServiceProviderConfig, since an empty cursor is answered with a nextCursor",
    )


@pytest.mark.requirement("RFC9865-2.4-01")
@pytest.mark.usefixtures("paged")
def test_start_index_asks_for_paging_by_index(crew):
    """Where both methods are supported, a query with startIndex is paged by index."""
    answer = expect(crew.get(startIndex=2, count=COUNT)).status(200).json_object()
    body = answer.response.body
    answer.where(
        "startIndex" in body or not body.get("nextCursor"),
        expected="a page that tells its startIndex",
        actual="a page with a nextCursor, and without startIndex",
    )


@pytest.mark.requirement("RFC9865-2.4-02", "RFC9865-2.3-01")
@pytest.mark.usefixtures("paged")
def test_one_method_is_the_default(crew, features):
    """A query with neither startIndex nor cursor is paged by the method that is advertised as default."""
    answer = expect(crew.get(count=COUNT)).status(200).json_object().response
    # A page may tell both its startIndex and a nextCursor, which section 2 wants on every page of a query.
    cursor, index = bool(answer.body.get("nextCursor")), "startIndex" in answer.body
    used = [method for method, is_used in (("cursor", cursor), ("index", index or not cursor)) if is_used]
    advertised = member_of(features.service_provider_config or {}, "pagination.defaultPaginationMethod")
    if advertised is None:
        note(f"Queries with neither startIndex nor cursor are paged by {' and '.join(used)}; no default is advertised.")
        return
    expect(answer).where(
        advertised in used,
        expected=f"a page by {advertised}, the defaultPaginationMethod of ServiceProviderConfig",
        actual=f"a page by {' and '.join(used)}",
    )


# -- how long a cursor lives ----------------------------------------------------------------


@pytest.fixture
def timeout(features):
    """The cursorTimeout that is advertised, in seconds."""
    seconds = member_of(features.service_provider_config or {}, "pagination.cursorTimeout")
    if not isinstance(seconds, int) or isinstance(seconds, bool) or seconds < 1:
        raise Blocked("pagination.cursorTimeout is no positive number, which another check judges")
    return seconds


@pytest.fixture
def later(administrator):
    """Let seconds pass: on the bundled server in no time, on any other in real time, as far as patience goes."""

    @contextmanager
    def wait(seconds):
        if administrator is not None:
            with administrator.later(seconds):
                yield
            return
        if seconds > PATIENCE:
            pytest.skip(f"unsupported: the check would have to wait for {seconds:.0f} seconds")
        time.sleep(seconds)
        yield

    return wait


@pytest.mark.requirement("RFC9865-4-11")
@pytest.mark.usefixtures("complete")
def test_a_cursor_lives_as_long_as_promised(crew, timeout, later):
    """A cursor that is used before cursorTimeout is over leads to the next page."""
    page = crew.first()
    with later(timeout * 0.8):
        answer = crew.get(cursor=page.cursor(), count=COUNT)
    if answer.status != 200:
        raise Violation(
            f"A cursor stopped working before its cursorTimeout of {timeout} seconds was over.",
            expected=["status 200 and the next page"],
            actual=f"status {answer.status} after {timeout * 0.8:.0f} seconds",
        )


@pytest.mark.requirement("RFC9865-2.1-04")
@pytest.mark.usefixtures("paged")
def test_an_old_cursor_is_called_expired(crew, timeout, later):
    """A cursor that is refused for its age is refused with 400 and the scimType expiredCursor."""
    page = crew.first()
    with later(timeout + 1):
        answer = crew.get(cursor=page.cursor(), count=COUNT)
    if answer.status == 200:
        note("A cursor still works after cursorTimeout, which is the least time that cursors are valid.")
        return
    expect(answer).status(400).has("scimType", "expiredCursor")

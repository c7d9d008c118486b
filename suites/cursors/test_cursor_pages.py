"""Going from page to page by cursor, RFC 9865 sections 2 and 2.2."""

import json
import re
from urllib.parse import quote

import pytest

from scim_conformance.judge import Blocked, Violation, expect, note, warn
from scim_conformance.judge.expect import member_of

SIZE = 5
COUNT = 2
LIST_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
NOTHING = (None, "")
UNRESERVED = re.compile(r"[A-Za-z0-9._~-]+")
CURSORS = ("nextCursor", "previousCursor")


@pytest.fixture
def empty_cursor(request, walk_by_get, crew, scim):
    """The answer to an empty cursor: with an equals sign, or without one as in the RFC's own example."""
    if request.param == "cursor=":
        return scim.recall(walk_by_get.pages[0].response if walk_by_get.pages else walk_by_get.broken)
    if not walk_by_get.pages or not walk_by_get.pages[0].cursor():
        raise Blocked("an empty cursor with an equals sign does not work, which other checks judge")
    return scim.get(scim.endpoint("User"), query=f"filter={quote(crew.filter)}&count={COUNT}&cursor")


@pytest.mark.requirement("RFC9865-2-01")
@pytest.mark.parametrize("empty_cursor", ["cursor=", "cursor"], indirect=True)
def test_an_empty_cursor_begins(empty_cursor, crew, request):
    """A query with an empty cursor is answered with the first page."""
    shown = expect(empty_cursor).status(200).json_object()
    found = listed_ids(empty_cursor)
    shown.where(
        bool(found) and set(found) <= crew.ids,
        expected="a list whose Resources are some of the five users that match",
        actual=f"Resources with the ids {', '.join(map(str, found)) or '(none)'}",
    )
    if request.node.callspec.params["empty_cursor"] == "cursor":
        shown.has("nextCursor")


def listed_ids(response):
    """Give the ids in a list, none where the answer is no list."""
    listed = response.json.get("Resources") if response.is_json and isinstance(response.json, dict) else None
    return [str(each.get("id")) for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


@pytest.mark.requirement("RFC9865-2-18")
def test_a_page_is_a_list(walk):
    """A page is a list response, with Resources, and with their number in itemsPerPage."""
    for page in walk.pages:
        schemas = page.body.get("schemas")
        shown = expect(page.response).has("Resources")
        shown.where(isinstance(schemas, list) and LIST_RESPONSE in schemas, expected=f"schemas with {LIST_RESPONSE}")
        shown.where(
            page.body.get("itemsPerPage") == len(page.ids),
            expected=f"itemsPerPage = {len(page.ids)}",
            actual=f"itemsPerPage = {page.body.get('itemsPerPage')!r}",
        )


@pytest.mark.requirement("RFC9865-2-19", "RFC9865-2-20")
def test_total_counts_all_pages(walk):
    """The totalResults of a page, where given, is the number of all matches."""
    totals = [page.body.get("totalResults") for page in walk.pages]
    if totals == [None] * len(totals):
        note("Pages of a cursor query have no totalResults, which is allowed where it cannot be estimated.")
    for page, total in zip(walk.pages, totals, strict=True):
        expect(page.response).where(
            total in (None, SIZE), expected=f"totalResults = {SIZE}, or none", actual=f"totalResults = {total!r}"
        )


@pytest.mark.requirement("RFC9865-2-06", "RFC9865-2-07")
def test_a_page_holds_no_more_than_count(walk):
    """A page never holds more resources than count asks for."""
    for page in walk.pages:
        expect(page.response).where(
            len(page.ids) <= COUNT, expected=f"at most {COUNT} resources", actual=f"{len(page.ids)} resources"
        )
    if any(len(page.ids) < COUNT for page in walk.pages[:-1]):
        note("Pages before the last one hold fewer resources than count asks for.")


@pytest.mark.requirement("RFC9865-2-10")
def test_a_page_leads_to_the_next(walk):
    """A page that is not the last one has a nextCursor, which is a text that is not empty."""
    first = walk.pages[0]
    if len(first.ids) >= SIZE:
        raise Blocked("the first page holds everything, which another check judges")
    for page in [first, *walk.pages[1:-1]]:
        cursor = page.body.get("nextCursor")
        expect(page.response).where(
            isinstance(cursor, str) and cursor != "",
            expected="a nextCursor that is a text",
            actual=f"nextCursor = {json.dumps(cursor)}",
        )


@pytest.mark.requirement("RFC9865-2-11", "RFC9865-2-09", "RFC9865-2-03")
def test_pages_show_everything_once(paged, crew):
    """Following nextCursor until there is none shows every match exactly once."""
    last = paged.pages[-1]
    if not paged.ended or sorted(map(str, paged.ids)) != sorted(crew.ids):
        raise Violation(
            "The pages do not show every match exactly once, and then end.",
            expected=[f"{SIZE} different users, and no nextCursor on the last page"],
            actual=paged.in_words(),
        )
    expect(last.response).where(
        bool(last.ids), expected="no nextCursor on a page after which there is nothing", actual=paged.in_words()
    )
    if "nextCursor" in last.body:
        warn(
            "The last page has a nextCursor that is null or empty.",
            expected=["no member nextCursor"],
            actual=f"nextCursor = {json.dumps(last.body['nextCursor'])}",
        )


@pytest.mark.requirement("RFC9865-2-02")
def test_cursors_need_no_encoding(paged):
    """Cursors hold letters, digits, hyphens, dots, underscores and tildes alone."""
    for page in paged.pages:
        for name in CURSORS:
            cursor = page.cursor(name)
            expect(page.response).where(
                not cursor or UNRESERVED.fullmatch(cursor) is not None,
                expected=f"a {name} of unreserved characters (RFC 3986 section 2.3)",
                actual=f"{name} = {cursor}",
            )


@pytest.mark.requirement("RFC9865-2-14")
def test_first_page_has_no_previous(walk):
    """The first page has no previousCursor."""
    page = walk.pages[0]
    found = page.body.get("previousCursor")
    expect(page.response).where(
        found in NOTHING, expected="no previousCursor", actual=f"previousCursor = {json.dumps(found)}"
    )


@pytest.mark.requirement("RFC9865-2-21", "RFC9865-2-13")
def test_previous_cursor_leads_back(complete, scim):
    """A previousCursor, where a page has one, leads back to the page before."""
    if complete.back is None:
        note("The second page has no previousCursor, which is optional.")
        return
    found = listed_ids(complete.back)
    expect(scim.recall(complete.back)).status(200).where(
        bool(found) and set(found) <= set(complete.pages[0].ids),
        expected=f"users of the first page: {', '.join(map(str, complete.pages[0].ids))}",
        actual=", ".join(map(str, found)) or "no users",
    )


@pytest.mark.requirement("RFC9865-2-05")
def test_count_0_shows_the_total_alone(walk, crew):
    """A cursor query with count=0 is answered without resources, with the number of matches where it is known."""
    total = walk.pages[0].body.get("totalResults")
    answer = expect(crew.get(cursor="", count=0)).status(200).json_object().lacks("Resources")
    if total == SIZE:
        answer.has("totalResults", total)


@pytest.mark.requirement("RFC9865-2-04")
@pytest.mark.usefixtures("walk")
def test_a_negative_count_is_like_0(crew):
    """A cursor query with a negative count is answered as with count=0, or refused as invalidCount."""
    answer = crew.get(cursor="", count=-1)
    if answer.status == 400:
        expect(answer).refused(400, scim_type="invalidCount")
        note("A negative count of a cursor query is refused.")
        return
    expect(answer).status(200).json_object().lacks("Resources")


@pytest.fixture(scope="session")
def without_count(crew):
    """The answer to a cursor query without count."""
    return crew.get(cursor="")


@pytest.mark.requirement("RFC9865-2-08")
def test_without_count_the_page_has_the_default_size(walk, without_count, features, scim):  # noqa: ARG001 - it works
    """A cursor query without count is answered with a page of no more than the size that is advertised as default."""
    answer = expect(scim.recall(without_count)).status(200).json_object()
    size = page_size(features, "defaultPageSize")
    found = listed_ids(without_count)
    answer.where(
        0 < len(found) <= (size or SIZE),
        expected=f"at least one resource, and at most {size or SIZE}",
        actual=f"{len(found)} resources",
    )


@pytest.mark.requirement("RFC9865-4-12")
def test_no_page_is_larger_than_the_largest(walk, without_count, features, scim):
    """No page holds more resources than maxPageSize says."""
    size = page_size(features, "maxPageSize")
    if size is None:
        pytest.skip("unsupported: ServiceProviderConfig gives no pagination.maxPageSize")
    sizes = [len(page.ids) for page in walk.pages]
    if without_count.status == 200 and without_count.is_json:
        sizes.append(len(listed_ids(scim.recall(without_count))))
    if max(sizes) > size:
        raise Violation(
            "A page is larger than maxPageSize allows.",
            expected=[f"at most {size} resources"],
            actual=f"{max(sizes)} resources",
        )


def page_size(features, name):
    """Give a size of pages that is advertised, None where none is."""
    size = member_of(features.service_provider_config or {}, f"pagination.{name}")
    return size if isinstance(size, int) and not isinstance(size, bool) and size > 0 else None


@pytest.mark.requirement("RFC9865-2.2-01")
def test_sorting_holds_over_all_pages(complete, crew):  # noqa: ARG001 - paging has to work
    """A sorted query stays in one order over all its pages."""
    expected = sorted((user["userName"].casefold() for user in crew.users if user.get("userName")), reverse=True)
    if len(expected) < SIZE:
        raise Blocked("the target does not show the userName of a new user")
    order = {"sortBy": "userName", "sortOrder": "descending"}
    plain = crew.get(startIndex=1, **order)
    listed = plain.json.get("Resources") if plain.status == 200 and plain.is_json else None
    names = [each.get("userName", "").casefold() for each in listed or []]
    if names != expected[: len(names)] or not names:
        raise Blocked("a query that is not paged by cursor is not sorted, which another check judges")
    walk = crew.walk(crew.get, count=COUNT, **order)
    shown = [str(each.get("userName", "")).casefold() for page in walk.pages for each in page.resources]
    if shown != expected:
        raise Violation(
            "The pages of a sorted cursor query are not in one order.",
            expected=[", ".join(expected)],
            actual=f"{', '.join(shown)} ({walk.in_words()})",
        )

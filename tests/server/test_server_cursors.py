"""Paging by cursor, and the subject's own resource."""

import re

import pytest

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"


@pytest.fixture
def ask(make):
    """Ask a service that supports cursors and has seven users."""
    ask = make()
    for number in range(7):
        ask.user(f"user{number}", title="odd" if number % 2 else "even")
    return ask


def walk(ask, **query):
    """Follow the cursors from the first page to the last and give the pages."""
    pages, cursor = [], ""
    while cursor is not None:
        response = ask.get("/Users", cursor=cursor, **query)
        assert response.status == 200, response.json
        pages.append(response.json)
        cursor = response.json.get("nextCursor")
    return pages


def names(page):
    """Give the user names of a page."""
    return [each["userName"] for each in page["Resources"]]


@pytest.mark.parametrize(("count", "sizes"), [("3", [3, 3, 1]), ("7", [7]), ("100", [7]), ("1", [1] * 7)])
def test_walk_visits_everything_once(ask, count, sizes):
    """Every page but the last has a nextCursor of unreserved characters; together they hold every user once."""
    pages = walk(ask, count=count)
    assert [page["itemsPerPage"] for page in pages] == sizes
    assert sorted(name for page in pages for name in names(page)) == [f"user{n}" for n in range(7)]
    assert {page["totalResults"] for page in pages} == {7}
    assert all("startIndex" not in page for page in pages)
    assert all(re.fullmatch(r"[A-Za-z0-9._~-]+", page["nextCursor"]) for page in pages[:-1])
    assert "previousCursor" not in pages[0]


def test_previous_cursor_leads_back(ask):
    """A later page's previousCursor leads to the page before it."""
    pages = walk(ask, count="3")
    back = ask.get("/Users", cursor=pages[2]["previousCursor"], count="3").json
    assert names(back) == names(pages[1])


def test_filter_sort_and_projection_hold_for_all_pages(ask):
    """A filtered and sorted query stays so over its pages."""
    pages = walk(
        ask, count="2", filter='title eq "even"', sortBy="userName", sortOrder="descending", attributes="userName"
    )
    assert [name for page in pages for name in names(page)] == ["user6", "user4", "user2", "user0"]
    assert all("title" not in each for page in pages for each in page["Resources"])


def test_search_pages_by_cursor_too(ask):
    """A search takes cursor and count in its body."""
    first = ask("POST", "/Users/.search", {"schemas": [SEARCH], "cursor": "", "count": 4}).json
    body = {"schemas": [SEARCH], "cursor": first["nextCursor"], "count": 4}
    second = ask("POST", "/Users/.search", body).json
    assert len(names(first) + names(second)) == 7
    assert "nextCursor" not in second


def test_rows_that_come_and_go(ask):
    """What is deleted while paging is missing, what is added is not there, and all others are seen once."""
    first = ask.get("/Users", cursor="", count="3").json
    ask("DELETE", f"/Users/{first['Resources'][0]['id']}")
    late = ask.get("/Users", filter='userName eq "user5"').json["Resources"][0]
    ask("DELETE", f"/Users/{late['id']}")
    ask.user("added")
    second = ask.get("/Users", cursor=first["nextCursor"], count="3").json
    third = ask.get("/Users", cursor=second["nextCursor"], count="3").json
    assert names(first) + names(second) + names(third) == [f"user{n}" for n in (0, 1, 2, 3, 4, 6)]


@pytest.mark.parametrize("cursor", ["x", "!!!", "AAAA", "ä", "a" * 500, "MTIz"])
def test_invented_cursors(ask, cursor):
    """A cursor that the server did not write is invalidCursor."""
    response = ask.get("/Users", cursor=cursor)
    assert (response.status, response.json["scimType"]) == (400, "invalidCursor")


def test_altered_and_foreign_cursors(ask):
    """A changed character, another endpoint or another query make a cursor invalid, with one message for all."""
    cursor = ask.get("/Users", cursor="", count="2").json["nextCursor"]
    altered = cursor[:-3] + ("A" if cursor[-3] != "A" else "B") + cursor[-2:]
    answers = [
        ask.get("/Users", cursor=altered),
        ask.get("/Groups", cursor=cursor),
        ask.get("/Users", cursor=cursor, filter='title eq "odd"'),
        ask.get("/Users", cursor="nonsense"),
    ]
    assert {response.json["scimType"] for response in answers} == {"invalidCursor"}
    assert len({response.body for response in answers}) == 1


def test_cursors_expire(ask):
    """After cursorTimeout a cursor is expiredCursor; before it, it works."""
    now = [0.0]
    ask.service.cursors.clock = lambda: now[0]
    cursor = ask.get("/Users", cursor="", count="2").json["nextCursor"]
    now[0] = ask.service.capabilities.cursor_timeout - 1
    assert ask.get("/Users", cursor=cursor).status == 200
    now[0] = ask.service.capabilities.cursor_timeout + 1
    assert ask.get("/Users", cursor=cursor).json["scimType"] == "expiredCursor"


@pytest.mark.parametrize("count", ["x", "1.5", "201"])
def test_counts_that_cannot_be(ask, count):
    """A count that is no number, or over the limit, is invalidCount."""
    assert ask.get("/Users", cursor="", count=count).json["scimType"] == "invalidCount"


@pytest.mark.parametrize("count", ["0", "-3"])
def test_counts_of_nothing(ask, count):
    """A count of 0, or below, gives no resources and the total."""
    page = ask.get("/Users", cursor="", count=count).json
    assert (page["totalResults"], page["Resources"]) == (7, [])


def test_bounded_memory(ask):
    """Queries that are never continued are forgotten one day, the oldest first."""
    oldest = ask.get("/Users", cursor="", count="1").json["nextCursor"]
    newest = [ask.get("/Users", cursor="", count="1").json["nextCursor"] for _ in range(1000)][-1]
    assert ask.get("/Users", cursor=oldest).json["scimType"] == "expiredCursor"
    assert ask.get("/Users", cursor=newest).status == 200


def test_discovery_and_default(ask):
    """Discovery tells of cursors; without the parameter paging is by index; without support it is ignored."""
    paging = ask.get("/ServiceProviderConfig").json["pagination"]
    assert (paging["cursor"], paging["defaultPaginationMethod"], paging["cursorTimeout"]) == (True, "index", 600)
    assert "startIndex" in ask.get("/Users").json
    assert "nextCursor" not in ask.get("/Users", count="2").json
    ask.service.capabilities.cursor = False
    assert ask.get("/Users", cursor="x").status == 200


def test_cursor_as_the_default(ask):
    """Where cursor is the default method a query with neither parameter is paged by it, one with startIndex is not."""
    ask.service.capabilities.default_method = "cursor"
    first = ask.get("/Users", count="5").json
    assert names(ask.get("/Users", cursor=first["nextCursor"], count="5").json) == ["user5", "user6"]
    assert ask.get("/Users", startIndex="6", count="5").json["startIndex"] == 6


def test_cursor_as_the_only_method(ask):
    """Where there are cursors alone startIndex is ignored, and discovery says so."""
    ask.service.capabilities.default_method, ask.service.capabilities.index = "cursor", False
    assert ask.get("/ServiceProviderConfig").json["pagination"]["index"] is False
    page = ask.get("/Users", startIndex="6", count="5").json
    assert (names(page), "nextCursor" in page) == ([f"user{n}" for n in range(5)], True)


def test_cursors_without_timeout(ask):
    """Without a cursorTimeout, which discovery then does not give, cursors do not expire."""
    ask.service.capabilities.cursor_timeout = None
    assert "cursorTimeout" not in ask.get("/ServiceProviderConfig").json["pagination"]
    cursor = ask.get("/Users", cursor="", count="2").json["nextCursor"]
    ask.service.cursors.clock = lambda: 10.0**9
    assert ask.get("/Users", cursor=cursor).status == 200


def test_cursors_belong_to_a_client(ask):
    """The cursor of one client is invalid in the hands of another one, with the message of any invalid cursor."""
    cursor = ask.get("/Users", cursor="", count="2").json["nextCursor"]
    token = ask.service.grants.issue(client="second")
    headers = [("Authorization", f"Bearer {token}"), *ask.headers[1:]]
    answer = ask("GET", "/Users", query={"cursor": cursor, "count": "2"}, headers=headers)
    assert (answer.status, answer.json) == (400, ask.get("/Users", cursor="nonsense").json)
    assert ask.get("/Users", cursor=cursor, count="2").status == 200

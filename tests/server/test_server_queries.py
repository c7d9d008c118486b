"""Queries: paging, sorting, search by POST, projection of lists."""

from datetime import UTC, datetime

import pytest

SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"


@pytest.fixture
def many(ask):
    """Twelve users, named so that creation order is not alphabetical."""
    for number in (5, 3, 9, 1, 11, 7, 2, 12, 4, 10, 8, 6):
        ask.user(f"user{number:02}", title="even" if number % 2 == 0 else "odd")
    return ask


def page(ask, **query):
    """Give a page's numbers and its names."""
    body = ask.get("/Users", **query).json
    return (body["totalResults"], body["startIndex"], body["itemsPerPage"], len(body["Resources"]))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, (12, 1, 12, 12)),
        ({"count": "5"}, (12, 1, 5, 5)),
        ({"startIndex": "11", "count": "5"}, (12, 11, 2, 2)),
        ({"startIndex": "13"}, (12, 13, 0, 0)),
        ({"startIndex": "0", "count": "2"}, (12, 1, 2, 2)),
        ({"startIndex": "-7", "count": "2"}, (12, 1, 2, 2)),
        ({"count": "0"}, (12, 1, 0, 0)),
        ({"count": "-1"}, (12, 1, 0, 0)),
        ({"count": "1000"}, (12, 1, 12, 12)),
        ({"count": ""}, (12, 1, 12, 12)),
        ({"filter": 'title eq "even"', "count": "4"}, (6, 1, 4, 4)),
        ({"startIndex": "99999999999999999"}, (12, 99999999999999999, 0, 0)),
    ],
)
def test_pages(many, query, expected):
    """StartIndex and count cut the page; totalResults stays the number of all matches."""
    assert page(many, **query) == expected


@pytest.mark.parametrize("query", [{"count": "x"}, {"startIndex": "1.5"}, {"count": "1e3"}, {"count": "9" * 400}])
def test_numbers_that_are_none_are_refused(many, query):
    """A startIndex or count that is no whole number is invalidValue."""
    response = many.get("/Users", **query)
    assert (response.status, response.json["scimType"]) == (400, "invalidValue")


def test_pages_visit_everything_once(many):
    """Walking with count 5 visits every user exactly once, sorted or not."""
    for extra in ({}, {"sortBy": "userName"}, {"sortBy": "title", "sortOrder": "descending"}):
        seen = [
            u["id"]
            for start in ("1", "6", "11")
            for u in many.get("/Users", startIndex=start, count="5", **extra).json["Resources"]
        ]
        assert len(seen) == len(set(seen)) == 12


def test_pages_are_limited(many):
    """No page is larger than maxResults; without count it has the default size."""
    many.service.capabilities.max_results = 4
    many.service.capabilities.default_page_size = 3
    assert page(many, count="10") == (12, 1, 4, 4)
    assert page(many) == (12, 1, 3, 3)


def names(ask, **query):
    """Give the user names of a query's result, in order."""
    return [each["userName"] for each in ask.get("/Users", **query).json["Resources"]]


def test_sorting_by_type_and_case(ask):
    """Strings sort without case unless caseExact; sortOrder turns it round; without sortOrder it is ascending."""
    moments = iter(datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2, 3))
    ask.service.clock.now = lambda: next(moments)
    for name, external in (("b", "B"), ("A", "a"), ("C", "C")):
        ask.user(name, externalId=external)
    assert names(ask, sortBy="userName") == ["A", "b", "C"]
    assert names(ask, sortBy="USERNAME", sortOrder="Descending") == ["C", "b", "A"]
    assert names(ask, sortBy="externalId") == ["b", "C", "A"]
    assert names(ask, sortBy="meta.created") == ["b", "A", "C"]
    assert names(ask, sortBy="meta.created", sortOrder="descending") == ["C", "A", "b"]


def test_missing_values_sort_last_or_first(ask):
    """Resources without a value come last in ascending and first in descending order."""
    ask.user("none")
    ask.user("low", name={"familyName": "A"})
    ask.user("high", name={"familyName": "B"})
    assert names(ask, sortBy="name.familyName") == ["low", "high", "none"]
    assert names(ask, sortBy="name.familyName", sortOrder="descending") == ["none", "high", "low"]


def test_multi_valued_attributes_sort_by_the_primary_element(ask):
    """A multi-valued attribute sorts by its primary element's value, else by the first one's."""
    ask.user("one", emails=[{"value": "z@x.example"}, {"value": "b@x.example", "primary": True}])
    ask.user("two", emails=[{"value": "a@x.example"}, {"value": "c@x.example"}])
    assert names(ask, sortBy="emails") == ["two", "one"]
    assert names(ask, sortBy="emails.value", sortOrder="descending") == ["one", "two"]


@pytest.mark.parametrize(
    "query", [{"sortBy": "unknown"}, {"sortBy": "a b"}, {"sortBy": "name"}, {"sortBy": "userName", "sortOrder": "up"}]
)
def test_bad_sorting_is_refused(ask, query):
    """An attribute by which nothing can be sorted, or another order, is invalidValue."""
    response = ask.get("/Users", **query)
    assert (response.status, response.json["scimType"]) == (400, "invalidValue")


def test_search_agrees_with_get(many):
    """POST .search answers 200 with the list response of the GET that asks the same, and creates nothing."""
    body = {
        "schemas": [SEARCH],
        "filter": 'title eq "odd"',
        "sortBy": "userName",
        "sortOrder": "descending",
        "startIndex": 2,
        "count": 3,
        "attributes": ["userName"],
    }
    searched = many("POST", "/Users/.search", body)
    asked = many.get(
        "/Users",
        filter='title eq "odd"',
        sortBy="userName",
        sortOrder="descending",
        startIndex="2",
        count="3",
        attributes="userName",
    )
    assert searched.status == 200
    assert searched.json == asked.json
    assert many.get("/Users").json["totalResults"] == 12


def test_search_on_the_root_finds_all_types(many):
    """Searching the root finds users and groups; under an endpoint only its own."""
    many.group("guides")
    body = {"schemas": [SEARCH], "filter": "meta.created pr", "excludedAttributes": ["members"]}
    assert many("POST", "/.search", body).json["totalResults"] == 13
    assert many("POST", "/Groups/.search", body).json["totalResults"] == 1
    assert many.get("/").json["totalResults"] == 13


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"schemas": ["urn:x"]},
        {"schemas": [SEARCH], "count": "3"},
        {"schemas": [SEARCH], "count": True},
        {"schemas": [SEARCH], "filter": 1},
        {"schemas": [SEARCH], "attributes": "userName"},
        {"schemas": [SEARCH], "attributes": [1]},
        [],
    ],
)
def test_bad_search_bodies_are_refused(ask, body):
    """A search without its schema, or with members of the wrong type, is a 400."""
    response = ask("POST", "/.search", body)
    assert response.status == 400
    assert response.json["scimType"] in ("invalidSyntax", "invalidValue")


def test_unknown_and_empty_parameters_do_no_harm(many):
    """Parameters nobody knows, and parameters without a value, are ignored."""
    assert page(many, foo="bar", aadOptscim062020="") == (12, 1, 12, 12)


def test_unsupported_functions_answer_as_promised(many):
    """Without filters a filter is refused, without sorting sortBy is ignored, searches are 501 or 404."""
    able = many.service.capabilities
    able.filter = able.sort = able.search = able.root_query = False
    assert many.get("/Users", filter="title pr").json["scimType"] == "invalidFilter"
    assert names(many, sortBy="userName")[0] == "user05"
    assert many("POST", "/.search", {"schemas": [SEARCH]}).status == 501
    assert many.get("/").status == 404


def test_too_many_results(many):
    """With a limit on results a query that has more is refused with tooMany, and a narrower one is not."""
    many.service.capabilities.too_many = 11
    assert many.get("/Users").json["scimType"] == "tooMany"
    assert many.get("/Users", filter='title eq "odd"').status == 200


@pytest.mark.parametrize("many_is", [0, 1000])
def test_shortcut_finds_the_same(many, monkeypatch, many_is):
    """With many resources a filter on an id or unique value looks at one of them, and finds what it would find."""
    monkeypatch.setattr("scim_conformance.server.query._MANY", many_is)
    user = many.get("/Users", filter='userName eq "USER07"').json["Resources"][0]
    for filter_, expected in (
        (f'id eq "{user["id"]}"', ["user07"]),
        (f'id eq "{user["id"].upper()}"', []),
        ('userName eq "user07" and title eq "odd"', ["user07"]),
        ('title eq "even" and userName eq "user07"', []),
        ('userName eq "nobody"', []),
        ('title eq "odd" and userName ne "user07" and not (userName lt "user09")', ["user09", "user11"]),
    ):
        assert sorted(many.found(filter_)) == expected
    assert many.found(f'id eq "{user["id"]}"', "/") == ["user07"]


def test_filter_on_one_resource_is_a_query(many):
    """GET of one resource with a filter gives a list response with it or without."""
    user = many.user("last", title="boss")
    path = f"/Users/{user['id']}"
    assert many.get(path, filter='title eq "boss"').json["totalResults"] == 1
    assert many.get(path, filter='title eq "odd"').json["totalResults"] == 0
    assert many.get(path, filter="title").json["scimType"] == "invalidFilter"
    assert many.get("/Users/none", filter="title pr").status == 404

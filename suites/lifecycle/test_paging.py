"""Paging by index, RFC 7644 section 3.4.2.4, through three users that the run made for it."""

import json

import pytest

from scim_conformance.judge import Blocked, Violation, expect, note

SIZE = 3


class Population:
    """Three users, and a filter that finds them and nobody else."""

    def __init__(self, scim, users, filter_):
        self._scim = scim
        self.ids = {user["id"] for user in users}
        self.filter = filter_

    def page(self, **params):
        """Ask for a page; the answer has to be a list."""
        response = self._scim.query("User", self.filter, **params)
        expect(response).status(200).json_object()
        found = response.body.get("Resources")
        if not isinstance(found, list | None):
            raise Violation("A page has Resources that are no list.", expected=["a list"], actual=repr(found)[:100])
        return expect(response), [each.get("id") for each in found or []]


@pytest.fixture(scope="module")
def population(scim_session, scim, features, mark, keeps):
    """Three users with one value in common; blocked where no filter on it finds exactly them."""
    fact = features.fact("filter")
    if not fact.holds:
        pytest.skip(f"{fact.kind}: {fact.reason}")
    word = mark()
    for path, given in (
        ("displayName", {"displayName": f"Crew {word}"}),
        ("name.familyName", {"name": {"givenName": "Anna", "familyName": f"Crew {word}"}}),
    ):
        if keeps(**given):
            users = [scim_session.baseline.make("User", **given) for _ in range(SIZE)]
            crew = Population(scim, users, f"{path} eq {json.dumps(f'Crew {word}')}")
            response = scim.query("User", crew.filter)
            shown = response.json if response.is_json and isinstance(response.json, dict) else {}
            found = {each.get("id") for each in shown.get("Resources") or [] if isinstance(each, dict)}
            if response.status == 200 and found and found <= crew.ids and shown.get("totalResults") == SIZE:
                return crew
    raise Blocked("no eq filter finds exactly the three users that were made to be paged through")


@pytest.fixture(scope="module")
def first_page(population, once):
    """The first page of two users."""
    return lambda: once("a page of two", lambda: population.page(count=2))


@pytest.fixture(scope="module")
def from_the_first(population, once):
    """The page of two users from the first."""
    return lambda: once("a page from the first", lambda: population.page(startIndex=1, count=2))


@pytest.fixture
def counting(first_page, population):
    """The population, where a page's totalResults counts all matches; that it has to is for one check to judge."""
    if first_page()[0].response.body.get("totalResults") != SIZE:
        raise Blocked("totalResults does not count all matches, which another check judges")
    return population


@pytest.mark.requirement("RFC7644-3.4.2.4-05", "RFC7644-3.4.2.4-06", "RFC7644-3.4.2.4-10")
def test_a_page_holds_no_more_than_count(first_page):
    """A page holds at most as many resources as count asks for, and totalResults counts all matches."""
    answer, found = first_page()
    if len(found) > 2:
        raise Violation(
            "A page with count=2 holds more than 2 resources.",
            requirement="RFC7644-3.4.2.4-05",
            expected=["at most 2 resources"],
            actual=f"{len(found)} resources",
        )
    if 0 < len(found) < 2:
        note("A page holds fewer resources than count asks for, though there are more.")
    if answer.response.body.get("totalResults") != SIZE:
        raise Violation(
            "totalResults does not count all matches.",
            requirement="RFC7644-3.4.2.4-10",
            expected=[f"totalResults = {SIZE}"],
            actual=f"{answer.response.body.get('totalResults')!r}",
        )


@pytest.mark.requirement("RFC7644-3.4.2-08", "RFC7644-3.4.2-09", "RFC7644-3.4.2.4-04")
def test_a_page_says_where_it_is(population):
    """A partial page tells its startIndex, and in itemsPerPage how many resources it holds."""
    answer, found = population.page(startIndex=2, count=1)
    if len(found) == SIZE:
        raise Blocked("a page with count=1 holds everything, which another check judges")
    for name, wanted, requirement in (
        ("startIndex", 2, "RFC7644-3.4.2-08"),
        ("itemsPerPage", len(found), "RFC7644-3.4.2-09"),
    ):
        shown = answer.response.body.get(name)
        if shown != wanted:
            raise Violation(
                f"A partial page has {name} {shown!r}.",
                requirement="RFC7644-3.4.2.4-04" if name == "startIndex" and shown else requirement,
                expected=[f"{name} = {wanted}"],
                actual=f"{name} = {shown!r}",
            )


@pytest.mark.requirement("RFC7644-3.4.2.4-11")
def test_pages_show_everything_once(population, from_the_first):
    """Going through a list page by page shows every match exactly once."""
    seen = []
    start = 1
    while start <= SIZE:
        _, found = from_the_first() if start == 1 else population.page(startIndex=start, count=2)
        if not found:
            break
        seen += found
        start += len(found)
    if sorted(map(str, seen)) != sorted(population.ids):
        raise Violation(
            "The pages do not show every match exactly once.",
            expected=[f"{SIZE} different users"],
            actual=f"users {', '.join(map(str, seen))}",
        )


@pytest.mark.requirement("RFC7644-3.4.2.4-08")
def test_count_0_shows_the_total_alone(counting):
    """A query with count=0 is answered with the number of matches and no resources."""
    counting.page(count=0)[0].has("totalResults", SIZE).lacks("Resources")


@pytest.mark.requirement("RFC7644-3.4.2.4-07")
def test_a_negative_count_is_like_0(counting):
    """A negative count is taken as 0."""
    counting.page(count=-1)[0].has("totalResults", SIZE).lacks("Resources")


@pytest.mark.requirement("RFC7644-3.4.2.4-03")
@pytest.mark.parametrize("start", [0, -1])
def test_a_start_index_below_1_is_like_1(population, from_the_first, start):
    """A startIndex below 1 is taken as 1."""
    first, found = from_the_first()[1], population.page(startIndex=start, count=2)
    found[0].where(
        found[1] == first,
        expected=f"the same page as with startIndex=1: {', '.join(map(str, first))}",
        actual=f"{', '.join(map(str, found[1])) or 'no resources'}",
    )


@pytest.mark.requirement("RFC7644-3.4.2.4-12")
def test_a_start_index_beyond_the_end_shows_nothing(counting):
    """A startIndex beyond the last match is answered with 200, the number of matches and no resources."""
    counting.page(startIndex=SIZE + 5)[0].has("totalResults", SIZE).lacks("Resources")

"""The order of results, RFC 7644 section 3.4.2.3: every check reads the same eight users, or three groups."""

import json
import re

import pytest

from scim_conformance.judge import Blocked, Violation, expect, note
from scim_conformance.judge.compare import empty, instant

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PLAIN = re.compile(r"[A-Za-z0-9 .@+-]+")
"""Values whose order nobody disputes; letters with accents and other signs are left out (A48)."""
MOST_PAGES = 20


class Sorted:
    """Queries for the population in an order; `letters` are those of the users found, in the order of the answer."""

    def __init__(self, scim, once, population, listed_in):
        self.scim, self.once, self.population, self.listed_in = scim, once, population, listed_in

    def pages(self, **params):
        """Ask for the population in an order, page after page, each page once a run, and never for endless pages."""
        return self.once(("sorted", *params.items()), lambda: list(self._ask(**params)))

    def _ask(self, **params):
        count, page = 0, {}
        for _ in range(MOST_PAGES):
            response = self.scim.query("User", self.population.scope, **params, **page)
            yield response
            body = response.json if response.is_json and isinstance(response.json, dict) else {}
            shown = len(self.listed_in(response))
            count += shown
            if not shown or not isinstance(body.get("totalResults"), int) or count >= body["totalResults"]:
                return
            cursor = body.get("nextCursor")
            page = {"cursor": cursor} if isinstance(cursor, str) else {"startIndex": count + 1}

    def letters(self, **params):
        """Give the letters of the users in the order in which they are listed; expects lists."""
        pages = self.pages(**params)
        for response in pages:
            expect(response).status(200).json_object()
        return self.population.letters(str(each.get("id")) for response in pages for each in self.listed_in(response))

    def in_order(self, values, *, falling=False, **params):
        """Expect the users who have a value in its order; users with equal values may stand in any order."""
        letters = [letter for letter in self.letters(**params) if letter in values]
        if sorted(letters) != sorted(values):
            raise Blocked(f"a sorted query shows of {', '.join(values)} only {', '.join(letters)}, or some twice")
        ranks = [values[letter] for letter in letters]
        if ranks != sorted(ranks, reverse=falling):
            wanted = sorted(values, key=lambda letter: values[letter], reverse=falling)
            raise Violation(
                f"A query with sortBy={params.get('sortBy')} is not in that order.",
                expected=[", ".join(str(values[letter]) for letter in wanted)],
                actual=", ".join(str(rank) for rank in ranks),
            )


@pytest.fixture(scope="session")
def order(scim, once, scoped, listed_in):
    """Queries for the population in an order; blocked where a filter does not find just its users."""
    return Sorted(scim, once, scoped, listed_in)


@pytest.fixture
def sorting(order):
    """Sorting by userName: blocked where it does not work, which one check judges."""
    letters = order.letters(sortBy="userName", sortOrder="descending")
    if letters != "".join(sorted(order.population.users, reverse=True)):
        raise Blocked("a query that is sorted by userName is not in order, which another check judges")
    return order


def texts(population, path, only=None):
    """Give the values of a text attribute, as they compare, of the users who have one that nobody disputes."""
    attribute = population.attribute(path)
    found = {}
    for letter, member in population.users.items():
        value = at(member.shown, path)
        if isinstance(value, str) and PLAIN.fullmatch(value) and (only is None or letter in only):
            found[letter] = value if attribute and attribute.case_exact else value.casefold()
    return found


def at(resource, path):
    """Give the value at a path of a resource; an extension's attributes are named by URI, colon and name."""
    if path.lower().startswith("urn:"):
        urn, _, name = path.rpartition(":")
        extension = resource.get(urn)
        return extension.get(name) if isinstance(extension, dict) else None
    for step in path.split("."):
        resource = resource.get(step) if isinstance(resource, dict) else None
    return resource


# -- the order itself -----------------------------------------------------------------------


@pytest.mark.requirement("RFC7644-3.4.2.3-03", "RFC7644-3.4.2.3-07")
def test_results_are_in_the_order_of_an_attribute(order):
    """A query with sortBy and sortOrder=descending is answered in the falling order of that attribute."""
    names = texts(order.population, "userName")
    order.in_order(names, sortBy="userName", sortOrder="descending", falling=True)


@pytest.mark.requirement("RFC7644-3.4.2.3-05", "RFC7644-3.4.2.3-07")
def test_results_are_in_the_order_of_a_sub_attribute(sorting):
    """A query is sorted by a sub-attribute that is named with a dot, such as name.familyName."""
    sorting.population.require("name.familyName")
    # Only of these is the order the same whether letter case counts or not, which is for another check.
    names = texts(sorting.population, "name.familyName", only="abdfh")
    sorting.in_order(names, sortBy="name.familyName", sortOrder="ascending")


@pytest.mark.requirement("RFC7644-3.4.2.3-08")
def test_the_order_is_ascending_by_default(sorting):
    """A query with sortBy and no sortOrder is sorted in ascending order."""
    sorting.population.require(sorting.population.word)
    # Only of these is the order the same whether letter case counts or not, which is for another check.
    values = texts(sorting.population, sorting.population.word, only="acdfg")
    sorting.in_order(values, sortBy=sorting.population.word)


@pytest.mark.requirement("RFC7644-3.4.2.3-07")
def test_another_order_is_refused_or_ascending(sorting):
    """A sortOrder that is neither ascending nor descending is refused with 400, or taken for ascending."""
    answer = sorting.pages(sortBy="userName", sortOrder="sideways")[0]
    if 400 <= answer.status < 500:
        expect(answer).refused(400, scim_type=("invalidValue", "invalidSyntax"))
        return
    sorting.in_order(texts(sorting.population, "userName"), sortBy="userName", sortOrder="sideways")


@pytest.mark.requirement("RFC7644-3.4.2.3-09")
def test_letter_case_counts_as_the_schema_says(sorting):
    """An attribute whose letter case does not count by the schema is sorted without regard to letter case."""
    word = sorting.population.word
    sorting.population.require(word)
    if sorting.population.attribute(word).case_exact:
        pytest.skip(f"unsupported: the letter case of {word} counts by the served schema")
    sorting.in_order(texts(sorting.population, word), sortBy=word, sortOrder="ascending")


@pytest.mark.requirement("RFC7644-3.4.2.3-09")
def test_times_are_in_the_order_of_instants(sorting):
    """A query that is sorted by a time is in the order of the instants."""
    times = {
        letter: instant(str(at(member.shown, "meta.created"))) for letter, member in sorting.population.users.items()
    }
    if None in times.values():
        raise Blocked("the target does not show when users were created")
    answer = sorting.pages(sortBy="meta.created", sortOrder="descending")[0]
    if answer.status == 400:
        note("Queries cannot be sorted by meta.created.")
        return
    sorting.in_order(times, sortBy="meta.created", sortOrder="descending", falling=True)


@pytest.mark.requirement("RFC7644-3.4.2.3-09")
def test_numbers_and_times_of_schemas_are_in_their_order(sorting):
    """Queries that are sorted by a number or a time are in the order of numbers and instants, not of their texts."""
    paths = sorting.population.typed("integer", "decimal", "dateTime")
    if not paths:
        pytest.skip("unsupported: users have no number and no time that a client can set")
    for path in paths:
        times = sorting.population.attribute(path).type == "dateTime"
        found = {letter: at(member.shown, path) for letter, member in sorting.population.users.items()}
        values = {letter: instant(value) if times else value for letter, value in found.items() if not empty(value)}
        sorting.in_order(values, sortBy=path, sortOrder="ascending")


# -- users with several values, or none -----------------------------------------------------


@pytest.mark.requirement("RFC7644-3.4.2.3-04")
def test_of_several_values_the_primary_counts_else_the_first(sorting):
    """An attribute with several values is sorted by the primary one of each resource, else by its first one."""
    sorting.population.require("phoneNumbers")
    values = {}
    for letter, member in sorting.population.users.items():
        numbers = [each for each in member.shown.get("phoneNumbers") or [] if isinstance(each, dict)]
        chosen = next((each for each in numbers if each.get("primary") is True), numbers[0] if numbers else {})
        if isinstance(chosen.get("value"), str):
            values[letter] = re.sub(r"\D", "", chosen["value"])
    sorting.in_order(values, sortBy="phoneNumbers.value", sortOrder="descending", falling=True)


@pytest.mark.requirement("RFC7644-3.4.2.3-06")
@pytest.mark.parametrize("direction", ["ascending", "descending"])
def test_resources_without_a_value_are_last_or_first(sorting, direction):
    """Resources without a value of the attribute come last in ascending order, and first in descending order."""
    word = sorting.population.word
    sorting.population.require(word)
    without = {letter for letter, member in sorting.population.users.items() if empty(member.shown.get(word))}
    if not without or len(without) == len(sorting.population.users):
        pytest.skip(f"unsupported: all users have a {word}, or none")
    letters = sorting.letters(sortBy=word, sortOrder=direction)
    end = letters[-len(without) :] if direction == "ascending" else letters[: len(without)]
    if set(end) != without:
        raise Violation(
            f"Resources without a value are not {'last' if direction == 'ascending' else 'first'}.",
            expected=[f"the {len(without)} users without {word} {'last' if direction == 'ascending' else 'first'}"],
            actual=", ".join(str(sorting.population[letter].shown.get(word)) for letter in letters),
        )


@pytest.mark.requirement("RFC7644-3.4.2.3-03", "RFC7644-3.10-01")
def test_results_are_in_the_order_of_an_attribute_of_an_extension(sorting):
    """A query is sorted by an attribute of an extension, which is named with its URI."""
    path = f"{ENTERPRISE}:department"
    sorting.population.require(path)
    # Only of these is the order the same whether letter case counts or not, which is for another check.
    values = texts(sorting.population, path, only="ac")
    sorting.in_order(values, sortBy=path, sortOrder="descending", falling=True)


# -- pages and other types ------------------------------------------------------------------


@pytest.mark.requirement("RFC7644-3.4.2.3-10")
def test_pages_continue_one_order(sorting):
    """The pages of a sorted query continue one order."""
    letters = sorting.letters(sortBy="userName", sortOrder="descending", count=3)
    if len(set(letters)) < len(sorting.population.users) or len(letters) > len(set(letters)):
        raise Blocked("the pages do not show every user once, which other checks judge")
    sorting.in_order(
        texts(sorting.population, "userName"), sortBy="userName", sortOrder="descending", count=3, falling=True
    )


@pytest.mark.requirement("RFC7644-3.4.2.3-03")
@pytest.mark.usefixtures("sorting")
def test_groups_are_in_the_order_of_their_names(teams, scim, listed_in):
    """Other resource types are sorted as well: groups by displayName."""
    answer = expect(
        scim.query("Group", teams.scope, sortBy="displayName", sortOrder="descending", count=len(teams.names))
    ).status(200)
    shown = [each.get("displayName") for each in listed_in(answer.response) if str(each.get("id")) in teams.names]
    if sorted(map(str, shown)) != sorted(teams.names.values()):
        raise Blocked(f"a filter does not find just the groups that are there: {teams.scope}")
    answer.where(
        shown == sorted(shown, reverse=True),
        expected=json.dumps(sorted(shown, reverse=True)),
        actual=json.dumps(shown),
    )

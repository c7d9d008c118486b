"""One population of users that all checks of queries read, and how a query finds them among foreign users."""

from typing import Any, NamedTuple

import pytest

from scim_conformance.judge import Blocked, Violation, differences, expect
from scim_conformance.judge.compare import empty
from scim_conformance.judge.filters import And, Comparison, Filter

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

PEOPLE: dict[str, dict[str, Any]] = {
    "a": {"name": ("Anna", "Berg"), "title": "Alpha Clerk", "nickName": "Ann", "active": True},
    "b": {"name": ("Bert", "Ahorn"), "title": "alpha manager", "nickName": "BERT", "active": False},
    "c": {"name": ("Carla", "dahl"), "title": "Beta Clerk", "active": True},
    "d": {"name": ("Dora", "Ebert"), "title": "Clerk", "nickName": "dot", "active": False},
    "e": {"name": ("Emil", "carlsen"), "active": True},
    "f": {"name": ("Fritz", "Gans"), "title": "Gamma", "nickName": "Fritz", "active": True},
    "g": {"name": ("Zo\u00eb", "\u00d6stberg"), "title": "Clerk of Works", "nickName": 'Zoe "Zed" \\ Unal'},
    "h": {"name": ("Hugo", "Fischer"), "nickName": "ann", "active": True},
}
"""Who is who, by a letter: what is not here, a user does not have."""

EMAILS: dict[str, list[tuple[str, str, bool | None]]] = {
    "a": [("work", "example.com", True), ("home", "example.org", None)],
    "b": [("home", "example.com", None), ("work", "example.org", None)],
    "c": [("work", "example.com", None)],
    "d": [],
    "e": [("home", "example.org", True)],
    "f": [("work", "example.org", False), ("other", "example.com", True)],
    "g": [("other", "example.org", None)],
    "h": [("home", "example.com", None), ("work", "example.com", True)],
}
"""The type, the domain and primary of each user's addresses; primary is not sent where it is None."""

PHONES: dict[str, list[tuple[str, bool | None]]] = {
    "a": [("+1-201-555-0190", None), ("+1-201-555-0110", True)],
    "b": [("+1-201-555-0120", None)],
    "c": [("+1-201-555-0130", None), ("+1-201-555-0101", None)],
}
"""The telephone numbers of users, and which one is primary: neither the first nor the least of each decides alone."""

DEPARTMENTS = {"a": "Research", "b": "research lab", "c": "Sales"}
ORGANIZATIONS = {"a": "Example"}
NUMBERS = {"a": 5, "b": 10, "c": 9, "d": 100}
INSTANTS = {
    "a": "2024-03-01T12:00:00Z",
    "b": "2024-03-01T13:00:00+02:00",
    "c": "2024-03-01T11:30:00Z",
    "d": "2024-02-29T23:30:00-03:00",
}
"""Earlier and later instants, some in a time zone that makes their texts sort otherwise."""


class Member(NamedTuple):
    """One user of the population: what was sent, and what the target showed of it then."""

    letter: str
    sent: dict[str, Any]
    shown: dict[str, Any]

    @property
    def id(self) -> str:
        """The id that the target gave."""
        return str(self.shown["id"])


class Population:
    """Users that differ in what queries ask for; `mark` begins the userName of each, and of nobody else.

    They are found by the filter `scope`, alone or joined by `and` with what is tried. `word` names the text attribute
    that has what PEOPLE say of the title: title itself, or what stands in for it where the target has none.
    """

    def __init__(self, mark: str, attributes: list[Any]):
        self.mark = mark
        self.within: Filter = Comparison("userName", "sw", mark)
        self.users: dict[str, Member] = {}
        self._attributes = {attribute.path.lower(): attribute for attribute in attributes}
        self.word = next((name for name in ("title", "nickName", "displayName") if self.attribute(name)), "title")

    @property
    def scope(self) -> str:
        """The filter that finds these users and nobody else."""
        return self.within.text()

    def __getitem__(self, letter: str) -> Member:
        return self.users[letter]

    def attribute(self, path: str) -> Any:
        """The served attribute of users at a path such as `emails.type`; None where there is none."""
        return self._attributes.get(path.lower())

    def typed(self, *types: str) -> list[str]:
        """The paths of the attributes of a type that these users were given values of."""
        return [
            each.path
            for each in self._attributes.values()
            if each.type in types and is_free(each) and self.keeps(each.path)
        ]

    def require(self, *paths: str) -> None:
        """Skip a check where users have none of these attributes, and block it where the target does not keep them."""
        for path in paths:
            if self.attribute(path) is None:
                pytest.skip(f"unsupported: users have no {path}")
            if not self.keeps(path):
                raise Blocked(f"the target does not keep what users are given of {path}")

    def letters(self, ids: Any) -> str:
        """The letters of the users with these ids, in the order of the ids; whoever else is there is passed over."""
        known = {member.id: letter for letter, member in self.users.items()}
        return "".join(known[each] for each in ids if each in known)

    def keeps(self, *paths: str) -> bool:
        """Tell whether the target serves these attributes and shows every user with just what it was given of them."""
        return all(self._keeps(path) for path in paths)

    def _keeps(self, path: str) -> bool:
        attribute = self.attribute(path)
        if attribute is not None and attribute.parent:
            attribute = self.attribute(path.rpartition(".")[0])
        if attribute is None:
            return False
        urn = attribute.schema if path.lower().startswith("urn:") else ""
        for member in self.users.values():
            given = {name: value for name, value in ((member.sent.get(urn) or {}) if urn else member.sent).items()
                     if name.lower() == attribute.name.lower()}  # fmt: skip
            if differences({urn: given} if urn else given, member.shown, [attribute], exact=True):
                return False
        return True


def is_free(attribute: Any) -> bool:
    """Tell whether clients may set an attribute with one value to anything, and see it."""
    return (
        not attribute.parent
        and not attribute.multi_valued
        and attribute.mutability == "readWrite"
        and attribute.returned in ("default", "always")
        and attribute.uniqueness == "none"
        and not attribute.canonical_values
    )


@pytest.fixture(scope="session")
def population(scim_session, features):
    """Eight users, made once a run, read by all checks of queries and deleted at the end.

    A target that refuses them with attributes that few clients send gets them without.
    """
    kind = scim_session.baseline.resource_type("User")
    found = Population(f"{scim_session.person().mark}-", list(features.attributes(kind)))
    made: list[dict[str, Any]] = []
    plain = False
    for letter in PEOPLE:
        sent, shown = _create(scim_session, kind, _body(scim_session, kind, found, letter, plain=plain))
        if shown is None and letter == "a":
            plain = True
            sent, shown = _create(scim_session, kind, _body(scim_session, kind, found, letter, plain=plain))
        if shown is None:
            scim_session.discard(made)
            raise Blocked("the users that queries are to find cannot be created")
        made.append(shown)
        found.users[letter] = Member(letter, sent, shown)
    yield found
    scim_session.discard(made)


def _create(scim_session: Any, kind: Any, sent: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Create one user and give it as the target shows it; None where it was refused."""
    shown = scim_session.baseline.created(scim_session.client.create(kind, sent), kind)
    if shown is not None and differences(sent, shown, _top_level(scim_session, kind)):
        # The answer to a POST need not show all; what a GET shows, decides.
        shown = scim_session.baseline.read(shown)
    return sent, shown


def _top_level(scim_session: Any, kind: Any) -> list[Any]:
    return [attribute for attribute in scim_session.features.attributes(kind) if not attribute.parent]


def _body(scim_session: Any, kind: Any, population: Population, letter: str, *, plain: bool) -> dict[str, Any]:
    """Write the body of one user; with `plain` only what every server is used to."""
    person = PEOPLE[letter]
    mark = f"{population.mark}{letter}"
    given: dict[str, Any] = {
        "userName": f"{mark}@example.com",
        "externalId": f"Ext-{mark}",
        "displayName": " ".join(person["name"]),
        "name": {"givenName": person["name"][0], "familyName": person["name"][1]},
        "emails": [
            {"value": f"{mark}{number}@{domain}", "type": type_} | ({} if primary is None else {"primary": primary})
            for number, (type_, domain, primary) in enumerate(EMAILS[letter])
        ],
        **{name: person.get(name) for name in ("nickName", "active")},
        population.word: person.get("title"),
    }
    kind_of_user = population.attribute("userType")
    if kind_of_user and is_free(kind_of_user) and not plain:
        given["userType"] = population.mark.rstrip("-")
    extensions: dict[str, dict[str, Any]] = {}
    if not plain:
        _give_more(population, letter, given, extensions)
        _give_typed(population, letter, given, extensions)
    served = {a.name.lower(): a for a in _top_level(scim_session, kind) if not a.path.lower().startswith("urn:")}
    chosen: dict[str, Any] = {"externalId": given.pop("externalId")}
    for name, intended in given.items():
        value = _served_part(intended, served.get(name.lower()))
        if empty(value) and name.lower() in served and not served[name.lower()].required:
            chosen[name] = None
        elif not empty(value) and name.lower() in served:
            chosen[name] = value
    body: dict[str, Any] = scim_session.baseline.body(kind, **chosen)
    for urn, values in extensions.items():
        body[urn] = {**body.get(urn, {}), **values}
        if urn not in body["schemas"]:
            body["schemas"].append(urn)
    return body


def _give_more(
    population: Population, letter: str, given: dict[str, Any], extensions: dict[str, dict[str, Any]]
) -> None:
    """Give telephone numbers, a page of one's own, and what the enterprise extension has."""
    if letter in PHONES:
        given["phoneNumbers"] = [
            {"value": value, "type": type_} | ({} if primary is None else {"primary": primary})
            for type_, (value, primary) in zip(("work", "home"), PHONES[letter], strict=False)
        ]
    if letter in "abcd":
        given["profileUrl"] = f"https://example.com/people/{population.mark}{letter}"
    for name, values in (("department", DEPARTMENTS), ("organization", ORGANIZATIONS)):
        if population.attribute(f"{ENTERPRISE}:{name}") and letter in values:
            extensions.setdefault(ENTERPRISE, {})[name] = values[letter]


def _served_part(value: Any, attribute: Any) -> Any:
    """Leave out the sub-attributes that the target does not serve."""
    if isinstance(value, list):
        return [_served_part(each, attribute) for each in value]
    if not isinstance(value, dict) or attribute is None:
        return value
    known = {sub.name.lower() for sub in attribute.sub_attributes}
    return {name: part for name, part in value.items() if name.lower() in known}


def _give_typed(
    population: Population, letter: str, given: dict[str, Any], extensions: dict[str, dict[str, Any]]
) -> None:
    """Give a value to every number and time of users that clients may set, of the main schema and of extensions."""
    values = {"integer": NUMBERS, "decimal": {who: number + 0.5 for who, number in NUMBERS.items()}}
    for attribute in population._attributes.values():  # noqa: SLF001 - of the same module
        known = values.get(attribute.type, INSTANTS if attribute.type == "dateTime" else {})
        if letter in known and is_free(attribute):
            urn = attribute.schema if attribute.path.lower().startswith("urn:") else ""
            (extensions.setdefault(urn, {}) if urn else given)[attribute.name] = known[letter]


# -- filters ---------------------------------------------------------------------------------


class Answers:
    """The answers to filters on users, each asked for once a run, page after page."""

    most_pages = 20

    def __init__(self, scim: Any):
        self._scim = scim
        self._known: dict[str, list[Any]] = {}

    def pages(self, filter_: str) -> list[Any]:
        """Give the answer to a filter, and those with the further pages of it."""
        if filter_ not in self._known:
            self._known[filter_] = list(self._ask(filter_))
        for response in self._known[filter_]:
            self._scim.recall(response)
        return self._known[filter_]

    def first(self, filter_: str) -> Any:
        """Give the answer to a filter: its first page."""
        return self.pages(filter_)[0]

    def ids(self, filter_: str) -> list[str]:
        """Give the ids of those whom a filter finds; expects that the answer is a list of them."""
        found: list[str] = []
        for response in self.pages(filter_):
            if response.status in (204, 404):
                break  # that nothing found is answered with an empty list is for another check to judge
            expect(response).status(200).json_object()
            found += [str(each.get("id")) for each in _resources(response)]
        return found

    def _ask(self, filter_: str) -> Any:
        count, page = 0, {"count": 100}
        for _ in range(self.most_pages):
            response = self._scim.query("User", filter_, **page)
            yield response
            shown = len(_resources(response))
            body = response.json if response.is_json and isinstance(response.json, dict) else {}
            count += shown
            if not shown or not isinstance(body.get("totalResults"), int) or count >= body["totalResults"]:
                return
            cursor = body.get("nextCursor")
            page = {"count": 100} | ({"cursor": cursor} if isinstance(cursor, str) else {"startIndex": count + 1})


def _resources(response: Any) -> list[dict[str, Any]]:
    body = response.json if response.status == 200 and response.is_json else None
    found = body.get("Resources") if isinstance(body, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


@pytest.fixture(scope="session")
def answers(scim):
    """Ask a filter once a run, and judge its answer often."""
    return Answers(scim)


@pytest.fixture(scope="session")
def scoped(filters, population, answers):
    """The population, once a filter finds just its users, and joined by `and` with eq just one of them, or none."""
    filters()
    mark = population.mark
    one, nobody = (Comparison("userName", "eq", name) for name in (population["a"].sent["userName"], mark))
    for scope in (Comparison("userName", "sw", mark), Comparison("userType", "eq", mark.rstrip("-"))):
        wanted = {scope: "".join(PEOPLE), And((one, scope)): "a", And((scope, nobody)): ""}
        try:
            if all(sorted(population.letters(answers.ids(f.text()))) == sorted(who) for f, who in wanted.items()):
                population.within = scope
                return population
        except Violation:
            continue
    raise Blocked(f"a plain filter on users ({population.scope}) does not find just those that are there")


@pytest.fixture(scope="session")
def anna(population, scim, once):
    """The user a of the population: `anna(attributes="name")` reads her, once a run, with these parameters."""
    member = population["a"]

    def read(**params: Any) -> Any:
        response = once(("anna", *params.items()), lambda: scim.read(member.shown, params=params))
        expect(response).status(200).json_object()
        return expect(response), response.body

    return read


@pytest.fixture(scope="session")
def hideable(features):
    """The names of attributes of users, usually given to all, that are returned by default and may be hidden."""
    kinds = {each.name: each for each in features.attributes("User", extensions=False) if not each.parent}
    found = [kinds[name] for name in ("displayName", "emails", "name", "active") if name in kinds]
    return [each.name for each in found if {part.returned for part in each.walk()} == {"default"}]


class Teams(NamedTuple):
    """Three groups, by id and displayName, and a filter that finds them and no other group."""

    names: dict[str, str]
    scope: str


@pytest.fixture(scope="session")
def teams(scim_session, population, filters):
    """Three groups whose names begin with the mark of the population, and with nobody else's."""
    filters()
    kind = scim_session.features.resource_type("Group")
    if kind is None:
        pytest.skip("unsupported: The resource type Group is not served.")
    made: list[dict[str, Any]] = []
    try:
        made.extend(scim_session.baseline.make(kind, displayName=f"{population.mark}{letter}") for letter in "mol")
        names = {each["id"]: f"{population.mark}{letter}" for each, letter in zip(made, "mol", strict=True)}
        yield Teams(names, Comparison("displayName", "sw", population.mark).text())
    finally:
        scim_session.discard(made)

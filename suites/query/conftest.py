"""One population of users that all checks of queries read, and how a query finds them among foreign users."""

import json
from typing import Any, NamedTuple

import pytest

from scim_conformance.judge import Blocked, differences
from scim_conformance.judge.compare import empty

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

PEOPLE: dict[str, dict[str, Any]] = {
    "a": {"name": ("Anna", "Berg"), "title": "Alpha Clerk", "nickName": "Ann", "active": True},
    "b": {"name": ("Bert", "Ahorn"), "title": "alpha manager", "nickName": "BERT", "active": False},
    "c": {"name": ("Carla", "dahl"), "title": "Beta Clerk", "active": True},
    "d": {"name": ("Dora", "Ebert"), "title": "CLERK", "nickName": "dot", "active": False},
    "e": {"name": ("Emil", "carlsen"), "active": True},
    "f": {"name": ("Fritz", "Gans"), "title": "Gamma", "nickName": "Fritz", "active": True},
    "g": {"name": ("Zo\u00eb", "\u00d6stberg"), "title": "Delta", "nickName": 'Zo\u00eb "Zed" \\ \u00dcnal'},
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
    "h": [("home", "example.com", True)],
}
"""The type, the domain and primary of each user's addresses; primary is not sent where it is None."""

DEPARTMENTS = {"a": "Research", "b": "research lab", "c": "Sales"}
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

    They are found by the filter `scope`, alone or joined by `and` with what is tried.
    """

    def __init__(self, mark: str, attributes: list[Any]):
        self.mark = mark
        self.scope = f"userName sw {json.dumps(mark)}"
        self.users: dict[str, Member] = {}
        self._attributes = {attribute.path.lower(): attribute for attribute in attributes}

    def __getitem__(self, letter: str) -> Member:
        return self.users[letter]

    def attribute(self, path: str) -> Any:
        """The served attribute of users at a path such as `emails.type`; None where there is none."""
        return self._attributes.get(path.lower())

    def letters(self, ids: Any) -> str:
        """The letters of the users with these ids, in the order of the ids; whoever else is there is passed over."""
        known = {member.id: letter for letter, member in self.users.items()}
        return "".join(known[each] for each in ids if each in known)

    def keeps(self, *names: str) -> bool:
        """Tell whether the target serves these attributes and shows every user with just what it was given of them."""
        return all(self._keeps(name) for name in names)

    def _keeps(self, path: str) -> bool:
        attribute = self.attribute(path)
        if attribute is None:
            return False
        urn = attribute.schema if path.lower().startswith("urn:") else ""
        for member in self.users.values():
            given = {name: value for name, value in ((member.sent.get(urn) or {}) if urn else member.sent).items()
                     if name.lower() == attribute.name.lower()}  # fmt: skip
            if differences({urn: given} if urn else given, member.shown, [attribute], exact=True):
                return False
        return True


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
        **{name: person.get(name) for name in ("title", "nickName", "active")},
    }
    if not plain and letter in "abcd":
        given["profileUrl"] = f"https://example.com/people/{mark}"
    extensions: dict[str, dict[str, Any]] = {}
    if not plain:
        _give_typed(population, letter, given, extensions)
        if population.attribute(f"{ENTERPRISE}:department") and letter in DEPARTMENTS:
            extensions.setdefault(ENTERPRISE, {})["department"] = DEPARTMENTS[letter]
    served = {a.name.lower(): a for a in _top_level(scim_session, kind) if not a.path.lower().startswith("urn:")}
    chosen: dict[str, Any] = {"externalId": given.pop("externalId")}
    for name, value in given.items():
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


def _give_typed(
    population: Population, letter: str, given: dict[str, Any], extensions: dict[str, dict[str, Any]]
) -> None:
    """Give a value to every number and time of users that clients may set, of the main schema and of extensions."""
    values = {"integer": NUMBERS, "decimal": {who: number + 0.5 for who, number in NUMBERS.items()}}
    for attribute in population._attributes.values():  # noqa: SLF001 - of the same module
        known = values.get(attribute.type, INSTANTS if attribute.type == "dateTime" else {})
        free = attribute.mutability == "readWrite" and attribute.returned in ("default", "always")
        if letter not in known or attribute.parent or attribute.multi_valued or not free:
            continue
        if attribute.uniqueness == "none" and not attribute.canonical_values:
            urn = attribute.schema if attribute.path.lower().startswith("urn:") else ""
            (extensions.setdefault(urn, {}) if urn else given)[attribute.name] = known[letter]

"""What the checks of users' attributes share: users that were given them all, and what the target shows of these."""

from typing import Any, NamedTuple

import pytest

from scim_conformance.judge import Blocked, differences, expect, users

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


class Asked(NamedTuple):
    """One thing to ask of the target: the attribute, and a value of it that a new user is given."""

    attribute: Any
    value: Any

    @property
    def member(self) -> dict[str, Any]:
        """The member of a body that gives the value."""
        if self.attribute.path.lower().startswith("urn:"):
            return {self.attribute.schema: {self.attribute.name: self.value}}
        return {self.attribute.name: self.value}


class Answer(NamedTuple):
    """The answers to a POST and, where that was successful, to the GET of what it created."""

    posted: Any
    read: Any = None

    @property
    def shown(self) -> dict[str, Any]:
        """The user as the target shows it; blocked where it does not."""
        if (
            self.read is None
            or self.read.status != 200
            or not self.read.is_json
            or not isinstance(self.read.json, dict)
        ):
            raise Blocked(f"no user can be read back: GET answered {self.read.status if self.read else 'nothing'}")
        return self.read.json


class Questionnaire:
    """Values that a user is given, all in one POST; where the target refuses that, each in one of its own."""

    def __init__(self, session: Any, questions: dict[str, Asked]) -> None:
        self._session = session
        self._questions = questions
        self._answers: dict[str, Answer] = {}
        self._made: list[dict[str, Any]] = []

    def __getitem__(self, name: str) -> Asked:
        if name not in self._questions:
            pytest.skip(f"unsupported: the target serves no {name} of a user that clients can set and see")
        return self._questions[name]

    def answer(self, name: str) -> Answer:
        """Give the answers about one value."""
        asked = self[name]
        if "" not in self._answers:
            self._answers[""] = self._ask(*self._questions.values())
        if 200 <= self._answers[""].posted.status < 300:
            return self._answers[""]
        if name not in self._answers:
            self._session.baseline.shared("User")  # Else it is not this value that is refused.
            self._answers[name] = self._ask(asked)
        return self._answers[name]

    def close(self) -> None:
        """Delete the users."""
        self._session.discard(self._made)

    def _ask(self, *questions: Asked) -> Answer:
        session = self._session
        kind = session.baseline.resource_type("User")
        required = session.baseline.body(kind)
        members = {
            name: {**required.get(name, {}), **value} if name.startswith("urn:") else value
            for name, value in merged(questions).items()
        }
        posted = session.client.create(kind, session.baseline.body(kind, **members))
        created = session.baseline.created(posted, kind)
        if created is None:
            return Answer(posted)
        self._made.append(created)
        return Answer(posted, session.client.read((kind, created["id"])))


def merged(questions: tuple[Asked, ...]) -> dict[str, Any]:
    """Write the members of one body that gives all values: lists are joined, objects too."""
    members: dict[str, Any] = {}
    for question in questions:
        for name, value in question.member.items():
            before = members.get(name)
            if before is None:
                members[name] = value
            else:
                members[name] = before + value if isinstance(value, list) else before | value
    return members


def is_plain(attribute: Any) -> bool:
    """Tell whether clients can set an attribute, and see it without asking."""
    return attribute.mutability == "readWrite" and attribute.returned in ("default", "always")


@pytest.fixture(scope="session")
def core_attributes(scim_session):
    """The attributes of the served User schema that clients can set and see, by name."""
    served = scim_session.features.schema_of(scim_session.baseline.resource_type("User"))
    return {attribute.name: attribute for attribute in served.attributes if is_plain(attribute)}


@pytest.fixture(scope="session")
def enterprise_attributes(scim_session):
    """The attributes of the served enterprise extension that clients can set and see, by name."""
    extensions = scim_session.features.extensions_of(scim_session.baseline.resource_type("User"))
    return {a.name: a for s in extensions if s.id.lower() == ENTERPRISE.lower() for a in s.attributes if is_plain(a)}


@pytest.fixture(scope="session")
def usual(scim_session, core_attributes, enterprise_attributes, mark):
    """A user with every attribute that is served, each with a value that is valid."""
    word = mark()
    questions = {name: Asked(a, users.usual(a, word)) for name, a in core_attributes.items()}
    if enterprise_attributes:
        boss = scim_session.baseline.shared("User")["id"]
        questions |= {name: Asked(a, users.enterprise(a, word, boss)) for name, a in enterprise_attributes.items()}
    found = Questionnaire(scim_session, {name: asked for name, asked in questions.items() if asked.value})
    yield found
    found.close()


@pytest.fixture(scope="session")
def unusual(scim_session, core_attributes, enterprise_attributes, mark):
    """A user with values that the RFC allows, or leaves open to refuse, by the names of the probes."""
    word = mark()
    questions = {
        probe: Asked(a, value) for a in core_attributes.values() for probe, value in users.unusual(a, word).items()
    }
    manager = enterprise_attributes.get("manager")
    if manager and any(sub.name == "displayName" and sub.mutability == "readOnly" for sub in manager.sub_attributes):
        boss = scim_session.baseline.shared("User")["id"]
        questions["manager with a displayName"] = Asked(manager, {"value": boss, "displayName": "Somebody Else"})
    found = Questionnaire(scim_session, questions)
    yield found
    found.close()


@pytest.fixture
def kept(scim, usual):
    """Expect that the target takes an attribute in and shows what was sent: `kept("title")`; gives what it shows.

    The sub-attributes named as `but` are the business of other checks.
    """

    def judge(name: str, *, but: tuple[str, ...] = ()) -> Any:
        attribute, value = usual[name]
        answer = usual.answer(name)
        expect(scim.recall(answer.posted)).success()
        shown, sent = answer.shown, less(value, but)
        lost = differences(Asked(attribute, sent).member, shown, [attribute])
        expect(scim.recall(answer.read)).where(
            not lost, expected=f"{name} with the value that was sent: {sent!r}", actual="; ".join(lost)
        )
        return value_of(shown, attribute)

    return judge


def less(value: Any, names: tuple[str, ...]) -> Any:
    """Leave sub-attributes out of a complex value."""
    if isinstance(value, list):
        return [less(element, names) for element in value]
    return {name: inner for name, inner in value.items() if name not in names} if isinstance(value, dict) else value


@pytest.fixture
def told(scim, unusual):
    """Give what the target shows of a value that it may refuse, and a word for what it did; None where refused."""

    def look(probe: str) -> Any:
        attribute, _ = unusual[probe]
        answer = unusual.answer(probe)
        if 400 <= scim.recall(answer.posted).status < 500:
            return None
        expect(answer.posted).success()
        scim.recall(answer.read)
        return value_of(answer.shown, attribute)

    return look


@pytest.fixture
def tried(scim, scim_session):
    """Try to create a user: gives the answer to the POST, and the user as a GET shows it; None where it is refused."""

    def create(sent: dict[str, Any]) -> tuple[Any, dict[str, Any] | None]:
        response = scim.create("User", sent)
        created = scim_session.baseline.created(response, scim_session.baseline.resource_type("User"))
        if created is None:
            expect(response).refused(400, scim_type=("invalidValue", "invalidSyntax"))
            return response, None
        return response, scim_session.baseline.read(created)

    return create


def value_of(shown: dict[str, Any], attribute: Any) -> Any:
    """Give the value of an attribute that a user shows, by its name in any letter case, None where it has none."""
    if attribute.path.lower().startswith("urn:"):
        shown = next((v for n, v in shown.items() if n.lower() == attribute.schema.lower() and isinstance(v, dict)), {})
    return next((value for name, value in shown.items() if name.lower() == attribute.name.lower()), None)

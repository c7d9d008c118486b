"""What the checks of Okta share: its two kinds of apps, people, users it has linked, groups it has pushed."""

from contextlib import suppress
from typing import Any, NamedTuple

import pytest

from scim_conformance.idp.okta import OktaClient
from scim_conformance.idp.okta.reading import COUNTS, with_status
from scim_conformance.judge import Blocked, Violation, warn


def done(outcome):
    """Give the outcome of a step that merely prepares; blocked where Okta did not get through with it."""
    if not outcome.ok or outcome.resource is None:
        raise Blocked(f"{outcome.step} failed: {outcome.why}")
    return outcome


@pytest.fixture(scope="session")
def wizard(scim):
    """An app made with the App Integration Wizard: every update by PUT."""
    return OktaClient(scim, "aiw")


@pytest.fixture(scope="session")
def network(scim):
    """An app of the Okta Integration Network: status, passwords and groups by PATCH."""
    return OktaClient(scim, "oin")


@pytest.fixture(scope="session")
def someone(scim_session):
    """Invent a person in Okta's own attributes."""

    def invent(**given: Any) -> dict[str, Any]:
        one = scim_session.person()
        return {
            "id": f"00u{one.mark}",
            "login": one.user_name,
            "email": one.user_name,
            "firstName": one.given_name,
            "lastName": one.family_name,
            "displayName": one.display_name,
            "locale": "en-US",
            "password": f"Zz9!{one.mark}-Q7",
        } | given

    return invent


@pytest.fixture(scope="session")
def preparing():
    """Take the outcome of a step that merely prepares; blocked where Okta did not get through with it."""
    return done


class Created(NamedTuple):
    """A person, and what became of creating them."""

    person: dict[str, Any]
    outcome: Any


@pytest.fixture(scope="session")
def creation(once, wizard, someone):
    """The creation of one user that many checks judge: whatever came of it."""

    def create():
        person = someone()
        return Created(person, wizard.create_user(person))

    return lambda: once("okta creates a user", create)


@pytest.fixture(scope="session")
def created(creation):
    """That user and the person; blocked where Okta could not create one."""
    return lambda: Linked(creation().person, done(creation().outcome).resource)


class Linked(NamedTuple):
    """A person, and the user on the target that Okta has linked."""

    person: dict[str, Any]
    user: dict[str, Any]


@pytest.fixture(scope="session")
def employed(wizard, scim_session):
    """Link a user with a person: created as Okta does, or, where that is refused, which others judge, plainly."""

    def link(person: dict[str, Any]) -> dict[str, Any]:
        outcome = wizard.create_user(person)
        if outcome.ok:
            return outcome.resource
        profile = wizard.profile(person)
        plain = {
            name: profile[name] for name in ("userName", "name", "emails", "displayName", "title") if name in profile
        }
        return scim_session.baseline.make("User", **plain)

    return link


@pytest.fixture(scope="session")
def linked(once, creation, employed, someone):
    """A user whom Okta has linked, to be read alone: the one it created, if it could."""

    def give():
        person, outcome = creation()
        if outcome.ok:
            return Linked(person, outcome.resource)
        other = someone()
        return once("okta links a user", lambda: Linked(other, employed(other)))

    return give


@pytest.fixture(scope="session")
def peopled(staff):
    """See to it that the target has a few users, who could be found or listed by mistake; not to be had is no harm."""

    def people():
        with suppress(Blocked):
            staff()

    return people


@pytest.fixture(scope="session")
def reading(once, wizard, linked):
    """What reading that user came to."""
    return lambda: once("okta reads a user", lambda: wizard.read_user(linked().user))


@pytest.fixture(scope="session")
def seen(reading):
    """That user as GET shows it; blocked where it shows none."""
    return lambda: done(reading()).resource


@pytest.fixture(scope="session")
def matching(once, wizard, linked):
    """What a match of that user came to."""
    return lambda: once("okta matches a user", lambda: wizard.match_user(linked().person))


@pytest.fixture
def employ(employed, someone, scim_session):
    """Create users of a check's own, who are deleted afterwards; give the person and the user."""
    made = []

    def create(**given: Any):
        person = someone(**given)
        user = employed(person)
        made.append(user)
        return person, user

    yield create
    scim_session.discard(made)


@pytest.fixture(scope="session")
def listed_as():
    """Give the resources and the numbers of a list; blocked where the answer is none."""

    def read(response: Any) -> dict[str, Any]:
        body = response.json if response.is_json else None
        if response.status != 200 or not isinstance(body, dict):
            raise Blocked(f"{response.exchange.method} {response.exchange.url} did not bring a list")
        return body

    return read


@pytest.fixture(scope="session")
def integers(listed_as):
    """Expect that a list has its numbers as integers; only a list in parts has to have all of them."""

    def judge(response: Any) -> None:
        body = listed_as(response)
        for name in COUNTS:
            value = body.get(name)
            if value is None and name != "totalResults":
                warn(f"The list has no {name}, which Okta's reference asks for.", expected=[name], actual=str([*body]))
            elif isinstance(value, bool) or not isinstance(value, int):
                raise Violation(f"{name} is no integer.", expected=["an integer"], actual=repr(value))

    return judge


@pytest.fixture(scope="session")
def blame():
    """Find out whether one part of a request is why it is refused: `blame(outcome, "the groups", without)`."""

    def judge(outcome: Any, what: str, without: Any) -> None:
        if outcome.ok:
            return
        if outcome.responses[-1].status < 300:
            raise Blocked(f"{outcome.step} is not refused, but fails, which another check judges: {outcome.why}")
        if without().status < 300:
            raise Violation(
                f"{outcome.step} fails because of {what}: {outcome.why}",
                expected=[f"{what} ignored or accepted"],
                actual=outcome.why,
                detail=f"The administrator sees: {outcome.shown}",
            )
        raise Blocked(f"{outcome.step} fails with {what} and without, which another check judges: {outcome.why}")

    return judge


class Update(NamedTuple):
    """A user before a profile push, its outcome, and what a GET shows afterwards."""

    user: dict[str, Any]
    person: dict[str, Any]
    outcome: Any
    after: dict[str, Any]


@pytest.fixture(scope="session")
def pushing(once, wizard, employed, someone):
    """A profile push, by GET and PUT, that many checks judge, whatever came of it."""

    def push():
        person = someone(title="Guide")
        user = employed(person)
        outcome = wizard.update_user(user, person, {**person, "firstName": "Bea", "middleName": "Excited"})
        return Update(user, person, outcome, done(wizard.read_user(user)).resource)

    return lambda: once("okta updates a user", push)


@pytest.fixture(scope="session")
def replaced(pushing):
    """That profile push; blocked where it was refused, which one check judges."""

    def give():
        update = pushing()
        if not update.outcome.ok:
            raise Blocked(f"a profile push by PUT fails, which another check judges: {update.outcome.why}")
        return update

    return give


class Life:
    """The life of one user in an app: assigned, unassigned, assigned again, deactivated, reactivated.

    Each step is taken when a check first asks for it.
    """

    def __init__(self, app, person, employed, once):
        self.app, self.person, self._employed, self._once = app, person, employed, once

    def _step(self, name, take):
        return self._once(("okta life", self.app.flavour, name), take)

    def _seen(self):
        return done(self.app.read_user(self.user)).resource

    @property
    def user(self):
        """The user as it was created."""
        return self._step("assigned", lambda: self._employed(self.person))

    @property
    def leaving(self):
        """The outcome of unassigning the person."""
        return self._leave()[0]

    @property
    def left(self):
        """The outcome of reading the user after that."""
        done(self.leaving)
        return self._leave()[1]

    @property
    def searched(self):
        """The outcome of a match after that."""
        done(self.leaving)
        return self._leave()[2]

    def _leave(self):
        user = self.user
        steps = (lambda: self.app.unassign(user), lambda: self.app.read_user(user), self._match)
        return self._step("unassigned", lambda: [step() for step in steps])

    def _match(self):
        return self.app.match_user(self.person)

    @property
    def returning(self):
        """The outcome of assigning the person again."""
        found = self.searched.resource
        if found is None or found["id"] != self.user["id"]:
            raise Blocked("a match does not find a deactivated user, or by another id, which another check judges")
        return self._step("assigned again", lambda: self.app.assign(self.person))

    @property
    def returned(self):
        """The user as GET shows it after that."""
        done(self.returning)
        return self._step("returned", self._seen)

    @property
    def reviving(self):
        """The outcome of reactivating a user who was deactivated, and the user as GET shows it then."""
        return self._step("reactivated", self._revive)

    def _revive(self):
        user = self.user
        with suppress(Blocked):  # what became of the user by then is for other checks
            _ = self.returning
        done(self.app.deactivate(user))
        if with_status(self._seen()).get("active") is not False:
            raise Blocked("a user cannot be deactivated, which another check judges")
        outcome = self.app.reactivate(user)
        return outcome, self._seen() if outcome.ok else {}


@pytest.fixture(scope="session")
def life(once, wizard, network, employed, someone):
    """The life of one user in an app of either kind: `life("aiw")`."""
    lives: dict[str, Life] = {}

    def live(flavour: str) -> Life:
        app = wizard if flavour == "aiw" else network
        return lives.setdefault(flavour, Life(app, someone(), employed, once))

    return live


@pytest.fixture(scope="session")
def staff(once, scim_session):
    """Three users who can be members of groups, to be read alone."""
    return lambda: once("okta staff", lambda: [scim_session.baseline.make("User") for _ in range(3)])


@pytest.fixture(scope="session")
def pushed(once, wizard, staff, mark):
    """A group with one member, to be read alone."""

    def push():
        name = f"Group {mark()}"
        made = done(wizard.create_group(name, staff()[:1])).resource
        return {**made, "displayName": name}  # the answer to a POST need not show it

    return lambda: once("okta pushes a group", push)


@pytest.fixture
def team(wizard, staff, mark, scim_session):
    """Push groups of a check's own with the first so many of the staff; they are deleted afterwards."""
    made = []

    def push(members: int = 0):
        group = done(wizard.create_group(f"Group {mark()}", staff()[:members])).resource
        made.append(group)
        return group

    yield push
    scim_session.discard(made)


@pytest.fixture(scope="session")
def roster(wizard):
    """Read a group back: its name, and the ids of its members."""

    def read(group: dict[str, Any]) -> tuple[str, set[str]]:
        shown = done(wizard.read_group(group)).resource
        members = shown.get("members") or []
        return str(shown.get("displayName")), {str(one.get("value")) for one in members if isinstance(one, dict)}

    return read

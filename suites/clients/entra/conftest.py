"""What the checks of Entra ID share: its two dialects, accounts to change, and what the endpoint shows of them."""

import itertools

import pytest

from scim_conformance.idp.entra import DIALECTS, EntraClient
from scim_conformance.idp.entra.bodies import user_body
from scim_conformance.idp.entra.dialects import MANAGER, Change
from scim_conformance.idp.targets import MISSING, parse, read, served
from scim_conformance.judge import Blocked, Violation

DIALECT_NAMES = tuple(DIALECTS)


@pytest.fixture(scope="session")
def provisioning(scim):
    """Give the provisioning service that speaks a dialect."""
    jobs = {name: EntraClient(scim, name) for name in DIALECT_NAMES}
    return jobs.__getitem__


@pytest.fixture(scope="session")
def entra(provisioning):
    """The provisioning service as it is without a flag."""
    return provisioning("default")


@pytest.fixture(scope="session")
def flagged(provisioning):
    """The provisioning service with the flag aadOptscim062020 in the tenant URL."""
    return provisioning("aadOptscim062020")


# -- names and attributes -------------------------------------------------------------------


@pytest.fixture(scope="session")
def mark(scim_session):
    """Give a new name, letters and digits alone, by which leftovers of this run are found."""
    return lambda: scim_session.person().mark


@pytest.fixture(scope="session")
def address(mark):
    """Give a new name that is an e-mail address, as a userPrincipalName is."""
    return lambda before="": f"{before}{mark()}@example.com"


@pytest.fixture(scope="session")
def has(features):
    """Tell whether users have an attribute, by the path of a mapping's target."""
    users = features.resource_type("User")
    return lambda path: users is not None and served(parse(path), features, users) is not None


@pytest.fixture(scope="session")
def needs(has):
    """Skip a check where users lack an attribute: an administrator would take it out of the mapping."""

    def look(*paths):
        missing = [path for path in paths if not has(path)]
        if missing:
            pytest.skip(f"unsupported: the target serves no {', '.join(missing)}")

    return look


# -- bodies ---------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def sample(address, mark):
    """Give what the documented body of a new user has, for somebody new, with changes."""

    def build(**changes):
        name = address()
        attributes = {
            "externalId": f"external-{mark()}",
            "userName": name,
            "active": True,
            "emails": [{"primary": True, "type": "work", "value": name}],
            "name": {"formatted": "Ada Byron", "familyName": "Byron", "givenName": "Ada"},
        }
        return {key: value for key, value in {**attributes, **changes}.items() if value is not None}

    return build


@pytest.fixture
def documented_body(once, sample):
    """The documented body of a new user."""
    return once("entra documented body", lambda: user_body(sample()))


@pytest.fixture
def newly_created(once, entra, documented_body):
    """What became of the creation of a user with the documented body."""
    return once("entra newly created", lambda: entra.create(documented_body))


@pytest.fixture
def created(entra, scim_session):
    """Create a user as Entra ID does, from a body; the user is deleted when the check is over."""
    made = []

    def create(body):
        outcome = entra.create(body)
        if outcome.resource is not None:
            made.append(outcome.resource)
        return outcome

    yield create
    scim_session.discard(made)


# -- accounts -------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def newcomer(scim_session, sample):
    """Make an account in the target's own way, as a precondition; blocked where that fails."""

    def make(**changes):
        attributes = sample(**changes)
        return {**attributes, **scim_session.baseline.make("User", minimal=True, **attributes)}

    return make


@pytest.fixture
def hired(newcomer, scim_session):
    """Make an account of the check's own, which is deleted when the check is over."""
    made = []

    def hire(**changes):
        made.append(newcomer(**changes))
        return made[-1]

    yield hire
    scim_session.discard(made)


@pytest.fixture(scope="session")
def account_for(once, newcomer):
    """Give the one account that all checks of a purpose share; those that change it leave nothing that others need."""
    return lambda purpose: once(("entra account", purpose), newcomer)


@pytest.fixture
def account(account_for):
    """An account to change."""
    return account_for("to change")


@pytest.fixture
def somebody(account_for):
    """An account to search for and to read; do not change."""
    return account_for("first")


@pytest.fixture
def employee(account_for):
    """An account that gets managers."""
    return account_for("employee")


@pytest.fixture(scope="session")
def people(account_for):
    """Three people who can be managers and members; read, do not change."""
    return lambda: [account_for(name) for name in ("first", "second", "third")]


@pytest.fixture(scope="session")
def seen_managers():
    """The managers that users were last shown with, by the users' ids."""
    return {}


@pytest.fixture
def next_manager(people, employee, seen_managers, once):
    """Give the id of somebody who is not the employee's manager, as far as that was seen, nor was given last."""
    turns = once("entra managers", itertools.count)

    def choose():
        ids = (people()[turn % 3]["id"] for turn in turns)
        return next(id_ for id_ in ids if id_ != seen_managers.get(employee["id"]))

    return choose


# -- what has to work before something else can be judged -------------------------------------


@pytest.fixture
def by_id(once, entra, somebody):
    """What became of the reading of somebody by id."""
    return once("entra read by id", lambda: entra.read_user(somebody))


@pytest.fixture
def by_name(once, entra, somebody, account_for):
    """What became of the search for somebody by userName, while there is somebody else who is not to be found."""
    account_for("second")
    return once("entra search by name", lambda: entra.match("userName", somebody["userName"]))


@pytest.fixture
def plain_search(scim, somebody):
    """Blocked where a search with blanks as %20 does not find somebody: that is the business of other suites."""
    response = scim.query("User", f'userName eq "{somebody["userName"]}"')
    if somebody["id"] not in response.text:
        raise Blocked("a plain search by userName does not find the user")


@pytest.fixture
def searches(by_name):
    """Blocked where no search by userName finds anybody: that is another check's business."""
    if by_name.resource is None:
        raise Blocked(f"a search by userName does not find the user: {by_name.why}")


@pytest.fixture
def by_capital(once, entra, account):
    """What became of a Replace of one attribute."""
    change = Change("replace", "displayName", "Ada Byron")
    return once("entra capitals", lambda: entra.change(account, change))


@pytest.fixture
def capitals(by_capital):
    """Blocked where no Replace with a capital letter works: that is another check's business."""
    if not by_capital.ok:
        raise Blocked(f"a Replace of one attribute does not work: {by_capital.why}")


@pytest.fixture
def flag(once, flagged, account):
    """Blocked where no change by a URL with the flag works: that is another check's business."""
    operation = {"op": "replace", "path": "displayName", "value": "Ada Byron"}
    outcome = once("entra flag", lambda: flagged.operate(account, operation))
    if not outcome.ok:
        raise Blocked(f"a change by a URL with the flag does not work: {outcome.why}")


@pytest.fixture
def documented(newly_created):
    """Blocked where the documented body creates nobody: that is another check's business."""
    if not newly_created.ok:
        raise Blocked(f"the documented body does not create a user: {newly_created.why}")


@pytest.fixture(params=DIALECT_NAMES)
def either(request, provisioning):
    """The provisioning service in each of its dialects; blocked where a dialect does not work at all."""
    request.getfixturevalue("capitals" if request.param == "default" else "flag")
    return provisioning(request.param)


# -- what is shown --------------------------------------------------------------------------


class Shown:
    """A resource as a GET shows it, with what was done before as evidence."""

    def __init__(self, resource):
        self.resource = resource

    def at(self, path):
        """Return the value at the path of a mapping's target, None where there is none."""
        found = read(self.resource, parse(path))
        return None if found is MISSING else found

    def expect(self, path, *values):
        """Expect one of the values; None stands for no value."""
        found = self.at(path)
        if not any(found == value and isinstance(found, bool) == isinstance(value, bool) for value in values):
            wanted = [f"{path} = {value!r}" if value is not None else f"no {path}" for value in values]
            actual = f"{path} = {found!r}" if found is not None else f"no {path}"
            raise Violation(f"Afterwards the user is shown with another {path}.", expected=wanted, actual=actual)
        return self


@pytest.fixture(scope="session")
def shown(scim_session):
    """Read a resource back; blocked where that fails."""
    return lambda resource: Shown(scim_session.baseline.read(resource))


@pytest.fixture(scope="session")
def manager_of(shown, seen_managers):
    """Return the id of the manager that a user is shown with, in whatever shape; None without one."""

    def look(user):
        found = shown(user).at(MANAGER)
        found = found.get("value") if isinstance(found, dict) else found
        seen_managers[user["id"]] = found or None
        return found or None

    return look


@pytest.fixture
def give_manager(scim, manager_of, next_manager):
    """Give a user a manager as the RFC has it, and return that manager's id; blocked where that does not work."""

    def give(user):
        id_ = next_manager()
        response = scim.modify(user, {"op": "replace", "path": MANAGER, "value": {"value": id_}})
        if id_ not in response.text and manager_of(user) != id_:
            raise Blocked("a user cannot be given a manager")
        return id_

    return give


@pytest.fixture
def managed(give_manager, employee):
    """The employee with a manager to change, and that manager's id."""
    return employee, give_manager(employee)


@pytest.fixture
def reporting(once, give_manager, account_for):
    """Somebody with a manager to search for, and that manager's id."""
    user = account_for("reporting")
    return user, once("entra reporting", lambda: give_manager(user))


# -- groups ---------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def group_called(mark):
    """Give a group of the directory with a new name."""
    return lambda: {"displayName": f"Group {mark()}", "objectId": f"object-{mark()}"}


@pytest.fixture
def team(make, people):
    """Make a group with the first so many of three people, as a precondition."""

    def build(size):
        members = people()[:size]
        extra = {"members": [{"value": person["id"]} for person in members]} if members else {}
        return make("Group", minimal=True, **extra), [person["id"] for person in members]

    return build


@pytest.fixture(scope="session")
def members_of(shown):
    """Return the ids of the members that a group is shown with, in their order."""

    def look(group):
        listed = shown(group).resource.get("members") or []
        return sorted(str(member.get("value")) for member in listed if isinstance(member, dict))

    return look


@pytest.fixture(scope="session")
def role_names(features):
    """Two app roles: those that the target names, if it does."""
    users = features.resource_type("User")
    value = served(parse("roles.value"), features, users) if users is not None else None
    named = [str(each) for each in value.canonical_values] if value is not None else []
    return [*named, "Admin", "User"][:2]

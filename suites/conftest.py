"""What checks of several suites share: resources and what a target shows of them, lists and filters, changes."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

import pytest

from scim_conformance.judge import Blocked, differences, expect
from scim_conformance.judge.changeable import Elements, Renaming, SetOnce, Text
from scim_conformance.judge.compare import empty, instant
from scim_conformance.judge.patient import Patient, usable
from scim_conformance.judge.places import Places
from scim_conformance.judge.resources import filter_by_name, listed, naming_attribute, type_at


class Creation(NamedTuple):
    """A body that was posted, the answer to it, and the new resource as the target first showed it."""

    sent: dict[str, Any]
    response: Any
    resource: dict[str, Any]

    @property
    def body(self) -> dict[str, Any]:
        """The body of the answer; it SHOULD be there, so a check of its contents does not apply without it."""
        if not self.response.content:
            pytest.skip("unsupported: the answer to POST has no body, which is allowed")
        if not self.response.is_json or not isinstance(self.response.json, dict):
            raise Blocked("the answer to POST has a body that is no JSON object")
        return self.response.json


@pytest.fixture(scope="session")
def creation_of(scim_session):
    """Make of a body and the answer to its POST a creation; blocked unless the target created the resource."""

    def look(resource_type: Any, sent: dict[str, Any], response: Any) -> Creation:
        resource = scim_session.baseline.created(response, resource_type)
        if resource is None:
            raise Blocked(f"creating a {resource_type.name} failed: POST answered {response.status}")
        return Creation(sent, response, resource)

    return look


@pytest.fixture(scope="session")
def post(scim, scim_session, creation_of):
    """Create a resource from a body of the check's own: `post("User", body)`; blocked unless the target creates it."""

    def send(resource_type: Any, sent: dict[str, Any]) -> Creation:
        if isinstance(resource_type, str):
            resource_type = scim_session.baseline.resource_type(resource_type)
        return creation_of(resource_type, sent, scim.create(resource_type, sent))

    return send


@pytest.fixture(scope="session")
def once(scim_session):
    """Ask something once a run: `once("some answer", lambda: scim.get(...))`; each check that judges it shows it."""
    return scim_session.baseline.once


@pytest.fixture(scope="session")
def plainly():
    """Give the resource that the answer to a GET shows; blocked where it shows none."""

    def show(response: Any, id_: str) -> dict[str, Any]:
        body = response.json if response.is_json else None
        if response.status != 200:
            raise Blocked(f"a plain GET does not work: it answered {response.status}")
        if not isinstance(body, dict) or id_ not in response.text or "Resources" in body:
            raise Blocked("a plain GET does not work: it does not show the resource")
        return body

    return show


@pytest.fixture(scope="session")
def got_shared(scim_session, once):
    """Give the answer to the GET of the shared resource of a type; asked again where a new one shows late (A78)."""

    def ask(resource_type: Any) -> Any:
        place = (resource_type, scim_session.baseline.shared(resource_type.name)["id"])

        def read() -> Any:
            response = scim_session.client.read(place)
            return response if response.status != 404 else scim_session.client.read(place)

        return once(("read", resource_type.name), read)

    return ask


@pytest.fixture(scope="session")
def readable(scim_session, plainly, got_shared):
    """Tell what is wrong with a plain GET of a resource of a type; nothing where it works."""

    def problem(resource_type: Any) -> str:
        try:
            plainly(got_shared(resource_type), scim_session.baseline.shared(resource_type.name)["id"])
        except Blocked as blocked:
            return str(blocked)
        return ""

    return problem


@pytest.fixture
def reading(readable, resource_type):
    """GET of one resource of the type at hand: blocked where a plain one does not work."""
    if readable(resource_type):
        raise Blocked(readable(resource_type))


@pytest.fixture(scope="session")
def filters(features, scim_session):
    """Skip a check where the target advertises no filters, and block it where a plain one fails."""

    def judge() -> None:
        fact = features.fact("filter")
        if not fact.holds:
            pytest.skip(f"{fact.kind}: {fact.reason}")
        scim_session.baseline.filter_works()

    return judge


@pytest.fixture
def filtering(filters):
    """Filters: the check does not apply where the target advertises none, and is blocked where a plain one fails."""
    filters()


@pytest.fixture(scope="session")
def answer_to_filter(once, scim):
    """Give the answer to a filter on users that has to be refused, asked for once a run."""
    return lambda filter_: once(("filter", filter_), lambda: scim.query("User", filter_, count=1))


@pytest.fixture(scope="session")
def nobody(mark):
    """Write a filter that nothing matches: a name that occurs nowhere."""
    return lambda resource_type: f'{naming_attribute(resource_type)} eq "{mark()}"'


@pytest.fixture(scope="session")
def selecting(scim_session, nobody):
    """Block a check where a filter that nothing matches finds something, which one check judges."""

    def judge() -> None:
        kind = scim_session.baseline.resource_type("User")
        response = scim_session.baseline.once("nobody", lambda: scim_session.client.query(kind, nobody(kind), count=1))
        if listed(response):
            raise Blocked("filters do not filter: one that nothing matches finds something")
        if response.status not in (200, 204, 404):
            raise Blocked(f"a filter that nothing matches is answered with {response.status}")

    return judge


@pytest.fixture(scope="session")
def selective(selecting):
    """Filters select: blocked where one that nothing matches finds something."""
    selecting()


@pytest.fixture
def patching(features, scim_session):
    """PATCH: the check does not apply where the target advertises none, and is blocked where a plain one fails."""
    fact = features.fact("patch")
    if not fact.holds:
        pytest.skip(f"{fact.kind}: {fact.reason}")
    scim_session.baseline.patch_works()


@pytest.fixture(scope="session")
def by_name():
    """Write the filter that finds a resource by its name, else by its ids: `by_name(resource_type, resource)`."""
    return filter_by_name


@pytest.fixture(scope="session")
def user_name():
    """Give the userName of a user as the target shows it; blocked where it shows none, which others judge."""

    def read(user: dict[str, Any]) -> str:
        if not isinstance(user.get("userName"), str):
            raise Blocked("the target does not show the userName of a user")
        return str(user["userName"])

    return read


@pytest.fixture(scope="session")
def as_kept(scim_session, got_shared):
    """Show the shared resource of a type as the target keeps it, whatever the answer to its POST was."""

    def show(resource_type: Any) -> dict[str, Any]:
        return scim_session.baseline.shown(got_shared(resource_type))

    return show


@pytest.fixture(scope="session")
def as_made(scim, features, scim_session, got_shared, read):
    """Show a resource as a GET would right after its POST: as the POST did, where both show the same of the shared one.

    A resource that was changed since has to be read.
    """
    agree: dict[str, bool] = {}

    def show(resource: dict[str, Any]) -> dict[str, Any]:
        kind = type_at(features, scim.location(resource))
        if kind.name not in agree:
            got, posted = got_shared(kind), scim_session.baseline.shared(kind.name)
            agree[kind.name] = got.status == 200 and got.is_json and got.json == posted
        return resource if agree[kind.name] else read(resource)

    return show


@pytest.fixture(scope="session")
def list_of(scim, features, by_name, as_kept):
    """Ask for a list that holds the shared resource of a type by a filter; without filters, for one of one resource."""

    def ask(resource_type: Any, **params: Any) -> Any:
        if features.fact("filter").holds:
            return scim.query(resource_type, by_name(resource_type, as_kept(resource_type)), **params)
        return scim.query(resource_type, **({"count": 1} | params))

    return ask


@pytest.fixture(scope="session")
def listing(list_of, once):
    """Give the answer to the query for a list with the shared resource of a type."""
    return lambda resource_type: once(("list", resource_type.name), lambda: list_of(resource_type))


@pytest.fixture(scope="session")
def listable(listing):
    """Tell whether a filter on its name finds a resource of a type, in a readable list."""
    return lambda resource_type: bool(listed(listing(resource_type)))


@pytest.fixture
def finding(filters, listable, resource_type):
    """Filters on the type at hand: blocked where a plain one does not find a resource that is there."""
    filters()
    if not listable(resource_type):
        raise Blocked(f"a plain filter does not find a {resource_type.name} that is there")


@pytest.fixture(scope="session")
def listed_in():
    """Give the resources in a list, none where the answer is no list of resources."""
    return listed


@pytest.fixture
def places(scim, once):
    """The judge of the URIs that a target gives to its resources; it looks once a run where one leads."""
    return Places(scim, lambda url: once(("where it leads", url), lambda: scim.get(url)))


@pytest.fixture(scope="session")
def mark(scim_session):
    """Invent a word that occurs nowhere else on the target, of lower-case letters and digits."""
    return lambda: scim_session.person().mark


@pytest.fixture(scope="session")
def is_free_text():
    """Tell of an attribute whether it is a text with one value, which clients choose and see."""
    return Text.is_free


@pytest.fixture(scope="session")
def user_attribute(scim_session):
    """Look up a top-level attribute of the served User schema: `user_attribute("emails")`; None where there is none."""

    def look_up(name: str) -> Any:
        served = scim_session.features.schema_of(scim_session.baseline.resource_type("User"))
        return next((a for a in served.attributes if a.name.lower() == name.lower()), None) if served else None

    return look_up


@pytest.fixture(scope="session")
def keeps(scim_session, user_attribute):
    """Try, once a run, whether the target keeps what a new user is given: `keeps(title="Clerk")`."""
    known: dict[str, bool] = {}

    def try_out(**given: Any) -> bool:
        name = " ".join(given)
        if name not in known:
            try:
                made = scim_session.baseline.make("User", **given)
                shown = scim_session.baseline.read(made)
                scim_session.discard([made])
                known[name] = not differences(given, shown, [user_attribute(each) for each in given], exact=True)
            except Blocked:
                known[name] = False
        return known[name]

    return try_out


@pytest.fixture(scope="session")
def spare(user_attribute, is_free_text, keeps):
    """The name of a text attribute of users that need not be there: title, nickName or userType."""
    for name in ("title", "nickName", "userType"):
        attribute = user_attribute(name)
        if attribute and is_free_text(attribute) and not attribute.required and keeps(**{name: "Clerk"}):
            return name
    pytest.skip("unsupported: the target keeps none of title, nickName and userType of a user")


@pytest.fixture(scope="session")
def elements(user_attribute, keeps, mark):
    """A multi-valued attribute of users of which the target keeps several elements: emails or phoneNumbers."""
    for name in ("emails", "phoneNumbers"):
        found = Elements.served(user_attribute(name), mark)
        if found and keeps(**{name: [found.one(0), found.one(1)]}):
            return found
    pytest.skip("unsupported: the target keeps several elements neither of emails nor of phoneNumbers")


@pytest.fixture
def settable(features):
    """An immutable text attribute; the check does not apply where none is served."""
    return SetOnce.served(features) or pytest.skip("unsupported: no text attribute of a resource is immutable")


@pytest.fixture
def after(scim):
    """Read a resource back and expect something of it; blocked where it cannot be read."""

    def look(resource: dict[str, Any]) -> Any:
        response = scim.read(resource)
        if response.status != 200 or not response.is_json or not isinstance(response.json, dict):
            raise Blocked(f"reading the resource back failed: GET answered {response.status}")
        return expect(response)

    return look


@pytest.fixture(scope="session")
def asserted(scim, features, body, as_made):
    """Write the body of a PUT that asserts all that a client can set, as it is, but for the changes given.

    What a GET shows of the resource has to be given where it was changed since it was made. A required attribute that
    a GET does not show, such as a password, gets a new value.
    """

    def write(resource: dict[str, Any], seen: dict[str, Any] | None = None, /, **changes: Any) -> dict[str, Any]:
        shown, kind = seen or as_made(resource), type_at(features, scim.location(resource))
        fixed = {"meta"} | {each.name for each in features.schema_of(kind).attributes if each.mutability == "readOnly"}
        kept = {name: value for name, value in shown.items() if name == "id" or name not in fixed}
        if any(each.required and each.name not in shown for each in features.schema_of(kind).attributes):
            kept = body(kind, minimal=True) | kept
        named = kept.get("schemas") or []
        return {**kept, "schemas": named if kind.schema in named else [kind.schema], **changes}

    return write


@pytest.fixture
def text(features, resource_type):
    """A text attribute of the resource type at hand that can be changed."""
    found = Text.served(features.attributes(resource_type, extensions=False))
    return found or pytest.skip(f"unsupported: {resource_type.name} has no text attribute that can be changed freely")


@pytest.fixture
def patched(scim, after):
    """Change a resource by PATCH, which has to succeed, and expect something of it as it is then."""

    def change(resource: dict[str, Any], *operations: dict[str, Any]) -> Any:
        expect(scim.modify(resource, *operations)).success()
        return after(resource)

    return change


@pytest.fixture
def renaming(once, scim, scim_session, as_made, text, mark, tick, resource_type):
    """Give a new resource of the type at hand another text, once a run: `renaming("PUT", send)`; many checks judge it.

    `send` gets the resource as it is, and the new text.
    """

    def rename(how: str, send: Callable[[dict[str, Any], str], Any]) -> Renaming:
        def change() -> Renaming:
            before, value = as_made(scim_session.baseline.make(resource_type)), f"Renamed {mark()}"
            with suppress(Blocked):  # a resource that does not tell when it was changed
                tick(before)
            return Renaming(before, text.path, value, send(before, value), scim.read((resource_type, before["id"])))

        return once(("renaming", how, resource_type.name), change)

    return rename


@pytest.fixture
def as_shown(features):
    """Expect that the answer to a change has the whole resource: every attribute that a GET right after it shows."""

    def judge(response: Any, shown: dict[str, Any], resource_type: Any) -> None:
        served = features.schema_of(resource_type).attributes
        derived = {attribute.name for attribute in served if attribute.mutability == "readOnly"}
        for name, value in shown.items():
            if name not in derived and not empty(value):
                expect(response).has(name)

    return judge


@pytest.fixture
def tick():
    """Wait until a new time of change can be told from the one a resource shows; blocked where it shows none."""

    def wait(resource: dict[str, Any]) -> None:
        shown = (resource.get("meta") or {}).get("lastModified")
        if not isinstance(shown, str) or instant(shown) is None:
            raise Blocked("the resource shows no meta.lastModified that is a dateTime")
        fraction = shown.partition(".")[2].rstrip("Zz").partition("+")[0].partition("-")[0]
        time.sleep(0.02 if fraction.strip("0") else 1.1)

    return wait


@pytest.fixture(scope="session")
def patient(scim_session):
    """Give a user that one check after the other gets, made anew by a PUT; a new one where PUT does not do that."""
    baseline, features = scim_session.baseline, scim_session.features
    user = features.resource_type("User")
    attributes = [each for each in features.attributes(user) if not each.parent] if user else []
    client = scim_session.client
    one = Patient(lambda: baseline.make("User"), baseline.body, client.replace, client.read, attributes)
    works: list[bool] = []

    def give(**given: Any) -> dict[str, Any] | None:
        works[:] = works or [user is not None and usable(baseline.replace_works)]
        return one.made(**given) if works[0] else None

    return give

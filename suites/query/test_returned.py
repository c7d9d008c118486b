"""When attributes are returned, RFC 7643 section 7 and RFC 7644 section 3.9; passwords never are."""

import pytest

from scim_conformance.judge import Blocked, Violation, expect
from scim_conformance.judge.compare import empty

HIDDEN = ("never", "request")


@pytest.fixture
def projected(anna, hideable):
    """Anna, with userName alone asked for; blocked where that is not heeded."""
    shown = anna(attributes="userName")[1]
    if empty(shown.get("userName")) or any(not empty(shown.get(name)) for name in hideable):
        raise Blocked("attributes does not work, which another check judges")
    return shown


@pytest.fixture(scope="session")
def listed_anna(population, scim, once, filters):
    """The answer to a query that finds Anna and nobody else."""
    filters()
    return lambda: once("anna listed", lambda: scim.query("User", f'userName eq "{population["a"].sent["userName"]}"'))


@pytest.mark.requirement("RFC7644-3.4-02", "RFC7644-3.9-01")
@pytest.mark.parametrize("place", ["read", "list"])
def test_what_is_returned_by_default_is_shown(anna, listed_anna, listed_in, population, features, place):
    """A response shows every attribute that has a value and is returned always or by default."""
    member = population["a"]
    if place == "read":
        answer, shown = anna()
    else:
        found = [each for each in listed_in(listed_anna()) if each.get("id") == member.id]
        if not found:
            raise Blocked("a query for a user that is there does not find it, which another check judges")
        answer, shown = expect(listed_anna()), found[0]
    once_shown = {path.lower() for path, value in leaves(member.shown) if not empty(value)}
    known = {
        each.path.lower(): each.path
        for each in features.attributes("User")
        if each.returned not in HIDDEN and not each.parent and each.path.lower() in once_shown
        if each.path not in without_returned(features)
    }
    now = {path.lower() for path, value in leaves(shown) if not empty(value)}
    lacking = sorted(known[path] for path in known.keys() - now)
    answer.where(
        not lacking,
        expected="every attribute that the user was given",
        actual=f"no {', '.join(lacking)}, which the answer to POST had shown",
    )


def leaves(resource):
    """Give the attributes of a resource by their paths, those of extensions with their URI."""
    for name, value in resource.items():
        if name.lower().startswith("urn:") and isinstance(value, dict):
            yield from ((f"{name}:{inner}", held) for inner, held in value.items())
        else:
            yield name, value


# -- definitions without `returned` ---------------------------------------------------------


def without_returned(features):
    """Name the attributes of users whose served definition says nothing of `returned`."""
    raw = features.schema_of("User").raw.get("attributes")
    return [each.get("name") for each in raw or [] if isinstance(each, dict) and "returned" not in each]


@pytest.fixture
def undefined(features, population):
    """The attributes of users whose served definition says nothing of `returned`, and which Anna has."""
    found = [
        name for name in without_returned(features) if not empty(population["a"].sent.get(name)) and name != "userName"
    ]
    found = [name for name in found if population.keeps(name)]
    if not found:
        pytest.skip("unsupported: the served definitions of what Anna has all say when it is returned")
    return found


@pytest.mark.requirement("RFC7643-2.2-05")
def test_without_returned_an_attribute_is_returned_by_default(undefined, anna, projected):
    """An attribute whose definition has no `returned` is shown by default, and hidden where others are asked for."""
    answer, shown = anna()
    lacking = [name for name in undefined if empty(shown.get(name))]
    answer.where(not lacking, expected=", ".join(undefined), actual=f"no {', '.join(lacking)}")
    besides = [name for name in undefined if not empty(projected.get(name))]
    if besides:
        raise Violation(
            "With attributes=userName, attributes are shown whose definition has no `returned`.",
            expected=["userName alone of the default set"],
            actual=f"{', '.join(besides)} besides",
        )


# -- returned on request --------------------------------------------------------------------


@pytest.fixture(scope="session")
def on_request(scim_session, features, once):
    """A user with a value of every text that is returned on request; what was sent, and the answer to POST."""
    kind = scim_session.baseline.resource_type("User")
    names = [
        each.name
        for each in features.attributes(kind, extensions=False)
        if each.returned == "request" and not each.parent and each.type == "string" and not each.multi_valued
        if each.mutability == "readWrite" and each.uniqueness == "none" and not each.canonical_values
    ]
    if not names:
        pytest.skip("unsupported: users have no text that is returned on request and can be written")
    sent = {name: f"On request {number}" for number, name in enumerate(names)}
    made = scim_session.baseline.make(kind, **sent)
    yield (
        made,
        sent,
        lambda **params: once(("on request", *params.items()), lambda: scim_session.client.read(made, params=params)),
    )
    scim_session.discard([made])


@pytest.mark.requirement("RFC7643-7-39")
def test_what_is_returned_on_request_is_not_shown_by_default(on_request):
    """An attribute that is returned on request is not in the answer to a GET without attributes."""
    _, sent, read = on_request
    answer = expect(read()).status(200).json_object()
    shown = [name for name in sent if not empty(answer.response.body.get(name))]
    answer.where(not shown, expected=f"no {', '.join(sent)}", actual=f"{', '.join(shown)} shown")


@pytest.mark.requirement("RFC7643-7-39")
def test_what_is_returned_on_request_is_shown_when_named(on_request):
    """An attribute that is returned on request is in the answer to a GET whose attributes names it."""
    _, sent, read = on_request
    answer = expect(read(attributes=",".join(sent))).status(200).json_object()
    lacking = [name for name in sent if empty(answer.response.body.get(name))]
    answer.where(not lacking, expected=", ".join(sent), actual=f"no {', '.join(lacking)}")


# -- passwords ------------------------------------------------------------------------------


class Exposure:
    """A user with a password, and the answers that might show it."""

    def __init__(self, session, features, attribute):
        self.session, self.client, self.features = session, session.client, features
        self.kind = session.baseline.resource_type("User")
        self.attribute = attribute
        self.made = []
        self.passwords = []

    def password(self):
        """Invent a password that most policies take; it must never come back."""
        self.passwords.append(f"Zx7-{self.session.person().mark}-Qp4!")
        return self.passwords[-1]

    @property
    def user(self):
        """The user; the answer to POST comes first, so that it is made there."""
        if not self.made:
            self.post()
        return self.made[0]

    def post(self, **params):
        """Create the user with a password."""
        body = self.session.baseline.body(self.kind, password=self.password())
        response = self.client.create(self.kind, body, params=params or None)
        created = self.session.baseline.created(response, self.kind)
        if created is None:
            raise Blocked(f"a user with a password cannot be created: POST answered {response.status}")
        self.made.append(created)
        return response

    def get(self):
        """Read the user, with password in attributes."""
        return self.client.read(self.user, attributes="userName,password")

    def query(self):
        """List the user, with password in attributes."""
        name = self.session.baseline.read(self.user)["userName"]
        return self.client.query(self.kind, f'userName eq "{name}"', attributes="userName,password")

    def search(self):
        """Search for the user, with password in attributes."""
        name = self.session.baseline.read(self.user)["userName"]
        response = self.client.search(self.kind, filter=f'userName eq "{name}"', attributes=["userName", "password"])
        if response.status in (404, 405, 501):
            pytest.skip(f"unsupported: POST /.search answered {response.status}")
        return response

    def put(self):
        """Replace the user, giving a password, with password in attributes."""
        self.session.baseline.replace_works()
        shown = self.session.baseline.read(self.user)
        fixed = {a.name for a in self.features.schema_of(self.kind).attributes if a.mutability == "readOnly"} | {"meta"}
        body = {name: value for name, value in shown.items() if name not in fixed} | {"password": self.password()}
        return self.client.replace(self.user, body, params={"attributes": "userName,password"})

    def patch(self):
        """Change the password, asking for it."""
        fact = self.features.fact("patch")
        if not fact.holds:
            pytest.skip(f"{fact.kind}: {fact.reason}")
        self.session.baseline.patch_works()
        change = {"op": "replace", "path": "password", "value": self.password()}
        return self.client.modify(self.user, change, params={"attributes": "userName,password"})

    def shown_in(self, response):
        """Say how a response shows a password, nothing where it does not."""
        if any(password in response.text for password in self.passwords):
            return "the password itself"
        body = response.json if response.is_json else None
        members = [name for name, value in every_member(body) if "password" in name.lower() and not empty(value)]
        return f"a member {members[0]} with a value" if members else ""


def every_member(value):
    """Give every member of an object and of what is inside it."""
    if isinstance(value, dict):
        yield from value.items()
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from every_member(inner)


@pytest.fixture(scope="session")
def exposure(scim_session, features, user_attribute):
    """A user with a password, made when first needed."""
    attribute = user_attribute("password")
    if attribute is None:
        pytest.skip("unsupported: the served schema of users has no password")
    exposed = Exposure(scim_session, features, attribute)
    yield exposed
    scim_session.discard(exposed.made)


@pytest.mark.requirement("RFC7643-4.1.1-22", "RFC7643-7-33")
def test_the_answer_to_post_shows_no_password(exposure, once):
    """The answer to a POST with a password does not show it, neither in clear nor hashed."""
    judge(exposure, once("password POST", exposure.post))


@pytest.mark.requirement("RFC7643-4.1.1-22", "RFC7643-4.1.1-31", "RFC7643-7-33", "RFC7643-7-36")
@pytest.mark.parametrize("how", ["get", "query", "search", "put", "patch"])
def test_no_answer_shows_a_password_that_is_named(exposure, how):
    """No answer shows the password, though attributes names it: GET, list, search, PUT and PATCH."""
    response = getattr(exposure, how)()
    if response.status >= 500:
        raise Blocked(f"the request was answered with {response.status}")
    judge(exposure, response)


def judge(exposure, response):
    """Expect that a response shows no password."""
    shown = exposure.shown_in(response)
    if shown:
        message = f"{response.exchange.method} {response.exchange.url} answered with {shown}."
        raise Violation(message, expected=["no password in any form"], actual=shown)

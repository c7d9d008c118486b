"""What the checks of versions share: one user whose answers are kept, and the conditional requests about it."""

import re
from typing import Any, NamedTuple

import pytest

from scim_conformance.judge import Blocked

PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ENTITY_TAG = re.compile(r'(W/)?"[\x21\x23-\x7e\x80-\xff]*"')
"""RFC 7232 section 2.3: W/ in capitals, and a quoted string without blanks and quotes."""
HEADERS = {"if_match": "If-Match", "if_none_match": "If-None-Match"}


class Attempt(NamedTuple):
    """A conditional change: the answer to it, the value it would have set, and the user as a GET shows it then."""

    response: Any
    value: str
    shown: dict[str, Any]
    was: Any
    now: Any

    @property
    def performed(self) -> bool:
        """Whether the change took place, whatever the answer was."""
        return bool(self.now == self.value)


class Story:
    """One user from its creation on: every answer that tells a version, and conditional requests, each asked once."""

    def __init__(self, session: Any, path: str, asserted: Any):
        self._client, self._baseline = session.client, session.baseline
        self._path, self._asserted, self._count = path, asserted, 0
        self._given: dict[str, str] = {}
        self._mark = session.person().mark
        self._asked: dict[Any, Any] = {}
        self.answers: dict[str, Any] = {}
        self.user: dict[str, Any] = {}

    # -- the plain part --------------------------------------------------------------------

    def begin(self, *, patch: bool) -> None:
        """Create the user, read it twice, change it by PUT and by PATCH, and read it after each."""
        kind = self._baseline.resource_type("User")
        self.answers["create"] = self._client.create(kind, self._baseline.body(kind))
        created = self._baseline.created(self.answers["create"], kind)
        if created is None:
            raise Blocked(f"creating a User failed: POST answered {self.answers['create'].status}")
        self.user = created
        self.answers["read"] = self.look()
        self.answers["read again"] = self.look()
        for method in ("PUT", "PATCH") if patch else ("PUT",):
            self._given[method] = self._next()
            self.answers[method] = self._change(method, self._given[method], {})
            self.answers[f"read after {method}"] = self.look()

    def answer(self, name: str) -> Any:
        """Give the answer to a plain request of the beginning; blocked where that request was refused."""
        if name not in self.answers:
            pytest.skip(f"unsupported: the target does not advertise {name}")
        response = self.answers[name]
        if not response.is_success:
            raise Blocked(f"a plain {name} does not work: it answered {response.status}")
        return self._client.recall(response)

    def every(self) -> list[Any]:
        """Give the answers to all plain requests of the beginning that were successful."""
        return [self._client.recall(each) for each in self.answers.values() if each.is_success]

    def look(self) -> Any:
        """Read the user; the tag that the answer has is the current one from now on."""
        response = self._client.read(("User", self.user["id"]))
        body = response.json if response.is_json else None
        if response.status != 200 or not isinstance(body, dict) or self.user["id"] not in response.text:
            raise Blocked(f"a plain GET does not work: it answered {response.status}")
        self._current, self._tag = body, tag_of(response)
        return response

    def value(self, shown: dict[str, Any]) -> Any:
        """Give the value of the attribute that is changed here."""
        found: Any = shown
        for step in self._path.split("."):
            found = found.get(step) if isinstance(found, dict) else None
        return found

    # -- tags ------------------------------------------------------------------------------

    @property
    def tag(self) -> str:
        """The tag of the user as it is now; blocked where a GET does not tell one that can be sent back."""
        if not ENTITY_TAG.fullmatch(self._tag):
            raise Blocked("a GET tells no version that is an entity tag")
        if tag_of(self.answers["read"]) != tag_of(self.answers["read again"]):
            raise Blocked("the version changes while nothing else does")
        return self._tag

    @property
    def stale(self) -> str:
        """A tag that the user had before it was changed."""
        first = tag_of(self.answers["read"])
        if not ENTITY_TAG.fullmatch(first) or first == self.tag:
            raise Blocked("the version did not change with the user, so that no outdated one is known")
        return first

    def tags(self, word: str) -> str:
        """Write the value of a condition: current, stale, strangers, list, other strength, other letters or *."""
        strangers = '"scim-conformance-1", W/"scim-conformance-2"'
        if word == "*":
            return "*"
        if word in ("current", "stale"):
            return self.tag if word == "current" else self.stale
        if word == "list":
            return f"{strangers}, {self.tag}"
        if word == "other strength":
            return self.tag[2:] if self.tag.startswith("W/") else f"W/{self.tag}"
        if word == "other letters":
            prefix, _, opaque = self.tag.partition('"')
            if opaque.swapcase() == opaque:
                pytest.skip("unsupported: the target's versions have no letters")
            return f'{prefix}"{opaque.swapcase()}'
        return strangers

    # -- conditional requests --------------------------------------------------------------

    def read(self, method: str = "GET", **conditions: str) -> Any:
        """Read the user under conditions, each a word of `tags`; the same question is asked once."""
        key = (method, *sorted(conditions.items()))
        if key not in self._asked:
            headers = {HEADERS[name]: self.tags(word) for name, word in conditions.items()}
            place = self._client.location(("User", self.user["id"]))
            self._asked[key] = self._client.request(method, place, headers=headers)
        response = self._asked[key]
        if method == "HEAD" and response.status in (405, 501):
            pytest.skip("unsupported: the target has no HEAD")
        return self._client.recall(response)

    def write(self, method: str, **conditions: str) -> Attempt:
        """Change the user under conditions and read it again; the same change is tried once."""
        self.answer(method)
        if self.value(self.answers[f"read after {method}"].body) != self._given[method]:
            raise Blocked(f"a plain {method} does not work: it did not change {self._path}")
        key = (method, *sorted(conditions.items()))
        if key not in self._asked:
            headers = {HEADERS[name]: self.tags(word) for name, word in conditions.items()}
            value, was = self._next(), self.value(self._current)
            response = self._change(method, value, headers)
            after = self.look()
            shown = after.body
            self._asked[key] = (Attempt(response, value, shown, was, self.value(shown)), after)
        attempt, after = self._asked[key]
        self._client.recall(attempt.response)
        self._client.recall(after)
        return attempt

    def broken(self, **conditions: str) -> Any:
        """Send a PUT whose body is no JSON under conditions, or none."""
        headers = {HEADERS[name]: self.tags(word) for name, word in conditions.items()}
        place = self._client.location(("User", self.user["id"]))
        content = {"Content-Type": "application/scim+json"}
        return self._client.put(place, content=b'{"schemas": [', headers=headers | content)

    def unknown(self, id_: str, **conditions: str) -> Any:
        """PUT to an id that no resource has, under conditions or none."""
        headers = {HEADERS[name]: self.tags(word) for name, word in conditions.items()}
        body = self._baseline.body("User") | {"id": id_}
        return self._client.replace(("User", id_), body, headers=headers)

    def changed(self, value: str) -> dict[str, Any]:
        """Write the body of a PUT that sets the value."""
        name, _, sub = self._path.partition(".")
        given = {**(self._current.get(name) or {}), sub: value} if sub else value
        return dict(self._asserted(self.user, self._current, **{name: given}))

    def _change(self, method: str, value: str, headers: dict[str, str]) -> Any:
        user = ("User", self.user["id"])
        if method == "PUT":
            return self._client.replace(user, self.changed(value), headers=headers)
        operation = {"op": "replace", "path": self._path, "value": value}
        return self._client.modify(user, operation, headers=headers)

    def _next(self) -> str:
        self._count += 1
        return f"Version {self._count} {self._mark}"


def tag_of(response: Any) -> str:
    """Give the value of the ETag header, nothing where there is none."""
    return next(iter(response.headers.get_all("ETag")), "").strip()


@pytest.fixture(scope="session")
def story(scim_session, features, user_attribute, is_free_text, asserted):
    """A user whose versions are told from its creation on; it is deleted at the end of the run."""
    display = user_attribute("displayName")
    found = Story(scim_session, "displayName" if display and is_free_text(display) else "name.familyName", asserted)
    try:
        found.begin(patch=features.fact("patch").holds)
        yield found
    finally:
        if found.user:
            scim_session.discard([found.user])


@pytest.fixture(params=["PUT", "PATCH"])
def method(request, features):
    """A method that changes a resource: PUT, and PATCH where the target advertises it."""
    fact = features.fact("patch")
    if request.param == "PATCH" and not fact.holds:
        pytest.skip(f"{fact.kind}: {fact.reason}")
    return request.param


@pytest.fixture(scope="session")
def version_in():
    """Give meta.version of a body; None where there is none."""

    def find(response: Any) -> Any:
        body = response.json if response.is_json else None
        meta = body.get("meta") if isinstance(body, dict) else None
        return meta.get("version") if isinstance(meta, dict) else None

    return find


@pytest.fixture(scope="session")
def etag():
    """Give the value of the ETag header of an answer, nothing where there is none."""
    return tag_of


@pytest.fixture(scope="session")
def is_entity_tag():
    """Tell whether a text is written as an entity tag."""
    return lambda text: bool(ENTITY_TAG.fullmatch(text))

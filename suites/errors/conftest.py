"""A gallery of typical answers, one of each kind: each is asked for once, and many checks judge it."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from scim_conformance.judge import Blocked, BrokenAnswer, Violation
from scim_conformance.judge.resources import naming_attribute

PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
BULK_REQUEST = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
SCIM_JSON = "application/scim+json"
FOREIGN = "Zoë Łuczak 東京"
"""A name in letters of two, two and three bytes of UTF-8."""
LARGEST = 8 * 1024 * 1024
"""Bytes that are sent at most to exceed a limit."""

GOOD = ("create", "read", "list", "search", "replace", "patch", "configuration", "resource types", "schemas")
BAD = (
    "malformed",
    "malformed replace",
    "malformed search",
    "missing value",
    "wrong type",
    "bad filter",
    "duplicate",
    "unknown id",
    "unknown endpoint",
    "replace of all",
    "post to one",
    "unknown method",
    "plain text",
    "other version",
)
OUTSIDE = ("unknown endpoint", "unknown method", "other version")
"""What a gateway or framework may answer before SCIM has a say (A95)."""


class Gallery:
    """The answers of a target, by kind; `GOOD` are those to requests that should succeed, `BAD` to the others."""

    def __init__(self, session: Any, path: str, asserted: Any):
        self._session, self._client, self._baseline = session, session.client, session.baseline
        self._features = session.features
        user = self._features.resource_type("User")
        self.type = user or next(iter(self._features.resource_types), None)
        if self.type is None:
            raise Blocked("the target serves no resource type")
        self.path, self._asserted, self._mark = path, asserted, session.person().mark
        self._known: dict[str, Any] = {}
        self.resource: dict[str, Any] = {}
        self.sent: dict[str, Any] = {}

    def begin(self) -> None:
        """Create the resource that the requests are about."""
        self.sent = self._baseline.body(self.type)
        response = self._known["create"] = self._client.create(self.type, self.sent)
        created = self._baseline.created(response, self.type)
        if created is None:
            raise Blocked(f"creating a {self.type.name} failed: POST answered {response.status}")
        self.resource = created

    # -- asking ----------------------------------------------------------------------------

    def one(self, kind: str) -> Any:
        """Give the answer of a kind; the check does not apply where the target cannot be asked such a thing."""
        found = self._kept(kind)
        if isinstance(found, BrokenAnswer):
            raise found
        if isinstance(found, str):
            pytest.skip(found)
        return self._client.recall(found)

    def every(self, *kinds: str) -> Iterator[tuple[str, Any]]:
        """Give the answers of all kinds, or of these, that came at all, each with its kind."""
        for kind in kinds or (*GOOD, *BAD):
            found = self._kept(kind)
            if not isinstance(found, str | BrokenAnswer):
                yield kind, found

    def reject(self, offending: list[tuple[Any, str]], message: str, **violation: Any) -> None:
        """Raise a violation that tells the first offending answers, each with what was found in it."""
        for response, _ in offending[:5]:
            self._client.recall(response)
        if offending:
            calls = [f"{one.exchange.method} {one.exchange.url}: {found}" for one, found in offending[:5]]
            raise Violation(message, actual="; ".join(calls), **violation)

    def _kept(self, kind: str) -> Any:
        if kind not in self._known:
            try:
                self._known[kind] = self._ask(kind)
            except BrokenAnswer as problem:
                self._known[kind] = problem
        return self._known[kind]

    def _ask(self, kind: str) -> Any:
        """Ask for an answer, or say why there is none; what a target took in by mistake is deleted again."""
        questions = self._good() | self._accepting() | self._bad()
        answer = questions[kind]()
        if kind in BAD and not isinstance(answer, str) and answer.exchange.method == "POST":
            made = self._baseline.created(answer, self.type)
            if made is not None and made.get("id") != self.resource["id"]:
                self._session.discard([made])
        return answer

    @property
    def foreign(self) -> str:
        """The text in foreign letters that the resource is given."""
        return f"{FOREIGN} {self._mark}"

    @property
    def max_payload_size(self) -> Any:
        """The bytes that a bulk job may have, as ServiceProviderConfig tells them; None where it does not."""
        bulk = (self._features.service_provider_config or {}).get("bulk")
        limit = bulk.get("maxPayloadSize") if isinstance(bulk, dict) else None
        return limit if isinstance(limit, int) and not isinstance(limit, bool) else None

    @property
    def place(self) -> str:
        """The path of the resource."""
        found: str = self._client.location((self.type, self.resource["id"]))
        return found

    def changed(self, value: str) -> dict[str, Any]:
        """Write the body of a PUT that sets the text of the resource."""
        read = self._kept("read")
        if isinstance(read, BrokenAnswer):
            raise read
        seen = read.json if read.status == 200 and read.is_json and isinstance(read.json, dict) else self.resource
        name, _, sub = self.path.partition(".")
        given = {**(seen.get(name) or {}), sub: value} if sub else value
        return dict(self._asserted(self.resource, seen, **{name: given}))

    # -- what should succeed ---------------------------------------------------------------

    def _good(self) -> dict[str, Callable[[], Any]]:
        return {
            "read": lambda: self._client.get(self.place),
            "list": lambda: self._client.query(self.type, **self._narrow()),
            "search": self._search,
            "replace": self._foreign_replace,
            "patch": self._patch,
            "configuration": lambda: self._client.get("/ServiceProviderConfig"),
            "resource types": lambda: self._client.get("/ResourceTypes"),
            "schemas": lambda: self._client.get("/Schemas"),
            "foreign text": self._foreign_text,
        }

    def _accepting(self) -> dict[str, Callable[[], Any]]:
        reading = {"nothing": None, "anything": "*/*", "plain JSON": "application/json", "a page": "text/html"}
        writing = {"charset": f"{SCIM_JSON}; charset=utf-8", "plain JSON": "application/json"}
        return {
            **{f"accept {name}": self._reader(value) for name, value in reading.items()},
            **{f"send {name}": self._writer(name, value) for name, value in writing.items()},
            "unknown attribute": lambda: self._client.put(
                self.place, json={**self.changed(f"Known {self._mark}"), "scimConformance": "unknown"}
            ),
        }

    def _reader(self, accept: str | None) -> Callable[[], Any]:
        return lambda: self._client.get(self.place, headers={"Accept": accept})

    def _writer(self, name: str, media_type: str) -> Callable[[], Any]:
        return lambda: self._replace(f"{name} {self._mark}", media_type)

    def _narrow(self) -> dict[str, Any]:
        """Write the parameters of a query that finds the resource alone, else of the shortest list."""
        name = naming_attribute(self.type)
        value = self.sent.get(name)
        if self._features.fact("filter").holds and isinstance(value, str):
            return {"filter": f"{name} eq {json.dumps(value)}"}
        return {"count": 1}

    def _search(self) -> Any:
        response = self._client.search(self.type, **self._narrow())
        return f"unsupported: .search answered {response.status}" if response.status in (404, 405, 501) else response

    def _replace(self, value: str, media_type: str) -> Any:
        body = json.dumps(self.changed(value), ensure_ascii=False).encode()
        return self._client.put(self.place, content=body, headers={"Content-Type": media_type})

    def _foreign_replace(self) -> Any:
        """Put the foreign name, and read the resource before anything else changes it."""
        response = self._replace(self.foreign, SCIM_JSON)
        self._known["foreign text"] = self._client.get(self.place)
        return response

    def _foreign_text(self) -> Any:
        self._kept("replace")
        return self._known["foreign text"]

    def _patch(self) -> Any:
        fact = self._features.fact("patch")
        if not fact.holds:
            return f"{fact.kind}: {fact.reason}"
        operation = {"op": "replace", "path": self.path, "value": f"Patched {self._mark}"}
        return self._client.patch(self.place, json={"schemas": [PATCH_OP], "Operations": [operation]})

    # -- what cannot -----------------------------------------------------------------------

    def _bad(self) -> dict[str, Callable[[], Any]]:
        endpoint = self.type.endpoint
        cut = {"content": b'{"schemas": ["urn:ietf:params:scim', "headers": {"Content-Type": SCIM_JSON}}
        ours = "it names nothing but this run's own resource"
        return {
            "malformed": lambda: self._client.post(endpoint, resource=False, **cut),
            "malformed replace": lambda: self._client.put(self.place, **cut),
            "malformed search": lambda: self._malformed_search(cut),
            "missing value": self._missing_value,
            "wrong type": lambda: self._client.create(
                self.type, self._baseline.body(self.type, **{naming_attribute(self.type): {"value": 1}})
            ),
            "bad filter": self._bad_filter,
            "duplicate": self._duplicate,
            "unknown id": lambda: self._client.get(f"{endpoint}/{self._client.unknown_id()}"),
            "unknown endpoint": lambda: self._client.get("/ScimConformanceNothing"),
            "replace of all": lambda: self._client.put(endpoint, json=self.changed(self._mark), unguarded=ours),
            "post to one": lambda: self._client.post(self.place, json=self._baseline.body(self.type)),
            "unknown method": lambda: self._client.request("SCIMCONFORMANCE", self.place),
            "plain text": self._plain_text,
            "other version": self._other_version,
            "too large": self._too_large,
            "sensitive filter": self._sensitive_filter,
        }

    def _malformed_search(self, cut: dict[str, Any]) -> Any:
        if isinstance(self._kept("search"), str):
            return "unsupported: the target has no .search"
        return self._client.post(f"{self.type.endpoint}/.search", resource=False, **cut)

    def _missing_value(self) -> Any:
        required = [
            each.name
            for each in self._features.schema_of(self.type).attributes
            if each.required and each.mutability != "readOnly" and each.name.lower() not in ("id", "meta")
        ]
        name = "userName" if self.type.name == "User" else next(iter(required), "")
        if not name:
            return f"unsupported: no attribute of {self.type.name} is required"
        return self._client.create(self.type, self._baseline.body(self.type, **{name: None}))

    def _bad_filter(self) -> Any:
        fact = self._features.fact("filter")
        if not fact.holds:
            return f"{fact.kind}: {fact.reason}"
        return self._client.query(self.type, f'{naming_attribute(self.type)} eq "{self._mark}" and')

    def _duplicate(self) -> Any:
        if self.type.name != "User":
            return "unsupported: the target serves no users, whose userName is unique"
        return self._client.create(self.type, self._baseline.body(self.type, userName=self.sent["userName"]))

    def _plain_text(self) -> Any:
        body = json.dumps(self._baseline.body(self.type)).encode()
        return self._client.post(self.type.endpoint, content=body, headers={"Content-Type": "text/plain"})

    def _other_version(self) -> Any:
        kept, _, last = self._client.base.path.rpartition("/")
        if not (last[:1] in "vV" and last[1:].isdigit()):
            return "unsupported: the base URL does not end in a version"
        return self._client.get(f"{self._client.base.root}{kept}/v9{self.type.endpoint}", params={"count": 1})

    def _too_large(self) -> Any:
        limit = self.max_payload_size
        if limit is None or not 0 < limit <= LARGEST:
            return f"unsupported: the target's maxPayloadSize is {limit!r}, which is not exceeded"
        operation = {"method": "DELETE", "path": f"{self.type.endpoint}/{self._client.unknown_id()}"}
        message = {"schemas": [BULK_REQUEST], "Operations": [operation], "padding": "x" * limit}
        return self._client.post("/Bulk", json=message, resource=False)

    def _sensitive_filter(self) -> Any:
        given = self._session.options.sensitive_filter
        return self._client.query(self.type, given, count=1) if given else "disabled: no sensitive filter was given"


@pytest.fixture(scope="session")
def gallery(scim_session, features, is_free_text, asserted):
    """The answers of the target, one of each kind; the resource they are about is deleted at the end of the run."""
    kind = features.resource_type("User") or next(iter(features.resource_types), None)
    found = Gallery(scim_session, _text(features, kind, is_free_text), asserted)
    try:
        found.begin()
        yield found
    finally:
        if found.resource:
            scim_session.discard([found.resource])


def _text(features: Any, kind: Any, is_free_text: Callable[[Any], bool]) -> str:
    """Choose the text attribute that is changed here."""
    paths = {each.path for each in features.attributes(kind, extensions=False) if is_free_text(each)} if kind else set()
    usual = ("displayName", "name.familyName", "title", "nickName", "description")
    return next((path for path in usual if path in paths), "displayName")


@pytest.fixture(scope="session")
def objects(gallery):
    """Give the bodies of all answers, or of these kinds, that are JSON objects: each with its kind and the answer."""

    def give(*kinds: str) -> list[tuple[str, Any, dict[str, Any]]]:
        return [
            (kind, response, response.json)
            for kind, response in gallery.every(*kinds)
            if response.content and response.is_json and isinstance(response.json, dict)
        ]

    return give


@pytest.fixture(scope="session")
def refusals(gallery):
    """The answers that refuse what cannot be done, each with its kind."""
    return [(kind, response) for kind, response in gallery.every(*BAD) if response.status >= 400]


@pytest.fixture(scope="session")
def is_outside():
    """Tell of a kind whether a gateway or framework may answer it before SCIM has a say (A95)."""
    return lambda kind: kind in OUTSIDE

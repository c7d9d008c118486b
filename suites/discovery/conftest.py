"""What the checks of discovery share: the documents a target publishes about itself, each read once a run.

Reading is lenient: a list that is a bare array, a single object or spread over pages is one
check's finding, and its entries are judged all the same. What cannot be used at all blocks
every check but the one that judges it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import pytest

from scim_conformance.judge import Blocked, BrokenAnswer, Violation
from scim_conformance.judge.expect import member_of

CONFIG = "/ServiceProviderConfig"
RESOURCE_TYPES = "/ResourceTypes"
SCHEMAS = "/Schemas"
META_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Schema"
CONFIG_MEMBERS = ("patch", "bulk", "filter", "changePassword", "sort", "etag", "authenticationSchemes")
MOST_PAGES = 50
MOST_SHOWN = 12

Document = dict[str, Any]


# -- documents ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Listing:
    """The entries that a discovery endpoint lists; `form` is "list", or "array" or "object" where that came instead."""

    endpoint: str
    form: str
    entries: tuple[Document, ...]
    total: int | None = None
    pages: int = 1

    @property
    def is_whole(self) -> bool:
        """Whether as many entries came as the target says there are."""
        return self.total is None or self.total <= len(self.entries)


class Documents:
    """The answers of the discovery endpoints, each asked for once."""

    def __init__(self, scim):
        self._scim = scim
        self._answers: dict[str, Any] = {}
        self._listings: dict[str, Listing | Blocked] = {}

    def answer(self, endpoint: str) -> Any:
        """Return the answer to a GET of an endpoint; a broken one is raised again for everyone who asks."""
        if endpoint not in self._answers:
            try:
                self._answers[endpoint] = self._scim.get(endpoint)
            except BrokenAnswer as broken:
                self._answers[endpoint] = broken
        answer = self._answers[endpoint]
        if isinstance(answer, BrokenAnswer):
            raise answer.with_traceback(None)
        return self._scim.recall(answer)

    def readable(self, endpoint: str) -> Any:
        """Return the answer of an endpoint where it is 200 and JSON; else blocked."""
        try:
            answer = self.answer(endpoint)
        except BrokenAnswer as broken:
            raise Blocked(f"{endpoint} cannot be read: {broken}") from broken
        if answer.status != 200:
            raise Blocked(f"{endpoint} cannot be read: GET answered {answer.status}")
        if not answer.is_json:
            raise Blocked(f"{endpoint} cannot be read: its body is not JSON")
        return answer

    def config(self) -> Document:
        """Return the ServiceProviderConfig, also out of a list of one; blocked where the body is something else."""
        body = self.readable(CONFIG).json
        listed = body if isinstance(body, list) else member_of(body, "Resources")
        if isinstance(listed, list) and len(listed) == 1:
            body = listed[0]
        if not isinstance(body, dict) or not any(member_of(body, name) is not None for name in CONFIG_MEMBERS):
            raise Blocked(f"{CONFIG} answers with something that is no ServiceProviderConfig")
        return body

    def listing(self, endpoint: str) -> Listing:
        """Return what an endpoint lists, all pages of it; blocked where the body is no kind of list."""
        if endpoint not in self._listings:
            try:
                self._listings[endpoint] = self._listed(endpoint)
            except Blocked as blocked:
                self._listings[endpoint] = blocked
        found = self._listings[endpoint]
        if isinstance(found, Blocked):
            raise found.with_traceback(None)
        return found

    def entries(self, endpoint: str) -> tuple[Document, ...]:
        """Return the entries of an endpoint; blocked where there are none."""
        found = self.listing(endpoint).entries
        if not found:
            raise Blocked(f"{endpoint} lists nothing")
        return found

    def _listed(self, endpoint: str) -> Listing:
        body = self.readable(endpoint).json
        form, entries = read_list(body)
        if entries is None:
            raise Blocked(f"{endpoint} answers with something that is no list")
        total = member_of(body, "totalResults") if form == "list" else None
        total = total if isinstance(total, int) and not isinstance(total, bool) else None
        pages = 1
        while total is not None and entries and len(entries) < total and pages < MOST_PAGES:
            further = self._page(endpoint, len(entries) + 1)
            fresh = [entry for entry in further if entry not in entries]
            if not fresh:
                break
            entries += fresh
            pages += 1
        return Listing(endpoint, form, tuple(entries), total, pages)

    def _page(self, endpoint: str, start_index: int) -> list[Document]:
        try:
            answer = self._scim.get(endpoint, params={"startIndex": start_index})
        except BrokenAnswer as broken:
            raise Blocked(f"the entries of {endpoint} from the {start_index}th on cannot be read: {broken}") from broken
        return (read_list(answer.json)[1] if answer.status == 200 and answer.is_json else None) or []


def read_list(body: Any) -> tuple[str, list[Document] | None]:
    """Tell the form of a list, and its entries that are objects; None where it is no list at all."""
    form, listed = "list", None
    if isinstance(body, list):
        form, listed = "array", body
    elif isinstance(body, dict):
        listed = member_of(body, "Resources")
        if listed is None and any(isinstance(member_of(body, name), str) for name in ("id", "endpoint")):
            form, listed = "object", [body]
        elif listed is None and member_of(body, "totalResults") == 0:
            listed = []
    if not isinstance(listed, list):
        return form, None
    entries = [entry for entry in listed if isinstance(entry, dict)]
    return form, entries if entries or not listed else None


@pytest.fixture(scope="session")
def documents(scim):
    """Return the answers of the discovery endpoints, each asked for once."""
    return Documents(scim)


@pytest.fixture(scope="session")
def service_provider_config(documents):
    """Return the ServiceProviderConfig; blocked where it cannot be used."""
    return documents.config()


@pytest.fixture(scope="session")
def resource_type_entries(documents):
    """Return the entries of /ResourceTypes; blocked where there are none."""
    return documents.entries(RESOURCE_TYPES)


@pytest.fixture(scope="session")
def schema_entries(documents):
    """Return the entries of /Schemas; blocked where there are none."""
    return documents.entries(SCHEMAS)


@pytest.fixture(scope="session")
def served_urns(documents, schema_entries):
    """Return the ids that /Schemas lists, in lower case; blocked where it answers with one object instead of all."""
    if documents.listing(SCHEMAS).form == "object":
        raise Blocked(f"{SCHEMAS} answers with one object, so what else is served is not known")
    return {urn.lower() for urn in texts(schema_entries, "id")}


def texts(entries: Iterable[Document], *names: str) -> Iterator[str]:
    """Give the values of members that are texts."""
    values = (member_of(entry, name) for entry in entries for name in names)
    return (value for value in values if isinstance(value, str) and value)


@pytest.fixture(scope="session")
def entry_named():
    """Say which entry of a list is meant: by name, id or position."""

    def named(entry: Document, entries: Sequence[Document]) -> str:
        return next(texts([entry], "name", "id"), f"entry {entries.index(entry) + 1}")

    return named


@pytest.fixture
def published_resource_type(documents, resource_type):
    """Return the entry of /ResourceTypes for the type at hand; blocked where there is none."""
    for entry in documents.entries(RESOURCE_TYPES):
        if resource_type.name in texts([entry], "name", "id"):
            return entry
    raise Blocked(f"{RESOURCE_TYPES} has no usable entry for {resource_type.name}")


@pytest.fixture
def published_schema(documents, served_schema):
    """Return the Schema resource with the id at hand; blocked where /Schemas does not list it."""
    for entry in documents.entries(SCHEMAS):
        if str(member_of(entry, "id")).lower() == served_schema.id.lower():
            return entry
    raise Blocked(f"{SCHEMAS} does not list {served_schema.id}")


@pytest.fixture(scope="session")
def schema_of(documents):
    """Find the attribute definitions of a schema by its URI, keyed by path; skips where the schema is not listed."""

    def find(urn: str) -> dict[str, "Definition"]:
        for entry in documents.entries(SCHEMAS):
            if str(member_of(entry, "id")).lower() == urn.lower():
                return {definition.path.lower(): definition for definition in walk(member_of(entry, "attributes"))}
        raise Blocked(f"{SCHEMAS} does not list {urn}")

    return find


# -- attribute definitions ------------------------------------------------------------------


@dataclass(frozen=True)
class Definition:
    """One attribute definition of a Schema resource; `path` is "emails.value", or "emails.#2" where it has no name."""

    path: str
    raw: Document
    parent: "Definition | None" = None

    def get(self, member: str) -> Any:
        """Return a member as it was served, None where it is absent."""
        return member_of(self.raw, member)

    def keyword(self, member: str) -> str | None:
        """Return a member that holds a keyword, less quotation marks around it; None where it is no text."""
        value = self.get(member)
        return value.strip("\"'`") if isinstance(value, str) else None

    def is_a(self, type_: str) -> bool:
        """Tell whether the attribute is of a type, in any letter case."""
        return (self.keyword("type") or "string").lower() == type_.lower()

    @property
    def is_simple(self) -> bool:
        """Whether the type is told, and is not complex."""
        return bool(self.keyword("type")) and not self.is_a("complex")

    @property
    def sub_attributes(self) -> Any:
        """The subAttributes as served; None where they are absent, null or empty."""
        return self.get("subAttributes") or None


def walk(definitions: Any, parent: Definition | None = None) -> Iterator[Definition]:
    """Give every definition of an array that is an object, its sub-attributes after it."""
    for number, raw in enumerate(definitions if isinstance(definitions, list) else (), 1):
        if not isinstance(raw, dict):
            continue
        name = member_of(raw, "name")
        own = name if isinstance(name, str) and name else f"#{number}"
        definition = Definition(f"{parent.path}.{own}" if parent else own, raw, parent)
        yield definition
        yield from walk(definition.get("subAttributes"), definition)


@pytest.fixture
def definitions(published_schema):
    """Every attribute definition of the schema at hand, sub-attributes included; blocked where it has none."""
    found = list(walk(member_of(published_schema, "attributes")))
    if not found:
        raise Blocked(f"the schema {member_of(published_schema, 'id')} defines no attributes")
    return found


# -- verdicts -------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def reject():
    """Raise a violation that lists everything that breaks a rule, where there is anything."""

    def judge(offending: Iterable[str], message: str, *, expected: str | Sequence[str]) -> None:
        found = list(offending)
        if found:
            more = [f"and {len(found) - MOST_SHOWN} more"] if len(found) > MOST_SHOWN else []
            wanted = [expected] if isinstance(expected, str) else expected
            raise Violation(message, expected=wanted, actual="; ".join([*found[:MOST_SHOWN], *more]))

    return judge


# -- addresses ------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def path_of(scim) -> Callable[[str], str]:
    """Give the path of a URL below the base URL, decoded: "/Users" of "Users", "/Users" and absolute URLs."""

    def path(url: str) -> str:
        below = unquote(urlsplit(url).path)
        base = unquote(scim.base.path)
        if base and (below == base or below.startswith(f"{base}/")):
            below = below[len(base) :]
        return "/" + below.strip("/")

    return path


@pytest.fixture(scope="session")
def segment():
    """Write an id as one segment of a path; the colons of a URI stay as they are, as RFC 7644 section 4 shows them."""
    return lambda text: quote(text, safe=":~-._")


@pytest.fixture(scope="session")
def locations(documents):
    """Return every meta.location and endpoint of discovery, by what it belongs to; blocked where there is none."""
    found: dict[str, str] = {}
    for endpoint in (CONFIG, RESOURCE_TYPES, SCHEMAS):
        try:
            entries = (documents.config(),) if endpoint == CONFIG else documents.entries(endpoint)
        except Blocked:
            continue
        for number, entry in enumerate(entries, 1):
            for member in ("meta.location", "endpoint"):
                value = member_of(entry, member)
                if isinstance(value, str):
                    found[f"{member} of {endpoint}" + ("" if endpoint == CONFIG else f", entry {number}")] = value
    if not found:
        raise Blocked("no discovery document tells its location")
    return found

"""Reads schemas/requirements/: one TOML file a document, each only when one of its ids is asked for."""

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from scim_conformance.catalogue.closest import closest, taught
from scim_conformance.catalogue.gates import UnknownGate, in_words
from scim_conformance.catalogue.requirement import Evidence, Level, Note, Party, Requirement, Severity, Testable
from scim_conformance.paths import SCHEMAS

SPECIFICATIONS = ("RFC7643", "RFC7644", "RFC9865", "RFC6750", "RFC7232", "RFC9110", "SEED")
IDENTITY_PROVIDERS = ("ENTRA", "OKTA", "BRAZE", "OTHER-IDP")
GATES = ("ENTRA-VALIDATOR", "ENTRA-GALLERY", "OKTA-SPEC", "OKTA-OIN")
"""The vendors' own tests: whoever passes them is let into a gallery."""
DOCUMENTS = (*SPECIFICATIONS, *IDENTITY_PROVIDERS, *GATES, "METHOD", "MAPPING")
_WITH_EVIDENCE = (*IDENTITY_PROVIDERS, *GATES)

_TEXTS = ("id", "section", "party", "summary", "testable", "area")
_OPTIONAL_TEXTS = (
    "keyword",
    "why",
    "source",
    "severity_reason",
    "breaks",
    "contradiction",
    "vendor_name",
    "unchecked",
    "unproven",
)
_LISTS = ("gates", "notes", "also", "keywords", "contradicts")
_COLUMNS = {*_TEXTS, *_OPTIONAL_TEXTS, *_LISTS, "level", "severity", "evidence"}


class CatalogueError(ValueError):
    """A data file of the catalogue is wrong; the message names the file and the row."""


class UnknownRequirement(KeyError):  # noqa: N818 - it says what was asked for
    """A requirement id that is not in the catalogue; the message names the closest ids."""

    def __str__(self) -> str:
        """Return the message without the quotation marks that KeyError adds."""
        return str(self.args[0])


@dataclass(frozen=True, slots=True)
class Document:
    """One specification: its name such as RFC7644, its title, where it can be read ("" if nowhere), what it asks."""

    name: str
    title: str
    url: str
    requirements: Mapping[str, Requirement]


class Catalogue(Mapping[str, Requirement]):
    """Every requirement by its id, in the order of the documents and of their texts."""

    def __init__(self, folder: Path, documents: tuple[str, ...] = DOCUMENTS) -> None:
        self.documents = documents
        self._folder = folder
        self._read: dict[str, Document] = {}

    def __getitem__(self, id_: str) -> Requirement:
        for document in self._documents_of(id_):
            if id_ in (rows := self.document(document).requirements):
                return rows[id_]
        remedy = "`scim-conformance list requirements` shows all."
        raise UnknownRequirement(taught("requirement", id_, self, remedy))

    def __iter__(self) -> Iterator[str]:
        for document in self.documents:
            yield from self.document(document).requirements

    def __len__(self) -> int:
        return sum(len(self.document(document).requirements) for document in self.documents)

    def __contains__(self, id_: object) -> bool:
        if not isinstance(id_, str):
            return False
        return any(id_ in self.document(document).requirements for document in self._documents_of(id_))

    def _documents_of(self, id_: str) -> list[str]:
        """Return the documents that may have this id; there are ENTRA-VALIDATOR-01 and ENTRA-U01."""
        return [document for document in self.documents if id_.startswith(f"{document}-")]

    def document(self, name: str) -> Document:
        """Return one document such as RFC7644, its requirements in the order of its text."""
        if name not in self._read:
            self._read[name] = _document(self._folder / f"{name.lower()}.toml", name)
        return self._read[name]

    def closest(self, text: str, n: int = 3) -> list[str]:
        """Return up to n ids that look like the text, the likest first."""
        return closest(text, self, n)

    @functools.cached_property
    def notes(self) -> Mapping[str, Note]:
        """The notes on ambiguous points by their id, such as A09."""
        path = self._folder / "notes.toml"
        rows = _table(path).get("note", [])
        return {row["id"]: Note(row["id"], row["title"], row["text"]) for row in rows}


@functools.cache
def load() -> Catalogue:
    """Return the catalogue that is shipped; nothing is read until something is asked of it."""
    return Catalogue(SCHEMAS / "requirements")


def _table(path: Path) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - a pytest start that judges nothing does not pay for it

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CatalogueError(f"{path.name} cannot be read: {error}") from error


def _document(path: Path, document: str) -> Document:
    table = _table(path)
    if table.get("document") != document:
        raise CatalogueError(f'{path.name}: document is {table.get("document")!r}, expected "{document}"')
    found: dict[str, Requirement] = {}
    for row in table.get("requirement", []):
        requirement = _requirement(row, document, path.name)
        if requirement.id in found:
            raise CatalogueError(f"{path.name}, {requirement.id}: the id is there twice")
        found[requirement.id] = requirement
    return Document(document, table.get("title", document), table.get("url", ""), found)


def _requirement(row: dict[str, Any], document: str, file: str) -> Requirement:
    place = f"{file}, {row.get('id', 'a row without id')}"
    for column in row:
        if column not in _COLUMNS:
            raise CatalogueError(f"{place}: {taught('column', column, _COLUMNS, 'The head of the file lists them.')}")
    texts = {column: _text(row, column, place) for column in _TEXTS}
    texts |= {column: _text(row, column, place, default="") for column in _OPTIONAL_TEXTS}
    _one_of(texts["party"], "party", get_args(Party), place)
    _one_of(texts["testable"], "testable", get_args(Testable), place)
    level = Level(_one_of(_text(row, "level", place), "level", tuple(Level), place))
    evidence = _evidence(row, document, texts["source"], place)
    mildest = Severity.NOTE if evidence == "UNVERIFIED" else level.severity
    severity = Severity(_one_of(row.get("severity", mildest), "severity", tuple(Severity), place))
    if ("severity" in row) != ("severity_reason" in row):
        raise CatalogueError(f"{place}: severity and severity_reason belong together")
    if not texts["id"].startswith(f"{document}-"):
        raise CatalogueError(f"{place}: the id does not begin with {document}-")
    if (texts["testable"] == "no") != bool(texts["why"]):
        raise CatalogueError(f'{place}: why belongs to testable = "no", and only there')
    lists = {column: _texts(row, column, place) for column in _LISTS}
    for gate in lists["gates"]:
        try:
            in_words(gate)
        except UnknownGate as error:
            raise CatalogueError(f"{place}: {error}") from None
    if lists["contradicts"] and not texts["contradiction"]:
        raise CatalogueError(f"{place}: contradicts needs a contradiction that says why")
    known: Any = {**texts, **lists, "evidence": evidence}  # the values were looked at above
    return Requirement(document=document, level=level, severity=severity, **known)


def _evidence(row: dict[str, Any], document: str, source: str, place: str) -> str:
    """Return how sure a row of an identity provider's is; it has to say so, and where it is said."""
    evidence = _text(row, "evidence", place, default="")
    if document not in _WITH_EVIDENCE and not evidence:
        return ""
    _one_of(evidence, "evidence", get_args(Evidence)[1:], place)
    if not source:
        raise CatalogueError(f"{place}: the column source is missing")
    return evidence


def _text(row: dict[str, Any], column: str, place: str, default: str | None = None) -> str:
    value = row.get(column, default)
    if value is None:
        raise CatalogueError(f"{place}: the column {column} is missing")
    if not isinstance(value, str) or (column in row and not value.strip()):
        raise CatalogueError(f"{place}: {column} is {value!r}, expected a text")
    return value


def _texts(row: dict[str, Any], column: str, place: str) -> tuple[str, ...]:
    value = row.get(column, [])
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise CatalogueError(f"{place}: {column} is {value!r}, expected a list of texts")
    return tuple(value)


def _one_of(value: str, column: str, allowed: tuple[str, ...], place: str) -> str:
    if value not in allowed:
        remedy = f"Allowed: {', '.join(allowed)}."
        raise CatalogueError(f"{place}: {taught(column, value, allowed, remedy)}")
    return value

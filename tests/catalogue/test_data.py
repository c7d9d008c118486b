"""The catalogue's data files, row by row."""

import re
import tomllib

import pytest

from scim_conformance.catalogue import Level, Severity
from scim_conformance.catalogue.loading import DOCUMENTS
from scim_conformance.paths import SCHEMAS

FOLDER = SCHEMAS / "requirements"
RFC_ID = re.compile(r"(RFC\d{4})-(\d+(?:\.\d+)*)-\d\d")
VENDOR_ID = re.compile(r"[A-Z]+(-[A-Z]+)*-[A-Z]*\d+(-[a-z])?")
SEED_ID = re.compile(r"SEED-(TOKEN|ORIGIN|ALLOW|WORKSPACE|METHOD)-\d\d")
SECTION = re.compile(r"RFC\d{4}-\d+(\.\d+)*")
SOFTER = [Severity.FAIL, Severity.WARN, Severity.NOTE]


def test_every_file_is_a_document_and_every_document_a_file():
    """A data file that nobody lists would be shipped and never read."""
    files = {path.stem.upper() for path in FOLDER.glob("*.toml")} - {"NOTES"}
    assert files == set(DOCUMENTS)


def test_as_many_requirements_as_were_catalogued(catalogue):
    """Rows may be added; one that vanishes takes the meaning of checks, faults and waivers with it."""
    sizes = {name: len(catalogue.document(name).requirements) for name in DOCUMENTS}
    least = {"RFC7643": 303, "RFC7644": 409, "RFC9865": 50, "RFC6750": 39, "RFC7232": 28, "RFC9110": 30, "SEED": 45}
    assert all(sizes[name] >= least[name] for name in least), sizes
    assert len(catalogue) == sum(sizes.values())


def test_ids_are_well_formed_and_tell_document_and_section(catalogue):
    """An id alone says where its requirement stands."""
    for requirement in catalogue.values():
        if requirement.document == "SEED":
            assert SEED_ID.fullmatch(requirement.id), requirement.id
        elif not requirement.document.startswith("RFC"):
            assert VENDOR_ID.fullmatch(requirement.id), requirement.id
        else:
            match = RFC_ID.fullmatch(requirement.id)
            assert match, requirement.id
            assert match.groups() == (requirement.document, requirement.section)


def test_notes_that_requirements_name_are_there(catalogue):
    """A requirement never points to a note that does not exist."""
    missing = {note for requirement in catalogue.values() for note in requirement.notes} - set(catalogue.notes)
    assert not missing


def test_notes_have_ids_titles_and_texts(catalogue):
    """Each note can be named, and says something once only."""
    rows = tomllib.loads((FOLDER / "notes.toml").read_text(encoding="utf-8"))["note"]
    assert len(rows) == len(catalogue.notes) >= 95
    for note in catalogue.notes.values():
        assert re.fullmatch(r"A\d\d", note.id)
        assert note.title
        assert note.text.endswith((".", ".)"))


def test_every_note_is_used(catalogue):
    """A note that no requirement names would never be read by anybody."""
    used = {note for requirement in catalogue.values() for note in requirement.notes}
    assert not set(catalogue.notes) - used


def test_references_to_the_same_rule_resolve(catalogue):
    """`also` names a requirement of the catalogue, or a section of an RFC."""
    for requirement in catalogue.values():
        for reference in requirement.also:
            assert reference in catalogue or SECTION.fullmatch(reference), (requirement.id, reference)
            assert reference != requirement.id


def test_a_softer_severity_is_softer_and_gives_its_reason(catalogue):
    """Data may grade a breach down, never up, and says by which note or in a sentence why."""
    for requirement in catalogue.values():
        if not requirement.severity_reason:
            assert requirement.severity is requirement.level.severity
            continue
        assert SOFTER.index(requirement.severity) > SOFTER.index(requirement.level.severity), requirement.id
        reason = requirement.severity_reason
        assert reason in requirement.notes or reason.endswith("."), requirement.id


def test_texts_are_whole_sentences(catalogue):
    """Summaries and remarks are shown to people as they stand."""
    for requirement in catalogue.values():
        for text in (requirement.summary, requirement.breaks, requirement.contradiction):
            assert text == text.strip()
            assert not text or text.endswith((".", "...")), requirement.id
        assert requirement.summary


def test_keyword_stands_where_the_level_translates_it(catalogue):
    """SHALL is filed as MUST and SHALL NOT as MUST NOT; no other word needs translating."""
    words = {"": None, "SHALL": Level.MUST, "SHALL NOT": Level.MUST_NOT}
    for requirement in catalogue.values():
        assert words[requirement.keyword] in (None, requirement.level), requirement.id


def test_key_words_are_counted_once(catalogue):
    """No occurrence of an RFC 2119 word is claimed by two requirements, so the accounting adds up."""
    for name in DOCUMENTS:
        claimed = [word for one in catalogue.document(name).requirements.values() for word in one.keywords]
        assert len(claimed) == len(set(claimed)), name


def test_seed_rows_tell_their_source(catalogue):
    """What the two pages ask is only as good as the place it was read at."""
    rows = list(catalogue.document("SEED").requirements.values())
    assert all(row.source for row in rows)
    assert all(row.party == "service-provider" for row in rows)
    assert sum(bool(row.contradiction) for row in rows) >= 5


@pytest.mark.parametrize("gate", ["bearer", "hint:origin", "hint:allowlist", "hint:default-workspace"])
def test_seed_rules_of_access_are_gated(catalogue, gate):
    """A target without provisioning settings is not judged by them: each kind of rule has its gate."""
    rows = catalogue.document("SEED").requirements.values()
    assert any(gate in row.gates for row in rows)
    assert all(row.gates for row in rows)


def test_every_id_that_a_data_file_mentions_is_known(catalogue):
    """Texts in schemas/ point to requirements by id; none of these may be misspelt."""
    pattern = re.compile(r"\b(?:RFC\d{4}|SEED)-[A-Z0-9.]+-\d\d\b")
    files = [path for kind in ("*.toml", "*.json") for path in SCHEMAS.rglob(kind)]
    assert len(files) > len(DOCUMENTS)
    for path in files:
        for id_ in pattern.findall(path.read_text(encoding="utf-8")):
            assert id_ in catalogue, f"{path.name} mentions {id_}"

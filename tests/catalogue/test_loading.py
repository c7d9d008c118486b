"""Reading the catalogue, and what it says about wrong data and unknown ids."""

import pytest

from scim_conformance.catalogue import Catalogue, CatalogueError, Level, Severity, UnknownRequirement, load

ROW = """
document = "RFC1"

[[requirement]]
id = "RFC1-1-01"
level = "MUST"
party = "service-provider"
section = "1"
summary = "It works."
testable = "black-box"
area = "read"
"""


def catalogue_of(folder, text):
    """Return a catalogue of one document with the given data."""
    (folder / "rfc1.toml").write_text(text, encoding="utf-8")
    return Catalogue(folder, ("RFC1",))


def test_the_catalogue_is_read_once():
    """Whoever asks gets the same catalogue."""
    assert load() is load()


def test_only_the_file_that_is_asked_for_is_read(tmp_path):
    """A catalogue with one sound file answers for it, whatever is wrong with the others."""
    (tmp_path / "rfc1.toml").write_text(ROW, encoding="utf-8")
    (tmp_path / "rfc2.toml").write_text("not TOML", encoding="utf-8")
    catalogue = Catalogue(tmp_path, ("RFC1", "RFC2"))
    assert catalogue["RFC1-1-01"].level is Level.MUST
    assert "RFC1-1-99" not in catalogue
    with pytest.raises(CatalogueError, match=r"rfc2\.toml cannot be read"):
        len(catalogue)


def test_a_row_becomes_a_requirement(tmp_path):
    """Columns that a row leaves out are empty, and the severity follows the level."""
    requirement = catalogue_of(tmp_path, ROW)["RFC1-1-01"]
    assert (requirement.document, requirement.severity) == ("RFC1", Severity.FAIL)
    assert (requirement.gates, requirement.notes, requirement.breaks) == ((), (), "")
    assert requirement.observable
    assert requirement.binds_provider


def test_a_row_may_be_graded_softer(tmp_path):
    """`severity` changes what a breach earns, not the level that the specification gives it."""
    text = ROW + 'severity = "warn"\nseverity_reason = "Few do it."\n'
    requirement = catalogue_of(tmp_path, text)["RFC1-1-01"]
    assert (requirement.level, requirement.severity) == (Level.MUST, Severity.WARN)


@pytest.mark.parametrize(
    ("level", "severity"),
    [
        ("MUST", "fail"),
        ("MUST NOT", "fail"),
        ("REQUIRED", "fail"),
        ("STATED", "fail"),
        ("SHOULD", "warn"),
        ("SHOULD NOT", "warn"),
        ("RECOMMENDED", "warn"),
        ("MAY", "note"),
        ("OPTIONAL", "note"),
    ],
)
def test_severity_by_level(level, severity):
    """A SHOULD can never be reported as a MUST."""
    assert Level(level).severity == severity


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('level = "MUST"', 'level = "MSUT"', r'RFC1-1-01: There is no level "MSUT"\. Closest: MUST'),
        ('party = "service-provider"', 'party = "server"', r'There is no party "server"'),
        ('testable = "black-box"', 'testable = "no"', "why belongs to testable"),
        ('area = "read"', 'area = "read"\ngate = ["patch"]', r'There is no column "gate"\. Closest: gates'),
        ('area = "read"', 'area = "read"\ngates = ["pach"]', r'There is no gate "pach"\. Closest: patch'),
        ('area = "read"', 'area = "read"\ngates = "patch"', "expected a list of texts"),
        ('area = "read"', 'area = "read"\nseverity = "warn"', "severity and severity_reason belong together"),
        ('section = "1"', "section = 1", "section is 1, expected a text"),
        ('summary = "It works."', "", "the column summary is missing"),
        ('"RFC1-1-01"', '"RFC2-1-01"', "does not begin with RFC1-"),
        ('document = "RFC1"', 'document = "RFC9"', "document is 'RFC9', expected \"RFC1\""),
    ],
)
def test_wrong_data_is_told_with_file_and_row(tmp_path, before, after, message):
    """Whoever edits the data learns which file and row is wrong, and what would be right."""
    with pytest.raises(CatalogueError, match=message) as caught:
        list(catalogue_of(tmp_path, ROW.replace(before, after, 1)))
    assert "rfc1.toml" in str(caught.value)


def test_an_id_given_twice_is_refused(tmp_path):
    """Two rows with one id would make a check judge by whichever came last."""
    with pytest.raises(CatalogueError, match="RFC1-1-01: the id is there twice"):
        list(catalogue_of(tmp_path, ROW + ROW.split("\n", 2)[2]))


def test_an_unknown_id_is_taught(catalogue):
    """The message names the id, the closest ones and where all are, without the quotation marks of a KeyError."""
    with pytest.raises(UnknownRequirement) as caught:
        catalogue["RFC7644-3.6-2"]
    message = str(caught.value)
    assert message.startswith('There is no requirement "RFC7644-3.6-2". Closest: RFC7644-3.6-02')
    assert "scim-conformance list requirements" in message


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("RFC7644-3.6-2", "RFC7644-3.6-02"),
        ("rfc7644-3.6-02", "RFC7644-3.6-02"),
        ("RFC7644 3.6-02", "RFC7644-3.6-02"),
        ("SEED-TOKN-01", "SEED-TOKEN-01"),
    ],
)
def test_closest_ids(catalogue, text, meant):
    """Slips of the hand lead to the id that was meant."""
    assert catalogue.closest(text, 1) == [meant]


def test_nothing_close_is_said_plainly(catalogue):
    """An id like none of ours gets no suggestion that would mislead."""
    assert catalogue.closest("unlike anything") == []
    with pytest.raises(UnknownRequirement, match=r'^There is no requirement "zz"\. `scim'):
        catalogue["zz"]


def test_the_catalogue_behaves_as_a_mapping(catalogue):
    """`in` and get answer without raising, also for what is no text."""
    assert "RFC7644-3.6-02" in catalogue
    assert None not in catalogue
    assert catalogue.get("RFC7644-3.6-99") is None

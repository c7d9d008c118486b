"""report.json: written whole, read only when whole."""

import json

import pytest
from jsonschema import Draft202012Validator

from scim_conformance.report import json_file
from scim_conformance.report.json_file import UnreadableReport


def test_written_and_read_back(report, tmp_path):
    """What was written is what is read, and it follows the schema."""
    path = tmp_path / "deep" / "report.json"
    json_file.write(report, path)
    assert json_file.violation_of_schema(json.loads(path.read_text())) == ""
    assert json_file.read(path) == report
    assert [file.name for file in path.parent.iterdir()] == ["report.json"]


def test_the_schema_itself_is_sound():
    """The schema is valid, refuses unknown members and describes each one."""
    schema = json.loads(json_file.SCHEMA.read_text())
    Draft202012Validator.check_schema(schema)
    for node in [schema, *schema["$defs"].values()]:
        for name, member in node.get("properties", {}).items():
            assert member.get("description"), name


def test_a_lone_surrogate_survives(finish, results, tmp_path):
    """A target can answer half a character; the file stays UTF-8 and JSON."""
    results[2].message = "\ud800 and \x1b[31m"
    path = tmp_path / "report.json"
    json_file.write(finish(results), path)
    assert any(check.message == "\ud800 and \x1b[31m" for check in json_file.read(path).checks)


def test_an_interrupted_run_is_refused(finish, results, tmp_path):
    """A report that is not complete is not a result."""
    path = tmp_path / "report.json"
    json_file.write(finish(results, complete=False), path)
    with pytest.raises(UnreadableReport, match=r"report\.json is incomplete: its run was interrupted\. Run again"):
        json_file.read(path)


def _change(**members):
    def change(data):
        data.update(members)

    return change


def _drop(name):
    return lambda data: data.pop(name)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_drop("complete"), "is incomplete: its run was interrupted"),
        (_drop("format"), "is not a report of scim-conformance: it has no `format`"),
        (_change(format=2), "is a report of format 2, and this version reads format 1"),
        (_change(totals={}), r"does not follow schemas/report.schema.json: \$.totals: 'fail' is a required property"),
        (_change(extra=1), "does not follow .*'extra' was unexpected"),
        (lambda data: data["checks"][0].update(verdict="good"), r"\$.checks\[0\].verdict: 'good' is not one of"),
    ],
)
def test_foreign_and_damaged_reports_are_refused(report, tmp_path, change, sentence):
    """One clear sentence says what is wrong with the file."""
    data = report.to_json()
    change(data)
    path = tmp_path / "report.json"
    path.write_text(json.dumps(data))
    with pytest.raises(UnreadableReport, match=sentence) as caught:
        json_file.read(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{", "is not JSON"),
        (b"\xff\xfe", "not even text"),
        (b"[]", "has no `format`"),
        (b"[" * 99999, "nested too deeply"),
    ],
)
def test_nonsense_is_refused(tmp_path, content, sentence):
    """Files that are no reports at all are named so."""
    path = tmp_path / "report.json"
    path.write_bytes(content)
    with pytest.raises(UnreadableReport, match=sentence):
        json_file.read(path)


def test_missing_files_and_folders_are_named(tmp_path):
    """A path that is not a file says so."""
    with pytest.raises(UnreadableReport, match="does not exist"):
        json_file.read(tmp_path / "no.json")
    with pytest.raises(UnreadableReport, match="is a folder"):
        json_file.read(tmp_path)


def test_a_failed_write_leaves_the_old_file(report, tmp_path, monkeypatch):
    """A write that breaks leaves what was there, and no litter."""
    path = tmp_path / "report.json"
    path.write_text("old")
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        json_file.write(report, path)
    assert path.read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1

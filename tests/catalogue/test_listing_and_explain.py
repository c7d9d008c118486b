"""The commands list and explain."""

import argparse
import json

import pytest

from scim_conformance.cli import explain, listing

pytestmark = pytest.mark.usefixtures("world")


def listed(capsys, *words):
    """Run `list` and return its exit code, output and errors."""
    parser = argparse.ArgumentParser()
    listing.add_arguments(parser)
    code = listing.run(parser.parse_args(words))
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def explained(capsys, id_):
    """Run `explain` and return its exit code, output and errors."""
    parser = argparse.ArgumentParser()
    explain.add_arguments(parser)
    code = explain.run(parser.parse_args([id_]))
    printed = capsys.readouterr()
    return code, printed.out, printed.err


@pytest.mark.parametrize("kind", listing.KINDS)
def test_every_kind_is_listed_as_json(capsys, kind):
    """Each entry has an id and a text; nothing but JSON is printed."""
    code, out, _ = listed(capsys, kind, "--json")
    entries = json.loads(out)
    assert code == 0
    assert entries
    assert all(entry["id"] and (entry.get("title") or entry.get("summary")) for entry in entries)


def test_requirements_are_chosen_by_level_and_document(capsys):
    """Both options narrow the list, the level in any spelling that its words allow."""
    _, out, _ = listed(capsys, "requirements", "--level", "must-not", "--document", "rfc7644", "--json")
    entries = json.loads(out)
    assert entries
    assert {(entry["level"], entry["document"]) for entry in entries} == {("MUST NOT", "RFC7644")}


def test_checks_are_chosen_by_what_they_judge(capsys):
    """A check is listed when one of its requirements is of the document."""
    _, out, _ = listed(capsys, "checks", "--document", "SEED")
    assert out.splitlines() == [
        "access/test_origin.py::test_origin_missing  A request without the origin header is refused.  [SEED-ORIGIN-02]"
    ]


def test_an_empty_list_says_so(capsys):
    """Nobody wonders whether the command broke."""
    assert listed(capsys, "checks", "--level", "MAY")[:2] == (0, "Nothing matches.\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("requirement",), 'There is no list of "requirement". Closest: requirements'),
        (("requirements", "--level", "MUTS"), 'There is no level "MUTS". Closest: MUST'),
        (("requirements", "--document", "RFC7645"), 'There is no document "RFC7645". Closest: RFC7644'),
        (("variants", "--level", "MUST"), "variants have no level"),
    ],
)
def test_wrong_words_are_taught(capsys, words, message):
    """A slip ends with exit code 4 and the closest match."""
    code, out, err = listed(capsys, *words)
    assert (code, out) == (4, "")
    assert message in err


def test_a_requirement_is_explained(capsys):
    """The page of a requirement tells level, place, meaning, verdict, notes, who breaks, checks and faults."""
    code, out, _ = explained(capsys, "rfc7644-3.6-02")
    assert code == 0
    assert out.startswith("RFC7644-3.6-02  MUST\nRFC7644 section 3.6, ")
    for part in (
        "gives 404",
        "https://www.rfc-editor.org/rfc/rfc7644#section-3.6",
        "fail, by its level",
        "always",
        "Note A27:",
        "Microsoft's SCIM validator",
        "test_deleted_is_gone",
        "deleted-lives-on",
    ):
        assert part in out


def test_gates_and_a_softer_severity_are_explained_in_words(capsys):
    """Nobody needs to know the gates' spelling, or guess why a MUST only warns."""
    _, out, _ = explained(capsys, "RFC7644-3.5.2-04")
    joined = " ".join(out.split())
    assert "Applies: when ServiceProviderConfig advertises patch" in joined
    assert "warn, softer than MUST is elsewhere: note A77 says so" in joined
    assert "no check yet" in out
    assert "no fault yet" in out


def test_shall_is_told_where_the_text_has_it(capsys):
    """SHALL is filed as MUST, and whoever looks it up in the text is told what to look for."""
    assert explained(capsys, "RFC7644-3.6-06")[1].startswith("RFC7644-3.6-06  MUST (the text says SHALL)\n")


def test_an_unobservable_requirement_says_why(capsys):
    """What no run can judge is told with its reason."""
    assert "never in a run, for it cannot be seen from outside: storage" in explained(capsys, "RFC7643-9.2-01")[1]


def test_a_seed_requirement_tells_its_source_and_contradiction(capsys):
    """The two pages have no section numbers, so the place is told in words."""
    out = explained(capsys, "SEED-ORIGIN-08")[1]
    assert "newer page, Custom tab, Step 1" in out
    assert "X-Origin-Request" in out


@pytest.mark.parametrize(
    "id_",
    [
        "lifecycle/test_delete.py::test_delete_answers_204",
        "suites/lifecycle/test_delete.py::test_delete_answers_204[User]",
        "test_delete_answers_204",
    ],
)
def test_a_check_is_explained_by_any_of_its_names(capsys, id_):
    """A check's page tells what it judges and which fault proves it."""
    code, out, _ = explained(capsys, id_)
    assert code == 0
    assert "RFC7644-3.6-06  MUST" in out
    assert "delete-answers-200" in out


@pytest.mark.parametrize(
    ("id_", "part"),
    [
        ("delete-answers-200", "test_delete_answers_204"),
        ("opaque-ids", "no check may complain"),
        ("a27", "RFC7644-3.6-02"),
    ],
)
def test_faults_variants_and_notes_are_explained(capsys, id_, part):
    """Whatever a report names can be asked about."""
    code, out, _ = explained(capsys, id_)
    assert code == 0
    assert part in out


@pytest.mark.parametrize(
    ("id_", "meant"),
    [
        ("RFC7644-3.6-99", "RFC7644-3.6-0"),
        ("delete-answer-200", "delete-answers-200"),
        ("opaque-id", "opaque-ids"),
        ("test_delete_answer_204", "test_delete_answers_204"),
    ],
)
def test_an_unknown_id_is_taught(capsys, id_, meant):
    """The closest id of any kind is named and the exit code is 4."""
    code, out, err = explained(capsys, id_)
    assert (code, out) == (4, "")
    assert meant in err

"""Comparing two reports, as a function and as a command."""

import argparse
import json
from dataclasses import replace

import pytest

from scim_conformance.cli import compare as command
from scim_conformance.report import json_file
from scim_conformance.report.compare import compare, render


def with_verdicts(results, **verdicts):
    """Return the results, some with another verdict, by the last word of their id; None leaves one out."""
    changed = []
    for result in results:
        name = result.id.rpartition("::test_")[2].partition("[")[0]
        verdict = verdicts.get(name, result.verdict)
        if verdict is not None:
            changed.append(replace(result, verdict=verdict, waived=None if name in verdicts else result.waived))
    return changed


@pytest.fixture
def run(tmp_path, capsys):
    """Run the command over two reports and return its exit code, output and errors."""

    def call(old, new, *options):
        paths = []
        for name, report in (("old", old), ("new", new)):
            json_file.write(report, tmp_path / name / "report.json")
            paths.append(str(tmp_path / name / "report.json"))
        parser = argparse.ArgumentParser()
        command.add_arguments(parser)
        status = command.run(parser.parse_args([*paths, *options]))
        return status, *capsys.readouterr()

    return call


def ids(changes):
    """Return the last words of the checks."""
    return [change.id.rpartition("::test_")[2] for change in changes]


def test_every_kind_of_change_is_told_apart(finish, results):
    """What broke, was mended, still fails, came, went or changed otherwise stands in its own list."""
    new = with_verdicts(results, missing="fail", deactivate="pass", bulk="blocked", origin=None)
    old = with_verdicts(results, photo=None)
    found = compare(finish(old), finish(new))
    assert ids(found.new_fails) == ["missing"]
    assert ids(found.fixed) == ["deactivate"]
    assert ids(found.changed) == ["bulk"]
    assert ids(found.new_checks) == ["photo"]
    assert ids(found.removed_checks) == ["origin"]
    assert found.still_failing == []


def test_a_new_check_that_fails_is_a_new_fail(finish, results):
    """It does not matter whether the check was there before."""
    found = compare(finish(with_verdicts(results, deactivate=None)), finish(results))
    assert ids(found.new_fails) == ["deactivate"]
    assert found.new_checks == []


def test_a_waived_fail_is_neither_new_nor_failing(finish, results):
    """A waiver that ends makes a new fail; a waived check that passes is fixed."""
    found = compare(finish(results), finish(with_verdicts(results, delete_answers_204="fail")))
    assert ids(found.new_fails) == ["delete_answers_204[Group]"]
    found = compare(finish(results), finish(with_verdicts(results, delete_answers_204="pass")))
    assert ids(found.fixed) == ["delete_answers_204[Group]"]
    assert compare(finish(results), finish(results)).new_fails == []


def test_a_fail_that_can_no_longer_be_judged_is_not_fixed(finish, results):
    """A blocked check says nothing, so its fail is not called mended."""
    found = compare(finish(results), finish(with_verdicts(results, deactivate="blocked")))
    assert ids(found.changed) == ["deactivate"]
    assert found.fixed == []


def test_what_makes_two_runs_incomparable_is_said(finish, results):
    """Another target or other profiles are named first."""
    text = render(compare(finish(results), finish(results, target="https://other", profiles=["okta"])))
    assert text.startswith("The target differs: https://scim.example.com/v2 before, https://other now.\n")
    assert "The set of profiles differs: rfc before, okta now." in text


def test_long_lists_are_cut_but_never_the_fails(finish, results):
    """A hundred new checks are counted, a hundred new fails are named."""
    many = [replace(results[0], id=f"a.py::test_{n:03}") for n in range(100)]
    assert "... and 80 more; --json names them all" in render(compare(finish([]), finish(many)))
    fails = [replace(check, verdict="fail") for check in many]
    assert "a.py::test_099" in render(compare(finish([]), finish(fails)))


def test_the_command_exits_by_new_fails(finish, results, run):
    """Exit code 1 means that something fails that did not before; the old fails alone are 0."""
    status, output, _ = run(finish(results), finish(results))
    assert status == 0
    assert "Still failing (1):\n  lifecycle/test_patch.py::test_deactivate  [fail -> fail]  RFC7644-3.5.2-01" in output
    assert output.endswith(
        "0 new fails, 0 fixed, 1 still failing, 0 changed otherwise, 0 new checks, 0 removed checks.\n"
    )
    status, output, _ = run(finish(results), finish(with_verdicts(results, missing="fail")))
    assert status == 1
    assert "New fails (1):\n  access/test_token.py::test_missing  [pass -> fail]  RFC7644-2-01" in output


def test_the_command_speaks_json(finish, results, run):
    """With --json the same lists come as data."""
    status, output, _ = run(finish(results), finish(with_verdicts(results, missing="fail")), "--json")
    data = json.loads(output)
    assert status == 1
    assert data["new_fails"][0]["check"] == "access/test_token.py::test_missing"
    assert data["new_fails"][0]["old"] == "pass"
    assert set(data) == {
        "differences",
        "new_fails",
        "fixed",
        "still_failing",
        "changed",
        "new_checks",
        "removed_checks",
    }


def test_an_unreadable_report_is_a_usage_error(finish, results, run):
    """An interrupted run cannot be compared: one sentence, exit code 4."""
    status, output, errors = run(finish(results, complete=False), finish(results))
    assert status == 4
    assert output == ""
    assert errors.startswith("scim-conformance: ")
    assert errors.count("\n") == 1


def test_folders_are_taken_for_the_report_in_them(finish, results, tmp_path, capsys):
    """The folder that a run wrote to is enough."""
    json_file.write(finish(results), tmp_path / "report.json")
    assert command.run(argparse.Namespace(old=tmp_path, new=tmp_path, json=False)) == 0
    assert "0 new fails" in capsys.readouterr().out

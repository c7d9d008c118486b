"""Counting what is checked and proven, and the command that shows it."""

import argparse
import json

import pytest

from scim_conformance.catalogue.coverage import counts, coverage
from scim_conformance.cli import coverage as command


def covered(catalogue, world, proof=None):
    """Return the coverage entries of the small world by requirement."""
    claims = {id_: fault.requirements for id_, fault in world.faults.items()}
    return {one.requirement.id: one for one in coverage(catalogue.values(), world.checks, claims, proof)}


def options(**given):
    """Return parsed options of the command."""
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return argparse.Namespace(**vars(parser.parse_args([])) | given)


def test_only_what_binds_a_provider_and_can_be_seen_counts(catalogue, world):
    """Duties of clients and statements that show nothing are nobody's gap."""
    entries = covered(catalogue, world)
    assert entries
    assert all(one.requirement.binds_provider and one.requirement.observable for one in entries.values())
    assert "RFC7643-9.2-01" not in entries
    assert "RFC7644-3.4.2.5-05" not in entries


def test_covered_by_a_check_and_proven_by_a_fault(catalogue, world):
    """A check covers; a fault that claims the same requirement proves."""
    entries = covered(catalogue, world)
    assert entries["RFC7644-3.6-06"].proven
    assert entries["SEED-ORIGIN-02"].checks
    assert not entries["SEED-ORIGIN-02"].proven
    assert not entries["RFC7644-3.6-03"].checks


def test_a_proof_counts_only_faults_that_were_caught(catalogue, world):
    """A fault that no check noticed proves nothing, however much it claims."""
    proof = {
        "faults": {
            "delete-answers-200": {
                "caught_by": {"RFC7644-3.6-06": ["lifecycle/test_delete.py::test_delete_answers_204"]}
            },
            "deleted-lives-on": {"caught_by": {"RFC7644-3.6-02": []}},
        }
    }
    entries = covered(catalogue, world, proof)
    assert entries["RFC7644-3.6-06"].proven
    assert not entries["RFC7644-3.6-02"].proven


def test_counts_by_document_and_level(catalogue, world):
    """The counts have the shape that other tools read, and never prove more than is covered."""
    counted = counts(covered(catalogue, world).values())
    assert list(counted) == list(catalogue.documents)
    assert counted["RFC7644"]["MUST"]["covered"] == 2
    assert counted["RFC7644"]["MUST"]["proven"] == 2
    assert counted["SEED"]["STATED"]["covered"] == 1
    for levels in counted.values():
        for count in levels.values():
            assert list(count) == ["total", "covered", "proven"]
            assert count["total"] >= count["covered"] >= count["proven"]


@pytest.mark.usefixtures("world")
def test_the_command_prints_json(capsys, tmp_path, monkeypatch):
    """--json prints the counts and nothing else."""
    monkeypatch.chdir(tmp_path)
    assert command.run(options(json=True)) == 0
    assert json.loads(capsys.readouterr().out)["RFC7644"]["MUST"]["covered"] == 2


@pytest.mark.usefixtures("world")
def test_the_command_prints_an_aligned_table_with_sums(capsys, tmp_path, monkeypatch):
    """Every line is as wide as the others, each document has a sum, and the last line sums all."""
    monkeypatch.chdir(tmp_path)
    assert command.run(options()) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len({len(line) for line in lines}) == 1
    assert lines[0].split() == ["document", "level", "total", "covered", "proven"]
    assert lines[-1].split()[:2] == ["all", "all"]
    assert lines[-1].split()[3:] == ["3", "2"]


@pytest.mark.usefixtures("world")
def test_the_page_lists_what_has_no_check(tmp_path, monkeypatch, capsys):
    """--write leaves a page with the table and every requirement that lacks a check."""
    (tmp_path / "reports").mkdir()
    monkeypatch.chdir(tmp_path)
    assert command.run(options(write=True)) == 0
    page = (tmp_path / "reports" / "coverage.md").read_text(encoding="utf-8")
    assert "| RFC7644-3.6-03 | MUST |" in page
    assert "| RFC7644-3.6-06 |" not in page
    assert "no check yet" in page
    assert "- SEED-ORIGIN-02 (STATED): no fault yet" in page
    capsys.readouterr()


@pytest.mark.usefixtures("world")
def test_the_page_is_only_written_in_a_checkout(tmp_path, monkeypatch, capsys):
    """Elsewhere the command says so and ends with a usage error."""
    monkeypatch.chdir(tmp_path)
    assert command.run(options(write=True)) == 4
    assert "there is no folder reports/ here" in capsys.readouterr().err


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("text", ["{", "[]", '{"faults": 3}'])
def test_a_broken_proof_is_told(tmp_path, monkeypatch, capsys, text):
    """A proof that cannot be read is not taken for none, and the message says how to write it anew."""
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "proof.json").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert command.run(options()) == 4
    assert "scim-conformance prove" in capsys.readouterr().err

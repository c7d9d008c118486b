"""The suites properties and concurrency: what they cost where nobody asks for them, and what they are told."""

import json
import subprocess
import sys

import pytest

IMPORTED = """
import sys
from scim_conformance.cli import main
code = main({words!r})
print("HYPOTHESIS", "hypothesis" in sys.modules, "CODE", code)
"""


@pytest.mark.parametrize(
    ("words", "imported"),
    [
        (["run", "--suite", "access", "-k", "test_connection", "-q"], False),
        (["run", "--suite", "properties", "-q", "-k", "versions"], True),
    ],
)
def test_hypothesis_is_imported_for_properties_alone(tmp_path, words, imported):
    """A run of other suites never imports Hypothesis."""
    program = IMPORTED.format(words=[*words, "--output", str(tmp_path / "out")])
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False, cwd=tmp_path
    )
    assert f"HYPOTHESIS {imported} CODE" in done.stdout, done.stdout + done.stderr


def run(tmp_path, *words):
    """Call `scim-conformance run` and return what it printed, and its report."""
    done = subprocess.run(
        [sys.executable, "-m", "scim_conformance", "run", *words, "--output", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=tmp_path,
    )
    return done.stdout, json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))


def test_the_seed_is_printed_and_reported(tmp_path):
    """Head and end of a run, and the report, say from what seed how many examples were generated."""
    printed, report = run(
        tmp_path, "--suite", "properties", "-k", "malformed_filters", "--seed", "11", "--examples", "2"
    )
    assert printed.count("Generated examples: 2 for a property, from seed 11") == 2
    assert (report["tool"]["seed"], report["tool"]["examples"]) == ("11", "2")


def test_parallel_requests_can_be_forbidden(tmp_path):
    """With --no-concurrency every check of concurrency is skipped, because the operator said so."""
    _, report = run(tmp_path, "--suite", "concurrency", "--no-concurrency")
    assert {(check["verdict"], check["kind"]) for check in report["checks"]} == {("skip", "disabled")}
    assert report["requests"] < 10

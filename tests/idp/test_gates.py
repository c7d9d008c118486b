"""The vendors' own gates: what is covered of each, under which names, and a green run of all of them."""

import json
import os
import subprocess
import sys

import pytest

from scim_conformance.catalogue import Severity, load
from scim_conformance.catalogue.checks import checks

GATES = {
    "ENTRA-VALIDATOR": (32, 32),
    "ENTRA-GALLERY": (25, 21),
    "OKTA-SPEC": (12, 12),
    "OKTA-OIN": (42, 26),
}
"""For each gate how many tests are known, and how many are covered.

SCIM Validator has 24, 7 in preview and one of a later version; of Okta's 60 cases 42 are known by number and subject.
"""
ASSERTIONS = 52

FOREIGN = '''
"""The reference server with somebody in it who is none of a run's business."""

import json

from werkzeug.test import Client

from scim_conformance.server import create_app, reference

app = create_app(reference(token="t0ken-of-the-gates-test", service_origin="idp.example.com"))
somebody = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
    "userName": "confidential@corp.example",
    "name": {"familyName": "Confidential", "givenName": "Person"},
    "emails": [{"value": "confidential@corp.example"}],
}
answer = Client(app).post(
    "/Users",
    data=json.dumps(somebody),
    headers={
        "Authorization": "Bearer t0ken-of-the-gates-test",
        "X-Request-Origin": "idp.example.com",
        "Content-Type": "application/scim+json",
    },
)
assert answer.status_code == 201, answer.data
'''


def rows(gate):
    """Return the rows of one gate."""
    return load().document(gate).requirements.values()


def run(folder, *words, **environment):
    """Judge with a command line of its own; return the process and its report."""
    process = subprocess.run(
        [sys.executable, "-m", "scim_conformance", "run", *words, "--output", str(folder)],
        env={**os.environ, "SCIM_CONFORMANCE_STATE": str(folder / "state"), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return process, json.loads((folder / "report.json").read_text())


@pytest.mark.parametrize("gate", GATES)
def test_as_many_tests_are_covered_as_we_say(gate):
    """The tests of each gate, and those of them that the SCIM side shows, are as many as the documentation says."""
    covered = [row for row in rows(gate) if row.observable]
    assert (len(list(rows(gate))), len(covered)) == GATES[gate]


@pytest.mark.parametrize("gate", GATES)
def test_each_test_has_the_vendors_own_name(gate):
    """Each row has its vendor's name for the test, and no two rows of a gate have the same."""
    names = [row.vendor_name for row in rows(gate)]
    assert all(names)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("gate", GATES)
def test_each_covered_test_has_a_check(gate):
    """Each row has a check, or says why there can be none."""
    judged = {id_ for check in checks() for id_ in check.requirements}
    assert [row.id for row in rows(gate) if row.observable != (row.id in judged)] == []


@pytest.mark.parametrize("gate", GATES)
def test_contradictions_name_what_the_rfcs_say(gate):
    """Where a vendor wants something else than an RFC, the row names the statement and says why both verdicts stand."""
    catalogue = load()
    told = [row for row in rows(gate) if row.contradiction]
    assert all(row.contradicts and all(id_ in catalogue for id_ in row.contradicts) for row in told)
    assert told


def test_what_nobody_has_verified_fails_nobody():
    """A test whose requests are inferred is recorded alone."""
    inferred = [row for gate in GATES for row in rows(gate) if row.evidence == "UNVERIFIED"]
    assert inferred
    assert {row.severity for row in inferred} == {Severity.NOTE}


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """A run of all the gates against the bundled server: the finished process and its report."""
    profiles = [word for gate in GATES for word in ("--profile", gate.lower())]
    return run(tmp_path_factory.mktemp("gates"), *profiles, "--suite", "clients")


def test_the_bundled_server_passes_every_gate(judged):
    """Nothing fails, warns or is blocked, and nothing stays behind."""
    process, report = judged
    assert process.returncode == 0, process.stdout
    assert {name: report["totals"][name] for name in ("fail", "warn", "blocked", "error", "skip")} == dict.fromkeys(
        ("fail", "warn", "blocked", "error", "skip"), 0
    )
    assert report["problems"] == []


def test_each_assertion_of_the_spec_test_is_a_check(judged):
    """The SPEC test's assertions are one check each, and its requests are sent once."""
    _, report = judged
    assertions = [check for check in report["checks"] if check["requirements"][0].startswith("OKTA-SPEC")]
    assert len(assertions) == ASSERTIONS


def test_no_report_shows_who_comes_first_in_a_foreign_directory(tmp_path):
    """The gates read the first page of whoever is there; nothing of somebody foreign is in any artefact."""
    (tmp_path / "foreign_directory.py").write_text(FOREIGN)
    words = ("--app", "foreign_directory:app", "--origin", "idp.example.com", "--suite", "clients")
    profiles = [word for gate in GATES for word in ("--profile", gate.lower())]
    environment = {"PYTHONPATH": str(tmp_path), "SCIM_TOKEN": "t0ken-of-the-gates-test"}
    process, report = run(tmp_path / "out", *words, *profiles, **environment)
    assert report["totals"]["pass"] > ASSERTIONS, process.stdout
    artefacts = [path.read_text(errors="replace") for path in (tmp_path / "out").iterdir() if path.is_file()]
    shown = process.stdout + process.stderr + "".join(artefacts)
    assert "onfidential" not in shown

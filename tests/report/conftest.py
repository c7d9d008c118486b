"""Canned results: a small catalogue and a run over it in which every verdict occurs."""

import os
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from scim_conformance.report import json_file
from scim_conformance.report.collect import Collector
from scim_conformance.report.model import CheckResult

EVIL = '<script>window.hacked=1</script><img src=x onerror="window.hacked=2">'


@dataclass(frozen=True)
class Requirement:
    """What the reports need of a catalogue's entry."""

    id: str
    level: str
    severity: str
    summary: str
    area: str
    gates: tuple = ()
    breaks: str = ""
    vendor_name: str = ""
    evidence: str = ""
    contradicts: tuple = ()
    contradiction: str = ""

    @property
    def document(self):
        """The part of the id before the section."""
        return self.id.partition("-")[0]

    @property
    def section(self):
        """The middle of the id."""
        return self.id.split("-")[1]


def make_catalogue():
    """Return a few requirements of every weight, in the catalogue's words."""
    rows = [
        Requirement("RFC7644-2-01", "MUST", "fail", "A request without credentials is answered 401.", "auth"),
        Requirement("RFC7644-3.3-01", "MUST", "fail", "A successful create answers 201.", "create"),
        Requirement("RFC7644-3.3-02", "SHOULD", "warn", "The answer carries the created resource.", "create"),
        Requirement(
            "RFC7644-3.5.2-01",
            "MUST",
            "fail",
            "A PATCH is applied whole or not at all.",
            "patch-replace",
            ("patch",),
            "Entra ID cannot disable users",
        ),
        Requirement("RFC7644-3.4.2.2-01", "MUST", "fail", "eq finds the resource.", "filter", ("filter",)),
        Requirement("RFC7644-3.6-02", "MUST", "fail", "A successful DELETE answers 204.", "delete"),
        Requirement("RFC7644-3.7-01", "MUST", "fail", "A bulk request is answered 200.", "bulk", ("bulk",)),
        Requirement("RFC7643-4.1-01", "MAY", "note", "A user may have a photo.", "resource-user"),
    ]
    return {row.id: row for row in rows}


def make_exchange(number=1, method="POST", path="/Users", status=201, **more):
    """Return an exchange as the client writes it."""
    return {
        "number": number,
        "method": method,
        "url": f"https://scim.example.com/v2{path}",
        "request": {
            "headers": [["Authorization", "Bearer ***"], ["Content-Type", "application/scim+json"]],
            "body": '{"userName": "ada"}',
        },
        "response": {
            "status": status,
            "headers": [["Content-Type", "application/scim+json"], ["X-Evil", EVIL]],
            "body": '{"id": "1", "displayName": "' + EVIL.replace('"', "'") + '"}',
        },
        "seconds": 0.0123,
        "error": None,
        "note": "",
    } | more


@pytest.fixture
def exchange():
    """Return the maker of exchanges."""
    return make_exchange


def make_results():
    """One check for each verdict, and a waived fail."""
    return [
        CheckResult(
            "access/test_token.py::test_missing", "No token: 401.", "access", "pass", ["RFC7644-2-01"], seconds=0.01
        ),
        CheckResult(
            "lifecycle/test_create.py::test_created[User]",
            "A create answers 201.",
            "lifecycle",
            "warn",
            ["RFC7644-3.3-01", "RFC7644-3.3-02"],
            "The body lacks the resource.",
            warnings=[{"message": "The body is empty.", "expected": ["the resource"], "actual": "nothing"}],
            exchanges=[make_exchange()],
            broken="RFC7644-3.3-02",
        ),
        CheckResult(
            "lifecycle/test_patch.py::test_deactivate",
            "A user can be deactivated by PATCH.",
            "lifecycle",
            "fail",
            ["RFC7644-3.5.2-01"],
            f"active stayed true after {EVIL}",
            ["200 with active false", "204"],
            "200, active: true",
            exchanges=[make_exchange(2), make_exchange(3, "PATCH", "/Users/1", 200)],
            seconds=0.5,
        ),
        CheckResult(
            "lifecycle/test_delete.py::test_delete_answers_204[Group]",
            "DELETE answers 204.",
            "lifecycle",
            "fail",
            ["RFC7644-3.6-02"],
            "DELETE answered 200.",
            ["204"],
            "200",
            exchanges=[make_exchange(4, "DELETE", "/Groups/1", 200)],
            waived={"reason": "Version 4 mends it.", "owner": "@directory", "expires": "2027-03-31"},
        ),
        CheckResult(
            "query/test_filter.py::test_eq",
            "eq finds.",
            "query",
            "blocked",
            ["RFC7644-3.4.2.2-01"],
            "POST /Users answered 500",
        ),
        CheckResult(
            "query/test_filter.py::test_and",
            "and finds.",
            "query",
            "blocked",
            ["RFC7644-3.4.2.2-01"],
            "POST /Users answered 500",
        ),
        CheckResult(
            "bulk/test_bulk.py::test_bulk",
            "Bulk answers 200.",
            "bulk",
            "skip",
            ["RFC7644-3.7-01"],
            "bulk is not advertised",
            kind="unsupported",
        ),
        CheckResult(
            "resources/test_user.py::test_photo",
            "Photos.",
            "resources",
            "note",
            ["RFC7643-4.1-01"],
            notes=["The target has no photos."],
        ),
        CheckResult(
            "access/test_origin.py::test_origin",
            "The origin header.",
            "access",
            "error",
            ["RFC7644-2-01"],
            "The connection was closed.",
            detail="Traceback (most recent call last): ...",
        ),
    ]


def make_report(catalogue, results, **head):
    """Return the report of some results, with a head that can be changed by keyword."""
    collector = Collector()
    for result in results:
        collector.add(result)
    members = {
        "tool": {"name": "scim-conformance", "version": "0.1.0"},
        "started": "2026-11-22T04:00:00Z",
        "finished": "2026-11-22T04:00:12.500Z",
        "target": "https://scim.example.com/v2",
        "profiles": ["rfc"],
        "features": {
            "service_provider_config": {
                "patch": {"supported": True},
                "filter": {"supported": True, "maxResults": 200},
                "bulk": {"supported": False},
            },
            "resource_types": [{"name": EVIL, "endpoint": EVIL}],
        },
        "requests": 42,
    }
    return collector.finish(catalogue=catalogue, **(members | head))


@pytest.fixture
def catalogue():
    """Return the catalogue of the canned results."""
    return make_catalogue()


@pytest.fixture
def results():
    """Return results to change at will."""
    return make_results()


@pytest.fixture
def finish(catalogue):
    """Return what makes a report of some results."""
    return partial(make_report, catalogue)


@pytest.fixture
def report(finish, results):
    """Return the report of the canned results."""
    return finish(results)


@pytest.fixture(scope="session")
def play(tmp_path_factory):
    """Write report.html for a report, through pytest and pytest-html in a process of its own."""

    def run(report, tests="def test_check(check): pass\n", *options):
        folder = tmp_path_factory.mktemp("page")
        json_file.write(report, folder / "report.json")
        (folder / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers\nfilterwarnings = error\n")
        (folder / "test_canned.py").write_text(tests)
        plugins = ("pytest_metadata.plugin", "pytest_html.plugin", "canned_plugin")
        command = [sys.executable, "-m", "pytest", "-q", "--html=report.html", "--self-contained-html"]
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parents[2])]),
            "PYTHONDONTWRITEBYTECODE": "1",
            "CANNED_REPORT": str(folder / "report.json"),
            "BUILD_URL": "https://ci:hunter2@build.example.com/",
        }
        words = [*command, *(word for plugin in plugins for word in ("-p", plugin)), *options]
        done = subprocess.run(
            words, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60
        )
        assert "Traceback" not in done.stdout + done.stderr, done.stdout + done.stderr
        page = folder / "report.html"
        assert page.is_file(), done.stdout + done.stderr
        return page

    return run


@pytest.fixture(scope="session")
def written(play):
    """Write one page for all who look at it, with markup planted wherever the target has a say."""
    return play(make_report(make_catalogue(), make_results()))

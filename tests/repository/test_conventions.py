"""Conventions that matter, made executable over the whole repository."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from scim_conformance.catalogue import Severity, load
from scim_conformance.catalogue.checks import checks

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 450


def test_every_check_names_known_requirements():
    """A check judges at least one requirement, and only ones that the catalogue has."""
    catalogue = load()
    strays = [
        f"{c.id}: {c.requirements}"
        for c in checks()
        if not c.requirements or any(r not in catalogue for r in c.requirements)
    ]
    assert strays == []


def test_every_check_judges_something_a_provider_must_do():
    """A check judges rules that can be seen from outside and bind a provider; others can be noted, never failed."""
    catalogue = load()
    strays = [
        f"{check.id}: {id_}"
        for check in checks()
        for id_ in check.requirements
        if not catalogue[id_].observable
        or not (catalogue[id_].binds_provider or catalogue[id_].severity is Severity.NOTE)
    ]
    assert strays == []


def test_every_check_has_a_title_that_is_a_sentence():
    """The first line of a check's docstring is its title in every report: one line, with a full stop."""
    strays = [f"{c.id}: {c.title!r}" for c in checks() if not re.fullmatch(r"\S.{10,160}\.", c.title)]
    assert strays == []


def test_titles_are_unique():
    """No two checks have the same title, so that a report tells them apart."""
    titles = [check.title for check in checks()]
    assert sorted(title for title in set(titles) if titles.count(title) > 1) == []


def test_no_suite_is_forgotten():
    """Every test function under suites/ is a check with a requirement."""
    known = {check.id for check in checks()}
    found = {
        f"{path.relative_to(ROOT / 'suites').as_posix()}::{node.name}"
        for path in (ROOT / "suites").rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }
    assert found - known == set()


@pytest.mark.parametrize("folder", ["scim_conformance", "suites"])
def test_files_stay_short(folder):
    """A file that has grown long is two files."""
    strays = [
        f"{path.relative_to(ROOT)}: {lines} lines"
        for path in (ROOT / folder).rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    ]
    assert strays == []


def test_nothing_depends_on_what_is_not_in_the_repository():
    """No tracked file refers to a folder beside the repository."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    word = "../" + "shared"
    strays = [name for name in listed if (ROOT / name).is_file() and word.encode() in (ROOT / name).read_bytes()]
    assert strays == []

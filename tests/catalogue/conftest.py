"""A small world for the commands: three checks, two faults and a variant."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from scim_conformance.catalogue import load
from scim_conformance.catalogue.checks import CheckSource


@pytest.fixture(scope="session")
def catalogue():
    """Return the catalogue that is shipped."""
    return load()


@pytest.fixture
def world(monkeypatch):
    """Put a few checks, faults and variants in the place of the real ones."""
    checks = (
        CheckSource(
            "lifecycle/test_delete.py::test_delete_answers_204",
            "A successful DELETE answers 204 and sends no body.",
            ("RFC7644-3.6-06",),
            7,
            Path("suites/lifecycle/test_delete.py"),
        ),
        CheckSource(
            "lifecycle/test_delete.py::test_deleted_is_gone",
            "What was deleted answers 404.",
            ("RFC7644-3.6-02",),
            13,
            Path("suites/lifecycle/test_delete.py"),
        ),
        CheckSource(
            "access/test_origin.py::test_origin_missing",
            "A request without the origin header is refused.",
            ("SEED-ORIGIN-02",),
            9,
            Path("suites/access/test_origin.py"),
        ),
    )
    faults = {
        "delete-answers-200": SimpleNamespace(
            requirements=("RFC7644-3.6-06",), title="DELETE succeeds with 200 and a body instead of 204."
        ),
        "deleted-lives-on": SimpleNamespace(requirements=("RFC7644-3.6-02",), title="DELETE deletes nothing."),
    }
    variants = {"opaque-ids": SimpleNamespace(title="Ids are opaque texts, not UUIDs.")}
    monkeypatch.setattr("scim_conformance.catalogue.checks.checks", lambda: checks)
    monkeypatch.setattr("scim_conformance.server.faults.FAULTS", faults, raising=False)
    monkeypatch.setattr("scim_conformance.server.faults.load_all", lambda: None, raising=False)
    monkeypatch.setattr("scim_conformance.server.variants.VARIANTS", variants, raising=False)
    monkeypatch.setattr("scim_conformance.server.variants.load_all", lambda: None, raising=False)
    return SimpleNamespace(checks=checks, faults=faults, variants=variants)

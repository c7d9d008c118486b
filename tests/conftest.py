"""What all tests of the harness share."""

import os

import pytest
from hypothesis import settings

# The same examples in every run: a test that fails by chance tells nothing about the change at hand.
settings.register_profile("tests", derandomize=True, deadline=None)
settings.load_profile("tests")

pytest_plugins = ["pytester"]


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch, tmp_path):
    """No variable of the machine's own environment decides what a test sees; journals go to the test's folder."""
    for name in list(os.environ):
        if name.startswith("SCIM_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("SCIM_CONFORMANCE_STATE", str(tmp_path / "state"))

"""A pytest plugin that plays a finished report: each of its checks becomes a test with that verdict.

Drives the page as the real session does, without a target: `CANNED_REPORT` names a report.json.
"""

import os
from pathlib import Path

import pytest

from scim_conformance.report import json_file
from scim_conformance.report.html import Page


class Canned:
    """The hooks of a session that a page hangs on."""

    def __init__(self):
        self.canned = json_file.read(Path(os.environ["CANNED_REPORT"]))
        self.report = None

    def pytest_generate_tests(self, metafunc):
        """Make a test of each canned check."""
        if "check" in metafunc.fixturenames:
            metafunc.parametrize("check", self.canned.checks, ids=[str(n) for n in range(len(self.canned.checks))])

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item, call):
        """Attach the verdict to pytest's report, as the session does."""
        report = yield
        if call.when == "call" and "check" in item.fixturenames:
            check = item.funcargs["check"]
            report.outcome = {"fail": "failed", "error": "failed", "skip": "skipped"}.get(check.verdict, "passed")
            report.scim = check.to_json()
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self):
        """Hand the report out, which exists only at the end."""
        self.report = self.canned


def pytest_configure(config):
    """Register the session and the page."""
    canned = Canned()
    config.pluginmanager.register(canned)
    config.pluginmanager.register(Page(lambda: canned.report), "scim-conformance-page")

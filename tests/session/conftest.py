"""A pytest session of its own, with a target that is easy to foresee."""

import json

import pytest

from scim_conformance.report.json_file import read

TARGET = '''
"""A target that knows nothing: every request is answered 404."""
import json
import pytest

def app(environ, start_response):
    body = json.dumps({"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "404"}).encode()
    start_response("404 Not Found", [("Content-Type", "application/scim+json")])
    return [body]
'''


@pytest.fixture
def judge(pytester):
    """Run checks written in a test against a target that answers 404; return pytest's result and the report.

    The target is named in code, as a team does it, unless options are given.
    """

    def run(checks, *words, options=("--scim-app", "target:app")):
        pytester.makepyfile(target=TARGET, test_checks=checks)
        pytester.makeini("[pytest]\naddopts = -p no:cacheprovider\n")
        output = pytester.path / "out"
        result = pytester.runpytest_subprocess(*options, f"--scim-output={output}", *words)
        path = output / "report.json"
        return result, json.loads(path.read_text()) if path.is_file() else None

    return run


@pytest.fixture
def read_report():
    """Read a report as any consumer does."""
    return read

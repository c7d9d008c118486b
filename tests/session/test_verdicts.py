"""From what a check does to the verdict that is reported, and to pytest's outcome."""

import pytest

CHECKS = '''
import pytest
from scim_conformance.client.errors import HarnessError
from scim_conformance.judge import Blocked, Violation, expect, note, warn

must = pytest.mark.requirement("RFC7644-3.6-06")
should = pytest.mark.requirement("RFC7644-3.6-05")
may = pytest.mark.requirement("RFC7643-1.2-01")
hinted = pytest.mark.requirement("RFC7644-3.12-27")

@pytest.fixture
def nothing_works():
    raise Blocked("the POST did not work")

@must
def test_pass():
    """It passes."""

@must
def test_fail(scim):
    """It fails."""
    expect(scim.get("/Users/1")).status(200)

@should
def test_should():
    """It is a SHOULD."""
    raise Violation("not done", expected=["done"], actual="left")

@may
def test_may():
    """It is a MAY."""
    raise Violation("done otherwise")

@must
def test_warn():
    """It warns beside."""
    warn("no scimType", expected=["uniqueness"], actual="none")

@must
def test_note():
    """It notes."""
    note("members come back sorted")

@must
def test_blocked(nothing_works):
    """It is blocked by its fixture."""

@must
def test_blocked_inside():
    """It is blocked by itself."""
    raise Blocked("no second user")

@must
def test_error():
    """It is broken."""
    raise KeyError("oops")

@must
def test_network():
    """The network broke."""
    raise HarnessError("the cable was cut")

@hinted
def test_skip():
    """It does not apply."""
    raise AssertionError("never reached")

@pytest.mark.requirement("RFC7644-3.6-06", "RFC7644-3.6-05")
def test_two():
    """It judges two, and breaks the milder one."""
    raise Violation("not done", requirement="RFC7644-3.6-05")

def test_of_the_team():
    """It is no check of ours."""
'''

EXPECTED = {
    "pass": "pass",
    "fail": "fail",
    "should": "warn",
    "may": "note",
    "warn": "warn",
    "note": "note",
    "blocked": "blocked",
    "blocked_inside": "blocked",
    "error": "error",
    "network": "error",
    "skip": "skip",
    "two": "warn",
}


@pytest.mark.parametrize("words", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_every_verdict(judge, words):
    """Each way in which a check can end has its verdict, alone and under xdist, and only a fail fails the run."""
    result, report = judge(CHECKS, *words)
    verdicts = {check["id"].split("::test_")[1]: check["verdict"] for check in report["checks"]}
    assert verdicts == EXPECTED
    assert result.ret == 1
    assert report["totals"] == {"fail": 1, "error": 2, "warn": 3, "blocked": 2, "note": 2, "pass": 1, "skip": 1}
    result.stdout.fnmatch_lines(["*1 failed*"])


def test_strict_turns_warnings_into_fails(judge):
    """With --scim-strict a SHOULD that is not followed fails."""
    _, report = judge(CHECKS, "--scim-strict", "-k", "should or warn or may")
    assert {check["id"].split("::test_")[1]: check["verdict"] for check in report["checks"]} == {
        "should": "fail",
        "warn": "fail",
        "may": "note",
    }


def test_a_fail_says_all_that_is_needed(judge):
    """A fail carries requirement, expected, actual, the exchange, and a curl line without the token."""
    result, report = judge(CHECKS, "-k", "test_fail", "--scim-token=t0ps3cret-token")
    check = report["checks"][0]
    assert check["title"] == "It fails."
    assert check["expected"] == ["status 200 OK"]
    assert check["actual"].startswith("status 404 Not Found")
    assert [exchange["response"]["status"] for exchange in check["exchanges"]] == [404]
    text = result.stdout.str()
    assert "RFC7644-3.6-06" in text
    assert "$SCIM_TOKEN" in text
    assert "t0ps3cret-token" not in text


def test_errors_alone_are_not_the_targets(judge):
    """A run in which only the harness broke ends with code 3, not with the code of a violation."""
    result, _ = judge(CHECKS, "-k", "network")
    assert result.ret == 3


def test_a_run_in_which_nothing_applied_is_no_success(judge):
    """Where every check was skipped, the exit code is 5: nothing was judged."""
    result, _ = judge(CHECKS, "-k", "skip")
    assert result.ret == 5


def test_an_unknown_requirement_ends_the_run_with_the_closest_ids(judge):
    """A mark with an unknown id is a usage error that names what was meant."""
    checks = 'import pytest\n@pytest.mark.requirement("RFC7644-3.6-6")\ndef test_x():\n    """X."""\n'
    result, _ = judge(checks)
    assert result.ret == 4
    result.stderr.fnmatch_lines(["*RFC7644-3.6-6*RFC7644-3.6-0*"])


def test_only_what_was_asked_for_is_judged(judge):
    """--scim-requirement leaves out the checks of other requirements."""
    _, report = judge(CHECKS, "--scim-requirement", "RFC7644-3.6-05")
    assert sorted(check["id"].split("::test_")[1] for check in report["checks"]) == ["should", "two"]


TEAM = """
import pytest
from target import app

@pytest.fixture(scope="session")
def scim_target():
    return app
"""


def test_a_team_names_its_target_in_code(pytester, judge):
    """A conftest.py that overrides scim_target needs no option at all; gates are asked when the check is set up."""
    pytester.makeconftest(TEAM)
    result, report = judge(CHECKS, "-k", "test_fail or test_skip or test_pass", options=())
    verdicts = {check["id"].split("::test_")[1]: check["verdict"] for check in report["checks"]}
    assert verdicts == {"fail": "fail", "skip": "skip"}
    assert result.ret == 1


def test_without_a_target_the_run_ends_with_what_to_do(judge):
    """The fixtures say how to name a target where nobody did."""
    result, _ = judge(CHECKS, "-k", "test_fail", options=())
    assert result.ret == 4
    result.stdout.fnmatch_lines(["*nothing names a SCIM target*--scim-url*scim_target*"])

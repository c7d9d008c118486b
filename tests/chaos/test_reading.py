"""Runs against a service whose single resources come spoiled: the target is blamed, in time, and nothing stays."""

import pytest

READ = "lifecycle/test_read.py"
SAID = {
    "hanging": "no whole answer within 0.4 s (while waiting for an answer)",
    "hanging-now-and-then": "no whole answer within 0.4 s",
    "closing": "the connection was closed before an answer came",
    "resetting": "the connection broke off",
    "closing-in-the-body": "the connection was closed before the whole body had come",
    "lengths-too-long": "no whole answer within 0.4 s (while waiting for the rest of the body)",
    "lengths-too-short": "the JSON ends early",
    "dripping": "no whole answer within 0.4 s",
    "endless-interim-answers": "no whole answer within 0.4 s",
    "endless-bodies": "the body is larger than 8 MiB",
    "invalid-utf8": "the body is not UTF-8",
    "deep-json": "the JSON is nested deeper than 100 levels",
    "cut-json": "the JSON ends early",
    "pages-of-html": "the body is an HTML page, not JSON",
    "scalars": "the body is a JSON number, not an object",
    "long-headers": "the answer is not valid HTTP",
    "endless-redirects": "5 redirects in a row led to a further one",
    "redirects-in-a-circle": "5 redirects in a row led to a further one",
    "redirects-to-nowhere": "redirected to 127.0.0.1:9, which cannot be reached",
}


@pytest.mark.parametrize("name", SAID)
def test_a_spoiled_read_is_the_targets_fault(behind, name):
    """The checks that read fail and say what came, the others pass or are blocked, and all that was made is deleted."""
    target = behind(name)
    run = target.judge(READ)
    assert run.code == 1, run.printed
    assert "fail" in run.verdicts
    assert run.verdicts <= {"fail", "blocked", "pass", "warn", "note"}, run.messages
    assert SAID[name] in run.messages
    assert run.is_calm
    assert target.left() == []
    assert target.journals() == []


def test_a_bomb_is_not_unpacked(behind):
    """A gigabyte in a gzip body of a megabyte is given up at the limit of what is read."""
    target = behind("gzip-bombs")
    run = target.judge(READ, keyword="test_get_answers_with_the_resource", timeout=10)
    assert run.verdicts == {"fail"}
    assert "the body is larger than 8 MiB" in run.messages
    assert run.is_calm
    assert target.left() == []


def test_a_slow_target_is_not_a_broken_one(behind):
    """A body that comes in pieces, but whole within the timeout, is as good as any."""
    target = behind("slow-bodies")
    run = target.judge(READ, timeout=10, keyword="test_get or test_head")
    assert run.verdicts <= {"pass", "note"}
    assert run.is_calm
    assert target.left() == []


def test_members_that_are_there_twice_are_worth_a_warning(behind):
    """JSON with doubled names is read as its last values, and a check of the body warns of it."""
    target = behind("duplicate-keys")
    run = target.judge(READ)
    assert run.verdicts == {"pass", "warn"}
    assert "members that are there twice" in run.messages
    assert "userName" in run.messages
    assert target.left() == []


def test_ids_that_no_url_can_hold_are_encoded(behind):
    """Ids with slashes, blanks, percent signs, question marks and hashes do no harm, in whatever operation."""
    target = behind("odd-ids")
    run = target.judge(
        READ, "lifecycle/test_delete.py", "lifecycle/update", "lifecycle/groups", "lifecycle/test_find.py", timeout=10
    )
    assert run.verdicts <= {"pass", "skip", "note"}, run.messages
    assert run.code == 0
    assert target.left() == []
    assert target.journals() == []


def test_a_run_does_not_wait_for_ever(behind, monkeypatch):
    """Where requests run out of time again and again, though never in a row, the rest of the run is blocked."""
    monkeypatch.setattr("scim_conformance.session.session.LOST", 3)
    target = behind("hanging-now-and-then")
    run = target.judge(READ)
    assert run.verdicts == {"fail", "pass", "blocked"}
    assert "left 3 requests of this run without a whole answer until the timeout" in run.messages
    assert target.left() == []

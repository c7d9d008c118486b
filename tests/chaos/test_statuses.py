"""Runs against a service that throttles, or breaks down at random."""

import pytest

FILES = ("lifecycle/test_read.py", "lifecycle/test_create.py", "lifecycle/test_list.py")


@pytest.mark.parametrize("name", ["throttling", "throttling-without-a-time"])
def test_throttling_is_waited_out(behind, name):
    """429 with and without Retry-After makes a run slower and nothing else."""
    target = behind(name)
    run = target.judge("lifecycle/test_read.py", max_wait=5, timeout=10, keyword="test_get or unknown_id")
    assert run.code == 0, run.printed
    assert run.verdicts <= {"pass", "note"}
    assert run.is_calm
    assert target.left() == []


@pytest.mark.parametrize("name", ["endless-throttling", "endless-throttling-without-a-time"])
def test_throttling_without_end_blocks(behind, name):
    """429 whatever is asked is nobody's fault: after a few requests the rest is blocked, and told what is left."""
    target = behind(name)
    run = target.judge("lifecycle/test_read.py", max_wait=0.6, timeout=10)
    assert run.verdicts == {"pass", "blocked"}, run.messages
    assert "429 (too many requests)" in run.messages
    assert "3 requests in a row" in run.messages
    assert run.is_calm
    assert target.left()
    assert "left behind on the target" in run.told
    assert len(target.journals()) == 1


@pytest.mark.parametrize("name", ["errors-at-random", "errors-after-the-deed"])
def test_errors_at_random_are_the_targets(behind, name):
    """A target that answers 500 now and then fails some checks; what a run made is deleted, or told."""
    target = behind(name)
    run = target.judge(*FILES, timeout=10)
    assert run.code == 1, run.printed
    assert "fail" in run.verdicts
    assert "error" not in run.verdicts, run.messages
    assert "500 Internal Server Error" in run.messages
    assert run.is_calm
    told = run.told
    assert all(name in told for name in target.left())

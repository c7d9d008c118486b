"""Runs against a service whose POSTs and DELETEs go wrong: nothing stays, or the run tells what does."""

import pytest

from scim_conformance.client import journal

CREATE = "lifecycle/test_create.py"
READ = "lifecycle/test_read.py"


def test_what_was_created_without_an_answer_is_found_and_deleted(behind):
    """A POST that is carried out and not answered blocks the checks; what it created is found by its name."""
    target = behind("creations-without-an-answer")
    run = target.judge(READ)
    assert run.verdicts == {"blocked"}
    assert "the connection was closed before an answer came" in run.messages
    assert target.left() == []
    assert target.journals() == []


def test_checks_of_creation_blame_a_target_that_does_not_answer(behind):
    """The checks that judge the POST itself fail where it is not answered."""
    target = behind("creations-without-an-answer")
    run = target.judge(CREATE)
    assert run.code == 1
    assert run.verdicts <= {"fail", "blocked"}
    assert "fail" in run.verdicts
    assert target.left() == []


@pytest.mark.parametrize("name", ["deletions-without-an-answer", "deletions-fail-at-first"])
def test_a_deletion_is_tried_again(behind, name):
    """A DELETE that is answered by nothing, or by an error, is looked after: in the end nothing is left."""
    target = behind(name)
    run = target.judge(READ)
    assert run.code == 0, run.printed
    assert run.verdicts == {"pass"}
    assert target.left() == []
    assert target.journals() == []


@pytest.mark.parametrize(
    ("name", "said"),
    [("deletions-always-fail", "DELETE was answered 500"), ("hanging-deletions", "no whole answer within 0.4 s")],
)
def test_what_cannot_be_deleted_is_told(behind, name, said):
    """Where no DELETE is carried out the run says what is left, exits with 1, and keeps the journal."""
    target = behind(name)
    run = target.judge(READ)
    left = target.left()
    assert run.code == 1
    assert left
    assert run.is_calm
    assert said in run.told
    assert "left behind on the target" in run.told
    assert all(text in run.told for text in ("/Users/", "/Groups/"))
    kept = journal.read(target.journals()[0])
    assert sorted(leftover.value for leftover in kept.leftovers) == left

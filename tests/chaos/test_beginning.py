"""Runs against a service that does not even tell what it supports: they do not begin, and say why."""

import pytest


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("silent", "no whole answer within 0.4 s"),
        ("hanging-discovery", "no whole answer within 0.4 s"),
        ("cut-discovery", "the connection was closed before the whole body had come"),
    ],
)
def test_a_run_that_cannot_begin_says_why(behind, name, said):
    """A target that is reached and answers nothing usable is named in one line, with exit code 4."""
    target = behind(name)
    run = target.judge("lifecycle/test_read.py")
    assert run.code == 4
    assert "The target was reached but gave no usable answer" in run.printed
    assert said in run.printed
    assert run.results == {}
    assert run.is_calm
    assert target.left() == []
    assert target.journals() == []

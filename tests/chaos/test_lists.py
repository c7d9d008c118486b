"""Runs against a service whose lists never end: every check comes to an end, and says what it saw."""

import pytest

LISTS = ("lifecycle/test_paging.py", "lifecycle/test_list.py", "cursors/test_cursor_pages.py")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("endless-lists", "totalResults"),
        ("endless-cursors", "pages with 2, 2, 2"),
        ("repeated-pages", "The pages do not show every match exactly once."),
        ("lists-of-nothing", "Resources"),
    ],
)
def test_a_list_without_end_is_the_targets_fault(behind, name, said):
    """However far a list says that it goes, a run asks for a few pages, and blames the target."""
    target = behind(name)
    run = target.judge(*LISTS, timeout=10)
    assert run.code == 1, run.printed
    assert "fail" in run.verdicts
    assert "error" not in run.verdicts, run.messages
    assert said in run.messages
    assert target.requests < 400
    assert run.is_calm
    assert target.left() == []
    assert target.journals() == []

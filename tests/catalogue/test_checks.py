"""Finding checks in the suites' source."""

import pytest

from scim_conformance.catalogue.checks import UnreadableMark, checks

SOURCE = '''
"""Deleting resources."""
import pytest

SHARED = ("RFC7644-3.6-06", "RFC9110-15.3.5-01")
access = pytest.mark.requirement("SEED-TOKEN-02")
pytestmark = [pytest.mark.slow, pytest.mark.requirement("RFC7644-3.2-08")]


@pytest.mark.requirement("RFC7644-3.6-02", "RFC7644-3.6-03")
@pytest.mark.parametrize("method", ["get", pytest.param("put", marks=pytest.mark.requirement("RFC7644-3.2-05"))])
def test_gone(scim, method):
    """What was deleted is gone.

    For every method.
    """


@pytest.mark.requirement(*SHARED)
async def test_answers_204(scim):
    pass


class TestAccess:
    @access
    def test_needs_a_token(self, scim):
        """DELETE needs a token."""


def helper():
    pass
'''


@pytest.fixture
def suites(tmp_path):
    """Return a folder of suites with one file."""
    (tmp_path / "lifecycle").mkdir()
    (tmp_path / "lifecycle" / "test_delete.py").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "lifecycle" / "conftest.py").write_text("1 / 0", encoding="utf-8")
    return tmp_path


def test_checks_are_found_with_ids_titles_and_lines(suites):
    """A check's id is its path below the suites and its name; its title is its docstring's first line."""
    found = checks(suites)
    assert [(one.id, one.title, one.line) for one in found] == [
        ("lifecycle/test_delete.py::test_gone", "What was deleted is gone.", 12),
        ("lifecycle/test_delete.py::test_answers_204", "test_answers_204", 20),
        ("lifecycle/test_delete.py::test_needs_a_token", "DELETE needs a token.", 26),
    ]
    assert {one.suite for one in found} == {"lifecycle"}


def test_marks_of_function_class_parameters_and_module_count(suites):
    """Whatever way a mark reaches a check, its ids are known, each once and the module's first."""
    gone, answers, token = checks(suites)
    assert gone.requirements[0] == "RFC7644-3.2-08"
    assert set(gone.requirements) == {"RFC7644-3.2-08", "RFC7644-3.6-02", "RFC7644-3.6-03", "RFC7644-3.2-05"}
    assert answers.requirements == ("RFC7644-3.2-08", "RFC7644-3.6-06", "RFC9110-15.3.5-01")
    assert token.requirements == ("RFC7644-3.2-08", "SEED-TOKEN-02")


def test_functions_without_ids_are_no_checks(tmp_path):
    """A test without a requirement mark judges nothing and is not listed."""
    (tmp_path / "test_plain.py").write_text("def test_plain():\n    pass\n", encoding="utf-8")
    assert checks(tmp_path) == ()


def test_an_id_that_is_computed_is_refused_with_its_place(tmp_path):
    """Coverage read from the source would silently miss such a mark, so it says where it stands."""
    source = 'import pytest\n\n\n@pytest.mark.requirement(f"RFC{1}")\ndef test_it():\n    pass\n'
    (tmp_path / "test_it.py").write_text(source, encoding="utf-8")
    with pytest.raises(UnreadableMark, match=r"test_it\.py:4: the requirement mark has f'RFC\{1\}'"):
        checks(tmp_path)


def test_the_real_suites_can_be_read(catalogue):
    """Every mark of the shipped suites is readable and names known requirements."""
    for check in checks():
        assert set(check.requirements) <= set(catalogue), check.id

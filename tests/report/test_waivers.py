"""Waivers: who may fail, until when, and which waivers have had their day."""

from datetime import date

import pytest

from scim_conformance.report.model import CheckResult
from scim_conformance.report.waivers import BadWaivers, Waivers

GOOD = """
[[waiver]]
check = "lifecycle/test_delete.py::test_delete[User]"
reason = "Version 4 mends it."
owner = "directory team"
expires = 2027-03-31

[[waiver]]
check = "query/test_filter.py::test_eq"
reason = "Known."
owner = "query team"
expires = "2027-03-31"

[[waiver]]
requirement = "RFC7644-3.6-02"
reason = "Known."
owner = "ada"
expires = 2026-01-31
"""
TODAY = date(2026, 1, 31)
LATE = date(2027, 4, 1)


@pytest.fixture
def load(tmp_path):
    """Read waivers from a text."""

    def read(text):
        path = tmp_path / "waivers.toml"
        path.write_text(text)
        return Waivers.load(path)

    return read


def result(check, verdict, *requirements):
    """Return a check with a verdict."""
    return CheckResult(check, "t", "s", verdict, list(requirements))


def test_a_check_is_matched_by_its_id_or_all_its_parameters(load):
    """An id with parameters covers itself alone, one without covers all of them, and no longer name is covered."""
    waivers = load(GOOD)
    assert waivers.match("lifecycle/test_delete.py::test_delete[User]", [], TODAY).owner == "directory team"
    assert waivers.match("lifecycle/test_delete.py::test_delete[Group]", [], TODAY) is None
    assert waivers.match("query/test_filter.py::test_eq", [], TODAY).owner == "query team"
    assert waivers.match("query/test_filter.py::test_eq[a]", [], TODAY).owner == "query team"
    assert waivers.match("query/test_filter.py::test_equal", [], TODAY) is None


def test_a_requirement_is_matched_on_any_check_of_it(load):
    """A waived requirement covers its checks, up to and including its last day."""
    waivers = load(GOOD)
    assert waivers.match("x::y", ["RFC7644-3.6-02"], TODAY).owner == "ada"
    assert waivers.match("x::y", ["RFC7644-3.6-02"], date(2026, 2, 1)) is None


def test_the_most_particular_waiver_answers(load):
    """The waiver of a check comes before the waiver of its requirement."""
    assert load(GOOD).match("query/test_filter.py::test_eq", ["RFC7644-3.6-02"], TODAY).owner == "query team"


def test_an_expired_waiver_that_is_needed_is_a_problem(load):
    """The sentence names the file, the line, the day, and what to do."""
    problems = load(GOOD).problems([result("x::y", "fail", "RFC7644-3.6-02")], date(2026, 2, 1))
    assert len(problems) == 1
    assert problems[0].endswith(
        "waivers.toml:14: the waiver of RFC7644-3.6-02 expired on 2026-01-31 and it still fails: "
        "mend the target, or agree on a new date with its owner, ada."
    )


def test_an_expired_waiver_waives_nothing(load):
    """After its last day a waiver no longer matches."""
    assert load(GOOD).match("lifecycle/test_delete.py::test_delete[User]", [], LATE) is None


@pytest.mark.parametrize("verdict", ["pass", "warn", "note"])
def test_an_unneeded_waiver_is_a_problem(load, verdict):
    """A waived check that no longer fails asks for the waiver to be deleted."""
    problems = load(GOOD).problems([result("lifecycle/test_delete.py::test_delete[User]", verdict)], TODAY)
    assert len(problems) == 1
    assert (
        "waivers.toml:2: the waiver of lifecycle/test_delete.py::test_delete[User] is no longer needed" in problems[0]
    )
    assert problems[0].endswith("delete it.")


@pytest.mark.parametrize("verdict", ["skip", "blocked", "error", "fail"])
def test_what_was_not_judged_says_nothing_about_a_waiver(load, verdict):
    """A check that could not be judged, or that fails, keeps its waiver."""
    assert load(GOOD).problems([result("query/test_filter.py::test_eq[a]", verdict)], TODAY) == []


def test_one_blocked_check_keeps_the_waiver_of_its_requirement(load):
    """As long as one check of the requirement could not be judged, the waiver may still be needed."""
    results = [result("x::y", "pass", "RFC7644-3.6-02"), result("x::z", "blocked", "RFC7644-3.6-02")]
    assert load(GOOD).problems(results, TODAY) == []
    results[1].verdict = "skip"
    assert len(load(GOOD).problems(results, TODAY)) == 1


def test_a_choice_of_checks_cannot_call_a_broad_waiver_unneeded(load):
    """When only some checks were selected, the ones that need the waiver may be among the others."""
    waivers = load(GOOD)
    assert waivers.problems([result("query/test_filter.py::test_eq[a]", "pass")], TODAY, partial=True) == []
    exact = [result("lifecycle/test_delete.py::test_delete[User]", "pass")]
    assert len(waivers.problems(exact, TODAY, partial=True)) == 1


def test_a_waiver_of_something_not_selected_is_no_problem(load):
    """Waivers of checks that this run did not select are left alone."""
    assert load(GOOD).problems([], LATE) == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[waiver]]\nchek = 'a::b'", r"waivers.toml:1: unknown key `chek`, did you mean `check`\?"),
        ("[[waivers]]\ncheck = 'a::b'", r"unknown table `waivers`, did you mean `waiver`\?"),
        ("\n[[waiver]]\nreason = 'r'", ":2: a waiver names either a `check` or a `requirement`"),
        ("[[waiver]]\ncheck = 'a::b'\nrequirement = 'R'", "either a `check` or a `requirement`"),
        ("[[waiver]]\ncheck = 'a::b'", ":1: `reason` is missing"),
        ("[[waiver]]\ncheck = 'a::b'", ":1: `owner` is missing"),
        ("[[waiver]]\ncheck = 'a::b'", ":1: `expires` is missing: give the last day"),
        ("[[waiver]]\ncheck = 'a::b'\nreason = ' '", "`reason` has to be a text that says something"),
        ("[[waiver]]\ncheck = 'ab'", "`check` has to be the id of a check"),
        ("[[waiver]]\ncheck = 'a::b'\nexpires = 'soon'", "`expires` has to be a day such as 2027-03-31, not 'soon'"),
        ("[[waiver]]\ncheck = 'a::b'\nexpires = 2027-03-31T10:00:00", "`expires` has to be a day"),
        ("[[waiver]]\ncheck = 'a::b'\nexpires = 7", "`expires` has to be a day such as 2027-03-31, not 7"),
        ("waiver = 3", "`waiver` has to be a list of tables"),
        ("[[waiver]\n", "is not TOML: .*line 1"),
        (GOOD + GOOD, ":20: lifecycle/test_delete.py::test_delete.User. is waived twice, first in line 2"),
    ],
)
def test_mistakes_are_named_with_their_line(load, text, sentence):
    """Each mistake in a waiver file gets a sentence with its place and what is allowed."""
    with pytest.raises(BadWaivers, match=sentence):
        load(text)


def test_all_mistakes_are_named_at_once(load):
    """One reading names every mistake."""
    with pytest.raises(BadWaivers) as caught:
        load("[[waiver]]\n[[waiver]]\ncheck = 'a::b'\n")
    assert len(str(caught.value).splitlines()) == 7


def test_a_missing_file_is_named(tmp_path):
    """A path that is not there is told in one sentence."""
    with pytest.raises(BadWaivers, match="cannot be read: No such file or directory"):
        Waivers.load(tmp_path / "none.toml")

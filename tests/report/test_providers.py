"""How a target stands with identity providers: what works, what breaks, what an administrator sees."""

from dataclasses import dataclass

import pytest

from scim_conformance.report import json_file, markdown, terminal
from scim_conformance.report.collect import Collector
from scim_conformance.report.model import CheckResult
from scim_conformance.report.page import render
from scim_conformance.report.providers import standings


@dataclass(frozen=True)
class Row:
    """What the reports need of a catalogue's entry."""

    id: str
    document: str
    summary: str
    level: str = "REQUIRED"
    severity: str = "fail"
    section: str = "users"
    area: str = "clients"
    breaks: str = ""
    vendor_name: str = ""
    evidence: str = "DOC"
    contradicts: tuple = ()
    contradiction: str = ""


ROWS = (
    Row("ENTRA-U12", "ENTRA", "A user is disabled.", breaks="People keep their access."),
    Row("ENTRA-U03", "ENTRA", "A user is found."),
    Row("ENTRA-Q01", "ENTRA", "Words are capitalised.", level="OPTIONAL", severity="note"),
    Row(
        "ENTRA-VALIDATOR-05",
        "ENTRA-VALIDATOR",
        "A filter in upper case finds the user.",
        vendor_name="Filter with a different case",
        contradicts=("RFC7644-3.3-01", "RFC7644-9-99"),
        contradiction="The validator wants more than the RFC.",
    ),
    Row("RFC7644-3.3-01", "RFC7644", "A successful create answers 201.", evidence=""),
)


def run(**verdicts):
    """The report of a run with one check a requirement, whose verdicts these are."""
    catalogue = {row.id: row for row in ROWS}
    collector = Collector()
    for id_, verdict in verdicts.items():
        shown = ["The user could not be disabled."] if verdict == "fail" else []
        collector.add(
            CheckResult(
                f"clients/test_it.py::test_{id_}", id_, "clients", verdict, [id_], message=f"{id_}!", shown=shown
            )
        )
    return collector.finish(
        catalogue=catalogue,
        tool={"name": "scim-conformance", "version": "1"},
        started="2026-11-22T10:00:00Z",
        finished="2026-11-22T10:00:01Z",
        target="https://scim.example.com",
        profiles=["entra"],
        features={},
        requests=3,
    )


def test_a_run_by_the_rfcs_alone_tells_of_no_provider():
    """Whoever asks about the specifications is not told about identity providers."""
    report = run(**{"RFC7644-3.3-01": "fail"})
    assert standings(report) == []
    assert "Identity providers" not in markdown.render(report)
    assert 'class="provider"' not in render(report)


@pytest.mark.parametrize(
    ("verdicts", "tone", "sentence"),
    [
        ({"ENTRA-U12": "pass", "ENTRA-U03": "pass", "ENTRA-Q01": "note"}, "good", "works: 2 requirements kept"),
        ({"ENTRA-U12": "fail", "ENTRA-U03": "pass"}, "bad", "1 of 2 requirements broken"),
        ({"ENTRA-U12": "warn", "ENTRA-U03": "pass"}, "mixed", "works, with 1 flaw in 2 requirements"),
        ({"ENTRA-U12": "skip"}, "good", "nothing was judged"),
        ({"ENTRA-VALIDATOR-05": "pass"}, "good", "would pass: 1 test"),
        ({"ENTRA-VALIDATOR-05": "fail"}, "bad", "would fail: 1 of 1 test"),
        ({"ENTRA-VALIDATOR-05": "blocked"}, "mixed", "is open: 1 test could not be judged"),
        ({"ENTRA-VALIDATOR-05": "skip"}, "good", "was not judged"),
    ],
)
def test_each_standing_is_a_sentence(verdicts, tone, sentence):
    """The answer to "will it work?" is said in a sentence, and its colour agrees with it."""
    (standing,) = standings(run(**verdicts))
    assert (standing.tone, standing.sentence) == (tone, sentence)


def test_the_page_tells_what_the_administrator_sees():
    """The section of an identity provider has what breaks, what it means, what is shown, and what works."""
    page = render(run(**{"ENTRA-U12": "fail", "ENTRA-U03": "pass", "RFC7644-3.3-01": "fail"}))
    section = page[page.index('id="provider-entra"') : page.index('id="h-broken"')]
    for text in ("People keep their access.", "The user could not be disabled.", "ENTRA-U12!", "A user is found."):
        assert text in section
    broken = page[page.index('id="h-broken"') : page.index('id="h-areas"')]
    assert "RFC7644-3.3-01" in broken
    assert "ENTRA-U12" not in broken


def test_both_verdicts_are_shown_where_the_rfcs_differ():
    """Beside a vendor's test stand the rules of the RFCs that contradict it, each with its verdict, and why."""
    report = run(**{"ENTRA-VALIDATOR-05": "pass", "RFC7644-3.3-01": "fail"})
    (standing,) = standings(report)
    assert [(one.rule, one.verdict) for one in standing.works[0].contradictions] == [
        ("RFC7644-3.3-01", "fail"),
        ("RFC7644-9-99", ""),
    ]
    page = render(report)
    assert "The validator wants more than the RFC." in page
    assert "RFC7644-3.3-01: fail, RFC7644-9-99: not judged in this run" in " ".join(page.split())
    assert "Filter with a different case" in page


def test_terminal_and_summary_answer_too(tmp_path):
    """Each identity provider is a line of the terminal's summary and of the Markdown one, and the JSON keeps it all."""
    report = run(**{"ENTRA-U12": "fail", "ENTRA-U03": "pass"})
    texts = [text for text, _ in terminal.lines(report, 100)]
    assert "  * Microsoft Entra ID: 1 of 2 requirements broken" in texts
    assert "    The administrator sees: The user could not be disabled." in texts
    assert "- ❌ Microsoft Entra ID: 1 of 2 requirements broken" in markdown.render(report)
    json_file.write(report, tmp_path / "report.json")
    assert json_file.read(tmp_path / "report.json") == report

"""The faces that are text: a failure, the terminal, junit.xml and summary.md."""

import re
import shlex
from xml.etree import ElementTree as ET

import pytest

from scim_conformance.report import evidence, failure, junit, markdown, terminal
from scim_conformance.report.model import CheckResult
from scim_conformance.report.text import columns, one_line, visible

HOSTILE = "\x1b[31mred\x1b]0;title\x07 \x9b1m \u202eevil | `code` @octocat <b onload=x> \ud800\x00\r\nnext"
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@pytest.fixture
def hostile(finish, results, exchange):
    """Return a report in which the target put its worst into every text."""
    nasty = exchange(7, HOSTILE, HOSTILE, 200, note=HOSTILE, error=HOSTILE)
    nasty["request"] = nasty["response"] = {"status": 200, "headers": [["location", HOSTILE]], "body": HOSTILE}
    for check in results:
        check.message = check.actual = check.detail = HOSTILE
        check.expected = check.notes = [HOSTILE]
        check.warnings = [{"message": HOSTILE + "!", "expected": [HOSTILE], "actual": HOSTILE}]
        check.exchanges = [nasty]
    return finish(results, target=HOSTILE, problems=[HOSTILE])


def failing(report):
    """Return the check that fails."""
    return report.with_verdict("fail")[0]


def test_the_failure_text_says_all_there_is_to_know(report):
    """Requirement, level, sentence, who breaks, expected as a list, actual, exchanges, and a command to repeat it."""
    text = failure.render(failing(report), report.requirements)
    assert text.startswith(
        "RFC7644-3.5.2-01  MUST  (RFC 7644 section 3.5.2)\n"
        "    A PATCH is applied whole or not at all.\n"
        "    Who breaks on it: Entra ID cannot disable users\n\n"
        "active stayed true after <script>"
    )
    assert "Expected: 200 with active false\n      or: 204\nActual:   200, active: true\n" in text
    assert "  3. PATCH https://scim.example.com/v2/Users/1 -> 200 (12 ms)\n" in text
    assert '-H "Authorization: Bearer $SCIM_TOKEN"' in text.splitlines()[-1]


def test_the_failure_text_finds_the_catalogue_itself():
    """Where nobody hands the catalogue in, the known sentences are still there."""
    text = failure.render(CheckResult("a::b", "t", "s", "fail", ["RFC7644-3.6-02"], "m"))
    assert text.startswith("RFC7644-3.6-02  ")


def test_the_failure_text_cuts_what_is_long(finish, results, exchange):
    """Long bodies and long chains are cut, and it says so."""
    results[2].exchanges = [exchange(n) for n in range(1, 9)]
    results[2].exchanges[-1]["response"]["body"] = "x" * 5000
    text = failure.render(results[2], finish(results).requirements)
    assert "Exchanges (8):" in text
    assert "  1. POST https://scim.example.com/v2/Users -> 201 (12 ms)\n  2. POST" in text
    assert "… 3000 more characters" in text


def test_curl_repeats_the_request_without_the_token(exchange):
    """A shell gets the very words: method, URL, headers, body; the token comes from the environment."""
    sent = exchange(1, "PATCH", "/Users/1?a='b c'&$(id)")
    sent["request"]["body"] = "it's $HOME `id`"
    words = shlex.split(evidence.curl(sent))
    assert words[:4] == ["curl", "--globoff", "-X", "PATCH"]
    assert words[4] == "https://scim.example.com/v2/Users/1?a='b c'&$(id)"
    assert "Authorization: Bearer $SCIM_TOKEN" in words
    assert words[-2:] == ["--data-binary", "it's $HOME `id`"]


def test_a_curl_line_made_by_the_client_is_preferred(exchange):
    """The client knows which token was sent; where it says so, its word counts."""
    assert evidence.curl(exchange(curl="curl https://x")) == "curl https://x"


def test_an_exchange_without_an_answer_says_why(exchange):
    """No status is no crash."""
    assert evidence.line(exchange(response=None, error="timed out")).endswith("-> no answer: timed out (12 ms)")


@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_terminal_names_broken_musts_first(report, width):
    """The summary starts with what is broken, and no line but a path is wider than the terminal."""
    shown = list(terminal.lines(report, width, ["/a/very/long/path" * 9]))
    texts = [text for text, _ in shown]
    assert texts[0].startswith("Broken: what is required")
    where = {word: next(i for i, text in enumerate(texts) if word in text) for word in ("RFC7644-3.5.2-01", "Warnings")}
    assert where["RFC7644-3.5.2-01"] < where["Warnings"]
    assert all(columns(text) <= width for text in texts if not text.startswith("Report: "))


def test_the_terminal_says_what_else_happened(report):
    """Blocked checks are grouped by cause, waivers named with their owner, totals last."""
    text = "\n".join(text for text, _ in terminal.lines(report, 200, ["out/report.html"]))
    assert "2 checks: POST /Users answered 500" in text
    assert "Version 4 mends it. (@directory, until 2027-03-31)" in text
    assert "2 fail (1 waived), 1 error, 1 warn, 2 blocked, 1 note, 1 pass, 1 skip (1 unsupported)" in text
    assert text.endswith("9 checks on 8 requirements, 42 requests, 12.5 s\nReport: out/report.html")


def test_an_interrupted_run_says_so(finish, results):
    """Nobody takes half a run for a whole one."""
    report = finish(results, complete=False)
    assert any("interrupted" in text for text, _ in terminal.lines(report))
    assert "interrupted" in markdown.render(report)


def test_nothing_hostile_reaches_the_terminal(hostile):
    """No escape sequence, control or direction mark of the target is ever written."""
    for text, _ in terminal.lines(hostile, 80):
        assert not CONTROLS.search(text), text
    for check in hostile.checks:
        assert not CONTROLS.search(failure.render(check, hostile.requirements))


def test_wide_characters_stay_within_the_terminal(finish, results):
    """Characters of two columns are counted as such."""
    results[2].message = "利用者を無効にできません。" * 10
    assert all(columns(text) <= 60 for text, _ in terminal.lines(finish(results), 60))


def test_visible_writes_out_what_acts():
    """What a terminal would obey is shown as its number; text in any language stays."""
    assert visible("a\x1b[0m\r\nb\tc\u202e\ud800") == "a\\x1b[0m\nb\tc\\u202e\\ud800"
    assert visible("naïve 日本語 😀 \ufffd") == "naïve 日本語 😀 \ufffd"
    assert one_line(" a\n\n b ", 0) == "a b"
    assert one_line("abcdef", 4) == "abc…"


def cases(report):
    """Return the test cases of junit.xml by name."""
    root = ET.fromstring(junit.render(report))  # noqa: S314 - our own file
    return root.find("testsuite"), {case.get("name"): case for case in root.iter("testcase")}


def test_junit_has_a_case_for_each_check(report):
    """Verdicts become what CI servers know, and nothing is lost."""
    suite, found = cases(report)
    assert {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "9",
        "failures": "1",
        "errors": "1",
        "skipped": "4",
    }
    assert "RFC7644-3.5.2-01  MUST" in found["test_deactivate"].find("failure").text
    assert found["test_delete_answers_204[Group]"].find("skipped").get("message") == "waived: Version 4 mends it."
    assert found["test_eq"].find("skipped").get("message") == "blocked: POST /Users answered 500"
    assert found["test_bulk"].find("skipped").get("message") == "unsupported: bulk is not advertised"
    assert found["test_origin"].find("error").get("message") == "The connection was closed."
    assert found["test_photo"].find("system-out").text == "note: The target has no photos."
    assert found["test_created[User]"].find("system-out").text.startswith("warn: ")
    assert found["test_deactivate"].get("classname") == "lifecycle.test_patch"
    properties = [(p.get("name"), p.get("value")) for p in found["test_deactivate"].iter("property")]
    assert ("requirement", "RFC7644-3.5.2-01") in properties
    assert ("level", "MUST") in properties


def test_junit_carries_hostile_text(hostile, tmp_path):
    """Whatever the target answers, the file is XML and UTF-8."""
    path = tmp_path / "junit.xml"
    junit.write(hostile, path)
    assert len(list(ET.parse(path).iter("testcase"))) == len(hostile.checks)  # noqa: S314 - our own file


def test_the_summary_puts_broken_musts_first(report):
    """The headline counts requirements, and the first table holds the broken ones."""
    text = markdown.render(report)
    assert text.startswith("## ❌ SCIM conformance: 1 requirement broken\n")
    assert text.index("### Broken requirements (1)") < text.index("### Warnings (1)") < text.index("### Waived (1)")
    assert "**RFC7644-3.5.2-01** MUST<br>A PATCH is applied" in text
    assert "- 2 checks: <code>POST /Users answered 500</code>" in text


def test_the_summary_of_a_good_run_is_good(finish, results):
    """Without fails the headline says so."""
    assert markdown.render(finish(results[:1])).startswith("## ✅ SCIM conformance: No requirement broken\n")
    assert markdown.render(finish([])).startswith("## ⚠️ SCIM conformance: Nothing was judged\n")
    assert "No requirement broken besides 1 waived fail" in markdown.render(finish([results[0], results[3]]))


def test_the_summary_defuses_hostile_text(hostile):
    """No table is torn, no HTML opened, nobody mentioned, whatever the target answers."""
    text = markdown.render(hostile)
    assert not CONTROLS.search(text)
    assert "<b" not in text.replace("<br>", "")
    assert "`" not in text
    assert set(re.findall(r"<(/?\w+)", text)) <= {"br", "code", "/code", "sub", "/sub"}
    outside_code = re.sub(r"<code>.*?</code>", "", text)
    assert not re.search(r"@\w", outside_code)
    rows = [line for line in text.splitlines() if line.startswith("| ") and "until" not in line]
    assert {row.count("|") for row in rows} <= {4, 6}


def test_the_summary_never_outgrows_a_comment(finish):
    """GitHub's limit holds for a thousand verbose fails, and what was left out is counted."""
    many = [
        CheckResult(f"a/b.py::test_{n}", "t", "a", "fail", ["RFC7644-2-01"], "|" * 300, ["`" * 300] * 9, "<" * 300)
        for n in range(1000)
    ]
    text = markdown.render(finish(many))
    assert len(text) <= markdown.LIMIT
    assert re.search(r"… and \d+ more, see report.html", text)
    assert text.rstrip().endswith("</sub>")

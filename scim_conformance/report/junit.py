"""junit.xml: one test case a check, for CI servers that show such files.

A fail is a failure, an error an error; what was gated off, blocked or waived is skipped with the reason;
warnings and notes pass, with what there is to say in system-out.
"""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

from scim_conformance.report import failure
from scim_conformance.report.model import CheckResult, Report
from scim_conformance.report.text import one_line, visible, write_whole

# XML 1.0 cannot carry these even when escaped; `visible` has written most of them out already.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MESSAGE = 500


def write(report: Report, path: Path) -> None:
    """Write junit.xml, atomically."""
    write_whole(path, render(report))


def render(report: Report) -> str:
    """Return the report as JUnit XML."""
    suite = ET.Element(
        "testsuite",
        name=report.tool["name"],
        tests=str(len(report.checks)),
        failures=str(len(report.with_verdict("fail"))),
        errors=str(report.totals["error"]),
        skipped=str(len(report.with_verdict("skip", "blocked")) + len(report.waived)),
        time=f"{report.seconds:.3f}",
        timestamp=report.started,
    )
    head = {
        "tool": f"{report.tool['name']} {report.tool['version']}",
        "target": report.target,
        "profiles": ", ".join(report.profiles),
        "requests": str(report.requests),
        "complete": str(report.complete).lower(),
    }
    _properties(suite, list(head.items()) + [("problem", problem) for problem in report.problems])
    for check in report.checks:
        suite.append(_case(report, check))
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _case(report: Report, check: CheckResult) -> ET.Element:
    path, _, name = check.id.partition("::")
    case = ET.Element(
        "testcase",
        classname=_text(path.removesuffix(".py").replace("/", ".")),
        name=_text(name or check.id),
        time=f"{check.seconds:.4f}",
    )
    properties = [("verdict", check.verdict), ("title", check.title)]
    for entry in report.judged(check):
        properties += [("requirement", entry.id), ("level", entry.level)]
    _properties(case, properties)
    message = _text(one_line(check.message, _MESSAGE))
    match check.verdict:
        case "fail" if check.waived is not None:
            ET.SubElement(case, "skipped", message=_text(one_line(f"waived: {check.waived['reason']}", _MESSAGE)))
            _say(case, failure.render(check, report.requirements))
        case "fail":
            _say_in(case, "failure", message, failure.render(check, report.requirements))
        case "error":
            _say_in(case, "error", message, failure.render(check, report.requirements))
        case "skip" | "blocked":
            ET.SubElement(case, "skipped", message=_reason(check, message))
        case "warn":
            _say(case, f"warn: {failure.render(check, report.requirements)}")
        case "note":
            _say(case, "\n".join(f"note: {note}" for note in check.notes or [check.message]))
    return case


def _reason(check: CheckResult, message: str) -> str:
    word = check.kind or check.verdict
    return message if message.startswith(word) else f"{word}: {message}"


def _say_in(case: ET.Element, tag: str, message: str, text: str) -> None:
    ET.SubElement(case, tag, message=message).text = _text(text)


def _say(case: ET.Element, text: str) -> None:
    ET.SubElement(case, "system-out").text = _text(text)


def _properties(element: ET.Element, pairs: list[tuple[str, str]]) -> None:
    properties = ET.SubElement(element, "properties")
    for name, value in pairs:
        ET.SubElement(properties, "property", name=name, value=_text(value))


def _text(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", visible(text))

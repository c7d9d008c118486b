"""report.html: the page that pytest-html writes, with the conformance part in it.

pytest-html renders its own table by script from pytest's outcomes, which know neither our verdicts nor our
evidence. So the hooks here leave the rows of checks out of that table and add one static part, made of the same
`Report` as report.json; pytest-html's own table stays for a session's other tests. When the file is written it is
sealed: a content security policy lets nothing load and no script run but the ones that belong there.

Register one `Page` a session, after pytest-html:

    config.pluginmanager.register(Page(lambda: report_or_none), "scim-conformance-page")
"""

import base64
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scim_conformance.report.model import Report
from scim_conformance.report.text import one_line, write_whole

_TITLE = "SCIM conformance"
_OWN_SCRIPT = re.compile(r'<script id="scim-script">(.*?)</script>', re.DOTALL)
_ANY_SCRIPT = re.compile(r"<script[^>]*>(.*?)</script>", re.DOTALL)
_STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)
_THEIR_STYLE = re.compile(r'<style type="text/css">.*?</style>', re.DOTALL)
_THEIR_FOOTER = re.compile(r"<footer>\s*<div id=\"data-container\".*?</footer>", re.DOTALL)


class Page:
    """The hooks of pytest-html and of the session's end; all of them idle while there is no report.

    `report` is asked when pytest-html writes the page, which is in `pytest_sessionfinish`, last of all.
    """

    def __init__(self, report: Callable[[], Report | None]) -> None:
        self._report = report
        self._checks: set[str] = set()
        self._others = 0
        self._data: Any = None
        self._made = False

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Remember which tests are checks: their phases carry a verdict in `report.scim`."""
        if hasattr(report, "scim"):
            self._checks.add(report.nodeid)

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_report_title(self, report: Any) -> None:
        """Name the page; the target joins the title when it is known."""
        self._data = report
        report.title = f"{_TITLE} report"

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_row(self, report: Any, cells: list[str]) -> None:
        """Leave the checks out of pytest-html's table; they have their own."""
        if report.nodeid in self._checks or hasattr(report, "scim"):
            cells.clear()
        elif report.when in ("call", "collect") or not report.passed:
            self._others += 1

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_summary(self, prefix: list[str], postfix: list[str]) -> None:
        """Add the conformance part."""
        report = self._report()
        if report is None:
            return
        from scim_conformance.report.page import render  # noqa: PLC0415 - imports a template engine

        self._made = True
        prefix.append(render(report, others=bool(self._others)))
        if self._others:
            postfix.append('<h2 class="scim-others">Other tests of this session</h2>')
        if self._data is not None:
            self._data.title = f"{_TITLE}: {one_line(report.target, 120)}"
            if not self._others:
                self._data.set_data("environment", {})  # names of machines and builds, which nobody asked for

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Iterator[None]:
        """Seal the page once pytest-html has written it."""
        result = yield
        config = session.config
        given = config.getoption("htmlpath", default=None)
        if self._made and given:
            path = config.invocation_params.dir / Path(os.path.expandvars(given)).expanduser()  # as pytest-html does
            if path.is_file():
                locked = bool(config.getoption("self_contained_html", default=False))
                seal(path, alone=not self._others, locked=locked)
        return result


def seal(path: Path, *, alone: bool, locked: bool = True) -> None:
    """Put the last touch to a written page: a content security policy, and what pytest-html's head lacks.

    `alone` says that the page holds nothing but the conformance part; pytest-html's script and style then go.
    A page that is not self-contained cannot be `locked`: it has assets of its own to load.
    """
    text = path.read_text(encoding="utf-8", errors="backslashreplace")
    if alone:
        text = _THEIR_STYLE.sub("", _THEIR_FOOTER.sub("", text), count=1)
    policy = _policy(text, alone=alone) if locked else ""
    head = (
        f"{policy}"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        '<link rel="icon" href="data:,">'
    )
    text = text.replace(' onclick="location.reload()"', "")  # of a button for reports of running sessions
    text = text.replace("<html>", '<html lang="en">', 1)
    write_whole(path, re.sub(r'<meta charset="utf-8"\s*/?>', lambda match: match[0] + head, text, count=1))


def _policy(text: str, *, alone: bool) -> str:
    """Return the element that lets nothing load, and no script run but ours and, with other tests, pytest-html's."""
    scripts = _OWN_SCRIPT.findall(text)[:1]
    if not alone:
        scripts += _ANY_SCRIPT.findall(text)[-1:]
    policy = "; ".join(
        [
            "default-src 'none'",
            f"script-src {_hashes(scripts)}",
            f"style-src {_hashes(_STYLE.findall(text))}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    return f'<meta http-equiv="Content-Security-Policy" content="{policy}">'


def _hashes(blocks: list[str]) -> str:
    digests = (base64.b64encode(hashlib.sha256(block.encode()).digest()).decode() for block in blocks)
    return " ".join(f"'sha256-{digest}'" for digest in digests) or "'none'"

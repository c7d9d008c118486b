"""The conformance part of report.html: a template, a style and a script, filled from a `Report`.

Every text of unknown origin passes `visible` and the template's escaping; nothing else may put text into the page.
"""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from scim_conformance.report.model import Report
from scim_conformance.report.page.view import view
from scim_conformance.report.text import visible

_FOLDER = Path(__file__).parent


def render(report: Report, *, others: bool = False) -> str:
    """Return the markup of the conformance part; `others` keeps pytest-html's own table in sight."""
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template("report.jinja")
    return template.render(
        view(report),
        others=others,
        style=_own("report.css"),
        script=_own("report.js"),
    )


def _harmless(value: Any) -> Any:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _own(name: str) -> Markup:
    """Return one of the files beside this one, the only texts that go into the page as they are."""
    return Markup((_FOLDER / name).read_text(encoding="utf-8"))  # noqa: S704 - our own file

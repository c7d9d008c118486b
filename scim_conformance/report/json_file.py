"""report.json: the run as data, written in one piece and read back only when it is whole."""

import json
from pathlib import Path
from typing import Any

from scim_conformance.paths import SCHEMAS
from scim_conformance.report.model import FORMAT, Report
from scim_conformance.report.text import write_whole

SCHEMA = SCHEMAS / "report.schema.json"
_SHOWN_PATH = 120


class UnreadableReport(Exception):  # noqa: N818 - it says what it is
    """A file is not a report that can be relied on; the text says why and what to do."""


def write(report: Report, path: Path) -> None:
    """Write the report, atomically."""
    write_whole(path, json.dumps(report.to_json(), ensure_ascii=False, indent=1) + "\n")


def read(path: Path) -> Report:
    """Return the report of a file; raise `UnreadableReport` for one that is incomplete, foreign or damaged."""
    data = _load(path)
    if not isinstance(data, dict) or "format" not in data:
        raise UnreadableReport(f"{path} is not a report of scim-conformance: it has no `format`. Give a report.json.")
    if data["format"] != FORMAT:
        raise UnreadableReport(
            f"{path} is a report of format {data['format']!r}, and this version reads format {FORMAT}: "
            "make the report again with the version at hand."
        )
    if data.get("complete") is not True:
        raise UnreadableReport(f"{path} is incomplete: its run was interrupted. Run again and use the new report.")
    violation = violation_of_schema(data)
    if violation:
        raise UnreadableReport(f"{path} does not follow schemas/report.schema.json: {violation}.")
    return Report.from_json(data)


def _load(path: Path) -> Any:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UnreadableReport(f"{path} does not exist. Give the path of a report.json.") from None
    except IsADirectoryError:
        raise UnreadableReport(f"{path} is a folder. Give the report.json in it.") from None
    except OSError as error:
        raise UnreadableReport(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise UnreadableReport(f"{path} is not JSON: it is not even text. Give a report.json.") from None
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise UnreadableReport(f"{path} is not JSON ({reason}). Give a whole report.json.") from None


def violation_of_schema(data: Any) -> str:
    """Return what in the data the schema forbids, with its place, or an empty text."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - only readers of reports need it
    from jsonschema.exceptions import best_match  # noqa: PLC0415

    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    error = best_match(validator.iter_errors(data))
    if error is None:
        return ""
    message = error.message if len(error.message) <= _SHOWN_PATH else error.message[:_SHOWN_PATH] + " ..."
    return f"{error.json_path}: {message}"

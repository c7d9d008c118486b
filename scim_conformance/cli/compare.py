"""`scim-conformance compare`: what a new report says differently from an old one."""

import argparse
import json
import sys
from pathlib import Path

HELP = "compare two reports: exit code 1 when something fails now that did not before"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the two reports and the form of the answer."""
    parser.add_argument("old", metavar="OLD", type=Path, help="report.json of the earlier run, or the folder it is in")
    parser.add_argument("new", metavar="NEW", type=Path, help="report.json of the later run, or the folder it is in")
    parser.add_argument("--json", action="store_true", help="print the comparison as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the comparison; return 1 for a new fail, 0 without one, 4 for a file that is no report."""
    from scim_conformance.report.compare import compare, render  # noqa: PLC0415 - only this command needs it
    from scim_conformance.report.json_file import UnreadableReport, read  # noqa: PLC0415

    try:
        old, new = (read(_file(path)) for path in (arguments.old, arguments.new))
    except UnreadableReport as problem:
        sys.stderr.write(f"scim-conformance: {problem}\n")
        return 4
    comparison = compare(old, new)
    text = json.dumps(comparison.to_json(), indent=1) + "\n" if arguments.json else render(comparison)
    sys.stdout.write(text)
    return 1 if comparison.new_fails else 0


def _file(path: Path) -> Path:
    inside = path / "report.json"
    return inside if inside.is_file() else path

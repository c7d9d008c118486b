"""Where the data files and the suites are, in a wheel, an editable install and a bare checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _folder(name: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


SUITES = _folder("suites")
SCHEMAS = _folder("schemas")

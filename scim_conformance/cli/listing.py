"""`scim-conformance list`: what there is to judge, to judge by, and to prove it with."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

HELP = "list checks, requirements, faults, variants, ways of chaos or profiles"
USAGE_ERROR = 4
KINDS = ("checks", "requirements", "faults", "variants", "profiles", "chaos")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `list`."""
    parser.add_argument("kind", metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--json", action="store_true", help="print a JSON array")
    parser.add_argument("--level", metavar="LEVEL", help="only what concerns this level, such as MUST or SHOULD-NOT")
    parser.add_argument("--document", metavar="NAME", help="only what concerns this document, such as RFC7644")


def run(arguments: argparse.Namespace) -> int:
    """Print the list; return 0, or 4 where an argument names nothing."""
    from scim_conformance.catalogue import load  # noqa: PLC0415 - reads data

    try:
        level = _level(arguments.level)
        document = _document(arguments.document, load().documents)
        entries = _reader(arguments.kind)()
    except (LookupError, ValueError) as problem:
        sys.stderr.write(f"scim-conformance: {problem}\n")
        return USAGE_ERROR
    if (level or document) and arguments.kind in ("variants", "profiles", "chaos"):
        sys.stderr.write(f"scim-conformance: {arguments.kind} have no level and no document; leave the option out.\n")
        return USAGE_ERROR
    kept = [entry for entry in entries if _concerns(entry, level, document)]
    if arguments.json:
        sys.stdout.write(json.dumps(kept, indent=2, ensure_ascii=False) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in _lines(kept))
    return 0


def faults() -> Mapping[str, Any]:
    """Return the registry of faults, filled: id to Fault with requirements and title."""
    from scim_conformance.server import faults as registry  # noqa: PLC0415 - imports the server

    registry.load_all()
    found: Mapping[str, Any] = registry.FAULTS
    return found


def variants() -> Mapping[str, Any]:
    """Return the registry of variants, filled: id to Variant with title and operator options."""
    from scim_conformance.server import variants as registry  # noqa: PLC0415 - imports the server

    registry.load_all()
    found: Mapping[str, Any] = registry.VARIANTS
    return found


Entry = dict[str, Any]


def _reader(kind: str) -> Callable[[], list[Entry]]:
    readers = dict(zip(KINDS, (_checks, _requirements, _faults, _variants, _profiles, _chaos), strict=True))
    if kind in readers:
        return readers[kind]
    from scim_conformance.catalogue.closest import taught  # noqa: PLC0415 - only needed once something is wrong

    raise LookupError(taught("list of", kind, KINDS, f"There are: {', '.join(KINDS)}."))


def _checks() -> list[Entry]:
    from scim_conformance.catalogue.checks import checks  # noqa: PLC0415 - parses every suite

    return [
        {
            "id": check.id,
            "title": check.title,
            "suite": check.suite,
            "requirements": list(check.requirements),
            "path": str(check.path),
            "line": check.line,
        }
        for check in checks()
    ]


def _requirements() -> list[Entry]:
    from dataclasses import asdict  # noqa: PLC0415 - stands beside its only use

    from scim_conformance.catalogue import load  # noqa: PLC0415 - reads data

    return [asdict(requirement) for requirement in load().values()]


def _faults() -> list[Entry]:
    return [
        {"id": id_, "title": fault.title, "requirements": list(fault.requirements)}
        for id_, fault in sorted(faults().items())
    ]


def _variants() -> list[Entry]:
    return [{"id": id_, "title": variant.title} for id_, variant in sorted(variants().items())]


def _profiles() -> list[Entry]:
    from scim_conformance.catalogue import PROFILES  # noqa: PLC0415 - reads nothing, but is not needed elsewhere

    return [{"id": name, "title": profile.title} for name, profile in PROFILES.items()]


def _chaos() -> list[Entry]:
    from scim_conformance.server import chaos  # noqa: PLC0415 - imports the server

    return [{"id": id_, "title": way.title} for id_, way in sorted(chaos.load_all().items())]


def _level(text: str | None) -> str | None:
    if text is None:
        return None
    from scim_conformance.catalogue import Level  # noqa: PLC0415 - stands beside its only use
    from scim_conformance.catalogue.closest import taught  # noqa: PLC0415

    level = text.upper().replace("-", " ")
    if level not in tuple(Level):
        raise LookupError(taught("level", text, Level, f"There are: {', '.join(Level)}."))
    return level


def _document(text: str | None, known: Iterable[str]) -> str | None:
    if text is None:
        return None
    from scim_conformance.catalogue.closest import taught  # noqa: PLC0415 - only needed once something is wrong

    document = text.upper().replace(" ", "")
    if document not in known:
        raise LookupError(taught("document", text, known, f"There are: {', '.join(known)}."))
    return document


def _concerns(entry: Entry, level: str | None, document: str | None) -> bool:
    """Whether an entry, or one of the requirements it names, is of the level and of the document."""
    if not (level or document):
        return True
    if "level" in entry:
        return level in (None, entry["level"]) and document in (None, entry["document"])
    from scim_conformance.catalogue import load  # noqa: PLC0415 - reads data

    catalogue = load()
    known = [catalogue[id_] for id_ in entry["requirements"] if id_ in catalogue]
    return any(level in (None, one.level) and document in (None, one.document) for one in known)


def _lines(entries: list[Entry]) -> list[str]:
    if not entries:
        return ["Nothing matches."]
    ids = max(len(entry["id"]) for entry in entries)
    if "level" in entries[0]:
        levels = max(len(entry["level"]) for entry in entries)
        return [f"{entry['id']:{ids}}  {entry['level']:{levels}}  {entry['summary']}" for entry in entries]
    return [f"{entry['id']:{ids}}  {entry['title']}{_judged(entry)}" for entry in entries]


def _judged(entry: Entry) -> str:
    return f"  [{', '.join(entry['requirements'])}]" if entry.get("requirements") else ""

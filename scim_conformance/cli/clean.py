"""`scim-conformance clean`: delete what an interrupted run left on a target, by the journal it kept."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scim_conformance.client.journal import JournalFile
    from scim_conformance.config import Options

HELP = "delete what an interrupted run left on a target"

_OPTIONS = ("token", "token-env", "header", "origin", "origin-header", "ca-file", "insecure", "proxy", "timeout",
            "max-wait", "allowed-address", "journal-dir", "config")  # fmt: skip
_NOTHING_LEFT, _SOMETHING_LEFT, _BAD_INPUT = 0, 1, 4


class BadInput(Exception):  # noqa: N818 - named as what it tells the reader
    """The journals or options given cannot be worked with; one sentence with what to do next."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the journals and the options that say how the target is reached."""
    from scim_conformance.options import BY_NAME  # noqa: PLC0415 - beside its only use

    parser.usage = "scim-conformance clean [JOURNAL]... [options]"
    parser.epilog = "Without JOURNAL: every unfinished journal in the folder where runs keep theirs."
    parser.add_argument("journals", nargs="*", metavar="JOURNAL", help="journal of a run (a .jsonl file)")
    for name in _OPTIONS:
        parser.add_argument(f"--{name}", dest=BY_NAME[name].field, **BY_NAME[name].settings())


def run(arguments: argparse.Namespace) -> int:
    """Clean up; return 0 when nothing is left, 1 when something is, 4 when the input cannot be used."""
    from scim_conformance.client.errors import HarnessError  # noqa: PLC0415 - the start of a command stays quick
    from scim_conformance.config import BadConfiguration, gather  # noqa: PLC0415 - the same

    given = {name: value for name, value in vars(arguments).items() if name != "journals"}
    try:
        options = gather(given, folder=Path.cwd())
        files = _journals(arguments.journals, options)
        _one_target(files, named=bool(arguments.journals))
        if options.insecure:
            _warn("warning: --insecure: the target's TLS certificate is not verified")
        results = [_clean(file, options) for file in files]
    except (BadConfiguration, BadInput, HarnessError) as problem:
        _warn(str(problem))
        return _BAD_INPUT
    return _NOTHING_LEFT if all(results) else _SOMETHING_LEFT


def _journals(named: Sequence[str], options: "Options") -> list["JournalFile"]:
    """Return the journals to work through; without names those of the folder, less the ones that cannot be read."""
    from scim_conformance.client.journal import BadJournal, default_folder, read  # noqa: PLC0415 - heavy

    if named:
        return [read(Path(name)) for name in named]
    folder = Path(options.journal_dir) if options.journal_dir else default_folder()
    found = []
    for path in sorted(folder.glob("*.jsonl")) if folder.is_dir() else []:
        try:
            found.append(read(path))
        except BadJournal as problem:
            _warn(f"passed over: {problem}")
    if not found:
        _say(f"No journal of an unfinished run in {folder}: nothing is left to delete.")
    return found


def _one_target(files: Sequence["JournalFile"], *, named: bool) -> None:
    """Refuse to send one token to several targets, which nobody may have meant."""
    addresses = sorted({str(file.header.get("base_url")) for file in files if _is_remote(file) and file.leftovers})
    if len(addresses) > 1 and not named:
        lines = "".join(f"\n  {file.path}  ({file.header.get('base_url')})" for file in files if _is_remote(file))
        raise BadInput(
            f"There are journals of {len(addresses)} targets, and a token is for one; name those to clean:{lines}"
        )


def _clean(file: "JournalFile", options: "Options") -> bool:
    """Clean up after one run; True when nothing is left."""
    from scim_conformance.client.journal import BadJournal, Journal  # noqa: PLC0415 - heavy

    if file.unreadable:
        _say(f"{file.path}: {file.unreadable} unreadable line(s), cut short when the run was killed; the rest counts.")
    try:
        journal = Journal.resume(file.path)
    except BadJournal as problem:
        _warn(str(problem))
        return False
    with journal:
        if not _is_remote(file):
            journal.forget()
            _say(f"{file.path}: that run's target lived in the run's own process and is gone with it; journal removed.")
            return True
        if not journal.leftovers:
            _say(f"{file.path}: the run left nothing behind; journal removed.")
            return True
        return _delete(file, journal, options)


def _delete(file: "JournalFile", journal: Any, options: "Options") -> bool:
    from scim_conformance.client.cleanup import clean_up  # noqa: PLC0415 - heavy
    from scim_conformance.client.client import ScimClient  # noqa: PLC0415 - heavy

    target = _target(file, options)
    client = ScimClient(target, journal=journal, run_id=file.run_id)
    try:
        _say(f"{file.path}: run {file.run_id} on {target.describe()}, {len(journal.leftovers)} to delete.")
        result = clean_up(client, journal)
    finally:
        client.close()
    redact = client.redactor.text
    _say(f"  {redact(str(result))}")
    for line in result.unsure:
        _say(f"  not known: {redact(line)}")
    for line in result.left:
        _say(f"  left: {redact(line)}")
    refused = any(exchange.status in (401, 403) for exchange in client.exchanges)
    if result.left and refused:
        advice = (
            "check the token" if target.credentials.token else "no token was given: set SCIM_TOKEN or name --token-env"
        )
        _say(f"  The target refused requests; {advice}, and see whether it wants --origin.")
    if result.left:
        _say(f"  The journal is kept: {file.path}")
    return not result.left


def _target(file: "JournalFile", options: "Options") -> Any:
    from scim_conformance.client.target import Target  # noqa: PLC0415 - heavy

    pairs = (header.partition(":") for header in options.header)
    return Target.url(
        str(file.header.get("base_url", "")),
        token=options.token,
        headers=[(name.strip(), value.strip()) for name, _, value in pairs],
        origin=options.origin,
        origin_header=options.origin_header,
        ca_file=Path(options.ca_file) if options.ca_file else None,
        insecure=options.insecure,
        proxy=options.proxy,
        timeout=options.timeout,
        max_wait=options.max_wait,
        source_address=options.allowed_address,
    )


def _is_remote(file: "JournalFile") -> bool:
    return str(file.header.get("kind", "url")) == "url"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _warn(line: str) -> None:
    sys.stderr.write(f"scim-conformance: {line}\n")

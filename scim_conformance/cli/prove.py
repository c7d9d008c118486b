"""`scim-conformance prove`: every check against its faults, every variant against the whole suite."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scim_conformance.proof import Outcome

FOLDER = Path("reports/proof")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `prove`."""
    parser.add_argument(
        "--fault", action="append", default=[], metavar="ID", help="only this fault; may be given again"
    )
    parser.add_argument(
        "--variant", action="append", default=[], metavar="ID", help="only this variant; may be given again"
    )
    parser.add_argument("--suite", action="append", default=[], metavar="NAME", help="only this suite's checks")
    parser.add_argument(
        "--collateral",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="run every check against every fault, not only those that judge what it breaks "
        "(default where faults are named)",
    )
    parser.add_argument("-n", dest="workers", metavar="N", help="processes (default: one a processor)")
    parser.add_argument("--json", action="store_true", help="print the proof as JSON")
    parser.add_argument("--output", metavar="FILE", help="write the proof as JSON to this file")
    parser.add_argument("--write", action="store_true", help=f"write the pages {FOLDER}/, in a checkout")


def run(arguments: argparse.Namespace) -> int:
    """Prove, print, and return 0 where nothing was missed and nothing complained without cause."""
    from scim_conformance import proof  # noqa: PLC0415 - heavy
    from scim_conformance.cli.run import suites  # noqa: PLC0415 - heavy
    from scim_conformance.config import Options  # noqa: PLC0415 - heavy

    try:
        chosen = proof.cases(arguments.fault, arguments.variant)
        suites(Options(suite=arguments.suite))  # refuses an unknown name
        _may_write(arguments)
        workers = _workers(arguments.workers) or proof.processors()
    except (LookupError, ValueError) as problem:
        sys.stderr.write(f"scim-conformance: {problem}\n")
        return 4
    collateral = bool(arguments.fault) if arguments.collateral is None else arguments.collateral
    told = (lambda _: None) if arguments.json else _tell
    outcomes = proof.prove(chosen, workers=workers, collateral=collateral, suite=arguments.suite, told=told)
    result = proof.summary(outcomes)
    whole = not (arguments.fault or arguments.variant or arguments.suite)
    if not whole:
        result["unproven_checks"] = []
    text = json.dumps(result, indent=2)
    if arguments.output:
        Path(arguments.output).parent.mkdir(parents=True, exist_ok=True)
        Path(arguments.output).write_text(text + "\n", encoding="utf-8")
    if arguments.write:
        from scim_conformance.catalogue import load  # noqa: PLC0415 - heavy
        from scim_conformance.proof import page  # noqa: PLC0415 - heavy

        page.write(result, load(), FOLDER)
    if arguments.json:
        sys.stdout.write(text + "\n")
    else:
        _sum_up(outcomes, result["unproven_checks"])
    return 1 if result["missed"] or result["loud"] or result["unproven_checks"] else 0


def _may_write(arguments: argparse.Namespace) -> None:
    if arguments.write and (arguments.fault or arguments.variant or arguments.suite):
        raise ValueError("--write is for the whole proof; leave --fault, --variant and --suite out")
    if arguments.write and not FOLDER.parent.is_dir():
        raise ValueError(f"there is no folder {FOLDER.parent}/ here; run --write in a checkout")


def _workers(text: str | None) -> int:
    if text is None or text == "auto":
        return 0
    if not text.isdecimal() or int(text) < 1:
        raise ValueError(f"-n is {text!r}; give a number of processes from 1 up, or auto")
    return int(text)


def _tell(outcome: "Outcome") -> None:
    case = outcome.case
    lines = []
    if outcome.problem:
        lines.append(f"BROKEN  {case.kind} {case.id}: {outcome.problem}")
    elif case.kind == "fault":
        caught = outcome.caught_by()
        word = "caught " if outcome.caught() else "MISSED "
        lines.append(f"{word} fault {case.id}: {case.title}")
        for requirement, checks in caught.items():
            lines.append(f"          {requirement}: {', '.join(checks) or 'no check noticed'}")
        silent = [id_ for id_ in outcome.judging() if not any(id_ in checks for checks in caught.values())]
        lines += [f"          unmoved: {id_} ({outcome.verdicts[id_]})" for id_ in silent]
        lines += [f"          collateral: {id_}" for id_ in outcome.collateral()]
    else:
        complaints = outcome.complaints()
        name = f"variant {case.id}" if case.kind == "variant" else case.title
        lines.append(f"{'LOUD   ' if complaints else 'quiet  '} {name}: {case.title}")
        lines += [f"          {id_}: {text}" for id_, text in complaints.items()]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def _sum_up(outcomes: "list[Outcome]", unproven: list[str]) -> None:
    faults = [o for o in outcomes if o.case.kind == "fault"]
    quiet = [o for o in outcomes if o.case.kind != "fault"]
    caught = sum(not o.problem and o.caught() for o in faults)
    still = sum(not o.problem and not o.complaints() for o in quiet)
    sys.stdout.write("\n")
    for id_ in unproven:
        sys.stdout.write(f"UNPROVEN {id_}: no fault makes it fail\n")
    sys.stdout.write(f"faults caught: {caught} of {len(faults)}; lawful servers quiet: {still} of {len(quiet)}\n")

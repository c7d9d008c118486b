"""`scim-conformance explain ID`: all that is known about a requirement, a check, a fault, a variant or a note."""

import argparse
import sys
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from scim_conformance.cli.listing import USAGE_ERROR, faults, variants

if TYPE_CHECKING:
    from scim_conformance.catalogue import Catalogue, Requirement
    from scim_conformance.catalogue.checks import CheckSource

HELP = "explain a requirement, check, fault or variant by its id"
WIDTH = 100
PARTIES = {
    "service-provider": "the service provider",
    "client": "the client, so a provider is judged by what it answers to a client that breaks it",
    "both": "service provider and client",
    "spec": "authors of schemas and registries",
}
EVIDENCE = {
    "DOC": "the vendor's documentation",
    "CAPTURE": "a recorded exchange",
    "3RD": "the word of a third party who serves that identity provider",
    "UNVERIFIED": "none that anybody has verified",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the argument of `explain`."""
    parser.add_argument("id", metavar="ID", help="such as RFC7644-3.6-02, or a check, fault, variant or note")


def run(arguments: argparse.Namespace) -> int:
    """Print the explanation; return 0, or 4 where nothing has the id."""
    try:
        lines = list(explanation(arguments.id))
    except (LookupError, ValueError) as problem:
        sys.stderr.write(f"scim-conformance: {problem}\n")
        return USAGE_ERROR
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0


def explanation(text: str) -> Iterator[str]:
    """Yield the lines about whatever has the id. Raises LookupError with the closest ids where nothing has it."""
    from scim_conformance.catalogue import load  # noqa: PLC0415 - reads data

    catalogue = load()
    id_ = text.strip()
    requirement = next((known for known in catalogue if known.lower() == id_.lower()), None)
    if requirement:
        yield from _requirement(catalogue[requirement], catalogue)
    elif id_.upper() in catalogue.notes:
        yield from _note(id_.upper(), catalogue)
    elif found := _checks_named(id_):
        for check in found:
            yield from _check(check, catalogue)
    elif id_ in faults():
        yield from _fault(id_, catalogue)
    elif id_ in variants():
        yield f"{id_}  variant: allowed by the specifications, so no check may complain"
        yield from _wrapped(variants()[id_].title)
    else:
        raise LookupError(_unknown(id_, catalogue))


def _requirement(requirement: "Requirement", catalogue: "Catalogue") -> Iterator[str]:
    document = catalogue.document(requirement.document)
    word = f" (the text says {requirement.keyword})" if requirement.keyword else ""
    yield f"{requirement.id}  {requirement.level}{word}"
    is_rfc = document.name.startswith("RFC")
    yield f"{document.name} section {requirement.section}, {document.title}"
    yield ""
    yield from _wrapped(requirement.summary)
    yield ""
    if requirement.vendor_name:
        yield from _labelled("Named there:", requirement.vendor_name)
    if document.url:
        yield f"Read it at:    {document.url}{f'#section-{requirement.section}' if is_rfc else ''}"
    if requirement.source:
        yield from _labelled("Read it in:", requirement.source)
    if requirement.evidence:
        yield from _labelled("Evidence:", EVIDENCE[requirement.evidence])
    yield from _labelled("Binds:", PARTIES[requirement.party])
    yield from _labelled("If broken:", _breach(requirement, catalogue))
    yield from _labelled("Applies:", _applies(requirement))
    if requirement.breaks:
        yield from _labelled("Who breaks:", requirement.breaks)
    if requirement.contradiction:
        yield from _labelled("Contradiction:", requirement.contradiction)
    if requirement.contradicts:
        yield from _labelled("Contradicts:", ", ".join(requirement.contradicts))
    if requirement.also:
        yield from _labelled("Also in:", ", ".join(requirement.also))
    for id_ in requirement.notes:
        note = catalogue.notes[id_]
        yield from _labelled(f"Note {id_}:", f"{note.title}. {note.text}")
    yield from _judged_by(requirement)


def _breach(requirement: "Requirement", catalogue: "Catalogue") -> str:
    if requirement.evidence == "UNVERIFIED":
        return f"{requirement.severity}, since nobody has verified it"
    if not requirement.severity_reason:
        return f"{requirement.severity}, by its level"
    reason = requirement.severity_reason
    if reason in catalogue.notes:
        reason = f"note {reason} says so"
    return f"{requirement.severity}, softer than {requirement.level} is elsewhere: {reason}"


def _applies(requirement: "Requirement") -> str:
    from scim_conformance.catalogue import in_words  # noqa: PLC0415 - stands beside its only use

    if not requirement.observable:
        return f"never in a run, for it cannot be seen from outside: {requirement.why}"
    if not requirement.gates:
        return "always"
    return "when " + " and ".join(in_words(gate) for gate in requirement.gates)


def _judged_by(requirement: "Requirement") -> Iterator[str]:
    from scim_conformance.catalogue.checks import checks  # noqa: PLC0415 - parses every suite

    judging = [check for check in checks() if requirement.id in check.requirements]
    proving = [(id_, fault) for id_, fault in sorted(faults().items()) if requirement.id in fault.requirements]
    yield from _listed("Judged by:", [f"{check.id}  {check.title}" for check in judging], "no check yet")
    yield from _listed("Proven by:", [f"{id_}  {fault.title}" for id_, fault in proving], "no fault yet")


def _note(id_: str, catalogue: "Catalogue") -> Iterator[str]:
    note = catalogue.notes[id_]
    yield f"{id_}  note: {note.title}"
    yield from _wrapped(note.text)
    yield ""
    named = [f"{one.id}  {one.level}" for one in catalogue.values() if id_ in one.notes]
    yield from _listed("Named by:", named, "no requirement")


def _check(check: "CheckSource", catalogue: "Catalogue") -> Iterator[str]:
    yield f"{check.id}  check"
    yield from _wrapped(check.title)
    yield ""
    yield f"Source:        {check.path}:{check.line}"
    yield from _listed("Judges:", [_in_short(id_, catalogue) for id_ in check.requirements], "nothing")
    claimed = {id_ for id_, fault in faults().items() if set(fault.requirements) & set(check.requirements)}
    proving = [f"{id_}  {faults()[id_].title}" for id_ in sorted(claimed)]
    yield from _listed("Proven by:", proving, "no fault yet")


def _fault(id_: str, catalogue: "Catalogue") -> Iterator[str]:
    from scim_conformance.catalogue.checks import checks  # noqa: PLC0415 - parses every suite

    fault = faults()[id_]
    yield f"{id_}  fault: the reference server broken in one way, so some check must notice"
    yield from _wrapped(fault.title)
    yield ""
    yield from _listed("Breaks:", [_in_short(one, catalogue) for one in fault.requirements], "nothing")
    judging = [check for check in checks() if set(check.requirements) & set(fault.requirements)]
    yield from _listed("Judged by:", [f"{check.id}  {check.title}" for check in judging], "no check yet")


def _in_short(id_: str, catalogue: "Catalogue") -> str:
    if id_ not in catalogue:
        return f"{id_}  unknown"
    return f"{id_}  {catalogue[id_].level}  {catalogue[id_].summary}"


def _checks_named(text: str) -> "list[CheckSource]":
    """Return the check of that id, with or without parameters, else all that have the text as their function's name."""
    from scim_conformance.catalogue.checks import checks  # noqa: PLC0415 - parses every suite

    plain = text.split("[", 1)[0].removeprefix("suites/")
    every = checks()
    return [one for one in every if one.id == plain] or [one for one in every if one.id.partition("::")[2] == plain]


def _unknown(text: str, catalogue: "Catalogue") -> str:
    from scim_conformance.catalogue.checks import checks  # noqa: PLC0415 - parses every suite
    from scim_conformance.catalogue.closest import taught  # noqa: PLC0415 - only needed once something is wrong

    functions = [check.id.partition("::")[2] for check in checks()]
    known: list[Any] = [*catalogue, *(check.id for check in checks()), *functions, *faults(), *variants()]
    return taught("requirement, check, fault or variant", text, known, "`scim-conformance list` shows them.")


def _wrapped(text: str, indent: str = "  ") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False)


def _labelled(label: str, text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=f"{label:14} ", subsequent_indent=" " * 15, break_long_words=False)


def _listed(label: str, entries: list[str], nothing: str) -> Iterator[str]:
    if not entries:
        yield f"{label:14} {nothing}"
        return
    yield label
    for entry in entries:
        yield from textwrap.wrap(entry, WIDTH, initial_indent="  ", subsequent_indent="    ", break_long_words=False)

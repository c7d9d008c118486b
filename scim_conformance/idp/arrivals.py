"""Whether mapped values arrived: judged row by row, and told with the row, what was sent and what is stored."""

import re
from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping
from contextlib import contextmanager
from typing import Any, Final

from scim_conformance.idp.cases import Case
from scim_conformance.idp.mapping import Row
from scim_conformance.idp.provisioning import Provisioning, Step, comparable, known_part
from scim_conformance.idp.sources import WORDS
from scim_conformance.idp.targets import MISSING
from scim_conformance.judge.compare import same
from scim_conformance.judge.verdicts import Blocked, Violation, note

_SHOWN: Final = 80
_NOTHING: Final = re.compile(r"(?<!\w)(null|none|undefined|nil|\(null\))(?!\w)", re.IGNORECASE)
"""Words by which programs show that there is nothing."""


def arrived(way: Provisioning, row: Row, step: Step, resource: AnyMapping[str, Any], *, exactly: bool = False) -> bool:
    """Tell whether a resource has what a row wants, with the same meaning, or letter by letter."""
    sent, stored = comparable(row, step.wanted.get(row.target, MISSING)), row.stored(resource)
    if sent is MISSING:
        return stored in (MISSING, "")
    if stored is MISSING:
        return False
    if exactly or row.reference:
        return bool(sent == stored)
    attribute = way.attributes[row.target]
    return bool(sent == stored) or same(known_part(sent, attribute), stored, attribute)


def judge(case: Case, way: Provisioning, step: Step, resource: AnyMapping[str, Any], what: str) -> None:
    """Raise Violation unless a resource has what the row of a case wants; `what` ends the sentence on it."""
    row = row_of(case)
    if row.target in step.refused:
        raise broken(case, step, resource, f"was refused {what}, by {step.refused[row.target]}")
    if not arrived(way, row, step, resource):
        wanted = step.wanted.get(row.target, MISSING)
        verb = "is still there" if wanted is MISSING else "did not arrive as it was sent"
        raise broken(case, step, resource, f"{verb} {what}")


def broken(case: Case, step: Step, resource: AnyMapping[str, Any], problem: str) -> Violation:
    """Return the violation of a row: its source, its expression, its path, what was sent and what is stored."""
    row = row_of(case)
    sent, stored = step.wanted.get(row.target, MISSING), row.stored(resource)
    kind = {"direct": "source", "constant": "constant", "expression": "expression"}[row.kind]
    lines = [
        f"row:    {case.mapping.name}{f', line {row.line}' if row.line else ''}",
        f"{kind}: {row.words}",
        *([f"reads:  {', '.join(sorted(row.sources))}"] if row.kind == "expression" else []),
        f"path:   {row.target}",
        f"sent:   {shown(sent)}",
        f"stored: {shown(stored)}",
    ]
    return Violation(
        f"{kind} {row.words} -> {row.target}: the value {problem}; sent {shown(sent)}, stored {shown(stored)}.",
        expected=[f"{row.target} = {shown(sent)}"],
        actual=f"{row.target} = {shown(stored)}",
        detail="\n".join(lines),
    )


def row_of(case: Case) -> Row:
    """Return the row of a case that is about one."""
    assert case.row is not None  # noqa: S101 - for the type checker
    return case.row


@contextmanager
def fairly(case: Case) -> Iterator[None]:
    """Let a row that nobody has verified never fail a target: what it breaks is noted."""
    try:
        yield
    except Violation as violation:
        if row_of(case).verified:
            raise
        provider = WORDS[case.mapping.idp]
        note(f"{violation} (Not held against the target: nobody has verified that {provider} has this row.)")


def sound(case: Case, way: Provisioning, created: Step) -> None:
    """Block a question about a row whose plain value does not come back in the first place."""
    row = row_of(case)
    if row.target in created.refused or not arrived(way, row, created, created.first_shown(row.target)):
        raise Blocked(f"{row.target} does not come back in the first place: MAPPING-01 fails on this row")


def kept(case: Case, way: Provisioning, created: Step) -> None:
    """Block a question about a row whose value went when others followed it, which MAPPING-07 judges."""
    if not arrived(way, row_of(case), created, created.shown()):
        raise Blocked(f"{row_of(case).target} goes when other values follow it: MAPPING-07 fails on this row")


def is_a_word_for_nothing(value: Any) -> bool:
    """Tell whether a text shows that a program had nothing to write."""
    return isinstance(value, str) and bool(_NOTHING.search(value))


def shown(value: Any) -> str:
    """Return a value as a message can carry it."""
    text = repr(value)
    if len(text) <= _SHOWN:
        return text
    return f"{text[:_SHOWN]}... ({len(value) if isinstance(value, str) else len(text)} characters)"

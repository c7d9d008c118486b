"""From what a file says of a row to a row that can be used, or to one sentence on what is wrong with it."""

import json
from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, cast

from scim_conformance.catalogue.closest import closest
from scim_conformance.idp import sources, targets
from scim_conformance.idp.mapping import Object, Problem, Row, expression
from scim_conformance.idp.sources import Provider, bare
from scim_conformance.paths import SCHEMAS

_SOURCES: Final = ("source", "expression", "constant")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a file says of one row, in the words of our own format."""

    said: AnyMapping[str, Any]
    object: Object
    line: int


@dataclass(slots=True)
class Rules:
    """What holds for all rows of one file: whose attributes are read, and what the file declares besides these.

    `lines` are those of derived attributes. `leniently`: the file is an export, which does not declare attributes of
    the customer's own.
    """

    idp: Provider
    custom: tuple[str, ...] = ()
    derived: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    leniently: bool = False


def rows_of(drafts: Iterable[Draft], rules: Rules) -> tuple[list[Row], list[Problem]]:
    """Return the rows that can be used, and a problem for each other one, both in the order of the file."""
    derived, problems = _derived(rules)
    rows: list[Row] = []
    for draft in drafts:
        target = draft.said.get("target")
        known = target if isinstance(target, str) else ""
        found = _wrong(draft, rules, derived) or _doubled(draft, rows)
        if found:
            problems.append(Problem(draft.line, found, known))
        else:
            rows.append(_row(draft, rules, derived))
    return rows, problems


def _row(draft: Draft, rules: Rules, derived: dict[str, str]) -> Row:
    said = dict(draft.said)
    kind: Any = next({"source": "direct"}.get(name, name) for name in _SOURCES if name in said)
    constant = said.pop("constant", None)
    source = said.pop("source", None) or said.pop("expression", None) or str(constant)
    return Row(
        kind=kind,
        source=source,
        constant=constant,
        object=draft.object,
        line=draft.line,
        dialect=rules.idp,
        derived=tuple(derived.items()),
        **said,
    )


def _wrong(draft: Draft, rules: Rules, derived: dict[str, str]) -> str:
    """Say what is wrong with a row by itself; nothing where it is fine."""
    problem = misfit(draft.said, "row")
    if problem:
        return problem
    given = [name for name in _SOURCES if name in draft.said]
    if not given:
        return "it has no source; give source (an attribute), expression or constant"
    if len(given) > 1:
        return f"it has {' and '.join(given)}; give one of them"
    try:
        target = targets.parse(draft.said["target"])
    except targets.BadTarget as bad:
        return str(bad)
    if target.attribute.lower() in ("id", "meta", "schemas"):
        return f"{target.attribute} is the application's own and cannot be a target"
    return _bad_source(draft, rules, derived)


def _bad_source(draft: Draft, rules: Rules, derived: dict[str, str]) -> str:
    said, more = draft.said, (*rules.custom, *derived)
    if "constant" in said:
        return ""
    if "source" in said:
        names = [str(said["source"])]
    else:
        try:
            names = sorted(expression(rules.idp, said["expression"]).sources)
        except ValueError as bad:  # BadExpression; the parser is imported when the first expression is read
            return f"the expression {_short(said['expression'])} cannot be read: {bad}"
    broken = next((bare(each) for each in names if bare(each) in rules.derived.keys() - derived.keys()), "")
    if broken:
        return f"it reads the derived attribute {broken}, which cannot be used"
    found = (sources.unknown(each, rules.idp, draft.object, more, leniently=rules.leniently) for each in names)
    return next((text for text in found if text), "")


def _doubled(draft: Draft, rows: list[Row]) -> str:
    """Say that another row of the same kind has the target already; rows that are not in use may share one."""
    if draft.said.get("enabled") is False:
        return ""
    path = draft.said["target"].lower()
    same = next(
        (row for row in rows if row.enabled and row.target.lower() == path and row.object == draft.object), None
    )
    if same is None:
        return ""
    where = f" of line {same.line}" if same.line else ""
    return f"the row{where} has the same target, and the first one counts"


# -- derived attributes ------------------------------------------------------------------------------


def _derived(rules: Rules) -> tuple[dict[str, str], list[Problem]]:
    """Return the derived attributes in an order in which each follows those it reads, and what is wrong with others."""
    problems: list[Problem] = []
    reads: dict[str, set[str]] = {}
    for name, text in rules.derived.items():
        try:
            reads[name] = {bare(each) for each in expression(rules.idp, text).sources}
        except ValueError as bad:
            problem = f"the derived attribute {name}, {_short(text)}, cannot be read: {bad}"
            problems.append(Problem(rules.lines.get(name, 0), problem))
    ordered: dict[str, str] = {}
    while reads:
        ready = [name for name, needed in reads.items() if not needed & reads.keys()]
        if not ready:
            circle = _circle(reads)
            problem = f"derived attributes read each other in a circle: {' -> '.join(circle)}"
            problems.append(Problem(rules.lines.get(circle[0], 0), problem))
            break
        for name in ready:
            ordered[name] = rules.derived[name]
            reads.pop(name)
    return ordered, problems


def _circle(reads: dict[str, set[str]]) -> list[str]:
    walked = [next(iter(reads))]
    while walked.count(walked[-1]) == 1:
        walked.append(min(reads[walked[-1]] & reads.keys()))
    return walked[walked.index(walked[-1]) :]


# -- the format ----------------------------------------------------------------------------------------


def misfit(said: Any, what: str) -> str:
    """Say in one sentence how something differs from the JSON Schema of mappings; nothing where it fits.

    `what` is "row", or "mapping" for a file as a whole.
    """
    document = _schema()
    part = document["$defs"]["row"] if what == "row" else document
    if not isinstance(said, dict):
        return f"a {what} is a table of names and values, not {type(said).__name__}"
    for name in said:
        if name not in part["properties"]:
            near = closest(name, part["properties"], 1)
            hint = f"did you mean {near[0]}?" if near else f"it can have {', '.join(part['properties'])}"
            return f'there is no key "{name}" in a {what}; {hint}'
    import jsonschema  # noqa: PLC0415 - only a run with a mapping pays for it

    error = jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(part).iter_errors(said))
    if error is None:
        return ""
    place = error.json_path.removeprefix("$").removeprefix(".")
    return f"{place} is wrong: {error.message}" if place else str(error.message)


@cache
def _schema() -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads((SCHEMAS / "mapping.schema.json").read_text(encoding="utf-8")))


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:80]}..."  # noqa: PLR2004 - what a line can carry

"""Reading a mapping file: which of the three formats it has, and its rows."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scim_conformance.idp import imports
from scim_conformance.idp.mapping import BadMapping, Mapping, Object
from scim_conformance.idp.mapping_rows import Draft, Rules, misfit, rows_of
from scim_conformance.idp.sources import WORDS
from scim_conformance.idp.written import Unreadable, Written

_FORMATS = (
    "a mapping has the key idp and [[user]] rows; an export of Entra ID has synchronizationRules, "
    "one of Okta has properties with expressions"
)


def read(path: Path) -> Mapping:
    """Read a mapping from a file of any of the formats. Raises BadMapping where the file as a whole is of no use."""
    try:
        written = Written(path)
        said = imports.entra(written) or imports.okta(written)
    except Unreadable as problem:
        raise BadMapping(str(problem)) from None
    if said is None:
        return _ours(written)
    rows, problems = rows_of(said.drafts, said.rules)
    problems = [*said.problems, *problems]
    if not rows:
        first = f"; the first problem: {problems[0]}" if problems else ""
        raise BadMapping(f"{path} is an export of {WORDS[said.rules.idp]} without a row that can be used{first}")
    return Mapping(_name(path), said.rules.idp, said.title, tuple(rows), tuple(problems), path)


def _ours(written: Written) -> Mapping:
    path, data = written.path, written.data
    if not isinstance(data, dict) or not ({"idp", "user", "group"} & data.keys()):
        raise BadMapping(f"{path} is no mapping: {_FORMATS}")
    problem = misfit(data, "mapping")
    if problem:
        raise BadMapping(f"{path} cannot be used: {problem}")
    derived = data.get("derived", {})
    lines = {name: written.line_of_key(name, below="derived") for name in derived}
    rules = Rules(data["idp"], tuple(data.get("custom", ())), derived, lines)
    rows, problems = rows_of(_drafts(written), rules)
    if not rows:
        first = f": {problems[0]}" if problems else ""
        raise BadMapping(f"{path} has no row that can be used{first}")
    problems.sort(key=lambda each: each.line)
    name = data.get("name") or _name(path)
    return Mapping(name, rules.idp, data.get("title", path.name), tuple(rows), tuple(problems), path)


def _drafts(written: Written) -> Iterator[Draft]:
    kinds: tuple[Object, ...] = ("user", "group")
    for kind in kinds:
        for row in written.data.get(kind, []):
            target: Any = row.get("target") if isinstance(row, dict) else None
            yield Draft(row if isinstance(row, dict) else {}, kind, written.line(row, str(target or "")))


def _name(path: Path) -> str:
    """Make of a file's name one that ids of checks can carry."""
    stem = re.sub(r"[^A-Za-z0-9-]+", "-", path.stem).strip("-")
    return stem[:40] or "mapping"

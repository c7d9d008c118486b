"""What a mapping is tried with: its people, and which of its rows each question is about."""

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from typing import Any, Final

from scim_conformance.idp import directory
from scim_conformance.idp.directory import LOCALES
from scim_conformance.idp.mapping import Mapping, Object, Problem, Row
from scim_conformance.idp.sources import bare
from scim_conformance.idp.targets import MISSING

Person = dict[str, Any]

_MAKERS: Final[AnyMapping[tuple[str, str], Callable[..., Person]]] = {
    ("entra", "user"): directory.entra_person,
    ("entra", "group"): directory.entra_group,
    ("okta", "user"): directory.okta_person,
    ("okta", "group"): directory.okta_group,
}
_NAMES: Final = {
    "entra": ("userPrincipalName", "mail", "mailNickname"),
    "okta": ("login", "email", "secondEmail"),
}
"""The attributes that hold the name or address of a user, which a rename changes."""
_ASIDE: Final = {"members", "manager", "managerId", "appRoleAssignments", "IsSoftDeleted", "accountEnabled", "status"}
"""What is given to people by hand, where a text would be wrong."""
LEADERS: Final = ("the first manager", "the second manager")
"""By these names people refer to their managers, and groups to their members."""


@dataclass(frozen=True, slots=True)
class Case:
    """One row of one mapping, or a problem in the place of a row."""

    mapping: Mapping
    row: Row | None = None
    problem: Problem | None = None

    @property
    def id(self) -> str:
        """What stands in the brackets of a check's id."""
        if self.problem is not None:
            return f"{self.mapping.name}:line{self.problem.line}"
        if self.row is None:
            return self.mapping.name
        kind = "Group." if self.row.object == "group" else ""
        return f"{self.mapping.name}:{kind}{self.row.path.name}"


# -- people ------------------------------------------------------------------------------------


def plain(mapping: Mapping, kind: Object, mark: str, locale: str = "en_US", seed: int = 0) -> Person:
    """Return a person, or a group, with a value for everything that the mapping reads."""
    person = _MAKERS[mapping.idp, kind](mark, seed, locale)
    if kind == "user" and locale == "en_US":
        person["mail" if mapping.idp == "entra" else "email"] = (
            f"{mark}.Mail@example.com"  # with a capital, as people write
        )
    reads = {name for row in _rows(mapping, kind) for name in row.sources}
    if kind == "group":
        person["members"] = [LEADERS[seed % 2]]
    elif mapping.idp == "entra":
        person["manager"] = LEADERS[seed % 2]
        name = ("Admin", "Auditor")[seed % 2]
        person["appRoleAssignments"] = [{"id": f"role-{seed}", "value": name, "displayName": name}]
    else:
        person["managerId"] = LEADERS[seed % 2]
        person["manager"] = f"Manager {mark}"
    words = directory.words(locale, seed)
    for name in sorted(reads - person.keys() - _ASIDE):
        _put(person, name, f"{words} {mark}")
    return person


def _put(person: Person, name: str, text: str) -> None:
    """Give a person an attribute of the customer's own; a dotted name is one inside of another."""
    *holders, last = name.split(".")
    for holder in holders:
        inner = person.setdefault(holder, {})
        if not isinstance(inner, dict):
            return
        person = inner
    person.setdefault(last, text)


def changed(mapping: Mapping, kind: Object, before: Person, mark: str) -> Person:
    """Return the same person or group with another value for everything that can change, the name included."""
    after = plain(mapping, kind, mark, seed=1)
    if kind == "user":
        after |= {name: f"{mark}.new@example.com" for name in _NAMES[mapping.idp] if name in before}
        if "mailNickname" in after:
            after["mailNickname"] = f"{mark}.new"
    return after | {name: value for name, value in before.items() if name in ("objectId", "id", "mark")}


def touched(mapping: Mapping, kind: Object, person: Person) -> tuple[Person, frozenset[str]]:
    """Return a person of whom one source value has changed, and the target paths that follow from it."""
    rows = _rows(mapping, kind)
    direct = [row for row in rows if row.kind == "direct" and not (row.reference or row.matching or row.required)]
    candidates = [bare(row.source) for row in direct if isinstance(person.get(bare(row.source)), str)]
    if not candidates:
        return person, frozenset()
    name = next((each for each in ("title", "jobTitle", "nickName") if each in candidates), candidates[0])
    value = f"{person[name]} II"
    return {**person, name: value}, frozenset(row.target for row in rows if name in row.sources)


def switched(mapping: Mapping, person: Person) -> Person:
    """Return a person who is not to use the application any more."""
    return {**person, **({"accountEnabled": False} if mapping.idp == "entra" else {"status": "DEPROVISIONED"})}


def emptied(mapping: Mapping, kind: Object, person: Person) -> Person:
    """Return a person of whom only those values are left that the identity provider always has."""
    rows = _rows(mapping, kind)
    kept = {name for row in rows if row.required or row.matching is not None for name in row.sources}
    kept |= {"accountEnabled", "status", "objectId", "id", "mark"}
    return {name: value for name, value in person.items() if name in kept}


def _rows(mapping: Mapping, kind: Object) -> tuple[Row, ...]:
    return mapping.users if kind == "user" else mapping.groups


# -- questions ---------------------------------------------------------------------------------------


def values(row: Row, person: Person) -> Any:
    """Return what a row makes of a person, MISSING where its expression does not work with these values."""
    try:
        return row.value(person)
    except ValueError:  # BadExpression; that the row does not work is said where it is provisioned
        return MISSING


def _changes(mapping: Mapping, row: Row) -> bool:
    before = plain(mapping, row.object, "m")
    after = changed(mapping, row.object, before, "m")
    first = values(row, before)
    off = values(row, switched(mapping, before)) if row.object == "user" else first
    return row.apply == "always" and any(first != each for each in (values(row, after), off))


def _clears(mapping: Mapping, row: Row) -> bool:
    before = plain(mapping, row.object, "m")
    after = emptied(mapping, row.object, before)
    return row.apply == "always" and not row.required and values(row, before) != values(row, after)


def _has(kind: str) -> Callable[[Mapping, Row], bool]:
    def has(mapping: Mapping, row: Row) -> bool:
        people = (plain(mapping, row.object, "m", locale) for locale in LOCALES[kind])
        return any(directory.shows(kind, values(row, person)) for person in people)

    return has


def _is_long(mapping: Mapping, row: Row) -> bool:
    person = directory.lengthened(plain(mapping, row.object, "m"))
    return directory.shows("long", values(row, person))


def _stays(mapping: Mapping, row: Row) -> bool:
    targets = touched(mapping, row.object, plain(mapping, row.object, "m"))[1]
    return bool(targets) and row.target not in targets


def _goes_missing(mapping: Mapping, row: Row) -> bool:
    person = emptied(mapping, row.object, plain(mapping, row.object, "m"))
    return values(row, person) is MISSING


QUESTIONS: Final[AnyMapping[str, Callable[[Mapping, Row], bool]]] = {
    "mapped_row": lambda _mapping, _row: True,
    "matching_row": lambda _mapping, row: row.matching is not None,
    "changing_row": _changes,
    "staying_row": _stays,
    "clearing_row": _clears,
    "diacritics_row": _has("diacritics"),
    "apostrophes_row": _has("apostrophes"),
    "cjk_row": _has("cjk"),
    "rtl_row": _has("rtl"),
    "long_row": _is_long,
    "missing_row": _goes_missing,
}
"""The fixtures by which checks ask for rows, and which rows each is about."""
FIXTURES: Final = ("mapped", "mapping_line", *QUESTIONS)


def cases(mappings: Iterable[Mapping], fixture: str) -> Iterator[Case]:
    """Give the cases of a fixture: each mapping, each line whether or not it can be used, or the rows in question."""
    for mapping in mappings:
        if fixture == "mapped":
            yield Case(mapping)
            continue
        rows = (*mapping.users, *mapping.groups)
        if fixture == "mapping_line":
            yield from (Case(mapping, row) for row in rows)
            yield from (Case(mapping, problem=problem) for problem in mapping.problems)
        else:
            yield from (Case(mapping, row) for row in rows if QUESTIONS[fixture](mapping, row))

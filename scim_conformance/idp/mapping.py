"""Attribute mappings: which value of a person in the identity provider goes to which place of a SCIM resource.

A mapping is a TOML or JSON file of this project's own format (schemas/mapping.schema.json describes it, and
schemas/mappings/ has examples), or an export of Entra ID or of Okta. A row that cannot be used becomes one `Problem`,
and the others stand.
"""

from collections.abc import Callable, Iterable
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from scim_conformance.idp import targets
from scim_conformance.idp.sources import Provider, bare
from scim_conformance.idp.targets import MISSING, Target
from scim_conformance.paths import SCHEMAS

Kind = Literal["direct", "constant", "expression"]
Object = Literal["user", "group"]
Evidence = Literal["", "DOC", "CAPTURE", "3RD", "UNVERIFIED"]
Resolve = Callable[[str], Any]
"""Gives for what a person has as manager or member the id of its resource on the target, None where it has none."""


class BadMapping(ValueError):  # noqa: N818 - named as what it tells the reader
    """A mapping that cannot be used at all; the message names the file, the line where it is known, and the remedy."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One row that cannot be used: its line in the file (0 where unknown), its target, and what is wrong with it."""

    line: int
    message: str
    target: str = ""

    def __str__(self) -> str:
        row = f"row {self.target}: " if self.target else ""
        return f"line {self.line}: {row}{self.message}" if self.line else f"{row}{self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a mapping.

    `source` is the name of an attribute (direct), a text (constant) or an expression. `default` stands in for a value
    that is missing while a resource is created. `matching` is the precedence, 1 first, at which the target is searched
    for the value. A `reference` names another object of the identity provider. `evidence` says how sure it is that the
    vendor's default mapping has the row. What is not `enabled` has to be added by an administrator.
    """

    target: str
    kind: Kind
    source: str
    object: Object = "user"
    default: str | None = None
    apply: Literal["always", "create"] = "always"
    matching: int | None = None
    reference: bool = False
    required: bool = False
    line: int = 0
    remark: str = ""
    evidence: Evidence = ""
    enabled: bool = True
    dialect: Provider = "entra"
    constant: Any = field(default=None, hash=False)
    derived: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @property
    def path(self) -> Target:
        """The target path in its parts."""
        return targets.parse(self.target)

    @property
    def verified(self) -> bool:
        """Whether somebody has verified that the vendor's default mapping has this row, or an operator wrote it."""
        return self.evidence != "UNVERIFIED"

    @property
    def words(self) -> str:
        """The source of the row as a reader knows it: `department`, `"Employee"` or an expression."""
        return repr(self.constant) if self.kind == "constant" else self.source

    @property
    def sources(self) -> frozenset[str]:
        """The attributes of a person that the row reads, those behind derived ones included."""
        if self.kind == "constant":
            return frozenset()
        if self.kind == "direct":
            read = {bare(self.source)}
        else:
            read = {bare(name) for name in expression(self.dialect, self.source).sources}
        for name, text in reversed(self.derived):
            if name in read:
                read.discard(name)
                read |= {bare(each) for each in expression(self.dialect, text).sources}
        return frozenset(read)

    def value(self, person: AnyMapping[str, Any]) -> Any:
        """Return what the row makes of a person, MISSING where that is nothing; a default is `compose`'s business.

        Raises BadExpression where an expression cannot be evaluated for this person.
        """
        if self.kind == "constant":
            return self.constant
        attributes = completed(person, self.dialect, self.derived)
        if self.kind == "expression":
            found = MISSING if self.ignores(person) else expression(self.dialect, self.source).evaluate(attributes)
        else:
            found = attributes.get(bare(self.source))
            if isinstance(found, list | tuple) and not self.reference and (self.path.sub or self.path.is_element):
                found = found[0] if found else None  # a single place takes the first of several values
        return MISSING if found is None or found in ("", [], {}, ()) else found

    def ignores(self, person: AnyMapping[str, Any]) -> bool:
        """Tell whether an expression takes a person's attribute out of the flow: it is neither set nor cleared."""
        if self.kind != "expression":
            return False
        from scim_conformance.idp.expressions import IGNORED  # noqa: PLC0415 - as for `expression`

        attributes = completed(person, self.dialect, self.derived)
        return expression(self.dialect, self.source).evaluate(attributes) is IGNORED

    def stored(self, resource: AnyMapping[str, Any]) -> Any:
        """Return what a resource has at the row's target, of a reference the id alone, MISSING where it has nothing."""
        found = targets.read(resource, self.path)
        if self.reference and isinstance(found, list):
            return sorted(str(_id_of(each)) for each in found)
        return _id_of(found) if self.reference else found


@dataclass(frozen=True, slots=True)
class Mapping:
    """The rows of one mapping, and what was wrong with others. `name` is short and made for ids of checks."""

    name: str
    idp: Provider
    title: str
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...] = ()
    path: Path | None = None

    @property
    def users(self) -> tuple[Row, ...]:
        """The rows of users that are in use."""
        return tuple(row for row in self.rows if row.object == "user" and row.enabled)

    @property
    def groups(self) -> tuple[Row, ...]:
        """The rows of groups that are in use."""
        return tuple(row for row in self.rows if row.object == "group" and row.enabled)

    def matching(self, kind: Object = "user") -> tuple[Row, ...]:
        """Return the rows by which an object is searched for on the target, in the order of precedence."""
        rows = self.users if kind == "user" else self.groups
        found = [row for row in rows if row.matching is not None]
        return tuple(sorted(found, key=lambda row: row.matching or 0))


def compose(
    rows: Iterable[Row], person: AnyMapping[str, Any], *, creating: bool, resolve: Resolve | None = None
) -> dict[str, Any]:
    """Return the attributes that rows make of a person, each value at its target path; `schemas` are the caller's.

    While `creating`, a missing value is replaced by the row's default; else rows that apply to creation alone are left
    out. References are left out unless `resolve` finds their ids.
    """
    body: dict[str, Any] = {}
    for row in rows:
        value = wanted(row, person, creating=creating, resolve=resolve)
        if value is not MISSING:
            targets.place(body, row.path, value)
    return body


def wanted(row: Row, person: AnyMapping[str, Any], *, creating: bool, resolve: Resolve | None = None) -> Any:
    """Return the value that a row wants at its target now, MISSING where it wants none or does not apply."""
    if row.apply == "create" and not creating:
        return MISSING
    value = row.value(person)
    if value is MISSING and creating and row.default is not None:
        value = row.default
    if value is MISSING or not row.reference:
        return value
    return _referring(row, value, resolve)


def _referring(row: Row, value: Any, resolve: Resolve | None) -> Any:
    ids = [resolve(str(each)) if resolve else None for each in (value if isinstance(value, list) else [value])]
    found = [{"value": id_} for id_ in ids if id_ is not None]
    if not found:
        return MISSING
    if isinstance(value, list):
        return found
    return found[0]["value"] if row.path.sub else found[0]


def stored(resource: AnyMapping[str, Any], target: str) -> Any:
    """Return what a resource has at a target path, MISSING where it has nothing. Raises BadTarget."""
    return targets.read(resource, targets.parse(target))


@cache
def expression(dialect: str, text: str) -> Any:
    """Return the expression that a text is in an identity provider's language. Raises BadExpression."""
    from scim_conformance.idp import expressions  # noqa: PLC0415 - mappings without expressions do without

    return expressions.parse(dialect, text)


def completed(
    person: AnyMapping[str, Any], dialect: str, derived: Iterable[tuple[str, str]] = ()
) -> AnyMapping[str, Any]:
    """Return a person's attributes with those that follow from others: Entra ID's IsSoftDeleted, and derived ones."""
    attributes = dict(person)
    if dialect == "entra" and "accountEnabled" in attributes:
        attributes.setdefault("IsSoftDeleted", not attributes["accountEnabled"])
    for name, text in derived:
        attributes[name] = expression(dialect, text).evaluate(attributes)
    return attributes


def _id_of(value: Any) -> Any:
    return value.get("value", MISSING) if isinstance(value, AnyMapping) else value


# -- files ------------------------------------------------------------------------------------

SHIPPED: Final = ("entra", "okta", "braze-entra", "braze-okta")
"""The names of the mappings in schemas/mappings/."""


def load(path: Path | str) -> Mapping:
    """Read a mapping from a file: our own TOML or JSON, or an export of Entra ID or Okta, told apart by the contents.

    Raises BadMapping where the file as a whole is of no use.
    """
    from scim_conformance.idp.mapping_files import read  # noqa: PLC0415 - it imports this module

    return read(Path(path))


def shipped(name: str) -> Mapping:
    """Return a mapping that comes with this project. Raises BadMapping for a name that is none."""
    from scim_conformance.catalogue.closest import taught  # noqa: PLC0415 - for an error alone

    if name not in SHIPPED:
        raise BadMapping(taught("mapping", name, SHIPPED, f"There are: {', '.join(SHIPPED)}."))
    return _shipped(name)


@cache
def _shipped(name: str) -> Mapping:
    return load(SCHEMAS / "mappings" / f"{name}.toml")

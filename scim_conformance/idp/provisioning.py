"""Provisioning one person or group by an attribute mapping, step after step, with a record for each row.

What is sent is what the identity provider sends: Entra ID creates by POST and changes by PATCH, one operation for each
attribute; Okta creates by POST and changes by a PUT of all that a GET showed. Where a target refuses the whole request,
each row is tried by itself, so that one bad row says nothing against the others.
"""

import secrets
from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any, Final

from scim_conformance.catalogue.closest import closest
from scim_conformance.client.client import ScimClient
from scim_conformance.client.errors import BrokenAnswer
from scim_conformance.client.features import ENTERPRISE, Attribute, Features, ResourceType
from scim_conformance.client.response import Response
from scim_conformance.idp import targets
from scim_conformance.idp.entra.dialects import DIALECTS, Change
from scim_conformance.idp.mapping import Mapping, Object, Resolve, Row, compose, wanted
from scim_conformance.idp.targets import MISSING
from scim_conformance.judge.compare import same
from scim_conformance.judge.expect import excerpt, phrase
from scim_conformance.judge.verdicts import Blocked

Person = AnyMapping[str, Any]
_TYPES: Final = {"user": "User", "group": "Group"}
_SETTABLE: Final = ("readWrite", "immutable")
_DIALECT: Final = DIALECTS["default"]


@dataclass(frozen=True, slots=True)
class Step:
    """One round of provisioning: what each row wanted, what was refused, and what the target shows after it.

    `wanted` and `refused` are by target path; `sent` are the rows of which something was sent. `whole` is the answer to
    the request that had everything in it. `got` is what a GET showed, `early` what one showed before anything followed
    the creation, `found` what the search by each matching attribute did. `trouble` says why nothing can be told.
    """

    person: Person
    wanted: dict[str, Any] = field(default_factory=dict)
    sent: tuple[str, ...] = ()
    refused: dict[str, str] = field(default_factory=dict)
    whole: Response | None = None
    id: str = ""
    got: dict[str, Any] | None = None
    early: dict[str, Any] | None = None
    found: dict[str, tuple[dict[str, Any], ...]] = field(default_factory=dict)
    trouble: str = ""

    def shown(self) -> dict[str, Any]:
        """Return what a GET showed. Raises Blocked where nothing can be told."""
        if self.trouble or self.got is None:
            raise Blocked(self.trouble or "the resource cannot be read back")
        return self.got

    def first_shown(self, target: str) -> dict[str, Any]:
        """Return what a GET showed of a target path when it had just been sent. Raises Blocked."""
        return self.early if self.early is not None and target in self.sent else self.shown()


class Provisioning:
    """Provisions objects of one kind to one target by one mapping.

    `rows` are those that the target's schema has a place for, `unserved` says of the others why it has none.
    """

    def __init__(
        self, scim: ScimClient, features: Features, mapping: Mapping, kind: Object, resolve: Resolve | None = None
    ) -> None:
        self.scim, self.features, self.mapping, self.kind, self.resolve = scim, features, mapping, kind, resolve
        self.type = features.resource_type(_TYPES[kind])
        self.attributes: dict[str, Attribute] = {}
        every = mapping.users if kind == "user" else mapping.groups
        problems = {row.target: self._unserved(row) for row in every}
        self.unserved = {target: problem for target, problem in problems.items() if problem}
        self.rows = tuple(row for row in every if row.target not in self.unserved)

    def _unserved(self, row: Row) -> str:
        if self.type is None:
            return f"the target serves no resource type {_TYPES[self.kind]}"
        found = targets.served(row.path, self.features, self.type)
        if found is None:
            return unserved(row, self.features, self.type)
        if found.mutability not in _SETTABLE:
            return f"{found.path} is {found.mutability} in the target's schema"
        if found.returned in ("never", "request"):
            return f"{found.path} is not shown by the target (returned {found.returned})"
        self.attributes[row.target] = found
        return ""

    # -- steps ---------------------------------------------------------------------------------

    def create(self, person: Person) -> Step:
        """Search for a person, create it, send what only comes after that, and look at the result."""
        if self.type is None:
            return Step(person, trouble=f"the target serves no resource type {_TYPES[self.kind]}")
        try:
            return self._create(person)
        except BrokenAnswer as problem:
            return Step(person, trouble=f"provisioning failed: {problem}")

    def _create(self, person: Person) -> Step:
        values = {row.target: self._wanted(row, person, creating=True) for row in self.rows}
        first = [row for row in self.rows if row.verified and not row.reference]
        whole = self.scim.create(self.type, self._body(first, person))
        sent, late, response = [row.target for row in first], [], whole
        if not whole.is_success:
            # What the target must have goes first, and every other row by itself after it.
            needed = [row for row in first if row.required or row.matching is not None or _is_name(row)]
            late = [row for row in first if row not in needed]
            response = self.scim.create(self.type, self._body(needed, person))
        id_ = self._id_in(response)
        if not id_:
            why = f"creating a {_TYPES[self.kind]} failed: POST answered {_said(response)}"
            return Step(person, values, tuple(sent), whole=whole, trouble=why)
        step = self._looked_at(Step(person, values, tuple(sent), whole=whole, id=id_))
        rest = [row for row in self.rows if row not in first and values[row.target] is not MISSING]
        for row in late:
            step = self._alone(step, row)
        if rest and not step.trouble:
            step = replace(self._sent(step, rest), whole=whole, sent=step.sent, early=step.got)
        return self._found(self._looked_at(step) if late or rest else step)

    def update(self, before: Step, person: Person) -> Step:
        """Send what has changed of a person since an earlier step, and look at the result."""
        if before.trouble:
            return replace(before, person=person)
        values = {row.target: self._wanted(row, person, before=before) for row in self.rows}
        try:
            step = replace(before, person=person, wanted=values, refused={}, sent=(), whole=None)
            rows = self.changing(before, values)
            return self._looked_at(self._sent(step, rows)) if rows else step
        except BrokenAnswer as problem:
            return Step(person, values, trouble=f"provisioning failed: {problem}")

    def again(self, before: Step) -> Step:
        """Go through a second cycle with nothing changed: search, compare, and send what differs."""
        if before.trouble:
            return before
        try:
            read = self._looked_at(self._found(replace(before, sent=(), refused={}, whole=None)))
            rows = self.changing(read, before.wanted)
            return self._sent(read, rows) if rows and not read.trouble else read
        except BrokenAnswer as problem:
            return Step(before.person, before.wanted, trouble=f"provisioning failed: {problem}")

    def changing(self, before: Step, values: AnyMapping[str, Any]) -> list[Row]:
        """Return the rows of which something has to be sent: what is stored differs, or a value has gone."""
        shown = before.shown()
        found = []
        for row in self.rows:
            value, stored = values[row.target], row.stored(shown)
            if row.apply == "create":
                continue
            if value is MISSING:
                gone = before.wanted.get(row.target, MISSING) is not MISSING and stored not in (MISSING, "")
                found += [row] if gone else []
            elif not self.is_same(row, value, shown):
                found.append(row)
        return found

    # -- comparing -----------------------------------------------------------------------------

    def is_same(self, row: Row, value: Any, shown: AnyMapping[str, Any]) -> bool:
        """Tell whether the identity provider takes what a resource has for what it would send.

        Texts have to be equal, but for their letter case where the served schema says that it does not count. A manager
        has to be shown as a complex value: Entra ID does not recognise the bare id.
        """
        value, stored = comparable(row, value), row.stored(shown)
        if row.reference and not row.path.sub and isinstance(targets.read(shown, row.path), str):
            return False
        attribute = self.attributes[row.target]
        if isinstance(value, str) and isinstance(stored, str) and not attribute.case_exact:
            return value.casefold() == stored.casefold()
        if isinstance(value, list) and isinstance(stored, list) and attribute.type == "complex" and not row.reference:
            return len(value) == len(stored) and same(known_part(value, attribute), stored, attribute)
        return bool(value == stored)

    # -- requests --------------------------------------------------------------------------------

    def _wanted(self, row: Row, person: Person, *, creating: bool = False, before: Step | None = None) -> Any:
        """Return what a row wants; nothing where its expression does not work with a person's values."""
        if readable(row, person):
            return MISSING
        if before is not None and row.ignores(person):
            return before.wanted.get(row.target, MISSING)
        return wanted(row, person, creating=creating, resolve=self.resolve)

    def _body(self, rows: Iterable[Row], person: Person) -> dict[str, Any]:
        assert self.type is not None  # noqa: S101 - for the type checker
        attributes = compose((row for row in rows if not readable(row, person)), person, creating=True)
        body = {"schemas": [self.type.schema, *(name for name in attributes if name.startswith("urn:"))], **attributes}
        if self.kind == "group":
            return body
        if self.mapping.idp == "okta":
            return {**body, "groups": [], "password": f"Zx7-{secrets.token_hex(4)}-Qp4!"}
        listed = body["schemas"] if ENTERPRISE in body["schemas"] else [*body["schemas"], ENTERPRISE]
        return {**body, "schemas": listed, "meta": {"resourceType": "User"}}

    def _sent(self, step: Step, rows: list[Row]) -> Step:
        """Send rows in one request; if that is refused, each by itself."""
        response = self._write(step, rows)
        whole = step.whole or response
        step = replace(step, sent=(*step.sent, *(row.target for row in rows)), whole=whole)
        if response.is_success or len(rows) == 1:
            refused = {} if response.is_success else {rows[0].target: _said(response)}
            return replace(step, refused={**step.refused, **refused})
        for row in rows:
            step = self._alone(step, row)
        return step

    def _alone(self, step: Step, row: Row) -> Step:
        if step.wanted[row.target] is MISSING and row.stored(step.shown()) is MISSING:
            return step
        response = self._write(step, [row])
        if not response.is_success:
            return replace(step, refused={**step.refused, row.target: _said(response)})
        return self._looked_at(step)

    def _write(self, step: Step, rows: list[Row]) -> Response:
        place = (self.type, step.id)
        shown = step.shown()
        if self.mapping.idp == "entra":
            operations = [each for row in rows for each in operations_of(row, step.wanted[row.target], shown)]
            return self.scim.modify(place, *operations)
        body = deepcopy(shown)
        for row in rows:
            value = step.wanted[row.target]
            if value is MISSING:
                targets.remove(body, row.path)
            else:
                targets.place(body, row.path, value)
            listed = body["schemas"] if isinstance(body.get("schemas"), list) else []
            if row.path.urn and row.path.urn in body and row.path.urn not in listed:
                body["schemas"] = [*listed, row.path.urn]
        return self.scim.replace(place, body)

    def _looked_at(self, step: Step) -> Step:
        response = self.scim.read((self.type, step.id))
        body = response.json if response.is_json else None
        if response.status != 200 or not isinstance(body, dict):  # noqa: PLR2004 - 200 OK
            return replace(step, got=None, trouble=f"reading the resource back failed: GET answered {_said(response)}")
        return replace(step, got=body, trouble="")

    def _found(self, step: Step) -> Step:
        rows = [row for row in self.mapping.matching(self.kind) if row in self.rows]
        return step if step.trouble else replace(step, found={row.target: self._search(row, step) for row in rows})

    def _search(self, row: Row, step: Step) -> tuple[dict[str, Any], ...]:
        """Return what the target finds by the value that a matching row has for a person."""
        value = comparable(row, step.wanted.get(row.target, MISSING))
        if value is MISSING:
            return ()
        text = str(value).replace("\\", "\\\\").replace('"', '\\"')
        response = self.scim.query(self.type, f'{row.target} eq "{text}"')
        listed = response.json_object.get("Resources") if response.status == 200 else None  # noqa: PLR2004 - 200 OK
        return tuple(each for each in listed if isinstance(each, dict)) if isinstance(listed, list) else ()

    def _id_in(self, response: Response) -> str:
        found = response.json_object.get("id") if response.is_success else None
        return found if isinstance(found, str) else ""


def operations_of(row: Row, value: Any, shown: AnyMapping[str, Any]) -> list[dict[str, Any]]:
    """Return the operations with which Entra ID's default dialect brings one row of a resource up to date."""
    stored = row.stored(shown)
    if row.reference and isinstance(value, list):
        return _members(row, {each["value"] for each in value}, set(stored or ()))
    if value is MISSING:
        if row.reference and isinstance(stored, list):
            return _members(row, set(), set(stored))
        return [{"op": _DIALECT.op("remove"), "path": row.target}]
    if row.reference:
        value = value["value"] if isinstance(value, dict) else value
    return [_DIALECT.change(Change("add" if stored is MISSING else "replace", row.target, value))]


def _members(row: Row, ids: set[str], stored: set[str]) -> list[dict[str, Any]]:
    gone, come = sorted(stored - ids), sorted(ids - stored)
    operations = [*(_DIALECT.remove_members(gone) if gone else ()), *(_DIALECT.add_members(come) if come else ())]
    return [{**operation, "path": row.target} for operation in operations]


def readable(row: Row, person: Person) -> str:
    """Say why an expression does not work with a person's values; nothing where it does."""
    try:
        row.value(person)
    except ValueError as problem:
        return str(problem)
    return ""


def known_part(value: Any, attribute: Attribute) -> Any:
    """Return complex values without the sub-attributes that the served schema lacks, which may be ignored (A17)."""
    names = {sub.name.lower() for sub in attribute.sub_attributes}
    if not isinstance(value, list) or not names:
        return value
    return [
        {name: each for name, each in one.items() if name.lower() in names} if isinstance(one, AnyMapping) else one
        for one in value
    ]


def comparable(row: Row, value: Any) -> Any:
    """Return what a row wants in the form in which `Row.stored` gives what is stored."""
    if value is MISSING:
        return MISSING
    if row.reference:
        if isinstance(value, list):
            return sorted(str(each["value"]) for each in value)
        return value["value"] if isinstance(value, dict) else value
    body: dict[str, Any] = {}
    targets.place(body, row.path, value)
    return row.stored(body)


def unserved(row: Row, features: Features, resource_type: ResourceType) -> str:
    """Say that a target's schema has no place for a row, and which one is closest."""
    path = targets.path_of(row.path)
    near = closest(path, targets.served_paths(features, resource_type), 1)
    hint = f"; closest: {near[0]}" if near else ""
    line = f"line {row.line}: " if row.line else ""
    return f"{line}the target's schema of {resource_type.name} has no {path}{hint}"


def _is_name(row: Row) -> bool:
    return row.path.attribute.lower() in ("username", "name", "displayname", "emails")


def _said(response: Response) -> str:
    detail = response.json_object.get("detail")
    return f"{phrase(response.status)}: {excerpt(str(detail))}" if detail else phrase(response.status)

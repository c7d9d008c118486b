"""The two dialects of PATCH: the default one, and that of the flag aadOptscim062020, which is closer to the RFC."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from scim_conformance.client.client import PATCH_OP
from scim_conformance.client.features import ENTERPRISE

MANAGER: Final = f"{ENTERPRISE}:manager"

Verb = Literal["add", "replace", "remove"]
Operation = dict[str, Any]
ManagerShape = Literal["array", "text", "object"]
"""An array at the bare path `manager`, the id as a string, or the object that the RFC has."""
NoManager = Literal["empty object", "empty text", "remove"]
DialectName = Literal["default", "aadOptscim062020"]


@dataclass(frozen=True, slots=True)
class Change:
    """One attribute that is to have another value; `add` where the target had none."""

    verb: Verb
    path: str
    value: Any


def patch_body(operations: Sequence[Operation], *, operations_first: bool = False) -> dict[str, Any]:
    """Return the PatchOp message; one of Microsoft's samples has its schemas last."""
    if operations_first:
        return {"Operations": list(operations), "schemas": [PATCH_OP]}
    return {"schemas": [PATCH_OP], "Operations": list(operations)}


class Dialect:
    """The default dialect: capitalised operations, one for each attribute, booleans as strings."""

    name: DialectName = "default"
    flag = False

    def op(self, verb: Verb) -> str:
        """Return the word of an operation as this dialect spells it."""
        return verb.capitalize()

    def boolean(self, value: bool) -> Any:  # noqa: FBT001 - the value that is written
        """Return a boolean as this dialect writes it."""
        return str(value)

    def change(self, change: Change) -> Operation:
        """Return the operation with a path for one attribute."""
        value = self.boolean(change.value) if isinstance(change.value, bool) else change.value
        return {"op": self.op(change.verb), "path": change.path, "value": value}

    def changes(self, changes: Iterable[Change]) -> list[Operation]:
        """Return the operations for several attributes, all of one request."""
        return [self.change(change) for change in changes]

    def activity(self, *, active: bool) -> list[Operation]:
        """Return the operation that disables or enables a user."""
        return [{"op": self.op("replace"), "path": "active", "value": self.boolean(active)}]

    def manager(self, id_: str, shape: ManagerShape, verb: Verb, ref: str = "") -> list[Operation]:
        """Return the operation that sets or changes a manager."""
        if shape == "array":
            return [{"op": self.op(verb), "path": "manager", "value": [{"$ref": ref, "value": id_}]}]
        value: Any = {"value": id_} if shape == "object" else id_
        return [{"op": self.op(verb), "path": MANAGER, "value": value}]

    def no_manager(self, shape: NoManager) -> list[Operation]:
        """Return the operation that takes the manager away."""
        if shape == "remove":
            return [{"op": self.op("remove"), "path": MANAGER}]
        value: Any = {"value": ""} if shape == "empty object" else ""
        return [{"op": self.op("replace"), "path": MANAGER, "value": value}]

    def add_members(self, ids: Iterable[str]) -> list[Operation]:
        """Return the operation that adds members to a group."""
        return [{"op": self.op("add"), "path": "members", "value": [{"$ref": None, "value": id_} for id_ in ids]}]

    def remove_members(self, ids: Iterable[str], *, with_ref: bool = True) -> list[Operation]:
        """Return what removes members: the whole attribute by its path, but meant are the listed ones alone."""
        ref: Operation = {"$ref": None} if with_ref else {}
        return [{"op": self.op("remove"), "path": "members", "value": [{**ref, "value": id_} for id_ in ids]}]


class FlagDialect(Dialect):
    """The dialect of the flag: lower-case operations, true booleans, several attributes in one value without path."""

    name = "aadOptscim062020"
    flag = True

    def op(self, verb: Verb) -> str:
        """Return the word of an operation as this dialect spells it."""
        return verb

    def boolean(self, value: bool) -> Any:  # noqa: FBT001 - the value that is written
        """Return a boolean as this dialect writes it."""
        return value

    def changes(self, changes: Iterable[Change]) -> list[Operation]:
        """Return the operations: what has square brackets keeps its path, the rest is merged under dotted names.

        So do `active`, as documented, and one string that is added.
        """
        listed = list(changes)
        kept = [change for change in listed if "[" in change.path or change.path == "active"]
        operations = [self.change(change) for change in kept]
        for verb in ("add", "replace"):
            rest = [change for change in listed if change.verb == verb and change not in kept]
            if len(rest) == 1 and verb == "add":
                operations.append(self.change(rest[0]))
            elif rest:
                operations.append({"op": verb, "value": {change.path: change.value for change in rest}})
        return operations

    def remove_members(self, ids: Iterable[str], *, with_ref: bool = True) -> list[Operation]:  # noqa: ARG002 - has none
        """Return one operation for each member, which its path selects."""
        return [{"op": "remove", "path": f'members[value eq "{id_}"]'} for id_ in ids]


DIALECTS: Final[dict[str, Dialect]] = {dialect.name: dialect for dialect in (Dialect(), FlagDialect())}
"""The dialects by name."""

"""PATCH (RFC 7644 section 3.5.2): operations applied to a copy one after the other, all or none."""

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from typing import Any

from scim_conformance.server.bodies import Operation
from scim_conformance.server.errors import ScimError, invalid_value, mutability, no_target
from scim_conformance.server.evaluation import Evaluation
from scim_conformance.server.patch_changes import Changes, Target
from scim_conformance.server.patch_paths import PatchPath, PatchPathParser
from scim_conformance.server.resource_types import Located, ResourceType, ResourceTypes
from scim_conformance.server.validation import Resource, Validation


class Patching(Changes):
    """The rules of PATCH, one method a rule."""

    path_parser: type[PatchPathParser] = PatchPathParser

    def __init__(self, resource_types: ResourceTypes, validation: Validation, evaluation: Evaluation) -> None:
        super().__init__(validation, evaluation)
        self.resource_types = resource_types

    def patched(self, kind: ResourceType, resource: Resource, operations: Iterable[Operation]) -> Resource:
        """Give the resource after all operations; the one that was given in stays as it is, whatever happens."""
        draft = self.draft(resource)
        for operation in operations:
            self.operate(kind, draft, operation)
        self.tidy(kind, draft)
        self.validation.check(kind, draft)
        return draft

    def draft(self, resource: Resource) -> Resource:
        """Copy the resource, so that a failure leaves it untouched."""
        return deepcopy(resource)

    def operate(self, kind: ResourceType, draft: Resource, operation: Operation) -> None:
        """Apply one operation."""
        if not operation.path:
            self.without_path(kind, draft, operation)
            return
        path = self.path_parser(operation.path).path()
        located = self.resource_types.locate(kind, path.attribute)
        if located is None:
            raise no_target(f"{kind.name} has no attribute {path.attribute}.")
        if located.attribute is None:
            self.whole_extension(kind, draft, located.extension, operation)
            return
        self.on_target(draft, self.target(kind, located, path), operation)

    def target(self, kind: ResourceType, located: Located, path: PatchPath) -> Target:
        """Find what a path is about; refuse sub-attributes and filters where there can be none."""
        attribute = located.attribute
        if attribute is None:
            raise no_target(f"{path} is not an attribute.")
        sub = attribute.sub(path.sub) if path.sub else located.sub
        if path.sub and sub is None:
            raise no_target(f"{attribute.name} has no sub-attribute {path.sub}.")
        if path.filter is not None:
            if attribute.type != "complex":
                raise no_target(f"{attribute.name} has no sub-attributes to filter.")
            self.evaluation.check(kind, path.filter, attribute)
        return Target(kind, located.extension, attribute, sub, path.filter)

    def on_target(self, draft: Resource, target: Target, operation: Operation) -> None:
        """Apply one operation to an attribute."""
        self.check_read_only(target)
        holder = self.holder(draft, target.extension)
        rules: dict[str, Callable[[Resource, Target, Any], None]] = {
            "add": self.add,
            "remove": self.remove,
            "replace": self.replace,
        }
        rules[self.rule(holder, target, operation)](holder, target, operation.value)

    def rule(self, holder: Resource, target: Target, operation: Operation) -> str:
        """Name the rule for an operation, which is its own, but for the Replace of an element that is not there.

        The RFC refuses that with noTarget (section 3.5.2.3). Entra ID, told by its capital letter, expects the element.
        """
        if operation.op == "replace" and operation.capital and target.filter and not self.matching(holder, target):
            return "add"
        return operation.op

    def holder(self, draft: Resource, extension: str) -> Resource:
        """Give the object that has the attribute: the resource or the object of its extension."""
        holder: Resource = draft.setdefault(extension, {}) if extension else draft
        return holder

    def check_read_only(self, target: Target) -> None:
        """Refuse to touch a readOnly attribute or sub-attribute."""
        if target.attribute.mutability == "readOnly" or (target.sub and target.sub.mutability == "readOnly"):
            raise mutability(f"{target.place} is readOnly.")

    # Operations without an attribute as target

    def without_path(self, kind: ResourceType, draft: Resource, operation: Operation) -> None:
        """Apply an operation without path: its value holds attributes (sections 3.5.2.1 and 3.5.2.3)."""
        if operation.op == "remove":
            raise no_target("The operation remove needs a path.")
        for name, value in self.attributes_of(operation.value).items():
            self.member(kind, draft, name, Operation(operation.op, name, value))

    def attributes_of(self, value: Any) -> Mapping[str, Any]:
        """Refuse a value that holds no attributes."""
        if not isinstance(value, dict):
            raise invalid_value("An operation without path needs an object of attributes as its value.")
        return value

    def member(self, kind: ResourceType, draft: Resource, name: str, operation: Operation) -> None:
        """Apply one member of the value of an operation without path; unknown and readOnly ones are passed over.

        Besides attributes and extensions, names may be dotted or have a URI before them, as Entra ID sends them.
        """
        try:
            path = self.path_parser(name).path()
        except ScimError:
            return
        located = self.resource_types.locate(kind, path.attribute)
        if located is None or self.is_read_only(located):
            return
        if located.attribute is None:
            self.whole_extension(kind, draft, located.extension, operation)
        elif operation.op == "replace" or not self.validation.is_unassigned(operation.value):
            self.on_target(draft, self.target(kind, located, path), operation)

    def is_read_only(self, located: Located) -> bool:
        """Tell whether clients cannot write it, and `schemas`, which follows from the attributes."""
        leaf = located.leaf
        return leaf is not None and (leaf.mutability == "readOnly" or leaf.name == "schemas")

    def whole_extension(self, kind: ResourceType, draft: Resource, urn: str, operation: Operation) -> None:
        """Apply an operation to an extension as a whole: its value holds the extension's attributes."""
        if operation.op == "remove" or operation.value is None:
            draft.pop(urn, None)
            return
        for name, value in self.attributes_of(operation.value).items():
            self.member(kind, draft, f"{urn}:{name}", Operation(operation.op, name, value))

    # Afterwards

    def tidy(self, kind: ResourceType, draft: Resource) -> None:
        """Drop what has become empty, and let schemas follow from what is there (section 3.5.2)."""
        names = [*(a.name for a in self.resource_types.base(kind).attributes), *(urn for urn, _ in kind.extensions)]
        for holder in [draft, *(draft[urn] for urn, _ in kind.extensions if urn in draft)]:
            for name in [name for name, value in holder.items() if self.is_hollow(value)]:
                holder.pop(name)
        for name in names:
            if name in draft and self.validation.is_unassigned(draft[name]):
                draft.pop(name)
        draft["schemas"] = self.validation.schemas_of(kind, draft)

    def is_hollow(self, value: Any) -> bool:
        """Tell whether a value has nothing left in it; elements that lost everything are dropped from a list."""
        if isinstance(value, list):
            value[:] = [element for element in value if not self.validation.is_unassigned(element)]
        return self.validation.is_unassigned(value)

"""Attributes that checks of updates change, or try to: a text with one value, one that can be set once, a list."""

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from scim_conformance.judge.compare import differences
from scim_conformance.judge.expect import expect
from scim_conformance.judge.verdicts import Violation, warn


class Renaming(NamedTuple):
    """A resource before one of its texts was changed, the answer to that, and the answer to a GET after it."""

    before: dict[str, Any]
    path: str
    value: str
    response: Any
    got: Any


class Text:
    """A text attribute with one value, by its path: `displayName`, or `name.familyName`."""

    USUAL = ("displayName", "name.familyName", "title", "nickName", "description")

    def __init__(self, path: str) -> None:
        self.path = path

    @staticmethod
    def is_free(attribute: Any) -> bool:
        """Tell whether an attribute is a text with one value, which clients choose and see."""
        return (
            (attribute.type, attribute.multi_valued, attribute.mutability) == ("string", False, "readWrite")
            and attribute.returned in ("default", "always")
            and attribute.uniqueness == "none"
            and not attribute.canonical_values
        )

    @classmethod
    def served(cls, attributes: Iterable[Any]) -> "Text | None":
        """Choose a free text among served attributes, a usual one before others; None where there is none."""
        free = [each for each in attributes if cls.is_free(each)]
        paths = {each.path for each in free}
        found = [path for path in cls.USUAL if path in paths]
        found += [each.path for each in free if "." not in each.path and each.name == each.path]
        return cls(found[0]) if found else None

    def body(self, value: Any, resource: dict[str, Any] | None = None) -> dict[str, Any]:
        """The member of a body that gives the attribute a value, beside what a complex attribute holds already."""
        name, _, sub = self.path.partition(".")
        return {name: {**((resource or {}).get(name) or {}), sub: value}} if sub else {name: value}


class SetOnce:
    """A text attribute that is immutable: its resource type, and its name, path and extension, if it is of one."""

    def __init__(self, resource_type: Any, attribute: Any) -> None:
        self.resource_type, self.name = resource_type, attribute.name
        self.urn = attribute.schema if attribute.path.lower().startswith("urn:") else ""
        self.path = f"{self.urn}:{self.name}" if self.urn else self.name

    @classmethod
    def served(cls, features: Any) -> "SetOnce | None":
        """Return the first that a target serves, shows, and does not demand; None where there is none."""
        for resource_type in features.resource_types:
            for attribute in features.attributes(resource_type):
                plain = (attribute.type, attribute.multi_valued, attribute.mutability) == ("string", False, "immutable")
                shown = attribute.returned in ("default", "always")
                if plain and shown and not attribute.parent and not attribute.required:
                    return cls(resource_type, attribute)
        return None

    def body(self, value: Any, resource: dict[str, Any] | None = None) -> dict[str, Any]:
        """The member of a body that gives the attribute a value, beside what its extension holds already."""
        if not self.urn:
            return {self.name: value}
        held = {**((resource or {}).get(self.urn) or {}), self.name: value}
        return {self.urn: {name: each for name, each in held.items() if each is not None}}

    def of(self, resource: dict[str, Any]) -> Any:
        """The value in a resource."""
        return ((resource.get(self.urn) or {}) if self.urn else resource).get(self.name)


def must_stay(
    response: Any, name: str, values: tuple[Any, Any], *, why: str, ignored: str, requirement: str | None = None
) -> None:
    """Judge a write to what clients may not change: the value stays; a refusal with 400 mutability is best (A37, A41).

    `values` are what it was and what it is, `why` says what it is (readOnly), `ignored` which request was accepted.
    """
    before, found = values
    if found != before:
        raise Violation(
            f"{response.exchange.method} changed {name}, which is {why}.",
            requirement=requirement,
            expected=[f"{name} = {before!r}"],
            actual=f"{name} = {found!r}",
        )
    if response.is_success:
        warn(
            f"{ignored} was accepted and ignored.",
            expected=["status 400 with scimType mutability"],
            actual=f"status {response.status}",
        )
        return
    expect(response).refused(400, scim_type="mutability")


class Elements:
    """A multi-valued attribute of users of which the target keeps several elements, each with value and type."""

    TYPES = ("work", "home", "other")

    def __init__(self, attribute: Any, types: list[str], mark: Any) -> None:
        self.attribute, self.name, self.types = attribute, attribute.name, types
        self._mark = mark

    @classmethod
    def served(cls, attribute: Any, mark: Any) -> "Elements | None":
        """Take a served attribute; None where it cannot have elements of two types."""
        subs = {sub.name: sub for sub in attribute.sub_attributes} if attribute else {}
        if not attribute or not attribute.multi_valued or not {"value", "type"} <= subs.keys():
            return None
        types = [each for each in cls.TYPES if each in (subs["type"].canonical_values or cls.TYPES)]
        return cls(attribute, types, mark) if len(types) > 1 else None

    def one(self, which: int, **more: Any) -> dict[str, Any]:
        """Invent an element of the first, second ... type."""
        mark = self._mark()
        number = f"+1201555{int(mark.rpartition('n')[2] or 0) % 10000:04d}"
        value = f"{mark}@example.com" if self.name == "emails" else number
        return {"value": value, "type": self.types[which], **more}

    def wrong(self, sent: list[dict[str, Any]], shown: dict[str, Any]) -> list[str]:
        """Tell how the elements that are shown differ from exactly those that were sent."""
        return differences({self.name: sent}, shown, [self.attribute], exact=True)

    def are(self, after: Any, sent: list[dict[str, Any]]) -> None:
        """Expect exactly these elements, in any order, with at least these sub-attributes."""
        wrong = self.wrong(sent, after.response.body)
        after.where(
            not wrong, expected=f"{self.name} with exactly the elements {json.dumps(sent)}", actual="; ".join(wrong)
        )

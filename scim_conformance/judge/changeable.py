"""Attributes that checks of updates change: a text with one value, and a list of elements."""

import json
from typing import Any

from scim_conformance.judge.compare import differences


class Text:
    """A text attribute with one value, by its path: `displayName`, or `name.familyName`."""

    def __init__(self, path: str) -> None:
        self.path = path

    def body(self, value: Any, resource: dict[str, Any] | None = None) -> dict[str, Any]:
        """The member of a body that gives the attribute a value, beside what a complex attribute holds already."""
        name, _, sub = self.path.partition(".")
        return {name: {**((resource or {}).get(name) or {}), sub: value}} if sub else {name: value}


class Elements:
    """A multi-valued attribute of users of which the target keeps several elements, each with value and type."""

    def __init__(self, attribute: Any, types: list[str], mark: Any) -> None:
        self.attribute, self.name, self.types = attribute, attribute.name, types
        self._mark = mark

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

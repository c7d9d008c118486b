"""The operators of Okta's Expression Language.

The language is a part of Spring's (SpEL). Where Okta's documentation is silent on null, null counts as nothing in a
concatenation (Spring would write the word null) and as false in a condition.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scim_conformance.idp.expressions.language import BadExpression, Node, Refused, Scene, described
from scim_conformance.idp.expressions.okta_kinds import number, written
from scim_conformance.idp.expressions.regexes import compiled


def truth(value: Any, scene: Scene, column: int, what: str) -> bool:
    """A condition's value; raises BadExpression where it is neither true, false nor null."""
    if value is not None and not isinstance(value, bool):
        raise BadExpression(scene.dialect, column, f"{what} must be true or false, found {described(value)}")
    return bool(value)


@dataclass(frozen=True)
class Choice:
    """`condition ? one : other`."""

    column: int
    condition: Node
    true: Node
    false: Node

    def value(self, scene: Scene) -> Any:
        """The one or the other; only that one is evaluated."""
        met = truth(self.condition.value(scene), scene, self.column, "the condition before ?")
        return (self.true if met else self.false).value(scene)

    def nodes(self) -> Iterator[Node]:
        """The condition and both values."""
        yield from (self.condition, self.true, self.false)


@dataclass(frozen=True)
class Default:
    """`value ?: other`, the other where the value is null or empty."""

    column: int
    first: Node
    second: Node

    def value(self, scene: Scene) -> Any:
        """The value, or the other."""
        found = self.first.value(scene)
        return self.second.value(scene) if found is None or found in ("", []) else found

    def nodes(self) -> Iterator[Node]:
        """Both."""
        yield from (self.first, self.second)


@dataclass(frozen=True)
class Logic:
    """Several conditions, joined by AND or by OR."""

    column: int
    every: bool
    conditions: tuple[Node, ...]

    def value(self, scene: Scene) -> bool:
        """Whether all hold, or one of them; the rest is not evaluated once it is known."""
        word = "AND" if self.every else "OR"
        holds = (truth(each.value(scene), scene, each.column, f"what {word} joins") for each in self.conditions)
        return all(holds) if self.every else any(holds)

    def nodes(self) -> Iterator[Node]:
        """The conditions."""
        return iter(self.conditions)


@dataclass(frozen=True)
class Negation:
    """`!condition`."""

    column: int
    condition: Node

    def value(self, scene: Scene) -> bool:
        """Whether the condition does not hold."""
        return not truth(self.condition.value(scene), scene, self.column, "what ! negates")

    def nodes(self) -> Iterator[Node]:
        """The condition."""
        yield self.condition


@dataclass(frozen=True)
class Relation:
    """Two values compared."""

    column: int
    operator: str
    left: Node
    right: Node

    def value(self, scene: Scene) -> bool:
        """Whether it holds. A number and its text differ, and so do null and the empty text, as is documented."""
        left, right = self.left.value(scene), self.right.value(scene)
        if self.operator in ("==", "!="):
            same = left == right and isinstance(left, bool) == isinstance(right, bool)
            return same == (self.operator == "==")
        if left is None or right is None:
            return False
        if self.operator == "matches":
            return self._matches(left, right, scene)
        try:
            order = _order(left, right)
        except Refused as problem:
            raise BadExpression(scene.dialect, self.column, f"{self.operator}: {problem}") from None
        return {"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[self.operator]

    def _matches(self, left: Any, right: Any, scene: Scene) -> bool:
        try:
            return compiled(written(right)).fullmatch(written(left)) is not None
        except Refused as problem:
            raise BadExpression(scene.dialect, self.column, f"matches: {problem}") from None

    def nodes(self) -> Iterator[Node]:
        """Both sides."""
        yield from (self.left, self.right)


def _order(left: Any, right: Any) -> int:
    if isinstance(left, str) and isinstance(right, str):
        return (left > right) - (left < right)
    if all(isinstance(each, (int, float)) and not isinstance(each, bool) for each in (left, right)):
        return int(left > right) - int(left < right)
    raise Refused(f"two numbers or two texts can be compared, found {described(left)} and {described(right)}")


@dataclass(frozen=True)
class Sum:
    """Values added, subtracted or put together, from left to right."""

    column: int
    first: Node
    others: tuple[tuple[int, str, Node], ...]

    def value(self, scene: Scene) -> Any:
        """The number, or the text as soon as one of two is no number."""
        total = self.first.value(scene)
        for column, sign, node in self.others:
            value = node.value(scene)
            try:
                total = _added(total, value) if sign == "+" else number(total) - number(value)
            except Refused as problem:
                raise BadExpression(scene.dialect, column, f"what {sign} works on {problem}") from None
        return total

    def nodes(self) -> Iterator[Node]:
        """All values."""
        yield self.first
        yield from (node for _, _, node in self.others)


def _added(left: Any, right: Any) -> Any:
    if left is None and right is None:
        return None
    if all(isinstance(each, (int, float)) and not isinstance(each, bool) for each in (left, right)):
        return left + right
    return written(left) + written(right)


@dataclass(frozen=True)
class Array:
    """`{one, two}`."""

    column: int
    items: tuple[Node, ...]

    def value(self, scene: Scene) -> list[Any]:
        """A list of the values."""
        return [item.value(scene) for item in self.items]

    def nodes(self) -> Iterator[Node]:
        """The values."""
        return iter(self.items)


@dataclass(frozen=True)
class Element:
    """`array[0]`."""

    column: int
    array: Node
    index: Node

    def value(self, scene: Scene) -> Any:
        """The value at the index, counted from 0; null beyond the last and of null."""
        array, index = self.array.value(scene), self.index.value(scene)
        if array is None:
            return None
        if not isinstance(array, (list, tuple)):
            problem = f"an index stands after an array, found {described(array)}"
            raise BadExpression(scene.dialect, self.column, problem)
        if isinstance(index, bool) or not isinstance(index, int) or index < 0:
            problem = f"an index is a whole number from 0, found {described(index)}"
            raise BadExpression(scene.dialect, self.column, problem)
        return array[index] if index < len(array) else None

    def nodes(self) -> Iterator[Node]:
        """The array and the index."""
        yield from (self.array, self.index)

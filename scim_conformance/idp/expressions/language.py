"""What both vendors' expression languages are made of: nodes that know their value, and functions with a signature.

A function is declared by its signature in words, `"Mid(source: text, start: whole, length: whole)"`; from it come the
number of arguments it takes, the sentences on wrong ones and the conversion of each argument by its kind.
"""

from __future__ import annotations

import dataclasses
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any, Final, Protocol

TITLES: Final = {"entra": "Entra", "okta": "Okta"}
DEEPEST: Final = 60
"""Levels of parentheses; more are refused, so that no expression exhausts the interpreter's stack."""
_TALLEST: Final = 150
"""Levels of functions and operators inside each other, for the same reason."""


class Ignored:
    """The value of an attribute that an expression takes out of the flow: it is neither set nor cleared."""

    def __repr__(self) -> str:
        return "IGNORED"

    def __bool__(self) -> bool:
        return False


IGNORED: Final = Ignored()


class Refused(ValueError):  # noqa: N818 - it is a refusal
    """A function cannot work with what it is given; the call around it adds where that is."""


class BadExpression(ValueError):  # noqa: N818 - as BadConfiguration
    """An expression that cannot be read, or not evaluated with the values at hand; `column` counts from 1."""

    def __init__(self, dialect: str, column: int, problem: str, closest: str = "") -> None:
        super().__init__(f"{TITLES[dialect]} expression, column {column}: {problem}")
        self.dialect, self.column, self.problem, self.closest = dialect, column, problem, closest


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Circumstances:
    """What no attribute holds: the time of the clock, in UTC, and chance."""

    now: Callable[[], datetime] = _now
    chance: random.Random | None = None
    """Without one, chance is drawn from the expression and the attributes: the same person gets the same value again,
    so that a value that changes between two cycles is the target's doing."""


@dataclass(frozen=True)
class Scene:
    """One evaluation: the attributes that are read, and the circumstances."""

    dialect: str
    attributes: Mapping[str, Any]
    now: Callable[[], datetime]
    chance: random.Random

    def attribute(self, name: str) -> Any:
        """The value of an attribute by its name as written, else by its path into complex ones; null if absent."""
        if name in self.attributes:
            return self.attributes[name]
        value: Any = self.attributes
        for part in name.split("."):
            if not isinstance(value, Mapping) or part not in value:
                return None
            value = value[part]
        return value


class Node(Protocol):
    """A part of an expression."""

    @property
    def column(self) -> int:
        """Where it begins, counted from 1."""

    def value(self, scene: Scene) -> Any:
        """What it is with these attributes; raises BadExpression."""

    def nodes(self) -> Iterator[Node]:
        """The parts that it has."""


def every(node: Node) -> Iterator[Node]:
    """A node and all below it."""
    left = [node]
    while left:
        part = left.pop()
        yield part
        left.extend(part.nodes())


def _too_tall(root: Node) -> bool:
    level, height = [root], 0
    while level:
        level, height = [part for node in level for part in node.nodes()], height + 1
    return height > _TALLEST


@dataclass(frozen=True)
class Constant:
    """A value that is written out; also an argument that is left out, which has none."""

    column: int
    constant: Any
    left_out: bool = False

    def value(self, scene: Scene) -> Any:  # noqa: ARG002 - a constant is the same everywhere
        """The constant itself."""
        return self.constant

    def nodes(self) -> Iterator[Node]:
        """None."""
        return iter(())


@dataclass(frozen=True)
class Attribute:
    """A reference to an attribute of the person; `also` is another name under which it may be given."""

    column: int
    name: str
    also: str = ""

    def value(self, scene: Scene) -> Any:
        """Its value, null where the person has none."""
        found = scene.attribute(self.also) if self.also else None
        return scene.attribute(self.name) if found is None else found

    def nodes(self) -> Iterator[Node]:
        """None."""
        return iter(())


@dataclass(frozen=True)
class Promise:
    """An argument that its function evaluates by itself, if at all."""

    node: Node
    scene: Scene

    def value(self) -> Any:
        """The argument's value."""
        return self.node.value(self.scene)

    def lacks_an_attribute(self) -> bool:
        """Whether some attribute that it reads is absent, null or empty."""
        reads = (part for part in every(self.node) if isinstance(part, Attribute))
        return any(part.value(self.scene) in (None, "", []) for part in reads)


@dataclass(frozen=True)
class Call:
    """A function with its arguments."""

    column: int
    function: Function
    arguments: tuple[Node, ...]

    def value(self, scene: Scene) -> Any:
        """What the function gives; what it refuses is told with its name and column."""
        try:
            return self.function.run(scene, self.arguments)
        except Refused as problem:
            raise BadExpression(scene.dialect, self.column, f"{self.function.name}: {problem}") from None

    def nodes(self) -> Iterator[Node]:
        """The arguments."""
        return iter(self.arguments)


@dataclass(frozen=True)
class Parameter:
    """One parameter of a function."""

    name: str
    kind: str
    optional: bool
    repeats: bool


Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class Function:
    """A function of an expression language, with the kinds of its arguments."""

    name: str
    parameters: tuple[Parameter, ...]
    body: Callable[..., Any]
    kinds: Mapping[str, Convert]
    takes_null: bool
    takes_scene: bool
    combination: Callable[[frozenset[str]], str]

    @property
    def group(self) -> tuple[Parameter, ...]:
        """The parameters at the end that may come again, together."""
        return tuple(parameter for parameter in self.parameters if parameter.repeats)

    def parameter(self, index: int) -> Parameter:
        """The parameter that the argument with this index, from 0, is for."""
        fixed = len(self.parameters) - len(self.group)
        return self.parameters[index if index < fixed else fixed + (index - fixed) % len(self.group)]

    def complaint(self, arguments: Sequence[Node]) -> str:
        """What is wrong with the number of arguments or with what is left out; empty if nothing is."""
        count, group, names = len(arguments), self.group, ", ".join(each.name for each in self.parameters)
        fixed = len(self.parameters) - len(group)
        required = [index for index, each in enumerate(self.parameters) if not each.optional]
        least = required[-1] + 1 if required else 0
        found = f"found {count}"
        if group and count < least:
            return f"{self.name} takes at least {least} arguments ({names}, ...), {found}"
        if group and (count - fixed) % len(group):
            pairs = " and ".join(each.name for each in group)
            return f"{self.name} takes {pairs} in pairs after its first {fixed} arguments, {found}"
        if not group and not least <= count <= len(self.parameters):
            allowed = f"{least} to {len(self.parameters)}" if least < len(self.parameters) else str(least)
            plural = "s" if allowed != "1" else ""
            return f"{self.name} takes {allowed} argument{plural}" + (f" ({names}), " if names else ", ") + found
        given: set[str] = set()
        for index, argument in enumerate(arguments):
            parameter = self.parameter(index)
            if not (isinstance(argument, Constant) and argument.left_out):
                given.add(parameter.name)
            elif not parameter.optional:
                return f"{self.name} needs its {parameter.name} (argument {index + 1}), which is left out"
        return self.combination(frozenset(given))

    def run(self, scene: Scene, arguments: Sequence[Node]) -> Any:
        """The function's value; raises Refused where an argument is not of its kind."""
        values: list[Any] = [scene] if self.takes_scene else []
        for index, argument in enumerate(arguments):
            parameter = self.parameter(index)
            if parameter.kind == "promise":
                values.append(
                    None if isinstance(argument, Constant) and argument.left_out else Promise(argument, scene)
                )
                continue
            value = argument.value(scene)
            value = None if value is IGNORED else value
            if value is None and index == 0 and not self.takes_null:
                return None
            if isinstance(argument, Constant) and argument.left_out:
                values.append(None)
                continue
            try:
                values.append(self.kinds[parameter.kind](value))
            except Refused as problem:
                raise Refused(f"its {parameter.name} {problem}") from None
        return self.body(*values)


_SIGNATURE = re.compile(r"(?P<name>[\w.]+)\((?P<parameters>.*)\)$")
_PARAMETER = re.compile(r"(?P<name>\w+): (?P<kind>\w+)(?P<optional>\??)(?P<repeats>(?:\.\.\.)?)$")


def _no_complaint(given: frozenset[str]) -> str:  # noqa: ARG001 - most functions take any combination
    return ""


@dataclass
class Table:
    """The functions of one language, filled by its decorator."""

    kinds: Mapping[str, Convert]
    functions: dict[str, Function] = field(default_factory=dict)

    def __call__(
        self,
        signature: str,
        *,
        takes_null: bool = False,
        takes_scene: bool = False,
        combination: Callable[[frozenset[str]], str] = _no_complaint,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare a function; a null first argument makes it null, unless it `takes_null`."""
        match = _SIGNATURE.match(signature)
        assert match is not None, signature  # noqa: S101 - signatures are ours
        parameters = []
        for words in filter(None, match["parameters"].split(", ")):
            part = _PARAMETER.match(words)
            assert part is not None, words  # noqa: S101 - the same
            parameters.append(Parameter(part["name"], part["kind"], bool(part["optional"]), bool(part["repeats"])))

        def enter(body: Callable[..., Any]) -> Callable[..., Any]:
            name = match["name"]
            self.functions[name] = Function(
                name, tuple(parameters), body, self.kinds, takes_null, takes_scene, combination
            )
            return body

        return enter

    def also(self, name: str, known_as: str) -> None:
        """Enter a function under a second name."""
        self.functions[name] = dataclasses.replace(self.functions[known_as], name=name)


_NEAR: Final = 0.5


def closest(word: str, known: Iterable[str]) -> str:
    """The known word nearest to one, whatever its case; empty if none is near."""
    folded: dict[str, str] = {}
    for name in known:
        folded.setdefault(name.lower(), name)
        folded.setdefault(name.lower().rpartition(".")[2], name)
    asked = word.lower()
    near = get_close_matches(asked, folded, 1, _NEAR) or get_close_matches(asked.rpartition(".")[2], folded, 1, _NEAR)
    return folded[near[0]] if near else ""


def described(value: Any) -> str:
    """A value in a sentence of an error, cut where it is long."""
    if value is None:
        return "nothing"
    if isinstance(value, (list, tuple)):
        return f"{len(value)} values"
    if isinstance(value, Mapping):
        return "a complex value"
    text = repr(value) if not isinstance(value, str) else f'"{value}"'
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 - as much as a line bears


def expression(dialect: str, text: str, root: Node, *, redacted: bool = False) -> Expression:
    """An expression from what was read; raises BadExpression where it is too tall to be evaluated."""
    if _too_tall(root):
        raise BadExpression(dialect, root.column, f"more than {_TALLEST} functions and operators inside each other")
    sources = frozenset(node.name for node in every(root) if isinstance(node, Attribute))
    return Expression(dialect, text, sources, root, redacted)


@dataclass(frozen=True)
class Expression:
    """An expression that could be read."""

    dialect: str
    text: str
    sources: frozenset[str]
    """The names of the attributes that it reads."""
    root: Node = field(repr=False)
    redacted: bool = False
    """Whether it hides its value from logs (Redact): the value is sent, and never shown."""

    def evaluate(self, attributes: Mapping[str, Any], circumstances: Circumstances | None = None) -> Any:
        """The value for a person: text, a number, a flag, a list, null, or IGNORED; raises BadExpression."""
        given = circumstances or Circumstances()
        chance = given.chance or random.Random(f"{self.text}\n{sorted(attributes.items(), key=repr)}")  # noqa: S311 - no secret: made-up people, and repeatable on purpose
        try:
            return self.root.value(Scene(self.dialect, attributes, given.now, chance))
        except BadExpression as problem:
            if not self.redacted:
                raise
            hidden = "a function cannot work with this person's values, which the expression redacts"
            raise BadExpression(self.dialect, problem.column, hidden) from None

    def shown(self, value: Any) -> str:
        """A value of it as reports may show it."""
        return "[Redact]" if self.redacted else described(value)

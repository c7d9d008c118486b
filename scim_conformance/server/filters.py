"""The filter language of RFC 7644 section 3.4.2.2: its syntax tree and a parser with one method a rule of the grammar.

Precedence is grouping, not, and, or (erratum 4670). A filter in square brackets holds no further square brackets
(errata 4690 and 7322). Blanks may be several; `not` may be followed by one (erratum 7319).
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from scim_conformance.server.errors import ScimError, invalid_filter
from scim_conformance.server.paths import AttributePath, BadPath, attribute_path

OPERATORS = ("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le")


@dataclass(frozen=True, slots=True)
class Compare:
    """`path operator value`."""

    path: AttributePath
    operator: str
    value: Any
    column: int = field(default=1, compare=False)

    def __str__(self) -> str:
        return f"{self.path} {self.operator} {json.dumps(self.value, ensure_ascii=False)}"


@dataclass(frozen=True, slots=True)
class Present:
    """`path pr`."""

    path: AttributePath
    column: int = field(default=1, compare=False)

    def __str__(self) -> str:
        return f"{self.path} pr"


@dataclass(frozen=True, slots=True)
class Not:
    """`not (filter)`."""

    filter: "Filter"

    def __str__(self) -> str:
        return f"not ({self.filter})"


@dataclass(frozen=True, slots=True)
class And:
    """Filters that all have to match."""

    parts: "tuple[Filter, ...]"

    def __str__(self) -> str:
        return " and ".join(f"({part})" if isinstance(part, And | Or) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """Filters of which one has to match."""

    parts: "tuple[Filter, ...]"

    def __str__(self) -> str:
        return " or ".join(f"({part})" if isinstance(part, Or) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class ValuePath:
    """`path[filter]`: one element meets all of the filter."""

    path: AttributePath
    filter: "Filter"
    column: int = field(default=1, compare=False)

    def __str__(self) -> str:
        return f"{self.path}[{self.filter}]"


Filter = Compare | Present | Not | And | Or | ValuePath

_BLANKS = re.compile(r" *")
_WORD = re.compile(r"[^\s()\[\]\"]+")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])", re.ASCII)
_LITERALS = {"true": True, "false": False, "null": None}


class FilterParser:
    """Reads one filter; every refusal names the column, counted from 1, and what was expected there."""

    max_depth = 40

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.depth = 0
        self.in_brackets = False

    def parse(self) -> Filter:
        """Read the whole text as one filter."""
        found = self.filter()
        self.skip_blanks()
        if self.position < len(self.text):
            raise self.expected("'and', 'or' or the end of the filter")
        return found

    # FILTER = attrExp / logExp / valuePath / *1"not" "(" FILTER ")"
    def filter(self) -> Filter:
        """Read a filter, of which `or` binds the least."""
        self.depth += 1
        if self.depth > self.max_depth:
            raise invalid_filter(f"The filter nests deeper than {self.max_depth} levels at column {self.column}.")
        found = self.disjunction()
        self.depth -= 1
        return found

    # logExp = FILTER SP ("and" / "or") SP FILTER
    def disjunction(self) -> Filter:
        """Read conjunctions joined by `or`."""
        parts = [self.conjunction()]
        while self.take_word("or"):
            parts.append(self.conjunction())
        return self.joined(Or, parts)

    def conjunction(self) -> Filter:
        """Read terms joined by `and`, which binds more than `or`."""
        parts = [self.term()]
        while self.take_word("and"):
            parts.append(self.term())
        return self.joined(And, parts)

    @staticmethod
    def joined(kind: type[And] | type[Or], parts: list[Filter]) -> Filter:
        """Make one filter of the parts."""
        return kind(tuple(parts)) if len(parts) > 1 else parts[0]

    def term(self) -> Filter:
        """Read a negation, a group, a value path or an attribute expression."""
        self.skip_blanks()
        if self.at_negation():
            return self.negation()
        if self.peek() == "(":
            return self.group()
        return self.expression()

    # *1"not" "(" FILTER ")"
    def at_negation(self) -> bool:
        """Tell whether `not` and a bracket follow."""
        return re.compile(r"not *\(", re.IGNORECASE).match(self.text, self.position) is not None

    def negation(self) -> Filter:
        """Read `not` and the group it negates."""
        self.position += len("not")
        self.skip_blanks()
        return Not(self.group())

    def group(self) -> Filter:
        """Read a filter in round brackets."""
        self.take("(", "'('")
        found = self.filter()
        self.take(")", "')'")
        return found

    # attrExp = (attrPath SP "pr") / (attrPath SP compareOp SP compValue)
    def expression(self) -> Filter:
        """Read an attribute path and what is asked of it."""
        column = self.column
        path = self.attribute_path()
        if self.peek() == "[":
            return self.value_path(path, column)
        return self.comparison(path, column)

    def comparison(self, path: AttributePath, column: int) -> Filter:
        """Read the operator and, unless it is `pr`, the value."""
        operator = self.operator()
        if operator == "pr":
            return Present(path, column)
        return Compare(path, operator, self.value(), column)

    # valuePath = attrPath "[" valFilter "]"
    def value_path(self, path: AttributePath, column: int) -> Filter:
        """Read a filter in square brackets on the elements of an attribute."""
        if self.in_brackets:
            raise self.expected("a filter without further square brackets inside square brackets")
        self.take("[", "'['")
        self.in_brackets = True
        inner = self.filter()
        self.in_brackets = False
        self.take("]", "']'")
        if self.peek() == ".":
            inner = And((inner, self.after_brackets()))
        return ValuePath(path, inner, column)

    def after_brackets(self) -> Filter:
        """Read `.sub operator value` after brackets, which the grammar lacks and Entra ID sends."""
        self.take(".", "'.'")
        column = self.column
        return self.comparison(self.attribute_path(), column)

    # attrPath = [URI ":"] ATTRNAME *1subAttr
    def attribute_path(self) -> AttributePath:
        """Read the name of an attribute."""
        start = self.position
        word = self.word()
        try:
            return attribute_path(word)
        except BadPath:
            self.position = start
            raise self.expected("an attribute name") from None

    # The grammar calls this compareOp.
    def operator(self) -> str:
        """Read an operator; letter case does not count."""
        self.skip_blanks()
        start = self.position
        word = self.word().lower()
        if word in OPERATORS or word == "pr":
            return word
        self.position = start
        raise self.expected(f"an operator, one of {', '.join(OPERATORS)}, pr")

    # The grammar calls this compValue.
    def value(self) -> Any:
        """Read a JSON value that is no object or array."""
        self.skip_blanks()
        if self.peek() == '"':
            return self.string()
        number = _NUMBER.match(self.text, self.position)
        if number is not None:
            return self.number(number)
        start = self.position
        word = self.word()
        if word in _LITERALS:
            return _LITERALS[word]
        self.position = start
        raise self.expected("a quoted string, a number, true, false or null")

    def string(self) -> str:
        """Read a JSON string with its escapes."""
        match = _STRING.match(self.text, self.position)
        try:
            value = json.loads(match[0]) if match else None
            str(value).encode("utf-8")
        except ValueError:
            match = None
        if match is None:
            raise self.expected("a string in double quotes, with the escapes of JSON")
        self.position = match.end()
        return str(value)

    def number(self, match: re.Match[str]) -> int | float:
        """Read a JSON number."""
        self.position = match.end()
        try:
            value: int | float = json.loads(match[0])
        except ValueError:
            raise invalid_filter(f"The number before column {self.column} is too long.") from None
        return value

    # The text

    @property
    def column(self) -> int:
        """The column of the next character, counted from 1."""
        return self.position + 1

    def peek(self) -> str:
        """Give the next character, empty at the end."""
        return self.text[self.position : self.position + 1]

    def skip_blanks(self) -> None:
        """Pass over blanks."""
        match = _BLANKS.match(self.text, self.position)
        self.position = match.end() if match else self.position

    def word(self) -> str:
        """Read up to the next blank, bracket or quote; may be empty."""
        match = _WORD.match(self.text, self.position)
        self.position = match.end() if match else self.position
        return match[0] if match else ""

    def take(self, character: str, name: str) -> None:
        """Pass over one character that has to be there."""
        self.skip_blanks()
        if self.peek() != character:
            raise self.expected(name)
        self.position += 1

    def take_word(self, wanted: str) -> bool:
        """Pass over a word if it is next; letter case does not count."""
        self.skip_blanks()
        start = self.position
        if self.word().lower() == wanted:
            return True
        self.position = start
        return False

    def expected(self, what: str) -> ScimError:
        """Make the refusal that says what should stand at this column."""
        found = _WORD.match(self.text, self.position)
        text = found[0] if found else self.peek()
        shown = f"found {text[:40]!r}" if text else "the filter ends"
        return invalid_filter(f"At column {self.column} of the filter {what} is expected, but {shown}.")

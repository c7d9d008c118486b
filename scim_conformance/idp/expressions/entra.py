r"""Reading Microsoft Entra's provisioning expressions.

Functions with arguments in parentheses; attributes in square brackets, texts in double quotes with `\"` and `\\`,
numbers (also `&HF7`), and two values compared by `=`, `<>`, `<`, `<=`, `>` or `>=`. An argument may be left out between
its commas. Names are case-sensitive. Source: Microsoft Learn, "Reference for writing expressions for attribute mappings
in Microsoft Entra ID".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from scim_conformance.idp.expressions.dates import any_date
from scim_conformance.idp.expressions.entra_functions import FUNCTIONS
from scim_conformance.idp.expressions.entra_kinds import number_or_none, text_of
from scim_conformance.idp.expressions.language import (
    Attribute,
    BadExpression,
    Call,
    Constant,
    Expression,
    Node,
    Refused,
    Scene,
    closest,
    every,
    expression,
)
from scim_conformance.idp.expressions.reading import Word, Words

DIALECT: Final = "entra"
_WORD: Final = re.compile(
    r"(?P<space>[ \t\r\n\u00a0]+)"
    r'|(?P<text>"(?:[^"\\]|\\.)*")'
    r"|(?P<attribute>\[[^\[\]]*\])"
    r"|(?P<number>&[Hh][0-9A-Fa-f]{1,16}|-?[0-9]{1,18}(?:\.[0-9]{1,18})?)"
    r"|(?P<name>[^\W\d]\w*)"
    r"|(?P<mark><>|<=|>=|[=<>(),])"
    r"|(?P<stray>.)",
    re.DOTALL,
)
_COMPARISONS: Final = ("=", "<>", "<", "<=", ">", ">=")
_WORDS: Final = {"True": True, "False": False, "vbTextCompare": "vbTextCompare", "vbBinaryCompare": "vbBinaryCompare"}
_ESCAPE: Final = re.compile(r"\\([\"\\])")
_TOP_ONLY: Final = "SelectUniqueValue"


@dataclass(frozen=True)
class Comparison:
    """Two values compared: as numbers or dates where both are, else as text with regard to case."""

    column: int
    operator: str
    left: Node
    right: Node

    def value(self, scene: Scene) -> bool:
        """Whether it holds; null is equal to the empty text."""
        try:
            left, right = _comparable(self.left.value(scene), self.right.value(scene))
        except Refused as problem:
            raise BadExpression(scene.dialect, self.column, f"{self.operator}: {problem}") from None
        outcomes: dict[str, Callable[[], bool]] = {
            "=": lambda: bool(left == right), "<>": lambda: bool(left != right), "<": lambda: bool(left < right),
            "<=": lambda: bool(left <= right), ">": lambda: bool(left > right), ">=": lambda: bool(left >= right),
        }  # fmt: skip
        return outcomes[self.operator]()

    def nodes(self) -> Iterator[Node]:
        """Both sides."""
        yield self.left
        yield self.right


def _comparable(left: Any, right: Any) -> tuple[Any, Any]:
    numbers = number_or_none(left), number_or_none(right)
    if None not in numbers:
        return numbers
    texts = text_of(left) or "", text_of(right) or ""
    try:
        return any_date(texts[0]), any_date(texts[1])
    except Refused:
        return texts


def parse(text: str) -> Expression:
    """Read an expression; raises BadExpression."""
    words = Words(DIALECT, text, _WORD)
    if words.next.kind == "end":
        words.refuse(words.next, "it is empty; write a function such as Join, or an attribute such as [givenName]")
    root = _argument(words)
    rest = words.next
    if rest.kind != "end":
        words.refuse(rest, f"found {rest} after the expression's end; values are put together with Join or Append")
    for node in every(root):
        if isinstance(node, Call) and node.function.name == _TOP_ONLY and node is not root:
            raise BadExpression(
                DIALECT, node.column, f"{_TOP_ONLY} must be the outermost function; found it inside one"
            )
    redacted = any(isinstance(node, Call) and node.function.name == "Redact" for node in every(root))
    return expression(DIALECT, text, root, redacted=redacted)


def _argument(words: Words) -> Node:
    left = _operand(words)
    sign = words.takes(*_COMPARISONS)
    if sign is None:
        return left
    right = _operand(words)
    if words.next.kind == "mark" and words.next.text in _COMPARISONS:
        words.refuse(words.next, f"found a second comparison, {words.next}; nest IIF to test two things")
    return Comparison(sign.column, sign.text, left, right)


def _operand(words: Words) -> Node:
    word = words.take()
    match word.kind:
        case "text":
            return Constant(word.column, _ESCAPE.sub(r"\1", word.text[1:-1]))
        case "attribute":
            name = word.text[1:-1].strip()
            if not name:
                words.refuse(word, "found [], an attribute without a name")
            return Attribute(word.column, name)
        case "number":
            return Constant(word.column, _number(word.text))
        case "name":
            return _named(words, word)
        case _:
            return words.refuse(word, _strange(word))


def _number(text: str) -> int | float:
    if text[0] == "&":
        return int(text.upper().removeprefix("&H"), base=16)
    return float(text) if "." in text else int(text)


def _strange(word: Word) -> str:
    allowed = "an attribute in brackets, a text in double quotes, a number or a function"
    if word.text == '"':
        return 'found a text without its closing "; a quotation mark inside of a text is written \\"'
    if word.text == "[":
        return "found an attribute without its closing ]"
    if word.text in ("'", "\u201c", "\u201d", "\u201e", "\u2018", "\u2019"):
        return f'found {word}; texts stand in straight double quotes (")'
    if word.text in _COMPARISONS:
        return f"found {word} without a value before it"
    return f"found {word} where {allowed} must stand"


def _named(words: Words, word: Word) -> Node:
    if words.next.text != "(":
        if word.text in _WORDS:
            return Constant(word.column, _WORDS[word.text])
        near = closest(word.text, FUNCTIONS)
        hint = f"; the function {near} needs parentheses" if near else ""
        words.refuse(word, f'found {word} alone; an attribute is written [{word}], a text "{word}"{hint}', near)
    function = FUNCTIONS.get(word.text)
    if function is None:
        near = closest(word.text, FUNCTIONS)
        hint = f"did you mean {near}?" if near else "Microsoft's reference names them Join, Switch, Replace and so on"
        words.refuse(word, f"there is no function {word}; {hint}", near)
    arguments = tuple(_arguments(words, word))
    complaint = function.complaint(arguments)
    if complaint:
        words.refuse(word, complaint)
    return Call(word.column, function, arguments)


def _arguments(words: Words, function: Word) -> Iterator[Node]:
    opening = words.take()
    if words.takes(")"):
        return
    with words:
        while True:
            if words.next.kind == "mark" and words.next.text in ",)":
                yield Constant(words.next.column, None, left_out=True)
            else:
                yield _argument(words)
            if words.takes(")"):
                return
            if words.next.kind == "end":
                words.refuse(opening, f"the parenthesis after {function} is never closed")
            words.demand(",", f"a comma or the closing parenthesis of {function} must stand")

"""Reading Okta's Expression Language as profile mappings write it.

References such as `user.firstName`; functions `String.substringBefore(user.email, "@")` and the older ones without
prefix; `+`, comparisons, `AND`, `OR`, `!`, `condition ? one : other`, `value ?: other`, arrays `{1, 2}` and their
elements, texts in either quotes (a quotation mark inside is doubled, a backslash is itself). Names are case-sensitive.
Source: Okta developer documentation, "Okta Expression Language overview".
"""

from __future__ import annotations

import re
from typing import Final, NoReturn

from scim_conformance.idp.expressions.language import Attribute, Call, Constant, Expression, Node, closest, expression
from scim_conformance.idp.expressions.okta_functions import FUNCTIONS, INTERNAL_PROPERTIES, OUT_OF_REACH
from scim_conformance.idp.expressions.okta_nodes import (
    Array,
    Choice,
    Default,
    Element,
    Logic,
    Negation,
    Relation,
    Sum,
)
from scim_conformance.idp.expressions.reading import Word, Words

DIALECT: Final = "okta"
_WORD: Final = re.compile(
    r"(?P<space>[ \t\r\n\u00a0]+)"
    r"|(?P<text>'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\")"
    r"|(?P<number>[0-9]{1,18}(?:\.[0-9]{1,18})?)"
    r"|(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)"
    r"|(?P<mark>\?:|==|!=|<=|>=|&&|\|\||[?:<>!+\-(){}\[\],])"
    r"|(?P<stray>.)",
    re.DOTALL,
)
_RELATIONS: Final = ("==", "!=", "<", "<=", ">", ">=")
_CONSTANTS: Final = {"null": None, "true": True, "false": False}
_PROFILES: Final = ("user", "appuser", "appUser", "source", "idpuser")
_METHODS: Final = {"contains": "String.stringContains", "length": "String.len", "size": "Arrays.size"}
_INTERNAL: Final = "user.getInternalProperty"


def parse(text: str) -> Expression:
    """Read an expression; raises BadExpression."""
    words = Words(DIALECT, text, _WORD)
    if words.next.kind == "end":
        words.refuse(words.next, "it is empty; write an attribute such as user.firstName")
    root = _expression(words)
    rest = words.next
    if rest.kind != "end":
        words.refuse(rest, _strange(rest, "after the expression's end; texts are put together with +"))
    return expression(DIALECT, text, root)


def _strange(word: Word, where: str) -> str:
    match word.text:
        case "=":
            return "found =; two values are compared with =="
        case "&" | "|":
            return f"found a single {word}; conditions are joined with AND, OR, && or ||"
        case "'" | '"':
            return f"found a text without its closing {word}"
        case "\u2018" | "\u2019" | "\u201c" | "\u201d" | "\u201e":
            return f"found {word}; texts stand in straight quotes (' or \")"
        case "*" | "/" | "%" | "^":
            return f"found {word}; of the operators on numbers + and - are documented"
        case _:
            return f"found {word} {where}"


def _expression(words: Words) -> Node:
    """A value, or a chain of conditions with their values; a chain is read in a loop, for it may be long."""
    earlier: list[tuple[Word, Node, Node | None]] = []
    with words:
        while True:
            node = _joined(words, every_one=False)
            sign = words.takes("?", "?:")
            if sign is None:
                break
            true = None
            if sign.text == "?":
                true = _expression(words)
                if not words.takes(":"):
                    found = _strange(words.next, "where the : of the condition must stand")
                    words.refuse(words.next, f"{found}; a condition is written condition ? one : other")
            earlier.append((sign, node, true))
    for sign, first, true in reversed(earlier):
        node = Default(sign.column, first, node) if true is None else Choice(sign.column, first, true, node)
    return node


def _joined(words: Words, *, every_one: bool) -> Node:
    column, mark, name = words.next.column, *(("&&", "and") if every_one else ("||", "or"))
    conditions = [_part(words, every_one=every_one)]
    while (words.next.kind == "mark" and words.next.text == mark) or (
        words.next.kind == "name" and words.next.text.lower() == name
    ):
        words.take()
        conditions.append(_part(words, every_one=every_one))
    return conditions[0] if len(conditions) == 1 else Logic(column, every_one, tuple(conditions))


def _part(words: Words, *, every_one: bool) -> Node:
    return _relation(words) if every_one else _joined(words, every_one=True)


def _relation(words: Words) -> Node:
    left = _sum(words)
    sign = words.takes(*_RELATIONS)
    if sign is None and words.next.kind == "name" and words.next.text == "matches":
        sign = words.take()
    if sign is None:
        return left
    right = _sum(words)
    if words.next.kind == "mark" and words.next.text in _RELATIONS:
        words.refuse(words.next, f"found a second comparison, {words.next}; join two with AND or OR")
    return Relation(sign.column, sign.text, left, right)


def _sum(words: Words) -> Node:
    column = words.next.column
    first = _unary(words)
    others = []
    while sign := words.takes("+", "-"):
        others.append((sign.column, sign.text, _unary(words)))
    return Sum(column, first, tuple(others)) if others else first


def _unary(words: Words) -> Node:
    sign = words.takes("!", "-")
    if sign is None:
        return _elements(words, _operand(words))
    with words:
        node = _unary(words)
    return (
        Negation(sign.column, node)
        if sign.text == "!"
        else Sum(sign.column, Constant(sign.column, 0), ((sign.column, "-", node),))
    )


def _elements(words: Words, node: Node) -> Node:
    """What stands after an operand: indexes, and the methods that profile mappings do not have."""
    indexes = 0
    while opening := words.takes("["):
        indexes += 1
        if indexes > 3:  # noqa: PLR2004 - profiles have no deeper arrays
            words.refuse(opening, "found a fourth index; attributes are no arrays of arrays of arrays")
        node = Element(opening.column, node, _expression(words))
        words.demand("]", "the closing ] of the index must stand")
    if words.next.text == ".":
        method = words.after_next.text.partition(".")[0]
        near = _METHODS.get(method) or closest(method, FUNCTIONS)
        hint = f", here {near}(...)" if near else ""
        words.refuse(
            words.next,
            f"found .{method} after a value; that is the dialect of Okta's Identity Engine, profile mappings use "
            f"functions{hint}",
            near,
        )
    return node


def _operand(words: Words) -> Node:
    word = words.take()
    match word.kind:
        case "text":
            quote = word.text[0]
            return Constant(word.column, word.text[1:-1].replace(quote * 2, quote))
        case "number":
            return Constant(word.column, float(word.text) if "." in word.text else int(word.text))
        case "name":
            return _called(words, word) if words.next.text == "(" else _reference(words, word)
    if word.text == "(":
        inside = _expression(words)
        words.demand(")", "the closing parenthesis must stand")
        return inside
    if word.text == "{":
        return _array(words, word)
    return words.refuse(word, _strange(word, "where an attribute, a text, a number or a function must stand"))


def _array(words: Words, opening: Word) -> Node:
    items: list[Node] = []
    if words.takes("}"):
        return Array(opening.column, ())
    while True:
        items.append(_expression(words))
        if words.next.text == ":":
            words.refuse(words.next, "found a map; profile mappings have arrays such as {1, 2} alone")
        if words.takes("}"):
            return Array(opening.column, tuple(items))
        words.demand(",", "a comma or the closing } of the array must stand")


def _reference(words: Words, word: Word) -> Node:
    if word.text.lower() in _CONSTANTS:
        return Constant(word.column, _CONSTANTS[word.text.lower()])
    if word.text in OUT_OF_REACH or word.text in FUNCTIONS:
        words.refuse(word, f"the function {word} stands without its parentheses")
    profile, dot, name = word.text.partition(".")
    if not dot:
        if word.text in _PROFILES:
            words.refuse(word, f"found {word} alone; one of its attributes is written {word}.firstName")
        return Attribute(word.column, word.text)
    if profile == "session":
        words.refuse(word, f"{word} belongs to a sign-in; a profile mapping has none")
    if "." in name:
        last = name.rpartition(".")[2]
        words.refuse(word, f"found {word}; attributes of a profile have no parts, write {profile}.{last}")
    if profile in _PROFILES:
        return Attribute(word.column, name, "" if profile == "user" else word.text)
    return Attribute(word.column, word.text)


def _called(words: Words, word: Word) -> Node:
    if word.text in OUT_OF_REACH:
        words.refuse(
            word,
            f"{word} cannot be evaluated outside of Okta: it reads {OUT_OF_REACH[word.text]}; write a constant or an "
            "attribute instead to test this row",
        )
    if word.text == _INTERNAL:
        return _internal(words, word)
    function = FUNCTIONS.get(word.text)
    if function is None:
        return _unknown(words, word)
    arguments = tuple(_arguments(words, word))
    complaint = function.complaint(arguments)
    if complaint:
        words.refuse(word, complaint)
    return Call(word.column, function, arguments)


def _unknown(words: Words, word: Word) -> NoReturn:
    reference, _, method = word.text.rpartition(".")
    known = [*FUNCTIONS, *OUT_OF_REACH, _INTERNAL]
    profile, dot, _ = reference.partition(".")
    if profile in _PROFILES and dot:
        near = _METHODS.get(method) or closest(method, FUNCTIONS)
        others = "" if words.after_next.text == ")" else ", ..."
        hint = f"write {near}({reference}{others})" if near else "write functions such as String.len"
        words.refuse(word, f"found the method {method}, which is the dialect of Okta's Identity Engine; {hint}", near)
    near = closest(word.text, known)
    hint = f"did you mean {near}?" if near else "names begin with String., Arrays., Convert., Iso3166Convert. or Time."
    words.refuse(word, f"there is no function {word}; {hint}", near)


def _internal(words: Words, word: Word) -> Node:
    words.take()
    name = words.take()
    if name.kind != "text" or not words.takes(")"):
        words.refuse(word, f'{word} takes 1 argument, the name of a property in quotes such as "id"')
    asked = name.text[1:-1]
    if asked not in INTERNAL_PROPERTIES:
        near = closest(asked, INTERNAL_PROPERTIES)
        hint = f"did you mean {near}?" if near else f"there are {', '.join(INTERNAL_PROPERTIES)}"
        words.refuse(name, f"there is no internal property {name}; {hint}", near)
    return Attribute(word.column, asked)


def _arguments(words: Words, function: Word) -> list[Node]:
    opening = words.take()
    arguments: list[Node] = []
    if words.takes(")"):
        return arguments
    while True:
        if words.next.kind == "end":
            words.refuse(opening, f"the parenthesis after {function} is never closed")
        if words.next.kind == "mark" and words.next.text in ",)":
            words.refuse(words.next, f"found {words.next} where argument {len(arguments) + 1} of {function} must stand")
        arguments.append(_expression(words))
        if words.takes(")"):
            return arguments
        if words.next.kind == "end":
            words.refuse(opening, f"the parenthesis after {function} is never closed")
        words.demand(",", f"a comma or the closing parenthesis of {function} must stand")

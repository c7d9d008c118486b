"""Microsoft Entra's functions on texts and on lists of them.

Source: Microsoft Learn, "Reference for writing expressions for attribute mappings in Microsoft Entra ID". Where it is
silent on null, null gives null.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from typing import Any, Final

from scim_conformance.idp.expressions.entra_kinds import FUNCTIONS, text_of
from scim_conformance.idp.expressions.language import Refused, described
from scim_conformance.idp.expressions.regexes import extracted, group_replaced, replaced


@FUNCTIONS("Append(source: text, suffix: phrase)")
def append(source: str, suffix: str) -> str:
    """The source with the suffix after it; the documentation is silent on null: without a source there is nothing."""
    return source + suffix


@FUNCTIONS("Join(separator: phrase, source: list...)", takes_null=True)
def join(separator: str, *sources: list[Any]) -> str | None:
    """The values with the separator in between, every value of a multi-valued attribute.

    Empty ones are left out: the documented example joins "", a surname and a given name by ", " to "Doe, John". That
    null is left out as well, and that nothing but empty ones give null, is our reading.
    """
    texts = [text_of(value) for source in sources for value in source]
    return separator.join(text for text in texts if text) or None


@FUNCTIONS("Left(String: phrase, NumChars: whole)", takes_null=True)
def left(text: str, count: int) -> str:
    """The first characters; the whole text for a negative number, and the empty text for null."""
    return text if count < 0 else text[:count]


@FUNCTIONS("Mid(source: text, start: whole, length: whole)")
def mid(source: str, start: int, length: int) -> str:
    """The characters from `start`, counted from 1, cut at the end of the text."""
    if start < 1:
        raise Refused(f"its start counts from 1, found {start}")
    return source[start - 1 : start - 1 + max(length, 0)]


@FUNCTIONS("Len(source: phrase)", takes_null=True)
def length(source: str) -> int:
    """The number of characters. The reference does not list it; administrators report using it."""
    return len(source)


@FUNCTIONS("InStr(value1: phrase, value2: phrase, start: whole?, compareType: text?)", takes_null=True)
def position(text: str, sought: str, start: int | None = None, compare: str | None = None) -> int:
    """Where a text is found in another, counted from 1; 0 if nowhere. Compared with regard to case unless told."""
    if compare not in (None, "", "vbTextCompare", "vbBinaryCompare"):
        raise Refused(f"its compareType is vbTextCompare or vbBinaryCompare, found {described(compare)}")
    if start is not None and start < 1:
        raise Refused(f"its start counts from 1, found {start}")
    if compare == "vbTextCompare":
        text, sought = text.lower(), sought.lower()
    return text.find(sought, (start or 1) - 1) + 1


@FUNCTIONS("Word(String: phrase, WordNumber: whole, delimiters: phrase)", takes_null=True)
def word(text: str, number: int, delimiters: str) -> str:
    """The word with this number from 1, where each of the delimiters ends a word; empty where there is none."""
    words = [part for part in re.split(f"[{re.escape(delimiters)}]", text) if part] if delimiters else [text]
    return words[number - 1] if 1 <= number <= len(words) else ""


@FUNCTIONS("Split(source: text, delimiter: phrase)")
def split(source: str, delimiter: str) -> list[str]:
    """The parts between delimiters; as in the documented example without white space around them."""
    if not delimiter:
        raise Refused("its delimiter is empty")
    return [part.strip() for part in source.split(delimiter)]


@FUNCTIONS("StripSpaces(source: text)")
def strip_spaces(source: str) -> str:
    """The text without any space; other white space stays."""
    return source.replace(" ", "")


_CULTURE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)
_TURKIC: Final = ("tr", "az")


def _turkic(culture: str | None) -> bool:
    if culture and not _CULTURE.fullmatch(culture):
        raise Refused(f"its culture is a name such as en-US or tr-TR, found {described(culture)}")
    return (culture or "")[:2].lower() in _TURKIC


@FUNCTIONS("ToLower(source: text, culture: text?)")
def to_lower(source: str, culture: str | None = None) -> str:
    """Small letters, one for one as .NET does it, by the invariant culture unless told."""
    if _turkic(culture):
        source = source.replace("I", "\u0131").replace("\u0130", "i")
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in source)


@FUNCTIONS("ToUpper(source: text, culture: text?)")
def to_upper(source: str, culture: str | None = None) -> str:
    """Capital letters, one for one as .NET does it (the German sharp s stays), by the invariant culture unless told."""
    if _turkic(culture):
        source = source.replace("i", "\u0130").replace("\u0131", "I")
    return "".join(capital if len(capital := letter.upper()) == 1 else letter for letter in source)


_SEPARATORS: Final = frozenset(
    ("Zs", "Zl", "Zp", "Cc", "Cf", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So")
)
"""Unicode's categories that end a word where no separators are given."""


@FUNCTIONS("PCase(source: text, wordSeparators: text?)")
def proper_case(source: str, separators: str | None = None) -> str:
    """A capital at the start of each word, small letters in it.

    Without separators an apostrophe does not end a word, as in the .NET function that the documentation names.
    """
    result, starts = [], True
    for letter in source:
        result.append(to_upper(letter) if starts else to_lower(letter))
        if separators is not None:
            starts = letter in separators
        else:
            starts = unicodedata.category(letter) in _SEPARATORS and letter != "'"
    return "".join(result)


_LIGATURES: Final = {
    "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "oe", "Ø": "OE", "ß": "ss", "ł": "l", "Ł": "L",
    "\u0131": "i",
}  # fmt: skip


@FUNCTIONS("NormalizeDiacritics(source: text)")
def normalize_diacritics(source: str) -> str:
    """Latin letters without their marks, as in the documented table; other scripts stay as they are."""
    result: list[str] = []
    latin = False
    for letter in unicodedata.normalize("NFD", source):
        if unicodedata.category(letter) == "Mn":
            if not latin:
                result.append(letter)
            continue
        latin = unicodedata.name(letter, "").startswith("LATIN")
        result.append(_LIGATURES.get(letter, letter))
    return unicodedata.normalize("NFC", "".join(result))


def _combination(given: frozenset[str]) -> str:
    pairs = (
        {"oldValue", "template"}, {"oldValue", "replacementValue"}, {"regexPattern", "replacementValue"},
        {"regexPattern", "regexGroupName", "replacementAttributeName"},
    )  # fmt: skip
    if any(pair <= given for pair in pairs):
        return ""
    found = ", ".join(sorted(given - {"source"})) or "neither"
    return (
        "Replace needs oldValue with replacementValue or template, regexPattern with replacementValue, or regexPattern "
        f"with regexGroupName and replacementAttributeName; found {found}"
    )


@FUNCTIONS(
    "Replace(source: text, oldValue: text?, regexPattern: text?, regexGroupName: text?, replacementValue: phrase?, "
    "replacementAttributeName: phrase?, template: phrase?)",
    takes_null=True,
    combination=_combination,
)
def replace(
    source: str | None,
    old: str | None,
    pattern: str | None = None,
    group: str | None = None,
    new: str | None = None,
    other: str | None = None,
    template: str | None = None,
) -> str | None:
    """The source with something replaced; what depends on the arguments that are given, in the documented order.

    A source without value stays so, except that another attribute may stand in for it.
    """
    if pattern and group and other is not None:
        return source or extracted(pattern, group, other)
    if source is None:
        return None
    if old and template is not None:
        return template.replace(old, source)
    if old and new is not None:
        return source.replace(old, new)
    if pattern and new is not None:
        return group_replaced(pattern, group, source, new) if group else replaced(pattern, source, new)
    return source


@FUNCTIONS("ConvertToBase64(source: text)")
def to_base64(source: str) -> str:
    """The text in UTF-16, little end first, as base64."""
    return base64.b64encode(source.encode("utf-16-le", "surrogatepass")).decode("ascii")


@FUNCTIONS("ConvertToUTF8Hex(source: text)")
def to_hex(source: str) -> str:
    """The text in UTF-8 as hexadecimal digits."""
    return source.encode("utf-8", "surrogatepass").hex().upper()


@FUNCTIONS("Count(attribute: list)", takes_null=True)
def count(values: list[Any]) -> int:
    """How many values an attribute has."""
    return len(values)


@FUNCTIONS("Item(attribute: list, index: whole)")
def item(values: list[Any], index: int) -> Any:
    """The value with this number; the first has 1. Beyond the last there is null, our reading."""
    if index < 1:
        raise Refused(f"its index counts from 1, found {index}")
    return values[index - 1] if index <= len(values) else None


@FUNCTIONS("RemoveDuplicates(attribute: list)")
def remove_duplicates(values: list[Any]) -> list[Any]:
    """Each value once, in the order of the first; compared with regard to case, our reading."""
    unique: list[Any] = []
    for value in values:
        if value not in unique:
            unique.append(value)
    return unique

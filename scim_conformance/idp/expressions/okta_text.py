"""Okta's functions on texts and arrays.

Source: Okta developer documentation, "Okta Expression Language overview". It is silent on null: here null gives null,
counts as nothing where texts are put together, has the length 0 and contains nothing. It is silent as well on positions
beyond a text's end, which mean its end, and on texts without the delimiter, before which all stands.
"""

from __future__ import annotations

from typing import Any

from scim_conformance.idp.expressions.language import Refused
from scim_conformance.idp.expressions.okta_kinds import FUNCTIONS, values, written


@FUNCTIONS("String.append(str: text, suffix: text)", takes_null=True)
def append(text: str | None, suffix: str | None) -> str | None:
    """Two texts, one after the other."""
    return None if text is None and suffix is None else (text or "") + (suffix or "")


@FUNCTIONS("String.join(separator: phrase, string: any...)", takes_null=True)
def join(separator: str, *texts: Any) -> str | None:
    """The texts with the separator in between; null ones are left out, and an array gives all that it holds."""
    parts = [part for text in texts for part in (text if isinstance(text, (list, tuple)) else [text])]
    present = [written(part) for part in parts if part is not None]
    return separator.join(present) if present else None


@FUNCTIONS("String.len(input: phrase)", takes_null=True)
def length(text: str) -> int:
    """The number of characters."""
    return len(text)


@FUNCTIONS("String.removeSpaces(input: text)")
def remove_spaces(text: str) -> str:
    """The text without any space."""
    return text.replace(" ", "")


@FUNCTIONS("String.replace(input: text, match: phrase, replacement: phrase)")
def replace(text: str, match: str, replacement: str) -> str:
    """The text with every occurrence replaced."""
    return text.replace(match, replacement) if match else text


@FUNCTIONS("String.replaceFirst(input: text, match: phrase, replacement: phrase)")
def replace_first(text: str, match: str, replacement: str) -> str:
    """The text with its first occurrence replaced."""
    return text.replace(match, replacement, 1) if match else text


@FUNCTIONS("String.startsWith(input: text, start: text)", takes_null=True)
def starts_with(text: str | None, start: str | None) -> bool:
    """Whether a text begins with another, with regard to case."""
    return text is not None and start is not None and text.startswith(start)


@FUNCTIONS("String.stringContains(input: text, searchString: text)", takes_null=True)
def contains(text: str | None, sought: str | None) -> bool:
    """Whether a text holds another, with regard to case."""
    return text is not None and sought is not None and sought in text


@FUNCTIONS("String.stringSwitch(input: phrase, defaultString: text, key: phrase..., value: text...)", takes_null=True)
def switch(text: str, default: str | None, *pairs: Any) -> str | None:
    """The value of the first key that is a part of the text, else the default."""
    for key, value in zip(pairs[::2], pairs[1::2], strict=True):
        if key and key in text:
            return str(value) if value is not None else None
    return default


@FUNCTIONS("String.substring(input: text, startIndex: whole, endIndex: whole)")
def substring(text: str, start: int, end: int) -> str:
    """The characters from one index, counted from 0, up to another, which is not part of it."""
    return text[max(start, 0) : max(end, 0)]


@FUNCTIONS("String.substringAfter(input: text, searchString: phrase)")
def substring_after(text: str, sought: str) -> str:
    """What follows the first occurrence; empty if there is none."""
    return text.partition(sought)[2] if sought else text


@FUNCTIONS("String.substringBefore(input: text, searchString: phrase)")
def substring_before(text: str, sought: str) -> str:
    """What stands before the first occurrence; all of the text if there is none."""
    return text.partition(sought)[0] if sought else ""


@FUNCTIONS("String.toUpperCase(input: text)")
def to_upper(text: str) -> str:
    """Capital letters, as Java makes them."""
    return text.upper()


@FUNCTIONS("String.toLowerCase(input: text)")
def to_lower(text: str) -> str:
    """Small letters, as Java makes them."""
    return text.lower()


for _older in ("toUpperCase", "toLowerCase", "substringBefore", "substringAfter", "substring"):
    FUNCTIONS.also(_older, f"String.{_older}")


@FUNCTIONS("Arrays.add(array: array, value: any)", takes_null=True)
def add(array: list[Any], value: Any) -> list[Any]:
    """The array with one more value at its end."""
    return [*array, value]


@FUNCTIONS("Arrays.remove(array: array, value: any)", takes_null=True)
def remove(array: list[Any], value: Any) -> list[Any]:
    """The array without a value, wherever it stands."""
    return [each for each in array if each != value]


@FUNCTIONS("Arrays.clear(array: array)", takes_null=True)
def clear(array: list[Any]) -> list[Any]:  # noqa: ARG001 - it is to be forgotten
    """An empty array."""
    return []


@FUNCTIONS("Arrays.get(array: array, position: whole)", takes_null=True)
def get(array: list[Any], position: int) -> Any:
    """The value at a position, counted from 0; null beyond the last, our reading."""
    if position < 0:
        raise Refused(f"its position counts from 0, found {position}")
    return array[position] if position < len(array) else None


@FUNCTIONS("Arrays.flatten(value: any...)", takes_null=True)
def flatten(*given: Any) -> list[Any]:
    """One array of all values and of those in arrays."""
    flat: list[Any] = []
    left = list(reversed(given))
    while left:
        value = left.pop()
        if isinstance(value, (list, tuple)):
            left.extend(reversed(value))
        elif value is not None:
            flat.append(value)
    return flat


@FUNCTIONS("Arrays.contains(array: array, value: any)", takes_null=True)
def array_contains(array: list[Any], value: Any) -> bool:
    """Whether an array holds a value."""
    return value in array


@FUNCTIONS("Arrays.size(array: array)", takes_null=True)
def size(array: list[Any]) -> int:
    """How many values an array holds; 0 for null."""
    return len(array)


@FUNCTIONS("Arrays.isEmpty(array: array)", takes_null=True)
def is_empty(array: list[Any]) -> bool:
    """Whether an array holds nothing; true for null."""
    return not array


@FUNCTIONS("Arrays.toCsvString(array: array)")
def to_csv(array: list[Any]) -> str:
    """The values with commas in between, as they are."""
    return ",".join(written(value) for value in values(array))

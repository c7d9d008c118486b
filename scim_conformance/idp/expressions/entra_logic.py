"""Microsoft Entra's functions that decide, convert and draw by chance.

Source: Microsoft Learn, "Reference for writing expressions for attribute mappings in Microsoft Entra ID".
"""

from __future__ import annotations

import string
import uuid
from typing import Any, Final

from scim_conformance.idp.expressions.entra_kinds import FUNCTIONS, number_or_none, text_of
from scim_conformance.idp.expressions.language import IGNORED, Promise, Refused, Scene, described


def _truth(value: Any) -> bool:
    """True and False, also as text; a number that is not zero. Null is false."""
    if value is None or value is IGNORED or value == "" or isinstance(value, bool):
        return bool(value)
    number = number_or_none(value)
    if number is not None:
        return number != 0
    text = (text_of(value) or "").strip().lower()
    if text not in ("true", "false"):
        raise Refused(f"found {described(value)} where True, False or a number must stand")
    return text == "true"


@FUNCTIONS("Switch(source: phrase, defaultValue: promise?, key: phrase..., value: promise...)", takes_null=True)
def switch(source: str, default: Promise | None, *pairs: Any) -> Any:
    """The value whose key is the source, with regard to case; else the default, or null without one.

    A source without value is found by the key "", as the reference's examples have it.
    """
    for key, value in zip(pairs[::2], pairs[1::2], strict=True):
        if key == source:
            return value.value()
    return default.value() if default else None


@FUNCTIONS("IIF(condition: promise, valueIfTrue: promise, valueIfFalse: promise)")
def iif(condition: Promise, true: Promise, false: Promise) -> Any:
    """One of two values.

    A condition that reads an attribute without value is not met: "the condition check fails" is all that the reference
    says of it, and that Switch should be used instead. Only the value that is chosen is evaluated; administrators
    report that Entra evaluates both.
    """
    if condition.lacks_an_attribute():
        return false.value()
    return true.value() if _truth(condition.value()) else false.value()


@FUNCTIONS("Coalesce(source: promise...)")
def coalesce(*sources: Promise) -> Any:
    """The first value that is not null, else null; the empty text is a value."""
    for source in sources:
        value = source.value()
        if value is not None and value is not IGNORED:
            return value
    return None


@FUNCTIONS("SelectUniqueValue(uniqueValueRule1: promise, uniqueValueRule: promise...)")
def select_unique(*rules: Promise) -> Any:
    """The first candidate: what would ask a directory for others is not at hand."""
    return coalesce(*rules)


@FUNCTIONS("IgnoreFlowIfNullOrEmpty(expression: any)", takes_null=True)
def ignore_flow(value: Any) -> Any:
    """The value, or that the attribute leaves the flow."""
    return IGNORED if value is None or value in ("", []) else value


@FUNCTIONS("Not(source: any)", takes_null=True)
def negated(value: Any) -> bool:
    """False for True, also as text; else True."""
    return str(value).strip().lower() != "true"


@FUNCTIONS("CBool(expression: any)", takes_null=True)
def to_bool(value: Any) -> bool:
    """Whether a value is true, or a number other than zero; null is false, our reading."""
    return _truth(value)


@FUNCTIONS("CStr(value: text)")
def to_text(value: str) -> str:
    """A value as text."""
    return value


@FUNCTIONS("IsNull(expression: any)", takes_null=True)
def is_null(value: Any) -> bool:
    """Whether there is no value."""
    return value is None


@FUNCTIONS("IsNullOrEmpty(expression: any)", takes_null=True)
def is_null_or_empty(value: Any) -> bool:
    """Whether there is no value, or an empty one."""
    return value is None or value in ("", [])


@FUNCTIONS("IsPresent(expression: any)", takes_null=True)
def is_present(value: Any) -> bool:
    """Whether there is a value that is not empty."""
    return not is_null_or_empty(value)


@FUNCTIONS("IsString(expression: any)", takes_null=True)
def is_string(value: Any) -> bool:
    """Whether a value is a text."""
    return isinstance(value, str)


@FUNCTIONS("BitAnd(value1: whole, value2: whole)")
def bit_and(first: int, second: int) -> int:
    """The bits that both numbers have."""
    return first & second


@FUNCTIONS("Redact(value: any)", takes_null=True)
def redact(value: Any) -> Any:
    """The value itself, which logs do not show: see `Expression.redacted`."""
    return value


@FUNCTIONS("Guid()", takes_scene=True)
def guid(scene: Scene) -> str:
    """A random GUID."""
    return str(uuid.UUID(int=scene.chance.getrandbits(128), version=4))


_SPECIAL: Final = "~!@#$%^&*_-+=`|\\(){}[]:;\"'<>,.?/"
_LONGEST: Final = 256


@FUNCTIONS(
    "RandomString(Length: whole, MinimumNumbers: whole, MinimumSpecialCharacters: whole, MinimumCapital: whole, "
    "MinimumLowerCase: whole, CharactersToAvoid: phrase?)",
    takes_scene=True,
)
def random_string(
    scene: Scene, length: int, numbers: int, special: int, capital: int, small: int, avoid: str | None = None
) -> str:
    """Characters by chance, at least so many of each class; the rest are letters and digits, our reading."""
    least = {
        "MinimumNumbers": (numbers, string.digits),
        "MinimumSpecialCharacters": (special, _SPECIAL),
        "MinimumCapital": (capital, string.ascii_uppercase),
        "MinimumLowerCase": (small, string.ascii_lowercase),
    }
    if not sum(max(count, 0) for count, _ in least.values()) <= length <= _LONGEST:
        raise Refused(f"its Length is at least the sum of the minimums and at most {_LONGEST}, found {length}")
    drawn: list[str] = []
    for name, (count, characters) in least.items():
        drawn += _drawn(scene, name, characters, count, avoid or "")
    drawn += _drawn(scene, "Length", string.ascii_letters + string.digits, length - len(drawn), avoid or "")
    scene.chance.shuffle(drawn)
    return "".join(drawn)


def _drawn(scene: Scene, name: str, characters: str, count: int, avoid: str) -> list[str]:
    left = [character for character in characters if character not in avoid]
    if count > 0 and not left:
        raise Refused(f"its CharactersToAvoid leaves none for {name}")
    return [scene.chance.choice(left) for _ in range(count)]

"""What Microsoft Entra's functions take for a text, a number and so on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from scim_conformance.idp.expressions.language import IGNORED, Convert, Refused, Table, described

_NUMBER = re.compile(r"\s*-?[0-9]{1,18}(\.[0-9]{1,18})?\s*", re.ASCII)


def text_of(value: Any) -> str | None:
    """A value as text, True and False as Entra writes them; null stays null. Raises Refused for several values."""
    if value is None or value is IGNORED:
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple)):
        if len(value) == 1:
            return text_of(value[0])
        raise Refused(f"must be one value, found {len(value)}; use Item or Join")
    if isinstance(value, Mapping):
        raise Refused("must be one value, found a complex one")
    return str(value)


def number_or_none(value: Any) -> int | float | None:
    """A value as a number, if it is one or the text of one."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return float(value) if "." in value else int(value)
    return None


def _phrase(value: Any) -> str:
    return text_of(value) or ""


def _whole(value: Any) -> int:
    number = number_or_none(value)
    if number is None or number != int(number):
        raise Refused(f"must be a whole number, found {described(value)}")
    return int(number)


def _several(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _anything(value: Any) -> Any:
    return value


KINDS: Final[Mapping[str, Convert]] = {
    "text": text_of,  # one value, or null
    "phrase": _phrase,  # the same, where null is empty; left out, it is null even so
    "whole": _whole,
    "list": _several,
    "any": _anything,
}
FUNCTIONS: Final = Table(KINDS)
"""All of Entra's functions; the modules that hold them enter them here."""

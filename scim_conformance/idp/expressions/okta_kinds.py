"""What Okta's functions take for a text, a number and so on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from scim_conformance.idp.expressions.language import Convert, Refused, Table, described

_NUMBER = re.compile(r"\s*[+-]?[0-9]{1,18}(\.[0-9]{1,18})?\s*", re.ASCII)


def written(value: Any) -> str:
    """A value as it is concatenated: null as nothing, flags as Java writes them. Raises Refused for several values."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        raise Refused(f"must be one value, found {len(value)}; use Arrays.toCsvString or Arrays.get")
    if isinstance(value, Mapping):
        raise Refused("must be one value, found a complex one")
    return str(value)


def _text(value: Any) -> str | None:
    return None if value is None else written(value)


def number(value: Any) -> int | float:
    """A value as a number, if it is one or the text of one; raises Refused."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return float(value) if "." in value else int(value)
    raise Refused(f"must be a number, found {described(value)}")


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != int(value):
        raise Refused(f"must be a whole number, found {described(value)}")
    return int(value)


def values(value: Any) -> list[Any]:
    """Several values; a text is split at its commas, and null has none."""
    if value is None or value == "":
        return []
    if isinstance(value, str):
        return list(value.split(","))
    if isinstance(value, (list, tuple)):
        return list(value)
    raise Refused(f"must be an array such as {{1, 2}}, found {described(value)}")


def _anything(value: Any) -> Any:
    return value


KINDS: Final[Mapping[str, Convert]] = {
    "text": _text,  # one value, or null
    "phrase": written,  # the same, where null is empty
    "number": number,
    "whole": _whole,
    "array": values,
    "any": _anything,
}
FUNCTIONS: Final = Table(KINDS)
"""All of Okta's functions that can be evaluated; `okta_functions` and `okta_conversions` enter them here."""

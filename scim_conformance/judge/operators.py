"""One value against another by the operators of filters (RFC 7644 section 3.4.2.2), and the logic of three values.

None stands for what the specifications leave open; `judge.filters` says what belongs to it.
"""

import unicodedata
from collections.abc import Iterable
from typing import Any

from scim_conformance.client.features import Attribute
from scim_conformance.judge.compare import instant

OPERATORS = ("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le")
ORDER = ("gt", "ge", "lt", "le")
PARTS = ("co", "sw", "ew")
Answer = bool | None
"""Whether a resource matches; None where the specifications do not say."""

_MARGIN = 2.0
"""Seconds within which two instants are not told apart (A53)."""


def any_of(answers: Iterable[Answer]) -> Answer:
    """Join answers by `or`: one True is enough, else one None leaves it open."""
    found = list(answers)
    return True if True in found else None if None in found else False


def negation(answer: Answer) -> Answer:
    """Turn an answer round; what is open stays open."""
    return None if answer is None else not answer


def is_evaluated(operator: str, wanted: Any, attribute: Attribute) -> bool:
    """Tell whether an operator and a value go with an attribute's type, so that the filter is not to be refused."""
    match attribute.type:
        case "boolean":
            return operator in ("eq", "ne") and isinstance(wanted, bool)
        case "integer" | "decimal":
            return operator not in PARTS and isinstance(wanted, int | float) and not isinstance(wanted, bool)
        case "dateTime":
            return operator not in PARTS and isinstance(wanted, str) and has_zone(wanted)
        case "binary":
            return operator in ("eq", "ne") and isinstance(wanted, str)
        case "reference":
            return operator not in ORDER and isinstance(wanted, str)
    return attribute.type == "string" and isinstance(wanted, str)


def compared(operator: str, value: Any, wanted: Any, attribute: Attribute) -> Answer:
    """Tell whether one value of an attribute meets an operator and the value of a filter."""
    if not is_evaluated(operator, wanted, attribute) or isinstance(value, bool) != isinstance(wanted, bool):
        return None
    if operator == "ne":
        return negation(compared("eq", value, wanted, attribute))
    if attribute.type == "dateTime":
        return _ordered(operator, _between(value, wanted, attribute))
    if isinstance(value, str) and isinstance(wanted, str):
        if operator in ORDER:
            return _ordered(operator, _alphabetical(value, wanted, case_exact=attribute.case_exact))
        return _textual(operator, value, wanted, attribute)
    if isinstance(value, int | float) and isinstance(wanted, int | float):
        return _ordered(operator, (value > wanted) - (value < wanted))
    return None


def _ordered(operator: str, order: int | None) -> Answer:
    """Turn an order (below, at or above zero) into the answer of an operator."""
    if order is None:
        return None
    return {"eq": order == 0, "gt": order > 0, "ge": order >= 0, "lt": order < 0, "le": order <= 0}[operator]


def _textual(operator: str, value: str, wanted: str, attribute: Attribute) -> Answer:
    """Compare by eq, co, sw or ew.

    Letter case counts as the attribute says, of references and binaries it is open (A54). Whether text is the same
    in other forms of Unicode, or in other cases of letters beyond ASCII, depends on a preparation (A97).
    """
    if _holds(operator, value, wanted):
        return True
    if attribute.type in ("reference", "binary"):
        return None if _holds(operator, value.lower(), wanted.lower()) else False
    if attribute.case_exact:
        return None if _holds(operator, *(unicodedata.normalize("NFKC", each) for each in (value, wanted))) else False
    if _holds(operator, _lower(value), _lower(wanted)):
        return True
    return None if _holds(operator, _folded(value), _folded(wanted)) else False


def _holds(operator: str, value: str, wanted: str) -> bool:
    return {
        "eq": value == wanted,
        "co": wanted in value,
        "sw": value.startswith(wanted),
        "ew": value.endswith(wanted),
    }[operator]


def _alphabetical(value: str, wanted: str, *, case_exact: bool) -> int | None:
    """Give the order of two texts where every alphabet agrees on it: ASCII letters and digits decide (A48)."""
    first, second = (value, wanted) if case_exact else (_lower(value), _lower(wanted))
    if first == second:
        return 0
    one, other = next(
        ((a, b) for a, b in zip(first, second, strict=False) if a != b),
        (first[len(second) : len(second) + 1], second[len(first) : len(first) + 1]),
    )
    if one and other:
        same_case = one.isdigit() or other.isdigit() or one.isupper() == other.isupper()
        if not (one.isascii() and other.isascii() and one.isalnum() and other.isalnum() and same_case):
            return None
    return 1 if one > other else -1


def _between(value: Any, wanted: str, attribute: Attribute) -> int | None:
    """Give the order of two instants, None where they are too close to tell, or one of them is not understood."""
    if not isinstance(value, str) or not has_zone(value):
        return None
    first, second = instant(value), instant(wanted)
    if first is None or second is None:
        return None
    gap = (first - second).total_seconds()
    if gap == 0 and attribute.mutability != "readOnly" and "." not in value + wanted:
        return 0  # a client wrote whole seconds, which no store cuts
    return None if abs(gap) < _MARGIN else 1 if gap > 0 else -1


def has_zone(text: str) -> bool:
    """Tell whether a text names an instant with its time zone, without which it could be any of a day's (A53)."""
    tail = text.rpartition("T")[2]
    return instant(text) is not None and (tail[-1:] in "Zz" or "+" in tail or "-" in tail)


def _lower(text: str) -> str:
    """Lower the letters of ASCII alone, on which all agree."""
    return "".join(each.lower() if each.isascii() else each for each in text)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())

"""Attribute notation (RFC 7644 section 3.10): [URI:]attribute[.sub-attribute]."""

import re
from dataclasses import dataclass
from functools import lru_cache

# ATTRNAME of RFC 7643 section 2.1, plus the dollar of $ref, which that grammar forgot (and RFC 7643 uses).
_NAME = r"\$?[A-Za-z][\w$-]*"
_NOTATION = re.compile(rf"(?:(?P<urn>[A-Za-z][^\s\"\[\]()]*):)?(?P<name>{_NAME})(?:\.(?P<sub>{_NAME}))?", re.ASCII)


class BadPath(ValueError):  # noqa: N818 it says what is wrong
    """The text is no attribute path."""


@dataclass(frozen=True, slots=True)
class AttributePath:
    """An attribute path in its parts; `urn` and `sub` may be empty. `text` is how it was written."""

    text: str
    urn: str
    name: str
    sub: str = ""

    def __str__(self) -> str:
        return self.text


@lru_cache(maxsize=1024)
def attribute_path(text: str) -> AttributePath:
    """Read an attribute path; raise BadPath if it is none. Whether the attribute exists is another question."""
    match = _NOTATION.fullmatch(text)
    if match is None:
        raise BadPath(f"{text!r} is no attribute path, which is written [URI:]attribute[.sub-attribute].")
    return AttributePath(text, match["urn"] or "", match["name"], match["sub"] or "")

r"""Regular expressions as .NET writes them, for functions that take one.

Named groups `(?<name>...)` and `\k<name>` and the substitutions `${name}`, `$1` and `$$` are translated; the rest is as
in Python, and what Python does not know (`\p{L}` for example) is refused in one sentence.
"""

from __future__ import annotations

import re
import warnings
from functools import lru_cache

from scim_conformance.idp.expressions.language import Refused, described

_GROUP = re.compile(r"(\\k<(\w+)>)|(\\.)|\(\?(?:<(?![=!])(\w+)>|'(\w+)')", re.DOTALL)
_SUBSTITUTION = re.compile(r"\$(?:\{(\w+)\}|(\d+)|(\$)|(&))")


def _translated(match: re.Match[str]) -> str:
    back, name, escaped, angled, quoted = match.groups()
    if back:
        return f"(?P={name})"
    return str(escaped) if escaped else f"(?P<{angled or quoted}>"


@lru_cache(maxsize=256)
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of .NET as one of Python; raises Refused."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return re.compile(_GROUP.sub(_translated, pattern))
    except (re.error, OverflowError, RecursionError) as problem:
        raise Refused(f"the regular expression {described(pattern)} is not understood: {problem}") from None


def replaced(pattern: str, text: str, replacement: str) -> str:
    """A text with every match replaced, where the replacement may name groups."""

    def one(match: re.Match[str]) -> str:
        def group(word: re.Match[str]) -> str:
            name, number, dollar, whole = word.groups()
            if dollar:
                return "$"
            try:
                return match[0 if whole else int(number) if number else name] or ""
            except (IndexError, OverflowError):
                return word.group()

        return _SUBSTITUTION.sub(group, replacement)

    return compiled(pattern).sub(one, text)


def _known_group(pattern: str, name: str) -> int | str:
    known = compiled(pattern)
    if name.isdecimal() and int(name) <= known.groups:
        return int(name)
    if name not in known.groupindex:
        has = ", ".join(known.groupindex) or "none"
        raise Refused(f'"{name}" is no group of the regular expression; it has {has}')
    return name


def group_replaced(pattern: str, name: str, text: str, replacement: str) -> str:
    """A text with what the named group matched replaced, at every match."""
    group = _known_group(pattern, name)

    def one(match: re.Match[str]) -> str:
        begin, end = match.span(group)
        if begin < 0:
            return match[0]
        start = match.start()
        return match[0][: begin - start] + replacement + match[0][end - start :]

    return compiled(pattern).sub(one, text)


def extracted(pattern: str, name: str, text: str) -> str | None:
    """What the named group matches in a text; null where it does not."""
    group = _known_group(pattern, name)
    match = compiled(pattern).search(text)
    return None if match is None else match[group]

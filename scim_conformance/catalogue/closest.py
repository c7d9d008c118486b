"""Which known names somebody may have meant."""

import difflib
from collections.abc import Iterable


def closest(text: str, known: Iterable[str], n: int = 3) -> list[str]:
    """Return up to n known names that look like the text, the likest first, letter case aside."""
    folded: dict[str, str] = {}
    for name in known:
        folded.setdefault(name.casefold(), name)
    return [folded[match] for match in difflib.get_close_matches(text.casefold(), folded, n)]


def taught(what: str, text: str, known: Iterable[str], remedy: str) -> str:
    """Say that there is no such thing, what comes closest, and what to do next."""
    near = closest(text, known)
    hint = f" Closest: {', '.join(near)}." if near else ""
    return f'There is no {what} "{text}".{hint} {remedy}'

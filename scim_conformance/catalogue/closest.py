"""Which known names somebody may have meant."""

import difflib
from collections.abc import Iterable
from itertools import takewhile

_CANDIDATES = 30
_BEGINNING = 0.3


def closest(text: str, known: Iterable[str], n: int = 3) -> list[str]:
    """Return up to n known names that look like the text, letter case aside.

    The likest come first, and among these the ones that begin alike: ids tell document and section at their beginning.
    """
    folded: dict[str, str] = {}
    for name in known:
        folded.setdefault(name.casefold(), name)
    wanted = text.casefold()

    def likeness(name: str) -> float:
        beginning = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(wanted, name, strict=False)))
        return difflib.SequenceMatcher(None, name, wanted).ratio() + _BEGINNING * beginning / len(name)

    matches = difflib.get_close_matches(wanted, folded, _CANDIDATES)
    return [folded[match] for match in sorted(matches, key=likeness, reverse=True)[:n]]


def taught(what: str, text: str, known: Iterable[str], remedy: str) -> str:
    """Say that there is no such thing, what comes closest, and what to do next."""
    near = closest(text, known)
    hint = f" Closest: {', '.join(near)}." if near else ""
    return f'There is no {what} "{text}".{hint} {remedy}'

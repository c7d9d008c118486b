"""Going through the words of an expression from left to right."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from scim_conformance.idp.expressions.language import DEEPEST, BadExpression


@dataclass(frozen=True)
class Word:
    """One word of an expression; at its end there is one of kind `end`."""

    kind: str
    text: str
    column: int

    def __str__(self) -> str:
        return "the end" if self.kind == "end" else self.text if len(self.text) <= 40 else f"{self.text[:37]}..."  # noqa: PLR2004 - as much as a sentence bears


class Words:
    """The words of an expression, and the place up to which they are read."""

    def __init__(self, dialect: str, text: str, pattern: re.Pattern[str]) -> None:
        self.dialect = dialect
        self._words = []
        position = 0
        while position < len(text):
            match = pattern.match(text, position)
            assert match is not None  # noqa: S101 - every pattern ends with one for any character
            kind = str(match.lastgroup)
            if kind != "space":
                self._words.append(Word(kind, match.group(), position + 1))
            position = match.end()
        self._words.append(Word("end", "", len(text) + 1))
        self._at = 0
        self._depth = 0

    @property
    def next(self) -> Word:
        """The word that comes next; it stays the next."""
        return self._words[self._at]

    @property
    def after_next(self) -> Word:
        """The word after the next."""
        return self._words[min(self._at + 1, len(self._words) - 1)]

    def take(self) -> Word:
        """The next word, which is read thereby; the end comes again and again."""
        word = self.next
        self._at = min(self._at + 1, len(self._words) - 1)
        return word

    def takes(self, *texts: str) -> Word | None:
        """The next word if it is one of these marks, read; else nothing."""
        return self.take() if self.next.kind == "mark" and self.next.text in texts else None

    def demand(self, text: str, why: str) -> Word:
        """Read this mark, or say why it must stand here."""
        return self.takes(text) or self.refuse(self.next, f"found {self.next} where {why}")

    def refuse(self, word: Word, problem: str, closest: str = "") -> NoReturn:
        """End reading with what is wrong at a word."""
        raise BadExpression(self.dialect, word.column, problem, closest)

    def __enter__(self) -> None:
        """One level deeper."""
        self._depth += 1
        if self._depth > DEEPEST:
            self.refuse(self.next, f"nested more than {DEEPEST} levels deep; split the expression into several rows")

    def __exit__(self, *_: object) -> None:
        self._depth -= 1

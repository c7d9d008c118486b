"""Files that people write or export, read so that each part of them still knows on which line it stands."""

import json
import json.decoder
import json.scanner
import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*(?P<name>[A-Za-z0-9_-]+)[ \t]*\]\]", re.MULTILINE)
_QUOTED = re.compile(r'"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'', re.DOTALL)


class Unreadable(ValueError):  # noqa: N818 - named as what it tells the reader
    """A file that cannot be read at all; the message names it, and the line where that is known."""


class Written:
    """One file: its contents, and the line of each object in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as problem:
            raise Unreadable(f"{path} cannot be read: {problem}") from None
        self._starts = [0, *(match.end() for match in re.finditer("\n", self.text))]
        self._offsets: dict[int, int] = {}
        kind = path.suffix.lower()
        self.is_json = kind == ".json" or (kind != ".toml" and re.match(r"\s*(\{|\[\s*\{)", self.text) is not None)
        self.data: Any = self._json() if self.is_json else self._toml()

    def line(self, part: Any, near: str = "") -> int:
        """Return the line on which an object of the data begins, else the first that has the text `near`, else 0."""
        if id(part) in self._offsets:
            return bisect_right(self._starts, self._offsets[id(part)])
        place = self.text.find(near) if near else -1
        return bisect_right(self._starts, place) if place >= 0 else 0

    def line_of_key(self, name: str, below: str) -> int:
        """Return the first line below the table `below` on which a key stands, 0 where none is found."""
        start = self.text.find(below)
        match = re.compile(rf"^[ \t{{,]*[\"']?{re.escape(name)}[\"']?\s*[=:]", re.MULTILINE).search(
            self.text, max(start, 0)
        )
        return bisect_right(self._starts, match.end()) if match else 0

    def _json(self) -> Any:
        try:
            return _Placing(self._offsets).decode(self.text)
        except json.JSONDecodeError as problem:
            raise Unreadable(f"{self.path}, line {problem.lineno}: no valid JSON: {problem.msg}") from None
        except RecursionError:
            raise Unreadable(f"{self.path} is nested too deeply to be read") from None

    def _toml(self) -> Any:
        try:
            data = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as problem:
            at = re.search(r"\(at line (\d+)", str(problem))
            reason = str(problem).partition(" (at")[0]
            line = f", line {at[1] if at else len(self._starts)}"
            raise Unreadable(f"{self.path}{line}: no valid TOML: {reason}") from None
        for name, offset, number in self._tables():
            rows = data.get(name)
            if isinstance(rows, list) and number < len(rows):
                self._offsets[id(rows[number])] = offset
        return data

    def _tables(self) -> Iterator[tuple[str, int, int]]:
        """Give the name, the place and the number of each [[table]]; those inside long texts are none."""
        plain = _QUOTED.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), self.text)
        seen: dict[str, int] = {}
        for match in _HEADER.finditer(plain):
            number = seen.get(match["name"], 0)
            seen[match["name"]] = number + 1
            yield match["name"], match.start("name"), number


class _Placing(json.JSONDecoder):
    """Reads JSON and notes by the identity of each object where it began."""

    def __init__(self, offsets: dict[int, int]) -> None:
        super().__init__()
        read: Any = json.decoder.JSONObject  # type: ignore[attr-defined]

        def parse(start: tuple[str, int], *rest: Any) -> tuple[Any, int]:
            found, end = read(start, *rest)
            offsets[id(found)] = start[1] - 1
            return found, end

        self.parse_object = parse
        self.scan_once = json.scanner.py_make_scanner(self)  # type: ignore[attr-defined]

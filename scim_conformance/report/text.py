"""Text of unknown origin made fit to be shown and written.

A target chooses what it answers, and what it answers ends up on terminals, in XML, in HTML and in pull
request comments. Nothing in it may act there.
"""

import os
import re
import unicodedata
from pathlib import Path

# Controls (C0 but tab and newline, DEL, C1), surrogates, marks that turn the reading direction, and what Unicode
# never assigns: a terminal obeys some of them, XML and UTF-8 cannot carry others, the rest deceives the eye.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffc\ufffe\uffff\ud800-\udfff]"
)
_SPACES = re.compile(r"\s+")


def visible(text: str) -> str:
    r"""Return the text with everything that acts instead of being read written out, such as `\x1b` for escape.

    Newlines and tabs stay; CRLF becomes a newline.
    """
    return _UNSAFE.sub(_written_out, text.replace("\r\n", "\n"))


def _written_out(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"  # noqa: PLR2004 - one byte


def one_line(text: str, limit: int = 0) -> str:
    """Return the text on one line, everything in it visible, cut at `limit` characters (0: not at all)."""
    line = _SPACES.sub(" ", visible(text)).strip()
    return line if not limit or len(line) <= limit else line[: limit - 1].rstrip() + "…"


def cut(text: str, limit: int) -> str:
    """Return at most `limit` characters, saying how many more there are."""
    return text if len(text) <= limit else f"{text[:limit]}\n… {len(text) - limit} more characters"


def columns(text: str) -> int:
    """Return how many columns a line takes on a terminal."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number and its noun: `1 check`, `2 checks`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old one or the new one, never a part.

    A lone surrogate, which UTF-8 cannot carry, is written as its escape.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(text.encode("utf-8", "backslashreplace"))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise

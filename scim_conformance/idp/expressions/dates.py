"""Dates as text, in the formats of .NET and of Joda-Time, which the two expression languages name.

Both are runs of letters that stand for a part of a date, with quoted and other characters in between that stand for
themselves. Sources: Microsoft Learn, "Custom date and time format strings"; Joda-Time, "DateTimeFormat".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final

from scim_conformance.idp.expressions.language import Refused, described

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NOON: Final = 12
_ABBREVIATED: Final = 3
_PIVOT: Final = 50
"""Years of two digits below it are of this century, as .NET takes them."""
_MICROSECONDS: Final = 6


@dataclass(frozen=True)
class Part:
    """A part of a date in a format, with the number of its letters; kind `text` stands for itself."""

    kind: str
    width: int = 0
    text: str = ""

    def pattern(self) -> str:
        """The regular expression that reads it, one group."""
        widths = {1: r"(\d{1,2})", 2: r"(\d{2})"}
        match self.kind:
            case "text":
                return re.escape(self.text)
            case "year":
                return r"(\d{2})" if self.width == 2 else r"(\d{4})"  # noqa: PLR2004 - yy against yyyy
            case "month name":
                return f"({'|'.join(name[: self.width] for name in MONTHS)})"
            case "day name":
                return f"({'|'.join(name[: self.width] for name in DAYS)})"
            case "fraction":
                return rf"(\d{{{self.width}}})"
            case "some fraction":
                return rf"(\d{{0,{self.width}}})"
            case "half":
                return "([AP])" if self.width == 1 else "([AP]M)"
            case "offset":
                return r"(Z|[+-]\d{1,2}(?::?\d{2})?)"
            case "some offset":
                return r"(Z|[+-]\d{1,2}:?\d{2}|)"
            case _:
                return widths[min(self.width, 2)]

    def written(self, date: datetime) -> str:
        """The part of this date."""
        number = {
            "month": date.month, "day": date.day, "hour": date.hour, "minute": date.minute, "second": date.second,
            "half hour": (date.hour - 1) % _NOON + 1,
        }.get(self.kind)  # fmt: skip
        if number is not None:
            return str(number).zfill(min(self.width, 2))
        match self.kind:
            case "text":
                return self.text
            case "year":
                return f"{date.year % 100:02}" if self.width == 2 else f"{date.year:04}"  # noqa: PLR2004 - yy against yyyy
            case "month name":
                return MONTHS[date.month - 1][: self.width]
            case "day name":
                return DAYS[date.weekday()][: self.width]
            case "fraction":
                return f"{date.microsecond:06}".ljust(self.width, "0")[: self.width]
            case "some fraction":
                return f"{date.microsecond:06}"[: self.width].rstrip("0")
            case "half":
                return ("PM" if date.hour >= _NOON else "AM")[: self.width]
            case _:
                return _offset(date, self.width if self.kind == "offset" else 0)


def _offset(date: datetime, width: int) -> str:
    """An offset from UTC: Z or hours and minutes (0), hours (1, 2), with minutes (3), the same without a colon (4)."""
    offset = date.utcoffset() or timedelta()
    if not offset and not width:
        return "Z"
    sign, minutes = ("-" if offset < timedelta() else "+"), abs(int(offset.total_seconds())) // 60
    hours, rest = divmod(minutes, 60)
    return sign + {1: f"{hours}", 2: f"{hours:02}", 4: f"{hours:02}{rest:02}"}.get(width, f"{hours:02}:{rest:02}")


@dataclass(frozen=True)
class Format:
    """A format of dates."""

    text: str
    parts: tuple[Part, ...]

    def written(self, date: datetime) -> str:
        """A date in this format."""
        return "".join(part.written(date) for part in self.parts)

    def read(self, text: str) -> datetime:
        """The date that a text holds, in UTC unless the text has an offset; raises Refused."""
        pattern = "".join(part.pattern() for part in self.parts)
        match = re.fullmatch(pattern, text.strip(), re.IGNORECASE | re.ASCII)
        if match is None:
            raise Refused(f'{described(text)} is not written as "{self.text}" says')
        held: dict[str, str] = {}
        for part, group in zip((part for part in self.parts if part.kind != "text"), match.groups(), strict=True):
            held.setdefault(part.kind, group)
        return _composed(held, text)


def _composed(held: dict[str, str], text: str) -> datetime:
    year = held.get("year", "1")
    number = {
        kind: int(held[kind]) for kind in ("month", "day", "hour", "half hour", "minute", "second") if kind in held
    }
    if "month name" in held:
        names = [name[: len(held["month name"])].lower() for name in MONTHS]
        number["month"] = names.index(held["month name"].lower()) + 1
    hour = number.get("hour", 0)
    if "half hour" in number and "hour" not in number:
        hour = number["half hour"] % _NOON + (_NOON if held.get("half", "A")[0] in "Pp" else 0)
    fraction = (held.get("fraction") or held.get("some fraction") or "0")[:_MICROSECONDS].ljust(_MICROSECONDS, "0")
    century = 0 if len(year) != 2 else 2000 if int(year) < _PIVOT else 1900  # noqa: PLR2004 - a year of two digits
    try:
        zone = _zone(held.get("offset") or held.get("some offset") or "Z")
        return datetime(
            century + int(year), number.get("month", 1), number.get("day", 1), hour, number.get("minute", 0),
            number.get("second", 0), int(fraction), zone,
        )  # fmt: skip
    except ValueError as problem:
        raise Refused(f"{described(text)} is no date: {problem}") from None


def _zone(offset: str) -> timezone:
    if offset in ("Z", "z"):
        return UTC
    digits = offset[1:].replace(":", "")
    hours, minutes = (digits, "0") if len(digits) <= 2 else (digits[:-2], digits[-2:])  # noqa: PLR2004 - hours alone
    distance = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-distance if offset[0] == "-" else distance)


_DOTNET_WORD = re.compile(r"\\(.)|'([^']*)'|\"([^\"]*)\"|%|(([yMdHhmsfFtzKg])\5*)|(.)", re.DOTALL)
_DOTNET_STANDARD: Final = {
    "d": "MM/dd/yyyy", "D": "dddd, dd MMMM yyyy", "g": "MM/dd/yyyy HH:mm", "G": "MM/dd/yyyy HH:mm:ss",
    "s": "yyyy-MM-dd'T'HH:mm:ss", "u": "yyyy-MM-dd HH:mm:ss'Z'", "o": "yyyy-MM-dd'T'HH:mm:ss.fffffffK",
    "O": "yyyy-MM-dd'T'HH:mm:ss.fffffffK", "t": "HH:mm", "T": "HH:mm:ss",
}  # fmt: skip
_DOTNET_KINDS: Final = {
    "y": "year", "H": "hour", "h": "half hour", "m": "minute", "s": "second", "f": "fraction", "F": "some fraction",
    "t": "half", "z": "offset", "K": "some offset",
}  # fmt: skip
_LONGEST_FRACTION: Final = 7


@lru_cache(maxsize=256)
def dotnet(text: str) -> Format:
    """A .NET format, custom or one of the standard ones of a letter, by the invariant culture; raises Refused."""
    if len(text) == 1:
        if text not in _DOTNET_STANDARD:
            raise Refused(f'"{text}" is no standard format of dates; there are {", ".join(_DOTNET_STANDARD)}')
        return Format(text, dotnet(_DOTNET_STANDARD[text]).parts)
    parts = []
    for match in _DOTNET_WORD.finditer(text):
        escaped, single, double, run, letter, other = match.groups()
        if run is None:
            itself = next((part for part in (escaped, single, double, other) if part is not None), "")
            parts.append(Part("text", text=itself))
            continue
        parts.append(_part(letter, len(run), _DOTNET_KINDS, "d", text))
    return Format(text, tuple(parts))


_JODA_WORD = re.compile(r"''|'((?:[^']|'')+)'|(([A-Za-z])\3*)|(.)", re.DOTALL)
_JODA_KINDS: Final = {
    "y": "year", "Y": "year", "H": "hour", "h": "half hour", "m": "minute", "s": "second", "S": "fraction",
}  # fmt: skip


@lru_cache(maxsize=256)
def joda(text: str) -> Format:
    """A Joda-Time pattern, as far as it names numbers, names of months and days, and offsets; raises Refused."""
    parts = []
    for match in _JODA_WORD.finditer(text):
        quoted, run, letter, other = match.groups()
        if run is None:
            parts.append(Part("text", text=(quoted or other or "'").replace("''", "'")))
        elif letter == "a":
            parts.append(Part("half", 2))
        elif letter == "Z" and len(run) <= 2:  # noqa: PLR2004 - a third Z asks for the zone's name
            parts.append(Part("offset", 4 if len(run) == 1 else 3))
        else:
            parts.append(_part(letter, len(run), _JODA_KINDS, "E", text))
    return Format(text, tuple(parts))


def _part(letter: str, count: int, kinds: dict[str, str], day_name: str, text: str) -> Part:
    name_width = _ABBREVIATED if count <= _ABBREVIATED else 20
    if letter == "M":
        return Part("month", count) if count < _ABBREVIATED else Part("month name", name_width)
    if letter == day_name and (day_name == "E" or count >= _ABBREVIATED):
        return Part("day name", name_width)
    if letter == "d":
        return Part("day", count)
    if letter not in kinds or ("fraction" in kinds[letter] and count > _LONGEST_FRACTION):
        raise Refused(f'the format "{text}" has "{letter * min(count, 9)}", which is not understood here')
    return Part(kinds[letter], 2 if kinds[letter] == "year" and count == 1 else count)


_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?)?\s*(Z|[+-]\d{1,2}(?::?\d{2})?)?",
    re.ASCII | re.IGNORECASE,
)
_AMERICAN = re.compile(
    r"(\d{1,2})/(\d{1,2})/(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s*([AP]M))?)?", re.ASCII | re.IGNORECASE
)


def any_date(text: str) -> datetime:
    """A date in ISO 8601 or as month/day/year, in UTC; a text without offset is taken for UTC. Raises Refused."""
    kinds: tuple[str, ...] = ("year", "month", "day", "hour", "minute", "second", "fraction", "offset")
    match = _ISO.fullmatch(text.strip())
    if match is None:
        kinds = ("month", "day", "year", "hour", "minute", "second", "half")
        match = _AMERICAN.fullmatch(text.strip())
    if match is None:
        raise Refused(f"{described(text)} is no date; write 2021-06-30, 2021-06-30T08:00:00Z or 6/30/2021 8:00:00 AM")
    held = {kind: group for kind, group in zip(kinds, match.groups(), strict=True) if group is not None}
    if "half" in held:
        held["half hour"] = held.pop("hour")
    return in_utc(_composed(held, text))


def in_utc(date: datetime) -> datetime:
    """The same moment in UTC; raises Refused where that is before the first year or after the last."""
    try:
        return date.astimezone(UTC)
    except OverflowError:
        raise Refused(f"{date} is out of the range of dates") from None


EPOCH_OF_WINDOWS: Final = datetime(1601, 1, 1, tzinfo=UTC)
_TICKS: Final = 10_000_000


def from_windows(ticks: int) -> datetime:
    """The date of a Windows file time, in units of 100 ns since 1601; raises Refused."""
    try:
        return EPOCH_OF_WINDOWS + timedelta(microseconds=ticks // 10)
    except OverflowError:
        raise Refused(f"{ticks} is out of the range of dates") from None


def to_windows(date: datetime) -> int:
    """A date as Windows file time."""
    span = date - EPOCH_OF_WINDOWS
    return (span.days * 86_400 + span.seconds) * _TICKS + span.microseconds * 10

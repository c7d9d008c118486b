"""Microsoft Entra's functions on dates, which go from one to the next as text, `M/d/yyyy h:mm:ss tt` in UTC.

Source: Microsoft Learn, "Reference for writing expressions for attribute mappings in Microsoft Entra ID". A date is
taken in that format and in ISO 8601, whether CDate stands around it or not; the reference asks for CDate.
"""

from __future__ import annotations

import calendar
from datetime import datetime, timedelta
from typing import Final

from scim_conformance.idp.expressions.dates import any_date, dotnet, from_windows, in_utc, to_windows
from scim_conformance.idp.expressions.entra_kinds import FUNCTIONS
from scim_conformance.idp.expressions.language import Refused, Scene, closest, described

_BETWEEN_FUNCTIONS: Final = "M/d/yyyy h:mm:ss tt"
_SPANS: Final = {
    "ww": timedelta(weeks=1), "d": timedelta(days=1), "h": timedelta(hours=1), "n": timedelta(minutes=1),
    "s": timedelta(seconds=1),
}  # fmt: skip
_INTERVALS: Final = ("yyyy", "m", *_SPANS)
_STYLES: Final = (
    "None", "AllowLeadingWhite", "AllowTrailingWhite", "AllowInnerWhite", "AllowWhiteSpaces", "NoCurrentDateDefault",
    "AdjustToUniversal", "AssumeLocal", "AssumeUniversal", "RoundtripKind",
)  # fmt: skip
_MONTHS_OF_YEAR: Final = 12


def _written(date: datetime) -> str:
    return dotnet(_BETWEEN_FUNCTIONS).written(date)


def _interval(interval: str) -> str:
    if interval not in _INTERVALS:
        raise Refused(f"its interval is one of {', '.join(_INTERVALS)}, found {described(interval)}")
    return interval


@FUNCTIONS("Now()", takes_scene=True)
def now(scene: Scene) -> str:
    """The time of the clock."""
    return _written(in_utc(scene.now()))


@FUNCTIONS("CDate(expression: text)")
def date_of(text: str) -> str:
    """A text as a date; a date without a time of day is midnight at its offset."""
    return _written(any_date(text))


@FUNCTIONS("DateAdd(interval: phrase, value: whole, dateTime: text)")
def add(interval: str, value: int, text: str | None) -> str | None:
    """A date some intervals later, or earlier for a negative number; a day that a month lacks becomes its last."""
    _interval(interval)
    if text is None:
        return None
    date = any_date(text)
    try:
        if interval in _SPANS:
            return _written(date + value * _SPANS[interval])
        months = date.year * _MONTHS_OF_YEAR + date.month - 1 + value * (_MONTHS_OF_YEAR if interval == "yyyy" else 1)
        year, month = divmod(months, _MONTHS_OF_YEAR)
        day = min(date.day, calendar.monthrange(year, month + 1)[1])
        return _written(date.replace(year=year, month=month + 1, day=day))
    except (OverflowError, ValueError):
        raise Refused(f"{value} {interval} from {text} is out of the range of dates") from None


@FUNCTIONS("DateDiff(interval: phrase, date1: text, date2: text)")
def difference(interval: str, first: str | None, second: str | None) -> int | None:
    """How many intervals lie between two dates, positive if the second is later.

    Days and shorter ones count whole ones that passed; weeks count Sundays, months and years turns of the calendar. The
    reference does not say so; its examples are right with no other rule.
    """
    _interval(interval)
    if first is None or second is None:
        return None
    begin, end = any_date(first), any_date(second)
    if interval == "yyyy":
        return end.year - begin.year
    if interval == "m":
        return (end.year - begin.year) * _MONTHS_OF_YEAR + end.month - begin.month
    if interval == "ww":
        return (end.toordinal() // 7) - (begin.toordinal() // 7)
    passed = abs(end - begin) // _SPANS[interval]
    return passed if end >= begin else -passed


@FUNCTIONS("DateFromNum(value: whole)")
def from_number(value: int) -> str:
    """The date of a number as Active Directory stores dates."""
    return _written(from_windows(value))


@FUNCTIONS("NumFromDate(value: text)")
def to_number(text: str) -> int:
    """A date as Active Directory stores it."""
    return to_windows(any_date(text))


@FUNCTIONS("FormatDateTime(source: text, dateTimeStyles: text?, inputFormat: phrase, outputFormat: phrase)")
def reformatted(source: str, styles: str | None, input_format: str, output_format: str) -> str | None:
    """A date in another format.

    A source with an offset is written in UTC, our reading for a service that runs in UTC. The styles are checked and
    change nothing else; a number stands for several of them.
    """
    for style in filter(None, (part.strip() for part in (styles or "").split(","))):
        if style not in _STYLES and not style.isdecimal():
            near = closest(style, _STYLES)
            hint = f"did you mean {near}?" if near else f"there are {', '.join(_STYLES)}"
            raise Refused(f"there is no style of dates {described(style)}; {hint}")
    for name, given in (("inputFormat", input_format), ("outputFormat", output_format)):
        if not given:
            raise Refused(f"its {name} is empty")
    if not source.strip():
        return None
    return dotnet(output_format).written(in_utc(dotnet(input_format).read(source)))

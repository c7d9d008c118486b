"""Okta's functions that convert numbers, country codes and times.

Source: Okta developer documentation, "Okta Expression Language overview".
"""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from scim_conformance.idp.expressions.dates import any_date, from_windows, in_utc, joda, to_windows
from scim_conformance.idp.expressions.language import Refused, Scene, described
from scim_conformance.idp.expressions.okta_kinds import FUNCTIONS, number
from scim_conformance.paths import SCHEMAS

_LARGEST_INTEGER: Final = 2**31 - 1


@FUNCTIONS("Convert.toInt(value: any)")
def to_int(value: Any) -> int:
    """A whole number, rounded to the nearest; a half goes up."""
    rounded = math.floor(number(value) + 0.5) if isinstance(number(value), float) else int(number(value))
    if not -_LARGEST_INTEGER - 1 <= rounded <= _LARGEST_INTEGER:
        raise Refused(f"{rounded} is out of the range of an integer, which ends at {_LARGEST_INTEGER}")
    return rounded


@FUNCTIONS("Convert.toNum(value: any)")
def to_num(value: Any) -> float:
    """A number with a fraction."""
    return float(number(value))


@lru_cache(maxsize=1)
def _countries() -> dict[str, tuple[str, str, str, str]]:
    """Code of two letters, of three, of three digits and name of each country, found by each of the codes."""
    table = json.loads((SCHEMAS / "iso-3166-1.json").read_text(encoding="utf-8"))
    rows = [(two, *others) for two, others in table.items()]
    return {code: row for row in rows for code in row[:3]}


def _country(code: str, column: int) -> str | None:
    """A column of the country with one of its codes; null for what is none, on which the documentation is silent."""
    word = code.strip().upper()
    row = _countries().get(word.zfill(3) if word.isdecimal() else word)
    return row[column] if row else None


@FUNCTIONS("Iso3166Convert.toAlpha2(code: text)")
def to_alpha2(code: str) -> str | None:
    """The code of two letters."""
    return _country(code, 0)


@FUNCTIONS("Iso3166Convert.toAlpha3(code: text)")
def to_alpha3(code: str) -> str | None:
    """The code of three letters."""
    return _country(code, 1)


@FUNCTIONS("Iso3166Convert.toNumeric(code: text)")
def to_numeric(code: str) -> str | None:
    """The code of three digits, as text."""
    return _country(code, 2)


@FUNCTIONS("Iso3166Convert.toName(code: text)")
def to_name(code: str) -> str | None:
    """The usual English name; Okta may write a longer one for countries whose name in ISO 3166 is longer."""
    return _country(code, 3)


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ALIASES: Final = {"EST": "America/New_York"}
"""The documented example has EST at four hours from UTC in July."""


def _iso(date: datetime) -> str:
    """A date as RFC 3339 writes it, with milliseconds."""
    text = date.isoformat(timespec="milliseconds")
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text


@FUNCTIONS("Time.now(timeZoneId: text?, format: text?)", takes_null=True, takes_scene=True)
def now(scene: Scene, zone: str | None = None, pattern: str | None = None) -> str:
    """The time of the clock, in UTC and ISO 8601 unless told."""
    date = in_utc(scene.now())
    if zone:
        try:
            date = date.astimezone(ZoneInfo(_ALIASES.get(zone, zone)))
        except (KeyError, ValueError, OSError):
            raise Refused(f"its timeZoneId is one such as Europe/Berlin, found {described(zone)}") from None
    return joda(pattern).written(date) if pattern else _iso(date)


def _stamp(text: str) -> int:
    value = number(text)
    if isinstance(value, float):
        raise Refused(f"its time must be a whole number, found {described(text)}")
    return value


@FUNCTIONS("Time.fromWindowsToIso8601(time: text)")
def windows_to_iso(text: str) -> str:
    """A Windows timestamp in ISO 8601."""
    return _iso(from_windows(_stamp(text)))


@FUNCTIONS("Time.fromUnixToIso8601(time: text)")
def unix_to_iso(text: str) -> str:
    """A Unix timestamp, in seconds, in ISO 8601."""
    try:
        return _iso(_EPOCH + timedelta(seconds=_stamp(text)))
    except OverflowError:
        raise Refused(f"{text} is out of the range of dates") from None


@FUNCTIONS("Time.fromStringToIso8601(time: text, format: phrase)")
def text_to_iso(text: str, pattern: str) -> str:
    """A time in a format of Joda-Time in ISO 8601; without offset it is taken for UTC."""
    return _iso(in_utc(joda(pattern).read(text)))


@FUNCTIONS("Time.fromIso8601ToWindows(time: text)")
def iso_to_windows(text: str) -> str:
    """A time in ISO 8601 as Windows timestamp."""
    return str(to_windows(any_date(text)))


@FUNCTIONS("Time.fromIso8601ToUnix(time: text)")
def iso_to_unix(text: str) -> str:
    """A time in ISO 8601 as Unix timestamp, in seconds."""
    return str((any_date(text) - _EPOCH) // timedelta(seconds=1))


@FUNCTIONS("Time.fromIso8601ToString(time: text, format: phrase)")
def iso_to_text(text: str, pattern: str) -> str:
    """A time in ISO 8601 in a format of Joda-Time, in UTC."""
    return joda(pattern).written(any_date(text))

"""How values compare: letter case, Unicode forms, instants (RFC 7643 sections 2.2, 2.3; RFC 7644 sections 5, 7.8)."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from scim_conformance.server.schema import Attribute

_DATE_TIME = re.compile(
    r"(?P<day>-?\d{4,}-\d\d-\d\d)T(?P<time>\d\d:\d\d:\d\d)(?:\.(?P<fraction>\d+))?(?P<zone>Z|[+-]\d\d:\d\d)?", re.ASCII
)
_MIDNIGHT = "24:00:00"


def prepared(text: str) -> str:
    """Bring equal text in different Unicode forms into one: full-width letters plain, then composed (NFC)."""
    if text.isascii():
        return text
    wide = (unicodedata.normalize("NFKC", c) if unicodedata.east_asian_width(c) in "FH" else c for c in text)
    return unicodedata.normalize("NFC", "".join(wide))


def instant(text: str) -> datetime:
    """Read an xsd:dateTime; raise ValueError if it is none. Without a zone it is taken as UTC."""
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no date and time such as 2026-01-31T09:30:00Z")
    midnight = match["time"] == _MIDNIGHT
    day = datetime.fromisoformat(f"{match['day']}T{'00:00:00' if midnight else match['time']}")
    micros = timedelta(microseconds=int((match["fraction"] or "").ljust(6, "0")[:6]))
    moment = day.replace(tzinfo=_zone(match["zone"])) + micros + timedelta(days=midnight)
    return moment.astimezone(UTC) if 1 < moment.year < 9999 else moment  # noqa: PLR2004 the calendar's own ends


def _zone(zone: str | None) -> timezone:
    if zone is None or zone == "Z":
        return UTC
    hours, minutes = zone[1:].split(":")
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if zone.startswith("-") else offset)


class Comparison:
    """The rules by which two values of an attribute are the same, or one comes before the other."""

    def text(self, value: str, attribute: Attribute) -> str:
        """Bring text into the form in which it compares."""
        prepared_text = prepared(value)
        return prepared_text if self.is_case_exact(attribute) else self.folded(prepared_text)

    def is_case_exact(self, attribute: Attribute) -> bool:
        """Tell whether letter case counts: references and binaries are case-exact whatever the flag says."""
        return attribute.case_exact or attribute.type in ("reference", "binary")

    def folded(self, text: str) -> str:
        """Take letter case out of text."""
        return text.casefold()

    def key(self, value: Any, attribute: Attribute) -> Any:
        """Give a value that equals another's, or is less than it, as the attribute's type has it."""
        if attribute.type == "dateTime" and isinstance(value, str):
            return self.moment(value)
        return self.text(value, attribute) if isinstance(value, str) else value

    def moment(self, value: str) -> datetime:
        """Give the instant a dateTime names, so that time zones do not count; raise ValueError."""
        return instant(value)

    def same(self, left: Any, right: Any, attribute: Attribute) -> bool:
        """Tell whether two values of an attribute are the same; objects by their sub-attributes, lists in order."""
        if isinstance(left, dict) and isinstance(right, dict):
            return left.keys() == right.keys() and all(
                self.same(left[name], right[name], attribute.sub(name) or attribute) for name in left
            )
        if isinstance(left, list) and isinstance(right, list):
            return len(left) == len(right) and all(
                self.same(one, other, attribute) for one, other in zip(left, right, strict=True)
            )
        if isinstance(left, bool) != isinstance(right, bool) or isinstance(left, str) != isinstance(right, str):
            return False
        return bool(self.key(left, attribute) == self.key(right, attribute))

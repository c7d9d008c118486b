"""The time of day for meta.created and meta.lastModified."""

from datetime import UTC, datetime, timedelta

from scim_conformance.server.comparison import instant

_STEP = timedelta(milliseconds=1)


class Clock:
    """Tells the time in UTC to the millisecond, and never the same time twice to one resource."""

    def now(self) -> datetime:
        """Give the time of day."""
        return datetime.now(UTC)

    def stamp(self, after: str | None = None) -> str:
        """Write the time of day; at least one millisecond later than `after`, so that every change shows."""
        moment = self.now()
        if after is not None:
            moment = max(moment, instant(after) + _STEP)
        return self.written(moment)

    def written(self, moment: datetime) -> str:
        """Write a moment as an xsd:dateTime (RFC 7643 section 2.3.5)."""
        return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"

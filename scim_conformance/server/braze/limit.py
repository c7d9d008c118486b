"""The daily limit: so many requests a company and day, whatever their methods."""

import threading
from datetime import date, datetime, time, timedelta

from scim_conformance.server.braze.settings import BrazeSettings
from scim_conformance.server.clock import Clock
from scim_conformance.server.errors import ScimError


class DailyLimit:
    """Counts the requests of a day, which ends at midnight UTC; those that are not let in do not count."""

    def __init__(self, settings: BrazeSettings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self.day: date | None = None
        self.used = 0
        self._lock = threading.Lock()

    def count(self) -> None:
        """Count one request; refuse it when the day's are used up."""
        now = self.clock.now()
        with self._lock:
            self.begin(now.date())
            if self.is_reached():
                raise self.too_many(now)
            self.used += 1

    def begin(self, day: date) -> None:
        """Begin to count anew on another day."""
        if day != self.day:
            self.day, self.used = day, 0

    def is_reached(self) -> bool:
        """Tell whether the day's requests are used up."""
        return self.used >= self.settings.daily_limit

    def too_many(self, now: datetime) -> ScimError:
        """Make the refusal 429, which says when the next day begins."""
        midnight = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
        wait = max(1, int((midnight - now).total_seconds()))
        detail = f"The limit of {self.settings.daily_limit} requests a day is reached."
        return ScimError(429, None, detail, [("Retry-After", str(wait))])

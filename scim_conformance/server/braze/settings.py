"""The provisioning settings of a server like Braze's: those of the reference server, and a daily limit."""

from dataclasses import dataclass

from scim_conformance.server.settings import BadSetting, Settings

DAILY_LIMIT = 5000


@dataclass
class BrazeSettings(Settings):
    """Settings with the number of requests that a company may make a day, all methods together."""

    daily_limit: int = DAILY_LIMIT

    def __post_init__(self) -> None:
        super().__post_init__()
        if isinstance(self.daily_limit, bool) or not isinstance(self.daily_limit, int) or self.daily_limit < 1:
            raise BadSetting(f"daily_limit is {self.daily_limit!r}; it is a whole number of requests from 1 up.")

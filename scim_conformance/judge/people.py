"""Realistic people, places and names for the resources that a run creates.

Servers validate telephone numbers, countries, URIs and e-mail addresses (A73), so every
value here is valid by the usual validators and belongs to the ranges reserved for
examples: example.com, 555-01xx numbers.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person; `mark` is the run's own part of every name, by which leftovers are found."""

    mark: str
    given_name: str
    family_name: str
    title: str
    department: str
    street: str
    city: str
    postal_code: str

    @property
    def user_name(self) -> str:
        """The userName: an e-mail address, since many servers ask for one."""
        return f"{self.mark}@example.com"

    @property
    def display_name(self) -> str:
        """The name to show."""
        return f"{self.given_name} {self.family_name} {self.mark}"


@cache
def _faker(seed: int) -> Any:
    from faker import Faker  # noqa: PLC0415 - heavy, and only needed once something is created

    faker = Faker("en_US", use_weighting=False)
    faker.seed_instance(seed)
    return faker


def person(mark: str, seed: int = 0) -> Person:
    """Invent a person whose names carry `mark` (lower-case letters and digits)."""
    faker = _faker(seed)
    return Person(
        mark=mark,
        given_name=faker.first_name(),
        family_name=faker.last_name(),
        title=faker.job()[:60],
        department=faker.bs().title()[:60],
        street=faker.street_address(),
        city=faker.city(),
        postal_code=faker.postcode(),
    )

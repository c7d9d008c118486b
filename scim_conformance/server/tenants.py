"""Tenants: service providers beside each other, each below a base path of its own (RFC 7644 section 6)."""

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

from scim_conformance.server.locations import Locations


class Tenant(Protocol):
    """What is told apart: whatever has locations."""

    locations: Locations


One = TypeVar("One", bound=Tenant)


class Tenants(Generic[One]):
    """The tenants beside the first; each has its own data and its own tokens."""

    def __init__(self) -> None:
        self._all: list[One] = []

    def __iter__(self) -> Iterator[One]:
        return iter(self._all)

    def add(self, tenant: One) -> None:
        """Take a tenant in; its base path tells it from the others."""
        self._all.append(tenant)

    def named(self, path: str) -> One | None:
        """Find the tenant that a path names by its beginning, None for the first."""
        return next((each for each in self._all if self.is_below(path, each.locations.base_path)), None)

    def is_below(self, path: str, base_path: str) -> bool:
        """Tell whether a path begins with a base path."""
        return path == base_path or path.startswith(base_path + "/")

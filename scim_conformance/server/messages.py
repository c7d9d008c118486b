"""Requests and responses as the server sees them, whatever carried them here."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scim_conformance.server.grants import OWN, Grant


class Headers:
    """Header fields in their order; a name may occur several times and is looked up without regard to letter case."""

    def __init__(self, fields: "Iterable[tuple[str, str]] | Mapping[str, str]" = ()) -> None:
        pairs = fields.items() if isinstance(fields, Mapping) else fields
        self._fields = [(name, value) for name, value in pairs]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._fields)

    def __contains__(self, name: str) -> bool:
        return bool(self.get_all(name))

    def __repr__(self) -> str:
        return f"Headers({[name for name, _ in self._fields]})"  # names alone: a value may be a credential

    def get(self, name: str, default: str | None = None) -> str | None:
        """Give the first value of a field."""
        return next(iter(self.get_all(name)), default)

    def get_all(self, name: str) -> list[str]:
        """Give every value of a field, in order."""
        wanted = name.lower()
        return [value for key, value in self._fields if key.lower() == wanted]

    def add(self, name: str, value: str) -> None:
        """Append a field, whether or not one of that name is there."""
        self._fields.append((name, value))

    def set(self, name: str, value: str) -> None:
        """Replace all fields of that name by one."""
        self.remove(name)
        self.add(name, value)

    def remove(self, name: str) -> None:
        """Drop all fields of that name."""
        unwanted = name.lower()
        self._fields = [(key, value) for key, value in self._fields if key.lower() != unwanted]


@dataclass(slots=True)
class Request:
    """One request: `path` is percent-decoded, `query` in order, `peer` the address at the other end of the connection.

    `mount` is the path prefix under which the whole service was mounted by its WSGI server (SCRIPT_NAME), `grant` what
    the client is entitled to, once its credentials have been looked at.
    """

    method: str
    path: str
    query: list[tuple[str, str]] = field(default_factory=list)
    headers: Headers = field(default_factory=Headers)
    body: bytes = field(default=b"", repr=False)
    peer: str = ""
    scheme: str = "http"
    mount: str = ""
    grant: Grant = OWN

    def parameter(self, name: str) -> str | None:
        """Give the first query parameter of that name, which is compared exactly."""
        return next((value for key, value in self.query if key == name), None)


@dataclass(slots=True)
class Response:
    """One response, complete with its body."""

    status: int
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""

    @property
    def json(self) -> Any:
        """The body as JSON, for tests and tools."""
        return json.loads(self.body)

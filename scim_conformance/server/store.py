"""Where resources are kept: a protocol, and a store in memory.

A stored resource is never changed in place: whoever wants to change one copies it and puts the copy back. Inside
`transaction()` nobody else writes, so that reading, deciding and writing are one step.
"""

import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Record:
    """A resource as stored, its unique keys, and the ids of the resources it refers to."""

    kind: str
    id: str
    resource: dict[str, Any]
    keys: frozenset[str] = field(default_factory=frozenset)
    references: frozenset[str] = field(default_factory=frozenset)


class Taken(Exception):  # noqa: N818 it says what is wrong
    """A unique key belongs to another resource."""

    def __init__(self, key: str) -> None:
        super().__init__(f"the key {key} is taken")
        self.key = key


class Store(Protocol):
    """What the server asks of a store; every method is safe to call from several threads."""

    def transaction(self) -> AbstractContextManager[Any]:
        """Begin a step in which nobody else writes; it may be entered again by the thread that is in it."""

    def insert(self, record: Record) -> None:
        """Add a resource; raise Taken if one of its unique keys is another's."""

    def get(self, kind: str, id_: str) -> Record | None:
        """Find a resource of a type by its id."""

    def find(self, id_: str) -> Record | None:
        """Find a resource of any type by its id."""

    def holder(self, key: str) -> Record | None:
        """Find the resource that has a unique key."""

    def update(self, record: Record) -> None:
        """Put a resource in the place of its older self; raise Taken if one of its unique keys is another's."""

    def remove(self, kind: str, id_: str) -> None:
        """Take a resource away, with its unique keys and references."""

    def scan(self, kind: str) -> Sequence[Record]:
        """Give all resources of a type, in order of creation, as they are at this moment."""

    def count(self, kind: str) -> int:
        """Count the resources of a type."""

    def referring(self, id_: str) -> list[Record]:
        """Give the resources that refer to an id, in order of creation."""


class MemoryStore:
    """Resources in dictionaries, gone with the process."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._records: dict[str, dict[str, Record]] = {}
        self._keys: dict[str, tuple[str, str]] = {}
        self._referring: dict[str, dict[tuple[str, str], None]] = {}

    def transaction(self) -> AbstractContextManager[Any]:
        """Take the lock every writer takes."""
        return self._lock

    def insert(self, record: Record) -> None:
        """Add a resource; raise Taken if one of its unique keys is another's."""
        with self._lock:
            self.check_keys(record)
            self._records.setdefault(record.kind, {})[record.id] = record
            self._index(record)

    def get(self, kind: str, id_: str) -> Record | None:
        """Find a resource of a type by its id."""
        return self._records.get(kind, {}).get(id_)

    def find(self, id_: str) -> Record | None:
        """Find a resource of any type by its id."""
        found = (records.get(id_) for records in list(self._records.values()))
        return next((record for record in found if record is not None), None)

    def holder(self, key: str) -> Record | None:
        """Find the resource that has a unique key."""
        place = self._keys.get(key)
        return self.get(*place) if place else None

    def update(self, record: Record) -> None:
        """Put a resource in the place of its older self; raise Taken if one of its unique keys is another's."""
        with self._lock:
            self.check_keys(record)
            self._unindex(self._records[record.kind][record.id])
            self._records[record.kind][record.id] = record
            self._index(record)

    def remove(self, kind: str, id_: str) -> None:
        """Take a resource away, with its unique keys and references."""
        with self._lock:
            record = self._records.get(kind, {}).pop(id_, None)
            if record is not None:
                self._unindex(record)

    def scan(self, kind: str) -> Sequence[Record]:
        """Give all resources of a type, in order of creation, as they are at this moment."""
        with self._lock:
            return list(self._records.get(kind, {}).values())

    def count(self, kind: str) -> int:
        """Count the resources of a type."""
        return len(self._records.get(kind, {}))

    def referring(self, id_: str) -> list[Record]:
        """Give the resources that refer to an id, in order of creation."""
        with self._lock:
            places = list(self._referring.get(id_, {}))
        found = (self.get(*place) for place in places)
        return [record for record in found if record is not None]

    def check_keys(self, record: Record) -> None:
        """Raise Taken if one of the record's unique keys is another's."""
        for key in record.keys:
            if self._keys.get(key, (record.kind, record.id)) != (record.kind, record.id):
                raise Taken(key)

    def _index(self, record: Record) -> None:
        place = (record.kind, record.id)
        for key in record.keys:
            self._keys[key] = place
        for id_ in record.references:
            self._referring.setdefault(id_, {})[place] = None

    def _unindex(self, record: Record) -> None:
        place = (record.kind, record.id)
        for key in record.keys:
            if self._keys.get(key) == place:
                del self._keys[key]
        for id_ in record.references:
            referring = self._referring.get(id_, {})
            referring.pop(place, None)
            if not referring:
                self._referring.pop(id_, None)

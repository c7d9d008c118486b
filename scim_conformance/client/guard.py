"""Only what this run created is changed or deleted: every write is judged here before it is sent."""

from __future__ import annotations

import threading
import uuid
from typing import Any, Final
from urllib.parse import unquote

from scim_conformance.client.addresses import Base, place_of
from scim_conformance.client.bulk import PREFIX, is_bulk, operations
from scim_conformance.client.errors import ForeignResource
from scim_conformance.client.journal import Journal

_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "POST"})
_ADVICE = 'say unguarded="why it is harmless" if it can do no harm'


class Guard:
    """Knows which ids are this run's own (from the journal) or invented, and lets no other write through."""

    def __init__(self, base: Base, journal: Journal) -> None:
        self._base = base
        self._journal = journal
        self._lock = threading.Lock()
        self._invented: set[str] = set()

    def invent(self) -> str:
        """Return an id that no resource has, and to which writes are let through."""
        invented = str(uuid.uuid4())
        with self._lock:
            self._invented.add(invented)
        return invented

    def is_invented(self, resource_id: str) -> bool:
        """Tell whether an id was made by `invent`."""
        with self._lock:
            return resource_id in self._invented

    def check(self, method: str, url: str, body: bytes) -> None:
        """Raise ForeignResource unless a request can only touch what this run created."""
        below = self._base.below(url)
        if method.upper() in _SAFE_METHODS:
            if method.upper() == "POST" and below is not None and is_bulk(below):
                self._check_bulk(body)
            return
        self._check_path(method, below)

    def lets(self, method: str, url: str, body: bytes) -> bool:
        """Tell whether `check` would let a request through."""
        try:
            self.check(method, url, body)
        except ForeignResource:
            return False
        return True

    def _check_path(self, method: str, path: str | None) -> None:
        place = None if path is None else place_of(path)
        if place is None:
            raise ForeignResource(
                f"{method} outside the base URL, or on a path that climbs, was refused before it was sent."
            )
        if not place.id:
            raise ForeignResource(
                f"{method} {place.endpoint} is not aimed at one resource of this run, so it was not sent; {_ADVICE}."
            )
        if not (self.is_invented(place.id) or self._journal.owns(place.endpoint, place.id)):
            raise ForeignResource(
                f"{method} {place.endpoint}/{place.id} was not sent: this run did not create that resource; "
                f"create one with create(), or invent an id with unknown_id()."
            )

    def _check_bulk(self, body: bytes) -> None:
        asked = list(operations(body))
        made = {(_plain(each.path), each.bulk_id) for each in asked if each.method == "POST" and each.bulk_id}
        for each in asked:
            if each.method == "POST" and isinstance(each.path, str) and is_bulk(each.path.partition("?")[0]):
                raise ForeignResource(f"A bulk job inside a bulk job was not sent; {_ADVICE}.")
            if each.method in _SAFE_METHODS:
                continue
            if not isinstance(each.path, str):
                raise ForeignResource(f"A bulk {each.method} without a path was not sent; {_ADVICE}.")
            place = place_of(each.path)
            # What the very same job creates is this run's own.
            named = place.id.removeprefix(PREFIX) if place is not None and place.id.startswith(PREFIX) else ""
            if place is not None and named and (_plain(place.endpoint), named) in made:
                continue
            self._check_path(f"Bulk {each.method}", self._base.below(self._base.resolve(each.path)))


def _plain(path: Any) -> str:
    return "/" + unquote(str(path)).strip("/").casefold()

"""externalId by provisioning domain: each client's own, unseen by others (RFC 7643 sections 3.1 and 9.3)."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from contextvars import ContextVar
from dataclasses import replace
from typing import Any

from scim_conformance.server.store import Record, Store

_acting: ContextVar[str] = ContextVar("domain", default="")
"""The domain of the client whose request this thread answers."""


class Domains:
    """The store as the client of one domain sees it: a resource's externalId is that of its domain, or none.

    The values of the domain of the provisioning settings, "", stand in the resources themselves, those of others
    beside them, for as long as the process lives.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._others: dict[tuple[str, str], dict[str, Any]] = {}

    def act_for(self, client: str) -> None:
        """Say whose request is answered from now on."""
        _acting.set(client)

    def domain(self) -> str:
        """Give the domain in which externalId is read and written."""
        return _acting.get()

    def seen(self, record: Record) -> Record:
        """Give a resource with the externalId of the domain at hand."""
        domain = self.domain()
        if not domain:
            return record
        resource = {name: value for name, value in record.resource.items() if name != "externalId"}
        own = self._others.get((record.kind, record.id), {}).get(domain)
        return replace(record, resource=resource if own is None else {**resource, "externalId": own})

    def kept(self, record: Record) -> Record:
        """Give a resource as it is stored, and note the externalId of the domain at hand."""
        domain = self.domain()
        if not domain:
            return record
        resource = dict(record.resource)
        own = resource.pop("externalId", None)
        self._others.setdefault((record.kind, record.id), {})[domain] = own
        before = self.store.get(record.kind, record.id)
        if before is not None and "externalId" in before.resource:
            resource["externalId"] = before.resource["externalId"]
        return replace(record, resource=resource)

    # The store's protocol

    def transaction(self) -> AbstractContextManager[Any]:
        """Begin a step in which nobody else writes."""
        return self.store.transaction()

    def insert(self, record: Record) -> None:
        """Add a resource; raise Taken if one of its unique keys is another's."""
        self.store.insert(self.kept(record))

    def get(self, kind: str, id_: str) -> Record | None:
        """Find a resource of a type by its id."""
        return self._found(self.store.get(kind, id_))

    def find(self, id_: str) -> Record | None:
        """Find a resource of any type by its id."""
        return self._found(self.store.find(id_))

    def holder(self, key: str) -> Record | None:
        """Find the resource that has a unique key."""
        return self._found(self.store.holder(key))

    def update(self, record: Record) -> None:
        """Put a resource in the place of its older self; raise Taken if one of its unique keys is another's."""
        self.store.update(self.kept(record))

    def remove(self, kind: str, id_: str) -> None:
        """Take a resource away, with what every domain calls it."""
        self.store.remove(kind, id_)
        self._others.pop((kind, id_), None)

    def scan(self, kind: str) -> Sequence[Record]:
        """Give all resources of a type, in order of creation, as they are at this moment."""
        found = self.store.scan(kind)
        return [self.seen(record) for record in found] if self.domain() else found

    def count(self, kind: str) -> int:
        """Count the resources of a type."""
        return self.store.count(kind)

    def referring(self, id_: str) -> list[Record]:
        """Give the resources that refer to an id, in order of creation."""
        return [self.seen(record) for record in self.store.referring(id_)]

    def _found(self, record: Record | None) -> Record | None:
        return None if record is None else self.seen(record)

"""Faults that only requests at the same moment show: what is checked is no longer true when it is acted upon."""

import threading
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any

from scim_conformance.server.during import during
from scim_conformance.server.faults import after, around, fault, swap
from scim_conformance.server.service import Service
from scim_conformance.server.store import Record

_PATIENCE = 0.3


class Meeting:
    """A place where two threads wait for each other, so that what can go wrong between them does.

    Whoever comes alone goes on after a while; the main thread, which serves one request after the other, at once.
    """

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._waiting = False
        self._rounds = 0

    def wait(self) -> None:
        """Go on together with the next thread that comes here."""
        if threading.current_thread() is threading.main_thread():
            return
        with self._condition:
            if self._waiting:
                self._waiting = False
                self._rounds += 1
                self._condition.notify_all()
                return
            self._waiting, former = True, self._rounds
            if not self._condition.wait_for(lambda: self._rounds != former, _PATIENCE):
                self._waiting = False


def unlocked(service: Service, operation: str) -> Meeting:
    """Let one operation do its work without the store's lock; give the place where two threads meet in it."""
    during(service.lifecycle, operation, service.store, "transaction", lambda _original: nullcontext())
    return Meeting()


@fault("RFC7643-4.1.1-02")
def names_are_checked_before_they_are_stored(service: Service) -> None:
    """Whether a userName is taken is checked some time before it is stored, so that two get in at the same moment."""
    meeting = unlocked(service, "create")
    store: Any = service.store

    def insert(record: Record) -> None:
        store.check_keys(record)
        meeting.wait()
        store._records.setdefault(record.kind, {})[record.id] = record  # noqa: SLF001 what an insertion does, unchecked
        store._index(record)  # noqa: SLF001

    swap(store, "insert", insert)


@fault("RFC7644-3.5.2.1-12")
def parallel_patches_overwrite_each_other(service: Service) -> None:
    """PATCH changes what it has read before, whatever another PATCH has stored meanwhile."""
    meeting = unlocked(service, "modify")

    def patched(original: Callable[..., Any], *args: Any) -> Any:
        meeting.wait()
        return original(*args)

    around(service.patching, "patched", patched)


@fault("RFC7232-3.1-05")
def versions_are_checked_before_the_change(service: Service) -> None:
    """If-Match is evaluated some time before a PUT is stored, so that two writers pass at the same moment."""
    meeting = unlocked(service, "replace")
    after(service.versions, "check_write", lambda _: meeting.wait())


@fault("RFC7644-3.4.2.4-11")
def lists_break_when_they_change(service: Service) -> None:
    """A query during which a resource is created or deleted is answered 500."""
    condition = threading.Condition()
    state = {"asked": 0, "changes": 0}

    def changed(original: Callable[..., None], *args: Any) -> None:
        with condition:
            if threading.current_thread() is not threading.main_thread():
                condition.wait_for(lambda: state["asked"], _PATIENCE)
            original(*args)
            state["changes"] += 1
            condition.notify_all()

    def scan(original: Callable[[str], Sequence[Record]], kind: str) -> Sequence[Record]:
        if threading.current_thread() is threading.main_thread():
            return original(kind)
        with condition:
            state["asked"] += 1
            condition.notify_all()
            former = state["changes"]
            broken = condition.wait_for(lambda: state["changes"] != former, _PATIENCE)
            state["asked"] -= 1
        if broken:
            raise RuntimeError("dictionary changed size during iteration")
        return original(kind)

    around(service.store, "insert", changed)
    around(service.store, "remove", changed)
    around(service.store, "scan", scan)


@fault("RFC7644-3.4.2.4-05")
def the_newest_is_on_every_page(service: Service) -> None:
    """A user that was created while others asked for lists is on every page from then on, beyond its count."""
    asked: list[str] = []

    def insert(original: Callable[[Record], None], record: Record) -> None:
        original(record)
        if threading.current_thread() is not threading.main_thread():
            asked.append(record.id)

    def page(original: Callable[..., Sequence[Any]], *args: Any) -> Sequence[Any]:
        found = list(original(*args))
        newest = [record for record in service.store.scan("User") if record.id in asked]
        return [*found, *newest]

    around(service.store, "insert", insert)
    around(service.query, "page", page)

"""What a run created on a target, on disk before it is created there.

One file a process, one JSON object a line, appended and flushed, so that a run killed at any moment leaves a list that
`scim-conformance clean` can work through:

    {"journal": 1, "run": ..., "tool": ..., "base_url": ..., "kind": ..., "started": ...}
    {"intend": 1, "endpoint": "/Users", "attribute": "userName", "value": "sc4x...@example.com"}     before the POST
    {"created": 1, "endpoint": "/Users", "id": "2819c223"}                                           its answer
    {"refused": 2}                                                                                   nothing was created
    {"deleted": "2819c223", "endpoint": "/Users"}

No credential is ever written. A file whose run left nothing behind is removed.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, Final, Self

from scim_conformance.client.errors import HarnessError

FORMAT: Final = 1


class BadJournal(HarnessError):  # noqa: N818 - named after what the file is
    """A file that is not a journal, or one that cannot be written; the text says what to do."""


@dataclass(frozen=True)
class Leftover:
    """Something that a run created or may have created: `id` is "" while no answer has shown one."""

    number: int
    endpoint: str
    attribute: str = ""
    value: str = ""
    id: str = ""

    @property
    def words(self) -> str:
        """What it is, for a reader who has to look for it by hand."""
        named = f"{self.attribute} {self.value!r}" if self.attribute else ""
        if self.id:
            return f"{self.endpoint}/{self.id}" + (f" ({named})" if named else "")
        return f"a resource under {self.endpoint}" + (f" with {named}" if named else "")


@dataclass(frozen=True)
class JournalFile:
    """A journal as read back: its header and what is still on the target, in the order of creation."""

    path: Path
    header: Mapping[str, Any]
    leftovers: tuple[Leftover, ...]
    owned: frozenset[tuple[str, str]]
    unreadable: int = 0

    @property
    def run_id(self) -> str:
        """The id that the names of everything this run created contain."""
        return str(self.header.get("run", ""))


def default_folder() -> Path:
    """Return the folder for journals: $SCIM_CONFORMANCE_STATE, else below $XDG_STATE_HOME, else ~/.local/state."""
    own = os.environ.get("SCIM_CONFORMANCE_STATE")
    if own:
        return Path(own)
    state = os.environ.get("XDG_STATE_HOME")
    return (
        Path(state) if state and Path(state).is_absolute() else Path.home() / ".local" / "state"
    ) / "scim-conformance"


class Journal:
    """The journal of one process; every method may be called from any thread.

    Without a path it is kept in memory alone. The file appears with the first intent. `header` names the run (`run`),
    and for targets in this process (`kind` other than "url") lines are not forced to the disk, for nothing outlives the
    process.
    """

    def __init__(self, path: Path | None = None, header: Mapping[str, Any] | None = None) -> None:
        self.path = path
        self.header = {"journal": FORMAT, **(header or {})}
        self._durable = self.header.get("kind", "url") == "url"
        self._lock = threading.RLock()
        self._file: IO[str] | None = None
        self._open: dict[int, Leftover] = {}
        self._owned: dict[str, dict[str, str]] = {}
        self._next = 1

    @classmethod
    def resume(cls, path: Path) -> Journal:
        """Open the journal of a run that has ended, to go on with it; raises BadJournal, also while its run goes on."""
        found = read(path)
        journal = cls(path, found.header)
        journal._open = {leftover.number: leftover for leftover in found.leftovers}
        for endpoint, resource_id in found.owned:
            journal._own(endpoint, resource_id)
        journal._next = max(journal._open, default=0) + 1
        journal._open_file(fresh=False)
        return journal

    @property
    def run_id(self) -> str:
        """The id of the run, as the header has it."""
        return str(self.header.get("run", ""))

    def intend(self, endpoint: str, attribute: str = "", value: str = "") -> int:
        """Write down that something is about to be created, and how to find it; return the entry's number."""
        with self._lock:
            number, self._next = self._next, self._next + 1
            self._open[number] = Leftover(number, endpoint, attribute, value)
            self._write({"intend": number, "endpoint": endpoint, "attribute": attribute, "value": value}, durable=True)
            return number

    def created(self, number: int, endpoint: str, resource_id: str) -> None:
        """Write down the id that the target gave; a second id for the same entry is kept beside the first."""
        with self._lock:
            if self.owns(endpoint, resource_id) and any(
                known.id == resource_id and _same(known.endpoint, endpoint) for known in self._open.values()
            ):
                if not self._open.get(number, _NOTHING).id:
                    self.refused(number)
                return
            self._own(endpoint, resource_id)
            intended = self._open.get(number)
            if intended is None or intended.id:
                name = intended or _NOTHING
                number = self.intend(endpoint, name.attribute, name.value)
                intended = self._open[number]
            self._open[number] = replace(intended, endpoint=endpoint, id=resource_id)
            self._write({"created": number, "endpoint": endpoint, "id": resource_id})

    def refused(self, number: int) -> None:
        """Write down that an intent came to nothing."""
        with self._lock:
            if self._open.pop(number, None) is not None:
                self._write({"refused": number})

    def deleted(self, endpoint: str, resource_id: str) -> None:
        """Write down that a resource is gone."""
        with self._lock:
            gone = [n for n, known in self._open.items() if known.id == resource_id and _same(known.endpoint, endpoint)]
            for number in gone:
                del self._open[number]
            if gone:
                self._write({"deleted": resource_id, "endpoint": endpoint})

    def owns(self, endpoint: str, resource_id: str) -> bool:
        """Tell whether this run created the resource, be it deleted by now or not."""
        with self._lock:
            return _key(endpoint) in self._owned.get(resource_id, {})

    def endpoints_of(self, resource_id: str) -> list[str]:
        """Return the endpoints under which this run created a resource of this id."""
        with self._lock:
            return list(self._owned.get(resource_id, {}).values())

    def holds(self, resource: Mapping[str, Any]) -> bool:
        """Tell whether a resource, as the target returned it, was created by this run and not deleted since."""
        resource_id = resource.get("id")
        with self._lock:
            return any(known.id == resource_id for known in self._open.values() if known.id)

    @property
    def leftovers(self) -> list[Leftover]:
        """What is or may be on the target still, in the order of creation."""
        with self._lock:
            return [self._open[number] for number in sorted(self._open)]

    def forget(self) -> None:
        """Write down that nothing is left: the target lived in a process that has ended, and all it held with it."""
        for leftover in self.leftovers:
            self.refused(leftover.number)

    def close(self) -> None:
        """Close the file, and remove it when nothing is left."""
        with self._lock:
            if self._file is None:
                return
            empty = not self._open
            if empty and self.path is not None:
                with contextlib.suppress(OSError):
                    self.path.unlink()
            self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _own(self, endpoint: str, resource_id: str) -> None:
        self._owned.setdefault(resource_id, {})[_key(endpoint)] = endpoint

    def _write(self, entry: Mapping[str, Any], *, durable: bool = False) -> None:
        if self.path is None:
            return
        if self._file is None:
            self._open_file(fresh=True)
        assert self._file is not None  # noqa: S101 - for the type checker
        try:
            self._file.write(json.dumps(entry) + "\n")
            self._file.flush()
            if durable and self._durable:
                os.fsync(self._file.fileno())
        except OSError as problem:
            raise BadJournal(
                f"The journal {self.path} cannot be written: {problem.strerror}; nothing more is created."
            ) from None

    def _open_file(self, *, fresh: bool) -> None:
        assert self.path is not None  # noqa: S101 - for the type checker
        try:
            if fresh:
                self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            self._file = os.fdopen(descriptor, "a", encoding="utf-8")
        except OSError as problem:
            raise BadJournal(
                f"The journal {self.path} cannot be written: {problem.strerror}; set SCIM_CONFORMANCE_STATE."
            ) from None
        if not _locked(self._file):
            self._file.close()
            self._file = None
            raise BadJournal(f"The journal {self.path} belongs to a run that is still going on; wait for it or end it.")
        if fresh:
            self._write(self.header, durable=True)
        elif not _ends_with_newline(self.path):
            self._file.write("\n")


def read(path: Path) -> JournalFile:
    """Read a journal; lines that a kill cut short are passed over, raises BadJournal when it is none."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as problem:
        raise BadJournal(f"The journal {path} cannot be read: {problem.strerror}.") from None
    entries, unreadable = _entries(lines)
    header = next((entry for entry in entries if "journal" in entry), None)
    if header is None:
        raise BadJournal(f"{path} is not a journal of scim-conformance: it has no header line.")
    if header["journal"] != FORMAT:
        raise BadJournal(f"{path} is a journal of format {header['journal']!r}; this version reads format {FORMAT}.")
    still: dict[int, Leftover] = {}
    owned: set[tuple[str, str]] = set()
    for entry in entries:
        try:
            _replay(entry, still, owned)
        except (KeyError, TypeError, ValueError):
            unreadable += 1
    leftovers = tuple(still[number] for number in sorted(still))
    return JournalFile(path, header, leftovers, frozenset(owned), unreadable)


def _entries(lines: Iterable[str]) -> tuple[list[dict[str, Any]], int]:
    entries: list[dict[str, Any]] = []
    unreadable = 0
    for line in lines:
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            entry = None
        if isinstance(entry, dict):
            entries.append(entry)
        else:
            unreadable += 1
    return entries, unreadable


def _replay(entry: Mapping[str, Any], still: dict[int, Leftover], owned: set[tuple[str, str]]) -> None:
    if "intend" in entry:
        number = int(entry["intend"])
        still[number] = Leftover(
            number, str(entry["endpoint"]), str(entry.get("attribute", "")), str(entry.get("value", ""))
        )
    elif "created" in entry:
        number, endpoint, resource_id = int(entry["created"]), str(entry["endpoint"]), str(entry["id"])
        still[number] = replace(still.get(number, Leftover(number, endpoint)), endpoint=endpoint, id=resource_id)
        owned.add((endpoint, resource_id))
    elif "refused" in entry:
        still.pop(int(entry["refused"]), None)
    elif "deleted" in entry:
        for number in [
            n for n, known in still.items() if known.id == entry["deleted"] and _same(known.endpoint, entry["endpoint"])
        ]:
            del still[number]


def _key(endpoint: str) -> str:
    return endpoint.rstrip("/").casefold()


def _same(one: str, other: str) -> bool:
    return _key(one) == _key(other)


def _locked(file: IO[str]) -> bool:
    """Take the file's lock, which the system lets go of when the process dies; True where there are no locks."""
    try:
        import fcntl  # noqa: PLC0415 - missing on Windows
    except ImportError:
        return True
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # file systems without locks
        return True
    return True


def _ends_with_newline(path: Path) -> bool:
    content = path.read_bytes()
    return not content or content.endswith(b"\n")


_NOTHING: Final = Leftover(0, "")

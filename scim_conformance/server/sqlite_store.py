"""A store in an SQLite file, behind the same protocol as the one in memory."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from scim_conformance.server.store import Record, Taken

_FORMAT = 1
_TABLES = """
CREATE TABLE resource (
    position INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
    UNIQUE (kind, id)
);
CREATE INDEX resource_id ON resource (id);
CREATE TABLE unique_key (key TEXT PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX unique_key_owner ON unique_key (kind, id);
CREATE TABLE reference (
    target TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (target, kind, id)
) WITHOUT ROWID;
CREATE INDEX reference_owner ON reference (kind, id);
"""


class BadStore(Exception):  # noqa: N818 it says what is wrong
    """The file cannot be used as a store; the message says why."""


class SQLiteStore:
    """Resources in an SQLite file, which outlives the process; `:memory:` gives one that does not."""

    def __init__(self, path: "Path | str") -> None:
        self._path = str(path)
        self._lock = threading.RLock()
        self._depth = 0
        try:
            # Transactions are begun and ended here, not by the module (isolation_level=None).
            self._db = sqlite3.connect(self._path, timeout=10, isolation_level=None, check_same_thread=False)
            self._prepare()
        except sqlite3.Error as problem:
            raise BadStore(f"{self._path} cannot be used as a store: {problem}.") from None

    def _prepare(self) -> None:
        with self.transaction():
            found = self._db.execute("PRAGMA user_version").fetchone()[0]
            tables = self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            if found == 0 and tables == 0:
                for statement in _TABLES.split(";")[:-1]:
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version = {_FORMAT}")
            elif found != _FORMAT:
                raise BadStore(f"{self._path} is not a store of this version; give the name of a new file.")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Begin a step that is done whole or not at all, and in which nobody else writes, other processes included."""
        with self._lock:
            if self._depth == 0:
                self._db.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._db.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._db.execute("COMMIT")

    def insert(self, record: Record) -> None:
        """Add a resource; raise Taken if one of its unique keys is another's."""
        with self.transaction():
            self.check_keys(record)
            values = (record.kind, record.id, json.dumps(record.resource))
            self._db.execute("INSERT INTO resource (kind, id, body) VALUES (?, ?, ?)", values)
            self._index(record)

    def get(self, kind: str, id_: str) -> Record | None:
        """Find a resource of a type by its id."""
        return self._one("SELECT kind, id, body FROM resource WHERE kind = ? AND id = ?", kind, id_)

    def find(self, id_: str) -> Record | None:
        """Find a resource of any type by its id."""
        return self._one("SELECT kind, id, body FROM resource WHERE id = ?", id_)

    def holder(self, key: str) -> Record | None:
        """Find the resource that has a unique key."""
        return self._one(
            "SELECT r.kind, r.id, r.body FROM unique_key k JOIN resource r ON r.kind = k.kind AND r.id = k.id"
            " WHERE k.key = ?",
            key,
        )

    def update(self, record: Record) -> None:
        """Put a resource in the place of its older self; raise Taken if one of its unique keys is another's."""
        with self.transaction():
            self.check_keys(record)
            values = (json.dumps(record.resource), record.kind, record.id)
            self._db.execute("UPDATE resource SET body = ? WHERE kind = ? AND id = ?", values)
            self._unindex(record.kind, record.id)
            self._index(record)

    def remove(self, kind: str, id_: str) -> None:
        """Take a resource away, with its unique keys and references."""
        with self.transaction():
            self._db.execute("DELETE FROM resource WHERE kind = ? AND id = ?", (kind, id_))
            self._unindex(kind, id_)

    def scan(self, kind: str) -> Sequence[Record]:
        """Give all resources of a type, in order of creation, as they are at this moment."""
        return self._all("SELECT kind, id, body FROM resource WHERE kind = ? ORDER BY position", kind)

    def count(self, kind: str) -> int:
        """Count the resources of a type."""
        with self._lock:
            row = self._db.execute("SELECT count(*) FROM resource WHERE kind = ?", (kind,)).fetchone()
        return int(row[0])

    def referring(self, id_: str) -> list[Record]:
        """Give the resources that refer to an id, in order of creation."""
        return self._all(
            "SELECT r.kind, r.id, r.body FROM reference f JOIN resource r ON r.kind = f.kind AND r.id = f.id"
            " WHERE f.target = ? ORDER BY r.position",
            id_,
        )

    def check_keys(self, record: Record) -> None:
        """Raise Taken if one of the record's unique keys is another's."""
        for key in record.keys:
            owner = self._db.execute("SELECT kind, id FROM unique_key WHERE key = ?", (key,)).fetchone()
            if owner is not None and owner != (record.kind, record.id):
                raise Taken(key)

    def _index(self, record: Record) -> None:
        self._db.executemany(
            "INSERT OR REPLACE INTO unique_key (key, kind, id) VALUES (?, ?, ?)",
            [(key, record.kind, record.id) for key in record.keys],
        )
        self._db.executemany(
            "INSERT OR IGNORE INTO reference (target, kind, id) VALUES (?, ?, ?)",
            [(target, record.kind, record.id) for target in record.references],
        )

    def _unindex(self, kind: str, id_: str) -> None:
        self._db.execute("DELETE FROM unique_key WHERE kind = ? AND id = ?", (kind, id_))
        self._db.execute("DELETE FROM reference WHERE kind = ? AND id = ?", (kind, id_))

    def _one(self, query: str, *values: str) -> Record | None:
        return next(iter(self._all(query, *values)), None)

    def _all(self, query: str, *values: str) -> list[Record]:
        with self._lock:
            rows = self._db.execute(query, values).fetchall()
        return [Record(kind, id_, json.loads(body)) for kind, id_, body in rows]

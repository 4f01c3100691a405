"""Results kept by content between builds: deletable at any time, and verified when read.

One SQLite file. A key is the digest of everything that a result depends on, so that nothing in it
is ever out of date; a result carries a digest of its own, so that a damaged one is made again.
Whatever is wrong with the file costs time, never the build.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

from townsquare import layout

FILE = "townsquare.sqlite"
_TABLE = "CREATE TABLE IF NOT EXISTS result (key BLOB PRIMARY KEY, digest BLOB, data BLOB)"
_INSERT = "INSERT OR REPLACE INTO result VALUES (?, ?, ?)"
_BUSY_SECONDS = 5


def key(*parts: str | bytes) -> bytes:
    """What a result depends on, as a key: the same parts, the same key."""
    made = blake2b(digest_size=16)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        made.update(len(data).to_bytes(8, "big") + data)
    return made.digest()


class Cache:
    """The results of the builds before, and those of this one, which stay from `save` on."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        self._used: set[bytes] = set()
        # What cannot be written is there for this build at least.
        self._made: dict[bytes, bytes] = {}
        self._base = _opened(self._file) if self._file.is_file() else None
        self._damaged = False
        self._owner = os.getpid()
        self._is_ours = True
        self._parents: sqlite3.Connection | None = None

    def result(self, key: bytes, make: Callable[[], bytes]) -> bytes:
        """What was kept under this key, else what `make` gives, kept from then on."""
        data = self.kept(key)
        if data is None:
            data = make()
            self.keep(key, data)
        return data

    def kept(self, key: bytes) -> bytes | None:
        """What was kept under this key, if it is whole; it stays for the next build."""
        self._used.add(key)
        if key in self._made:
            return self._made[key]
        try:
            row = self._row(key)
        except sqlite3.DatabaseError:
            self._damaged = True
            return None
        intact = row and isinstance(row[1], bytes) and row[0] == _digest(key, row[1])
        return row[1] if intact else None

    def keep(self, key: bytes, data: bytes) -> None:
        """The data is kept under this key from now on."""
        self._used.add(key)
        self._made[key] = data
        if self._is_ours and os.getpid() == self._owner:
            with suppress(OSError, sqlite3.Error):
                self._writable().execute(_INSERT, (key, _digest(key, data), data))
                del self._made[key]

    def share(self) -> None:
        """Processes that fork from this one from now on find all that is kept."""
        if self._base is not None:
            with suppress(sqlite3.Error):
                self._base.commit()

    def use(self, key: bytes) -> None:
        """What is kept under this key stays for the next build."""
        self._used.add(key)

    def save(self, *, tidy: bool = True) -> None:
        """What this build made is kept; when `tidy`, what it did not ask for is dropped."""
        if self._base is None:
            return
        try:
            if self._damaged:
                raise sqlite3.DatabaseError
            if tidy and self._count() > len(self._used):
                self._drop_unused(self._base)
            self._base.commit()
            self._base.close()
        except sqlite3.Error:
            _discard(self._file)
        self._base = None

    def _row(self, key: bytes) -> Any:
        if self._owner != os.getpid():
            # A connection serves the process that opened it alone; the parent's is left untouched.
            self._is_ours, self._owner, self._parents = False, os.getpid(), self._base
            self._base = _opened(self._file) if self._file.is_file() else None
        if self._base is None:
            return None
        found = self._base.execute("SELECT digest, data FROM result WHERE key = ?", (key,))
        return found.fetchone()

    def _writable(self) -> sqlite3.Connection:
        if self._base is None:
            layout.make_cache(self._file.parent)
            self._base = _connected(self._file)
            self._base.execute(_TABLE)
        return self._base

    def _drop_unused(self, base: sqlite3.Connection) -> None:
        base.execute("CREATE TEMP TABLE used (key BLOB PRIMARY KEY)")
        base.executemany("INSERT INTO used VALUES (?)", [(key,) for key in self._used])
        base.execute("DELETE FROM result WHERE key NOT IN (SELECT key FROM used)")

    def _count(self) -> int:
        found = self._base.execute("SELECT count(*) FROM result") if self._base else None
        return int(found.fetchone()[0]) if found else 0


def _connected(file: Path) -> sqlite3.Connection:
    base = sqlite3.connect(file, timeout=_BUSY_SECONDS)
    # A crash of the machine may cost the cache, which then is made anew.
    base.execute("PRAGMA synchronous = OFF")
    return base


def _opened(file: Path) -> sqlite3.Connection | None:
    try:
        base = _connected(file)
        base.execute("SELECT 1 FROM result LIMIT 1")
    except sqlite3.Error:
        # Not a database, or not ours: it is made anew.
        _discard(file)
        return None
    return base


def _discard(file: Path) -> None:
    # Another build may hold it, which Windows does not let us pass over.
    with suppress(OSError):
        file.unlink()


def _digest(key: bytes, data: bytes) -> bytes:
    """Bound to its key, so that two results that were swapped are both found."""
    return blake2b(data, digest_size=16, key=key).digest()

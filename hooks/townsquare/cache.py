"""Results kept by content between builds: deletable at any time, and verified when read.

One SQLite file. A key is the digest of everything that a result depends on, so that nothing in it
is ever out of date; a result carries a digest of its own, so that a damaged one is made again.
Whatever is wrong with the file costs time, never the build.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

FOLDER = ".cache"
FILE = "townsquare.sqlite"
_TABLE = "CREATE TABLE IF NOT EXISTS result (key BLOB PRIMARY KEY, digest BLOB, data BLOB)"
_BUSY_SECONDS = 5


def key(*parts: str | bytes) -> bytes:
    """What a result depends on, as a key: the same parts, the same key."""
    made = blake2b(digest_size=16)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        made.update(len(data).to_bytes(8, "big") + data)
    return made.digest()


class Cache:
    """The results of the builds before, and those of this one until `save`."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        self._used: set[bytes] = set()
        self._made: dict[bytes, bytes] = {}
        self._open = _opened(self._file) if self._file.is_file() else None

    def result(self, key: bytes, make: Callable[[], bytes]) -> bytes:
        """What was kept under this key, else what `make` gives, kept from then on."""
        self._used.add(key)
        data = self._made[key] if key in self._made else self._kept(key)
        if data is None:
            data = self._made[key] = make()
        return data

    def save(self) -> None:
        """What this build made is kept; what it did not ask for is dropped."""
        stale = self._open is None or self._made or self._count() > len(self._used)
        if self._open is not None:
            self._open.close()
            self._open = None
        if stale and self._used:
            try:
                self._write()
            except (OSError, sqlite3.Error):
                _discard(self._file)

    def _kept(self, key: bytes) -> bytes | None:
        if self._open is None:
            return None
        try:
            found = self._open.execute("SELECT digest, data FROM result WHERE key = ?", (key,))
            row = found.fetchone()
        except sqlite3.Error:
            return None
        intact = row and isinstance(row[1], bytes) and row[0] == _digest(key, row[1])
        return row[1] if intact else None

    def _count(self) -> int:
        try:
            found = self._open.execute("SELECT count(*) FROM result") if self._open else None
            return int(found.fetchone()[0]) if found else 0
        except sqlite3.Error:
            return 0

    def _write(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        rows = [(key, _digest(key, data), data) for key, data in self._made.items()]
        with sqlite3.connect(self._file, timeout=_BUSY_SECONDS) as base:
            base.execute(_TABLE)
            base.execute("CREATE TEMP TABLE used (key BLOB PRIMARY KEY)")
            base.executemany("INSERT INTO used VALUES (?)", [(key,) for key in self._used])
            base.execute("DELETE FROM result WHERE key NOT IN (SELECT key FROM used)")
            base.executemany("INSERT OR REPLACE INTO result VALUES (?, ?, ?)", rows)
        base.close()


def _opened(file: Path) -> sqlite3.Connection | None:
    try:
        base = sqlite3.connect(
            f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=_BUSY_SECONDS
        )
        base.execute("SELECT 1 FROM result LIMIT 1")
    except sqlite3.Error:
        # Not a database, or not ours: `save` makes it anew.
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

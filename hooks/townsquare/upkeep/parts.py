"""What one build leaves for the next, in parts that are read and written one by one.

One SQLite file in the cache's folder, written in one transaction. Each part has a digest that is
bound to its name. Whoever asks for a part knows that there is one: where it is damaged or lost, so
is everything, because nobody can tell what it said.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from townsquare import layout
from townsquare.memory import Damaged

_TABLE = "CREATE TABLE part (name TEXT PRIMARY KEY, digest BLOB, data BLOB)"
_SELECT = "SELECT digest, data FROM part WHERE name = ?"
_INSERT = "INSERT OR REPLACE INTO part VALUES (?, ?, ?)"
_BUSY_SECONDS = 5
ROOT = "root"
"""The part that is another in each state."""


class Parts:
    """The parts in one file as they were when it was opened. Raises Damaged where it has none."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._digests: dict[str, bytes] = {}
        self._base = self._opened()
        self.root = self.read(ROOT)

    def read(self, name: str) -> bytes:
        """The part of this name. Raises Damaged."""
        if self._owner != os.getpid():
            # A connection serves the process that opened it alone; the parent's is left untouched.
            self._parents, self._base = self._base, self._opened()
            if self._part(ROOT) != self.root:
                raise Damaged(ROOT)
        return self._part(name)

    def write(self, parts: Iterable[tuple[str, bytes | None]]) -> None:
        """Each part is what is given for it, or gone, all at once. Raises sqlite3.Error."""
        _put(self._base, (each for each in parts if not self._is(*each)))
        self._base.close()

    def close(self) -> None:
        """The file is not needed any longer."""
        self._base.close()

    def _opened(self) -> sqlite3.Connection:
        self._owner = os.getpid()
        # Left by a writer that was killed, or who is at work: nobody knows which of both it is.
        if not self._file.is_file() or _journal(self._file).exists():
            raise Damaged(self._file)
        base = _connected(self._file)
        with suppress(sqlite3.Error):
            # Nobody writes while this is open, so that all parts are of one build.
            base.execute("BEGIN")
        return base

    def _part(self, name: str) -> bytes:
        try:
            row = self._base.execute(_SELECT, (name,)).fetchone()
        except sqlite3.Error as error:
            raise Damaged(name) from error
        if row is None or not isinstance(row[1], bytes) or row[0] != _digest(name, row[1]):
            raise Damaged(name)
        self._digests[name] = row[0]
        return row[1]

    def _is(self, name: str, part: bytes | None) -> bool:
        return part is not None and self._digests.get(name) == _digest(name, part)


def create(file: Path, parts: Iterable[tuple[str, bytes | None]]) -> None:
    """The file holds these parts alone. Raises OSError or sqlite3.Error where that cannot be."""
    layout.make_cache(file.parent)
    fresh = file.with_name(f"{file.name}.new")
    discard(fresh)
    base = _connected(fresh)
    base.execute(_TABLE)
    _put(base, parts)
    base.close()
    # A journal that stayed would be taken for the new file's.
    discard(file)
    fresh.replace(file)


def discard(file: Path) -> None:
    """There is no such file, nor anything left of writing it."""
    for each in (file, _journal(file)):
        with suppress(OSError):
            each.unlink()


def _put(base: sqlite3.Connection, parts: Iterable[tuple[str, bytes | None]]) -> None:
    for name, part in parts:
        if part is None:
            base.execute("DELETE FROM part WHERE name = ?", (name,))
        else:
            base.execute(_INSERT, (name, _digest(name, part), part))
    base.commit()


def _connected(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, timeout=_BUSY_SECONDS)


def _journal(file: Path) -> Path:
    return file.with_name(f"{file.name}-journal")


def _digest(name: str, data: bytes) -> bytes:
    made = blake2b(name.encode(), digest_size=16)
    made.update(b"\0" + data)
    return made.digest()

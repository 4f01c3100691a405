"""Whole and atomic writing: readers see the old site or the new one, never a mixture."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO

from townsquare.problems import SetupError

RECORD = "build.json"
"""What a site says of the build that made it. A folder without it is never replaced."""

SUMS = "SHA256SUMS"
"""A sum for every file but the record and the list itself, as `sha256sum --check` reads it."""

FOLDER_MODE, FILE_MODE = 0o755, 0o644
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_UNSUPPORTED = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP)


@contextmanager
def replacing(target: Path) -> Generator[Path]:
    """Gives a fresh folder, which has taken the target's place, whole and on disk, afterwards.

    If the block raises, the target is as it was. After a kill at any point the target is the old
    site or the new one, and the next call removes what was left. Raises SetupError when another
    build holds the target, and when the target is a folder that no build made.
    """
    target = target.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh, former = beside(target, "new"), beside(target, "old")
    with locked(target):
        _tidy(target, fresh, former)
        _refuse_foreign(target)
        fresh.mkdir()
        try:
            yield fresh
            flush(fresh)
            _swap(fresh, target, former)
        finally:
            _remove(fresh)
            _remove(former)


def write(folder: Path, files: Iterator[tuple[str, bytes]]) -> int:
    """Every file stands under the folder, by its path from there; returns how many there are."""
    count = 0
    made: set[Path] = set()
    for path, content in files:
        file = folder / path
        if file.parent not in made:
            file.parent.mkdir(parents=True, exist_ok=True)
            made.add(file.parent)
        file.write_bytes(content)
        count += 1
    return count


def readable(folder: Path) -> None:
    """Everybody may read what stands there: a web server is another user, whatever the umask."""
    for below, _, files in os.walk(folder):
        Path(below).chmod(FOLDER_MODE)
        for file in files:
            Path(below, file).chmod(FILE_MODE)


def beside(target: Path, role: str) -> Path:
    """A hidden name beside the target for a folder or file with this role in writing it."""
    return target.with_name(f".{target.name}.{role}")


def _tidy(target: Path, fresh: Path, former: Path) -> None:
    """Leftovers of a killed build are gone; a site that was set aside and not replaced is back."""
    recovered(target)
    _remove(fresh)
    _remove(former)


def _refuse_foreign(target: Path) -> None:
    if not target.exists():
        return
    if not target.is_dir() or (any(target.iterdir()) and not (target / RECORD).is_file()):
        raise SetupError(
            f"{target} is not a site that a build made: empty it, or choose another with `--out`"
        )


def recovered(target: Path) -> None:
    """The target is there again if a kill came between its two renamings."""
    former = beside(target, "old")
    if former.exists() and not target.exists():
        former.rename(target)


def exchanged(fresh: Path, target: Path) -> None:
    """Each of the two folders has the other's name, on disk."""
    if not _exchange(fresh, target):
        former = beside(target, "old")
        target.rename(former)
        fresh.rename(target)
        former.rename(fresh)
    flush_folder(target.parent)


def _swap(fresh: Path, target: Path, former: Path) -> None:
    if not target.exists():
        fresh.rename(target)
    elif not _exchange(fresh, target):
        target.rename(former)
        fresh.rename(target)
    flush_folder(target.parent)


def _exchange(one: Path, other: Path) -> bool:
    """Both folders have each other's name, in one step; False where the system cannot do that.

    renameat2(2) with RENAME_EXCHANGE: Linux 3.15, on most file systems.
    """
    if not sys.platform.startswith("linux"):
        return False
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "renameat2"):
        return False
    names = os.fsencode(one), os.fsencode(other)
    done = libc.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE)
    code = ctypes.get_errno()
    if done and code not in _UNSUPPORTED:
        raise OSError(code, os.strerror(code), str(one), None, str(other))
    return done == 0


def flush(folder: Path) -> None:
    """What was written into the folder is on disk. Raises OSError where it could not be."""
    if not sys.platform.startswith("linux"):
        for file in folder.rglob("*"):
            if file.is_file():
                _flush_file(file)
        return
    # One call for the file system: fsync(2) for each of thousands of files takes seconds.
    import ctypes

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        if ctypes.CDLL(None, use_errno=True).syncfs(descriptor):
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code), str(folder))
    finally:
        os.close(descriptor)


def _flush_file(file: Path) -> None:
    # Windows flushes only what is open for writing.
    with file.open("r+b") as stream:
        os.fsync(stream.fileno())


def flush_folder(folder: Path) -> None:
    """The folder's own names are on disk."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(folder: Path) -> None:
    if folder.exists():
        import shutil

        shutil.rmtree(folder)


@contextmanager
def locked(target: Path, *, waiting: float = 0) -> Generator[None]:
    """No other build writes this target meanwhile. The lock ends with the process in any case.

    Raises SetupError where another holds it for longer than so many seconds.
    """
    with beside(target, "lock").open("a+b") as stream:
        try:
            _wait_for(partial(_lock, stream), waiting)
        except OSError as error:
            raise SetupError(f"another build is writing {target}: wait for it to end") from error
        yield


def _wait_for(lock: Callable[[], None], seconds: float) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            return lock()
        except OSError:
            if time.monotonic() >= until:
                raise
        time.sleep(0.1)


def _lock(stream: IO[bytes]) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)

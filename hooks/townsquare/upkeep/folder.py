"""The site's folder and a second one beside it, which is changed and then takes its place.

The second one is the site as it was one build ago; what both share is one file on disk under two
names. So a build writes only what differs, and readers see the old site or the new one: the two
folders exchange their names in one step. Each says which site it holds by its list of sums, which
is taken away before the first change and written last: a folder without it is made anew.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from townsquare import output
from townsquare.output import RECORD, SUMS
from townsquare.upkeep import listing


class File(NamedTuple):
    """A published file: the SHA-256 of its content, its size in bytes and its time on disk."""

    sha: str
    size: int
    time: int


def identity(folder: Path) -> str:
    """Which site a folder holds: the digest of its sums, nothing where it has none."""
    try:
        return sha256((folder / SUMS).read_bytes()).hexdigest()
    except OSError:
        return ""


def written(folder: Path, path: str, content: bytes) -> File:
    """The file stands in the folder, as a new one: the old one may have another name elsewhere."""
    file = os.path.join(folder, path)  # noqa: PTH118 (thousands)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(file, flags, 0o666)
    except FileExistsError:
        os.unlink(file)  # noqa: PTH108 — a path as text is quicker
        descriptor = os.open(file, flags, 0o666)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(file), exist_ok=True)  # noqa: PTH103, PTH120 — a path as text is quicker
        descriptor = os.open(file, flags, 0o666)
    with os.fdopen(descriptor, "wb", buffering=0) as stream:
        stream.write(content)
        found = os.fstat(descriptor)
    return File(sha256(content).hexdigest(), found.st_size, found.st_mtime_ns)


def change(
    target: Path,
    files: Mapping[str, bytes],
    gone: Collection[str],
    kept: Mapping[str, File],
    *,
    spare: str,
    since: Iterable[str],
) -> dict[str, File]:
    """The target holds these files and those that are `kept`, which it has, and no other.

    `gone` names what it has beside them. `spare` is the digest of the sums of the site before this
    one, and `since` names what has changed from that to this one. The sums are among the files.
    """
    other = output.beside(target, "spare")
    with output.locked(target):
        output.recovered(target)
        made: dict[str, File] = {}
        if spare and identity(other) == spare:
            # A file where there was a folder, or what somebody did there: the copy mends it.
            with suppress(OSError):
                made = _prepared(target, other, files, gone, since)
        if not made or listing.files(str(other)) != stamps({**kept, **made}):
            _clone(target, other)
            made = _prepared(target, other, files, gone, ())
        output.flush(other)
        output.exchanged(other, target)
    return made


def _prepared(
    target: Path,
    other: Path,
    files: Mapping[str, bytes],
    gone: Collection[str],
    since: Iterable[str],
) -> dict[str, File]:
    """The second folder is what the target is to be, its sums written last."""
    _remove(other, SUMS)
    for path in set(since) - files.keys() - set(gone):
        _link_again(target, other, path)
    for path in gone:
        _remove(other, path)
    last = sorted(files.items(), key=lambda item: (item[0] == SUMS, item[0]))
    return {path: written(other, path, content) for path, content in last}


def stamps(files: Mapping[str, File]) -> dict[str, listing.Stamp]:
    """The files' sizes and times by path, as `listing.files` finds them."""
    return {path: (each.size, each.time) for path, each in files.items()}


def replace_record(target: Path, content: bytes) -> None:
    """The site's record is this one; nothing else of it is new."""
    part = output.beside(target, "record")
    part.write_bytes(content)
    part.replace(target / RECORD)


def _clone(target: Path, other: Path) -> None:
    """The second folder has every file of the first under another name."""
    import shutil

    if other.is_symlink() or other.is_file():
        other.unlink()
    elif other.exists():
        shutil.rmtree(other)
    shutil.copytree(target, other, symlinks=True, copy_function=_link)


def _link_again(target: Path, other: Path, path: str) -> None:
    _remove(other, path)
    if (target / path).is_file():
        (other / path).parent.mkdir(parents=True, exist_ok=True)
        _link(str(target / path), str(other / path))


def _remove(folder: Path, path: str) -> None:
    """The folder has no such file, and no folder that held nothing else."""
    file = folder / path
    file.unlink(missing_ok=True)
    for above in file.parents:
        if above == folder:
            return
        try:
            above.rmdir()
        except OSError:
            return


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        import shutil

        # Not every file system gives a file two names.
        shutil.copy2(source, target)

"""What stands in a community's folders at one moment, and what its files have in common with then.

Every file is read, because no file's time is trusted: an edit within a clock's tick, a checkout or
a restored cache would go unseen. Little is imported: every start does this, also where nothing
has changed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from hashlib import sha256

from townsquare.layout import COLLECTED, FOLDERS, MAX_TEXT_BYTES, SETTINGS

# A larger buffer costs more than it saves: most texts fit into one read of this size.
_READ = 16 * 1024
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
)
_TEXTS = (".md", ".yml")


class Snapshot:
    """Every file's digest and size in bytes by path, texts whole, up to what a text may be.

    `odd` tells of what is neither a file nor a folder that can be read. Paths are sorted.
    """

    def __init__(self, root: str) -> None:
        self.root = root
        self.digests: dict[str, str] = {}
        self.sizes: dict[str, int] = {}
        self.texts: dict[str, bytes] = {}
        self.errors: dict[str, OSError] = {}
        self.odd: dict[str, str] = {}

    def listing(self) -> str:
        """What two snapshots have in common with the same names in them."""
        return _digest((path, self.odd.get(path, "")) for path in (*self.digests, *self.odd))

    def whole(self) -> str:
        """What two snapshots have in common with the same files in them."""
        return _digest((*self.digests.items(), *self.odd.items()))


def taken(root: str) -> Snapshot:
    """The files that a build of this folder depends on, as they are now."""
    found = Snapshot(root)
    for path in sorted(_paths(found)):
        _look(found, path)
    if os.path.lexists(os.path.join(root, SETTINGS)):  # noqa: PTH118 (pathlib takes 4 ms)
        _look(found, SETTINGS)
    return found


def _paths(found: Snapshot) -> list[str]:
    paths: list[str] = []
    roots = (*FOLDERS, *COLLECTED)
    waiting = [f for f in roots if os.path.lexists(f"{found.root}/{f}")]
    for folder in waiting:
        above, _, _ = folder.rpartition("/")
        links = [os.path.islink(f"{found.root}/{each}") for each in (above, folder) if each]  # noqa: PTH114 — a path as text is quicker
        if any(links) or not os.path.isdir(f"{found.root}/{folder}"):  # noqa: PTH112 — a path as text is quicker
            found.odd[folder] = "no folder"
    waiting = [folder for folder in waiting if folder not in found.odd]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(os.path.join(found.root, folder)) as items:  # noqa: PTH118 — a path as text is quicker
                for item in items:
                    _sort(found, folder, item, paths, waiting)
        except OSError as error:
            found.odd[folder] = f"unreadable: {error.errno}"
    return paths


def _sort(
    found: Snapshot, folder: str, item: os.DirEntry[str], paths: list[str], waiting: list[str]
) -> None:
    if item.name[0] == ".":
        return
    path = f"{folder}/{item.name}"
    if item.is_file(follow_symlinks=False):
        paths.append(path)
    elif item.is_dir(follow_symlinks=False):
        waiting.append(path)
    else:
        found.odd[path] = "link" if item.is_symlink() else "other"


def _look(found: Snapshot, path: str) -> None:
    try:
        descriptor = os.open(f"{found.root}/{path}", _FLAGS)
        try:
            _read(found, path, descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        found.digests[path] = f"unreadable: {error.errno}"
        found.errors[path] = error


def _read(found: Snapshot, path: str, descriptor: int) -> None:
    data = os.read(descriptor, _READ)
    made, size = sha256(data), len(data)
    text = path.endswith(_TEXTS)
    if size == _READ:
        while more := os.read(descriptor, _READ if text else 1 << 20):
            made.update(more)
            size += len(more)
            if text and size <= MAX_TEXT_BYTES + _READ:
                data += more
    if text:
        found.texts[path] = data
    found.digests[path] = made.hexdigest()
    found.sizes[path] = size


def _digest(pairs: Iterable[tuple[str, str]]) -> str:
    text = "".join(f"{path}\0{rest}\n" for path, rest in pairs)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

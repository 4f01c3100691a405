"""Every file of a folder with its size and time, found in one walk. Little is imported."""

from __future__ import annotations

import os
from collections.abc import Iterator

Stamp = tuple[int, int]
"""A file's size in bytes and its time of change in nanoseconds."""
LINK: Stamp = (-1, 0)
"""What stands for a link: wherever it leads, it is no file of ours."""


def files(folder: str) -> dict[str, Stamp]:
    """All that is no folder, links themselves among them, by path from the folder."""
    try:
        return dict(_files(folder, ""))
    except OSError:
        return {}


def _files(folder: str, above: str) -> Iterator[tuple[str, Stamp]]:
    with os.scandir(folder) as items:
        for item in items:
            if item.is_dir(follow_symlinks=False):
                yield from _files(item.path, f"{above}{item.name}/")
            elif item.is_symlink():
                yield f"{above}{item.name}", LINK
            else:
                found = item.stat(follow_symlinks=False)
                yield f"{above}{item.name}", (found.st_size, found.st_mtime_ns)

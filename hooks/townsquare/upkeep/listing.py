"""Every file of a folder with its size and time, found in one walk. Little is imported."""

from __future__ import annotations

import os

Stamp = tuple[int, int]
"""A file's size in bytes and its time of change in nanoseconds."""
LINK: Stamp = (-1, 0)
"""What stands for a link: wherever it leads, it is no file of ours."""


def files(folder: str) -> dict[str, Stamp]:
    """All that is no folder, links themselves among them, by path from the folder."""
    found: dict[str, Stamp] = {}
    try:
        _look_into(folder, "", found)
    except OSError:
        return {}
    return found


def _look_into(folder: str, above: str, found: dict[str, Stamp]) -> None:
    with os.scandir(folder) as items:
        for item in items:
            if item.is_dir(follow_symlinks=False):
                _look_into(item.path, f"{above}{item.name}/", found)
            elif item.is_symlink():
                found[above + item.name] = LINK
            else:
                about = item.stat(follow_symlinks=False)
                found[above + item.name] = (about.st_size, about.st_mtime_ns)

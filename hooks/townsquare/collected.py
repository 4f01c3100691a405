"""What tools gathered and a manager committed, below `data/`: bytes, which their readers type."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from townsquare import folders
from townsquare.layout import COLLECTED
from townsquare.problems import Place, Problem, problem
from townsquare.reads import Remembered

ENDINGS = (".csv", ".json")
MAX_BYTES = 8 * 1024 * 1024
_BELOW = tuple(f"{folder}/" for folder in COLLECTED)


class Collected(Mapping[str, bytes]):
    """Every collected file's bytes by its path in the repository, read when it is asked for."""

    def __init__(self, root: Path, paths: Iterable[str] = ()) -> None:
        self._root = root
        self._paths = dict.fromkeys(sorted(paths))
        self._read = Remembered()

    def __getitem__(self, path: str) -> bytes:
        if path not in self._paths:
            raise KeyError(path)
        return self._read.value(path, (self._root / path).read_bytes)

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def is_one(path: str) -> bool:
    """Whether the file stands where tools put what they collect."""
    return path.startswith(_BELOW)


def fault(root: Path, path: str) -> Problem | None:
    """Why the file is not one that tools wrote; nothing where it may be."""
    if not path.endswith(ENDINGS):
        message, hint = "only .json and .csv files stand here", "move it out of data/"
        return problem("file_kind_refused", Place(path), message, hint)
    try:
        with (root / path).open("rb") as file:
            size = os.fstat(file.fileno()).st_size
    except OSError as error:
        return folders.unreadable(path, error)
    if size > MAX_BYTES:
        message = f"{size // 1024} KB; what tools collect stays below {MAX_BYTES // 1024} KB"
        return problem("file_too_large", Place(path), message, "collect it anew, in parts")
    return None

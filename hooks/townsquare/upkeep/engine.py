"""What a build depends on beside a community's content: our code, its libraries, the settings."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

from townsquare import versions

PACKAGE = Path(__file__).parents[1]


@cache
def fingerprint(settings: bytes) -> str:
    """What two builds by the same code, libraries, Python and settings file have in common."""
    made = sha256(settings)
    for part in (sys.version, sys.platform, *sorted(versions.known().items())):
        made.update(f"{part}\0".encode())
    for path in sorted(_files(str(PACKAGE))):
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 (hundreds, at each start)
            made.update(os.path.relpath(path, PACKAGE).encode() + file.read())
    return made.hexdigest()


def _files(folder: str) -> Iterator[str]:
    with os.scandir(folder) as items:
        for item in items:
            if item.is_dir() and item.name != "__pycache__":
                yield from _files(item.path)
            elif item.is_file():
                yield item.path

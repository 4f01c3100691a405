"""Which distributions are installed, found out without importing them.

`importlib.metadata` reads the same folders, but brings `email` with it, 25 ms at each start.
"""

from __future__ import annotations

import os
import re
import sys
from functools import cache

# https://packaging.python.org/specifications/recording-installed-packages: NAME-VERSION.dist-info
_FOLDER = r"(?P<name>.+)-(?P<version>[^-]+)\.dist-info"


def installed(library: str) -> str:
    """The version of a library."""
    found = known().get(_normalised(library))
    if found is None:
        from importlib.metadata import version  # for what was installed in another way

        return version(library)
    return found


@cache
def known() -> dict[str, str]:
    """Every distribution's version by its normalised name; the first on the path counts."""
    found: dict[str, str] = {}
    for folder in sys.path:
        for name in _names(folder):
            if matched := re.fullmatch(_FOLDER, name):
                found.setdefault(_normalised(matched["name"]), matched["version"])
    return found


def _normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _names(folder: str) -> list[str]:
    try:
        names = os.listdir(folder or ".")  # noqa: PTH208 - a path of each of 700 files takes 2 ms
    except OSError:
        return []  # a zip file, or not there
    return sorted(name for name in names if name.endswith(".dist-info"))

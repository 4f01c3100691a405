"""Very many names in stretches that one more or one less leaves as they are, but for one or two.

What is made of each stretch by itself need not be made again for a change in another.
"""

from __future__ import annotations

from collections.abc import Iterable
from zlib import crc32

_ABOUT = 48
"""How many names a stretch holds, more or less."""


def stretches(names: Iterable[str]) -> list[list[str]]:
    """The names in their order, a new stretch at each whose own digest says so."""
    found: list[list[str]] = []
    for name in names:
        if not found or crc32(name.encode("utf-8", "surrogatepass")) % _ABOUT == 0:
            found.append([])
        found[-1].append(name)
    return found

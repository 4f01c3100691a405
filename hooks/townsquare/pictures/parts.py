"""What pictures of all types have in common."""

from __future__ import annotations

from collections.abc import Iterator

from townsquare.values import value


class NoPicture(Exception):
    """Why the file cannot be published as a picture, in plain words."""


@value
class Picture:
    """A picture as it is published. `located` says that the file told where it was taken."""

    width: int
    height: int
    data: bytes
    located: bool = False


def boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Boxes of ISO 14496-12 §4.2 between two places: type, and where what they hold stands."""
    while start + 8 <= end:
        size, kind = int.from_bytes(data[start : start + 4]), data[start + 4 : start + 8]
        head = 8
        if size == 1:
            size, head = int.from_bytes(data[start + 8 : start + 16]), 16
        stop = end if size == 0 else start + size
        if stop > end or stop < start + head:
            raise ValueError("a box ends beyond the file")
        yield kind, start + head, stop
        start = stop

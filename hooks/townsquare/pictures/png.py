"""PNG, third edition: https://www.w3.org/TR/png-3/. Animated ones are of the same chunks."""

from __future__ import annotations

from collections.abc import Iterator
from zlib import crc32

from townsquare.pictures import exif
from townsquare.pictures.parts import NoPicture, Picture

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# What a picture is drawn from, and what says how its colours are meant.
_DRAWN = b"IHDR PLTE IDAT IEND tRNS acTL fcTL fdAT"
_MEANT = b"gAMA cHRM sRGB iCCP cICP mDCV cLLI sBIT bKGD pHYs"
KEPT = frozenset((_DRAWN + b" " + _MEANT).split())


def is_one(data: bytes) -> bool:
    """Whether it begins as a PNG."""
    return data.startswith(SIGNATURE)


def read(data: bytes) -> Picture:
    """The picture; NoPicture, or an error of Python's, where it is damaged."""
    kept, located, names = [SIGNATURE], False, list[bytes]()
    for name, body, whole in _chunks(data):
        names.append(name)
        if name in KEPT:
            kept.append(whole)
        elif name == b"eXIf":
            located |= exif.is_located(body)
            if (turned := exif.turned(body)) != exif.UPRIGHT:
                kept.append(_chunk(b"eXIf", exif.only(turned)))
        elif name in (b"iTXt", b"tEXt", b"zTXt"):
            located |= exif.tells_place(body)
    if names[0] != b"IHDR" or names[-1] != b"IEND" or b"IDAT" not in names:
        raise NoPicture("the PNG is cut off or damaged")
    head = kept[1][8:]
    width, height = int.from_bytes(head[:4]), int.from_bytes(head[4:8])
    return Picture(width, height, b"".join(kept), located)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Each chunk's name, what it holds, and all of it, up to the end of the picture."""
    at, name = len(SIGNATURE), b""
    while name != b"IEND":
        size, name = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        stop = at + 12 + size
        body = data[at + 8 : stop - 4]
        if stop > len(data) or crc32(name + body) != int.from_bytes(data[stop - 4 : stop]):
            raise NoPicture("the PNG is cut off or damaged")
        yield name, body, data[at:stop]
        at = stop


def _chunk(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4) + name + body + crc32(name + body).to_bytes(4)

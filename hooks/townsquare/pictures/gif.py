"""GIF: https://www.w3.org/Graphics/GIF/spec-gif89a.txt."""

from __future__ import annotations

from townsquare.pictures.parts import NoPicture, Picture

_IMAGE, _EXTENSION, _TRAILER = 0x2C, 0x21, 0x3B
_COMMENT, _APPLICATION = 0xFE, 0xFF
# How often an animation begins again.
_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def is_one(data: bytes) -> bool:
    """Whether it begins as a GIF."""
    return data.startswith((b"GIF87a", b"GIF89a"))


def read(data: bytes) -> Picture:
    """The picture; NoPicture, or an error of Python's, where it is damaged."""
    width, height = int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    at = 13 + _colours(data[10])
    kept, located, images = [data[:at]], False, 0
    while data[at] != _TRAILER:
        start, block = at, data[at]
        if block == _IMAGE:
            images += 1
            at = _after_blocks(data, at + 11 + _colours(data[at + 9]))
        elif block == _EXTENSION:
            at = _after_blocks(data, at + 2)
        else:
            raise NoPicture("the GIF is cut off or damaged")
        if block == _IMAGE or _is_kept(data, start):
            kept.append(data[start:at])
        else:
            located |= b"GPSLatitude" in data[start:at]
    if not images:
        raise NoPicture("the GIF shows nothing")
    return Picture(width, height, b"".join(kept) + bytes([_TRAILER]), located)


def _colours(packed: int) -> int:
    """The bytes of a table of colours that this byte announces."""
    return 3 * 2 ** ((packed & 7) + 1) if packed & 0x80 else 0


def _after_blocks(data: bytes, at: int) -> int:
    """Where the pieces that begin here end."""
    while data[at]:
        at += 1 + data[at]
    return at + 1


def _is_kept(data: bytes, at: int) -> bool:
    if data[at + 1] == _APPLICATION:
        return data[at + 3 : at + 14] in _LOOPS
    return data[at + 1] != _COMMENT

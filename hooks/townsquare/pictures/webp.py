"""WebP: RFC 9649, chunks in a RIFF."""

from __future__ import annotations

from collections.abc import Iterator

from townsquare.pictures import exif
from townsquare.pictures.parts import NoPicture, Picture

_DRAWN = (b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP")
_HAS_EXIF, _HAS_XMP = 0x08, 0x04


def is_one(data: bytes) -> bool:
    """Whether it begins as a WebP."""
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def read(data: bytes) -> Picture:
    """The picture; NoPicture, or an error of Python's, where it is damaged."""
    kept, located, turned, size = list[bytes](), False, exif.UPRIGHT, (0, 0)
    for name, body in _chunks(data):
        if name in _DRAWN:
            kept.append(_chunk(name, body))
            size = size if any(size) else _size(name, body)
        elif name == b"EXIF":
            tiff = body.removeprefix(b"Exif\0\0")
            located, turned = located | exif.is_located(tiff), exif.turned(tiff)
        elif name == b"XMP ":
            located |= exif.tells_place(body)
    is_turned = turned != exif.UPRIGHT and kept[0].startswith(b"VP8X")
    if kept[0].startswith(b"VP8X"):
        flags = kept[0][8] & ~(_HAS_EXIF | _HAS_XMP) | (_HAS_EXIF if is_turned else 0)
        kept[0] = kept[0][:8] + bytes([flags]) + kept[0][9:]
    if is_turned:
        kept.append(_chunk(b"EXIF", exif.only(turned)))
    whole = b"WEBP" + b"".join(kept)
    return Picture(*size, b"RIFF" + len(whole).to_bytes(4, "little") + whole, located)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    end = 8 + int.from_bytes(data[4:8], "little")
    at = 12
    if end > len(data):
        raise NoPicture("the WebP is cut off or damaged")
    while at + 8 <= end:
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        body = data[at + 8 : at + 8 + size]
        if at + 8 + size > end:
            raise NoPicture("the WebP is cut off or damaged")
        yield data[at : at + 4], body
        at += 8 + size + size % 2


def _size(name: bytes, body: bytes) -> tuple[int, int]:
    if name == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if name == b"VP8L":
        packed = int.from_bytes(body[1:5], "little")
        return 1 + (packed & 0x3FFF), 1 + (packed >> 14 & 0x3FFF)
    if name == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        sides = int.from_bytes(body[6:8], "little"), int.from_bytes(body[8:10], "little")
        return sides[0] & 0x3FFF, sides[1] & 0x3FFF
    return 0, 0


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + len(body).to_bytes(4, "little") + body + b"\0" * (len(body) % 2)

"""JPEG: ISO 10918-1 (ITU-T T.81) Annex B. What programs add stands in segments before the scans."""

from __future__ import annotations

import re
from collections.abc import Iterator

from townsquare.pictures import exif
from townsquare.pictures.parts import NoPicture, Picture

_SOI, _EOI, _SOS, _COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
_JFIF, _EXIF, _PROFILE, _ADOBE = b"JFIF\0", b"Exif\0\0", b"ICC_PROFILE\0", b"Adobe"
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_APPLICATION = range(0xE0, 0xF0)
# In a scan 0xFF is followed by 0, by a restart, or by itself; anything else is the next segment.
_SCAN_ENDS = re.compile(rb"\xff+(?![\x00\xd0-\xd7\xff])")


def is_one(data: bytes) -> bool:
    """Whether it begins as a JPEG."""
    return data.startswith(b"\xff\xd8\xff")


def read(data: bytes) -> Picture:
    """The picture; NoPicture, or an error of Python's, where it is damaged."""
    kept, size = [b"\xff\xd8"], (0, 0)
    located, turned = False, exif.UPRIGHT
    for marker, body, whole in _segments(data):
        if marker in _FRAMES and not any(size):
            size = int.from_bytes(body[3:5]), int.from_bytes(body[1:3])
        if marker == 0xE1:
            located |= _is_located(body)
            turned = exif.turned(body[6:]) if body.startswith(_EXIF) else turned
        kept.append(_kept(marker, body, whole))
    if not any(size):
        raise NoPicture("the JPEG is cut off or damaged")
    if turned != exif.UPRIGHT:
        # JFIF's own segment comes first where there is one.
        kept.insert(2 if _JFIF in kept[1][:9] else 1, _segment(0xE1, _EXIF + exif.only(turned)))
    return Picture(*size, b"".join(kept), located)


def _segments(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Each segment's marker, what it holds, and all of it, its scan included; the last is EOI."""
    at = 2
    while True:
        if data[at] != 0xFF:
            raise NoPicture("the JPEG is cut off or damaged")
        while data[at + 1] == 0xFF:
            at += 1
        marker = data[at + 1]
        if marker == _EOI:
            yield marker, b"", data[at : at + 2]
            return
        stop = at + 2 + int.from_bytes(data[at + 2 : at + 4])
        body = data[at + 4 : stop]
        if marker == _SOI or stop > len(data) or stop < at + 4:
            raise NoPicture("the JPEG is cut off or damaged")
        if marker == _SOS:
            found = _SCAN_ENDS.search(data, stop)
            if found is None or found.end() >= len(data):
                raise NoPicture("the JPEG is cut off or damaged")
            stop = found.end() - 1
        yield marker, body, data[at:stop]
        at = stop


def _kept(marker: int, body: bytes, whole: bytes) -> bytes:
    """What is published of a segment: nothing of what says more than the picture."""
    if marker == 0xE0 and body.startswith(_JFIF):
        return _segment(marker, body[:12] + b"\0\0")  # without its small picture
    if marker == 0xE2 and body.startswith(_PROFILE):
        return whole
    if marker == 0xEE and body.startswith(_ADOBE):
        return _segment(marker, body[:12])
    return b"" if marker == _COMMENT or marker in _APPLICATION else whole


def _is_located(body: bytes) -> bool:
    if body.startswith(_EXIF):
        return exif.is_located(body[6:])
    return exif.tells_place(body)


def _segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2) + body

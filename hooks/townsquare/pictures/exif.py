"""What EXIF and XMP say that matters here: how to turn the picture, and whether they tell a place.

EXIF 2.32 is a TIFF (6.0) within a picture: a list of numbered fields, some of which lead to others.
"""

from __future__ import annotations

import struct

ORIENTATION, GPS = 0x0112, 0x8825
UPRIGHT = 1
_MOST_FIELDS = 1000


def turned(tiff: bytes) -> int:
    """The orientation, 1 to 8, that the TIFF gives; upright where it gives none."""
    value = _fields(tiff).get(ORIENTATION, UPRIGHT)
    return value if 1 <= value <= 8 else UPRIGHT


def is_located(tiff: bytes) -> bool:
    """Whether the TIFF tells a place."""
    return GPS in _fields(tiff)


def tells_place(xmp: bytes) -> bool:
    """Whether the XMP tells a place."""
    return b"GPSLatitude" in xmp


def only(orientation: int) -> bytes:
    """A TIFF that says how the picture is to be turned and nothing else."""
    entry = struct.pack("<HHIHH", ORIENTATION, 3, 1, orientation, 0)
    return b"II*\0\x08\0\0\0\x01\0" + entry + b"\0\0\0\0"


def _fields(tiff: bytes) -> dict[int, int]:
    """The first list's fields, by number, each with its first 16 or 32 bits; none if damaged."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        return {}
    try:
        (at,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, at)
        rows = range(at + 2, at + 2 + 12 * min(count, _MOST_FIELDS), 12)
        return dict(_field(tiff, order, row) for row in rows)
    except struct.error:
        return {}


def _field(tiff: bytes, order: str, at: int) -> tuple[int, int]:
    number, kind = struct.unpack_from(f"{order}HH", tiff, at)
    return number, struct.unpack_from(f"{order}{'H' if kind == 3 else 'I'}", tiff, at + 8)[0]

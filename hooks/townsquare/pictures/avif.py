"""AVIF 1.1: boxes of ISO 14496-12, pictures as items of ISO 23008-12.

What is said beside the picture stands in items whose places other boxes name. They are not moved:
a picture that has such items is refused, and cameras write none of this type.
"""

from __future__ import annotations

import re
import struct

from townsquare.pictures.parts import NoPicture, Picture, boxes

# `ispe`, ImageSpatialExtentsProperty: version and flags, width, height.
_SIZE = re.compile(rb"ispe\0{4}(.{8})", re.DOTALL)
_BRANDS = (b"avif", b"avis")
_SAID = (b"Exif", b"application/rdf+xml")


def is_one(data: bytes) -> bool:
    """Whether it begins as an AVIF."""
    return data[4:8] == b"ftyp" and data[8:12] in _BRANDS


def read(data: bytes) -> Picture:
    """The picture; NoPicture, or an error of Python's, where it is damaged or tells more."""
    found = {kind: (start, stop) for kind, start, stop in boxes(data, 0, len(data))}
    if b"meta" not in found or b"mdat" not in found:
        raise NoPicture("the AVIF is cut off or damaged")
    start, stop = found[b"meta"]
    about = data[start:stop]
    if any(each in about for each in _SAID):
        raise NoPicture("the AVIF tells more than a picture, which cannot be taken out")
    sides = [struct.unpack(">II", each[1]) for each in _SIZE.finditer(about)]
    width, height = (max(each) for each in zip(*sides, strict=True))
    return Picture(width, height, data)

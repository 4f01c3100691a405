"""Pictures as they are published: of the type that they say, bounded, and telling nothing else.

What cameras and programs write beside a picture (who, when, where, with what, a small picture of
what was cut off) is taken out without decoding it, and so is whatever stands after its end. How it
is to be turned stays, and its colours' profile. The same bytes give the same bytes.
"""

from __future__ import annotations

import functools
import struct
from collections.abc import Mapping
from hashlib import blake2b
from importlib import import_module
from pathlib import Path
from typing import Any

from townsquare.pictures.parts import NoPicture, Picture

__all__ = ["ENDINGS", "MAX_PIXELS", "NoPicture", "Picture", "fingerprint", "read"]

MAX_PIXELS = 50_000_000
"""How many a picture has at most: 200 MB in a reader's browser. Phones' have 12 to 50 million."""

ENDINGS: Mapping[str, str] = {
    ".avif": "AVIF",
    ".gif": "GIF",
    ".jpeg": "JPEG",
    ".jpg": "JPEG",
    ".png": "PNG",
    ".webp": "WebP",
}
"""What a file with this ending holds."""
_HELD = sorted({*ENDINGS.values()})


@functools.cache
def fingerprint() -> bytes:
    """What is said of pictures depends on beside themselves: this package."""
    modules = sorted(Path(__file__).parent.glob("*.py"))
    return blake2b(b"".join(each.read_bytes() for each in modules), digest_size=16).digest()


def read(data: bytes, ending: str) -> Picture:
    """The picture in a file with this ending, in lower case; NoPicture where it is none."""
    expected = ENDINGS[ending]
    held = next((name for name in _HELD if _reader(name).is_one(data)), "")
    if held != expected:
        what = f"a {held}" if held else "no picture of any kind that is shown"
        raise NoPicture(f"the file is {what}, and its name says {expected}")
    try:
        picture = _reader(held).read(data)
    except (IndexError, ValueError, struct.error) as error:
        raise NoPicture(f"the {held} is cut off or damaged") from error
    if not 0 < picture.width * picture.height <= MAX_PIXELS:
        size = f"{picture.width} × {picture.height} pixels"
        raise NoPicture(f"the picture has {size}, at most {MAX_PIXELS:,} are shown")
    return picture


def _reader(name: str) -> Any:
    """The module that tells this sort of picture and reads it; most builds read none."""
    return import_module(f"{__name__}.{name.lower()}")

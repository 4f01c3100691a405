"""Pictures as they are published: of the type that they say, bounded, and telling nothing else.

What cameras and programs write beside a picture (who, when, where, with what, a small picture of
what was cut off) is taken out without decoding it, and so is whatever stands after its end. How it
is to be turned stays, and its colours' profile. The same bytes give the same bytes.
"""

from __future__ import annotations

import functools
import struct
from collections.abc import Callable, Mapping
from hashlib import blake2b
from pathlib import Path

from townsquare.pictures import avif, gif, jpeg, png, webp
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

_READERS: Mapping[str, tuple[Callable[[bytes], bool], Callable[[bytes], Picture]]] = {
    "AVIF": (avif.is_one, avif.read),
    "GIF": (gif.is_one, gif.read),
    "JPEG": (jpeg.is_one, jpeg.read),
    "PNG": (png.is_one, png.read),
    "WebP": (webp.is_one, webp.read),
}


@functools.cache
def fingerprint() -> bytes:
    """What is said of pictures depends on beside themselves: this package."""
    modules = sorted(Path(__file__).parent.glob("*.py"))
    return blake2b(b"".join(each.read_bytes() for each in modules), digest_size=16).digest()


def read(data: bytes, ending: str) -> Picture:
    """The picture in a file with this ending, in lower case; NoPicture where it is none."""
    expected = ENDINGS[ending]
    held = next((name for name, (is_one, _) in _READERS.items() if is_one(data)), "")
    if held != expected:
        what = f"a {held}" if held else "no picture of any kind that is shown"
        raise NoPicture(f"the file is {what}, and its name says {expected}")
    try:
        picture = _READERS[held][1](data)
    except (IndexError, ValueError, struct.error) as error:
        raise NoPicture(f"the {held} is cut off or damaged") from error
    if not 0 < picture.width * picture.height <= MAX_PIXELS:
        size = f"{picture.width} × {picture.height} pixels"
        raise NoPicture(f"the picture has {size}, at most {MAX_PIXELS:,} are shown")
    return picture

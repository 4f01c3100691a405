"""Small communities for tests: files written below a folder."""

from __future__ import annotations

import io
import zlib
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent

from PIL import Image

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def write(root: Path, files: dict[str, str]) -> Path:
    """The folder with these files, dedented; a picture holds the text as its shades of grey."""
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if path.lower().endswith((".png", ".gif", ".jpg")):
            file.write_bytes(picture(text, path[-4:].lower()))
        else:
            file.write_text(dedent(text).lstrip("\n"), encoding="utf-8", newline="\n")
    return root


def picture(text: str, ending: str = ".png") -> bytes:
    """A picture of one line, as a PNG of about as many bytes as the text has."""
    if ending != ".png":
        made = io.BytesIO()
        grey = Image.frombytes("L", (len(text.encode()), 1), text.encode())
        grey.save(made, "GIF" if ending == ".gif" else "JPEG")
        return made.getvalue()
    shades = text.encode()
    head = len(shades).to_bytes(4) + (1).to_bytes(4) + b"\x08\0\0\0\0"
    parts = {b"IHDR": head, b"IDAT": zlib.compress(b"\0" + shades, 0), b"IEND": b""}
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4)
        for name, body in parts.items()
    )

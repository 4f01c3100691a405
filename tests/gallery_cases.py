"""Reads the fault gallery: one small community a code, and the messages that it must give.

A case is one text file. `--> PATH` begins a file of the community, `--> PATH -> TARGET` a link,
`--> PATH (escaped)` a file whose bytes are written with Python's escapes, `--> published PATH` a
file of the community as it was published before. `==> expected` begins the messages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

GALLERY = Path(__file__).with_name("gallery")
NOW = "2026-11-23T12:00:00Z"
_HEAD = re.compile(r"^--> (published )?(\S+)(?: -> (\S+)| \((escaped)\))?$")


@dataclass
class Case:
    """A community with one fault. Paths are relative to its folder."""

    code: str
    now: dict[str, bytes] = field(default_factory=dict)
    published: dict[str, bytes] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    expected: str = ""

    def write(self, root: Path) -> Path:
        """The community as a folder."""
        return _write(root, self.now, self.links)

    def write_published(self, root: Path) -> Path:
        """The community as it was when it was published last."""
        return _write(root, self.published, {})


def _write(root: Path, files: dict[str, bytes], links: dict[str, str]) -> Path:
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    for path, target in links.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).symlink_to(target)
    return root


def read(file: Path) -> Case:
    """The case that a gallery file describes."""
    case = Case(file.stem.replace("-", "_"))
    before, _, case.expected = file.read_text("utf-8").partition("==> expected\n")
    sink: dict[str, bytes] = {}
    path, escaped = "", False
    for line in before.splitlines(keepends=True):
        if found := _HEAD.match(line.rstrip("\n")):
            sink = case.published if found[1] else case.now
            path, escaped = found[2], bool(found[4])
            if found[3]:
                case.links[path] = found[3]
            else:
                sink[path] = b""
        elif path in sink:
            text = line.rstrip("\n").encode().decode("unicode_escape") if escaped else line
            sink[path] += text.encode("latin-1") if escaped else text.encode()
    return case


def cases() -> list[Case]:
    """Every case of the gallery, by code."""
    return [read(file) for file in sorted(GALLERY.glob("*.txt"))]

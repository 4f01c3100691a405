"""Reads the fault gallery: one small community a code, and the messages that it must give.

A case is one text file. `--> PATH` begins a file of the community, `--> PATH -> TARGET` a link,
`--> PATH (escaped)` a file whose bytes are written with Python's escapes, `--> PATH (N bytes)` a
file whose last line is repeated until it has N bytes. `--> published PATH` begins a file of the
community as it was published before, `--> published 2024-01-05 PATH` as it was on that day,
`--> base PATH` one as it was on the branch that a change goes to.
`--> answers.txt` says what other sites answer: address, status and where it moved, a line each.
A `.png` that is not escaped is a picture whose shades are the text. `==> expected` begins the
messages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from community_files import picture

GALLERY = Path(__file__).with_name("gallery")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
_HEAD = re.compile(
    r"--> ((?:published|base) (?:([0-9-]{10}) )?)?(\S+)(?: -> (\S+)| \((escaped|\d+ bytes)\))?"
)
_EXPECTED = "==> expected\n"

Files = dict[str, bytes]


@dataclass
class Case:
    """A community with one fault. Paths are relative to its folder."""

    code: str
    now: Files = field(default_factory=dict)
    published: dict[datetime, Files] = field(default_factory=dict)
    base: Files = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    expected: str = ""

    def write(self, root: Path) -> Path:
        """The community as a folder."""
        for path, target in self.links.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).symlink_to(target)
        return write_files(root, self.now)


def write_files(root: Path, files: Files) -> Path:
    """The folder, with these files."""
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root


def read(file: Path) -> Case:
    """The case that a gallery file describes."""
    case = Case(file.stem.replace("-", "_"))
    before, _, case.expected = file.read_text("utf-8").partition(_EXPECTED)
    head, lines = None, list[str]()
    for line in before.splitlines(keepends=True):
        if found := _HEAD.fullmatch(line.rstrip("\n")):
            _take(case, head, lines)
            head, lines = found, []
        else:
            lines.append(line)
    _take(case, head, lines)
    return case


def _take(case: Case, head: re.Match[str] | None, lines: Iterable[str]) -> None:
    if head is None:
        return
    when, day, path, target, form = head.groups()
    if target:
        case.links[path] = target
        return
    stage = datetime.fromisoformat(day).replace(tzinfo=UTC) if day else NOW
    if when and when.startswith("published"):
        files = case.published.setdefault(stage, {})
    else:
        files = case.base if when else case.now
    data = _bytes(list(lines), form)
    drawn = path.endswith(".png") and form != "escaped"
    files[path] = picture(data.decode()) if drawn else data


def _bytes(lines: list[str], form: str | None) -> bytes:
    if form == "escaped":
        text = "".join(line.rstrip("\n") for line in lines)
        return text.encode().decode("unicode_escape").encode("latin-1")
    data = "".join(lines).encode()
    if form:
        size, last = int(form.split()[0]), lines[-1].encode()
        data += last * ((size - len(data)) // len(last) + 1)
        return data[:size]
    return data


def bless(case: Case, messages: str) -> None:
    """The case expects these messages from now on."""
    file = GALLERY / f"{case.code.replace('_', '-')}.txt"
    head = file.read_text("utf-8").partition(_EXPECTED)[0]
    file.write_text(f"{head}{_EXPECTED}{messages}", "utf-8")


def cases() -> list[Case]:
    """Every case of the gallery, by code."""
    return [read(file) for file in sorted(GALLERY.glob("*.txt"))]

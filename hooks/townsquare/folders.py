"""What a community's folders hold: which files there are, and the text of one.

Links, pipes, odd names and what cannot be read are problems, never exceptions, and nothing outside
the folders is ever opened.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from posixpath import splitext

from townsquare import source, texts
from townsquare.layout import COLLECTED, FOLDERS, MAX_TEXT_BYTES
from townsquare.problems import Place, Problem, problem

_PIECE = 16 * 1024
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def paths(root: Path, problems: list[Problem]) -> list[str]:
    """Every file of the content folders and of what tools collected, sorted.

    Names that begin with a dot are passed over.
    """
    found: list[str] = []
    waiting = [folder for folder in (*FOLDERS, *COLLECTED) if os.path.lexists(root / folder)]
    while waiting:
        folder = waiting.pop()
        for item in _items(root, folder, problems):
            path = f"{folder}/{item.name}"
            if item.name.startswith("."):
                continue
            if fault := _fault(path, item):
                problems.append(fault)
            elif item.is_dir(follow_symlinks=False):
                waiting.append(path)
            else:
                found.append(path)
    return sorted(found)


def read_text(root: Path, path: str) -> tuple[str | None, Problem | None]:
    """The file's text with Unix line ends, or why it cannot be read. Never waits for a pipe."""
    file = f"{root}/{path}"
    try:
        about = os.lstat(file)
        if not stat.S_ISREG(about.st_mode):
            return None, _not_a_file(path, link=stat.S_ISLNK(about.st_mode))
        if about.st_size > MAX_TEXT_BYTES:
            message = (
                f"{about.st_size // 1024} KB of text; a page takes {MAX_TEXT_BYTES // 1024} KB"
            )
            return None, problem("file_too_large", Place(path), message, "split it into two files")
        data = _read(file)
    except OSError as error:
        return None, unreadable(path, error)
    return text_of(path, data)


def text_of(path: str, data: bytes) -> tuple[str | None, Problem | None]:
    """What was read from the file as text with Unix line ends, or why it is none."""
    try:
        return source.normalise_newlines(data.decode("utf-8")), None
    except UnicodeDecodeError as error:
        return None, _not_utf8(path, data, error.start)


def _read(file: str) -> bytes:
    """All bytes of the file, in small pieces: Python's own buffers cost four times as much."""
    opened = os.open(file, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        pieces: list[bytes] = []
        while piece := os.read(opened, _PIECE):
            pieces.append(piece)
        return b"".join(pieces)
    finally:
        os.close(opened)


def unreadable(path: str, error: OSError) -> Problem:
    """What is said of a file or folder that the system does not let us read."""
    message = f"this cannot be read: {(error.strerror or 'the system refuses').lower()}"
    hint = "give yourself the right to read it, or delete it"
    return problem("file_unreadable", Place(path), message, hint)


def _items(root: Path, folder: str, problems: list[Problem]) -> Iterator[os.DirEntry[str]]:
    place = root / folder
    linked = place.is_symlink() or root.joinpath(*place.relative_to(root).parts[:-1]).is_symlink()
    if linked or not place.is_dir():
        problems.append(_not_a_folder(folder, link=linked))
        return
    try:
        with os.scandir(place) as items:
            yield from items
    except OSError as error:
        problems.append(unreadable(folder, error))


def _fault(path: str, item: os.DirEntry[str]) -> Problem | None:
    if item.is_symlink():
        return _not_a_file(path, link=True)
    if not item.is_dir(follow_symlinks=False) and not item.is_file(follow_symlinks=False):
        return _not_a_file(path, link=False)
    if not unicodedata.is_normalized("NFC", item.name):
        message = f"the name `{item.name}` holds letters and accents apart (not in NFC)"
        hint = "type the name anew; systems that compose it would give it another address"
        return problem("file_name_unusable", Place(path), message, hint)
    if not texts.is_name(item.name) or _RESERVED.fullmatch(item.name):
        message = f"the name `{item.name}` cannot be part of an address"
        hint = f"rename it to `{_usable(item.name)}`"
        return problem("file_name_unusable", Place(path), message, hint)
    return None


def _usable(name: str) -> str:
    stem, ending = splitext(name)
    return (texts.spelling(stem) or "my-file") + ("" if _RESERVED.fullmatch(name) else ending)


def _not_a_file(path: str, *, link: bool) -> Problem:
    if link:
        message = "this is a link to another file"
        return problem("symlink_refused", Place(path), message, "copy the file here instead")
    message = "this is neither a file nor a folder"
    return problem("file_kind_refused", Place(path), message, "delete it")


def _not_a_folder(path: str, *, link: bool) -> Problem:
    if link:
        message, hint = "this is a link to another folder", "copy the folder here instead"
        return problem("symlink_refused", Place(path), message, hint)
    message, hint = "a folder belongs here, and this is a file", "delete it or move it"
    return problem("file_kind_refused", Place(path), message, hint)


def _not_utf8(path: str, data: bytes, at: int) -> Problem:
    begin = data.rfind(b"\n", 0, at) + 1
    place = Place(path, data.count(b"\n", 0, at) + 1, len(data[begin:at].decode()) + 1)
    return problem("file_unreadable", place, "this is not UTF-8 text", "save the file as UTF-8")

"""A guideline's text, kept as it stands before somebody changes it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

from townsquare import folders, new, source
from townsquare.field_guide import scalar
from townsquare.kinds import guideline, kind_of
from townsquare.model import stem
from townsquare.problems import SetupError, did_you_mean
from townsquare.source import Source
from townsquare.spots import Spots

FOLDER = "guidelines/archive"
_HEAD = ("title", "version", "effective", "language")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|[/#]", re.IGNORECASE)


def keep(root: Path, id: str) -> Path:
    """The archive's file for the text that the guideline has now; an existing one is not touched.

    Raises SetupError where there is no such guideline, or it cannot be read.
    """
    texts = dict(_guidelines(root))
    if id not in texts:
        raise SetupError(f"there is no guideline `{id}`; {did_you_mean(id, texts)}".strip("; "))
    parsed, text = texts[id]
    version = parsed.front.get("version", "")
    if not re.fullmatch(r"[\w.-]+", version):
        raise SetupError(f"{parsed.path} has no version that could name a file")
    way = posixpath.relpath(posixpath.dirname(parsed.path), f"{FOLDER}/{id}") + "/"
    head = "\n".join(_head(parsed, text))
    body = _with_links_from_below(parsed.body, way)
    return new.written(root / FOLDER / id / f"{version}.md", f"---\n{head}\n---\n{body}")


def _guidelines(root: Path) -> Iterator[tuple[str, tuple[Source, str]]]:
    for file in sorted((root / "guidelines").rglob("*.md")):
        path = file.relative_to(root).as_posix()
        text, _ = folders.read_text(root, path)
        parsed = source.parse(path, text)[0] if text and kind_of(path) is guideline.KIND else None
        if parsed and text:
            yield str(parsed.front.get("id") or stem(path)), (parsed, text)


def _head(parsed: Source, text: str) -> Iterator[str]:
    """What a former text says of itself; the ladder as its author wrote it."""
    for name in _HEAD:
        if value := parsed.front.get(name):
            yield f"{name}: {scalar(str(value))}"
    if "ladder" in parsed.front:
        lines = text.split("\n")[parsed.key(("ladder",)).line - 1 : parsed.body_line - 1]
        rest = takewhile(
            lambda line: line[:1] in ("", " ", "-", "#") and line[:3] != "---", lines[1:]
        )
        yield "\n".join([lines[0], *rest]).rstrip()


def _with_links_from_below(body: str, way: str) -> str:
    """The text with the addresses of files as a file names them from which this is the way."""
    pieces: list[str] = []
    done = 0
    for target in sorted(Spots(body, 1).targets, key=lambda each: each.start):
        if target.start >= done and not _ELSEWHERE.match(body, target.start):
            pieces += (body[done : target.start], way)
            done = target.start
    return "".join([*pieces, body[done:]])

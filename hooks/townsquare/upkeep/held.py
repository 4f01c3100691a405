"""What each text file was found to say, kept between builds by the file's content."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from townsquare import collected, folders, library
from townsquare.cache import Cache
from townsquare.kinds import kind_of
from townsquare.model import Entry
from townsquare.problems import Problem
from townsquare.settings import Settings
from townsquare.traces import digest
from townsquare.upkeep import crew
from townsquare.upkeep.facets import Converted, Facets
from townsquare.upkeep.kept_entry import NOTHING, Held, KeptEntry
from townsquare.upkeep.packing import packed
from townsquare.upkeep.snapshot import Snapshot

_AT_ONCE = 400


class Reading(NamedTuple):
    """What a file says, and its body where that was converted, too."""

    path: str
    held: Held
    body: Converted | None


Convert = Callable[[Entry[Any]], Converted]


class Files(NamedTuple):
    """What is to be read: `before` holds what is known, `convert` what becomes of a new body.

    Without `convert` bodies are left as they are. `typed` gets the values of fields as they are
    typed, by path.
    """

    snapshot: Snapshot
    settings: Settings
    before: Mapping[str, Held]
    cache: Cache
    convert: Convert | None
    typed: dict[str, Mapping[str, Any]]


def found(files: Files) -> tuple[dict[str, Held], dict[str, tuple[str, Facets]]]:
    """What every text says by path, and the bodies that were converted for those that are new."""
    held: dict[str, Held] = {}
    new: list[str] = []
    for path, sha in files.snapshot.digests.items():
        if path.endswith(".md") and not collected.is_one(path):
            known = files.before.get(path)
            held[path] = known or Held(sha)
            if known is None or known.sha != sha:
                new.append(path)
    bodies: dict[str, tuple[str, Facets]] = {}
    for reading in _readings(files, new):
        held[reading.path] = reading.held
        if reading.body:
            bodies[reading.path] = (reading.held.body_id, reading.body.facets)
            if reading.body.data is not None:
                files.cache.keep(reading.body.key, reading.body.data)
    return held, bodies


def _readings(files: Files, paths: list[str]) -> Iterator[Reading]:
    """The files read anew, some hundreds at a time, so that few of them are held at once."""
    for start in range(0, len(paths), _AT_ONCE):
        files.cache.share()
        batch = paths[start : start + _AT_ONCE]
        if files.convert is None:
            yield from (_read(files, path) for path in batch)
            continue
        for part in crew.shared(batch, lambda part: [_read(files, path) for path in part]):
            yield from part


def _read(files: Files, path: str) -> Reading:
    before = files.before.get(path)
    if before is not None and (held := _with_new_body(files.snapshot, path, before)):
        entry = _kept(files.snapshot, path, held, NOTHING)
        return Reading(path, held, _converted(files, entry) if entry else None)
    return _read_whole(files, path)


def _with_new_body(snapshot: Snapshot, path: str, before: Held) -> Held | None:
    """What the file says, where only its body is another; nothing where that is not sure.

    The front matter's end swallows blank lines, so a body that begins with one is not sure.
    """
    text = _text(snapshot, path, []) if before.front else None
    if text is None or digest(text[: before.start]) != before.lines:
        return None
    body = text[before.start :]
    if body[:1] != "\n" or body[1:2].isspace() or not body[1:]:
        return None
    return before._replace(sha=snapshot.digests[path], body=digest(body))


def _read_whole(files: Files, path: str) -> Reading:
    problems: list[Problem] = []
    snapshot, sha = files.snapshot, files.snapshot.digests[path]
    read = _text(snapshot, path, problems)
    entry = next(library.entry_of(path, read, files.settings, problems), None)
    told = tuple(map(packed, problems))
    if entry is None:
        return Reading(path, Held(sha, problems=told), None)
    said = entry.source
    front = orjson.dumps(said.front).decode()
    text = read or ""
    start = len(text) - len(said.body)
    lines = digest(text[:start])
    own = entry.fields.id or "", entry.fields.tags
    held = Held(sha, front, lines, digest(said.body), said.body_line, start, *own, told)
    # Of those that another process read they are typed again, when they are asked for.
    files.typed[path] = vars(entry.fields)
    return Reading(path, held, _converted(files, entry))


def _converted(files: Files, entry: Entry[Any]) -> Converted | None:
    return files.convert(entry) if files.convert else None


def _text(snapshot: Snapshot, path: str, problems: list[Problem]) -> str | None:
    data = snapshot.texts.get(path)
    if data is None or len(data) > folders.MAX_TEXT_BYTES:
        text, fault = folders.read_text(Path(snapshot.root), path)
    else:
        text, fault = folders.text_of(path, data)
    problems += [fault] if fault else []
    return text


def kept_entries(
    snapshot: Snapshot, held: Mapping[str, Held], typed: Mapping[str, Mapping[str, Any]]
) -> list[Entry[Any]]:
    """An entry for each file that holds one, by path."""
    made = (_kept(snapshot, path, each, typed.get(path, NOTHING)) for path, each in held.items())
    return [entry for entry in made if entry]


def _kept(snapshot: Snapshot, path: str, held: Held, typed: Mapping[str, Any]) -> KeptEntry | None:
    kind = kind_of(path) if held.front else None
    return KeptEntry(kind, path, held, partial(_whole, snapshot, path), typed) if kind else None


def _whole(snapshot: Snapshot, path: str) -> str:
    return _text(snapshot, path, []) or ""

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
from townsquare.upkeep import crew, lazy_fields
from townsquare.upkeep.facets import Converted
from townsquare.upkeep.kept_entry import NOTHING, Held, KeptEntry, Said
from townsquare.upkeep.packing import packed
from townsquare.upkeep.records import Records
from townsquare.upkeep.snapshot import Snapshot

_AT_ONCE = 400


class Reading(NamedTuple):
    """What a file says, if it holds an entry, and its body where that was converted, too."""

    path: str
    held: Held
    said: Said | None = None
    body: Converted | None = None


Convert = Callable[[Entry[Any]], Converted]


class Files(NamedTuple):
    """What is to be read: `before` and `said` are what is known of files.

    `convert` tells what becomes of a new body; without it, they are left as they are. `typed` gets
    the values of fields as they are typed, by path.
    """

    snapshot: Snapshot
    settings: Settings
    before: Mapping[str, Held]
    said: Records[Said]
    cache: Cache
    convert: Convert | None
    typed: dict[str, Mapping[str, Any]]


def found(files: Files) -> tuple[dict[str, Held], dict[str, Said]]:
    """Every text by path, and what those entries say that are new."""
    held: dict[str, Held] = {}
    new: list[str] = []
    for path, sha in files.snapshot.digests.items():
        if path.endswith(".md") and not collected.is_one(path):
            known = files.before.get(path)
            held[path] = known or Held(sha)
            if known is None or known.sha != sha:
                new.append(path)
    said: dict[str, Said] = {}
    for reading in _readings(files, new):
        held[reading.path] = reading.held
        if reading.said:
            said[reading.path] = reading.said
        if reading.body and reading.body.data is not None:
            files.cache.keep(reading.body.key, reading.body.data)
    return held, said


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
    said = _with_new_body(files.snapshot, path, files.said[path]) if _was_entry(before) else None
    if before is None or said is None:
        return _read_whole(files, path)
    held = before._replace(sha=files.snapshot.digests[path])
    entry = _kept(files.snapshot, path, held, lambda _: said, NOTHING)
    return _told(files, entry, path, held, said)


def _was_entry(before: Held | None) -> bool:
    return before is not None and before.is_entry


def _told(files: Files, entry: Entry[Any] | None, path: str, held: Held, said: Said) -> Reading:
    body = files.convert(entry) if files.convert and entry else None
    return Reading(path, held, said._replace(facets=body.facets if body else None), body)


def _with_new_body(snapshot: Snapshot, path: str, before: Said) -> Said | None:
    """What the file says, where only its body is another; nothing where that is not sure.

    The front matter's end swallows blank lines, so a body that begins with one is not sure.
    """
    text = _text(snapshot, path, [])
    if text is None or digest(text[: before.start]) != before.lines:
        return None
    body = text[before.start :]
    if body[:1] != "\n" or body[1:2].isspace() or not body[1:]:
        return None
    return before._replace(body=digest(body))


def _read_whole(files: Files, path: str) -> Reading:
    problems: list[Problem] = []
    snapshot, sha = files.snapshot, files.snapshot.digests[path]
    read = _text(snapshot, path, problems)
    entry = next(library.entry_of(path, read, files.settings, problems), None)
    told = tuple(map(packed, problems))
    if entry is None:
        return Reading(path, Held(sha, problems=told))
    source, text = entry.source, read or ""
    front = orjson.dumps(source.front).decode()
    start = len(text) - len(source.body)
    said = Said(front, digest(text[:start]), digest(source.body), source.body_line, start)
    fields = entry.fields
    # Of those that another process read they are typed again, when they are asked for.
    files.typed[path] = vars(fields)
    often = lazy_fields.often(orjson.loads(front))
    held = Held(
        sha, is_entry=True, id=fields.id or "", tags=fields.tags, problems=told, often=often
    )
    return _told(files, entry, path, held, said)


def _text(snapshot: Snapshot, path: str, problems: list[Problem]) -> str | None:
    data = snapshot.texts.get(path)
    if data is None or len(data) > folders.MAX_TEXT_BYTES:
        text, fault = folders.read_text(Path(snapshot.root), path)
    else:
        text, fault = folders.text_of(path, data)
    problems += [fault] if fault else []
    return text


def kept_entries(
    snapshot: Snapshot,
    held: Mapping[str, Held],
    said: Callable[[str], Said],
    typed: Mapping[str, Mapping[str, Any]],
) -> list[Entry[Any]]:
    """An entry for each file that holds one, by path."""
    known = ((path, each, typed.get(path, NOTHING)) for path, each in held.items())
    made = (_kept(snapshot, path, each, said, values) for path, each, values in known)
    return [entry for entry in made if entry]


def _kept(
    snapshot: Snapshot,
    path: str,
    held: Held,
    said: Callable[[str], Said],
    typed: Mapping[str, Any],
) -> KeptEntry | None:
    kind = kind_of(path) if held.is_entry else None
    if kind is None:
        return None
    return KeptEntry(kind, path, held, said, partial(_whole, snapshot, path), typed)


def _whole(snapshot: Snapshot, path: str) -> str:
    return _text(snapshot, path, []) or ""

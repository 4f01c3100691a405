"""The command: every current partner's sources asked, and what changed written to `data/imports/`.

One source that is dead, slow or hostile keeps its last good copy and stops no other.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple

from townsquare import __version__, library, settings, times
from townsquare.clock import Clock
from townsquare.imports import SourceFailed, events, fetching, merging, posts, reading, snapshot
from townsquare.imports.fetching import Answer, Known, Policy
from townsquare.imports.notes import Reading
from townsquare.imports.snapshot import Snapshot
from townsquare.imports.sources import FOLDER, Source, of_partner
from townsquare.library import Library
from townsquare.model import Entry
from townsquare.problems import SetupError, Severity, did_you_mean

AT_ONCE = 4
_OURS = "what was read of it is not what a build would take: please report this"
_ACCEPTED = {"posts": posts.ACCEPTED, "events": events.ACCEPTED}


class Asked(NamedTuple):
    """What came of one source: what is kept now, what is to be said, and whether it failed."""

    source: Source
    data: bytes | None
    lines: list[str]
    failed: bool = False


class _Circumstances(NamedTuple):
    root: Path
    clock: Clock
    zone: str
    agent: str
    policy: Policy


def partners(
    root: Path,
    only: Collection[str],
    *,
    now: datetime,
    say: Callable[[str], None],
    policy: Policy = Policy(),  # noqa: B008 — frozen
) -> int:
    """The number of sources that gave nothing new because of a fault, each told with its reason.

    `only` names partners; without any, all current ones are asked.
    """
    choices, _ = settings.read(root)
    clock = Clock(now, choices.timezone)
    held, problems = library.load(root, choices, clock)
    for each in problems:
        if each.severity is Severity.ERROR and each.place.path.startswith("content/partners/"):
            say(f"warning: {each.place.path} has a fault, so nothing of it is asked: see check")
    agent = f"Townsquare/{__version__} (+{choices.site_url})"
    around = _Circumstances(root, clock, choices.timezone, agent, policy)
    sources = [s for entry in _asked_for(held, only, clock) for s in of_partner(entry) if s.enabled]
    if not sources:
        say("No current partner has an import that is enabled.")
    _prepare(root, needed=bool(sources))
    with ThreadPoolExecutor(AT_ONCE) as several:
        done = list(several.map(_ask, sources, repeat(around)))
    for each in done:
        _keep(root, each)
        for line in each.lines:
            say(f"{Path(each.source.path).stem}: {line}")
    return sum(each.failed for each in done)


def _asked_for(held: Library, only: Collection[str], clock: Clock) -> Iterator[Entry[Any]]:
    """Visible partners whose time is not over, or those of them that are named."""
    known = {e.id: e for e in held.readable("partner")}
    for id in only:
        if id not in known:
            raise SetupError(f"no partner is called `{id}`; {did_you_mean(id, known)}".strip("; "))
    for id in dict.fromkeys(only or known):
        if not known[id].fields.is_past(clock):
            yield known[id]


def _prepare(root: Path, *, needed: bool) -> None:
    folder = root / FOLDER
    if needed:
        folder.mkdir(parents=True, exist_ok=True)
    if folder.is_symlink() or folder.parent.is_symlink():
        raise SetupError(f"{FOLDER} is a link to another folder: nothing is written there")


def _ask(source: Source, around: _Circumstances) -> Asked:
    before, lines = _before(source, around.root)
    try:
        answer = _fetched(source, before, around)
        if answer is None:
            return Asked(source, None, [*lines, "unchanged"])
        after, notes = _read(source, before, answer, around)
    except SourceFailed as failed:
        kept = "what came before stays" if before else "nothing is known of it yet"
        return Asked(
            source, None, [*lines, f"warning: {source.url}: {failed}; {kept}"], failed=True
        )
    if answer.moved:
        notes.append(f"warning: it has moved for ever: write `url: {answer.moved}`")
    told = [*lines, _summary(before, after), *notes]
    return Asked(source, None if after is before else snapshot.encoded(after), told)


def _before(source: Source, root: Path) -> tuple[Snapshot | None, list[str]]:
    """What is kept of the source at this address, and what is wrong with the file."""
    try:
        data = (root / source.path).read_bytes()
    except FileNotFoundError:
        return None, []
    except OSError as error:
        return None, [f"warning: {source.path} cannot be read: {error.strerror}"]
    found, problems = snapshot.read(source.path, data)
    if found is None:
        wrong = problems[0].message if problems else "it is not ours"
        return None, [f"warning: {source.path} is made anew: {wrong}"]
    return (found if found.url == source.url else None), []


def _fetched(source: Source, before: Snapshot | None, around: _Circumstances) -> Answer | None:
    known = Known()
    if before and before.since == _since(source, around):
        known = Known(before.etag or "", before.modified or "")
    return fetching.fetch(
        source.url,
        _ACCEPTED[source.what],
        policy=around.policy,
        known=known,
        agent=around.agent,
    )


def _since(source: Source, around: _Circumstances) -> Any:
    """The first day of which a calendar is asked: repeated events come into view month by month."""
    return around.clock.month() if source.what == "events" else None


def _read(
    source: Source, before: Snapshot | None, answer: Answer, around: _Circumstances
) -> tuple[Snapshot, list[str]]:
    first = around.clock.month()
    read = reading.read(
        source.what,
        answer.data,
        charset=answer.charset,
        url=answer.url,
        since=first,
        until=times.Interval(months=13).after(first),
        zone=around.zone,
    )
    now = _typed(source, read, answer.known)
    now = replace(now, since=_since(source, around))
    after = merging.merged(before, now, around.clock)
    if snapshot.read(source.path, snapshot.encoded(after)) != (after, []):
        raise SourceFailed(_OURS)
    return after, read.notes


def _typed(source: Source, read: Reading, known: Known) -> Snapshot:
    told = {
        "format": "1",
        "url": source.url,
        "title": read.title,
        "etag": known.etag,
        "modified": known.modified,
        source.what: read.items,
    }
    found = snapshot.typed({name: value for name, value in told.items() if value})
    if found is None:
        raise SourceFailed(_OURS)
    return found


def _summary(before: Snapshot | None, after: Snapshot) -> str:
    made = merging.difference(before, after)
    if after is before or not any(made):
        return f"unchanged, {len(after.items)} kept"
    told = [f"{number} {word}" for word, number in made._asdict().items() if number]
    return f"{', '.join(told)}, {len(after.items)} kept"


def _keep(root: Path, asked: Asked) -> None:
    """The file has the new content, or the whole of the old one if the process is killed."""
    if asked.data is None:
        return
    file = root / asked.source.path
    fresh = file.with_name(f".{file.name}")
    with fresh.open("wb") as stream:
        stream.write(asked.data)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(file)

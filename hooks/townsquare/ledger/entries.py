"""Which addresses lead where: entries that moved, entries that are gone, entries renamed."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from townsquare.clock import Clock
from townsquare.ledger.records import KnownEntry, Ledger, Removed, ShownEntry
from townsquare.ledger.revisions import AFTER_DELETION, digest, is_kept
from townsquare.model import Entry

Entries = Mapping[str, KnownEntry]
Name = tuple[str, ...]

# Made once: `dumps` would make an encoder for every entry.
_json = json.JSONEncoder(sort_keys=True, ensure_ascii=True).encode


def shown_entry(entry: Entry[Any], *, calendars: Iterable[str] = ()) -> ShownEntry:
    """What the ledger is told of an entry that readers see."""
    front = entry.source.front
    said = {name: value for name, value in front.items() if name not in ("id", "aliases")}
    content = _json([said, entry.source.body])
    return ShownEntry(
        key=entry.key,
        address=entry.address,
        title=entry.title,
        start=str(front.get("start") or front.get("date") or ""),
        digest=digest(content.encode()),
        aliases=tuple(sorted(entry.fields.aliases)),
        calendars=tuple(sorted(calendars)),
    )


def first_known(entry: ShownEntry) -> KnownEntry:
    """What is remembered of an entry of which nothing was known."""
    return _shown(None, entry)


def remembered(
    known: Entries,
    shown: Iterable[ShownEntry],
    *,
    hidden: Collection[str],
    held: Collection[str],
    clock: Clock,
) -> dict[str, KnownEntry]:
    """Everything that is remembered of entries after this build."""
    made = {entry.key: _shown(known.get(entry.key), entry) for entry in shown}
    for key in sorted(known.keys() - made.keys()):
        made[key] = known[key] if key in held else _gone(known[key], clock, hidden=key in hidden)
    return made


def held_keys(known: Entries, addresses: Collection[str]) -> frozenset[str]:
    """The shown entries at these addresses, whose files were left out for their faults."""
    return frozenset(k for k, e in known.items() if e.gone is None and e.address in addresses)


def redirects(
    entries: Entries, shown: Iterable[ShownEntry], taken: Collection[str]
) -> dict[str, str]:
    """Old addresses of shown entries and where they lead; an author's alias goes before memory."""
    ordered = sorted(shown, key=lambda entry: entry.key)
    occupied = {entry.address for entry in ordered} | set(taken)
    found = {old: entry.address for entry in ordered for old in entry.aliases}
    for entry in ordered:
        for old in entries[entry.key].former:
            found.setdefault(old, entry.address)
    return {old: found[old] for old in sorted(found) if old not in occupied}


def removed(entries: Entries, occupied: Collection[str]) -> tuple[Removed, ...]:
    """The addresses of entries that are gone, unless something else stands there."""
    found: dict[str, str] = {}
    for _, entry in sorted(entries.items()):
        if entry.gone is not None:
            title = "" if entry.hidden else entry.title
            found |= {at: title for at in entry.addresses if at not in occupied}
    return tuple(sorted(Removed(address, title) for address, title in found.items()))


class Renamed(NamedTuple):
    """An entry whose file was renamed so that its key changed."""

    old_key: str
    old: KnownEntry
    new: ShownEntry


def renamed(
    ledger: Ledger,
    shown: Iterable[ShownEntry],
    *,
    stated: Collection[str],
    present: Collection[str],
) -> list[Renamed]:
    """Entries that vanished and came back under another key: equal content, else title and start.

    `present` are the keys of all entries, hidden ones too, `stated` those with an `id` of their
    own. A stated id with a changed text is taken at its word: it is another entry.
    """
    lost = {k: e for k, e in sorted(ledger.entries.items()) if e.gone is None and k not in present}
    new = sorted((e for e in shown if e.key not in ledger.entries), key=lambda e: e.key)
    found = list(_matched(lost, new, _content))
    for each in found:
        del lost[each.old_key]
        new.remove(each.new)
    return found + list(_matched(lost, [e for e in new if e.key not in stated], _title_and_start))


def _matched(
    lost: Entries, new: Iterable[ShownEntry], name: Callable[[str, KnownEntry | ShownEntry], Name]
) -> Iterator[Renamed]:
    """Each new entry with the first lost one of the same name, both once."""
    waiting: dict[Name, list[str]] = {}
    for key in sorted(lost, reverse=True):
        waiting.setdefault(name(key, lost[key]), []).append(key)
    for entry in new:
        if (named := name(entry.key, entry)) and waiting.get(named):
            key = waiting[named].pop()
            yield Renamed(key, lost[key], entry)


def _content(key: str, entry: KnownEntry | ShownEntry) -> Name:
    return key.partition(":")[0], entry.digest


def _title_and_start(key: str, entry: KnownEntry | ShownEntry) -> Name:
    """Nothing for an entry without a date: titles alone are too often alike."""
    return (key.partition(":")[0], entry.title, entry.start) if entry.start else ()


def reused(ledger: Ledger, shown: Iterable[ShownEntry], clock: Clock) -> list[str]:
    """Keys of shown entries that belonged to one that was deleted, its tombstone long gone."""
    mourned: dict[str, bool] = {}
    for component in ledger.components.values():
        mourned[component.entry] = mourned.get(component.entry, False) or is_kept(component, clock)
    found: list[str] = []
    for key in sorted(entry.key for entry in shown):
        known = ledger.entries.get(key)
        if known is None or known.gone is None or known.hidden:
            continue
        if not mourned.get(key, not clock.passed(known.gone + AFTER_DELETION)):
            found.append(key)
    return found


def _shown(known: KnownEntry | None, entry: ShownEntry) -> KnownEntry:
    led = {*entry.aliases, *(known.addresses if known else ())} - {entry.address}
    return KnownEntry(
        address=entry.address,
        former=tuple(sorted(led)),
        title=entry.title,
        start=entry.start,
        digest=entry.digest,
        calendars=entry.calendars,
    )


def _gone(known: KnownEntry, clock: Clock, *, hidden: bool) -> KnownEntry:
    """The entry without what only a shown one needs.

    An entry stays hidden only while its file is there at every build: what comes back after a
    deletion is a new use of the id.
    """
    first = known.gone is None
    gone = clock.stamp() if known.gone is None else known.gone
    kept = replace(known, start="", digest="", gone=gone, hidden=hidden and (first or known.hidden))
    return replace(kept, title="", calendars=()) if clock.passed(gone + AFTER_DELETION) else kept

"""From the ledger before and what is shown now: the ledger after, and what it asks to publish."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from townsquare.clock import Clock
from townsquare.ledger import entries, revisions
from townsquare.ledger.records import (
    Component,
    ComponentKey,
    KnownComponent,
    Ledger,
    Outcome,
    Previous,
    Revision,
    ShownEntry,
)


def advance(
    previous: Previous,
    *,
    shown: Collection[ShownEntry],
    components: Iterable[Component],
    machines: Mapping[str, str],
    authority: str,
    clock: Clock,
    hidden: Collection[str] = (),
    held: Collection[str] = (),
    taken: Collection[str] = (),
    preview: bool = False,
) -> Outcome:
    """What this build publishes because of what readers already hold.

    Only `shown` entries and their components are public. `hidden` are the keys of entries that
    have a file and are not shown. `held` are the addresses of files that were left out for their
    faults: what they held is neither changed nor called cancelled. `machines` are the feeds and
    calendars of this build, address and title; `taken` the addresses of pages that are no entry's.
    """
    before = previous.ledger or Ledger(authority=authority)
    first = revisions.first_revision(previous, clock)
    kept = entries.held_keys(before.entries, held)
    ledger = Ledger(
        authority=authority,
        first_sequence=first.sequence,
        preview=preview,
        entries=entries.remembered(before.entries, shown, hidden=hidden, held=kept, clock=clock),
        components=revisions.revised(
            before.components, components, first=first, clock=clock, held=kept
        ),
        machines={**before.machines, **machines},
    )
    overrides = revisions.overrides_to_keep(previous.ledger, clock)
    return _outcome(ledger, shown, machines, taken, overrides)


def _outcome(
    ledger: Ledger,
    shown: Collection[ShownEntry],
    machines: Mapping[str, str],
    taken: Collection[str],
    kept: Mapping[str, tuple[str, ...]],
) -> Outcome:
    ended = {k: c for k, c in sorted(ledger.components.items()) if c.gone and c.tombstone}
    keys = {entry.key for entry in shown}
    alive = {k: c for k, c in ledger.components.items() if c.gone is None}
    redirects = entries.redirects(ledger.entries, shown, taken)
    occupied = {e.address for e in ledger.entries.values() if e.gone is None} | {*taken, *redirects}
    return Outcome(
        ledger=ledger,
        revisions={key: known.revision for key, known in sorted((alive | ended).items())},
        announced=_announced(ledger.components, keys),
        tombstones={key: _tombstone(key, known) for key, known in ended.items()},
        calendars=_calendars(ledger, ended),
        removed=entries.removed(ledger.entries, occupied),
        redirects=redirects,
        emptied={at: name for at, name in ledger.machines.items() if at not in machines},
        kept=kept,
    )


def _announced(
    components: Mapping[ComponentKey, KnownComponent], keys: Collection[str]
) -> dict[str, Revision]:
    found: dict[str, Revision] = {}
    for _, known in sorted(components.items()):
        if known.entry in keys:
            this = Revision(known.revision.sequence, known.revision.created, known.raised)
            found[known.entry] = _newest(found.get(known.entry, this), this)
    return found


def _newest(one: Revision, other: Revision) -> Revision:
    return Revision(
        max(one.sequence, other.sequence),
        min(one.created, other.created),
        max(one.modified, other.modified),
    )


def _tombstone(key: ComponentKey, known: KnownComponent) -> Component:
    return Component(
        uid=key[0],
        recurrence_id=key[1],
        lines=known.tombstone,
        significant=known.tombstone,
        entry_key=known.entry,
        title=known.title,
        ends=known.ends,
        tombstone=known.tombstone,
    )


def _calendars(
    ledger: Ledger, ended: Mapping[ComponentKey, KnownComponent]
) -> dict[str, tuple[str, ...]]:
    keys = sorted({known.entry for known in ended.values()} & ledger.entries.keys())
    return {key: ledger.entries[key].calendars for key in keys}

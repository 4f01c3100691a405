"""Which revision each component has, and which components end as tombstones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from townsquare.clock import Clock
from townsquare.ledger.records import (
    Beginning,
    Component,
    ComponentKey,
    KnownComponent,
    Ledger,
    Previous,
    Revision,
)

LOCAL_STAMP = datetime(2000, 1, 1, tzinfo=UTC)
AFTER_LAST = timedelta(days=30)
AFTER_DELETION = timedelta(days=400)
_LOST_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)

Components = Mapping[ComponentKey, KnownComponent]


def first_revision(previous: Previous, clock: Clock) -> Revision:
    """The revision of a component that nothing is known of.

    After a loss SEQUENCE is the minutes since 2020, more than any edits can have made it.
    """
    if previous.ledger:
        return Revision(previous.ledger.first_sequence, clock.stamp(), clock.stamp())
    if previous.beginning is Beginning.LOCAL:
        return Revision(0, LOCAL_STAMP, LOCAL_STAMP)
    lost = previous.beginning is Beginning.LOST
    sequence = (clock.stamp() - _LOST_EPOCH) // timedelta(minutes=1) if lost else 0
    return Revision(max(0, sequence), clock.stamp(), clock.stamp())


def revised(
    known: Components,
    components: Iterable[Component],
    *,
    first: Revision,
    clock: Clock,
    held: Iterable[str] = (),
) -> dict[ComponentKey, KnownComponent]:
    """Everything that is remembered of components after this build.

    Components of the entries in `held` are neither published nor gone: they stay as they are. What
    was gone before ends in its time.
    """
    made: dict[ComponentKey, KnownComponent] = {}
    for component in components:
        begins = _first_of(component, known, first)
        made[component.key] = _component(known.get(component.key), component, begins, clock)
    kept = set(held)
    for key in sorted(known.keys() - made.keys()):
        if known[key].entry in kept and known[key].gone is None:
            made[key] = known[key]
        else:
            made[key] = _ended(known[key], clock, master=made.get((key[0], "")))
    return made


def first_component(component: Component, first: Revision, clock: Clock) -> KnownComponent:
    """What is remembered of a component of which nothing was known."""
    return _component(None, component, first, clock)


def is_kept(known: KnownComponent, clock: Clock) -> bool:
    """Whether readers are still told that the component is cancelled."""
    if known.gone is None or not known.tombstone:
        return False
    longest = known.gone + AFTER_DELETION
    return not clock.passed(min((known.ends or longest) + AFTER_LAST, longest))


def overrides_to_keep(ledger: Ledger | None, clock: Clock) -> dict[str, tuple[str, ...]]:
    """By UID, the RECURRENCE-IDs that must be written out where the rule gives their dates.

    A client that holds an override forgets it only when it is told what stands there now, so an
    override stays until 30 days after its end, also when it equals the rule again.
    """
    kept: dict[str, tuple[str, ...]] = {}
    for (uid, recurrence_id), known in sorted(ledger.components.items() if ledger else ()):
        if recurrence_id and known.tombstone and not _is_over(known.ends, clock):
            kept[uid] = (*kept.get(uid, ()), recurrence_id)
    return kept


def digest(content: bytes) -> str:
    """What two equal contents have in common; short, and no secret."""
    return blake2b(content, digest_size=16).hexdigest()


def _first_of(component: Component, known: Components, first: Revision) -> Revision:
    """Where a component begins that is new.

    A new override of a published series is the next revision of what the rule gave there, so it
    is above the master (RFC 5546 §3.2.2 and the examples of §4.4): a client that compares the two
    would else keep the rule's time.
    """
    master = known.get((component.uid, "")) if component.recurrence_id else None
    if master is None:
        return first
    return replace(first, sequence=max(first.sequence, master.revision.sequence + 1))


def _component(
    known: KnownComponent | None, component: Component, first: Revision, clock: Clock
) -> KnownComponent:
    lines, significant = digest(component.lines), digest(component.significant)
    revision, raised = first, first.modified
    if known is not None:
        rises = known.gone is not None or significant != known.significant
        moves = rises or lines != known.lines
        revision = _next(known, clock, rises=rises) if moves else known.revision
        raised = revision.modified if rises else known.raised
    return KnownComponent(
        entry=component.entry_key,
        revision=revision,
        raised=raised,
        lines=lines,
        significant=significant,
        title=component.title,
        ends=component.ends,
        tombstone=component.tombstone,
    )


def _next(known: KnownComponent, clock: Clock, *, rises: bool) -> Revision:
    before = known.revision
    stamp = max(clock.stamp(), before.modified + _SECOND)
    return Revision(before.sequence + rises, before.created, stamp)


def _ended(known: KnownComponent, clock: Clock, *, master: KnownComponent | None) -> KnownComponent:
    """The component after it was deleted, or as it is remembered long after.

    What nobody will be told of keeps its revision: a feed must not announce that an override of
    last month was tidied away.
    """
    told = known.gone is not None or not _is_over(known.ends, clock)
    if known.gone is None:
        revision = _next(known, clock, rises=True) if told else known.revision
        raised = revision.modified if told else known.raised
        gone = max(clock.stamp(), known.revision.modified)
        known = replace(known, revision=revision, raised=raised, gone=gone)
    outlived = master is not None and master.gone is not None and not master.tombstone
    if outlived or not is_kept(known, clock):
        return _forgotten(known)
    return known


def _forgotten(known: KnownComponent) -> KnownComponent:
    return KnownComponent(
        entry=known.entry, revision=known.revision, raised=known.raised, gone=known.gone
    )


def _is_over(ends: datetime | None, clock: Clock) -> bool:
    return ends is not None and clock.passed(ends + AFTER_LAST)

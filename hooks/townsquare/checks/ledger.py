"""Faults that only the published site's memory shows: what readers hold and would lose."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from townsquare import ledger
from townsquare.clock import Clock
from townsquare.ledger import Component, KnownComponent, Ledger, Outcome, ShownEntry
from townsquare.ledger.held import held_dates
from townsquare.ledger.revisions import digest
from townsquare.model import Entry
from townsquare.problems import Place, Problem, problem
from townsquare.values import value

_NAMED = 3


@value
class Grown:
    """A build with the ledger that it grew from. `entries` are all entries by key, hidden ones too.

    The clock is the checks' own: what a check asks is no change of the site.
    """

    previous: Ledger
    outcome: Outcome
    shown: Collection[ShownEntry]
    components: Collection[Component]
    entries: Mapping[str, Entry[Any]]
    clock: Clock
    authority: Place


def authority_changed(grown: Grown) -> Iterator[Problem]:
    """Ids are made from another authority than those that readers hold."""
    before, now = grown.previous.authority, grown.outcome.ledger.authority
    if before != now:
        message = f"the authority is `{now}`, and was `{before}` when the site was published"
        hint = f"set `authority: {before}` under `extra: townsquare:`; a site may move, its ids not"
        yield problem("authority_changed", grown.authority, message, hint)


def renamed_without_id(grown: Grown) -> Iterator[Problem]:
    """An entry came back under another file name and is a stranger to its subscribers."""
    for found in _renamed(grown):
        entry = grown.entries[found.new.key]
        lines = _lines_to_add(entry, found)
        message = f"this was published as `/{found.old.address}` and would lose its subscribers"
        yield problem("renamed_without_id", entry.place("id"), message, lines)


def address_vanished(grown: Grown) -> Iterator[Problem]:
    """An address that readers may have kept leads to a notice that its page was removed."""
    renamed = {found.old_key for found in _renamed(grown)}
    gone = {removed.address for removed in grown.outcome.removed}
    for key, known in sorted(grown.previous.entries.items()):
        after = grown.outcome.ledger.entries[key]
        vanished = known.gone is None and after.gone is not None and not after.hidden
        if vanished and key not in renamed and known.address in gone:
            message = f"the page `/{known.address}` was published and is gone"
            hint = f"if another page replaces it, add `aliases: [/{known.address}]` there"
            yield problem("address_vanished", Place(_file_of(known.address)), message, hint)


def id_reused(grown: Grown) -> Iterator[Problem]:
    """A new entry has the id of one that was deleted long ago."""
    for key in ledger.reused(grown.previous, grown.shown, grown.clock):
        entry, known = grown.entries[key], grown.previous.entries[key]
        when = f" until {known.gone:%Y-%m-%d}" if known.gone else ""
        message = f"the id `{entry.id}` belonged to another {entry.kind.name}{when}"
        hint = f"give this one an id of its own: add `id: {entry.id}-{grown.clock.stamp():%Y}`"
        yield problem("id_reused", entry.place("id"), message, hint)


def past_occurrences_changed(grown: Grown) -> Iterator[Problem]:
    """An edit moves or removes dates that were already held."""
    now = grown.clock.stamp()
    current = {component.key: component for component in grown.components}
    shown = {entry.key for entry in grown.shown}
    for key, known in sorted(grown.previous.components.items()):
        after = current.get(key)
        if known.gone or key[1] or known.entry not in shown or _is_unmoved(known, after):
            continue
        entry = grown.entries[known.entry]
        held = held_dates(known.tombstone, now)
        lost = sorted(held - held_dates(after.tombstone if after else b"", now))
        if lost and not _says_that_it_moved(entry):
            last = max(held) if b"RRULE" in known.tombstone else None
            yield _past_changed(entry, lost, last_of_series=last)


CHECKS: tuple[Callable[[Grown], Iterator[Problem]], ...] = (
    authority_changed,
    renamed_without_id,
    address_vanished,
    id_reused,
    past_occurrences_changed,
)


def run(grown: Grown) -> list[Problem]:
    """Every fault that the ledger shows; the order is the caller's to make."""
    return [found for check in CHECKS for found in check(grown)]


def _renamed(grown: Grown) -> list[ledger.Renamed]:
    stated = {key for key, entry in grown.entries.items() if entry.fields.id is not None}
    held = {k for k, e in grown.outcome.ledger.entries.items() if e.gone is None}
    present = grown.entries.keys() | held
    return ledger.renamed(grown.previous, grown.shown, stated=stated, present=present)


def _lines_to_add(entry: Entry[Any], found: ledger.Renamed) -> str:
    lines = [f"`id: {found.old_key.partition(':')[2]}`"]
    if found.old.address not in (*entry.fields.aliases, entry.address):
        led = (found.old.address, *entry.fields.aliases)
        lines.append(f"`aliases: [{', '.join(f'/{address}' for address in led)}]`")
    return f"add {' and '.join(lines)}; if it is another entry, give it an `id` of its own"


def _file_of(address: str) -> str:
    path = f"{address.removesuffix('/') or 'index'}.md"
    return path if path.startswith(("events/", "guidelines/")) else f"content/{path}"


def _is_unmoved(known: KnownComponent, after: Component | None) -> bool:
    return after is not None and known.significant == digest(after.significant)


def _says_that_it_moved(entry: Entry[Any]) -> bool:
    """A single event that was put off after its date had come."""
    return getattr(entry.fields, "status", None) in ("rescheduled", "postponed")


def _past_changed(
    entry: Entry[Any], lost: list[datetime], *, last_of_series: datetime | None
) -> Problem:
    named = ", ".join(f"{date:%Y-%m-%d}" for date in lost[:_NAMED])
    more = f" and {len(lost) - _NAMED} more" if len(lost) > _NAMED else ""
    message = f"this moves what was already held on {named}{more}"
    hint = "leave this event as it was, and announce the new date in a file of its own"
    if last_of_series:
        hint = (
            f"leave this series as it was, ending `until: {last_of_series:%Y-%m-%d}`, and "
            f"put what is new into a file of its own with `continues: {entry.id}`"
        )
    return problem("past_occurrences_changed", entry.place("start"), message, hint)

"""Events that keep people from each other: on one topic, at one time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from townsquare import recurrence
from townsquare.checks.context import Context
from townsquare.checks.events import NOT_HELD
from townsquare.model import Dated, Entry
from townsquare.problems import Problem, problem

AHEAD = timedelta(days=366)
DATES = 60
"""How far ahead, and at how many dates of one event, clashes are looked for."""


class Held(NamedTuple):
    """An occurrence of an event with its instants, UTC. `start` is local.

    `whole` is the event to which it belongs in the end: what belongs together is planned together.
    """

    begins: datetime
    ends: datetime
    event: str
    key: str
    start: date
    whole: str
    tags: tuple[str, ...]


class Clash(NamedTuple):
    """An occurrence that begins while an earlier one with this tag is going on."""

    later: Held
    earlier: Held
    tag: str


def events_clash(context: Context) -> Iterator[Problem]:
    """Coming events that begin while another one with a tag in common is going on.

    Each is told of once, at its first such date; what does not take place is left out.
    """
    entries = {e.id: e for e in context.library.visible(Dated) if e.fields.tags}
    for later, earlier, tag in clashes(_coming(context, entries.values())):
        when = f"{later.start:%Y-%m-%d %H:%M}" if isinstance(later.start, datetime) else later.start
        message = f"on {when}, {entries[earlier.event].path} is on as well; both are about `{tag}`"
        hint = "move one of the two, or let one be `part_of` the other"
        yield problem("events_clash", entries[later.event].place("start"), message, hint)


def clashes(coming: Iterable[Held]) -> Iterator[Clash]:
    """The first clash of each event that has one, by instant. `n` occurrences cost `n log n`."""
    last: dict[str, tuple[Held, ...]] = {}
    told: set[str] = set()
    for held in sorted(coming):
        for tag in held.tags:
            before = last.get(tag, ())
            found = next((b for b in before if b.whole != held.whole), None)
            if found and found.ends > held.begins and held.event not in told:
                told.add(held.event)
                yield Clash(held, found, tag)
            last[tag] = _last_of_two((*before, held))


def _last_of_two(held: tuple[Held, ...]) -> tuple[Held, ...]:
    """The one that ends last, and the one that ends last of those that belong elsewhere.

    Whatever begins later clashes with one of these, or with none that began before it.
    """
    ordered = sorted(held, key=lambda each: (each.ends, each), reverse=True)
    other = next((each for each in ordered if each.whole != ordered[0].whole), None)
    return (ordered[0], other) if other else (ordered[0],)


def _coming(context: Context, entries: Iterable[Entry[Any]]) -> Iterator[Held]:
    first = context.clock.month()
    for entry in entries:
        schedule = context.schedule(entry)
        if schedule is None:
            continue
        tags, whole = tuple(context.library.tags_of(entry)), _whole(context, entry)
        # Something of the month before may still be going on.
        window = first - timedelta(days=31), first + AHEAD
        for held in recurrence.occurrences(schedule, *window, limit=DATES):
            if held.details.status not in NOT_HELD and not context.clock.passed(held.ends):
                yield Held(held.begins, held.ends, entry.id, held.key, held.start, whole, tags)


def _whole(context: Context, entry: Entry[Any]) -> str:
    """The id of the event of which it is a part, or a part of a part; its own where it is whole."""
    seen = [entry.id]
    while above := getattr(entry.fields, "part_of", None):
        found = context.library.find(entry.kind.name, above)
        if found is None or above in seen:
            break
        seen.append(above)
        entry = found
    return seen[-1]

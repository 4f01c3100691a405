"""Occurrences as lists print them, and which of an event's are over.

Times are in the event's own zone, with its name and offset beside them, so that all can reckon.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import groupby, islice
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from townsquare import times
from townsquare.community import Community
from townsquare.model import Entry
from townsquare.occasions import Details
from townsquare.queries import query
from townsquare.recurrence import Occurrence
from townsquare.rules import day_of
from townsquare.wordbook import _, month, offset, span

Moment = date | datetime

# How many of an event's dates its page lists, of those that are over and of those to come.
SHOWN = 12

# How many dates of one event may stand in a list of several events.
PER_EVENT = 12

# How far a list of several events looks ahead.
MONTHS_AHEAD = 12


class Nth(NamedTuple):
    """An occurrence of an event, by its number among all that `community.held`, from zero.

    Time moves none of these numbers. Queries answer with them, not with what takes place then.
    """

    entry: Entry[Any]
    number: int

    def occurrence(self, community: Community) -> Occurrence:
        """What it stands for."""
        return community.held(self.entry)[self.number]


class Row(NamedTuple):
    """An occurrence on one line.

    `start` is a date, or a moment with the event's zone. `end` is what an author gave: the last
    day, included, or a moment. Whole days have no `zone`.
    """

    title: str
    address: str
    anchor: str
    start: Moment
    end: Moment | None
    zone: str
    where: str
    status: str
    badges: tuple[str, ...]
    note: str
    language: str
    attended: int | None = None


def row(community: Community, entry: Entry[Any], held: Occurrence) -> Row:
    """The occurrence as lists show it; one of several has an anchor, where the page lists it."""
    details = held.details
    format_ = getattr(entry.fields, "format", None)
    at = where(details)
    status = details.status if details.status != "confirmed" else None
    words = (status, format_, None if at else details.mode)
    return Row(
        details.title,
        entry.address,
        held.anchor if has_anchor(community, entry, held) else "",
        local(held)[0],
        printed_end(held),
        zone_name(held),
        at,
        details.status,
        tuple(word for word in words if word and word != "other"),
        details.status_note,
        entry.fields.language or "",
        _attended(community, entry, held),
    )


def _attended(community: Community, entry: Entry[Any], held: Occurrence) -> int | None:
    """How many came to it, if somebody counted; of several dates, each tells its own."""
    after = held.details.after
    whole = len(community.held(entry)) > 1 and not held.changed
    return after.attended if after and not whole else None


def local(held: Occurrence) -> tuple[Moment, Moment]:
    """Its start and end: dates as they are, moments in the event's zone."""
    if held.all_day:
        return held.start, held.end
    zone = ZoneInfo(held.zone)
    return held.begins.astimezone(zone), held.ends.astimezone(zone)


def printed_end(held: Occurrence) -> Moment | None:
    """The end as people write it: the last day, included; nothing where no author gave one."""
    if held.all_day:
        return held.last_day if held.last_day != held.start else None
    return local(held)[1] if held.end_stated else None


def zone_name(held: Occurrence) -> str:
    """`Europe/Berlin, UTC+2`; nothing for whole days, which are the same everywhere."""
    if held.all_day:
        return ""
    away = offset(held.begins.astimezone(ZoneInfo(held.zone)))
    name = held.zone.replace("_", " ")
    return name if name == away else f"{name}, {away}"


def when(held: Occurrence) -> str:
    """`Thursday 21 May 2026, 18:00–19:00 (Europe/Berlin, UTC+2)`, by the event's own clock."""
    zone = zone_name(held)
    text = span(local(held)[0], printed_end(held))
    return f"{text} ({zone})" if zone else text


def where(details: Details) -> str:
    """The place on one line, or that it is online."""
    place = details.place.line() if details.place else ""
    if details.mode == "hybrid":
        return _("%(place)s, and online") % {"place": place} if place else _("Online too")
    return place if place and details.mode != "online" else _("Online") if details.mode else place


def shown(community: Community, entry: Entry[Any]) -> tuple[list[Occurrence], list[Occurrence]]:
    """What the event's page lists: the last that are over, and the next."""
    past, coming = community.split(entry)
    return past[-SHOWN:], coming[:SHOWN]


def has_anchor(community: Community, entry: Entry[Any], held: Occurrence) -> bool:
    """Whether the event's page has a place for this occurrence: one of several, and listed."""
    past, coming = shown(community, entry)
    return len(past) + len(coming) > 1 and any(held is each for each in (*past, *coming))


def is_over(community: Community, entry: Entry[Any]) -> bool:
    """Whether nothing of the event is to come."""
    return not community.split(entry)[1]


def representative(community: Community, entry: Entry[Any]) -> Occurrence | None:
    """The one by which a list dates an event: the next that takes place, else the last."""
    past, coming = community.split(entry)
    takes_place = (held for held in coming if not held.details.cancelled)
    return next(takes_place, None) or next(iter(coming or past[-1:]), None)


@query
def everything(community: Community) -> list[Nth]:
    """All occurrences of all visible events, by instant, then address."""
    found = [(e, n, held) for e in community.events for n, held in enumerate(community.held(e))]
    found.sort(key=lambda each: (each[2].begins, each[0].address, each[2].key))
    return [Nth(entry, number) for entry, number, _held in found]


@query
def over(community: Community) -> list[Nth]:
    """All occurrences that are over, by instant, then address."""
    passed = community.clock.passed
    found = everything(community)
    return [nth for nth in found if passed(nth.occurrence(community).ends)]


def coming(community: Community, entry: Entry[Any]) -> Iterator[Nth]:
    """The event's occurrences that are not over, in order."""
    for number, held in enumerate(community.held(entry)):
        if not community.clock.passed(held.ends):
            yield Nth(entry, number)


def soonest_first(community: Community, listed: Iterable[Nth]) -> list[Nth]:
    """By instant, then address."""
    return sorted(listed, key=lambda nth: (nth.occurrence(community).begins, nth.entry.address))


@query
def within_a_year(community: Community) -> list[Nth]:
    """What is to come within a year, at most twelve dates an event; the first in any case."""
    last = times.Interval(months=MONTHS_AHEAD).after(community.clock.month())
    found: list[Nth] = []
    for entry in community.events:
        ahead = islice(coming(community, entry), PER_EVENT)
        for at, nth in enumerate(ahead):
            if not at or day_of(nth.occurrence(community).start) < last:
                found.append(nth)
    return soonest_first(community, found)


def rows(community: Community, listed: Iterable[Nth]) -> list[Row]:
    """The occurrences as lists show them, in this order."""
    return [row(community, nth.entry, nth.occurrence(community)) for nth in listed]


def by_month(community: Community, listed: Iterable[Nth]) -> list[tuple[str, str, list[Row]]]:
    """Rows under their months: the month's name, an id for it, and the rows."""

    def first_of(nth: Nth) -> date:
        return day_of(nth.occurrence(community).start).replace(day=1)

    return [
        (month(first), f"ts-{first:%Y-%m}", rows(community, inside))
        for first, inside in groupby(listed, first_of)
    ]


def days(held: Occurrence) -> Iterator[date]:
    """The dates on which it takes place, by its own clock, at most a year of them."""
    first = held.start.date() if isinstance(held.start, datetime) else held.start
    for number in range(min((held.last_day - first).days, 366) + 1):
        yield first + timedelta(days=number)

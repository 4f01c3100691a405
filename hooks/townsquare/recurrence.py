"""Repeating events → dated occurrences.

Everything is reckoned in local wall-clock time and turned into instants last: a call at 18:00 stays
at 18:00 when clocks change, and takes as long by the clock. A change that moves an occurrence moves
only that one, which keeps the date that the rule gave as its name for ever.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import islice

from townsquare import times
from townsquare.occasions import Details
from townsquare.rules import Rule
from townsquare.times import day_of
from townsquare.values import value

Moment = date | datetime


@value
class Occurrence:
    """One date on which something takes place.

    `moment` is what the rule gives (RECURRENCE-ID), or the start where nothing repeats; `key` is
    how `changes` names it, or a session's own name. `start` and `end` are local to `zone`, both
    dates or both moments; `end` is exclusive, and `end_stated` tells whether an author gave it.
    """

    key: str
    moment: Moment
    start: Moment
    end: Moment
    zone: str
    details: Details
    end_stated: bool = True
    changed: bool = False

    @property
    def all_day(self) -> bool:
        """Whether it takes whole days, which begin at midnight in every reader's zone."""
        return not isinstance(self.start, datetime)

    @property
    def last_day(self) -> date:
        """The last date on which it takes place, inclusive."""
        if not isinstance(self.end, datetime):
            return self.end - timedelta(days=1)
        midnight = self.end.time() == time() and times.length(self.start, self.end) > timedelta()
        return day_of(self.end) - timedelta(days=midnight)

    @property
    def begins(self) -> datetime:
        """The instant of its start, UTC."""
        return times.instant(self.start, self.zone)

    @property
    def ends(self) -> datetime:
        """The instant of its end, UTC."""
        return max(times.instant(self.end, self.zone), self.begins)

    @property
    def anchor(self) -> str:
        """The name of its place on the page: `2026-05-21` or `2026-05-21-1800`."""
        return self.key.replace(" ", "-").replace(":", "")


@value
class Schedule:
    """When something takes place. `changes` are keyed by the moments that the rule gives.

    With `sessions` there is no rule. `also` holds moments beside the rule, `excluded` those that do
    not take place; all are of the start's type.
    """

    start: Moment
    end: Moment
    zone: str
    details: Details
    end_stated: bool = True
    rule: Rule | None = None
    excluded: tuple[Moment, ...] = ()
    also: tuple[Moment, ...] = ()
    changes: tuple[Occurrence, ...] = ()
    sessions: tuple[Occurrence, ...] = ()

    @property
    def all_day(self) -> bool:
        """Whether it takes whole days, which begin at midnight in every reader's zone."""
        return not isinstance(self.start, datetime)

    @cached_property
    def first_instant(self) -> datetime:
        """When its first occurrence begins, UTC."""
        found = occurrences(self, date.min, date.max, limit=1)
        return found[0].begins if found else times.instant(self.start, self.zone)

    @cached_property
    def last_instant(self) -> datetime | None:
        """When its last occurrence ends, UTC; none for what repeats without end."""
        if self.rule and not (self.rule.until or self.rule.count):
            return None
        held = [*self.sessions, *self.changes]
        last = deque(self.moments(date.min, LAST), maxlen=len(self.changes) + 1)
        usual = [m for m in (*last, *self.also) if m not in self.changed]
        held += [self.occurrence(m) for m in usual if m not in self.left_out]
        return max((one.ends for one in held), default=times.instant(self.end, self.zone))

    @cached_property
    def left_out(self) -> frozenset[Moment]:
        """The moments at which nothing takes place though the rule gives them."""
        return frozenset(self.excluded)

    @cached_property
    def changed(self) -> dict[Moment, Occurrence]:
        """The changes by the moment that the rule gives."""
        return {change.moment: change for change in self.changes}

    def key(self, moment: Moment) -> str:
        """How a moment is named: its date, with the time where that is not the usual one."""
        usual = not isinstance(moment, datetime) or moment.time() == _time_of(self.start)
        return f"{day_of(moment)}" if usual else f"{moment:%Y-%m-%d %H:%M}"

    def gives(self, moment: Moment) -> bool:
        """Whether something takes place at this moment, by the rule or beside it."""
        day = day_of(moment)
        given = moment in self.also or moment in self.moments(day, day)
        return given and moment not in self.left_out

    def moments(self, first: date, last: date) -> Iterator[Moment]:
        """What the rule gives on these dates, without excluded and additional ones, in order."""
        for day in self._rule_dates(first, last):
            at = (
                datetime.combine(day, self.start.time())
                if isinstance(self.start, datetime)
                else day
            )
            if at not in self.left_out:
                yield at

    def _rule_dates(self, first: date, last: date) -> Iterator[date]:
        start = day_of(self.start)
        if self.rule is None:
            return iter((start,) if first <= start <= last else ())
        return (day for day in self.rule.dates(start, min(last, LAST)) if day >= first)

    def occurrence(self, moment: Moment) -> Occurrence:
        """The occurrence of a moment that the rule or `also` gives."""
        if moment in self.changed:
            return self.changed[moment]
        end = moment + times.length(self.start, self.end)
        return Occurrence(
            self.key(moment), moment, moment, end, self.zone, self.details, self.end_stated
        )


LAST = date(times.LAST_YEAR, 12, 31)


def occurrences(schedule: Schedule, first: date, last: date, *, limit: int) -> list[Occurrence]:
    """The first `limit` occurrences that start, by their own clocks, from `first` to `last`.

    Ordered by instant, then key; each once; cancelled ones included.
    """
    found = sorted(_unordered(schedule, first, last, limit), key=lambda o: (o.begins, o.key))
    return found[:limit]


def _unordered(
    schedule: Schedule, first: date, last: date, limit: int | None = None
) -> Iterator[Occurrence]:
    """Occurrences in the window, the first `limit` among them, in any order."""
    if schedule.sessions:
        yield from (s for s in schedule.sessions if first <= day_of(s.start) <= last)
        return
    stop = None if limit is None else limit + len(schedule.changes)
    moments = set(islice(schedule.moments(first, last), stop))
    moments |= {*schedule.also, *schedule.changed}
    for moment in moments - schedule.left_out:
        occurrence = schedule.occurrence(moment)
        if first <= day_of(occurrence.start) <= last:
            yield occurrence


def _time_of(moment: Moment) -> time:
    return moment.time() if isinstance(moment, datetime) else time()

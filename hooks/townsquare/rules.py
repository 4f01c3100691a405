"""Recurrence rules, to dates and to RFC 5545 text; read by `plain_rules` and `rfc_rules`.

A `Rule` that `completed` has returned fits its start and leaves nothing to a reader's engine to
guess: days of week, days of month and months are filled in, weeks begin on Monday. The same object
gives the dates of pages and the text of calendars.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time
from itertools import islice
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from townsquare import times
from townsquare.notations import WEEKDAYS
from townsquare.problems import Fault
from townsquare.times import day_of, days_of
from townsquare.values import value

FREQUENCIES: dict[str, Literal[0, 1, 2, 3]] = {"DAILY": 3, "WEEKLY": 2, "MONTHLY": 1, "YEARLY": 0}
"""The frequencies that a rule may have, by dateutil's numbers."""


DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MAX_INTERVAL = 99
MAX_COUNT = 1000


class Weekday(NamedTuple):
    """The `nth` Monday (0) to Sunday (6) of a month, from its end where negative; 0 is all."""

    nth: int
    day: int

    def __str__(self) -> str:
        return f"{self.nth or ''}{DAYS[self.day]}"


@value
class Rule:
    """An RFC 5545 §3.3.10 rule, daily or coarser. `until` is the last date that may be given.

    As parsed, `until` may be a moment: naive in the event's zone, or aware.
    """

    frequency: str
    interval: int = 1
    count: int | None = None
    until: date | datetime | None = None
    months: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    weekdays: tuple[Weekday, ...] = ()
    positions: tuple[int, ...] = ()

    def dates(self, start: date, last: date) -> Iterator[date]:
        """The dates that the rule gives from its start to `last`, both inclusive, in order."""
        from dateutil import rrule

        stop = min(last, self.until) if self.until else last
        found = rrule.rrule(
            FREQUENCIES[self.frequency],
            dtstart=datetime.combine(start, time()),
            until=datetime.combine(stop, time()),
            interval=self.interval,
            wkst=rrule.MO,
            bymonth=self.months or None,
            bymonthday=self.month_days or None,
            byweekday=[rrule.weekday(d.day, d.nth or None) for d in self.weekdays] or None,
            bysetpos=self.positions or None,
        )
        return (moment.date() for moment in islice(found, self.count))

    def text(self, zone: str | None) -> str:
        """The rule as RRULE's value; without a zone, of an all-day event.

        UNTIL is the end of the last date in UTC: other forms fail in Outlook and Google.
        """
        parts = [f"FREQ={self.frequency}", f"INTERVAL={self.interval}" if self.interval > 1 else ""]
        parts += [f"COUNT={self.count}" if self.count else "", self._until(zone)]
        for name, values in (
            ("BYMONTH", self.months),
            ("BYMONTHDAY", self.month_days),
            ("BYDAY", self.weekdays),
            ("BYSETPOS", self.positions),
        ):
            parts.append(f"{name}={','.join(map(str, values))}" if values else "")
        return ";".join(filter(None, [*parts, "WKST=MO"]))

    def _until(self, zone: str | None) -> str:
        if self.until is None:
            return ""
        if zone is None:
            return f"UNTIL={self.until:%Y%m%d}"
        last = times.instant(datetime.combine(self.until, time(23, 59, 59)), zone)
        return f"UNTIL={last:%Y%m%dT%H%M%SZ}"


def completed(rule: Rule, start: date | datetime, zone: str) -> Rule:
    """The rule with nothing left to guess; raises Fault where it does not give its own start."""
    rule = _filled(replace(rule, until=_last_date(rule.until, start, zone)), day_of(start))
    if rule.until and rule.until < day_of(start):
        raise Fault("repeat_invalid", "the rule ends before its start", "write a later `until`")
    for message in _contested(rule):
        raise Fault("repeat_invalid", message, "write several rules, each an event of its own")
    if not _gives(rule, day_of(start)):
        raise Fault("start_not_in_repeat", *_wrong_start(rule, day_of(start)))
    return rule


def _last_date(until: date | datetime | None, start: date | datetime, zone: str) -> date | None:
    """The last date on which the rule may give an occurrence that begins at the start's time."""
    if not isinstance(until, datetime):
        return until
    local = until.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if until.tzinfo else until
    if isinstance(start, datetime) and local.time() < start.time():
        return date.fromordinal(local.toordinal() - 1)
    return local.date()


def _filled(rule: Rule, start: date) -> Rule:
    """The rule with the days and months that it leaves open, in the form that engines agree on."""
    rule = _opened(rule, start)
    if rule.interval > 1:
        return rule
    if rule.frequency == "DAILY" and rule.month_days:
        rule = replace(rule, frequency="MONTHLY")
    if rule.frequency == "MONTHLY" and rule.months:
        rule = replace(rule, frequency="YEARLY")
    if rule.frequency == "YEARLY" and len(rule.months) == 12:
        rule = replace(rule, frequency="MONTHLY", months=())
    return rule


def _contested(rule: Rule) -> Iterator[str]:
    """Why engines would give other dates than dateutil; found by asking them (ical.js 2.2)."""
    yearly = rule.frequency == "YEARLY"
    if rule.months and rule.interval > 1 and not yearly:
        yield "BYMONTH beside INTERVAL is for yearly rules"
    if rule.month_days and rule.interval > 1 and rule.frequency == "DAILY":
        yield "BYMONTHDAY beside INTERVAL is for monthly and yearly rules"
    if len(rule.months) > 1 and rule.positions:
        yield "BYSETPOS needs one BYMONTH"
    numbered = any(d.nth for d in rule.weekdays)
    if rule.positions and (numbered or rule.month_days or not rule.weekdays):
        yield "BYSETPOS chooses among plain days of BYDAY"
    if yearly and rule.month_days and numbered:
        yield "BYMONTHDAY stands beside numbered days"
    if yearly and not _in_every_month(rule) and (rule.months, rule.month_days) != ((2,), (29,)):
        yield "not each of the months has each of the days"


def _in_every_month(rule: Rule) -> bool:
    lengths = [days_of(2025, month) for month in rule.months]
    return all(1 <= day <= length for day in rule.month_days for length in lengths)


def _opened(rule: Rule, start: date) -> Rule:
    match rule.frequency:
        case "WEEKLY" if not rule.weekdays:
            return replace(rule, weekdays=(Weekday(0, start.weekday()),))
        case "MONTHLY" if not (rule.weekdays or rule.month_days):
            return replace(rule, month_days=(start.day,))
        case "YEARLY" if not (rule.weekdays or rule.month_days):
            return replace(rule, months=rule.months or (start.month,), month_days=(start.day,))
        case "YEARLY" if not rule.months:
            return replace(rule, months=tuple(range(1, 13)))
        case _:
            return rule


def _gives(rule: Rule, start: date) -> bool:
    """Whether the start is a date of the rule.

    The quick questions come first: dateutil looks for the first date as far as the year 9999.
    """
    days = {d.day for d in rule.weekdays}
    from_end = start.day - days_of(start.year, start.month) - 1
    if rule.months and start.month not in rule.months:
        return False
    if days and start.weekday() not in days:
        return False
    if rule.month_days and not {start.day, from_end} & set(rule.month_days):
        return False
    return next(rule.dates(start, start), None) == start


def _wrong_start(rule: Rule, start: date) -> tuple[str, str]:
    message = f"{WEEKDAYS[start.weekday()].title()} {start} is not a date of the rule"
    later = replace(rule, until=None, count=None).dates(start, times.Interval(60).after(start))
    first = next(later, None) if _possible(rule) else None
    hint = f"the rule's next date is {first}; start there" if first else "change the rule"
    return message, f"{hint}, or change the rule" if first else hint


def _possible(rule: Rule) -> bool:
    """Whether looking for a next date ends soon."""
    return rule.frequency != "DAILY" or not (rule.months or rule.month_days)

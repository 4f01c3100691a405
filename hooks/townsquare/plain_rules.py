"""Recurrence rules in an author's words: `{every: month, on: third thursday}`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from townsquare.notations import MONTHS, WEEKDAYS, shown
from townsquare.problems import Fault, did_you_mean
from townsquare.rules import MAX_COUNT, MAX_INTERVAL, Rule, Weekday

UNITS = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}
WORKING_DAYS = tuple(Weekday(0, day) for day in range(5))
EVERY_HINT = "write `day`, `weekday`, `week`, `2 weeks`, `month`, `3 months` or `year`"
ON_HINT = (
    "write it as in `monday`, `second tuesday`, `last weekday`, `16` or "
    "`second thursday of october`"
)
_MEANT = {
    "daily": "day", "weekdays": "weekday", "weekly": "week", "biweekly": "2 weeks",
    "fortnight": "2 weeks", "other week": "2 weeks", "second week": "2 weeks",
    "monthly": "month", "other month": "2 months", "quarter": "3 months", "quarterly": "3 months",
    "half year": "6 months", "yearly": "year", "annually": "year",
}  # fmt: skip
_EVERY = r"([0-9]{1,3}) (day|week|month|year)s"
_NTH = r"(?:([a-z]+) )?([a-z]+)(?: of (?:the )?([a-z]+))?"
_MONTH_DAY = r"([0-9]{1,2})(?:st|nd|rd|th)?(?:\.? (?:of )?([a-z]+))?"
_DAY_LAST = r"([a-z]+) ([0-9]{1,2})(?:st|nd|rd|th)?"


class Every(NamedTuple):
    """How often: each `interval`th day, week, month or year, or on working days."""

    frequency: str
    interval: int = 1
    working_days: bool = False


class On(NamedTuple):
    """A day of a week, month or year. `weekday` 7 is any working day; `month` 0 is none named."""

    weekday: int | None = None
    nth: int = 0
    month_day: int = 0
    month: int = 0


def parse_every(text: str) -> Every:
    """`day`, `weekday`, `week`, `2 weeks`, `month`, `3 months`, `year`."""
    words = " ".join(text.lower().split())
    if words == "weekday":
        return Every("WEEKLY", working_days=True)
    if words in UNITS:
        return Every(UNITS[words])
    found = re.fullmatch(_EVERY, words)
    if found and 1 <= int(found[1]) <= MAX_INTERVAL:
        return Every(UNITS[found[2]], int(found[1]))
    meant = _MEANT.get(words.removeprefix("every "))
    hint = f"write `{meant}`" if meant else EVERY_HINT
    if words.removesuffix("s") in WEEKDAYS:
        hint = f"write `every: week` and `on: {words.removesuffix('s')}`"
    raise Fault("repeat_invalid", f"{shown(text)} is not how often", hint)


def parse_on(text: str) -> On:
    """`monday`, `second tuesday`, `last weekday`, `16`, `second thursday of october`."""
    words = " ".join(text.lower().split()[:8]).removeprefix("the ")
    for read in (_named_day, _numbered_day):
        if day := read(words):
            return day
    near = "" if " " in words else did_you_mean(words[:40], (*WEEKDAYS, "weekday"))
    raise Fault("repeat_invalid", f"{shown(text)} is not a day of a rule", near + ON_HINT)


def from_words(
    every: Every, on: Sequence[On], until: date | None, count: int | None, start: date
) -> Rule:
    """The rule that the words mean; raises Fault where they do not go together."""
    if until and count:
        raise Fault("repeat_invalid", "`until` and `times` contradict each other", "keep one")
    if count is not None and not 1 <= count <= MAX_COUNT:
        hint = f"write from 1 to {MAX_COUNT}, or `until` with a date"
        raise Fault("repeat_invalid", f"{count} times cannot be meant", hint)
    rule = Rule(every.frequency, every.interval, count, until)
    days = _days(every, on)
    if not days:
        return rule
    return _with_days(rule, days, start)


def _days(every: Every, on: Sequence[On]) -> Sequence[On]:
    days = [On(weekday=7)] if every.working_days else list(on)
    if (every.working_days or every.frequency == "DAILY") and on:
        raise Fault("repeat_invalid", "`on` says which days, and so does `every`", "keep one")
    for day in days:
        if day.month and every.frequency != "YEARLY":
            raise Fault("repeat_invalid", "a month is named", "write `every: year`")
        if every.frequency == "WEEKLY" and (day.nth or day.month_day):
            raise Fault("repeat_invalid", "a week has no such day", "write `every: month`")
        if every.frequency != "WEEKLY" and day.weekday is not None and not day.nth:
            name = (*WEEKDAYS, "weekday")[day.weekday]
            raise Fault(
                "repeat_invalid", f"which {name}?", f"write `first {name}` or `every: week`"
            )
    return days


def _with_days(rule: Rule, days: Sequence[On], start: date) -> Rule:
    months = {d.month or start.month for d in days} if rule.frequency == "YEARLY" else set[int]()
    shapes = {(d.weekday == 7, bool(d.month_day)) for d in days}
    if len(shapes) > 1 or not _each_in_each(days, months):
        hint = "make two events of it, or write an RFC 5545 rule"
        raise Fault("repeat_invalid", "these days do not fit into one rule", hint)
    month_days = tuple(sorted({d.month_day for d in days} - {0}))
    working = any(d.weekday == 7 for d in days)
    weekdays = {Weekday(d.nth, d.weekday) for d in days if d.weekday is not None}
    return Rule(
        rule.frequency, rule.interval, rule.count, rule.until,
        months=tuple(sorted(months)),
        month_days=month_days,
        weekdays=WORKING_DAYS if working else tuple(sorted(weekdays, key=lambda d: (d.nth, d.day))),
        positions=tuple(sorted({d.nth for d in days} - {0})) if working else (),
    )  # fmt: skip


def _each_in_each(days: Sequence[On], months: set[int]) -> bool:
    """Whether every day is meant in every month: one rule can say nothing else."""
    if len(months) < 2:
        return True
    plain = {d._replace(month=0) for d in days}
    working = any(d.weekday == 7 for d in days)
    return not working and len(set(days)) == len(plain) * len(months)


def _named_day(words: str) -> On | None:
    found = re.fullmatch(_NTH, words)
    if not found:
        return None
    nth = ORDINALS.get(found[1] or "", 0)
    month = 0 if found[3] in (None, "month", "year") else _month(found[3])
    if month is None or (found[1] and not nth):
        return None
    if found[2] == "day" and nth == -1:
        return On(month_day=-1, month=month)
    if found[2] in (*WEEKDAYS, "weekday"):
        return On((*WEEKDAYS, "weekday").index(found[2]), nth, month=month)
    return None


def _numbered_day(words: str) -> On | None:
    if found := re.fullmatch(_MONTH_DAY, words):
        number, name = found[1], found[2]
    elif found := re.fullmatch(_DAY_LAST, words):
        number, name = found[2], found[1]
    else:
        return None
    month = _month(name) if name else 0
    if month is None or not 1 <= int(number) <= 31:
        return None
    return On(month_day=int(number), month=month)


def _month(name: str) -> int | None:
    return MONTHS.index(name) + 1 if name in MONTHS else None

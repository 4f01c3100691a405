"""Recurrence rules: from words or from RFC 5545 text, to dates and to RFC 5545 text.

A `Rule` that `completed` has returned fits its start and leaves nothing to a reader's engine to
guess: days of week, days of month and months are filled in, weeks begin on Monday. The same object
gives the dates of pages and the text of calendars.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from itertools import islice
from typing import Any, Literal, NamedTuple, NoReturn
from zoneinfo import ZoneInfo

from dateutil import rrule

from townsquare import times
from townsquare.notations import WEEKDAYS
from townsquare.problems import Fault
from townsquare.times import day_of

FREQUENCIES: dict[str, Literal[0, 1, 2, 3]] = {
    "DAILY": rrule.DAILY,
    "WEEKLY": rrule.WEEKLY,
    "MONTHLY": rrule.MONTHLY,
    "YEARLY": rrule.YEARLY,
}
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MAX_INTERVAL = 99
MAX_COUNT = 1000
WORDS_HINT = "write it as in `{every: month, on: second tuesday}` or as an RFC 5545 rule"
_WEEKDAY = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_MOMENT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{2})([0-9]{2})([0-9]{2})(Z?))?")


class Weekday(NamedTuple):
    """The `nth` Monday (0) to Sunday (6) of a month, from its end where negative; 0 is all."""

    nth: int
    day: int

    def __str__(self) -> str:
        return f"{self.nth or ''}{DAYS[self.day]}"


@dataclass(frozen=True, slots=True)
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
    if not _gives(rule, day_of(start)):
        raise Fault("start_not_in_repeat", *_wrong_start(rule, day_of(start)))
    return rule


def parse_rule(text: str) -> Rule:
    """An RFC 5545 rule: `FREQ=MONTHLY;BYDAY=-1FR`."""
    line = text.strip().upper().removeprefix("RRULE:")
    if "=" not in line:
        raise Fault("repeat_invalid", f"`{line[:40].lower()}` is not a rule", WORDS_HINT)
    parts: dict[str, str] = {}
    for part in line.rstrip(";").split(";")[:20]:
        name, _, value = part.partition("=")
        if name in parts:
            raise Fault("repeat_invalid", f"the rule has {name} twice", "keep one of the two")
        parts[name] = value
    frequency = parts.pop("FREQ", "")
    if frequency not in FREQUENCIES:
        hint = "begin with FREQ=DAILY, WEEKLY, MONTHLY or YEARLY"
        raise Fault("repeat_invalid", "the rule is not daily or coarser", hint)
    week_start = parts.pop("WKST", "MO")
    rule = Rule(frequency, **{_field(name): _value(name, text) for name, text in parts.items()})
    _check_parts(rule, week_start)
    return rule


def _field(name: str) -> str:
    try:
        return PARTS[name].field
    except KeyError:
        hint = f"rules are made of FREQ, {', '.join(PARTS)} here"
        raise Fault("repeat_invalid", f"`{name[:20]}` cannot stand in a rule", hint) from None


def _value(name: str, text: str) -> Any:
    part = PARTS[name]
    try:
        if name == "UNTIL":
            return _until(text)
        if name == "BYDAY":
            return tuple(dict.fromkeys(_weekday(each) for each in text.split(",")))
        numbers = [int(each) for each in text.split(",") if re.fullmatch(r"[+-]?[0-9]{1,4}", each)]
        if len(numbers) != text.count(",") + 1 or not all(
            part.low <= abs(n) <= part.high for n in numbers
        ):
            raise ValueError
        if part.single:
            (number,) = numbers
            return number if number > 0 else _refuse(name, text)
        return tuple(sorted(set(numbers), key=lambda n: (n < 0, n)))
    except (ValueError, OverflowError):
        _refuse(name, text)


def _refuse(name: str, text: str) -> NoReturn:
    part = PARTS[name]
    hint = f"{name} is {part.form}" if part.form else f"{name} is from {part.low} to {part.high}"
    raise Fault("repeat_invalid", f"`{name}={text[:40]}` is not right", hint)


class _Part(NamedTuple):
    field: str
    low: int = 1
    high: int = 0
    single: bool = False
    form: str = ""


PARTS = {
    "INTERVAL": _Part("interval", high=MAX_INTERVAL, single=True),
    "COUNT": _Part("count", high=MAX_COUNT, single=True),
    "UNTIL": _Part("until", form="as in UNTIL=20261217"),
    "BYMONTH": _Part("months", high=12),
    "BYMONTHDAY": _Part("month_days", high=31),
    "BYDAY": _Part("weekdays", form="as in BYDAY=MO,TH or BYDAY=2TU"),
    "BYSETPOS": _Part("positions", high=31),
}


def _weekday(text: str) -> Weekday:
    found = _WEEKDAY.fullmatch(text)
    nth = int(found[1] or 0) if found else 0
    if not found or abs(nth) > 5 or found[1] == "0":
        raise ValueError(text)
    return Weekday(nth, DAYS.index(found[2]))


def _until(text: str) -> date | datetime:
    found = _MOMENT.fullmatch(text)
    if not found:
        raise ValueError(text)
    day = times.parse_day(f"{found[1]}-{found[2]}-{found[3]}")
    if found[4] is None:
        return day
    moment = datetime.combine(day, time(int(found[4]), int(found[5]), int(found[6])))
    return moment.replace(tzinfo=UTC) if found[7] else moment


def _check_parts(rule: Rule, week_start: str) -> None:
    """Raise Fault for what RFC 5545 forbids, and for what engines take in different ways."""
    numbered = any(d.nth for d in rule.weekdays)
    plain = any(not d.nth for d in rule.weekdays)
    wrong = (
        ("COUNT and UNTIL contradict each other", rule.count and rule.until),
        # dateutil asks for both at once, where RFC 5545 takes either.
        ("BYDAY has numbered days beside plain ones", numbered and plain),
        ("BYMONTHDAY is not for weekly rules", rule.frequency == "WEEKLY" and rule.month_days),
        ("numbers in BYDAY are for monthly and yearly rules", numbered and _short(rule)),
        ("BYSETPOS is for monthly and yearly rules", rule.positions and _short(rule)),
        (
            "BYSETPOS chooses among days of BYDAY or BYMONTHDAY",
            rule.positions and not (rule.weekdays or rule.month_days),
        ),
        ("a yearly BYDAY with a number needs BYMONTH", _of_year(rule) and numbered),
        ("a yearly BYSETPOS needs one BYMONTH", rule.positions and _of_year(rule, most=1)),
        ("weeks begin on Monday: WKST=MO", week_start != "MO" and rule.frequency == "WEEKLY"
            and rule.interval > 1),
    )  # fmt: skip
    for message, applies in wrong:
        if applies:
            raise Fault("repeat_invalid", message, "change the rule; " + WORDS_HINT)


def _short(rule: Rule) -> bool:
    return rule.frequency in ("DAILY", "WEEKLY")


def _of_year(rule: Rule, most: int = 12) -> bool:
    return rule.frequency == "YEARLY" and not 1 <= len(rule.months) <= most


def _last_date(until: date | datetime | None, start: date | datetime, zone: str) -> date | None:
    """The last date on which the rule may give an occurrence that begins at the start's time."""
    if not isinstance(until, datetime):
        return until
    local = until.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if until.tzinfo else until
    if isinstance(start, datetime) and local.time() < start.time():
        return date.fromordinal(local.toordinal() - 1)
    return local.date()


def _filled(rule: Rule, start: date) -> Rule:
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
    from_end = start.day - calendar.monthrange(start.year, start.month)[1] - 1
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

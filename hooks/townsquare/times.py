"""The grammar of dates, times, durations and time zones that authors write.

One form each, and a hint that names it for every other form that people commonly write. Moments are
local and naive; their zone is a field of its own. `instant` is the only way from local time to UTC.
"""

from __future__ import annotations

import re
import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, NoReturn

import tzdata

from townsquare import notations
from townsquare.problems import Fault, did_you_mean
from townsquare.values import value

# The zones are the pinned `tzdata` package's on every machine, whatever the machine itself knows:
# the same files must give the same bytes. Nothing else in the package sets the search path. It is
# named as a folder because zoneinfo's own way to the package imports archive readers, for 15 ms.
TZDATA = Path(tzdata.__file__).resolve().parent
zoneinfo.reset_tzpath(to=(str(TZDATA / "zoneinfo"),))
zoneinfo.ZoneInfo.clear_cache()

FIRST_YEAR, LAST_YEAR = 1900, 2199
MAX_DURATION = timedelta(days=366)

_DAY = r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
_TIME = r"([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?"
_MOMENT = rf"({_DAY})(?:[ T]+({_TIME}))?"
_DURATION = r"(?:([0-9]{1,4})d)?(?:([0-9]{1,5})h)?(?:([0-9]{1,6})m)?"
_INTERVAL = r"([0-9]{1,4}) (day|week|month|year)s?"
_PERIOD = r"([0-9]{4})(?:-(?:H([12])|Q([1-4])|(0[1-9]|1[0-2])))?"

Fit = Literal["exists", "skipped", "repeated"]


def parse_day(text: str) -> date:
    """A date alone: `2026-05-21`."""
    moment = parse_moment(text)
    if isinstance(moment, datetime):
        hint = f"write `{moment.date()}`"
        raise Fault("date_invalid", f"`{text.strip()}` has a time; only a date is taken here", hint)
    return moment


def parse_moment(text: str) -> date | datetime:
    """A date, or a date and a local time: `2026-05-21` or `2026-05-21 18:00`."""
    text = text.strip()
    found = re.fullmatch(_MOMENT, text)
    if not found:
        _refuse_moment(text)
    day = _day(int(found[2]), int(found[3]), int(found[4]))
    return day if found[5] is None else datetime.combine(day, parse_time(found[5]))


def parse_time(text: str) -> time:
    """A local time of day: `18:00`."""
    text = text.strip()
    found = re.fullmatch(_TIME, text)
    if not found:
        _refuse_time(text)
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if hour == 24:
        hint = "write `00:00` with the next day's date"
        raise Fault("time_invalid", "the day ends at 23:59", hint)
    if hour > 23 or minute > 59 or second > 59:
        raise Fault("time_invalid", f"no clock shows `{text}`", "write a time such as `18:00`")
    return time(hour, minute, second)


def parse_end(text: str) -> date | datetime | time:
    """When something ends: a date (inclusive), a date and time, or a time of the first day."""
    return parse_time(text) if notations.is_time_alone(text) else parse_moment(text)


def parse_duration(text: str) -> timedelta:
    """How long something takes: `45m`, `1h30m`, `2d`."""
    text = text.strip()
    found = re.fullmatch(_DURATION, text.replace(" ", ""))
    if not text or not found:
        meant = notations.duration(text)
        hint = f"write `{meant}`" if meant else "write it as in `45m`, `1h30m` or `2d`"
        raise Fault("duration_invalid", f"{notations.shown(text)} is not a duration", hint)
    days, hours, minutes = (int(part or 0) for part in found.groups())
    length = timedelta(days=days, hours=hours, minutes=minutes)
    if not length or length > MAX_DURATION:
        hint = f"write more than `0m` and at most `{MAX_DURATION.days}d`"
        raise Fault("duration_invalid", f"`{text}` cannot be how long it takes", hint)
    return length


@value
class Interval:
    """A length of time in the calendar's own units."""

    months: int = 0
    days: int = 0

    def after(self, day: date) -> date:
        """The date that is one interval later; the last day of a month that has no such date."""
        year, month = divmod(day.year * 12 + day.month - 1 + self.months, 12)
        last = days_of(year, month + 1)
        return date(year, month + 1, min(day.day, last)) + timedelta(days=self.days)


def parse_interval(text: str) -> Interval:
    """How often or how long, in days, weeks, months or years: `6 months`."""
    found = re.fullmatch(_INTERVAL, " ".join(text.lower().split()))
    number = int(found[1]) if found else 0
    if not found or not 0 < number < 1000:
        hint = "write it as in `90 days`, `6 months` or `1 year`"
        raise Fault("duration_invalid", f"{notations.shown(text)} is not a length of time", hint)
    match found[2]:
        case "day":
            return Interval(days=number)
        case "week":
            return Interval(days=7 * number)
        case "month":
            return Interval(months=number)
        case _:
            return Interval(months=12 * number)


class Period(NamedTuple):
    """A month, quarter, half or whole year: its first and last day, and how it is written."""

    first: date
    last: date
    label: str


def parse_period(text: str) -> Period:
    """A reporting period: `2026`, `2026-H1`, `2026-Q3` or `2026-05`."""
    label = text.strip().upper()
    found = re.fullmatch(_PERIOD, label)
    if not found or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        hint = "write it as in `2026-H1`, `2026-Q3`, `2026-05` or `2026`"
        raise Fault("value_invalid", f"{notations.shown(text)} is not a period", hint)
    year, half, quarter, month = (int(part or 0) for part in found.groups())
    start, months = (
        (6 * half - 5, 6) if half
        else (3 * quarter - 2, 3) if quarter
        else (month, 1) if month
        else (1, 12)
    )  # fmt: skip
    first = date(year, start, 1)
    return Period(first, Interval(months, -1).after(first), label)


@cache
def zone_keys() -> frozenset[str]:
    """Every zone that authors may name: IANA's, without ambiguous abbreviations."""
    keys = (TZDATA / "zones").read_text(encoding="utf-8").split()
    return frozenset(key for key in keys if "/" in key or key == "UTC")


def parse_zone(text: str) -> str:
    """An IANA time zone: `Europe/Berlin`."""
    key = text.strip()
    if key in zone_keys():
        return key
    raise Fault(
        "timezone_unknown",
        f"{notations.shown(key)} is not a time zone",
        _meant_zone(key) + "a zone is named after a place, as in `Europe/Berlin`, or `UTC`",
    )


def days_of(year: int, month: int) -> int:
    """How many days the month has."""
    return (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day


def day_of(moment: date | datetime) -> date:
    """The date of a date or a moment."""
    return moment.date() if isinstance(moment, datetime) else moment


def length(start: date | datetime, end: date | datetime) -> timedelta:
    """How long it takes by the clock, from one date to another or from one moment to another."""
    if isinstance(start, datetime) and isinstance(end, datetime):
        return end - start
    return day_of(end) - day_of(start)


def instant(local: date | datetime, zone: str) -> datetime:
    """The UTC instant of a local time; a date begins at midnight.

    A time that clocks skip counts by the offset before the gap, so it moves forward; of a time that
    comes twice the first is meant (RFC 5545 §3.3.5).
    """
    if not isinstance(local, datetime):
        local = datetime.combine(local, time())
    return local.replace(tzinfo=zoneinfo.ZoneInfo(zone), fold=0).astimezone(UTC)


def fit(local: datetime, zone: str) -> Fit:
    """Whether clocks in the zone show this local time once, never or twice."""
    place = zoneinfo.ZoneInfo(zone)
    early, late = (local.replace(tzinfo=place, fold=fold) for fold in (0, 1))
    if early.utcoffset() == late.utcoffset():
        return "exists"
    back = early.astimezone(UTC).astimezone(place).replace(tzinfo=None)
    return "repeated" if back == local.replace(fold=0) else "skipped"


def _day(year: int, month: int, day: int) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        hint = f"years from {FIRST_YEAR} to {LAST_YEAR} are taken"
        raise Fault("date_invalid", f"the year {year:04} cannot be meant", hint)
    if not 1 <= month <= 12:
        swapped = (
            f"did you mean `{year:04}-{day:02}-{month:02}`? "
            if 1 <= day <= 12 <= month <= 31
            else ""
        )
        raise Fault(
            "date_invalid", f"there is no month {month:02}", f"{swapped}write year, month, day"
        )
    days = days_of(year, month)
    if not 1 <= day <= days:
        message = f"{notations.MONTHS[month - 1].title()} {year} has {days} days"
        raise Fault("date_invalid", message, "write a date that exists, as in `2026-05-21`")
    return date(year, month, day)


def _refuse_moment(text: str) -> NoReturn:
    quoted = notations.shown(text)
    if bare := notations.without_zone(text):
        hint = f"write `{bare}`, and the zone as `timezone: Europe/Berlin`"
        raise Fault("date_invalid", f"{quoted} carries a time zone", hint)
    if notations.is_time_alone(text) and not text.isdecimal():
        hint = "write the date too, as in `2026-05-21 18:00`"
        raise Fault("date_invalid", f"{quoted} is a time without a date", hint)
    meant = notations.moment(text)
    hint = f"write `{meant}`" if meant else "write it as in `2026-05-21` or `2026-05-21 18:00`"
    raise Fault("date_invalid", f"{quoted} is not a date", hint)


def _refuse_time(text: str) -> NoReturn:
    quoted = notations.shown(text)
    if bare := notations.without_zone(text):
        hint = f"write `{notations.time(bare) or bare}`, and the zone as `timezone: Europe/Berlin`"
        raise Fault("time_invalid", f"{quoted} carries a time zone", hint)
    meant = notations.time(text)
    hint = f"write `{meant}`" if meant else "write it as in `18:00`"
    raise Fault("time_invalid", f"{quoted} is not a time", hint)


def _meant_zone(key: str) -> str:
    """A hint's first sentence naming the zone that a city, a spelling or a slip means."""
    folded = key.lower().replace(" ", "_")
    for known in sorted(zone_keys()):
        if folded in (known.lower(), known.lower().rpartition("/")[2]):
            return f"did you mean `{known}`? "
    return did_you_mean(key[: notations.SHOWN], zone_keys())

"""VTIMEZONE texts (RFC 5545 §3.6.5) that say of a zone what the pinned tzdata says.

A zone whose clocks follow one yearly rule gets one STANDARD and one DAYLIGHT with an RRULE each:
with more blocks than that, Outlook picks the wrong one. The rule is the POSIX footer of the zone's
TZif file (RFC 9636 §3.3). What does not follow it, years past and the twenty-odd zones whose rule
RRULE cannot say, is listed by date, one RDATE a line: some parsers read only the first of a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import groupby, zip_longest
from typing import NamedTuple
from zoneinfo import ZoneInfo

from townsquare import times

LAST_YEAR = 2037
"""The last year for which dates are listed; RRULEs go on."""

DAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_OFFSET = r"([+-]?)([0-9]{1,3})(?::([0-9]{2}))?(?::([0-9]{2}))?"
_NAME = r"(?:<[^>]+>|[A-Za-z]+)"
_RULE = rf",M([0-9]+)\.([0-9])\.([0-9])(?:/{_OFFSET})?"
_FOOTER = rf"{_NAME}{_OFFSET}(?:{_NAME}(?:{_OFFSET})?{_RULE}{_RULE})?"
_FIRST = datetime(1970, 1, 1)  # noqa: DTZ001 — clocks in any zone


class Transition(NamedTuple):
    """A moment at which clocks change: local time before the change, offsets before and after."""

    local: datetime
    before: timedelta
    after: timedelta
    name: str
    daylight: bool

    @property
    def kind(self) -> tuple[timedelta, timedelta, str, bool]:
        """What transitions in one block of a VTIMEZONE share."""
        return (self.before, self.after, self.name, self.daylight)


@cache
def vtimezone(zone: str, first_year: int) -> bytes:
    """The zone's VTIMEZONE, right from the start of `first_year` on; CRLF line ends."""
    found = _labelled(transitions(zone, first_year - 2))
    rules = _yearly(zone)
    steady = _steady_from(found, rules, first_year - 1) if rules else LAST_YEAR + 1
    starts = [t for t in found if t.local.year == steady]
    listed = [] if steady < first_year else _listed(zone, found, first_year, steady)
    blocks = [_listed_block(group) for group in _grouped(listed)]
    blocks += [_block(t, [f"RRULE:{rules[t.local.month][0]}"]) for t in starts]
    lines = [line for block in sorted(blocks, key=lambda b: (b[1], b)) for line in block]
    lines = ["BEGIN:VTIMEZONE", f"TZID:{zone}", *lines, "END:VTIMEZONE"]
    return "".join(f"{line}\r\n" for line in lines).encode()


def _listed(
    zone: str, found: Sequence[Transition], first_year: int, steady: int
) -> list[Transition]:
    """The changes to list: from the last one before the first year, up to the steady years."""
    start = datetime(first_year, 1, 1) - timedelta(days=1)  # noqa: DTZ001 — local by intent
    before = [t for t in found if t.local < start][-1:] or [_initial(zone, first_year - 1)]
    return before + [t for t in found if t.local >= start and t.local.year < steady]


@cache
def transitions(zone: str, first_year: int) -> tuple[Transition, ...]:
    """Every change of the zone's clocks from the start of the year to the end of 2037."""
    place = ZoneInfo(zone)
    found: list[Transition] = []
    low, day = datetime(first_year, 1, 1, tzinfo=UTC), timedelta(days=1)
    known = _state(low, place)
    while low.year <= LAST_YEAR:
        high = low + day
        if (state := _state(high, place)) != known:
            found.append(_transition(_onset(low, high, place), place))
            known = state
        low = high
    return tuple(found)


def _state(instant: datetime, place: ZoneInfo) -> tuple[timedelta | None, str | None, bool]:
    local = instant.astimezone(place)
    return local.utcoffset(), local.tzname(), bool(local.dst())


def _onset(low: datetime, high: datetime, place: ZoneInfo) -> datetime:
    """The first second of the new state, which begins between the two instants."""
    old = _state(low, place)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low).total_seconds() // 2)
        low, high = (middle, high) if _state(middle, place) == old else (low, middle)
    return high


def _transition(onset: datetime, place: ZoneInfo) -> Transition:
    before = (onset - timedelta(seconds=1)).astimezone(place).utcoffset() or timedelta()
    local = onset.astimezone(place)
    after = local.utcoffset() or timedelta()
    wall = (onset + before).replace(tzinfo=None)
    return Transition(wall, before, after, local.tzname() or "", _is_daylight(local))


def _labelled(found: Sequence[Transition]) -> list[Transition]:
    """The changes with what moves clocks forward for less than a year called daylight saving.

    Dublin's and Casablanca's law calls the other half of the year the exception; Outlook wants one
    STANDARD and one DAYLIGHT.
    """
    return [
        one._replace(daylight=True) if _passing(one, after) else one
        for one, after in zip_longest(found, found[1:])
    ]


def _passing(one: Transition, after: Transition | None) -> bool:
    if one.daylight or after is None or after.daylight:
        return one.daylight
    back = one.before < one.after > after.after
    return back and after.local - one.local < timedelta(days=365)


def _is_daylight(local: datetime) -> bool:
    return (local.dst() or timedelta()) > timedelta()


def _initial(zone: str, year: int) -> Transition:
    """The state in which the zone enters the year, as a change from itself."""
    start = datetime(year, 1, 1, tzinfo=ZoneInfo(zone))
    offset = start.utcoffset() or timedelta()
    wall = start.replace(tzinfo=None)
    return Transition(wall, offset, offset, start.tzname() or "", _is_daylight(start))


@cache
def _yearly(zone: str) -> dict[int, tuple[str, datetime]]:
    """The RRULEs of the zone's footer by month, with a first onset; empty where it has none.

    Hours below zero or above 23 put the change on another day than the one that the rule names,
    which RRULE cannot say.
    """
    footer = (times.TZDATA / "zoneinfo" / zone).read_bytes().split(b"\n")[-2]
    found = re.fullmatch(_FOOTER, footer.decode("ascii"))
    if not found or found[9] is None:
        return {}
    rules: dict[int, tuple[str, datetime]] = {}
    for at in (9, 16):
        month, week, day = int(found[at]), int(found[at + 1]), int(found[at + 2])
        hours = timedelta(hours=int(found[at + 4] or 2), minutes=int(found[at + 5] or 0))
        if found[at + 3] == "-" or hours >= timedelta(days=1):
            return {}
        text = f"FREQ=YEARLY;BYMONTH={month};BYDAY={-1 if week == 5 else week}{DAYS[day]}"
        rules[month] = (text, _FIRST + hours)
    return rules


def _steady_from(
    found: Sequence[Transition], rules: dict[int, tuple[str, datetime]], first: int
) -> int:
    """The first year from which on every change is one that the rules give, and no other."""
    given = {onset for text, start in rules.values() for onset in _onsets(text, start, first)}
    seen = {t.local for t in found if t.local.year >= first}
    wrong = [moment.year for moment in given ^ seen]
    return max(wrong, default=first - 1) + 1


def _onsets(text: str, start: datetime, first: int) -> Iterator[datetime]:
    from dateutil import rrule

    begin = start.replace(year=first)
    return iter(
        rrule.rrulestr(text, dtstart=begin).between(
            begin, _FIRST.replace(year=LAST_YEAR + 1), inc=True
        )
    )


def _grouped(listed: list[Transition]) -> Iterator[list[Transition]]:
    ordered = sorted(listed, key=lambda t: (t.before, t.after, t.name, t.daylight, t.local))
    return (list(group) for _, group in groupby(ordered, key=lambda t: t.kind))


def _listed_block(group: list[Transition]) -> list[str]:
    # All or none: beside an RDATE, ical.js forgets DTSTART.
    dates = [f"RDATE:{_time(t.local)}" for t in group] if len(group) > 1 else []
    return _block(group[0], dates)


def _block(first: Transition, more: list[str]) -> list[str]:
    name = "DAYLIGHT" if first.daylight else "STANDARD"
    return [
        f"BEGIN:{name}",
        f"DTSTART:{_time(first.local)}",
        f"TZOFFSETFROM:{_offset(first.before)}",
        f"TZOFFSETTO:{_offset(first.after)}",
        f"TZNAME:{first.name}",
        *more,
        f"END:{name}",
    ]


def _time(local: datetime) -> str:
    return f"{local:%Y%m%dT%H%M%S}"


def _offset(offset: timedelta) -> str:
    """`+0545`; seconds only where there are any, as before 1972."""
    seconds = int(offset.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("+", seconds)
    tail = f"{seconds % 60:02}" if seconds % 60 else ""
    return f"{sign}{seconds // 3600:02}{seconds // 60 % 60:02}{tail}"

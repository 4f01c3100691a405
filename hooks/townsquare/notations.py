"""What people mean by dates, times and durations written in other notations, for hints.

Each function takes a text that `times` has refused and returns the same thing as `times` takes it,
or nothing where it could mean two things. Nothing here decides what is accepted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

SHOWN = 40
# Texts, which `re` compiles when they are first asked for: they are for faults.
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_OFFSET = r"(.*[0-9]) ?(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)"
_ZONED = r"(.*[0-9:]{2}(?: ?[ap]m)?) \(?([A-Z]{2,5}|[A-Za-z]+/[A-Za-z_/]+)\)?"
_YEAR_FIRST = r"([0-9]{4})[-/. ]?([0-9]{1,2})[-/. ]?([0-9]{1,2})(?![0-9])"
_YEAR_LAST = r"([0-9]{1,2})([./-])([0-9]{1,2})[./-]([0-9]{4})(?![0-9])"
_MONTH_DAY = r"(?i)([a-z]{3,9})\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})(?![0-9])"
_DAY_MONTH = r"(?i)([0-9]{1,2})(?:st|nd|rd|th|\.)? ([a-z]{3,9})\.?,? ([0-9]{4})(?![0-9])"
_CLOCK = r"(?i)([0-9]{1,2})(?:[:.h]?([0-9]{2}))?h? ?(?:([ap])\.?m\.?|uhr)?"
_TIME_ALONE = r"(?i)[0-9]{1,2}(?:[:h][0-9]{2}|\.[0-9]{2}(?!\.?[0-9])|h\b| ?[ap]\.?m)|[0-9]{3,4}$"
# Python's own names follow the machine's locale once a library has set it.
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_MONTHS = {name[:size]: n for n, name in enumerate(MONTHS, 1) for size in (3, len(name))}
_UNITS = {
    "days": "d", "day": "d", "hours": "h", "hour": "h", "hrs": "h", "hr": "h",
    "minutes": "m", "minute": "m", "mins": "m", "min": "m", "and": "", ",": "", " ": "",
}  # fmt: skip


def shown(text: str) -> str:
    """The text as a message quotes it: on one line, its end cut off."""
    line = " ".join(text[: 2 * SHOWN].split())
    return f"`{line[:SHOWN]}…`" if len(line) > SHOWN else f"`{line}`"


def is_time_alone(text: str) -> bool:
    """Whether the text begins as a time of day does, not as a date."""
    return bool(re.match(_TIME_ALONE, text.strip()))


def without_zone(text: str) -> str:
    """What stands before an offset or a zone's name, or nothing where there is neither."""
    line = " ".join(text[: 2 * SHOWN].split())
    for other in (_OFFSET, _ZONED):
        found = re.fullmatch(other, line)
        if found and (re.search(f"{_DAY}[ T]", found[1]) or is_time_alone(found[1])):
            return found[1].strip()
    return ""


def moment(text: str) -> str:
    """`2026-05-21 18:00` for `21.05.2026, 6 pm`."""
    line = " ".join(text[: 2 * SHOWN].split())
    for day, rest in _days(line):
        clock = time(rest.strip(" ,T")) if rest.strip(" ,T") else ""
        return f"{day} {clock}".strip()
    return ""


def time(text: str) -> str:
    """`18:00` for `6pm`, `18.00` or `18h`."""
    found = re.fullmatch(_CLOCK, " ".join(text[:SHOWN].split()))
    if not found:
        return ""
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        hour = hour % 12 + (12 if found[3] in "pP" else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else ""


def duration(text: str) -> str:
    """`1h30m` for `90 minutes`, `1:30`, `1.5 hours` or `PT1H30M`."""
    line = text[:SHOWN].lower().strip()
    if re.fullmatch(r"p[0-9dhmt]+", line):
        line = line.replace("p", "").replace("t", "")
    line = re.sub(r"(?<=[0-9]),(?=[0-9])", ".", line)
    for word, letter in _UNITS.items():
        line = line.replace(word, letter)
    if clock := re.fullmatch(r"([0-9]{1,2}):([0-9]{2})", line):
        line = f"{int(clock[1])}h{int(clock[2])}m"
    elif part := re.fullmatch(r"([0-9]{1,2})\.([0-9])h", line):
        line = f"{int(part[1])}h{int(part[2]) * 6}m"
    return line if re.fullmatch(r"(?=.)([0-9]+d)?([0-9]+h)?([0-9]+m)?", line) else ""


def _days(line: str) -> Iterator[tuple[date, str]]:
    """The date with which the line begins, and what stands after it."""
    for pattern, order in (
        (_YEAR_FIRST, (1, 2, 3)),
        (_MONTH_DAY, (3, 1, 2)),
        (_DAY_MONTH, (3, 2, 1)),
    ):
        if found := re.match(pattern, line):
            year, month, day = (found[i] for i in order)
            yield from _day(int(year), _month(month), int(day), line[found.end() :])
    if found := re.match(_YEAR_LAST, line):
        year, second, first = int(found[4]), int(found[3]), int(found[1])
        rest = line[found.end() :]
        # Slashes are month first in some countries and day first in others; dots are day first.
        if found[2] != "/" or first > 12 or first == second:
            yield from _day(year, second, first, rest)
        elif second > 12:
            yield from _day(year, first, second, rest)


def _month(text: str) -> int:
    return int(text) if text.isdecimal() else _MONTHS.get(text.lower(), 0)


def _day(year: int, month: int, day: int, rest: str) -> Iterator[tuple[date, str]]:
    try:
        yield date(year, month, day), rest
    except ValueError:
        return

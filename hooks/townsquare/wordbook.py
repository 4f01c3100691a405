"""The site's own words: translation's hook, and how dates, times and lengths are written.

Every interface string passes `_()` or `counted()`, in templates and here, and every date one of
`FILTERS`. Nothing reads the machine's locale: the same value gives the same words everywhere. A
language is a gettext catalogue in place of `CATALOGUE`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from gettext import NullTranslations
from typing import Any
from urllib.parse import urlsplit

CATALOGUE = NullTranslations()

Moment = date | datetime


def gettext(message: str) -> str:
    """The interface string in the site's language."""
    return CATALOGUE.gettext(message)


_ = gettext


def counted(
    singular: str, plural: str, number: int, values: Mapping[str, object] | None = None
) -> str:
    """The string that fits the number, with `%(num)d` and further values filled in."""
    filled = {"num": number, **(values or {})}
    return CATALOGUE.ngettext(singular, plural, number) % filled


def label(word: str) -> str:
    """A word of front matter as readers see it: `in-person` → `In person`."""
    known = _labels().get(word)
    return known or word[:1].upper() + word[1:].replace("-", " ")


def joined(words: list[str]) -> str:
    """`one, two and three`."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def weekday_name(number: int) -> str:
    """The weekday's name; Monday is 0."""
    return _weekdays()[number]


def month_name(number: int) -> str:
    """The month's name; January is 1."""
    return _months()[number - 1]


def weekday(day: date) -> str:
    """`Thursday`."""
    return weekday_name(day.weekday())


def month(day: date) -> str:
    """`May 2026`."""
    return f"{month_name(day.month)} {day.year}"


def day(moment: Moment) -> str:
    """`21 May 2026`, whatever the time."""
    return f"{moment.day} {month(moment)}"


def moment(value: Moment) -> str:
    """`Thursday 21 May 2026`, and `, 18:00` where there is a time."""
    text = f"{weekday(value)} {day(value)}"
    return f"{text}, {clock_time(value)}" if isinstance(value, datetime) else text


def clock_time(value: datetime) -> str:
    """`18:00`."""
    return f"{value.hour:02}:{value.minute:02}"


def span(start: Moment, end: Moment | None = None) -> str:
    """From when to when, in words; an end that is a date is the last day, included."""
    if end is None or end == start:
        return moment(start)
    if isinstance(start, datetime) and isinstance(end, datetime):
        if start.date() == end.date():
            return f"{moment(start)}–{clock_time(end)}"
        return f"{moment(start)} – {moment(end)}"
    return f"{_before(start, end)} – {moment(end)}"


def _before(start: date, end: date) -> str:
    """The first day of several, without the month and year that the last one repeats."""
    if start.year != end.year:
        return moment(start)
    named = f"{weekday(start)} {start.day}"
    return named if start.month == end.month else f"{named} {month_name(start.month)}"


def offset(value: datetime) -> str:
    """The difference to UTC, which readers in other zones reckon with: `UTC+5:45`."""
    away = value.utcoffset() or timedelta()
    minutes = int(away.total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    if not minutes:
        return "UTC"
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def length(value: timedelta) -> str:
    """`1 hour 30 minutes`."""
    hours, minutes = divmod(int(value.total_seconds()) // 60, 60)
    days, hours = divmod(hours, 24)
    parts = (
        counted("%(num)d day", "%(num)d days", days) if days else "",
        counted("%(num)d hour", "%(num)d hours", hours) if hours else "",
        counted("%(num)d minute", "%(num)d minutes", minutes) if minutes else "",
    )
    return " ".join(part for part in parts if part)


def iso(value: Moment | timedelta) -> str:
    """What HTML's `datetime` attribute and JSON-LD take: ISO 8601, to the minute.

    Offsets of local mean time have seconds, which HTML does not allow: such instants are UTC.
    """
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds()) // 60
        return f"PT{minutes // 60}H{minutes % 60}M"
    if not isinstance(value, datetime):
        return value.isoformat()
    away = value.utcoffset()
    if away is not None and away.seconds % 60:
        value = value.astimezone(UTC)
    return value.isoformat(timespec="minutes")


def host(address: str) -> str:
    """The name by which readers know a web address: `example.org`."""
    return (urlsplit(address).hostname or address).removeprefix("www.")


def figure(value: float | None, unit: str) -> str:
    """The value as readers see it: a share in per cent, and never a zero that was not counted.

    Days and hours are named; what else is counted is said by the figure's own name.
    """
    if value is None:
        return _("not collected")
    if unit == "share":
        return f"{value:.0%}".replace("%", " %")
    said = f"{value:,.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"
    with_unit = {"days": _("%(number)s days"), "hours": _("%(number)s hours")}
    return with_unit.get(unit, "%(number)s") % {"number": said}


@cache
def _weekdays() -> tuple[str, ...]:
    first = _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday")
    return *first, _("Friday"), _("Saturday"), _("Sunday")


@cache
def _months() -> tuple[str, ...]:
    first = _("January"), _("February"), _("March"), _("April"), _("May"), _("June")
    second = _("July"), _("August"), _("September"), _("October"), _("November")
    return *first, *second, _("December")


@cache
def _labels() -> dict[str, str]:
    """Words of front matter whose label is more than the word itself."""
    return {
        "in-person": _("In person"),
        "hybrid": _("In person and online"),
        "networking": _("Networking session"),
        "moved-online": _("Moved online"),
        "rescheduled": _("New date"),
        "tentative": _("Not yet confirmed"),
        "withdrawn": _("No longer announced"),
        "code-of-conduct": _("Code of conduct"),
        "due-again": _("Not followed lately"),
        "author": _("Wrote"),
        "speaker": _("Spoke at"),
        "organiser": _("Organised"),
        "commit": _("Commits"),
        "review": _("Reviews"),
        "active": _("In force"),
        "draft": _("Proposed"),
    }


FILTERS: dict[str, Callable[..., Any]] = {
    "label": label,
    "weekday": weekday,
    "month": month,
    "day": day,
    "moment": moment,
    "clock_time": clock_time,
    "span": span,
    "offset": offset,
    "length": length,
    "iso": iso,
    "host": host,
}

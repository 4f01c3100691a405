"""What one VEVENT says, however oddly: icalendar gives a value, a list of them, or a broken one.

`Any` is a component of icalendar's.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from townsquare import times
from townsquare.imports import cleaning
from townsquare.problems import Fault
from townsquare.texts import MAX_LINE, parse_long_url

Moment = date | datetime


def text_of(component: Any, name: str) -> str:
    """The property's text; nothing where it is broken or not there."""
    value = _first(component, name)
    return str(value) if isinstance(value, str) else ""


def uid_of(event: Any) -> str:
    """What the calendar calls the event."""
    return text_of(event, "UID").strip()


def title_of(event: Any) -> str:
    """What people call it."""
    return cleaning.line(text_of(event, "SUMMARY"), MAX_LINE) or "Untitled"


def url_of(event: Any) -> str:
    """Its own page, where it names one that can be opened."""
    try:
        return parse_long_url(text_of(event, "URL"))
    except (Fault, ValueError):
        return ""


def revision_of(event: Any) -> tuple[int, str, str]:
    """What grows with each revision: SEQUENCE, then the stamps, which sort as text."""
    sequence = _first(event, "SEQUENCE")
    number = int(sequence) if isinstance(sequence, int) else 0
    changed, made = (moment_of(event, name) for name in ("LAST-MODIFIED", "DTSTAMP"))
    return number, changed.isoformat() if changed else "", made.isoformat() if made else ""


def moment_of(event: Any, name: str) -> Moment | None:
    """The property's date or time; nothing where it is broken or not there."""
    found = _part(_first(event, name), "dt")
    return found if isinstance(found, date) else None


def length_of(event: Any) -> timedelta | None:
    """How long the event says that it takes."""
    found = _part(_first(event, "DURATION"), "dt")
    return found if isinstance(found, timedelta) else None


def moments_of(event: Any, name: str, zone: str) -> tuple[Moment, ...]:
    """EXDATE's or RDATE's moments, local to the zone; of a period its start. Fault if broken."""
    lists = [_part(each, "dts") for each in _all(event, name)]
    if None in lists:
        raise Fault("date_invalid", f"its {name} is broken")
    found = (_part(each, "dt") for one in lists for each in one)
    starts = (cast("Any", each)[0] if isinstance(each, tuple) else each for each in found)
    return tuple(dict.fromkeys(local(each, zone) for each in starts if isinstance(each, date)))


def changed_moment(event: Any, zone: str) -> Moment | None:
    """Which of a repeated event's dates this is about, local to the zone."""
    moment = moment_of(event, "RECURRENCE-ID")
    return None if moment is None else local(moment, zone)


def rule_of(event: Any) -> str:
    """The rule's text; nothing without one, and Fault where there are several or a broken one."""
    rules = [str(each.to_ical().decode("utf-8", "replace")) for each in _all(event, "RRULE")]
    if len(rules) > 1 or "" in rules:
        raise Fault("repeat_invalid", "it has several rules, or a broken one")
    return rules[0] if rules else ""


def local(moment: Moment, zone: str) -> Moment:
    """The moment on the zone's clocks, to the minute; a date as it is. Fault where years end."""
    if isinstance(moment, datetime):
        clock = moment.astimezone(ZoneInfo(zone)) if moment.tzinfo else moment
        moment = clock.replace(second=0, microsecond=0, tzinfo=None, fold=0)
    times.parse_day(f"{times.day_of(moment)}")
    return moment


def _first(component: Any, name: str) -> Any:
    """The property's value, the first where there are several."""
    return next(iter(_all(component, name)), None)


def _all(component: Any, name: str) -> list[Any]:
    value = component.get(name)
    if isinstance(value, list):
        return cast("list[Any]", value)
    return [] if value is None else [value]


def _part(value: Any, name: str) -> Any:
    try:
        return getattr(value, name, None)
    except ValueError:  # icalendar's broken properties raise when they are looked at
        return None

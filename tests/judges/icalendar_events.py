"""Asks icalendar and recurring-ical-events which occurrences a calendar file holds."""

from datetime import UTC, date, datetime, timedelta

import icalendar
import recurring_ical_events

from judges.ical_js import Occurrence, Refused, ordered

# Days are compared in a zone of the library's choice: ask for more, then cut.
MARGIN = timedelta(days=3)


def expand(ics: bytes, start: datetime, end: datetime) -> list[Occurrence]:
    """Every occurrence that starts in [start, end), ordered; the same form as `ical_js.expand`.

    Zones are the system's own by their IANA names, not the file's VTIMEZONE. Raises Refused for a
    file that icalendar cannot parse whole or records an error in, and for a floating time.
    """
    calendar = _parsed(ics)
    found = recurring_ical_events.of(calendar).between(start - MARGIN, end + MARGIN)
    repeating = _repeating(calendar)
    occurrences = [_described(event, repeating) for event in found]
    first, last = _text(start), _text(end)
    return ordered([o for o in occurrences if first <= _instant(str(o["start"])) < last])


def _parsed(ics: bytes) -> icalendar.Calendar:
    try:
        calendar = icalendar.Calendar.from_ical(ics)
    except ValueError as error:
        raise Refused(str(error)) from error
    errors = [error for component in calendar.walk() for error in component.errors]
    # With a zoned window the library takes floating times for UTC, in silence.
    starts = [event["DTSTART"].dt for event in calendar.walk("VEVENT")]
    errors += [f"floating time {s}" for s in starts if isinstance(s, datetime) and not s.tzinfo]
    if errors:
        raise Refused("; ".join(map(str, errors)))
    return calendar


def _repeating(calendar: icalendar.Calendar) -> set[str]:
    marks = ("RRULE", "RDATE", "RECURRENCE-ID")
    return {
        str(event["UID"]) for event in calendar.walk("VEVENT") if any(m in event for m in marks)
    }


def _described(event: icalendar.Event, repeating: set[str]) -> Occurrence:
    uid = str(event["UID"])
    original = event.get("RECURRENCE-ID")
    return {
        "uid": uid,
        "recurrence_id": _text(original.dt) if uid in repeating and original else None,
        "start": _text(event["DTSTART"].dt),
        "end": _text(event.end),
        "summary": str(event.get("SUMMARY", "")),
        "status": str(event.get("STATUS", "")),
    }


def _text(moment: date) -> str:
    if not isinstance(moment, datetime):
        return moment.isoformat()
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _instant(text: str) -> str:
    return text if "T" in text else text + "T00:00:00Z"

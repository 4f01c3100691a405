"""A partner's iCalendar file → the dates that it gives within a window, one after the other.

Rules are read by the code that reads our own (`rfc_rules`): daily or coarser, bounded, and refused
where calendar apps would give other dates. What cannot be understood is left out and told.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from townsquare import recurrence, rfc_rules, rules, times
from townsquare.imports import SourceFailed, cleaning, components, documents
from townsquare.imports.components import Moment
from townsquare.imports.notes import Notes, Reading, key_of
from townsquare.occasions import Details
from townsquare.problems import Fault
from townsquare.recurrence import Occurrence, Schedule
from townsquare.texts import MAX_LINE

ACCEPTED = frozenset(("text/calendar",))
MAX_OCCURRENCES = 5000
_LONGEST = timedelta(days=62)
_STATUSES = {"CANCELLED": "cancelled", "TENTATIVE": "tentative"}
_HIDDEN = ("PRIVATE", "CONFIDENTIAL")

_NO_DETAILS = Details(title="")
"""What an occurrence is beside its times is read of its VEVENT when it is written."""


class Window(NamedTuple):
    """The days whose events are kept, both included; `zone` is that of times without their own."""

    first: date
    last: date
    zone: str


def read(data: bytes, charset: str, window: Window) -> Reading:
    """What takes place within the window, in order; SourceFailed if this is no calendar."""
    from icalendar import Calendar

    text = documents.calendar(data, charset)
    try:
        calendars = Calendar.from_ical(text, multiple=True)
    except Exception as error:  # a stranger's bytes in another's parser, which names no exceptions
        raise SourceFailed(f"it is no calendar ({type(error).__name__})") from None
    if not calendars or any(each.name != "VCALENDAR" for each in calendars):
        raise SourceFailed("it is no calendar")
    notes, found = Notes(), dict[str, dict[str, str]]()
    for calendar in calendars:
        for item in _Calendar(calendar, window, notes).items():
            found.setdefault(item["id"], item)
            if len(found) > MAX_OCCURRENCES:
                raise SourceFailed(f"it gives more than {MAX_OCCURRENCES} dates within a year")
    items = sorted(found.values(), key=lambda item: (item["start"], item["id"]))
    title = cleaning.line(components.text_of(calendars[0], "X-WR-CALNAME"), MAX_LINE)
    return Reading(title, items, notes.lines())


class _Calendar:
    """One VCALENDAR: its events by UID, each read by itself."""

    def __init__(self, calendar: Any, window: Window, notes: Notes) -> None:
        hint = components.text_of(calendar, "X-WR-TIMEZONE").strip()
        self._zone = hint if hint in times.zone_keys() else window.zone
        self._cancelled = components.text_of(calendar, "METHOD").upper() == "CANCEL"
        self._events = calendar.walk("VEVENT")
        self._window = window
        self._notes = notes

    def items(self) -> Iterator[dict[str, str]]:
        """Every date within the window."""
        for uid, held in groupby(sorted(self._events, key=components.uid_of), components.uid_of):
            for event in self._of_uid(uid, list(held)):
                yield from event

    def _of_uid(self, uid: str, held: list[Any]) -> Iterator[list[dict[str, str]]]:
        masters = [each for each in held if "RECURRENCE-ID" not in each]
        changes = [each for each in held if "RECURRENCE-ID" in each]
        if len(masters) > 1 and uid:
            master = max(masters, key=components.revision_of)
            others = [each for each in masters if each is not master]
            self._note("has the UID of a later revision", others)
            masters = [master]
        for master in masters:
            yield self._read(uid, master, changes if uid else [])
        if not masters:
            for change in changes:
                yield self._read(uid, change, [])

    def _note(self, wrong: str, events: list[Any]) -> None:
        for event in events:
            self._notes.add(wrong, components.title_of(event))

    def _read(self, uid: str, event: Any, changes: list[Any]) -> list[dict[str, str]]:
        if components.text_of(event, "CLASS").strip().upper() in _HIDDEN:
            return []
        try:
            zone = self._zone_of(event)
            schedule = _schedule(event, zone, changes)
            held = self._within(schedule)
        except Fault as fault:
            self._notes.add(f"cannot be understood ({fault.message})", components.title_of(event))
            return []
        except (ValueError, TypeError, KeyError, OverflowError, AttributeError) as error:
            # What icalendar makes of odd values is of any type.
            self._notes.add(
                f"cannot be understood ({type(error).__name__})", components.title_of(event)
            )
            return []
        by_moment = {components.changed_moment(each, zone): each for each in changes}
        repeats = schedule.rule is not None or bool(schedule.also)
        name = uid or components.url_of(event) or components.title_of(event) + str(schedule.start)
        alone = components.changed_moment(event, zone)
        return [
            self._item(f"{name}\0{one.moment if repeats else alone or ''}", about, one)
            for one in held
            for about in (by_moment.get(one.moment, event),)
        ]

    def _zone_of(self, event: Any) -> str:
        """The zone by which the event is reckoned; RRULEs follow its clocks."""
        start = components.moment_of(event, "DTSTART")
        if start is None:
            raise Fault("date_invalid", "it has no date")
        if not isinstance(start, datetime) or start.tzinfo is None:
            return self._zone
        key = getattr(start.tzinfo, "key", "")
        if key in times.zone_keys():
            return key
        if start.utcoffset() != timedelta() and "RRULE" in event:
            raise Fault("timezone_unknown", "its zone is not known")
        return "UTC"

    def _within(self, schedule: Schedule) -> list[Occurrence]:
        first, last = self._window.first, self._window.last
        held = recurrence.occurrences(schedule, first - _LONGEST, last, limit=MAX_OCCURRENCES)
        return [one for one in held if one.last_day >= first]

    def _item(self, own: str, event: Any, held: Occurrence) -> dict[str, str]:
        """The date as a snapshot holds it; `own` is what its key is made of."""
        text = components.text_of(event, "DESCRIPTION")
        start, end, zone = _printed(held, self._zone)
        status = components.text_of(event, "STATUS").strip().upper()
        told = {
            "id": key_of("event", own),
            "title": components.title_of(event),
            "start": start,
            "end": end,
            "timezone": zone,
            "status": "cancelled" if self._cancelled else _STATUSES.get(status, ""),
            "url": components.url_of(event),
            "where": cleaning.line(components.text_of(event, "LOCATION"), MAX_LINE),
            "summary": cleaning.line_of_html(text, cleaning.MAX_SUMMARY),
        }
        return {name: text for name, text in told.items() if text}


def _span(event: Any, zone: str) -> tuple[Moment, Moment, bool]:
    """The start and end on the zone's clocks, and whether the calendar tells the end."""
    given, ends = (components.moment_of(event, name) for name in ("DTSTART", "DTEND"))
    if given is None:
        raise Fault("date_invalid", "it has no date")
    start, length = components.local(given, zone), components.length_of(event)
    usual = start if isinstance(start, datetime) else start + timedelta(days=1)
    end = components.local(ends, zone) if ends else start + length if length else usual
    if isinstance(end, datetime) != isinstance(start, datetime) or end <= start:
        return start, usual, False
    return start, end, True


def _schedule(event: Any, zone: str, changes: list[Any]) -> Schedule:
    start, end, stated = _span(event, zone)
    text = components.rule_of(event)
    rule = rules.completed(rfc_rules.parse_rule(text), start, zone) if text else None
    excluded, also = (components.moments_of(event, name, zone) for name in ("EXDATE", "RDATE"))
    return Schedule(
        start,
        end,
        zone,
        _NO_DETAILS,
        stated,
        rule=rule,
        excluded=_alike(excluded, start),
        also=_alike(also, start),
        changes=tuple(_change(each, zone) for each in changes),
    )


def _alike(moments: tuple[Moment, ...], start: Moment) -> tuple[Moment, ...]:
    """Moments where the start is one, else dates; a date alone means the usual time of that day."""
    if isinstance(start, datetime):
        timed = ((times.day_of(each), each) for each in moments)
        usual = start.time()
        return tuple(
            each if isinstance(each, datetime) else datetime.combine(day, usual)
            for day, each in timed
        )
    return tuple(times.day_of(each) for each in moments)


def _change(event: Any, zone: str) -> Occurrence:
    moment = components.changed_moment(event, zone)
    start, end, stated = _span(event, zone)
    if moment is None or isinstance(moment, datetime) != isinstance(start, datetime):
        raise Fault("date_invalid", "it changes a date that is none of its own")
    key = moment.isoformat()
    return Occurrence(key, moment, start, end, zone, _NO_DETAILS, stated, changed=True)


def _printed(held: Occurrence, shown_in: str) -> tuple[str, str, str]:
    """Start, end and zone as a snapshot holds them; bare UTC is shown by the calendar's zone."""
    if not isinstance(held.start, datetime):
        last = held.last_day
        return held.start.isoformat(), last.isoformat() if last > held.start else "", ""
    zone = shown_in if held.zone == "UTC" else held.zone
    begins, ends = (each.astimezone(ZoneInfo(zone)) for each in (held.begins, held.ends))
    start, end = (f"{each:%Y-%m-%d %H:%M}" for each in (begins, ends))
    # In the hour that clocks show twice an end may read as if it came first.
    return start, end if held.end_stated and end > start else "", zone

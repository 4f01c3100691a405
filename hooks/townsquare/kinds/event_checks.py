"""Faults that an event has by itself, one short function each.

Times are typed before; what follows asks whether they fit together. A function that needs a
schedule runs only when the fields give one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from townsquare import times
from townsquare.fields import Loc
from townsquare.kinds import event_times
from townsquare.model import Finding
from townsquare.occasions import Place
from townsquare.problems import Fault, did_you_mean
from townsquare.recurrence import Occurrence, Schedule
from townsquare.times import day_of

if TYPE_CHECKING:
    from townsquare.kinds.event import Event
    from townsquare.settings import Settings

FORMATS = (
    "webinar", "workshop", "meetup", "networking", "talk", "call", "training", "sprint", "social",
    "conference", "other",
)  # fmt: skip

FIRST_DATES = 600
"""How many dates of a rule are looked at for times that clocks skip."""


def check(event: Event, settings: Settings) -> Iterator[Finding]:
    """Every fault of an event's own values; those of its schedule only when its times fit."""
    for one in FIELD_CHECKS:
        yield from one(event, settings)
    faults = list(_timing(event, settings))
    yield from faults
    if not faults:
        schedule = event_times.schedule(event, settings)
        for each in SCHEDULE_CHECKS:
            yield from each(event, schedule)


def _timing(event: Event, settings: Settings) -> Iterator[Finding]:
    """What keeps the event from having a schedule."""
    if event.sessions and event.repeat:
        message = "the event has `repeat` and `sessions`"
        yield Finding(("sessions",), "repeat_and_sessions", message, "keep one of the two")
    elif event.sessions:
        yield from _sessions(event, settings)
    elif event.start is None:
        message = "the event has neither `start` nor `sessions`"
        yield Finding((), "field_missing", message, "add `start: 2026-05-21 18:00`")
    else:
        yield from _span_and_rule(event, settings)


def _sessions(event: Event, settings: Settings) -> Iterator[Finding]:
    for index in range(len(event.sessions)):
        alone = _with_session(event, index)
        at = ("sessions", index)
        if event.sessions[index].end and event.sessions[index].duration:
            yield Finding((*at, "duration"), "end_and_duration", *BOTH)
        yield from _caught(
            (*at, "end"), lambda alone=alone: list(event_times.session_spans(alone, settings))
        )
    keys = event_times.session_keys(event)
    for index, key in enumerate(keys):
        if key in keys[:index]:
            message, hint = f"two sessions are called `{key}`", "give one of them another `id`"
            yield Finding(("sessions", index), "duplicate_id", message, hint)
    if event.changes:
        message = "sessions are changed where they stand"
        yield Finding(("changes",), "repeat_and_sessions", message, "write it into the session")
    firsts = [s.start for s in event.sessions]
    if event.start is not None and event.start not in firsts:
        message, hint = "the event starts when none of its sessions does", "delete `start`"
        yield Finding(("start",), "start_not_in_repeat", message, hint)


def _with_session(event: Event, index: int) -> Event:
    return replace(event, sessions=(event.sessions[index],))


BOTH = ("an end stands beside a duration", "keep one of the two")


def _span_and_rule(event: Event, settings: Settings) -> Iterator[Finding]:
    assert event.start is not None  # noqa: S101  asked before
    if event.end is not None and event.duration is not None:
        yield Finding(("duration",), "end_and_duration", *BOTH)
        return
    start, end, duration = event.start, event.end, event.duration
    at = "duration" if end is None else "end"
    spans: list[event_times.Span] = []
    yield from _caught(
        (at,),
        lambda: spans.append(event_times.span(start, end, duration, settings.default_duration)),
    )
    if spans:
        yield from _rule(event, spans[0], event.timezone or settings.timezone)


def _rule(event: Event, when: event_times.Span, zone: str) -> Iterator[Finding]:
    rules: list[Any] = []
    at = ("repeat", "rule") if event.repeat and event.repeat.rule else ("repeat",)
    for found in _caught(at, lambda: rules.append(event_times.rule_of(event, when.start, zone))):
        fits = found.code != "start_not_in_repeat"
        yield found if fits else Finding(("start",), found.code, found.message, found.hint)
    if not rules:
        return
    if rules[0] is None:
        if event.changes:
            message = "only an event that repeats has occurrences to change"
            yield Finding(("changes",), "change_matches_no_occurrence", message, "add `repeat`")
        return
    yield from _named_dates(event, event_times.dates_of(event, when.start, rules[0]), when)


def _named_dates(
    event: Event, dates: event_times.Dates, when: event_times.Span
) -> Iterator[Finding]:
    repeat = event.repeat
    assert repeat is not None  # noqa: S101  a rule came from it
    excluded = {dates.named(m) for m in repeat.except_}
    for index, moment in enumerate(repeat.except_):
        if dates.named(moment) is None:
            yield _no_occurrence(("repeat", "except", index), str(moment), dates, moment)
    for index, moment in enumerate(repeat.also):
        yield from _beside(("repeat", "also", index), dates.at(moment), when, excluded)
    if excluded and not set(map(dates.at, dates.given)) - excluded and not dates.also:
        message = "every date of the rule is excepted"
        yield Finding(("repeat", "except"), "repeat_has_no_dates", message, "leave one of them")
    yield from _changes(event, dates, excluded, when)


def _beside(at: Loc, moment: Any, when: event_times.Span, excluded: set[Any]) -> Iterator[Finding]:
    if isinstance(moment, datetime) is not isinstance(when.start, datetime):
        message, hint = "the event is all day, this date has a time", "write the date alone"
        yield Finding(at, "end_mixes_date_and_time", message, hint)
    elif moment < when.start:
        message, hint = "this is before the start", "let `start` be the first date"
        yield Finding(at, "repeat_invalid", message, hint)
    elif moment in excluded:
        message, hint = "this date stands in `except` too", "delete one of the two"
        yield Finding(at, "repeat_invalid", message, hint)


def _no_occurrence(at: Loc, written: str, dates: event_times.Dates, moment: Any) -> Finding:
    near = dates.nearest(moment)
    hint = f"did you mean `{near}`?" if near else "delete it"
    message = f"the rule gives no {written.removesuffix(':00') if ':' in written else written}"
    return Finding(at, "change_matches_no_occurrence", message, hint)


def _changes(
    event: Event, dates: event_times.Dates, excluded: set[Any], when: event_times.Span
) -> Iterator[Finding]:
    seen: set[Any] = set()
    for key, change in event.changes.items():
        at = ("changes", key)
        try:
            named = times.parse_moment(key)
        except Fault as fault:
            yield Finding(at, fault.code, fault.message, fault.hint)
            continue
        moment = dates.named(named)
        if moment is None:
            yield _no_occurrence(at, key, dates, named)
        elif moment in excluded or moment in seen:
            message = f"{key} is excepted" if moment in excluded else f"{key} is changed twice"
            yield Finding(at, "change_matches_no_occurrence", message, "delete one of the two")
        else:
            yield from _change_times(at, change, moment, when)
        seen.add(moment)


def _change_times(at: Loc, change: Any, moment: Any, when: event_times.Span) -> Iterator[Finding]:
    usual = times.length(when.start, when.end)
    place = "end" if change.end is not None else "start"
    yield from _caught((*at, place), lambda: event_times.change_span(change, moment, usual))
    if change.status == "rescheduled" and change.start is None:
        message = "this occurrence is rescheduled, and no new start is given"
        yield Finding(
            (*at, "status"), "rescheduled_without_previous_start", message, "add `start: …`"
        )


def _caught(at: Loc, ask: Callable[[], Any]) -> Iterator[Finding]:
    try:
        ask()
    except Fault as fault:
        yield Finding(at, fault.code, fault.message, fault.hint)


def _format(event: Event, settings: Settings) -> Iterator[Finding]:
    known = (*FORMATS, *settings.event_formats)
    if event.format is not None and event.format not in known:
        hint = did_you_mean(event.format, known) + f"formats are: {', '.join(known)}"
        yield Finding(
            ("format",), "value_not_listed", f"no format is called `{event.format}`", hint
        )


def _previous_start(event: Event, _settings: Settings) -> Iterator[Finding]:
    if event.status == "rescheduled" and event.previous_start is None:
        message = "the event is rescheduled, and nothing says from when"
        hint = "add `previous_start:` with the date that people knew"
        yield Finding(("status",), "rescheduled_without_previous_start", message, hint)


def _places(event: Event) -> Iterator[tuple[Loc, Place]]:
    if event.place:
        yield ("place",), event.place
    for key, change in event.changes.items():
        if change.place:
            yield ("changes", key, "place"), change.place
    for index, session in enumerate(event.sessions):
        if session.place:
            yield ("sessions", index, "place"), session.place


def _geo(event: Event, _settings: Settings) -> Iterator[Finding]:
    for at, place in _places(event):
        if place.geo and (len(place.geo) != 2 or abs(place.geo[0]) > 90):
            message, hint = (
                "a position is a latitude and a longitude",
                "write it as in `[52.5, 13.4]`",
            )
            yield Finding((*at, "geo"), "value_invalid", message, hint)
        if not place.line():
            message, hint = "the place has neither name nor address", "add `name: …`"
            yield Finding(at, "field_missing", message, hint)


def _mode(event: Event, _settings: Settings) -> Iterator[Finding]:
    _, place, join = event.whereabouts()
    online = bool(join) or event.where == "online"
    if event.status == "moved-online":
        return
    if event.mode == "online" and place:
        message, hint = (
            "the event is online and has a place",
            "write `mode: hybrid`, or delete the place",
        )
        yield Finding(("mode",), "mode_contradicts_place", message, hint)
    if event.mode == "in-person" and online:
        message = "the event is in person and can be joined online"
        hint = "write `mode: hybrid`" if place else "write `mode: online`, or name the place"
        yield Finding(("mode",), "mode_contradicts_place", message, hint)
    if event.mode == "hybrid" and online and not place:
        message, hint = (
            "the event is hybrid and has no place",
            "name the place, or write `mode: online`",
        )
        yield Finding(("mode",), "mode_contradicts_place", message, hint)


def _where_twice(event: Event, _settings: Settings) -> Iterator[Finding]:
    where = event.where or ""
    link = where.startswith(("http://", "https://"))
    if link and event.join and event.join != where:
        message, hint = "`where` and `join` are two addresses", "keep one of the two"
        yield Finding(("where",), "mode_contradicts_place", message, hint)
    named = event.place and event.place.name
    if where and where != "online" and not link and named and named != where:
        message, hint = "`where` and `place` name two places", "keep one of the two"
        yield Finding(("where",), "mode_contradicts_place", message, hint)


def _registration_order(event: Event, _settings: Settings) -> Iterator[Finding]:
    for at, one in _registrations(event):
        if one.opens is not None and one.closes is not None and _later(one.opens, one.closes):
            message, hint = "registration closes before it opens", "swap the two dates"
            yield Finding((*at, "closes"), "registration_closes_before_it_opens", message, hint)


def _registrations(event: Event) -> Iterator[tuple[Loc, Any]]:
    if event.registration:
        yield ("registration",), event.registration
    for key, change in event.changes.items():
        if change.registration:
            yield ("changes", key, "registration"), change.registration


def _later(first: Any, second: Any) -> bool:
    """Whether the first moment is after the second; a date is its whole day."""
    if isinstance(first, datetime) and isinstance(second, datetime):
        return first > second
    return day_of(first) > day_of(second)


def _registration_closes(event: Event, schedule: Schedule) -> Iterator[Finding]:
    hint = "write an earlier `closes`"
    one = event.registration
    last = schedule.last_instant
    if one and one.closes is not None and last:
        closes = one.closes
        begins = times.instant(closes, schedule.zone)
        if begins > last:
            message = "registration closes after the end"
            yield Finding(
                ("registration", "closes"), "registration_closes_after_end", message, hint
            )
    for change in schedule.changes:
        own = change.details.registration
        if (
            own
            and own is not one
            and own.closes
            and times.instant(own.closes, change.zone) > change.ends
        ):
            at = ("changes", _written(event, change.moment), "registration", "closes")
            message = "registration closes after the end of this occurrence"
            yield Finding(at, "registration_closes_after_end", message, hint)


def _written(event: Event, moment: Any) -> str:
    """The key of the change to this moment, as its author wrote it."""
    keys = {times.parse_moment(key): key for key in event.changes}
    return keys.get(moment) or keys[day_of(moment)]


def _clocks(event: Event, schedule: Schedule) -> Iterator[Finding]:
    """Times that clocks skip, or show twice, of all that an author wrote."""
    if not event.sessions:
        end = "start" if not schedule.end_stated else "duration" if event.end is None else "end"
        yield from _misfit(("start",), schedule.start, schedule.zone)
        yield from _misfit((end,), schedule.end, schedule.zone)
    for index, session in enumerate(schedule.sessions):
        yield from _misfits(("sessions", index), session)
    for change in schedule.changes:
        yield from _misfits(("changes", _written(event, change.moment)), change)


def _misfits(at: Loc, one: Occurrence) -> Iterator[Finding]:
    yield from _misfit((*at, "start"), one.start, one.zone)
    yield from _misfit((*at, "end"), one.end, one.zone)


def _misfit(at: Loc, moment: Any, zone: str) -> Iterator[Finding]:
    if not isinstance(moment, datetime):
        return
    match times.fit(moment, zone):
        case "skipped":
            meant = times.instant(moment, zone).astimezone(ZoneInfo(zone))
            message = f"clocks in {zone} skip {moment:%H:%M} on {moment:%Y-%m-%d}"
            yield Finding(
                at, "local_time_does_not_exist", message, f"did you mean `{meant:%H:%M}`?"
            )
        case "repeated":
            message = f"clocks in {zone} show {moment:%H:%M} twice on {moment:%Y-%m-%d}"
            hint = "the first is meant; write another time, or `timezone: UTC`"
            yield Finding(at, "local_time_is_ambiguous", message, hint)
        case _:
            return


def _later_clocks(_event: Event, schedule: Schedule) -> Iterator[Finding]:
    """The first date of the rule on which clocks skip its start or end, or show it twice.

    Calendar apps put such an occurrence at different times.
    """
    if schedule.rule is None or schedule.all_day:
        return
    last = times.Interval(months=120).after(day_of(schedule.start))
    moments = islice(schedule.moments(day_of(schedule.start), last), 1, FIRST_DATES)
    held = (schedule.occurrence(m) for m in moments if m not in schedule.changed)
    found = (each for one in held for each in _misfits((), one))
    seen: set[str] = set()
    for each in found:
        if each.code not in seen:
            seen.add(each.code)
            day = each.message.rpartition(" ")[2]
            hint = f"give that date times of its own: `changes: {{{day}: {{start: …, end: …}}}}`"
            yield Finding(("start",), each.code, each.message, hint)


FIELD_CHECKS = (_format, _previous_start, _geo, _mode, _where_twice, _registration_order)
SCHEDULE_CHECKS = (_registration_closes, _clocks, _later_clocks)

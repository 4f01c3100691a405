"""Faults of an event's dates: spans, rules, sessions, changes, and what clocks do on them.

A function that needs a schedule runs only when the fields give one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from townsquare import times
from townsquare.fields import Loc
from townsquare.kinds import event_times
from townsquare.kinds.event_times import Dates, Span
from townsquare.model import Finding
from townsquare.occasions import Change
from townsquare.problems import Fault
from townsquare.recurrence import Moment, Occurrence, Schedule
from townsquare.times import day_of

if TYPE_CHECKING:
    from townsquare.kinds.event import Event
    from townsquare.settings import Settings

T = TypeVar("T")
FIRST_DATES = 600
"""How many dates of a rule are looked at for times that clocks skip."""
BOTH = ("an end stands beside a duration", "keep one of the two")


def check(event: Event, settings: Settings) -> Iterator[Finding]:
    """Every fault of the event's dates."""
    faults = list(_timing(event, settings))
    yield from faults
    if not faults:
        schedule = event_times.schedule(event, settings)
        keys = _keys(event)
        yield from _registration_closes(event, schedule, keys)
        yield from _clocks(event, schedule, keys)
        yield from _later_clocks(schedule)


def _timing(event: Event, settings: Settings) -> Iterator[Finding]:
    """What keeps the event from having a schedule."""
    if event.sessions and event.repeat:
        message = "the event has `repeat` and `sessions`"
        yield Finding(("sessions",), "repeat_and_sessions", message, "keep one of the two")
    elif event.sessions:
        yield from _session_spans(event, settings)
        yield from _session_names(event)
        yield from _beside_sessions(event)
    elif event.start is None:
        yield Finding((), "field_missing", *event_times.NO_START)
    elif event.end is not None and event.duration is not None:
        yield Finding(("duration",), "end_and_duration", *BOTH)
    else:
        yield from _span_and_rule(event, event.start, settings)


def _session_spans(event: Event, settings: Settings) -> Iterator[Finding]:
    for index, session in enumerate(event.sessions):
        at = ("sessions", index)
        if session.end is not None and session.duration is not None:
            yield Finding((*at, "duration"), "end_and_duration", *BOTH)
        alone = replace(event, sessions=(session,))
        _, found = _tried((*at, "end"), lambda: list(event_times.session_spans(alone, settings)))  # noqa: B023 — called before the next turn
        yield from found


def _session_names(event: Event) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, key in enumerate(event_times.session_keys(event)):
        if key in seen:
            message, hint = f"two sessions are called `{key}`", "give one of them another `id`"
            yield Finding(("sessions", index), "duplicate_id", message, hint)
        seen.add(key)


def _beside_sessions(event: Event) -> Iterator[Finding]:
    if event.changes:
        message = "sessions are changed where they stand"
        yield Finding(("changes",), "repeat_and_sessions", message, "write it into the session")
    if event.start is not None and event.start not in {s.start for s in event.sessions}:
        message, hint = "the event starts when none of its sessions does", "delete `start`"
        yield Finding(("start",), "start_not_in_repeat", message, hint)


def _span_and_rule(event: Event, start: Moment, settings: Settings) -> Iterator[Finding]:
    usual, at = settings.default_duration, "duration" if event.end is None else "end"
    when, found = _tried((at,), lambda: event_times.span(start, event.end, event.duration, usual))
    yield from found
    if when is None:
        return
    rule, found = _tried(
        ("repeat", "rule") if event.repeat and event.repeat.rule else ("repeat",),
        lambda: event_times.rule_of(event, start, event.timezone or settings.timezone),
    )
    for each in found:
        yield each._replace(loc=("start",)) if each.code == "start_not_in_repeat" else each
    if rule:
        yield from _named_dates(event, event_times.dates_of(event, start, rule), when)
    elif event.changes and not found:
        message = "only an event that repeats has occurrences to change"
        yield Finding(("changes",), "change_matches_no_occurrence", message, "add `repeat`")


def _named_dates(event: Event, dates: Dates, when: Span) -> Iterator[Finding]:
    repeat = event.repeat
    assert repeat is not None  # noqa: S101  a rule came from it
    excluded = {m for m in map(dates.named, repeat.except_) if m is not None}
    for index, moment in enumerate(repeat.except_):
        if dates.named(moment) is None:
            yield _no_occurrence(("repeat", "except", index), f"{day_of(moment)}", dates, moment)
    for index, moment in enumerate(repeat.also):
        yield from _beside(("repeat", "also", index), dates.at(moment), when, excluded)
    if excluded and excluded.issuperset(map(dates.at, dates.given)) and not dates.also:
        message = "every date of the rule is excepted"
        yield Finding(("repeat", "except"), "repeat_has_no_dates", message, "leave one of them")
    yield from _changes(event, dates, excluded, when)


def _beside(at: Loc, moment: Moment, when: Span, excluded: set[Moment]) -> Iterator[Finding]:
    if isinstance(moment, datetime) is not isinstance(when.start, datetime):
        message, hint = "the event is all day, this date has a time", "write the date alone"
        yield Finding(at, "end_mixes_date_and_time", message, hint)
    elif moment < when.start:
        message, hint = "this is before the start", "let `start` be the first date"
        yield Finding(at, "repeat_invalid", message, hint)
    elif moment in excluded:
        message, hint = "this date stands in `except` too", "delete one of the two"
        yield Finding(at, "repeat_invalid", message, hint)


def _no_occurrence(at: Loc, written: str, dates: Dates, moment: Moment) -> Finding:
    near = dates.nearest(moment)
    hint = f"did you mean `{near}`?" if near else "delete it"
    return Finding(at, "change_matches_no_occurrence", f"the rule gives no {written}", hint)


def _changes(event: Event, dates: Dates, excluded: set[Moment], when: Span) -> Iterator[Finding]:
    seen: set[Moment] = set()
    for key, change in event.changes.items():
        at = ("changes", key)
        named, found = _tried(at, lambda: times.parse_moment(key))  # noqa: B023 — called before the next turn
        yield from found
        if named is None:
            continue
        moment = dates.named(named)
        if moment is None:
            yield _no_occurrence(at, key, dates, named)
        elif moment in excluded or moment in seen:
            message = f"{key} is excepted" if moment in excluded else f"{key} is changed twice"
            yield Finding(at, "change_matches_no_occurrence", message, "delete one of the two")
        else:
            seen.add(moment)
            yield from _change_times(at, change, moment, when)


def _change_times(at: Loc, change: Change, moment: Moment, when: Span) -> Iterator[Finding]:
    usual = times.length(when.start, when.end)
    place = "end" if change.end is not None else "start"
    _, found = _tried((*at, place), lambda: event_times.change_span(change, moment, usual))
    yield from found
    if change.status == "rescheduled" and change.start is None:
        message = "this occurrence is rescheduled, and no new start is given"
        code = "rescheduled_without_previous_start"
        yield Finding((*at, "status"), code, message, "add `start: …`")


def _tried(at: Loc, ask: Callable[[], T]) -> tuple[T | None, list[Finding]]:
    """What is asked for, or what its parser refuses, at its place."""
    try:
        return ask(), []
    except Fault as fault:
        return None, [Finding(at, fault.code, fault.message, fault.hint)]


def _keys(event: Event) -> Callable[[Moment], str]:
    """Tells of a changed moment the key that its author wrote."""
    keys = {named: key for key in event.changes for named in (times.parse_moment(key),)}
    return lambda moment: keys.get(moment) or keys[day_of(moment)]


def _registration_closes(
    event: Event, schedule: Schedule, key: Callable[[Moment], str]
) -> Iterator[Finding]:
    code, hint = "registration_closes_after_end", "write an earlier `closes`"
    usual = event.registration
    last = schedule.last_instant if usual and usual.closes else None
    if last and usual and usual.closes and times.instant(usual.closes, schedule.zone) > last:
        message = "registration closes after the end"
        yield Finding(("registration", "closes"), code, message, hint)
    for change in schedule.changes:
        own = change.details.registration
        if own is usual or own is None or own.closes is None:
            continue
        if times.instant(own.closes, change.zone) > change.ends:
            message = "registration closes after the end of this occurrence"
            at = ("changes", key(change.moment), "registration", "closes")
            yield Finding(at, code, message, hint)


def _clocks(event: Event, schedule: Schedule, key: Callable[[Moment], str]) -> Iterator[Finding]:
    """Times that clocks skip, or show twice, of all that an author wrote."""
    if not event.sessions:
        end = "start" if not schedule.end_stated else "duration" if event.end is None else "end"
        yield from _misfit(("start",), schedule.start, schedule.zone)
        yield from _misfit((end,), schedule.end, schedule.zone)
    for index, session in enumerate(schedule.sessions):
        yield from _misfits(("sessions", index), session)
    for change in schedule.changes:
        yield from _misfits(("changes", key(change.moment)), change)


def _misfits(at: Loc, one: Occurrence) -> Iterator[Finding]:
    yield from _misfit((*at, "start"), one.start, one.zone)
    yield from _misfit((*at, "end"), one.end, one.zone)


def _misfit(at: Loc, moment: Moment, zone: str) -> Iterator[Finding]:
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


def _later_clocks(schedule: Schedule) -> Iterator[Finding]:
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

"""An event's fields → its schedule.

`span`, `rule_of` and the others raise `Fault` for values that contradict each other;
`event_date_checks` asks them one by one and knows the places. A checked event has a schedule.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from townsquare import plain_rules, recurrence, rules, times
from townsquare.kinds.event_details import changed_details, details_of, session_details
from townsquare.occasions import Change, Details, Session
from townsquare.problems import Fault
from townsquare.recurrence import Moment, Occurrence, Schedule
from townsquare.rules import Rule
from townsquare.times import day_of

if TYPE_CHECKING:
    from townsquare.kinds.event import Event
    from townsquare.settings import Settings

End = date | datetime | time
NO_START = ("the event has neither `start` nor `sessions`", "add `start: 2026-05-21 18:00`")


class Span(NamedTuple):
    """From when until when, the end exclusive, and whether an author gave the end."""

    start: Moment
    end: Moment
    stated: bool = True


def span(start: Moment, end: End | None, duration: timedelta | None, default: timedelta) -> Span:
    """The span that the fields mean; raises Fault where they contradict each other."""
    if duration is not None:
        return _spanning(start, duration)
    if end is None:
        usual = default if isinstance(start, datetime) else timedelta(days=1)
        return Span(start, start + usual, stated=False)
    stop = _end_on(start, end)
    if isinstance(stop, datetime) is not isinstance(start, datetime):
        raise Fault("end_mixes_date_and_time", *_mixed(start))
    if not isinstance(stop, datetime):
        stop += timedelta(days=1)
    if times.length(start, stop) <= timedelta():
        raise Fault("ends_before_start", *_too_early(start, end))
    if times.length(start, stop) > times.MAX_DURATION:
        hint = "correct the year; of what goes on for longer, write an event for each season"
        raise Fault("event_too_long", f"it takes more than {times.MAX_DURATION.days} days", hint)
    return Span(start, stop)


def _spanning(start: Moment, duration: timedelta) -> Span:
    if not isinstance(start, datetime) and duration % timedelta(days=1):
        hint = "write whole days, as in `2d`, or give the start a time"
        raise Fault("end_mixes_date_and_time", "the event is all day, its duration is not", hint)
    return Span(start, start + duration)


def _end_on(start: Moment, end: End) -> Moment:
    """The end as a date or moment; a time alone is one of the first day."""
    if not isinstance(end, time):
        return end
    if not isinstance(start, datetime):
        raise Fault("end_mixes_date_and_time", *_mixed(start))
    return datetime.combine(start, end)


def _mixed(start: Moment) -> tuple[str, str]:
    if isinstance(start, datetime):
        return (
            "the start has a time, the end has none",
            "write the end with its time, as in `19:00`",
        )
    return (
        "the end has a time, the start has none",
        "write the start with its time, or the end without",
    )


def _too_early(start: Moment, end: End) -> tuple[str, str]:
    if isinstance(end, time):
        tomorrow = day_of(start) + timedelta(days=1)
        return (
            "the end is not after the start",
            f"if it ends the next day, write `{tomorrow} {end:%H:%M}`",
        )
    return "the end is not after the start", "write a later end, or an earlier start"


def rule_of(event: Event, start: Moment, zone: str) -> Rule | None:
    """The rule by which the event repeats, if it does; raises Fault where it cannot be right."""
    repeat = event.repeat
    if repeat is None:
        return None
    if repeat.rule is not None:
        if repeat.every or repeat.on or repeat.until or repeat.times is not None:
            hint = "write everything into the rule, or all of it in words"
            raise Fault(
                "repeat_invalid", "a rule stands beside `every`, `on`, `until` or `times`", hint
            )
        return rules.completed(repeat.rule, start, zone)
    if repeat.every is None:
        raise Fault("repeat_invalid", "`every` is missing", plain_rules.EVERY_HINT)
    first = day_of(start)
    made = plain_rules.from_words(repeat.every, repeat.on, repeat.until, repeat.times, first)
    return rules.completed(made, start, zone)


class Dates:
    """The moments that a rule and `also` give, as far as an event's fields name any."""

    def __init__(self, start: Moment, rule: Rule, also: Iterable[Moment], last: date) -> None:
        self.start = start
        self.given = frozenset(rule.dates(day_of(start), last))
        self.also = tuple(sorted({self.at(moment) for moment in also}, key=str))
        self._beside = {day: list(found) for day, found in groupby(self.also, key=day_of)}
        self._days = sorted({*self.given, *self._beside})

    def at(self, named: Moment) -> Moment:
        """The moment that a date means: at the start's time where that has one."""
        if isinstance(self.start, datetime) and not isinstance(named, datetime):
            return datetime.combine(named, self.start.time())
        return named

    def named(self, moment: Moment) -> Moment | None:
        """The moment that a date, or a date with a time, names; none if nothing is given then."""
        exact, day = self.at(moment), day_of(moment)
        beside = self._beside.get(day, [])
        if exact in beside or (day in self.given and self.at(day) == exact):
            return exact
        return beside[0] if len(beside) == 1 and day == moment else None

    def nearest(self, moment: Moment) -> date | None:
        """The nearest date that is given."""
        wanted = day_of(moment)
        at = bisect(self._days, wanted)
        return min(self._days[max(0, at - 1) : at + 1], key=lambda d: abs(d - wanted), default=None)


def dates_of(event: Event, start: Moment, rule: Rule) -> Dates:
    """What the rule gives up to a year after the last date that the event's fields name."""
    repeat = event.repeat
    also = repeat.also if repeat else ()
    named = [*also, *(repeat.except_ if repeat else ()), *changes_of(event)]
    last = max([day_of(start), *map(day_of, named)]) + timedelta(days=366)
    return Dates(start, rule, also, min(last, recurrence.LAST))


def changes_of(event: Event) -> dict[Moment, Change]:
    """The changes by the date that each names; what is no date is left to the checks."""
    found: dict[Moment, Change] = {}
    for key, change in event.changes.items():
        try:
            found[times.parse_moment(key)] = change
        except Fault:
            continue
    return found


def change_span(change: Change, moment: Moment, usual: timedelta) -> Span:
    """When a changed occurrence takes place; without an end it takes as long as the others."""
    start = _end_on(moment, change.start) if change.start is not None else moment
    if isinstance(start, datetime) is not isinstance(moment, datetime):
        raise Fault("end_mixes_date_and_time", *_mixed(moment))
    if change.end is None:
        return Span(start, start + usual)
    return span(start, change.end, None, usual)


def session_spans(event: Event, settings: Settings) -> Iterator[tuple[Session, Span]]:
    """Each session with its span; an end time or a duration of the event is theirs too."""
    usual_end = event.end if isinstance(event.end, time) else None
    for session in event.sessions:
        end, duration = session.end, session.duration
        if end is None and duration is None and isinstance(session.start, datetime):
            end, duration = usual_end, event.duration
        yield session, span(session.start, end, duration, settings.default_duration)


def schedule(event: Event, settings: Settings) -> Schedule:
    """When the event takes place; raises Fault where its times contradict each other or miss."""
    zone = event.timezone or settings.timezone
    details = details_of(event)
    if event.sessions:
        return _schedule_of_sessions(event, settings, zone, details)
    if event.start is None:
        raise Fault("field_missing", *NO_START)
    when = span(event.start, event.end, event.duration, settings.default_duration)
    plain = Schedule(when.start, when.end, zone, details, when.stated)
    rule = rule_of(event, when.start, zone)
    if rule is None or event.repeat is None:
        return plain
    dates = dates_of(event, when.start, rule)
    excluded = {m for m in map(dates.named, event.repeat.except_) if m is not None}
    beside = tuple(
        m for m in dates.also if dates.at(day_of(m)) != m or day_of(m) not in dates.given
    )
    whole = replace(plain, rule=rule, excluded=tuple(sorted(excluded)), also=beside)
    return replace(whole, changes=tuple(_changes(event, whole, dates)))


def _changes(event: Event, whole: Schedule, dates: Dates) -> Iterator[Occurrence]:
    for named, change in sorted(changes_of(event).items(), key=lambda item: str(item[0])):
        moment = dates.named(named)
        if moment is None or moment in whole.excluded:
            continue
        when = change_span(change, moment, times.length(whole.start, whole.end))
        stated = whole.end_stated or change.end is not None
        yield Occurrence(
            whole.key(moment), moment, when.start, when.end, change.timezone or whole.zone,
            changed_details(event, whole.details, change, moment, when.start), stated, changed=True,
        )  # fmt: skip


def _schedule_of_sessions(
    event: Event, settings: Settings, zone: str, details: Details
) -> Schedule:
    found = list(session_spans(event, settings))
    sessions = tuple(
        Occurrence(
            key, when.start, when.start, when.end, session.timezone or zone,
            session_details(event, details, session), when.stated,
        )
        for key, (session, when) in zip(session_keys(event), found, strict=True)
    )  # fmt: skip
    first = min(sessions, key=lambda s: (s.begins, s.key))
    return Schedule(
        first.start, first.end, first.zone, details, first.end_stated, sessions=sessions
    )


def session_keys(event: Event) -> list[str]:
    """Each session's own name: its `id`, else its date, numbered where a date comes again.

    The time is no part of it, so that moving a session within its day keeps its calendar entry.
    """
    keys: list[str] = []
    days: dict[date, int] = {}
    for session in event.sessions:
        day = day_of(session.start)
        if session.id is None:
            days[day] = days.get(day, 0) + 1
        number = days.get(day, 1)
        keys.append(session.id or (f"{day}" if number == 1 else f"{day}-{number}"))
    return keys

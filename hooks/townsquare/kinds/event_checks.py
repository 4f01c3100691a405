"""Faults that an event has by itself, one short function each.

Values are typed before; what follows asks whether they fit together. What concerns dates is in
`event_date_checks`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from townsquare.fields import Loc
from townsquare.kinds import event_date_checks
from townsquare.model import Finding
from townsquare.occasions import Place
from townsquare.problems import did_you_mean
from townsquare.times import day_of

if TYPE_CHECKING:
    from townsquare.kinds.event import Event
    from townsquare.settings import Settings

FORMATS = (
    "webinar", "workshop", "meetup", "networking", "talk", "call", "training", "sprint", "social",
    "conference", "other",
)  # fmt: skip


def check(event: Event, settings: Settings) -> Iterator[Finding]:
    """Every fault of an event's own values; those of single dates only when its times fit."""
    for one in CHECKS:
        yield from one(event, settings)
    yield from event_date_checks.check(event, settings)


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


def _after(event: Event, _settings: Settings) -> Iterator[Finding]:
    held = [(("after",), event.after)]
    held += [(("changes", key, "after"), change.after) for key, change in event.changes.items()]
    for at, after in held:
        if after and after.none and after.anything:
            message, hint = "something remains, and `none` says why nothing does", "delete `none`"
            yield Finding((*at, "none"), "value_invalid", message, hint)


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


CHECKS = (_format, _previous_start, _geo, _mode, _where_twice, _after, _registration_order)

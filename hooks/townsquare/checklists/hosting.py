"""A host's checklist for one date of an event, from six weeks before it to a month after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from townsquare.checklists import aftermath, bulleted, community_at, entry_named
from townsquare.checks.events import WAIT
from townsquare.community import Community
from townsquare.model import Entry
from townsquare.problems import SetupError, did_you_mean
from townsquare.recurrence import Moment, Occurrence
from townsquare.times import day_of
from townsquare.views import occurrences
from townsquare.wordbook import _, moment, span


class Task(NamedTuple):
    """What is to be done at or until a moment, local to the event's own zone."""

    at: Moment
    what: str
    items: list[str]


def checklist(root: Path, name: str, now: datetime) -> str:
    """What the hosts do, by date, in the event's zone. `name` is the event's id or its file.

    `#2026-12-17` behind it names a date; else it is the next that takes place, or the last.
    """
    community = community_at(root, now)
    named, _hash, key = name.partition("#")
    entry = entry_named(community, "event", named)
    held = _held(community, entry, key)
    lines = _head(community, entry, held)
    for task in sorted(_tasks(entry, held), key=lambda task: _sortable(task.at)):
        lines += ["", f"## {moment(task.at)}: {task.what}", "", *bulleted(task.items)]
    return "\n".join([*lines, "", *aftermath.lines(entry, held)]) + "\n"


def _held(community: Community, entry: Entry[Any], key: str) -> Occurrence:
    if not key:
        found = occurrences.representative(community, entry)
        assert found is not None  # noqa: S101  an event without a date is a fault, and no entry
        return found
    every = {each.anchor: each for each in community.held(entry)}
    if key not in every:
        raise SetupError(
            f"`{entry.id}` has no date `{key}`; {did_you_mean(key, every)}".rstrip("; ")
        )
    return every[key]


def _head(community: Community, entry: Entry[Any], held: Occurrence) -> list[str]:
    zone, where = occurrences.zone_name(held), occurrences.where(held.details)
    when = span(occurrences.local(held)[0], occurrences.printed_end(held))
    capacity = entry.fields.capacity
    facts = [
        f"{when} ({zone})" if zone else when,
        where,
        _("%(number)s places") % {"number": capacity} if capacity is not None else "",
        _("Page: %(url)s") % {"url": community.settings.absolute(entry.address)},
        _("File: %(path)s") % {"path": f"`{entry.path}`"},
    ]
    title = _("# Hosts' checklist: %(title)s") % {"title": held.details.title}
    return [title, "", *(f"- {fact}" for fact in facts if fact)]


def _tasks(entry: Entry[Any], held: Occurrence) -> Iterator[Task]:
    day = day_of(held.start)
    yield Task(day - timedelta(weeks=6), _("six weeks before"), _prepare(held))
    yield from _registration(entry, held)
    yield Task(day - timedelta(weeks=2), _("two weeks before"), _accessible(held))
    yield Task(day - timedelta(weeks=1), _("the first reminder"), _remind(entry))
    yield Task(day - timedelta(days=1), _("the day before, the last reminder"), _ready(held))
    if isinstance(held.start, datetime):
        before = held.start - timedelta(minutes=30)
        yield Task(before, _("half an hour before"), _open(held))
    yield Task(held.start, _("it begins"), _begin())
    end = held.end if isinstance(held.end, datetime) else held.last_day
    yield Task(end, _("it ends"), _end())
    week = held.last_day + timedelta(weeks=1)
    yield Task(week, _("a week after, everything is up"), _publish())
    late = held.last_day + WAIT
    asks = _("From now on the check asks for what remains, or for why nothing does.")
    yield Task(late, _("a month after"), [asks])


def _registration(entry: Entry[Any], held: Occurrence) -> Iterator[Task]:
    """When seats are given out, as the file says; without a date, four weeks before."""
    said, usual = held.details.registration, day_of(held.start) - timedelta(weeks=4)
    if said is None:
        item = _("Tell people of it; nobody needs to register.")
        if entry.fields.capacity is not None:
            item = _(
                "Tell people of it, or write `registration:` into the file: places are counted."
            )
        yield Task(usual, _("announced everywhere"), [item])
        return
    at = said.url or entry.path
    items = [
        _("Somebody who does not know it has registered for a test: %(url)s") % {"url": at},
        _("It asks what people need to take part, and for no more than that."),
        _("Post, calendar and partners point to it."),
    ]
    yield Task(said.opens or usual, _("registration opens"), items)
    if said.closes:
        who = _("Those on the waiting list know whether they have a place.")
        yield Task(said.closes, _("registration closes"), [who])


def _prepare(held: Occurrence) -> list[str]:
    speakers = [_("Speakers know their time, their length and whether they are recorded.")]
    return [
        _("The event's page says what people will do and what they should bring."),
        _("Host, door, clock and notes each have a name, and there is a second host."),
        *(speakers if held.details.speakers else []),
        _("It is decided whether it is recorded, and the page says so."),
    ]


def _accessible(held: Occurrence) -> list[str]:
    """Nothing in between tells how one takes part: then all of it is asked."""
    room, call = held.details.mode != "online", held.details.mode != "in-person"
    in_room = [
        _("The way in without steps is described, and somebody has gone it."),
        _("Seats, toilets, the loop and a quiet corner have been looked at."),
    ]
    in_call = [
        _("Captions have been ordered, or tried out."),
        _("Slides and links can be had beforehand by those who need them."),
    ]
    asked = [_("Everybody who told what they need has had an answer.")]
    return [*(in_room if room else []), *(in_call if call else []), *asked]


def _remind(entry: Entry[Any]) -> list[str]:
    count = [_("Registrations are counted, and no-shows reckoned with.")]
    return [
        _("One message: when, with the zone; where, or the address to join; how to cancel."),
        *(count if entry.fields.capacity is not None else []),
    ]


def _ready(held: Occurrence) -> list[str]:
    join, place = held.details.join, held.details.place
    return [
        _("One message: when, where, how to get in, whom to call when lost."),
        *([_("The address works: %(url)s") % {"url": join}] if join else []),
        *([_("The room is ours: %(place)s") % {"place": place.line()}] if place else []),
        _("Microphone, screen and recording were tried where they will be used."),
    ]


def _open(held: Occurrence) -> list[str]:
    call = [_("Captions are on, and one person looks after the chat.")]
    return [
        _("Somebody is at the door, in the room as in the call."),
        *(call if held.details.mode != "in-person" else []),
        _("The reporting channels hang on the wall, or stand in the chat."),
    ]


def _begin() -> list[str]:
    return [
        _("The two minutes: code of conduct, how to report, breaks, exits."),
        _("Before a recording begins it is announced, with a way not to be in it."),
        _("Heads are counted once, without names."),
    ]


def _end() -> list[str]:
    return [
        _("Thanks with reasons, and the next date."),
        _("The number and two sentences stand in the file the same evening: see below."),
    ]


def _publish() -> list[str]:
    return [
        _("The recording is up, with captions that somebody read through, or a transcript."),
        _("Slides are up, readable by a screen reader."),
        _("The lines below stand in the file."),
    ]


def _sortable(at: Moment) -> tuple[date, datetime]:
    """By day; what has no time comes before what has one."""
    return day_of(at), at if isinstance(at, datetime) else datetime.combine(at, datetime.min.time())

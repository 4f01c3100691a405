"""Who did what when: texts by the day of publication, events by the first date that took place.

A person and an entry make one contribution for each role, however many dates the event has. What
was called off is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from townsquare import recurrence
from townsquare.community import MAX_OCCURRENCES, Community
from townsquare.digest.records import Period
from townsquare.model import Credit, Credited, Dated, Entry, Published
from townsquare.recurrence import Occurrence
from townsquare.wordbook import _

VERBS = {
    "author": _("wrote “%(title)s”"),
    "speaker": _("spoke at “%(title)s”"),
    "organiser": _("organised “%(title)s”"),
}
COUNTED = {
    "author": ("wrote %(num)d text", "wrote %(num)d texts"),
    "speaker": ("spoke at %(num)d event", "spoke at %(num)d events"),
    "organiser": ("organised %(num)d event", "organised %(num)d events"),
}


class Contribution(NamedTuple):
    """One thing that somebody did, once. `instant` is UTC."""

    instant: datetime
    key: str
    role: str
    title: str


class Done(NamedTuple):
    """Contributions before a period's end, the oldest first: by people's ids, by guests' names."""

    people: dict[str, list[Contribution]]
    guests: dict[str, list[Contribution]]


def until(community: Community, period: Period) -> Done:
    """What everybody did before the period's end, each once."""
    people: dict[str, list[Contribution]] = {}
    guests: dict[str, list[Contribution]] = {}
    for who, done in _all(community, period):
        if who.person:
            people.setdefault(who.person, []).append(done)
        elif who.name:
            guests.setdefault(who.name, []).append(done)
    return Done(
        {id: _once(done) for id, done in people.items()},
        {name: _once(done) for name, done in guests.items()},
    )


def _once(done: list[Contribution]) -> list[Contribution]:
    """Each entry and role once, at its first date."""
    first: dict[tuple[str, str], Contribution] = {}
    for each in sorted(done):
        first.setdefault((each.key, each.role), each)
    return list(first.values())


def _all(community: Community, period: Period) -> Iterator[tuple[Credit, Contribution]]:
    for entry in community.library.visible(Credited):
        fields: Any = entry.fields
        if isinstance(fields, Dated):
            yield from _of_event(community, entry, period)
        elif isinstance(fields, Published):
            instant = community.published(entry)
            for role, who in fields.credits():  # type: ignore[attr-defined]
                if instant < period.ends:
                    yield who, Contribution(instant, entry.key, role, entry.title)


def _of_event(
    community: Community, entry: Entry[Any], period: Period
) -> Iterator[tuple[Credit, Contribution]]:
    """Organisers at the first date that took place, speakers at the first that they spoke at."""
    held = _taken_place(community, entry, period)
    for role, who in entry.fields.credits():
        spoken = (each for each in held if role != "speaker" or who in each.details.speakers)
        if first := next(spoken, None):
            title = first.details.title if role == "speaker" else entry.title
            yield who, Contribution(first.begins, entry.key, role, title)


def _taken_place(community: Community, entry: Entry[Any], period: Period) -> list[Occurrence]:
    schedule = community.schedule(entry)
    held = recurrence.occurrences(schedule, date.min, period.until, limit=MAX_OCCURRENCES)
    off = ("cancelled", "postponed")
    return [h for h in held if h.begins < period.ends and h.details.status not in off]

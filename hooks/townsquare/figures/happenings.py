"""What took place: occurrences that are over, by form and by place, and who came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from townsquare.community import Community
from townsquare.figures.periods import Window
from townsquare.queries import query


class Held(NamedTuple):
    """An occurrence that took place; `attended` is none where nobody wrote it down."""

    day: date
    format: str
    mode: str
    attended: int | None


def held(community: Community, window: Window) -> list[Held]:
    """What took place in the window, cancelled dates left out; an event's dates in their order."""
    first, after = window.start.isoformat(), window.end.isoformat()
    return [
        each for entry in community.events for each in held_of(community, entry.key, first, after)
    ]


@query
def held_of(community: Community, key: str, first: str, after: str) -> list[Held]:
    """What took place of one event from the first day to the one before `after`."""
    start, end = date.fromisoformat(first), date.fromisoformat(after)
    return [each for each in _held_of(community, key) if start <= each.day < end]


def _held_of(community: Community, key: str) -> Iterator[Held]:
    entry = community.library.entry(key)
    zone = ZoneInfo(community.settings.timezone)
    schedule = community.schedule(entry)
    repeated = bool(schedule.rule or schedule.sessions or schedule.also)
    for each in community.split(entry)[0]:
        details = each.details
        if not details.cancelled and details.status != "postponed":
            # What stands at a whole series is of none of its dates.
            own = details.after if not repeated or each in schedule.changes else None
            format_ = getattr(entry.fields, "format", None) or "other"
            day = each.begins.astimezone(zone).date()
            yield Held(day, format_, details.mode or "", own.attended if own else None)


def by_format(found: list[Held]) -> dict[str, int]:
    """How many took place of each format, by its name."""
    return dict(sorted(Counter(each.format for each in found).items()))


def by_mode(found: list[Held]) -> dict[str, int]:
    """How many took place online, in person or both, by the mode's name."""
    return dict(sorted(Counter(each.mode for each in found if each.mode).items()))


def attendance(found: list[Held]) -> int | None:
    """How many came to all of them; nothing where it is known of none."""
    known = [each.attended for each in found if each.attended is not None]
    return sum(known) if known else None


def recorded(found: list[Held]) -> float | None:
    """The share of them whose attendance is known; nothing where nothing took place."""
    known = sum(each.attended is not None for each in found)
    return known / len(found) if found else None

"""Series of events: what is to come of each, and what was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from townsquare.community import Community
from townsquare.makings import Making
from townsquare.model import Entry
from townsquare.pages import Page
from townsquare.queries import query
from townsquare.recurrence import Occurrence
from townsquare.views.calendar_links import calendar
from townsquare.views.lists import events_by, events_where
from townsquare.views.occurrences import PER_EVENT, Row, row
from townsquare.views.shapes import list_page
from townsquare.wordbook import _, label

Held = tuple[Entry[Any], Occurrence]


def makings(community: Community) -> Iterator[Making]:
    """A page for each series."""
    for name in counts(community):
        yield Making(address(name), "views.event_series:series", (name,))


def address(name: str) -> str:
    """The address of a series' page."""
    return f"events/series/{name}/"


@query
def counts(community: Community) -> dict[str, int]:
    """How many events each series has, in the order of names."""
    return {name: len(found) for name, found in sorted(events_by(community, "series").items())}


def series(community: Community, name: str) -> Page:
    """The last dates of each of its events that are over, and the next."""
    past: list[Held] = []
    to_come: list[Held] = []
    for entry in events_where(community, "series", name):
        over, ahead = community.split(entry)
        past += [(entry, held) for held in over[-PER_EVENT:]]
        to_come += [(entry, held) for held in ahead[:PER_EVENT]]
    data = {
        "coming": _rows(community, to_come),
        "past": _rows(community, past)[::-1],
        "calendar": calendar(community, label(name), f"calendars/series/{name}.ics"),
    }
    title = _("Series: %(name)s") % {"name": label(name)}
    return list_page(community, address(name), title, "event_series.html", data)


def _rows(community: Community, found: list[Held]) -> list[Row]:
    ordered = sorted(found, key=lambda pair: (pair[1].begins, pair[0].address))
    return [row(community, entry, held) for entry, held in ordered]

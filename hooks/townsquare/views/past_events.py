"""What is over, year by year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from townsquare.community import Community
from townsquare.makings import Making
from townsquare.pages import Page
from townsquare.queries import query
from townsquare.rules import day_of
from townsquare.views import event_formats, occurrences
from townsquare.views.calendar_links import calendar
from townsquare.views.lists import Count, with_neighbours
from townsquare.views.occurrences import Nth
from townsquare.views.shapes import list_page
from townsquare.wordbook import _

LATEST = 12


def makings(community: Community) -> Iterator[Making]:
    """The list of years and a page for each, where anything is over."""
    years = list(counts(community))
    if years:
        yield Making("events/past/", "views.past_events:years")
    for newer, each, older in with_neighbours(years):
        yield Making(_address(each), "views.past_events:year", (each, older, newer))


@query
def by_year(community: Community) -> dict[int, list[Nth]]:
    """What is over by the years in which it began, the latest first in either."""

    def began(nth: Nth) -> tuple[date, datetime]:
        held = nth.occurrence(community)
        return day_of(held.start), held.begins

    found: dict[int, list[Nth]] = {}
    for nth in sorted(occurrences.over(community), key=began, reverse=True):
        found.setdefault(day_of(nth.occurrence(community).start).year, []).append(nth)
    return found


@query
def counts(community: Community) -> dict[int, int]:
    """How much of each year is over, the latest year first."""
    return {year: len(held) for year, held in by_year(community).items()}


@query
def of_year(community: Community, year: int) -> list[Nth]:
    """What began in this year and is over, the latest first."""
    return by_year(community).get(year, [])


@query
def latest(community: Community, count: int) -> list[Nth]:
    """The last that are over, the latest first."""
    return occurrences.over(community)[: -count - 1 : -1]


def years(community: Community) -> Page:
    """The years, and the last events that are over."""
    data = {
        "years": [Count(str(y), _address(y), number) for y, number in counts(community).items()],
        "formats": event_formats.listed(community),
        "latest": occurrences.rows(community, latest(community, LATEST)),
    }
    return list_page(community, "events/past/", _("Past events"), "past_events.html", data)


def year(community: Community, year: int, older: int | None, newer: int | None) -> Page:
    """What is over of one year, between the years that have anything."""
    title = _("Events of %(year)s") % {"year": year}
    data = {
        "months": occurrences.by_month(community, of_year(community, year)),
        "older": _address(older),
        "newer": _address(newer),
        "calendar": calendar(community, title, f"calendars/archive/{year}.ics"),
    }
    title = _("Past events: %(year)s") % {"year": year}
    return list_page(community, _address(year), title, "past_year.html", data)


def _address(year: int | None) -> str:
    """The address of a year's page; empty where there is none."""
    return f"events/past/{year}/" if year is not None else ""

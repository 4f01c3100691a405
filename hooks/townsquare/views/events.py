"""The agenda: what takes place next, and the ways to what is over."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from townsquare.community import Community
from townsquare.imports import shown
from townsquare.makings import Making
from townsquare.pages import FeedLink, Page
from townsquare.queries import query
from townsquare.views import (
    event_formats,
    event_series,
    imported,
    months,
    occurrences,
    past_events,
)
from townsquare.views.calendar_links import calendar
from townsquare.views.lists import Count
from townsquare.views.occurrences import Nth, Row
from townsquare.views.shapes import list_page
from townsquare.wordbook import _, label

AT_PARTNERS = 5


def makings(_community: Community) -> Iterator[Making]:
    """The agenda alone."""
    yield Making("events/", "views.events:agenda")


def agenda(community: Community) -> Page:
    """What is to come, under its months."""
    feed = FeedLink(_("Events: announcements and changes"), "feeds/events.xml")
    tables = months.counts(community)
    this = months.name_of(community.clock.month())
    return list_page(
        community,
        "events/",
        _("Events"),
        "events.html",
        {
            "months": occurrences.by_month(community, occurrences.within_a_year(community)),
            "calendar_of_all": calendar(community, _("All events"), "events.ics"),
            "feed": feed,
            "has_months": bool(tables),
            "has_past": bool(past_events.counts(community)),
            "this_month": months.address(this) if this in tables else "",
            "partners": imported.event_rows(community, shown.coming(community)[:AT_PARTNERS]),
            "has_news": shown.has_any(community),
            "formats": event_formats.listed(community),
            "series": [
                Count(label(name), event_series.address(name), number)
                for name, number in event_series.counts(community).items()
            ],
        },
        description=_("What takes place next, and what is over."),
        feeds=(feed,),
        nav_order=200,
    )


def coming(community: Community, count: int) -> list[Row]:
    """The next occurrence of each event that has one, the soonest first."""
    return occurrences.rows(community, next_of_each(community, count))


@query
def next_of_each(community: Community, count: int) -> list[Nth]:
    """The next occurrence of each event that has one: the soonest of these."""
    found = [n for e in community.events for n in islice(occurrences.coming(community, e), 1)]
    return occurrences.soonest_first(community, found)[:count]

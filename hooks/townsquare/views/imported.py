"""What partners publish elsewhere, as their sources told it: always with whose it is.

It stands in lists of its own. The community's agenda, its calendars and its rules are about what it
holds itself, and nobody should take a partner's evening for one of those.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from townsquare.community import Community
from townsquare.imports import shown, sources
from townsquare.imports.shown import Ref
from townsquare.imports.snapshot import ImportedEvent
from townsquare.makings import Making
from townsquare.model import Entry
from townsquare.occasions import Details
from townsquare.pages import Page
from townsquare.recurrence import Occurrence
from townsquare.views import occurrences
from townsquare.views.lists import Linked, link_to
from townsquare.views.shapes import list_page
from townsquare.wordbook import _

ADDRESS = "partners/news/"
POSTS, EVENTS = 50, 50


class News(NamedTuple):
    """A partner's post on one line. `date` is a moment in the site's zone."""

    title: str
    url: str
    date: datetime
    author: str
    summary: str
    partner: Linked


class Row(NamedTuple):
    """A partner's event on one line; times are those of `occurrences.Row`."""

    title: str
    url: str
    start: date | datetime
    end: date | datetime | None
    zone: str
    where: str
    status: str
    summary: str
    partner: Linked


def makings(community: Community) -> Iterator[Making]:
    """The list of all that partners publish, where there is anything."""
    if shown.has_any(community):
        yield Making(ADDRESS, "views.imported:news")


def news(community: Community) -> Page:
    """What partners announce and have published."""
    data = {
        "events": event_rows(community, shown.coming(community)[:EVENTS]),
        "posts": post_lines(community, shown.published(community)[:POSTS]),
    }
    about = _("What our partners announce and publish on their own sites.")
    title = _("News from partners")
    return list_page(community, ADDRESS, title, "imported.html", data, description=about)


def followed(partner: Entry[Any]) -> list[Linked]:
    """The partner's own feeds and calendars that are switched on, for readers' own apps."""
    return [
        Linked(_("Their calendar"), "webcal:" + source.url.partition(":")[2])
        if source.what == "events"
        else Linked(_("Their feed"), source.url)
        for source in sources.of_partner(partner)
        if source.enabled
    ]


def post_lines(community: Community, refs: list[Ref]) -> list[News]:
    """The posts as lists show them, in this order."""
    zone = ZoneInfo(community.settings.timezone)
    return [
        News(
            post.title,
            post.url,
            post.date.astimezone(zone),
            post.author or "",
            post.summary or "",
            link_to(ref.partner),
        )
        for ref in refs
        for post in (shown.post(community, ref),)
    ]


def event_rows(community: Community, refs: list[Ref]) -> list[Row]:
    """The events as lists show them, in this order; without a page of its own, the partner's."""
    return [
        Row(
            event.title,
            event.url or ref.partner.fields.url,
            occurrences.local(held)[0],
            occurrences.printed_end(held),
            occurrences.zone_name(held),
            event.where or "",
            event.status,
            event.summary or "",
            link_to(ref.partner),
        )
        for ref in refs
        for event in (shown.event(community, ref),)
        for held in (_held(event),)
    ]


def _held(event: ImportedEvent) -> Occurrence:
    """The event as if it were one of our own, so that its times are printed alike."""
    start, zone = event.start, event.timezone or "UTC"
    end = event.end or start
    if not isinstance(end, datetime):
        end += timedelta(days=1)
    stated = event.end is not None
    return Occurrence(event.id, start, start, end, zone, Details(event.title), stated)

"""What each calendar is called, and where it stands.

Addresses come from ids and slugs, never from titles or files: they are what people subscribe to.
The calendar of all events, and those of tags and partners, begin on the first of the month twelve
months back; the others hold everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from townsquare import gatherings
from townsquare.community import Community
from townsquare.model import Entry
from townsquare.queries import query
from townsquare.values import value
from townsquare.wordbook import gettext as _

ALL = "events.ics"
TAGS, SERIES, PARTNERS = "tags", "series", "partners"
EVENTS, YEARS = "events", "archive"


@value
class Calendar:
    """A calendar to subscribe to; `page` is the address of the page that it belongs to."""

    address: str
    title: str
    page: str


def address(folder: str, name: str | int) -> str:
    """Where the calendar of this name stands, among those that gather in the same way."""
    return f"calendars/{folder}/{name}.ics"


def calendars(community: Community) -> Iterator[Calendar]:
    """Every calendar of the community, the one of all events first."""
    yield of_all(community)
    yield from (of_tag(community, slug) for slug in gatherings.tags(community))
    yield from (of_series(community, slug) for slug in gatherings.series(community))
    yield from (of_partner(community, each) for each in gatherings.partners(community))
    yield from (of_event(each) for each in gatherings.events(community))
    yield from (of_year(community, year) for year in gatherings.years(community))


def of_all(community: Community) -> Calendar:
    """The calendar of all events."""
    return Calendar(ALL, community.settings.site_name, "events/")


def of_tag(community: Community, slug: str) -> Calendar:
    """The calendar of events with a tag."""
    title = f"{community.settings.site_name}: {community.library.tags[slug].title}"
    return Calendar(address(TAGS, slug), title, f"tags/{slug}/")


def of_series(community: Community, slug: str) -> Calendar:
    """The calendar of a series."""
    title = f"{community.settings.site_name}: {slug}"
    return Calendar(address(SERIES, slug), title, f"events/series/{slug}/")


def of_partner(community: Community, partner: Entry[Any]) -> Calendar:
    """The calendar of events with a partner."""
    words = {"site": community.settings.site_name, "partner": partner.title}
    title = _("%(site)s with %(partner)s") % words
    return Calendar(address(PARTNERS, partner.id), title, partner.address)


def of_event(event: Entry[Any]) -> Calendar:
    """The calendar of a single event."""
    return Calendar(address(EVENTS, event.id), event.title, event.address)


def of_year(community: Community, year: int) -> Calendar:
    """The calendar of a year."""
    title = f"{community.settings.site_name} {year}"
    return Calendar(address(YEARS, year), title, f"events/past/{year}/")


@query
def carried_by(community: Community, key: str) -> tuple[str, ...]:
    """The addresses of the calendars that carry this entry, sorted."""
    return carrying(community).get(key, ())


@query
def carrying(community: Community) -> dict[str, tuple[str, ...]]:
    """By the key of each event, the addresses of the calendars that carry it, sorted."""
    found: dict[str, list[str]] = {}
    for at, entries in sorted(_held(community), key=lambda pair: pair[0]):
        for entry in entries:
            found.setdefault(entry.key, []).append(at)
    return {key: tuple(addresses) for key, addresses in found.items()}


def _held(community: Community) -> Iterator[tuple[str, gatherings.Entries]]:
    """Each calendar's address, and the events in it."""
    yield ALL, gatherings.recent(community)
    for slug in gatherings.tags(community):
        yield address(TAGS, slug), gatherings.recent_tagged(community, slug)
    for slug in gatherings.series(community):
        yield address(SERIES, slug), gatherings.in_series(community, slug)
    for partner in gatherings.partners(community):
        yield address(PARTNERS, partner.id), gatherings.recent_with(community, partner.id)
    for event in gatherings.events(community):
        yield address(EVENTS, event.id), (event,)
    for year in gatherings.years(community):
        yield address(YEARS, year), gatherings.in_year(community, year)

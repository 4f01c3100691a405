"""How to subscribe: every feed and calendar, with the addresses that apps take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from townsquare import catalogue
from townsquare.community import Community
from townsquare.makings import Making
from townsquare.model import Entry, Published
from townsquare.pages import FeedLink, Page
from townsquare.queries import query
from townsquare.views.calendar_links import Calendar, calendar
from townsquare.views.people import everybody
from townsquare.views.shapes import list_page
from townsquare.wordbook import _, label

RSS, JSON = "application/rss+xml", "application/feed+json"


def makings(_community: Community) -> Iterator[Making]:
    """The Subscribe page alone."""
    yield Making("subscribe/", "views.subscribe:subscribe")


def subscribe(community: Community) -> Page:
    """Every feed and calendar but those of single events."""
    return list_page(
        community,
        "subscribe/",
        _("Subscribe"),
        "subscribe.html",
        {
            "calendar": calendar(community, _("All events"), catalogue.ALL),
            "calendars": [(name, found) for name, found in _calendars(community) if found],
            "main_feeds": _main_feeds(),
            "feeds": [(name, found) for name, found in _feeds(community) if found],
        },
        description=_("News in your feed reader, events in your calendar."),
        nav_order=800,
    )


def _calendars(community: Community) -> list[tuple[str, list[Calendar]]]:
    """Calendars by what they gather, named; those of single events are left out."""
    library = community.library
    groups: dict[str, tuple[str, Callable[[str], str]]] = {
        "tags": (_("Events by tag"), lambda slug: library.tags[slug].title),
        "series": (_("Events by series"), label),
        "partners": (_("Events by partner"), lambda id: _partner(community, id)),
        "archive": (_("Events by year"), str),
    }
    found: dict[str, list[Calendar]] = {folder: [] for folder in groups}
    for address in calendar_addresses(community):
        _calendars_folder, _slash, rest = address.partition("/")
        folder, _slash, file = rest.partition("/")
        if folder in groups:
            title = groups[folder][1](file.removesuffix(".ics"))
            found[folder].append(calendar(community, title, address))
    return [
        (name, sorted(found[folder], key=lambda c: (c.title.casefold(), c.address)))
        for folder, (name, _title) in groups.items()
    ]


@query
def calendar_addresses(community: Community) -> list[str]:
    """The addresses of all calendars."""
    return [each.address for each in catalogue.calendars(community)]


def _partner(community: Community, id: str) -> str:
    entry = community.library.find("partner", id)
    return entry.title if entry else id


def _main_feeds() -> list[FeedLink]:
    return [
        FeedLink(_("News, as Atom"), "atom.xml"),
        FeedLink(_("News, as RSS"), "rss.xml", RSS),
        FeedLink(_("News, as JSON Feed"), "feed.json", JSON),
        FeedLink(_("Events: announcements and changes"), "feeds/events.xml"),
        FeedLink(_("Changes in the guidelines"), "feeds/guidelines.xml"),
    ]


def _feeds(community: Community) -> list[tuple[str, list[FeedLink]]]:
    tags = [
        FeedLink(community.library.tags[slug].title, f"feeds/tags/{slug}.xml")
        for slug in tags_with_posts(community)
    ]
    people = [FeedLink(e.title, f"feeds/people/{e.id}.xml") for e in authors(community)]
    tags.sort(key=lambda feed: (feed.title.casefold(), feed.address))
    return [(_("News by tag"), tags), (_("News by author"), people)]


@query
def tags_with_posts(community: Community) -> list[str]:
    """The slugs of tags of which there is any news."""
    return [
        slug
        for slug, entries in community.tagged.items()
        if any(isinstance(e.fields, Published) for e in entries)
    ]


@query
def authors(community: Community) -> list[Entry[Any]]:
    """Listed people who wrote anything, by name."""
    return [
        entry
        for entry in everybody(community)
        if any(role == "author" for role, _done in community.credited(entry.id))
    ]

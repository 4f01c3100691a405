"""How to subscribe: every feed and calendar, with the addresses that apps take."""

from __future__ import annotations

from collections.abc import Iterator

from townsquare import catalogue
from townsquare.community import Community
from townsquare.model import Published
from townsquare.pages import FeedLink, Page
from townsquare.views.lists import list_page
from townsquare.views.people import everybody
from townsquare.views.subscriptions import Calendar, calendar
from townsquare.wordbook import _

RSS, JSON = "application/rss+xml", "application/feed+json"


def pages(community: Community) -> Iterator[Page]:
    """The Subscribe page alone."""
    yield list_page(
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
    every = catalogue.calendars(community)
    groups = {
        "calendars/tags/": _("Events by tag"),
        "calendars/series/": _("Events by series"),
        "calendars/partners/": _("Events by partner"),
        "calendars/archive/": _("Events by year"),
    }
    site = f"{community.settings.site_name}: "
    return [
        (
            name,
            [
                calendar(community, each.title.removeprefix(site), each.address)
                for each in every
                if each.address.startswith(folder)
            ],
        )
        for folder, name in groups.items()
    ]


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
        for slug, entries in community.tagged.items()
        if any(isinstance(e.fields, Published) for e in entries)
    ]
    people = [
        FeedLink(entry.title, f"feeds/people/{entry.id}.xml")
        for entry in everybody(community)
        if any(role == "author" for role, _done in community.credited(entry.id))
    ]
    tags.sort(key=lambda feed: (feed.title.casefold(), feed.address))
    return [(_("News by tag"), tags), (_("News by author"), people)]

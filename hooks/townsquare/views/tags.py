"""Tags: each gathers what carries it, of every kind, with its feed and calendar."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from townsquare.community import Community
from townsquare.library import Tag
from townsquare.model import Dated, Entry, Published
from townsquare.pages import FeedLink, Page
from townsquare.views import occurrences
from townsquare.views.calendar_links import calendar
from townsquare.views.lists import Count, Item, item, list_page
from townsquare.wordbook import _


def pages(community: Community) -> Iterator[Page]:
    """The index of tags and a page for each, listed ones without entries too."""
    tags = community.library.tags
    counts = [
        Count(tags[slug].title, f"tags/{slug}/", len(entries))
        for slug, entries in community.tagged.items()
    ]
    counts.sort(key=lambda c: (c.title.casefold(), c.address))
    about = _("Everything by subject.")
    yield list_page(community, "tags/", _("Tags"), "tags.html", {"tags": counts}, description=about)
    for slug, entries in community.tagged.items():
        yield _tag(community, slug, tags[slug], entries)


def _tag(community: Community, slug: str, tag: Tag, entries: list[Entry[Any]]) -> Page:
    events = [e for e in entries if isinstance(e.fields, Dated)]
    posts = [e for e in entries if isinstance(e.fields, Published)]
    others = [e for e in entries if not isinstance(e.fields, Dated | Published)]
    coming = [e for e in events if not occurrences.is_over(community, e)]
    over = [e for e in events if occurrences.is_over(community, e)]
    address = f"calendars/tags/{slug}.ics"
    feed = FeedLink(_("News: %(tag)s") % {"tag": tag.title}, f"feeds/tags/{slug}.xml")
    return list_page(
        community,
        f"tags/{slug}/",
        tag.title,
        "tag.html",
        {
            "description": tag.description or "",
            "coming": sorted(_items(community, coming), key=lambda i: (i.sorted_by, i.title)),
            "posts": _newest_first(_items(community, posts)),
            "others": sorted(_items(community, others), key=lambda i: (i.kind, i.title.casefold())),
            "past": _newest_first(_items(community, over)),
            "feed": feed,
            "calendar": calendar(community, _("Events: %(tag)s") % {"tag": tag.title}, address)
            if events
            else None,
        },
        description=tag.description or "",
        feeds=(feed,),
    )


def _items(community: Community, entries: list[Entry[Any]]) -> list[Item]:
    return [item(community, entry) for entry in entries]


def _newest_first(items: list[Item]) -> list[Item]:
    return sorted(items, key=lambda i: (i.sorted_by, i.title), reverse=True)

"""Tags: each gathers what carries it, of every kind, with its feed and calendar."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from townsquare.community import Community
from townsquare.makings import Making
from townsquare.model import Dated, Entry, Published
from townsquare.pages import FeedLink, Page
from townsquare.queries import query
from townsquare.views import occurrences
from townsquare.views.calendar_links import calendar
from townsquare.views.lists import Count, Item, item
from townsquare.views.shapes import list_page
from townsquare.wordbook import _


def makings(community: Community) -> Iterator[Making]:
    """The index of tags and a page for each, listed ones without entries too."""
    yield Making("tags/", "views.tags:index")
    for slug in counts(community):
        yield Making(f"tags/{slug}/", "views.tags:tag", (slug,))


@query
def counts(community: Community) -> dict[str, int]:
    """How many visible entries each tag has, in the order of topics."""
    return {slug: len(entries) for slug, entries in community.tagged.items()}


@query
def tagged(community: Community, slug: str) -> list[Entry[Any]]:
    """The visible entries of this tag, by path."""
    return community.tagged.get(slug, [])


def index(community: Community) -> Page:
    """All tags by title, each with how much it gathers."""
    titles = community.library.tags
    found = [Count(titles[s].title, f"tags/{s}/", n) for s, n in counts(community).items()]
    data = {"tags": sorted(found, key=lambda c: (c.title.casefold(), c.address))}
    about = _("Everything by subject.")
    return list_page(community, "tags/", _("Tags"), "tags.html", data, description=about)


def tag(community: Community, slug: str) -> Page:
    """What a tag gathers, by kind."""
    about, entries = community.library.tags[slug], tagged(community, slug)
    events = [e for e in entries if isinstance(e.fields, Dated)]
    posts = [e for e in entries if isinstance(e.fields, Published)]
    others = [e for e in entries if not isinstance(e.fields, Dated | Published)]
    coming = [e for e in events if not occurrences.is_over(community, e)]
    over = [e for e in events if occurrences.is_over(community, e)]
    address = f"calendars/tags/{slug}.ics"
    feed = FeedLink(_("News: %(tag)s") % {"tag": about.title}, f"feeds/tags/{slug}.xml")
    return list_page(
        community,
        f"tags/{slug}/",
        about.title,
        "tag.html",
        {
            "description": about.description or "",
            "coming": sorted(_items(community, coming), key=lambda i: (i.sorted_by, i.title)),
            "posts": _newest_first(_items(community, posts)),
            "others": sorted(_items(community, others), key=lambda i: (i.kind, i.title.casefold())),
            "past": _newest_first(_items(community, over)),
            "feed": feed,
            "calendar": calendar(community, _("Events: %(tag)s") % {"tag": about.title}, address)
            if events
            else None,
        },
        description=about.description or "",
        feeds=(feed,),
    )


def _items(community: Community, entries: list[Entry[Any]]) -> list[Item]:
    return [item(community, entry) for entry in entries]


def _newest_first(items: list[Item]) -> list[Item]:
    return sorted(items, key=lambda i: (i.sorted_by, i.title), reverse=True)

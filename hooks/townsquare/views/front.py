"""The front page: what is new, what is next, who is new, and the ways in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from townsquare.community import Community
from townsquare.makings import Making
from townsquare.model import Entry
from townsquare.pages import Page
from townsquare.queries import query
from townsquare.views import channels, events, guidelines, onboarding, people, structured, thanks
from townsquare.views.lists import teaser
from townsquare.views.shapes import list_page

POSTS = 5
EVENTS = 5
PEOPLE = 8
DAYS_NEW = 92


def makings(_community: Community) -> Iterator[Making]:
    """The front page alone."""
    yield Making("", "views.front:front")


def front(community: Community) -> Page:
    """The site's front page."""
    settings = community.settings
    page = list_page(
        community,
        "",
        settings.site_name,
        "front.html",
        {
            "posts": [teaser(community, p) for p in newest_posts(community, POSTS)],
            "events": events.coming(community, EVENTS),
            "thanks": thanks.thanks(community),
            "people": [people.listed(community, p) for p in new_people(community)],
            "guidelines": [guidelines.listed(g) for g in channels.active(community)],
            "paths": [onboarding.listed_path(community, p) for p in onboarding.paths(community)],
        },
        description=settings.site_description or "",
        nav_order=0,
    )
    return replace(page, structured=structured.website(community))


@query
def newest_posts(community: Community, count: int) -> list[Entry[Any]]:
    """The newest of all posts, the newest first."""
    return community.posts[:count]


@query
def new_people(community: Community) -> list[Entry[Any]]:
    """Listed people who joined in the three months before this month, or since; newest first."""
    since = community.clock.month() - timedelta(days=DAYS_NEW)
    joined = [e for e in people.everybody(community) if _joined(community, e, since)]
    return sorted(joined, key=lambda e: e.fields.joined, reverse=True)[:PEOPLE]


def _joined(community: Community, entry: Entry[Any], since: date) -> bool:
    day = entry.fields.joined
    begun = day and community.clock.day_passed(day - timedelta(days=1))
    return bool(begun and day >= since)

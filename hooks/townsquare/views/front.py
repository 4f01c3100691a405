"""The front page: what is new, what is next, who is new, and the ways in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from townsquare.community import Community
from townsquare.model import Entry
from townsquare.pages import Page
from townsquare.views import events, guidelines, onboarding, people, structured
from townsquare.views.lists import list_page, teaser

POSTS = 5
EVENTS = 5
PEOPLE = 8
DAYS_NEW = 92


def pages(community: Community) -> Iterator[Page]:
    """The front page alone."""
    settings = community.settings
    page = list_page(
        community,
        "",
        settings.site_name,
        "front.html",
        {
            "posts": [teaser(community, p) for p in community.posts[:POSTS]],
            "events": events.coming(community, EVENTS),
            "people": [people.listed(community, p) for p in new_people(community)],
            "guidelines": [guidelines.listed(g) for g in guidelines.active(community)],
            "paths": [onboarding.listed_path(community, p) for p in onboarding.paths(community)],
        },
        description=settings.site_description or "",
        nav_order=0,
    )
    yield replace(page, structured=structured.website(community))


def new_people(community: Community) -> list[Entry[Any]]:
    """Listed people who joined in the three months before this month, or since; newest first."""
    since = community.clock.month() - timedelta(days=DAYS_NEW)
    joined = [e for e in people.everybody(community) if _joined(community, e, since)]
    return sorted(joined, key=lambda e: e.fields.joined, reverse=True)[:PEOPLE]


def _joined(community: Community, entry: Entry[Any], since: date) -> bool:
    day = entry.fields.joined
    begun = day and community.clock.day_passed(day - timedelta(days=1))
    return bool(begun and day >= since)

"""People: the directory, and what each of them did here."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

from townsquare.community import Community
from townsquare.figures.contributions import COMMIT, REVIEW, done_by
from townsquare.makings import Making
from townsquare.model import Entry
from townsquare.pages import FeedLink, Page
from townsquare.queries import query
from townsquare.views import structured
from townsquare.views.lists import Item, Picture, item, picture
from townsquare.views.shapes import entry_page, list_page
from townsquare.wordbook import _


class Listed(NamedTuple):
    """A person as the directory shows them."""

    name: str
    address: str
    pronouns: str
    avatar: Picture | None
    roles: tuple[Any, ...]
    description: str
    contributions: int


class Credits(NamedTuple):
    """What somebody did in one role, the newest first."""

    role: str
    credited: tuple[Item, ...]


def makings(community: Community) -> Iterator[Making]:
    """The directory and a page for each listed person."""
    yield Making("people/", "views.people:directory")
    for entry in everybody(community):
        yield Making(entry.address, "views.people:person", (entry.key,))


def directory(community: Community) -> Page:
    """Everybody who is listed, those who have left every role apart."""
    people = everybody(community)
    former = {p.key for p in people if p.fields.has_left(community.clock)}
    return list_page(
        community,
        "people/",
        _("People"),
        "people.html",
        {
            "people": [listed(community, p) for p in people if p.key not in former],
            "former": [listed(community, p) for p in people if p.key in former],
        },
        description=_("Who makes this community what it is."),
        nav_order=500,
    )


@query
def everybody(community: Community) -> list[Entry[Any]]:
    """Listed people by name."""
    return sorted(community.readable("person"), key=lambda e: (e.title.casefold(), e.id))


def listed(community: Community, entry: Entry[Any]) -> Listed:
    """The person as lists of people show them, with the roles that they have now."""
    fields = entry.fields
    current, _past = roles(community, entry)
    return Listed(
        entry.title,
        entry.address,
        fields.pronouns or "",
        picture(community, entry, fields.avatar),
        tuple(current),
        fields.summary(),
        sum(done.times for done in done_by(community, entry.key)),
    )


def roles(community: Community, entry: Entry[Any]) -> tuple[list[Any], list[Any]]:
    """The person's roles now, and those whose term is over, the latest first."""
    over = [r for r in entry.fields.roles if r.until and community.clock.day_passed(r.until)]
    current = [r for r in entry.fields.roles if r not in over]
    return current, sorted(over, key=lambda r: r.until, reverse=True)


def person(community: Community, key: str) -> Page:
    """A person's own page: their roles, and what they did here."""
    entry = community.library.entry(key)
    current, past = roles(community, entry)
    credited = community.credited(entry.id)
    wrote = any(role == "author" for role, _done in credited)
    feed = FeedLink(_("Posts by %(name)s") % {"name": entry.title}, f"feeds/people/{entry.id}.xml")
    avatar = picture(community, entry, entry.fields.avatar)
    return entry_page(
        community,
        entry,
        avatar=avatar,
        current=current,
        past=past,
        credits=[
            Credits(role, _newest_first(community, [done for _role, done in found]))
            for role, found in groupby(credited, lambda pair: pair[0])
        ],
        in_git=[done for done in done_by(community, key) if done.role in (COMMIT, REVIEW)],
        feed=feed if wrote else None,
        feeds=(feed,) if wrote else (),
        structured=structured.person(community, entry, avatar.address if avatar else ""),
    )


def _newest_first(community: Community, done: list[Entry[Any]]) -> tuple[Item, ...]:
    items = [item(community, entry) for entry in done]
    return tuple(sorted(items, key=lambda i: (i.sorted_by, i.title), reverse=True))

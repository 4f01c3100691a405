"""Onboarding: paths into a role, and the guides that they are made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from townsquare.beside import is_elsewhere, path_beside
from townsquare.community import Community
from townsquare.library import spelling
from townsquare.makings import Making
from townsquare.model import Entry
from townsquare.pages import Page
from townsquare.queries import query
from townsquare.views.lists import (
    Linked,
    all_linked,
    link_to,
    linked,
    person,
    with_neighbours,
)
from townsquare.views.shapes import entry_page, introduction, list_page, outline
from townsquare.wordbook import _


class Guide(NamedTuple):
    """A guide as lists show it. `minutes` is none where nobody has told.

    `steps` is how many there are to tick; `overdue` tells that nobody has followed them in time.
    """

    id: str
    title: str
    address: str
    minutes: int | None
    audience: str
    description: str
    steps: int
    overdue: bool


class Path(NamedTuple):
    """A path as lists show it. `minutes` is none where one guide's are not known."""

    title: str
    address: str
    role: str
    audience: str
    guides: int
    minutes: int | None
    description: str


class Step(NamedTuple):
    """One thing to do. `key` names it in the reader's browser. It leads to a page, or elsewhere."""

    key: str
    title: str
    address: str
    fragment: str
    url: str
    done_when: str


def makings(community: Community) -> Iterator[Making]:
    """The ways in, every path with the page at its end, and every guide."""
    ways, guides = paths(community), community.readable("guide")
    if ways or guides or introduction(community, "onboarding/"):
        yield Making("onboarding/", "views.onboarding:index")
    for entry in ways:
        yield Making(entry.address, "views.onboarding:path", (entry.key,))
        yield Making(end_of(entry), "views.onboarding:done", (entry.key,))
    for entry in guides:
        yield Making(entry.address, "views.onboarding:guide", (entry.key,))


@query
def paths(community: Community) -> list[Entry[Any]]:
    """Visible paths by role, then title."""
    found = community.readable("path")
    return sorted(found, key=lambda e: ((e.fields.role or "").casefold(), e.title.casefold(), e.id))


def listed_path(community: Community, entry: Entry[Any]) -> Path:
    """The path as lists show it."""
    fields = entry.fields
    guides = _guides_of(community, entry)
    total = total_minutes([g.fields.minutes for g in guides])
    return Path(
        entry.title, entry.address, fields.role or "", fields.audience or "",
        len(guides), total, fields.summary(),
    )  # fmt: skip


def total_minutes(minutes: Sequence[int | None]) -> int | None:
    """The sum; unknown as soon as one part is, and for nothing at all."""
    known = [m for m in minutes if m is not None]
    return sum(known) if known and len(known) == len(minutes) else None


def _guides_of(community: Community, path: Entry[Any]) -> list[Entry[Any]]:
    """The visible guides of a path, in order."""
    found = (community.library.find("guide", id) for id in path.fields.guides)
    return [g for g in found if g and community.library.shown(g)]


def _listed_guide(community: Community, entry: Entry[Any]) -> Guide:
    fields = entry.fields
    return Guide(
        entry.id, entry.title, entry.address, fields.minutes, fields.audience or "",
        fields.summary(), len(fields.steps), due_since(community, entry) is not None,
    )  # fmt: skip


def due_since(community: Community, guide: Entry[Any]) -> date | None:
    """The day on which somebody should have followed the steps again, where that day is over."""
    last, every = guide.fields.last_review(), guide.fields.review_every
    due = every.after(last) if last and every else None
    return due if due and community.clock.day_passed(due) else None


@query
def guides_without_path(community: Community) -> list[Entry[Any]]:
    """Guides that no visible path names, by title."""
    reached = {id for path in paths(community) for id in path.fields.guides}
    others = [guide for guide in community.readable("guide") if guide.id not in reached]
    return sorted(others, key=lambda guide: guide.title.casefold())


def index(community: Community) -> Page:
    """The paths, and the guides beside them."""
    return list_page(
        community,
        "onboarding/",
        _("Getting started"),
        "onboarding.html",
        {
            "paths": [listed_path(community, p) for p in paths(community)],
            "guides": [_listed_guide(community, g) for g in guides_without_path(community)],
        },
        description=_("Ways into the community, one small step after the other."),
        nav_order=300,
    )


def path(community: Community, key: str) -> Page:
    """A path's own page: its guides in order."""
    entry = community.library.entry(key)
    guides = _guides_of(community, entry)
    return entry_page(
        community,
        entry,
        guides=[_listed_guide(community, g) for g in guides],
        minutes=total_minutes([g.fields.minutes for g in guides]),
        owner=person(community, entry.fields.owner),
        contact=_contact(community, entry),
        end=end_of(entry),
    )


def end_of(path: Entry[Any]) -> str:
    """The address of the page for those who have done the path."""
    return f"{path.address}done/"


def done(community: Community, key: str) -> Page:
    """What a path ends with: no certificate, but something to do, and somebody to ask."""
    entry = community.library.entry(key)
    fields = entry.fields
    data = {
        "path": link_to(entry),
        "outcome": fields.outcome or "",
        "steps": steps_of(community, entry, fields.first_contribution),
        "repository": community.settings.repo_url or "",
        "owner": person(community, fields.owner),
        "contact": _contact(community, entry),
        "others": [listed_path(community, p) for p in paths(community) if p is not entry],
    }
    title = _("Done: %(path)s") % {"path": entry.title}
    return list_page(community, end_of(entry), title, "path_done.html", data)


def _contact(community: Community, entry: Entry[Any]) -> str:
    """Whom to ask: what the entry says, else where members ask anything."""
    return entry.fields.contact or community.settings.question or ""


class Place(NamedTuple):
    """A guide's place in a path, counted from one, and the guide that follows it there."""

    path: Entry[Any]
    number: int
    total: int
    next: Entry[Any] | None


class Placed(NamedTuple):
    """A guide's place in a path, as its page prints it. `end` is where the last one leads."""

    path: Linked
    number: int
    total: int
    next: Linked | None
    end: str


@query
def places(community: Community) -> dict[str, list[Place]]:
    """For each guide, by its id, where it stands in the paths."""
    found: dict[str, list[Place]] = {}
    for path in paths(community):
        guides = _guides_of(community, path)
        for at, (_before, guide, after) in enumerate(with_neighbours(guides), start=1):
            found.setdefault(guide.id, []).append(Place(path, at, len(guides), after))
    return found


@query
def places_of(community: Community, id: str) -> list[Place]:
    """Where this guide stands in the paths, in their order."""
    return places(community).get(id, [])


def _placed(place: Place) -> Placed:
    after = link_to(place.next) if place.next else None
    return Placed(link_to(place.path), place.number, place.total, after, end_of(place.path))


def guide(community: Community, key: str) -> Page:
    """A guide's own page: what to do, and in which paths."""
    entry = community.library.entry(key)
    fields = entry.fields
    steps = steps_of(community, entry, fields.steps)
    return entry_page(
        community,
        entry,
        headings=outline(community, entry, after={"ts-steps": _("Steps")} if steps else {}),
        prerequisites=all_linked(community, "guide", fields.prerequisites),
        steps=steps,
        placed=[_placed(place) for place in places_of(community, entry.id)],
        next=linked(community, "guide", fields.next),
        owner=person(community, fields.owner),
        contact=_contact(community, entry),
        due_since=due_since(community, entry),
    )


def steps_of(community: Community, entry: Entry[Any], steps: Sequence[Any]) -> list[Step]:
    """Steps that the entry names, with keys of their own, which survive a change of order."""
    found: list[Step] = []
    seen: dict[str, int] = {}
    for step in steps:
        word = spelling(step.title) or "step"
        seen[word] = seen.get(word, 0) + 1
        key = f"{word}-{seen[word]}" if seen[word] > 1 else word
        target = _target(community, entry, step.link)
        found.append(Step(key, step.title, *target, step.done_when or ""))
    return found


def _target(community: Community, entry: Entry[Any], link: str | None) -> tuple[str, str, str]:
    """Where a step leads: an address on this site and a fragment, or an address elsewhere."""
    if not link:
        return "", "", ""
    if is_elsewhere(link):
        return "", "", link
    name, _hash, fragment = link.partition("#")
    path = path_beside(entry, name) if name else entry.path
    return community.addresses.find(path) or "", fragment, ""

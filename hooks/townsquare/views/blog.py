"""The blog: posts, and the lists in which they stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from townsquare.beside import address_beside
from townsquare.community import Community
from townsquare.model import Entry
from townsquare.pages import FeedLink, Page
from townsquare.views import structured
from townsquare.views.lists import (
    Count,
    Linked,
    Picture,
    all_linked,
    credits_of,
    entry_page,
    link_to,
    linked,
    list_page,
    picture,
    teaser,
)
from townsquare.wordbook import _, label, month


class Media(NamedTuple):
    """A recording as its post shows it. `own` recordings are served by this site."""

    type: str
    address: str
    own: bool
    mime: str
    duration: Any
    poster: Picture | None
    transcript: str
    captions: str


class Series(NamedTuple):
    """A post's place in its series, counted from one."""

    title: str
    address: str
    number: int
    total: int
    previous: Linked | None
    next: Linked | None


def pages(community: Community) -> Iterator[Page]:
    """The blog's index and its older pages, archives, series, and every post."""
    posts = community.posts
    series = _by_series(posts)
    yield from _index(community, posts)
    yield from _archives(community, posts)
    yield from _series_pages(community, series)
    places = _places(series)
    for number, entry in enumerate(posts):
        if entry.kind.name == "post":
            newer = link_to(posts[number - 1]) if number else None
            older = link_to(posts[number + 1]) if number + 1 < len(posts) else None
            yield _post(community, entry, older, newer, places.get(entry.key))


def page_bounds(total: int, size: int) -> list[tuple[int, int]]:
    """Where each page begins and ends among entries sorted from the oldest.

    Page N (from one) is full and never changes when entries are added; the last, which has no
    number, is the index: the newest full page and what has not filled another yet.
    """
    full = max(0, total // size - 1)
    bounds = [(number * size, (number + 1) * size) for number in range(full)]
    return [*bounds, (full * size, total)]


def _index(community: Community, posts: list[Entry[Any]]) -> Iterator[Page]:
    oldest_first = posts[::-1]
    bounds = page_bounds(len(posts), max(1, community.settings.page_size))
    for number, (first, last) in enumerate(bounds, start=1):
        here = oldest_first[first:last][::-1]
        newest = number == len(bounds)
        pinned = [p for p in posts if getattr(p.fields, "pinned", False)] if newest else []
        above = {p.key for p in pinned}
        yield list_page(
            community,
            "blog/" if newest else f"blog/page/{number}/",
            _("Blog") if newest else _("Blog, page %(number)s") % {"number": number},
            "blog.html",
            {
                "pinned": [teaser(community, p) for p in pinned],
                "posts": [teaser(community, p) for p in here if p.key not in above],
                "older": _page_link(number - 1, len(bounds)),
                "newer": _page_link(number + 1, len(bounds)),
            },
            description=_("News from the community, the newest first."),
            nav_order=100 if newest else None,
        )


def _page_link(number: int, index: int) -> str:
    """The address of a page of the blog by its number; empty where there is none."""
    if not 1 <= number <= index:
        return ""
    return "blog/" if number == index else f"blog/page/{number}/"


def _archives(community: Community, posts: list[Entry[Any]]) -> Iterator[Page]:
    by_date = sorted(posts, key=lambda p: (_day(p), p.id), reverse=True)
    years = {year: list(found) for year, found in groupby(by_date, lambda p: _day(p).year)}
    series = [Count(label(s), f"blog/series/{s}/", len(p)) for s, p in _by_series(posts).items()]
    counts = [Count(str(year), f"blog/archive/{year}/", len(p)) for year, p in years.items()]
    data = {"years": counts, "series": sorted(series)}
    yield list_page(community, "blog/archive/", _("Archive"), "archive.html", data)
    order = list(years)
    for number, (year, found) in enumerate(years.items()):
        near = order[number + 1 : number + 2], order[max(0, number - 1) : number]
        older, newer = (f"blog/archive/{y[0]}/" if y else "" for y in near)
        months = [
            (month(first), [teaser(community, p) for p in inside])
            for first, inside in groupby(found, lambda p: _day(p).replace(day=1))
        ]
        title = _("Posts from %(year)s") % {"year": year}
        data = {"months": months, "older": older, "newer": newer}
        yield list_page(community, f"blog/archive/{year}/", title, "archive_year.html", data)


def _day(entry: Entry[Any]) -> date:
    stated = entry.fields.date
    return date(stated.year, stated.month, stated.day)


def _by_series(posts: list[Entry[Any]]) -> dict[str, list[Entry[Any]]]:
    """Posts by their series, the oldest first."""
    found: dict[str, list[Entry[Any]]] = {}
    for entry in reversed(posts):
        if name := getattr(entry.fields, "series", None):
            found.setdefault(name, []).append(entry)
    return found


def _places(series: dict[str, list[Entry[Any]]]) -> dict[str, Series]:
    """For each post of a series, by its key, where it stands in it."""
    found: dict[str, Series] = {}
    for name, posts in series.items():
        links = [link_to(p) for p in posts]
        for at, entry in enumerate(posts):
            previous = links[at - 1] if at else None
            after = links[at + 1] if at + 1 < len(links) else None
            address = f"blog/series/{name}/"
            found[entry.key] = Series(label(name), address, at + 1, len(links), previous, after)
    return found


def _series_pages(community: Community, series: dict[str, list[Entry[Any]]]) -> Iterator[Page]:
    for name, posts in sorted(series.items()):
        data = {"posts": [teaser(community, p) for p in posts]}
        title = _("Series: %(name)s") % {"name": label(name)}
        yield list_page(community, f"blog/series/{name}/", title, "series.html", data)


def _post(
    community: Community,
    entry: Entry[Any],
    older: Linked | None,
    newer: Linked | None,
    series: Series | None,
) -> Page:
    authors = [community.named(who) for _role, who in credits_of(entry)]
    return entry_page(
        community,
        entry,
        authors=authors,
        series=series,
        media=_media(community, entry),
        event=linked(community, "event", entry.fields.event),
        partners=all_linked(community, "partner", entry.fields.partners),
        older=older,
        newer=newer,
        feeds=tuple(
            FeedLink(_("Posts by %(name)s") % {"name": a.name}, f"feeds/people/{a.id}.xml")
            for a in authors
            if a.id
        ),
        structured=structured.posting(community, entry, authors),
        canonical=entry.fields.canonical or "",
    )


def _media(community: Community, entry: Entry[Any]) -> Media | None:
    media = entry.fields.media
    own = address_beside(community.library, entry, media.file) if media else ""
    if not media or not (own or media.url):
        return None
    return Media(
        media.type,
        own or media.url,
        bool(own),
        media.mime or "",
        media.duration,
        picture(community, entry, media.poster),
        address_beside(community.library, entry, media.transcript),
        address_beside(community.library, entry, media.captions),
    )

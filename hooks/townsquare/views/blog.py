"""The blog's lists: its pages from the oldest on, the archive by years, and series."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Any

from townsquare.community import Community
from townsquare.imports import shown
from townsquare.makings import Making
from townsquare.model import Entry
from townsquare.pages import Page
from townsquare.queries import query
from townsquare.views.lists import (
    Count,
    Teaser,
    posts_by,
    posts_where,
    teaser,
    with_neighbours,
)
from townsquare.views.shapes import list_page
from townsquare.wordbook import _, label, month


def makings(community: Community) -> Iterator[Making]:
    """The blog's index and its older pages, archives and series."""
    yield from _numbered(community)
    yield Making("blog/archive/", "views.blog:archive")
    for newer, year, older in with_neighbours(list(year_counts(community))):
        yield Making(_year_address(year), "views.blog:archive_year", (year, older, newer))
    for name in series_counts(community):
        yield Making(series_address(name), "views.blog:series", (name,))


def _numbered(community: Community) -> Iterator[Making]:
    bounds = page_bounds(len(community.posts), max(1, community.settings.page_size))
    for number, (first, last) in enumerate(bounds, start=1):
        older, newer = (_page_link(near, len(bounds)) for near in (number - 1, number + 1))
        if newer:
            args = (number, first, last, older, newer)
            yield Making(f"blog/page/{number}/", "views.blog:older_page", args)
        else:
            yield Making("blog/", "views.blog:index", (first, last, older))


def page_bounds(total: int, size: int) -> list[tuple[int, int]]:
    """Where each page begins and ends among entries sorted from the oldest.

    Page N (from one) is full and never changes when entries are added; the last, which has no
    number, is the index: the newest full page and what has not filled another yet.
    """
    full = max(0, total // size - 1)
    bounds = [(number * size, (number + 1) * size) for number in range(full)]
    return [*bounds, (full * size, total)]


def _page_link(number: int, index: int) -> str:
    """The address of a page of the blog by its number; empty where there is none."""
    if not 1 <= number <= index:
        return ""
    return "blog/" if number == index else f"blog/page/{number}/"


@query
def posts_between(community: Community, first: int, last: int) -> list[Entry[Any]]:
    """The posts from one place to before another, counted from the oldest; the newest first."""
    total = len(community.posts)
    return community.posts[max(0, total - last) : max(0, total - first)]


@query
def pinned(community: Community) -> list[Entry[Any]]:
    """The posts that stand above all others, the newest first."""
    return [post for post in community.posts if getattr(post.fields, "pinned", False)]


def index(community: Community, first: int, last: int, older: str) -> Page:
    """The newest posts, below those that are pinned."""
    above = pinned(community)
    keys = {post.key for post in above}
    rest = [post for post in posts_between(community, first, last) if post.key not in keys]
    near = {"older": older, "newer": ""}
    data = {"pinned": _teasers(community, above), "posts": _teasers(community, rest)} | near
    data |= {"has_news": shown.has_any(community)}
    about = _("News from the community, the newest first.")
    return list_page(
        community, "blog/", _("Blog"), "blog.html", data, description=about, nav_order=100
    )


def older_page(
    community: Community, number: int, first: int, last: int, older: str, newer: str
) -> Page:
    """A full page of the blog, by its number from the oldest, between its neighbours' addresses."""
    posts = _teasers(community, posts_between(community, first, last))
    data = {"pinned": [], "posts": posts, "older": older, "newer": newer, "has_news": False}
    title = _("Blog, page %(number)s") % {"number": number}
    about = _("News from the community, the newest first.")
    return list_page(community, f"blog/page/{number}/", title, "blog.html", data, description=about)


def _teasers(community: Community, posts: Iterable[Entry[Any]]) -> list[Teaser]:
    return [teaser(community, post) for post in posts]


@query
def posts_by_year(community: Community) -> dict[int, list[Entry[Any]]]:
    """Posts by the year of their date, the newest first in either."""
    by_date = sorted(community.posts, key=lambda p: (_day(p), p.id), reverse=True)
    return {year: list(found) for year, found in groupby(by_date, lambda p: _day(p).year)}


@query
def year_counts(community: Community) -> dict[int, int]:
    """How many posts each year has, the latest first."""
    return {year: len(posts) for year, posts in posts_by_year(community).items()}


@query
def posts_of_year(community: Community, year: int) -> list[Entry[Any]]:
    """The posts of this year, the newest first."""
    return posts_by_year(community).get(year, [])


@query
def series_counts(community: Community) -> dict[str, int]:
    """How many posts each series has, in the order of names."""
    return {name: len(posts) for name, posts in sorted(posts_by(community, "series").items())}


def archive(community: Community) -> Page:
    """The years and the series, each with how much it holds."""
    years, names = year_counts(community).items(), series_counts(community).items()
    data = {
        "years": [Count(str(year), _year_address(year), number) for year, number in years],
        "series": sorted(Count(label(s), series_address(s), number) for s, number in names),
    }
    return list_page(community, "blog/archive/", _("Archive"), "archive.html", data)


def archive_year(community: Community, year: int, older: int | None, newer: int | None) -> Page:
    """A year's posts under their months, between the years that have any."""
    by_month = groupby(posts_of_year(community, year), lambda p: _day(p).replace(day=1))
    months = [(month(first), _teasers(community, inside)) for first, inside in by_month]
    data = {"months": months, "older": _year_address(older), "newer": _year_address(newer)}
    title = _("Posts from %(year)s") % {"year": year}
    return list_page(community, _year_address(year), title, "archive_year.html", data)


def _year_address(year: int | None) -> str:
    """The address of a year's page; empty where there is none."""
    return f"blog/archive/{year}/" if year is not None else ""


def _day(entry: Entry[Any]) -> date:
    stated = entry.fields.date
    return date(stated.year, stated.month, stated.day)


def series(community: Community, name: str) -> Page:
    """The posts of a series, the oldest first."""
    posts = posts_where(community, "series", name)
    title = _("Series: %(name)s") % {"name": label(name)}
    data = {"posts": _teasers(community, reversed(posts))}
    return list_page(community, series_address(name), title, "series.html", data)


def series_address(name: str) -> str:
    """The address of a series' page."""
    return f"blog/series/{name}/"

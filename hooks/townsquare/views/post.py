"""A post's own page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from townsquare.beside import address_beside, media_type
from townsquare.community import Community
from townsquare.makings import Making
from townsquare.model import Entry
from townsquare.pages import FeedLink, Page
from townsquare.queries import query
from townsquare.views import blog, structured
from townsquare.views.lists import (
    Linked,
    Picture,
    all_linked,
    credits_of,
    link_to,
    link_to_key,
    linked,
    picture,
    posts_by,
    with_neighbours,
)
from townsquare.views.shapes import entry_page
from townsquare.wordbook import _, label


class Track(NamedTuple):
    """Captions in one language."""

    address: str
    language: str


class Media(NamedTuple):
    """A recording as its post shows it. `own` recordings are served by this site.

    `mime` is empty where the address is not known to be that of a file: no browser may play it.
    """

    type: str
    address: str
    own: bool
    mime: str
    duration: Any
    poster: Picture | None
    transcript: str
    captions: tuple[Track, ...]


class Series(NamedTuple):
    """A post's place in its series, counted from one."""

    title: str
    address: str
    number: int
    total: int
    previous: Linked | None
    next: Linked | None


class Place(NamedTuple):
    """A post's place in its series, as a query answers it: its number, of how many, and between."""

    number: int
    total: int
    previous: Entry[Any] | None
    next: Entry[Any] | None


def makings(community: Community) -> Iterator[Making]:
    """A page for each post, between the next older and the next newer one."""
    for newer, entry, older in with_neighbours(community.posts):
        if entry.kind.name == "post":
            near = older.key if older else None, newer.key if newer else None
            yield Making(entry.address, "views.post:post", (entry.key, *near))


@query
def places(community: Community) -> dict[str, Place]:
    """For each post of a series, by its key, where it stands in it."""
    found: dict[str, Place] = {}
    for posts in posts_by(community, "series").values():
        for at, (before, entry, after) in enumerate(with_neighbours(posts[::-1]), start=1):
            found[entry.key] = Place(at, len(posts), before, after)
    return found


@query
def place_in_series(community: Community, key: str) -> Place | None:
    """Where this post stands in its series, if it has one."""
    return places(community).get(key)


def post(community: Community, key: str, older: str | None, newer: str | None) -> Page:
    """A post's own page."""
    entry = community.library.entry(key)
    authors = [community.named(who) for _role, who in credits_of(entry)]
    partners = all_linked(community, "partner", entry.fields.partners)
    sponsors = [partner.title for partner in partners] if entry.fields.sponsored else []
    return entry_page(
        community,
        entry,
        authors=authors,
        series=_series(community, entry),
        media=_media(community, entry),
        event=linked(community, "event", entry.fields.event),
        partners=partners,
        older=link_to_key(community, older),
        newer=link_to_key(community, newer),
        feeds=tuple(
            FeedLink(_("Posts by %(name)s") % {"name": a.name}, f"feeds/people/{a.id}.xml")
            for a in authors
            if a.id
        ),
        structured=structured.posting(community, entry, authors, sponsors),
        canonical=entry.fields.canonical or "",
    )


def _series(community: Community, entry: Entry[Any]) -> Series | None:
    place = place_in_series(community, entry.key) if entry.fields.series else None
    if place is None:
        return None
    name = entry.fields.series
    previous, after = (link_to(e) if e else None for e in (place.previous, place.next))
    address = blog.series_address(name)
    return Series(label(name), address, place.number, place.total, previous, after)


def _media(community: Community, entry: Entry[Any]) -> Media | None:
    media = entry.fields.media
    own = address_beside(community.library, entry, media.file) if media else ""
    if not media or not (own or media.url):
        return None
    return Media(
        media.type,
        own or media.url,
        bool(own),
        media.mime or media_type(own or media.url),
        media.duration,
        picture(community, entry, media.poster),
        address_beside(community.library, entry, media.transcript),
        tuple(_tracks(community, entry)),
    )


def _tracks(community: Community, entry: Entry[Any]) -> Iterator[Track]:
    usual = entry.fields.language or community.settings.language
    for track in entry.fields.media.captions:
        if address := address_beside(community.library, entry, track.file):
            yield Track(address, track.language or usual)

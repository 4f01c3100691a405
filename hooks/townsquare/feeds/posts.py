"""Feeds of posts: all of them in three formats and in archives, by tag, by person, to be heard."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote

from townsquare.community import Community
from townsquare.feeds import archives, formats, items, selections, subscriptions
from townsquare.feeds.items import Channel, Item, writable
from townsquare.feeds.subscriptions import channel
from townsquare.imports import shown
from townsquare.model import Entry
from townsquare.podcasts import COVERS
from townsquare.queries import query
from townsquare.release import Release

T = TypeVar("T")
Entries = tuple[Entry[Any], ...]


def atom(release: Release) -> bytes:
    """The newest posts as Atom, with the way to all others of our own."""
    community = release.community
    last = archives.address(selections.last_part(community))
    links = (("prev-archive", community.settings.absolute(last)),)
    made = channel(community, subscriptions.main(community), links=links)
    own = [(e, atom_text(community, e.key)) for e in selections.newest(community)]
    found = [(community.published(entry), text) for entry, text in own]
    found += [(item.published, formats.atom_text(item)) for item in _theirs(community)]
    return formats.atom_of(made, _newest_first(found))


def archive(release: Release, number: int) -> bytes:
    """One part of the archive, as Atom."""
    community = release.community
    main = channel(community, subscriptions.main(community))
    is_last = selections.is_last_part(community, number)
    made = archives.channel(main, number, community.settings, is_last=is_last)
    return _atom(community, made, selections.archived(community, number))


def by_tag(release: Release, slug: str) -> bytes:
    """The newest posts with a tag, as Atom."""
    community = release.community
    made = channel(community, subscriptions.of_tag(community, slug))
    return _atom(community, made, selections.newest_tagged(community, slug))


def by_person(release: Release, id: str) -> bytes:
    """The newest posts of a person, as Atom."""
    community = release.community
    person = community.library.entry(f"person:{id}")
    made = channel(community, subscriptions.of_person(community, person))
    return _atom(community, made, selections.newest_by(community, id))


def rss(release: Release) -> bytes:
    """The newest posts as RSS."""
    return formats.rss(_main(release, subscriptions.RSS), _newest(release))


def json_feed(release: Release) -> bytes:
    """The newest posts as JSON Feed."""
    return formats.json_feed(_main(release, subscriptions.JSON), _newest(release))


def podcast(release: Release) -> bytes:
    """Every post that can be heard, as podcast apps take it."""
    community = release.community
    settings, feed = community.settings, subscriptions.of_recordings(community)
    show, usual = settings.podcast, channel(community, feed)
    heard = tuple(items.post(community, entry) for entry in selections.recordings(community))
    assets = community.library.assets
    cover = next((assets[path].address for path in COVERS if path in assets), "")
    described = replace(
        usual,
        description=writable(show.description or usual.description),
        author=writable(show.author or usual.author),
    )
    return formats.podcast(
        described,
        heard,
        # Not the feed's address, of which guids are usually made: a move must not change it.
        seed=f"{settings.authority_name()}/{feed.address}",
        show=show,
        image=settings.absolute(quote(cover)) if cover else _first_image(heard),
    )


def emptied(release: Release, address: str, title: str) -> bytes:
    """The feed that was once published at the address, with nothing in it."""
    made = channel(release.community, subscriptions.once_at(address, title))
    return formats.rss(made, ()) if address == subscriptions.PODCAST else formats.atom(made, ())


@query
def atom_text(community: Community, key: str) -> formats.AtomText:
    """The text of a post's entry, the same in every Atom feed."""
    return formats.atom_text(items.post(community, community.library.entry(key)))


def _atom(community: Community, made: Channel, entries: Entries) -> bytes:
    return formats.atom_of(made, [atom_text(community, entry.key) for entry in entries])


def _main(release: Release, at: str) -> Channel:
    return channel(release.community, subscriptions.main(release.community), at=at)


def _newest(release: Release) -> tuple[Item, ...]:
    community = release.community
    own = (items.post(community, entry) for entry in selections.newest(community))
    found = [(item.published, item) for item in (*own, *_theirs(community))]
    return tuple(_newest_first(found))


def _theirs(community: Community) -> list[Item]:
    """Partners' posts that may stand beside our own."""
    refs = shown.in_feeds(community, selections.NEWEST)
    return [items.imported(community, ref) for ref in refs]


def _newest_first(dated: list[tuple[datetime, T]]) -> list[T]:
    """The newest of these, our own first where dates are the same."""
    found = sorted(dated, key=lambda pair: pair[0], reverse=True)
    return [each for _, each in found[: selections.NEWEST]]


def _first_image(heard: tuple[Item, ...]) -> str:
    """The oldest episode's picture, which stays the same when episodes are added."""
    return next((item.image for item in reversed(heard) if item.image), "")

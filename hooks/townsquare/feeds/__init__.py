"""Feeds of what is published: posts, guideline changes, announcements of events, recordings.

Everything here is bytes by address; nothing is written and no clock is read, except to tell which
versions of a guideline hold already.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from townsquare import times
from townsquare.community import Community
from townsquare.feeds import archives, formats, items, subscriptions
from townsquare.feeds.items import Channel, Item
from townsquare.feeds.opml import Outline, opml
from townsquare.feeds.subscriptions import Feed, announced
from townsquare.ledger import Outcome
from townsquare.model import Dated, Versioned
from townsquare.wordbook import gettext as _

__all__ = ["announced", "files", "machines"]

NEWEST = 30
CATEGORY = "Society & Culture"
COVERS = ("content/podcast.jpg", "content/podcast.png")
"""The podcast's picture: square, 1400 to 3000 pixels, JPEG or PNG (Apple's requirements)."""


def files(community: Community, outcome: Outcome) -> dict[str, bytes]:
    """Every feed by address; those that were once published and hold nothing now, empty."""
    posts = {entry.key: items.post(community, entry) for entry in community.posts}
    announcements = _announcements(community, outcome)
    return {
        **_main(community, tuple(posts.values())),
        **{
            feed.address: _atom(community, feed, tuple(posts[e.key] for e in feed.entries))
            for feed in (*subscriptions.by_tag(community), *subscriptions.by_person(community))
        },
        subscriptions.EVENTS: _atom(community, subscriptions.of_events(community), announcements),
        subscriptions.GUIDELINES: _atom(
            community, subscriptions.of_guidelines(community), _changes(community)
        ),
        subscriptions.OPML: _opml(community),
        **_podcast(community, posts),
        **dict(_emptied(community, outcome.emptied)),
    }


def machines(community: Community) -> dict[str, str]:
    """Every feed's address and title: what the ledger remembers for ever."""
    feeds = [
        *subscriptions.by_tag(community),
        *subscriptions.by_person(community),
        subscriptions.of_events(community),
        subscriptions.of_guidelines(community),
        *_podcasts(community),
    ]
    site = community.settings.site_name
    count = len(community.posts) // archives.PART + 1
    parts = {archives.address(number): site for number in range(1, count + 1)}
    whole = dict.fromkeys((subscriptions.RSS, subscriptions.ATOM, subscriptions.JSON), site)
    return whole | parts | {f.address: f.title for f in feeds}


def _main(community: Community, posts: tuple[Item, ...]) -> dict[str, bytes]:
    settings, feed = community.settings, subscriptions.main(community)
    newest = posts[:NEWEST]
    last = archives.last(posts)
    previous = (("prev-archive", settings.absolute(archives.address(last))),)
    atom = _channel(community, feed)
    made = {
        subscriptions.ATOM: formats.atom(_channel(community, feed, links=previous), newest),
        subscriptions.RSS: formats.rss(_channel(community, feed, at=subscriptions.RSS), newest),
        subscriptions.JSON: formats.json_feed(
            _channel(community, feed, at=subscriptions.JSON), newest
        ),
    }
    for number, part in archives.parts(posts):
        channel = archives.channel(atom, number, last, settings)
        made[archives.address(number)] = formats.atom(channel, part)
    return made


def _atom(community: Community, feed: Feed, held: tuple[Item, ...]) -> bytes:
    return formats.atom(_channel(community, feed), held[:NEWEST])


def _channel(
    community: Community, feed: Feed, *, at: str = "", links: tuple[tuple[str, str], ...] = ()
) -> Channel:
    settings = community.settings
    title = items.writable(feed.title)
    return Channel(
        id=items.tag_uri(settings, "feed", *feed.name),
        title=title,
        description=items.writable(settings.site_description or title),
        url=settings.absolute(quote(at or feed.address)),
        home=settings.absolute(quote(feed.page)),
        author=items.writable(settings.site_author or settings.site_name),
        language=settings.language,
        links=links,
    )


def _announcements(community: Community, outcome: Outcome) -> tuple[Item, ...]:
    """Events by when readers were last told of them, the newest first, deleted ones included."""
    dated = [e for e in community.library.visible(Dated) if e.key in outcome.announced]
    starts = {e.key: community.schedule(e).first_instant for e in dated}
    recent = sorted(dated, key=lambda e: e.id)
    recent.sort(key=lambda e: (outcome.announced[e.key].modified, starts[e.key]), reverse=True)
    made = [items.announcement(community, e, outcome.announced[e.key]) for e in recent[:NEWEST]]
    made += _cancelled(community, outcome)
    return tuple(sorted(made, key=lambda item: item.updated, reverse=True)[:NEWEST])


def _cancelled(community: Community, outcome: Outcome) -> Iterator[Item]:
    """What became of deleted events that calendars still show as cancelled."""
    for gone in outcome.tombstones:
        known = outcome.ledger.entries.get(gone.entry_key)
        if known and known.gone and not known.hidden and not gone.recurrence_id:
            revision = outcome.revisions[gone.key]
            yield items.deleted(community, gone.entry_key, gone.title, known.address, revision)


def _changes(community: Community) -> tuple[Item, ...]:
    """Versions of guidelines that hold, the newest first."""
    zone = community.settings.timezone
    made = [
        items.change(community, entry, version)
        for entry in community.library.visible(Versioned)
        for version in entry.fields.versions()
        if community.clock.passed(times.instant(version.day, zone))
    ]
    return tuple(sorted(made, key=lambda i: (-i.updated.timestamp(), i.id)))


def _podcast(community: Community, posts: Mapping[str, Item]) -> dict[str, bytes]:
    feed = subscriptions.of_recordings(community)
    heard = tuple(item for e in feed.entries if (item := posts[e.key]).enclosures)
    if not heard:
        return {}
    settings, assets = community.settings, community.library.assets
    cover = next((assets[path].address for path in COVERS if path in assets), "")
    made = formats.podcast(
        _channel(community, feed),
        heard,
        # Not the feed's address, of which guids are usually made: a move must not change it.
        seed=f"{settings.authority_name()}/{feed.address}",
        category=CATEGORY,
        image=settings.absolute(quote(cover)) if cover else _first_image(heard),
    )
    return {feed.address: made}


def _first_image(heard: tuple[Item, ...]) -> str:
    """The oldest episode's picture, which stays the same when episodes are added."""
    return next((item.image for item in reversed(heard) if item.image), "")


def _opml(community: Community) -> bytes:
    settings = community.settings
    groups: list[tuple[str, list[Feed]]] = [
        (settings.site_name, _whole(community)),
        (_("Subjects"), list(subscriptions.by_tag(community))),
        (_("People"), [f for f in subscriptions.by_person(community) if f.entries]),
    ]
    outlines = [(name, [_outline(community, feed) for feed in feeds]) for name, feeds in groups]
    return opml(
        items.writable(settings.site_name), [(name, feeds) for name, feeds in outlines if feeds]
    )


def _whole(community: Community) -> list[Feed]:
    news, events = subscriptions.main(community), subscriptions.of_events(community)
    rules = subscriptions.of_guidelines(community)
    return [news, events, rules, *_podcasts(community)]


def _podcasts(community: Community) -> list[Feed]:
    """The podcast, where there is something to hear."""
    podcast = subscriptions.of_recordings(community)
    return [podcast] if podcast.entries else []


def _outline(community: Community, feed: Feed) -> Outline:
    absolute = community.settings.absolute
    return Outline(
        items.writable(feed.title), absolute(quote(feed.address)), absolute(quote(feed.page))
    )


def _emptied(community: Community, once: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    """Feeds that were published and hold nothing now, so that subscribers meet no error."""
    for address, title in once.items():
        feed = Feed(address, title, "", _name_of(address))
        if address == subscriptions.PODCAST:
            yield address, formats.rss(_channel(community, feed), ())
        elif address.startswith("feeds/") and address.endswith(".xml"):
            yield address, _atom(community, feed, ())


def _name_of(address: str) -> tuple[str, ...]:
    """What makes the id of the feed that was published at this address."""
    folder, _, id = address.removeprefix("feeds/").removesuffix(".xml").rpartition("/")
    known = {"tags": ("tag", id), "people": ("person", id), "archive": ("posts",)}
    return known.get(folder, (id,))

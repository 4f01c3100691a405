"""A channel and its items → the bytes of an Atom, RSS or JSON feed.

The same items give the same bytes: nothing here knows the time, and no version is named. feedgen
changes what one format says when another is asked for, so each has a generator of its own.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from html import escape
from importlib import import_module
from typing import Any, NamedTuple

from feedgen.entry import FeedEntry  # pyright: ignore[reportMissingTypeStubs]
from feedgen.feed import FeedGenerator  # pyright: ignore[reportMissingTypeStubs]

from townsquare.feeds import extensions
from townsquare.feeds.items import Author, Channel, Item, latest
from townsquare.feeds.recordings import Enclosure
from townsquare.podcasts import Podcast

GENERATOR = "Townsquare"
ATOM_TYPE = "application/atom+xml"
RSS_TYPE = "application/rss+xml"
JSON_FEED = "https://jsonfeed.org/version/1.1"
Items = tuple[Item, ...]

# Not by an import statement: lxml has no types.
etree: Any = import_module("lxml.etree")
_OPEN, _CLOSE = "<feed>\n", "</feed>\n"


class AtomText(NamedTuple):
    """An item as it stands in any Atom feed, so that it is made once for all of them."""

    updated: datetime
    text: str


def atom(channel: Channel, items: Items) -> bytes:
    """The feed as Atom (RFC 4287), with its links to archives (RFC 5005)."""
    return atom_of(channel, [atom_text(item) for item in items])


def atom_of(channel: Channel, entries: Sequence[AtomText]) -> bytes:
    """The Atom feed of these entries."""
    made = _generator(channel, latest(entries), ATOM_TYPE)
    made.id(channel.id)
    made.author(name=channel.author)
    made.subtitle(channel.description)
    if channel.archive:
        made.register_extension("archived", extensions.Archived, None, atom=True, rss=False)
    head, end, _ = made.atom_str(pretty=True).decode().rpartition("</feed>")
    return "".join([head, *(entry.text for entry in entries), end, "\n"]).encode()


def atom_text(item: Item) -> AtomText:
    """The item's text, its lines indented as deep as they stand in a feed."""
    entry = _entry(FeedEntry(), item)
    entry.updated(item.updated)
    entry.summary(item.summary)
    entry.content(item.content, type="html")
    entry.author([_named(who) for who in item.authors])
    entry.category([{"term": slug, "label": title} for slug, title in item.topics])
    feed = etree.Element("feed")
    feed.append(extensions.with_links(entry.atom_entry(), item))
    whole: str = etree.tostring(feed, pretty_print=True, encoding="unicode")
    return AtomText(item.updated, whole[len(_OPEN) : -len(_CLOSE)])


def rss(channel: Channel, items: Items) -> bytes:
    """The feed as RSS 2.0 with whole texts (`content:encoded`) and authors (`dc:creator`)."""
    return _rss(channel, items).rss_str(pretty=True)


def podcast(channel: Channel, items: Items, *, seed: str, show: Podcast, image: str) -> bytes:
    """The feed as RSS that podcast apps and directories take. Each item has a recording."""
    made = _rss(channel, items)
    made.register_extension(
        "show", extensions.PodcastChannel, extensions.PodcastEpisode, atom=False
    )
    made.show.seed, made.show.author = seed, channel.author
    made.show.show, made.show.image = show, image
    for entry, item in zip(made.entry(), items, strict=True):
        entry.show.item, entry.show.explicit = item, show.explicit
    return made.rss_str(pretty=True)


def json_feed(channel: Channel, items: Items) -> bytes:
    """The feed as JSON Feed 1.1."""
    whole = {
        "version": JSON_FEED,
        "title": channel.title,
        "home_page_url": channel.home,
        "feed_url": channel.url,
        "description": channel.description,
        "language": channel.language,
        "authors": [{"name": channel.author}],
        "items": [_json_item(item) for item in items],
    }
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()


def _rss(channel: Channel, items: Items) -> Any:
    made = _generator(channel, latest(items), RSS_TYPE)
    made.load_extension("dc", atom=False)
    made.register_extension("mended", extensions.Plain, extensions.RssItem, atom=False)
    for item in items:
        entry = _entry(made.add_entry(order="append"), item)
        # HTML by custom, so that plain text is escaped; feedgen writes content:encoded only where
        # there is a description too.
        entry.summary(escape(item.summary or item.title, quote=False))
        entry.content(item.content or escape(item.title, quote=False))
        entry.category([{"term": title} for _, title in item.topics])
        entry.dc.dc_creator([who.name for who in item.authors])
        for each in item.enclosures[:1]:
            entry.enclosure(each.url, str(each.bytes), each.type)
        entry.mended.item = item
    return made


def _generator(channel: Channel, updated: datetime, type: str) -> Any:
    made: Any = FeedGenerator()
    made.title(channel.title)
    made.description(channel.description)
    made.language(channel.language)
    made.generator(GENERATOR)
    made.updated(updated)
    made.link(href=channel.url, rel="self", type=type)
    for relation, href in channel.links:
        made.link(href=href, rel=relation, type=type)
    # Last, because the last link becomes the RSS channel's.
    made.link(href=channel.home, rel="alternate", type="text/html")
    return made


def _entry(entry: Any, item: Item) -> Any:
    entry.id(item.id)
    entry.title(item.title)
    entry.link(href=item.url, rel="alternate")
    entry.published(item.published)
    return entry


def _named(who: Author) -> dict[str, str]:
    return {"name": who.name, "uri": who.url} if who.url else {"name": who.name}


def _json_item(item: Item) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "summary": item.summary,
        "content_html": item.content,
        "image": item.image,
        "date_published": item.published.isoformat(),
        "date_modified": item.updated.isoformat(),
        "authors": [_json_author(who) for who in item.authors],
        "tags": [title for _, title in item.topics],
        "language": item.language,
        "attachments": [_attachment(each) for each in item.enclosures],
    }
    return {name: value for name, value in found.items() if value or name == "content_html"}


def _json_author(who: Author) -> dict[str, str]:
    return {"name": who.name, "url": who.url} if who.url else {"name": who.name}


def _attachment(recording: Enclosure) -> dict[str, Any]:
    found: dict[str, Any] = {"url": recording.url, "mime_type": recording.type}
    if recording.bytes:
        found["size_in_bytes"] = recording.bytes
    if recording.duration:
        found["duration_in_seconds"] = int(recording.duration.total_seconds())
    return found

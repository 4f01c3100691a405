"""What feedgen 1.0 leaves out or gets wrong, put right through its own extension interface.

feedgen asks an extension for its namespaces and hands it the finished element, of the feed or of
one entry, to add to.
"""

from __future__ import annotations

from typing import Any

from townsquare.feeds.items import Item
from townsquare.feeds.recordings import Enclosure
from townsquare.podcasts import PART_OF, Podcast

ATOM = "http://www.w3.org/2005/Atom"
HISTORY = "http://purl.org/syndication/history/1.0"
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_PODCAST_GUIDS = "ead4c236-bf58-58c6-a2c6-a6b28d128cb6"


class Plain:
    """No addition to the feed itself: feedgen wants a class for it beside one for entries."""

    def extend_ns(self) -> dict[str, str]:
        """No namespaces."""
        return {}

    def extend_atom(self, feed: Any) -> Any:
        """The feed as it is."""
        return feed

    def extend_rss(self, feed: Any) -> Any:
        """The document as it is."""
        return feed


class Archived(Plain):
    """RFC 5005 §4: says that the document is an archive."""

    def extend_ns(self) -> dict[str, str]:
        """The namespaces by prefix."""
        return {"fh": HISTORY}

    def extend_atom(self, feed: Any) -> Any:
        """The feed with the mark."""
        _add(feed, f"{{{HISTORY}}}archive")
        return feed


def with_links(entry: Any, item: Item) -> Any:
    """The Atom entry with its own language, and links with their relation, type and length.

    feedgen reads those and never writes them (#135).
    """
    for link in entry.findall("link"):
        entry.remove(link)
    _add(entry, "link", rel="alternate", type="text/html", href=item.url)
    for each in item.enclosures:
        size = {"length": str(each.bytes)} if each.bytes else {}
        _add(entry, "link", rel="enclosure", type=each.type, href=each.url, **size)
    if item.language:
        entry.set(XML_LANG, item.language)
    return entry


class RssItem:
    """When the item was updated, in Atom's words: RSS has none of its own."""

    item: Item

    def extend_rss(self, item: Any) -> Any:
        """The item with its stamp."""
        _add(item, f"{{{ATOM}}}updated", self.item.updated.isoformat())
        return item


class PodcastChannel(Plain):
    """What podcast directories require of a channel.

    https://podcasters.apple.com/support/823-podcast-requirements and
    https://github.com/Podcastindex-org/podcast-namespace/tree/main/docs/tags. `seed` makes the guid
    once and for ever, where `show` does not bring one from elsewhere.
    """

    seed: str
    author: str
    image: str
    show: Podcast

    def extend_ns(self) -> dict[str, str]:
        """The namespaces by prefix."""
        return {"itunes": ITUNES, "podcast": PODCAST}

    def extend_rss(self, feed: Any) -> Any:
        """The document, its channel described."""
        from uuid import UUID, uuid5  # it asks for the platform, 5 ms

        channel = feed[0]
        _add(channel, f"{{{ITUNES}}}author", self.author)
        self._add_category(channel)
        _add(channel, f"{{{ITUNES}}}explicit", _truth(self.show.explicit))
        _add(channel, f"{{{ITUNES}}}type", "episodic")
        if self.image:
            _add(channel, f"{{{ITUNES}}}image", href=self.image)
        guid = self.show.guid or str(uuid5(UUID(_PODCAST_GUIDS), self.seed))
        owner = {"owner": self.show.owner.removeprefix("mailto:")} if self.show.owner else {}
        _add(channel, f"{{{PODCAST}}}guid", guid)
        _add(channel, f"{{{PODCAST}}}locked", "yes" if self.show.locked else "no", **owner)
        _add(channel, f"{{{PODCAST}}}medium", "podcast")
        return feed

    def _add_category(self, channel: Any) -> None:
        whole, _mark, part = self.show.category.partition(PART_OF)
        _add(channel, f"{{{ITUNES}}}category", text=whole)
        if part:
            _add(channel[-1], f"{{{ITUNES}}}category", text=part)


class PodcastEpisode:
    """What podcast apps show of an episode. `explicit` is what holds for the whole podcast."""

    item: Item
    explicit: bool

    def extend_rss(self, item: Any) -> Any:
        """The item with its length, transcript, captions and picture."""
        stated = [each.explicit for each in self.item.enclosures if each.explicit is not None]
        for each in self.item.enclosures:
            _describe(item, each)
        _add(item, f"{{{ITUNES}}}explicit", _truth((stated or [self.explicit])[0]))
        if self.item.image:
            _add(item, f"{{{ITUNES}}}image", href=self.item.image)
        return item


def _describe(item: Any, recording: Enclosure) -> None:
    if recording.duration:
        seconds = int(recording.duration.total_seconds())
        _add(item, f"{{{ITUNES}}}duration", str(seconds))
    if url := recording.transcript:
        kind = "text/vtt" if url.endswith(".vtt") else "text/html"
        _add(item, f"{{{PODCAST}}}transcript", url=url, type=kind)
    for url, language in recording.captions:
        spoken = {"language": language} if language else {}
        _add(item, f"{{{PODCAST}}}transcript", url=url, type="text/vtt", rel="captions", **spoken)


def _truth(value: bool) -> str:  # noqa: FBT001 (it is the value itself)
    """Apple takes `true` and `false`; feedgen's own podcast extension writes `yes` and `no`."""
    return "true" if value else "false"


def _add(parent: Any, tag: str, content: str | None = None, /, **attributes: str) -> None:
    child = parent.makeelement(tag, attributes)
    child.text = content
    parent.append(child)

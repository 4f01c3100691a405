"""What feedgen 1.0 leaves out or gets wrong, put right through its own extension interface."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml.etree import SubElement

from townsquare.feeds.items import Enclosure, Item

ATOM = "http://www.w3.org/2005/Atom"
HISTORY = "http://purl.org/syndication/history/1.0"
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_PODCAST_GUIDS = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")


class Archived(BaseExtension):
    """RFC 5005 §4: says that the document is an archive."""

    def extend_ns(self) -> dict[str, str]:
        """The namespaces by prefix."""
        return {"fh": HISTORY}

    def extend_atom(self, feed: Any) -> Any:
        """The feed with the mark."""
        SubElement(feed, f"{{{HISTORY}}}archive")
        return feed


class Nothing(BaseExtension):
    """No addition to the feed itself: feedgen wants a class for it beside one for entries."""


class AtomEntry(BaseEntryExtension):
    """Links with their relation, type and length, which feedgen reads and never writes (#135)."""

    item: Item

    def extend_atom(self, entry: Any) -> Any:
        """The entry with whole links and its own language."""
        for link in entry.findall("link"):
            entry.remove(link)
        SubElement(entry, "link", rel="alternate", type="text/html", href=self.item.url)
        for each in self.item.enclosures:
            link = {"rel": "enclosure", "type": each.type, "href": each.url}
            SubElement(entry, "link", link | ({"length": str(each.bytes)} if each.bytes else {}))
        if self.item.language:
            entry.set(XML_LANG, self.item.language)
        return entry


class RssItem(BaseEntryExtension):
    """When the item was updated, in Atom's words: RSS has none of its own."""

    item: Item

    def extend_rss(self, item: Any) -> Any:
        """The item with its stamp."""
        SubElement(item, f"{{{ATOM}}}updated").text = self.item.updated.isoformat()
        return item


class PodcastChannel(BaseExtension):
    """What podcast directories require of a channel.

    https://podcasters.apple.com/support/823-podcast-requirements and
    https://podcasting2.org/docs/podcast-namespace. `seed` makes the guid, once and for ever.
    """

    seed: str
    author: str
    category: str
    image: str

    def extend_ns(self) -> dict[str, str]:
        """The namespaces by prefix."""
        return {"itunes": ITUNES, "podcast": PODCAST}

    def extend_rss(self, rss: Any) -> Any:
        """The document, its channel told of."""
        channel = rss[0]
        SubElement(channel, f"{{{ITUNES}}}author").text = self.author
        SubElement(channel, f"{{{ITUNES}}}category", text=self.category)
        # Apple takes `true` and `false`; feedgen's own podcast extension only `yes` and `no`.
        SubElement(channel, f"{{{ITUNES}}}explicit").text = "false"
        SubElement(channel, f"{{{ITUNES}}}type").text = "episodic"
        if self.image:
            SubElement(channel, f"{{{ITUNES}}}image", href=self.image)
        SubElement(channel, f"{{{PODCAST}}}guid").text = str(uuid5(_PODCAST_GUIDS, self.seed))
        SubElement(channel, f"{{{PODCAST}}}locked").text = "no"
        SubElement(channel, f"{{{PODCAST}}}medium").text = "podcast"
        return rss


class PodcastEpisode(BaseEntryExtension):
    """What podcast apps show of an episode."""

    item: Item

    def extend_rss(self, item: Any) -> Any:
        """The item with its length, transcript and picture."""
        for each in self.item.enclosures:
            self._describe(item, each)
        SubElement(item, f"{{{ITUNES}}}explicit").text = "false"
        if self.item.image:
            SubElement(item, f"{{{ITUNES}}}image", href=self.item.image)
        return item

    def _describe(self, item: Any, recording: Enclosure) -> None:
        if recording.duration:
            seconds = int(recording.duration.total_seconds())
            SubElement(item, f"{{{ITUNES}}}duration").text = str(seconds)
        if url := recording.transcript:
            kind = "text/vtt" if url.endswith(".vtt") else "text/html"
            SubElement(item, f"{{{PODCAST}}}transcript", url=url, type=kind)

"""The list of all feeds, to bring into a feed reader at once: OPML 2.0."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from lxml.etree import Element, SubElement, tostring


class Outline(NamedTuple):
    """A feed: its title, its whole address, and that of the page it belongs to."""

    title: str
    url: str
    home: str


def opml(title: str, groups: Iterable[tuple[str, Iterable[Outline]]]) -> bytes:
    """The document, feeds below the names of their groups. http://opml.org/spec2.opml; no dates."""
    root = Element("opml", version="2.0")
    SubElement(SubElement(root, "head"), "title").text = title
    body = SubElement(root, "body")
    for name, feeds in groups:
        group = SubElement(body, "outline", text=name)
        for each in feeds:
            # `rss` is the type of every subscription, whatever the feed's format.
            SubElement(
                group, "outline", type="rss", text=each.title, title=each.title,
                xmlUrl=each.url, htmlUrl=each.home,
            )  # fmt: skip
    return tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)

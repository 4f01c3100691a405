"""The list of all feeds, to bring into a feed reader at once: OPML 2.0."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr


class Outline(NamedTuple):
    """A feed: its title, its whole address, and that of the page it belongs to."""

    title: str
    url: str
    home: str


def opml(title: str, groups: Iterable[tuple[str, Iterable[Outline]]]) -> bytes:
    """The document, feeds below the names of their groups. http://opml.org/spec2.opml; no dates."""
    outlines = "".join(
        f"    <outline text={quoteattr(name)}>\n{''.join(map(_outline, feeds))}    </outline>\n"
        for name, feeds in groups
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n'
        f"  <head>\n    <title>{escape(title)}</title>\n  </head>\n"
        f"  <body>\n{outlines}  </body>\n</opml>\n"
    ).encode()


def _outline(feed: Outline) -> str:
    # `rss` is the type of every subscription, whatever the feed's format.
    title = quoteattr(feed.title)
    addresses = f"xmlUrl={quoteattr(feed.url)} htmlUrl={quoteattr(feed.home)}"
    return f'      <outline type="rss" text={title} title={title} {addresses}/>\n'

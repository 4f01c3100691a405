"""The list of all feeds, to bring into a feed reader at once: OPML 2.0."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import NamedTuple
from urllib.parse import quote

from townsquare.community import Community
from townsquare.feeds import selections, subscriptions
from townsquare.feeds.items import writable
from townsquare.feeds.subscriptions import Feed
from townsquare.release import Release
from townsquare.wordbook import gettext as _


class Outline(NamedTuple):
    """A feed: its title, its whole address, and that of the page it belongs to."""

    title: str
    url: str
    home: str


def all_feeds(release: Release) -> bytes:
    """Every feed of the site with something in it, in groups."""
    community = release.community
    tags = [subscriptions.of_tag(community, slug) for slug in selections.tags(community)]
    people = [subscriptions.of_person(community, who) for who in selections.writers(community)]
    site = community.settings.site_name
    groups = ((site, _whole(community)), (_("Subjects"), tags), (_("People"), people))
    outlines = [(name, [_outlined(community, feed) for feed in feeds]) for name, feeds in groups]
    return opml(writable(site), [(name, feeds) for name, feeds in outlines if feeds])


def _whole(community: Community) -> list[Feed]:
    news, events = subscriptions.main(community), subscriptions.of_events(community)
    rules = subscriptions.of_guidelines(community)
    return [news, events, rules, *subscriptions.podcasts(community)]


def _outlined(community: Community, feed: Feed) -> Outline:
    absolute = community.settings.absolute
    return Outline(writable(feed.title), absolute(quote(feed.address)), absolute(quote(feed.page)))


def opml(title: str, groups: Iterable[tuple[str, Iterable[Outline]]]) -> bytes:
    """The document, feeds below the names of their groups. http://opml.org/spec2.opml; no dates."""
    outlines = "".join(
        f"    <outline text={_quoted(name)}>\n{''.join(map(_outline, feeds))}    </outline>\n"
        for name, feeds in groups
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n'
        f"  <head>\n    <title>{escape(title, quote=False)}</title>\n  </head>\n"
        f"  <body>\n{outlines}  </body>\n</opml>\n"
    ).encode()


def _outline(feed: Outline) -> str:
    # `rss` is the type of every subscription, whatever the feed's format.
    title = _quoted(feed.title)
    addresses = f"xmlUrl={_quoted(feed.url)} htmlUrl={_quoted(feed.home)}"
    return f'      <outline type="rss" text={title} title={title} {addresses}/>\n'


def _quoted(value: str) -> str:
    """The value of an attribute with its quotes, as `xml.sax.saxutils` has it.

    Not by that module, which imports the whole of urllib and ssl.
    """
    written = escape(value, quote=False)
    for blank, reference in (("\n", "&#10;"), ("\r", "&#13;"), ("\t", "&#9;")):
        written = written.replace(blank, reference)
    if '"' not in written:
        return f'"{written}"'
    return '"{}"'.format(written.replace('"', "&quot;")) if "'" in written else f"'{written}'"

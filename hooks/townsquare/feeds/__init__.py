"""Feeds of what is published: posts, guideline changes, announcements of events, recordings.

Which feeds there are is said here, and made in modules of their own, which are imported when one of
their feeds is made. No clock is read, except to tell which versions of a guideline hold already.
"""

from __future__ import annotations

from collections.abc import Iterator

from townsquare.community import Community
from townsquare.feeds import archives, selections, subscriptions
from townsquare.feeds.subscriptions import announced
from townsquare.ledger import Outcome
from townsquare.makings import Making

__all__ = ["announced", "emptied", "machines", "makings"]


def makings(community: Community) -> Iterator[Making]:
    """Every feed, and the list of them, made of a release."""
    yield Making(subscriptions.ATOM, "feeds.posts:atom")
    yield Making(subscriptions.RSS, "feeds.posts:rss")
    yield Making(subscriptions.JSON, "feeds.posts:json_feed")
    for number in range(1, selections.last_part(community) + 1):
        yield Making(archives.address(number), "feeds.posts:archive", (number,))
    for slug in selections.tags(community):
        yield Making(subscriptions.tag_address(slug), "feeds.posts:by_tag", (slug,))
    for person in selections.people(community):
        at = subscriptions.person_address(person.id)
        yield Making(at, "feeds.posts:by_person", (person.id,))
    if selections.has_recordings(community):
        yield Making(subscriptions.PODCAST, "feeds.posts:podcast")
    yield Making(subscriptions.EVENTS, "feeds.changes:events")
    yield Making(subscriptions.GUIDELINES, "feeds.changes:guidelines")
    yield Making(subscriptions.OPML, "feeds.opml:all_feeds")


def emptied(outcome: Outcome) -> Iterator[Making]:
    """Feeds that were published and hold nothing now, so that subscribers meet no error."""
    for address, title in outcome.emptied.items():
        is_atom = address.startswith("feeds/") and address.endswith(".xml")
        if is_atom or address == subscriptions.PODCAST:
            yield Making(address, "feeds.posts:emptied", (address, title))


def machines(community: Community) -> dict[str, str]:
    """Every feed's address and title: what the ledger remembers for ever."""
    site = community.settings.site_name
    parts = range(1, selections.last_part(community) + 1)
    feeds = [
        *(subscriptions.of_tag(community, slug) for slug in selections.tags(community)),
        *(subscriptions.of_person(community, who) for who in selections.people(community)),
        subscriptions.of_events(community),
        subscriptions.of_guidelines(community),
        *subscriptions.podcasts(community),
    ]
    whole = (subscriptions.RSS, subscriptions.ATOM, subscriptions.JSON)
    named = dict.fromkeys((*whole, *map(archives.address, parts)), site)
    return named | {feed.address: feed.title for feed in feeds}

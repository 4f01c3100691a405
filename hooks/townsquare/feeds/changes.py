"""Feeds of what changes: events and what becomes of them, and the versions of guidelines."""

from __future__ import annotations

from townsquare.feeds import formats, items, selections, subscriptions
from townsquare.feeds.items import Item
from townsquare.feeds.selections import Told
from townsquare.release import Release


def events(release: Release) -> bytes:
    """Events by when readers were last told of them, as Atom."""
    feed = subscriptions.of_events(release.community)
    made = tuple(_announcement(release, told) for told in selections.announced(release))
    return formats.atom(subscriptions.channel(release.community, feed), made)


def guidelines(release: Release) -> bytes:
    """The newest versions of guidelines, as Atom."""
    community = release.community
    made = [
        items.change(community, entry, list(entry.fields.versions())[number])
        for entry, number in selections.versions(community)
    ]
    feed = subscriptions.of_guidelines(community)
    return formats.atom(subscriptions.channel(community, feed), tuple(made))


def _announcement(release: Release, told: Told) -> Item:
    community, outcome = release.community, release.outcome
    if told.gone is None:
        entry = community.library.entry(told.entry_key)
        return items.announcement(community, entry, outcome.announced[told.entry_key])
    title, address = outcome.tombstones[told.gone].title, outcome.ledger.entries[told.entry_key]
    revision = outcome.revisions[told.gone]
    return items.deleted(community, told.entry_key, title, address.address, revision)

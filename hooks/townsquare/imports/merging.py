"""What was known of a source and what it says now → what is known from now on.

An item keeps its key for ever, also where a source calls it something else each time. Doing it
twice changes nothing that doing it once has not.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

from townsquare.clock import Clock
from townsquare.imports.snapshot import (
    MAX_EVENTS,
    MAX_POSTS,
    Imported,
    ImportedEvent,
    ImportedPost,
    Snapshot,
    plain,
)

I = TypeVar("I", ImportedPost, ImportedEvent)  # noqa: E741 — for Imported


class Difference(NamedTuple):
    """How many items a source has gained, how many read otherwise, how many it no longer has."""

    new: int
    changed: int
    withdrawn: int


def merged(before: Snapshot | None, now: Snapshot, clock: Clock) -> Snapshot:
    """The next snapshot; the very one of before where nothing that is shown has changed.

    What a server calls its copy is kept with what came with it: some call it otherwise each time.
    """
    known = before if before and before.url == now.url else None
    after = replace(
        now,
        posts=_posts(known.posts if known else (), now.posts),
        events=_events(known.events if known else (), now.events, clock),
    )
    same = known and plain(known) == plain(replace(after, **_beside(known)))
    return known if known and same else after


def _beside(snapshot: Snapshot) -> dict[str, Any]:
    """What a snapshot tells beside what is shown."""
    return {name: getattr(snapshot, name) for name in ("etag", "modified", "since")}


def difference(before: Snapshot | None, after: Snapshot) -> Difference:
    """What has become of the items from one snapshot to the next."""
    old = {item.id: item for item in before.items} if before else {}
    known = [item for item in after.items if item.id in old]
    gone = [item for item in known if _is_withdrawn(item) and not _is_withdrawn(old[item.id])]
    changed = sum(item != old[item.id] for item in known) - len(gone)
    return Difference(len(after.items) - len(known), changed, len(gone))


def _is_withdrawn(item: Imported) -> bool:
    return isinstance(item, ImportedEvent) and item.status == "withdrawn"


def _posts(
    before: tuple[ImportedPost, ...], now: tuple[ImportedPost, ...]
) -> tuple[ImportedPost, ...]:
    """All of the feed's, and of older ones, which it no longer holds, as many as there is room for.

    The newest first. Of a post's dates the earliest holds: some feeds date every post anew at each
    access.
    """
    known = {post.id: post for post in before}
    found: dict[str, ImportedPost] = {}
    for post in _with_known_keys(before, now[:MAX_POSTS], lambda p: p.url):
        date = min(post.date, known[post.id].date) if post.id in known else post.date
        found[post.id] = replace(post, date=date)
    rest = _newest_first(post for post in before if post.id not in found)
    return _newest_first((*found.values(), *rest[: MAX_POSTS - len(found)]))


def _newest_first(posts: Iterable[ImportedPost]) -> tuple[ImportedPost, ...]:
    return tuple(sorted(sorted(posts, key=lambda p: p.id), key=lambda p: p.date, reverse=True))


def _events(
    before: tuple[ImportedEvent, ...], now: tuple[ImportedEvent, ...], clock: Clock
) -> tuple[ImportedEvent, ...]:
    """What the calendar gives, and what it no longer gives though it is still to come."""
    found = {e.id: e for e in _with_known_keys(before, now, _alike)}
    for event in before:
        if event.id not in found and not event.is_over(clock):
            status = "cancelled" if event.status == "cancelled" else "withdrawn"
            found[event.id] = replace(event, status=status)
    in_order = sorted(found.values(), key=lambda e: (e.begins, e.title, e.id))
    return tuple(in_order[:MAX_EVENTS])


def _alike(event: ImportedEvent) -> Hashable:
    return event.title, event.start, event.timezone


def _with_known_keys(
    before: Iterable[I], now: tuple[I, ...], of: Callable[[I], Hashable]
) -> list[I]:
    """The items; one with a new key that is alike to one whose key is gone takes that key."""
    present = {item.id for item in now}
    known = {item.id for item in before}
    lost = sorted(
        ((item.id, of(item)) for item in before if item.id not in present), key=lambda pair: pair[0]
    )
    gone = {alike: id for id, alike in reversed(lost)}
    return [
        item if item.id in known or of(item) not in gone else replace(item, id=gone.pop(of(item)))
        for item in now
    ]

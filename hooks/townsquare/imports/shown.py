"""Which imported items readers see now: structure alone, each question answered once a build."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from townsquare.community import Community
from townsquare.imports import sources
from townsquare.model import Entry
from townsquare.queries import query

if TYPE_CHECKING:
    from townsquare.imports.snapshot import ImportedEvent, ImportedPost, Snapshot

OF_ONE = 10


class Ref(NamedTuple):
    """An item by the file that keeps it and its place in it; what queries answer with.

    `in_feeds` tells whether it may stand in feeds of our own.
    """

    partner: Entry[Any]
    path: str
    number: int
    in_feeds: bool


@query
def has_any(community: Community) -> bool:
    """Whether there is anything of a partner's to show."""
    return bool(published(community) or coming(community))


@query
def published(community: Community) -> list[Ref]:
    """What partners have published, the newest first."""
    found = [(ref, post(community, ref)) for ref in _refs(community, "posts")]
    seen = [(ref, kept) for ref, kept in found if community.clock.passed(kept.date)]
    seen.sort(key=lambda pair: pair[1].id)
    seen.sort(key=lambda pair: pair[1].date, reverse=True)
    return [ref for ref, _ in seen]


@query
def coming(community: Community) -> list[Ref]:
    """What partners hold and is not over, the soonest first; cancelled and withdrawn ones too."""
    found = [(ref, event(community, ref)) for ref in _refs(community, "events")]
    ahead = [(ref, kept) for ref, kept in found if not kept.is_over(community.clock)]
    ahead.sort(key=lambda pair: (pair[1].begins, pair[1].id))
    return [ref for ref, _ in ahead]


@query
def published_by(community: Community, partner: str) -> list[Ref]:
    """What one partner has published last."""
    return [ref for ref in published(community) if ref.partner.id == partner][:OF_ONE]


@query
def in_feeds(community: Community, count: int) -> list[Ref]:
    """The newest posts that may stand in our own feeds."""
    return [ref for ref in published(community) if ref.in_feeds][:count]


@query
def coming_at(community: Community, partner: str) -> list[Ref]:
    """What one partner holds next."""
    return [ref for ref in coming(community) if ref.partner.id == partner][:OF_ONE]


def _refs(community: Community, what: str) -> Iterator[Ref]:
    for entry in community.readable("partner"):
        yield from _of(community, entry, what)


def _of(community: Community, entry: Entry[Any], what: str) -> Iterator[Ref]:
    """A partner's items, while it is one; what came from another address may be another source."""
    if not entry.fields.imports or entry.fields.is_past(community.clock):
        return
    for source in sources.of_partner(entry):
        kept = community.imported(source.path) if source.enabled else None
        if kept and kept.url == source.url:
            numbers = range(len(getattr(kept, what)))
            yield from (Ref(entry, source.path, n, source.in_feeds) for n in numbers)


def _items(community: Community, ref: Ref) -> Snapshot:
    kept = community.imported(ref.path)
    if kept is None:
        raise LookupError(f"{ref.path} is gone")
    return kept


def post(community: Community, ref: Ref) -> ImportedPost:
    """The post that is meant."""
    return _items(community, ref).posts[ref.number]


def event(community: Community, ref: Ref) -> ImportedEvent:
    """The event that is meant."""
    return _items(community, ref).events[ref.number]

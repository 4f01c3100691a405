"""Which sources a partner has, and which file keeps what came from each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from townsquare.model import Entry

FOLDER = "data/imports/"
"""Where what came from partners is kept."""


class Source(NamedTuple):
    """One feed or calendar of a partner's; `number` is its place in the partner's file."""

    path: str
    number: int
    url: str
    what: str
    enabled: bool
    in_feeds: bool


def of_partner(entry: Entry[Any]) -> Iterator[Source]:
    """The partner's sources with their files: `acme-posts.json`, of a second feed `acme-posts-2`.

    What follows the partner's id is never part of one, so no two partners share a file.
    """
    seen: Counter[str] = Counter()
    for number, each in enumerate(getattr(entry.fields, "imports", ())):
        seen[each.what] += 1
        more = f"-{seen[each.what]}" if seen[each.what] > 1 else ""
        path = f"{FOLDER}{entry.id}-{each.what}{more}.json"
        yield Source(path, number, each.url, each.what, each.enabled, each.in_feeds)

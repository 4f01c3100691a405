"""Everything public as data, from the kinds' own records: one file a kind, tags, and an index.

Canonical bytes: sorted keys, two blanks of indent, UTF-8. Nothing hidden stands in any of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from townsquare import canonical_json, datasets, kinds
from townsquare.community import Community
from townsquare.data_items import Json, item, linked
from townsquare.makings import Making
from townsquare.model import Entry
from townsquare.queries import query
from townsquare.release import Release
from townsquare.stretches import stretches

TAGS, INDEX = "tags", "index"
# Where an item stands in its file.
_ITEM = "\n    "


def makings(_community: Community) -> Iterator[Making]:
    """Every data file, made of a release: `api/posts.json`."""
    for kind in kinds.KINDS:
        yield Making(_address(datasets.name(kind)), "api:all_of", (kind.name,))
    yield Making(_address(TAGS), "api:tags")
    yield Making(_address(INDEX), "api:index")


def all_of(release: Release, kind: str) -> bytes:
    """Everything of a kind that readers see."""
    community = release.community
    keys = (entry.key for entry in community.readable(kind))
    texts = [item_texts(community, *each) for each in stretches(keys)]
    return _file(community, datasets.name(kinds.kind_named(kind)), texts)


def tags(release: Release) -> bytes:
    """Every tag and what carries it."""
    community = release.community
    texts = [tag_text(community, slug) for slug in tag_slugs(community)]
    return _file(community, TAGS, texts)


def index(release: Release) -> bytes:
    """The data files themselves."""
    community = release.community
    counts = {datasets.name(kind): count_of(community, kind.name) for kind in kinds.KINDS}
    counts[TAGS] = len(tag_slugs(community))
    rows = (_row(community, name, count) for name, count in sorted(counts.items()))
    return _file(community, INDEX, [canonical_json.text(row, _ITEM) for row in rows])


@query
def count_of(community: Community, kind: str) -> int:
    """How much readers see of a kind."""
    return len(community.readable(kind))


@query
def tag_slugs(community: Community) -> tuple[str, ...]:
    """The slugs of tags that are listed or used, sorted."""
    return tuple(sorted(community.tagged))


@query
def carrying(community: Community, slug: str) -> tuple[Entry[Any], ...]:
    """The entries with the tag, by path."""
    return tuple(community.tagged[slug])


@query
def item_texts(community: Community, *keys: str) -> str:
    """The texts of entries' items, as they stand after each other in a file."""
    return canonical_json.items([item_text(community, key) for key in keys], _ITEM)


@query
def item_text(community: Community, key: str) -> str:
    """The text of an entry's item in its kind's file."""
    return canonical_json.text(item(community, community.library.entry(key)), _ITEM)


@query
def tag_text(community: Community, slug: str) -> str:
    """The text of a tag's item."""
    return canonical_json.text(_tag(community, slug), _ITEM)


def _file(community: Community, name: str, texts: list[str]) -> bytes:
    schema = canonical_json.text(community.settings.absolute(f"schemas/{_address(name)}"))
    items = canonical_json.array(texts, "\n  ")
    return f'{{\n  "items": {items},\n  "schema": {schema}\n}}\n'.encode()


def _address(name: str) -> str:
    return f"api/{name}.json"


def _row(community: Community, name: str, count: int) -> Json:
    absolute = community.settings.absolute
    return {
        "name": name,
        "url": absolute(_address(name)),
        "schema": absolute(f"schemas/{_address(name)}"),
        "count": count,
    }


def _tag(community: Community, slug: str) -> Json:
    tag, address = community.library.tags[slug], f"tags/{slug}/"
    return {
        "id": slug,
        "title": tag.title,
        "address": address,
        "url": community.settings.absolute(quote(address)),
        "summary": tag.description or "",
        "entries": [linked(entry) for entry in carrying(community, slug)],
    }

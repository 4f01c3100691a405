"""Which files beside the texts readers may see."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from townsquare import pictures
from townsquare.beside import path_beside
from townsquare.community import Community
from townsquare.library import DRAWING, Asset
from townsquare.model import Entry
from townsquare.queries import query


def shown(community: Community) -> dict[str, Asset]:
    """The files that are published: all but those that are named only where nobody sees them.

    A draft's picture is as hidden as the draft, and a logo is gone when it may be shown no more.
    What no entry names is published.
    """
    hidden = set(_named_unseen_alone(community))
    return {path: each for path, each in community.library.assets.items() if path not in hidden}


def published(file: Path) -> bytes:
    """What is published of a file: of pictures and drawings, nothing beside what they show."""
    data, ending = file.read_bytes(), file.suffix.lower()
    if ending == DRAWING:
        from townsquare import drawings  # few builds have a new one

        return drawings.cleaned(data).data
    return pictures.read(data, ending).data if ending in pictures.ENDINGS else data


@query
def _named_unseen_alone(community: Community) -> list[str]:
    """Most communities have no such file: then no entry that readers see is looked into."""
    named = {path for key in _hidden(community) for path in _named_by(community, key)}
    named |= set(_no_longer_permitted(community))
    for key in _shown(community) if named else ():
        named -= set(_named_by(community, key))
    return sorted(named)


@query
def _hidden(community: Community) -> list[str]:
    """The keys of entries that readers do not see."""
    library = community.library
    return [entry.key for entry in library.entries if not library.shown(entry)]


@query
def _shown(community: Community) -> list[str]:
    """The keys of entries that readers see."""
    return [entry.key for entry in community.readable()]


@query
def _no_longer_permitted(community: Community) -> list[str]:
    """Logos that may be shown no more."""
    entries = (community.library.entry(key) for key in _shown(community))
    ended = (entry for entry in entries if _logo_has_ended(community, entry))
    return sorted(path_beside(entry, entry.fields.logo.src) for entry in ended)


def _logo_has_ended(community: Community, entry: Entry[Any]) -> bool:
    logo = getattr(entry.fields, "logo", None)
    return logo is not None and not logo.permitted(community.clock)


@query
def _named_by(community: Community, key: str) -> list[str]:
    """The files that an entry names, but for a logo that may be shown no more."""
    entry = community.library.entry(key)
    assets = community.library.assets
    return sorted({path for path in _paths(community, entry) if path in assets})


def _paths(community: Community, entry: Entry[Any]) -> Iterator[str]:
    """Paths that the entry may mean: its links and images, and every value of its front matter."""
    for link in community.bodies[entry.path].links:
        yield from (link.path, link.or_path)
    unseen = ("logo",) if _logo_has_ended(community, entry) else ()
    front = {name: value for name, value in entry.source.front.items() if name not in unseen}
    for text in _texts(front):
        yield path_beside(entry, text)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in cast("dict[str, Any]", value).values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in cast("list[Any]", value):
            yield from _texts(each)

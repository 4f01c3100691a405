"""Which files beside the texts readers may see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from townsquare.beside import path_beside
from townsquare.bodies import Body
from townsquare.library import Asset, Library
from townsquare.model import Entry


def shown(library: Library, bodies: Mapping[str, Body]) -> dict[str, Asset]:
    """The files that are published: all but those that only hidden entries name.

    A draft's picture is as hidden as the draft. What no entry names is published.
    """
    named: dict[bool, set[str]] = {True: set(), False: set()}
    for entry in library.entries:
        named[library.shown(entry)].update(_named(entry, bodies[entry.path]))
    hidden = named[False] - named[True]
    return {path: asset for path, asset in library.assets.items() if path not in hidden}


def _named(entry: Entry[Any], body: Body) -> Iterator[str]:
    """Paths that the entry may mean: its links and images, and every value of its front matter."""
    for link in body.links:
        yield from (link.path, link.or_path)
    for text in _texts(entry.source.front):
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

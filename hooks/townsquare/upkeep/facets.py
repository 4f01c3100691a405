"""Bodies, converted when somebody reads them, and what each of their parts was before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from townsquare import bodies
from townsquare import converted as converting
from townsquare.bodies import Body
from townsquare.cache import Cache
from townsquare.model import Entry
from townsquare.reads import Frame, note
from townsquare.traces import digest
from townsquare.upkeep.kept_entry import KeptEntry, Said

LEAVES = {
    # Among leaves `text` is the Markdown that its author wrote.
    "text": "plain",
    "removed": "faults",
    "refusals": "faults",
    "links": "faults",
} | {name: name for name in ("html", "headings", "ids", "summary", "summary_text", "words")}
"""The leaf by which each part of a body is noted. What is only checked is one."""

_AT_ONCE = 8000
"""How many bodies are in memory, of some 15 kB each: reading one again takes 0.1 ms."""

Facets = Mapping[str, str]
"""The digest of each part of a body; a part that is as it was has the digest that it had."""


class Bodies(Mapping[str, Body]):
    """The body of each entry by path; whoever reads a part of one is noted to have read that part.

    `said` tells by path what is known of a body: one whose facets are need not be converted to be
    compared.
    """

    def __init__(
        self, entries: Mapping[str, Entry[Any]], said: Callable[[str], Said], cache: Cache
    ) -> None:
        self._entries = entries
        self._said = said
        self._cache = cache
        self._whole: dict[str, Body] = {}
        self._found: dict[str, Facets] = {}

    def __getitem__(self, path: str) -> Any:
        """The body, which need not be there yet: its parts are read one by one."""
        note(f"path:{path}")
        if path not in self._entries:
            raise KeyError(path)
        return _Noted(path, self)

    def __iter__(self) -> Iterator[str]:
        note("path")
        return iter(self._entries)

    def __len__(self) -> int:
        note("path")
        return len(self._entries)

    def facet(self, name: str, path: str) -> str:
        """The digest of one part of a body as it is now, nothing where the file is gone."""
        return self.facets(path)[name] if path in self._entries else ""

    def facets(self, path: str) -> Facets:
        """The digest of each part of the body."""
        known = self._said(path).facets or self._found.get(path)
        if known is None:
            known = self._found[path] = facets_of(self.whole(path))
        return known

    def found(self) -> Mapping[str, Facets]:
        """What the next build is to know of bodies of which that was not known."""
        return self._found

    def waits(self, path: str) -> bool:
        """Whether the body would still have to be converted for somebody to read it."""
        return path not in self._whole and not self._said(path).facets

    def whole(self, path: str) -> Body:
        """The body, kept from before or converted now."""
        if path not in self._whole:
            if len(self._whole) >= _AT_ONCE:
                del self._whole[next(iter(self._whole))]
            entry = self._entries[path]
            with Frame():
                # Whoever asked depends on what comes out, not on what goes in.
                self._whole[path] = converting.body_of(entry, self._cache)
            if isinstance(entry, KeptEntry):
                entry.put_away()
        return self._whole[path]


class _Noted:
    """A body's parts."""

    __slots__ = ("_bodies", "_path")

    def __init__(self, path: str, bodies: Bodies) -> None:
        self._path = path
        self._bodies = bodies

    def __getattr__(self, name: str) -> Any:
        leaf = LEAVES.get(name)
        if leaf is None:
            raise AttributeError(name)
        note(f"{leaf}:{self._path}")
        return getattr(self._bodies.whole(self._path), name)


def facets_of(body: Body) -> Facets:
    """The digest of each part of a body."""
    parts: dict[str, str] = {}
    for name, leaf in LEAVES.items():
        parts[leaf] = parts.get(leaf, "") + _told(getattr(body, name))
    return {leaf: digest(told) for leaf, told in parts.items()}


def _told(value: Any) -> str:
    return value if isinstance(value, str) else repr(value)


class Converted(NamedTuple):
    """A body as the cache has it under its key; no data where it was there before."""

    key: bytes
    data: bytes | None
    facets: Facets


def converted(entry: Entry[Any], cache: Cache) -> Converted:
    """The entry's body, converted now where no build before has done so."""
    of = converting.key_of(entry)
    kept = cache.kept(of)
    if kept is not None:
        return Converted(of, None, facets_of(converting.read(kept)))
    body = bodies.convert(entry.source.body, entry.path, entry.source.body_line)
    return Converted(of, converting.written(body), facets_of(body))

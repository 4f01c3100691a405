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

LEAVES = {
    # Among leaves `text` is the Markdown that its author wrote.
    "text": "plain",
    "removed": "faults",
    "refusals": "faults",
    "links": "faults",
} | {name: name for name in ("html", "headings", "ids", "summary", "summary_text", "words")}
"""The leaf by which each part of a body is noted. What is only checked is one."""

Facets = Mapping[str, str]
"""The digest of each part of a body; a part that is as it was has the digest that it had."""


class Bodies(Mapping[str, Body]):
    """The body of each entry by path; whoever reads a part of one is noted to have read that part.

    `known` holds by path the digest of a body's text and the facets that it had: what is unchanged
    need not be converted to be compared.
    """

    def __init__(
        self,
        entries: Mapping[str, Entry[Any]],
        text: Callable[[str], str],
        cache: Cache,
        known: Mapping[str, tuple[str, Facets]],
    ) -> None:
        self._entries = entries
        self._text = text
        self._cache = cache
        self._known = known
        self._whole: dict[str, Body] = {}
        self._parts: dict[str, Facets] = {}

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
        if path not in self._parts:
            text, known = self._known.get(path, ("", {}))
            same = known and text == self._text(path)
            self._parts[path] = known if same else facets_of(self.whole(path))
        return self._parts[path]

    def kept(self) -> dict[str, tuple[str, Facets]]:
        """What the next build is to know of every body that it need not convert."""
        unread = {p: k for p, k in self._known.items() if p in self._entries}
        unread = {p: k for p, k in unread.items() if k[0] == self._text(p)}
        return unread | {path: (self._text(path), each) for path, each in self._parts.items()}

    def waits(self, path: str) -> bool:
        """Whether the body would still have to be converted for somebody to read it."""
        text, known = self._known.get(path, ("", {}))
        return path not in self._whole and not (known and text == self._text(path))

    def whole(self, path: str) -> Body:
        """The body, kept from before or converted now."""
        if path not in self._whole:
            with Frame():
                # Whoever asked depends on what comes out, not on what goes in.
                self._whole[path] = converting.body_of(self._entries[path], self._cache)
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

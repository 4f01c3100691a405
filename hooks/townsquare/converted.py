"""Bodies by path, each converted when it is first asked for, or by a build before."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

import orjson

from townsquare import bodies
from townsquare.bodies import Body
from townsquare.cache import Cache, key
from townsquare.model import Entry


class Bodies(Mapping[str, Body]):
    """The bodies of these entries, hidden ones' included."""

    def __init__(self, entries: Iterable[Entry[Any]], cache: Cache | None = None) -> None:
        self._entries = {entry.path: entry for entry in entries}
        self._made: dict[str, Body] = {}
        self._cache = cache

    def __getitem__(self, path: str) -> Body:
        if path not in self._made:
            self._made[path] = body_of(self._entries[path], self._cache)
        return self._made[path]

    def __contains__(self, path: object) -> bool:
        return path in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def convert(self) -> None:
        """No body waits any longer."""
        for path in self:
            self[path]

    def waits(self, path: str) -> bool:
        """Whether the body has not been converted yet."""
        return path not in self._made


def body_of(entry: Entry[Any], cache: Cache | None) -> Body:
    """The entry's body, converted now or by a build before."""
    if cache is None:
        return bodies.convert(entry.source.body, entry.path, entry.source.body_line)
    of = key_of(entry)
    kept = cache.kept(of)
    if kept is not None:
        return read(kept)
    body = bodies.convert(entry.source.body, entry.path, entry.source.body_line)
    cache.keep(of, written(body))
    return body


def key_of(entry: Entry[Any]) -> bytes:
    """The key under which the entry's body is kept: all that a conversion depends on."""
    said = entry.source
    return key(bodies.fingerprint(), entry.path, str(said.body_line), said.body)


def written(body: Body) -> bytes:
    """The body as it is kept."""
    return json.dumps(body.to_json(), ensure_ascii=False).encode("utf-8", "surrogatepass")


def read(data: bytes) -> Body:
    """The body that `written` gave, each of its parts made when it is asked for."""
    return cast("Body", _Kept(_parsed(data)))


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        return cast("dict[str, Any]", orjson.loads(data))
    except orjson.JSONDecodeError:
        # Half a character, which an author can write as an entity, is none of UTF-8.
        return cast("dict[str, Any]", json.loads(data.decode("utf-8", "surrogatepass")))


class _Kept:
    """Has a body's parts. Lists show the summaries of hundreds, whose links nobody asks for."""

    def __init__(self, written: dict[str, Any]) -> None:
        self._written = written

    def __getattr__(self, name: str) -> Any:
        if name not in self._written:
            raise AttributeError(name)
        part = self.__dict__[name] = bodies.part_of(name, self._written.pop(name))
        return part

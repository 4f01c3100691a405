"""Records of which the last build left one a part, each read when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

import orjson

R = TypeVar("R")


class Records(Generic[R]):
    """A record for each key; whoever asks knows the keys. `made` makes one of what JSON has."""

    def __init__(
        self, name: str, made: Callable[[Any], R], read: Callable[[str], bytes] | None = None
    ) -> None:
        self._name = name
        self._made = made
        self._read = read
        self._known: dict[str, R] = {}
        self._changed: dict[str, R | None] = {}

    def __getitem__(self, key: str) -> R:
        """The record of this key. Raises KeyError, or Damaged."""
        if key not in self._known:
            if self._read is None:
                raise KeyError(key)
            self._known[key] = self._made(orjson.loads(self._read(f"{self._name} {key}")))
        return self._known[key]

    def __setitem__(self, key: str, record: R) -> None:
        self._known[key] = self._changed[key] = record

    def __delitem__(self, key: str) -> None:
        self._known.pop(key, None)
        self._changed[key] = None

    def written(self) -> Iterator[tuple[str, bytes | None]]:
        """The parts that changed, by name; nothing for those that are gone."""
        for key, record in self._changed.items():
            yield (
                f"{self._name} {key}",
                None if record is None else orjson.dumps(record, default=tuple),
            )

"""A value for each of very many numbers, of which few are read or written at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, Generic, TypeVar

import orjson

V = TypeVar("V")
Read = Callable[[str], bytes]
"""What gives a part by its name."""


UNREAD: Final = object()
"""Stands for a value that nobody has asked for yet."""
_SIZE = 32


def part_of(number: int) -> int:
    """The part in which the number's value is kept."""
    return number // _SIZE


class Column(Generic[V]):
    """Values, as JSON has them, in parts of some dozens: one is read where a value of it is needed.

    Without `read` there is none before the first `append`.
    """

    def __init__(self, name: str, read: Read | None, count: int) -> None:
        self._name = name
        self._read = read
        self._values: list[Any] = [UNREAD] * count
        self._changed = set[int]()

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, number: int) -> V:
        value = self._values[number]
        if value is UNREAD:
            self._fetch(number // _SIZE)
            value = self._values[number]
        return value

    def __setitem__(self, number: int, value: V) -> None:
        self._values[number] = value
        self._changed.add(number // _SIZE)

    def append(self, value: V) -> None:
        """The next number has this value."""
        self._changed.add(len(self._values) // _SIZE)
        self._values.append(value)

    def of_part(self, part: int) -> Iterator[tuple[int, V]]:
        """The numbers in a part, and their values."""
        for number in self._numbers(part):
            yield number, self[number]

    def written(self) -> Iterator[tuple[str, bytes]]:
        """The parts that changed, by name."""
        for part in sorted(self._changed):
            values = [self[number] for number in self._numbers(part)]
            yield f"{self._name} {part}", orjson.dumps(values, default=list)

    def _numbers(self, part: int) -> range:
        return range(part * _SIZE, min((part + 1) * _SIZE, len(self._values)))

    def _fetch(self, part: int) -> None:
        kept: list[V] = orjson.loads(self._read(f"{self._name} {part}")) if self._read else []
        for number, value in zip(self._numbers(part), kept, strict=False):
            # What was set since stays.
            if self._values[number] is UNREAD:
                self._values[number] = value

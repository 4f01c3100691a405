"""What one build tells the next: names, what is known of each, and what was made from it.

Names have numbers. Little of all this is read, and little is written: what an edit concerns.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from townsquare.columns import Column, Read, part_of
from townsquare.name_index import NameIndex

SAID = "!"
"""How the name begins of what is only said, and stands in no file of the site."""


class Damaged(Exception):
    """What is remembered cannot be trusted."""


class Node(NamedTuple):
    """What was made once: its digest, what it read, when the clock agrees, and its value as text.

    `reads` are numbers of names. `since` and `until` are seconds since 1970, and bound
    when the clock says the same. A query's `value` is its encoded answer, nothing where that has no
    text. An output's is what the next build must know of it without making it.
    """

    digest: str
    reads: Sequence[int]
    since: float | None
    until: float | None
    value: str | None


Row = list[Any] | str | None
"""A node's values, in the order of `Node`; a leaf's digest; or nothing."""


class Span(NamedTuple):
    """From when to when the clock says the same, in seconds since 1970, where it was asked.

    `due` is the end for what stands in the site.
    """

    since: float | None = None
    until: float | None = None
    due: float | None = None

    def holds(self, now: float) -> bool:
        """Whether the instant is inside."""
        since, until, _ = self
        return (since is None or now >= since) and (until is None or now < until)


class Memory:
    """A row for each name, by the name's number, and the numbers of the nodes that read it.

    `read` gives a part by its name, and `told` is the `outline` of the memory that wrote the parts.
    `numbers` are those of names that were asked for.
    """

    def __init__(self, read: Read | None = None, told: Mapping[str, Any] | None = None) -> None:
        known = told or {"count": 0, "free": [], "blank": [], "salt": os.urandom(8).hex()}
        self._names: Column[str] = Column("names", read, known["count"])
        self._rows: Column[Row] = Column("rows", read, known["count"])
        self._readers: Column[list[int]] = Column("readers", read, known["count"])
        # Of what was never kept, who reads it is worked out when it is first asked.
        self._is_linked = read is not None
        self._index = NameIndex(known["salt"], read("index") if read else b"")
        spans: list[list[Any]] = orjson.loads(read("spans")) if read else []
        self._spans: dict[int, Span] = {part: Span(*rest) for part, *rest in spans}
        self.numbers = dict[str, int]()
        self._free: list[int] = known["free"]
        # Of these, nothing is known; that is kept apart, so that no row need be read to see it.
        self._blank = set[int](known["blank"])
        self._new = set[str]()
        self._lonely = set[int]()
        self._unmeasured = set[int]()

    def find(self, name: str) -> int | None:
        """The name's number, if it has one."""
        number = self.numbers.get(name)
        if number is None:
            number = self._index.find(name)
            if number is not None:
                self.numbers[name] = number
        return number

    def number(self, name: str) -> int:
        """The name's number, given now if it has none."""
        number = self.find(name)
        return self.named(name) if number is None else number

    def named(self, name: str) -> int:
        """The number that the name gets now; it has none."""
        if self._free:
            number = self._free.pop()
            self._names[number], self._rows[number], self._readers[number] = name, None, []
        else:
            number = len(self._names)
            self._names.append(name)
            self._rows.append(None)
            self._readers.append([])
        self.numbers[name] = number
        self._new.add(name)
        self._blank.add(number)
        return number

    def name(self, number: int) -> str:
        """The name that has this number."""
        return self._names[number]

    def row(self, number: int) -> Row:
        """What is known of the name with this number."""
        return self._rows[number]

    def unknown(self, numbers: Iterable[int]) -> list[int]:
        """Those of the numbers of whose names nothing is known."""
        return [number for number in numbers if number in self._blank]

    def set(self, number: int, row: Row) -> None:
        """The row is what is known of the name with this number."""
        if self._is_linked:
            self._link(number, reads(self._rows[number]), reads(row))
        if row is None:
            self._lonely.add(number)
            self._blank.add(number)
        else:
            self._blank.discard(number)
        self._rows[number] = row
        self._unmeasured.add(part_of(number))

    def readers(self, number: int) -> Collection[int]:
        """The numbers of the nodes that were made from it."""
        if not self._is_linked:
            self._link_all()
        return self._readers[number]

    def _link(self, number: int, before: Iterable[int], after: Iterable[int]) -> None:
        was, now = set(before), set(after)
        for each in was - now:
            left = [reader for reader in self._readers[each] if reader != number]
            self._readers[each] = left
            if not left:
                self._lonely.add(each)
        for each in now - was:
            self._readers[each] = [*self._readers[each], number]

    def _link_all(self) -> None:
        self._is_linked = True
        readers = [self._readers[number] for number in range(len(self._rows))]
        for number in range(len(self._rows)):
            for each in reads(self._rows[number]):
                readers[each].append(number)

    def expired(self, now: float) -> Iterator[int]:
        """The nodes of which the clock says something else at this instant."""
        for part, span in self._spans.items():
            if not span.holds(now):
                yield from (number for number, own in self._spans_of(part) if not own.holds(now))

    def span(self, *, but: Collection[int]) -> Span:
        """From when to when the clock says the same of all nodes but some."""
        parts = set(map(part_of, but))
        found = [span for part, span in self._spans.items() if part not in parts]
        for part in parts & self._spans.keys():
            found += (span for number, span in self._spans_of(part) if number not in but)
        return joined(found)

    def _spans_of(self, part: int) -> Iterator[tuple[int, Span]]:
        for number, row in self._rows.of_part(part):
            if isinstance(row, list) and (row[2] is not None or row[3] is not None):
                yield number, span_of(self._names[number], row[2], row[3])

    def settle(self) -> None:
        """All is known that will be: names of which nothing is have no number any longer."""
        for number in [each for each in self._lonely if not self._is_needed(each)]:
            name = self._names[number]
            self.numbers.pop(name, None)
            if name in self._new:
                self._new.discard(name)
            else:
                self._index.remove(name)
            self._names[number], self._rows[number] = "", None
            self._blank.discard(number)
            self._free.append(number)
        self._lonely.clear()
        for part in self._unmeasured:
            self._spans.pop(part, None)
            if found := [span for _, span in self._spans_of(part)]:
                self._spans[part] = joined(found)
        self._unmeasured.clear()

    def _is_needed(self, number: int) -> bool:
        return bool(self.readers(number)) or isinstance(self._rows[number], list)

    def written(self) -> Iterator[tuple[str, bytes]]:
        """The parts that are to be kept, as far as they changed, after `settle`."""
        if not self._is_linked:
            self._link_all()
        self._index.add((name, self.numbers[name]) for name in self._new)
        self._new.clear()
        for column in (self._names, self._rows, self._readers):
            yield from column.written()
        yield "index", self._index.data()
        spans = ([part, *span] for part, span in sorted(self._spans.items()))
        yield "spans", orjson.dumps([*spans])

    def outline(self) -> dict[str, Any]:
        """What the next memory is told beside the parts, once they are written."""
        return {
            "count": len(self._names),
            "free": self._free,
            "blank": sorted(self._blank),
            "salt": self._index.salt,
        }


def reads(row: Row) -> Iterable[int]:
    """The numbers of what a node was made from."""
    return row[1] if isinstance(row, list) else ()


def span_of(name: str, since: float | None, until: float | None) -> Span:
    """From when to when the clock says the same of one node."""
    return Span(since, until, None if name.startswith(SAID) else until)


def joined(spans: Iterable[Span]) -> Span:
    """From when to when the clock says the same of all of these."""
    since, until, due = zip(*spans, strict=True) if (spans := [*spans]) else ((), (), ())
    return Span(_of(max, since), _of(min, until), _of(min, due))


def _of(which: Callable[..., float | None], ends: Iterable[float | None]) -> float | None:
    return which((each for each in ends if each is not None), default=None)

"""What somebody who wants to know can compute from published figures. Nothing of ours is used."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

Vector = tuple[int, ...]
SMALL = range(1, 5)


def vectors(length: int, total: int) -> Iterator[Vector]:
    """Every way to share a total out among so many categories."""
    if length == 1:
        yield (total,)
        return
    for first in range(total + 1):
        yield from ((first, *rest) for rest in vectors(length - 1, total - first))


def computed(possible: Iterable[Vector]) -> list[tuple[tuple[int, ...], int]]:
    """The categories, alone or together, whose count is sure and between one and four."""
    held = list(possible)
    numbers = range(len(held[0]))
    groups = (group for size in numbers for group in combinations(numbers, size + 1))
    sums = ((group, {sum(each[i] for i in group) for each in held}) for group in groups)
    return [(group, min(s)) for group, s in sums if len(s) == 1 and min(s) in SMALL]


def by_sums(printed: Mapping[str, int], names: Sequence[str], total: int) -> Iterator[Vector]:
    """What may have been, to a reader who only adds: what is not printed shares the rest."""
    rest = total - sum(printed.get(name, 0) for name in names)
    open_ = [name for name in names if name not in printed]
    for shared in vectors(len(open_), rest) if open_ else [()]:
        known = {**printed, **dict(zip(open_, shared, strict=True))}
        yield tuple(known[name] for name in names)


def by_the_program(
    publish: Callable[[Vector], Hashable], length: int, most: int
) -> dict[Any, list[Vector]]:
    """What may have been, by what is published, to a reader who has the program and all names."""
    found: dict[Any, list[Vector]] = {}
    for total in range(most + 1):
        for vector in vectors(length, total):
            found.setdefault(publish(vector), []).append(vector)
    return found

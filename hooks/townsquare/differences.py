"""What changed between two texts: line by line, and word by word within lines that changed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import NamedTuple

from townsquare.patterns import pattern

SAME, CHANGED, ADDED, REMOVED, GAP = "same", "changed", "added", "removed", "gap"
INSERTED, DELETED = "ins", "del"

_CONTEXT = 1
# How many pairs of equal tokens are looked at. Texts that repeat themselves more often than any
# rule does are shown whole, the old one and the new one: to find the shortest way takes no end.
_MOST_PAIRS = 100_000
# Below this likeness (`SequenceMatcher.ratio`) words in common are chance.
_ALIKE, _NEARLY = 0.4, 0.75
# Beyond these sizes nobody looks for which line of many became which.
_MOST_LINES, _LONG_LINES, _LIKELY = 400, 4000, 0.6
_TOKEN = pattern(r"\s+|[^\W_]+(?:['’-][^\W_]+)*|.", re.DOTALL)


class Part(NamedTuple):
    """Some words of a row: `ins` where only the new text has them, `del` where only the old one."""

    mark: str
    text: str


class Row(NamedTuple):
    """Lines that are the same, changed, added or removed; of a gap only their number is told."""

    kind: str
    parts: tuple[Part, ...]
    lines: int = 1


def between(old: str, new: str) -> tuple[Row, ...]:
    """What leads from the old text to the new one, with a line of context around each change.

    Empty lines and blanks at lines' ends are not compared.
    """
    return tuple(_folded(rows(old, new)))


def rows(old: str, new: str) -> list[Row]:
    """The same with every line that is in both."""
    found: list[Row] = []
    for is_same, removed, added in _runs(_lines(old), _lines(new)):
        if is_same:
            found += (Row(SAME, (Part("", line),)) for line in added)
        else:
            found += _replaced(removed, added)
    return found


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def _runs(
    before: Sequence[str], after: Sequence[str]
) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    """Both sequences side by side, in runs that are the same and runs that are not."""
    if _pairs(before, after) > _MOST_PAIRS:
        yield before == after, before, after
        return
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        yield tag == "equal", before[i:j], after[k:m]


def _pairs(before: Iterable[str], after: Iterable[str]) -> int:
    often = Counter(after)
    return sum(count * often[token] for token, count in Counter(before).items())


def _replaced(removed: Sequence[str], added: Sequence[str]) -> Iterator[Row]:
    """Lines in the place of others: word by word where they have enough in common."""
    old, new = "\n".join(removed), "\n".join(added)
    if parts := _words(old, new, _NEARLY):
        # Such as a paragraph whose lines are broken elsewhere.
        yield Row(CHANGED, parts, len(added))
    elif pair := _likest(removed, added):
        here, there = pair
        yield from _replaced(removed[:here], added[:there])
        yield Row(CHANGED, _words(removed[here], added[there]))
        yield from _replaced(removed[here + 1 :], added[there + 1 :])
    elif parts := _words(old, new):
        yield Row(CHANGED, parts, len(added))
    else:
        yield from (Row(REMOVED, (Part(DELETED, line),)) for line in removed)
        yield from (Row(ADDED, (Part(INSERTED, line),)) for line in added)


def _likest(removed: Sequence[str], added: Sequence[str]) -> tuple[int, int] | None:
    """Which line became which, of the two that are most alike; nothing where no two are."""
    if not 1 < len(removed) * len(added) <= _MOST_LINES:
        return None
    likeness = {
        (old, new): ratio
        for old, line in enumerate(removed)
        for new, other in enumerate(added)
        if len(line) + len(other) < _LONG_LINES
        and (ratio := _likeness(line.split(), other.split())) >= _LIKELY
        and _words(line, other)
    }
    return max(likeness, key=lambda pair: (likeness[pair], -pair[0], -pair[1]), default=None)


def _likeness(before: Sequence[str], after: Sequence[str]) -> float:
    return SequenceMatcher(None, before, after, autojunk=False).ratio()


def _words(old: str, new: str, least: float = _ALIKE) -> tuple[Part, ...]:
    """The new text with what was taken out and put in; nothing where the two are too unlike."""
    if not (old and new):
        return ()
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    # A line that is broken elsewhere says the same.
    keys = [[" " if token.isspace() else token for token in each] for each in (before, after)]
    if _pairs(*keys) > _MOST_PAIRS or _likeness(old.split(), new.split()) < least:
        return ()
    matcher = SequenceMatcher(None, *keys, autojunk=False)
    found: list[Part] = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            found.append(Part("", "".join(after[k:m])))
        else:
            found += (Part(DELETED, "".join(before[i:j])), Part(INSERTED, "".join(after[k:m])))
    return tuple(_whole(_joined([part for part in found if part.text])))


def _joined(parts: Sequence[Part]) -> Iterator[Part]:
    """The same with a single word between two changes told as part of them: whole phrases read."""
    for number, part in enumerate(parts):
        inside = 0 < number < len(parts) - 1
        if not part.mark and inside and len(part.text.split()) < 2:
            yield from (Part(DELETED, part.text), Part(INSERTED, part.text))
        else:
            yield part


def _whole(parts: Iterable[Part]) -> Iterator[Part]:
    """Neighbouring changes as one: first all that was taken out, then all that was put in."""
    for changed, group in groupby(parts, key=lambda part: bool(part.mark)):
        texts = list(group)
        for mark in (DELETED, INSERTED) if changed else ("",):
            text = "".join(part.text for part in texts if part.mark == mark)
            if text:
                yield Part(mark, text)


def _folded(rows: Sequence[Row]) -> Iterator[Row]:
    """The rows without those that are far from any change."""
    near: set[int] = set()
    for number, row in enumerate(rows):
        if row.kind != SAME:
            near.update(range(number - _CONTEXT, number + _CONTEXT + 1))
    for is_near, group in groupby(enumerate(rows), key=lambda each: each[0] in near):
        texts = [row for _, row in group]
        if is_near or len(texts) == 1:
            yield from texts
        else:
            yield Row(GAP, (), len(texts))

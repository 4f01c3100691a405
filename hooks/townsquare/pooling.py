"""Counts of moderation's cases, pooled so that nobody can compute a count of one to four.

The rule that makes this sure: each table that is printed is also the table of a period in which no
count is between one and four. Whoever knows the table, this program and all categories cannot tell
that period from the one that was.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from townsquare import texts
from townsquare.kinds.transparency import SMALLEST, SUPPRESSED
from townsquare.problems import Fault, SetupError

CATEGORY, COUNT, DAY, OTHER, ALL = "category", "count", "day", "Other", "Cases"
_SEPARATORS = ",;\t"


class Row(NamedTuple):
    """A line of the printed table."""

    category: str
    cases: int


def pooled(counts: Mapping[str, int]) -> tuple[Row, ...] | str:
    """What may be printed of these counts: rows of zero or at least five, or `<5` for all.

    Categories below five, those of zero too, become one, `Other`. Another category joins them where
    they are too few, or where what is printed would show that none did: the first by name, since
    one that is chosen for its size would give away theirs.
    """
    total = sum(counts.values())
    if total < SMALLEST:
        return SUPPRESSED if total else (Row(ALL, 0),)
    names = sorted(counts, key=_order)
    small = [name for name in names if counts[name] < SMALLEST]
    large = [name for name in names if counts[name] >= SMALLEST]
    if small and large:
        too_few = sum(counts[name] for name in small) < SMALLEST
        if too_few or _order(large[0]) < _order(small[0]):
            small.append(large.pop(0))
    rows = sorted((-counts[name], name) for name in large)
    other = [Row(OTHER, sum(counts[name] for name in small))] if small else []
    return (*(Row(name, -count) for count, name in rows), *other)


def _order(name: str) -> tuple[bool, str, str]:
    """What decides who joins: a category that is called so already, then the alphabet."""
    return name.casefold() != OTHER.casefold(), name.casefold(), name


def counted(text: str, by: str = CATEGORY) -> Counter[str]:
    """How many cases there are of each category, told by the column `by` of a CSV with a header.

    A row is a case; where there is a column `count`, a row is a category. Commas, semicolons and
    tabs may separate. Raises SetupError, which names a line and nothing that stands in it.
    """
    found: Counter[str] = Counter()
    spelt: dict[str, str] = {}
    try:
        for line, row in _rows(text, by):
            name = _category(row.get(by, ""), line)
            found[spelt.setdefault(name.casefold(), name)] += _count(row.get(COUNT, "1"), line)
    except csv.Error:
        raise SetupError("this is no CSV: a quotation mark or a column does not end") from None
    return found


def days(text: str, by: str = CATEGORY) -> list[date]:
    """The days of the cases, where a column `day` tells them; what is no date is passed over."""
    found: list[date] = []
    for _line, row in _rows(text, by):
        with suppress(ValueError):
            found.append(date.fromisoformat(row.get(DAY, "").strip()))
    return found


def _rows(text: str, by: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row by its columns' names, with the line on which it ends, but for empty ones."""
    for separator in _SEPARATORS:
        reader = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
        header = [name.strip() for name in next(reader, ())]
        if by in header:
            named = ((reader.line_num, row) for row in reader if any(map(str.strip, row)))
            return ((line, dict(zip(header, row, strict=False))) for line, row in named)
    raise SetupError(f"the first line names no column `{by}`: name columns there, or one by `--by`")


def _category(text: str, line: int) -> str:
    try:
        return texts.parse_line(text)
    except Fault:
        raise SetupError(f"line {line} has no category that could be printed") from None


def _count(text: str, line: int) -> int:
    if not (text.strip().isascii() and text.strip().isdecimal()):
        raise SetupError(f"the count of line {line} is no whole number")
    return int(text)

"""How soon items are answered and closed, by month: `data/forge/response.csv`.

By the names and definitions of CHAOSS: https://chaoss.community/kb/metric-time-to-first-response/,
https://chaoss.community/kb/metric-time-to-close/ and
https://chaoss.community/kb/metric-change-request-closure-ratio/. Nothing is named, and a figure of
fewer than five items is not told.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from townsquare.forge.items import CHANGES, ISSUES, Item
from townsquare.patterns import pattern
from townsquare.problems import Place, Problem, problem

DEFINITIONS = 1
SMALLEST = 5
SUPPRESSED = "<5"
FILE = "data/forge/response.csv"
COLUMNS = ("definitions", "month", "kind", "measure", "items", "value")
FIRST_RESPONSE, CLOSE, RATIO = "time-to-first-response", "time-to-close", "closure-ratio"
KINDS, MEASURES = (ISSUES, CHANGES), (FIRST_RESPONSE, CLOSE, RATIO)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_LINE = pattern(
    rf"{DEFINITIONS},([0-9]{{4}}-(?:0[1-9]|1[0-2])),({'|'.join(KINDS)}),({'|'.join(MEASURES)}),"
    r"(?:([0-9]{1,9}),([0-9]{1,9}(?:\.[0-9]{1,2})?)|<5,)"
)


class Row(NamedTuple):
    """A month's median in hours (first response) or days (close), or its ratio.

    `items` are those that it is of; it and `value` are none for fewer than five.
    """

    month: str
    kind: str
    measure: str
    items: int | None
    value: float | None


def rows(items: Iterable[Item], *, now: datetime) -> list[Row]:
    """The figures of every complete month (UTC) in which something was opened or closed."""
    known = list(items)
    found = [row for kind in KINDS for row in _of_kind([i for i in known if i.kind == kind], kind)]
    return sorted(row for row in found if row.month < f"{now:%Y-%m}")


def _of_kind(items: list[Item], kind: str) -> Iterator[Row]:
    answers = [(i.opened, i.answered - i.opened) for i in items if i.answered]
    closings = [(i.closed, i.closed - i.opened) for i in items if i.closed]
    yield from _medians(kind, FIRST_RESPONSE, answers, _HOUR)
    yield from _medians(kind, CLOSE, closings, _DAY)
    if kind == CHANGES:
        yield from _ratios(items)


def _medians(
    kind: str, measure: str, found: Iterable[tuple[datetime, timedelta]], unit: timedelta
) -> Iterator[Row]:
    from statistics import median  # with fractions and decimals, which checks do not need

    months: dict[str, list[float]] = {}
    for when, lasted in found:
        months.setdefault(f"{when:%Y-%m}", []).append(max(lasted / unit, 0))
    for month, values in months.items():
        if len(values) < SMALLEST:
            yield Row(month, kind, measure, None, None)
        else:
            yield Row(month, kind, measure, len(values), round(median(values), 1))


def _ratios(items: list[Item]) -> Iterator[Row]:
    opened = Counter(f"{each.opened:%Y-%m}" for each in items)
    closed = Counter(f"{each.closed:%Y-%m}" for each in items if each.closed)
    for month, number in opened.items():
        if number < SMALLEST:
            yield Row(month, CHANGES, RATIO, None, None)
        else:
            yield Row(month, CHANGES, RATIO, number, round(closed[month] / number, 2))


def written(found: Iterable[Row]) -> bytes:
    """The rows as a file: sorted, one a line."""
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(COLUMNS)
    for row in sorted(found, key=lambda row: row[:3]):
        told = (SUPPRESSED, "") if row.items is None else (row.items, row.value)
        out.writerow((DEFINITIONS, *row[:3], *told))
    return text.getvalue().encode()


def read(data: bytes) -> tuple[list[Row], list[Problem]]:
    """The rows of the file and everything wrong with it; faulty lines are left out."""
    lines = data.decode("utf-8", "replace").removesuffix("\n").split("\n")
    if lines[0] != ",".join(COLUMNS):
        return [], [_problem(1, f"the first line is not `{','.join(COLUMNS)}`")]
    found: dict[tuple[str, ...], Row] = {}
    problems: list[Problem] = []
    for number, line in enumerate(lines[1:], 2):
        row = _row(number, line)
        if isinstance(row, Row) and row[:3] in found:
            row = _problem(number, "an earlier line says this already")
        if isinstance(row, Problem):
            problems.append(row)
        else:
            found[row[:3]] = row
    return list(found.values()), problems


def _row(number: int, line: str) -> Row | Problem:
    matched = _LINE.fullmatch(line)
    if matched is None:
        return _problem(number, "this is no line of definitions, month, kind, measure and figures")
    month, kind, measure, items, value = matched.groups()
    if items is None:
        return Row(month, kind, measure, None, None)
    if int(items) < SMALLEST:
        message = f"a figure of {items} items can tell of single people"
        hint = "write `<5` and no value, or run `report.py forge` again"
        return problem("small_count", Place(FILE, number), message, hint)
    return Row(month, kind, measure, int(items), float(value))


def _problem(line: int, message: str) -> Problem:
    hint = "`report.py forge` writes this file: take back what was changed by hand"
    return problem("figures_invalid", Place(FILE, line), message, hint)

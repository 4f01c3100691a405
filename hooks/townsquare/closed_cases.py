"""A period's figures, counted from a table of cases that stands outside of the repository.

Nothing of the table is kept or printed but what `pooling` makes of it: history is permanent.
"""

from __future__ import annotations

import calendar
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from townsquare import checkout, new, pooling, times
from townsquare.field_guide import scalar
from townsquare.pooling import Row
from townsquare.problems import Fault, SetupError
from townsquare.times import Period

FOLDER = "guidelines/transparency"
_BODY = f"""\
"{pooling.OTHER}" holds whatever is not listed, so that no line tells of fewer than five.

## What we learnt

Write here, without describing a single case.

## What we changed

Write here.
"""


def publish(root: Path, table: Path, label: str, by: str, today: date) -> Path:
    """The file of the period, written below `root`; an existing one is never touched.

    Raises SetupError, without a word of what stands in the table.
    """
    _refuse_inside(root, table)
    period = _period(label, today)
    try:
        text = table.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = "it is no UTF-8 text" if isinstance(error, ValueError) else error.strerror
        raise SetupError(f"{table} cannot be read: {reason}") from None
    counts = pooling.counted(text, by)
    if any(not period.first <= day <= period.last for day in pooling.days(text, by)):
        raise SetupError(f"some of its cases have a `day` outside of {period.label}")
    rows = pooling.pooled(counts)
    return new.written(root / FOLDER / f"{period.label}.md", "\n".join(_lines(period, rows)))


def _refuse_inside(root: Path, table: Path) -> None:
    """What stands in a checkout is committed one day, and a link in it is read by others."""
    top = Path(checkout.above(str(root)) or root).resolve()
    for path in (Path(os.path.abspath(table)), table.resolve()):  # noqa: PTH100 (no links followed)
        if path.is_relative_to(top) or path.is_relative_to(root.resolve()):
            raise SetupError(f"{table} stands in the repository: keep cases in a closed place")


def _period(label: str, today: date) -> Period:
    try:
        period = times.parse_period(label)
    except Fault as fault:
        raise SetupError(f"{fault.message}: {fault.hint}") from None
    if period.last >= today:
        raise SetupError(
            f"{period.label} lasts until {period.last}: figures that are corrected by a few later "
            "give those few away"
        )
    return period


def _lines(period: Period, rows: tuple[Row, ...] | str) -> Iterator[str]:
    pools = any(isinstance(row, Row) and row.category == pooling.OTHER for row in rows)
    yield from ("---", f"title: {in_words(period)}", f"period: {period.label}")
    if isinstance(rows, str):
        yield f'total: "{rows}"'
    else:
        yield "cases:"
        for row in rows:
            yield f"  - {{category: {quoted(row.category)}, count: {row.cases}}}"
    yield from ("---", "", _BODY if pools else _BODY.partition("\n\n")[2])


def quoted(text: str) -> str:
    """The text as a YAML value inside of braces, where commas and brackets part values."""
    plain = scalar(text)
    return f'"{plain}"' if plain == text else plain


def in_words(period: Period) -> str:
    """`First half of 2026`."""
    year, _, part = period.label.partition("-")
    ordinals = "First", "Second", "Third", "Fourth"
    if part[:1] in ("H", "Q"):
        kind = "half" if part[0] == "H" else "quarter"
        return f"{ordinals[int(part[1]) - 1]} {kind} of {year}"
    return f"{calendar.month_name[period.first.month]} {year}" if part else year

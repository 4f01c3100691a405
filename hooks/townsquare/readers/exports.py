"""Exports of GoatCounter, Plausible and Matomo: CSV whose rows become visits or daily figures.

Each counts with a script in the page, so feeds, calendars and subscribers are unknown to it.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from townsquare.problems import SetupError
from townsquare.readers.contents import unpacked
from townsquare.readers.figures import MOST_NAMES, SMALLEST, Figures, Key, is_name

Row = Mapping[str, str]
GOATCOUNTER = "2"
"""The version of GoatCounter's CSV that is read; it stands in the export's first cell."""
_VERSIONED = re.compile(r"\ufeff?\"?([0-9]+)\"?,?\"?Path\b")
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
_DETAILS = {
    *("browser", "operating_system", "device", "country", "entry_page", "exit_page", "name"),
    *("utm_source", "utm_medium", "utm_campaign"),
}


class Counted(NamedTuple):
    """What a row counts, and how many readers were behind it."""

    key: Key
    fetches: int
    readers: int


class Export(NamedTuple):
    """What an export is. `visit` or `counted` make something of a row, and nothing of some.

    They raise KeyError or ValueError where a row is none.
    """

    source: str
    name: str
    visit: Callable[[Row], dict[str, Any] | None] | None = None
    counted: Callable[[Row], Counted | None] | None = None


def export_of(path: Path, beginning: bytes) -> Export | None:
    """Which export begins so, or nothing; SetupError for a version that is not read."""
    text = beginning.decode(_encoding(beginning), "replace")
    if found := _VERSIONED.match(text):
        if found[1] != GOATCOUNTER:
            raise SetupError(
                f"{path} is a GoatCounter export of version {found[1]}, and only version "
                f"{GOATCOUNTER} is known here: nothing was read"
            )
        return Export("goatcounter", "GoatCounter", visit=_goatcounter)
    head = {cell.strip() for cell in next(csv.reader(io.StringIO(text)), list[str]())}
    if {"date", "nb_pageviews"} <= head or {"Date", "Pageviews"} <= head:
        return Export("matomo", "Matomo", counted=_matomo)
    if {"date", "visitors", "pageviews"} <= head:
        return _plausible(path, head)
    return None


def _plausible(path: Path, head: set[str]) -> Export:
    """https://plausible.io/docs/csv-import: one file a table, days of the site's own zone."""
    if "page" in head:
        named = partial(_named, "plausible", "pages", "page")
        return Export("plausible", "Plausible's pages", counted=named)
    if "referrer" in head:
        named = partial(_named, "plausible", "referrers", "referrer")
        return Export("plausible", "Plausible's sources", counted=named)
    if head & _DETAILS:
        raise SetupError(
            f"{path} is a table of Plausible's that tells nothing that is kept here; give "
            "imported_visitors, imported_pages and imported_sources"
        )
    return Export("plausible", "Plausible's visitors", counted=_total)


def rows(path: Path) -> Iterator[Row | None]:
    """The rows of the export by their columns' names; nothing for a row that cannot be read."""
    with unpacked(path) as file:
        text = io.TextIOWrapper(file, _encoding_of(path), "replace", newline="")
        reader = csv.reader(text)
        head = [cell.strip() for cell in next(reader)]
        head = [head[0].removeprefix(GOATCOUNTER), *head[1:]]
        head = head if head[0] else head[1:]
        while True:
            try:
                cells = next(reader, None)
            except csv.Error:
                yield None  # a cell longer than csv.field_size_limit, or a quote without its end
                continue
            if cells is None:
                return
            yield dict(zip(head, cells, strict=True)) if len(cells) == len(head) else None


def figures(counted: Iterable[Counted], own_hosts: Collection[str]) -> Figures:
    """What the rows say together: totals, and names that enough readers are behind, the largest."""
    counts, readers = Counter[Key](), Counter[Key]()
    for key, count, behind in counted:
        counts[key] += count
        readers[key] += behind
    told = {k: n for k, n in counts.items() if not k.name or readers[k] >= SMALLEST}
    ranks = Counter[tuple[Any, ...]]()
    found: Figures = {}
    for key, count in sorted(told.items(), key=lambda each: (-each[1], each[0])):
        if key.name in own_hosts:
            continue
        ranks[key[:3]] += bool(key.name)
        if not key.name or ranks[key[:3]] <= MOST_NAMES:
            found[key] = count
    return found


def _goatcounter(row: Row) -> dict[str, Any] | None:
    """A visit of a page, or nothing: see https://www.goatcounter.com/help/export-csv.

    `Bot` is 0 for people; a referrer of the scheme `h` is an address without `https://`.
    """
    if row["Bot"] not in ("", "0") or row["Event"].lower() in ("1", "true"):
        return None
    when = datetime.fromisoformat(row["Date"])
    day = (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    host = row["Referrer"].partition("/")[0].lower() if row["Referrer scheme"] == "h" else ""
    return {
        "day": _within(day.date()),
        "kind": "pages",
        "name": row["Path"] if is_name("pages", row["Path"]) else "",
        "host": host if host and is_name("referrers", host) else "",
        "reader": row["Session"],
        "service": "",
        "declared": 0,
        "fetches": 1,
    }


def _total(row: Row) -> Counted:
    return Counted(_key(row["date"], "plausible", "pages"), int(row["pageviews"]), 0)


def _matomo(row: Row) -> Counted:
    """https://developer.matomo.org/api-reference/reporting-api#Actions: Actions.get by day."""
    if "nb_pageviews" in row:
        return Counted(_key(row["date"], "matomo", "pages"), int(row["nb_pageviews"]), 0)
    return Counted(_key(row["Date"], "matomo", "pages"), int(row["Pageviews"]), 0)


def _named(source: str, measure: str, column: str, row: Row) -> Counted | None:
    name = row[column]
    if measure == "referrers":
        name = name.removeprefix("https://").partition("/")[0].lower()
    if not name or not is_name(measure, name):
        return None
    key = _key(row["date"], source, measure, name)
    return Counted(key, int(row["pageviews"]), int(row["visitors"]))


def _key(day: str, source: str, measure: str, name: str = "") -> Key:
    return Key(_within(date.fromisoformat(day)), source, measure, name)


def _within(day: date) -> date:
    if not 2000 <= day.year < 2100:
        raise ValueError(f"{day} is no day of this century")
    return day


def _encoding(beginning: bytes) -> str:
    """Matomo writes UTF-16 unless it is told otherwise."""
    return next((name for mark, name in _MARKS.items() if beginning.startswith(mark)), "utf-8")


def _encoding_of(path: Path) -> str:
    with unpacked(path) as file:
        return _encoding(file.read(3))

"""The daily figures of readers, as they stand in `data/readers/2026-11.csv`.

Nothing in them tells of one reader: a count of people below five is `<5` or left out, and the most
that is said of a page or a referrer is how often it was fetched, where five or more readers did so.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from townsquare.problems import Place, Problem, problem

DEFINITIONS = 1
"""The version of what is counted. It rises when a figure would come out otherwise."""

SMALLEST = 5
MOST_NAMES = 50
SUPPRESSED = "<5"
FOLDER = "data/readers/"
COLUMNS = ("definitions", "day", "source", "measure", "name", "count")
MEASURES = ("pages", "feeds", "calendars", "subscribers", "referrers")
LOG, COMMON, ENGINE = "log", "log-without-agents", "engine"
SOURCES = (LOG, COMMON, ENGINE, "goatcounter", "plausible", "matomo")

_MONTH_FILE = re.compile(r"data/readers/([0-9]{4}-[0-9]{2})\.csv")
_NAMES = {
    "referrers": re.compile(r"[a-z0-9.-]{1,253}"),
    **dict.fromkeys(("pages", "feeds", "calendars", "subscribers"), re.compile("/[!-~]{0,199}")),
}
_COUNT = re.compile("[0-9]{1,15}")


class Key(NamedTuple):
    """What a figure counts. A total has no name."""

    day: date
    source: str
    measure: str
    name: str = ""


class Figure(NamedTuple):
    """A count of one day (UTC); none for one to four people. `line` is its line in the file."""

    key: Key
    number: int | None
    definitions: int = DEFINITIONS
    line: int = 0


Figures = dict[Key, int | None]
"""Figures of the present definitions."""


def month_of(path: str) -> str | None:
    """The month whose figures the file holds: `2026-11`; none for another file."""
    found = _MONTH_FILE.fullmatch(path)
    return found[1] if found else None


def path_of(month: str) -> str:
    """Where a month's figures stand."""
    return f"{FOLDER}{month}.csv"


def months(paths: Iterable[str]) -> list[str]:
    """The months that have figures, in order."""
    return sorted(month for path in paths if (month := month_of(path)))


def read(path: str, data: bytes) -> tuple[list[Figure], list[Problem]]:
    """The figures in a month's file and everything wrong with it; faulty lines are left out."""
    problems: list[Problem] = []
    found: dict[Key, Figure] = {}
    try:
        lines = data.decode("utf-8").removesuffix("\n").split("\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return [], [_problem(path, line, "this is not UTF-8 text")]
    if not lines or lines[0] != ",".join(COLUMNS):
        return [], [_problem(path, 1, f"the first line is not `{','.join(COLUMNS)}`")]
    for number, line in enumerate(lines[1:], 2):
        figure = _figure(path, number, line)
        if isinstance(figure, Figure) and figure.key in found:
            first = found[figure.key].line
            figure = _problem(path, number, f"line {first} says this already")
        if isinstance(figure, Problem):
            problems.append(figure)
        else:
            found[figure.key] = figure
    return list(found.values()), problems


def written(figures: Iterable[Figure]) -> bytes:
    """The figures as a file: sorted, one a line."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    for key, count, definitions, _line in sorted(figures, key=lambda figure: figure.key):
        rows.writerow((definitions, *key, SUPPRESSED if count is None else count))
    return text.getvalue().encode()


def merged(before: Mapping[Key, int | None], more: Mapping[Key, int | None]) -> Figures:
    """Both together. Logs hold lines of their own and are added; all else tells of whole days.

    Of whole days the larger count is right: an export made later holds more of its last day. So it
    is with subscribers, whom two parts of one day's log both hold: the larger part counts.
    """
    found = dict(before)
    for key, count in more.items():
        if key not in found:
            found[key] = count
        elif key.source in (LOG, COMMON) and key.measure != "subscribers":
            found[key] = (found[key] or 0) + (count or 0)
        else:
            found[key] = max(found[key] or 0, count or 0) or None
    return found


def _figure(path: str, number: int, line: str) -> Figure | Problem:
    cells = _cells(line)
    if len(cells) != len(COLUMNS):
        return _problem(path, number, f"there are {len(cells)} columns and not {len(COLUMNS)}")
    for message in _faults(path, dict(zip(COLUMNS, cells, strict=True))):
        return _problem(path, number, message)
    definitions, day, source, measure, name, count = cells
    key = Key(date.fromisoformat(day), source, measure, name)
    if measure == "subscribers" and count != SUPPRESSED and int(count) < SMALLEST:
        message = f"a count of {int(count)} subscribers can identify the people behind it"
        hint = f"write `{SUPPRESSED}`, or run `report.py ingest` again on the logs"
        return problem("small_count", Place(path, number), message, hint)
    return Figure(key, None if count == SUPPRESSED else int(count), int(definitions), number)


def _cells(line: str) -> list[str]:
    try:
        return next(csv.reader([line], strict=True), list[str]())
    except csv.Error:  # a control character, or a quote without its end
        return []


def _faults(path: str, row: Mapping[str, str]) -> Iterator[str]:
    if not re.fullmatch("[0-9]{1,4}", row["definitions"]):
        yield f"`{row['definitions'][:20]}` is no version of the definitions"
    if row["source"] not in SOURCES:
        yield f"there is no source `{row['source'][:20]}`; they are {', '.join(SOURCES)}"
    if row["measure"] not in MEASURES:
        yield f"there is no measure `{row['measure'][:20]}`; they are {', '.join(MEASURES)}"
    elif not is_name(row["measure"], row["name"]):
        yield f"`{row['name'][:40]}` cannot be the name of one of the {row['measure']}"
    if not _is_day_of(row["day"], month_of(path) or ""):
        yield f"`{row['day'][:20]}` is no day of {month_of(path)}"
    suppressed = row["measure"] == "subscribers" and row["count"] == SUPPRESSED
    if not suppressed and not _COUNT.fullmatch(row["count"]):
        yield f"`{row['count'][:20]}` is not a count"


def is_name(measure: str, name: str) -> bool:
    """Subscribers and referrers are always somebody's; of what is fetched there is a total."""
    if not name:
        return measure not in ("subscribers", "referrers")
    return _NAMES[measure].fullmatch(name) is not None


def _is_day_of(text: str, month: str) -> bool:
    try:
        return len(text) == 10 and text.startswith(month) and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _problem(path: str, line: int, message: str) -> Problem:
    hint = "`report.py ingest` writes this file: take back what was changed by hand"
    return problem("figures_invalid", Place(path, line), message, hint)

"""Which logs and exports were read: `data/readers/ingested.csv`, one line for each reading.

A digest is of a file's whole lines, unpacked, so that a packed or renamed copy is known again. What
was said of no reader cannot be read out of it: a line can be guessed from a digest only by somebody
who knows every byte of all the other lines.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from townsquare.problems import Place, Problem, problem
from townsquare.readers.figures import FOLDER

FILE = f"{FOLDER}ingested.csv"
COLUMNS = ("sha256", "bytes", "lines", "first", "last")
_HOUR = "%Y-%m-%dT%HZ"
_LINE = re.compile("[0-9a-f]{64},[0-9]{1,15},[0-9]{1,12},([0-9T:Z-]{14})?,([0-9T:Z-]{14})?")


class Known(NamedTuple):
    """A beginning of some content: its length in bytes, unpacked, and its SHA-256."""

    length: int
    digest: str


class Reading(NamedTuple):
    """A file's content, the lines that were counted of it, and their first and last hour (UTC)."""

    known: Known
    lines: int
    first: datetime | None = None
    last: datetime | None = None

    def overlaps(self, other: Reading) -> bool:
        """Whether both hold more than a common hour of the same time."""
        if not (self.first and self.last and other.first and other.last):
            return False
        hour = timedelta(hours=1)
        return self.first + hour < other.last and other.first + hour < self.last


def read(data: bytes) -> tuple[list[Reading], list[Problem]]:
    """What was read before and everything wrong with the file that says so."""
    lines = data.decode("utf-8", "replace").removesuffix("\n").split("\n")
    if lines[:1] != [",".join(COLUMNS)]:
        return [], [_problem(1, f"the first line is not `{','.join(COLUMNS)}`")]
    found: list[Reading] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines[1:], 2):
        reading = _reading(line)
        if reading is None:
            problems.append(_problem(number, "this line says of no file that it was read"))
        else:
            found.append(reading)
    return found, problems


def written(readings: Iterable[Reading]) -> bytes:
    """The readings as a file: in the order in which they were made."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    for known, lines, first, last in readings:
        hours = (f"{hour:{_HOUR}}" if hour else "" for hour in (first, last))
        rows.writerow((known.digest, known.length, lines, *hours))
    return text.getvalue().encode()


def _reading(line: str) -> Reading | None:
    if not _LINE.fullmatch(line):
        return None
    digest, size, lines, *hours = line.split(",")
    try:
        first, last = (datetime.strptime(hour, _HOUR) if hour else None for hour in hours)  # noqa: DTZ007 - in UTC, like the logs' own
    except ValueError:
        return None
    return Reading(Known(int(size), digest), int(lines), first, last)


def _problem(line: int, message: str) -> Problem:
    hint = "`report.py ingest` writes this file: take back what was changed by hand"
    return problem("figures_invalid", Place(FILE, line), message, hint)

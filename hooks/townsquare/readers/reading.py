"""Goes through logs and exports, and says of readers only what may be kept for a while.

It runs in a process of its own (`apart`): this is the one that sees addresses and agents.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from townsquare.problems import SetupError
from townsquare.readers import contents, exports, logs
from townsquare.readers.embedded import Parser
from townsquare.readers.exports import Export
from townsquare.readers.figures import Figures
from townsquare.readers.ingested import Reading
from townsquare.readers.libraries import arrow
from townsquare.readers.logs import Format

_ROWS = 50_000


class Visits(NamedTuple):
    """Visits as Arrow's stream of bytes: what pickle writes holds more than the values."""

    data: bytes


class Counted(NamedTuple):
    """Figures that an export has counted by itself."""

    figures: Figures


class Ended(NamedTuple):
    """All visits of this source have been told."""

    source: str


class Told(NamedTuple):
    """What became of one file. `lines` were counted, `unread` are none of its format.

    `before` says how much of it was read before: `all`, `part` or nothing. `unfinished` is how many
    bytes of a last line wait for its end, `overlapping` whether another file that was read covers
    the same hours.
    """

    path: Path
    format: str
    lines: int = 0
    unread: int = 0
    before: str = ""
    unfinished: int = 0
    overlapping: bool = False


Message = Visits | Counted | Ended | Told | Reading


def messages(
    paths: Sequence[Path], readings: list[Reading], now: datetime, own_hosts: Collection[str]
) -> Iterator[Message]:
    """What the files tell, source by source; SetupError before anything if one is of no format."""
    known = [(path, _recognised(path)) for path in paths]
    parser = Parser(now)
    for source in sorted({form.source for _, form in known}):
        for path, form in known:
            if form.source != source:
                continue
            if isinstance(form, Format):
                yield from _of_log(path, form, parser, readings)
            else:
                yield from _of_export(path, form, own_hosts)
        yield Ended(source)


def _recognised(path: Path) -> Format | Export:
    beginning = contents.beginning(path)
    found = exports.export_of(path, beginning) or logs.format_of(beginning)
    if found is None:
        raise SetupError(
            f"{path} is no log or export that is known here: Common and Combined Log Format, "
            "CloudFront, Caddy's JSON; GoatCounter's, Plausible's and Matomo's CSV. "
            "Nothing was read"
        )
    return found


def _of_log(path: Path, form: Format, parser: Parser, readings: list[Reading]) -> Iterator[Message]:
    content = contents.examined(path, (each.known for each in readings))
    if not content.is_new:
        yield Told(path, form.name, before="all", unfinished=content.unfinished)
        return
    lines, requests, hours = 0, 0, list[datetime]()
    for block in contents.blocks(content):
        texts = contents.lines_of(block)
        read = parser.read(texts, form)
        lines += sum(1 for text in texts if text and text[0] != "#")
        requests += read.requests
        hours += [hour for hour in (read.first, read.last) if hour]
        yield _packed(read.visits)
    first, last = min(hours, default=None), max(hours, default=None)
    reading = Reading(content.whole, requests, first, last)
    told = Told(path, form.name, requests, lines - requests, "part" if content.start else "")
    overlapping = any(reading.overlaps(each) for each in readings)
    readings.append(reading)
    yield reading
    yield told._replace(unfinished=content.unfinished, overlapping=overlapping)


def _of_export(path: Path, export: Export, own_hosts: Collection[str]) -> Iterator[Message]:
    tally = _Tally()
    if export.visit:
        for visits in _in_batches(tally.made(export.visit, path)):
            yield _packed(arrow.Table.from_pylist(visits))
    if export.counted:
        yield Counted(exports.figures(tally.made(export.counted, path), own_hosts))
    yield Told(path, export.name, tally.lines, tally.unread)


def _packed(visits: Any) -> Visits:
    sink = arrow.BufferOutputStream()
    with arrow.ipc.new_stream(sink, visits.schema) as stream:
        stream.write_table(visits)
    return Visits(sink.getvalue().to_pybytes())


class _Tally:
    """How many rows of an export are what they should be."""

    def __init__(self) -> None:
        self.lines = 0
        self.unread = 0

    def made(self, make: Callable[[exports.Row], Any], path: Path) -> Iterator[Any]:
        """What is made of the export's rows; faulty rows are counted, others skipped."""
        for row in exports.rows(path):
            try:
                made = make(row or {})
            except (KeyError, ValueError):
                self.unread += 1
                continue
            self.lines += 1
            if made is not None:
                yield made


def _in_batches(items: Iterable[Any]) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for item in items:
        batch.append(item)
        if len(batch) == _ROWS:
            yield batch
            batch = []
    if batch:
        yield batch

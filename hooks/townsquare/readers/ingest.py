"""Adds what logs and exports tell to the daily figures."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

from townsquare.readers import kept
from townsquare.readers.apart import apart
from townsquare.readers.embedded import counter
from townsquare.readers.figures import COMMON, Figures, Key, is_name, merged
from townsquare.readers.ingested import Reading
from townsquare.readers.reading import Counted, Ended, Told, Visits, messages


def ingest(
    root: Path, paths: Sequence[Path], *, now: datetime, own_hosts: Collection[str]
) -> list[Told]:
    """What the files tell is among the community's figures; all of them, or none where one fails.

    Files that are given together are counted together: a reader who stands in two of them is one.
    """
    hosts = list(own_hosts)
    told: list[Told] = []
    found: Figures = {}
    with kept.locked(root), counter() as counting:
        before = kept.load(root)
        readings = list(before.readings)
        for message in apart(messages, paths, before.readings, now, hosts):
            match message:
                case Visits(data):
                    counting.add(data)
                case Ended(source):
                    found = merged(found, _counted(counting.figures(hosts), source))
                case Counted(figures):
                    found = merged(found, figures)
                case Reading():
                    readings.append(message)
                case _:
                    told.append(message)
        save(root, before, found, readings)
    return told


def save(root: Path, before: kept.Kept, found: Figures, readings: list[Reading]) -> None:
    """The community's figures are those from before and these."""
    months = dict(before.months)
    for month, figures in kept.by_month(found).items():
        months[month] = merged(months.get(month, {}), figures)
    kept.save(root, kept.Kept(months, readings))


def named(rows: Iterable[tuple[date, str, str, int]], source: str) -> Figures:
    """Rows as an engine gives them, as figures of a source."""
    return {
        Key(day, source, measure, name): count or (None if measure == "subscribers" else 0)
        for day, measure, name, count in rows
        if is_name(measure, name)
    }


def _counted(rows: Iterable[tuple[date, str, str, int]], source: str) -> Figures:
    """Without agents, crawlers would be taken for subscribers."""
    found = named(rows, source)
    if source != COMMON:
        return found
    return {key: count for key, count in found.items() if key.measure != "subscribers"}

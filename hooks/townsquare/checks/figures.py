"""Faults of figures that tools counted and somebody then changed."""

from __future__ import annotations

from collections.abc import Iterator

from townsquare.checks.context import Context
from townsquare.problems import Problem


def figures_invalid(context: Context) -> Iterator[Problem]:
    """Lines that `report.py ingest` and `report.py forge` would not have written."""
    for path in context.library.data:
        yield from _faults(path, context.library.data[path])


def _faults(path: str, data: bytes) -> Iterator[Problem]:
    # Few communities count anything, and every build would pay for what reads it.
    from townsquare.forge import response
    from townsquare.readers import figures, ingested

    if path == response.FILE:
        yield from response.read(data)[1]
    if path == ingested.FILE:
        yield from ingested.read(data)[1]
    elif figures.month_of(path):
        yield from figures.read(path, data)[1]

"""Faults of figures that tools counted and somebody then changed."""

from __future__ import annotations

from collections.abc import Iterator

from townsquare.checks.context import Context
from townsquare.forge import response
from townsquare.problems import Problem
from townsquare.readers import figures, ingested


def figures_invalid(context: Context) -> Iterator[Problem]:
    """Lines that `report.py ingest` and `report.py forge` would not have written."""
    for path in context.library.data:
        if path == response.FILE:
            yield from response.read(context.library.data[path])[1]
        if path == ingested.FILE:
            yield from ingested.read(context.library.data[path])[1]
        elif figures.month_of(path):
            yield from figures.read(path, context.library.data[path])[1]

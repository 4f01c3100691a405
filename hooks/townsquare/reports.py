"""Reports as files: JSON with a schema, and CSV for spreadsheets.

What reckons figures is imported when they are asked for: every build asks for the platform's.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from townsquare.canonical_json import encoded
from townsquare.community import Community
from townsquare.figures import platform
from townsquare.figures.platform import Platform
from townsquare.makings import Making
from townsquare.release import Release

if TYPE_CHECKING:
    from townsquare.figures.shapes import Report

REPORTS = ("community", "readers", "response")
COLUMNS = ("figure", "period", "of", "value", "unit", "source")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def makings(_community: Community) -> Iterator[Making]:
    """The reports' files, made of a release."""
    for name in REPORTS:
        yield Making(_report(name).JSON, "reports:as_json", (name,))
        yield Making(_report(name).CSV, "reports:as_csv", (name,))


def as_json(release: Release, name: str = "community") -> bytes:
    """Every figure, table and course of a report, with formula, window and source."""
    community, made_by = release.community, _report(name)
    schema = community.settings.absolute(made_by.SCHEMA)
    return encoded({"schema": schema, **_named(made_by.report(community))})


def as_csv(release: Release, name: str = "community") -> bytes:
    """A value a line; what was not collected has none. RFC 4180."""
    return csv_bytes(COLUMNS, _rows(_report(name).report(release.community)))


def _report(name: str) -> Any:
    """What makes a report, and says where it stands: `JSON`, `CSV`, `SCHEMA`, `report`."""
    return import_module(f"townsquare.figures.{name}_report")


def platform_json(community: Community, measured: Platform) -> bytes:
    """What the platform's report says."""
    schema = community.settings.absolute(platform.SCHEMA)
    return encoded({"schema": schema, **_named(measured)})


def csv_bytes(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> bytes:
    """A table that no spreadsheet takes for formulas: texts that begin like one get a quote."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_cell(each) for each in row] for row in rows)
    return out.getvalue().encode()


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _rows(report: Report) -> Iterator[tuple[Any, ...]]:
    for section in report.sections:
        for f in section.figures:
            yield f.id, f.window, "", f.value, f.unit, f.source
    for tally in report.tallies:
        for name, count in tally.rows:
            yield tally.id, tally.window, name, count, tally.unit, tally.source
    for trend in report.trends:
        for month, value in zip(trend.months, trend.values, strict=True):
            yield trend.id, month, "", value, trend.unit, trend.source


def _named(value: Any) -> Any:
    """Named tuples as objects, all the way down."""
    if hasattr(value, "_asdict"):
        return {name: _named(each) for name, each in value._asdict().items()}
    if isinstance(value, tuple):
        return [_named(each) for each in cast("tuple[Any, ...]", value)]
    return value

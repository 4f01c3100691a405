"""DuckDB inside our processes, in bounded memory.

What knows addresses and agents, the `Parser`, has no folder to spill into. It hands on visits,
whose readers are numbers made with a secret that ends with its process; the `Counter` of those may
spill, into a private folder that is removed. They stand in two processes: see `apart`.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Collection, Generator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import duckdb

from townsquare.readers import aggregation
from townsquare.readers.libraries import arrow, duckdb_compiler, ibis
from townsquare.readers.logs import Format

THREADS = 2
PARSER: dict[str, Any] = {"memory_limit": "200MB", "temp_directory": ""}
COUNTER: dict[str, Any] = {"memory_limit": "300MB"}
_FIRST = datetime(2000, 1, 1)  # noqa: DTZ001 - the columns hold UTC without saying so
_TYPES = {"date": "DATE", "string": "VARCHAR", "int64": "BIGINT"}
_TOGETHER = 16_384


class Read(NamedTuple):
    """What lines tell: how many are requests, the first's and last's hour (UTC), the visits."""

    requests: int
    first: datetime | None
    last: datetime | None
    visits: Any


class Parser:
    """Makes visits from lines. A request later than tomorrow is none."""

    def __init__(self, now: datetime) -> None:
        self._until = now.replace(tzinfo=None) + timedelta(days=1)
        self._connection = _connected(PARSER)
        self._salt = secrets.token_hex(16)
        requests = ibis.table(aggregation.REQUESTS, name="requests")
        hidden = "hash(concat($salt, reader))::VARCHAR AS reader"
        self._visits = f"SELECT * REPLACE ({hidden}) FROM ({sql(aggregation.visits(requests))})"  # noqa: S608 — made of our own words alone

    def read(self, lines: list[str], form: Format) -> Read:
        """What these lines of a log tell."""
        whole = arrow.Table.from_arrays([arrow.array(lines, arrow.string())], ["line"])
        self._connection.register("lines", arrow.Table.from_batches(whole.to_batches(_TOGETHER)))
        self._connection.execute(
            f"CREATE OR REPLACE TEMP TABLE requests AS FROM ({form.query}) "
            "WHERE time BETWEEN $first AND $until",
            {"first": _FIRST, "until": self._until},
        )
        span = "SELECT count(*), date_trunc('hour', min(time)), date_trunc('hour', max(time))"
        [found] = self._connection.execute(f"{span} FROM requests").fetchall()
        visits = self._connection.sql(self._visits, params={"salt": self._salt})
        requests, first, last = found
        return Read(requests, first, last, visits.to_arrow_table())


class Counter:
    """Takes visits and gives figures."""

    def __init__(self, folder: str) -> None:
        self._connection = _connected({**COUNTER, "temp_directory": folder})
        columns = ", ".join(f"{name} {_TYPES[type]}" for name, type in aggregation.VISITS.items())
        self._connection.execute(f"CREATE TABLE visits ({columns})")

    def add(self, visits: bytes) -> None:
        """These visits, as Arrow's stream, are counted."""
        self._connection.register("more", arrow.ipc.open_stream(visits).read_all())
        self._connection.execute("INSERT INTO visits BY NAME FROM more")
        self._connection.unregister("more")

    def figures(self, own_hosts: Collection[str]) -> list[tuple[date, str, str, int]]:
        """The figures of all that was counted, as rows of `aggregation.figures`; none is left."""
        table = ibis.table(aggregation.VISITS, name="visits")
        rows = self._connection.execute(sql(aggregation.figures(table, own_hosts))).fetchall()
        self._connection.execute("DELETE FROM visits")
        return rows


@contextmanager
def counter() -> Generator[Counter]:
    """A counter, whose spilled visits are removed at the end."""
    folder = tempfile.mkdtemp(prefix="townsquare-")
    try:
        yield Counter(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sql(expression: Any) -> str:
    """The expression as DuckDB's SQL."""
    tree = duckdb_compiler.to_sqlglot(expression.unbind())
    return tree.sql(dialect=duckdb_compiler.dialect)


def _connected(settings: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:", config=settings)
    fixed = {
        "threads": THREADS,
        "TimeZone": "UTC",
        "preserve_insertion_order": False,
        "autoinstall_known_extensions": False,
        "enable_progress_bar": False,
    }
    for name, value in fixed.items():
        connection.execute(f"SET {name} = '{value}'")
    return connection

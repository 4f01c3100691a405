"""The aggregation is one: every engine gets the same query, and Spark the same figures."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest
import reader_logs
import sqlglot
from reader_logs import NOW, OWN, log, requests, truth

from townsquare.problems import SetupError
from townsquare.readers import aggregation, crawlers, embedded, engines, ingest, logs

ENGINES = ("duckdb", "pyspark", "clickhouse", "bigquery")
DIALECTS = {"pyspark": "spark"}
MADE = requests(4000, seed=5)


def queries(engine: str) -> list[str]:
    """What the engine is asked: for visits of requests, figures of visits, and both at once."""
    compiler = import_module(f"ibis.backends.sql.compilers.{engine}").compiler
    made = ibis.table(aggregation.REQUESTS, name="requests")
    kept = ibis.table(aggregation.VISITS, name="visits")
    asked = (
        aggregation.visits(made),
        aggregation.figures(kept, OWN),
        aggregation.figures(aggregation.visits(engines.columns(made)), OWN),
    )
    return [compiler.to_sqlglot(each.unbind()).sql(dialect=compiler.dialect) for each in asked]


@pytest.mark.parametrize("engine", ENGINES)
def test_each_engine_is_asked_in_its_own_words_for_the_same_patterns(engine):
    written: set[str] = set()
    for query in queries(engine):
        tree = sqlglot.parse_one(query, read=DIALECTS.get(engine, engine))
        written |= {each.this for each in tree.find_all(sqlglot.exp.Literal) if each.is_string}
    patterns = {
        *(crawlers.crawlers(), crawlers.feed_readers(), aggregation.CALENDAR, aggregation.FEED),
        *(aggregation.PAGE, aggregation.PLAIN_PATH, aggregation.VARYING),
    }
    assert patterns - written == set()
    for pattern in (aggregation.HOST, aggregation.DECLARED):
        assert any(pattern in text for text in written)


def table_of(made: list[reader_logs.Request]) -> pa.Table:
    """The requests as an engine would hold them, read from a log."""
    connection = embedded._connected(embedded.PARSER)
    data = log(made)
    lines = data.decode().splitlines()
    connection.register("lines", pa.table({"line": lines}))
    form = logs.format_of(data)
    assert form
    return connection.sql(form.query).to_arrow_table()


class Connection:
    """An engine that can be asked, as Ibis's are: DuckDB with one table."""

    def __init__(self, table: pa.Table) -> None:
        self._duckdb = embedded._connected(embedded.PARSER)
        self._duckdb.register("requests", table)

    def table(self, name: str) -> Any:
        if name != "requests":
            raise LookupError(f"no table {name}")
        return ibis.table(aggregation.REQUESTS, name=name)

    def to_pyarrow(self, expression: Any) -> pa.Table:
        return self._duckdb.sql(embedded.sql(expression)).to_arrow_table()


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Connection:
    connection = Connection(table_of(MADE))
    monkeypatch.setattr(engines.ibis, "connect", lambda _url: connection)
    return connection


def asked(**options: Any) -> reader_logs.Truth:
    how = {"since": None, "now": NOW, "own_hosts": OWN, **options}
    rows = engines.figures("spark://local", "requests", **how)
    found = ingest.named(rows, "engine")
    return {(k.day, k.measure, k.name): "<5" if n is None else n for k, n in found.items()}


def test_an_engines_table_gives_the_figures_of_an_independent_count(engine):
    assert asked() == truth(MADE)


def test_only_whole_days_since_the_day_asked_for_are_told(engine):
    found = asked(now=datetime(2026, 11, 9, 17, tzinfo=UTC), since=date(2026, 11, 4))
    whole = {k: n for k, n in truth(MADE).items() if date(2026, 11, 4) <= k[0] < date(2026, 11, 9)}
    assert found == whole and whole


def test_what_an_engine_refuses_is_said_in_words(engine, monkeypatch):
    with pytest.raises(SetupError, match="spark did not answer: no table visits"):
        engines.figures("spark://secret@host", "visits", since=None, now=NOW, own_hosts=[])
    with pytest.raises(SetupError, match="the table lacks method, path, status"):
        engines.columns(ibis.table({"time": "timestamp"}, name="x"))


@pytest.mark.full
@pytest.mark.filterwarnings("ignore")  # pyspark's and Ibis's own
def test_spark_gives_every_figure_that_duckdb_gives(tmp_path, monkeypatch):
    if not find_spec("pyspark"):
        pytest.skip("no pyspark: `.venv/bin/uv pip install --group spark` brings it")
    if not shutil.which("java"):
        pytest.skip("no java: Spark was not asked")
    from pyspark.sql import SparkSession

    made = requests(60_000, seed=11, readers=60)
    (tmp_path / "access.log").write_bytes(log(made))
    pa.parquet = import_module("pyarrow.parquet")
    pa.parquet.write_table(table_of(made), tmp_path / "requests.parquet")
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.sql.session.timeZone", "UTC")
    builder = builder.config("spark.ui.showConsoleProgress", "false")
    session = builder.config("spark.driver.bindAddress", "127.0.0.1").getOrCreate()
    try:
        session.read.parquet(str(tmp_path / "requests.parquet")).createOrReplaceTempView("requests")
        connection = ibis.pyspark.connect(session)
        monkeypatch.setattr(engines.ibis, "connect", lambda _url: connection)
        found = asked()
    finally:
        session.stop()
    (town := Path(tmp_path / "town")).mkdir()
    ingest.ingest(town, [tmp_path / "access.log"], now=NOW, own_hosts=OWN)
    months = ingest.kept.load(town).months.values()
    here = {k: n for month in months for k, n in month.items()}
    assert found == {(k.day, k.measure, k.name): "<5" if n is None else n for k, n in here.items()}
    assert found == truth(made) and len(found) > 300

"""The same figures from an engine that already holds a community's requests in a table.

Nothing is sent there but the query, and nothing comes back but its figures.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from townsquare.problems import SetupError
from townsquare.readers import aggregation
from townsquare.readers.libraries import ibis

_ = ibis._


def figures(
    url: str, table: str, *, since: date | None, now: datetime, own_hosts: Collection[str]
) -> list[tuple[Any, ...]]:
    """The figures of the whole days (UTC) that the table holds, as rows.

    The table, or a view of that name, has the columns of `aggregation.REQUESTS`. SetupError where
    the engine cannot be asked.
    """
    try:
        connection: Any = ibis.connect(url)
        requests = columns(connection.table(table))
        days = _.time < ibis.timestamp(f"{now:%Y-%m-%d}")
        requests = requests.filter(days)
        if since:
            requests = requests.filter(_.time >= ibis.timestamp(f"{since}"))
        whole = aggregation.figures(aggregation.visits(requests), own_hosts)
        rows = connection.to_pyarrow(whole).to_pylist()
    except SetupError:
        raise
    except Exception as error:
        raise SetupError(f"{url.partition('://')[0]} did not answer: {error}") from error
    return [(row["day"], row["measure"], row["name"], row["count"]) for row in rows]


def columns(table: Any) -> Any:
    """The table's columns as `aggregation.REQUESTS` has them; SetupError where one is missing."""
    missing = [name for name in aggregation.REQUESTS if name not in table.columns]
    if missing:
        raise SetupError(
            f"the table lacks {', '.join(missing)}: make a view with the columns "
            f"{', '.join(aggregation.REQUESTS)}, times in UTC"
        )
    cast = {name: table[name].cast(type) for name, type in aggregation.REQUESTS.items()}
    texts = {name: cast[name].fill_null("") for name in cast if name not in ("time", "status")}
    return table.select(**{**cast, **texts})

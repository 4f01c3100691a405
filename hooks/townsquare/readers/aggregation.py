"""What is counted, written once for every engine: requests in, visits, daily figures out.

Ibis expressions (https://ibis-project.org): DuckDB runs them here; Spark, ClickHouse or BigQuery
where a community has its requests there. Patterns hold no backslash, and nothing depends on what
`re_extract` gives where it finds nothing: there the engines differ.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from townsquare.readers import crawlers
from townsquare.readers.figures import MOST_NAMES, SMALLEST
from townsquare.readers.libraries import ibis

_ = ibis._
Table = Any

REQUESTS = {
    "time": "timestamp",
    "method": "string",
    "path": "string",
    "status": "int32",
    "address": "string",
    "agent": "string",
    "referrer": "string",
}
"""The columns of a table of requests; times in UTC. Addresses are only told apart."""

VISITS = {
    "day": "date",
    "kind": "string",
    "name": "string",
    "host": "string",
    "reader": "string",
    "service": "string",
    "declared": "int64",
    "fetches": "int64",
}
"""The columns of a table of visits: what one reader fetched on a day. Crawlers are gone.

A `service` reads for many; `declared` is how many it says they are, 0 for everybody else.
"""

CALENDAR = "[.]ics$"
FEED = (
    "(^|/)(rss|atom|feed|podcast|index)[.]xml$|(^|/)feed[.]json$|(^|/)feed/$|(^|/)feeds/.*[.]xml$"
)
PAGE = "/$|[.]html?$"
PLAIN_PATH = "^/[!-~]*$"
HOST = "^https?://([a-z0-9.-]+[.][a-z][a-z0-9-]+)([:/?#]|$)"
DECLARED = "(^|[^0-9])([0-9]{1,6}) (subscriber|reader)s?"
VARYING = "[0-9]+|feed-?id[=:] ?[0-9a-f-]+"
LONGEST = 200


def visits(requests: Table) -> Table:
    """What each reader fetched on each day (UTC): successful GETs of pages, feeds and calendars."""
    path = _.path.re_replace("(?s)[?#].*", "")
    plain = path.re_search(PLAIN_PATH) & (path.length() <= LONGEST)
    asked = requests.filter(_.method == "GET", _.status.isin([200, 304]))
    named = asked.select(
        day=_.time.date(),
        kind=_kind(path),
        name=ibis.ifelse(plain, path, ""),
        host=_.referrer.lower().re_extract(HOST, 1).fill_null(""),
        address=_.address,
        agent=_.agent,
    )
    found = named.filter(_.kind != "").join(_people(requests), [("agent", "of")])
    read = found.filter(ibis.ifelse(_.kind == "pages", _.visits, _.follows))
    reader = _.address.concat(" ", _.agent)
    by = ("day", "kind", "name", "host", "service", "declared")
    return read.group_by(*by, reader=reader).agg(fetches=_.count()).select(*VISITS)


def _kind(path: Any) -> Any:
    return ibis.cases(
        (path.re_search(CALENDAR), "calendars"),
        (path.re_search(FEED), "feeds"),
        (path.re_search(PAGE), "pages"),
        else_="",
    )


def _people(requests: Table) -> Table:
    """Agents of people: who `visits` pages, and who `follows` feeds, which services do for many."""
    agents = requests.filter(~_.agent.isin(["", "-"])).select(of="agent").distinct()
    told = agents.mutate(
        crawls=_.of.re_search(crawlers.crawlers()),
        fetches=_.of.re_search(crawlers.feed_readers()),
        said=_.of.re_extract(DECLARED, 2).fill_null(""),
    )
    serves = _.said != ""
    return told.select(
        "of",
        visits=~(_.crawls | _.fetches | serves),
        follows=serves | _.fetches | ~_.crawls,
        service=ibis.ifelse(serves, _.of.re_replace(VARYING, ""), ""),
        declared=_.said.nullif("").cast("int64").fill_null(0),
    )


def figures(visits: Table, own_hosts: Collection[str] = ()) -> Table:
    """The figures of each day, as `day`, `measure`, `name`, `count`.

    An estimate of subscribers below the threshold is 0.
    """
    pages = visits.filter(_.kind == "pages")
    followed = visits.filter(_.kind != "pages")
    estimates = _estimates(followed)
    referred = pages.filter(~_.host.isin(["", *own_hosts]))
    shown = ibis.ifelse(_["count"] >= SMALLEST, _["count"], 0)
    parts = (
        _figure(visits.group_by("day", measure=_.kind).agg(count=_.fetches.sum()), name=""),
        _figure(_by_many(pages, "name"), measure="pages"),
        _figure(_by_many(referred, "host"), measure="referrers"),
        _figure(_fetched(followed, estimates)),
        _figure(estimates.mutate(count=shown), measure="subscribers"),
    )
    return ibis.union(*parts, distinct=False)


def _figure(table: Table, **constant: str) -> Table:
    """The table in the columns of all figures."""
    whole = table.mutate(**{name: ibis.literal(value) for name, value in constant.items()})
    return whole.select("day", "measure", "name", count=_["count"].cast("int64"))


def _by_many(visits: Table, name: str) -> Table:
    """Fetches by a name, the largest of each day, where enough readers are behind them."""
    counted = visits.group_by("day", name=_[name]).agg(
        count=_.fetches.sum(), readers=_.reader.nunique()
    )
    return _largest(counted.filter(_.readers >= SMALLEST, _.name != ""))


def _largest(counted: Table) -> Table:
    order = [ibis.desc("count"), ibis.asc("name")]
    placed = counted.mutate(place=ibis.row_number().over(group_by="day", order_by=order))
    return placed.filter(_.place < MOST_NAMES)


def _estimates(followed: Table) -> Table:
    """How many follow each feed or calendar: what services say, and every other agent once."""
    named = followed.filter(_.name != "")
    services = named.filter(_.service != "").group_by("day", "name", "service")
    said = services.agg(each=_.declared.max()).select("day", "name", "each")
    alone = named.filter(_.service == "").group_by("day", "name")
    both = said.union(alone.agg(each=_.reader.nunique()), distinct=False)
    return _largest(both.group_by("day", "name").agg(count=_.each.sum()))


def _fetched(followed: Table, estimates: Table) -> Table:
    """Fetches of each feed and calendar that enough subscribers follow."""
    many = estimates.filter(_["count"] >= SMALLEST).select(day_of="day", name_of="name")
    counted = followed.group_by("day", "name", measure=_.kind).agg(count=_.fetches.sum())
    return counted.join(many, [("day", "day_of"), ("name", "name_of")])

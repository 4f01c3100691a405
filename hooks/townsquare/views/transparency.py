"""What moderation did, in figures, period by period."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from townsquare.community import Community
from townsquare.makings import Making
from townsquare.model import Entry
from townsquare.pages import FeedLink, Page
from townsquare.queries import query
from townsquare.views.lists import Linked, link_to_key, with_neighbours
from townsquare.views.shapes import entry_page, list_page
from townsquare.wordbook import _

NOT_COLLECTED = "not collected"


class Figures(NamedTuple):
    """A period's line in the list of periods; `total` as it is printed."""

    target: Linked
    first: date
    last: date
    total: str


class Table(NamedTuple):
    """Figures of a period. `total` is the sum of the numbers printed, none where there is none."""

    title: str
    rows: tuple[Any, ...]
    total: int | None
    complete: bool


def makings(community: Community) -> Iterator[Making]:
    """The list of periods, where there are any, and a page for each."""
    found = periods(community)
    if found:
        yield Making("guidelines/transparency/", "views.transparency:index")
    for newer, entry, older in with_neighbours(found):
        near = older.key if older else None, newer.key if newer else None
        yield Making(entry.address, "views.transparency:period", (entry.key, *near))


@query
def periods(community: Community) -> list[Entry[Any]]:
    """The periods of which there are figures, the latest first."""
    found = community.readable("transparency")
    return sorted(found, key=lambda e: e.fields.period, reverse=True)


def index(community: Community) -> Page:
    """The periods, each with its total."""
    feed = FeedLink(_("Changes in the guidelines"), "feeds/guidelines.xml")
    data = {"periods": [_figures(e) for e in periods(community)]}
    about = _("What moderation did, in figures that single nobody out.")
    return list_page(
        community, "guidelines/transparency/", _("Transparency"), "transparency_index.html",
        data, description=about, feeds=(feed,),
    )  # fmt: skip


def period(community: Community, key: str, older: str | None, newer: str | None) -> Page:
    """A period's figures, between the periods before and after it."""
    entry = community.library.entry(key)
    return entry_page(
        community,
        entry,
        tables=_tables(entry),
        older=link_to_key(community, older),
        newer=link_to_key(community, newer),
    )


def _figures(entry: Entry[Any]) -> Figures:
    period, total = entry.fields.period, entry.fields.total
    tables = _tables(entry)
    if tables and tables[0].total is not None:
        total = tables[0].total
    printed = _(NOT_COLLECTED) if total in (None, NOT_COLLECTED) else str(total)
    return Figures(Linked(period.label, entry.address), period.first, period.last, printed)


def _tables(entry: Entry[Any]) -> list[Table]:
    fields = entry.fields
    titles = (_("Cases by category"), fields.cases), (_("Cases by outcome"), fields.outcomes)
    return [_table(title, rows) for title, rows in titles if rows]


def _table(title: str, rows: Iterable[Any]) -> Table:
    rows = tuple(rows)
    numbers = [row.count for row in rows if isinstance(row.count, int)]
    return Table(title, rows, sum(numbers) if numbers else None, len(numbers) == len(rows))

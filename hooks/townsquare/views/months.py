"""Tables of months: what takes place on each day."""

from __future__ import annotations

from calendar import Calendar as Weeks
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from townsquare import times
from townsquare.community import Community
from townsquare.makings import Making
from townsquare.pages import Page
from townsquare.queries import query
from townsquare.rules import day_of
from townsquare.views import occurrences
from townsquare.views.lists import Count, Linked, with_neighbours
from townsquare.views.occurrences import Nth, Row, row
from townsquare.views.shapes import list_page
from townsquare.wordbook import _, weekday_name
from townsquare.wordbook import month as in_words

MONTHS_BACK, MONTHS_AHEAD = 120, 24


class Day(NamedTuple):
    """A cell of a month's table; of another month, without a date."""

    date: date | None
    rows: tuple[Row, ...]


def makings(community: Community) -> Iterator[Making]:
    """The list of months and a table for each in which anything takes place."""
    names = list(counts(community))
    if names:
        yield Making("events/months/", "views.months:index")
    for before, name, after in with_neighbours(names):
        yield Making(address(name), "views.months:month", (name, before, after))


def name_of(first: date) -> str:
    """`2026-05`, by which queries and addresses name a month."""
    return f"{first:%Y-%m}"


def address(name: str) -> str:
    """The address of a month's table."""
    return f"events/months/{name}/"


@query
def by_month(community: Community) -> dict[str, list[Nth]]:
    """What takes place in each month of the window that holds anything, in order."""
    this = community.clock.month()
    first = times.Interval(months=-MONTHS_BACK).after(this)
    last = times.Interval(months=MONTHS_AHEAD).after(this)
    found: dict[str, list[Nth]] = {}
    for nth in occurrences.everything(community):
        held = nth.occurrence(community)
        begun, ended = (d.replace(day=1) for d in (day_of(held.start), held.last_day))
        while begun <= ended:
            if first <= begun <= last:
                found.setdefault(name_of(begun), []).append(nth)
            begun = (begun + timedelta(days=32)).replace(day=1)
    return dict(sorted(found.items()))


@query
def counts(community: Community) -> dict[str, int]:
    """How much takes place in each of these months, in order."""
    return {name: len(held) for name, held in by_month(community).items()}


@query
def of_month(community: Community, name: str) -> list[Nth]:
    """What takes place in this month, by instant, then address."""
    return by_month(community).get(name, [])


def index(community: Community) -> Page:
    """The months under their years, the latest first."""
    listed = [
        (_first(name), Count(in_words(_first(name)), address(name), number))
        for name, number in reversed(counts(community).items())
    ]
    years = [
        (year, [count for _first_day, count in inside])
        for year, inside in groupby(listed, lambda pair: pair[0].year)
    ]
    data = {"years": years}
    return list_page(community, "events/months/", _("Months"), "months.html", data)


def month(community: Community, name: str, before: str | None, after: str | None) -> Page:
    """A month's table, between the months in which anything takes place."""
    first = _first(name)
    data = {
        "month": first,
        "weeks": _weeks(community, first, of_month(community, name)),
        "weekdays": [weekday_name(number) for number in range(7)],
        "before": _link(before),
        "after": _link(after),
    }
    title = _("Events in %(month)s") % {"month": in_words(first)}
    return list_page(community, address(name), title, "month.html", data)


def _first(name: str) -> date:
    return date.fromisoformat(f"{name}-01")


def _link(name: str | None) -> Linked | None:
    return Linked(in_words(_first(name)), address(name)) if name else None


def _weeks(community: Community, first: date, listed: Iterable[Nth]) -> list[list[Day]]:
    """The month's weeks, Monday first."""
    by_day: dict[date, list[Row]] = {}
    for nth in listed:
        held = nth.occurrence(community)
        shown = row(community, nth.entry, held)
        for day in occurrences.days(held):
            by_day.setdefault(day, []).append(shown)
    weeks = Weeks(firstweekday=0).monthdatescalendar(first.year, first.month)
    return [
        [
            Day(day, tuple(by_day.get(day, ()))) if day.month == first.month else Day(None, ())
            for day in week
        ]
        for week in weeks
    ]

"""Lists of events: what is coming, what is over, months and series."""

from __future__ import annotations

from calendar import Calendar as Weeks
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from townsquare import times
from townsquare.community import Community
from townsquare.model import Entry
from townsquare.pages import FeedLink, Page
from townsquare.recurrence import Occurrence
from townsquare.rules import day_of
from townsquare.views import event, occurrences
from townsquare.views.calendar_links import calendar
from townsquare.views.lists import Count, Linked, list_page
from townsquare.views.occurrences import Row, row
from townsquare.wordbook import _, label, month, weekday_name

PER_EVENT = 12
AGENDA_MONTHS = 12
MONTHS_BACK, MONTHS_AHEAD = 120, 24

Held = tuple[Entry[Any], Occurrence]


class Day(NamedTuple):
    """A cell of a month's table; of another month, without a date."""

    date: date | None
    rows: tuple[Row, ...]


def pages(community: Community) -> Iterator[Page]:
    """The agenda, what is over by years, month tables, series, and every event."""
    everything = occurrences.everything(community)
    over = [pair for pair in everything if community.clock.passed(pair[1].ends)]
    months = _months(community, everything)
    yield _agenda(community, months, has_past=bool(over))
    yield from _past(community, over)
    yield from _month_pages(community, months)
    yield from _series_pages(community)
    yield from event.pages(community)


def coming(community: Community, count: int) -> list[Row]:
    """The next occurrence of each event that has one, the soonest first."""
    found = [(e, community.split(e)[1]) for e in community.events]
    first = sorted(((e, h[0]) for e, h in found if h), key=lambda p: (p[1].begins, p[0].address))
    return [row(community, e, held) for e, held in first[:count]]


def _agenda(community: Community, months: dict[date, list[Held]], *, has_past: bool) -> Page:
    feed = FeedLink(_("Events: announcements and changes"), "feeds/events.xml")
    this = community.clock.month()
    return list_page(
        community,
        "events/",
        _("Events"),
        "events.html",
        {
            "months": _by_month(community, _next(community)),
            "calendar_of_all": calendar(community, _("All events"), "events.ics"),
            "feed": feed,
            "has_months": bool(months),
            "has_past": has_past,
            "this_month": _month_address(this) if this in months else "",
            "series": _series_counts(community),
        },
        description=_("What takes place next, and what is over."),
        feeds=(feed,),
        nav_order=200,
    )


def _next(community: Community) -> list[Held]:
    """What is to come within a year, at most twelve dates an event; the first in any case."""
    last = times.Interval(months=AGENDA_MONTHS).after(community.clock.month())
    found: list[Held] = []
    for entry in community.events:
        held = community.split(entry)[1][:PER_EVENT]
        found += [(entry, h) for i, h in enumerate(held) if not i or day_of(h.start) < last]
    return sorted(found, key=lambda pair: (pair[1].begins, pair[0].address))


def _by_month(community: Community, found: list[Held]) -> list[tuple[str, str, list[Row]]]:
    """Rows under their months: the month's name, an id for it, and the rows."""
    grouped = groupby(found, lambda pair: day_of(pair[1].start).replace(day=1))
    return [
        (month(first), f"ts-{first:%Y-%m}", [row(community, e, held) for e, held in inside])
        for first, inside in grouped
    ]


def _past(community: Community, over: list[Held]) -> Iterator[Page]:
    if not over:
        return
    years: dict[int, list[Held]] = {}
    for pair in sorted(over, key=lambda p: (day_of(p[1].start), p[1].begins), reverse=True):
        years.setdefault(day_of(pair[1].start).year, []).append(pair)
    counts = [Count(str(year), f"events/past/{year}/", len(held)) for year, held in years.items()]
    latest = [row(community, e, held) for e, held in over[: -PER_EVENT - 1 : -1]]
    data = {"years": counts, "latest": latest}
    yield list_page(community, "events/past/", _("Past events"), "past_events.html", data)
    order = list(years)
    for at, (year, held) in enumerate(years.items()):
        address = f"calendars/archive/{year}.ics"
        data = {
            "months": _by_month(community, held),
            "older": counts[at + 1].address if at + 1 < len(order) else "",
            "newer": counts[at - 1].address if at else "",
            "calendar": calendar(community, _("Events of %(year)s") % {"year": year}, address),
        }
        title = _("Past events: %(year)s") % {"year": year}
        yield list_page(community, f"events/past/{year}/", title, "past_year.html", data)


def _months(community: Community, everything: list[Held]) -> dict[date, list[Held]]:
    """What takes place in each month of the window that holds anything, by its first day."""
    this = community.clock.month()
    first = times.Interval(months=-MONTHS_BACK).after(this)
    last = times.Interval(months=MONTHS_AHEAD).after(this)
    found: dict[date, list[Held]] = {}
    for pair in everything:
        begun, ended = (d.replace(day=1) for d in (day_of(pair[1].start), pair[1].last_day))
        while begun <= ended:
            if first <= begun <= last:
                found.setdefault(begun, []).append(pair)
            begun = (begun + timedelta(days=32)).replace(day=1)
    return dict(sorted(found.items()))


def _month_address(first: date) -> str:
    return f"events/months/{first:%Y-%m}/"


def _month_pages(community: Community, months: dict[date, list[Held]]) -> Iterator[Page]:
    order = list(months)
    if order:
        years = [
            (year, [Count(month(m), _month_address(m), len(months[m])) for m in inside])
            for year, inside in groupby(reversed(order), lambda first: first.year)
        ]
        data = {"years": years}
        yield list_page(community, "events/months/", _("Months"), "months.html", data)
    for at, (first, held) in enumerate(months.items()):
        data = {
            "month": first,
            "weeks": _weeks(community, first, held),
            "weekdays": [weekday_name(number) for number in range(7)],
            "before": Linked(month(order[at - 1]), _month_address(order[at - 1])) if at else None,
            "after": Linked(month(order[at + 1]), _month_address(order[at + 1]))
            if at + 1 < len(order)
            else None,
        }
        title = _("Events in %(month)s") % {"month": month(first)}
        yield list_page(community, _month_address(first), title, "month.html", data)


def _weeks(community: Community, first: date, held: list[Held]) -> list[list[Day]]:
    """The month's weeks, Monday first."""
    by_day: dict[date, list[Row]] = {}
    for entry, each in held:
        shown = row(community, entry, each)
        for day in occurrences.days(each):
            by_day.setdefault(day, []).append(shown)
    weeks = Weeks(firstweekday=0).monthdatescalendar(first.year, first.month)
    return [
        [
            Day(day, tuple(by_day.get(day, ()))) if day.month == first.month else Day(None, ())
            for day in week
        ]
        for week in weeks
    ]


def _by_series(community: Community) -> dict[str, list[Entry[Any]]]:
    found: dict[str, list[Entry[Any]]] = {}
    for entry in community.events:
        if name := getattr(entry.fields, "series", None):
            found.setdefault(name, []).append(entry)
    return dict(sorted(found.items()))


def _series_counts(community: Community) -> list[Count]:
    series = _by_series(community)
    return [Count(label(s), f"events/series/{s}/", len(held)) for s, held in series.items()]


def _series_pages(community: Community) -> Iterator[Page]:
    for name, entries in _by_series(community).items():
        past: list[Held] = []
        to_come: list[Held] = []
        for entry in entries:
            over, ahead = community.split(entry)
            past += [(entry, held) for held in over[-PER_EVENT:]]
            to_come += [(entry, held) for held in ahead[:PER_EVENT]]
        data = {
            "coming": _rows(community, to_come),
            "past": _rows(community, past)[::-1],
            "calendar": calendar(community, label(name), f"calendars/series/{name}.ics"),
        }
        title = _("Series: %(name)s") % {"name": label(name)}
        yield list_page(community, f"events/series/{name}/", title, "event_series.html", data)


def _rows(community: Community, found: list[Held]) -> list[Row]:
    ordered = sorted(found, key=lambda pair: (pair[1].begins, pair[0].address))
    return [row(community, entry, held) for entry, held in ordered]

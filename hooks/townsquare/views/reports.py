"""Reports: figures with what they mean, tables with their charts, downloads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from townsquare import charts
from townsquare.community import Community
from townsquare.figures import (
    community_report,
    platform,
    readers_report,
    response_report,
)
from townsquare.figures.shapes import Figure, Section, Tally, Trend
from townsquare.makings import Making
from townsquare.pages import Page
from townsquare.views.lists import Linked
from townsquare.views.shapes import list_page
from townsquare.wordbook import _, figure, month_name

LETTERS = 56
"""So many letters have room under a chart."""


class Printed(NamedTuple):
    """A figure as readers see it, and whether it is of its section's usual window and source."""

    figure: Figure
    value: str
    is_usual: bool


class Shown(NamedTuple):
    """A section's figures; `window` and `source` are those of the usual ones among them."""

    id: str
    title: str
    figures: tuple[Printed, ...]
    window: str
    source: str


class Table(NamedTuple):
    """Rows of a name and a value, with the chart above them where there is one."""

    id: str
    title: str
    what: str
    rows: tuple[tuple[str, str], ...]
    chart: charts.Chart | None
    window: str
    source: str
    missing: str

    @property
    def shown(self) -> bool:
        """Whether there is something to say."""
        return bool(self.rows or self.missing)


def makings(_community: Community) -> Iterator[Making]:
    """The reports of the community, its readers, and its answers."""
    yield Making(community_report.PAGE, "views.reports:community")
    yield Making(readers_report.PAGE, "views.reports:readers")
    yield Making(response_report.PAGE, "views.reports:response")


def community(community: Community) -> Page:
    """What happened in the last twelve whole months."""
    others = (
        Linked(_("Readers"), readers_report.PAGE),
        Linked(_("Response"), response_report.PAGE),
        Linked(_("Platform report"), platform.PAGE),
    )
    about = _("How this community is doing, in figures that single nobody out.")
    months = _("Whole months in the site's time zone: %(window)s.")
    return _page(community, community_report, _("Reports"), about, months, others, nav_order=700)


def readers(community: Community) -> Page:
    """What was read in the last twelve whole months."""
    about = _("How often pages, feeds and calendars are read, counted without following anybody.")
    months = _("Whole months in UTC: %(window)s. Figures above the charts are of the last of them.")
    return _page(community, readers_report, _("Readers"), about, months, (_back(),))


def response(community: Community) -> Page:
    """How soon questions and changes were answered in the last twelve whole months."""
    about = _("How soon issues and change requests are answered and closed.")
    months = _("Whole months in UTC: %(window)s. Figures above the charts are of the last of them.")
    return _page(community, response_report, _("Response"), about, months, (_back(),))


def _back() -> Linked:
    return Linked(_("Reports"), community_report.PAGE)


def _page(
    community: Community,
    made_by: Any,
    title: str,
    about: str,
    months: str,
    more: tuple[Linked, ...],
    nav_order: int | None = None,
) -> Page:
    """The page of the report that a module of `figures` makes."""
    report = made_by.report(community)
    data = {
        "months": months % {"window": report.window},
        "sections": [_section(each) for each in report.sections],
        "trends": [_of_trend(each) for each in report.trends],
        "tallies": [_of_tally(each) for each in report.tallies],
        "more": more,
        "downloads": (made_by.CSV, made_by.JSON),
    }
    return list_page(
        community, made_by.PAGE, title, "reports.html", data, description=about, nav_order=nav_order
    )


def _section(section: Section) -> Shown:
    """The section, with what most of its figures have in common said once."""
    common = Counter((each.window, each.source) for each in section.figures).most_common(1)[0][0]
    printed = tuple(
        Printed(each, each.printed, (each.window, each.source) == common)
        for each in section.figures
    )
    return Shown(section.id, section.title, printed, *common)


def _of_trend(trend: Trend) -> Table:
    rows = tuple(
        (month, _("fewer than five") if month in trend.suppressed else figure(value, trend.unit))
        for month, value in zip(trend.months, trend.values, strict=True)
    )
    labels = [month_name(int(month[-2:]))[:3] for month in trend.months]
    text = _("%(what)s by month, from %(first)s to %(last)s.") % {
        "what": trend.title, "first": trend.months[0], "last": trend.months[-1],
    }  # fmt: skip
    drawn = charts.bars(trend.id, trend.title, text, labels, trend.values)
    any_known = any(value is not None for value in trend.values)
    window = f"{trend.months[0]} to {trend.months[-1]}"
    return Table(
        trend.id, trend.title, _("Month"), rows, drawn if any_known else None, window,
        trend.source, "",
    )  # fmt: skip


def _of_tally(tally: Tally) -> Table:
    rows = tuple((name, f"{count:,}") for name, count in tally.rows)
    return Table(
        tally.id, tally.title, _("What"), rows, _tally_chart(tally), tally.window, tally.source,
        tally.missing,
    )  # fmt: skip


def _tally_chart(tally: Tally) -> charts.Chart | None:
    """Bars where there are few enough to carry their names; weekdays are known by three letters."""
    if len(tally.rows) < 2:
        return None
    names, counts = zip(*tally.rows, strict=True)
    labels = [name[:3] for name in names] if tally.id == "weekdays" else names
    if max(map(len, labels)) > LETTERS // len(labels):
        return None
    text = _("%(what)s, each with its number.") % {"what": tally.title}
    return charts.bars(tally.id, tally.title, text, labels, counts)

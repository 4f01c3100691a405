"""The community's report: figures with what they mean, tables with their charts, downloads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from townsquare import charts
from townsquare.community import Community
from townsquare.figures import community_report, platform
from townsquare.figures.shapes import Figure, Section, Tally, Trend
from townsquare.makings import Making
from townsquare.pages import Page
from townsquare.views.lists import Linked
from townsquare.views.shapes import list_page
from townsquare.wordbook import _, figure, month_name

FEW, WIDEST = 4, 7
"""So few bars have room for names under them, and so many for three letters."""


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


def makings(_community: Community) -> Iterator[Making]:
    """The report alone."""
    yield Making(community_report.PAGE, "views.reports:community")


def community(community: Community) -> Page:
    """What happened in the last twelve whole months."""
    report = community_report.report(community)
    return list_page(
        community,
        community_report.PAGE,
        _("Reports"),
        "reports.html",
        {
            "report": report,
            "sections": [_section(each) for each in report.sections],
            "trends": [_of_trend(each) for each in report.trends],
            "tallies": [_of_tally(each) for each in report.tallies],
            "more": (Linked(_("Platform report"), platform.PAGE),),
            "downloads": (community_report.CSV, community_report.JSON),
        },
        description=_("How this community is doing, in figures that single nobody out."),
        nav_order=700,
    )


def _section(section: Section) -> Shown:
    """The section, with what most of its figures have in common said once."""
    common = Counter((each.window, each.source) for each in section.figures).most_common(1)[0][0]
    printed = tuple(
        Printed(each, figure(each.value, each.unit), (each.window, each.source) == common)
        for each in section.figures
    )
    return Shown(section.id, section.title, printed, *common)


def _of_trend(trend: Trend) -> Table:
    rows = tuple(
        (month, figure(value, trend.unit))
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
    """Bars where there are few enough to carry their names."""
    if not 2 <= len(tally.rows) <= WIDEST:
        return None
    names, counts = zip(*tally.rows, strict=True)
    room = 3 if len(names) > FEW else None
    text = _("%(what)s, each with its number.") % {"what": tally.title}
    return charts.bars(tally.id, tally.title, text, [name[:room] for name in names], counts)

"""The community's report: a year of whole months, its figures and their course month by month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from townsquare.community import Community
from townsquare.figures import chaoss, content_report, happenings, past_report, people_report
from townsquare.figures.contributions import contributions
from townsquare.figures.periods import Window, months, year_before
from townsquare.figures.shapes import Number, Report, Trend
from townsquare.queries import query
from townsquare.wordbook import _

PAGE, JSON, CSV = "reports/", "reports/community.json", "reports/community.csv"
SCHEMA = "schemas/reports/community.json"


@query
def report(community: Community) -> Report:
    """What happened in the twelve months before this one."""
    year = year_before(community.clock.month())
    held = happenings.held(community, year)
    return Report(
        year.label,
        (
            people_report.people(community, year),
            content_report.texts(community, year),
            content_report.events(held, year),
            past_report.past(community),
        ),
        (
            people_report.types(community, year),
            people_report.weekdays(community, year),
            content_report.by_format(held, year),
            content_report.by_mode(held, year),
        ),
        _trends(community, year, held),
    )


def _trends(community: Community, year: Window, held: list[happenings.Held]) -> tuple[Trend, ...]:
    found, people = contributions(community), people_report.source(community)
    each = Counter(one.day.replace(day=1) for one in found)

    def attendance(month: Window) -> int | None:
        return happenings.attendance([one for one in held if month.start <= one.day < month.end])

    def took_place(month: Window) -> int:
        return sum(month.start <= one.day < month.end for one in held)

    return (
        _trend("contributions", _("Contributions"), "contributions", year, people,
            lambda month: each[month.start]),
        _trend("new-contributors-by-month", _("New Contributors"), "people", year, people,
            lambda month: chaoss.new_contributors(found, month)),
        _trend("posts-by-month", _("Posts"), "posts", year, _("posts"),
            lambda month: content_report.posts_within(community, month)),
        _trend("events-by-month", _("Events held"), "events", year, _("events"), took_place),
        _trend("attendance-by-month", _("Attendance"), "people", year, _("events"), attendance),
    )  # fmt: skip


def _trend(
    id: str,
    title: str,
    unit: str,
    year: Window,
    source: str,
    count: Callable[[Window], Number | None],
) -> Trend:
    each = months(year)
    names, values = tuple(month.label for month in each), tuple(count(month) for month in each)
    return Trend(id, title, unit, names, values, source)

"""The readers' report: what access logs and others' exports told, a year of whole months (UTC)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from statistics import median
from typing import NamedTuple
from urllib.parse import urlsplit

from townsquare.community import Community
from townsquare.figures import published
from townsquare.figures.periods import months, year_before
from townsquare.figures.shapes import Figure, Report, Section, Tally, Trend
from townsquare.queries import query
from townsquare.readers import figures
from townsquare.wordbook import _

PAGE, JSON, CSV = "reports/readers/", "reports/readers.json", "reports/readers.csv"
SCHEMA = "schemas/reports/readers.json"
DAYS = "days"
LARGEST = 10
_FETCHED = ("pages", "feeds", "calendars")


class Total(NamedTuple):
    """What a month's days come to: by a name, or all together where there is none."""

    source: str
    measure: str
    name: str
    number: int


@query
def month(community: Community, label: str) -> list[Total]:
    """The totals of a month (`2026-11`); none where nothing was read of it."""
    path = figures.path_of(label)
    data = community.library.data.get(path)
    found = figures.read(path, data)[0] if data is not None else []
    return [*_fetches(found), *_subscribers(found), *_days(found)]


def _fetches(found: Sequence[figures.Figure]) -> list[Total]:
    """Sums over the month's days, of names the largest alone."""
    sums = Counter[tuple[str, str, str]]()
    for key, number, *_rest in found:
        if key.measure != "subscribers":
            sums[key.source, key.measure, key.name] += number or 0
    return _largest([Total(*key, number) for key, number in sums.items()])


def _subscribers(found: Sequence[figures.Figure]) -> list[Total]:
    """Medians over the month's days; an estimate below five counts as none in the sum of all."""
    each: dict[tuple[str, str], dict[date, int]] = defaultdict(dict)
    whole: dict[str, Counter[date]] = defaultdict(Counter)
    for key, number, *_rest in found:
        if key.measure == "subscribers":
            each[key.source, key.name][key.day] = number or 0
            whole[key.source][key.day] += number or 0
    named = [
        Total(source, "subscribers", name, int(median(days.values())))
        for (source, name), days in each.items()
    ]
    kept = [total for total in named if total.number >= figures.SMALLEST]
    all_of_them = [
        Total(source, "subscribers", "", int(median(days.values())))
        for source, days in whole.items()
    ]
    return _largest([*all_of_them, *kept])


def _days(found: Sequence[figures.Figure]) -> list[Total]:
    days = sorted({(key.source, key.day) for key, *_rest in found})
    counts = Counter(source for source, _day in days)
    return [Total(source, DAYS, "", number) for source, number in counts.items()]


def _largest(totals: list[Total]) -> list[Total]:
    ranks = Counter[tuple[str, str]]()
    kept: list[Total] = []
    for each in sorted(totals, key=lambda total: (-total.number, total)):
        ranks[each.source, each.measure] += bool(each.name)
        if not each.name or ranks[each.source, each.measure] <= figures.MOST_NAMES:
            kept.append(each)
    return sorted(kept)


@query
def report(community: Community) -> Report:
    """What was read in the twelve months before this one."""
    year = year_before(community.clock.month())
    labels = tuple(each.label for each in months(year))
    known = {label: _published(community, month(community, label)) for label in labels}
    used = {total.source for totals in known.values() for total in totals}
    sources = [source for source in figures.SOURCES if source in used]
    last = labels[-1]
    return Report(
        year.label,
        tuple(_section(source, last, known[last]) for source in sources or [figures.LOG]),
        tuple(tally for source in sources for tally in _tallies(source, year.label, known)),
        tuple(trend for source in sources for trend in _trends(source, labels, known)),
    )


def _published(community: Community, totals: Sequence[Total]) -> list[Total]:
    """The totals, without the names of what does not stand on the site now."""
    if not totals:
        # Then no address matters, and a new one makes no other report.
        return []
    base = urlsplit(community.settings.absolute("")).path
    known = frozenset(published.addresses(community))
    found: list[Total] = []
    for total in totals:
        if total.name and total.measure != "referrers":
            total = total._replace(name=published.named(total.name, base, known))
            if not total.name:
                continue
        found.append(total)
    return found


def _section(source: str, last: str, totals: Sequence[Total]) -> Section:
    """The last month's figures."""
    found = _by_measure(source, totals)
    missing = "" if found else _("nothing was read of this month: see scripts/report.py ingest")
    title = _title(source)
    return Section(
        source,
        title[:1].upper() + title[1:],
        tuple(
            Figure(f"{source}-{measure}", name, _of_month(found, measure), unit, formula, last,
                _title(source), missing)
            for measure, (name, unit, formula) in _measures(source).items()
        ),
    )  # fmt: skip


def _by_measure(source: str, totals: Sequence[Total]) -> dict[str, int]:
    return {t.measure: t.number for t in totals if t.source == source and not t.name}


def _of_month(found: Mapping[str, int], measure: str) -> int | None:
    """A month that was read and in which nothing was asked for has none; another is unknown."""
    return found.get(measure, 0) if found else None


def _trends(
    source: str, labels: tuple[str, ...], known: Mapping[str, Sequence[Total]]
) -> list[Trend]:
    found = [_by_measure(source, known[label]) for label in labels]
    return [
        Trend(f"{source}-{measure}-by-month", f"{name} ({_title(source)})", unit, labels,
            tuple(_of_month(each, measure) for each in found), _title(source))
        for measure, (name, unit, _formula) in _measures(source).items()
    ]  # fmt: skip


def _tallies(source: str, window: str, known: Mapping[str, Sequence[Total]]) -> list[Tally]:
    titles = {
        "pages": _("Pages fetched most"),
        "feeds": _("Feeds fetched most"),
        "calendars": _("Calendars fetched most"),
        "referrers": _("Where readers came from"),
    }
    tallies = [
        Tally(f"{source}-{measure}-by-name", f"{title} ({_title(source)})", "fetches",
            _summed(source, measure, known), window, _title(source))
        for measure, title in titles.items()
    ]  # fmt: skip
    last = max(known)
    said = [t for t in known[last] if (t.source, t.measure) == (source, "subscribers") and t.name]
    rows = tuple((t.name, t.number) for t in sorted(said, key=lambda t: (-t.number, t.name)))
    title = f"{_('Subscribers by feed and calendar')} ({_title(source)})"
    tallies.append(
        Tally(f"{source}-subscribers-by-name", title, "people", rows[:LARGEST], last,
            _title(source))
    )  # fmt: skip
    return [tally for tally in tallies if tally.rows]


def _summed(
    source: str, measure: str, known: Mapping[str, Sequence[Total]]
) -> tuple[tuple[str, int], ...]:
    sums = Counter[str]()
    for totals in known.values():
        for total in totals:
            if (total.source, total.measure) == (source, measure) and total.name:
                sums[total.name] += total.number
    return tuple(sorted(sums.items(), key=lambda each: (-each[1], each[0]))[:LARGEST])


def _title(source: str) -> str:
    return {
        figures.LOG: _("access logs"),
        figures.COMMON: _("access logs without agents"),
        figures.ENGINE: _("the community's log database"),
        "goatcounter": "GoatCounter",
        "plausible": "Plausible",
        "matomo": "Matomo",
    }[source]


def _measures(source: str) -> dict[str, tuple[str, str, str]]:
    """Name, unit and formula of each measure that a source can tell of."""
    days = {DAYS: (_("Days that were read"), "days", _("days of the month (UTC) with figures"))}
    if source not in (figures.LOG, figures.COMMON, figures.ENGINE):
        viewed = _("page views that its script counted, without bots, in its own days")
        return {"pages": (_("Pages viewed"), "fetches", viewed), **days}
    crawlers = _("crawlers included") if source == figures.COMMON else _("crawlers left out")
    fetched = _("GET requests of %(what)s that were answered with 200 or 304, %(crawlers)s")
    said = {
        "pages": (_("Pages fetched"), _("addresses ending in / or .html")),
        "feeds": (_("Feeds fetched"), _("RSS, Atom and JSON feeds")),
        "calendars": (_("Calendars fetched"), _("addresses ending in .ics")),
    }
    found = {
        measure: (said[measure][0], "fetches",
            fetched % {"what": said[measure][1], "crawlers": crawlers})
        for measure in _FETCHED
    }  # fmt: skip
    if source != figures.COMMON:
        found["subscribers"] = (_("Subscriptions, estimated"), "people", _(
            "median over the days: for each feed and calendar, as many as services say they fetch "
            "for, and every other pair of address and agent once; fewer than five count as none"
        ))  # fmt: skip
    return found | days

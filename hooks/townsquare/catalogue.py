"""Which calendars there are, and which events stand in each.

Addresses come from ids and slugs, never from titles or files: they are what people subscribe to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from townsquare.community import Community
from townsquare.kinds.partner import Partner
from townsquare.model import Entry
from townsquare.wordbook import gettext as _

ALL = "events.ics"


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar to subscribe to; `page` is the address of the page that it belongs to."""

    address: str
    title: str
    page: str
    entries: tuple[Entry[Any], ...]


def calendars(community: Community) -> tuple[Calendar, ...]:
    """Every calendar of the community, the one of all events first.

    That one, and those of tags and partners, begin on the first of the month twelve months back;
    the others hold everything.
    """
    return (
        Calendar(
            ALL, community.settings.site_name, "events/", _recent(community, community.events)
        ),
        *_by_tag(community),
        *_by_series(community),
        *_by_partner(community),
        *_by_event(community),
        *_by_year(community),
    )


def _recent(community: Community, entries: list[Entry[Any]]) -> tuple[Entry[Any], ...]:
    month = community.clock.month()
    first = datetime(month.year - 1, month.month, 1, tzinfo=UTC)
    return tuple(entry for entry in entries if _last_end(community, entry) >= first)


def _last_end(community: Community, entry: Entry[Any]) -> datetime:
    return max(o.ends for o in community.held(entry))


def _by_tag(community: Community) -> Iterator[Calendar]:
    dated = {entry.key for entry in community.events}
    for slug, entries in sorted(community.tagged.items()):
        if events := [entry for entry in entries if entry.key in dated]:
            title = f"{community.settings.site_name}: {community.library.tags[slug].title}"
            at = f"calendars/tags/{slug}.ics"
            yield Calendar(at, title, f"tags/{slug}/", _recent(community, events))


def _by_series(community: Community) -> Iterator[Calendar]:
    series: defaultdict[str, list[Entry[Any]]] = defaultdict(list)
    for entry in community.events:
        if entry.fields.series:
            series[entry.fields.series].append(entry)
    for slug, entries in sorted(series.items()):
        title = f"{community.settings.site_name}: {slug}"
        page = f"events/series/{slug}/"
        yield Calendar(f"calendars/series/{slug}.ics", title, page, tuple(entries))


def _by_partner(community: Community) -> Iterator[Calendar]:
    for partner in community.library.visible(Partner):
        named = [entry for entry in community.events if partner.id in entry.fields.partners]
        if named:
            title = _("%(site)s with %(partner)s") % {
                "site": community.settings.site_name,
                "partner": partner.title,
            }
            at = f"calendars/partners/{partner.id}.ics"
            yield Calendar(at, title, partner.address, _recent(community, named))


def _by_event(community: Community) -> Iterator[Calendar]:
    for entry in community.events:
        at = f"calendars/events/{entry.id}.ics"
        yield Calendar(at, entry.title, entry.address, (entry,))


def _by_year(community: Community) -> Iterator[Calendar]:
    this_year = community.clock.month().year
    years: defaultdict[int, dict[str, Entry[Any]]] = defaultdict(dict)
    for entry in community.events:
        for held in community.occurrences(entry):
            if _day(held.start).year <= this_year:
                years[_day(held.start).year][entry.key] = entry
    for year, entries in sorted(years.items()):
        title = f"{community.settings.site_name} {year}"
        page = f"events/past/{year}/"
        yield Calendar(f"calendars/archive/{year}.ics", title, page, tuple(entries.values()))


def _day(start: date | datetime) -> date:
    return start.date() if isinstance(start, datetime) else start

"""Which events stand in which calendar: structure alone, each question answered once a build."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, TypeVar

from townsquare.community import Community
from townsquare.kinds.partner import Partner
from townsquare.model import Entry
from townsquare.queries import query
from townsquare.times import day_of

Entries = tuple[Entry[Any], ...]
K = TypeVar("K", str, int)


@query
def events(community: Community) -> Entries:
    """Every event that readers see, by its first start."""
    return tuple(community.events)


@query
def recent(community: Community) -> Entries:
    """Events with an end since the first of the month twelve months back."""
    month = community.clock.month()
    first = datetime(month.year - 1, month.month, 1, tzinfo=UTC)
    return tuple(
        entry
        for entry in community.events
        if max(held.ends for held in community.held(entry)) >= first
    )


@query
def tags(community: Community) -> tuple[str, ...]:
    """The slugs of tags that events carry."""
    return tuple(sorted(_by_tag(community)))


@query
def recent_tagged(community: Community, slug: str) -> Entries:
    """Recent events with the tag."""
    return _recent_by_tag(community).get(slug, ())


@query
def series(community: Community) -> tuple[str, ...]:
    """The slugs of series."""
    return tuple(sorted(_by_series(community)))


@query
def in_series(community: Community, slug: str) -> Entries:
    """Every event of the series."""
    return _by_series(community).get(slug, ())


@query
def partners(community: Community) -> Entries:
    """Partners whom an event names."""
    named = _by_partner(community)
    return tuple(each for each in community.visible(Partner) if each.id in named)


@query
def recent_with(community: Community, partner: str) -> Entries:
    """Recent events with the partner of this id."""
    return _recent_by_partner(community).get(partner, ())


@query
def years(community: Community) -> tuple[int, ...]:
    """The years in which an event took place, or will until the end of this one."""
    return tuple(sorted(_by_year(community)))


@query
def in_year(community: Community, year: int) -> Entries:
    """Events that take place in the year."""
    return _by_year(community).get(year, ())


@query
def _by_tag(community: Community) -> dict[str, Entries]:
    return _grouped(community.events, community.library.tags_of)


@query
def _recent_by_tag(community: Community) -> dict[str, Entries]:
    return _grouped(recent(community), community.library.tags_of)


@query
def _by_series(community: Community) -> dict[str, Entries]:
    return _grouped(community.events, lambda e: [e.fields.series] if e.fields.series else [])


@query
def _by_partner(community: Community) -> dict[str, Entries]:
    return _grouped(community.events, lambda e: partners_of(community, e))


@query
def _recent_by_partner(community: Community) -> dict[str, Entries]:
    return _grouped(recent(community), lambda e: partners_of(community, e))


def partners_of(community: Community, entry: Entry[Any]) -> list[str]:
    """The ids of partners whom an entry names, and of those who hold it."""
    named = getattr(entry.fields, "partners", ())
    return list(dict.fromkeys((*named, *hosts_of(community, entry))))


def hosts_of(community: Community, entry: Entry[Any]) -> list[str]:
    """The ids of partners among its organisers; an id that is a person's means the person."""
    ids = [who.id for who in getattr(entry.fields, "organisers", ()) if who.id]
    find = community.library.find
    return [id for id in ids if find("partner", id) and not find("person", id)]


@query
def _by_year(community: Community) -> dict[int, Entries]:
    this_year = community.clock.month().year

    def years_of(entry: Entry[Any]) -> list[int]:
        starts = (day_of(held.start).year for held in community.occurrences(entry))
        return [year for year in starts if year <= this_year]

    return _grouped(community.events, years_of)


def _grouped(
    entries: Iterable[Entry[Any]], names: Callable[[Entry[Any]], Iterable[K]]
) -> dict[K, Entries]:
    """The entries by each of their names, in the same order, none twice."""
    found: defaultdict[K, list[Entry[Any]]] = defaultdict(list)
    for entry in entries:
        for name in dict.fromkeys(names(entry)):
            found[name].append(entry)
    return {name: tuple(held) for name, held in found.items()}

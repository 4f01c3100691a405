"""The calendars of one build: their components, and their bytes once the ledger has spoken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from townsquare import calendars, catalogue, gatherings, ledger
from townsquare.catalogue import Calendar
from townsquare.community import Community
from townsquare.ledger import Component, ComponentKey, Outcome, Previous, ShownEntry
from townsquare.makings import Making
from townsquare.model import Entry
from townsquare.queries import query
from townsquare.release import Release


class Subscriptions(NamedTuple):
    """What the ledger is told of: entries, components, and the calendars' titles by address."""

    shown: list[ShownEntry]
    components: list[Component]
    machines: dict[str, str]


def of(community: Community, previous: Previous) -> Subscriptions:
    """The calendars of the community; overrides that readers hold are kept from the last ledger."""
    kept = ledger.overrides_to_keep(previous.ledger, community.clock)
    components = [
        each for entry in gatherings.events(community) for each in _held(community, entry, kept)
    ]
    machines = {each.address: each.title for each in catalogue.calendars(community)}
    return Subscriptions(_shown(community), components, machines)


def makings(community: Community) -> Iterator[Making]:
    """Every calendar, made of a release."""
    address = catalogue.address
    yield Making(catalogue.ALL, "subscriptions:all_events")
    for slug in gatherings.tags(community):
        yield Making(address(catalogue.TAGS, slug), "subscriptions:by_tag", (slug,))
    for slug in gatherings.series(community):
        yield Making(address(catalogue.SERIES, slug), "subscriptions:by_series", (slug,))
    for partner in gatherings.partners(community):
        at = address(catalogue.PARTNERS, partner.id)
        yield Making(at, "subscriptions:by_partner", (partner.id,))
    for event in gatherings.events(community):
        yield Making(address(catalogue.EVENTS, event.id), "subscriptions:one_event", (event.key,))
    for year in gatherings.years(community):
        yield Making(address(catalogue.YEARS, year), "subscriptions:by_year", (year,))


def emptied(outcome: Outcome) -> Iterator[Making]:
    """Calendars that were published and carry nothing now but what was cancelled."""
    for address, title in outcome.emptied.items():
        if address.endswith(".ics"):
            yield Making(address, "subscriptions:what_is_left", (address, title))


def all_events(release: Release) -> bytes:
    """The calendar of all recent events."""
    community = release.community
    return _written(release, catalogue.of_all(community), gatherings.recent(community))


def by_tag(release: Release, slug: str) -> bytes:
    """The calendar of a tag's recent events."""
    community = release.community
    held = gatherings.recent_tagged(community, slug)
    return _written(release, catalogue.of_tag(community, slug), held)


def by_series(release: Release, slug: str) -> bytes:
    """The calendar of a series."""
    community = release.community
    held = gatherings.in_series(community, slug)
    return _written(release, catalogue.of_series(community, slug), held)


def by_partner(release: Release, id: str) -> bytes:
    """The calendar of recent events with a partner."""
    community = release.community
    partner = community.library.entry(f"partner:{id}")
    held = gatherings.recent_with(community, id)
    return _written(release, catalogue.of_partner(community, partner), held)


def one_event(release: Release, key: str) -> bytes:
    """The calendar of a single event."""
    event = release.community.library.entry(key)
    return _written(release, catalogue.of_event(event), (event,))


def by_year(release: Release, year: int) -> bytes:
    """The calendar of a year."""
    community = release.community
    held = gatherings.in_year(community, year)
    return _written(release, catalogue.of_year(community, year), held)


def what_is_left(release: Release, address: str, title: str) -> bytes:
    """A calendar that was once published: what was deleted stands in it as cancelled."""
    return _written(release, Calendar(address, title, "events/"), ())


@query
def components_of(community: Community, key: str, *kept: str) -> tuple[Component, ...]:
    """An event's components, their content lines among them; `kept` are RECURRENCE-IDs."""
    library = community.library
    entry = library.entry(key)
    return calendars.components(
        entry,
        community.schedule(entry),
        community.settings,
        text=community.bodies[entry.path].text,
        categories=[library.tags[slug].title for slug in library.tags_of(entry)],
        kept=kept,
    )


@query
def ended_in(release: Release, address: str) -> tuple[ComponentKey, ...]:
    """What was deleted and stands as cancelled in the calendar at this address."""
    return _ended(release).get(address, ())


@query
def _ended(release: Release) -> dict[str, tuple[ComponentKey, ...]]:
    found: dict[str, list[ComponentKey]] = {}
    for key, component in release.outcome.tombstones.items():
        for address in release.outcome.calendars.get(component.entry_key, ()):
            found.setdefault(address, []).append(key)
    return {address: tuple(keys) for address, keys in found.items()}


def _written(release: Release, made: Calendar, entries: Iterable[Entry[Any]]) -> bytes:
    """The calendar with these events; what was deleted stands as cancelled where it stood."""
    settings, outcome = release.community.settings, release.outcome
    living = [each for e in entries for each in _held(release.community, e, outcome.kept)]
    gone = ended_in(release, made.address) if outcome.tombstones else ()
    ended = [outcome.tombstones[key] for key in gone]
    return calendars.calendar(
        made.title,
        settings.site_description or "",
        settings.absolute(made.address),
        settings.absolute(made.page),
        [*living, *ended],
        outcome.revisions,
    )


def _held(
    community: Community, entry: Entry[Any], kept: Mapping[str, tuple[str, ...]]
) -> tuple[Component, ...]:
    uid = calendars.uid(entry, community.settings)
    return components_of(community, entry.key, *kept.get(uid, ()))


def _shown(community: Community) -> list[ShownEntry]:
    """What readers see, with the calendars that carry it."""
    carrying = catalogue.carrying(community)
    return [
        ledger.shown_entry(entry, calendars=carrying.get(entry.key, ()))
        for entry in community.readable()
    ]

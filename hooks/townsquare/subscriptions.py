"""The calendars of one build: their components, and their bytes once the ledger has spoken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from townsquare import calendars, catalogue, ledger
from townsquare.catalogue import Calendar
from townsquare.community import Community
from townsquare.ledger import Component, Outcome, Previous, ShownEntry
from townsquare.model import Entry


@dataclass(frozen=True)
class Subscriptions:
    """Every calendar, and the components of every event that readers see, by the entry's key."""

    community: Community
    calendars: tuple[Calendar, ...]
    by_entry: Mapping[str, tuple[Component, ...]]

    @property
    def components(self) -> list[Component]:
        """All of them, entry by entry."""
        return [each for components in self.by_entry.values() for each in components]

    @property
    def machines(self) -> dict[str, str]:
        """The calendars' titles by their addresses."""
        return {calendar.address: calendar.title for calendar in self.calendars}

    @cached_property
    def shown(self) -> list[ShownEntry]:
        """What readers see, with the calendars that carry it."""
        carrying: dict[str, list[str]] = {}
        for calendar in self.calendars:
            for entry in calendar.entries:
                carrying.setdefault(entry.key, []).append(calendar.address)
        library = self.community.library
        return [
            ledger.shown_entry(entry, calendars=carrying.get(entry.key, ()))
            for entry in library.entries
            if library.shown(entry)
        ]

    def files(self, outcome: Outcome) -> dict[str, bytes]:
        """All calendars by address; what was deleted stands as cancelled where it stood before."""
        files = {
            each.address: self._written(
                each.address, each.title, each.page, self._of(each), outcome
            )
            for each in self.calendars
        }
        for address, title in outcome.emptied.items():
            if address.endswith(".ics"):
                files[address] = self._written(address, title, "events/", (), outcome)
        return dict(sorted(files.items()))

    def _of(self, calendar: Calendar) -> Iterable[Component]:
        return (each for entry in calendar.entries for each in self.by_entry[entry.key])

    def _written(
        self, address: str, title: str, page: str, living: Iterable[Component], outcome: Outcome
    ) -> bytes:
        absolute = self.community.settings.absolute
        ended = [
            component
            for component in outcome.tombstones
            if address in outcome.calendars.get(component.entry_key, ())
        ]
        return calendars.calendar(
            title,
            self.community.settings.site_description or "",
            absolute(address),
            absolute(page),
            [*living, *ended],
            outcome.revisions,
        )


def of(community: Community, previous: Previous) -> Subscriptions:
    """The calendars of the community; overrides that readers hold are kept from the last ledger."""
    kept = ledger.overrides_to_keep(previous.ledger, community.clock)
    by_entry = {entry.key: _components(community, entry, kept) for entry in community.events}
    return Subscriptions(community, catalogue.calendars(community), by_entry)


def _components(
    community: Community, entry: Entry[Any], kept: Mapping[str, tuple[str, ...]]
) -> tuple[Component, ...]:
    library = community.library
    return calendars.components(
        entry,
        community.schedule(entry),
        community.settings,
        text=community.bodies[entry.path].text,
        categories=[library.tags[slug].title for slug in library.tags_of(entry)],
        kept=kept.get(calendars.uid(entry, community.settings), ()),
    )

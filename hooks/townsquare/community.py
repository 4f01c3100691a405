"""What every output reads: the library with bodies converted, dates reckoned and people named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from townsquare import recurrence, times
from townsquare.bodies import Body
from townsquare.clock import Clock
from townsquare.library import Library
from townsquare.links import Addresses
from townsquare.model import Credit, Credited, Dated, Entry, Published
from townsquare.recurrence import Occurrence
from townsquare.settings import Settings

YEARS_AHEAD = 8
MAX_OCCURRENCES = 10_000


class Named(NamedTuple):
    """A credited person as pages print them. `address` is their page here, `url` a guest's own."""

    name: str
    address: str = ""
    url: str = ""
    affiliation: str = ""
    id: str = ""


@dataclass(frozen=True)
class Community:
    """One build's content. Everything in it is what readers may see, unless a name says `all`."""

    library: Library
    bodies: Mapping[str, Body]
    clock: Clock
    addresses: Addresses

    @property
    def settings(self) -> Settings:
        """The site's own choices."""
        return self.library.settings

    @cached_property
    def posts(self) -> list[Entry[Any]]:
        """What is Published, the newest first; equal dates by id."""
        found = sorted(self.library.visible(Published), key=lambda e: e.id)
        return sorted(found, key=self.published, reverse=True)

    @cached_property
    def events(self) -> list[Entry[Any]]:
        """What is Dated, by first start, then id."""
        found = self.library.visible(Dated)
        return sorted(found, key=lambda e: (self.schedule(e).first_instant, e.id))

    @cached_property
    def _schedules(self) -> dict[str, recurrence.Schedule]:
        return {}

    @cached_property
    def _occurrences(self) -> dict[str, list[Occurrence]]:
        return {}

    def published(self, entry: Entry[Any]) -> datetime:
        """The instant of publication, UTC; a day counts from its midnight in the site's zone."""
        return times.instant(entry.fields.shown_from(), self.settings.timezone)

    def updated(self, entry: Entry[Any]) -> datetime:
        """The author's `updated`, else the publication, UTC."""
        stated = entry.fields.updated
        return times.instant(stated, self.settings.timezone) if stated else self.published(entry)

    def schedule(self, entry: Entry[Any]) -> recurrence.Schedule:
        """When a Dated entry takes place."""
        if entry.key not in self._schedules:
            self._schedules[entry.key] = entry.fields.schedule(self.settings)
        return self._schedules[entry.key]

    def occurrences(self, entry: Entry[Any]) -> list[Occurrence]:
        """A Dated entry's occurrences, in order: from its start to eight years from this month."""
        if entry.key not in self._occurrences:
            last = self.clock.month() + timedelta(days=366 * YEARS_AHEAD)
            self._occurrences[entry.key] = recurrence.occurrences(
                self.schedule(entry), date(1970, 1, 1), last, limit=MAX_OCCURRENCES
            )
        return self._occurrences[entry.key]

    @cached_property
    def _split(self) -> dict[str, tuple[list[Occurrence], list[Occurrence]]]:
        return {}

    def split(self, entry: Entry[Any]) -> tuple[list[Occurrence], list[Occurrence]]:
        """The occurrences that are over, and those that are not, each in order.

        Of an event that lies wholly outside the window of `occurrences`, its first.
        """
        if entry.key not in self._split:
            past: list[Occurrence] = []
            coming: list[Occurrence] = []
            for each in self.held(entry):
                (past if self.clock.passed(each.ends) else coming).append(each)
            self._split[entry.key] = past, coming
        return self._split[entry.key]

    def held(self, entry: Entry[Any]) -> list[Occurrence]:
        """A Dated entry's occurrences; of one that lies wholly outside their window, the first."""
        found = self.occurrences(entry)
        return found or recurrence.occurrences(self.schedule(entry), date.min, date.max, limit=1)

    def named(self, credit: Credit) -> Named:
        """The name to print. An unlisted or hidden person is a name without a page.

        Events are organised by people and by partners, whose ids stand in one list.
        """
        if credit.person is None:
            return Named(credit.name or "", "", credit.url or "", credit.affiliation or "")
        found = (self.library.find(kind, credit.person) for kind in ("person", "partner"))
        entry = next((each for each in found if each), None)
        if entry is None:
            return Named(credit.person)
        shown = self.library.shown(entry)
        return Named(entry.title, entry.address if shown else "", id=entry.id if shown else "")

    def credited(self, person: str) -> list[tuple[str, Entry[Any]]]:
        """What a person did, as (role, entry), by role and then the entry's address."""
        return self._credits.get(person, [])

    @cached_property
    def _credits(self) -> dict[str, list[tuple[str, Entry[Any]]]]:
        found: dict[str, list[tuple[str, Entry[Any]]]] = {}
        for entry in sorted(self.library.visible(Credited), key=lambda e: e.address):
            for role, credit in entry.fields.credits():
                pair = (role, entry)
                if credit.person and pair not in found.setdefault(credit.person, []):
                    found[credit.person].append(pair)
        return {person: sorted(done, key=lambda d: d[0]) for person, done in found.items()}

    @cached_property
    def tagged(self) -> dict[str, list[Entry[Any]]]:
        """Visible entries by tag's slug; a listed tag has a key without entries too."""
        found: dict[str, list[Entry[Any]]] = {slug: [] for slug in self.library.tags}
        for entry in self.library.entries:
            if self.library.shown(entry):
                for slug in self.library.tags_of(entry):
                    found[slug].append(entry)
        # What only a hidden entry calls its topic is hidden with it.
        return {slug: held for slug, held in found.items() if held or self.library.tags_listed}


EPOCH = datetime(2000, 1, 1, tzinfo=UTC)

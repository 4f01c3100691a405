"""What every output reads: the library with bodies converted, dates reckoned and people named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from townsquare import recurrence, times
from townsquare.bodies import Body
from townsquare.clock import Clock
from townsquare.kinds import names_of
from townsquare.library import Library
from townsquare.links import Addresses
from townsquare.model import Credit, Credited, Dated, Entry, Published
from townsquare.queries import query
from townsquare.reads import Remembered
from townsquare.recurrence import Occurrence
from townsquare.settings import Settings
from townsquare.stretches import stretches
from townsquare.values import value

if TYPE_CHECKING:
    from townsquare.imports.snapshot import Snapshot
    from townsquare.traces import Traces

T = TypeVar("T")
YEARS_AHEAD = 8
MAX_OCCURRENCES = 10_000


class Named(NamedTuple):
    """A credited person as pages print them. `address` is their page here, `url` a guest's own."""

    name: str
    address: str = ""
    url: str = ""
    affiliation: str = ""
    id: str = ""


@value
class Community:
    """One build's content. Everything in it is what readers may see, unless a name says `all`."""

    library: Library
    bodies: Mapping[str, Body]
    clock: Clock
    addresses: Addresses
    traces: Traces | None = None

    @property
    def settings(self) -> Settings:
        """The site's own choices."""
        return self.library.settings

    @cached_property
    def answers(self) -> dict[Any, Any]:
        """What has been asked already (see `queries`)."""
        return {}

    @cached_property
    def _remembered(self) -> Remembered:
        return Remembered()

    @property
    def posts(self) -> list[Entry[Any]]:
        """What is Published, the newest first; equal dates by id."""
        return posts(self)

    @property
    def events(self) -> list[Entry[Any]]:
        """What is Dated, by first start, then id."""
        return events(self)

    def readable(self, kind: str = "") -> list[Entry[Any]]:
        """What readers see, by path: of every kind, or of the one of this name."""
        return self._shown(kind, [kind] if kind else names_of(object))

    def visible(self, of: type[Any]) -> list[Entry[Any]]:
        """What readers see of a kind or facet, by path."""
        return self._shown(of, names_of(of))

    def _shown(self, of: str | type[Any], kinds: list[str]) -> list[Entry[Any]]:
        def make() -> list[Entry[Any]]:
            found = [entry for kind in kinds for entry in shown_of(self, kind)]
            return sorted(found, key=lambda entry: entry.path)

        return [*self._remembered.value(("shown", of), make)]

    def once(self, key: str, make: Callable[[], T]) -> T:
        """What `make` gives, worked out once; whoever asks has read what it read."""
        return self._remembered.value(key, make)

    def entry(self, key: str) -> Entry[Any]:
        """The entry of this key, which is there. Nobody is noted to have looked it up."""
        return self._entries[key]

    @cached_property
    def _entries(self) -> dict[str, Entry[Any]]:
        return {entry.key: entry for entry in self.library.unnoted}

    def published(self, entry: Entry[Any]) -> datetime:
        """The instant of publication, UTC; a day counts from its midnight in the site's zone."""
        return times.instant(entry.fields.shown_from(), self.settings.timezone)

    def updated(self, entry: Entry[Any]) -> datetime:
        """The author's `updated`, else the publication, UTC."""
        stated = entry.fields.updated
        return times.instant(stated, self.settings.timezone) if stated else self.published(entry)

    def schedule(self, entry: Entry[Any]) -> recurrence.Schedule:
        """When a Dated entry takes place."""
        return self._remembered.value(
            ("schedule", entry.key), lambda: entry.fields.schedule(self.settings)
        )

    def occurrences(self, entry: Entry[Any]) -> list[Occurrence]:
        """A Dated entry's occurrences, in order: from its start to eight years from this month."""
        return self._remembered.value(("occurrences", entry.key), lambda: self._expanded(entry))

    def _expanded(self, entry: Entry[Any]) -> list[Occurrence]:
        last = self.clock.month() + timedelta(days=366 * YEARS_AHEAD)
        return recurrence.occurrences(
            self.schedule(entry), date(1970, 1, 1), last, limit=MAX_OCCURRENCES
        )

    def split(self, entry: Entry[Any]) -> tuple[list[Occurrence], list[Occurrence]]:
        """The occurrences that are over, and those that are not, each in order.

        Of an event that lies wholly outside the window of `occurrences`, its first.
        """
        return self._remembered.value(("split", entry.key), lambda: self._divided(entry))

    def _divided(self, entry: Entry[Any]) -> tuple[list[Occurrence], list[Occurrence]]:
        past: list[Occurrence] = []
        coming: list[Occurrence] = []
        for each in self.held(entry):
            (past if self.clock.passed(each.ends) else coming).append(each)
        return past, coming

    def held(self, entry: Entry[Any]) -> list[Occurrence]:
        """A Dated entry's occurrences; of one that lies wholly outside their window, the first."""
        found = self.occurrences(entry)
        return found or recurrence.occurrences(self.schedule(entry), date.min, date.max, limit=1)

    def imported(self, path: str) -> Snapshot | None:
        """What is kept of a partner's source; nothing where the file is faulty or not there."""
        return self._remembered.value(("imported", path), lambda: self._kept(path))

    def _kept(self, path: str) -> Snapshot | None:
        data = self.library.data.get(path)
        if data is None:
            return None
        from townsquare.imports import snapshot  # few communities have any

        return snapshot.read(path, data)[0]

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
        return credited(self, person)

    @property
    def tagged(self) -> dict[str, list[Entry[Any]]]:
        """Visible entries by tag's slug; a listed tag has a key without entries too."""
        return tagged(self)


@query
def shown_of(community: Community, kind: str) -> list[Entry[Any]]:
    """The entries of one kind that readers see, by path.

    Whoever goes over these depends on which there are, and not on all that decides it.
    """
    return community.library.readable(kind)


@query
def posts(community: Community) -> list[Entry[Any]]:
    """What is Published, the newest first; equal dates by id."""
    found = sorted(community.visible(Published), key=lambda e: e.id)
    return sorted(found, key=community.published, reverse=True)


@query
def events(community: Community) -> list[Entry[Any]]:
    """What is Dated, by first start, then id."""
    found = community.visible(Dated)
    return sorted(found, key=lambda e: (community.schedule(e).first_instant, e.id))


def crediting(community: Community) -> Iterator[list[str]]:
    """The keys of what credits people, in stretches: see `stretches`."""
    for kind in names_of(Credited):
        yield from stretches(entry.key for entry in community.readable(kind))


@query
def credits_of(community: Community, *keys: str) -> list[tuple[str, str, str]]:
    """What these entries credit people with, as (person, role, key)."""
    return [
        (person, role, key)
        for key in keys
        for person, role in dict.fromkeys((c.person, r) for r, c in _credits(community, key))
        if person
    ]


def _credits(community: Community, key: str) -> Iterator[tuple[str, Credit]]:
    return community.library.entry(key).fields.credits()


@query
def credits_by_person(community: Community) -> dict[str, list[tuple[str, Entry[Any]]]]:
    """What each person did, as (role, entry), by role and then the entry's address."""
    credits = [
        (person, role, community.entry(key))
        for keys in crediting(community)
        for person, role, key in credits_of(community, *keys)
    ]
    found: dict[str, list[tuple[str, Entry[Any]]]] = {}
    for person, role, entry in sorted(credits, key=lambda each: (each[1], each[2].address)):
        found.setdefault(person, []).append((role, entry))
    return found


@query
def credited(community: Community, person: str) -> list[tuple[str, Entry[Any]]]:
    """What one person did, as (role, entry)."""
    return credits_by_person(community).get(person, [])


@query
def tagged(community: Community) -> dict[str, list[Entry[Any]]]:
    """Visible entries by tag's slug; a listed tag has a key without entries too."""
    library = community.library
    found: dict[str, list[Entry[Any]]] = {slug: [] for slug in library.tags}
    for entry in community.readable():
        for slug in library.tags_of(entry):
            found[slug].append(entry)
    # What only a hidden entry calls its topic is hidden with it.
    return {slug: held for slug, held in found.items() if held or library.lists_tags()}


EPOCH = datetime(2000, 1, 1, tzinfo=UTC)

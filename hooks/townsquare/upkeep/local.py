"""What stands in a site that grows from no published one.

Nobody holds anything of it yet: every component is at its first revision, nothing is gone, and old
addresses are those that authors name. What makes outputs is imported when it is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from townsquare import ledger
from townsquare.community import Community
from townsquare.ledger import Outcome, Revision, document, revisions
from townsquare.makings import Making
from townsquare.model import Dated, Published
from townsquare.pages import Page
from townsquare.queries import query
from townsquare.release import Release
from townsquare.stretches import stretches

V = TypeVar("V")
FIRST = Revision(0, revisions.LOCAL_STAMP, revisions.LOCAL_STAMP)


class _Same(Mapping[Any, V]):
    """One value for every key."""

    def __init__(self, value: V) -> None:
        self._value = value

    def __getitem__(self, key: Any) -> V:
        return self._value

    def __contains__(self, key: object) -> bool:
        return True

    def __iter__(self) -> Iterator[Any]:
        raise TypeError("every key has this value: they cannot be counted")

    def __len__(self) -> int:
        raise TypeError("every key has this value: they cannot be counted")


def outcome(community: Community) -> Outcome:
    """What the ledger decides for a site without a past."""
    return Outcome(
        ledger=ledger.Ledger(authority=community.settings.authority_name()),
        revisions=_Same(FIRST),
        announced=_Same(FIRST),
        tombstones={},
        calendars={},
        kept={},
        removed=(),
        redirects={},
        emptied={},
    )


def release(community: Community) -> Release:
    """The community as it is released for the first time."""
    return Release(community, outcome(community))


@query
def pages(community: Community) -> list[Making]:
    """Every page but those at old addresses."""
    from townsquare import search, views

    return [*views.makings(community), Making(search.ADDRESS, "upkeep.local:search_page")]


def search_page(_community: Community) -> Page:
    """The page on which readers search."""
    from townsquare import search

    return search.page()


@query
def aliases_by_key(community: Community) -> dict[str, list[str]]:
    """The old addresses of each entry that has any, hidden ones too; both sorted."""
    aliases = ((e.key, sorted(e.fields.aliases)) for e in community.library.entries)
    return dict(sorted((key, found) for key, found in aliases if found))


@query
def redirects(community: Community) -> list[tuple[str, str]]:
    """Old addresses that authors name, and where they lead; what stands there goes before."""
    occupied = {making.address for making in pages(community)}
    found: dict[str, str] = {}
    for key, aliases in aliases_by_key(community).items():
        entry = community.library.entry(key)
        if community.library.shown(entry):
            found |= dict.fromkeys(aliases, entry.address)
    return sorted((old, new) for old, new in found.items() if old not in occupied)


def moved_files(community: Community) -> dict[str, bytes]:
    """What stands at old addresses that name a file."""
    from townsquare.views import moved

    absolute = community.settings.absolute
    found = ((old, new) for old, new in redirects(community) if not old.endswith("/"))
    return {old: moved.leading(absolute(new)) for old, new in found}


def moved_pages(community: Community, title: Callable[[str], str | None]) -> list[Making]:
    """The pages at old addresses; `title` gives that of the page at an address."""
    found = ((old, new) for old, new in redirects(community) if old.endswith("/"))
    return [Making(old, "upkeep.local:redirect", (old, new, title(new))) for old, new in found]


def redirect(community: Community, old: str, target: str, title: str | None) -> Page:
    """The page at an old address, which leads to where its entry is now."""
    from townsquare.views import moved

    return moved.redirect(community.settings, old, target, title)


@query
def files(community: Community) -> list[Making]:
    """Every feed, calendar, data file and schema, and the ledger."""
    from townsquare import api, feeds, reports, schemas, subscriptions

    modules = feeds, subscriptions, api, reports, schemas
    found = [making for module in modules for making in module.makings(community)]
    return [*found, Making(ledger.FILE, "upkeep.local:ledger_file")]


def ledger_file(release: Release) -> bytes:
    """The memory that the first build after this one would grow from."""
    community = release.community
    return document.joined(
        release.outcome.ledger,
        entries=[entry_lines(community, *keys) for keys in stretches(shown_keys(community))],
        components=component_lines(community),
        machines=document.machine_lines(machines(community)),
    )


@query
def shown_keys(community: Community) -> list[str]:
    """The keys of everything that readers see, sorted."""
    return sorted(entry.key for entry in community.readable())


@query
def entry_lines(community: Community, *keys: str) -> str:
    """What the ledger remembers of these entries."""
    return document.lines(entry_line(community, key) for key in keys)


@query
def entry_line(community: Community, key: str) -> str:
    """What the ledger remembers of an entry."""
    from townsquare import catalogue

    entry = community.library.entry(key)
    dated = issubclass(entry.kind.fields, Dated)
    carrying = catalogue.carried_by(community, key) if dated else ()
    return document.entry_line(
        key, ledger.first_known(ledger.shown_entry(entry, calendars=carrying))
    )


@query
def machines(community: Community) -> dict[str, str]:
    """Every feed's and calendar's title by its address."""
    from townsquare import catalogue, feeds

    calendars = {each.address: each.title for each in catalogue.calendars(community)}
    return {**feeds.machines(community), **calendars}


def component_lines(community: Community) -> list[str]:
    """What the ledger remembers of every event's components, by their names."""
    keys = stretches(entry.key for entry in community.events)
    found = [each for some in keys for each in component_lines_of(community, *some)]
    return [line for *_, line in sorted(found)]


@query
def component_lines_of(community: Community, *keys: str) -> list[tuple[str, str, str]]:
    """What the ledger remembers of these events' components, after each one's name."""
    return [each for key in keys for each in lines_of(community, key)]


@query
def lines_of(community: Community, key: str) -> list[tuple[str, str, str]]:
    """What the ledger remembers of one event's components, after each one's name."""
    from townsquare import subscriptions

    made = subscriptions.components_of(community, key)
    known = [(each.key, ledger.first_component(each, FIRST, community.clock)) for each in made]
    return [(*of, document.component_line(of, each)) for of, each in known]


@query
def occurrences(community: Community, key: str) -> int:
    """How many occurrences of an event there are in the window."""
    return len(community.occurrences(community.library.entry(key)))


@query
def entry_counts(community: Community) -> dict[str, int]:
    """How many posts, events and occurrences readers can see."""
    return {
        "posts": len(community.visible(Published)),
        "events": len(community.visible(Dated)),
        "occurrences": sum(occurrences(community, entry.key) for entry in community.events),
    }

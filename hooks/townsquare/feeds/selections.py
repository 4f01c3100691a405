"""Which entries stand in which feed: structure alone, each question answered once a build."""

from __future__ import annotations

from typing import Any, NamedTuple

from townsquare import times
from townsquare.community import Community
from townsquare.feeds import archives
from townsquare.feeds.items import change_id
from townsquare.feeds.recordings import has_recording
from townsquare.ledger import ComponentKey
from townsquare.model import Credited, Dated, Entry, Versioned
from townsquare.queries import query
from townsquare.release import Release

NEWEST = 30

Entries = tuple[Entry[Any], ...]


class Told(NamedTuple):
    """An event that readers are told of. `gone` names the component of one that was deleted."""

    entry_key: str
    gone: ComponentKey | None = None


class Numbered(NamedTuple):
    """A version of a guideline, by its place among the guideline's `versions`."""

    entry: Entry[Any]
    number: int


@query
def newest(community: Community) -> Entries:
    """The newest posts."""
    return tuple(community.posts[:NEWEST])


@query
def tags(community: Community) -> tuple[str, ...]:
    """The slugs of tags that are listed or used, sorted."""
    return tuple(sorted(community.tagged))


@query
def newest_tagged(community: Community, slug: str) -> Entries:
    """The newest posts with the tag."""
    return _tagged(community).get(slug, ())


@query
def _tagged(community: Community) -> dict[str, Entries]:
    found: dict[str, list[Entry[Any]]] = {}
    for entry in community.posts:
        for slug in community.library.tags_of(entry):
            found.setdefault(slug, []).append(entry)
    return {slug: tuple(posts[:NEWEST]) for slug, posts in found.items()}


@query
def people(community: Community) -> Entries:
    """Everybody who has a page, also before their first post."""
    return tuple(community.readable("person"))


@query
def writers(community: Community) -> Entries:
    """Those of them who have written a post."""
    written = _written(community)
    return tuple(entry for entry in people(community) if entry.id in written)


@query
def newest_by(community: Community, person: str) -> Entries:
    """The newest posts of the person with this id."""
    return _written(community).get(person, ())


@query
def _written(community: Community) -> dict[str, Entries]:
    found: dict[str, list[Entry[Any]]] = {}
    for entry in community.posts:
        if isinstance(entry.fields, Credited):
            named = (who.person for role, who in entry.fields.credits() if role == "author")
            for person in dict.fromkeys(each for each in named if each):
                found.setdefault(person, []).append(entry)
    return {person: tuple(posts[:NEWEST]) for person, posts in found.items()}


@query
def last_part(community: Community) -> int:
    """The number of the archive's newest part."""
    return archives.last(len(community.posts))


@query
def is_last_part(community: Community, number: int) -> bool:
    """Whether no part of the archive is newer."""
    return number == last_part(community)


@query
def archived(community: Community, number: int) -> Entries:
    """The posts of one part of the archive, the newest first."""
    return tuple(archives.part(community.posts, number))


@query
def recordings(community: Community) -> Entries:
    """Every post that can be heard, the newest first."""
    return tuple(entry for entry in community.posts if has_recording(community, entry))


@query
def has_recordings(community: Community) -> bool:
    """Whether there is a podcast."""
    return bool(recordings(community))


@query
def has_guidelines(community: Community) -> bool:
    """Whether there is a list of guidelines to lead to."""
    return any(e.address.startswith("guidelines/") for e in community.readable())


@query
def versions(community: Community) -> tuple[Numbered, ...]:
    """The newest versions of guidelines that hold; those of one day by their ids in the feed."""
    settings = community.settings
    dated = [
        ((-day.timestamp(), change_id(settings, entry, version)), Numbered(entry, number))
        for entry in community.visible(Versioned)
        for number, version in enumerate(entry.fields.versions())
        if community.clock.passed(day := times.instant(version.day, settings.timezone))
    ]
    dated.sort(key=lambda each: each[0])
    return tuple(numbered for _, numbered in dated[:NEWEST])


@query
def announced(release: Release) -> tuple[Told, ...]:
    """Events by when readers were last told of them, the newest first, deleted ones included."""
    community, told = release.community, release.outcome.announced
    dated = [e for e in community.visible(Dated) if e.key in told]
    starts = {e.key: community.schedule(e).first_instant for e in dated}
    recent = sorted(dated, key=lambda e: e.id)
    recent.sort(key=lambda e: (told[e.key].modified, starts[e.key]), reverse=True)
    made = [(told[e.key].modified, Told(e.key)) for e in recent[:NEWEST]]
    made += [(release.outcome.revisions[t.gone].modified, t) for t in _cancelled(release) if t.gone]
    made.sort(key=lambda each: each[0], reverse=True)
    return tuple(each for _, each in made[:NEWEST])


def _cancelled(release: Release) -> list[Told]:
    """Deleted events that calendars still show as cancelled."""
    known = release.outcome.ledger.entries
    return [
        Told(gone.entry_key, key)
        for key, gone in release.outcome.tombstones.items()
        if (entry := known.get(gone.entry_key)) and entry.gone and not entry.hidden
        if not gone.recurrence_id
    ]

"""Versions of guidelines, as those are told of them who follow the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from townsquare.effects.records import Change, Pair
from townsquare.model import Entry, Version, Versioned
from townsquare.wordbook import _, day


class _Told(NamedTuple):
    entry: Entry[Any]
    version: Version


def changes(pair: Pair) -> Iterator[Change]:
    """Each version that is new, is told otherwise, or is gone."""
    old, new = _versions(pair.old), _versions(pair.new)
    for key, told in new.items():
        if key not in old:
            yield _of("added", told, told.version.summary, *_to_come(pair, told.version))
        elif old[key].version != told.version:
            yield _of("changed", told, *_otherwise(old[key].version, told.version))
    for key, told in old.items():
        if key not in new:
            yield _of("removed", told)


def _of(how: Any, told: _Told, *notes: str) -> Change:
    entry = told.entry
    words = {"title": entry.title, "version": told.version.name}
    title = _("%(title)s, version %(version)s") % words
    address, path = entry.address, entry.path
    return Change("guidelines", how, title, entry.kind.name, address, path, notes)


def _versions(shown: Mapping[str, Entry[Any]]) -> dict[tuple[str, str], _Told]:
    return {
        (entry.key, version.name): _Told(entry, version)
        for entry in shown.values()
        if isinstance(entry.fields, Versioned)
        for version in entry.fields.versions()
    }


def _to_come(pair: Pair, version: Version) -> Iterator[str]:
    past = pair.after.community.clock.day_passed(version.day - timedelta(days=1))
    words = {"day": day(version.day)}
    yield _("dated %(day)s") % words if past else _("will be told on %(day)s") % words


def _otherwise(old: Version, new: Version) -> Iterator[str]:
    if old.day != new.day:
        words = {"old": day(old.day), "new": day(new.day)}
        yield _("dated %(new)s, before: %(old)s") % words
    if old.summary != new.summary:
        yield new.summary

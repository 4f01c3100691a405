"""Entries of calendars that appear, change or are taken away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from townsquare.build import Edition
from townsquare.community import Community
from townsquare.effects import schedules
from townsquare.effects.records import Change, How, Pair
from townsquare.ledger import Component, ComponentKey
from townsquare.model import Dated, Entry
from townsquare.views import occurrences
from townsquare.wordbook import _, counted

_Components = dict[str, dict[ComponentKey, Component]]


def changes(pair: Pair) -> Iterator[Change]:
    """Each event whose calendar entries differ, and how, with times in the event's own zone."""
    old, new = _components(pair.before), _components(pair.after)
    for key, (was, entry) in pair.kept.items():
        if _lines(old.get(key, {})) != _lines(new.get(key, {})):
            how: How = "changed" if key in old else "added"
            yield _of(how, entry, *_otherwise(pair, was, entry), _told(pair, key, new[key]))
    for key, entry in pair.gained.items():
        if key in new:
            yield _of("added", entry, *_dates(pair.after.community, entry))
    for key, entry in pair.lost.items():
        if key in old:
            dates = _dates(pair.before.community, entry)
            yield _of("removed", entry, *dates, _("calendar apps show it as cancelled"))


def _of(how: How, entry: Entry[Any], *notes: str) -> Change:
    address, path = entry.address, entry.path
    return Change("calendars", how, entry.title, entry.kind.name, address, path, notes)


def _components(edition: Edition) -> _Components:
    found: _Components = {}
    for each in edition.dated.components:
        found.setdefault(each.entry_key, {})[each.key] = each
    return found


def _lines(held: dict[ComponentKey, Component]) -> dict[ComponentKey, bytes]:
    return {key: each.lines for key, each in held.items()}


def _otherwise(pair: Pair, old: Entry[Any], new: Entry[Any]) -> list[str]:
    before, after = pair.before.community, pair.after.community
    if not isinstance(new.fields, Dated):
        return []
    told = schedules.otherwise(before.schedule(old), after.schedule(new))
    return told or [_("its description, topics, people or links")]


def _told(pair: Pair, key: str, held: dict[ComponentKey, Component]) -> str:
    """Whether calendar apps tell their users, which they do when SEQUENCE rises."""
    before, after = pair.before.outcome, pair.after.outcome
    known, revised = before.revisions, after.revisions
    raised = any(c not in known or known[c].sequence < revised[c].sequence for c in held)
    ended = after.tombstones.keys() - before.tombstones.keys()
    if raised or any(after.tombstones[each].entry_key == key for each in ended):
        return _("calendar apps tell those who have it")
    return _("calendar apps change it without telling anybody")


def _dates(community: Community, entry: Entry[Any]) -> Iterator[str]:
    held = community.held(entry)
    main = occurrences.representative(community, entry)
    if main is not None:
        yield occurrences.when(main)
        place = occurrences.where(main.details)
        yield from [place] if place else []
    rule = community.schedule(entry).rule
    if rule is not None:
        yield schedules.rule_in_words(rule)
    elif len(held) > 1:
        yield counted("%(num)d date", "%(num)d dates", len(held))

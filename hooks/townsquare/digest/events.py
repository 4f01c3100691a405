"""What takes place after the period, in as many days as the period has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from townsquare import recurrence
from townsquare.community import MAX_OCCURRENCES, Community
from townsquare.digest.news import shortened, url_of
from townsquare.digest.records import Item, Period, Section, section
from townsquare.model import Entry
from townsquare.recurrence import Occurrence
from townsquare.views import occurrences
from townsquare.wordbook import _, counted, day, joined, label

_NEAR = timedelta(days=2)
"""How far an event's own date may be from the site's."""


_NAMED = 5


class _Coming(NamedTuple):
    """An event's first date in the period ahead, how many follow it, and which are called off."""

    entry: Entry[Any]
    first: Occurrence
    more: int
    off: list[Occurrence]


def coming(community: Community, period: Period) -> Section:
    """Each event with a date in the days ahead, the soonest first; cancelled ones say so."""
    ahead = period.ahead
    found = [each for entry in community.events for each in _first(community, entry, ahead)]
    found.sort(key=lambda each: (each.first.begins, each.entry.address))
    words = {"day": day(ahead.last)}
    title = _("Coming events, until %(day)s") % words
    items = [_item(community, each) for each in found]
    return section(title, items, community.settings.absolute("events/"))


def held_in(community: Community, entry: Entry[Any], period: Period) -> list[Occurrence]:
    """The event's occurrences that begin in the period, in order, whatever the time is now."""
    first, last = period.since - _NEAR, period.until + _NEAR
    schedule = community.schedule(entry)
    held = recurrence.occurrences(schedule, first, last, limit=MAX_OCCURRENCES)
    return [each for each in held if period.holds(each.start if each.all_day else each.begins)]


def _first(community: Community, entry: Entry[Any], ahead: Period) -> Iterator[_Coming]:
    held = held_in(community, entry, ahead)
    takes_place = [each for each in held if not each.details.cancelled]
    if held:
        first = (takes_place or held)[0]
        off = [each for each in held if each.details.cancelled and each is not first]
        yield _Coming(entry, first, max(0, len(takes_place) - 1), off)


def _item(community: Community, each: _Coming) -> Item:
    held, details = each.first, each.first.details
    facts = occurrences.when(held), occurrences.where(details), _further(each), _note(held)
    return Item(
        title=details.title,
        url=url_of(community, each.entry),
        label=label(details.status) if details.status != "confirmed" else "",
        facts=tuple(filter(None, facts)),
        text=shortened(details.description or each.entry.fields.summary()),
        language=each.entry.fields.language or "",
    )


def _further(each: _Coming) -> str:
    """`and 3 more dates, not on 24 December 2026`."""
    told = [counted("and %(num)d more date", "and %(num)d more dates", each.more)] * bool(each.more)
    if each.off:
        dates = joined([day(held.start) for held in each.off[:_NAMED]])
        told.append(_("not on %(dates)s") % {"dates": dates})
    return ", ".join(told)


def _note(held: Occurrence) -> str:
    """Why it is not as usual, where somebody says so."""
    return shortened(held.details.status_note)

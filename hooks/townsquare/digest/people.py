"""Who is new, who did something for the first time or the hundredth, and whom to thank.

Only people whom readers may see are named. Guests without a file are thanked by the name that they
signed with, but not counted: nobody can tell whether two of one name are one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from townsquare.community import Community
from townsquare.digest import contributions
from townsquare.digest.contributions import Contribution, Done
from townsquare.digest.news import shortened, url_of
from townsquare.digest.records import Item, Period, Section, section
from townsquare.model import Entry
from townsquare.views.people import everybody
from townsquare.wordbook import _, counted, day

MILESTONES = {10: _("tenth contribution"), 100: _("hundredth contribution")}


def joined(community: Community, period: Period) -> Section:
    """Who joined in the period, in that order, with what they say of themselves."""
    found = [e for e in everybody(community) if e.fields.joined and period.holds(e.fields.joined)]
    items = [_person(community, e) for e in sorted(found, key=lambda e: e.fields.joined)]
    return section(_("New people"), items, _people(community))


def newcomers(community: Community, period: Period, done: Done) -> Section:
    """Who contributed for the first time, and what it was."""
    items = [
        _person(community, entry, _for_what(first))
        for entry, (first, *_later) in _contributors(community, done)
        if period.holds(first.instant)
    ]
    return section(_("First contributions: welcome"), items, _people(community))


def milestones(community: Community, period: Period, done: Done) -> Section:
    """Tenth and hundredth contributions, and years since somebody joined."""
    counts = [
        _person(community, entry, f"{word}: {_for_what(own[number - 1])}")
        for number, word in MILESTONES.items()
        for entry, own in _contributors(community, done)
        if len(own) >= number and period.holds(own[number - 1].instant)
    ]
    years = [_person(community, e, *_years(e, period)) for e in everybody(community)]
    items = [*counts, *(item for item in years if item.facts)]
    return section(_("Milestones"), items, _people(community))


def thanks(community: Community, period: Period, done: Done) -> Section:
    """Everybody who contributed in the period, by name, with how often they did what."""
    people = [
        (entry.title, _person(community, entry, _tally(now)))
        for entry, own in _contributors(community, done)
        if (now := [each for each in own if period.holds(each.instant)])
    ]
    guests = [
        (name, Item(name, facts=(_tally(now),)))
        for name, own in done.guests.items()
        if (now := [each for each in own if period.holds(each.instant)])
    ]
    items = [item for _name, item in sorted((*people, *guests), key=lambda e: e[0].casefold())]
    return section(_("Thanks to"), items, _people(community))


def _contributors(
    community: Community, done: Done
) -> Iterator[tuple[Entry[Any], list[Contribution]]]:
    """Listed people by name, with all that they did until the period's end, the oldest first."""
    for entry in everybody(community):
        if entry.id in done.people:
            yield entry, done.people[entry.id]


def _person(community: Community, entry: Entry[Any], *facts: str) -> Item:
    text = "" if facts else shortened(entry.fields.summary())
    return Item(entry.title, url_of(community, entry), facts=facts, text=text)


def _people(community: Community) -> str:
    return community.settings.absolute("people/")


def _for_what(done: Contribution) -> str:
    """`wrote “The first reply”`."""
    return contributions.VERBS[done.role] % {"title": done.title}


def _tally(done: Iterable[Contribution]) -> str:
    """`wrote 2 posts, spoke at 1 event`."""
    counts = Counter(each.role for each in done)
    told = [counted(*contributions.COUNTED[role], counts[role]) for role in sorted(counts)]
    return ", ".join(told)


def _years(entry: Entry[Any], period: Period) -> Iterator[str]:
    """How many years it is since they joined, where that day lies in the period."""
    began = entry.fields.joined
    if began is None:
        return
    for year in range(max(began.year + 1, period.since.year), period.last.year + 1):
        if period.holds(_anniversary(began, year)):
            words = {"day": day(began)}
            years = counted("%(num)d year", "%(num)d years", year - began.year)
            yield f"{years}: " + _("here since %(day)s") % words


def _anniversary(began: date, year: int) -> date:
    """The same day of another year; of 29 February, the last of the month."""
    try:
        return began.replace(year=year)
    except ValueError:
        return date(year, 2, 28)

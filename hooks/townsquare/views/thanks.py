"""Welcome and thanks: first, tenth and hundredth contributions, and years spent here."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from townsquare.community import Community
from townsquare.figures import milestones
from townsquare.figures.milestones import Anniversary, Milestone
from townsquare.figures.periods import Window, month_after
from townsquare.queries import query
from townsquare.views.lists import Linked, link_to_key
from townsquare.wordbook import _, counted

SHOWN = 8
DAYS_NEW = 92


class Thanks(NamedTuple):
    """A line of thanks: to whom, for what, and the entry that it was, where it has a page."""

    person: Linked
    words: str
    what: Linked | None
    day: date


def thanks(community: Community) -> list[Thanks]:
    """What happened in the three months before this month, or since; the newest first."""
    found = [_of_milestone(community, each) for each in newest(community)]
    found += [_of_anniversary(community, each) for each in this_month(community)]
    return sorted(found, key=lambda each: (-each.day.toordinal(), each.person.title))[:SHOWN]


@query
def newest(community: Community) -> list[Milestone]:
    """The newest milestones, the oldest of them first."""
    since = community.clock.month() - timedelta(days=DAYS_NEW)
    found = [m for m in milestones.milestones(community) if m.day >= since]
    # Who was busy is thanked once, for the greatest number.
    greatest = {m.person: m for m in sorted(found, key=lambda m: m.number)}
    return [m for m in found if m is greatest[m.person]][-SHOWN:]


@query
def this_month(community: Community) -> list[Anniversary]:
    """The anniversaries of this month that have come."""
    first = community.clock.month()
    found = milestones.anniversaries(community, Window(first, month_after(first, 1)))
    return [a for a in found if community.clock.day_passed(a.day - timedelta(days=1))]


def _of_milestone(community: Community, found: Milestone) -> Thanks:
    first = found.number == 1
    words = _("a first contribution, welcome!") if first else _ordinal(found.number)
    kind, _colon, _id = found.of.partition(":")
    entry = community.library.find(kind, _id) if _id else None
    what = link_to_key(community, entry.key) if entry and community.library.shown(entry) else None
    return Thanks(_person(community, found.person), words, what, found.day)


def _ordinal(number: int) -> str:
    return _("contribution number %(number)d, thank you!") % {"number": number}


def _of_anniversary(community: Community, found: Anniversary) -> Thanks:
    words = counted("%(num)d year here, thank you!", "%(num)d years here, thank you!", found.years)
    return Thanks(_person(community, found.person), words, None, found.day)


def _person(community: Community, key: str) -> Linked:
    found = link_to_key(community, key)
    return found or Linked("")

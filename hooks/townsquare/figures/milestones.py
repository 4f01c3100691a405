"""What is worth a word of thanks: first contributions, round numbers, years. None is typed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from townsquare.community import Community
from townsquare.figures.contributions import Contribution, contributions
from townsquare.figures.periods import Window
from townsquare.model import Entry
from townsquare.queries import query

NUMBERS = (1, 10, 100, 1000)


class Milestone(NamedTuple):
    """A listed person's first or so many-th contribution, on a day; `of` as in contributions."""

    person: str
    number: int
    day: date
    role: str
    of: str


class Anniversary(NamedTuple):
    """A day on which a listed person has been here for so many years."""

    person: str
    years: int
    day: date


@query
def milestones(community: Community) -> list[Milestone]:
    """Every milestone of the people who are listed, the oldest first.

    None where git does not tell its whole past: a first one there would be nobody's first. Nor is
    it the first of somebody who had a role here before.
    """
    if community.library.history.is_partial:
        return []
    found = _milestones(contributions(community), set(listed(community)))
    return [each for each in found if each.number > 1 or _is_new(community, each)]


def _is_new(community: Community, found: Milestone) -> bool:
    roles = community.library.entry(found.person).fields.roles
    return not any(role.since and role.since < found.day for role in roles)


def _milestones(found: list[Contribution], people: set[str]) -> Iterator[Milestone]:
    counts: Counter[str] = Counter()
    for each in found:
        counts[each.who] += 1
        if each.who in people and counts[each.who] in NUMBERS:
            yield Milestone(each.who, counts[each.who], each.day, each.role, each.of)


@query
def listed(community: Community) -> list[str]:
    """The keys of people who have a page."""
    return [entry.key for entry in community.readable("person")]


def milestones_within(community: Community, window: Window) -> list[Milestone]:
    """The milestones of these days, the oldest first."""
    return [each for each in milestones(community) if window.start <= each.day < window.end]


def anniversaries(community: Community, window: Window) -> list[Anniversary]:
    """The years that listed people complete in the window, counted from `joined`, by day.

    Who has left every role counts no further.
    """
    people = [community.library.entry(key) for key in listed(community)]
    people = [each for each in people if not each.fields.has_left(community.clock)]
    found = (each for person in people for each in _anniversaries(person, window))
    return sorted(found, key=lambda each: (each.day, each.person))


def _anniversaries(person: Entry[Any], window: Window) -> Iterator[Anniversary]:
    joined: date | None = person.fields.joined
    if joined is None:
        return
    for year in range(window.start.year, window.end.year + 1):
        day = _in_year(joined, year)
        if year > joined.year and window.start <= day < window.end:
            yield Anniversary(person.key, year - joined.year, day)


def _in_year(day: date, year: int) -> date:
    """The same day of another year; 29 February is 1 March where there is none."""
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)

"""Metrics of contributors by the names and definitions of CHAOSS, https://chaoss.community/kbtopic/.

Each takes contributions up to a day and a window of days; `end` is the first day after it. Nothing
is named: figures are of people together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from math import ceil
from statistics import fmean, pstdev

from townsquare.figures.contributions import Contribution
from townsquare.figures.periods import Window

OCCASIONAL = 2
INACTIVE_DAYS = CONVERSION_DAYS = 180


def within(found: Iterable[Contribution], window: Window) -> list[Contribution]:
    """The contributions of the window."""
    return [each for each in found if window.start <= each.day < window.end]


def first_days(found: Iterable[Contribution]) -> dict[str, date]:
    """Everybody's first day, by key."""
    first: dict[str, date] = {}
    for each in found:
        first[each.who] = min(first.get(each.who, each.day), each.day)
    return first


def new_contributors(found: Iterable[Contribution], window: Window) -> int:
    """How many contributed in the window for the first time ever."""
    return sum(window.start <= day < window.end for day in first_days(found).values())


def absence_factor(found: Iterable[Contribution], window: Window) -> int | None:
    """The smallest number of people with at least half of the window's contributions."""
    return smallest_half(Counter(each.who for each in within(found, window)))


def smallest_half(counts: Mapping[str, int]) -> int | None:
    """The smallest number of these that have at least half of all; nothing where there is none."""
    half = ceil(sum(counts.values()) / 2)
    reached = 0
    for number, count in enumerate(sorted(counts.values(), reverse=True), 1):
        reached += count
        if reached >= half:
            return number
    return None


def inactive(found: Iterable[Contribution], window: Window, end: date) -> int:
    """How many contributed last in the window, and not in the 180 days before `end`."""
    last: dict[str, date] = {}
    for each in found:
        last[each.who] = max(last.get(each.who, each.day), each.day)
    before = min(window.end, end - timedelta(days=INACTIVE_DAYS))
    return sum(window.start <= day < before for day in last.values())


def occasional(found: Iterable[Contribution], window: Window) -> int:
    """How many contributed once or twice in the window."""
    counts = Counter(each.who for each in within(found, window))
    return sum(count <= OCCASIONAL for count in counts.values())


def conversion_rate(found: Sequence[Contribution], window: Window, end: date) -> float | None:
    """The share of the window's newcomers who contributed on a later day within 180 days.

    Nothing where nobody came, or where 180 days have not passed for all of them at `end`.
    """
    if window.end + timedelta(days=CONVERSION_DAYS) > end:
        return None
    new = {who: day for who, day in first_days(found).items() if window.start <= day < window.end}
    came_back = {
        each.who
        for each in found
        if each.who in new and timedelta() < each.day - new[each.who] <= timedelta(CONVERSION_DAYS)
    }
    return len(came_back) / len(new) if new else None


def weekly(found: Iterable[Contribution], window: Window) -> list[int]:
    """Contributions of each whole week of the window, from its first day on."""
    weeks = window.days // 7
    counts = Counter((each.day - window.start).days // 7 for each in within(found, window))
    return [counts[week] for week in range(weeks)]


def burstiness(counts: Sequence[int]) -> float | None:
    """From -1, as even as can be, over 0, as if by chance, to 1: all at once.

    (deviation - mean) / (deviation + mean) of weekly counts, after Goh and Barabási,
    https://doi.org/10.1209/0295-5075/81/48002. Nothing where there was nothing.
    """
    if not any(counts):
        return None
    mean, deviation = fmean(counts), pstdev(counts)
    return (deviation - mean) / (deviation + mean)


def types(found: Iterable[Contribution], window: Window) -> dict[str, int]:
    """Contributions of the window by role, by the role's name."""
    return dict(sorted(Counter(each.role for each in within(found, window)).items()))


def elephant_factor(
    found: Iterable[Contribution], window: Window, affiliations: Mapping[str, str]
) -> int | None:
    """The smallest number of organisations with half of what affiliated people contributed."""
    own = (affiliations.get(each.who) for each in within(found, window))
    return smallest_half(Counter(each for each in own if each))

"""How figures are told: a value with its formula, window and source; one value a month."""

from __future__ import annotations

from typing import NamedTuple

from townsquare.wordbook import figure

Number = int | float


class Figure(NamedTuple):
    """One figure. No `value` means that it was not collected, which is not zero.

    What is `said` stands in the value's place where it was collected: `–` where there is nothing of
    which it could be said. `unit` is `people`, `days`, `share` (from 0 to 1) and the like; `window`
    the months, days or the day that it is of; `missing` says why there is no value.
    """

    id: str
    name: str
    value: Number | None
    unit: str
    formula: str
    window: str
    source: str
    missing: str = ""
    said: str = ""

    @property
    def printed(self) -> str:
        """The value as readers see it."""
        return self.said or figure(self.value, self.unit)


class Section(NamedTuple):
    """Figures about one matter."""

    id: str
    title: str
    figures: tuple[Figure, ...]


class Trend(NamedTuple):
    """One value a month, the oldest first; none where it was not collected.

    Of the months named in `suppressed` it was, and of so few that it is not told.
    """

    id: str
    title: str
    unit: str
    months: tuple[str, ...]
    values: tuple[Number | None, ...]
    source: str
    suppressed: tuple[str, ...] = ()


class Tally(NamedTuple):
    """Counts of one matter by what they have in common."""

    id: str
    title: str
    unit: str
    rows: tuple[tuple[str, int], ...]
    window: str
    source: str
    missing: str = ""


class Report(NamedTuple):
    """What a page, a data file and a terminal say of a community. `window` are its months."""

    window: str
    sections: tuple[Section, ...]
    tallies: tuple[Tally, ...]
    trends: tuple[Trend, ...]

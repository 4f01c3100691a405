"""The windows of days that figures are of: whole months, the last of them complete."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

MONTHS = 12


class Window(NamedTuple):
    """Days from `start` to the one before `end`."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """How many days."""
        return (self.end - self.start).days

    @property
    def label(self) -> str:
        """`2026-05` for a month, else its first and last months."""
        first, last = f"{self.start:%Y-%m}", f"{month_after(self.end, -1):%Y-%m}"
        return first if first == last else f"{first} to {last}"


def month_after(first: date, months: int) -> date:
    """The first day of the month so many months later, or earlier."""
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def year_before(end: date) -> Window:
    """The twelve months before the month that begins at `end`."""
    return Window(month_after(end, -MONTHS), end)


def months(window: Window) -> list[Window]:
    """The months of a window of whole months."""
    found: list[Window] = []
    start = window.start
    while start < window.end:
        found.append(Window(start, month_after(start, 1)))
        start = found[-1].end
    return found

"""The build's one idea of time: what has passed, and what falls due next."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


class Clock:
    """Answers whether an instant has passed and remembers the nearest one that has not.

    Outputs get a clock, never an instant: all that can change by time alone is then known, and
    `next_change` is when the site must be built again.
    """

    def __init__(self, now: datetime, zone: str) -> None:
        if now.tzinfo is None:
            raise ValueError("a clock needs an instant with a zone")
        self._now = now.astimezone(UTC).replace(microsecond=0)
        self._zone = ZoneInfo(zone)
        self.next_change: datetime | None = None

    def passed(self, instant: datetime) -> bool:
        """Whether the instant is now or earlier."""
        if instant <= self._now:
            return True
        if self.next_change is None or instant < self.next_change:
            self.next_change = instant.astimezone(UTC)
        return False

    def month(self) -> date:
        """The first day of the current month in the site's zone; windows of lists start from it."""
        first = self._now.astimezone(self._zone).date().replace(day=1)
        after = (first + timedelta(days=32)).replace(day=1)
        self.passed(datetime(after.year, after.month, 1, tzinfo=self._zone))
        return first

    def day_passed(self, day: date) -> bool:
        """Whether the whole day is over in the site's zone."""
        after = day + timedelta(days=1)
        return self.passed(datetime(after.year, after.month, after.day, tzinfo=self._zone))

    def stamp(self) -> datetime:
        """The instant itself, UTC: for the ledger's revision stamps and `build.json` only."""
        return self._now

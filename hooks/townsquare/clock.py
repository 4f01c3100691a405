"""The build's one idea of time: what has passed, and what falls due next."""

from __future__ import annotations

import os
import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from townsquare.problems import SetupError
from townsquare.reads import asked

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2199, 12, 31, tzinfo=UTC)


def started() -> datetime:
    """The instant of a build that names none: `SOURCE_DATE_EPOCH`, else the machine's clock.

    https://reproducible-builds.org/specs/source-date-epoch/: seconds since 1970, UTC.
    """
    seconds = os.environ.get("SOURCE_DATE_EPOCH")
    if not seconds:
        return datetime.now(UTC)
    if not re.fullmatch("[0-9]{1,10}", seconds):
        raise SetupError(f"SOURCE_DATE_EPOCH is `{seconds}`, not a number of seconds since 1970")
    return within_reach(datetime.fromtimestamp(int(seconds), UTC))


def within_reach(instant: datetime) -> datetime:
    """The instant, if dates can be reckoned around it; else SetupError."""
    if not EARLIEST <= instant <= LATEST:
        raise SetupError(f"a build is as of an instant from {EARLIEST.year} to {LATEST.year}")
    return instant.astimezone(UTC)


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
            asked(since=instant)
            return True
        asked(until=instant)
        if self.next_change is None or instant < self.next_change:
            self.next_change = instant.astimezone(UTC)
        return False

    def month(self) -> date:
        """The first day of the current month in the site's zone; windows of lists start from it."""
        first = self._now.astimezone(self._zone).date().replace(day=1)
        after = (first + timedelta(days=32)).replace(day=1)
        for each in (first, after):
            self.passed(datetime(each.year, each.month, 1, tzinfo=self._zone))
        return first

    def day_passed(self, day: date) -> bool:
        """Whether the whole day is over in the site's zone."""
        after = day + timedelta(days=1)
        return self.passed(datetime(after.year, after.month, after.day, tzinfo=self._zone))

    def stamp(self) -> datetime:
        """The instant itself, UTC: for the ledger's revision stamps and `build.json` only."""
        return self._now

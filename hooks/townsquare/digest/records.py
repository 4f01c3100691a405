"""What a digest consists of: sections of items, each with a whole address; nothing of a format."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from townsquare import times
from townsquare.values import value
from townsquare.wordbook import span


@value
class Period:
    """Whole days in the site's zone: from `since` to the day before `until`."""

    since: date
    until: date
    zone: str

    @property
    def last(self) -> date:
        """Its last day."""
        return self.until - timedelta(days=1)

    @property
    def ahead(self) -> Period:
        """As many days after it; of whole months, as many months."""
        days = self.until - self.since
        if self.since.day == self.until.day == 1:
            years = self.until.year - self.since.year
            months = times.Interval(months=12 * years + self.until.month - self.since.month)
            return Period(self.until, months.after(self.until), self.zone)
        return Period(self.until, self.until + days, self.zone)

    @property
    def begins(self) -> datetime:
        """Its first instant, UTC."""
        return times.instant(self.since, self.zone)

    @property
    def ends(self) -> datetime:
        """The instant at which it is over, UTC."""
        return times.instant(self.until, self.zone)

    def holds(self, moment: date | datetime) -> bool:
        """Whether a day, or an instant with a zone, lies in it."""
        if not isinstance(moment, datetime):
            return self.since <= moment < self.until
        return self.begins <= moment < self.ends

    def in_words(self) -> str:
        """`Thursday 1 – Saturday 31 October 2026`."""
        return span(self.since, self.last)


@value
class Item:
    """One thing to tell. `label` stands before all else and must be read: sponsored, cancelled.

    `facts` are short lines; `text` is a few sentences; `language` that of title and text, if it is
    not the site's.
    """

    title: str
    url: str = ""
    label: str = ""
    facts: tuple[str, ...] = ()
    text: str = ""
    language: str = ""


@value
class Section:
    """Items under a heading, and the page on which all of their sort stand."""

    title: str
    items: tuple[Item, ...]
    url: str


@value
class Digest:
    """The whole of it."""

    site: str
    home: str
    subscribe: str
    language: str
    period: Period
    sections: tuple[Section, ...]


def section(title: str, items: Iterable[Item], url: str) -> Section:
    """The items, however many, under a heading."""
    return Section(title, tuple(items), url)

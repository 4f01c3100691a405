"""How well texts are looked after: how old they are, and which should have been read again."""

from __future__ import annotations

from datetime import date
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from townsquare.community import Community
from townsquare.figures.contributions import BULK, known_contacts
from townsquare.model import Dated, Entry, Published, Reviewed
from townsquare.queries import query

OLD_DAYS = 365


def last_changes(community: Community) -> dict[str, date]:
    """The day on which each file was last changed by a person, bulk changes left out."""
    return community.once("last changes", lambda: _last_changes(community))


def _last_changes(community: Community) -> dict[str, date]:
    zone = ZoneInfo(community.settings.timezone)
    people = known_contacts(community)
    found: dict[str, date] = {}
    for commit in community.library.history.commits:
        by_somebody = any(who in people for who in commit.authors)
        if by_somebody and len(commit.paths) <= BULK and community.clock.passed(commit.at):
            found |= dict.fromkeys(commit.paths, commit.at.astimezone(zone).date())
    return found


def ages(community: Community, end: date) -> list[int]:
    """The days from each lasting text's last review or change to `end`, where one is known.

    None for what was looked at since. News and events are of their day and grow no older than they
    are meant to.
    """
    changed = last_changes(community)
    known = (_last_seen(entry, changed) for entry in lasting(community))
    return sorted(max((end - day).days, 0) for day in known if day)


def _last_seen(entry: Entry[Any], changed: dict[str, date]) -> date | None:
    fields = entry.fields
    seen = fields.last_review() if isinstance(fields, Reviewed) else None
    return seen or changed.get(entry.path)


@query
def lasting(community: Community) -> list[Entry[Any]]:
    """What readers see that is neither news nor an event, by path."""
    shown = community.readable()
    return [e for e in shown if not issubclass(e.kind.fields, Dated | Published)]


def median_age(found: list[int]) -> float | None:
    """The age in days that half of them exceed."""
    return float(median(found)) if found else None


def share_old(found: list[int]) -> float | None:
    """The share of them that nobody has looked at for a year."""
    return sum(age > OLD_DAYS for age in found) / len(found) if found else None


@query
def due_reviews(community: Community) -> list[tuple[str, date | None]]:
    """The key of everything that is to be reviewed, and when; nothing where it never was."""
    found: list[tuple[str, date | None]] = []
    for entry in community.visible(Reviewed):
        fields = entry.fields
        if fields.review_every and getattr(fields, "status", "active") == "active":
            last = fields.last_review()
            found.append((entry.key, fields.review_every.after(last) if last else None))
    return found

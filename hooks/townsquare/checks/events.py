"""What becomes of events: what remains of those that are over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from townsquare.checks.context import Context
from townsquare.kinds.event import Event
from townsquare.model import Entry
from townsquare.problems import Problem, problem
from townsquare.recurrence import Schedule

WAIT = timedelta(days=30)
"""How long after its end hosts may take to say what remains of an event."""

ASKED_FOR = timedelta(days=365)
"""How long hosts are reminded: a community that brings years of events with it asks nobody."""

NOT_HELD = ("cancelled", "postponed")


def after_missing(context: Context, entry: Entry[Any]) -> Iterator[Problem]:
    """Events of the last year that ended more than 30 days ago, of which nothing remains.

    Unless somebody says why.
    """
    if not isinstance(entry.fields, Event) or not context.library.shown(entry):
        return
    schedule = context.schedule(entry)
    if schedule is None or says_what_remains(entry.fields) or not _was_held(schedule):
        return
    ended = schedule.last_instant
    if ended is None or context.clock.passed(ended + ASKED_FOR):
        return
    if context.clock.passed(ended + WAIT):
        message = "it ended more than 30 days ago, and nothing says what remains of it"
        hint = "add `after:` with `recordings`, `slides`, `notes` or `attended`, or `none: …` why"
        yield problem("after_missing", entry.place("title"), message, hint)


def says_what_remains(event: Event) -> bool:
    """Whether it, one of its dates or one of its sessions says what remains, or why nothing."""
    told = (event.after, *(change.after for change in event.changes.values()))
    return any(each and (each.anything or each.none) for each in told) or any(
        session.slides or session.recording for session in event.sessions
    )


def _was_held(schedule: Schedule) -> bool:
    held = schedule.sessions or (schedule,)
    return any(each.details.status not in NOT_HELD for each in held)

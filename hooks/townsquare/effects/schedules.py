"""How two schedules differ, in words: moved from when to when, cancelled, elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from townsquare.occasions import Details
from townsquare.recurrence import Occurrence, Schedule
from townsquare.rules import Rule
from townsquare.times import day_of
from townsquare.views import occurrences, repeating
from townsquare.wordbook import _, joined, label, moment


def otherwise(old: Schedule, new: Schedule) -> list[str]:
    """What differs: of all dates first, then of single ones, in their order."""
    usual = [*_one(_usual(old), _usual(new))]
    rules = [*_rule(old, new), *_moments(old, new)]
    return list(dict.fromkeys([*usual, *rules, *_single(old, new, known=usual)]))


def rule_in_words(rule: Rule) -> str:
    """`Every month on the third Thursday`."""
    return repeating.in_words(rule)


def _usual(schedule: Schedule) -> Occurrence:
    start, end, zone = schedule.start, schedule.end, schedule.zone
    return Occurrence("", start, start, end, zone, schedule.details, schedule.end_stated)


def _one(old: Occurrence, new: Occurrence) -> Iterator[str]:
    """What differs of one date. That it was rescheduled is said by the new time."""
    moved = list(_moved(old, new))
    before, after = old.details, new.details
    if moved and "rescheduled" in (before.status, after.status):
        after = replace(after, status=before.status)
    return iter((*moved, *_details(before, after)))


def _moved(old: Occurrence, new: Occurrence) -> Iterator[str]:
    words = {"old": occurrences.when(old), "new": occurrences.when(new)}
    if (old.start, old.zone) != (new.start, new.zone):
        yield _("moved from %(old)s to %(new)s") % words
    elif (old.end, old.end_stated) != (new.end, new.end_stated):
        yield _("its end changes: %(new)s, before: %(old)s") % words


def _details(old: Details, new: Details) -> Iterator[str]:
    """What differs beside the times. A status comes first: people read no further."""
    yield from _status(old, new)
    if old.title != new.title:
        yield _("called “%(new)s”, before: “%(old)s”") % {"old": old.title, "new": new.title}
    before, after = occurrences.where(old), occurrences.where(new)
    if before != after:
        yield _place(before, after)
    named = (
        (_("the address to join"), old.join, new.join),
        (_("speakers"), old.speakers, new.speakers),
        (_("registration"), old.registration, new.registration),
        (_("description"), old.description, new.description),
        (_("what remains of it (recordings, slides, notes)"), old.after, new.after),
    )
    if parts := [name for name, was, now in named if was != now]:
        yield _("other: %(parts)s") % {"parts": joined(parts)}


def _status(old: Details, new: Details) -> Iterator[str]:
    note = f": {new.status_note}" if new.status_note else ""
    if old.status != new.status and new.status == "confirmed":
        words = {"old": label(old.status).lower()}
        yield _("takes place as usual, no longer: %(old)s") % words + note
    elif old.status != new.status:
        yield label(new.status).lower() + note
    elif old.status_note != new.status_note:
        yield _("its note") + (note or _(" is taken away"))


def _place(before: str, after: str) -> str:
    if before and after:
        return _("place: %(new)s, before: %(old)s") % {"old": before, "new": after}
    return _("place: %(new)s") % {"new": after} if after else _("no place is named any more")


def _rule(old: Schedule, new: Schedule) -> Iterator[str]:
    before, after = old.rule, new.rule
    if before == after:
        return
    words = {
        "old": rule_in_words(before) if before else "",
        "new": rule_in_words(after) if after else "",
    }
    if before and after:
        yield _("repeats otherwise: %(new)s, before: %(old)s") % words
    elif after:
        yield _("repeats: %(new)s") % words
    else:
        yield _("no longer repeats, before: %(old)s") % words


def _moments(old: Schedule, new: Schedule) -> Iterator[str]:
    """Dates that are left out of the rule, or added to it."""
    for word, before, after in (
        (_("also on %(dates)s"), old.also, new.also),
        (_("no longer on %(dates)s"), new.also, old.also),
        (_("not on %(dates)s"), old.excluded, new.excluded),
        (_("again on %(dates)s"), new.excluded, old.excluded),
    ):
        if dates := sorted(set(after) - set(before), key=str):
            yield word % {"dates": joined([moment(each) for each in dates])}


def _single(old: Schedule, new: Schedule, *, known: Iterable[str]) -> Iterator[str]:
    """Dates that have something of their own: a change of the rule's, or a session."""
    before, after = _own(old), _own(new)
    for key in sorted({*before, *after}):
        was = before.get(key) or _given(old, after.get(key))
        now = after.get(key) or _given(new, before.get(key))
        if was and now:
            yield from (f"{_day(was)}: {note}" for note in _one(was, now) if note not in known)
        elif now:
            yield _("new date: %(when)s") % {"when": occurrences.when(now)}
        elif was:
            yield _("no longer: %(when)s") % {"when": occurrences.when(was)}


def _own(schedule: Schedule) -> dict[str, Occurrence]:
    return {each.key: each for each in (*schedule.sessions, *schedule.changes)}


def _given(schedule: Schedule, other: Occurrence | None) -> Occurrence | None:
    """The occurrence of the same name, where the rule gives it."""
    if other is None or schedule.sessions:
        return None
    day = day_of(other.moment)
    given = (*schedule.moments(day, day), *schedule.also)
    found = (m for m in given if schedule.key(m) == other.key and m not in schedule.left_out)
    return next((schedule.occurrence(m) for m in found), None)


def _day(held: Occurrence) -> str:
    return moment(occurrences.local(held)[0])

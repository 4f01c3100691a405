"""Dates that authors wrote twice: in prose, in file names, in two files."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from townsquare.checks.context import Context
from townsquare.checks.words import Body
from townsquare.library import spelling
from townsquare.model import Dated, Entry, Published, State, stem
from townsquare.patterns import pattern
from townsquare.problems import Place, Problem, problem

# The standard library's names follow the locale only when asked to, and nothing here asks.
WEEKDAYS = tuple(calendar.day_name)
MONTHS = tuple(calendar.month_name)[1:]

# The fields that are read beside the body.
_READ = ("title", "description")
_WEEKDAY = pattern(
    "(Mon(?:day)?|Tue(?:s(?:day)?)?|Wed(?:nesday)?|Thu(?:rs(?:day)?)?"
    r"|Fri(?:day)?|Sat(?:urday)?|Sun(?:day)?)(?=[., ])"
)
# After `Thu-`, `Saturday and` or `Fri/` the date belongs to another weekday.
_ANOTHER = pattern(r"[\w/&–-]$|day (?:and|or|to) $")
_MONTH = "(?P<month>" + "|".join(f"{m[:3]}(?:{m[3:]})?" for m in MONTHS) + ")"
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>[0-9]{4})"
_END = r"(?! ?[-–] ?[0-9])(?!\w)"
_FORMS = tuple(
    pattern(rf"\.?(?:, ?| )(?:the )?{form}{_END}")
    for form in (
        rf"{_DAY}(?: of)? {_MONTH}\.?(?:,? {_YEAR})?",
        rf"{_MONTH}\.? {_DAY}(?:,? {_YEAR})?",
        rf"{_YEAR}-(?P<month>[0-9]{{2}})-{_DAY}",
    )
)
# What stands wherever a weekday and a date do: a word that begins like one, and a beginning.
_LIKELY = pattern(r"[MTWFS](?:on|ue|ed|hu|ri|at|un)[a-z]*\.?(?:, ?| )(?:the )?[0-9JFMASOND]")
_DATED_NAME = pattern(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?(?![0-9])")


class Said(NamedTuple):
    """A weekday and a date that stand together in prose."""

    place: Place
    text: str
    weekday: int
    date: date


def weekday_disagrees(context: Context, entry: Entry[Any]) -> Iterator[Problem]:
    """English prose that names a weekday which its date does not have.

    Dates without a year are only taken for an event's own day. Quotation of code is passed over.
    """
    if not _may_say_weekdays(entry):
        return
    for said in _dates_said(entry, _single_date(context, entry)):
        right = said.date.weekday()
        if said.weekday != right:
            message = f"“{said.text}”: {said.date} is a {WEEKDAYS[right]}"
            hint = f"write {WEEKDAYS[right]}, or correct the date"
            yield problem("weekday_disagrees", said.place, message, hint)


def filename_date_disagrees(context: Context, entry: Entry[Any]) -> Iterator[Problem]:
    """Files whose name begins with another date, or another month, than their front matter says."""
    named = _DATED_NAME.match(stem(entry.path))
    own = _own_date(context, entry) if named else None
    if own is None or named is None or named[0] in (f"{own:%Y-%m}", f"{own:%Y-%m-%d}"):
        return
    if named[0] not in str(getattr(entry.fields, "previous_start", "")):
        field = "start" if isinstance(entry.fields, Dated) else "date"
        message = f"the file's name says {named[0]}, its front matter {own}"
        hint = "correct one of them; after a new file name keep `id` and `aliases`"
        yield problem("filename_date_disagrees", entry.place(field), message, hint)


def duplicate_event(context: Context) -> Iterator[Problem]:
    """Events of one title that begin at one instant; drafts are passed over."""
    seen: dict[tuple[str, datetime], Entry[Any]] = {}
    for entry in context.library.all(Dated):
        if context.library.states[entry.key] is State.DRAFT:
            continue
        schedule = context.schedule(entry)
        if schedule is None:
            continue
        start = schedule.first_instant
        first = seen.setdefault((spelling(entry.title), start), entry)
        if first is not entry:
            message = f"{first.path} has the same title and start"
            hint = "delete one of them, or tell them apart by their titles"
            yield problem("duplicate_event", entry.place("title"), message, hint)


def _own_date(context: Context, entry: Entry[Any]) -> date | None:
    """The local day on which a post was published or an event first starts."""
    if isinstance(entry.fields, Published):
        moment = entry.fields.date
    elif schedule := context.schedule(entry):
        moment = schedule.start
    else:
        return None
    return moment.date() if isinstance(moment, datetime) else moment


def _single_date(context: Context, entry: Entry[Any]) -> date | None:
    """The day of an event that takes place once: what repeats may mean another year's day."""
    schedule = context.schedule(entry)
    return None if schedule is None or schedule.rule else _own_date(context, entry)


def _may_say_weekdays(entry: Entry[Any]) -> bool:
    """Whether anything that is read could hold a weekday and a date; most texts hold none."""
    front = entry.source.front
    texts = (entry.source.body, *(str(front[field]) for field in _READ if field in front))
    return any(map(_LIKELY.search, texts))


def _dates_said(entry: Entry[Any], own: date | None) -> Iterator[Said]:
    for field in _READ:
        if field in entry.source.front:
            for found in _found(str(entry.source.front[field]), own):
                yield Said(entry.place(field), *found[1:])
    body = Body(entry)
    for start, text, weekday, day in _found(body.prose, own):
        yield Said(body.place(start, start + len(text)), text, weekday, day)


def _found(text: str, own: date | None) -> Iterator[tuple[int, str, int, date]]:
    """Each weekday with a date behind it: where it starts, as written, and what it means."""
    for name in _WEEKDAY.finditer(text):
        if _ANOTHER.search(text[max(0, name.start() - 8) : name.start()]):
            continue
        dated = next((d for form in _FORMS if (d := form.match(text, name.end()))), None)
        day = _day(dated, own) if dated else None
        if dated and day:
            number = next(n for n, full in enumerate(WEEKDAYS) if full.startswith(name[0]))
            yield name.start(), text[name.start() : dated.end()], number, day


def _day(found: re.Match[str], own: date | None) -> date | None:
    """The date that is meant; without a year only the event's own."""
    month = found["month"]
    number = int(month) if month.isdecimal() else _month(month)
    if found["year"] is None:
        return own if own and (own.month, own.day) == (number, int(found["day"])) else None
    try:
        return date(int(found["year"]), number, int(found["day"]))
    except ValueError:
        return None


def _month(name: str) -> int:
    return next(n for n, month in enumerate(MONTHS, 1) if month.startswith(name))

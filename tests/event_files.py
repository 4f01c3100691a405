"""Events for tests: front matter → entry → calendar file, and what we say takes place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from textwrap import dedent
from typing import Any

from judges.ical_js import Occurrence as Judged
from judges.ical_js import ordered
from townsquare import calendars, recurrence, source, times, validation
from townsquare.kinds import event
from townsquare.ledger import Revision
from townsquare.model import Entry
from townsquare.problems import Problem, Severity
from townsquare.settings import Settings

SETTINGS = Settings(
    timezone="Europe/Berlin",
    authority="example.org,2026",
    site_url="https://example.org/",
    event_formats=("hackathon",),
)
STAMP = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def problems(front: str) -> list[Problem]:
    """Everything wrong with an event of this front matter."""
    return _read(front, "events/x.md")[1]


def faults(front: str) -> list[str]:
    """What is wrong with an event, as `line:column code: message | hint`."""
    return [
        f"{p.place.line}:{p.place.column} {p.code}: {p.message} | {p.hint}"
        for p in sorted(problems(front))
    ]


def entry(front: str, name: str = "x") -> Entry[event.Event]:
    """The event of this front matter, which has no errors."""
    made, found = _read(front, f"events/{name}.md")
    assert made is not None, found
    assert not [p for p in found if p.severity is Severity.ERROR], found
    return made


def _read(front: str, path: str) -> tuple[Entry[event.Event] | None, list[Problem]]:
    text = f"---\n{dedent(front).strip()}\n---\n"
    parsed, found = source.parse(path, text)
    if parsed is None:
        return None, found
    fields, found = validation.validate(event.Event, parsed)
    if fields is None:
        return None, found
    found = validation.findings(event.KIND, fields, parsed, SETTINGS)
    return Entry(event.KIND, parsed, fields), found


def schedule(made: Entry[Any]) -> recurrence.Schedule:
    """When the entry takes place."""
    return made.fields.schedule(SETTINGS)


def components(made: Entry[Any], **more: Any) -> tuple[calendars.Component, ...]:
    """The entry's VEVENTs."""
    return calendars.components(made, schedule(made), SETTINGS, **more)


def calendar(*entries: Entry[Any], **more: Any) -> bytes:
    """A calendar of these entries, each in its first revision."""
    held = [each for made in entries for each in components(made, **more)]
    return whole(held)


def whole(held: Sequence[calendars.Component], name: str = "Events", about: str = "") -> bytes:
    """A calendar of these components, each in its first revision."""
    revisions = {each.key: Revision(0, STAMP, STAMP) for each in held}
    address, page = "https://example.org/events.ics", "https://example.org/events/"
    return calendars.calendar(name, about, address, page, held, revisions)


def ours(made: Entry[Any], start: datetime, end: datetime) -> list[Judged]:
    """What we say takes place from start to end, in the judges' form."""
    plan = schedule(made)
    first, last = date(1970, 1, 1), date(2199, 12, 31)
    found = recurrence.occurrences(plan, first, min(last, end.date()), limit=100_000)
    described = [_described(made, plan, one) for one in found]
    low, high = _text(start), _text(end)
    return ordered([o for o in described if low <= _instant(str(o["start"])) < high])


def _described(made: Entry[Any], plan: recurrence.Schedule, one: recurrence.Occurrence) -> Judged:
    written = {"confirmed": "CONFIRMED", "cancelled": "CANCELLED", "rescheduled": "CONFIRMED"}
    prefix = "Cancelled: " if one.details.cancelled else ""
    named = one.moment if plan.all_day else times.instant(one.moment, plan.zone)
    session = f"+{one.key}" if plan.sessions else ""
    return {
        "uid": f"event-{made.id}{session}@example.org",
        "recurrence_id": _text(named) if plan.rule else None,
        "start": _text(one.start if one.all_day else one.begins),
        "end": _text(one.end if one.all_day else one.ends),
        "summary": prefix + one.details.title,
        "status": written[one.details.status],
    }


def _text(moment: date) -> str:
    if not isinstance(moment, datetime):
        return moment.isoformat()
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _instant(text: str) -> str:
    return text if "T" in text else text + "T00:00:00Z"

"""What is kept of a source in `data/imports/`: the file's form, read with suspicion, written alike.

A file is committed, so anybody may have edited it: whatever is wrong is a problem at its line, and
nothing of a file with a fault is shown. It holds no instant of its own, so that it changes only
when what it tells does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Annotated, Any, Literal, cast

from townsquare import canonical_json, texts, times, validation
from townsquare.clock import Clock
from townsquare.fields import Doc, Loc, Parsed, record, shapes
from townsquare.model import Day, Line, Moment, Text, Zone
from townsquare.problems import Fault, Place, Problem, problem
from townsquare.source import Source

MAX_POSTS = 100
MAX_EVENTS = 200
MAX_BYTES = 2 * 1024 * 1024


def parse_instant(text: str) -> datetime:
    """An instant in UTC, to the second: `2026-11-23T12:00:00Z`."""
    hint = "write it as in `2026-11-23T12:00:00Z`"
    if not re.fullmatch(r"(?:19[7-9]|20\d|21\d)\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", text):
        raise Fault("date_invalid", "this is no instant", hint)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Fault("date_invalid", "there is no such instant", hint) from None


def parse_key(text: str) -> str:
    """What names an item for ever: 20 hexadecimal digits."""
    if not re.fullmatch("[0-9a-f]{20}", text):
        raise Fault("value_invalid", "this is no item's key", "import the source again")
    return text


Key = Annotated[str, Parsed(parse_key)]
Link = Annotated[str, Parsed(texts.parse_long_url, format="uri")]
Instant = Annotated[datetime, Parsed(parse_instant, format="2026-11-23T12:00:00Z")]


@record
class ImportedPost:
    """A post of a partner's: what a list shows of it. Its text stays where it is."""

    id: Annotated[Key, Doc("Made of what the feed calls it.")]
    title: Annotated[Line, Doc("Its heading.")]
    url: Annotated[Link, Doc("Where it is.")]
    date: Annotated[Instant, Doc("When it was published, UTC.")]
    author: Annotated[Line | None, Doc("Who wrote it.")] = None
    summary: Annotated[Text | None, Doc("Its beginning, plain text.")] = None


@record
class ImportedEvent:
    """One date of a partner's event. `end` is a moment, or the last day, included."""

    id: Annotated[Key, Doc("Made of what the calendar calls it.")]
    title: Annotated[Line, Doc("What it is called.")]
    start: Annotated[Moment, Doc("When it begins.")]
    end: Annotated[Moment | None, Doc("When it ends.")] = None
    timezone: Annotated[Zone | None, Doc("The zone of its times.")] = None
    status: Annotated[
        Literal["confirmed", "tentative", "cancelled", "withdrawn"],
        Doc("Whether it takes place; withdrawn: it is no longer in the calendar."),
    ] = "confirmed"
    url: Annotated[Link | None, Doc("Its own page.")] = None
    where: Annotated[Line | None, Doc("Where people meet.")] = None
    summary: Annotated[Text | None, Doc("What it is about, plain text.")] = None

    @property
    def begins(self) -> datetime:
        """The instant of its start, UTC; a day without a zone begins at midnight in UTC."""
        return times.instant(self.start, self.timezone or "UTC")

    def is_over(self, clock: Clock) -> bool:
        """Whether it has ended; a day is over when it is in the site's zone."""
        if self.timezone is None:
            return clock.day_passed(times.day_of(self.end or self.start))
        return clock.passed(times.instant(self.end or self.start, self.timezone))


Imported = ImportedPost | ImportedEvent


@record
class Snapshot:
    """A source as it was when it last answered."""

    format: Annotated[Literal["1"], Doc("Of this file.")]
    url: Annotated[Link, Doc("The source's address, as the partner's file names it.")]
    title: Annotated[Line | None, Doc("What the source calls itself.")] = None
    etag: Annotated[Line | None, Doc("What the server calls this copy.")] = None
    modified: Annotated[Line | None, Doc("When the server says that it last changed.")] = None
    since: Annotated[Day | None, Doc("The first day of which a calendar was asked.")] = None
    posts: Annotated[tuple[ImportedPost, ...], Doc("The newest first.")] = ()
    events: Annotated[tuple[ImportedEvent, ...], Doc("The soonest first.")] = ()

    @property
    def items(self) -> tuple[Imported, ...]:
        """All that it holds."""
        return (*self.posts, *self.events)


def encoded(snapshot: Snapshot) -> bytes:
    """The snapshot as a file: canonical JSON, all values text, without what is not told."""
    return canonical_json.encoded(plain(snapshot))


def plain(value: Any) -> Any:
    """A record as JSON holds it."""
    if isinstance(value, tuple):
        return [plain(each) for each in cast("tuple[Any, ...]", value)]
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}" if value.tzinfo else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return value
    held = ((name, getattr(value, name)) for name in shapes(cast("type[Any]", type(value))))
    return {name: plain(each) for name, each in held if each not in (None, ())}


def read(path: str, data: bytes) -> tuple[Snapshot | None, list[Problem]]:
    """The snapshot that the file holds, or every fault that it has."""
    front, fault = _front(path, data)
    if fault or front is None:
        return None, [fault] if fault else []
    source = Source(path, front, yaml=data.decode(), yaml_line=1)
    found, problems = validation.validate(Snapshot, source)
    if found is None:
        return None, problems
    problems = list(_faults(found, source))
    return (None if problems else found), problems


def typed(front: dict[str, Any]) -> Snapshot | None:
    """The snapshot that these values make, or nothing where one of them is not as it must be."""
    source = Source("", front, given=({}, {}))
    found, problems = validation.validate(Snapshot, source)
    return found if found is not None and not problems else None


class _Wrong(ValueError):
    """JSON of another form than ours."""


def _front(path: str, data: bytes) -> tuple[dict[str, Any] | None, Problem | None]:
    if len(data) > MAX_BYTES:
        return None, _invalid(Place(path), f"it is larger than {MAX_BYTES // 1024} KB")
    try:
        front = json.loads(data.decode("utf-8"), object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        place = Place(path, error.lineno, error.colno)
        return None, _invalid(place, f"this is not JSON: {error.msg.lower()}")
    except UnicodeDecodeError:
        return None, _invalid(Place(path), "this is not UTF-8 text")
    except (ValueError, RecursionError):
        return None, _invalid(Place(path), "it nests too deep, or names something twice")
    if not isinstance(front, dict):
        return None, _invalid(Place(path), "it is no list of fields")
    return cast("dict[str, Any]", front), None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Wrong
    return found


def _faults(found: Snapshot, source: Source) -> Iterator[Problem]:
    for name, items, most in (
        ("posts", found.posts, MAX_POSTS),
        ("events", found.events, MAX_EVENTS),
    ):
        if len(items) > most:
            place = source.key((name,))
            yield _invalid(place, f"it holds {len(items)} {name}, and at most {most} are shown")
        yield from _twice(name, items, source)
    for number, event in enumerate(found.events):
        if fault := _time_fault(event):
            yield _invalid(source.place(("events", number, "start")), fault)


def _twice(name: str, items: Iterable[Imported], source: Source) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, item in enumerate(items):
        loc: Loc = (name, number, "id")
        if item.id in seen:
            yield _invalid(source.place(loc), f"two {name} have this key")
        seen.add(item.id)


def _time_fault(event: ImportedEvent) -> str:
    timed = isinstance(event.start, datetime)
    if timed != (event.timezone is not None):
        return "a time needs a zone, and a day has none"
    if event.end is None:
        return ""
    if isinstance(event.end, datetime) != timed:
        return "the start has a time and the end has none, or the other way round"
    return "it ends before it starts" if event.end < event.start else ""


def _invalid(place: Place, message: str) -> Problem:
    hint = "import the source again, or delete the file"
    return problem("import_invalid", place, message, hint)

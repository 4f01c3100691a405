"""What data files say of one entry: its fields, as text, numbers and references."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, NamedTuple, cast
from urllib.parse import quote
from zoneinfo import ZoneInfo

from townsquare import datasets, times
from townsquare.beside import address_beside
from townsquare.community import Community
from townsquare.field_guide import inner_record
from townsquare.fields import Reference
from townsquare.model import Dated, Entry, Permitted, Published
from townsquare.recurrence import Occurrence

Json = Any
WINDOW = 12
"""How many occurrences to come, and how many past ones, an event's page and data show."""


def item(community: Community, entry: Entry[Any]) -> dict[str, Json]:
    """Everything public of an entry."""
    found: dict[str, Json] = {
        "id": entry.id,
        "title": entry.title,
        "address": entry.address,
        "url": community.settings.absolute(quote(entry.address)),
        "summary": entry.fields.summary() or community.bodies[entry.path].summary_text,
        "fields": _Values(community, entry).record(entry.fields, top=True),
    }
    if isinstance(entry.fields, Published):
        found["published"] = community.published(entry).isoformat()
        found["updated"] = community.updated(entry).isoformat()
    if isinstance(entry.fields, Dated):
        found |= _dates(community, entry)
    return found


def _dates(community: Community, entry: Entry[Any]) -> dict[str, Json]:
    schedule = community.schedule(entry)
    past, coming = community.split(entry)
    shown = [*past[-WINDOW:], *coming[:WINDOW]]
    page = community.settings.absolute(quote(entry.address))
    # An event's page has a place for each date only where there are several.
    urls = {o.key: f"{page}#{o.anchor}" if len(shown) > 1 else page for o in shown}
    found: dict[str, Json] = {"occurrences": [_occurrence(o, urls[o.key]) for o in shown]}
    return found | ({"rule": schedule.rule.text(schedule.zone)} if schedule.rule else {})


def _occurrence(held: Occurrence, url: str) -> Json:
    note = held.details.status_note
    return {
        "id": held.key,
        "title": held.details.title,
        "start": _zoned(held.start, held.zone),
        "end": held.last_day.isoformat() if held.all_day else _zoned(held.end, held.zone),
        "timezone": held.zone,
        "status": held.details.status,
        "url": url,
    } | ({"status_note": note} if note else {})


def linked(entry: Entry[Any]) -> dict[str, Json]:
    """An entry as others name it."""
    return {
        "kind": entry.kind.name,
        "id": entry.id,
        "title": entry.title,
        "address": entry.address,
    }


def _zoned(local: date | datetime, zone: str) -> str:
    """RFC 3339, with the offset that holds in the zone then; a date stays a date."""
    if not isinstance(local, datetime):
        return local.isoformat()
    return times.instant(local, zone).astimezone(ZoneInfo(zone)).isoformat()


class _Column(NamedTuple):
    """How the values of a public field are written; `refers_to` is a kind, where it is an id."""

    name: str
    attribute: str
    is_list: bool
    is_map: bool
    refers_to: str
    is_record: bool
    is_file: bool


@cache
def _columns(cls: type[Any], *, top: bool) -> tuple[_Column, ...]:
    """The public fields of a record, looked at once for all its values."""
    return tuple(
        _Column(
            name,
            shape.attribute,
            shape.is_list,
            shape.is_map,
            reference.kind if (reference := shape.note(Reference)) else "",
            inner_record(shape) is not None,
            datasets.is_file(shape),
        )
        for name, shape in datasets.public(cls, top=top).items()
    )


class _Values:
    """Turns one entry's values into JSON: dates as text, references as titles and addresses."""

    def __init__(self, community: Community, entry: Entry[Any]) -> None:
        self._community = community
        self._entry = entry
        self._zone = getattr(entry.fields, "timezone", None) or community.settings.timezone

    def record(self, value: Any, *, top: bool = False) -> dict[str, Json]:
        """The public fields that say something."""
        known = _columns(cast("type[Any]", type(value)), top=top)
        made = ((each.name, self._field(each, getattr(value, each.attribute))) for each in known)
        return {name: held for name, held in made if held not in (None, [], {}, "")}

    def _field(self, column: _Column, value: Any) -> Json:
        if value is None:
            return None
        if column.is_list:
            return self._list(column, cast("Iterable[Any]", value))
        if column.is_map:
            pairs = sorted(cast("dict[str, Any]", value).items())
            return {key: self._one(column, each) for key, each in pairs}
        return self._one(column, value)

    def _list(self, column: _Column, values: Iterable[Any]) -> list[Json]:
        made = (self._one(column, each) for each in values)
        return [each for each in made if each not in (None, {})]

    def _one(self, column: _Column, value: Any) -> Json:
        if column.refers_to:
            return self._reference(column.refers_to, str(value))
        if isinstance(value, Permitted) and not value.permitted(self._community.clock):
            return None
        if column.is_record:
            return self.record(value)
        return self._file(str(value)) if column.is_file else self._scalar(value)

    def _scalar(self, value: Any) -> Json:
        match value:
            case datetime() | date():
                return _zoned(value, self._zone)
            case time():
                return value.isoformat("minutes")
            case timedelta():
                minutes = int(value.total_seconds()) // 60
                return f"PT{minutes // 60}H{minutes % 60}M"
            case times.Interval():
                return f"P{value.months}M" if value.months else f"P{value.days}D"
            case times.Period():
                return value.label
            case _:
                return value

    def _reference(self, kind: str, id: str) -> Json:
        """The entry that is named; of who has no page only the name, of what is hidden nothing."""
        library = self._community.library
        if kind == "tag":
            slug = library.tag(id)
            title = library.tags[slug].title if slug else ""
            return _named_tag(slug, title) if slug else None
        found = next((e for k in kind.split(" or ") if (e := library.find(k, id))), None)
        if found is not None and library.shown(found):
            return linked(found)
        return {"title": found.title} if found and found.kind.name == "person" else None

    def _file(self, src: str) -> str | None:
        """The whole address of a file beside the entry, where it is published."""
        address = address_beside(self._community.library, self._entry, src)
        return self._community.settings.absolute(quote(address)) if address else None


def _named_tag(slug: str, title: str) -> Json:
    return {"kind": "tag", "id": slug, "title": title, "address": f"tags/{slug}/"}

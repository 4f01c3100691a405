"""Everything public as data, from the kinds' own records: one file a kind, tags, and an index.

Canonical bytes: sorted keys, two blanks of indent, UTF-8. Nothing hidden stands in any of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, cast
from urllib.parse import quote
from zoneinfo import ZoneInfo

from townsquare import datasets, kinds, texts, times
from townsquare.beside import address_beside
from townsquare.community import Community
from townsquare.field_guide import inner_record
from townsquare.fields import Parsed, Reference, Shape
from townsquare.model import Dated, Entry, Published
from townsquare.recurrence import Occurrence

Json = Any
WINDOW = 12
"""How many occurrences to come, and how many past ones, an event's page and data show."""


def files(community: Community) -> dict[str, bytes]:
    """Every data file by address: `api/posts.json`."""
    shown = [e for e in community.library.entries if community.library.shown(e)]
    found = {
        datasets.name(kind): [_item(community, e) for e in shown if e.kind is kind]
        for kind in kinds.KINDS
    }
    found["tags"] = [_tag(community, slug) for slug in sorted(community.tagged)]
    found["index"] = [_file(community, name, items) for name, items in sorted(found.items())]
    return {f"api/{name}.json": _encoded(community, name, items) for name, items in found.items()}


def _encoded(community: Community, name: str, items: list[Json]) -> bytes:
    whole = {"schema": community.settings.absolute(f"schemas/api/{name}.json"), "items": items}
    return (json.dumps(whole, ensure_ascii=False, sort_keys=True, indent=2) + "\n").encode()


def _file(community: Community, name: str, items: list[Json]) -> Json:
    absolute = community.settings.absolute
    return {
        "name": name,
        "url": absolute(f"api/{name}.json"),
        "schema": absolute(f"schemas/api/{name}.json"),
        "count": len(items),
    }


def _tag(community: Community, slug: str) -> Json:
    tag, address = community.library.tags[slug], f"tags/{slug}/"
    return {
        "id": slug,
        "title": tag.title,
        "address": address,
        "url": community.settings.absolute(quote(address)),
        "summary": tag.description or "",
        "entries": [_linked(entry) for entry in community.tagged[slug]],
    }


def _item(community: Community, entry: Entry[Any]) -> Json:
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


def _linked(entry: Entry[Any]) -> Json:
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


class _Values:
    """Turns one entry's values into JSON: dates as text, references as titles and addresses."""

    def __init__(self, community: Community, entry: Entry[Any]) -> None:
        self._community = community
        self._entry = entry
        self._zone = getattr(entry.fields, "timezone", None) or community.settings.timezone

    def record(self, value: Any, *, top: bool = False) -> dict[str, Json]:
        """The public fields that say something."""
        known = datasets.public(cast("type[Any]", type(value)), top=top)
        made = {name: self._field(s, getattr(value, s.attribute)) for name, s in known.items()}
        return {name: held for name, held in made.items() if held not in (None, [], {}, "")}

    def _field(self, shape: Shape, value: Any) -> Json:
        if value is None:
            return None
        if shape.is_list:
            return self._list(shape, cast("Iterable[Any]", value))
        if shape.is_map:
            pairs = sorted(cast("dict[str, Any]", value).items())
            return {key: self._one(shape, each) for key, each in pairs}
        return self._one(shape, value)

    def _list(self, shape: Shape, values: Iterable[Any]) -> list[Json]:
        made = (self._one(shape, each) for each in values)
        return [each for each in made if each not in (None, {})]

    def _one(self, shape: Shape, value: Any) -> Json:
        if reference := shape.note(Reference):
            return self._reference(reference.kind, str(value))
        if inner_record(shape):
            return self.record(value)
        if (parsed := shape.note(Parsed)) and parsed.parse is texts.parse_file_path:
            return self._file(str(value))
        return self._scalar(value)

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
            return _linked(found)
        return {"title": found.title} if found and found.kind.name == "person" else None

    def _file(self, src: str) -> str | None:
        """The whole address of a file beside the entry, where it is published."""
        address = address_beside(self._community.library, self._entry, src)
        return self._community.settings.absolute(quote(address)) if address else None


def _named_tag(slug: str, title: str) -> Json:
    return {"kind": "tag", "id": slug, "title": title, "address": f"tags/{slug}/"}

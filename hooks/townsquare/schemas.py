"""JSON Schemas (2020-12) of each kind's front matter, for editors, and of each data file.

Editors read front matter as YAML 1.2, the build as text: a schema takes a value in both forms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from townsquare import datasets, kinds, report_schemas, source, texts, times
from townsquare.canonical_json import encoded
from townsquare.community import Community
from townsquare.field_guide import example, inner_record, meaning_of
from townsquare.fields import Doc, Parsed, Reference, Shape, shapes
from townsquare.makings import Making
from townsquare.model import Dated, Kind, Published
from townsquare.release import Release

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_WORD: Schema = {"type": ["string", "number", "boolean"]}

WRITTEN: dict[Callable[[str], Any], Schema] = {
    texts.parse_line: _WORD | {"maxLength": texts.MAX_LINE},
    texts.parse_text: _WORD | {"maxLength": texts.MAX_TEXT},
    texts.parse_slug: _WORD | {"pattern": r"^[^\s/\\#?%:]+$"},
    texts.parse_flag: {"enum": [True, False, *("yes", "no", "true", "false", "on", "off")]},
    texts.parse_count: {"type": ["integer", "string"], "minimum": 0, "pattern": "^[0-9]{1,9}$"},
    texts.parse_url: {"type": "string", "format": "uri", "pattern": "^https?://"},
    texts.parse_contact: {"type": "string", "format": "uri", "pattern": "^(https?://|mailto:)"},
    texts.parse_file_path: {"type": "string", "pattern": r"^(?!/)(?!.*://)[^\\]+$"},
    texts.parse_language: {"type": "string", "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"},
    times.parse_day: {"type": "string", "format": "date", "pattern": f"^{_DAY}$"},
    times.parse_moment: {"type": "string", "pattern": f"^{_DAY}([ T]+[0-9:]{{5,8}})?$"},
    times.parse_end: {"type": "string", "pattern": f"^({_DAY})?([ T]*[0-9:]{{5,8}})?$"},
    times.parse_duration: {"type": "string", "pattern": "^([0-9]+ ?[dhm] ?)+$"},
    times.parse_interval: {"type": "string", "pattern": "^[0-9]+ (day|week|month|year)s?$"},
    times.parse_period: {"type": ["string", "integer"], "pattern": "^[0-9]{4}"},
    times.parse_zone: {"type": "string", "pattern": "^([A-Za-z_]+/[A-Za-z0-9_/+-]+|UTC)$"},
}
"""How each parser's text may be written, in both readings of YAML; other parsers take any word."""

FORMS: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
    time: {"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}$"},
    timedelta: {"type": "string", "format": "duration"},
    times.Interval: {"type": "string", "format": "duration"},
    times.Period: {"type": "string", "pattern": "^[0-9]{4}"},
}
"""How data files write each type of value."""


def makings(_community: Community) -> Iterator[Making]:
    """Every schema, made of a release: `schemas/post.json`, `schemas/api/posts.json`."""
    for address in _made():
        yield Making(address, "schemas:schema", (address,))


def schema(release: Release, address: str) -> bytes:
    """The schema that stands at the address, and says so."""
    own = release.community.settings.absolute(address)
    return encoded({"$schema": DIALECT, "$id": own, **_made()[address]()})


def _made() -> dict[str, Callable[[], Schema]]:
    """What makes each schema, by its address."""
    made = {f"schemas/{kind.name}.json": partial(front_matter, kind) for kind in kinds.KINDS}
    made |= {f"schemas/api/{datasets.name(kind)}.json": partial(data, kind) for kind in kinds.KINDS}
    made |= report_schemas.made()
    return made | {"schemas/api/tags.json": tags_data, "schemas/api/index.json": index_data}


def front_matter(kind: Kind[Any]) -> Schema:
    """What an author may write between the two `---` lines of this kind."""
    parts: dict[str, Schema] = {}
    title = {"title": f"Front matter of a {kind.name}"}
    return title | _written_record(kind.fields, parts) | {"$defs": parts}


def data(kind: Kind[Any]) -> Schema:
    """The kind's data file."""
    parts = {"reference": _REFERENCE}
    fields = _object(datasets.public(kind.fields, top=True), parts, (), meaning_of(kind.fields))
    properties = {**_ITEM, "fields": fields, **_facets(kind)}
    item = _closed(properties, required=(*_ITEM, "fields"))
    return _file(f"All of kind {kind.name} that readers see", item, parts)


def tags_data() -> Schema:
    """The data file of tags."""
    parts = {"reference": _REFERENCE}
    properties = {
        **{name: _ITEM[name] for name in ("id", "title", "address", "url", "summary")},
        "entries": {"type": "array", "items": {"$ref": "#/$defs/reference"}},
    }
    item = _closed(properties, required=(*properties,))
    return _file("All tags and what carries them", item, parts)


def index_data() -> Schema:
    """The list of data files."""
    name, url = {"type": "string"}, {"type": "string", "format": "uri"}
    count = {"type": "integer", "minimum": 0}
    row = {"name": name, "url": url, "schema": url, "count": count}
    return _file("The data files of this site", _closed(row, required=(*row,)), {})


_ITEM: dict[str, Schema] = {
    "id": {"type": "string", "description": "Stable when the page moves."},
    "title": {"type": "string"},
    "address": {"type": "string", "description": "The page's path from the site's root."},
    "url": {"type": "string", "format": "uri", "description": "The page's whole address."},
    "summary": {"type": "string", "description": "Plain text."},
}
_REFERENCE: Schema = {
    "type": "object",
    "description": "Another entry; only a name where it has no page.",
    "properties": {
        "kind": {"type": "string"},
        **{name: _ITEM[name] for name in ("id", "title", "address")},
    },
    "required": ["title"],
    "additionalProperties": False,
}


def _facets(kind: Kind[Any]) -> dict[str, Schema]:
    """What a data file adds for kinds that are published or take place."""
    found: dict[str, Schema] = {}
    if issubclass(kind.fields, Published):
        found |= {"published": FORMS[datetime], "updated": FORMS[datetime]}
    if issubclass(kind.fields, Dated):
        moment: Schema = {"anyOf": [FORMS[datetime], FORMS[date]]}
        text = FORMS[str]
        properties: dict[str, Schema] = {
            "id": text | {"description": "The date that the rule gives, or the session's name."},
            "title": text,
            "start": moment,
            "end": moment | {"description": "A date is the last day, inclusive."},
            "timezone": text,
            "status": text,
            "status_note": text,
            "url": _ITEM["url"],
        }
        required = ("id", "title", "start", "end", "timezone", "status", "url")
        found["occurrences"] = {"type": "array", "items": _closed(properties, required=required)}
        found["rule"] = text | {"description": "RFC 5545 §3.3.10, for local time."}
    return found


def _file(title: str, item: Schema, parts: dict[str, Schema]) -> Schema:
    properties: dict[str, Schema] = {
        "schema": {"type": "string", "format": "uri"},
        "items": {"type": "array", "items": item},
    }
    whole = {"title": title, **_closed(properties, required=(*properties,))}
    return whole | ({"$defs": parts} if parts else {})


def _closed(properties: dict[str, Schema], *, required: tuple[str, ...]) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _object(
    known: dict[str, Shape], parts: dict[str, Schema], required: tuple[str, ...], meaning: str
) -> Schema:
    properties = {name: _described(shape, _form(shape, parts)) for name, shape in known.items()}
    return {"description": meaning, **_closed(properties, required=required)}


def _form(shape: Shape, parts: dict[str, Schema]) -> Schema:
    """How a data file writes the field."""
    one = _form_of_one(shape, parts)
    if shape.is_list:
        return {"type": "array", "items": one}
    return {"type": "object", "additionalProperties": one} if shape.is_map else one


def _form_of_one(shape: Shape, parts: dict[str, Schema]) -> Schema:
    if shape.note(Reference):
        return {"$ref": "#/$defs/reference"}
    if shape.choices:
        return {"enum": list(shape.choices)}
    if inner := inner_record(shape):
        parts[inner.__name__] = _object(datasets.public(inner), parts, (), meaning_of(inner))
        return {"$ref": f"#/$defs/{inner.__name__}"}
    if datasets.is_file(shape):
        return {"type": "string", "format": "uri"}
    forms = [FORMS[each] for each in datasets.types_of(shape)]
    return forms[0] if len(forms) == 1 else {"anyOf": forms}


def _written_record(cls: type[Any], parts: dict[str, Schema]) -> Schema:
    known = shapes(cls)
    return {
        "description": meaning_of(cls),
        "type": "object",
        "properties": {name: _written_field(shape, parts) for name, shape in known.items()},
        "required": [name for name, shape in known.items() if shape.required],
        "additionalProperties": False,
    }


def _written_field(shape: Shape, parts: dict[str, Schema]) -> Schema:
    """The field as authors write it: lists of one without brackets, and empty is absent."""
    one = _written_one(shape, parts)
    forms = [one]
    if shape.is_map:
        forms = [{"type": "object", "additionalProperties": one}]
    elif shape.is_list:
        inner = inner_record(shape)
        alone = inner is None or hasattr(inner, "__shorthand__")
        forms = [{"type": "array", "items": one}, *([one] if alone else [])]
    if not shape.required:
        forms.append({"type": "null"})
    made = forms[0] if len(forms) == 1 else {"anyOf": forms}
    told, _ = source.parse_yaml("", f"example: {example(shape)}")
    examples = {"examples": [told.front["example"]]} if told else {}
    return _described(shape, made) | examples


def _written_one(shape: Shape, parts: dict[str, Schema]) -> Schema:
    if shape.choices:
        return {"enum": list(shape.choices)}
    if inner := inner_record(shape):
        parts[inner.__name__] = _written_record(inner, parts)
        whole: Schema = {"$ref": f"#/$defs/{inner.__name__}"}
        short = getattr(inner, "__shorthand__", None)
        return {"anyOf": [_written_one(shapes(inner)[short], parts), whole]} if short else whole
    parsed = shape.note(Parsed)
    return dict(WRITTEN.get(parsed.parse, _WORD) if parsed else _WORD)


def _described(shape: Shape, schema: Schema) -> Schema:
    doc = shape.note(Doc)
    return {"title": shape.name, "description": doc.text, **schema} if doc else schema

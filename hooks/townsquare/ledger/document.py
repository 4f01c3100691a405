"""`ledger.json`: the ledger as it is published, and read back without trust.

Format 1 is one JSON object with the members `format`, `authority`, `first_sequence`, `preview`,
`entries`, `components` and `machines`, the last three with one record a line, so that a person's
record can be found and a change seen. A member with its default is left out of a record. Records
and members are sorted: equal ledgers are equal bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, fields
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from typing import Any, TypeVar, cast

from townsquare.ledger import members
from townsquare.ledger.members import DamageError
from townsquare.ledger.records import (
    ComponentKey,
    KnownComponent,
    KnownEntry,
    Ledger,
    Revision,
)
from townsquare.problems import SetupError

FORMAT = "townsquare-ledger/1"
FILE = "ledger.json"
MAX_BYTES = 64 * 1024 * 1024

R = TypeVar("R")
Read = Callable[[Any], Any]

# Made once: `dumps` would make an encoder for every record.
_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def encode(ledger: Ledger) -> bytes:
    """The ledger's one form in bytes, UTF-8.

    What no later build could read back is our own bug and raises `ValueError`.
    """
    _readable(ledger)
    return joined(
        ledger,
        entries=[entry_line(k, e) for k, e in sorted(ledger.entries.items())],
        components=[component_line(k, c) for k, c in sorted(ledger.components.items())],
        machines=machine_lines(ledger.machines),
    )


def joined(
    head: Ledger, *, entries: list[str], components: list[str], machines: list[str]
) -> bytes:
    """The document with these records, each one or more lines, and of `head` all else."""
    said = {
        "format": FORMAT,
        "authority": head.authority,
        "first_sequence": head.first_sequence,
        "preview": head.preview,
    }
    records = {"entries": entries, "components": components, "machines": machines}
    parts = [f'"{name}": {_json(value)}' for name, value in said.items()]
    parts += [f'"{name}": [{_lines(each)}]' for name, each in records.items()]
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


def lines(records: Iterable[str]) -> str:
    """Records, each a line."""
    return ",\n".join(records)


def entry_line(key: str, known: KnownEntry) -> str:
    """An entry's record."""
    return _json({"key": key, **_plain(known)})


def component_line(key: ComponentKey, known: KnownComponent) -> str:
    """A component's record."""
    return _json(_component(key, known))


def machine_lines(machines: Mapping[str, str]) -> list[str]:
    """The records of feeds and calendars."""
    return [_json({"address": a, "title": t}) for a, t in sorted(machines.items())]


def decode(content: bytes, *, where: str) -> Ledger:
    """The ledger that these bytes hold; `SetupError` names `where` if they are damaged."""
    try:
        whole = _fields(_parsed(content), _DOCUMENT, set(_DOCUMENT))
        return Ledger(
            authority=whole["authority"],
            first_sequence=whole["first_sequence"],
            preview=whole["preview"],
            entries=_table(whole["entries"], "key", _entry),
            components=_table(whole["components"], "id", _known_component),
            machines=_table(whole["machines"], "address", _machine),
        )
    except DamageError as damage:
        message = f"the ledger at {where} is damaged: {damage}"
        raise SetupError(f"{message}; restore it, or go on with `--previous lost`") from None


def fingerprint(content: bytes) -> str:
    """The SHA-256 of a published ledger, by which `build.json` names it."""
    return sha256(content).hexdigest()


def _readable(ledger: Ledger) -> None:
    for known in ledger.entries.values():
        members.addresses([known.address, *known.former, *known.calendars])
    for component in ledger.components.values():
        members.content_lines(component.tombstone.decode())
    members.addresses(list(ledger.machines))


def _lines(records: list[str]) -> str:
    return f"\n{lines(records)}\n" if records else ""


def _plain(record: Any) -> dict[str, object]:
    """A record's members that differ from their defaults, in JSON's own types."""
    held = (
        (name, getattr(record, name), usual)
        for name, usual in _usual(cast("type[Any]", type(record)))
    )
    return {name: _member(value) for name, value, usual in held if value != usual}


@cache
def _usual(record: type[Any]) -> tuple[tuple[str, Any], ...]:
    """The members of a record with their defaults."""
    return tuple((f.name, f.default) for f in fields(record))


def _member(value: object) -> object:
    if isinstance(value, datetime):
        return _stamp_text(value)
    if isinstance(value, bytes):
        return value.decode()
    return list(cast("tuple[object, ...]", value)) if isinstance(value, tuple) else value


def _stamp_text(stamp: datetime) -> str:
    # strftime pads years below 1000 differently on each platform; isoformat does not.
    return stamp.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def _component(key: ComponentKey, known: KnownComponent) -> dict[str, object]:
    said = _plain(known)
    del said["revision"]
    own = {"uid": key[0], **({"recurrence_id": key[1]} if key[1] else {})}
    return own | _plain(known.revision) | said


def _parsed(content: bytes) -> Any:
    if len(content) > MAX_BYTES:
        raise DamageError(f"it is larger than {MAX_BYTES} bytes")
    try:
        return json.loads(content.decode(), object_pairs_hook=_once, parse_constant=_refused)
    except (ValueError, RecursionError) as error:
        raise DamageError(f"it is not JSON ({error})") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) != len(pairs):
        raise DamageError("a member stands twice")
    return record


def _refused(constant: str) -> Any:
    raise DamageError(f"`{constant}` is not JSON")


def _fields(value: Any, readers: Mapping[str, Read], required: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise DamageError("a record is not an object")
    record = cast("dict[str, Any]", value)
    if wrong := sorted((record.keys() - readers.keys()) | (required - record.keys())):
        raise DamageError(f"the member `{wrong[0]}` is missing or unknown")
    return {name: _read(name, readers[name], record[name]) for name in record}


def _read(name: str, read: Read, value: Any) -> Any:
    try:
        return read(value)
    except DamageError as damage:
        raise DamageError(f"{name}: {damage}") from None


def _table(records: list[Any], name: str, read: Callable[[Any], tuple[Any, R]]) -> dict[Any, R]:
    found: dict[Any, R] = {}
    for record in records:
        key, value = read(record)
        if key in found:
            raise DamageError(f"the {name} {key!r} stands twice")
        found[key] = value
    return found


def _entry(value: Any) -> tuple[str, KnownEntry]:
    read = _fields(value, _ENTRY, {"key", *_required(KnownEntry)})
    return read.pop("key"), KnownEntry(**read)


def _known_component(value: Any) -> tuple[ComponentKey, KnownComponent]:
    needed = {"uid", *_required(Revision), *_required(KnownComponent)} - {"revision"}
    read = _fields(value, _COMPONENT, needed)
    key = read.pop("uid"), read.pop("recurrence_id", "")
    revision = Revision(*(read.pop(f.name) for f in fields(Revision)))
    return key, KnownComponent(revision=revision, **read)


def _machine(value: Any) -> tuple[str, str]:
    read = _fields(value, _MACHINE, set(_MACHINE))
    return read["address"], read["title"]


def _required(record: type[Any]) -> set[str]:
    return {f.name for f in fields(record) if f.default is MISSING}


def _known_format(value: Any) -> str:
    if value != FORMAT:
        raise DamageError(f"this version of Townsquare reads {FORMAT}, not {value!r}")
    return FORMAT


_DOCUMENT: dict[str, Read] = {
    "format": _known_format,
    "authority": members.text,
    "first_sequence": members.count,
    "preview": members.flag,
    "entries": members.a_list,
    "components": members.a_list,
    "machines": members.a_list,
}
_ENTRY: dict[str, Read] = {
    "key": members.text,
    "address": members.address,
    "former": members.addresses,
    "title": members.text,
    "start": members.text,
    "digest": members.text,
    "calendars": members.addresses,
    "gone": members.stamp,
    "hidden": members.flag,
}
_COMPONENT: dict[str, Read] = {
    "uid": members.text,
    "recurrence_id": members.text,
    "sequence": members.count,
    "created": members.stamp,
    "modified": members.stamp,
    "entry": members.text,
    "raised": members.stamp,
    "lines": members.text,
    "significant": members.text,
    "title": members.text,
    "ends": members.stamp,
    "tombstone": members.content_lines,
    "gone": members.stamp,
}
_MACHINE: dict[str, Read] = {"address": members.address, "title": members.text}

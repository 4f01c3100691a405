"""What the ledger is told, what it remembers and what it answers.

Stamps are UTC in whole seconds. An entry is named by its key (`event:may-call`), a component by
its UID and RECURRENCE-ID, of which the latter is empty for a master. Addresses begin without a
slash.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from townsquare.values import named, value

ComponentKey = tuple[str, str]
"""UID and RECURRENCE-ID: what calendar clients tell components apart by (RFC 5545 §3.8.4.4)."""


@value
class Component:
    """One VEVENT as a calendar would publish it, without what the ledger decides.

    `lines` are its content lines without SEQUENCE, DTSTAMP, CREATED and LAST-MODIFIED;
    `significant` the canonical bytes of DTSTART, DTEND, RRULE, RDATE, EXDATE, STATUS, LOCATION,
    GEO and CONFERENCE. `ends` is the end of the last occurrence, none for a series without end.
    `tombstone` holds the lines that stand for it once it is deleted, STATUS:CANCELLED among them.
    """

    uid: str
    recurrence_id: str
    lines: bytes
    significant: bytes
    entry_key: str
    title: str
    ends: datetime | None
    tombstone: bytes

    @property
    def key(self) -> ComponentKey:
        """What clients tell it apart by."""
        return self.uid, self.recurrence_id


@value
class Revision:
    """A component's SEQUENCE, CREATED and LAST-MODIFIED (RFC 5545 §3.8.7); DTSTAMP is the last."""

    sequence: int
    created: datetime
    modified: datetime


@value
class ShownEntry:
    """An entry that readers see now. `calendars` are the addresses of the calendars that carry it.

    `start` and `digest` recognise it after a rename: its date as typed, and its content without
    `id` and `aliases`.
    """

    key: str
    address: str
    title: str
    start: str
    digest: str
    aliases: tuple[str, ...] = ()
    calendars: tuple[str, ...] = ()


@named
class KnownEntry:
    """What is remembered of an entry that was once shown.

    `former` are all other addresses that ever led to it. `gone` is when it was deleted or hidden;
    `hidden` that its file was there all the time since. What only a shown entry needs is dropped
    with it, and the title when its tombstone ends.
    """

    address: str
    former: tuple[str, ...] = ()
    title: str = ""
    start: str = ""
    digest: str = ""
    calendars: tuple[str, ...] = ()
    gone: datetime | None = None
    hidden: bool = False

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address that ever led to it."""
        return self.address, *self.former


@named
class KnownComponent:
    """What is remembered of a component that was once published.

    `raised` is when SEQUENCE last rose. `lines` and `significant` are digests. An empty
    `tombstone` says that readers are no longer told of its end.
    """

    entry: str
    revision: Revision
    raised: datetime
    lines: str = ""
    significant: str = ""
    title: str = ""
    ends: datetime | None = None
    tombstone: bytes = b""
    gone: datetime | None = None


@named
class Ledger:
    """The published site's memory. `machines` are feeds and calendars: address and title.

    `first_sequence` is where unknown components begin: zero, unless a ledger was once lost.
    """

    authority: str
    first_sequence: int = 0
    preview: bool = False
    entries: Mapping[str, KnownEntry] = field(default_factory=dict[str, KnownEntry])
    components: Mapping[ComponentKey, KnownComponent] = field(
        default_factory=dict[ComponentKey, KnownComponent]
    )
    machines: Mapping[str, str] = field(default_factory=dict[str, str])


class Beginning(StrEnum):
    """What a build without a previous ledger is."""

    LOCAL = "local"
    FIRST = "first"
    LOST = "lost"


@value
class Previous:
    """What a build grows from. `digest` is the SHA-256 of the live ledger's bytes, if any."""

    ledger: Ledger | None = None
    digest: str = ""
    beginning: Beginning = Beginning.LOCAL


class Removed(NamedTuple):
    """An address whose entry is gone. No title where the entry is hidden or long gone."""

    address: str
    title: str


@value
class Outcome:
    """What a build publishes because of the ledger, and the ledger that it publishes.

    `revisions` hold every component that calendars carry, `tombstones` included. `announced` says
    of each shown entry with components when it first was, and when SEQUENCE last rose in any of
    them. `kept` are by UID the RECURRENCE-IDs that components must have because readers hold them.
    `calendars` tells by entry key where tombstones stand. `redirects` lead from an old
    address to the entry's. `emptied` are feeds and calendars with nothing left in them, by
    address, with their titles.
    """

    ledger: Ledger
    revisions: Mapping[ComponentKey, Revision]
    announced: Mapping[str, Revision]
    tombstones: Mapping[ComponentKey, Component]
    calendars: Mapping[str, tuple[str, ...]]
    removed: tuple[Removed, ...]
    redirects: Mapping[str, str]
    emptied: Mapping[str, str]
    kept: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

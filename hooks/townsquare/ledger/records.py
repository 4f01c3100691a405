"""What the ledger is told, what it remembers and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Component:
    """One VEVENT as a calendar would publish it, without what the ledger decides.

    `recurrence_id` is empty for a master. `lines` are its content lines without SEQUENCE, DTSTAMP,
    CREATED and LAST-MODIFIED; `significant` the canonical bytes of DTSTART, DTEND, RRULE, RDATE,
    EXDATE, STATUS, LOCATION, GEO and CONFERENCE. `ends` is the end of the last occurrence in UTC,
    none for a series without end. `tombstone` holds the lines that stay when it is deleted.
    """

    uid: str
    recurrence_id: str
    lines: bytes
    significant: bytes
    entry_key: str
    title: str
    ends: datetime | None
    tombstone: bytes


@dataclass(frozen=True, slots=True)
class Revision:
    """The revision properties of a component; stamps are UTC, in whole seconds.

    RFC 5545 §3.8.7: SEQUENCE, CREATED, and LAST-MODIFIED, which DTSTAMP equals.
    """

    sequence: int
    created: datetime
    modified: datetime

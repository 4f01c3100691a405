"""The main feeds and the calendar of all events, read back by libraries that did not write them.

A fault here is ours, not an author's: the build ends, and readers keep the site that they have.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate

from townsquare import catalogue

READ_BACK = (catalogue.ALL, "rss.xml", "atom.xml")


def check(files: Mapping[str, bytes]) -> None:
    """The calendar has every event that it says it has, and the feeds are well-formed.

    Raises RuntimeError for what subscribers could not read.
    """
    for address in READ_BACK:
        check_one(address, files[address])


def check_one(address: str, content: bytes) -> None:
    """The same of one of these files."""
    if address == catalogue.ALL:
        calendar(address, content)
    else:
        xml(address, content)


def calendar(address: str, content: bytes) -> None:
    """A calendar reads back whole: icalendar finds each event that was written, and no fault."""
    from icalendar import Calendar

    try:
        read: Any = Calendar.from_ical(content)
    except ValueError as error:
        raise RuntimeError(f"{address} cannot be read back: {error}") from error
    events = list(read.walk("VEVENT"))
    faults = [fault for event in (read, *events) for fault in event.errors]
    written = content.count(b"\nBEGIN:VEVENT\r\n")
    if faults or len(events) != written:
        raise RuntimeError(f"{address} reads back {len(events)} of {written}: {faults[:3]}")


def xml(address: str, content: bytes) -> None:
    """A feed or any other XML is well-formed to expat."""
    try:
        ParserCreate().ParseFile(BytesIO(content))
    except ExpatError as error:
        raise RuntimeError(f"{address} is not well-formed: {error}") from error

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
        _calendar(content)
    else:
        _feed(address, content)


def _calendar(content: bytes) -> None:
    from icalendar import Calendar

    try:
        read: Any = Calendar.from_ical(content)
    except ValueError as error:
        raise RuntimeError(f"{catalogue.ALL} cannot be read back: {error}") from error
    events = list(read.walk("VEVENT"))
    faults = [fault for event in (read, *events) for fault in event.errors]
    written = content.count(b"\nBEGIN:VEVENT\r\n")
    if faults or len(events) != written:
        raise RuntimeError(f"{catalogue.ALL} reads back {len(events)} of {written}: {faults[:3]}")


def _feed(address: str, content: bytes) -> None:
    try:
        ParserCreate().ParseFile(BytesIO(content))
    except ExpatError as error:
        raise RuntimeError(f"{address} is not well-formed: {error}") from error

"""Content lines of iCalendar (RFC 5545 §3.1): escaped, folded, each ended by CRLF.

Written here, and read by icalendar and ical.js in the tests: icalendar 7.3 leaves NAME and X-
properties unescaped, takes a backslash before an N for a newline, drops a U+FEFF at a value's
start, and folds character by character.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from urllib.parse import quote

WIDTH = 75
UTC_ZONES = ("UTC", "Etc/UTC")
# RFC 5545 allows no control but the tab; the others are what XML and JSON refuse elsewhere.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


class Line(NamedTuple):
    """A property's name, and its whole line, folded and ended."""

    name: str
    octets: bytes


def text(name: str, value: str) -> Line:
    """A property whose value is TEXT."""
    return _line(name, escaped(value))


def texts(name: str, values: Iterable[str]) -> Line:
    """A property whose value is a list of TEXT."""
    return _line(name, ",".join(map(escaped, values)))


def raw(name: str, value: str, **parameters: str) -> Line:
    """A property whose value is not TEXT: a date, a rule, a number."""
    head = "".join(f";{parameter}={given}" for parameter, given in parameters.items())
    return _line(f"{name}{head}", writable(value).replace("\n", ""))


def link(name: str, address: str, **parameters: str) -> Line:
    """A property whose value is a URI."""
    return raw(name, ascii_address(address), **parameters)


def moment(name: str, value: date | datetime, zone: str) -> Line:
    """A DATE, a DATE-TIME in its zone, or one in UTC, which needs no VTIMEZONE."""
    if not isinstance(value, datetime):
        return raw(name, compact(value), VALUE="DATE")
    if zone in UTC_ZONES:
        return raw(name, f"{compact(value)}Z")
    return raw(name, compact(value), TZID=zone)


def stamp(name: str, instant: datetime) -> Line:
    """A DATE-TIME in UTC."""
    return raw(name, f"{compact(instant.astimezone(UTC))}Z")


def duration(name: str, length: timedelta) -> Line:
    """A DURATION (§3.3.6) in whole seconds, at least one."""
    minutes, seconds = divmod(length.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days = f"{length.days}D" if length.days else ""
    parts = ((hours, "H"), (minutes, "M"), (seconds, "S"))
    clock = "".join(f"{number}{unit}" for number, unit in parts if number)
    return raw(name, f"P{days}T{clock}" if clock else f"P{days}")


def compact(value: date | datetime) -> str:
    """`20260521` or `20260521T180000`."""
    return f"{value:%Y%m%dT%H%M%S}" if isinstance(value, datetime) else f"{value:%Y%m%d}"


def ascii_address(address: str) -> str:
    """The address as a URI: what is not ASCII is percent-encoded."""
    text = writable(address)
    return text if text.isascii() else "".join(c if c.isascii() else quote(c) for c in text)


def escaped(value: str) -> str:
    """A TEXT value (§3.3.11)."""
    for character in "\\;,":
        value = value.replace(character, f"\\{character}")
    return writable(value).replace("\n", "\\n")


def writable(value: str) -> str:
    """The text with Unix line ends and without what no calendar file may hold."""
    return _UNWRITABLE.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))


def fold(line: bytes) -> bytes:
    """Break a content line every 75 octets, never inside a character.

    RFC 5545 §3.1. Octets, not characters; the CRLF is not counted.
    """
    if len(line) <= WIDTH:
        return line
    parts: list[bytes] = []
    width = WIDTH
    while len(line) > width:
        cut = width
        while line[cut] & 0xC0 == 0x80:
            cut -= 1
        parts.append(line[:cut])
        line = line[cut:]
        width = WIDTH - 1
    return b"\r\n ".join([*parts, line])


def joined(lines: Iterable[Line]) -> bytes:
    """The lines, one after the other."""
    return b"".join(line.octets for line in lines)


def _line(head: str, value: str) -> Line:
    name = head.partition(";")[0]
    return Line(name, fold(f"{head}:{value}".encode()) + b"\r\n")

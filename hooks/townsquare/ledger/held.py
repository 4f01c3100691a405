"""The dates that were already held, read from what the ledger keeps of a component."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice, takewhile
from typing import cast
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rruleset, rrulestr

from townsquare.patterns import pattern

MAX_DATES = 5000
_PROPERTY = pattern(r"(?P<name>[A-Z-]+)(?P<parameters>;[^:]*)?:(?P<value>.*)")
_ZONE = pattern(r";TZID=\"?(?P<zone>[^;\"]+)")
_FINER_THAN_A_DAY = pattern("FREQ=(SECONDLY|MINUTELY|HOURLY)|BY(HOUR|MINUTE|SECOND)=")


def held_dates(lines: bytes, now: datetime) -> frozenset[datetime]:
    """The starts, in their own zone, of at most the first 5,000 occurrences that have begun.

    `lines` are content lines (RFC 5545 §3.1) with DTSTART, RRULE, RDATE and EXDATE; a date
    without a time begins at midnight UTC. What cannot be reckoned has no dates.
    """
    try:
        return frozenset(_starts(_properties(lines), now))
    except (ValueError, KeyError, OverflowError, OSError):
        return frozenset()


def _properties(lines: bytes) -> list[re.Match[str]]:
    unfolded = re.sub("\r\n[ \t]", "", lines.decode())
    return [found for line in unfolded.split("\r\n") if (found := _PROPERTY.match(line))]


def _starts(properties: list[re.Match[str]], now: datetime) -> Iterator[datetime]:
    start = next((p for p in properties if p["name"] == "DTSTART"), None)
    if start is None:
        return iter(())
    zone = _zone(start)
    first = _local(start["value"], zone)
    dates = rruleset()
    dates.rdate(first)
    for each in properties:
        if each["name"] == "RRULE" and not _FINER_THAN_A_DAY.search(each["value"]):
            dates.rrule(_rule(each["value"], first, zone))
        for value in each["value"].split(",") if each["name"] in ("RDATE", "EXDATE") else ():
            getattr(dates, each["name"].lower())(_local(value, _zone(each)))
    until = now.astimezone(zone).replace(tzinfo=None)
    began = takewhile(lambda date: date <= until, islice(dates, MAX_DATES))
    return (date.replace(tzinfo=zone) for date in began)


def _zone(line: re.Match[str]) -> ZoneInfo:
    named = _ZONE.search(line["parameters"] or "")
    return ZoneInfo(named["zone"] if named else "UTC")


def _local(value: str, zone: ZoneInfo) -> datetime:
    """A DATE or DATE-TIME as the zone's clocks show it."""
    form = "%Y%m%dT%H%M%S" if "T" in value else "%Y%m%d"
    read = datetime.strptime(value.removesuffix("Z"), form)  # noqa: DTZ007 — local by intent
    if value.endswith("Z"):
        read = read.replace(tzinfo=UTC).astimezone(zone)
    return read.replace(tzinfo=None)


def _rule(rule: str, first: datetime, zone: ZoneInfo) -> rrule:
    """The rule with its UNTIL on local clocks: dateutil refuses UTC beside a local start."""
    local = re.sub("(?<=UNTIL=)[0-9TZ]+", lambda u: f"{_local(u[0], zone):%Y%m%dT%H%M%S}", rule)
    return cast("rrule", rrulestr(local, dtstart=first))

"""VTIMEZONE texts, judged by dateutil's and ical.js's readers against zoneinfo, zone by zone."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil import tz
from event_files import whole

from judges import ical_js
from townsquare import times, zones
from townsquare.ledger import Component

ODD = (
    "Africa/Cairo", "Africa/Casablanca", "America/Havana", "America/Nuuk", "America/Santiago",
    "America/Scoresbysund", "America/Vancouver", "Asia/Gaza", "Asia/Jerusalem",
)  # fmt: skip
COMMON = (
    "America/New_York", "America/Sao_Paulo", "Asia/Kathmandu", "Asia/Tokyo", "Australia/Lord_Howe",
    "Europe/Berlin", "Europe/Dublin", "Europe/Istanbul", "Pacific/Apia", "Pacific/Auckland", "UTC",
)  # fmt: skip


def judged_zones(full: bool) -> list[str]:
    return sorted(times.zone_keys()) if full else sorted((*ODD, *COMMON))


def moments(zone: str, first_year: int) -> Iterator[datetime]:
    """Local times that exist once: noons of months' firsts, and both sides of each change."""
    for year in range(first_year, 2035):
        yield from (datetime(year, month, 1, 12) for month in range(1, 13))
    for change in zones.transitions(zone, first_year):
        if change.local.year < 2035:
            near = (change.local + timedelta(minutes=15 * n) for n in range(-13, 14, 2))
            yield from (m for m in near if times.fit(m, zone) == "exists" and m.year >= first_year)


def read_by_dateutil(text: bytes) -> tz.tzfile:
    return tz.tzical(io.StringIO(text.decode())).get()


@pytest.mark.parametrize("first_year", [2014, 2020, 2026])
def test_a_vtimezone_has_the_offsets_of_zoneinfo(full: bool, first_year: int):
    wrong = []
    for zone in judged_zones(full):
        read = read_by_dateutil(zones.vtimezone(zone, first_year))
        place = ZoneInfo(zone)
        for local in moments(zone, first_year):
            told, right = (local.replace(tzinfo=z).utcoffset() for z in (read, place))
            if told != right:
                wrong.append((zone, local, told, right))
    assert not wrong


@pytest.mark.parametrize("first_year", [2020, 2026])
def test_ical_js_reads_the_offsets_of_zoneinfo_from_a_vtimezone(full: bool, first_year: int):
    zoned = [zone for zone in judged_zones(full) if zone not in ("UTC", "Etc/UTC")]
    held = {zone: sorted(set(moments(zone, first_year))) for zone in zoned}
    files = {zone: whole([_event(zone, local) for local in held[zone]]) for zone in zoned}
    start, end = datetime(first_year - 1, 12, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
    wrong = []
    for zone, told in ical_js.expand_all(files, start, end).items():
        right = [times.instant(local, zone) for local in held[zone]]
        read = [datetime.fromisoformat(str(o["start"])) for o in told]
        wrong += [(zone, a, b) for a, b in zip(read, right, strict=True) if a != b]
    assert not wrong


def _event(zone: str, local: datetime) -> Component:
    time = f"{local:%Y%m%dT%H%M%S}"
    lines = (
        f"UID:{time}\r\nDTSTART;TZID={zone}:{time}\r\nDTEND;TZID={zone}:{time}\r\nSUMMARY:x\r\n"
    ).encode()
    return Component(time, "", lines, b"", "event:x", "x", None, b"")


def test_a_zone_with_one_yearly_rule_has_one_standard_and_one_daylight_with_rules():
    assert zones.vtimezone("Europe/Berlin", 2026).decode().split("\r\n") == [
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Berlin",
        "BEGIN:DAYLIGHT",
        "DTSTART:20250330T020000",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "TZNAME:CEST",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:20251026T030000",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "TZNAME:CET",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        "END:STANDARD",
        "END:VTIMEZONE",
        "",
    ]


def test_a_zone_without_daylight_saving_has_one_standard():
    assert zones.vtimezone("Asia/Kathmandu", 2026).decode().split("\r\n")[2:-2] == [
        "BEGIN:STANDARD",
        "DTSTART:20250101T000000",
        "TZOFFSETFROM:+0545",
        "TZOFFSETTO:+0545",
        "TZNAME:+0545",
        "END:STANDARD",
    ]


def test_a_zone_whose_rule_no_rrule_can_say_lists_every_change_on_a_line_of_its_own():
    text = zones.vtimezone("Africa/Cairo", 2026).decode()
    assert "RRULE" not in text
    assert text.count("BEGIN:STANDARD") == text.count("BEGIN:DAYLIGHT") == 1
    dates = [line for line in text.split("\r\n") if line.startswith("RDATE")]
    assert len(dates) == 13 + 12
    assert all(len(line) == len("RDATE:20260424T000000") for line in dates)


def test_beside_rdates_the_first_change_is_listed_too_for_ical_js_forgets_dtstart():
    lines = zones.vtimezone("Africa/Cairo", 2026).decode().split("\r\n")
    for at, line in enumerate(lines):
        if line.startswith("DTSTART:"):
            assert lines[at + 4] == line.replace("DTSTART", "RDATE")


def test_ireland_has_one_standard_and_one_daylight_though_its_law_calls_winter_the_exception():
    text = zones.vtimezone("Europe/Dublin", 2026)
    assert text.count(b"BEGIN:STANDARD") == text.count(b"BEGIN:DAYLIGHT") == 1
    assert b"BEGIN:DAYLIGHT\r\nDTSTART:20250330T010000" in text


@pytest.mark.full
def test_nearly_every_zone_is_two_blocks_or_one_from_this_year_on():
    """The pinned tzdata's count, from the year of the sample: a change of it deserves a look."""
    more = [
        zone
        for zone in times.zone_keys()
        if zones.vtimezone(zone, 2026).count(b"BEGIN:STANDARD") > 1
        or zones.vtimezone(zone, 2026).count(b"BEGIN:DAYLIGHT") > 1
    ]
    listed = [zone for zone in times.zone_keys() if b"RDATE" in zones.vtimezone(zone, 2026)]
    assert (len(more), len(listed)) == (10, 13)


def test_an_earlier_first_year_adds_what_was_different_then():
    assert zones.vtimezone("America/New_York", 2006).count(b"BEGIN:DAYLIGHT") == 2
    assert zones.vtimezone("America/New_York", 2009).count(b"BEGIN:DAYLIGHT") == 1


def test_lines_end_with_crlf_and_need_no_folding():
    for zone in (*ODD, *COMMON, "America/Argentina/ComodRivadavia"):
        lines = zones.vtimezone(zone, 2020).split(b"\r\n")
        assert lines.pop() == b""
        assert all(len(line) <= 75 and b"\n" not in line for line in lines)

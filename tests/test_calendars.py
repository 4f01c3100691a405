"""Calendar files: what stands in them, byte for byte, and the library's traps that they avoid."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from event_files import SETTINGS, calendar, components, entry, whole
from hypothesis import example, given, settings
from hypothesis import strategies as st

from judges import ical_js, icalendar_events, installed
from townsquare import calendars
from townsquare.ledger import Component, Revision

WEEKLY = "title: T\nstart: 2026-05-21 18:00\nrepeat: {every: week, times: 4}\n"
START, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2034, 1, 1, tzinfo=UTC)
# Every character that XML and RFC 5545 can hold: no control, no half of a pair, no noncharacter.
WRITABLE = st.characters(
    exclude_categories=["Cc", "Cs"],
    exclude_characters=["\ufffe", "\uffff", *map(chr, range(0xFDD0, 0xFDF0))],
)


def lines(held: bytes) -> list[str]:
    """The content lines, unfolded."""
    return held.decode().replace("\r\n ", "").split("\r\n")


def values(held: bytes, *names: str) -> list[str]:
    """The content lines of these properties, in order."""
    return [each for each in lines(held) if re.split("[;:]", each)[0] in names]


def test_a_whole_calendar_byte_for_byte():
    made = entry(
        """
        title: May call
        start: 2026-05-21 18:00
        end: 19:30
        place: {name: Town Library, city: Berlin, geo: [52.5, 13.4]}
        join: https://meet.example.org/may
        status: tentative
        status_note: The room is not certain yet.
        """,
        "may-call",
    )
    (held,) = components(made, text="We talk; you listen.", categories=["Events", "C, C++"])
    revisions = {
        held.key: Revision(
            3, datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
        )
    }
    made_bytes = calendars.calendar(
        "Ana, Bo; and Cy", "All events", "https://example.org/events.ics",
        "https://example.org/events/", [held], revisions,
    )  # fmt: skip
    assert made_bytes.decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "PRODID:-//Townsquare//Townsquare//EN",
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
        "NAME:Ana\\, Bo\\; and Cy",
        "X-WR-CALNAME:Ana\\, Bo\\; and Cy",
        "DESCRIPTION:All events",
        "X-WR-CALDESC:All events",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
        "SOURCE;VALUE=URI:https://example.org/events.ics",
        "URL:https://example.org/events/",
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
        "BEGIN:VEVENT",
        "UID:event-may-call@example.org",
        "DTSTART;TZID=Europe/Berlin:20260521T180000",
        "DTEND;TZID=Europe/Berlin:20260521T193000",
        "SUMMARY:Tentative: May call",
        "STATUS:TENTATIVE",
        "TRANSP:TRANSPARENT",
        "LOCATION:Town Library\\, Berlin",
        "GEO:52.500000;13.400000",
        "CONFERENCE;VALUE=URI:https://meet.example.org/may",
        "URL:https://example.org/events/may-call/",
        "CATEGORIES:Events,C\\, C++",
        "DESCRIPTION:The room is not certain yet.\\n\\nWe talk\\; you listen.\\n\\nhttps:",
        " //meet.example.org/may\\n\\nhttps://example.org/events/may-call/",
        "SEQUENCE:3",
        "CREATED:20260101T000000Z",
        "LAST-MODIFIED:20260203T040506Z",
        "DTSTAMP:20260203T040506Z",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_a_uid_is_made_of_kind_and_id_and_survives_a_new_file_name():
    named = "id: call\n" + WEEKLY
    ours, renamed = (components(entry(named, name))[0] for name in ("old", "2026/new"))
    assert ours.uid == renamed.uid == "event-call@example.org"
    assert SETTINGS.authority == "example.org,2026"


def test_a_component_says_what_is_significant_and_what_its_tombstone_keeps():
    made = entry(WEEKLY + "place: Library\njoin: https://meet.example.org/x\ndescription: D")
    (held,) = components(made)
    assert [each.split(":")[0].split(";")[0] for each in lines(held.significant) if each] == [
        "DTSTART", "DTEND", "RRULE", "STATUS", "LOCATION", "CONFERENCE",
    ]  # fmt: skip
    assert lines(held.tombstone) == [
        "UID:event-x@example.org",
        "DTSTART;TZID=Europe/Berlin:20260521T180000",
        "DTEND;TZID=Europe/Berlin:20260521T190000",
        "RRULE:FREQ=WEEKLY;COUNT=4;BYDAY=TH;WKST=MO",
        "SUMMARY:Cancelled: T",
        "STATUS:CANCELLED",
        "",
    ]
    assert (held.entry_key, held.title) == ("event:x", "T")
    assert held.ends == datetime(2026, 6, 11, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("start: 2026-05-21 18:00", "start: 2026-05-21 18:30"),
        ("times: 4", "times: 5"),
        ("times: 4", "times: 4, except: [2026-05-28]"),
        ("times: 4", "times: 4, also: [2026-05-29]"),
        ("title: T", "title: T\nduration: 2h"),
        ("title: T", "title: T\nstatus: cancelled"),
        ("title: T", "title: T\nplace: Library"),
        ("title: T", "title: T\njoin: https://meet.example.org/x"),
        ("title: T", "title: T\ntimezone: Europe/Vienna"),
    ],
)
def test_a_change_of_time_rule_status_or_place_is_significant(before: str, after: str):
    old, new = (components(entry(front))[0] for front in (WEEKLY, WEEKLY.replace(before, after)))
    assert old.significant != new.significant
    assert old.lines != new.lines


@pytest.mark.parametrize(
    "more", ["description: D", "url: https://example.org/", "after: {attended: 3}"]
)
def test_a_change_of_words_is_not_significant(more: str):
    old, new = (components(entry(front))[0] for front in (WEEKLY, WEEKLY + more))
    assert old.significant == new.significant


def test_what_no_calendar_shows_changes_no_line():
    plain = components(entry(WEEKLY))
    held = components(
        entry(WEEKLY + "after: {attended: 3}\nchanges: {2026-05-28: {after: {attended: 2}}}")
    )
    assert held == plain


@pytest.mark.parametrize(
    ("status", "more", "summary", "written"),
    [
        ("confirmed", "", "T", "CONFIRMED"),
        ("tentative", "", "Tentative: T", "TENTATIVE"),
        ("postponed", "", "Postponed: T", "TENTATIVE"),
        ("rescheduled", "previous_start: 2026-05-14 18:00", "T", "CONFIRMED"),
        ("cancelled", "", "Cancelled: T", "CANCELLED"),
        ("moved-online", "", "T", "CONFIRMED"),
    ],
)
def test_a_status_is_one_of_the_three_that_calendars_know_and_stands_in_the_title(
    status: str, more: str, summary: str, written: str
):
    made = entry(f"title: T\nstart: 2026-05-21 18:00\nplace: Library\nstatus: {status}\n{more}")
    (held,) = components(made)
    assert values(held.lines, "SUMMARY", "STATUS") == [f"SUMMARY:{summary}", f"STATUS:{written}"]
    assert bool(values(held.lines, "LOCATION")) is (status != "moved-online")


def test_exceptions_additions_and_changes_have_the_type_and_zone_of_the_start():
    timed = WEEKLY.replace(
        "times: 4", "times: 4, except: [2026-05-28], also: [2026-05-29, 2026-06-02 20:00]"
    )
    held = components(entry(timed + "changes: {2026-06-04: {timezone: America/New_York}}"))
    assert values(held[0].lines, "RDATE", "EXDATE") == [
        "RDATE;TZID=Europe/Berlin:20260529T180000",
        "RDATE;TZID=Europe/Berlin:20260602T200000",
        "EXDATE;TZID=Europe/Berlin:20260528T180000",
    ]
    assert values(held[1].lines, "DTSTART", "RECURRENCE-ID") == [
        "DTSTART;TZID=America/New_York:20260604T180000",
        "RECURRENCE-ID;TZID=Europe/Berlin:20260604T180000",
    ]
    assert held[1].recurrence_id == "20260604T180000"
    daily = timed.replace(" 18:00", "").replace(", 2026-06-02 20:00", "")
    held = components(entry(daily + "changes: {2026-06-04: {title: X}}"))
    assert values(held[0].lines, "DTSTART", "DTEND", "RDATE", "EXDATE") == [
        "DTSTART;VALUE=DATE:20260521",
        "DTEND;VALUE=DATE:20260522",
        "RDATE;VALUE=DATE:20260529",
        "EXDATE;VALUE=DATE:20260528",
    ]
    assert values(held[1].lines, "RECURRENCE-ID") == ["RECURRENCE-ID;VALUE=DATE:20260604"]


def test_until_is_in_utc():
    made = entry("title: T\nstart: 2026-05-21 18:00\nrepeat: {every: week, until: 2026-12-31}")
    assert values(calendar(made), "RRULE")[-1] == (
        "RRULE:FREQ=WEEKLY;UNTIL=20261231T225959Z;BYDAY=TH;WKST=MO"
    )


def test_a_first_occurrence_during_which_clocks_change_states_its_length_by_the_clock():
    front = "title: T\nstart: 2026-10-23 09:00\nend: 2026-10-25 17:00\n"
    assert values(calendar(entry(front)), "DTEND", "DURATION") == [
        "DTEND;TZID=Europe/Berlin:20261025T170000"
    ]
    (held,) = components(entry(front + "repeat: {every: year}"))
    assert values(held.lines, "DTEND", "DURATION") == ["DURATION:P2DT8H"]
    assert b"DURATION:P2DT8H" in held.significant


def test_utc_is_written_as_z_and_needs_no_vtimezone():
    made = entry(WEEKLY + "timezone: UTC\nchanges: {2026-05-28: {title: X}}")
    held = calendar(made)
    assert b"TZID" not in held
    assert values(held, "DTSTART", "RECURRENCE-ID") == [
        "DTSTART:20260521T180000Z", "DTSTART:20260528T180000Z", "RECURRENCE-ID:20260528T180000Z",
    ]  # fmt: skip


def test_every_zone_in_use_has_one_vtimezone_and_they_are_sorted():
    zones = ("Europe/Berlin", "Africa/Cairo", "Asia/Kathmandu", "Europe/Berlin")
    made = [entry(WEEKLY + f"timezone: {zone}", f"x{n}") for n, zone in enumerate(zones)]
    held = calendar(*made)
    assert values(held, "TZID") == [
        "TZID:Africa/Cairo", "TZID:Asia/Kathmandu", "TZID:Europe/Berlin",
    ]  # fmt: skip


def test_a_text_that_looks_like_a_zoned_time_adds_no_zone():
    made = entry("title: T\nstart: 2026-05-21")
    held = calendar(made, text="DTSTART;TZID=No/Where:20260521T180000\r\nDTEND;TZID=No/Where:2026")
    assert b"BEGIN:VTIMEZONE" not in held
    assert icalendar_events.expand(held, START, END)


def test_an_empty_calendar_is_still_a_calendar():
    held = whole([])
    assert icalendar_events.expand(held, START, END) == []
    assert ical_js.expand(held, START, END) == []
    assert held.count(b"BEGIN:VTIMEZONE") == 1


def test_each_session_is_an_event_of_its_own_whole_days_beside_times_too():
    made = entry(
        "title: School\nsessions:\n  - {start: 2026-06-01 18:00, title: One}\n"
        "  - {start: 2026-06-02}\n  - {start: 2026-06-03 18:00, id: third}"
    )
    held = calendar(made)
    assert values(held, "UID") == [
        "UID:event-x+2026-06-01@example.org",
        "UID:event-x+2026-06-02@example.org",
        "UID:event-x+third@example.org",
    ]
    assert b"RRULE:FREQ=W" not in held
    assert b"RECURRENCE-ID" not in held
    assert values(held, "SUMMARY") == ["SUMMARY:One", "SUMMARY:School", "SUMMARY:School"]


def test_there_is_no_method_no_organizer_and_nothing_of_the_clock():
    first, second = (calendar(entry(WEEKLY)) for _ in range(2))
    assert first == second
    assert values(first, "METHOD", "ORGANIZER", "ATTENDEE") == []
    assert values(first, "DTSTAMP", "LAST-MODIFIED") == [
        "LAST-MODIFIED:20260102T030405Z", "DTSTAMP:20260102T030405Z",
    ]  # fmt: skip


def test_the_same_event_is_the_same_bytes_in_every_calendar_whatever_its_neighbours():
    made, other = entry(WEEKLY, "a"), entry(WEEKLY + "timezone: Africa/Cairo", "b")
    alone, both, turned = calendar(made), calendar(made, other), calendar(other, made)
    event = alone[alone.index(b"BEGIN:VEVENT") : alone.index(b"END:VCALENDAR")]
    assert both.count(event) == 1
    assert both == turned


def test_bytes_do_not_depend_on_hash_seed_time_zone_or_locale():
    script = (
        "import sys, event_files as f;"
        "sys.stdout.buffer.write(f.calendar(*(f.entry(f'title: T\\nstart: 2026-05-21 18:00\\n"
        "timezone: {z}\\nrepeat: {{every: week, except: [2026-05-28, 2026-06-04]}}', z[-4:])"
        " for z in ('Africa/Cairo', 'Europe/Berlin', 'America/New_York'))))"
    )
    paths = os.pathsep.join(str(installed.ROOT / each) for each in ("hooks", "tests"))
    found = set()
    for seed, zone, locale in (("0", "UTC", "C.UTF-8"), ("1", "Asia/Tokyo", "de_DE.UTF-8")):
        env = {"PYTHONPATH": paths, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale}
        done = subprocess.run(
            [sys.executable, "-c", script], env=env, capture_output=True, check=True
        )
        found.add(done.stdout)
    assert len(found) == 1
    assert found.pop().count(b"BEGIN:VTIMEZONE") == 3


def test_control_characters_do_not_reach_a_calendar():
    held = calendar(
        entry("title: T\nstart: 2026-05-21"), text="a\x00b\x07c\x85d\x1be\x0bf\udc00g\r\nh\ri"
    )
    (description,) = values(held, "DESCRIPTION")
    assert description == "DESCRIPTION:abcdefg\\nh\\ni\\n\\nhttps://example.org/events/x/"


def test_addresses_are_ascii():
    made = entry("title: T\nstart: 2026-05-21\njoin: https://meet.example.org/ä?b=c,d;e", "straße")
    held = calendar(made)
    assert values(held, "CONFERENCE", "URL")[1:] == [
        "CONFERENCE;VALUE=URI:https://meet.example.org/%C3%A4?b=c,d;e",
        "URL:https://example.org/events/stra%C3%9Fe/",
    ]


def test_an_overrides_link_leads_to_its_place_on_the_page():
    held = components(entry(WEEKLY + "changes: {2026-05-28: {title: X}}"))
    assert values(held[1].lines, "URL") == ["URL:https://example.org/events/x/#2026-05-28"]


def test_an_occurrence_that_readers_hold_is_written_out_also_when_the_rule_gives_it():
    plain = components(entry(WEEKLY), kept=["20260528T180000", "20260529T180000"])
    assert [each.recurrence_id for each in plain] == ["", "20260528T180000"]
    assert values(plain[1].lines, "DTSTART") == ["DTSTART;TZID=Europe/Berlin:20260528T180000"]


def test_an_event_without_end_has_no_last_instant():
    (held,) = components(entry("title: T\nstart: 2026-05-21\nrepeat: {every: week}"))
    assert held.ends is None


@given(st.lists(st.text(WRITABLE, min_size=1, max_size=120), min_size=1, max_size=5))
@example(
    [
        "\u2028x\u2029",
        "a\\nb",
        "C:\\New\\",
        "\\",
        "a\\,b;c:d\"e'",
        " x",
        "x ",
        "\ufeff",
        "🙂" * 40,
        "\u00a0",
    ]
)
def test_any_text_without_controls_is_read_back_by_icalendar(texts: list[str]):
    held = whole(_events(texts), texts[0], texts[0])
    parsed = icalendar.Calendar.from_ical(held)
    assert [str(e["SUMMARY"]) for e in parsed.walk("VEVENT")] == texts
    assert str(parsed["DESCRIPTION"]) == texts[0]
    # icalendar hands the names on as they stand in the file: they must stand as DESCRIPTION does.
    named = values(held, "DESCRIPTION", "NAME", "X-WR-CALNAME", "X-WR-CALDESC")[:4]
    assert len({line.partition(":")[2] for line in named}) == 1


@settings(max_examples=12)
@given(st.lists(st.text(WRITABLE, min_size=1, max_size=120), min_size=1, max_size=80))
@example(
    [
        "\u2028x\u2029",
        "a\\nb",
        "C:\\New\\",
        "\\",
        "a\\,b;c:d\"e'",
        " x",
        "x ",
        "\ufeff",
        "🙂" * 40,
        "\u00a0",
    ]
)
def test_any_text_without_controls_is_read_back_by_ical_js(texts: list[str]):
    read = ical_js.expand(whole(_events(texts)), START, END)
    assert [each["summary"] for each in read] == texts


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400))
def test_lines_are_folded_at_75_octets_and_never_inside_a_character(text: str):
    held = calendar(entry("title: T\nstart: 2026-05-21"), text=text)
    found = held.split(b"\r\n")
    assert found.pop() == b""
    for line in found:
        assert len(line) <= 75
        line.decode("utf-8")
        assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line)


def _events(texts: Sequence[str]) -> list[Component]:
    """One event for each text, which is its title, an hour apart."""
    made = entry("title: T\nstart: 2026-05-21 18:00\ntimezone: UTC")
    start = datetime(2026, 5, 21, 18)
    held: list[Component] = []
    for number, text in enumerate(texts):
        at = start + timedelta(hours=number)
        own = replace(made, fields=replace(made.fields, title=text, start=at, id=f"e{number:03}"))
        held += components(own)
    return held

"""What our recurrence, icalendar with recurring-ical-events, and ical.js say takes place: one set.

From 2025 to the end of 2033, across daylight saving, in every form in which events repeat.
"""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from event_files import calendar, entry, ours
from hypothesis import given, settings
from hypothesis import strategies as st
from test_recurrence import rule_texts

from judges import ical_js, icalendar_events
from townsquare import rfc_rules, rules, source, validation
from townsquare.kinds.event import KIND, Event
from townsquare.model import Entry

START, END = datetime(2025, 1, 1, tzinfo=UTC), datetime(2034, 1, 1, tzinfo=UTC)
ZONES = (
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu",
    "Africa/Casablanca", "Africa/Cairo",
)  # fmt: skip

LISTED = {
    "second and fourth Tuesdays": (
        "2026-01-13",
        "{every: month, on: [second tuesday, fourth tuesday]}",
        192,
    ),
    "every two weeks on Monday and Thursday": (
        "2026-01-05",
        "{every: 2 weeks, on: [monday, thursday]}",
        418,
    ),
    "last weekday of the month": ("2026-01-30", "{every: month, on: last weekday}", 96),
    "first Wednesday except holidays": (
        "2026-01-07",
        "{every: month, on: first wednesday, except: [2026-04-01, 2027-01-06]}",
        94,
    ),
    "daily for a week": ("2026-03-25", "{every: day, times: 7}", 7),
    "ten times": ("2026-10-20", "{every: week, times: 10}", 10),
    "no end": ("2026-03-02", "{every: week}", 409),
    "a 29 February": ("2028-02-29", "{every: year}", 2),
}
OTHERS = {
    "last day of the month": ("2026-01-31", "{every: month, on: last day}", 96),
    "the thirty-first": ("2026-01-31", "{every: month}", 56),
    "fifth Thursday": ("2026-01-29", "{every: month, on: fifth thursday}", 34),
    "Friday the thirteenth": ("2026-02-13", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", 13),
    "election day": (
        "2028-11-07",
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
        2,
    ),
    "twice a year": (
        "2026-04-09",
        "{every: year, on: [second thursday of april, second thursday of october]}",
        16,
    ),
    "last weekday of October": ("2026-10-30", "{every: year, on: last weekday of october}", 8),
    "first and last weekdays": (
        "2026-01-01",
        "{every: month, on: [first weekday, last weekday]}",
        192,
    ),
    "weekdays until": ("2026-01-05", "{every: weekday, until: 2026-12-31}", 259),
    "every third day": ("2026-01-05", "{every: 3 days}", 973),
    "days of some months": ("2026-01-05", "FREQ=DAILY;BYMONTH=1,3,10;BYDAY=MO,WE", 212),
    "the fifth of every month, yearly": ("2026-01-05", "FREQ=YEARLY;BYMONTHDAY=5", 96),
    "Mondays, yearly": ("2026-01-05", "FREQ=YEARLY;BYDAY=MO", 417),
    "the last day but one": ("2026-01-30", "FREQ=MONTHLY;BYMONTHDAY=-2", 96),
    "dates beside the rule": (
        "2026-01-13",
        (
            "{every: month, on: second tuesday, also: [2026-03-01, 2026-06-05 19:00], "
            "except: [2026-05-12]}"
        ),
        97,
    ),
}
SPANS = {
    "an hour": ("18:00", "duration: 1h"),
    "overnight": ("22:00", "duration: 9h"),
    "three days": ("09:00", "duration: 2d8h"),
}


def check(entries: dict[str, Entry[Event]], counts: dict[str, int] | None = None) -> None:
    files = {name: calendar(made) for name, made in entries.items()}
    javascript = ical_js.expand_all(files, START, END)
    for name, made in entries.items():
        expected = ours(made, START, END)
        assert javascript[name] == expected, name
        assert icalendar_events.expand(files[name], START, END) == expected, name
        if counts:
            assert len(expected) == counts[name], name


def event(rule: str, start: str, length: str, zone: str) -> Entry[Event]:
    return entry(f"title: T\nstart: {start}\n{length}\ntimezone: {zone}\nrepeat: {rule}")


@pytest.mark.parametrize("span", SPANS)
def test_every_listed_rule_gives_the_same_in_all_engines_in_every_listed_zone(
    span: str, full: bool
):
    clock, length = SPANS[span]
    zones = ZONES if full or span == "an hour" else ("Australia/Lord_Howe", "Africa/Cairo")
    made = {
        f"{name}, {zone}": event(rule, f"{day} {clock}", length, zone)
        for name, (day, rule, _) in LISTED.items()
        for zone in zones
    }
    counts = {f"{name}, {zone}": LISTED[name][2] for name in LISTED for zone in zones}
    check(made, counts if span == "an hour" else None)


def test_other_rules_give_the_same_in_all_engines(full: bool):
    zones = ZONES if full else ("Europe/Berlin", "Africa/Cairo")
    made = {
        f"{name}, {zone}": event(rule, f"{day} 18:00", "duration: 1h", zone)
        for name, (day, rule, _) in OTHERS.items()
        for zone in zones
    }
    check(made, {f"{name}, {zone}": OTHERS[name][2] for name in OTHERS for zone in zones})


def test_whole_days_give_the_same_in_all_engines():
    made = {
        name: entry(f"title: T\nstart: {day}\nduration: 3d\nrepeat: {rule.replace(' 19:00', '')}")
        for name, (day, rule, _) in {**LISTED, **OTHERS}.items()
    }
    check(made, {name: count for name, (_, _, count) in {**LISTED, **OTHERS}.items()})


def test_a_three_day_workshop_each_year_gives_the_same_in_all_engines():
    check({"x": entry("title: T\nstart: 2026-05-21\nend: 2026-05-23\nrepeat: {every: year}")})
    check({"x": event("{every: year}", "2026-05-21 09:00", "end: 2026-05-23 17:00", ZONES[0])})


def test_changed_cancelled_and_moved_occurrences_give_the_same_in_all_engines():
    front = """
    title: Evening
    start: 2026-01-15 18:30
    end: 20:30
    timezone: {zone}
    repeat: {{every: month, on: third thursday, except: [2026-08-20], also: [2026-09-01]}}
    changes:
      2026-02-19: {{start: 19:30}}
      2026-03-19: {{start: 2026-04-20 18:00, end: 2026-04-21 02:00, title: Moved far}}
      2026-05-21: {{status: cancelled, status_note: closed}}
      2026-06-18: {{timezone: America/New_York}}
      2026-09-01: {{title: Beside the rule, end: 23:00}}
      2026-12-17: {{start: 2026-12-10 18:30}}
      2033-12-15: {{start: 2034-02-01 18:30}}
    """
    check({zone: entry(front.format(zone=zone)) for zone in ZONES})


def test_sessions_give_the_same_in_all_engines():
    front = """
    title: School
    sessions:
      - {start: 2026-03-28 18:00, end: 2026-03-29 10:00}
      - {start: 2026-10-25 01:00, duration: 5h, title: Night}
      - {start: 2026-06-03}
      - {start: 2026-06-04 09:00, timezone: Asia/Kathmandu, status: cancelled}
    """
    check({"x": entry(front)})


def test_a_date_that_was_changed_because_clocks_skip_its_hour_gives_the_same_in_all_engines():
    front = "title: T\nstart: 2026-03-08 02:30\nend: 03:30\nrepeat: {every: week, times: 5}\n"
    made = entry(front + "changes: {2026-03-29: {start: 04:00, end: 05:00}}")
    held = calendar(made)
    told = ours(made, START, END)
    assert len(told) == 5
    for read in (ical_js.expand(held, START, END), icalendar_events.expand(held, START, END)):
        # The judges name an hour that does not exist by different instants; they find it alike.
        assert [{**o, "recurrence_id": None} for o in read] == [
            {**o, "recurrence_id": None} for o in told
        ]


@settings(max_examples=8)
@given(st.lists(st.tuples(rule_texts(), st.sampled_from(ZONES), st.booleans()), max_size=25))
def test_any_rule_gives_the_same_in_all_engines(
    drawn: list[tuple[tuple[date, str], str, bool]],
):
    made = {}
    for number, ((start, text), zone, timed) in enumerate(drawn):
        if start.year < 2034:
            # Written out first: what an author's text leaves open is filled in by us, not by them.
            full = rules.completed(rfc_rules.parse_rule(text), start, zone).text(None)
            made[f"{number} {text}"] = event(full, f"{start}{' 12:00' * timed}", "", zone)
    check(made)


def test_the_sample_gives_the_same_in_all_engines(root: Path):
    made = {}
    for file in sorted((root / "events").rglob("*.md")):
        path = file.relative_to(root).as_posix()
        parsed, _ = source.parse(path, file.read_text(encoding="utf-8"))
        assert parsed is not None
        fields, _ = validation.validate(Event, parsed)
        if fields is not None:
            made[path] = Entry(KIND, parsed, fields)
    assert len(made) > 20
    shown = {p: m for p, m in made.items() if m.fields.status in ("confirmed", "cancelled")}
    check(shown)

"""How dates, lengths and rules are written."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from townsquare import plain_rules, rfc_rules, wordbook
from townsquare.views.repeating import in_words

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (date(2026, 5, 21), None, "Thursday 21 May 2026"),
        (date(2026, 5, 21), date(2026, 5, 21), "Thursday 21 May 2026"),
        (date(2026, 6, 10), date(2026, 6, 12), "Wednesday 10 – Friday 12 June 2026"),
        (date(2026, 5, 30), date(2026, 6, 2), "Saturday 30 May – Tuesday 2 June 2026"),
        (
            date(2026, 12, 30),
            date(2027, 1, 2),
            "Wednesday 30 December 2026 – Saturday 2 January 2027",
        ),
        (datetime(2026, 5, 21, 18), None, "Thursday 21 May 2026, 18:00"),
        (
            datetime(2026, 5, 21, 18),
            datetime(2026, 5, 21, 19, 5),
            "Thursday 21 May 2026, 18:00–19:05",
        ),
        (
            datetime(2026, 5, 21, 22),
            datetime(2026, 5, 22, 2),
            "Thursday 21 May 2026, 22:00 – Friday 22 May 2026, 02:00",
        ),
    ],
)
def test_from_when_to_when_is_written_without_repeating_what_is_the_same(start, end, words):
    assert wordbook.span(start, end) == words


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("UTC", "UTC"),
        ("Europe/Berlin", "UTC+1"),
        ("Asia/Kathmandu", "UTC+5:45"),
        ("America/St_Johns", "UTC-3:30"),
        ("Australia/Lord_Howe", "UTC+11"),
    ],
)
def test_an_offset_is_written_in_hours_and_minutes(zone: str, words: str):
    assert wordbook.offset(datetime(2026, 1, 15, 12, tzinfo=ZoneInfo(zone))) == words


@given(st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31)))
def test_what_programs_read_is_the_same_minute_and_never_has_seconds(value: datetime):
    amsterdam = ZoneInfo("Europe/Amsterdam")  # until 1937 nineteen and a half minutes ahead
    at = value.replace(second=0, microsecond=0, tzinfo=amsterdam)
    text = wordbook.iso(at)
    assert datetime.fromisoformat(text).timestamp() - at.timestamp() in (0, -28, -32)
    assert len(text) == len("2026-05-21T18:00+02:00")


def test_dates_and_lengths_are_written_for_programs():
    assert wordbook.iso(date(2026, 5, 21)) == "2026-05-21"
    assert wordbook.iso(timedelta(hours=1, minutes=30)) == "PT1H30M"
    assert wordbook.length(timedelta(days=1, minutes=1)) == "1 day 1 minute"
    assert wordbook.length(timedelta(hours=2)) == "2 hours"


@pytest.mark.parametrize(
    ("every", "on", "more", "words"),
    [
        ("day", [], {"times": 7}, "Every day 7 times"),
        ("weekday", [], {}, "Every week on working days"),
        ("week", ["tuesday"], {}, "Every week on Tuesday"),
        ("2 weeks", ["monday", "thursday"], {}, "Every 2 weeks on Monday and Thursday"),
        ("month", ["third thursday"], {}, "Every month on the third Thursday"),
        ("month", ["last weekday"], {}, "Every month on the last working day"),
        ("month", ["16"], {}, "Every month on day 16"),
        (
            "year",
            ["second thursday of october"],
            {"until": date(2030, 12, 31)},
            "Every year on the second Thursday in October until 31 December 2030",
        ),
    ],
)
def test_a_rule_is_written_in_a_readers_words(every, on, more, words):
    given_on = [plain_rules.parse_on(text) for text in on]
    made = plain_rules.from_words(
        plain_rules.parse_every(every),
        tuple(given_on),
        more.get("until"),
        more.get("times"),
        date(2026, 1, 5),
    )
    assert in_words(made) == words


def test_a_rule_of_calendars_is_written_in_words_too():
    rule = rfc_rules.parse_rule("FREQ=MONTHLY;BYDAY=-1FR")
    assert in_words(rule) == "Every month on the last Friday"

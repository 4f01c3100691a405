"""The grammar of dates, times, durations, periods and zones, and local time ↔ instants."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import tzdata
from hypothesis import given
from hypothesis import strategies as st

from judges import installed
from townsquare import times
from townsquare.problems import Fault
from townsquare.times import Interval


def refusal(parse: Callable[[str], Any], text: str) -> tuple[str, str, str]:
    with pytest.raises(Fault) as caught:
        parse(text)
    return caught.value.code, caught.value.message, caught.value.hint


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-05-21", date(2026, 5, 21)),
        (" 2026-05-21 ", date(2026, 5, 21)),
        ("2026-05-21 18:00", datetime(2026, 5, 21, 18)),
        ("2026-05-21T18:00", datetime(2026, 5, 21, 18)),
        ("2026-05-21 18:00:30", datetime(2026, 5, 21, 18, 0, 30)),
        ("2028-02-29", date(2028, 2, 29)),
    ],
)
def test_a_moment_is_a_date_or_a_date_with_a_local_time(text: str, value: date):
    assert times.parse_moment(text) == value
    assert type(times.parse_moment(text)) is type(value)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("21.05.2026", "2026-05-21"),
        ("21.5.2026, 18.30 Uhr", "2026-05-21 18:30"),
        ("05/21/2026", "2026-05-21"),
        ("21/05/2026", "2026-05-21"),
        ("2026/05/21", "2026-05-21"),
        ("2026-5-2", "2026-05-02"),
        ("20260521", "2026-05-21"),
        ("20260521T1800", "2026-05-21 18:00"),
        ("May 21, 2026", "2026-05-21"),
        ("21 May 2026 6:30 pm", "2026-05-21 18:30"),
        ("21st May 2026", "2026-05-21"),
        ("2026-05-21 6pm", "2026-05-21 18:00"),
        ("2026-05-21 12 am", "2026-05-21 00:00"),
        ("2026-05-21 9:00", "2026-05-21 09:00"),
        ("2026-05-21 18.00", "2026-05-21 18:00"),
        ("2026-05-21 18h", "2026-05-21 18:00"),
    ],
)
def test_a_date_in_another_notation_is_refused_with_the_same_date_in_ours(text: str, meant: str):
    assert refusal(times.parse_moment, text) == (
        "date_invalid",
        f"`{text}` is not a date",
        f"write `{meant}`",
    )


@pytest.mark.parametrize("text", ["05/06/2026", "May 21", "tomorrow", "", "31.02.2026", "2026"])
def test_what_could_mean_two_dates_or_none_is_refused_without_a_guess(text: str):
    _code, _message, hint = refusal(times.parse_moment, text)
    assert hint == "write it as in `2026-05-21` or `2026-05-21 18:00`"


@pytest.mark.parametrize("zone", ["Z", "+02:00", "+0200", " CEST", " (CEST)", " Europe/Berlin"])
def test_an_offset_or_a_zone_in_a_moment_is_refused_in_favour_of_the_field(zone: str):
    code, message, hint = refusal(times.parse_moment, f"2026-05-21 18:00{zone}")
    assert (code, message) == ("date_invalid", f"`2026-05-21 18:00{zone}` carries a time zone")
    assert hint == "write `2026-05-21 18:00`, and the zone as `timezone: Europe/Berlin`"


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("2026-02-30", "February 2026 has 28 days", "write a date that exists, as in `2026-05-21`"),
        (
            "2026-21-05",
            "there is no month 21",
            "did you mean `2026-05-21`? write year, month, day",
        ),
        ("2026-00-05", "there is no month 00", "write year, month, day"),
        ("0026-05-21", "the year 0026 cannot be meant", "years from 1900 to 2199 are taken"),
        ("9999-05-21", "the year 9999 cannot be meant", "years from 1900 to 2199 are taken"),
        (
            "18:00",
            "`18:00` is a time without a date",
            "write the date too, as in `2026-05-21 18:00`",
        ),
    ],
)
def test_a_date_that_no_calendar_has_is_refused_with_the_reason(text: str, message: str, hint: str):
    assert refusal(times.parse_moment, text) == ("date_invalid", message, hint)


def test_a_day_has_no_time():
    assert times.parse_day("2026-05-21") == date(2026, 5, 21)
    assert refusal(times.parse_day, "2026-05-21 18:00") == (
        "date_invalid",
        "`2026-05-21 18:00` has a time; only a date is taken here",
        "write `2026-05-21`",
    )


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("6pm", "18:00"),
        ("18.00", "18:00"),
        ("9:00", "09:00"),
        ("1800", "18:00"),
        ("18h30", "18:30"),
    ],
)
def test_an_end_in_another_notation_is_refused_with_the_same_time_in_ours(text: str, meant: str):
    assert refusal(times.parse_end, text) == (
        "time_invalid",
        f"`{text}` is not a time",
        f"write `{meant}`",
    )


def test_an_end_is_a_time_a_date_or_both():
    assert times.parse_end("19:00") == time(19)
    assert times.parse_end("2026-05-22") == date(2026, 5, 22)
    assert times.parse_end("2026-05-22 19:00") == datetime(2026, 5, 22, 19)


def test_no_clock_shows_the_twenty_fifth_hour():
    assert refusal(times.parse_end, "25:00")[:2] == ("time_invalid", "no clock shows `25:00`")
    assert refusal(times.parse_moment, "2026-05-21 24:00") == (
        "time_invalid",
        "the day ends at 23:59",
        "write `00:00` with the next day's date",
    )


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("45m", timedelta(minutes=45)),
        ("1h30m", timedelta(minutes=90)),
        ("1h 30m", timedelta(minutes=90)),
        ("2d", timedelta(days=2)),
        ("366d", timedelta(days=366)),
    ],
)
def test_a_duration_is_days_hours_and_minutes(text: str, length: timedelta):
    assert times.parse_duration(text) == length


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("90 minutes", "90m"),
        ("1 hour and 30 minutes", "1h30m"),
        ("1.5h", "1h30m"),
        ("1,5 hours", "1h30m"),
        ("1:30", "1h30m"),
        ("PT1H30M", "1h30m"),
        ("P2D", "2d"),
    ],
)
def test_a_duration_in_another_notation_is_refused_with_ours(text: str, meant: str):
    assert refusal(times.parse_duration, text) == (
        "duration_invalid",
        f"`{text}` is not a duration",
        f"write `{meant}`",
    )


@pytest.mark.parametrize("text", ["0m", "367d", "9999d"])
def test_a_duration_of_nothing_or_of_more_than_a_year_is_refused(text: str):
    assert refusal(times.parse_duration, text)[0] == "duration_invalid"


def test_an_interval_counts_in_the_calendars_units():
    assert times.parse_interval("6 months").after(date(2026, 8, 31)) == date(2027, 2, 28)
    assert times.parse_interval("1 year").after(date(2028, 2, 29)) == date(2029, 2, 28)
    assert times.parse_interval("90 days").after(date(2026, 11, 23)) == date(2027, 2, 21)
    assert times.parse_interval("2 weeks") == Interval(days=14)
    assert refusal(times.parse_interval, "half a year")[0] == "duration_invalid"
    assert refusal(times.parse_interval, "0 days")[0] == "duration_invalid"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-H2", date(2026, 7, 1), date(2026, 12, 31)),
        ("2026-q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
    ],
)
def test_a_period_has_a_first_and_a_last_day(text: str, first: date, last: date):
    period = times.parse_period(text)
    assert (period.first, period.last, period.label) == (first, last, text.upper())


@pytest.mark.parametrize("text", ["2026-13", "2026-H3", "2026-Q5", "H1 2026", "26", ""])
def test_what_is_no_period_is_refused(text: str):
    assert refusal(times.parse_period, text)[0] == "value_invalid"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Berlin", "did you mean `Europe/Berlin`? "),
        ("europe/berlin", "did you mean `Europe/Berlin`? "),
        ("New York", "did you mean `America/New_York`? "),
        ("Europe/Berln", "did you mean `Europe/Berlin`? "),
        ("CEST", ""),
        ("EST", ""),
        ("+02:00", ""),
        ("../../etc/passwd", ""),
    ],
)
def test_a_zone_is_named_after_a_place(text: str, sentence: str):
    code, message, hint = refusal(times.parse_zone, text)
    assert (code, message) == ("timezone_unknown", f"`{text}` is not a time zone")
    assert hint == sentence + "a zone is named after a place, as in `Europe/Berlin`, or `UTC`"


def test_zones_come_from_the_pinned_package_whatever_the_machine_says():
    script = (
        "import zoneinfo; from datetime import datetime; from townsquare import times;"
        "print(*zoneinfo.TZPATH, times.instant(datetime(2026, 7, 1), 'Europe/Berlin'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={
            "PYTHONPATH": str(installed.ROOT / "hooks"),
            "PYTHONTZPATH": "/nowhere",
            "TZ": "EST5EDT",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    pinned = Path(tzdata.__file__).parent / "zoneinfo"
    assert done.stdout == f"{pinned} 2026-06-30 22:00:00+00:00\n"


def test_a_date_begins_at_midnight_of_its_zone():
    assert times.instant(date(2026, 5, 21), "Asia/Kathmandu") == datetime(
        2026, 5, 20, 18, 15, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("local", "zone", "fits", "utc"),
    [
        (datetime(2026, 3, 29, 2, 30), "Europe/Berlin", "skipped", "2026-03-29T01:30"),
        (datetime(2026, 3, 29, 3, 30), "Europe/Berlin", "exists", "2026-03-29T01:30"),
        (datetime(2026, 10, 25, 2, 30), "Europe/Berlin", "repeated", "2026-10-25T00:30"),
        (datetime(2026, 10, 25, 3, 0), "Europe/Berlin", "exists", "2026-10-25T02:00"),
        (datetime(2026, 4, 5, 1, 45), "Australia/Lord_Howe", "repeated", "2026-04-04T14:45"),
        (datetime(2026, 10, 4, 2, 15), "Australia/Lord_Howe", "skipped", "2026-10-03T15:45"),
        (datetime(2026, 4, 24, 0, 0), "Africa/Cairo", "skipped", "2026-04-23T22:00"),
        (datetime(2026, 3, 29, 2, 30), "UTC", "exists", "2026-03-29T02:30"),
    ],
)
def test_a_skipped_time_moves_forward_and_of_a_repeated_one_the_first_is_meant(
    local: datetime, zone: str, fits: str, utc: str
):
    assert times.fit(local, zone) == fits
    assert times.instant(local, zone) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@given(
    st.datetimes(datetime(1970, 1, 1), datetime(2199, 1, 1)),
    st.sampled_from(sorted(times.zone_keys())),
)
def test_a_time_fits_if_and_only_if_it_comes_back_from_its_instant(local: datetime, zone: str):
    local = local.replace(fold=0)
    back = times.instant(local, zone).astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
    assert (times.fit(local, zone) == "skipped") == (back != local)


@given(st.text(max_size=60) | st.from_regex(r"[0-9apm:.h/\-+ TZ,]{0,24}"))
def test_no_text_makes_a_parser_fail_otherwise_than_with_a_fault(text: str):
    for parse in (
        times.parse_day,
        times.parse_moment,
        times.parse_time,
        times.parse_end,
        times.parse_duration,
        times.parse_interval,
        times.parse_period,
        times.parse_zone,
    ):
        try:
            parse(text)
        except Fault as fault:
            assert fault.hint
            assert len(fault.message) < 120


@given(st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31)))
def test_what_is_written_in_our_notation_is_read_back(moment: datetime):
    moment = moment.replace(microsecond=0, fold=0)
    assert times.parse_moment(f"{moment:%Y-%m-%d %H:%M:%S}") == moment
    assert times.parse_moment(f"{moment:%Y-%m-%d}") == moment.date()

"""Time as a build sees it: what has passed, and what falls due next."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from townsquare.clock import Clock, started, within_reach
from townsquare.problems import SetupError

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
INSTANTS = st.datetimes(
    min_value=datetime(1971, 1, 1), max_value=datetime(2190, 1, 1), timezones=st.just(UTC)
).map(lambda instant: instant.replace(microsecond=0))


def test_an_instant_has_passed_from_itself_on():
    clock = Clock(NOW, "UTC")
    assert clock.passed(NOW) and clock.passed(NOW - SECOND)
    assert clock.next_change is None
    assert not clock.passed(NOW + SECOND)
    assert clock.next_change == NOW + SECOND


@given(INSTANTS, st.lists(INSTANTS, max_size=8))
def test_the_next_change_is_the_nearest_instant_that_was_asked_for_and_has_not_passed(now, asked):
    clock = Clock(now, "UTC")
    answers = [clock.passed(instant) for instant in asked]
    assert answers == [instant <= now for instant in asked]
    assert clock.next_change == min((i for i in asked if i > now), default=None)


@given(INSTANTS, st.lists(INSTANTS, min_size=1, max_size=8))
def test_nothing_changes_before_the_next_change_and_something_does_then(now, asked):
    clock = Clock(now, "UTC")
    before = [clock.passed(instant) for instant in asked]
    if clock.next_change is not None:
        still, then = Clock(clock.next_change - SECOND, "UTC"), Clock(clock.next_change, "UTC")
        assert [still.passed(instant) for instant in asked] == before
        assert [then.passed(instant) for instant in asked] != before


@pytest.mark.parametrize(
    ("now", "zone", "month", "next_change"),
    [
        ("2026-11-23T12:00:00Z", "Europe/Berlin", date(2026, 11, 1), "2026-11-30T23:00:00Z"),
        ("2026-11-30T23:00:00Z", "Europe/Berlin", date(2026, 12, 1), "2026-12-31T23:00:00Z"),
        ("2026-11-30T22:59:59Z", "Europe/Berlin", date(2026, 11, 1), "2026-11-30T23:00:00Z"),
        ("2026-12-01T05:00:00Z", "America/Lima", date(2026, 12, 1), "2027-01-01T05:00:00Z"),
        ("2026-12-01T04:59:59Z", "America/Lima", date(2026, 11, 1), "2026-12-01T05:00:00Z"),
    ],
)  # fmt: skip
def test_a_month_begins_at_midnight_in_the_sites_zone(now, zone, month, next_change):
    clock = Clock(datetime.fromisoformat(now), zone)
    assert clock.month() == month
    assert clock.next_change == datetime.fromisoformat(next_change)


def test_a_day_has_passed_when_it_is_over_in_the_sites_zone():
    berlin = datetime(2026, 11, 23, 23, tzinfo=UTC)
    assert Clock(berlin, "Europe/Berlin").day_passed(date(2026, 11, 23))
    clock = Clock(berlin - SECOND, "Europe/Berlin")
    assert not clock.day_passed(date(2026, 11, 23))
    assert clock.next_change == berlin


def test_parts_of_a_second_and_offsets_make_no_difference():
    there = timezone(timedelta(hours=9))
    now = datetime(2026, 11, 23, 21, 0, 0, 999_999, tzinfo=there)
    assert Clock(now, "UTC").stamp() == NOW


def test_a_clock_without_a_zone_is_a_bug_of_the_caller():
    with pytest.raises(ValueError, match="zone"):
        Clock(datetime(2026, 11, 23), "UTC")


def test_a_build_without_an_instant_is_as_of_source_date_epoch(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795435200")
    assert started() == datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize("value", ["soon", "-1", "1.5", "²", "99999999999", "9999999999"])
def test_a_source_date_epoch_that_is_none_is_a_broken_set_up(monkeypatch, value):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", value)
    with pytest.raises(SetupError):
        started()


@pytest.mark.parametrize("value", [None, ""])
def test_without_source_date_epoch_the_clock_is_read(monkeypatch, value):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    if value is not None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", value)
    before = datetime.now(UTC)
    assert before <= started() <= datetime.now(UTC)


@pytest.mark.parametrize("year", [1969, 2200])
def test_no_build_is_as_of_an_instant_around_which_dates_cannot_be_reckoned(year):
    with pytest.raises(SetupError, match="1970 to 2199"):
        within_reach(datetime(year, 6, 1, tzinfo=UTC))

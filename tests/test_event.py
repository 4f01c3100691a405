"""What an event may say, what it means, and what is refused."""

from datetime import date, datetime, timedelta

import pytest
from event_files import SETTINGS, entry, faults, problems, schedule

from townsquare import recurrence
from townsquare.kinds.event_checks import FORMATS
from townsquare.problems import Severity

TIMED = "title: T\nstart: 2026-05-21 18:00\n"
WEEKLY = "title: T\nstart: 2026-05-21 18:00\nrepeat: {every: week, times: 4}\n"
DAY = "title: T\nstart: 2026-05-21\n"


def test_three_lines_are_enough():
    made = entry("title: May call\nstart: 2026-05-21 18:00\nwhere: online")
    plan = schedule(made)
    assert (plan.start, plan.end) == (datetime(2026, 5, 21, 18), datetime(2026, 5, 21, 19))
    assert not plan.end_stated
    assert (plan.zone, plan.details.mode) == ("Europe/Berlin", "online")


@pytest.mark.parametrize(
    ("front", "start", "end", "last"),
    [
        (TIMED + "end: 19:30", "2026-05-21 18:00:00", "2026-05-21 19:30:00", "2026-05-21"),
        (TIMED + "duration: 1h30m", "2026-05-21 18:00:00", "2026-05-21 19:30:00", "2026-05-21"),
        (TIMED + "duration: 6h", "2026-05-21 18:00:00", "2026-05-22 00:00:00", "2026-05-21"),
        (
            TIMED + "end: 2026-05-23 12:00",
            "2026-05-21 18:00:00",
            "2026-05-23 12:00:00",
            "2026-05-23",
        ),
        (DAY, "2026-05-21", "2026-05-22", "2026-05-21"),
        (DAY + "end: 2026-05-23", "2026-05-21", "2026-05-24", "2026-05-23"),
        (DAY + "end: 2026-05-21", "2026-05-21", "2026-05-22", "2026-05-21"),
        (DAY + "duration: 3d", "2026-05-21", "2026-05-24", "2026-05-23"),
        (DAY + "end: 2027-05-21", "2026-05-21", "2027-05-22", "2027-05-21"),
    ],
)
def test_an_end_is_a_time_a_date_that_is_included_or_a_duration(
    front: str, start: str, end: str, last: str
):
    plan = schedule(entry(front))
    (only,) = recurrence.occurrences(plan, date.min, date.max, limit=9)
    assert (str(plan.start), str(plan.end), str(only.last_day)) == (start, end, last)


@pytest.mark.parametrize(
    ("front", "found"),
    [
        (
            TIMED + "end: 17:00",
            (
                "4:6 ends_before_start: the end is not after the start"
                " | if it ends the next day, write `2026-05-22 17:00`"
            ),
        ),
        (
            TIMED + "end: 18:00",
            (
                "4:6 ends_before_start: the end is not after the start"
                " | if it ends the next day, write `2026-05-22 18:00`"
            ),
        ),
        (
            TIMED + "end: 2026-05-20 19:00",
            (
                "4:6 ends_before_start: the end is not after the start"
                " | write a later end, or an earlier start"
            ),
        ),
        (
            DAY + "end: 2027-05-22",
            (
                "4:6 event_too_long: it takes more than 366 days | correct the year; "
                "of what goes on for longer, write an event for each season"
            ),
        ),
        (
            DAY + "end: 2026-05-20",
            (
                "4:6 ends_before_start: the end is not after the start"
                " | write a later end, or an earlier start"
            ),
        ),
        (
            TIMED + "end: 19:00\nduration: 1h",
            "5:11 end_and_duration: an end stands beside a duration | keep one of the two",
        ),
        (
            TIMED + "end: 2026-05-22",
            (
                "4:6 end_mixes_date_and_time: the start has a time, the end has none"
                " | write the end with its time, as in `19:00`"
            ),
        ),
        (
            DAY + "end: 19:00",
            (
                "4:6 end_mixes_date_and_time: the end has a time, the start has none"
                " | write the start with its time, or the end without"
            ),
        ),
        (
            DAY + "end: 2026-05-22 19:00",
            (
                "4:6 end_mixes_date_and_time: the end has a time, the start has none"
                " | write the start with its time, or the end without"
            ),
        ),
        (
            DAY + "duration: 90m",
            (
                "4:11 end_mixes_date_and_time: the event is all day, its duration is not"
                " | write whole days, as in `2d`, or give the start a time"
            ),
        ),
        (
            "title: T",
            (
                "1:1 field_missing: the event has neither `start` nor `sessions`"
                " | add `start: 2026-05-21 18:00`"
            ),
        ),
        (
            TIMED + "format: workshp",
            (
                "4:9 value_not_listed: no format is called `workshp` | did you mean `workshop`?"
                f" formats are: {', '.join((*FORMATS, *SETTINGS.event_formats))}"
            ),
        ),
        (
            TIMED + "status: rescheduled",
            (
                "4:9 rescheduled_without_previous_start: the event is rescheduled, and nothing says"
                " from when | add `previous_start:` with the date that people knew"
            ),
        ),
    ],
)
def test_times_that_contradict_each_other_are_refused_where_they_stand(front: str, found: str):
    assert faults(front) == [found]


def test_a_date_with_a_time_beside_a_rule_of_whole_days_is_refused():
    (found,) = faults(DAY + "repeat: {every: week, also: [2026-05-30, 2026-05-31 18:00]}")
    assert found.startswith("4:42 end_mixes_date_and_time: the event is all day, this date has")


def test_an_exception_with_a_time_is_no_date_of_a_rule_of_whole_days():
    (found,) = faults(DAY + "repeat: {every: week, except: [2026-05-28 18:00]}")
    assert "change_matches_no_occurrence" in found


def test_a_setting_adds_formats():
    assert entry(TIMED + "format: hackathon").fields.format == "hackathon"


@pytest.mark.parametrize(
    ("where", "mode", "place", "join"),
    [
        ("where: online", "online", None, ""),
        ("where: Online", "online", None, ""),
        ("where: https://meet.example.org/x", "online", None, "https://meet.example.org/x"),
        ("where: Town Library", "in-person", "Town Library", ""),
        ("place: Town Library", "in-person", "Town Library", ""),
        ("where: online\nplace: Town Library", "hybrid", "Town Library", ""),
        (
            "where: Town Library\njoin: https://meet.example.org/x",
            "hybrid",
            "Town Library",
            "https://meet.example.org/x",
        ),
        ("where: Library\nplace: {city: Berlin}", "in-person", "Library, Berlin", ""),
        ("mode: hybrid\nplace: {city: Berlin, country: DE}", "hybrid", "Berlin, DE", ""),
        ("mode: in-person", "in-person", None, ""),
        ("place: Library\nstatus: moved-online", "online", None, ""),
        ("", None, None, ""),
    ],
)
def test_how_one_takes_part_is_found_out_where_it_can_be(
    where: str, mode: str | None, place: str | None, join: str
):
    details = schedule(entry(TIMED + where)).details
    assert (details.mode, details.place and details.place.line(), details.join) == (
        mode, place, join,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("where", "hint"),
    [
        ("mode: online\nplace: Library", "write `mode: hybrid`, or delete the place"),
        ("mode: in-person\nwhere: online", "write `mode: online`, or name the place"),
        (
            "mode: in-person\njoin: https://meet.example.org/x\nplace: Library",
            "write `mode: hybrid`",
        ),
        ("mode: hybrid\nwhere: online", "name the place, or write `mode: online`"),
        ("where: Library\nplace: Town hall", "keep one of the two"),
        ("where: https://a.example.org\njoin: https://b.example.org", "keep one of the two"),
    ],
)
def test_a_mode_that_contradicts_the_place_is_refused(where: str, hint: str):
    (found,) = faults(TIMED + where)
    assert "mode_contradicts_place" in found
    assert found.endswith(f" | {hint}")


def test_an_address_without_its_scheme_is_no_place():
    (found,) = faults(TIMED + "where: zoom.example/j/123")
    assert found == (
        "4:8 value_invalid: `zoom.example/j/123` is neither a place nor a whole address"
        " | write `https://zoom.example/j/123`"
    )


@pytest.mark.parametrize("geo", ["[52.5]", "[91, 10]", "[1, 2, 3]", "[52.5, 200]", "[nan, 1]"])
def test_a_position_is_a_latitude_and_a_longitude(geo: str):
    (found,) = faults(TIMED + f"place: {{name: Library, geo: {geo}}}")
    assert "value_invalid" in found


def test_a_place_has_a_name_or_an_address():
    (found,) = faults(TIMED + "place: {geo: [52.5, 13.4]}")
    assert found.startswith("4:1 field_missing: the place has neither name nor address")


def test_a_price_is_free_an_amount_or_a_list():
    for price, read in (
        ("free", [(None, "free", True)]),
        ("149 EUR", [(None, "149 EUR", False)]),
        (
            "[{name: Regular, price: 10 EUR}, {name: Students, price: free}]",
            [("Regular", "10 EUR", False), ("Students", "free", True)],
        ),
    ):
        made = entry(TIMED + f"registration: {{price: {price}}}")
        assert made.fields.registration is not None
        prices = made.fields.registration.price
        assert [(p.name, p.price, p.free) for p in prices] == read


@pytest.mark.parametrize(
    ("closes", "refused"),
    [
        ("2026-05-21", False),
        ("2026-05-21 18:30", False),
        ("2026-05-21 19:30", True),
        ("2026-05-22", True),
    ],
)
def test_registration_closes_before_the_end(closes: str, refused: bool):
    found = faults(TIMED + f"registration: {{closes: {closes}}}")
    assert bool(found) is refused
    assert all("registration_closes_after_end" in each for each in found)


def test_registration_of_a_series_closes_before_its_last_occurrence_ends():
    assert faults(WEEKLY + "registration: {closes: 2026-06-11}") == []
    (found,) = faults(WEEKLY + "registration: {closes: 2026-06-12}")
    assert found.startswith("5:24 registration_closes_after_end")


def test_registration_of_one_occurrence_closes_before_it_ends():
    (found,) = faults(WEEKLY + "changes:\n  2026-05-28:\n    registration: {closes: 2026-05-29}\n")
    assert found.startswith("7:28 registration_closes_after_end")


def test_registration_opens_before_it_closes():
    (found,) = faults(TIMED + "registration: {opens: 2026-05-20, closes: 2026-05-19}")
    assert found.startswith("4:43 registration_closes_before_it_opens")


@pytest.mark.parametrize(
    ("key", "near"),
    [("2026-05-27", "2026-05-28"), ("2026-05-20", "2026-05-21"), ("2027-01-01", "2026-06-11")],
)
def test_a_change_names_a_date_of_the_rule(key: str, near: str):
    (found,) = faults(WEEKLY + f"changes:\n  {key}: {{status: cancelled}}")
    assert found == (
        f"6:3 change_matches_no_occurrence: the rule gives no {key} | did you mean `{near}`?"
    )


def test_an_exception_names_a_date_of_the_rule():
    (found,) = faults(
        "title: T\nstart: 2026-05-21\nrepeat:\n  every: week\n  except: [2026-05-28, 2026-06-03]"
    )
    assert found.startswith("6:24 change_matches_no_occurrence: the rule gives no 2026-06-03")
    assert found.endswith("did you mean `2026-06-04`?")


@pytest.mark.parametrize(
    ("more", "code", "message"),
    [
        (
            "repeat: {every: week, except: [2026-05-28]}\nchanges: {2026-05-28: {title: X}}",
            "change_matches_no_occurrence",
            "2026-05-28 is excepted",
        ),
        (
            "repeat: {every: week}\nchanges: {2026-05-28: {title: X}, 2026-05-28T18:00: {}}",
            "change_matches_no_occurrence",
            "2026-05-28T18:00 is changed twice",
        ),
        (
            "changes: {2026-05-21: {title: X}}",
            "change_matches_no_occurrence",
            "only an event that repeats has occurrences to change",
        ),
        (
            "repeat: {every: week, times: 2, except: [2026-05-21, 2026-05-28]}",
            "repeat_has_no_dates",
            "every date of the rule is excepted",
        ),
        (
            "repeat: {every: week, also: [2026-05-20]}",
            "repeat_invalid",
            "this is before the start",
        ),
        (
            "repeat: {every: week, except: [2026-05-28], also: [2026-05-28]}",
            "repeat_invalid",
            "this date stands in `except` too",
        ),
        (
            "repeat: {every: week}\nsessions: [{start: 2026-06-01 18:00}]",
            "repeat_and_sessions",
            "the event has `repeat` and `sessions`",
        ),
        (
            "repeat: {every: week}\nchanges: {2026-05-28: {end: 17:00}}",
            "ends_before_start",
            "the end is not after the start",
        ),
        (
            "repeat: {every: week}\nchanges: {2026-05-28: {start: 2026-05-29}}",
            "end_mixes_date_and_time",
            "the start has a time, the end has none",
        ),
        (
            "repeat: {every: week}\nchanges: {2026-05-28: {status: rescheduled}}",
            "rescheduled_without_previous_start",
            "this occurrence is rescheduled, and no new start is given",
        ),
        (
            "repeat: {every: week}\nchanges: {next week: {title: X}}",
            "date_invalid",
            "`next week` is not a date",
        ),
    ],
)
def test_changes_and_exceptions_that_cannot_be_right_are_refused(
    more: str, code: str, message: str
):
    (found,) = faults(TIMED + more)
    assert f"{code}: {message} | " in found


@pytest.mark.parametrize(
    ("front", "at", "code"),
    [
        ("start: 2026-03-29 02:30\nend: 04:00", "3:8", "local_time_does_not_exist"),
        ("start: 2026-03-29 01:00\nend: 02:30", "4:6", "local_time_does_not_exist"),
        ("start: 2026-03-29 01:00\nduration: 90m", "4:11", "local_time_does_not_exist"),
        ("start: 2026-03-29 01:30", "3:8", "local_time_does_not_exist"),
        ("start: 2026-10-25 02:30\nend: 04:00", "3:8", "local_time_is_ambiguous"),
        ("start: 2026-10-25 01:00\nend: 02:30", "4:6", "local_time_is_ambiguous"),
        (
            "sessions:\n  - {start: 2026-03-29 02:30, end: 04:00}",
            "4:13",
            "local_time_does_not_exist",
        ),
    ],
)
def test_a_time_that_clocks_skip_or_show_twice_is_found(front: str, at: str, code: str):
    (found,) = faults(f"title: T\n{front}")
    assert found.startswith(f"{at} {code}: clocks in Europe/Berlin ")


def test_a_rule_that_comes_to_a_time_that_clocks_skip_is_found_until_that_date_is_changed():
    front = "title: T\nstart: 2026-03-08 02:30\nend: 03:30\nrepeat: {every: week, times: 5}\n"
    (found,) = faults(front)
    assert found == (
        "3:8 local_time_does_not_exist: clocks in Europe/Berlin skip 02:30 on 2026-03-29"
        " | give that date times of its own: `changes: {2026-03-29: {start: …, end: …}}`"
    )
    assert faults(front + "changes: {2026-03-29: {start: 04:00, end: 05:00}}") == []


def test_a_rule_that_comes_to_a_time_that_clocks_show_twice_is_a_warning():
    front = "title: T\nstart: 2026-10-18 02:30\nend: 03:30\nrepeat: {every: week, times: 3}\n"
    (found,) = problems(front)
    assert (found.code, found.severity) == ("local_time_is_ambiguous", Severity.WARNING)


def test_zones_without_daylight_saving_have_every_time():
    front = "title: T\nstart: 2026-03-08 02:30\ntimezone: Asia/Kathmandu\nrepeat: {every: day}"
    assert faults(front) == []


SESSIONS = """
title: School
duration: 90m
where: https://meet.example.org/school
sessions:
  - {start: 2026-06-01 18:00, title: One, speakers: [bo]}
  - {start: 2026-06-03 18:00, end: 21:00}
  - {start: 2026-06-03 09:00, id: brunch, status: cancelled, status_note: ill}
  - {start: 2026-06-03 14:00, recording: https://example.org/3.mp4}
  - {start: 2026-06-10}
"""


def test_sessions_are_occurrences_of_their_own_with_the_events_length_and_details():
    found = recurrence.occurrences(schedule(entry(SESSIONS)), date.min, date.max, limit=9)
    assert [
        (o.key, str(o.start), str(o.end), o.details.title, o.details.status) for o in found
    ] == [
        ("2026-06-01", "2026-06-01 18:00:00", "2026-06-01 19:30:00", "One", "confirmed"),
        ("brunch", "2026-06-03 09:00:00", "2026-06-03 10:30:00", "School", "cancelled"),
        ("2026-06-03-2", "2026-06-03 14:00:00", "2026-06-03 15:30:00", "School", "confirmed"),
        ("2026-06-03", "2026-06-03 18:00:00", "2026-06-03 21:00:00", "School", "confirmed"),
        ("2026-06-10", "2026-06-10", "2026-06-11", "School", "confirmed"),
    ]
    assert found[2].details.after is not None
    assert found[2].details.after.recordings[0].url == "https://example.org/3.mp4"
    assert {o.details.mode for o in found} == {"online"}


def test_moving_a_session_within_its_day_keeps_its_name():
    moved = SESSIONS.replace("2026-06-01 18:00", "2026-06-01 19:00")
    keys = [[s.key for s in schedule(entry(front)).sessions] for front in (SESSIONS, moved)]
    assert keys[0] == keys[1]


@pytest.mark.parametrize(
    ("front", "found"),
    [
        (
            "sessions:\n  - {start: 2026-06-01, id: a}\n  - {start: 2026-06-02, id: a}",
            "5:5 duplicate_id: two sessions are called `a`",
        ),
        (
            "sessions:\n  - {start: 2026-06-01 18:00, end: 17:00}",
            "4:36 ends_before_start: the end is not after the start",
        ),
        (
            "sessions:\n  - {start: 2026-06-01 18:00, end: 19:00, duration: 1h}",
            "4:53 end_and_duration: an end stands beside a duration",
        ),
        (
            "start: 2026-05-01\nsessions:\n  - {start: 2026-06-01}",
            "3:8 start_not_in_repeat: the event starts when none of its sessions does",
        ),
        (
            "sessions:\n  - {start: 2026-06-01}\nchanges: {2026-06-01: {title: X}}",
            "5:1 repeat_and_sessions: sessions are changed where they stand",
        ),
    ],
)
def test_sessions_that_cannot_be_right_are_refused(front: str, found: str):
    assert [each.partition(" | ")[0] for each in faults(f"title: T\n{front}")] == [found]


def test_a_change_leaves_everything_else_as_the_event_says_it():
    made = entry(
        WEEKLY
        + "description: Weekly\nplace: Library\nspeakers: [bo]\nregistration: https://example.org/r\n"
        + "after: {attended: 5}\nchanges: {2026-05-28: {join: https://meet.example.org/x}}"
    )
    usual, changed = recurrence.occurrences(schedule(made), date.min, date.max, limit=2)
    assert (usual.details.mode, changed.details.mode) == ("in-person", "hybrid")
    assert changed.details.place == usual.details.place
    assert changed.details.speakers == usual.details.speakers
    assert changed.details.registration == usual.details.registration
    assert (changed.details.title, changed.details.description) == ("T", "Weekly")
    assert changed.details.after is None
    assert changed.details.status == "confirmed"


@pytest.mark.parametrize("status", ["cancelled", "postponed", "tentative"])
def test_a_date_with_a_status_of_its_own_is_still_online(status: str):
    made = entry(WEEKLY + f"where: online\nchanges: {{2026-05-28: {{status: {status}}}}}")
    usual, changed = recurrence.occurrences(schedule(made), date.min, date.max, limit=2)
    assert (usual.details.mode, changed.details.mode) == ("online", "online")


def test_an_occurrence_may_take_place_in_another_zone():
    made = entry(WEEKLY + "changes: {2026-05-28: {timezone: America/New_York, start: 18:00}}")
    _, changed = recurrence.occurrences(schedule(made), date.min, date.max, limit=2)
    assert str(changed.begins) == "2026-05-28 22:00:00+00:00"
    assert changed.key == "2026-05-28"


def test_organisers_and_speakers_are_credited_those_of_single_dates_too():
    made = entry(
        WEEKLY
        + "organisers: [ana, {name: Guest, url: https://example.org/g}]\nspeakers: [bo]\n"
        + "changes: {2026-05-28: {speakers: [cy]}}"
    )
    credits = [(role, who.person or who.name) for role, who in made.fields.credits()]
    assert credits == [
        ("organiser", "ana"), ("organiser", "Guest"), ("speaker", "bo"), ("speaker", "cy"),
    ]  # fmt: skip


def test_no_end_is_the_settings_length_and_known_not_to_be_the_authors():
    plan = schedule(entry(TIMED))
    assert plan.end - plan.start == SETTINGS.default_duration == timedelta(hours=1)
    assert plan.end_stated is False

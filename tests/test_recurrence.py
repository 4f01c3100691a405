"""Rules from words and from RFC 5545 text, and the dates that they give."""

from datetime import date, datetime, timedelta
from itertools import islice, takewhile

import pytest
from dateutil.rrule import rrulestr
from event_files import entry, faults, schedule
from hypothesis import assume, given
from hypothesis import strategies as st

from townsquare import plain_rules, recurrence, rfc_rules, rules
from townsquare.problems import Fault
from townsquare.recurrence import Schedule

FAR = date(2199, 12, 31)


def plan(start: str, repeat: str, more: str = "") -> Schedule:
    return schedule(entry(f"title: T\nstart: {start}\nrepeat: {repeat}\n{more}"))


def days(start: str, repeat: str, number: int = 4, more: str = "") -> list[str]:
    found = recurrence.occurrences(plan(start, repeat, more), date.min, FAR, limit=number)
    return [str(one.start) for one in found]


def text(start: str, repeat: str) -> str:
    made = plan(start, repeat)
    assert made.rule is not None
    return made.rule.text(None if made.all_day else made.zone)


@pytest.mark.parametrize(
    ("start", "words", "rule"),
    [
        ("2026-01-05", "{every: day}", "FREQ=DAILY"),
        ("2026-01-05", "{every: 3 days}", "FREQ=DAILY;INTERVAL=3"),
        ("2026-01-05", "{every: weekday}", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("2026-01-05", "{every: week}", "FREQ=WEEKLY;BYDAY=MO"),
        (
            "2026-01-05",
            "{every: 2 weeks, on: [thursday, monday]}",
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH",
        ),
        ("2026-01-05", "{every: week, on: monday, times: 10}", "FREQ=WEEKLY;COUNT=10;BYDAY=MO"),
        ("2026-01-05", "{every: month}", "FREQ=MONTHLY;BYMONTHDAY=5"),
        ("2026-01-05", "{every: 3 months, on: 5}", "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=5"),
        ("2026-01-13", "{every: month, on: second tuesday}", "FREQ=MONTHLY;BYDAY=2TU"),
        (
            "2026-01-13",
            "{every: month, on: [second tuesday, fourth tuesday]}",
            "FREQ=MONTHLY;BYDAY=2TU,4TU",
        ),
        (
            "2026-01-30",
            "{every: month, on: last weekday}",
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        ),
        ("2026-01-31", "{every: month, on: last day}", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("2026-01-30", "{every: month, on: last friday}", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("2028-02-29", "{every: year}", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"),
        (
            "2026-10-08",
            "{every: year, on: second thursday of october}",
            "FREQ=YEARLY;BYMONTH=10;BYDAY=2TH",
        ),
        ("2026-10-16", "{every: year, on: 16 october}", "FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=16"),
        ("2026-10-16", "{every: year, on: october 16th}", "FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=16"),
        ("2026-10-16", "{every: year, on: 16}", "FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=16"),
    ],
)
def test_words_and_text_give_one_rule_in_which_nothing_is_left_to_guess(
    start: str, words: str, rule: str
):
    assert text(start, words) == f"{rule};WKST=MO"
    assert text(start, rule) == f"{rule};WKST=MO"
    assert days(start, words, 20) == days(start, rule, 20)


@pytest.mark.parametrize(
    ("rule", "filled"),
    [
        ("FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=5"),
        ("RRULE:FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=MO"),
        ("freq=monthly", "FREQ=MONTHLY;BYMONTHDAY=5"),
        ("FREQ=YEARLY;BYMONTHDAY=5", "FREQ=MONTHLY;BYMONTHDAY=5"),
        ("FREQ=YEARLY;BYDAY=MO", "FREQ=MONTHLY;BYDAY=MO"),
        ("FREQ=MONTHLY;BYMONTH=1,3;BYDAY=1MO", "FREQ=YEARLY;BYMONTH=1,3;BYDAY=1MO"),
        ("FREQ=DAILY;BYMONTHDAY=5,-1", "FREQ=MONTHLY;BYMONTHDAY=5,-1"),
        ("FREQ=DAILY;BYMONTH=1;BYMONTHDAY=5", "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=5"),
        ("FREQ=YEARLY;BYMONTH=4,1", "FREQ=YEARLY;BYMONTH=1,4;BYMONTHDAY=5"),
        ("FREQ=WEEKLY;WKST=SU;BYDAY=MO", "FREQ=WEEKLY;BYDAY=MO"),
        ("FREQ=WEEKLY;COUNT=5;INTERVAL=2;", "FREQ=WEEKLY;INTERVAL=2;COUNT=5;BYDAY=MO"),
    ],
)
def test_what_a_rule_leaves_open_is_filled_in_from_its_start(rule: str, filled: str):
    assert text("2026-01-05", rule) == f"{filled};WKST=MO"


@pytest.mark.parametrize(
    ("until", "written"),
    [
        ("{every: week, until: 2026-07-06}", "UNTIL=20260706T215959Z"),
        ("FREQ=WEEKLY;UNTIL=20260706", "UNTIL=20260706T215959Z"),
        ("FREQ=WEEKLY;UNTIL=20260706T180000", "UNTIL=20260706T215959Z"),
        ("FREQ=WEEKLY;UNTIL=20260706T160000Z", "UNTIL=20260706T215959Z"),
        ("FREQ=WEEKLY;UNTIL=20260706T155959Z", "UNTIL=20260705T215959Z"),
        ("FREQ=WEEKLY;UNTIL=20260706T175959", "UNTIL=20260705T215959Z"),
    ],
)
def test_until_is_written_in_utc_as_the_end_of_the_last_day_on_which_the_rule_may_start(
    until: str, written: str
):
    assert written in text("2026-01-05 18:00", until)


def test_until_is_a_date_when_the_event_is_all_day():
    assert "UNTIL=20260706;" in text("2026-01-05", "{every: week, until: 2026-07-06}")


def test_until_is_inclusive():
    assert days("2026-01-05", "{every: week, until: 2026-01-19}", 9) == [
        "2026-01-05", "2026-01-12", "2026-01-19",
    ]  # fmt: skip


def test_times_counts_the_dates_of_the_rule_excepted_ones_too():
    repeat = "{every: week, times: 4, except: [2026-01-12]}"
    assert days("2026-01-05", repeat, 9) == ["2026-01-05", "2026-01-19", "2026-01-26"]


def test_dates_beside_the_rule_are_not_counted_and_may_have_a_time_of_their_own():
    repeat = "{every: week, times: 2, also: [2026-01-08, 2026-01-09 20:00, 2026-01-12]}"
    assert days("2026-01-05 18:00", repeat, 9) == [
        "2026-01-05 18:00:00", "2026-01-08 18:00:00", "2026-01-09 20:00:00", "2026-01-12 18:00:00",
    ]  # fmt: skip


def test_a_month_without_the_day_is_passed_over():
    assert days("2026-01-31", "{every: month}") == [
        "2026-01-31", "2026-03-31", "2026-05-31", "2026-07-31",
    ]  # fmt: skip
    assert days("2028-02-29", "{every: year}", 3) == ["2028-02-29", "2032-02-29", "2036-02-29"]


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        ("{every: fortnight}", "`fortnight` is not how often", "write `2 weeks`"),
        ("{every: monday}", "`monday` is not how often", "write `every: week` and `on: monday`"),
        ("{every: 0 days}", "`0 days` is not how often", plain_rules.EVERY_HINT),
        ("{every: 100 years}", "`100 years` is not how often", plain_rules.EVERY_HINT),
        (
            "{every: week, on: tusday}",
            "`tusday` is not a day of a rule",
            "did you mean `tuesday`? " + plain_rules.ON_HINT,
        ),
        ("{every: month, on: 32}", "`32` is not a day of a rule", plain_rules.ON_HINT),
        (
            "{every: month, on: monday}",
            "which monday?",
            "write `first monday` or `every: week`",
        ),
        (
            "{every: week, on: second monday}",
            "a week has no such day",
            "write `every: month`",
        ),
        (
            "{every: month, on: second monday of may}",
            "a month is named",
            "write `every: year`",
        ),
        ("{every: day, on: monday}", "`on` says which days, and so does `every`", "keep one"),
        ("{every: weekday, on: monday}", "`on` says which days, and so does `every`", "keep one"),
        (
            "{every: month, on: [5, first monday]}",
            "these days do not fit into one rule",
            "make two events of it, or write an RFC 5545 rule",
        ),
        (
            "{every: year, on: [first monday of may, second monday of june]}",
            "these days do not fit into one rule",
            "make two events of it, or write an RFC 5545 rule",
        ),
        (
            "{every: week, until: 2026-07-01, times: 3}",
            "`until` and `times` contradict each other",
            "keep one",
        ),
        (
            "{every: week, times: 0}",
            "0 times cannot be meant",
            "write from 1 to 1000, or `until` with a date",
        ),
        (
            "{every: week, until: 2026-01-04}",
            "the rule ends before its start",
            "write a later `until`",
        ),
        ("{on: monday}", "`every` is missing", plain_rules.EVERY_HINT),
        ("weekly", "`weekly` is not a rule", rfc_rules.WORDS_HINT),
        (
            "FREQ=HOURLY",
            "the rule is not daily or coarser",
            "begin with FREQ=DAILY, WEEKLY, MONTHLY or YEARLY",
        ),
        (
            "FREQ=DAILY;BYHOUR=9,17",
            "`BYHOUR` cannot stand in a rule",
            f"rules are made of FREQ, {', '.join(rfc_rules.PARTS)} here",
        ),
        (
            "FREQ=DAILY;INTERVAL=0",
            "`INTERVAL=0` is not right",
            "INTERVAL is from 1 to 99",
        ),
        ("FREQ=DAILY;COUNT=99999", "`COUNT=99999` is not right", "COUNT is from 1 to 1000"),
        ("FREQ=DAILY;COUNT=-1", "`COUNT=-1` is not right", "COUNT is from 1 to 1000"),
        (
            "FREQ=WEEKLY;BYDAY=XX",
            "`BYDAY=XX` is not right",
            "BYDAY is as in BYDAY=MO,TH or BYDAY=2TU",
        ),
        (
            "FREQ=WEEKLY;UNTIL=soon",
            "`UNTIL=SOON` is not right",
            "UNTIL is as in UNTIL=20261217",
        ),
        (
            "FREQ=DAILY;COUNT=3;UNTIL=20260201",
            "COUNT and UNTIL contradict each other",
            "change the rule; " + rfc_rules.WORDS_HINT,
        ),
        (
            "FREQ=WEEKLY;BYDAY=2MO",
            "numbers in BYDAY are for monthly and yearly rules",
            "change the rule; " + rfc_rules.WORDS_HINT,
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=MO,SU",
            "weeks begin on Monday: WKST=MO",
            "change the rule; " + rfc_rules.WORDS_HINT,
        ),
        (
            "FREQ=MONTHLY;BYDAY=1MO,TU",
            "BYDAY has numbered days beside plain ones",
            "change the rule; " + rfc_rules.WORDS_HINT,
        ),
        ("FREQ=WEEKLY;FREQ=DAILY", "the rule has FREQ twice", "keep one of the two"),
    ],
)
def test_a_rule_that_cannot_be_understood_is_refused_with_one_thing_to_do(
    words: str, message: str, hint: str
):
    (found,) = faults(f"title: T\nstart: 2026-01-05\nrepeat: {words}")
    assert found.partition(" ")[2] == f"repeat_invalid: {message} | {hint}"


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("FREQ=MONTHLY;INTERVAL=2;BYMONTH=1", "BYMONTH beside INTERVAL is for yearly rules"),
        (
            "FREQ=DAILY;INTERVAL=2;BYMONTHDAY=5",
            "BYMONTHDAY beside INTERVAL is for monthly and yearly rules",
        ),
        ("FREQ=MONTHLY;BYMONTH=1,2;BYDAY=MO;BYSETPOS=1", "BYSETPOS needs one BYMONTH"),
        (
            "FREQ=MONTHLY;BYDAY=1MO;BYSETPOS=-1",
            "BYSETPOS chooses among plain days of BYDAY",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=5,6;BYSETPOS=1",
            "BYSETPOS chooses among plain days of BYDAY",
        ),
        (
            "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=5;BYDAY=1MO",
            "BYMONTHDAY stands beside numbered days",
        ),
        (
            "FREQ=YEARLY;BYMONTH=1,2;BYMONTHDAY=5,30",
            "not each of the months has each of the days",
        ),
        ("FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=5,-1", "not each of the months has each of the days"),
    ],
)
def test_a_rule_about_which_engines_disagree_is_refused(rule: str, message: str):
    (found,) = faults(f"title: T\nstart: 2026-01-05\nrepeat: {rule}")
    assert f" repeat_invalid: {message} | " in found


def test_a_rule_beside_words_is_refused():
    (found,) = faults("title: T\nstart: 2026-01-05\nrepeat: {rule: FREQ=DAILY, times: 3}")
    assert "repeat_invalid: a rule stands beside `every`, `on`, `until` or `times`" in found


@pytest.mark.parametrize(
    ("start", "repeat", "message", "following"),
    [
        ("2026-01-06", "{every: week, on: monday}", "Tuesday 2026-01-06", "2026-01-12"),
        ("2026-01-06", "{every: month, on: first monday}", "Tuesday 2026-01-06", "2026-02-02"),
        ("2026-01-30", "{every: month, on: last day}", "Friday 2026-01-30", "2026-01-31"),
        ("2026-03-01", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "Sunday 2026-03-01", "2028-02-29"),
        ("2026-01-03", "{every: weekday}", "Saturday 2026-01-03", "2026-01-05"),
    ],
)
def test_a_start_that_its_rule_does_not_give_is_refused_with_the_next_date_of_the_rule(
    start: str, repeat: str, message: str, following: str
):
    (found,) = faults(f"title: T\nstart: {start}\nrepeat: {repeat}")
    assert found == (
        f"3:8 start_not_in_repeat: {message} is not a date of the rule"
        f" | the rule's next date is {following}; start there, or change the rule"
    )


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;INTERVAL=3",
    ],
)
def test_a_rule_that_gives_no_date_at_all_is_refused_as_one_that_misses_its_start(rule: str):
    (found,) = faults(f"title: T\nstart: 2026-01-05\nrepeat: {rule}")
    assert "start_not_in_repeat" in found


def test_a_rule_without_end_is_cut_by_window_and_by_count():
    made = plan("2026-01-05 18:00", "{every: day}")
    in_june = recurrence.occurrences(made, date(2026, 6, 1), date(2026, 6, 30), limit=1000)
    assert [one.start.day for one in in_june] == list(range(1, 31))
    assert len(recurrence.occurrences(made, date.min, date.max, limit=50)) == 50
    assert made.last_instant is None


CHANGES = """
changes:
  2026-01-12: {start: 2026-01-20 20:00, end: 22:00, title: Later}
  2026-01-19: {status: cancelled, status_note: holiday}
  2026-01-26: {start: 17:00, speakers: [cy]}
"""


def test_a_change_moves_only_its_own_occurrence_which_keeps_its_name():
    made = plan("2026-01-05 18:00", "{every: week, times: 5}", CHANGES)
    found = recurrence.occurrences(made, date.min, FAR, limit=99)
    assert [(one.key, str(one.start), str(one.end), one.details.status) for one in found] == [
        ("2026-01-05", "2026-01-05 18:00:00", "2026-01-05 19:00:00", "confirmed"),
        ("2026-01-19", "2026-01-19 18:00:00", "2026-01-19 19:00:00", "cancelled"),
        ("2026-01-12", "2026-01-20 20:00:00", "2026-01-20 22:00:00", "rescheduled"),
        ("2026-01-26", "2026-01-26 17:00:00", "2026-01-26 18:00:00", "rescheduled"),
        ("2026-02-02", "2026-02-02 18:00:00", "2026-02-02 19:00:00", "confirmed"),
    ]
    assert [one.details.title for one in found] == ["T", "T", "Later", "T", "T"]
    assert found[2].details.previous_start == datetime(2026, 1, 12, 18)
    assert found[1].details.status_note == "holiday"
    assert [who.person for who in found[3].details.speakers] == ["cy"]


def test_a_window_holds_what_was_moved_into_it_and_not_what_was_moved_out():
    made = plan("2026-01-05 18:00", "{every: week, times: 5}", CHANGES)
    found = recurrence.occurrences(made, date(2026, 1, 12), date(2026, 1, 12), limit=9)
    assert found == []
    found = recurrence.occurrences(made, date(2026, 1, 20), date(2026, 1, 20), limit=9)
    assert [one.key for one in found] == ["2026-01-12"]


def test_an_occurrence_at_another_time_than_usual_has_the_time_in_its_name_and_anchor():
    made = plan("2026-01-05 18:00", "{every: week, times: 2, also: [2026-01-12 20:00]}")
    found = recurrence.occurrences(made, date.min, FAR, limit=9)
    assert [one.key for one in found] == ["2026-01-05", "2026-01-12", "2026-01-12 20:00"]
    assert [one.anchor for one in found] == ["2026-01-05", "2026-01-12", "2026-01-12-2000"]


def test_an_occurrence_takes_as_long_by_the_clock_when_clocks_change_during_it():
    made = plan("2026-03-21 22:00", "{every: week, times: 2}", "end: 2026-03-22 07:00")
    before, across = recurrence.occurrences(made, date.min, FAR, limit=9)
    assert (before.ends - before.begins) == timedelta(hours=9)
    assert str(across.end) == "2026-03-29 07:00:00"
    assert (across.ends - across.begins) == timedelta(hours=8)


def test_the_last_instant_is_the_end_of_the_last_occurrence_moved_ones_too():
    more = "changes: {2026-01-12: {start: 2026-03-01 10:00}}"
    made = plan("2026-01-05 18:00", "{every: week, times: 2}", more)
    assert str(made.last_instant) == "2026-03-01 10:00:00+00:00"
    assert str(made.first_instant) == "2026-01-05 17:00:00+00:00"


@st.composite
def rule_texts(draw: st.DrawFn) -> tuple[date, str]:
    start = draw(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
    frequency = draw(st.sampled_from(sorted(rules.FREQUENCIES)))
    parts = [f"FREQ={frequency}"]
    if draw(st.booleans()):
        parts.append(f"INTERVAL={draw(st.integers(1, 5))}")
    monthly = frequency in ("MONTHLY", "YEARLY")
    nth = str((start.day - 1) // 7 + 1) if monthly and draw(st.booleans()) else ""
    alone = frequency == "YEARLY" or len(parts) == 1 or parts[1] == "INTERVAL=1"
    if alone and (draw(st.booleans()) or (nth and frequency == "YEARLY")):
        parts.append(f"BYMONTH={start.month}")
    if draw(st.booleans()):
        others = draw(st.lists(st.sampled_from(rules.DAYS), max_size=2))
        named = (nth + day for day in (rules.DAYS[start.weekday()], *others))
        parts.append(f"BYDAY={','.join(named)}")
    end = draw(st.sampled_from(["", "COUNT", "UNTIL"]))
    if end == "COUNT":
        parts.append(f"COUNT={draw(st.integers(1, 40))}")
    if end == "UNTIL":
        last = start + timedelta(days=draw(st.integers(0, 4000)))
        parts.append(f"UNTIL={last:%Y%m%d}")
    return start, ";".join(parts)


@given(rule_texts())
def test_a_completed_rule_gives_what_dateutil_reads_from_the_original_text(
    given_rule: tuple[date, str],
):
    start, text = given_rule
    rule = rules.completed(rfc_rules.parse_rule(text), start, "Europe/Berlin")
    begin, far = (datetime.combine(day, datetime.min.time()) for day in (start, FAR))
    original, written = (rrulestr(t, dtstart=begin) for t in (text, rule.text(None)))
    ours = list(islice(rule.dates(start, FAR), 30))
    for read in (original, written):
        assert ours == [m.date() for m in takewhile(lambda m: m <= far, islice(read, 30))]


@given(rule_texts())
def test_a_rules_text_is_read_as_the_same_rule(given_rule: tuple[date, str]):
    start, text = given_rule
    rule = rules.completed(rfc_rules.parse_rule(text), start, "UTC")
    assert rules.completed(rfc_rules.parse_rule(rule.text(None)), start, "UTC") == rule


@given(st.text(max_size=40) | st.from_regex(r"(FREQ|BYDAY|UNTIL|COUNT)=[A-Z0-9,;=+-]{0,30}"))
def test_no_text_makes_a_rules_parser_fail_otherwise_than_with_a_fault(text: str):
    for parse in (rfc_rules.parse_rule, plain_rules.parse_every, plain_rules.parse_on):
        try:
            parse(text)
        except Fault as fault:
            assert fault.code in ("repeat_invalid", "date_invalid")
            assert fault.hint


@given(
    rule_texts(),
    st.integers(0, 1500),
    st.integers(0, 400),
    st.integers(1, 20),
    st.lists(st.integers(0, 30), max_size=4, unique=True),
)
def test_occurrences_are_ordered_distinct_and_within_window_and_limit(
    given_rule: tuple[date, str], offset: int, length: int, limit: int, moved: list[int]
):
    start, text = given_rule
    assume(start.year < 2038)
    rule = rules.completed(rfc_rules.parse_rule(text), start, "Europe/Berlin")
    dates = list(islice(rule.dates(start, FAR), 31))
    changed = "".join(
        f"  {dates[n]}: {{start: {dates[n] + timedelta(days=n * 3)} 04:00}}\n"
        for n in moved
        if n < len(dates)
    )
    front = f"title: T\nstart: {start} 18:00\nrepeat: {text}\n"
    made = schedule(entry(front + (f"changes:\n{changed}" if changed else "")))
    first = start + timedelta(days=offset)
    last = first + timedelta(days=length)
    found = recurrence.occurrences(made, first, last, limit=limit)
    whole = recurrence.occurrences(made, first, last, limit=100_000)
    assert found == whole[:limit]
    assert [one.begins for one in whole] == sorted(one.begins for one in whole)
    assert len({one.key for one in whole}) == len({one.anchor for one in whole}) == len(whole)
    assert all(first <= one.start.date() <= last for one in whole)  # type: ignore[union-attr]
    assert all(one.begins < one.ends for one in whole)

"""What becomes of events: clashes of those to come, and what remains of those that are over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from communities import NOW, context, of_each
from feed_readers import utc
from hypothesis import given
from hypothesis import strategies as st

from townsquare.checks import clashes, events
from townsquare.checks.clashes import Held


def event(start: str, *lines: str) -> str:
    head = f"---\ntitle: E\nstart: {start}\n"
    return head + "".join(f"{line}\n" for line in lines) + "---\n"


def clashing(root: Path, now: datetime = NOW, **files: str) -> list[tuple[str, str]]:
    written = {f"events/{name}.md": text for name, text in files.items()}
    found = clashes.events_clash(context(root, written, now=now))
    return [(problem.place.path, problem.message) for problem in found]


def without_after(root: Path, *lines: str, now: datetime = NOW) -> int:
    seen = context(root, {"events/a.md": event("2026-10-20 18:00", *lines)}, now=now)
    return len(of_each(events.after_missing)(seen))


FAIR = event("2026-12-03 18:00", "end: 20:00", "tags: [books]")


def test_two_events_on_one_topic_at_one_time_are_told_at_the_later_one(tmp_path):
    chat = event("2026-12-03 19:00", "tags: [music, Books]")
    message = "on 2026-12-03 19:00, events/fair.md is on as well; both are about `books`"
    assert clashing(tmp_path, fair=FAIR, chat=chat) == [("events/chat.md", message)]


@pytest.mark.parametrize(
    "other",
    [
        event("2026-12-03 20:00", "tags: [books]"),
        event("2026-12-03 17:00", "tags: [books]"),
        event("2026-12-03 19:00", "tags: [music]"),
        event("2026-12-03 19:00"),
        event("2026-12-03 19:00", "tags: [books]", "status: cancelled"),
        event("2026-12-03 19:00", "tags: [books]", "status: postponed"),
        event("2026-12-03 19:00", "tags: [books]", "part_of: fair"),
        event("2026-12-03 19:00", "tags: [books]", "draft: yes"),
        event("2026-12-03 19:00", "timezone: America/New_York", "tags: [books]"),
        event(
            "2026-11-26 19:00", "tags: [books]", "repeat: {every: week, times: 3}",
            "changes: {2026-12-03: {status: cancelled}}",
        ),
    ],
)  # fmt: skip
def test_what_touches_is_elsewhere_or_does_not_take_place_is_no_clash(tmp_path, other):
    assert clashing(tmp_path, fair=FAIR, chat=other) == []


def test_a_series_is_told_of_once_at_the_first_of_its_dates_that_clashes(tmp_path):
    weekly = event("2026-11-05 19:00", "tags: [books]", "repeat: {every: week, on: thursday}")
    longer = event("2026-11-26 18:30", "end: 21:00", "tags: [books]", "repeat: {every: 2 weeks}")
    found = clashing(tmp_path, weekly=weekly, longer=longer)
    message = "on 2026-11-26 19:00, events/longer.md is on as well; both are about `books`"
    assert found == [("events/weekly.md", message)]


def test_what_is_over_clashes_no_more(tmp_path):
    chat = event("2026-12-03 19:00", "tags: [books]")
    assert len(clashing(tmp_path, utc(2026, 12, 3, 18, 59), fair=FAIR, chat=chat)) == 1
    assert clashing(tmp_path, utc(2026, 12, 3, 19), fair=FAIR, chat=chat) == []


def test_parts_of_one_event_are_planned_together_and_others_may_clash_with_them(tmp_path):
    files = {
        "fair": event("2026-12-03", "tags: [books]"),
        "hall": event("2026-12-03 10:00", "part_of: fair", "tags: [books]"),
        "talk": event("2026-12-03 10:00", "part_of: hall", "tags: [books]"),
        "chat": event("2026-12-03 10:30", "tags: [books]"),
    }
    assert [path for path, _ in clashing(tmp_path, **files)] == ["events/chat.md"]


HOUR = st.integers(0, 12)
OCCURRENCES = st.lists(
    st.tuples(HOUR, HOUR, st.sampled_from("abcdef"), st.sampled_from(("a", "b", "w")),
              st.sets(st.sampled_from(("x", "y", "z")))),
    max_size=14,
)  # fmt: skip


@given(OCCURRENCES)
def test_whoever_compares_all_with_all_finds_the_same_first_clashes(made):
    start = datetime(2027, 1, 1, tzinfo=UTC)
    wholes = {event: whole for _, _, event, whole, _ in made}
    all_held = sorted(
        Held(
            start + timedelta(hours=hour), start + timedelta(hours=hour + length), event,
            str(number), start, wholes[event], tuple(sorted(tags)),
        )
        for number, (hour, length, event, _whole, tags) in enumerate(made)
    )  # fmt: skip
    expected: dict[str, Held] = {}
    for number, held in enumerate(all_held):
        for before in all_held[:number]:
            apart = before.whole != held.whole and set(before.tags) & set(held.tags)
            if apart and before.ends > held.begins:
                expected.setdefault(held.event, held)
    found = list(clashes.clashes(all_held))
    assert {clash.later.event: clash.later for clash in found} == expected
    assert len(found) == len(expected)
    for clash in found:
        assert clash.tag in clash.later.tags and clash.tag in clash.earlier.tags
        assert clash.earlier.whole != clash.later.whole
        assert clash.earlier.begins <= clash.later.begins < clash.earlier.ends


def test_an_event_without_anything_to_show_is_told_of_after_thirty_days(tmp_path):
    end = utc(2026, 10, 20, 17)
    assert without_after(tmp_path, now=end + timedelta(days=30)) == 1
    assert without_after(tmp_path, now=end + timedelta(days=30, seconds=-1)) == 0


@pytest.mark.parametrize(
    "line",
    [
        "after: {attended: 0}",
        "after: {notes: We agreed.}",
        "after: {recordings: [https://example.org/a.mp4]}",
        "after: {slides: [https://example.org/a.pdf]}",
        "after: {none: Everybody spoke in private.}",
        "status: cancelled",
        "status: postponed",
        "draft: yes",
        "repeat: {every: week, on: tuesday}",
        "repeat: {every: week, on: tuesday, until: 2026-11-10}",
    ],
)
def test_what_remains_is_cancelled_or_goes_on_needs_no_word(tmp_path, line):
    assert without_after(tmp_path, line) == 0


def test_one_of_several_dates_may_say_what_remains(tmp_path):
    rule = "repeat: {every: day, times: 2}"
    change = "changes: {2026-10-21: {after: {attended: 3}}}"
    assert without_after(tmp_path, rule) == 1
    assert without_after(tmp_path, rule, change) == 0


@pytest.mark.parametrize(("recording", "faults"), [("", 1), ("recording: 'https://e.org/a'", 0)])
def test_a_recording_of_a_session_remains(tmp_path, recording, faults):
    session = "{start: 2026-10-01 18:00, " + recording + "}"
    text = f"---\ntitle: E\nsessions:\n  - {session}\n---\n"
    seen = context(tmp_path, {"events/a.md": text})
    assert len(of_each(events.after_missing)(seen)) == faults


@pytest.mark.parametrize(("now", "faults"), [("2027-10-20", 1), ("2027-10-21", 0)])
def test_hosts_are_reminded_for_a_year(tmp_path, now, faults):
    assert without_after(tmp_path, now=datetime.fromisoformat(f"{now}T12:00Z")) == faults

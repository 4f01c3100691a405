"""Dates that authors wrote twice agree."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from communities import context, of_each

from townsquare import build
from townsquare.checks import prose


def said(root: Path, text: str, *, event: str = "") -> list[tuple[int, int, int, str]]:
    files = {"content/about.md": f"---\ntitle: A\n---\n{text}\n"}
    if event:
        files = {"events/e.md": f"---\ntitle: A\n{event}\n---\n{text}\n"}
    found = of_each(prose.weekday_disagrees)(context(root, files))
    return [(f.place.line, f.place.column, f.place.width, f.message) for f in found]


@pytest.mark.parametrize(
    "text",
    [
        "Tuesday, 21 May 2026", "Tuesday 21 May 2026", "Tue 21 May 2026", "Tue., 21 May 2026",
        "Tuesday, the 21st of May 2026", "Tuesday, May 21, 2026", "Tuesday May 21st 2026",
        "Tuesday, 2026-05-21", "Tuesday, 21 May, 2026",
    ],
)  # fmt: skip
def test_a_weekday_that_its_date_does_not_have_is_found(tmp_path, text):
    (found,) = said(tmp_path, f"We meet on {text}.")
    assert found == (4, 12, len(text), f"“{text}”: 2026-05-21 is a Thursday")


@pytest.mark.parametrize(
    "text",
    [
        "Thursday, 21 May 2026", "Tuesday, 21 May", "Tuesday, 31 June 2026",
        "from Tuesday to Thursday, 21 May 2026", "Wednesday and Tuesday, 21 May 2026",
        "Mon-Tue 21 May 2026", "Tuesday, 21-22 May 2026", "Tuesday, 21 May 2026–23 May 2026",
        "`Tuesday, 21 May 2026`", "```\nTuesday, 21 May 2026\n```", "Tuesday, 21 Maytree 2026",
        "Tuesdays, 21 May 2026", "Sunflower 21 May 2026", "Dienstag, 21. Mai 2026",
    ],
)  # fmt: skip
def test_what_is_right_or_could_mean_another_day_is_left_alone(tmp_path, text):
    assert said(tmp_path, text) == []


def test_the_line_of_the_fault_is_the_files(tmp_path):
    assert [f[:2] for f in said(tmp_path, "\n\nA\n\n> Tuesday, 21 May 2026")] == [(8, 3)]


def test_a_title_and_a_description_are_read_too(tmp_path):
    text = "---\ntitle: Call on Monday, 21 May 2026\ndescription: On Monday, 21 May 2026\n---\n"
    found = list(of_each(prose.weekday_disagrees)(context(tmp_path, {"content/a.md": text})))
    assert [each.place.line for each in found] == [2, 3]


def test_an_events_own_day_needs_no_year(tmp_path):
    found = said(tmp_path, "Come on Tuesday, 21 May!", event="start: 2026-05-21 18:00")
    assert [each[3] for each in found] == ["“Tuesday, 21 May”: 2026-05-21 is a Thursday"]
    assert said(tmp_path, "Come on Tuesday, 26 May!", event="start: 2026-05-21 18:00") == []


def test_what_repeats_may_mean_another_years_day(tmp_path):
    event = "start: 2026-05-21\nrepeat: {every: year}"
    assert said(tmp_path, "In 2027 it is a Friday, 21 May.", event=event) == []


def test_a_long_text_without_dates_is_read_in_one_pass(tmp_path):
    assert said(tmp_path, "Tuesday " * 20_000) == []


def names(root: Path, path: str, text: str) -> list[tuple[int, str]]:
    found = of_each(prose.filename_date_disagrees)(context(root, {path: text}))
    return [(each.place.line, each.message) for each in found]


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("content/blog/2026-01-05-a.md", False),
        ("content/blog/2026-01-a.md", False),
        ("content/blog/2026-01-06-a.md", True),
        ("content/blog/2026-02-a.md", True),
        ("content/blog/20260106-a.md", False),
        ("content/blog/a-2026-01-06.md", False),
    ],
)
def test_a_post_is_dated_as_its_file_is_named(tmp_path, path, wrong):
    found = names(tmp_path, path, "---\ntitle: A\ndate: 2026-01-05 23:30\n---\n")
    assert bool(found) is wrong
    if wrong:
        assert found[0][0] == 3


def test_an_event_is_dated_by_its_own_local_day(tmp_path):
    text = "---\ntitle: A\nstart: 2026-01-05 23:30\ntimezone: America/New_York\n---\n"
    assert names(tmp_path, "events/2026-01-05-a.md", text) == []
    assert names(tmp_path, "events/2026-01-06-b.md", text) == [
        (3, "the file's name says 2026-01-06, its front matter 2026-01-05")
    ]


def test_an_event_without_a_start_is_one_fault_and_the_checks_go_on(tmp_path):
    (tmp_path / "events").mkdir()
    text = "---\ntitle: A\nwhere: x\n---\nTuesday, 21 May\n"
    (tmp_path / "events" / "2026-05-21-e.md").write_text(text, encoding="utf-8")
    checked = build.check(tmp_path, now=datetime(2026, 1, 1, tzinfo=UTC))
    assert [each.code for each in checked.problems] == ["field_missing"]


def test_an_event_that_moved_keeps_its_file(tmp_path):
    text = (
        "---\ntitle: A\nstart: 2026-01-09 18:00\nstatus: rescheduled\n"
        "previous_start: 2026-01-05 18:00\n---\n"
    )
    assert names(tmp_path, "events/2026-01-05-a.md", text) == []


def test_two_events_of_one_title_and_instant_are_one(tmp_path):
    files = {
        "events/a.md": "---\ntitle: Spring fair\nstart: 2026-12-03 18:00\n---\n",
        "events/b.md": (
            "---\ntitle: Spring Fair!\nstart: 2026-12-03 17:00\ntimezone: Europe/London\n---\n"
        ),
        "events/c.md": "---\ntitle: Spring fair\nstart: 2026-12-04 18:00\n---\n",
        "events/d.md": "---\ntitle: Spring fair\nstart: 2026-12-03 18:00\ndraft: yes\n---\n",
    }
    found = list(prose.duplicate_event(context(tmp_path, files)))
    assert [(each.place.path, each.message) for each in found] == [
        ("events/b.md", "events/a.md has the same title and start")
    ]

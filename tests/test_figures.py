"""Figures are what their formulas say: counted by hand, and again by slower means."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from pathlib import Path

import jsonschema
import pytest
from communities import community, outcome
from hypothesis import given
from hypothesis import strategies as st
from repositories import Made, Repository
from test_contributors import FILES as PEOPLE

from townsquare import report_schemas, reports, schemas
from townsquare.figures import (
    chaoss,
    community_report,
    content_report,
    freshness,
    milestones,
    platform,
)
from townsquare.figures.contributions import Contribution, contributions
from townsquare.figures.periods import Window, month_after, months, year_before
from townsquare.release import Release
from townsquare.wordbook import figure

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
END = date(2026, 11, 1)
YEAR = year_before(END)


def did(who: str, day: date, role: str = "commit") -> Contribution:
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return Contribution(day, at, who, role, "x")


DAYS = st.dates(date(2025, 1, 1), date(2026, 12, 31))
CONTRIBUTIONS = st.lists(st.builds(did, st.sampled_from("abcdefg"), DAYS), max_size=40).map(sorted)


def test_windows_are_whole_months():
    assert (date(2025, 11, 1), date(2026, 11, 1)) == YEAR
    assert [each.label for each in months(YEAR)][::11] == ["2025-11", "2026-10"]
    assert YEAR.label == "2025-11 to 2026-10"
    assert month_after(date(2026, 1, 1), -1) == date(2025, 12, 1)


def test_figures_of_a_history_counted_by_hand():
    day = date(2026, 1, 10)
    found = sorted(
        [
            did("old", date(2024, 1, 1)),
            *(did("ana", day + timedelta(days=30 * n)) for n in range(9)),
            *(did("bo", day + timedelta(days=n)) for n in range(3)),
            did("cy", date(2025, 12, 1)),
            did("cy", date(2025, 12, 1), "review"),
            did("dee", date(2026, 3, 3)),
            did("dee", date(2026, 8, 30)),
            did("eve", date(2026, 11, 5)),
        ]
    )
    assert chaoss.new_contributors(found, YEAR) == 4
    assert chaoss.occasional(found, YEAR) == 2
    # 16 contributions: Ana's nine are more than half.
    assert chaoss.absence_factor(found, YEAR) == 1
    assert chaoss.inactive(found, YEAR, END) == 2
    assert chaoss.types(found, YEAR) == {"commit": 15, "review": 1}
    half = Window(date(2025, 11, 1), date(2026, 5, 1))
    # Cy came once, on one day; Dee came back on the 180th day.
    assert chaoss.conversion_rate(found, half, END) == 3 / 4
    assert chaoss.conversion_rate(found, YEAR, END) is None
    partners = {"ana": "acme", "bo": "acme", "cy": "other"}
    assert chaoss.elephant_factor(found, YEAR, partners) == 1
    assert chaoss.elephant_factor(found, YEAR, {}) is None


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 9), max_size=6))
def test_no_fewer_have_half_of_all(counts):
    found = chaoss.smallest_half(counts)
    whole = sum(counts.values())
    sizes = [
        size
        for size in range(1, len(counts) + 1)
        if any(2 * sum(some) >= whole for some in combinations(counts.values(), size))
    ]
    assert found == (min(sizes) if sizes else None)


@given(CONTRIBUTIONS)
def test_everybody_is_new_once_and_inactive_at_most_once(found):
    whole = Window(date(2025, 1, 1), date(2027, 1, 1))
    each = months(whole)
    people = {one.who for one in found}
    assert sum(chaoss.new_contributors(found, month) for month in each) == len(people)
    gone = [chaoss.inactive(found, month, whole.end) for month in each]
    assert sum(gone) == chaoss.inactive(found, whole, whole.end) <= len(people)
    assert sum(chaoss.types(found, whole).values()) == len(found)
    rate = chaoss.conversion_rate(found, each[0], whole.end)
    assert rate is None or 0 <= rate <= 1


@given(st.lists(st.integers(0, 50), min_size=2, max_size=60))
def test_burstiness_lies_between_evenness_and_all_at_once(counts):
    found = chaoss.burstiness(counts)
    assert found is None if not any(counts) else -1 <= found <= 1
    if any(counts) and len(set(counts)) == 1:
        assert found == -1


@given(CONTRIBUTIONS)
def test_weeks_hold_what_falls_into_them(found):
    weeks = chaoss.weekly(found, YEAR)
    last = YEAR.start + timedelta(days=7 * len(weeks))
    assert sum(weeks) == sum(YEAR.start <= one.day < last for one in found)


EVENTS = {
    **PEOPLE,
    "content/blog/a.md": "---\ntitle: A\ndate: 2026-10-31\nauthors: [ana]\n---\nText.\n",
    "content/blog/b.md": "---\ntitle: B\ndate: 2026-11-01\nauthors: [quiet]\n---\nText.\n",
    "events/call.md": (
        "---\ntitle: Call\nstart: 2026-08-06 18:00\nwhere: online\nformat: call\norganisers: [bo]\n"
        "repeat: {every: month, on: first thursday}\nchanges:\n"
        "  2026-09-03: {status: cancelled, after: {attended: 9}}\n"
        "  2026-10-01: {after: {attended: 7}}\n---\n"
    ),
    "events/talk.md": (
        "---\ntitle: Talk\nstart: 2026-05-06 18:00\nplace: {name: Hall}\nformat: talk\n"
        "speakers: [{name: Guest Person}]\nafter: {attended: 0}\n---\n"
    ),
    "events/school.md": (
        "---\ntitle: School\nsessions:\n  - {start: 2026-02-01 09:00}\n"
        "  - {start: 2026-12-01 09:00}\n"
        "after: {attended: 50}\n---\n"
    ),
    "guidelines/rule.md": (
        "---\ntitle: Rule\ntype: policy\nversion: '1'\nstatus: active\neffective: 2025-01-01\n"
        "review_every: 6 months\n---\n"
    ),
}


def report(root: Path, files: dict[str, str] = EVENTS) -> dict[str, object]:
    made = community_report.report(community(root, files, now=NOW))
    found: dict[str, object] = {f.id: f.value for s in made.sections for f in s.figures}
    found |= {each.id: dict(each.rows) for each in made.tallies}
    return found | {
        each.id: dict(zip(each.months, each.values, strict=True)) for each in made.trends
    }


def test_what_took_place_and_who_came(tmp_path):
    found = report(tmp_path)
    # Two calls, a talk, a session; one call was cancelled, one session is to come.
    assert found["events-held"] == 4
    assert found["events-by-format"] == {"Call": 2, "Other": 1, "Talk": 1}
    assert found["events-by-mode"] == {"In person": 1, "Online": 2}
    # A series' own `attended` is of none of its dates; nobody came to the talk, which is known.
    assert found["attendance"] == 7
    assert found["attendance-recorded"] == 2 / 4
    by_month = found["attendance-by-month"]
    assert (by_month["2026-05"], by_month["2026-10"], by_month["2026-08"]) == (0, 7, None)
    assert found["posts"] == 1
    assert found["posts-by-month"]["2026-10"] == 1
    assert (found["review-debt"], found["to-review"]) == (1, 1)


def test_what_was_not_collected_is_no_zero(tmp_path):
    found = report(tmp_path, {"content/index.md": "---\ntitle: Home\n---\nHello.\n"})
    for name in ("attendance", "attendance-recorded", "commits", "conversion-rate", "freshness"):
        assert found[name] is None
    assert found["new-contributors"] == 0
    assert figure(None, "people") == "not collected"
    assert figure(0, "people") == "0"


def test_weekdays_are_told_of_five_people_and_more_only(tmp_path):
    assert report(tmp_path)["weekdays"] == {}
    posts = {
        f"content/blog/p{n}.md": "---\ntitle: P\ndate: 2026-03-02\n"
        f"authors: [{{name: G{n}}}]\n---\nx\n"
        for n in range(5)
    }
    assert report(tmp_path, EVENTS | posts)["weekdays"]["Monday"] >= 5


def test_freshness_passes_over_machines_and_bulk_changes(tmp_path):
    repository = Repository(tmp_path)
    made = community(tmp_path, PEOPLE, now=NOW)
    repository.git("add", "-A")
    first = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
    repository.git("commit", "-q", "-m", "x", who="Cy Nova <c@x>", at=first)
    bulk = (*(f"content/f{n}.md" for n in range(freshness.BULK)), "content/index.md")
    at = int(datetime(2026, 6, 1, tzinfo=UTC).timestamp())
    repository.add_all(
        [
            Made("Cy Nova <c@x>", at, ("content/people/cy.md",)),
            Made("x[bot] <x[bot]@x>", at + 1, ("content/people/ana.md",)),
            Made("Cy Nova <c@x>", at + 2, bulk),
        ]
    )
    for path in (tmp_path / "content").glob("f*.md"):
        path.unlink()
    made = community(tmp_path, PEOPLE, now=NOW)
    changed = freshness.last_changes(made)
    assert changed["content/people/cy.md"] == date(2026, 6, 1)
    assert changed["content/people/ana.md"] == changed["content/index.md"] == date(2026, 1, 1)
    before = freshness.ages(made, date(2026, 5, 1))
    assert (min(before), max(before)) == (0, 120)


def test_milestones_are_of_listed_people_and_computed(tmp_path):
    posts = {
        f"content/blog/{who}{n:02}.md": f"---\ntitle: P\ndate: 2026-0{1 + n // 9}-{1 + n % 9:02}\n"
        f"authors: [{who}]\n---\nx\n"
        for who in ("ana", "quiet")
        for n in range(12)
    }
    made = community(tmp_path, PEOPLE | posts, now=NOW)
    found = milestones.milestones(made)
    assert [(m.person, m.number, m.day) for m in found] == [
        ("person:ana", 1, date(2026, 1, 1)),
        ("person:ana", 10, date(2026, 2, 1)),
    ]


def test_what_was_called_off_is_nobodys_and_a_single_date_s_speaker_spoke_then(tmp_path):
    weekly = (
        "---\ntitle: W\nstart: 2026-06-04 18:00\nwhere: online\nrepeat: {every: week, times: 9}\n"
        "organisers: [bo]\nspeakers: [ana]\nchanges:\n  2026-06-04: {status: cancelled}\n"
        "  2026-07-02: {speakers: [bo]}\n---\n"
    )
    off = "---\ntitle: O\nstart: 2026-06-04\nwhere: online\nspeakers: [ana]\nstatus: %s\n---\n"
    files = {"events/w.md": weekly}
    files |= {f"events/{word}.md": off % word for word in ("cancelled", "postponed")}
    found = contributions(community(tmp_path, {**PEOPLE, **files}, now=NOW))
    assert [(str(c.day), c.who, c.role) for c in found] == [
        ("2026-06-11", "person:ana", "speaker"),
        ("2026-06-11", "person:bo", "organiser"),
        ("2026-07-02", "person:bo", "speaker"),
    ]


def test_nobody_is_welcomed_who_was_here_before_or_where_the_past_is_cut_off(tmp_path):
    post = "---\ntitle: P\ndate: 2026-11-01\nauthors: [{who}]\n---\nx\n"
    files = PEOPLE | {f"content/blog/{who}.md": post.format(who=who) for who in ("ana", "bo")}
    roles = (
        "---\ntitle: Ana Lee\njoined: 2019-11-05\nroles: [{role: R, since: 2020-01-01%s}]\n---\n"
    )
    files["content/people/ana.md"] = roles % ""
    made = community(tmp_path / "whole", files, now=NOW)
    assert [each.person for each in milestones.milestones(made)] == ["person:bo"]
    month = Window(date(2026, 11, 1), date(2026, 12, 1))
    assert [each.years for each in milestones.anniversaries(made, month)] == [7]
    files["content/people/ana.md"] = roles % ", until: 2024-01-01"
    assert milestones.anniversaries(community(tmp_path / "left", files, now=NOW), month) == []
    repository = Repository(tmp_path / "origin")
    for number in range(2):
        repository.commit({"a": str(number)}, who="A <a@x>")
    origin = f"file://{repository.root}"
    repository.git("clone", "-q", "--depth", "1", origin, str(tmp_path / "shallow"))
    assert milestones.milestones(community(tmp_path / "shallow", files, now=NOW)) == []


@pytest.mark.parametrize(("year", "day"), [(2025, date(2025, 3, 1)), (2028, date(2028, 2, 29))])
def test_who_joined_on_a_leap_day_has_an_anniversary_each_year(tmp_path, year, day):
    ana = {"content/people/ana.md": "---\ntitle: Ana Lee\njoined: 2024-02-29\n---\n"}
    made = community(tmp_path, PEOPLE | ana, now=NOW)
    found = milestones.anniversaries(made, Window(date(year, 1, 1), date(year + 1, 1, 1)))
    assert [(a.person, a.years, a.day) for a in found] == [("person:ana", year - 2024, day)]


def released(root: Path, files: dict[str, str]) -> Release:
    made = community(root, files, now=NOW)
    return Release(made, outcome(made))


def test_the_report_s_file_keeps_its_schema_and_says_what_the_page_says(tmp_path):
    release = released(tmp_path, EVENTS)
    data = json.loads(reports.as_json(release))
    schema = json.loads(schemas.schema(release, community_report.SCHEMA))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(data, schema)
    del data["sections"][0]["figures"][0]["formula"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, schema)
    assert community_report.SCHEMA in report_schemas.made()


def test_the_table_holds_every_value(tmp_path):
    rows = list(csv.DictReader(io.StringIO(reports.as_csv(released(tmp_path, EVENTS)).decode())))
    by_format = {row["of"]: row["value"] for row in rows if row["figure"] == "events-by-format"}
    assert by_format == {"Call": "2", "Other": "1", "Talk": "1"}
    held = [row["value"] for row in rows if row["figure"] == "events-by-month"]
    assert Counter(held) == {"0": 8, "1": 4}
    [factor] = [row for row in rows if row["figure"] == "elephant-factor"]
    assert factor["value"] == ""


@given(st.lists(st.text(max_size=9) | st.integers(), min_size=1, max_size=4))
def test_no_text_of_a_table_is_a_formula_and_no_number_is_changed(cells):
    [_, row] = csv.reader(io.StringIO(reports.csv_bytes("abcd", [cells]).decode(), newline=""))
    for cell, read in zip(cells, row, strict=True):
        assert read == str(cell) or (read == f"'{cell}" and cell[0] in "=+-@\t\r")
        assert isinstance(cell, int) or not read.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_posts_count_on_their_day_in_the_site_s_zone(tmp_path):
    late = "---\ntitle: A\ndate: 2026-10-31 23:30\n---\nText.\n"
    made = community(tmp_path, {"content/blog/a.md": late}, now=NOW)
    assert content_report.days_of_posts(made) == ["2026-10-31"]


def test_a_site_s_weights_are_those_of_its_files():
    sizes = {f"p{n}/index.html": n * 1_000 for n in range(1, 101)}
    sizes |= {"rss.xml": 1, "feed.json": 2_001, "sitemap.xml": 9, "events.ics": 0, "a.woff2": 5}
    sizes |= dict.fromkeys((*platform.OWN, "build.json", "pagefind/x.js"), 10**9)
    found = platform.measured(sizes, {"posts": 3}, {"link_broken": 2}, budget=99)
    assert (found.pages.files, found.pages.total, found.pages.over) == (100, 5_050, 1)
    assert (found.pages.median, found.pages.percentile_95) == (51, 95)
    assert found.pages.heaviest[0] == ("p100/", 100)
    assert (found.feeds.files, found.feeds.total) == (2, 3)
    assert found.calendars.heaviest == (("events.ics", 0),)
    assert found.broken[:2] == (("link-broken", 2), ("anchor-broken", 0))


@given(st.lists(st.integers(0, 10**6), min_size=1), st.integers(1, 100))
def test_no_more_exceed_a_percentile_than_it_says(values, per_cent):
    values.sort()
    found = platform.percentile(values, per_cent)
    at_most = sum(value <= found for value in values)
    below = sum(value < found for value in values)
    assert 100 * at_most >= per_cent * len(values) > 100 * below

"""Exports of forges, of known content, become monthly figures that name nobody."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from community_files import write
from hypothesis import given
from hypothesis import strategies as st

from townsquare import build
from townsquare.community import Community
from townsquare.figures import response_report
from townsquare.forge import command, items, response
from townsquare.forge.response import Row
from townsquare.problems import SetupError

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOME = {"content/index.md": "---\ntitle: Home\n---\nHello.\n"}


def at(text: str) -> str:
    return f"{text}:00Z"


def gh(opened: str, closed: str | None = None, *answers: tuple[str, str], by: str = "ana") -> Any:
    """As `gh issue list --json author,createdAt,closedAt,comments,url` writes it."""
    comments = [{"author": {"login": who}, "createdAt": at(when)} for who, when in answers]
    return {
        "author": {"login": by, "is_bot": False},
        "createdAt": at(opened),
        "closedAt": at(closed) if closed else None,
        "comments": comments,
    }


def collected(tmp_path: Path, *exports: Any, as_lines: bool = False) -> list[Row]:
    paths = [tmp_path / f"{number}.json" for number in range(len(exports))]
    for path, export in zip(paths, exports, strict=True):
        lines = "\n".join(json.dumps(each) for each in export)
        path.write_text(lines if as_lines else json.dumps(export))
    root = write(tmp_path / "town", HOME)
    assert command.collect(root, paths, now=NOW) == 0
    found, problems = response.read((root / response.FILE).read_bytes())
    assert problems == []
    return found


def values(rows: list[Row], kind: str = "issues") -> dict[tuple[str, str], tuple[Any, Any]]:
    return {(r.month, r.measure): (r.items, r.value) for r in rows if r.kind == kind}


def test_medians_are_of_the_first_answer_by_another_person(tmp_path):
    export = [
        gh("2026-03-02T10:00", "2026-03-05T10:00",
           ("ana", "2026-03-02T10:10"), ("bo", "2026-03-02T11:00")),
        gh("2026-03-03T10:00", "2026-03-13T10:00",
           ("renovate[bot]", "2026-03-03T10:01"), ("cy", "2026-03-03T15:00")),
        gh("2026-03-04T10:00", "2026-04-04T10:00",
           ("cy", "2026-03-04T13:00"), ("bo", "2026-03-04T12:00")),
        gh("2026-03-05T10:00", "2026-03-06T10:00", ("bo", "2026-03-15T10:00")),
        gh("2026-03-06T10:00", "2026-03-07T22:00", ("bo", "2026-03-06T10:30")),
        gh("2026-03-07T10:00", "2026-03-08T10:00"),
        gh("2026-03-08T10:00", None, ("dependabot[bot]", "2026-03-08T10:01"), by="dependabot[bot]"),
    ]  # fmt: skip
    assert values(collected(tmp_path, export)) == {
        ("2026-03", "time-to-first-response"): (5, 2.0),  # 0.5, 1, 2, 5 and 240 hours
        ("2026-03", "time-to-close"): (5, 1.5),  # 1, 1, 1.5, 3 and 10 days
        ("2026-04", "time-to-close"): (None, None),
    }


def test_the_file_holds_no_name_and_no_figure_of_fewer_than_five(tmp_path):
    collected(tmp_path, [gh("2026-03-02T10:00", "2026-03-05T10:00", ("bo", "2026-03-02T11:00"))])
    assert (tmp_path / "town" / response.FILE).read_text() == (
        "definitions,month,kind,measure,items,value\n"
        "1,2026-03,issues,time-to-close,<5,\n"
        "1,2026-03,issues,time-to-first-response,<5,\n"
    )


def test_the_month_that_is_not_over_is_not_told(tmp_path):
    export = [gh("2026-11-02T10:00", "2026-11-03T10:00") for _ in range(6)]
    assert collected(tmp_path, export) == []


def rest(number: int, opened: str, **more: Any) -> Any:
    """As GitHub's REST API gives it: `comments` is a number."""
    return {
        "html_url": f"https://forge.example/x/{number}",
        "user": {"login": "ana", "type": "User"},
        "created_at": at(opened),
        "closed_at": None,
        "comments": 3,
        **more,
    }


def test_change_requests_closed_are_told_beside_those_opened(tmp_path):
    merged = {"closed_at": at("2026-05-20T10:00"), "merged_at": at("2026-05-20T10:00")}
    pulls = [rest(n, "2026-05-11T10:00", **merged) for n in range(6)]
    pulls += [rest(n, "2026-05-11T10:00", merged_at=None) for n in range(6, 8)]
    listed = [rest(n, "2026-05-11T10:00", pull_request={}) for n in range(8)]
    bot = {"login": "x", "type": "Bot"}
    listed += [rest(20 + n, "2026-05-11T10:00", user=bot) for n in range(9)]
    listed += [rest(n, "2026-05-12T10:00") for n in range(40, 45)]
    for exports in ((pulls, listed), (listed, pulls)):
        changes = values(collected(tmp_path, *exports), "changes")
        assert changes["2026-05", "closure-ratio"] == (8, 0.75)
        assert ("2026-05", "time-to-first-response") not in changes


def test_an_item_in_two_exports_counts_once_with_what_each_of_them_tells(tmp_path):
    plain = [rest(n, "2026-05-11T10:00", pull_request={}) for n in range(5)]
    told = [
        rest(n, "2026-05-11T10:00", merged_at=at("2026-05-13T10:00"),
             reviews=[{"author": {"login": "bo"}, "submittedAt": at("2026-05-11T14:00")}])
        for n in range(5)
    ]  # fmt: skip
    for exports in ((plain, told), (told, plain)):
        assert values(collected(tmp_path, *exports), "changes") == {
            ("2026-05", "time-to-first-response"): (5, 4.0),
            ("2026-05", "time-to-close"): (5, 2.0),
            ("2026-05", "closure-ratio"): (5, 1.0),
        }


def gitlab(number: int, **more: Any) -> Any:
    return {
        "iid": number,
        "web_url": f"https://gitlab.example/x/{number}",
        "author": {"username": "ana"},
        "created_at": "2026-06-01T12:00:00.000+02:00",
        "closed_at": "2026-06-02T10:00:00.000Z",
        "notes": [
            {"author": {"username": "ana"}, "created_at": "2026-06-01T10:01:00Z"},
            {"author": {"username": "root"}, "created_at": "2026-06-01T10:02:00Z", "system": True},
            {"author": {"username": "project_7_bot"}, "created_at": "2026-06-01T10:03:00Z"},
            {"author": {"username": "bo"}, "created_at": "2026-06-01T13:00:00Z", "system": False},
        ],
        **more,
    }


@pytest.mark.parametrize("as_lines", [False, True])
def test_gitlabs_items_are_read_from_arrays_and_from_project_exports(tmp_path, as_lines):
    issues = [gitlab(n) for n in range(5)]
    changes = [gitlab(50 + n, source_branch="x", closed_at=None) for n in range(5)]
    found = collected(tmp_path, issues, changes, as_lines=as_lines)
    assert values(found)["2026-06", "time-to-first-response"] == (5, 3.0)
    assert values(found)["2026-06", "time-to-close"] == (5, 1.0)
    assert values(found, "changes")["2026-06", "closure-ratio"] == (5, 0.0)


@pytest.mark.parametrize(
    "text", ["", "no", "[{}]", "[7]", '{"a": ', "[" * 100_000, '[{"createdAt": "yesterday"}]']
)
def test_what_is_no_export_is_refused_in_words(tmp_path, text):
    (tmp_path / "x.json").write_text(text)
    if text == "":
        assert items.items([tmp_path / "x.json"], lambda _: False) == []
        return
    with pytest.raises(SetupError, match=r"x\.json"):
        items.items([tmp_path / "x.json"], lambda _: False)


def known(seed: int, count: int) -> tuple[list[Any], dict[tuple[str, str], tuple[Any, Any]]]:
    """An export and its figures, reckoned here."""
    pick = random.Random(seed)
    answers, closings = defaultdict(list), defaultdict(list)
    export = []
    for _ in range(count):
        opened = datetime(2026, 1, 1) + timedelta(minutes=pick.randrange(300_000))
        answer = opened + timedelta(minutes=pick.randrange(10_000))
        closed = opened + timedelta(minutes=pick.randrange(50_000)) if pick.random() < 0.7 else None
        own = opened + timedelta(minutes=1)
        told = [("ana", own), ("bo", answer), ("bo", answer + timedelta(1))][: pick.randrange(4)]
        export.append(
            gh(f"{opened:%Y-%m-%dT%H:%M}", f"{closed:%Y-%m-%dT%H:%M}" if closed else None,
               *((who, f"{when:%Y-%m-%dT%H:%M}") for who, when in told))
        )  # fmt: skip
        if len(told) > 1:
            answers[f"{opened:%Y-%m}"].append((answer - opened).total_seconds() / 3600)
        if closed:
            closings[f"{closed:%Y-%m}"].append((closed - opened).total_seconds() / 86400)
    truth = {}
    for measure, found in (("time-to-first-response", answers), ("time-to-close", closings)):
        for month, values in found.items():
            many = len(values) >= 5
            truth[month, measure] = (
                (len(values), round(median(values), 1)) if many else (None, None)
            )
    return export, truth


@given(st.integers(0, 10**6), st.integers(0, 120))
def test_the_figures_are_those_of_an_independent_count(tmp_path_factory, seed, count):
    export, truth = known(seed, count)
    assert values(collected(tmp_path_factory.mktemp("x"), export)) == truth


@given(st.lists(st.builds(
    Row,
    st.dates(date(2020, 1, 1)).map("{:%Y-%m}".format),
    st.sampled_from(response.KINDS),
    st.sampled_from(response.MEASURES),
    st.integers(5, 10**6),
    st.floats(0, 10**6).map(lambda value: round(value, 2)),
), max_size=6, unique_by=lambda row: row[:3]))  # fmt: skip
def test_what_is_written_is_read(rows):
    rows.append(Row("2019-01", "issues", "time-to-close", None, None))
    assert response.read(response.written(rows)) == (sorted(rows), [])


@given(st.binary(max_size=200))
def test_no_bytes_make_reading_fail(data):
    response.read(data)
    response.read(f"{','.join(response.COLUMNS)}\n".encode() + data)


HEAD = "definitions,month,kind,measure,items,value\n"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("1,2026-03,issues,time-to-close,4,1.0", "small_count"),
        ("1,2026-13,issues,time-to-close,9,1.0", "figures_invalid"),
        ("1,2026-03,issues,time-to-close,9,", "figures_invalid"),
        ("1,2026-03,issues,time-to-close,<5,2.0", "figures_invalid"),
        ("2,2026-03,issues,time-to-close,9,1.0", "figures_invalid"),
        ("1,2026-03,people,time-to-close,9,1.0", "figures_invalid"),
    ],
)
def test_a_line_changed_by_hand_is_reported_by_the_check(tmp_path, line, code):
    good = "1,2026-02,issues,time-to-close,9,1.0\n"
    root = write(tmp_path, {**HOME, response.FILE: f"{HEAD}{good}{line}\n{good}"})
    found = [(p.place.path, p.place.line, p.code) for p in build.check(root, now=NOW).problems]
    assert found == [(response.FILE, 3, code), (response.FILE, 4, "figures_invalid")]


def reported(tmp_path: Path, files: dict[str, str]) -> Any:
    checked = build.check(write(tmp_path, {**HOME, **files}), now=NOW)
    assert checked.problems == ()
    whole = Community(checked.library, checked.bodies, checked.clock, checked.addresses)
    return response_report.report(whole)


def test_without_an_export_the_report_says_that_nothing_was_collected(tmp_path):
    report = reported(tmp_path, {})
    figures = [figure for section in report.sections for figure in section.figures]
    assert len(figures) == 5 and report.trends == ()
    assert {figure.value for figure in figures} == {None}
    assert all("no export tells of this month" in figure.missing for figure in figures)


def test_the_report_tells_the_last_whole_month_and_its_course(tmp_path):
    rows = "1,2026-10,issues,time-to-close,9,1.5\n1,2026-10,changes,closure-ratio,<5,\n"
    rows += "1,2026-09,issues,time-to-close,9,2.5\n1,2025-10,issues,time-to-close,9,7.5\n"
    report = reported(tmp_path, {response.FILE: HEAD + rows})
    told = {f.id: (f.value, f.missing) for s in report.sections for f in s.figures}
    assert told["issues-time-to-close"] == (1.5, "")
    assert told["changes-closure-ratio"] == (None, "of so few items it is not told")
    [course] = [trend for trend in report.trends if trend.id == "issues-time-to-close-by-month"]
    assert course.months[-2:] == ("2026-09", "2026-10")
    assert course.values == (*[None] * 10, 2.5, 1.5), "2025-10 lies before the window"
    [few] = [trend for trend in report.trends if trend.id == "changes-closure-ratio-by-month"]
    assert (few.values, few.suppressed) == ((None,) * 12, ("2026-10",))
    assert len(report.trends) == 2, "nothing is drawn of what nobody collected"

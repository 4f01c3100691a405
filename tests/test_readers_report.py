"""The readers' report: whole months, formulas, and `not collected` is no zero."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from community_files import write

from townsquare import build, charts, report_schemas, reports
from townsquare.community import Community
from townsquare.figures import published, readers_report
from townsquare.pages import Article
from townsquare.readers import figures
from townsquare.upkeep import local
from townsquare.views import reports as pages

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOME = {
    "content/index.md": "---\ntitle: Home\n---\nHello.\n",
    "content/blog/first.md": "---\ntitle: First\ndate: 2026-01-05\nauthors: [ana]\n---\nText.\n",
    "content/blog/hidden.md": "---\ntitle: Hidden\ndate: 2026-01-05\ndraft: yes\n---\nText.\n",
    "content/people/ana.md": "---\ntitle: Ana\n---\n",
    "content/people/shy.md": "---\ntitle: Shy\nlisted: no\n---\n",
    "events/fair.md": "---\ntitle: Fair\nstart: 2026-02-03 18:00\nwhere: online\n---\nCome.\n",
}
OCTOBER = """\
definitions,day,source,measure,name,count
1,2026-10-01,log,pages,,120
1,2026-10-01,log,pages,/blog/,20
1,2026-10-01,log,feeds,,30
1,2026-10-01,log,feeds,/rss.xml,30
1,2026-10-01,log,subscribers,/rss.xml,50
1,2026-10-01,log,subscribers,/atom.xml,<5
1,2026-10-02,log,pages,,80
1,2026-10-02,log,pages,/blog/,30
1,2026-10-02,log,pages,/events/,5
1,2026-10-02,log,referrers,news.example.org,7
1,2026-10-02,log,subscribers,/rss.xml,60
1,2026-10-02,log,subscribers,/atom.xml,6
1,2026-10-03,log,pages,,1
1,2026-10-03,log,subscribers,/rss.xml,40
1,2026-10-02,goatcounter,pages,,70
"""
AUGUST = "definitions,day,source,measure,name,count\n1,2026-08-31,log,pages,/blog/,9\n"
FILES = {"data/readers/2026-10.csv": OCTOBER, "data/readers/2026-08.csv": AUGUST}


def community(root: Path, files: dict[str, str]) -> Community:
    checked = build.check(write(root, {**HOME, **files}), now=NOW)
    assert checked.errors == ()
    return Community(checked.library, checked.bodies, checked.clock, checked.addresses)


def figures_of(made: Community) -> dict[str, Any]:
    report = readers_report.report(made)
    return {each.id: each for section in report.sections for each in section.figures}


def test_the_last_whole_month_is_summed_and_subscribers_are_a_median(tmp_path):
    found = figures_of(community(tmp_path, FILES))
    values = {id: each.value for id, each in found.items()}
    assert values == {
        "log-pages": 201,
        "log-feeds": 30,
        "log-calendars": 0,
        "log-subscribers": 50,  # 50, 66 and 40
        "log-days": 3,
        "goatcounter-pages": 70,
        "goatcounter-days": 1,
    }
    assert {each.window for each in found.values()} == {"2026-10"}
    assert all(each.formula and each.source for each in found.values())


def test_a_month_that_nobody_read_is_not_a_month_without_readers(tmp_path):
    report = readers_report.report(community(tmp_path, FILES))
    trends = {trend.id: trend.values for trend in report.trends}
    assert trends["log-pages-by-month"] == (*[None] * 9, 0, None, 201)
    assert trends["log-days-by-month"] == (*[None] * 9, 1, None, 3)


def test_names_are_summed_over_the_year_the_largest_first(tmp_path):
    report = readers_report.report(community(tmp_path, FILES))
    tallies = {tally.id: tally.rows for tally in report.tallies}
    assert tallies["log-pages-by-name"] == (("/blog/", 59), ("/events/", 5))
    assert tallies["log-referrers-by-name"] == (("news.example.org", 7),)
    assert tallies["log-subscribers-by-name"] == (("/rss.xml", 50),), "the other is below five"


def test_without_figures_all_is_not_collected(tmp_path):
    report = readers_report.report(community(tmp_path, {}))
    [section] = report.sections
    assert {figure.value for figure in section.figures} == {None}
    assert {figure.missing for figure in section.figures} != {""}
    assert (report.trends, report.tallies) == ((), ())


@pytest.mark.parametrize("files", [{}, FILES])
@pytest.mark.parametrize("name", ["readers", "response"])
def test_downloads_say_what_their_schema_says(tmp_path, files, name):
    release = local.release(community(tmp_path, files))
    made = json.loads(reports.as_json(release, name))
    cls = report_schemas.FILES[f"schemas/reports/{name}.json"]
    jsonschema.validate(made, report_schemas.of_file(cls))
    rows = list(csv.DictReader(reports.as_csv(release, name).decode().splitlines()))
    told = [figure for section in made["sections"] for figure in section["figures"]]
    assert len(rows) >= len(told) > 4
    assert {row["value"] for row in rows if row["figure"] == told[0]["id"]} == {
        "" if told[0]["value"] is None else str(told[0]["value"])
    }


@pytest.mark.parametrize("name", ["readers", "response"])
def test_the_page_says_what_was_not_collected(tmp_path, name):
    made = community(tmp_path, {})
    text = Article(made.settings, made.addresses).render(getattr(pages, name)(made))
    assert text.count("not collected") >= 4 and "<svg" not in text


GONE = ("/people/shy/", "/blog/hidden/", "/people/erased/", "/wp-login.php/", "/<script>/")
FOUND = ("/", "/blog/", "/blog/first/", "/people/ana/", "/events/fair/")


def test_nothing_is_named_that_does_not_stand_on_the_site_now(tmp_path):
    lines = [f'1,2026-10-04,log,pages,"{name}",99\n' for name in (*GONE, *FOUND)]
    feeds = ("shy", "erased", "ana")
    lines += [f"1,2026-10-04,log,feeds,/feeds/people/{name}.xml,99\n" for name in feeds]
    lines += [f"1,2026-10-04,log,subscribers,/feeds/people/{name}.xml,9\n" for name in feeds]
    lines += [
        f"1,2026-10-04,log,calendars,/calendars/events/{name}.ics,9\n" for name in ("x", "fair")
    ]
    files = {"data/readers/2026-10.csv": OCTOBER.splitlines()[0] + "\n" + "".join(lines)}
    made = community(tmp_path, files)
    tallies = {t.id: {name for name, _ in t.rows} for t in readers_report.report(made).tallies}
    assert tallies == {
        "log-pages-by-name": set(FOUND),
        "log-feeds-by-name": {"/feeds/people/ana.xml"},
        "log-calendars-by-name": {"/calendars/events/fair.ics"},
        "log-subscribers-by-name": {"/feeds/people/ana.xml"},
    }
    release = local.release(made)
    told = reports.as_json(release, "readers") + reports.as_csv(release, "readers")
    text = Article(made.settings, made.addresses).render(pages.readers(made)).encode()
    assert not any(word in told + text for word in (b"shy", b"hidden", b"erased", b"wp-login"))
    assert b"<script" not in text and b"<svg" in text


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/blog/first/", "/blog/first/"),
        ("/commons/blog/first/index.html", "/blog/first/"),
        ("/commons/", "/"),
        ("/bl%6Fg/", "/blog/"),
        ("/commons", ""),
        ("//blog/x/", ""),
    ],
)
def test_a_path_in_a_log_is_an_address_with_or_without_the_sites_own_folder(path, name):
    assert published.named(path, "/commons/", {"", "blog/", "blog/first/"}) == name


def test_every_page_but_divided_lists_may_be_named(tmp_path):
    made = community(tmp_path, {})
    standing = {making.address for making in local.pages(made)}
    known = set(published.addresses(made))
    machines = {address for address in known if address.endswith((".xml", ".json", ".ics"))}
    assert known - machines - {"calendars/", "feeds/"} <= standing
    assert machines <= {making.address for making in local.files(made)}


def test_a_month_of_a_busy_site_is_read_once_and_kept_small(tmp_path):
    rows = [
        f"1,2026-10-{day:02},log,pages,/p{number}/,{number + 5}\n"
        for day in range(1, 31)
        for number in range(200)
    ]
    made = community(tmp_path, {"data/readers/2026-10.csv": OCTOBER + "".join(rows)})
    names = [each.name for each in readers_report.month(made, "2026-10") if each.name]
    assert len([name for name in names if name.startswith("/p")]) == figures.MOST_NAMES


@pytest.mark.parametrize(
    ("value", "short"),
    [(0, "0"), (9999, "9999"), (10_400, "10k"), (999_499, "999k"), (999_500, "1M"), (2.5, "2.5")],
)
def test_a_bar_carries_no_more_than_it_has_room_for(value, short):
    [bar] = charts.bars("x", "X", "A bar.", ["May"], [value]).bars
    assert bar.short == short

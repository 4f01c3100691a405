"""GoatCounter's, Plausible's and Matomo's exports, of known content."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pytest
from reader_logs import NOW, OWN

from townsquare.problems import SetupError
from townsquare.readers import ingest, kept
from townsquare.readers.reading import Told


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "apart", lambda work, *arguments: work(*arguments))


@pytest.fixture
def town(tmp_path: Path) -> Path:
    (tmp_path / "town").mkdir()
    return tmp_path / "town"


def read(town: Path, **exports: str | bytes) -> list[Told]:
    for name, text in exports.items():
        data = text if isinstance(text, bytes) else text.encode()
        (town.parent / f"{name}.csv").write_bytes(data)
    paths = [town.parent / f"{name}.csv" for name in exports]
    return ingest.ingest(town, paths, now=NOW, own_hosts=OWN)


def told(town: Path) -> list[tuple[str, str, str, str, int | None]]:
    months = kept.load(town).months.values()
    return sorted(
        (f"{key.day:%m-%d}", key.source, key.measure, key.name, count)
        for month in months
        for key, count in month.items()
    )


GOATCOUNTER = (
    "2Path,Title,Event,UserAgent,Browser,System,Session,Bot,Referrer,Referrer scheme,Screen size,"
    "Location,FirstVisit,Date\n"
)


def pageview(path: str, session: int, day: int = 3, **more: str) -> str:
    cells = {"event": "false", "bot": "0", "ref": "", "scheme": "", "title": "T", **more}
    return (
        f'{path},"{cells["title"]}",{cells["event"]},Mozilla/5.0 secret,Firefox,Linux,s{session},'
        f"{cells['bot']},{cells['ref']},{cells['scheme']},1920,DE,true,2026-11-{day:02}T10:00:00Z\n"
    )


def test_goatcounter_tells_pages_and_referrers_but_of_no_bots_and_events(town):
    lines = [pageview("/blog/", each, ref="news.example.org/x", scheme="h") for each in range(6)]
    lines += [pageview("/about", each % 4) for each in range(9)]
    lines += [pageview("/blog/", 7, bot="150"), pageview("click-signup", 8, event="true")]
    lines += [pageview("/about", 3, ref="our.example", scheme="h", title='a ""b"",\nc')]
    lines += [pageview("/about", 9, ref="=Google", scheme="g", day=4), "broken,row\n"]
    lines += [pageview("/about", 9).replace("2026-11-03T10:00:00Z", "2026-11-04T01:00:00+02:00")]
    lines += [pageview("/x", 1).replace("2026-11-03T10", "sometime")]
    [said] = read(town, goatcounter=GOATCOUNTER + "".join(lines))
    assert (said.format, said.lines, said.unread) == ("GoatCounter", 20, 2)
    assert told(town) == [
        ("11-03", "goatcounter", "pages", "", 17),
        ("11-03", "goatcounter", "pages", "/about", 11),
        ("11-03", "goatcounter", "pages", "/blog/", 6),
        ("11-03", "goatcounter", "referrers", "news.example.org", 6),
        ("11-04", "goatcounter", "pages", "", 1),
    ]
    assert not any(b"secret" in file.read_bytes() for file in town.rglob("*.csv"))


@pytest.mark.parametrize("head", ["3Path", '"1Path"', "1,Path", "12Path"])
def test_another_version_of_goatcounter_is_refused(town, head):
    export = GOATCOUNTER.replace("2Path", head) + pageview("/", 1)
    with pytest.raises(SetupError, match="only version 2 is known here"):
        read(town, plausible='"date","visitors","pageviews"\n', goatcounter=export)
    assert not (town / "data").exists()


def test_the_version_may_stand_in_a_cell_of_its_own(town):
    export = GOATCOUNTER.replace("2Path", "2,Path") + pageview("/", 1)
    read(town, goatcounter=gzip.compress(export.encode()))
    assert told(town) == [("11-03", "goatcounter", "pages", "", 1)]


def test_an_export_that_overlaps_with_the_last_one_counts_each_day_once(town):
    first = [pageview("/", each, day=day) for day in (1, 2) for each in range(5)]
    later = [*first, *(pageview("/", each, day=day) for day in (2, 3) for each in range(6))]
    for lines in (first, later, first, later):
        read(town, goatcounter=GOATCOUNTER + "".join(lines))
    totals = {day: count for day, _, _, name, count in told(town) if not name}
    assert totals == {"11-01": 5, "11-02": 11, "11-03": 6}


VISITORS = '"date","visitors","pageviews","bounces","visits","visit_duration"\n'
PAGES = '"date","hostname","page","visits","visitors","pageviews"\n'
SOURCES = (
    '"date","source","referrer","utm_source","utm_medium","utm_campaign","utm_content","utm_term",'
    '"pageviews","visitors","visits","visit_duration","bounces"\n'
)


def test_plausible_tells_totals_pages_and_referrers(town):
    said = read(
        town,
        visitors=VISITORS + '"2026-11-03",40,90,3,44,100\n"2026-11-04",1,2,1,1,9\nx,1,2\n',
        pages=PAGES
        + '"2026-11-03","a.example","/",9,3,11\n"2026-11-03","b.example","/",9,2,4\n'
        + '"2026-11-03","a.example","/few",9,4,30\n"2026-11-03","a.example","/many",9,many,3\n',
        sources=SOURCES
        + '"2026-11-03","News","news.example.org/item","","","","","",12,8,8,1,1\n'
        + '"2026-11-03","News","news.example.org","x","","","","",3,2,2,1,1\n'
        + '"2026-11-03","","","","","","","",50,40,40,1,1\n'
        + '"2026-11-03","Us","our.example","","","","","",9,9,9,1,1\n',
    )
    assert [(each.lines, each.unread) for each in said] == [(2, 1), (3, 1), (4, 0)]
    assert told(town) == [
        ("11-03", "plausible", "pages", "", 90),
        ("11-03", "plausible", "pages", "/", 15),
        ("11-03", "plausible", "referrers", "news.example.org", 15),
        ("11-04", "plausible", "pages", "", 2),
    ]


def test_a_table_of_plausibles_that_tells_nothing_is_named(town):
    with pytest.raises(SetupError, match="give imported_visitors"):
        read(town, browsers='"date","browser","visitors","pageviews"\n"2026-11-03","X",9,9\n')


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ("date,nb_pageviews,nb_uniq_pageviews", "utf-16"),
        ("Date,Pageviews,Unique Pageviews", "utf-8-sig"),
        ("date,nb_pageviews,nb_uniq_pageviews", "utf-8"),
    ],
)
def test_matomo_tells_totals_in_each_of_its_encodings(town, head, encoding):
    text = f"{head}\n2026-11-03,120,80\n2026-11-04,0,0\n1999-11-04,9,9\n"
    [said] = read(town, matomo=text.encode(encoding))
    assert (said.lines, said.unread) == (2, 1)
    assert told(town) == [
        ("11-03", "matomo", "pages", "", 120),
        ("11-04", "matomo", "pages", "", 0),
    ]


def test_only_the_largest_names_of_a_day_are_kept(town):
    rows = [f'"2026-11-03","a","/p{n:03}",9,9,{n + 1}\n' for n in range(80)]
    read(town, pages=PAGES + "".join(rows))
    names = [name for _, _, _, name, _ in told(town)]
    assert names == [f"/p{n:03}" for n in range(30, 80)]


def test_a_cell_without_an_end_costs_its_rows_and_not_the_reading(town):
    export = GOATCOUNTER + pageview("/", 1) + '/x,"' + "y" * 300_000
    [said] = read(town, goatcounter=export)
    assert (said.lines, said.unread) == (1, 1)
    assert [day for day, *_ in told(town)] == [f"{date(2026, 11, 3):%m-%d}"]

"""The kept figures: what a file may say, and how figures from two readings become one."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from townsquare.problems import Severity
from townsquare.readers import figures, ingested
from townsquare.readers.figures import Figure, Key, merged
from townsquare.readers.ingested import Known, Reading

PATH = "data/readers/2026-11.csv"
HEAD = "definitions,day,source,measure,name,count\n"
NAMES = st.from_regex("/[a-z0-9_=+-]{0,6}([.]xml|/)?", fullmatch=True)


def keys_of(source: str) -> st.SearchStrategy[Key]:
    days = st.dates(date(2026, 11, 1), date(2026, 11, 30))
    named = st.builds(Key, days, st.just(source), st.sampled_from(figures.MEASURES[:4]), NAMES)
    hosts = st.from_regex("[a-z]{1,5}[.]org", fullmatch=True)
    referred = st.builds(Key, days, st.just(source), st.just("referrers"), hosts)
    measures = st.sampled_from(figures.MEASURES[:3])
    totals = st.builds(Key, days, st.just(source), measures, st.just(""))
    return named | referred | totals


def figures_of(source: str) -> st.SearchStrategy[figures.Figures]:
    def counts(keys: list[Key]) -> st.SearchStrategy[figures.Figures]:
        many, few = st.integers(5, 10**9), st.none() | st.integers(5, 999)
        each = {key: few if key.measure == "subscribers" else many for key in keys}
        return st.fixed_dictionaries(each)

    return st.lists(keys_of(source), max_size=8, unique=True).flatmap(counts)


any_figures = st.sampled_from(figures.SOURCES).flatmap(figures_of)


@given(any_figures)
def test_what_is_written_is_read(found):
    data = figures.written(Figure(key, count) for key, count in found.items())
    again, problems = figures.read(PATH, data)
    assert problems == []
    assert {figure.key: figure.number for figure in again} == found
    assert figures.written(again) == data


whole_days = st.sampled_from(["engine", "goatcounter", "plausible", "matomo"]).flatmap(
    lambda source: st.tuples(figures_of(source), figures_of(source), figures_of(source))
)


@given(whole_days)
def test_what_tells_of_whole_days_can_come_twice_and_in_any_order(three):
    a, b, c = three
    assert merged(a, a) == a
    assert merged(a, b) == merged(b, a)
    assert merged(merged(a, b), c) == merged(a, merged(b, c))


@given(figures_of("log"), figures_of("log"))
def test_parts_of_logs_add_up_and_the_larger_part_tells_of_subscribers(a, b):
    both = merged(a, b)
    assert both == merged(b, a)
    for key, count in both.items():
        parts = [found[key] or 0 for found in (a, b) if key in found]
        assert (count or 0) == (max if key.measure == "subscribers" else sum)(parts)


FAULTS = {
    "1,2026-11-03,log,pages,/a/": "there are 5 columns and not 6",
    "one,2026-11-03,log,pages,/a/,7": "`one` is no version",
    "1,2026-10-03,log,pages,/a/,7": "`2026-10-03` is no day of 2026-11",
    "1,2026-11-31,log,pages,/a/,7": "`2026-11-31` is no day of 2026-11",
    "1,2026-11-3,log,pages,/a/,7": "`2026-11-3` is no day of 2026-11",
    "1,2026-11-03,logs,pages,/a/,7": "there is no source `logs`",
    "1,2026-11-03,log,page,/a/,7": "there is no measure `page`",
    "1,2026-11-03,log,pages,a,7": "`a` cannot be the name of one of the pages",
    "1,2026-11-03,log,pages,=HYPERLINK(),7": "`=HYPERLINK()` cannot be the name",
    '1,2026-11-03,log,pages,"/a b",7': "`/a b` cannot be the name",
    "1,2026-11-03,log,referrers,,7": "`` cannot be the name of one of the referrers",
    "1,2026-11-03,log,referrers,<b>,7": "`<b>` cannot be the name",
    "1,2026-11-03,log,pages,/\r,7": "there are 0 columns and not 6",
    '1,2026-11-03,log,pages,"/a/,7': "there are 0 columns and not 6",
    "1,2026-11-03,log,pages,/a/,-7": "`-7` is not a count",
    "1,2026-11-03,log,pages,/a/,<5": "`<5` is not a count",
    "1,2026-11-03,log,pages,/a/,7777777777777777": "`7777777777777777` is not a count",
}


@pytest.mark.parametrize("line", FAULTS)
def test_a_line_that_was_damaged_is_reported_at_its_place(line):
    good = "1,2026-11-02,log,pages,,12\n"
    found, [fault] = figures.read(PATH, f"{HEAD}{good}{line}\n".encode())
    assert [(f.number, f.line) for f in found] == [(12, 2)]
    assert (fault.place.path, fault.place.line, fault.code) == (PATH, 3, "figures_invalid")
    assert fault.severity is Severity.ERROR
    assert fault.message.startswith(FAULTS[line])


def test_a_count_of_few_subscribers_that_somebody_typed_is_refused():
    _, [fault] = figures.read(PATH, f"{HEAD}1,2026-11-02,log,subscribers,/rss.xml,4\n".encode())
    assert fault.code == "small_count"


def test_a_figure_that_stands_twice_is_reported():
    line = "1,2026-11-02,log,pages,,12\n"
    _, [fault] = figures.read(PATH, f"{HEAD}{line}{line}".encode())
    assert (fault.place.line, fault.message) == (3, "line 2 says this already")


@pytest.mark.parametrize("data", [b"", b"day,count\n", b"\xff\xfe"])
def test_a_file_of_another_kind_is_reported_once(data):
    assert len(figures.read(PATH, data)[1]) == 1


@given(st.binary(max_size=200))
def test_no_bytes_make_reading_fail(data):
    for content in (data, HEAD.encode() + data):
        figures.read(PATH, content)
        ingested.read(content)
    ingested.read(f"{','.join(ingested.COLUMNS)}\n".encode() + data)


hours = st.none() | st.integers(0, 9000).map(lambda n: datetime(2026, 1, 1) + timedelta(hours=n))
readings = st.builds(
    Reading,
    st.builds(Known, st.integers(0, 10**12), st.from_regex("[0-9a-f]{64}", fullmatch=True)),
    st.integers(0, 10**9),
    hours,
    hours,
)


@given(st.lists(readings, max_size=5))
def test_the_register_says_what_was_read(made):
    assert ingested.read(ingested.written(made)) == (made, [])


@pytest.mark.parametrize("path", ["data/readers/2026-11.csv", "data/readers/2026-1.csv", "x.csv"])
def test_months_are_known_by_their_files(path):
    assert figures.month_of(path) == ("2026-11" if path == PATH else None)

"""Access logs become the figures that were put into them, and nothing else reaches a disk."""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import crawleruseragents
import pytest
import reader_logs
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from reader_logs import NOW, OWN, Truth, log, requests, truth

from townsquare.cli import main
from townsquare.problems import SetupError
from townsquare.readers import (
    aggregation,
    contents,
    crawlers,
    embedded,
    figures,
    ingest,
    ingested,
    kept,
    reading,
)
from townsquare.readers.apart import apart

HOOKS = Path(figures.__file__).parents[2]


@pytest.fixture(autouse=True, scope="module")
def in_this_process() -> Iterator[None]:
    """Starting a process takes a second; what two tests show in one, the others need not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ingest, "apart", lambda work, *arguments: work(*arguments))
        yield


@pytest.fixture
def town(tmp_path: Path) -> Path:
    (tmp_path / "town").mkdir()
    return tmp_path / "town"


def read(town: Path, *files: Path | bytes) -> list[reading.Told]:
    """What is said when these files, or files of these bytes, are read together."""
    paths = [_file(town.parent, each) for each in files]
    return ingest.ingest(town, paths, now=NOW, own_hosts=OWN)


def _file(folder: Path, content: Path | bytes) -> Path:
    if isinstance(content, Path):
        return content
    path = Path(tempfile.mkstemp(dir=folder, suffix=".log")[1])
    path.write_bytes(content)
    return path


def told(town: Path, source: str = figures.LOG) -> Truth:
    """The figures that are kept, as the truth has them."""
    months = kept.load(town).months
    found = [(k, n) for month in months.values() for k, n in month.items() if k.source == source]
    return {(key.day, key.measure, key.name): "<5" if n is None else n for key, n in found}


def totals(found: Truth) -> Truth:
    return {key: count for key, count in found.items() if not key[2]}


MADE = requests(6000)


@pytest.mark.parametrize("form", reader_logs.FORMATS)
def test_the_figures_are_those_of_an_independent_count(town, form):
    [said] = read(town, log(MADE, form))
    assert (said.lines, said.unread) == (len(MADE), 0)
    assert told(town) == truth(MADE)
    named = [key for key in told(town) if key[2]]
    assert {key[1] for key in named} == {*figures.MEASURES}, "the log says something of each"


def test_the_text_tools_count_the_same(town, tmp_path):
    file = tmp_path / "access.log"
    file.write_bytes(log(MADE))
    read(town, file)
    people = "grep -vE 'Googlebot|bingbot|curl/|\"-\"$|subscribers|Miniflux|FreshRSS' access.log"
    good = r"""grep -E '"GET /(blog/)?(\?[^ ]*)? HTTP/1.1" (200|304) '"""
    lines = subprocess.run(
        f"{people} | {good} | sed -E 's/.*GET ([^ ?]*).*/\\1/' | sort | uniq -c",
        shell=True, cwd=tmp_path, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    by_tools = dict(zip(lines[1::2], map(int, lines[::2]), strict=True))
    assert set(by_tools) == {"/", "/blog/"}
    for path, count in by_tools.items():
        days = [n for (_, kind, name), n in told(town).items() if (kind, name) == ("pages", path)]
        assert sum(days) <= count
        by_hand = sum(1 for each in MADE if each.kind == "pages" and each.name == path)
        assert by_hand == count


def test_a_log_without_agents_says_that_of_itself(town):
    people = [each for each in MADE if each.agent in reader_logs.PEOPLE]
    data = "".join(f"{reader_logs.common(each)}\n" for each in people).encode()
    read(town, data)
    assert told(town) == {}
    found = told(town, figures.COMMON)
    assert totals(found) == totals(truth(people))
    assert "subscribers" not in {measure for _, measure, _ in found}


def test_the_same_lines_count_once_whatever_the_file_is_called(town, tmp_path):
    data = log(MADE)
    read(town, data)
    before = told(town)
    packed = tmp_path / "access.log.1.gz"
    packed.write_bytes(gzip.compress(data))
    assert [each.before for each in read(town, data, packed)] == ["all", "all"]
    assert told(town) == before
    assert len(kept.load(town).readings) == 1


def test_given_twice_in_one_command_a_file_counts_once(town):
    assert [each.before for each in read(town, log(MADE), log(MADE))] == ["", "all"]
    assert told(town) == truth(MADE)


def test_a_log_that_has_grown_is_read_from_where_it_ended(town):
    data, cut = log(MADE), len(log(MADE[:2500]))
    read(town, data[:cut])
    [said] = read(town, data)
    assert (said.before, said.lines) == ("part", len(MADE) - 2500)
    assert totals(told(town)) == totals(truth(MADE))
    [again] = read(town, data)
    assert again.before == "all"


def test_two_parts_of_a_day_add_up_and_together_they_are_exact(town, tmp_path):
    day = requests(3000, days=1)
    one, other = log(day[:1500]), log(day[1500:])
    read(town, one)
    read(town, other)
    apart, whole = told(town), truth(day)
    assert totals(apart) == totals(whole)
    for key, count in apart.items():
        exact = whole[key]
        least = 0 if count == "<5" else count
        assert least <= (exact if isinstance(exact, int) else 4), "apart, a lower bound"
    together = tmp_path / "together"
    together.mkdir()
    read(together, one, other)
    assert told(together) == whole


def test_a_line_that_is_being_written_waits(town):
    data = log(MADE[:200])
    [said] = read(town, data[:-20])
    assert (said.lines, said.unread) == (199, 0) and said.unfinished > 0
    [said] = read(town, data)
    assert (said.lines, said.before) == (1, "part")
    assert totals(told(town)) == totals(truth(MADE[:200]))


def test_logs_of_two_servers_are_added_and_their_common_hours_are_said(town):
    one, other = requests(800, seed=3, days=2), requests(800, seed=4, days=2)
    [first] = read(town, log(one))
    [second] = read(town, log(other))
    assert (first.overlapping, second.overlapping) == (False, True)
    both = totals(truth(one + other))
    assert totals(told(town)) == both


def test_the_next_day_is_no_overlap(town):
    read(town, log(MADE[:300]))
    assert not read(town, log(MADE[300:600]))[0].overlapping


LINE = reader_logs.combined(
    next(each for each in MADE if each.kind == "pages" and each.time.hour == 13)
).encode()
HOSTILE = [
    b"",
    b"nonsense",
    b"\0" * 50,
    b'"' * 5000,
    b"\\" * 5001,
    b"\xff\xfe\xc3(" * 20,
    b"x" * 1_000_000,
    LINE[:60],
    LINE.replace(b"GET ", b"get "),
    LINE.replace(b"Nov/2026", b"Nov/9999"),
    LINE.replace(b"Nov/2026", b"Foo/2026"),
    LINE.replace(b"/Nov/2026", b"/Dec/2026"),
    LINE + b" " + b"a" * contents.LONGEST_LINE,
    LINE.replace(b"HTTP/1.1", b'HTTP/1.1"'),
    b'{"ts":1e999,"status":200}',
    b'=cmd|"/c calc"!A1',
]


def test_hostile_lines_are_counted_and_change_nothing(town):
    good = log(MADE[:400]).splitlines(keepends=True)
    mixed = [part for line in good for part in (line, HOSTILE[len(line) % len(HOSTILE)] + b"\n")]
    [said] = read(town, b"".join(mixed))
    bad = sum(1 for line in good if HOSTILE[len(line) % len(HOSTILE)])
    assert (said.lines, said.unread) == (400, bad)
    assert told(town) == truth(MADE[:400])


def test_each_hostile_line_is_refused_by_itself(tmp_path):
    for number, line in enumerate(HOSTILE[1:]):
        town = tmp_path / f"town-{number}"
        town.mkdir()
        [said] = read(
            town, LINE + b"\n" + line + b"\n" + LINE.replace(b"198.51", b"198.52") + b"\n"
        )
        assert (said.lines, said.unread) == (2, 1), line[:80]


def test_memory_is_bounded_however_long_a_line_is(tmp_path):
    file = tmp_path / "long.log"
    with file.open("wb") as out:
        out.write(LINE + b"\n")
        for _ in range(40):
            out.write(b"x" * (2 << 20))
        out.write(b"\n" + LINE + b"\n")
    content = contents.examined(file, [])
    blocks = list(contents.blocks(content))
    assert max(map(len, blocks)) <= contents.PIECE + contents.LONGEST_LINE + 1
    lines = [line for block in blocks for line in contents.lines_of(block)]
    assert [len(line) for line in lines].count(len(LINE)) == 2 and len(lines) == 3


@given(
    st.lists(st.binary(max_size=60).map(lambda data: data.replace(b"\n", b"?")), max_size=30),
    st.integers(1, 64),
    st.integers(0, 40),
)
def test_blocks_are_the_whole_lines_of_a_file_in_any_pieces(tmp_path_factory, lines, piece, known):
    folder = tmp_path_factory.mktemp("blocks")
    file, data = folder / "x", b"\n".join(lines)
    file.write_bytes(data)
    whole = data[: data.rfind(b"\n") + 1]
    ends = [at + 1 for at, byte in enumerate(whole) if byte == 10]
    before = whole[: ends[known % len(ends)]] if ends else b""
    (folder / "before").write_bytes(before)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(contents, "PIECE", piece)
        patch.setattr(contents._pieces, "__defaults__", (piece,))
        first = contents.examined(folder / "before", [])
        content = contents.examined(file, [first.whole])
        found = b"".join(contents.blocks(content))
    assert (content.start, content.whole.length) == (len(before), len(whole))
    assert found == whole[len(before) :]
    assert content.unfinished == len(data) - len(whole)


def test_each_address_of_a_site_is_what_it_is(root):
    listed = (root / "tests/golden/site/addresses.txt").read_text().split()
    calendars, feeds, pages = (
        {each for each in listed if re.search(pattern, each)}
        for pattern in (aggregation.CALENDAR, aggregation.FEED, aggregation.PAGE)
    )
    assert calendars == {each for each in listed if each.endswith(".ics")}
    ours = {"/rss.xml", "/atom.xml", "/feed.json", "/podcast.xml"}
    assert feeds == ours | {each for each in listed if re.fullmatch("/feeds/.*[.]xml", each)}
    assert pages == {each for each in listed if each.endswith(("/", ".html"))}
    assert len(feeds) > 8 and len(pages) > 20


few = st.integers(0, 400).flatmap(
    lambda count: st.tuples(st.just(count), st.integers(0, 10_000), st.integers(1, 12))
)


@settings(max_examples=60)  # each reads a log: more take minutes
@given(few)
def test_no_name_stands_for_fewer_than_five_readers(tmp_path_factory, made):
    count, seed, readers = made
    some = requests(count + 1, seed, days=2, readers=readers)
    town = tmp_path_factory.mktemp("town")
    read(town, log(some))
    found = told(town)
    assert found == truth(some)
    for (_, measure, name), number in found.items():
        assert measure != "subscribers" or number == "<5" or number >= 5
        assert name or measure in ("pages", "feeds", "calendars")


SPILLING = """
import shutil, sys, tempfile
from datetime import datetime, UTC
from pathlib import Path
from townsquare.readers import embedded, ingest
if __name__ == "__main__":
    town, log, seen = map(Path, sys.argv[1:])
    tempfile.tempdir = str(seen)
    remove = shutil.rmtree
    def removed(folder, **options):
        for file in Path(folder).glob("*.tmp"):
            shutil.copy(file, seen)
        remove(folder, **options)
    embedded.shutil.rmtree = removed
    embedded.COUNTER["memory_limit"] = "20MB"
    ingest.ingest(town, [log], now=datetime(2026, 11, 23, tzinfo=UTC), own_hosts=[])
"""


def test_no_address_and_no_agent_reaches_a_disk_even_when_memory_runs_out(town, tmp_path):
    many = requests(300_000, seed=9, days=4, readers=250)
    file, seen = tmp_path / "access.log", tmp_path / "seen"
    file.write_bytes(log(many))
    seen.mkdir()
    (tmp_path / "spilling.py").write_text(SPILLING)
    line = [sys.executable, str(tmp_path / "spilling.py"), str(town), str(file), str(seen)]
    subprocess.run(line, check=True, env={**os.environ, "PYTHONPATH": str(HOOKS)})
    assert {path.suffix for path in seen.iterdir()} == {".tmp"}, "the private folder is gone"
    spilled = [path.read_bytes() for path in seen.iterdir()]
    assert sum(map(len, spilled)) > 1_000_000, "memory ran out, so visits were spilled"
    assert any(b"news.example.org" in data for data in spilled), "and can be read there"
    everything = spilled + [path.read_bytes() for path in town.rglob("*") if path.is_file()]
    agents = [*reader_logs.PEOPLE, *reader_logs.CRAWLERS[:3], *reader_logs.READER_APPS]
    secrets = {each.address for each in many} | {agent[:40] for agent in agents}
    found = {secret for secret in secrets for data in everything if secret.encode() in data}
    assert found == set() and len(secrets) > 900


def test_what_happens_in_the_other_process_is_known_here(tmp_path):
    file = tmp_path / "access.log"
    file.write_bytes(log(MADE[:200]))
    found = list(apart(reading.messages, [file], [], NOW, OWN))
    assert [type(each).__name__ for each in found] == ["Visits", "Reading", "Told", "Ended"]
    file.write_bytes(b"a picture\n")
    with pytest.raises(SetupError, match="no log or export"):
        list(apart(reading.messages, [file], [], NOW, OWN))
    with pytest.raises(SetupError, match="died"):
        list(apart(os.abort))
    with pytest.raises(RuntimeError, match="TypeError"):
        list(apart(len, 7))


def test_the_reading_side_has_nowhere_to_spill():
    connection = embedded._connected({"memory_limit": "20MB", "temp_directory": ""})
    with pytest.raises(embedded.duckdb.OutOfMemoryException):
        connection.execute("CREATE TABLE x AS SELECT random()::VARCHAR FROM range(9000000)")


def test_a_killed_reading_leaves_the_old_figures_whole(town, monkeypatch):
    read(town, log(MADE[:500]))
    before = told(town)

    def killed(fresh, folder):
        raise KeyboardInterrupt

    monkeypatch.setattr(kept.output, "exchanged", killed)
    with pytest.raises(KeyboardInterrupt):
        read(town, log(MADE))
    monkeypatch.undo()
    assert told(town) == before
    assert read(town, log(MADE))[0].before == "part"
    assert totals(told(town)) == totals(truth(MADE))


def test_patterns_without_backslashes_find_what_the_list_finds():
    known = crawleruseragents.CRAWLER_USER_AGENTS_DATA
    agents = [agent for each in known for agent in each["instances"]] + reader_logs.PEOPLE
    ours = re.compile(f"{crawlers.crawlers()}|{crawlers.feed_readers()}")
    assert "\\" not in ours.pattern
    assert [a for a in agents if bool(ours.search(a)) != crawleruseragents.is_crawler(a)] == []
    assert len(agents) > 1500


def test_the_register_holds_only_digests_sizes_and_hours(town):
    read(town, log(MADE[:50]))
    [_head, line] = (town / ingested.FILE).read_text().splitlines()
    digest, size, lines, first, last = line.split(",")
    assert (len(digest), int(size), lines) == (64, len(log(MADE[:50])), "50")
    assert first.endswith("T00Z") and last.startswith("2026-11-01T")


def test_an_unknown_file_is_refused_before_anything_is_read(town):
    with pytest.raises(SetupError, match="no log or export that is known here"):
        read(town, log(MADE), b"a picture\n\x89PNG\n")
    assert not (town / "data").exists()
    with pytest.raises(SetupError, match="cannot be read"):
        read(town, gzip.compress(log(MADE))[:-100])
    assert not (town / "data").exists()


def run(*words: object) -> tuple[int, str]:
    """The exit code of `townsquare report ingest WORDS`, and what it said."""
    said = CliRunner().invoke(main, ["report", "ingest", *map(str, words)])
    return said.exit_code, said.output


OVERLAPS = (
    "that was read covers the same hours. Both are added, as logs of two servers; if they hold the "
    "same lines, take data/readers/ back with git."
)


def test_the_command_says_what_became_of_each_file(town, tmp_path):
    (town / "mkdocs.yml").write_text("site_url: https://our.example/\n")
    file, plain = tmp_path / "access.log", tmp_path / "plain.log"
    file.write_bytes(b"nonsense\n" + log(MADE[:90]) + LINE[:70])
    plain.write_text("".join(f"{reader_logs.common(each)}\n" for each in MADE[:40]))
    how = ("--root", town, "--now", "2026-11-23T12:00:00Z")
    code, said = run(*how, file, plain)
    assert (code, said.splitlines()) == (
        0,
        [
            f"{file}: 90 lines of Combined Log Format were read.",
            "  Left out, because they could not be read: 1.",
            "  The last line has no end yet (70 bytes): it waits for it.",
            f"{plain}: 40 lines of Common Log Format were read.",
            f"  Another file {OVERLAPS}",
            "  This format names no agents: crawlers are counted, too, and subscribers are not.",
            "The figures are in data/readers/: look at them, and commit them.",
        ],
    )
    assert told(town) == truth(MADE[:90]), "our own pages are no referrers"
    code, said = run(*how, file)
    assert (code, said.splitlines()[0]) == (
        0,
        f"{file}: all of it was read before; nothing was added.",
    )


@pytest.mark.parametrize(
    "words", [(), ("--engine", "x://"), ("--table", "x"), ("--since", "2026-01-01")]
)
def test_half_a_command_is_refused(town, words):
    code, said = run("--root", town, *words)
    assert (code, "name log files or exports" in said) == (2, True)


def test_an_empty_log_is_said_and_keeps_no_other_from_being_read(tmp_path):
    empty, packed = tmp_path / "access.log", tmp_path / "access.log.1.gz"
    empty.write_bytes(b"")
    packed.write_bytes(gzip.compress(b""))
    root = tmp_path / "root"
    (root / "content").mkdir(parents=True)
    line = ["report", "ingest", "--root", str(root), str(empty), str(packed)]
    done = CliRunner().invoke(main, line)
    assert done.exit_code == 0, done.output
    assert done.output.count("is empty: nothing was read from it.") == 2
    assert not (root / "data").exists()

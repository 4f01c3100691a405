"""What one build leaves for the next: read in parts, and nothing at all where one is not whole."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import edits
import pytest
from edits import Life
from hypothesis import given, settings
from hypothesis import strategies as st
from test_upkeep import assert_equal, kept_current

from townsquare.memory import Memory, joined, reads
from townsquare.stretches import stretches
from townsquare.upkeep import parts
from townsquare.upkeep.parts import Damaged, Parts

PARTS = ("root", "held", "told", "site", "index", "spans", "said", "shown", "names", "rows")


@pytest.fixture
def life(tmp_path: Path) -> Life:
    made = edits.begun(tmp_path / "community", 3)
    assert kept_current(made) == 0
    return made


def state_of(life: Life) -> Path:
    [file] = (life.root / ".cache").glob("upkeep-*.sqlite")
    return file


@pytest.fixture(scope="module")
def long_life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    """A community to whose state one mishap after the other happens."""
    made = edits.begun(tmp_path_factory.mktemp("long") / "community", 3)
    assert kept_current(made) == 0
    return made


@pytest.mark.parametrize("change", ["UPDATE part SET data = x'7b'", "DELETE FROM part"])
@pytest.mark.parametrize("name", [*PARTS, "readers"])
def test_whatever_part_is_damaged_or_lost_the_site_is_right(long_life, tmp_path, name, change):
    life = long_life
    with closing(sqlite3.connect(state_of(life))) as base, base:
        done = base.execute(f"{change} WHERE name = ? OR name GLOB ?", (name, f"{name} *"))
        assert done.rowcount > 0
    edits.deleted(life)
    edits.new_post(life)
    edits.title(life)
    assert kept_current(life) == 0
    assert_equal(life, tmp_path / "clean")
    with closing(Parts(state_of(life))) as kept:
        assert kept.root


def test_an_edit_writes_few_parts_of_many(life):
    def written() -> dict[str, bytes]:
        with closing(sqlite3.connect(state_of(life))) as base:
            return dict(base.execute("SELECT name, data FROM part").fetchall())

    before = written()
    edits.body(life)
    assert kept_current(life) == 0
    after = written()
    changed = {name for name in after if before.get(name) != after[name]}
    assert 0 < len(changed) < len(after) / 4


# --- parts


@pytest.fixture
def file(tmp_path: Path) -> Path:
    place = tmp_path / "state.sqlite"
    parts.create(place, [("root", b"1"), ("a", b"A"), ("b", b"B")])
    return place


def test_parts_are_written_all_at_once_and_read_one_by_one(file):
    kept = Parts(file)
    assert [kept.read("a"), kept.read("b")] == [b"A", b"B"]
    kept.write([("root", b"2"), ("a", None), ("c", b"C")])
    kept = Parts(file)
    assert [kept.root, kept.read("b"), kept.read("c")] == [b"2", b"B", b"C"]
    with pytest.raises(Damaged):
        kept.read("a")


def test_a_part_under_the_name_of_another_is_no_part(file):
    with closing(sqlite3.connect(file)) as base, base:
        base.execute("UPDATE part SET name = 'c' WHERE name = 'a'")
    with pytest.raises(Damaged):
        Parts(file).read("c")


def test_what_a_killed_writer_left_is_nothing(file):
    file.with_name(f"{file.name}-journal").write_bytes(b"half")
    with pytest.raises(Damaged):
        Parts(file)
    parts.create(file, [("root", b"3")])
    assert Parts(file).root == b"3"


def test_nothing_is_written_where_writing_fails_midway(file):
    def failing() -> Iterator[tuple[str, bytes]]:
        yield "root", b"2"
        raise sqlite3.Error

    kept = Parts(file)
    with pytest.raises(sqlite3.Error):
        kept.write(failing())
    kept.close()
    assert Parts(file).root == b"1"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked on POSIX alone")
def test_a_forked_process_reads_what_its_parent_would(file):
    kept = Parts(file)
    child = os.fork()
    if child == 0:
        os._exit(0 if kept.read("a") == b"A" else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert kept.read("b") == b"B"


# --- memory

NAMES = st.sampled_from([f"name {number}" for number in range(80)])
ROWS = (
    st.none()
    | st.just("leaf")
    | st.tuples(st.lists(NAMES, max_size=6), st.none() | st.floats(0, 9))
)
CHANGES = st.lists(st.dictionaries(NAMES, ROWS, max_size=40), min_size=1, max_size=5)


@settings(max_examples=60)
@given(CHANGES, st.booleans())
def test_a_memory_that_is_kept_in_parts_knows_what_one_that_is_whole_does(changes, keeps):
    kept: dict[str, bytes] = {}
    memory, model = Memory(), dict[str, object]()
    for change in changes:
        for name, row in change.items():
            changed(memory, model, name, row)
        memory.settle()
        if keeps:
            kept.update(memory.written())
            memory = Memory(kept.__getitem__, memory.outline())
        assert_knows(memory, model)


def changed(memory: Memory, model: dict[str, object], name: str, row: object) -> None:
    """The name has another row; whatever it reads is a leaf at least."""
    if row is None and name not in model:
        return
    if isinstance(row, tuple):
        names, until = row
        numbers = [memory.number(each) for each in dict.fromkeys(names)]
        for number in memory.unknown(numbers):
            memory.set(number, "leaf")
            model[memory.name(number)] = "leaf"
        row = ["digest", numbers, None, until, None]
    memory.set(memory.number(name), row)
    model[name] = row


def assert_knows(memory: Memory, model: dict[str, object]) -> None:
    read = {number for row in model.values() if isinstance(row, list) for number in reads(row)}
    for name, row in model.items():
        number = memory.find(name)
        if number is not None:
            readers = [n for n, each in model.items() if number in reads(each)]
            assert sorted(memory.name(each) for each in memory.readers(number)) == sorted(readers)
            assert memory.row(number) == row
        else:
            assert not isinstance(row, list)
    assert all(memory.name(number) in model for number in read)
    ends = [row[3] for row in model.values() if isinstance(row, list) and row[3] is not None]
    assert memory.span(but=()).until == min(ends, default=None)


def test_spans_that_are_joined_hold_as_long_as_all_of_them():
    assert joined([]) == (None, None, None)


# --- stretches


@given(st.lists(st.text(max_size=6), unique=True).map(sorted), st.text(max_size=6))
def test_a_name_more_is_in_one_stretch_and_divides_two_at_most(names, more):
    before, after = stretches(names), stretches(sorted({*names, more}))
    assert [name for each in after for name in each] == sorted({*names, more})
    assert len([each for each in after if each not in before]) <= 2
    assert len([each for each in before if each not in after]) <= 1

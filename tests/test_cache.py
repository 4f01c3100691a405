"""The cache gives back what it was given, or has it made again."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from community_files import NOW, write

from townsquare import bodies, build
from townsquare.cache import FILE, Cache, key


class Making:
    """Counts how often a result is made."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.times = 0

    def __call__(self) -> bytes:
        self.times += 1
        return self.data


def filled(folder: Path, **results: bytes) -> None:
    cache = Cache(folder)
    for name, data in results.items():
        cache.result(key(name), Making(data))
    cache.save()


def test_a_result_is_made_once(tmp_path: Path) -> None:
    filled(tmp_path, a=b"one", b=b"")
    again = Making(b"other")
    cache = Cache(tmp_path)
    assert cache.result(key("a"), again) == b"one"
    assert cache.result(key("b"), again) == b""
    assert again.times == 0


def test_what_is_not_asked_for_is_dropped(tmp_path: Path) -> None:
    filled(tmp_path, a=b"one", b=b"two")
    filled(tmp_path, a=b"one")
    again = Making(b"new")
    assert Cache(tmp_path).result(key("b"), again) == b"new"
    assert again.times == 1


def test_a_run_that_asks_for_little_adds_and_drops_nothing(tmp_path: Path) -> None:
    filled(tmp_path, a=b"one")
    cache = Cache(tmp_path)
    cache.result(key("b"), Making(b"two"))
    cache.save(tidy=False)
    again = Making(b"new")
    assert Cache(tmp_path).result(key("a"), again) == b"one"
    assert Cache(tmp_path).result(key("b"), again) == b"two"
    assert again.times == 0


@pytest.mark.parametrize("damage", ["UPDATE result SET data = x'00'", "DELETE FROM result"])
def test_a_damaged_result_is_made_again(tmp_path: Path, damage: str) -> None:
    filled(tmp_path, a=b"one", b=b"two")
    with sqlite3.connect(tmp_path / FILE) as base:
        base.execute(damage)
    assert Cache(tmp_path).result(key("a"), Making(b"one again")) == b"one again"


def test_swapped_results_are_both_found(tmp_path: Path) -> None:
    filled(tmp_path, a=b"one", b=b"two")
    with sqlite3.connect(tmp_path / FILE) as base:
        rows = base.execute("SELECT key, digest, data FROM result").fetchall()
        for (of, _, _), (_, digest, data) in zip(rows, reversed(rows), strict=True):
            base.execute("UPDATE result SET digest = ?, data = ? WHERE key = ?", (digest, data, of))
    cache = Cache(tmp_path)
    assert cache.result(key("a"), Making(b"one")) == b"one"
    assert cache.result(key("b"), Making(b"two")) == b"two"


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\x00" + b"\xff" * 200])
def test_a_file_that_is_no_cache_is_replaced(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    filled(tmp_path, a=b"one")
    again = Making(b"other")
    assert Cache(tmp_path).result(key("a"), again) == b"one"
    assert again.times == 0


def test_keys_keep_parts_apart() -> None:
    assert key("ab", "c") != key("a", "bc")
    assert key("a", b"") != key("a")


def test_a_second_build_converts_only_what_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    converted: list[str] = []
    convert = bodies.convert

    def counted(text: str, path: str, first_line: int) -> bodies.Body:
        converted.append(path)
        return convert(text, path, first_line)

    monkeypatch.setattr(bodies, "convert", counted)
    posts = {
        f"content/blog/{n}.md": f"---\ntitle: {n}\ndate: 2026-01-05\n---\n*Text*" for n in "abc"
    }
    root = write(tmp_path, posts)
    first = checked(root)
    assert len(converted) == 3
    write(root, {"content/blog/b.md": "---\ntitle: b\ndate: 2026-01-05\n---\nOther"})
    second = checked(root)
    assert converted[3:] == ["content/blog/b.md"]
    kept, made = (each.bodies["content/blog/a.md"] for each in (second, first))
    assert {name: getattr(kept, name) for name in vars(made)} == vars(made)
    assert second.bodies["content/blog/b.md"].html == "<p>Other</p>"


def checked(root: Path) -> build.Checked:
    cache = Cache(root / ".cache")
    found = build.check(root, now=NOW, cache=cache, whole=True)
    cache.save()
    return found

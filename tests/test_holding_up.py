"""Builds that are killed, find no room, run elsewhere or find their memory damaged."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import edits
import publishing
import pytest
from edits import Life
from published_sites import mounted
from publishing import HOOKS, MAIN, Commons, command, ended, files, restored
from test_upkeep import assert_equal, kept_current

from judges import installed
from townsquare import cache
from townsquare.memory import Damaged
from townsquare.output import SUMS
from townsquare.upkeep.parts import Parts

AT = ("--now", "2026-11-23T12:00:00Z")


@pytest.mark.parametrize("way", ["anew", "quick"])
def test_a_killed_build_leaves_the_old_site_or_the_new(tmp_path, way, full):
    commons, site, kept = Commons(tmp_path / "community"), tmp_path / "site", tmp_path / "kept"
    options = [*AT, "--first-publish", "--search"] if way == "anew" else AT
    line = ["build", "--root", commons.root, "--out", site, *options]
    assert ended(command(*line))[0] == 0
    old = files(site)
    commons.commit()
    shutil.copytree(tmp_path, kept, ignore=shutil.ignore_patterns("kept"))
    assert ended(command(*line))[0] == 0
    new = files(site)
    assert old != new

    def reset() -> None:
        for name in ("site", ".site.spare", "community/.cache"):
            if (kept / name).exists():
                restored(tmp_path / name, kept / name)
            else:
                shutil.rmtree(tmp_path / name, ignore_errors=True)

    times = 50 if full else 5
    counts = publishing.kill_at_random(
        lambda: command(*line), reset, lambda: files(site), old, new, times=times
    )
    assert counts.old + counts.new == times
    # What a kill after the swap has left is gone with the next build.
    assert ended(command(*line))[0] == 0
    left = {each.name for each in tmp_path.iterdir()}
    assert left <= {"community", "site", "kept", ".site.spare", ".site.lock"}


def test_a_full_disk_leaves_the_old_site(tmp_path):
    """From no room at all to room for all but the last file."""
    disk, commons = tmp_path / "disk", Commons(tmp_path / "community")
    disk.mkdir()
    line = ["build", "--root", commons.root, "--out", disk / "site", *AT]
    with mounted(disk, "24m"):
        assert ended(command(*line, "--first-publish"))[0] == 0
        commons.commit()
        old, failed = files(disk / "site"), 0
        for way in ([], ["--first-publish"]):
            for room in (0, 4, 64, 256, 600, 1200):
                held = os.statvfs(disk)
                filler = disk / "filler"
                free = held.f_bavail * held.f_frsize // 1024 - room
                filler.write_bytes(b"x" * 1024 * max(0, free))
                code, said = ended(command(*line, *way))
                filler.unlink()
                assert "Traceback" not in said
                if code:
                    assert (code, "No space left" in said) == (2, True), said
                    assert files(disk / "site") == old
                    failed += 1
                else:
                    assert_whole(disk / "site")
                    restored(disk / "again", disk / "site")
                    shutil.rmtree(disk / "again")
        assert failed >= 4
        assert ended(command(*line))[0] == 0
        assert_whole(disk / "site")


def test_no_room_for_the_cache_costs_time_and_nothing_else(tmp_path):
    commons, disk = Commons(tmp_path / "community"), tmp_path / "community/.cache"
    disk.mkdir()
    with mounted(disk, "64k"):
        line = ["build", "--root", commons.root, "--out", tmp_path / "site", *AT]
        code, said = ended(command(*line))
        assert code == 0 and "Traceback" not in said, said
        assert_whole(tmp_path / "site")
        assert ended(command(*line))[0] == 0


def assert_whole(site: Path) -> None:
    done = subprocess.run(
        ["sha256sum", "--check", "--quiet", "--strict", SUMS], cwd=site, check=False
    )
    assert done.returncode == 0


def test_one_commit_is_the_same_bytes_for_another_user_with_another_clock(tmp_path):
    """Another user, umask, host name, clock, zone, locale, home, folder and number of cores."""
    commons = Commons(tmp_path / "community")
    for _ in range(3):
        commons.commit()
    other = tmp_path / "another folder" / "clone"
    subprocess.run(["git", "clone", "-q", str(commons.root), str(other)], check=True)
    here, there = tmp_path / "here", tmp_path / "there"
    search = ["--search", "--first-publish"]
    for way in ([], search):
        assert ended(command("build", "--root", commons.root, "--out", here, *AT, *way))[0] == 0
        elsewhere("build", "--root", other, "--out", there, *AT, *way, home=tmp_path)
        assert files(here) == files(there)
        assert_whole(there)


def elsewhere(*words: str | Path, home: Path) -> None:
    """The command in namespaces of its own."""
    unshare, clock = installed.program("unshare"), installed.program("faketime")
    inner = [unshare, "--user", "--map-user=4321", "--map-group=4321", "--ipc", "--pid", "--fork"]
    inner += [installed.program("taskset"), "-c", "0", clock, "-f", "@2031-03-04 05:06:07"]
    inner += [sys.executable, "-c", MAIN, *map(str, words)]
    script = 'umask 077; hostname elsewhere 2>/dev/null || :; exec "$@"'
    outer = [unshare, "--uts", "sh", "-c", script, "sh"] if os.getuid() == 0 else []
    variables = {
        "PATH": os.environ["PATH"], "PYTHONPATH": str(HOOKS), "HOME": str(home),
        "TZ": "Pacific/Chatham", "LC_ALL": "C", "PYTHONHASHSEED": "7", "COLUMNS": "20",
    }  # fmt: skip
    done = subprocess.run([*outer, *inner], env=variables, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


DAMAGES = ("flipped", "truncated", "emptied", "swapped")


@pytest.mark.parametrize("damage", DAMAGES)
def test_every_damaged_entry_of_the_cache_is_found_and_made_anew(tmp_path, damage, full):
    life = edits.begun(tmp_path / "community", DAMAGES.index(damage))
    assert kept_current(life) == 0
    folder, chance = life.root / ".cache", random.Random(damage)
    [state] = folder.glob("upkeep-*.sqlite")
    share = 25 if full else 6
    found = 0
    for file, table, key in ((folder / cache.FILE, "result", "key"), (state, "part", "name")):
        with closing(sqlite3.connect(file)) as base, base:
            rows = base.execute(f"SELECT {key}, digest, data FROM {table}").fetchall()
            chosen = chance.sample([row for row in rows if row[2]], share)
            for name, digest, data in chosen:
                other = chance.choice([row for row in rows if row[0] != name])
                made = damaged(damage, digest, data, other, chance)
                line = f"UPDATE {table} SET digest = ?, data = ? WHERE {key} = ?"
                base.execute(line, (*made, name))
        found += sum(is_found(file, name) for name, *_ in chosen)
    assert found == 2 * share
    edits.title(life)
    assert kept_current(life) == 0
    assert_equal(life, tmp_path / "clean")


def damaged(
    damage: str,
    digest: bytes,
    data: bytes,
    other: tuple[object, bytes, bytes],
    chance: random.Random,
) -> tuple[bytes, bytes]:
    if damage == "flipped":
        at = chance.randrange(len(data))
        return digest, data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]
    if damage == "truncated":
        return digest, data[: chance.randrange(len(data))]
    return (digest, b"") if damage == "emptied" else (other[1], other[2])


def is_found(file: Path, name: bytes | str) -> bool:
    """Whether what is kept under the name is known to be damaged."""
    if isinstance(name, bytes):
        return cache.Cache(file.parent).kept(name) is None
    try:
        Parts(file).read(name)
    except Damaged:
        return True
    return False


@pytest.mark.parametrize("way", ["truncated", "another", "noise", "folder"])
def test_a_cache_file_that_is_another_is_made_anew(tmp_path, way):
    life: Life = edits.begun(tmp_path / "community", 1)
    assert kept_current(life) == 0
    stranger = edits.begun(tmp_path / "stranger", 2)
    assert kept_current(stranger) == 0
    folder = life.root / ".cache"
    for file in sorted(folder.iterdir()):
        data = file.read_bytes()
        twin = next(each for each in sorted((stranger.root / ".cache").iterdir())
                    if each.name.split("-")[0] == file.name.split("-")[0])  # fmt: skip
        file.unlink()
        if way == "folder":
            file.mkdir()
        else:
            anew = {"truncated": data[: len(data) // 2], "another": twin.read_bytes()}
            file.write_bytes(anew.get(way, b"\x00noise" * 999))
    edits.title(life)
    assert kept_current(life) == 0
    assert_equal(life, tmp_path / "clean")

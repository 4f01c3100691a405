"""`check --base`: what a change touches or breaks elsewhere is reported, old faults are not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from community_files import write

from judges import installed

OLD = "---\ntitle: Old\ndate: 2026-01-05\n---\nSee [nothing](nothing.md).\n"
FILES = {
    "content/index.md": "---\ntitle: Home\n---\nHello.\n",
    "content/people/ana.md": "---\ntitle: Ana\n---\n",
    "content/blog/old.md": OLD,
    "content/blog/good.md": "---\ntitle: Good\ndate: 2026-01-06\nauthors: [ana]\n---\nFine.\n",
    "content/blog/link.md": "---\ntitle: Link\ndate: 2026-01-07\n---\nSee [good](good.md).\n",
    "events/wrong.md": "---\ntitle: Wrong\nstart: soon\n---\n",
}


def git(root: Path, *arguments: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    command = [installed.program("git"), "-C", str(root), *who, *arguments]
    subprocess.run(command, check=True, capture_output=True)


def commit(root: Path) -> None:
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "x")


def run(root: Path, base: str = "main") -> subprocess.CompletedProcess[str]:
    options = ["--root", str(root), "--now", "2026-11-23T12:00:00Z", "--format", "json"]
    return subprocess.run(
        [sys.executable, "-m", "townsquare.cli", "check", "--base", base, *options],
        cwd=installed.ROOT / "hooks",
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def told(root: Path, base: str = "main") -> list[str]:
    """What is reported, as `path:line code`."""
    problems = json.loads(run(root, base).stdout)["problems"]
    return [f"{p['path']}:{p['line']} {p['code']}" for p in problems]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A community with two old faults, on a branch that has changed nothing yet."""
    root = write(tmp_path / "root", FILES)
    git(root, "init", "-q", "-b", "main")
    commit(root)
    git(root, "switch", "-q", "-c", "change")
    return root


def test_old_faults_do_not_stand_in_the_way_of_a_change(root):
    write(root, {"content/blog/new.md": "---\ntitle: New\ndate: 2026-01-08\n---\nFine.\n"})
    commit(root)
    done = run(root)
    assert (done.returncode, json.loads(done.stdout)["problems"]) == (0, [])


def test_without_a_base_the_old_faults_are_there(root):
    options = ["--root", str(root), "--now", "2026-11-23T12:00:00Z", "--format", "json"]
    done = subprocess.run(
        [sys.executable, "-m", "townsquare.cli", "check", *options],
        cwd=installed.ROOT / "hooks",
        capture_output=True,
        check=False,
    )
    codes = [p["code"] for p in json.loads(done.stdout)["problems"]]
    assert (done.returncode, codes) == (1, ["link-broken", "date-invalid"])


def test_every_fault_of_a_file_that_is_touched_is_reported_old_ones_too(root):
    write(root, {"content/blog/old.md": OLD + "\nMore, and [nothing else](other.md).\n"})
    assert told(root) == ["content/blog/old.md:5 link-broken", "content/blog/old.md:7 link-broken"]


def test_what_a_change_breaks_elsewhere_is_reported_there(root):
    (root / "content/people/ana.md").unlink()
    (root / "content/blog/good.md").rename(root / "content/blog/better.md")
    commit(root)
    assert told(root) == [
        "content/blog/better.md:4 reference-unknown",
        "content/blog/link.md:5 link-broken",
    ]
    assert run(root).returncode == 1


def test_what_is_not_committed_or_not_added_yet_counts(root):
    write(root, {"events/new.md": "---\ntitle: New\nstart: later\n---\n"})
    assert told(root) == ["events/new.md:3 date-invalid"]
    git(root, "add", ".")
    assert told(root) == ["events/new.md:3 date-invalid"]


def test_what_happened_on_the_base_since_is_not_the_changes_fault(root):
    write(root, {"content/blog/mine.md": "---\ntitle: Mine\ndate: 2026-01-09\n---\nFine.\n"})
    commit(root)
    git(root, "switch", "-q", "main")
    (root / "events/wrong.md").unlink()
    write(root, {"content/blog/theirs.md": "---\ntitle: Theirs\ndate: never\n---\n"})
    commit(root)
    git(root, "switch", "-q", "change")
    assert told(root) == []


def test_a_community_in_a_folder_of_its_repository_is_compared_alone(tmp_path):
    root = write(tmp_path / "whole" / "site", FILES)
    write(tmp_path / "whole", {"content/blog/other.md": "no front matter"})
    git(tmp_path / "whole", "init", "-q", "-b", "main")
    commit(tmp_path / "whole")
    write(root, {"events/new.md": "---\ntitle: New\nstart: later\n---\n"})
    write(tmp_path / "whole", {"content/blog/more.md": "no front matter"})
    commit(tmp_path / "whole")
    assert told(root, "HEAD~1") == ["events/new.md:3 date-invalid"]


@pytest.mark.parametrize("base", ["no-such-branch", "-x", "HEAD~99"])
def test_a_base_that_is_not_there_is_a_broken_set_up_and_says_so(root, base):
    done = run(root, base)
    assert done.returncode == 2
    assert base in done.stderr and "Traceback" not in done.stderr


def test_without_a_repository_it_says_so(tmp_path):
    done = run(write(tmp_path / "root", FILES))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr

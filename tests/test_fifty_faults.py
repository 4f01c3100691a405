"""Fifty faults of different kinds planted in one community: one run reports all, and no other.

`fifty/expected.txt` was written from where they were planted, never from what a run said.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from judges.installed import ROOT

FIFTY = Path(__file__).with_name("fifty")
EXPECTED = (FIFTY / "expected.txt").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def community(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The faulty community where no check has been before."""
    return shutil.copytree(FIFTY / "community", tmp_path_factory.mktemp("fifty") / "community")


def check(root: Path, form: str) -> subprocess.CompletedProcess[str]:
    command = [
        *(sys.executable, "-X", "utf8", "-m", "townsquare.cli", "check"),
        *("--root", str(root), "--now", "2026-11-23T12:00:00Z", "--format", form),
    ]
    return subprocess.run(
        command, cwd=ROOT / "hooks", capture_output=True, encoding="utf-8", check=False
    )


def places(done: subprocess.CompletedProcess[str]) -> list[str]:
    told = json.loads(done.stdout)["problems"]
    return [f"{p['path']}:{p['line']}:{p['column']} {p['code']}" for p in told]


def test_fifty_faults_of_different_kinds_are_planted():
    assert len({line.split()[1] for line in EXPECTED}) == len(EXPECTED) >= 50


def test_one_run_reports_every_fault_where_it_was_planted_by_place_and_nothing_else(community):
    done = check(community, "json")
    assert done.returncode == 1
    assert places(done) == EXPECTED


def test_a_run_that_remembers_the_one_before_says_the_same_words(community):
    first = check(community, "json")
    assert check(community, "json").stdout == first.stdout
    assert places(first) == EXPECTED


def test_a_run_after_one_edit_says_what_is_left(community):
    check(community, "json")
    faulty = community / EXPECTED[0].split(":")[0]
    whole = faulty.read_text("utf-8")
    faulty.write_text(whole + "\nOne more line.\n", "utf-8")
    changed = check(community, "json").stdout
    shutil.rmtree(community / ".cache")
    assert check(community, "json").stdout == changed
    faulty.write_text(whole, "utf-8")
    assert places(check(community, "json")) == EXPECTED


def test_each_is_told_in_one_place_and_with_something_to_do(community):
    lines = check(community, "text").stdout.splitlines()
    heads = [line for line in lines if line.endswith("]") and line[0] not in " 0123456789"]
    assert [f"{h.split(': ')[0]} {h.rpartition('[')[2][:-1]}" for h in heads] == EXPECTED
    assert sum(line.startswith("  hint: ") for line in lines) == len(EXPECTED)

"""Fifty faults of different kinds planted in one community: one run reports all, and no other.

`fifty/expected.txt` was written from where they were planted, never from what a run said.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from judges.installed import ROOT

FIFTY = Path(__file__).with_name("fifty")
EXPECTED = (FIFTY / "expected.txt").read_text(encoding="utf-8").splitlines()
CHECK = [
    *(sys.executable, "-X", "utf8", "-m", "townsquare.cli", "check"),
    *("--root", str(FIFTY / "community"), "--now", "2026-11-23T12:00:00Z", "--format"),
]


def check(form: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*CHECK, form], cwd=ROOT / "hooks", capture_output=True, encoding="utf-8", check=False
    )


def test_fifty_faults_of_different_kinds_are_planted():
    assert len({line.split()[1] for line in EXPECTED}) == len(EXPECTED) >= 50


def test_one_run_reports_every_fault_where_it_was_planted_by_place_and_nothing_else():
    done = check("json")
    assert done.returncode == 1
    told = json.loads(done.stdout)["problems"]
    assert [f"{p['path']}:{p['line']}:{p['column']} {p['code']}" for p in told] == EXPECTED


def test_each_is_told_in_one_place_and_with_something_to_do():
    lines = check("text").stdout.splitlines()
    heads = [line for line in lines if line.endswith("]") and line[0] not in " 0123456789"]
    assert [f"{h.split(': ')[0]} {h.rpartition('[')[2][:-1]}" for h in heads] == EXPECTED
    assert sum(line.startswith("  hint: ") for line in lines) == len(EXPECTED)

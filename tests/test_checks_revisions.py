"""Rules and published figures do not change unannounced."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from communities import context
from community_files import write
from test_changes import commit, git, run, told

from townsquare.checks import revisions

RULE, KEPT = "guidelines/room.md", "guidelines/archive/room/1.0.0.md"
LADDER = "ladder:\n  - {rung: Word, event: A slip, consequence: A talk}\n"


def rule(version: str, text: str, *, more: str = "", status: str = "active") -> str:
    return (
        f"---\ntitle: Room\ntype: policy\nversion: {version}\nstatus: {status}\n"
        f"effective: 2026-01-05\n{more}---\n{text}\n"
    )


def former(text: str, more: str = "") -> str:
    return f"---\ntitle: Room\nversion: 1.0.0\neffective: 2026-01-05\n{more}---\n{text}\n"


def found(root: Path, before: dict[str, str], now: dict[str, str]) -> list[str]:
    old, new = (context(root / name, files) for name, files in (("old", before), ("new", now)))
    problems = revisions.run(old.library, new.library)
    return sorted(f"{p.place.path}:{p.place.line} {p.code}" for p in problems)


OLD = rule("1.0.0", "See [the list](list.md).\n\n[a]: https://example.org/a")


@pytest.mark.parametrize(
    "new",
    [
        OLD,
        rule("1.0.0", "See [the\nlist](../content/list.md).\n\n[a]: https://example.org/b"),
        OLD.replace("effective: 2026-01-05", "effective: 2026-01-05\nowner: ana"),
        OLD.replace("title: Room", "title: Our room"),
    ],
)
def test_what_leaves_the_text_as_it_is_needs_no_version(tmp_path, new):
    assert found(tmp_path, {RULE: OLD}, {RULE: new}) == []


@pytest.mark.parametrize(
    "new",
    [
        OLD.replace("See ", "Never see "),
        OLD.replace("---\nSee", f"{LADDER}---\nSee"),
        OLD.replace(
            "---\nSee",
            "report_channels: [{name: A, contact: mailto:a@example.org, reaches: b}]\n---\nSee",
        ),
    ],
)
def test_another_text_ladder_or_channel_under_the_same_version_is_a_fault(tmp_path, new):
    assert found(tmp_path, {RULE: OLD}, {RULE: new}) == [f"{RULE}:4 guideline_unversioned"]


def test_a_proposal_may_change_until_it_holds(tmp_path):
    old = rule("0.1.0", "We ask.", status="draft")
    assert found(tmp_path, {RULE: old}, {RULE: rule("0.1.0", "We tell.", status="active")}) == []
    assert found(tmp_path / "b", {RULE: old}, {RULE: rule("0.2.0", "We tell.")}) == []


def test_what_nobody_has_read_yet_may_change(tmp_path):
    old = OLD.replace("title:", "draft: yes\ntitle:")
    kept = former("We ask.").replace("title:", "draft: yes\ntitle:")
    before = {RULE: old, KEPT: kept}
    now = {RULE: old.replace("See ", "Never see "), KEPT: kept.replace("We", "They")}
    assert found(tmp_path, before, now) == []


def test_a_version_that_is_replaced_is_kept_in_the_archive(tmp_path):
    new = {RULE: rule("1.1.0", "We tell.")}
    assert found(tmp_path / "a", {RULE: OLD}, new) == [f"{RULE}:4 former_text_missing"]
    kept = new | {KEPT: former("See [the list](../../list.md).\n\n[a]: https://example.org/a")}
    assert found(tmp_path / "b", {RULE: OLD}, kept) == []


def test_another_text_in_the_archive_than_the_one_that_held_is_a_fault(tmp_path):
    new = {RULE: rule("1.1.0", "We tell."), KEPT: former("We never had a list.")}
    assert found(tmp_path, {RULE: OLD}, new) == [f"{KEPT}:3 former_text_missing"]


def test_the_ladder_is_kept_with_the_text(tmp_path):
    old = {RULE: rule("1.0.0", "We ask.", more=LADDER)}
    new = {RULE: rule("1.1.0", "We tell."), KEPT: former("We ask.")}
    assert found(tmp_path / "a", old, new) == [f"{KEPT}:3 former_text_missing"]
    assert found(tmp_path / "b", old, new | {KEPT: former("We ask.", LADDER)}) == []


def test_a_former_text_is_neither_edited_nor_taken_away(tmp_path):
    before = {RULE: rule("1.1.0", "We tell."), KEPT: former("We ask.")}
    edited = before | {KEPT: former("We asked.")}
    assert found(tmp_path / "a", before, edited) == [f"{KEPT}:3 former_text_changed"]
    gone = {RULE: before[RULE]}
    assert found(tmp_path / "b", before, gone) == [f"{RULE}:4 former_text_changed"]
    assert found(tmp_path / "c", before, {"content/a.md": "---\ntitle: A\n---\n"}) == []


FIGURES = "guidelines/transparency/2026-H1.md"


def figures(**cases: int | str) -> dict[str, str]:
    rows = "".join(f"  - {{category: {name}, count: {count}}}\n" for name, count in cases.items())
    return {FIGURES: f"---\ntitle: Half\nperiod: 2026-H1\ncases:\n{rows}---\n"}


@pytest.mark.parametrize(
    ("new", "lines"),
    [
        ({"spam": 9, "other": 8}, []),
        ({"spam": 10, "other": 8}, [4, 5]),
        ({"spam": 14, "other": 8}, []),
        ({"spam": 15, "other": 0}, [4]),
        ({"spam": 9, "other": "not collected"}, []),
        ({"spam": "not collected", "other": 5}, [6]),
    ],
)
def test_figures_that_change_by_one_to_four_tell_of_one_to_four(tmp_path, new, lines):
    changed = found(tmp_path, figures(spam=9, other=8), figures(**new))
    assert changed == [f"{FIGURES}:{line} small_count" for line in lines]


def test_a_change_on_a_branch_is_told_of_it(tmp_path):
    root = write(tmp_path / "root", {RULE: OLD, "content/index.md": "---\ntitle: Home\n---\n"})
    git(root, "init", "-q", "-b", "main")
    commit(root)
    git(root, "switch", "-q", "-c", "change")
    assert told(root) == []
    (root / RULE).write_text(OLD.replace("See", "Never see"), "utf-8")
    commit(root)
    found = [each for each in told(root) if "link-broken" not in each]
    assert found == [f"{RULE}:4 guideline-unversioned"]
    done: subprocess.CompletedProcess[str] = run(root)
    assert done.returncode == 1
    assert "keep the former text as guidelines/archive/room/1.0.0.md" in done.stdout

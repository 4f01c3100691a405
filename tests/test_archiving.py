"""A guideline's text is kept word for word, where its links still lead somewhere."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from community_files import NOW, write

from townsquare import archiving, build, cli
from townsquare.checks import revisions
from townsquare.kinds.guideline import Guideline
from townsquare.problems import SetupError


def replaced(folder: Path, old: Path, id: str) -> list[str]:
    """What is said when a text is kept by the command, and another version takes its place."""
    shutil.copytree(old, folder)
    kept = archiving.keep(folder, id)
    before = build.check(old, now=NOW)
    rule = before.library.find("guideline", id)
    assert rule
    file = folder / rule.path
    text = re.sub("(?m)^version: .*", "version: 99", file.read_text("utf-8"), count=1)
    text = re.sub("(?m)^effective: .*", "effective: 2026-11-20", text, count=1)
    file.write_text(text + "\nOne sentence more.\n", "utf-8")
    now = build.check(folder, now=NOW)
    known = {(p.place.path, p.message) for p in before.problems}
    found = [p for p in now.problems if (p.place.path, p.message) not in known]
    assert kept.relative_to(folder).as_posix() in now.library.by_path
    return [
        f"{p.place.path}: {p.code}"
        for p in (*found, *revisions.run(before.library, now.library))
        if p.code != "version_not_in_changes"
    ]


def test_every_rule_of_the_sample_can_be_kept_and_replaced(root, tmp_path):
    sample = tmp_path / "sample"
    for name in ("content", "events", "guidelines"):
        shutil.copytree(root / name, sample / name)
    held = build.check(sample, now=NOW).library
    ids = [e.id for e in held.visible(Guideline)]
    assert len(ids) > 5
    for id in ids:
        assert replaced(tmp_path / id, sample, id) == [], id


RULE = """---
title: "A: rule # of {{ours}}"
type: policy
version: "1.0"
status: active
effective: 2026-01-05
{}
---
See [a](a.md#x "A"), [b](./b.png), `[c](c.md)`, [d](https://example.org/d), [e](#e), <https://example.org>,
[f](/f/), [g](mailto:g@example.org) and [h].

[h]: ../h.md
"""


@pytest.mark.parametrize(
    "ladder",
    [
        (
            "ladder:\n- rung: One\n  # why\n  event: E\n  consequence: C\n\n- rung: Two\n"
            "  event: E\n  consequence: >\n    Long\n\n    # text\nreview_every: 1 year"
        ),
        "ladder: [{rung: One, event: E, consequence: C},\n  {rung: Two, event: E, consequence: C}]",
        "ladder:  # mild to severe\n  - {rung: One, event: E, consequence: C}",
        "tags: []",
    ],
)
def test_a_ladder_is_kept_however_it_is_written(tmp_path, ladder):
    old = write(tmp_path / "old", {"guidelines/rule.md": RULE.format(ladder)})
    told = replaced(tmp_path / "new", old, "rule")
    assert {each.partition(": ")[2] for each in told} <= {"link_broken", "anchor_broken"}


def test_links_to_files_lead_from_the_archive_and_others_stay(tmp_path):
    text = RULE.format("id: our-rule")
    root = write(tmp_path / "root", {"guidelines/deep/rule.md": text})
    body = archiving.keep(root, "our-rule").read_text("utf-8").partition("See ")[2]
    assert "[a](../../deep/a.md#x" in body and "](../../deep/./b.png)" in body
    assert "`[c](c.md)`" in body and "](https://example.org/d)" in body and "](#e)" in body
    assert "](/f/)" in body and "](mailto:g" in body and "[h]: ../../deep/../h.md" in body


def test_what_is_kept_already_is_not_touched(tmp_path):
    root = write(tmp_path / "root", {"guidelines/rule.md": RULE.format("")})
    archiving.keep(root, "rule")
    with pytest.raises(SetupError, match="there already"):
        archiving.keep(root, "rule")


@pytest.mark.parametrize(
    ("id", "version", "said"),
    [("rules", "1.0", "did you mean `rule`"), ("rule", "a/b", "no version that could name a file")],
)
def test_what_cannot_be_kept_is_said(tmp_path, id, version, said):
    text = RULE.format("").replace('"1.0"', version)
    root = write(tmp_path / "root", {"guidelines/rule.md": text})
    with pytest.raises(SetupError, match=said):
        archiving.keep(root, id)


def test_the_command_keeps_a_text(tmp_path):
    from click.testing import CliRunner

    root = write(tmp_path / "root", {"guidelines/rule.md": RULE.format("")})
    done = CliRunner().invoke(cli.main, ["new", "former", "rule", "--root", str(root)])
    assert done.exit_code == 0
    assert (root / "guidelines/archive/rule/1.0.md").is_file()

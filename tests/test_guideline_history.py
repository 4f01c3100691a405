"""A guideline's history: every version, and what each changed in the text before it."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from communities import community
from edits import GOLDEN, Life
from test_upkeep import files, from_nothing, kept_current
from view_pages import Site

RULE = """---
title: Rule <b>
type: policy
version: 1.10.0
status: active
effective: 2026-10-01
changes:
  - {version: 1.10.0, date: 2026-10-01, summary: "Faster & kinder"}
  - {version: 1.9.0, date: 2026-05-01, summary: Slower}
  - {version: 1.8.0, date: 2026-04-01, summary: Lost}
  - {version: 1.0.0, date: 2026-01-01, summary: First}
ladder:
  - {rung: Word, event: A slip, consequence: A word}
---
We answer within one day.

Then <script>alert(1)</script> we ask.
"""
FORMER = "---\ntitle: Rule\nversion: {}\neffective: {}\n---\n{}\n"
FILES = {
    "guidelines/rule.md": RULE,
    "guidelines/archive/rule/1.0.0.md": FORMER.format("1.0.0", "2026-01-01", "We answer."),
    "guidelines/archive/rule/1.9.0.md": FORMER.format(
        *("1.9.0", "2026-05-01", "We answer within nine days.\n\nThen <script> we ask")
    ),
}
AT = "guidelines/rule/history/"
LATER = datetime(2027, 2, 2, tzinfo=UTC)


def site(root: Path, **other: str) -> Site:
    return Site(community(root, FILES | other))


def marked(made: Site, name: str) -> list[str]:
    found = (e for e in made.tree(AT).iter() if e.tag.endswith("}" + name))
    return ["".join(e.itertext()) for e in found]


def test_each_version_has_a_place_the_latest_first_by_number(tmp_path):
    made = site(tmp_path)
    headings = [(each.text, each.id) for each in made[AT].headings]
    assert [each[0] for each in headings] == ["1.10.0", "1.9.0", "1.8.0", "1.0.0"]
    assert all(f'<h2 id="{id}">' in made.html(AT) for _, id in headings)
    assert "The text of this version was not kept." in made.text(AT)
    assert "The first text that is kept: 1.0.0" in made.text(AT)


def test_what_changed_is_marked_with_words_for_those_who_hear_it(tmp_path):
    made = site(tmp_path)
    assert "added: one day" in marked(made, "ins")
    assert "taken out: nine days" in marked(made, "del")
    assert "added: - Word" in marked(made, "ins"), "the ladder is part of the text"


def test_a_text_lands_on_the_page_as_text(tmp_path):
    html = site(tmp_path).html(AT)
    assert "&lt;script&gt;alert(1)" in html and "<script" not in html
    assert "History: Rule &lt;b&gt;" in html


def test_the_guideline_leads_to_the_place_where_its_versions_are_compared(tmp_path):
    made = site(tmp_path)
    assert '<a href="history/#text-3">' in made.html("guidelines/rule/")
    assert '<h2 id="text-3">1.10.0' in made.html(AT)


def test_a_former_text_leads_to_what_has_changed_since(tmp_path):
    html = site(tmp_path).html("guidelines/archive/rule/1.0.0/")
    assert '<a href="../../../rule/history/">What has changed since</a>' in html


def test_the_list_of_rules_tells_who_answers_for_each_and_when_it_is_read_again(tmp_path):
    head = "owner: ana\nreview_every: 1 year\nstatus: active"
    more = {"content/people/ana.md": "---\ntitle: Ana\n---\n"}
    more["guidelines/rule.md"] = RULE.replace("status: active", head)
    text = site(tmp_path, **more).text("guidelines/")
    assert "version 1.10.0, from 1 October 2026 · Ana · read again by 1 October 2027" in text


def test_without_former_texts_there_is_no_history_to_show(tmp_path):
    made = Site(community(tmp_path, {"guidelines/rule.md": RULE}))
    assert AT not in made
    assert "Compared" not in made.html("guidelines/rule/")


def test_a_former_text_that_is_hidden_stays_hidden(tmp_path):
    hidden = FILES["guidelines/archive/rule/1.9.0.md"].replace("title:", "draft: yes\ntitle:")
    made = site(tmp_path, **{"guidelines/archive/rule/1.9.0.md": hidden})
    assert "nine" not in made.html(AT)
    assert [each.text for each in made[AT].headings] == ["1.10.0", "1.9.0", "1.8.0", "1.0.0"]


def test_a_former_texts_ladder_stands_on_its_page(tmp_path):
    path = "guidelines/archive/rule/1.9.0.md"
    told = "ladder:\n  - {rung: Chat, event: A slip, consequence: A talk}\n---\nWe"
    made = site(tmp_path, **{path: FILES[path].replace("---\nWe", told)})
    assert "Chat" in made.text("guidelines/archive/rule/1.9.0/")
    assert "taken out: Chat" in marked(made, "del") and "added: Word" in marked(made, "ins")


@pytest.mark.parametrize("path", ["conduct.md", "archive/conduct/1.0.md"])
def test_a_text_that_changed_is_compared_anew_by_the_quick_way(path, tmp_path):
    shutil.copytree(GOLDEN, tmp_path / "root")
    life = Life(tmp_path / "root", Random(1))
    kept_current(life)
    file = life.root / "guidelines" / path
    file.write_text(file.read_text("utf-8") + "\nNobody is asked for a reason.\n", "utf-8")
    kept_current(life)
    site = files(life.root / "site")
    assert b"Nobody is asked for a reason." in site["guidelines/conduct/history/index.html"]
    assert site == from_nothing(life, tmp_path / "whole")[0]


def test_a_link_that_is_told_from_another_folder_is_no_change(tmp_path):
    text = "See [what comes]({}after.md), [there](https://x.example/a) and ![p]({}img/p.png)."
    rule = RULE.partition("---\nWe answer")[0] + "---\n" + text.format("", "../content/")
    former = FORMER.format("1.9.0", "2026-05-01", text.format("../../", "../../../content/"))
    files = {"guidelines/rule.md": rule, "guidelines/archive/rule/1.9.0.md": former}
    made = site(tmp_path, **files)
    assert not any("after.md" in each or "p.png" in each for each in marked(made, "del"))


def test_until_its_day_comes_a_new_text_does_not_hold_and_the_former_one_does(tmp_path):
    soon = RULE.replace("effective: 2026-10-01", "effective: 2027-02-01")
    soon = soon.replace("1.10.0, date: 2026-10-01", "1.10.0, date: 2027-02-01")
    made = site(tmp_path, **{"guidelines/rule.md": soon})
    address = "guidelines/archive/rule/1.9.0/"
    assert "This text holds until 1 February 2027, when Rule <b> takes its place." in made.text(
        address
    )
    assert "no longer holds" not in made.text(address)
    assert "This text no longer holds." in made.text("guidelines/archive/rule/1.0.0/")
    assert "Until then holds" in made.text("guidelines/rule/")
    assert {address} <= {*made.links("guidelines/rule/")}
    assert 'What holds now: <a href="../../archive/rule/1.9.0/">' in made.html(AT)
    later = Site(community(tmp_path / "later", FILES | {"guidelines/rule.md": soon}, now=LATER))
    assert "This text no longer holds." in later.text(address)
    assert 'What holds now: <a href="../">' in later.html(AT)

"""Every page tells how to report, and goes on telling the truth when that changes."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from edits import GOLDEN, Life
from lxml import html
from test_upkeep import by_mkdocs, files, from_nothing, kept_current

from townsquare import build, ledger
from townsquare.pages import Footer

CODE = "guidelines/conduct.md"
AFTER = "---\ntitle: What comes next\ntype: process\nversion: 1\nstatus: draft\n---\nWe write.\n"


@pytest.fixture
def life(tmp_path: Path) -> Life:
    shutil.copytree(GOLDEN, tmp_path / "root")
    return Life(tmp_path / "root", random.Random(1))


def replace(life: Life, path: str, old: str, new: str) -> None:
    text = (life.root / path).read_text("utf-8")
    assert old in text
    (life.root / path).write_text(text.replace(old, new), "utf-8")


def footers(site: dict[str, bytes]) -> dict[str, list[tuple[str, str]]]:
    """The words and addresses of the report channels below each page."""
    pages = {path: html.fromstring(data) for path, data in site.items() if path.endswith(".html")}
    where = "//footer//ul[@aria-labelledby='ts-footer-report']//a"
    return {
        path: [(a.text_content(), a.get("href")) for a in tree.xpath(where)]
        for path, tree in pages.items()
        # What stands at an old address only leads on.
        if tree.xpath("//footer")
    }


def test_every_page_tells_how_to_report_the_one_for_missing_addresses_too(life, tmp_path):
    found = footers(from_nothing(life, tmp_path / "site")[0])
    assert len(found) > 60 and "404.html" in found
    channels = [
        ("Conduct team", "mailto:conduct@golden.example"),
        ("Board", "https://golden.example/board"),
    ]
    assert all(links[:2] == channels for links in found.values())
    assert found["blog/first/index.html"][2] == ("Code of conduct", "../../guidelines/conduct/")


def test_a_channel_that_changes_reaches_every_page_by_every_way(life, tmp_path):
    kept_current(life)
    replace(life, CODE, "mailto:conduct@", "mailto:care@")
    replace(life, CODE, "ladder:", "after_report: after\nladder:")
    (life.root / "guidelines/after.md").write_text(AFTER, "utf-8")
    kept_current(life)
    site = files(life.root / "site")
    first = [links[0][1] for links in footers(site).values()]
    assert len(first) > 60 and set(first) == {"mailto:care@golden.example"}
    assert site == from_nothing(life, tmp_path / "whole")[0]
    assert footers(site) == footers(by_mkdocs(life, tmp_path / "plain"))
    assert all(links[3][0] == "What comes next" for links in footers(site).values())


def test_a_page_that_is_not_shown_is_not_led_to(life):
    replace(life, CODE, "ladder:", "after_report: after\nladder:")
    hidden = AFTER.replace("title:", "draft: yes\ntitle:")
    (life.root / "guidelines/after.md").write_text(hidden, "utf-8")
    assert footer(life).pages == (("Code of conduct", "guidelines/conduct/"),)


def test_without_a_code_of_conduct_there_is_nothing_to_tell(life):
    (life.root / CODE).unlink()
    assert footer(life) == Footer()


def test_a_code_that_is_to_come_does_not_take_the_place_of_the_one_in_force(life):
    text = (life.root / CODE).read_text("utf-8").replace("@golden", "@next")
    text = text.replace("title: Code", "title: A new code").replace("2026-06-01", "2027-06-01")
    (life.root / "guidelines/a-new-code.md").write_text(text, "utf-8")
    assert footer(life).channels[0][1] == "mailto:conduct@golden.example"


def footer(life: Life) -> Footer:
    checked = build.check(life.root, now=life.now)
    return build.plan(checked, previous=ledger.Previous()).footer

"""What an edit costs: bodies converted, articles rendered, files written. Counts, not times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import edits
import pytest
from edits import Life
from test_upkeep import files

from townsquare import bodies, pages, queries
from townsquare.figures import platform
from townsquare.output import RECORD
from townsquare.upkeep import crew, session, snapshot

BOOKS = {"ledger.json", "SHA256SUMS"}
POST, ADDRESS = "content/blog/post-2.md", "blog/post-2/"
EVENT = "events/event-10.md"


class Builds:
    """Builds of one community, each with what it did."""

    def __init__(self, life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
        self.life, self.counts = life, Counter[str]()
        self.written = self.needed = 0
        monkeypatch.setattr(crew, "_cores", lambda: 1)
        for owner, name in ((bodies, "convert"), (pages.Article, "render")):
            monkeypatch.setattr(owner, name, self._counted(name, getattr(owner, name)))

    def _counted(self, name: str, called: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*words: Any, **options: Any) -> Any:
            self.counts[name] += 1
            return called(*words, **options)

        return counted

    @property
    def site(self) -> Path:
        return self.life.root / "site"

    def run(self) -> tuple[Counter[str], set[str]]:
        """What was done, and the files that are new, gone or say something else now."""
        self.counts.clear()
        before = everything(self.site)
        taken = snapshot.taken(str(self.life.root))
        checked = session.check(taken, now=self.life.now, out=self.site, strict=False)
        assert checked is not None and not checked.errors
        done = session.build(checked, self.site)
        session.remember(done.state, checked, self.site)
        after = everything(self.site)
        changed = {path for path in after if before.get(path) != after[path]}
        self.written = done.made.written
        self.needed = len(changed)
        if platform.OWN[0] in changed and before:
            # What the site weighs is told in whole kilobytes: an edit may be the one that counts.
            self.counts["render"] -= 1
        changed -= {*platform.OWN}
        return +Counter(self.counts), changed | (before.keys() - after.keys())


def everything(site: Path) -> dict[str, bytes]:
    """The site's files, with the record of its build."""
    record = {RECORD: (site / RECORD).read_bytes()} if site.exists() else {}
    return files(site) | record


@pytest.fixture
def builds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Builds:
    life = edits.begun(tmp_path / "community", 1)
    made = Builds(life, monkeypatch)
    counts, _ = made.run()
    texts = [*(life.root / "content").rglob("*.md"), *(life.root / "events").rglob("*.md")]
    assert counts["convert"] == len(texts) + len([*(life.root / "guidelines").rglob("*.md")])
    return made


def changed_line(builds: Builds, file: str, old: str, new: str) -> None:
    edits.replaced(builds.life.root / file, rf"^{old}.*$", new)


def pages_of(changed: set[str]) -> set[str]:
    return {path.removesuffix("index.html") for path in changed if path.endswith(".html")}


def test_nothing_changed_does_nothing(builds):
    assert builds.run() == (Counter(), set())


def test_an_edit_of_one_body_converts_and_renders_one(builds):
    file = builds.life.root / POST
    edits.write(file, file.read_text("utf-8") + "\nOne more line.\n")
    counts, changed = builds.run()
    assert counts == Counter(convert=1, render=1)
    assert pages_of(changed) == {ADDRESS}
    assert changed > BOOKS and not [path for path in changed if path.endswith(".ics")]
    assert builds.written == builds.needed
    assert builds.run() == (Counter(), set())


def test_a_title_touches_what_shows_it_and_converts_nothing(builds):
    elsewhere = files(builds.site)
    changed_line(builds, POST, "title: ", "title: A title of its own")
    counts, changed = builds.run()
    assert counts["convert"] == 0
    assert ADDRESS in pages_of(changed)
    for path, data in files(builds.site).items():
        assert (b"A title of its own" in data) <= (path in changed), path
    shown = {p for p in pages_of(changed) if b"A title of its own" in data_of(builds, p)}
    assert shown == pages_of(changed)
    assert len(changed) < len(elsewhere) / 3
    assert builds.written == builds.needed
    assert not any(path.endswith(".ics") for path in changed)


def test_an_event_s_time_touches_calendars_and_no_post(builds):
    start = (builds.life.now + timedelta(days=30)).date()
    changed_line(builds, EVENT, "start: ", f"start: {start} 17:31")
    counts, changed = builds.run()
    assert counts["convert"] == 0
    assert {"events.ics", "calendars/events/event-10.ics"} < changed
    assert "events/event-10/" in pages_of(changed)
    assert builds.written == builds.needed
    assert not any(path.startswith("blog/") for path in changed)


def test_a_renamed_post_leaves_nothing_at_its_old_place(builds):
    file = builds.life.root / POST
    file.rename(file.with_name("post-2-renamed.md"))
    counts, changed = builds.run()
    assert counts["convert"] == 1  # a body's links depend on where it stands
    assert {ADDRESS, "blog/post-2-renamed/"} <= pages_of(changed)
    assert not (builds.site / ADDRESS).exists()
    assert builds.written == builds.needed


def test_a_deleted_post_converts_nothing(builds):
    (builds.life.root / POST).unlink()
    counts, changed = builds.run()
    assert counts["convert"] == 0
    assert ADDRESS in pages_of(changed)
    assert not any(path.endswith(".ics") for path in changed)


def test_a_setting_that_every_page_shows_converts_nothing_but_makes_every_page(builds):
    changed_line(builds, "mkdocs.yml", "site_name: ", "site_name: Another name")
    counts, changed = builds.run()
    assert counts["convert"] == 0  # no body shows it
    assert builds.written == len(everything(builds.site))
    every = {path for path in files(builds.site) if path.endswith("index.html")} - {*platform.OWN}
    assert {path for path in every if b"md-header" in data_of(builds, path)} <= changed


def data_of(builds: Builds, path: str) -> bytes:
    return (builds.site / path / ("" if path.endswith(".html") else "index.html")).read_bytes()


def test_a_new_post_asks_nothing_anew_of_events_and_people(builds, monkeypatch):
    asked: set[str] = set()
    again = queries.again

    def noted(name: str, askable: dict[str, Any]) -> Any:
        asked.add(name.split()[0].removeprefix("?townsquare."))
        return again(name, askable)

    builds.run()
    edits.new_post(builds.life)
    monkeypatch.setattr(queries, "again", noted)
    builds.run()
    assert asked >= {"community:posts", "community:tagged"}
    of_others = {"community:events", "views.occurrences:everything", "views.channels:active"}
    of_others |= {"feeds.selections:people", "figures.milestones:listed"}
    for name in of_others:
        module, _, function = name.partition(":")
        assert hasattr(import_module(f"townsquare.{module}"), function)
    assert asked & of_others == set()

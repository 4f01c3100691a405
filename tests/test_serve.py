"""The preview follows every edit, shows a fault beside the last good site, and ends cleanly."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from townsquare import serve, serving

PATIENCE = 120  # seconds after which a build is taken for stuck

POST = """---
title: First post
date: 2026-01-02
---

Words of the first version.
"""


class Preview:
    """A running `serve` of a community, with its package copied so that code may be edited too."""

    def __init__(self, root: Path, engine: Path) -> None:
        self.root, self.engine = root, engine
        self.process = subprocess.Popen(
            [sys.executable, "-m", "townsquare.cli", "serve", "--root", str(root), "--port", "0"],
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(engine)},
            text=True,
        )
        assert self.process.stderr
        first = self.process.stderr.readline()
        found = re.match(r"(http://127\.0\.0\.1:\d+/)", first)
        assert found, first
        self.base = found[1]
        self.news = urllib.request.urlopen(self.base + "__townsquare/news", timeout=PATIENCE)

    def next_news(self) -> dict[str, object]:
        """The next that open pages are told, once a build has ended."""
        for line in self.news:
            if line.startswith(b"data: "):
                told = json.loads(line.removeprefix(b"data: "))
                if told["build"] or told["fault"]:
                    return told
        raise AssertionError("the preview ended")

    def until(self, build: int, *, fault: bool = False) -> dict[str, object]:
        told = self.next_news()
        while told["build"] < build or bool(told["fault"]) != fault:
            told = self.next_news()
        return told

    def text(self, address: str) -> str:
        with urllib.request.urlopen(self.base + address) as answer:
            return answer.read().decode()


@pytest.fixture(scope="module")
def preview(tmp_path_factory) -> Iterator[Preview]:
    folder = tmp_path_factory.mktemp("serve")
    source = Path(serve.__file__).parent
    unmade = shutil.ignore_patterns("__pycache__")
    shutil.copytree(source, folder / "engine" / "townsquare", ignore=unmade)
    (folder / "root" / "content" / "blog").mkdir(parents=True)
    (folder / "root" / "content" / "blog" / "first.md").write_text(POST)
    running = Preview(folder / "root", folder / "engine")
    try:
        yield running
    finally:
        running.news.close()
        running.process.kill()
        running.process.communicate()


def test_the_preview_shows_edits_to_content_templates_and_code_and_survives_faults(preview):
    post = preview.root / "content" / "blog" / "first.md"
    first = preview.until(1)
    page = preview.text("blog/first/")
    assert "Words of the first version." in page
    assert page.count('src="/__townsquare/preview.js"') == 1

    post.write_text(POST.replace("first version", "second version"))
    second = preview.until(first["build"] + 1)
    assert "Words of the second version." in preview.text("blog/first/")

    event = preview.root / "events" / "call.md"
    event.parent.mkdir()
    event.write_text("---\ntitle: A call\nstart: 2026-05-21 18:00\nwhere: online\n---\n")
    third = preview.until(second["build"] + 1)
    assert "<h1" in preview.text("events/call/")

    post.write_text(POST.replace("date: 2026-01-02", "date: soon"))
    told = preview.until(third["build"], fault=True)
    assert "content/blog/first.md" in told["fault"]
    assert "Words of the second version." in preview.text("blog/first/")

    post.write_text(POST.replace("first version", "third version"))
    fourth = preview.until(third["build"] + 1)
    assert "Words of the third version." in preview.text("blog/first/")

    template = preview.engine / "townsquare" / "templates" / "post.html"
    template.write_text(template.read_text() + "<p>an edited template</p>\n")
    fifth = preview.until(fourth["build"] + 1)
    assert "an edited template" in preview.text("blog/first/")

    code = preview.engine / "townsquare" / "slots.py"
    code.write_text(code.read_text().replace('"og:type", "website"', '"og:type", "article"'))
    preview.until(fifth["build"] + 1)
    assert '<meta property="og:type" content="article">' in preview.text("blog/first/")


def refused(preview: Preview, path: str, **headers: str) -> tuple[int, bytes]:
    asked = urllib.request.Request(preview.base + path, headers=headers)
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(asked)
    with error.value as answer:
        return answer.code, answer.read()


def test_a_missing_page_is_answered_as_a_host_would(preview):
    code, page = refused(preview, "no/such/page/")
    assert code == 404
    assert b"This page is not here" in page


def test_another_host_s_name_for_this_address_is_refused(preview):
    assert refused(preview, "", Host="evil.example:80")[0] == 421


def test_nothing_outside_the_site_is_served(preview):
    for path in ("../../root/content/blog/first.md", "%2e%2e/.site.lock", "/etc/passwd"):
        assert refused(preview, path)[0] == 404


def test_the_preview_ends_on_ctrl_c(preview):
    preview.process.send_signal(signal.SIGINT)
    assert preview.process.wait(timeout=PATIENCE) == 0
    assert preview.process.stderr
    assert "Traceback" not in preview.process.stderr.read()


def test_a_snapshot_sees_a_new_a_changed_and_a_removed_file(tmp_path):
    content, settings = tmp_path / "content", tmp_path / "mkdocs.yml"
    (content / "deep").mkdir(parents=True)
    file = content / "deep" / "a.md"
    places = (content, settings, tmp_path / "absent")
    seen = [serve.snapshot(places)]
    for change in (
        lambda: file.write_text("one"),
        lambda: file.write_text("three"),
        lambda: settings.write_text("a: b"),
        lambda: (tmp_path / "other.yml").write_text("not watched"),
        file.unlink,
    ):
        change()
        seen.append(serve.snapshot(places))
    assert [before == after for before, after in pairwise(seen)] == [
        *(False, False, False),
        True,
        False,
    ]


def test_a_page_is_told_at_once_what_it_does_not_know():
    state = serve.State()
    state.report("")
    told = state.after("", 0)
    assert json.loads(told) == {"build": 1, "fault": ""}
    assert state.after(told, 0) == told
    state.report("broken")
    assert json.loads(state.after(told, serving.PATIENCE)) == {"build": 1, "fault": "broken"}

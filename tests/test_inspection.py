"""A site that misses something, holds too much or shows what is hidden is never published."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from community_files import NOW, write

from townsquare import build, inspection, ledger, publication
from townsquare.build import Plan
from townsquare.problems import SetupError

SECRET = "The treasurer leaves us at the end of the winter and nobody knows it yet"
POST = "---\ntitle: {}\ndate: 2026-01-05\n{}---\n{}\n"
CONTENT = {
    "content/blog/open.md": POST.format("Open", "", "Everybody may read this one."),
    "content/blog/secret.md": POST.format("Secret", "draft: yes\n", f"## So\n\n{SECRET}."),
    "events/talk.md": "---\ntitle: Talk\nstart: 2026-12-03 18:00\n---\nCome.\n",
}


def made(root: Path, folder: Path) -> Plan:
    folder.mkdir()
    plan = build.plan(build.check(root, now=NOW), previous=ledger.Previous())
    publication.write(plan, folder, previous=ledger.Previous(), search=True)
    return plan


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, Path]:
    place = tmp_path_factory.mktemp("inspected")
    return made(write(place / "community", CONTENT), place / "site"), place / "site"


@pytest.fixture
def built(once: tuple[Plan, Path], tmp_path: Path) -> tuple[Plan, Path]:
    return once[0], Path(shutil.copytree(once[1], tmp_path / "site"))


def test_a_site_as_it_was_built_is_published(built: tuple[Plan, Path]) -> None:
    inspection.inspect(*built)


@pytest.mark.parametrize("path", ["index.html", "blog/open/index.html", "events.ics", "404.html"])
def test_what_is_missing_is_told(built: tuple[Plan, Path], path: str) -> None:
    (built[1] / path).unlink()
    with pytest.raises(RuntimeError, match=f"the first is {path}"):
        inspection.inspect(*built)


@pytest.mark.parametrize("path", [".git/config", "blog/secret/index.html", "evil.js"])
def test_what_nobody_planned_is_told(built: tuple[Plan, Path], path: str) -> None:
    (built[1] / path).parent.mkdir(parents=True, exist_ok=True)
    (built[1] / path).write_text("x")
    with pytest.raises(RuntimeError, match=f"the first is {path}"):
        inspection.inspect(*built)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("blog/open/index.html", b"</html>", b""),
        ("blog/index.html", b"<!doctype html>", b""),
        ("events.ics", b"END:VEVENT\r\n", b""),
        ("events.ics", b"DTSTART:", b"DTSTART:yesterday"),
        ("feed.json", b"}", b""),
        ("sitemap.xml", b"</urlset>", b""),
        ("atom.xml", b"</title>", b"\x08</title>"),
    ],
)
def test_what_cannot_be_read_is_told(
    built: tuple[Plan, Path], path: str, old: bytes, new: bytes
) -> None:
    file = built[1] / path
    assert old in file.read_bytes()
    file.write_bytes(file.read_bytes().replace(old, new))
    with pytest.raises(RuntimeError, match=path):
        inspection.inspect(*built)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("blog/open/index.html", "<h1", f"<p>{SECRET}.</p><h1"),
        ("events.ics", "SUMMARY:Talk", f"SUMMARY:Talk {SECRET[:50]}\r\n {SECRET[50:]}"),
        ("feed.json", "Everybody", SECRET),
        ("robots.txt", "Allow", f"# {SECRET}\nAllow"),
    ],
)
def test_what_is_hidden_stays_hidden(
    built: tuple[Plan, Path], path: str, old: str, new: str
) -> None:
    file = built[1] / path
    assert old.encode() in file.read_bytes()
    file.write_bytes(file.read_bytes().replace(old.encode(), new.encode()))
    with pytest.raises(SetupError, match=rf"secret\.md is hidden, and {path} would show of it"):
        inspection.inspect(*built)


def test_what_an_author_wrote_twice_is_no_secret(tmp_path: Path) -> None:
    again = CONTENT | {"content/blog/open.md": POST.format("Open", "", f"{SECRET}.")}
    folder = tmp_path / "site"
    made(write(tmp_path / "community", again), folder)
    assert SECRET.encode() in (folder / "blog/open/index.html").read_bytes()

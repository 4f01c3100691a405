"""The same files give the same bytes, whatever the machine is like; a change rewrites little."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from built_sites import Built, built, readable
from community_files import write
from feed_readers import from_atom

from judges.installed import ROOT
from townsquare.figures import platform
from townsquare.publication import RECORD, SUMS

PARTS = ("content", "events", "guidelines", "mkdocs.yml", "hooks/mkdocs_hook.py")
# Not isolated, as the scripts are: so the hash seed of the environment holds.
PROGRAM = """
import sys
sys.path.insert(0, sys.argv.pop(1))
print(hash("seed"))
from townsquare.cli import main
main()
"""
HERE = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"}
THERE = {"TZ": "Australia/Lord_Howe", "LC_ALL": "C", "PYTHONHASHSEED": "4242", "COLUMNS": "20"}


def copied(source: Path, root: Path, *, backwards: bool = False) -> Path:
    """The community in another folder, with files made in this order and times of their own."""
    files = [f for part in PARTS for f in _below(source / part) if not f.name.startswith(".")]
    for number, file in enumerate(sorted(files, reverse=backwards)):
        to = root / file.relative_to(source)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, to)
        os.utime(to, (number * 86_400, number * 86_400) if backwards else None)
    return root


def _below(path: Path) -> Iterator[Path]:
    return (
        (f for f in path.rglob("*") if f.is_file())
        if path.is_dir()
        else iter((path,) * path.exists())
    )


def build(
    root: Path, out: Path, circumstances: dict[str, str], *more: str, umask: int = 0o022
) -> str:
    """Builds into `out` by the command; gives the hash that texts had."""
    options = ["--root", str(root), "--out", str(out), "--now", "2026-11-23T12:00:00Z", *more]
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", PROGRAM, str(ROOT / "hooks"), "build", *options],
        env={k: v for k, v in os.environ.items() if k not in THERE} | circumstances,
        cwd=root,
        umask=umask,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[0]


def contents(folder: Path) -> dict[str, bytes]:
    """Every file but the two that name the build itself."""
    files = (f for f in folder.rglob("*") if f.is_file())
    found = {f.relative_to(folder).as_posix(): f.read_bytes() for f in files}
    return {path: data for path, data in found.items() if path not in (RECORD, SUMS)}


def differing(first: dict[str, bytes], second: dict[str, bytes]) -> list[str]:
    return sorted(p for p in {**first, **second} if first.get(p) != second.get(p))


def builds_differ_only_in_their_record(source: Path, folder: Path) -> None:
    here = copied(source, folder / "here")
    there = copied(source, folder / "a" / "deep er" / "plaçe", backwards=True)
    seeds = [
        build(here, folder / "first", HERE, "--search"),
        build(there, folder / "second", THERE, "--search", umask=0o077),
    ]
    assert seeds[0] != seeds[1]
    first = contents(folder / "first")
    assert len(first) > 200 and "pagefind/pagefind.js" in first
    assert differing(first, contents(folder / "second")) == []
    # Again in the first place, with what the first build kept in its cache.
    build(here, folder / "third", THERE, "--search")
    assert differing(first, contents(folder / "third")) == []
    # And the site that an author builds, which has no index: twice, so that all of it is kept.
    without = {path: data for path, data in first.items() if not path.startswith("pagefind/")}
    for circumstances in (HERE, THERE):
        build(here, folder / "fourth", circumstances)
        assert differing(without, contents(folder / "fourth")) == []


def test_two_builds_of_the_sample_on_different_machines_are_the_same_bytes(root, tmp_path):
    builds_differ_only_in_their_record(root, tmp_path)


@pytest.mark.full
def test_two_builds_of_a_real_community_on_different_machines_are_the_same_bytes(corpora, tmp_path):
    builds_differ_only_in_their_record(corpora / "rust-community", tmp_path)


YML = """
    site_name: Small
    site_url: https://example.org/
    plugins: []
    theme: {name: material}
    extra: {townsquare: {authority: "example.org,2026"}}
    """


def entry(title: str, body: str = "", **front: str) -> str:
    """A file with this title, these other fields and this text."""
    lines = "".join(f"{name}: {value}\n" for name, value in front.items())
    return f"---\ntitle: {title}\n{lines}---\n{body or title}.\n"


def many(posts: int) -> dict[str, str]:
    """A community with this many posts, each newer than the one before."""
    made = {"mkdocs.yml": YML, "content/people/ana.md": entry("Ana")}
    for n in range(posts):
        date = f"2026-{n // 28 + 1:02}-{n % 28 + 1:02}"
        fields = {"date": date, "authors": "[ana]", "tags": f"[t{n % 7}]"}
        made[f"content/blog/p{n:03}.md"] = entry(f"Post {n}", f"Text {n}", **fields)
    return made


def test_a_new_post_rewrites_only_the_lists_that_name_it(tmp_path):
    write(tmp_path / "root", many(120))
    before = contents(built(tmp_path / "root", tmp_path / "before").folder)
    write(tmp_path / "root", many(121))
    after = contents(built(tmp_path / "root", tmp_path / "after").folder)
    changed = differing(before, after)
    assert len(before) > 200
    assert "blog/p120/index.html" in changed and "feeds/archive/3.xml" in changed
    allowed = re.compile(
        r"(index|blog/index|blog/p119/index|blog/p120/index|people/ana/index|people/index|404)\.html"
        r"|blog/page/\d+/index\.html|blog/archive/(2026/)?index\.html|tags/(t1/)?index\.html"
        r"|(rss|atom|sitemap)\.xml|feed\.json|feeds/(archive/3|tags/t1|people/ana)\.xml"
        r"|api/\w+\.json|ledger\.json|reports/(community\.(csv|json)|index\.html)"
        r"|reports/platform(\.json|/index\.html)"
    )
    assert [path for path in changed if not allowed.fullmatch(path)] == []
    pages = [path for path in changed if path.startswith("blog/page/")]
    assert len(pages) <= 2, pages
    for part in (1, 2):
        assert len(from_atom(after[f"feeds/archive/{part}.xml"])) == 50


def test_an_edit_of_a_text_rewrites_nothing_but_where_it_is_read(tmp_path):
    files = many(60)
    write(tmp_path / "root", files)
    before = contents(built(tmp_path / "root", tmp_path / "before").folder)
    path = "content/blog/p003.md"
    write(tmp_path / "root", {path: files[path] + "\nAnother paragraph.\n"})
    after = contents(built(tmp_path / "root", tmp_path / "after").folder)
    # The ledger keeps a digest of every text, by which it knows a file that was renamed; and an
    # edit may be the one by which the site weighs a kilobyte more.
    others = ("ledger.json", *platform.OWN)
    assert [path for path in differing(before, after) if path not in others] == [
        "blog/p003/index.html",
        "feeds/archive/1.xml",
        "feeds/tags/t3.xml",
    ]


JANUARY, RULE = {"date": "2026-01-05"}, {"type": "policy", "version": "1", "status": "active"}
SECRETS = {
    "content/blog/zyxdraft.md": entry("Zyxdraft", **JANUARY, draft="yes"),
    "content/blog/zyxsoon.md": entry("Zyxsoon", date="2027-01-05", tags="[zyxtag]"),
    "content/blog/zyxheld.md": entry("Zyxheld", **JANUARY, publish="2026-12-24"),
    "content/blog/zyxgone.md": entry("Zyxgone", **JANUARY, expires="2026-11-01"),
    "content/zyxpage.md": entry("Zyxpage", draft="yes"),
    "content/people/zyxperson.md": entry("Zyxperson", "Zyxbiography", listed="no"),
    "content/people/zyxother.md": entry("Zyxother", draft="yes"),
    "content/partners/zyxpartner.md": entry("Zyxpartner", url="https://zyx.example/", draft="yes"),
    "content/onboarding/zyxguide.md": entry("Zyxguide", draft="yes"),
    "guidelines/zyxrule.md": entry("Zyxrule", **RULE, effective="2026-01-05", expires="2026-11-01"),
    "events/zyxevent.md": entry("Zyxevent", start="2026-12-03", draft="yes", series="zyxseries"),
    "events/zyxlater.md": entry("Zyxlater", start="2027-12-03", publish="2027-01-05"),
}
LINKS = "[A draft](blog/zyxdraft.md), [an event](../events/zyxevent.md)"
OPEN = {
    "content/index.md": entry("Home", LINKS),
    "content/blog/quux.md": entry("Quuxtitle", "Quuxbody", **JANUARY, event="zyxevent"),
    "events/quux.md": entry(
        "Quuxevent", start="2026-12-03", partners="[zyxpartner]", part_of="zyxevent"
    ),
}


def where(site: Built, word: str) -> list[str]:
    """The files whose name or content, unpacked, holds the word in any case."""
    needle = word.lower().encode()
    return [
        path
        for path, file in site.files.items()
        if word.lower() in path.lower() or needle in readable(file).lower()
    ]


def test_nothing_hidden_is_in_any_file_the_search_index_included(tmp_path):
    root = write(tmp_path / "root", {"mkdocs.yml": YML, **OPEN, **SECRETS})
    site = built(root, tmp_path / "site", search=True)
    hidden = [e.path for e in site.community.library.entries if not site.community.library.shown(e)]
    assert sorted(hidden) == sorted(SECRETS) and site.plan.errors == ()
    assert where(site, "zyx") == []
    # The same reader finds what is not hidden, in what is packed too.
    kinds = {path.rpartition(".")[2] for path in where(site, "quux")}
    assert {"html", "xml", "json", "ics", "pf_fragment", "pf_index"} <= kinds


def test_a_hidden_name_stands_only_where_its_owner_signed_without_a_page(tmp_path):
    signed = entry("Quuxtitle", "Quuxbody", **JANUARY, authors="[zyxperson]")
    root = write(tmp_path / "root", {"mkdocs.yml": YML, **SECRETS, "content/blog/quux.md": signed})
    site = built(root, tmp_path / "site", search=True)
    found = where(site, "zyxperson")
    assert "blog/quux/index.html" in found
    assert [
        p for p in found if p.startswith(("people", "feeds/people", "sitemap", "api/people"))
    ] == []
    assert where(site, "people/zyxperson") == where(site, "zyxbiography") == []

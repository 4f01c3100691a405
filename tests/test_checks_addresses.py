"""No two sources share an address, and no alias stands in another's way."""

from __future__ import annotations

import pytest
from communities import context

from townsquare.checks.addresses import alias_taken, duplicate_address

PAGE = "---\ntitle: {0}\nid: {0}\n---\n"


def clashes(root, *paths: str) -> list[tuple[str, str]]:
    files = {path: PAGE.format(f"p{n}") for n, path in enumerate(paths) if path.endswith(".md")}
    files |= {path: "x" for path in paths if not path.endswith(".md")}
    return [(each.place.path, each.message) for each in duplicate_address(context(root, files))]


def test_a_file_and_a_folder_of_one_name_share_an_address(tmp_path):
    assert clashes(tmp_path, "content/guide.md", "content/guide/index.md") == [
        ("content/guide/index.md", "`/guide/` is the address of content/guide.md already")
    ]


def test_two_folders_can_share_an_address(tmp_path):
    assert clashes(tmp_path, "content/events/a.png", "events/a.png", "events/b.png") == [
        ("events/a.png", "`/events/a.png` is the address of content/events/a.png already")
    ]


def test_a_page_cannot_be_a_folder_where_a_file_stands(tmp_path):
    assert clashes(tmp_path, "content/a.png", "content/a.png.md") == [
        ("content/a.png", "`/a.png` is the address of content/a.png.md already")
    ]


def test_a_readme_is_its_folders_index(tmp_path):
    assert clashes(tmp_path, "content/team/README.md", "content/team/index.md") == [
        ("content/team/index.md", "`/team/` is the address of content/team/README.md already")
    ]


def test_addresses_that_differ_in_case_alone_are_one(tmp_path):
    assert clashes(tmp_path, "content/Größe.md", "content/GRÖSSE.md") == [
        ("content/Größe.md", "`/Größe/` is the address of content/GRÖSSE.md already")
    ]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("events/past.md", "---\ntitle: Past\nstart: 2026-12-03\n---\n"),
        ("content/blog/archive.md", "---\ntitle: A\ndate: 2026-01-05\n---\n"),
        ("content/blog/page/2.md", "---\ntitle: A\ndate: 2026-01-05\n---\n"),
        ("content/tags/news.md", "---\ntitle: News\n---\n"),
        ("content/search.md", "---\ntitle: Nothing of it would be shown\n---\n"),
        ("content/events/months/2026-05.md", "---\ntitle: May\n---\n"),
        ("content/ledger.json.md", "---\ntitle: A folder where a file stands\n---\n"),
        ("content/ledger.json/x.md", "---\ntitle: Below a file\n---\n"),
        ("content/team/index.html.md", "---\ntitle: Where a page's own file stands\n---\n"),
    ],
)
def test_a_file_where_the_site_puts_a_page_of_its_own_is_a_fault(tmp_path, path, text):
    (found,) = duplicate_address(context(tmp_path, {path: text}))
    assert found.place.path == path
    assert "a page or file that the site makes itself" in found.message


@pytest.mark.parametrize(
    "path", ["content/index.md", "content/blog/index.md", "events/index.md", "content/subscribe.md"]
)
def test_a_page_may_introduce_a_list(tmp_path, path):
    assert clashes(tmp_path, path) == []


def aliases(root, files: dict[str, str]) -> list[tuple[str, int, str]]:
    return [
        (each.place.path, each.place.line, each.message)
        for each in alias_taken(context(root, files))
    ]


def post(*names: str) -> str:
    return f"---\ntitle: A\ndate: 2026-01-05\naliases: [{', '.join(names)}]\n---\n"


def test_an_alias_cannot_stand_where_another_page_is(tmp_path):
    files = {"content/blog/a.md": post("/blog/old/", "/BLOG/b/"), "content/blog/b.md": post("/b/")}
    assert aliases(tmp_path, files) == [
        ("content/blog/a.md", 4, "`/BLOG/b/` is the address of content/blog/b.md")
    ]


def test_two_entries_cannot_have_one_alias(tmp_path):
    files = {"content/blog/a.md": post("/old/"), "content/blog/b.md": post("/old/")}
    assert aliases(tmp_path, files) == [
        ("content/blog/b.md", 4, "`/old/` is the address of content/blog/a.md, as an alias,")
    ]


@pytest.mark.parametrize("address", ["/blog/a/", "/atom.xml", "/tags/news/", "/events/past/"])
def test_an_alias_cannot_stand_where_the_file_itself_or_the_site_is(tmp_path, address):
    assert len(aliases(tmp_path, {"content/blog/a.md": post(address)})) == 1

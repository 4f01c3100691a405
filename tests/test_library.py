"""Whatever stands in a community's folders is published, passed over or reported."""

from __future__ import annotations

import os
import subprocess
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from communities import write
from community_files import picture

from townsquare import folders, library
from townsquare.clock import Clock
from townsquare.model import State
from townsquare.problems import Problem, Severity
from townsquare.settings import Settings

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
POST = "---\ntitle: Hello\ndate: 2026-01-05\n---\nText.\n"
SETTINGS = Settings()


def load(root: Path) -> tuple[library.Library, list[Problem]]:
    return library.load(root, SETTINGS, Clock(NOW, "UTC"))


def told(found: list[Problem]) -> list[str]:
    assert all(each.severity is Severity.ERROR for each in found)
    return [f"{each.place.path} {each.label}" for each in sorted(found)]


def faults(root: Path) -> list[str]:
    return told(load(root)[1])


@pytest.fixture
def readable() -> Iterator[Path]:
    """A folder that somebody without root's rights, who may read everything, can be shown."""
    if os.name == "nt":
        pytest.skip("Windows has other rights")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "community"
        folder.mkdir()
        Path(name).chmod(0o755)
        yield folder


@contextmanager
def as_nobody() -> Iterator[None]:
    """Inside, the rights of files count also where the tests run as root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_an_empty_folder_is_an_empty_community(tmp_path):
    held, found = load(tmp_path)
    assert (held.entries, dict(held.assets), dict(held.tags), found) == ((), {}, {}, [])


def test_entries_come_by_path_and_others_beside_them(tmp_path):
    write(tmp_path, {
        "events/b.md": "---\ntitle: B\nstart: 2026-12-01\n---\n",
        "content/index.md": "---\ntitle: Home\n---\n",
        "content/blog/2026/a.md": POST,
        "content/blog/2026/a.PNG": "not really",
        "content/blog/.hidden.md": "no front matter",
        "content/.git/config": "secret",
        "elsewhere/c.md": "not read",
        "README.md": "not read",
    })  # fmt: skip
    held, found = load(tmp_path)
    assert found == []
    assert [(entry.path, entry.kind.name, entry.id) for entry in held.entries] == [
        ("content/blog/2026/a.md", "post", "a"),
        ("content/index.md", "page", "content"),
        ("events/b.md", "event", "b"),
    ]
    assert held.assets == {
        "content/blog/2026/a.PNG": library.Asset(
            "content/blog/2026/a.PNG", len(picture("not really"))
        )
    }
    assert held.assets["content/blog/2026/a.PNG"].address == "blog/2026/a.PNG"


@pytest.mark.parametrize(
    "name",
    ["_headers", "CNAME", "a.html", "a.js", "a.php", "a.MD", "a.markdown", "a.tar.gz", "Makefile"],
)
def test_what_a_host_could_obey_or_run_is_not_published(tmp_path, name):
    write(tmp_path, {f"content/{name}": "x"})
    assert faults(tmp_path) == [f"content/{name} file-kind-refused"]


@pytest.mark.parametrize(
    "name",
    [
        *("a b.md", "a'b.md", 'a"b.md', "a%20b.md", "a&b.md", "CON.md", "aux", "lpt1.png", "a."),
        *("a\nb.md", "a\\b.md", unicodedata.normalize("NFD", "café.md")),
    ],
)
def test_a_name_that_is_no_address_everywhere_is_refused(tmp_path, name):
    if os.name == "nt":
        pytest.skip("Windows refuses such names itself")
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / name).write_text(POST)
    assert faults(tmp_path) == [f"content/{name} file-name-unusable"]


@pytest.mark.parametrize("name", ["café.md", "हिन्दी.md", "漢字.md", "_a.md", "-a.md", "a.b.md"])
def test_a_name_in_any_script_is_an_address(tmp_path, name):
    write(tmp_path, {f"content/blog/{unicodedata.normalize('NFC', name)}": POST})
    assert faults(tmp_path) == []


def test_a_name_that_is_not_unicode_is_refused(tmp_path):
    folder = tmp_path / "content"
    folder.mkdir()
    try:
        (folder / os.fsdecode(b"caf\xe9.md")).write_text(POST)
    except OSError:
        pytest.skip("this file system takes Unicode names only")
    assert [each.label for each in load(tmp_path)[1]] == ["file-name-unusable"]


def test_links_are_refused_wherever_they_stand_and_lead(tmp_path):
    write(tmp_path, {"content/blog/a.md": POST, "secret/b.md": POST})
    (tmp_path / "content/link.md").symlink_to("blog/a.md")
    (tmp_path / "content/folder").symlink_to("../secret")
    (tmp_path / "content/broken.md").symlink_to("nowhere")
    (tmp_path / "events").symlink_to("secret")
    held, found = load(tmp_path)
    assert told(found) == [
        "content/broken.md symlink-refused",
        "content/folder symlink-refused",
        "content/link.md symlink-refused",
        "events symlink-refused",
    ]
    assert [entry.path for entry in held.entries] == ["content/blog/a.md"]


def test_a_pipe_is_refused_and_nobody_waits_for_it(tmp_path):
    (tmp_path / "content").mkdir()
    os.mkfifo(tmp_path / "content/pipe.md")
    assert faults(tmp_path) == ["content/pipe.md file-kind-refused"]


@pytest.mark.parametrize("path", ["content/tags.yml", "mkdocs.yml"])
def test_no_pipe_is_waited_for_where_a_certain_file_is_read(tmp_path, path):
    (tmp_path / "content").mkdir()
    os.mkfifo(tmp_path / path)
    text, problem = folders.read_text(tmp_path, path)
    assert text is None and problem is not None and problem.code == "file_kind_refused"


def test_a_file_where_a_folder_belongs_is_reported(tmp_path):
    write(tmp_path, {"content": "oops", "events/a.md": "---\ntitle: A\nstart: 2026-12-01\n---\n"})
    assert faults(tmp_path) == ["content file-kind-refused"]


def test_a_folder_whose_name_ends_as_a_file_is_a_folder(tmp_path):
    write(tmp_path, {"content/blog/a.md/b.md": POST})
    held, found = load(tmp_path)
    assert [entry.path for entry in held.entries] == ["content/blog/a.md/b.md"]
    assert found == []


def test_what_may_not_be_read_is_reported_and_the_rest_is_read(readable):
    write(readable, {"content/a.md": POST, "content/shut/b.md": POST, "content/blog/c.md": POST})
    (readable / "content/a.md").chmod(0)
    (readable / "content/shut").chmod(0)
    with as_nobody():
        held, found = load(readable)
    (readable / "content/shut").chmod(0o755)
    assert told(found) == ["content/a.md file-unreadable", "content/shut file-unreadable"]
    assert [entry.path for entry in held.entries] == ["content/blog/c.md"]


def test_a_file_that_vanishes_while_it_is_read_is_reported(tmp_path, monkeypatch):
    write(tmp_path, {"content/blog/a.md": POST, "content/blog/b.png": "x"})
    found = folders.paths(tmp_path, [])
    (tmp_path / "content/blog/a.md").unlink()
    (tmp_path / "content/blog/b.png").unlink()
    monkeypatch.setattr(folders, "paths", lambda *_: found)
    assert faults(tmp_path) == [
        "content/blog/a.md file-unreadable",
        "content/blog/b.png file-unreadable",
    ]


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [
        (b"---\ntitle: Caf\xe9\n---\n", 2, 11),
        ("---\ntitle: é".encode() + b"\xff\n---\n", 2, 9),
        ("---\n".encode("utf-16"), 1, 1),
        (b"\x89PNG\r\n\x1a\n", 1, 1),
        (b"---\n\xed\xa0\x80\n---\n", 2, 1),
    ],
)
def test_what_is_not_utf_8_is_reported_where_it_stands(tmp_path, data, line, column):
    (tmp_path / "content").mkdir()
    (tmp_path / "content/a.md").write_bytes(data)
    _, found = load(tmp_path)
    assert [(p.code, p.place.line, p.place.column) for p in found] == [
        ("file_unreadable", line, column)
    ]


def test_a_text_may_be_as_large_as_is_said_and_no_larger(tmp_path):
    rest = folders.MAX_TEXT_BYTES - len(POST)
    fits, does_not = POST + "x" * rest, POST + "x" * (rest + 1)
    write(tmp_path, {"content/blog/a.md": fits, "content/blog/b.md": does_not})
    held, found = load(tmp_path)
    assert [entry.path for entry in held.entries] == ["content/blog/a.md"]
    assert told(found) == ["content/blog/b.md file-too-large"]


def test_a_file_of_any_size_is_refused_without_being_read(tmp_path):
    (tmp_path / "content").mkdir()
    with (tmp_path / "content/a.md").open("wb") as file:
        file.truncate(1 << 40)
    assert faults(tmp_path) == ["content/a.md file-too-large"]


def test_windows_line_ends_give_the_same_entries(tmp_path):
    post = "---\ntitle: Hello\ndate: 2026-01-05\n---\nOne.\n\nTwo.\n"
    for name, text in (("unix", post), ("windows", post.replace("\n", "\r\n"))):
        folder = tmp_path / name / "content/blog"
        folder.mkdir(parents=True)
        (folder / "a.md").write_bytes(text.encode())
    unix, windows = load(tmp_path / "unix")[0], load(tmp_path / "windows")[0]
    assert unix.entries == windows.entries != ()


def test_folders_a_thousand_deep_are_walked(tmp_path):
    deep = "/".join("a" * 1500)
    folder = tmp_path / "content"
    folder.mkdir()
    here = os.open(folder, os.O_RDONLY)
    for part in deep.split("/"):
        os.mkdir(part, dir_fd=here)
        inner = os.open(part, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    try:
        assert faults(tmp_path) == []
    finally:
        # Deeper than Python's own removal goes.
        subprocess.run(["rm", "-rf", folder], check=True)


def test_equal_ids_of_one_kind_are_refused_also_where_only_case_tells_them_apart(tmp_path):
    write(tmp_path, {
        "content/blog/2025/hello.md": POST,
        "content/blog/2026/hello.md": POST,
        "content/blog/2026/HELLO.md": POST,
        "content/people/hello.md": "---\ntitle: Hello\n---\n",
    })  # fmt: skip
    held, found = load(tmp_path)
    assert told(found) == [
        "content/blog/2026/HELLO.md duplicate-id",
        "content/blog/2026/hello.md duplicate-id",
    ]
    assert [entry.key for entry in held.entries] == ["post:hello", "person:hello"]


PARTNER = "---\ntitle: Acme\nurl: https://example.org\nlogo: {src: LOGO, alt: Acme}\n---\n"


def test_a_drawing_is_taken_as_a_logo_or_an_avatar_only(tmp_path):
    write(tmp_path, {
        "content/partners/acme.md": PARTNER.replace("LOGO", "../img/acme.svg"),
        "content/img/acme.svg": "<svg/>",
        "content/people/ana.md": "---\ntitle: Ana\navatar: {src: ana.SVG, alt: Ana}\n---\n",
        "content/people/ana.SVG": "<svg/>",
        "content/blog/a.md": POST.replace("date", "image: {src: a.svg, alt: A}\ndate"),
        "content/blog/a.svg": "<svg/>",
        "content/img/unused.svg": "<svg/>",
    })  # fmt: skip
    assert faults(tmp_path) == [
        "content/blog/a.svg file-kind-refused",
        "content/img/unused.svg file-kind-refused",
    ]


def test_what_readers_see_is_decided_once(tmp_path):
    post = "---\ntitle: A\ndate: {}\n{}\n---\n"
    write(tmp_path, {
        "content/blog/now.md": post.format("2026-11-23 12:00", ""),
        "content/blog/later.md": post.format("2026-11-23 12:01", ""),
        "content/blog/embargoed.md": post.format("2026-01-01", "publish: 2026-11-24"),
        "content/blog/draft.md": post.format("2026-01-01", "draft: yes"),
        "content/blog/over.md": post.format("2026-01-01", "expires: 2026-11-23"),
        "content/people/shy.md": "---\ntitle: Shy\nlisted: no\n---\n",
    })  # fmt: skip
    held, found = load(tmp_path)
    assert found == []
    assert dict(held.states) == {
        "post:now": State.CURRENT,
        "post:later": State.SCHEDULED,
        "post:embargoed": State.SCHEDULED,
        "post:draft": State.DRAFT,
        "post:over": State.EXPIRED,
        "person:shy": State.CURRENT,
    }
    assert [entry.id for entry in held.entries if held.shown(entry)] == ["now"]
    assert held.hidden("content/people/shy.md") and not held.hidden("content/nowhere.md")
    assert held.find("person", "shy") is not None and held.find("post", "shy") is None


TAGGED = "---\ntitle: A\ndate: 2026-01-05\ntags: [{}]\n---\n"


def test_without_a_list_tags_are_those_in_use_by_slug(tmp_path):
    write(tmp_path, {
        "content/blog/a.md": TAGGED.format("code-of-conduct, Zoë"),
        "content/blog/b.md": TAGGED.format("Code of Conduct, code of conduct"),
    })  # fmt: skip
    held, found = load(tmp_path)
    assert found == []
    assert {slug: tag.title for slug, tag in held.tags.items()} == {
        "code-of-conduct": "Code of Conduct",
        "zoë": "Zoë",
    }
    assert held.tags_of(held.entries[1]) == ["code-of-conduct"]
    assert not held.tags_listed


@pytest.mark.parametrize(
    "order", [("C", "C++"), ("C++", "C"), ("c", "C++"), ("C++", "c"), ("Q&A", "q-a")]
)
def test_two_tags_of_one_address_are_refused_in_any_order(tmp_path, order):
    write(tmp_path, {f"content/blog/{n}.md": TAGGED.format(word) for n, word in enumerate(order)})
    assert faults(tmp_path) == ["content/blog/1.md tags-collide"]


def test_a_list_of_tags_gives_them_titles_and_other_spellings(tmp_path):
    write(tmp_path, {
        "content/tags.yml": "cpp:\n  title: C++\n  aliases: [CPlusPlus]\nc: {title: C}\n",
        "content/blog/a.md": TAGGED.format("cplusplus, C++, cpp, C"),
    })  # fmt: skip
    held, found = load(tmp_path)
    assert [p.code for p in found] == ["tags_collide"]
    assert found[0].place.line == 2 and found[0].message == "`C++` means the tag `c` already"
    assert list(held.tags) == ["cpp", "c"]
    assert held.tags_of(held.entries[0]) == ["cpp", "c"]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Events: {title: Events}\n", [(1, 1, "tags_file_invalid")]),
        ("events: Events\n", [(1, 1, "tags_file_invalid")]),
        ("events:\n", [(1, 1, "tags_file_invalid")]),
        ("events: {}\n", [(1, 1, "field_missing")]),
        ("a:\n  title: A\nb: {titel: B}\n", [(3, 1, "field_missing"), (3, 5, "field_unknown")]),
        ("- events\n", [(1, 1, "front_matter_not_fields")]),
        ("events: [\n", [(1, 9, "front_matter_invalid")]),
        ("", []),
    ],
)  # fmt: skip
def test_a_list_of_tags_that_cannot_be_is_reported_in_its_own_file(tmp_path, text, places):
    write(tmp_path, {"content/tags.yml": text})
    found = sorted(load(tmp_path)[1])
    assert [(p.place.line, p.place.column, p.code) for p in found] == places
    assert {p.place.path for p in found} <= {"content/tags.yml"}

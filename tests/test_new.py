"""A new file teaches what its kind can say, and every line of it is true."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from townsquare import new, source, validation
from townsquare.fields import shapes
from townsquare.kinds import KINDS, kind_named, kind_of
from townsquare.model import Fields
from townsquare.problems import SetupError
from townsquare.settings import Settings

TODAY = date(2026, 11, 23)
SETTINGS = Settings()
OPTIONAL = re.compile(r"# ([a-z_]+): (.+?)  # (.+)")
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


def problems(kind, text: str) -> list[str]:
    parsed, found = source.parse(f"{kind.folder}/new.md", text)
    if parsed is None:
        return [each.message for each in found]
    fields, found = validation.validate(kind.fields, parsed)
    if fields is not None:
        found = validation.findings(kind, fields, parsed, SETTINGS)
    return [each.message for each in found]


def text(kind, title: str = "A title", today: date = TODAY) -> str:
    return new.text(kind, title, today, SETTINGS)


def optional(made: str) -> list[tuple[int, str, str]]:
    """Each line to uncomment: its number, its field and its explanation."""
    lines = enumerate(made.split("\n"))
    return [(n, m[1], m[3]) for n, line in lines if (m := OPTIONAL.fullmatch(line))]


@every_kind
def test_a_new_entry_has_no_fault(kind):
    assert problems(kind, text(kind)) == []


@every_kind
@pytest.mark.parametrize("today", [date(2024, 2, 29), date(2026, 1, 1), TODAY])
def test_every_optional_line_is_true_when_it_is_uncommented(kind, today):
    made = text(kind, today=today)
    lines = made.split("\n")
    numbers = {name: number for number, name, _ in optional(made)}
    assert numbers
    for number, name, explained in optional(made):
        tried = list(lines)
        tried[number] = lines[number].removeprefix("# ")
        if other := re.search(r"\(with `(\w+)`\)$", explained):
            tried[numbers[other[1]]] = lines[numbers[other[1]]].removeprefix("# ")
        if other := re.search(r"\(instead of `(\w+)`\)$", explained):
            tried = [line for line in tried if not line.startswith(f"{other[1]}: ")]
        assert problems(kind, "\n".join(tried)) == [], name


@every_kind
def test_every_field_stands_in_it_once_with_its_meaning(kind):
    made = text(kind)
    written = re.findall(r"^(?:# )?([a-z_]+): .+  # \S.+$", made, re.MULTILINE)
    assert sorted(written) == sorted(shapes(kind.fields))
    assert "…" not in made


@every_kind
def test_a_kinds_own_fields_stand_before_those_of_every_kind(kind):
    names = [name for _, name, _ in optional(text(kind))]
    shared = set(shapes(Fields))
    own = [name for name in names if name not in shared]
    assert names[: len(own)] == own


def test_a_new_event_needs_a_title_and_a_start():
    parsed, _ = source.parse("events/new.md", text(kind_named("event"), "May call"))
    assert parsed and parsed.front == {"title": "May call", "start": "2026-11-23 18:00"}


def test_a_new_policy_says_from_when_it_holds():
    parsed, _ = source.parse("guidelines/new.md", text(kind_named("guideline")))
    assert parsed and parsed.front["effective"] == "2026-11-23"


def test_what_the_author_must_fill_in_is_marked():
    lines = text(kind_named("partner")).split("\n")
    assert "url: https://example.org  # Fill in: Its own site." in lines
    assert not any("Fill in" in line for line in text(kind_named("post")).split("\n"))


@pytest.mark.parametrize(
    "title",
    ["Plain", "What: now?", "#1 of 3", "'Quoted' \"twice\"", "a\\b", "[x] {y}", "- dash", "yes",
     "2026", "Ünïcödé – שלום", "🎉", "trailing:", "*star", "& more", "! bang", "% x", "@ y", "`z`"],
)  # fmt: skip
def test_any_title_comes_back(title):
    parsed, found = source.parse("content/blog/new.md", text(kind_named("post"), title))
    assert found == []
    assert parsed and parsed.front["title"] == title


def test_a_title_of_several_lines_becomes_one():
    assert text(kind_named("post"), "Two\n---\nlines") == text(kind_named("post"), "Two --- lines")


def create(root: Path, kind: str, title: str, today: date = TODAY) -> str:
    path = new.create(root, kind_named(kind), title, today, SETTINGS)
    return path.relative_to(root).as_posix()


@pytest.mark.parametrize(
    ("kind", "title", "path"),
    [
        ("post", "Hello, World!", "content/blog/2026/hello-world.md"),
        ("event", "May community call", "events/2026/may-community-call.md"),
        ("person", "José Ñandú", "content/people/josé-ñandú.md"),
        ("page", "Привет мир", "content/привет-мир.md"),
        ("guide", "🎉🎉", "content/onboarding/guide.md"),
        ("post", "Index", "content/blog/2026/index-post.md"),
        ("partner", "a" * 200, f"content/partners/{'a' * 80}.md"),
        ("path", "Author", "content/onboarding/paths/author.md"),
        ("transparency", "2026 H1", "guidelines/transparency/2026-h1.md"),
        ("former", "Old rules", "guidelines/archive/old-rules.md"),
        ("guideline", "Photos / video", "guidelines/photos-video.md"),
    ],
)
def test_the_file_is_named_after_its_title(tmp_path, kind, title, path):
    assert create(tmp_path, kind, title) == path
    found = kind_of(path)
    assert found and found.name == kind


def test_an_existing_file_is_never_touched(tmp_path):
    path = tmp_path / create(tmp_path, "post", "Hello")
    path.write_text("mine")
    with pytest.raises(SetupError, match="is there already"):
        create(tmp_path, "post", "Hello")
    assert path.read_text() == "mine"


def test_a_name_that_another_folder_has_gets_the_date_because_it_is_the_id(tmp_path):
    create(tmp_path, "event", "Summer fair", date(2025, 7, 1))
    assert create(tmp_path, "event", "Summer fair") == "events/2026/summer-fair-2026-11-23.md"


def test_the_file_is_utf_8_with_unix_line_ends(tmp_path):
    data = (tmp_path / create(tmp_path, "post", "Größe")).read_bytes()
    assert "Größe" in data.decode("utf-8")
    assert b"\r" not in data and data.endswith(b"\n")

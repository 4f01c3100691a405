"""The site's choices: read from mkdocs.yml, each fault at its place there, never half taken."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from townsquare import build, settings
from townsquare.clock import EARLIEST
from townsquare.settings import LOCAL, Settings

HEAD = "site_name: Commons\nextra:\n  townsquare:\n"


def read(root: Path, text: str | bytes) -> tuple[Settings, list[str]]:
    data = text.encode() if isinstance(text, str) else text
    (root / settings.FILE).write_bytes(data)
    made, found = settings.read(root)
    assert {each.place.path for each in found} <= {settings.FILE}
    told = [f"{p.place.line}:{p.place.column} {p.label}: {p.message}" for p in sorted(found)]
    return made, told


def choice(root: Path, line: str) -> tuple[Settings, list[str]]:
    """The settings with this one choice of ours, which stands on line 4."""
    return read(root, f"{HEAD}    {line}\n")


def test_a_folder_without_settings_has_the_defaults_whatever_its_own_name(tmp_path):
    assert settings.read(tmp_path) == (Settings(), [])
    assert settings.place_of(tmp_path, "authority").path == settings.FILE


def test_every_choice_is_read_from_its_place(tmp_path):
    text = """\
site_name: Commons
site_url: https://example.org/commons
site_description: For all.
repo_url: https://forge.example/commons
edit_uri: edit/trunk/
copyright: CC BY
theme: {name: material, palette: !ENV [PALETTE, x]}
nav: &nav [a, b]
extra:
  social: *nav
  townsquare:
    timezone: Europe/Berlin
    language: de
    authority: example.org, 2026
    default_duration: 1h30m
    event_formats: [hackathon]
    page_size: 20
    image_budget: 300
    severities: {link-broken: error, weekday_disagrees: notice}
    question: https://example.org/ask
"""
    made, told = read(tmp_path, text)
    assert told == []
    assert made == Settings(
        site_name="Commons",
        site_url="https://example.org/commons/",
        site_description="For all.",
        repo_url="https://forge.example/commons",
        edit_uri="edit/trunk/",
        copyright="CC BY",
        timezone="Europe/Berlin",
        language="de",
        authority="example.org,2026",
        default_duration=timedelta(minutes=90),
        event_formats=("hackathon",),
        page_size=20,
        image_budget=300,
        severities={"link-broken": "error", "weekday_disagrees": "notice"},
        question="https://example.org/ask",
    )
    assert made.moved() == {"link_broken": "error", "weekday_disagrees": "notice"}
    place = settings.place_of(tmp_path, "authority")
    assert (place.line, place.column) == (14, 5)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("timezone: Berlin", "4:15 timezone-unknown: `Berlin` is not a time zone"),
        ("timezone: [UTC]", "4:5 value-not-text: `timezone` takes one value, not a list"),
        ("language: deutsch", "4:15 value-invalid: `deutsch` is not a language tag"),
        ("authority: example.org", "4:16 value-invalid: `example.org` is not a host and a year"),
        ("authority: 'a b,2026'", "4:16 value-invalid: `a b,2026` is not a host and a year"),
        ("default_duration: soon", "4:23 duration-invalid: `soon` is not a duration"),
        ("event_formats: {a: b}", "4:5 value-not-a-list: `event_formats` takes a list"),
        ("page_size: 0", "4:16 value-invalid: 0 entries are no page"),
        ("page_size: many", "4:16 value-invalid: `many` is not a whole number"),
        ("question: ask us", "4:15 value-invalid: `ask us` is not a web address"),
        ("severities: strict", "4:17 value-not-fields: `severities` takes fields of its own"),
        ("severities: {link_broken: fatal}", "4:31 value-not-listed: `fatal` is not a word"),
        ("severities: {link_borken: error}", "4:18 value-not-listed: no code is called"),
        ("severities: {repeat-invalid: warning}", "4:18 value-invalid: `repeat-invalid` cannot"),
        ("zone: UTC", "4:5 field-unknown: no field is called `zone`"),
        ("site_name: Other", "4:5 field-unknown: `site_name` is not read here"),
        ("timezone: !ENV [ZONE, UTC]", "4:15 yaml-feature-refused: `!ENV` is a tag"),
        ("timezone: UTC\n    timezone: UTC", "5:5 duplicate-key: `timezone` stands here again"),
    ],
)  # fmt: skip
def test_a_faulty_choice_is_reported_where_it_stands(tmp_path, line, fault):
    told = choice(tmp_path, line)[1]
    assert len(told) == 1 and told[0].startswith(fault)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("site_name: [a]\n", "1:1 value-not-text: `site_name` takes one value, not a list"),
        ("site_url: example.org\n", "1:11 value-invalid: `example.org` is not a web address"),
        ("site_url: https://example.org/?a=b\n", "1:11 value-invalid: the site's address has"),
        ("site_url: !ENV SITE_URL\n", "1:11 yaml-feature-refused: `!ENV` is a tag"),
        ("timezone: UTC\n", "1:1 field-unknown: `timezone` is not read here"),
        ("extra: text\n", "1:8 value-not-fields: `extra` takes fields of its own"),
        ("extra:\n  - townsquare\n", "1:1 value-not-fields: `extra` takes fields of its own"),
        ("extra:\n  townsquare: yes\n", "2:15 value-not-fields: `townsquare` takes fields"),
        ("- site_name\n", "1:1 front-matter-not-fields: this is not a field"),
        ("site_name: 'A\n", "1:12 front-matter-invalid: the quote that begins here"),
        (b"site_name: Caf\xe9\n", "1:15 file-unreadable: this is not UTF-8 text"),
        ("# " + "x" * 300_000, "1:1 file-too-large: 292 KB of text; a page takes 256 KB"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_reported_where_it_breaks(tmp_path, text, fault):
    told = read(tmp_path, text)[1]
    assert len(told) == 1 and told[0].startswith(fault)


@pytest.mark.parametrize("text", ["", "# nothing\n", "extra:\n", "extra:\n  townsquare:\n"])
def test_an_empty_file_or_part_says_nothing(tmp_path, text):
    assert read(tmp_path, text) == (Settings(), [])


def test_a_file_that_windows_wrote_is_read(tmp_path):
    made, told = read(
        tmp_path, b"\xef\xbb\xbfsite_name: Commons\r\nsite_url: https://a.example\r\n"
    )
    assert (made.site_name, made.site_url, told) == ("Commons", "https://a.example/", [])


def test_all_faults_are_reported_and_the_right_choices_are_kept(tmp_path):
    text = HEAD + "    timezone: CEST\n    page_size: 0\n    event_formats: [hackathon]\n"
    made, told = read(tmp_path, text)
    assert [each.split()[0] for each in told] == ["4:15", "5:16"]
    assert (made.site_name, made.event_formats) == ("Commons", ("hackathon",))
    assert (made.timezone, made.page_size) == ("UTC", 10)


def test_a_choice_that_is_refused_makes_no_other_file_faulty(tmp_path):
    choice(tmp_path, "event_formats: [hackathon]\n    page_size: 0")
    (tmp_path / "events").mkdir()
    event = "---\ntitle: A\nstart: 2026-12-01\nformat: hackathon\n---\n"
    (tmp_path / "events/a.md").write_text(event)
    checked = build.check(tmp_path, now=EARLIEST)
    assert [each.place.path for each in checked.errors] == [settings.FILE]


def test_a_link_to_a_settings_file_is_refused(tmp_path):
    (tmp_path / "other.yml").write_text("site_name: Other\n")
    (tmp_path / settings.FILE).symlink_to("other.yml")
    assert [each.code for each in settings.read(tmp_path)[1]] == ["symlink_refused"]


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("https://example.org/sub/", "example.org,2026"),
        ("https://Example.ORG:8080/", "example.org,2026"),
        ("https://bücher.example/", "xn--bcher-kva.example,2026"),
        (LOCAL, "localhost,2026"),
    ],
)
def test_the_authority_is_the_sites_host_unless_it_is_set(url, authority):
    assert Settings(site_url=url).authority_name() == authority
    assert Settings(site_url=url, authority="a.example,2020").authority_name() == "a.example,2020"


@pytest.mark.parametrize("url", ["https://example.org/sub", "https://example.org/sub/"])
def test_addresses_stand_below_the_sites_own_path(tmp_path, url):
    made, _ = read(tmp_path, f"site_url: {url}\n")
    assert made.absolute("") == "https://example.org/sub/"
    assert made.absolute("blog/a/") == "https://example.org/sub/blog/a/"


@pytest.mark.parametrize(
    ("repo", "edit", "url"),
    [
        ("https://forge.example/a", None, "https://forge.example/a/edit/main/content/x.md"),
        ("https://forge.example/a/", "-/edit/trunk", "https://forge.example/a/-/edit/trunk/content/x.md"),
        ("https://forge.example/a", "", None),
        (None, "edit/main/", None),
    ],
)  # fmt: skip
def test_a_file_is_edited_on_the_forge(repo, edit, url):
    assert Settings(repo_url=repo, edit_uri=edit).edit_url("content/x.md") == url

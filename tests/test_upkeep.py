"""After any edit a site that was kept current is the one that would be built from nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import edits
import pytest
from edits import Life
from mkdocs.commands.build import build as build_with_mkdocs
from repositories import Repository

from townsquare import build, commands, ledger, publication
from townsquare.output import RECORD, SUMS
from townsquare.site import configuration, events
from townsquare.site.surroundings import of_plan
from townsquare.upkeep import warm

STEPS = 7
SEEDS = 6
FULL_SEEDS = 400

Site = tuple[dict[str, bytes], dict[str, object]]
"""A site's files by path, and what its record says."""


def files(folder: Path) -> dict[str, bytes]:
    """Every file but the record, which names the build's instant."""
    found = (f for f in folder.rglob("*") if f.is_file())
    return {p: f.read_bytes() for f in found if (p := f.relative_to(folder).as_posix()) != RECORD}


def from_nothing(life: Life, folder: Path) -> Site:
    """The site as a build that knows of no other makes it, and its record."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    checked = build.check(life.root, now=life.now)
    assert not checked.errors, checked.errors
    plan = build.plan(checked, previous=ledger.Previous())
    publication.write(plan, folder, previous=ledger.Previous(), search=False)
    return files(folder), json.loads((folder / RECORD).read_text())


def kept_current(life: Life) -> int:
    return commands.build(
        life.root,
        life.root / "site",
        now=life.now,
        previous=None,
        first_publish=False,
        forget=(),
        preview=False,
        strict=False,
        keep_going=False,
        search=False,
        form="text",
    )


def by_mkdocs(life: Life, folder: Path) -> dict[str, bytes]:
    """The site as MkDocs makes it, which renders each page by itself through the theme."""
    checked = build.check(life.root, now=life.now)
    plan = build.plan(checked, previous=ledger.Previous())
    config = configuration.read(life.root, folder)
    events.hand_over(config, of_plan(plan))
    build_with_mkdocs(config)
    return files(folder)


def assert_equal(life: Life, folder: Path) -> None:
    assert_is(life, from_nothing(life, folder))


def assert_is(life: Life, site: Site) -> None:
    """What readers get is this site, byte for byte, and its record tells the same."""
    expected, record = site
    made = files(life.root / "site")
    assert sorted(made) == sorted(expected), life.told
    different = [path for path in made if made[path] != expected[path]]
    assert different == [], life.told
    own = json.loads((life.root / "site" / RECORD).read_text())
    assert own == record, life.told


def seeds(config: pytest.Config) -> Iterator[int]:
    yield from range(FULL_SEEDS if config.getoption("--full") else SEEDS)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", list(seeds(metafunc.config)))


def test_every_edit_gives_what_a_build_from_nothing_gives(tmp_path: Path, seed: int, capsys):
    life = edits.begun(tmp_path / "community", seed)
    assert kept_current(life) == 0
    for _ in range(STEPS):
        for _ in range(life.luck.choice([1, 1, 1, 3])):
            edit = life.luck.choice(edits.EDITS)
            life.told.append(edit.__name__)
            edit(life)
        if life.luck.random() < 0.15:
            life.told.append("killed")
            edits.killed(lambda: kept_current(life), life.luck.uniform(0, 0.6))
        assert kept_current(life) == 0, (life.told, capsys.readouterr())
        assert_equal(life, tmp_path / "clean")
    if seed % 3 == 0:
        rendered, made = by_mkdocs(life, tmp_path / "mkdocs"), files(life.root / "site")
        assert sorted(rendered) == sorted(made.keys() - {SUMS}), life.told
        assert [path for path in rendered if rendered[path] != made[path]] == [], life.told


@pytest.fixture(scope="module")
def long_life(tmp_path_factory: pytest.TempPathFactory) -> tuple[Life, Site]:
    """A community to which one edit after the other happens, and the site that it begins with."""
    folder = tmp_path_factory.mktemp("long")
    life = edits.begun(folder / "community", 1)
    assert kept_current(life) == 0
    expected = from_nothing(life, folder / "clean")
    assert_is(life, expected)
    return life, expected


@pytest.mark.parametrize("edit", list(dict.fromkeys(edits.EDITS)), ids=lambda e: e.__name__)
def test_one_edit_at_a_time(long_life: tuple[Life, Site], tmp_path: Path, edit, capsys):
    life, at_first = long_life
    edit(life)
    assert kept_current(life) == 0, capsys.readouterr()
    expected = from_nothing(life, tmp_path / "clean")
    assert_is(life, expected)
    assert kept_current(life) == 0
    assert_is(life, expected)
    life.now = edits.NOW
    edits.put_back(life.root, life.formers[0])
    assert kept_current(life) == 0
    assert_is(life, at_first)


def told(life: Life, text: str) -> None:
    """One post more, so that there is something to build."""
    edits.write(
        life.root / "content/blog/told.md", f"---\ntitle: T\ndate: 2026-01-05\n---\n{text}\n"
    )


@pytest.fixture
def current(tmp_path: Path) -> Life:
    """A community whose site is current and has a second folder beside it."""
    life = edits.begun(tmp_path / "community", 1)
    for text in ("One.", "Two."):
        told(life, text)
        assert kept_current(life) == 0
    return life


def lost(spare: Path) -> None:
    (spare / "about/index.html").unlink()


def replaced(spare: Path) -> None:
    lost(spare)
    (spare / "about/index.html").write_text("damaged")


def added(spare: Path) -> None:
    (spare / "foreign.html").write_text("foreign")


def a_file(spare: Path) -> None:
    shutil.rmtree(spare)
    spare.write_text("no folder")


def a_dangling_link(spare: Path) -> None:
    shutil.rmtree(spare)
    spare.symlink_to("nowhere")


@pytest.mark.parametrize(
    "damage", [lost, replaced, added, a_file, a_dangling_link], ids=lambda damage: damage.__name__
)
def test_a_damaged_second_folder_is_never_published(current, tmp_path, damage):
    damage(current.root / ".site.spare")
    for text in ("Three.", "Four."):
        told(current, text)
        assert kept_current(current) == 0
        assert_equal(current, tmp_path / "clean")


def test_files_that_somebody_put_into_the_site_are_gone_after_the_next_build(current, tmp_path):
    (current.root / "site/foreign.html").write_text("foreign")
    (current.root / "site/blog/linked").symlink_to("..")
    assert kept_current(current) == 0
    assert_equal(current, tmp_path / "clean")


@pytest.mark.parametrize("names", [["a.html/", "a.html"], ["a.html", "a.html/"]])
def test_an_old_address_may_turn_from_a_folder_into_a_file_and_back(current, tmp_path, names):
    post = current.root / "content/blog/post-2.md"
    text = post.read_text("utf-8")
    for number, name in enumerate([*names, *names]):
        edits.write(post, edits.inserted(text, f"aliases: [/news/{name}]"))
        assert kept_current(current) == 0
        assert_equal(current, tmp_path / "clean")
        told(current, f"{number}.")
        assert kept_current(current) == 0
        assert_equal(current, tmp_path / "clean")


def test_a_logo_may_move_away_and_come_back(current, tmp_path):
    settings = current.root / "mkdocs.yml"
    edits.write(
        settings, settings.read_text("utf-8") + "theme: {name: material, logo: img/logo.png}\n"
    )
    logo = current.root / "content/img/logo.png"
    shutil.copy(current.root / "content/img/table.png", logo)
    other = logo.with_name("other.png")
    for before, after in ((logo, logo), (logo, other), (other, logo)):
        before.rename(after)
        assert kept_current(current) == 0
        assert_equal(current, tmp_path / "clean")


def test_a_post_that_keeps_its_id_in_another_file_stands_at_another_address(current, tmp_path):
    post = current.root / "content/blog/post-2.md"
    edits.write(post, edits.inserted(post.read_text("utf-8"), "id: the-second"))
    for before, after in ((post, "moved.md"), (post.with_name("moved.md"), "post-2.md")):
        assert kept_current(current) == 0
        before.rename(before.with_name(after))
        assert kept_current(current) == 0
        assert_equal(current, tmp_path / "clean")


def test_a_list_of_tags_that_appears_is_held_against_every_post(current):
    tags = current.root / "content/tags.yml"
    listed = tags.read_text("utf-8")
    tags.unlink()
    assert kept_current(current) == 0
    edits.write(tags, "other: {title: O}\n")
    assert build.check(current.root, now=current.now).errors
    assert kept_current(current) == 1
    edits.write(tags, listed)
    assert kept_current(current) == 0


def test_the_preview_heeds_a_changed_setting(current, tmp_path):
    kept = warm.Warm(current.root, current.root / "site")
    for number in range(3):
        edits.setting(current)
        edits.write(
            current.root / "mkdocs.yml",
            (current.root / "mkdocs.yml").read_text("utf-8") + f"# {number}\n",
        )
        said, failed = kept.build()
        assert not failed, said
        clean = warm.Warm(current.root, tmp_path / f"clean-{number}")
        assert not clean.build()[1]
        assert files(tmp_path / f"clean-{number}") == files(current.root / "site")


def test_commits_amended_ones_and_a_mailmap_are_counted_as_from_nothing(current, tmp_path):
    repository = Repository(current.root)
    (current.root / ".gitignore").write_text("/.cache/\n/site/\n/.site.spare/\n")
    people = {"ana": "Ana Sample", "bo": "Bo Sample"}
    for number, who in enumerate(("ana", "bo", "ana", "guest")):
        told(current, f"Text {number}.")
        at, name = int(current.now.timestamp()) - 9_999 + number, people.get(who, "Some Guest")
        repository.commit({}, "Change\n\nReviewed-by: Cy <c@x>", who=f"{name} <{who}@x>", at=at)
        assert kept_current(current) == 0
        assert_equal(current, tmp_path / "clean")
    repository.git("commit", "-q", "--amend", "-m", "y", "--author", "Bo Sample <g@x>")
    assert kept_current(current) == 0
    assert_equal(current, tmp_path / "clean")
    (current.root / ".mailmap").write_text("Ana Sample <a@x> Bo Sample <g@x>\n")
    assert kept_current(current) == 0
    assert_equal(current, tmp_path / "clean")
    repository.git("reset", "-q", "--hard", "HEAD~2")
    assert kept_current(current) == 0
    assert_equal(current, tmp_path / "clean")
    counted = (current.root / "site/reports/community.csv").read_text()
    assert "commits,2026-11-23 to 2026-11-23,,2," in counted


def test_collected_figures_that_change_are_on_their_pages(current, tmp_path):
    month = f"{current.now.replace(day=1) - timedelta(days=1):%Y-%m}"
    head = "definitions,day,source,measure,name,count\n"
    for count in (12, 5731):
        line = f"1,{month}-02,log,pages,,{count}\n"
        edits.write(current.root / f"data/readers/{month}.csv", head + line)
        assert kept_current(current) == 0
        page = (current.root / "site/reports/readers/index.html").read_text("utf-8")
        assert f"{count:,}</dd>" in page
        assert_equal(current, tmp_path / "plain")


def write_all(current: Life, files: dict[str, str]) -> None:
    for path, text in files.items():
        edits.write(current.root / path, text)


def test_a_former_text_is_shown_or_hidden_with_the_rule_that_has_its_name_now(current, tmp_path):
    rule = "---\ntitle: X\ntype: policy\nversion: '2'\nstatus: active\n"
    rule += "{}effective: 2026-01-01\n---\nText\n"
    former = "---\ntitle: X\nversion: '1'\neffective: 2025-01-01\n---\nText\n"
    link = "---\ntitle: L\ndate: 2026-01-05\n---\n[X](../../guidelines/archive/x/1.md)\n"
    write_all(current, {"guidelines/x.md": rule.format("draft: yes\n")})
    write_all(current, {"guidelines/archive/x/1.md": former, "content/blog/l.md": link})
    for change in ("draft: yes\nid: zz\n", "draft: yes\n", "", "id: zz\n"):
        assert kept_current(current) == 0
        assert_equal(current, tmp_path / "clean")
        write_all(current, {"guidelines/x.md": rule.format(change)})
    (current.root / "guidelines/x.md").unlink()
    assert kept_current(current) == 0
    assert_equal(current, tmp_path / "clean")


def test_a_link_that_stands_in_the_site_leads_no_build_elsewhere(current, tmp_path):
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs/file").write_text("x")
    shutil.rmtree(current.root / "site/blog")
    (current.root / "site/blog").symlink_to(tmp_path / "theirs")
    (current.root / "site/self").symlink_to(".")
    for number in range(2):
        told(current, f"Text {number}.")
        assert kept_current(current) == 0
        assert_equal(current, tmp_path / "clean")
    assert [file.read_text() for file in (tmp_path / "theirs").iterdir()] == ["x"]
    assert not list(current.root.glob(".site.spare/**/theirs"))

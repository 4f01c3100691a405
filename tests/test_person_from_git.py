"""`new.py person --from-git`: the file of somebody who is known from commits alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from community_files import NOW, write
from repositories import Repository

from townsquare import build, cli
from townsquare.community import Community
from townsquare.figures import past_report

HIDDEN = "583231+ana-x@users.noreply.github.com"
ANA = "Ana Example <ana@secret.example>"
OLD = f"ana-x <{HIDDEN}>"
BO = "Bo Bo <bo@secret.example>"
BOT = "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>"
DAY = 86400


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "community")
    made.commit({"content/index.md": "---\ntitle: Home\n---\nHello.\n"}, who=BO, at=1_600_000_000)
    made.commit({"content/a.pdf": "1"}, who=ANA, at=1_700_000_000)
    made.commit({"content/a.pdf": "2"}, who=ANA, at=1_700_000_000 + DAY)
    made.commit({"content/a.pdf": "3"}, who=f"Ana Example <{HIDDEN}>", at=1_700_000_000 + 2 * DAY)
    made.commit({"content/a.pdf": "4"}, who=OLD, at=1_700_000_000 - 30 * DAY)
    made.commit({"content/a.pdf": "5"}, who=BOT, at=1_700_000_000)
    return made


def run(root: Path, *words: str) -> Any:
    line = ["new", "person", "--root", str(root), "--now", "2026-11-23T12:00:00Z", *words]
    return CliRunner().invoke(cli.main, line)


def checked(root: Path) -> build.Checked:
    return build.check(root, now=NOW)


@pytest.mark.parametrize(
    "said", ["Ana Example", "ana example", "ana@secret.example", "ana-x", HIDDEN]
)
def test_whatever_names_them_gives_the_same_file_with_all_their_names(repository, said):
    done = run(repository.root, "--from-git", said)
    assert (done.exit_code, done.stderr) == (
        0,
        "Ask Ana Example before you commit it: the page will name them.\n",
    )
    file = repository.root / "content/people/ana-example.md"
    assert done.stdout == f"{file}\n"
    assert file.read_text().splitlines()[:5] == [
        "---",
        "# Somebody of the community; the title is their name.",
        "title: Ana Example  # The heading, at most 200 characters.",
        "joined: 2023-10-15  # When they joined.",
        f"git: [Ana Example, ana-x, {HIDDEN}]  # Names under which they commit.",
    ]


def test_the_file_has_no_fault_and_makes_all_their_commits_theirs(repository):
    run(repository.root, "--from-git", "ana-x")
    made = checked(repository.root)
    assert made.errors == ()
    held = Community(made.library, made.bodies, made.clock, made.addresses)
    assert [each.name for each in past_report.unknown(held)] == ["Bo Bo"]


def test_no_address_is_ever_written_but_a_noreply_one(repository):
    repository.commit({"content/a.pdf": "6"}, who="ana@secret.example <ana@secret.example>")
    repository.commit({"content/a.pdf": "7"}, who="Ana ana@secret.example <ana@secret.example>")
    done = run(repository.root, "--from-git", "Ana Example")
    text = (repository.root / "content/people/ana-example.md").read_text()
    assert "secret" not in text + done.stdout + done.stderr
    assert f"[Ana Example, ana-x, {HIDDEN}]" in text


def test_who_has_no_name_but_an_address_needs_one_to_be_said(repository):
    repository.commit({"content/a.pdf": "6"}, who="cy@secret.example <cy@secret.example>")
    done = run(repository.root, "--from-git", "cy@secret.example")
    assert done.exit_code == 2
    assert "tell no name that could be published" in done.stderr
    assert run(repository.root, "Cy Example", "--from-git", "cy@secret.example").exit_code == 0
    text = (repository.root / "content/people/cy-example.md").read_text()
    assert "secret" not in text and "git: []" in text


def test_a_mailmap_joins_names_that_share_nothing(repository):
    (repository.root / ".mailmap").write_text(f"{ANA} Annie <annie@old.example>\n")
    repository.commit({"content/a.pdf": "6"}, who="Annie <annie@old.example>", at=1_500_000_000)
    run(repository.root, "--from-git", "Ana Example")
    text = (repository.root / "content/people/ana-example.md").read_text()
    assert "joined: 2017-07-14" in text and "Annie" not in text


def test_nobody_a_machine_and_who_has_a_file_are_told_apart(repository):
    for said, told in (
        ("Anna Example", "nobody commits as `Anna Example`; did you mean `Ana Example`?"),
        ("dependabot[bot]", "`dependabot[bot]` is a machine, and machines have no page"),
    ):
        done = run(repository.root, "--from-git", said)
        assert done.exit_code == 2
        assert told in done.stderr
    run(repository.root, "--from-git", "ana-x")
    done = run(repository.root, "--from-git", "Ana Example")
    assert done.exit_code == 2
    assert "`Ana Example` has a file: content/people/ana-example.md" in done.stderr


def test_two_people_of_one_short_name_are_told_apart_by_their_address(repository):
    repository.commit({"content/a.pdf": "6"}, who="Max <max@one.example>")
    repository.commit({"content/a.pdf": "7"}, who="Max <7+max2@users.noreply.github.com>")
    done = run(repository.root, "--from-git", "Max")
    assert done.exit_code == 2
    assert "2 people commit as `Max`" in done.stderr and "one.example" not in done.stderr
    assert run(repository.root, "--from-git", "max2").exit_code == 0


@pytest.mark.parametrize(
    "name", ["x/../../etc/passwd", "x: [y, z]", 'a"] #b', "- a", "{{ x }}", "yes", "2026", "é, ü"]
)
def test_a_hostile_name_gives_a_file_in_its_place_without_a_fault(repository, name):
    repository.commit({"content/a.pdf": "6"}, who=f"{name} <x@one.example>")
    done = run(repository.root, "--from-git", "x@one.example")
    assert done.exit_code == 0, done.stderr
    file = Path(done.stdout.strip())
    assert file.parent == repository.root / "content/people"
    [entry] = [e for e in checked(repository.root).library.entries if e.kind.name == "person"]
    assert (entry.title, entry.fields.git) == (name, (name,))


def test_a_folder_without_a_whole_history_says_why_it_cannot(tmp_path, repository):
    root = write(tmp_path / "plain", {"content/index.md": "---\ntitle: Home\n---\n"})
    done = run(root, "--from-git", "Ana Example")
    assert (done.exit_code, "git's history cannot tell" in done.stderr) == (2, True)


def test_only_people_are_known_to_git_and_a_title_is_needed_otherwise(repository):
    line = ["new", "post", "--root", str(repository.root), "--from-git", "Ana Example"]
    assert CliRunner().invoke(cli.main, line).exit_code == 2
    assert CliRunner().invoke(cli.main, ["new", "post"]).exit_code == 2

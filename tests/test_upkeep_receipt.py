"""A build of which nothing changed is said again, and never where anything did."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from communities import write
from test_upkeep import files

ROOT = Path(__file__).parents[1]
LATE = {"click", "orjson", "pydantic", "yaml", "mkdocs", "markdown", "sqlite3"}
PROGRAM = (
    "import os, sys; sys.path.insert(0, sys.argv.pop(1)); sys.argv[0] = 'townsquare';"
    "end = os._exit;"
    "os._exit = lambda code: (print(*sorted(sys.modules)), sys.stdout.flush(), end(code));"
    "from townsquare.start import main; main()"
)
PAST = "---\ntitle: {title}\ndate: 2026-01-05\n---\nText.\n"


class Town:
    """A community in a folder, and the package that builds it."""

    def __init__(self, root: Path, hooks: Path = ROOT / "hooks") -> None:
        self.root, self.hooks = root, hooks
        self.imported = set[str]()

    def build(self, *more: str, **variables: str) -> tuple[bool, str, str]:
        """Whether a receipt was enough, what was said on each stream, seconds left out."""
        done = subprocess.run(
            [sys.executable, "-I", "-X", "utf8", "-c", PROGRAM, str(self.hooks), *self.line(*more)],
            capture_output=True,
            encoding="utf-8",
            check=False,
            env={k: v for k, v in os.environ.items() if not k.startswith("GITHUB_")} | variables,
        )
        assert done.returncode == 0, done.stderr
        *out, modules = done.stdout.splitlines()
        said = re.sub(r"\d+\.\d s", "N s", done.stderr)
        self.imported = set(modules.split())
        return "townsquare.commands" not in self.imported, "\n".join(out), said

    def line(self, *more: str) -> list[str]:
        return ["build", "--root", str(self.root), *more]

    def write(self, path: str, text: str) -> None:
        write(self.root, {path: text})


@pytest.fixture
def town(tmp_path: Path) -> Town:
    root = write(
        tmp_path / "community",
        {
            "mkdocs.yml": "site_name: Town\nsite_url: https://town.example/\n",
            "content/index.md": "---\ntitle: Home\n---\nHello.\n",
            "content/blog/hello.md": PAST.format(title="Hello"),
        },
    )
    made = Town(root)
    assert not made.build()[0]
    return made


def test_the_second_build_says_the_same_at_once_and_imports_little(town):
    record, site = town.root / "site" / "build.json", files(town.root / "site")
    first = json.loads(record.read_text())
    was_enough, out, said = town.build()
    assert was_enough
    town.root.joinpath(".cache").rename(town.root / ".kept")
    assert (False, out, said) == town.build()
    assert files(town.root / "site") == site
    assert json.loads(record.read_text()) | {"now": ""} == first | {"now": ""}


def test_what_it_does_not_need_is_not_imported(town):
    done = subprocess.run(
        [sys.executable, "-I", "-X", "utf8", "-c", PROGRAM, str(town.hooks), *town.line()],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert set(done.stdout.split()) & LATE == set()


def test_the_same_words_are_not_read_again_after_an_edit(town):
    edited(town)
    was_enough, _, said = town.build()
    assert not was_enough and town.imported.isdisjoint({"click", "townsquare.cli"})
    assert "Hellq" in (town.root / "site/blog/index.html").read_text()
    town.root.joinpath("site").rename(town.root / "before")
    assert town.build("--strict")[2] == said and "click" in town.imported
    assert files(town.root / "site") == files(town.root / "before")


@pytest.mark.parametrize("words", [("--strict",), ("--keep-going", "--format=json")])
def test_words_that_are_known_ask_for_the_same(town, words):
    line = [sys.executable, "-I", "-X", "utf8", "-c", PROGRAM, str(town.hooks), *town.line(*words)]

    def said() -> tuple[int, str, str, bool]:
        done = subprocess.run(line, capture_output=True, encoding="utf-8", check=False)
        *out, modules = done.stdout.splitlines()
        errors = re.sub(r"\d+\.\d s", "N s", done.stderr)
        return done.returncode, "\n".join(out), errors, "click" in modules.split()

    town.build(*words)
    # A warning, and an error where warnings are.
    town.write("content/blog/link.md", PAST.format(title="Link") + "\n![](x.png)\n")
    town.write("content/blog/x.png", "not a picture")
    *known, reads_words = said()
    assert not reads_words
    shutil.rmtree(town.root / ".cache")
    assert said() == (*known, True)


@pytest.mark.parametrize("folder", ["root", "out"])
def test_a_folder_that_the_words_do_not_name_is_not_believed(town, tmp_path, folder):
    [file] = (town.root / ".cache").glob("receipt-*")
    left = json.loads(file.read_bytes().partition(b"\n")[2])
    left["asked"][folder] = str(tmp_path / "elsewhere")
    text = json.dumps(left).encode()
    file.write_bytes(sha256(text).hexdigest().encode() + b"\n" + text)
    edited(town)
    town.build()
    assert "click" in town.imported and not (tmp_path / "elsewhere").exists()


def test_words_that_other_code_knew_are_read(town):
    shutil.copytree(ROOT / "hooks" / "townsquare", town.root / "other" / "townsquare")
    with (town.root / "other" / "townsquare" / "cli.py").open("a") as file:
        file.write("# Another.\n")
    edited(town)
    other = Town(town.root, town.root / "other")
    other.build()
    assert "click" in other.imported


def test_warnings_are_said_again(town):
    town.write("content/blog/link.md", PAST.format(title="Link") + "\n![](x.png)\n")
    town.write("content/blog/x.png", "not a picture")
    _, out, said = town.build()
    assert "warning" in out and "content/blog/link.md" in out
    assert town.build() == (True, out, said)


def edited(town: Town) -> None:
    town.write("content/blog/hello.md", PAST.format(title="Hellq"))


def edited_at_the_same_time(town: Town) -> None:
    file = town.root / "content/blog/hello.md"
    before = file.stat()
    edited(town)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def added(town: Town) -> None:
    town.write("content/blog/other.md", PAST.format(title="Other"))


def deleted(town: Town) -> None:
    (town.root / "content/blog/hello.md").unlink()


def settings(town: Town) -> None:
    town.write("mkdocs.yml", "site_name: City\nsite_url: https://town.example/\n")


def site_file_gone(town: Town) -> None:
    (town.root / "site/index.html").unlink()


def site_file_edited(town: Town) -> None:
    (town.root / "site/index.html").write_text("by hand")


def site_gone(town: Town) -> None:
    shutil.rmtree(town.root / "site")


def receipt_damaged(town: Town) -> None:
    for file in (town.root / ".cache").glob("receipt-*"):
        file.write_bytes(file.read_bytes().replace(b"said", b"sajd"))


@pytest.mark.parametrize(
    "change",
    [
        *(edited, edited_at_the_same_time, added, deleted, settings),
        *(site_file_gone, site_file_edited, site_gone, receipt_damaged),
    ],
    ids=lambda change: change.__name__,
)
def test_after_any_change_the_site_is_built_again(town: Town, change: Callable[[Town], None]):
    change(town)
    was_enough, _, said = town.build()
    assert not was_enough
    kept_current = files(town.root / "site")
    for place in (".cache", "site"):
        shutil.rmtree(town.root / place)
    assert town.build() == (False, "", said)
    assert files(town.root / "site") == kept_current
    assert town.build()[0]


def test_a_receipt_ends_when_the_clock_changes_the_site(town):
    due = datetime.now(UTC) + timedelta(days=1)
    day = f"{due:%Y-%m-%d}"
    town.write("content/blog/soon.md", PAST.replace("2026-01-05", day).format(title="Soon"))
    assert not town.build()[0]
    assert town.build()[0]
    kept = next((town.root / ".cache").glob("receipt-*"))
    until = json.loads(kept.read_bytes().partition(b"\n")[2])["until"]
    midnight = datetime.fromisoformat(f"{day}T00:00:00+00:00").timestamp()
    assert until == midnight


def test_other_words_and_other_listeners_are_told_by_a_build(town, tmp_path):
    assert not town.build("--strict")[0]
    assert not town.build(GITHUB_OUTPUT=str(tmp_path / "told"))[0]
    assert "next_change=" in (tmp_path / "told").read_text()
    assert town.build()[0]


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("feeds/__init__.py", "\n# Another version.\n"),
        ("templates/post.html", "<!-- another template -->"),
        ("assets/townsquare.css", "\n.other { color: red }\n"),
    ],
)
def test_a_change_of_our_code_a_template_or_the_theme_is_a_full_build(town, tmp_path, path, more):
    hooks = shutil.copytree(ROOT / "hooks", tmp_path / "hooks")
    copied = Town(town.root, hooks)
    copied.build()
    assert copied.build()[0]
    file = hooks / "townsquare" / path
    file.write_text(file.read_text("utf-8") + more, "utf-8")
    assert not copied.build()[0]
    kept_current = files(town.root / "site")
    for place in (".cache", "site"):
        shutil.rmtree(town.root / place)
    assert not copied.build()[0]
    assert files(town.root / "site") == kept_current


def test_a_commit_of_what_is_there_is_another_past(town, tmp_path):
    git = ["git", "-C", str(town.root), "-c", "user.name=A", "-c", "user.email=a@x"]
    subprocess.run([*git, "init", "-q"], check=True)
    town.build()
    assert town.build()[0]
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "x"], check=True)
    assert not town.build()[0]
    assert town.build()[0]
    (town.root / ".mailmap").write_text("B <a@x>\n")
    assert not town.build()[0]


def test_what_other_code_left_may_be_in_another_form(town):
    town.build()
    [kept] = (town.root / ".cache").glob("receipt-*")
    text = json.dumps({"engine": "another", "since": None, "until": None}).encode()
    kept.write_bytes(sha256(text).hexdigest().encode() + b"\n" + text)
    assert not town.build()[0]
    assert town.build()[0]


def test_a_folder_that_is_a_link_is_the_one_to_which_it_leads_now(town, tmp_path):
    out = tmp_path / "out"
    for name in ("first", "second"):
        out.unlink(missing_ok=True)
        (tmp_path / name).mkdir()
        out.symlink_to(name)
        town.build("--out", str(out))
        assert (tmp_path / name / "index.html").exists()
    assert town.build("--out", str(out))[0]

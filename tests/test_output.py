"""A built folder is replaced whole or not at all, whatever happens on the way."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from townsquare import output
from townsquare.problems import SetupError

HOOKS = Path(__file__).parents[1] / "hooks"


def publish(target: Path, text: str) -> None:
    with output.replacing(target) as fresh:
        output.write(fresh, iter(site(text).items()))


def site(text: str) -> dict[str, bytes]:
    return {"build.json": b"{}", "index.html": text.encode(), "blog/x/index.html": text.encode()}


def found(target: Path) -> dict[str, bytes]:
    return {
        file.relative_to(target).as_posix(): file.read_bytes()
        for file in target.rglob("*")
        if file.is_file()
    }


def leftovers(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"site", ".site.lock"}


def killed_at(step: str, target: Path) -> None:
    """Build in a process that kills itself at the call of one step."""
    program = f"""
import os, signal
from pathlib import Path
from townsquare import output
def die(*args): os.kill(os.getpid(), signal.SIGKILL)
{step}
with output.replacing(Path({str(target)!r})) as fresh:
    output.write(fresh, iter([("build.json", b"{{}}"), ("index.html", b"new")]))
"""
    environment = {**os.environ, "PYTHONPATH": str(HOOKS)}
    done = subprocess.run([sys.executable, "-c", program], env=environment, check=False)
    assert done.returncode == -signal.SIGKILL


def test_a_first_build_makes_the_folder(tmp_path):
    publish(tmp_path / "deep" / "site", "one")
    assert found(tmp_path / "deep" / "site") == site("one")


def test_a_build_replaces_the_whole_folder(tmp_path):
    target = tmp_path / "site"
    publish(target, "one")
    (target / "stray").write_text("left by somebody")
    publish(target, "two")
    assert found(target) == site("two")
    assert not leftovers(tmp_path)


def test_a_build_that_fails_leaves_the_old_site(tmp_path):
    target = tmp_path / "site"
    publish(target, "one")
    with pytest.raises(OSError, match="disk is full"), output.replacing(target) as fresh:
        (fresh / "index.html").write_text("half")
        raise OSError("disk is full")
    assert found(target) == site("one")
    assert not leftovers(tmp_path)


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("output.write = die", "old"),
        ("output.flush = die", "old"),
        ("output._swap = die", "old"),
        ("output._exchange = die", "old"),
        ("output.flush_folder = die", "new"),
    ],
)
def test_a_killed_build_leaves_the_old_site_or_the_new(tmp_path, step, expected):
    target = tmp_path / "site"
    publish(target, "old")
    killed_at(step, target)
    after = {"old": site("old"), "new": {"build.json": b"{}", "index.html": b"new"}}
    assert found(target) == after[expected]
    publish(target, "next")
    assert found(target) == site("next")
    assert not leftovers(tmp_path)


def test_without_exchange_a_killed_swap_is_put_right_by_the_next_build(tmp_path):
    target = tmp_path / "site"
    publish(target, "old")
    two_renames = "output._exchange = lambda a, b: False\n"
    second = "Path.rename = lambda a, b, r=Path.rename: die() if a.name == '.site.new' else r(a, b)"
    killed_at(two_renames + second, target)
    assert found(tmp_path / ".site.old") == site("old")
    with pytest.raises(RuntimeError), output.replacing(target):
        assert found(target) == site("old")
        raise RuntimeError
    assert found(target) == site("old")


def test_without_exchange_the_site_is_replaced_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(output, "_exchange", lambda *_: False)
    target = tmp_path / "site"
    publish(target, "one")
    publish(target, "two")
    assert found(target) == site("two")
    assert not leftovers(tmp_path)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="renameat2 is Linux's")
def test_exchange_swaps_two_folders_in_one_step(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "name").write_text(name)
    assert output._exchange(tmp_path / "one", tmp_path / "two")
    assert (tmp_path / "one" / "name").read_text() == "two"
    assert (tmp_path / "two" / "name").read_text() == "one"


def test_two_builds_of_one_folder_are_kept_apart(tmp_path):
    target = tmp_path / "site"
    with output.replacing(target) as fresh:
        with pytest.raises(SetupError, match="another build is writing"):
            publish(target, "second")
        output.write(fresh, iter(site("first").items()))
    assert found(target) == site("first")


def test_a_folder_that_no_build_made_is_never_replaced(tmp_path):
    target = tmp_path / "site"
    target.mkdir()
    (target / "thesis.txt").write_text("years of work")
    with pytest.raises(SetupError, match="not a site that a build made"):
        publish(target, "one")
    assert found(target) == {"thesis.txt": b"years of work"}


def test_an_empty_folder_may_be_built_into(tmp_path):
    (tmp_path / "site").mkdir()
    publish(tmp_path / "site", "one")
    assert found(tmp_path / "site") == site("one")


def test_a_link_to_a_folder_stays_a_link(tmp_path):
    publish(tmp_path / "real", "one")
    (tmp_path / "site").symlink_to(tmp_path / "real")
    publish(tmp_path / "site", "two")
    assert (tmp_path / "site").is_symlink()
    assert found(tmp_path / "real") == site("two")

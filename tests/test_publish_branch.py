"""Publishing to a branch: what git gives back is the site, history is never rewritten."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import publishing
import pytest
from published_sites import mounted
from publishing import Commons, files, restored, two_sites


class Remote:
    """A bare repository that a host serves a branch of."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.words = f"git:{folder}#pages"
        subprocess.run(["git", "init", "-q", "--bare", str(folder)], check=True)

    def git(self, *words: str) -> str:
        line = ["git", "--git-dir", str(self.folder), *words]
        return subprocess.run(line, check=True, capture_output=True).stdout.decode()

    def served(self) -> dict[str, bytes]:
        """What a clone of the branch holds, but for what the host wants."""
        shutil.rmtree(self.folder / "clone", ignore_errors=True)
        line = ["git", "-c", "core.autocrlf=false", "clone", "-q", "--branch", "pages"]
        subprocess.run([*line, str(self.folder), str(self.folder / "clone")], check=True)
        held = files(self.folder / "clone")
        return {p: c for p, c in held.items() if p != ".nojekyll" and not p.startswith(".git/")}

    def record(self) -> dict[str, str]:
        return json.loads(self.git("show", "pages:build.json"))


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    return Remote(tmp_path / "remote.git")


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> tuple[Commons, Path, Path]:
    return two_sites(tmp_path_factory.mktemp("sites"))


def test_a_clone_of_the_branch_is_the_site_whatever_git_was_told(tmp_path, sites, remote):
    commons, old, new = sites
    home = tmp_path / "home"
    (home / "hooks").mkdir(parents=True)
    (home / "hooks/pre-push").write_text("#!/bin/sh\nexit 1\n")
    (home / "hooks/pre-push").chmod(0o755)
    (home / "ignored").write_text("*.html\n")
    (home / "attributes").write_text("* text eol=crlf filter=evil\n")
    (home / ".gitconfig").write_text(
        f"[core]\n autocrlf = true\n excludesFile = {home}/ignored\n safecrlf = true\n"
        f" hooksPath = {home}/hooks\n"
        f" attributesFile = {home}/attributes\n"
        '[filter "evil"]\n clean = echo evil\n[commit]\n gpgSign = true\n'
    )
    code, said = commons.publish(remote.words, "--site", old, "--first-publish", HOME=str(home))
    assert code == 0, said
    assert remote.served() == files(old)
    code, said = commons.publish(remote.words, "--site", new, HOME=str(home))
    assert code == 0, said
    assert remote.served() == files(new)
    assert remote.git("rev-list", "--count", "pages").strip() == "2"
    assert remote.git("show", "pages:.nojekyll") == ""


def test_a_domain_that_the_host_wrote_stays(tmp_path, sites, remote):
    commons, old, new = sites
    assert commons.publish(remote.words, "--site", old, "--first-publish")[0] == 0
    work = tmp_path / "work"
    run = ["git", "-C", str(work), "-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", "clone", "-qb", "pages", str(remote.folder), str(work)], check=True)
    (work / "CNAME").write_text("commons.example.org\n")
    subprocess.run([*run, "add", "CNAME"], check=True)
    subprocess.run([*run, "commit", "-qm", "Domain"], check=True)
    subprocess.run([*run, "push", "-q"], check=True)
    assert commons.publish(remote.words, "--site", new)[0] == 0
    assert remote.git("show", "pages:CNAME") == "commons.example.org\n"
    assert remote.git("rev-list", "--count", "pages").strip() == "3"


def test_older_work_is_refused_and_no_credentials_are_told(sites, remote):
    commons, old, new = sites
    assert commons.publish(remote.words, "--site", old, "--first-publish")[0] == 0
    assert commons.publish(remote.words, "--site", new)[0] == 0
    tip = remote.git("rev-parse", "pages")
    assert commons.publish(remote.words, "--site", old)[0] == 1
    assert remote.git("rev-parse", "pages") == tip
    code, said = commons.publish("git:http://ana:hunter2@127.0.0.1:9/x#pages", "--site", old)
    assert code == 2 and "hunter2" not in said and "Traceback" not in said


def test_a_killed_publish_leaves_one_site_or_the_other(tmp_path, sites, remote, full):
    commons, old, new = sites
    assert commons.publish(remote.words, "--site", old, "--first-publish")[0] == 0
    kept, times = tmp_path / "kept", 50 if full else 5
    shutil.copytree(remote.folder, kept, symlinks=True)
    counts = publishing.kill_at_random(
        lambda: commons.publishing(remote.words, "--site", new),
        lambda: restored(remote.folder, kept),
        remote.served,
        files(old),
        files(new),
        times=times,
    )
    assert counts.old + counts.new == times
    remote.git("fsck", "--strict")


def test_of_many_publishes_at_once_the_newest_commit_stays(tmp_path, remote, full):
    commons = Commons(tmp_path / "community")
    assert commons.publish(remote.words, "--first-publish")[0] == 0
    commits = publishing.raced(commons, tmp_path, remote.words, many=20 if full else 4)
    assert remote.record()["commit"] == commits[-1]
    published = remote.git("log", "--format=%s", "--reverse", "pages").split("\n")
    named = [line.removeprefix("Site of ") for line in published if line]
    # Each contains the one before: what was published went only forwards.
    assert [commit for commit in commits if commit in named] == named[1:], (commits, named)


def test_a_branch_that_holds_something_else_is_left_alone(sites, remote):
    commons, old, _ = sites
    push = ["push", "-q", str(remote.folder), "HEAD:refs/heads/pages"]
    commons.repository.git(*push)
    tip = remote.git("rev-parse", "pages")
    code, said = commons.publish(remote.words, "--site", old, "--first-publish")
    assert code == 2 and "holds something else" in said
    assert remote.git("rev-parse", "pages") == tip


def test_a_full_disk_leaves_the_old_site(tmp_path, sites):
    commons, old, new = sites
    disk = tmp_path / "disk"
    disk.mkdir()
    with mounted(disk, "30m"):
        remote = Remote(disk / "remote.git")
        assert commons.publish(remote.words, "--site", old, "--first-publish")[0] == 0
        before = remote.git("rev-parse", "pages")
        filler = disk / "filler"
        room = os.statvfs(disk)
        filler.write_bytes(b"x" * ((room.f_bavail - 2) * room.f_frsize))
        code, said = commons.publish(remote.words, "--site", new)
        assert code == 2 and "Traceback" not in said, said
        assert remote.git("rev-parse", "pages") == before
        filler.unlink()
        assert commons.publish(remote.words, "--site", new)[0] == 0

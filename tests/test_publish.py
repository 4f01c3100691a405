"""Publishing to a folder and over ssh: whole, never back in time, whatever happens on the way."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import publishing
import pytest
from published_sites import mounted
from publishing import Commons, Reader, files, known, restored, two_sites, watched

from judges import installed, servers
from townsquare import output


class Place:
    """A folder to publish to, under the words that lead there."""

    def __init__(self, folder: Path, words: str, variables: dict[str, str]) -> None:
        self.folder, self.words, self.variables = folder, words, variables

    def served(self) -> dict[str, bytes]:
        return files(self.folder / "current")

    def settled(self) -> dict[str, bytes]:
        """What readers get once the other machine, too, has ended what was begun."""
        with output.locked(self.folder / "releases", waiting=60):
            return self.served()

    def record(self) -> dict[str, str]:
        return json.loads((self.folder / "current/build.json").read_bytes())


@pytest.fixture(scope="module")
def ssh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, str]]:
    installed.program("rsync")
    with servers.sshd(tmp_path_factory.mktemp("ssh") / "sshd") as reached:
        yield reached


@pytest.fixture(params=["folder", "ssh"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    folder = tmp_path / "srv it's" / "site"
    if request.param == "folder":
        return Place(folder, str(folder), {})
    port, shell = request.getfixturevalue("ssh")
    words = f"ssh://127.0.0.1:{port}{str(folder).replace(' ', '%20')}"
    return Place(folder, words, {"RSYNC_RSH": shell})


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> tuple[Commons, Path, Path]:
    return two_sites(tmp_path_factory.mktemp("sites"))


def published(commons: Commons, place: Place, *options: str | Path) -> str:
    code, said = commons.publish(place.words, *options, **place.variables)
    assert code == 0, said
    return said


def refused(commons: Commons, place: Place, *options: str | Path, code: int = 1) -> str:
    before = place.served()
    found, said = commons.publish(place.words, *options, **place.variables)
    assert found == code, said
    assert place.served() == before
    return said


def test_a_publish_builds_from_what_readers_hold(tmp_path, place):
    commons = Commons(tmp_path / "community")
    assert "add `--first-publish`" in refused(commons, place, code=2)
    assert "files are new" in published(commons, place, "--first-publish")
    first = place.served()
    commit = commons.commit()
    assert "~ events/call/index.html" in published(commons, place)
    assert place.record()["commit"] == commit
    assert place.served()["events.ics"].count(b"SEQUENCE:1") == 1
    assert not (commons.root / "site").exists()
    names = sorted(
        each.name for each in (place.folder / "releases").iterdir() if each.name[0] != "."
    )
    assert [name.partition("-")[0] for name in names] == ["000001", "000002"]
    assert files(place.folder / "releases" / names[0]) == first
    modes = {file.stat().st_mode & 0o777 for file in place.folder.rglob("current/**/*")}
    assert modes <= {0o755, 0o644}


def test_a_dry_run_says_what_would_change_and_changes_nothing(sites, place):
    commons, old, new = sites
    published(commons, place, "--site", old, "--first-publish")
    before = files(place.folder)
    assert "+ blog/post-2/index.html" in refused(commons, place, "--site", new, "--dry-run", code=0)
    assert files(place.folder) == before


def test_older_work_never_takes_the_place_of_newer(sites, place):
    commons, old, new = sites
    published(commons, place, "--site", old, "--first-publish")
    published(commons, place, "--site", new)
    assert "which" in refused(commons, place, "--site", old)
    assert "does not grow from the live one" in refused(
        commons, place, "--site", old, "--allow-older"
    )


def test_what_loses_much_is_refused_unless_it_is_meant(tmp_path, place):
    commons = Commons(tmp_path / "community")
    for _ in range(3):
        commons.commit()
    published(commons, place, "--first-publish")
    commons.remove("events/call.md", *(f"content/blog/post-{n}.md" for n in (2, 3, 4)))
    # Removed pages stay as short pages that say so: nothing is lost by deleting entries.
    published(commons, place)
    assert b"noindex" in place.served()["blog/post-2/index.html"]


def test_uncommitted_work_is_not_published(tmp_path, place):
    commons = Commons(tmp_path / "community")
    published(commons, place, "--first-publish")
    (commons.root / "content/index.md").write_text("---\ntitle: Home\n---\nNot yet.\n")
    assert "commit or undo content/index.md" in refused(commons, place)


@pytest.mark.parametrize(
    "fault", ["changed", "missing", "foreign", "link", "preview", "unsearched"]
)
def test_a_site_that_is_not_whole_is_not_published(tmp_path, sites, fault):
    commons, old, new = sites
    place = Place(tmp_path / "site", str(tmp_path / "site"), {})
    published(commons, place, "--site", old, "--first-publish")
    broken = tmp_path / "broken"
    shutil.copytree(new, broken)
    code = 2
    if fault == "changed":
        (broken / "index.html").write_text("other")
    elif fault == "missing":
        (broken / "index.html").unlink()
    elif fault == "foreign":
        (broken / "evil.html").write_text("evil")
    elif fault == "link":
        (broken / "index.html").unlink()
        (broken / "index.html").symlink_to("/etc/passwd")
    else:
        how = ["--preview", "--search"] if fault == "preview" else []
        code, broken = 1, tmp_path / "again"
        line = ["build", "--root", commons.root, "--out", broken, "--previous", old, *how]
        assert publishing.ended(publishing.command(*line))[0] == 0
    refused(commons, place, "--site", broken, code=code)


def test_what_would_be_the_same_site_is_left_alone_until_a_change_falls_due(tmp_path):
    place = Place(tmp_path / "site", str(tmp_path / "site"), {})
    commons = Commons(tmp_path / "community")
    published(commons, place, "--first-publish", "--now", "2026-11-23T12:00:00Z")
    before = place.record()
    due = before["next_change"]
    early = published(commons, place, "--when-due", "--now", "2026-11-23T13:00:00Z")
    assert f"makes the same site until {due}" in early
    assert place.record() == before
    published(commons, place, "--when-due", "--now", due)
    assert place.record()["now"] == due
    commit = commons.commit()
    published(commons, place, "--when-due", "--now", due)
    assert place.record()["commit"] == commit


def test_a_preview_has_a_place_of_its_own(tmp_path):
    place = Place(tmp_path / "site", str(tmp_path / "site"), {})
    commons = Commons(tmp_path / "community")
    (commons.root / "content/blog/draft.md").write_text(
        "---\ntitle: For review\ndate: 2026-02-02\n---\nNot committed yet.\n"
    )
    published(commons, place, "--preview")
    assert place.served()["robots.txt"] == b"User-agent: *\nDisallow: /\n"
    assert b"Not committed yet." in place.served()["blog/draft/index.html"]
    commons.commit()
    published(commons, place, "--preview")
    assert "belongs to a preview" in refused(commons, place, code=2)
    shutil.rmtree(place.folder)
    published(commons, place, "--first-publish")
    assert "a place of its own" in refused(commons, place, "--preview")


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path, sites, place):
    commons, old, _ = sites
    place.folder.mkdir(parents=True)
    (place.folder / "thesis.txt").write_text("years of work")
    code, said = commons.publish(place.words, "--site", old, "--first-publish", **place.variables)
    assert (code, files(place.folder)) == (2, {"thesis.txt": b"years of work"})
    assert "holds something else" in said and "Traceback" not in said


def test_five_releases_are_kept_and_readers_can_be_taken_back(tmp_path, place):
    commons = Commons(tmp_path / "community")
    published(commons, place, "--first-publish")
    for n in range(7, 12):
        # Releases that were made before, as far as their names say.
        shutil.copytree(place.folder / "current", place.folder / f"releases/{n:06}-abc")
    for _ in range(2):
        commons.commit()
        published(commons, place)
    bad = place.record()["commit"]
    names = [each.name for each in (place.folder / "releases").glob("0*")]
    assert len(names) == 5
    sequence = place.served()["events.ics"].count(b"SEQUENCE:2")
    assert sequence == 1
    assert "again" in published(commons, place, "--rollback")
    assert place.record()["commit"] != bad
    assert "rolled back" in refused(commons, place)
    commons.commit()
    published(commons, place)
    # Revisions go on from the newest that anybody was given.
    assert place.served()["events.ics"].count(b"SEQUENCE:3") == 1


def test_nobody_to_roll_back_to_is_said(sites, place):
    commons, old, _ = sites
    published(commons, place, "--site", old, "--first-publish")
    assert "no release before" in refused(commons, place, "--rollback", code=2)


def test_a_publish_that_was_ended_before_its_last_step_is_done_again(sites, place):
    commons, old, new = sites
    published(commons, place, "--site", old, "--first-publish")
    first = (place.folder / "current").readlink()
    published(commons, place, "--site", new)
    # The release stands there whole, and readers do not get it yet.
    (place.folder / "current").unlink()
    (place.folder / "current").symlink_to(first)
    published(commons, place, "--site", new)
    assert place.served() == files(new)


def test_a_killed_publish_leaves_one_site_or_the_other(tmp_path, sites, place, full):
    commons, old, new = sites
    published(commons, place, "--site", old, "--first-publish")
    kept = tmp_path / "kept"
    shutil.copytree(place.folder, kept, symlinks=True)

    def begin() -> subprocess.Popen[bytes]:
        return commons.publishing(place.words, "--site", new, **place.variables)

    counts = publishing.kill_at_random(
        begin,
        lambda: restored(place.folder, kept),
        place.settled,
        files(old),
        files(new),
        times=50 if full else 5,
    )
    assert counts.old + counts.new == (50 if full else 5)
    names = {each.name for each in place.folder.iterdir()}
    assert names - {".releases.lock"} == {"current", "releases"}
    assert not (place.folder / "releases/.incoming").exists()


def test_a_reader_sees_one_site_or_the_other_and_no_gap(tmp_path, sites, place, full):
    commons, old, new = sites
    published(commons, place, "--site", old, "--first-publish")
    kept = tmp_path / "kept"
    shutil.copytree(place.folder, kept, symlinks=True)
    with (
        servers.nginx(place.folder / "current", tmp_path / "nginx") as address,
        watched(Reader(address, known(old, new))) as reader,
    ):
        for _ in range(20 if full else 3):
            published(commons, place, "--site", new)
            part, first = place.folder / "part", (kept / "current").readlink()
            part.symlink_to(first)
            part.replace(place.folder / "current")
            for later in (place.folder / "releases").glob("0*"):
                if later.name != first.name:
                    shutil.rmtree(later)
    assert reader.rounds > 20
    assert reader.faults == []


def test_of_many_publishes_at_once_the_newest_commit_stays(tmp_path, place, full):
    commons = Commons(tmp_path / "community")
    published(commons, place, "--first-publish")
    many = 20 if full else 4
    commits = publishing.raced(commons, tmp_path, place.words, many=many, **place.variables)
    assert place.record()["commit"] == commits[-1]
    ledgers = sorted((place.folder / "releases").glob("0*/events.ics"))
    revisions = [int(file.read_text().split("SEQUENCE:")[1].split()[0]) for file in ledgers]
    assert revisions == sorted(revisions)


def test_a_full_disk_leaves_the_old_site(tmp_path, sites):
    commons, old, new = sites
    disk = tmp_path / "disk"
    disk.mkdir()
    size = sum(len(content) for content in files(old).values()) * 2
    for share in (1.02, 1.2, 1.35):
        with mounted(disk, str(int(size * share))):
            place = Place(disk / "site", str(disk / "site"), {})
            published(commons, place, "--site", old, "--first-publish")
            filler = disk / "filler"
            room = os.statvfs(disk)
            filler.write_bytes(b"x" * max(0, (room.f_bavail - 12) * room.f_frsize))
            said = refused(commons, place, "--site", new, code=2)
            assert "Traceback" not in said and "No space left" in said
            filler.unlink()
            published(commons, place, "--site", new)
            assert place.served() == files(new)

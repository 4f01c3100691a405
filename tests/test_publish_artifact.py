"""Folders for hosts by the command: from the live site, whole or not at all."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import publishing
import pytest
from published_sites import mounted
from publishing import Commons, files, restored, two_sites

from judges import servers


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> tuple[Commons, Path, Path]:
    return two_sites(tmp_path_factory.mktemp("sites"))


def test_what_does_not_grow_from_the_live_site_is_refused(tmp_path, sites):
    commons, old, new = sites
    place = tmp_path / "public"
    with servers.nginx(new, tmp_path / "nginx") as live:
        assert commons.publish(f"pages:{place}", "--live", live, "--site", old)[0] == 1
        assert commons.publish(f"pages:{place}", "--site", new)[0] == 2
    code, said = commons.publish(f"pages:{place}", "--live", live, "--site", new)
    assert code == 2 and "cannot be read" in said and "Traceback" not in said
    assert not place.exists()


def test_what_readers_get_is_held_against_what_was_uploaded(tmp_path, sites):
    commons, old, new = sites
    place, shown = tmp_path / "public", tmp_path / "shown"
    shutil.copytree(old, shown)
    with servers.nginx(shown, tmp_path / "nginx") as live:
        assert commons.publish(f"netlify:{place}", "--live", live, "--site", new)[0] == 0
        words = (f"netlify:{place}", "--live", live, "--verify")
        waiting = commons.publishing(*words)
        while b"GET /build.json" not in (tmp_path / "nginx/access.log").read_bytes():
            time.sleep(0.05)
        assert waiting.poll() is None
        shutil.copytree(new, tmp_path / "next")
        shown.rename(tmp_path / "gone")
        (tmp_path / "next").rename(shown)
        code, said = publishing.ended(waiting)
        assert code == 0 and "readers get the site as of" in said, said
        (shown / "events.ics").write_bytes(b"BEGIN:VCALENDAR\r\n")
        code, said = commons.publish(*words)
        assert code == 2 and "shows events.ics otherwise than it was sent" in said
    assert commons.publish(tmp_path, "--live", live, "--verify")[0] == 2


def test_an_old_address_is_redirected_by_the_host(tmp_path):
    commons = Commons(tmp_path / "community")
    old = commons.built(tmp_path / "old", "--first-publish")
    moved = "---\ntitle: First\nid: first\ndate: 2026-01-05\n---\nThe first post.\n"
    (commons.root / "content/blog/first.md").unlink()
    commons.commit({"content/blog/renamed.md": moved})
    with servers.nginx(old, tmp_path / "nginx") as live:
        for host, mark in (("netlify", "301!"), ("cloudflare", "301")):
            place = tmp_path / host
            code, said = commons.publish(f"{host}:{place}", "--live", live)
            assert code == 0, said
            rules = (place / "_redirects").read_text()
            assert f"/blog/first/ /blog/renamed/ {mark}\n" in rules


def test_a_killed_publish_leaves_one_folder_or_the_other(tmp_path, sites, full):
    commons, old, new = sites
    place, kept, times = tmp_path / "public", tmp_path / "kept", 50 if full else 5
    assert commons.publish(f"pages:{place}", "--site", old, "--first-publish")[0] == 0
    shutil.copytree(place, kept)
    with servers.nginx(old, tmp_path / "nginx") as live:
        counts = publishing.kill_at_random(
            lambda: commons.publishing(f"pages:{place}", "--site", new, "--live", live),
            lambda: restored(place, kept),
            lambda: files(place),
            files(kept),
            files(new),
            times=times,
        )
    assert counts.old + counts.new == times
    assert not (place.parent / ".public.new").exists()


def test_a_full_disk_leaves_the_old_folder(tmp_path, sites):
    commons, old, new = sites
    disk, place = tmp_path / "disk", tmp_path / "disk/public"
    disk.mkdir()
    with mounted(disk, str(int(sum(map(len, files(old).values())) * 2.2))):
        assert commons.publish(f"pages:{place}", "--site", old, "--first-publish")[0] == 0
        before = files(place)
        with servers.nginx(old, tmp_path / "nginx") as live:
            code, said = commons.publish(f"pages:{place}", "--site", new, "--live", live)
        assert code == 2 and "No space left" in said and "Traceback" not in said
        assert files(place) == before

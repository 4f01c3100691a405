"""Folders for hosts: the site, what the host wants beside it, and headers that servers send."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import urllib.request
from pathlib import Path

import publishing
import pytest
from publishing import Commons, files, restored, two_sites

from judges import servers
from townsquare.publish import headers

BESIDE = {
    "pages": {".nojekyll"},
    "netlify": {"_headers", "_redirects"},
    "cloudflare": {"_headers", "_redirects"},
}


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> tuple[Commons, Path, Path]:
    return two_sites(tmp_path_factory.mktemp("sites"))


@pytest.mark.parametrize("host", BESIDE)
def test_the_folder_is_the_site_and_what_the_host_wants(tmp_path, sites, host):
    commons, old, new = sites
    place = tmp_path / "public"
    with servers.nginx(old, tmp_path / "nginx") as live:
        code, said = commons.publish(f"{host}:{place}", "--live", live, "--site", new)
    assert code == 0, said
    held = files(place)
    assert {path: held[path] for path in held.keys() - BESIDE[host]} == files(new)
    assert held.keys() - files(new).keys() == BESIDE[host]
    assert {each.stat().st_mode & 0o777 for each in place.rglob("*")} == {0o755, 0o644}
    # As GitHub's action packs it: nothing that would not unpack elsewhere.
    with tarfile.open(tmp_path / "artifact.tar", "w") as packed:
        packed.add(place, ".")
        assert all(each.isreg() or each.isdir() for each in packed.getmembers())


def test_what_does_not_grow_from_the_live_site_is_refused(tmp_path, sites):
    commons, old, new = sites
    place = tmp_path / "public"
    with servers.nginx(new, tmp_path / "nginx") as live:
        assert commons.publish(f"pages:{place}", "--live", live, "--site", old)[0] == 1
        assert commons.publish(f"pages:{place}", "--site", new)[0] == 2
    code, said = commons.publish(f"pages:{place}", "--live", live, "--site", new)
    assert code == 2 and "cannot be read" in said and "Traceback" not in said
    assert not place.exists()


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
            files(new) | {".nojekyll": b""},
            times=times,
        )
    assert counts.old + counts.new == times
    assert not (place.parent / ".public.new").exists()


@pytest.mark.skipif(os.getuid() != 0, reason="only root mounts a file system")
def test_a_full_disk_leaves_the_old_folder(tmp_path, sites):
    commons, old, new = sites
    disk, place = tmp_path / "disk", tmp_path / "disk/public"
    disk.mkdir()
    size = int(sum(map(len, files(old).values())) * 2.2)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)], check=True)
    try:
        assert commons.publish(f"pages:{place}", "--site", old, "--first-publish")[0] == 0
        before = files(place)
        with servers.nginx(old, tmp_path / "nginx") as live:
            code, said = commons.publish(f"pages:{place}", "--site", new, "--live", live)
        assert code == 2 and "No space left" in said and "Traceback" not in said
        assert files(place) == before
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize(
    ("path", "kind", "held"),
    [
        ("index.html", "text/html; charset=utf-8", headers.FRESH),
        ("rss.xml", "application/rss+xml; charset=utf-8", headers.FRESH),
        ("feeds/tags/a.xml", "application/atom+xml; charset=utf-8", headers.FRESH),
        ("sitemap.xml", "application/xml; charset=utf-8", headers.FRESH),
        ("calendars/events/a.ics", "text/calendar; charset=utf-8", headers.FRESH),
        ("feed.json", "application/feed+json; charset=utf-8", headers.FRESH),
        ("ledger.json", "application/json; charset=utf-8", headers.ALWAYS_ASKED),
        ("build.json", "application/json; charset=utf-8", headers.ALWAYS_ASKED),
        ("assets/stylesheets/main.57a0d79d.min.css", "text/css; charset=utf-8", headers.FIXED),
        ("assets/townsquare/scope.def722b1.js", "text/javascript; charset=utf-8", headers.FIXED),
        ("pagefind/fragment/en_2fa6740.pf_fragment", "application/octet-stream", headers.FIXED),
        ("content/photo.JPG", "image/jpeg", headers.FRESH),
    ],
)
def test_files_have_their_types_and_hold_as_long_as_they_may(path, kind, held):
    assert (headers.content_type(path), headers.cache_control(path)) == (kind, held)


def test_every_file_of_a_site_has_a_type(sites):
    _, old, _ = sites
    unknown = [p for p in files(old) if headers.content_type(p) == "application/octet-stream"]
    assert {path.split("/")[0] for path in unknown} <= {"pagefind", "SHA256SUMS"}


def test_pages_work_under_the_policy(tmp_path, sites, chromium):
    """Nothing that a page does is against the policy that hosts are told to send."""
    _, old, _ = sites
    more = " ".join(f'add_header {n} "{v}" always;' for n, v in headers.SECURITY.items())
    with servers.nginx(old, tmp_path / "nginx", more) as address:
        with urllib.request.urlopen(f"{address}/index.html") as answer:
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
        for path in ("", "blog/first/", "events/", "events/call/", "subscribe/", "search/?q=first"):
            with chromium.visit(f"{address}/{path}") as visit:
                visit.page.wait_for_load_state("networkidle")
                assert visit.console == [] and visit.failed == []
                if "?" in path:
                    visit.page.wait_for_selector("main a[href*='blog/first']")
